"""A post's text as a small set of hashes, by which like posts are found (Broder, 1997).

The least :data:`SIZE` of the hashes of all character trigrams; the share that two sketches have in
common estimates how much of their texts is the same (Jaccard).
"""

from __future__ import annotations

import base64

import numpy as np
from numpy.typing import NDArray

from screening.text.normalise import normalise, squeeze

SIZE = 128
GRAM = 3
#: texts of fewer letters say too little to be compared
SHORTEST = 30
_BASE = np.uint64(0x9E3779B97F4A7C15)
_MIXER = np.uint64(0xBF58476D1CE4E5B9)

Sketch = NDArray[np.uint32]


def sketch_of(text: str) -> Sketch:
    """Return the rising hashes of ``text``; none where it is too short."""
    codes = np.frombuffer(
        squeeze(normalise(text)).text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32
    ).astype(np.uint64)
    if len(codes) < SHORTEST:
        return np.zeros(0, dtype=np.uint32)
    with np.errstate(over="ignore"):
        grams = (codes[:-2] * _BASE + codes[1:-1]) * _BASE + codes[2:]
        grams ^= grams >> np.uint64(31)
        hashes = np.sort(((grams * _MIXER) >> np.uint64(32)).astype(np.uint32))
    distinct = np.append(True, hashes[1:] != hashes[:-1])
    least: Sketch = hashes[distinct][:SIZE]
    return least


def likeness(one: Sketch, other: Sketch) -> float:
    """Return the estimated share of trigrams in common, 0 to 1."""
    both = np.union1d(one, other)[:SIZE]
    shared = np.isin(both, one) & np.isin(both, other)
    return float(shared.mean()) if len(both) else 0.0


def pack(sketch: Sketch) -> str:
    """Return a sketch as text."""
    return base64.b64encode(sketch.astype("<u4").tobytes()).decode()


def unpack(text: str) -> Sketch:
    """Return the sketch that :func:`pack` wrote."""
    return np.frombuffer(base64.b64decode(text), dtype="<u4")
