"""Exact common runs of two texts: where the same characters stand in a row, in numpy.

A run is a row ``(first, second, length)`` of an int64 array: ``length`` equal codes from ``first``
in one text and from ``second`` in the other. Shared grams are looked up, then grams that follow
each other on one diagonal become one run.
"""

from __future__ import annotations

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from screening.text.normalise import Codes

#: shape (n, 3): where the run begins in the first text, in the second, and how long it is
Runs = NDArray[np.int64]

_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
#: bits of a hash by which grams that the other text cannot have are passed over
_TABLE_BITS = 16
_SHIFT = np.uint64(64 - _TABLE_BITS)
#: a gram that stands this often in the second text says nothing about what was copied
_COMMON = 12
#: of a diagonal and a place, in one number: bits for the place
_PLACE_BITS = 32


class Grams(Struct, frozen=True):
    """The grams of one text, ready to be looked for in others.

    ``hashes`` rise, each once; gram ``n`` begins at ``places[starts[n]:starts[n] + counts[n]]``.
    ``table`` is True for the upper bits that some hash has.
    """

    size: int
    hashes: NDArray[np.uint64]
    starts: NDArray[np.int64]
    counts: NDArray[np.int64]
    places: NDArray[np.int64]
    table: NDArray[np.bool_]

    @classmethod
    def of(cls, codes: Codes, size: int) -> Grams:
        """Read the grams of ``size`` codes each."""
        hashes = _hashes(codes, size)
        table = np.zeros(1 << _TABLE_BITS, dtype=np.bool_)
        table[hashes >> _SHIFT] = True
        places = np.argsort(hashes, kind="stable")
        ordered = hashes[places]
        first = np.ones(len(ordered), dtype=np.bool_)
        first[1:] = ordered[1:] != ordered[:-1]
        starts = np.flatnonzero(first)
        counts = np.append(starts[1:], len(ordered)) - starts if len(starts) else starts
        return cls(size, ordered[starts], starts, counts, places, table)

    def runs_in(self, second: Codes) -> Runs:
        """Return the runs of a gram or more, by place in this text, then in ``second``."""
        hashes = _hashes(second, self.size)
        j = np.flatnonzero(self.table[hashes >> _SHIFT])
        if not len(j):
            return np.zeros((0, 3), dtype=np.int64)
        grams = np.searchsorted(self.hashes, hashes[j])
        same = self.hashes.take(grams, mode="clip") == hashes[j]
        j, grams = j[same], grams[same]
        telling = np.bincount(grams)[grams] <= _COMMON
        j, grams = j[telling], grams[telling]
        counts = self.counts[grams]
        within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
        i = self.places[np.repeat(self.starts[grams], counts) + within]
        return _joined(i, np.repeat(j, counts), self.size)


def common_runs(first: Codes, second: Codes, gram: int) -> Runs:
    """Return the runs of at least ``gram`` equal codes, by place in ``first``, then ``second``."""
    return Grams.of(first, gram).runs_in(second)


def _hashes(codes: Codes, gram: int) -> NDArray[np.uint64]:
    """Hash every ``gram`` codes in a row; well spread in the upper bits."""
    count = max(0, len(codes) - gram + 1)
    wide = codes.astype(np.uint64)
    hashes = np.zeros(count, dtype=np.uint64)
    for place in range(gram):
        hashes += wide[place : place + count]
        hashes *= _MULTIPLIER
    hashes ^= hashes >> np.uint64(29)
    hashes *= _MULTIPLIER
    return hashes


def _joined(i: NDArray[np.int64], j: NDArray[np.int64], gram: int) -> Runs:
    """Join shared grams that follow each other on one diagonal."""
    if not len(i):
        return np.zeros((0, 3), dtype=np.int64)
    diagonal = np.sort(((i - j) << _PLACE_BITS) + i)
    begins = np.ones(len(diagonal), dtype=np.bool_)
    begins[1:] = diagonal[1:] != diagonal[:-1] + 1
    starts = np.flatnonzero(begins)
    lengths = np.append(starts[1:], len(diagonal)) - starts + gram - 1
    first = diagonal[starts] & ((1 << _PLACE_BITS) - 1)
    second = first - (diagonal[starts] >> _PLACE_BITS)
    runs = np.column_stack((first, second, lengths))
    return runs[np.lexsort((second, first))]
