"""Exact common runs of two texts: where the same characters stand in a row, in numpy.

A run is a row ``(first, second, length)`` of an int64 array: ``length`` equal codes from ``first``
in one text and from ``second`` in the other. Shared grams are looked up, then grams that follow
each other on one diagonal become one run.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from screening.text.normalise import Codes

#: shape (n, 3): where the run begins in the first text, in the second, and how long it is
Runs = NDArray[np.int64]

_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
#: bits of a hash by which grams that the other text cannot have are passed over
_TABLE_BITS = 18
#: a gram that stands this often in the second text says nothing about what was copied
_COMMON = 12


def common_runs(first: Codes, second: Codes, gram: int) -> Runs:
    """Return the runs of at least ``gram`` equal codes, by place in ``first``, then ``second``."""
    left, right = _hashes(first, gram), _hashes(second, gram)
    at_left, at_right = _present(left, right), _present(right, left)
    order = np.argsort(right[at_right], kind="stable")
    at_right = at_right[order]
    sought, sorted_right = left[at_left], right[at_right]
    low = np.searchsorted(sorted_right, sought, "left")
    counts = np.searchsorted(sorted_right, sought, "right") - low
    counts[counts > _COMMON] = 0
    i = np.repeat(at_left, counts)
    within = np.arange(len(i)) - np.repeat(np.cumsum(counts) - counts, counts)
    j = at_right[np.repeat(low, counts) + within]
    return _joined(i, j, gram)


def _hashes(codes: Codes, gram: int) -> NDArray[np.uint64]:
    """Hash every ``gram`` codes in a row; well spread in the upper bits."""
    count = max(0, len(codes) - gram + 1)
    wide = codes.astype(np.uint64)
    hashes = np.zeros(count, dtype=np.uint64)
    for place in range(gram):
        hashes = (hashes + wide[place : place + count]) * _MULTIPLIER
        hashes ^= hashes >> np.uint64(29)
    return hashes * _MULTIPLIER


def _present(hashes: NDArray[np.uint64], others: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Return where ``hashes`` may be among ``others``."""
    shift = np.uint64(64 - _TABLE_BITS)
    table = np.zeros(1 << _TABLE_BITS, dtype=np.bool_)
    table[others >> shift] = True
    return np.flatnonzero(table[hashes >> shift])


def _joined(i: NDArray[np.int64], j: NDArray[np.int64], gram: int) -> Runs:
    """Join shared grams that follow each other on one diagonal."""
    if not len(i):
        return np.zeros((0, 3), dtype=np.int64)
    order = np.lexsort((i, i - j))
    i, j = i[order], j[order]
    begins = np.ones(len(i), dtype=np.bool_)
    begins[1:] = (np.diff(i) != 1) | (np.diff(j) != 1)
    starts = np.flatnonzero(begins)
    lengths = np.diff(starts, append=len(i)) + gram - 1
    runs = np.column_stack((i[starts], j[starts], lengths))
    return runs[np.lexsort((runs[:, 1], runs[:, 0]))]
