"""A post's text as a small set of hashes, by which like posts are found (Broder, 1997).

The least :data:`SIZE` of the hashes of all character trigrams; the share that two sketches have in
common estimates how much of their texts is the same (Jaccard).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from screening.text.normalise import Normalised

SIZE = 128
#: texts of fewer letters say too little to be compared
SHORTEST = 30
#: fills the places of a shorter sketch; no hash is as high
EMPTY = 0xFFFFFFFF
_BASE = np.uint64(0x9E3779B97F4A7C15)
_MIXER = np.uint64(0xBF58476D1CE4E5B9)
_NEWLINE = ord("\n")

Sketch = NDArray[np.uint32]


def sketch_of(text: Normalised) -> Sketch:
    """Return the rising hashes of ``text``; none where it is too short."""
    codes = text.codes[~text.separators & (text.codes != _NEWLINE)].astype(np.uint64)
    if len(codes) < SHORTEST:
        return np.zeros(0, dtype=np.uint32)
    with np.errstate(over="ignore"):
        grams = (codes[:-2] * _BASE + codes[1:-1]) * _BASE + codes[2:]
        grams ^= grams >> np.uint64(31)
        hashes = np.sort(((grams * _MIXER) >> np.uint64(32)).astype(np.uint32))
    distinct = np.append(True, hashes[1:] != hashes[:-1]) & (hashes != EMPTY)
    least: Sketch = hashes[distinct][:SIZE]
    return least


def likeness(ones: Sketch, others: Sketch) -> NDArray[np.float64]:
    """Return the estimated share of trigrams in common, 0 to 1, of each row with the other's.

    Both are (pairs, SIZE), filled up with :data:`EMPTY`.
    """
    merged = np.sort(np.concatenate((ones, others), axis=1), axis=1)
    counted = merged != EMPTY
    first = counted.copy()
    first[:, 1:] &= merged[:, 1:] != merged[:, :-1]
    rank = np.cumsum(first, axis=1)
    shared = (counted & ~first & (rank <= SIZE)).sum(axis=1)
    least = np.minimum(rank[:, -1], SIZE)
    share: NDArray[np.float64] = shared / np.maximum(least, 1)
    return share


def pack(sketch: Sketch) -> bytes:
    """Return a sketch as bytes."""
    return sketch.astype("<u4").tobytes()


def unpack(packed: bytes) -> Sketch:
    """Return the sketch that :func:`pack` wrote, filled up to :data:`SIZE`."""
    found = np.full(SIZE, EMPTY, dtype=np.uint32)
    kept = np.frombuffer(packed, dtype="<u4")
    found[: len(kept)] = kept
    return found
