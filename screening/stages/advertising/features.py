"""Numbers from text: hashed n-grams of a stream, and the segments that are scored.

A token is a character, or a run of digits or of Latin letters, whichever they are: numbers and
names must not be learnt. A segment's features are the n-grams of 1 to 3 tokens that begin in it and
have not stood in the draft before (a table of names says nothing a hundred times), divided by the
square root of their number, so that the weight of any segment is a difference of running sums.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from screening.text.normalise import Codes

#: a table of n-grams has 2 ** BITS slots
BITS = 20
#: tokens in the longest n-gram
ORDERS = 3
#: characters in a passage; a draft has passages when it is longer than one by a third
PASSAGES = (150, 400)

Slots = NDArray[np.int64]
Bounds = NDArray[np.int64]

_LONGER = 4 / 3
_SHIFT = np.uint32(32 - BITS)
_FACTOR, _STEP, _MIX = np.uint32(0x9E3779B1), np.uint32(0x85EBCA6B), np.uint32(0xC2B2AE35)
_DIGIT, _LETTER = np.uint32(ord("0")), np.uint32(ord("a"))


class Grams(Struct, frozen=True):
    """The n-grams of a stream's tokens: token ``i`` begins at stream ``starts[i]``.

    ``slots[n - 1][i]`` is the table slot of the n tokens from ``i`` on; it is n - 1 entries short.
    ``first[n - 1][i]`` is 1 where that slot comes for the first time, else 0.
    """

    starts: NDArray[np.int64]
    slots: tuple[Slots, ...]
    first: tuple[NDArray[np.bool_], ...]

    def tokens(self, bounds: Bounds) -> Bounds:
        """Return which tokens begin in each of ``bounds`` (stream positions), as [first, end)."""
        return np.searchsorted(self.starts, bounds)

    def weigh(self, table: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return the summed weight of the n-grams that begin at each token, each counted once."""
        return self._summed([table[found] * new for found, new in self._pairs()])

    @property
    def sizes(self) -> NDArray[np.float64]:
        """How many n-grams that begin at each token count."""
        return self._summed([new.astype(np.float32) for new in self.first])

    def _pairs(self) -> Iterator[tuple[Slots, NDArray[np.bool_]]]:
        return zip(self.slots, self.first, strict=True)

    def _summed(self, values: Sequence[NDArray[np.float32]]) -> NDArray[np.float64]:
        total = values[0].astype(np.float64)
        for order, found in enumerate(values[1:], 1):
            if len(found):
                total[:-order] += found
        return total


def grams_of(codes: Codes) -> Grams:
    """Cut a stream into tokens and find the slots of their n-grams."""
    digits = (codes >= _DIGIT) & (codes <= ord("9"))
    letters = (codes >= _LETTER) & (codes <= ord("z"))
    plain = np.where(digits, _DIGIT, np.where(letters, _LETTER, codes))
    runs = digits | letters
    begins = np.ones(len(codes), dtype=bool)
    begins[1:] = (plain[1:] != plain[:-1]) | ~runs[1:]
    starts = np.flatnonzero(begins)
    single = plain[starts] * _FACTOR
    rolled, found = single, []
    for order in range(ORDERS):
        if order and len(rolled):
            rolled = (rolled[:-1] ^ (rolled[:-1] >> np.uint32(15))) * _STEP + single[order:]
        mixed = (rolled ^ (rolled >> np.uint32(16))) * _MIX
        found.append((mixed >> _SHIFT).astype(np.int64))
    return Grams(starts, tuple(found), tuple(map(_first, found)))


def _first(found: Slots) -> NDArray[np.bool_]:
    """Tell where each slot comes for the first time."""
    order = np.arange(len(found), dtype=np.int32)
    seen = np.empty(1 << BITS, dtype=np.int32)
    seen[found[::-1]] = order[::-1]
    first: NDArray[np.bool_] = seen[found] == order
    return first


def segments(edges: Bounds) -> Bounds:
    """Return [start, end) of the whole stream, and of its passages if it is long enough for any.

    Passages begin at each of ``edges`` and run on to the edge behind their length, so that no
    sentence is cut. Shape (n, 2), the whole first.
    """
    last = int(edges[-1])
    found = [np.array([[0, last]], dtype=np.int64)]
    for size in PASSAGES:
        if last > size * _LONGER:
            found.append(_passages(edges, size))
    return np.concatenate(found)


def _passages(edges: Bounds, size: int) -> Bounds:
    """Return a passage from each edge, up to the first that reaches the end."""
    starts = edges[:-1]
    ends = edges[np.minimum(np.searchsorted(edges, starts + size), len(edges) - 1)]
    count = int(np.searchsorted(ends, edges[-1])) + 1
    return np.stack([starts[:count], ends[:count]], axis=1)
