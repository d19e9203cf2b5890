"""Every word that any rule looks for, and what each rule wants with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from screening.errors import RulesError
from screening.stages.lexicon.required import required_words
from screening.stages.lexicon.rules import (
    SPELLINGS,
    AnyRule,
    CooccurrenceRule,
    PatternRule,
    TermRule,
)
from screening.text.normalise import squeezed_key, squeezed_keys

Prefixes = NDArray[np.uint64]
Bits = NDArray[np.uint8]

#: triggers with this prefix are no words; see index.py
SPECIAL = "#"
#: bits of a character, and what spreads prefixes over all bits (2^64 by the golden ratio, odd)
_CHARACTER = 21
_SPREAD = np.uint64(0x9E3779B97F4A7C15)


class Use(NamedTuple):
    """The rule with this number looks for a word.

    ``group`` is its group in a co-occurrence. In a pattern 0 is what announces it, each further one
    a set of words of which a match needs one. ``spelling`` is the number of its kind in SPELLINGS.
    ``reach``: a pattern is concerned with so many characters on either side of the word; -1 where
    the word counts as such.
    """

    rule: int
    group: int = 0
    spelling: int = 0
    reach: int = -1


class Words(Struct, frozen=True):
    """All words in squeezed form, sorted.

    The uses of ``keys[i]`` are rows ``starts[i]`` to ``starts[i + 1]`` of ``uses``, each a
    :class:`Use`; ``prefixes[i]`` is the code of its first three characters, see
    :func:`prefix_codes`; prefixes rise as the keys do. ``parents[i]`` is the number of the longest
    other word that key ``i`` begins with, -1 if there is none.
    ``sieve`` has a bit for the hash of every prefix, see :func:`sieved`.
    ``needs[r]`` is how many groups of words rule ``r`` must see, 1 for plain terms.
    """

    keys: Sequence[str]
    starts: NDArray[np.int32]
    uses: NDArray[np.int32]
    prefixes: Prefixes
    parents: NDArray[np.int32]
    sieve: Bits
    needs: NDArray[np.int32]

    def uses_of(self, number: int) -> tuple[Use, ...]:
        """Return what the rules want with word ``number``."""
        rows = self.uses[self.starts[number] : self.starts[number + 1]].tolist()
        return tuple(Use(*row) for row in rows)


def index_words(rules: Sequence[AnyRule]) -> Words:
    """Return every word of ``rules`` once, squeezed, with its uses.

    Raises:
        RulesError: L002, a word has no letter, digit or character left to look for.
    """
    uses: dict[str, dict[Use, None]] = {}
    needs = np.ones(len(rules), dtype=np.int32)
    words = [(text, use) for number, rule in enumerate(rules) for text, use in _words(number, rule)]
    squeezed = squeezed_keys([text for text, _ in words])
    for (text, use), plain in zip(words, squeezed, strict=True):
        key = text if text.startswith(SPECIAL) else plain
        if not any(map(str.isalnum, key)):
            problem = f"“{text}”除去标点后没有内容"
            raise RulesError("L002", rule=rules[use.rule].id, problem=problem)
        uses.setdefault(key, {})[use] = None
        needs[use.rule] = max(needs[use.rule], use.group + 1)
    for number, rule in enumerate(rules):
        for key, kind in _spellings(rule):
            uses.setdefault(key, {})[Use(number, spelling=SPELLINGS.index(kind))] = None
    keys = sorted(uses)
    flat = [use for key in keys for use in uses[key]]
    prefixes = np.array([_prefix(key) for key in keys], dtype=np.uint64)
    return Words(
        keys,
        np.cumsum([0, *(len(uses[key]) for key in keys)], dtype=np.int32),
        np.array(flat, dtype=np.int32).reshape(-1, len(Use._fields)),
        prefixes,
        np.fromiter(_parents(keys), dtype=np.int32),
        _sieve(prefixes),
        needs,
    )


def prefix_codes(codes: NDArray[np.uint32]) -> tuple[Prefixes, Prefixes, Prefixes]:
    """Return the codes of each character of a text, of each two in a row and of each three.

    A code has 21 bits for a character, the first in the highest; what is missing is 0.
    """
    single = codes.astype(np.uint64) << np.uint64(2 * _CHARACTER)
    double = single[:-1] | (single[1:] >> np.uint64(_CHARACTER))
    return single, double, double[:-1] | (single[2:] >> np.uint64(2 * _CHARACTER))


def sieved(sieve: Bits, prefixes: Prefixes) -> NDArray[np.int64]:
    """Return where in ``prefixes`` those stand that words may begin with: all that do, few more."""
    places = _hashed(prefixes, len(sieve))
    bits = sieve[places >> 3] >> (places & 7).astype(np.uint8) & np.uint8(1)
    found: NDArray[np.int64] = bits.nonzero()[0]
    return found


def _sieve(prefixes: Prefixes) -> Bits:
    """Return the bits of :func:`sieved`, some sixteen of them for each of ``prefixes``."""
    size = 1 << max(1, len(prefixes)).bit_length() + 1
    bits = np.zeros(8 * size, dtype=np.uint8)
    bits[_hashed(prefixes, size)] = 1
    return np.packbits(bits, bitorder="little")


def _hashed(prefixes: Prefixes, size: int) -> NDArray[np.int64]:
    """Return a number below ``8 * size``, a power of two, for each of ``prefixes``."""
    shift = np.uint64(64 - (8 * size).bit_length() + 1)
    return ((prefixes * _SPREAD) >> shift).astype(np.int64)


def _prefix(key: str) -> int:
    first, second, third = (*map(ord, key[:3]), 0, 0)[:3]
    return (first << _CHARACTER | second) << _CHARACTER | third


def _parents(keys: Sequence[str]) -> Iterator[int]:
    """Yield for each of the sorted ``keys`` the number of the longest one that it begins with."""
    open_: list[int] = []
    for number, key in enumerate(keys):
        while open_ and not key.startswith(keys[open_[-1]]):
            open_.pop()
        yield open_[-1] if open_ else -1
        open_.append(number)


def _words(number: int, rule: AnyRule) -> Iterator[tuple[str, Use]]:
    if isinstance(rule, TermRule):
        yield from ((term, Use(number)) for term in rule.terms)
    elif isinstance(rule, PatternRule):
        yield from ((word, Use(number, reach=rule.window)) for word in rule.triggers)
        for group, (words, reach) in enumerate(_needed(rule), start=1):
            yield from ((word, Use(number, group, reach=reach)) for word in sorted(words))
    elif isinstance(rule, CooccurrenceRule):
        for group, choice in enumerate(rule.groups):
            yield from ((word, Use(number, group)) for word in choice)


def _needed(rule: PatternRule) -> Iterator[tuple[frozenset[str], int]]:
    """Yield sets of words of which a match needs one, and how far from its window that may be.

    What every trigger holds itself is no news.
    """
    if rule.raw:
        return
    expressions = ((rule.column, 0),) if rule.column else ((rule.regex, 0), *rule.near)
    for expression, reach in expressions:
        for words in required_words(expression.source):
            if not all(any(word in trigger for word in words) for trigger in rule.triggers):
                yield words, reach


def _spellings(rule: AnyRule) -> Iterator[tuple[str, str]]:
    """Yield the evasive spellings of the rule's first word, where it asks for them."""
    if isinstance(rule, TermRule) and rule.evasions:
        from screening.stages.lexicon.evasion import spellings  # noqa: PLC0415 - compiling only

        known = set(map(squeezed_key, rule.terms))
        for key, kind in spellings(squeezed_key(rule.terms[0]), rule.evasions):
            if key not in known:
                known.add(key)
                yield key, kind
