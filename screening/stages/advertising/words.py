"""Many words looked for in a stream at once, by rolling sums and tables, without a loop in Python.

A word is looked for where a table says that its first two characters (or its only one) stand, and
is there when the rolling sum of as many characters is its own: 64 bits, so that no two are mistaken
for each other.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from screening.text.normalise import Codes, codes_of

Places = NDArray[np.int64]

#: two tables of heads, for one character and for two, have 2 ** _HEAD_BITS entries each
_HEAD_BITS = 17
_PAIR_FACTOR = np.uint32(0x9E5)
_HEAD_MASK = np.uint32((1 << _HEAD_BITS) - 1)
_PAIRS = np.uint32(1 << _HEAD_BITS)
#: odd, so that no power of it is lost
_BASE = 0x9E3779B97F4A7C15


class WordTable:
    """Finds ``words``, not empty, each at most once in the list."""

    def __init__(self, words: Sequence[str]) -> None:
        self._powers = _powers(1 << 12)
        self._lengths = np.array([len(word) for word in words], dtype=np.int64)
        self._sums = np.array([self._sum(word) for word in words], dtype=np.uint64)
        slots = _slots(codes_of("".join(word[:2].ljust(2) for word in words)))
        slots = slots[:, 0::2][(self._lengths > 1).astype(int), np.arange(len(words))]
        self._order = np.argsort(slots, kind="stable")
        self._counts = np.bincount(slots, minlength=2 << _HEAD_BITS).astype(np.uint8)
        self._first = (np.cumsum(self._counts) - self._counts).astype(np.int32)

    def find(self, codes: Codes) -> tuple[Places, Places]:
        """Return where words stand in ``codes``, and which, numbered as they were given."""
        places, words = self._candidates(_slots(codes), len(codes))
        if len(codes) >= len(self._powers):
            self._powers = _powers(2 * len(codes))
        sums = np.zeros(len(codes) + 1, dtype=np.uint64)
        np.cumsum(codes * self._powers[: len(codes)], out=sums[1:])
        ends = places + self._lengths[words]
        ends[ends > len(codes)] = 0
        there = sums[ends] - sums[places] == self._sums[words] * self._powers[places]
        return places[there], words[there]

    def _candidates(self, slots: Codes, length: int) -> tuple[Places, Places]:
        """Return the places where words may begin, and which words those are."""
        flat = slots.ravel()
        worth = np.flatnonzero(self._counts[flat])
        heads = flat[worth]
        counts = self._counts[heads].astype(np.int64)
        ends = np.cumsum(counts)
        first = self._first[heads] - (ends - counts)
        words = self._order[np.repeat(first, counts) + np.arange(ends[-1] if len(ends) else 0)]
        return np.repeat(np.where(worth < length, worth, worth - length), counts), words

    def _sum(self, word: str) -> np.uint64:
        total: np.uint64 = (codes_of(word) * self._powers[: len(word)]).sum(dtype=np.uint64)
        return total


def _slots(codes: Codes) -> Codes:
    """Return for each place the slots of its character, and of its character and the next."""
    slots = np.empty((2, len(codes)), dtype=np.uint32)
    slots[0] = codes & _HEAD_MASK
    slots[1, :-1] = _PAIRS | (((codes[:-1] * _PAIR_FACTOR) ^ codes[1:]) & _HEAD_MASK)
    slots[1, -1:] = 0
    return slots


def _powers(count: int) -> NDArray[np.uint64]:
    """Return the first powers of the base, modulo 2 ** 64."""
    factors = np.full(count, _BASE, dtype=np.uint64)
    factors[0] = 1
    return np.cumprod(factors, dtype=np.uint64)
