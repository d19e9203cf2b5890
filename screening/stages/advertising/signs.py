"""Signs of selling, and of the school's own business: words, each with its place.

What they are is data (data/advertising/signs.toml); a trained model carries the signs that it was
trained with, so that the two always fit.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, Literal, NamedTuple

import numpy as np
from msgspec import Struct, ValidationError, convert
from numpy.typing import NDArray

from screening.errors import RulesError
from screening.stages.advertising.stream import Part, Stream
from screening.text.normalise import Codes, codes_of, fold, squeezed_key

#: characters on each side of a guarded word in which its pattern is looked for
_AROUND = 40
#: the guarded "word" that stands for ten digits in a row
_DIGITS, _DIGIT_RUN = "#10", 10
#: characters by which words are looked up, and the size of the table that marks them
_HEAD, _PAIR_BITS = 2, 18
_PAIR_FACTOR = np.uint32(0x9E5)
#: pictographs that sellers decorate with: bangs, arrows, stars, and the emoji planes
_EMOJI = ((0x203C, 0x203C), (0x2757, 0x2757), (0x2B05, 0x2B50), (0x1F300, 0x1FAFF))


class Sign(Struct, frozen=True, forbid_unknown_fields=True):
    """One group of words that speak ``for`` advertising or ``against`` it.

    ``guarded`` maps words, symbols or "#10" to the pattern that must match around them; its group
    "hit", or all of it, is then the sign. ``contact`` marks ways to reach the seller; ``secret``
    ones are masked in everything that is shown.
    """

    id: str
    label: str
    direction: Literal["for", "against"]
    words: tuple[str, ...] = ()
    guarded: Mapping[str, str] = {}
    emoji: bool = False
    contact: bool = False
    secret: bool = False


class Hit(NamedTuple):
    """Sign number ``sign`` at stream ``[start, end)``."""

    start: int
    end: int
    sign: int


def signs_of(tables: Iterable[Mapping[str, Any]]) -> tuple[Sign, ...]:
    """Make signs from the tables of signs.toml, or from those that a model carries.

    Raises:
        RulesError: L007, a table does not describe a sign.
    """
    try:
        return convert(list(tables), tuple[Sign, ...])
    except ValidationError as error:
        raise RulesError("L007", kind="广告标志", problem=str(error)) from error


class SignFinder:
    """Finds all signs of a stream. ``names`` are those by which the school itself goes.

    A word is looked up by its first two characters, or its only one: a table of marked slots says
    where in the stream it is worth comparing.
    """

    def __init__(self, signs: Sequence[Sign], names: Sequence[str]) -> None:
        self.signs = tuple(signs)
        self._words: dict[str, list[tuple[str, int, str]]] = {}
        self._symbols: list[tuple[str, int, str]] = []
        self._numbers: list[tuple[int, str]] = []
        for number, sign in enumerate(signs):
            own = tuple(names) if sign.id == "school-self" else ()
            for word, pattern in [(w, "") for w in (*sign.words, *own)] + [*sign.guarded.items()]:
                self._add(number, word, pattern)
        self._pairs = np.zeros(1 << _PAIR_BITS, dtype=bool)
        heads = "".join(head for head in self._words if len(head) == _HEAD)
        self._pairs[_pair_slots(codes_of(heads))[::_HEAD]] = True
        self._singles = np.zeros(0x110000, dtype=bool)
        self._singles[codes_of("".join(head for head in self._words if len(head) == 1))] = True
        self._emoji = [number for number, sign in enumerate(signs) if sign.emoji]

    def _add(self, number: int, word: str, pattern: str) -> None:
        key = squeezed_key(word)
        if word == _DIGITS:
            self._numbers.append((number, pattern))
        elif not key:
            self._symbols.append((fold(word), number, pattern))
        else:
            self._words.setdefault(key[:_HEAD], []).append((key, number, pattern))

    def find(self, stream: Stream) -> list[Hit]:
        """Return the hits in the order of their places."""
        hits: set[Hit] = set(self._word_hits(stream))
        for part in stream.parts:
            hits.update(self._number_hits(part))
            hits.update(self._symbol_hits(part))
            if self._emoji and len(places := _emoji_places(part)):
                hits.update(Hit(at, at, number) for at in places for number in self._emoji)
        return sorted(hits)

    def _word_hits(self, stream: Stream) -> Iterator[Hit]:
        text = stream.text
        worth = self._singles[stream.codes]
        worth[:-1] |= self._pairs[_pair_slots(stream.codes)]
        for start in np.flatnonzero(worth).tolist():
            for head in (text[start], text[start : start + _HEAD]):
                for word, number, pattern in self._words.get(head, ()):
                    if not text.startswith(word, start):
                        continue
                    if not pattern:
                        yield Hit(start, start + len(word), number)
                    else:
                        part = stream.part(start)
                        place = int(part.positions[start - part.base])
                        yield from _guarded(part, place, number, pattern)

    def _number_hits(self, part: Part) -> Iterator[Hit]:
        codes = part.normalised.codes[part.positions]
        digits = np.flatnonzero((codes >= ord("0")) & (codes <= ord("9")))
        if len(digits) < _DIGIT_RUN:
            return
        first = digits[: 1 - _DIGIT_RUN]
        in_a_row = digits[_DIGIT_RUN - 1 :] - first < _DIGIT_RUN
        for place in part.positions[first[in_a_row]].tolist():
            for number, pattern in self._numbers:
                yield from _guarded(part, place, number, pattern)

    def _symbol_hits(self, part: Part) -> Iterator[Hit]:
        text = part.normalised.text
        for symbol, number, pattern in self._symbols:
            place = text.find(symbol)
            while place >= 0:
                yield from _guarded(part, place, number, pattern)
                place = text.find(symbol, place + 1)


def _pair_slots(codes: Codes) -> NDArray[np.uint32]:
    """Return a slot for each two characters that stand side by side."""
    return ((codes[:-1] * _PAIR_FACTOR) ^ codes[1:]) & np.uint32((1 << _PAIR_BITS) - 1)


def _guarded(part: Part, place: int, number: int, pattern: str) -> Iterator[Hit]:
    """Yield the match of ``pattern`` over normalised position ``place`` of a field."""
    low = max(0, place - _AROUND)
    for match in _compiled(pattern).finditer(part.normalised.text, low, place + _AROUND):
        if match.start() <= place < match.end():
            group = "hit" if "hit" in match.re.groupindex else 0
            start, end = np.searchsorted(part.positions, match.span(group)).tolist()
            yield Hit(part.base + start, part.base + end, number)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _emoji_places(part: Part) -> list[int]:
    """Return the stream positions before which a pictograph stands."""
    codes = part.normalised.codes
    flagged = np.zeros(len(codes), dtype=bool)
    for low, high in _EMOJI:
        flagged |= (codes >= low) & (codes <= high)
    places: list[int] = np.searchsorted(part.positions, np.flatnonzero(flagged)).tolist()
    return [part.base + place for place in places]
