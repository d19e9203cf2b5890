"""Words without which an expression cannot match, read from the expression itself.

An expression is tried only where such words stand: most windows around a trigger hold nothing else
of what its pattern asks for, and `regex` would look at every character of them to find that out.
The parser is the standard library's. What it cannot read of `regex`, and what may be anything in an
expression, gives no words: then the expression is tried wherever it is announced.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from itertools import chain
from re import _constants as code  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any, NamedTuple

from screening import resources
from screening.text.normalise import fold, squeezed_key

Words = frozenset[str]

#: texts that a part of an expression is written out as
_MOST_TEXTS = 64
#: words looked for on account of one part of an expression, and such parts of one expression
_MOST_WORDS, _MOST_PARTS = 400, 2
#: characters of ordinary text in which the words of a part may stand once on average
_RARE = 500
_NAMES = re.compile(r"\(\?P<\w+>")
_NOTHING: Words = frozenset([""])


class _Part(NamedTuple):
    """A part of an expression: all texts that it matches, if few; else sets of needed words."""

    texts: Words | None = None
    needed: tuple[Words, ...] = ()

    @property
    def offered(self) -> tuple[Words, ...]:
        """Sets of words of which one stands in whatever the part matches."""
        return self.needed if self.texts is None else (self.texts,)


@cache
def required_words(source: str) -> tuple[Words, ...]:
    """Return sets of words, the rarest first: each match of ``source`` holds a word of every set.

    The words are as they stand in squeezed text.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            parsed = parser.parse(_NAMES.sub("(?:", source))
    except (re.error, RecursionError, OverflowError, Warning):
        return ()
    if parsed.state.flags & re.IGNORECASE or parsed.state.flags & re.VERBOSE:
        return ()
    sets = {words for part in _sequence(parsed).offered if (words := _shortest(part))}
    rare = [words for words in sets if len(words) <= _MOST_WORDS and _share(words) <= 1 / _RARE]
    return tuple(sorted(rare, key=lambda words: (_share(words), sorted(words)))[:_MOST_PARTS])


def _sequence(items: Iterable[tuple[Any, Any]]) -> _Part:
    """Read parts that follow each other: texts are joined as long as they stay few."""
    needed: list[Words] = []
    texts, whole = _NOTHING, True
    for part in map(_read, items):
        if part.texts is not None and len(texts) * len(part.texts) <= _MOST_TEXTS:
            texts = frozenset([before + after for before in texts for after in part.texts])
        else:
            needed += [texts, *part.needed]
            texts, whole = part.texts or _NOTHING, False
    return _Part(texts) if whole else _Part(needed=(*needed, texts))


def _read(item: tuple[Any, Any]) -> _Part:
    """Read one part; a kind that is not known here may match anything."""
    kind, value = item
    read = _READERS.get(kind)
    return read(value) if read else _Part()


@cache
def _literal(codepoint: int) -> _Part:
    return _Part(_characters([codepoint]))


def _branches(value: Any) -> _Part:
    """Read either all texts of all branches, or one set with the rarest words of each branch."""
    parts = [_sequence(branch) for branch in value[1]]
    if all(part.texts is not None for part in parts):
        texts: Words = frozenset(chain.from_iterable(part.texts or () for part in parts))
        return _Part(texts) if len(texts) <= _MOST_TEXTS else _Part(needed=(texts,))
    chosen = [
        min(filter(None, map(_shortest, part.offered)), key=_share, default=None) for part in parts
    ]
    if None in chosen:
        return _Part()
    return _Part(needed=(frozenset(chain.from_iterable(words or () for words in chosen)),))


def _repeated(value: tuple[int, int, Any]) -> _Part:
    least, most, items = value
    part = _sequence(items)
    if least == most == 1:
        return part
    if part.texts == _NOTHING:
        return part
    if least:
        return _Part(needed=part.offered)
    return _Part(part.texts | _NOTHING) if most == 1 and part.texts is not None else _Part()


def _members(items: Iterable[tuple[Any, Any]]) -> list[int] | None:
    """Return the code points of a character class, or None where they are many or unknown."""
    codes: list[int] = []
    for kind, value in items:
        if kind is code.LITERAL:
            codes.append(value)
        elif kind is code.RANGE and value[1] - value[0] < _MOST_TEXTS:
            codes += range(value[0], value[1] + 1)
        else:
            return None
    return codes


def _characters(codes: list[int] | None) -> Words | None:
    """Return these characters as they stand in squeezed text, or None if that is not known."""
    if codes is None or len(codes) > _MOST_WORDS:
        return None
    squeezed = list(map(_squeezed, map(chr, codes)))
    return None if None in squeezed else frozenset(char for char in squeezed if char is not None)


@cache
def _squeezed(char: str) -> str | None:
    """Return "" for what may part a term's characters, None for what may be written otherwise.

    That is what normalisation changes, and digits, which some rules read in Chinese figures too.
    """
    return squeezed_key(char) if fold(char) == char and not char.isdigit() else None


#: how each kind of part is read; flags of its own make a group one that may match anything
_READERS: dict[Any, Callable[[Any], _Part]] = {
    code.LITERAL: _literal,
    code.IN: lambda value: _Part(_characters(_members(value))),
    code.BRANCH: _branches,
    code.SUBPATTERN: lambda value: _Part() if value[1] else _sequence(value[3]),
    code.ATOMIC_GROUP: _sequence,
    code.MAX_REPEAT: _repeated,
    code.MIN_REPEAT: _repeated,
    code.POSSESSIVE_REPEAT: _repeated,
    code.AT: lambda _: _Part(_NOTHING),
    code.ASSERT: lambda _: _Part(_NOTHING),
    code.ASSERT_NOT: lambda _: _Part(_NOTHING),
}


@cache
def _shortest(words: Words) -> Words:
    """Leave out words that hold another one; nothing is left where one says nothing."""
    if any(word.isascii() and len(word) < 2 for word in words):
        return frozenset()
    return frozenset(word for word in words if words.isdisjoint(_parts(word)))


def _parts(word: str) -> Iterator[str]:
    """Yield what stands within ``word`` and is shorter."""
    for size in range(1, len(word)):
        yield from (word[start : start + size] for start in range(len(word) - size + 1))


def _share(words: Words) -> float:
    """Return how often one of ``words`` begins in ordinary text, as a share of its characters."""
    return sum(map(_count, words)) / len(_sample())


@cache
def _count(word: str) -> int:
    return _sample().count(word)


@cache
def _sample() -> str:
    """Return the clean sample that is shipped, as rules see it."""
    return fold("\n".join(_texts()))


def _texts() -> Iterator[str]:
    for path in sorted((resources.folder("data") / "clean").glob("*.txt")):
        yield path.read_text("utf-8")
