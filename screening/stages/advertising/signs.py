"""Signs of selling, and of the school's own business: words, each with its place.

What they are is data (data/advertising/signs.toml); a trained model carries the signs that it was
trained with, so that the two always fit.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, Literal, NamedTuple

import numpy as np
from msgspec import Struct, ValidationError, convert

from screening.arrays import distinct
from screening.errors import RulesError
from screening.stages.advertising.words import Places, WordTable
from screening.text.characters import DIGIT, LETTER, PICTOGRAPH, Classes
from screening.text.normalise import fold, squeezed_keys
from screening.text.stream import Part, Stream

#: characters on each side of a guarded word in which its pattern is looked for
_AROUND = 40
#: the guarded "word" that stands for ten digits in a row
_DIGITS, _DIGIT_RUN = "#10", 10
#: a packed hit is its start, length (16 bits) and sign (8 bits)
_START, _LENGTH, _LENGTH_MASK, _SIGN_MASK = 24, 8, 0xFFFF, 0xFF
#: a numbered word has a digit or letter that many characters before or after its beginning
_BEFORE, _AFTER = 3, 8


class Sign(Struct, frozen=True, forbid_unknown_fields=True):
    """One group of words that speak ``for`` advertising or ``against`` it.

    ``guarded`` maps words, symbols or "#10" to the pattern that must match around them; its group
    "hit", or all of it, is then the sign. ``numbered`` does so with words whose pattern asks for a
    digit or letter near by. ``contact`` marks ways to reach whoever writes; ``secret`` ones are
    masked in everything that is shown. ``issuer`` marks the signature of an office of the school.
    """

    id: str
    label: str
    direction: Literal["for", "against"]
    words: tuple[str, ...] = ()
    guarded: Mapping[str, str] = {}
    numbered: Mapping[str, str] = {}
    emoji: bool = False
    contact: bool = False
    secret: bool = False
    issuer: bool = False

    @property
    def reaches(self) -> bool:
        """Whether it is a way to reach a seller, or to buy."""
        return (self.contact and self.direction == "for") or self.id in ("purchase", "shop-link")


class Hit(NamedTuple):
    """Sign number ``sign`` at stream ``[start, end)``."""

    start: int
    end: int
    sign: int


class Hits(Struct, frozen=True):
    """All signs of a stream in the order of their places, one number for each (see _packed)."""

    packed: Places

    def __iter__(self) -> Iterator[Hit]:
        """Yield each."""
        return map(Hit._make, zip(*(values.tolist() for values in self.columns()), strict=True))

    def __len__(self) -> int:
        """How many there are."""
        return len(self.packed)

    @property
    def starts(self) -> Places:
        """Where each begins."""
        return self.packed >> _START

    @property
    def signs(self) -> Places:
        """The number of each one's sign."""
        return self.packed & _SIGN_MASK

    def columns(self) -> tuple[Places, Places, Places]:
        """Return the starts, ends and signs."""
        return self.starts, self.starts + (self.packed >> _LENGTH & _LENGTH_MASK), self.signs

    def of(self, signs: Collection[int]) -> list[Hit]:
        """Return those of the signs with these numbers."""
        wanted = np.zeros(_SIGN_MASK + 1, dtype=np.bool_)
        wanted[list(signs)] = True
        chosen = wanted[self.signs]
        return list(Hits(self.packed[chosen])) if chosen.any() else []


#: normalised start and end of a match, and the number of its sign
_Found = tuple[int, int, int]


class _Use(NamedTuple):
    """What a word says: sign number ``sign``, where ``pattern`` matches around it."""

    sign: int
    pattern: str
    numbered: bool


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
    """Finds all signs of a stream. ``names`` are those by which the school itself goes."""

    def __init__(self, signs: Sequence[Sign], names: Sequence[str]) -> None:
        self.signs = tuple(signs)
        self._symbols: list[tuple[str, _Use]] = []
        self._numbers: list[_Use] = []
        self._emoji = [number for number, sign in enumerate(signs) if sign.emoji]
        found: dict[tuple[str, _Use], None] = {}
        words = list(_uses(signs, names))
        for (word, use), key in zip(words, squeezed_keys([word for word, _ in words]), strict=True):
            if word == _DIGITS:
                self._numbers.append(use)
            elif key:
                found[key, use] = None
            else:
                self._symbols.append((fold(word), use))
        keys = {key: number for number, key in enumerate(dict.fromkeys(key for key, _ in found))}
        self._table = WordTable(list(keys))
        self._lengths = np.array([len(key) for key in keys])
        self._meanings = _Meanings(keys, list(found))

    def find(self, stream: Stream) -> Hits:
        """Return the hits in the order of their places."""
        places, words = self._table.find(stream.codes)
        where, uses = self._meanings.of(words)
        places, words = places[where], words[where]
        guarded = self._meanings.guarded[uses]
        plain = ~guarded
        lengths, signs = self._lengths[words[plain]], self._meanings.signs[uses[plain]]
        found = [_packed(places[plain], lengths, signs)]
        places, uses = places[guarded], uses[guarded]
        for part in stream.parts:
            here = (places >= part.base) & (places < part.end)
            found += self._more(stream, part, places[here] - part.base, uses[here])
        return Hits(distinct(np.concatenate(found)))

    def _more(self, stream: Stream, part: Part, places: Places, uses: Places) -> Iterator[Places]:
        """Yield the hits in one field that are more than words."""
        classes = stream.classes[part.base : part.end]
        spans = [*self._words_at(part, classes, places, uses), *self._symbols_in(part)]
        for first, last in _digit_runs(part.positions, classes):
            for use in self._numbers:
                spans += _matches(part.normalised.text, first, last, use)
        if spans:
            found = np.array(spans)
            start, end = np.searchsorted(part.positions, found[:, :2].T)
            yield _packed(start + part.base, end - start, found[:, 2])
        if self._emoji and part.classes.size and part.classes.max() >= PICTOGRAPH:
            pictographs = np.flatnonzero(part.classes & PICTOGRAPH)
            at = np.searchsorted(part.positions, pictographs) + part.base
            for number in self._emoji:
                yield _packed(at, np.zeros_like(at), np.full_like(at, number))

    def _words_at(
        self, part: Part, classes: Classes, places: Places, uses: Places
    ) -> Iterator[_Found]:
        if not len(places):
            return
        text = part.normalised.text
        near = _near(classes & (DIGIT | LETTER), places)
        stood = part.positions[places].tolist()
        for place, number, numbers in zip(stood, uses.tolist(), near, strict=True):
            use = self._meanings.uses[number]
            if numbers or not use.numbered:
                yield from _matches(text, place, place, use)

    def _symbols_in(self, part: Part) -> Iterator[_Found]:
        text = part.normalised.text
        for symbol, use in self._symbols:
            place = text.find(symbol)
            while place >= 0:
                yield from _matches(text, place, place, use)
                place = text.find(symbol, place + 1)


class _Meanings:
    """What each word of a table says; a word may say several things."""

    def __init__(self, keys: Mapping[str, int], pairs: Sequence[tuple[str, _Use]]) -> None:
        ordered = sorted(pairs, key=lambda pair: keys[pair[0]])
        self.uses = [use for _, use in ordered]
        self.signs = np.array([use.sign for use in self.uses], dtype=np.int64)
        self.guarded = np.array([bool(use.pattern) for use in self.uses], dtype=bool)
        numbers = np.array([keys[key] for key, _ in ordered], dtype=np.int64)
        self._counts = np.bincount(numbers, minlength=len(keys))
        self._first = np.cumsum(self._counts) - self._counts

    def of(self, words: Places) -> tuple[Places, Places]:
        """Return for each meaning of ``words`` which of them it is of, and its number."""
        counts = self._counts[words]
        ends = np.cumsum(counts)
        where = np.repeat(np.arange(len(words)), counts)
        uses = np.arange(len(where)) + (self._first[words] - ends + counts)[where]
        return where, uses


def _packed(starts: Places, lengths: Places, signs: Places) -> Places:
    """Return one number for each hit; in their order they stand as the hits do."""
    packed: Places = (starts << _START) | (lengths << _LENGTH) | signs
    return packed


def _uses(signs: Sequence[Sign], names: Sequence[str]) -> Iterator[tuple[str, _Use]]:
    """Yield every word with what it says."""
    for number, sign in enumerate(signs):
        for word in (*sign.words, *(names if sign.id == "school-self" else ())):
            yield word, _Use(number, "", numbered=False)
        for word, pattern in sign.guarded.items():
            yield word, _Use(number, pattern, numbered=False)
        for word, pattern in sign.numbered.items():
            yield word, _Use(number, pattern, numbered=True)


def _near(marked: Classes, places: Places) -> list[bool]:
    """Tell for each place whether a marked character stands near it."""
    running = np.concatenate([[0], np.cumsum(marked != 0)])
    low, high = np.maximum(places - _BEFORE, 0), np.minimum(places + _AFTER, len(marked))
    found: list[bool] = (running[high] > running[low]).tolist()
    return found


def _digit_runs(positions: Places, classes: Classes) -> Iterator[tuple[int, int]]:
    """Yield the first and the last place at which ten digits in a row begin."""
    digits = np.flatnonzero(classes & DIGIT)
    first = digits[: max(len(digits) - _DIGIT_RUN + 1, 0)]
    begun = first[digits[_DIGIT_RUN - 1 :] - first < _DIGIT_RUN]
    if not len(begun):
        return
    for run in np.split(begun, np.flatnonzero(np.diff(begun) > 1) + 1):
        yield int(positions[run[0]]), int(positions[run[-1]])


def _matches(text: str, first: int, last: int, use: _Use) -> Iterator[_Found]:
    """Yield the matches of a use's pattern over any of normalised positions first to last."""
    pattern = _compiled(use.pattern)
    for match in pattern.finditer(text, max(0, first - _AROUND), last + _AROUND):
        start, end = match.span()
        if start > last:
            return
        if first < end:
            if "hit" in pattern.groupindex:
                start, end = match.span("hit")
            yield start, end, use.sign


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
