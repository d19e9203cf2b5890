"""Every word that any rule looks for, found in one pass by one automaton.

pyahocorasick searches a node's children one after the other, and a Chinese root has thousands of
them; over UTF-8 bytes read as Latin-1 there are at most 256. UTF-8 never matches misaligned.

Building the automaton of all words takes longer than screening a hundred drafts. So the first
texts get an automaton of only those words whose first two characters they contain.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import ahocorasick
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from screening.arrays import distinct
from screening.errors import RulesError
from screening.stages.lexicon.field import FieldText
from screening.stages.lexicon.rules import (
    SPELLINGS,
    AnyRule,
    CooccurrenceRule,
    PatternRule,
    TermRule,
)
from screening.text.normalise import codes_of, squeezed_key, squeezed_keys

Prefixes = NDArray[np.uint64]

#: triggers with this prefix are no words; see patterns.py
SPECIAL = "#"
#: more groups than any co-occurrence has
_GROUPS = 64
#: characters read with partial automata before the whole one is built
_FEW = 50_000


class Use(NamedTuple):
    """The rule with this number looks for a word.

    ``group`` is its group in a co-occurrence, ``spelling`` the number of its kind in SPELLINGS.
    """

    rule: int
    group: int = 0
    spelling: int = 0


class Words(Struct, frozen=True):
    """All words in squeezed form, sorted.

    ``keys[i]`` has ``lengths[i]`` characters; its uses are rows ``starts[i]`` to ``starts[i + 1]``
    of ``uses``, each a :class:`Use`; ``prefixes[i]`` is the code of its first two characters, see
    :func:`_prefix`; prefixes rise as the keys do.
    ``needs[r]`` is how many groups of words rule ``r`` must see: 1 but for co-occurrences.
    ``reach[r]`` is how far around its triggers pattern ``r`` is searched, -1 for other rules.
    """

    keys: Sequence[str]
    lengths: NDArray[np.int64]
    starts: NDArray[np.int32]
    uses: NDArray[np.int32]
    prefixes: Prefixes
    needs: NDArray[np.int32]
    reach: NDArray[np.int32]

    def uses_of(self, words: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        """Return the uses of ``words``, each as the place in ``words`` and the row of ``uses``.

        A co-occurrence that lacks a group is no concern of any word: most words of most texts
        fall away here, before anything is done for each of their occurrences.
        """
        lengths = self.starts[words + 1] - self.starts[words]
        first = np.repeat(self.starts[words] - np.cumsum(lengths) + lengths, lengths)
        rows = self.uses[first + np.arange(len(first))]
        rules = rows[:, 0]
        seen = distinct(rules.astype(np.int64) * _GROUPS + rows[:, 1]) // _GROUPS
        live = (np.bincount(seen, minlength=len(self.needs)) >= self.needs)[rules]
        return np.repeat(np.arange(len(words)), lengths)[live], rows[live]


class Hit(NamedTuple):
    """The word ``key`` at ``[start, end)`` of the normalised text, ``at`` in the squeezed one."""

    key: str
    use: Use
    start: int
    end: int
    at: int

    @property
    def parted(self) -> bool:
        """Tell whether something stands between the word's characters."""
        return self.end - self.start > len(self.key)


class Occurrences(NamedTuple):
    """What one field holds: ``hits`` of words that count, in order of their ends.

    ``windows`` are the bounds that the triggers of each pattern, by number, open around them.
    """

    hits: Sequence[Hit]
    windows: Mapping[int, list[tuple[int, int]]]


def index_words(rules: Sequence[AnyRule]) -> Words:
    """Return every word of ``rules`` once, squeezed, with its uses.

    Raises:
        RulesError: L002, a word has no letter, digit or character left to look for.
    """
    uses: dict[str, dict[Use, None]] = {}
    words = [(n, text, group) for n, rule in enumerate(rules) for text, group in _words(rule)]
    squeezed = squeezed_keys([text for _, text, _ in words])
    for (number, text, group), key in zip(words, squeezed, strict=True):
        if not any(map(str.isalnum, key)):
            problem = f"“{text}”除去标点后没有内容"
            raise RulesError("L002", rule=rules[number].id, problem=problem)
        uses.setdefault(key, {})[Use(number, group)] = None
    for number, rule in enumerate(rules):
        for key, kind in _spellings(rule):
            uses.setdefault(key, {})[Use(number, spelling=SPELLINGS.index(kind))] = None
    keys = sorted(uses)
    prefixes = np.array([_prefix(key) for key in keys], dtype=np.uint64)
    flat = np.array([use for key in keys for use in uses[key]], dtype=np.int32).reshape(
        -1, len(Use._fields)
    )
    starts = np.cumsum([0, *(len(uses[key]) for key in keys)], dtype=np.int32)
    needs = [len(rule.groups) if isinstance(rule, CooccurrenceRule) else 1 for rule in rules]
    reach = [rule.window if isinstance(rule, PatternRule) else -1 for rule in rules]
    return Words(
        keys,
        np.array([len(key) for key in keys], dtype=np.int64),
        starts,
        flat,
        prefixes,
        np.array(needs, dtype=np.int32),
        np.array(reach, dtype=np.int32),
    )


class WordIndex:
    """Finds all of ``words`` in one pass over a field."""

    def __init__(self, words: Words) -> None:
        self._words = words
        self._whole: Any = None
        self._read = 0

    def find(self, field: FieldText) -> Occurrences:
        """Return every allowed occurrence of every word in ``field``."""
        automaton = self._automaton(field.squeezed.text)
        found = list(automaton.iter(field.encoded.decode("latin-1"))) if len(automaton) else []
        if not found:
            return Occurrences((), {})
        last_bytes, numbers = np.array(found).T
        ends = field.characters[last_bytes] + 1
        begins = ends - self._words.lengths[numbers]
        kept = field.placed(begins, ends)
        places, uses = self._words.uses_of(numbers[kept])
        found_at = np.stack([numbers[kept], begins[kept], ends[kept]])[:, places]
        return self._sorted_out(field, found_at, uses)

    def _sorted_out(
        self, field: FieldText, found_at: NDArray[np.int64], uses: NDArray[np.int32]
    ) -> Occurrences:
        """Part the triggers of patterns, most of what is found, from words that count as such."""
        positions = field.squeezed.positions
        starts, ends = positions[found_at[1]], positions[found_at[2] - 1] + 1
        reach = self._words.reach[uses[:, 0]]
        triggers = reach >= 0
        windows: dict[int, list[tuple[int, int]]] = {}
        lows = np.maximum(starts - reach, 0)[triggers].tolist()
        highs = (ends + reach)[triggers].tolist()
        for rule, low, high in zip(uses[triggers, 0].tolist(), lows, highs, strict=True):
            windows.setdefault(rule, []).append((low, high))
        words = np.flatnonzero(~triggers)
        rows = zip(
            found_at[0, words].tolist(),
            uses[words].tolist(),
            starts[words].tolist(),
            ends[words].tolist(),
            found_at[1, words].tolist(),
            strict=True,
        )
        keys = self._words.keys
        hits = [Hit(keys[number], Use(*use), *place) for number, use, *place in rows]
        return Occurrences(hits, windows)

    def _automaton(self, text: str) -> Any:
        if self._whole is None:
            self._read += len(text)
            if self._read <= _FEW:
                return self._build(self._beginning_in(text))
            self._whole = self._build(range(len(self._words.keys)))
        return self._whole

    def _beginning_in(self, text: str) -> list[int]:
        """Return the numbers of the words whose first two characters stand in ``text``."""
        codes = codes_of(text)
        singles = codes.astype(np.uint64) << np.uint64(32)
        wanted = distinct(np.concatenate([singles[:-1] | codes[1:], singles]))
        first = np.searchsorted(self._words.prefixes, wanted, "left")
        last = np.searchsorted(self._words.prefixes, wanted, "right")
        ranges = zip(first.tolist(), last.tolist(), strict=True)
        return [number for low, high in ranges for number in range(low, high)]

    def _build(self, numbers: Sequence[int]) -> Any:
        automaton = ahocorasick.Automaton(ahocorasick.STORE_INTS)
        for number in numbers:
            key = self._words.keys[number].encode("utf-8", "surrogatepass")
            automaton.add_word(key.decode("latin-1"), number)
        automaton.make_automaton()
        return automaton


def _prefix(key: str) -> int:
    """Return the first character in the high half, the second (0 if there is none) in the low."""
    return ord(key[0]) << 32 | (ord(key[1]) if len(key) > 1 else 0)


def _words(rule: AnyRule) -> Iterator[tuple[str, int]]:
    if isinstance(rule, TermRule):
        yield from ((term, 0) for term in rule.terms)
    elif isinstance(rule, PatternRule):
        yield from ((word, 0) for word in rule.triggers if not word.startswith(SPECIAL))
    elif isinstance(rule, CooccurrenceRule):
        for number, group in enumerate(rule.groups):
            yield from ((word, number) for word in group)


def _spellings(rule: AnyRule) -> Iterator[tuple[str, str]]:
    """Yield the evasive spellings of the rule's first word, where it asks for them."""
    if isinstance(rule, TermRule) and rule.evasions:
        from screening.stages.lexicon.evasion import spellings  # noqa: PLC0415 - compiling only

        known = set(map(squeezed_key, rule.terms))
        for key, kind in spellings(squeezed_key(rule.terms[0]), rule.evasions):
            if key not in known:
                known.add(key)
                yield key, kind
