"""Fingerprints: hashes of character 8-grams, thinned by winnowing (Schleimer et al., 2003).

Only letters and digits of the normalised text count, so width, case, traditional characters,
punctuation, spaces and line breaks make no difference. Of every ``WINDOW`` consecutive grams the
one with the least hash is kept, hence of any run of ``GUARANTEE`` characters that two texts share,
both keep at least two of the same fingerprints.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from screening.text.normalise import Codes, Normalised, Offsets, codes_of, normalise

Hashes = NDArray[np.uint64]

GRAM = 8
WINDOW = 14
#: two windows of grams that do not overlap
GUARANTEE = GRAM - 1 + 2 * WINDOW
#: fingerprints are hashes of so many bits
HASH_BITS = 48
#: raise when the same text no longer gives the same fingerprints
VERSION = 1

#: the base of the polynomial to the power of 1, 2, 4: what a gram of twice the width is joined by
_BASES = tuple(np.uint64(pow(0x9E3779B97F4A7C15, width, 1 << 64)) for width in (1, 2, 4))
_MIXERS = (
    (np.uint64(0xBF58476D1CE4E5B9), np.uint64(31)),
    (np.uint64(0x94D049BB133111EB), np.uint64(29)),
)
_DROPPED = np.uint64(64 - HASH_BITS)
_NONE = np.uint64(0)
#: what may stand between two sentences is no separator of normalised text, yet no letter either
_ENDS = codes_of("。!?;｡\n")


class Fingerprints(NamedTuple):
    """``hashes`` (48 bits each) and ``positions`` in the normalised text, by rising position."""

    hashes: Hashes
    positions: Offsets


class Batch(NamedTuple):
    """Fingerprints of many texts: ``texts`` says which text each is from, by rising number.

    ``letters`` counts each text's letters and digits; ``contents`` digests them (16 bytes each).
    """

    hashes: Hashes
    positions: Offsets
    texts: Offsets
    letters: Offsets
    contents: list[bytes]


def fingerprint(text: Normalised) -> Fingerprints:
    """Return the fingerprints of one normalised text."""
    stood = _letters(text)
    hashes = _hashes(text.codes[stood])
    kept = _winnow(hashes)
    return Fingerprints(hashes[kept], stood[kept])


def fingerprint_many(texts: Sequence[str]) -> Batch:
    """Return what :func:`fingerprint` returns for each of ``texts``, all in one pass."""
    whole = normalise("".join(texts))
    stood = _letters(whole)
    ends = np.cumsum([0, *map(len, texts)])
    starts = np.searchsorted(whole.offsets, ends)
    cuts = np.searchsorted(stood, starts)
    letters = whole.codes[stood]
    hashes = _hashes(letters)
    across = (cuts[1:-1, None] - np.arange(1, GRAM)).ravel()
    hashes[across[(across >= 0) & (across < len(hashes))]] = _NONE
    kept = _winnow(hashes)
    numbers = np.searchsorted(cuts, kept, side="right") - 1
    return Batch(
        hashes[kept],
        stood[kept] - starts[numbers],
        numbers,
        np.diff(cuts),
        _digests(letters, cuts),
    )


def _letters(text: Normalised) -> Offsets:
    """Return the positions of letters and digits."""
    codes = text.codes
    kept = ~text.separators
    for end in _ENDS:
        kept &= codes != end
    return np.flatnonzero(kept)


def _hashes(letters: Codes) -> Hashes:
    """Return a hash, never 0, for each gram of ``letters``: one for each place a gram begins."""
    if len(letters) < GRAM:
        return np.zeros(0, dtype=np.uint64)
    hashes: Hashes = letters.astype(np.uint64)
    for power, base in enumerate(_BASES):
        width = 1 << power
        joined = hashes[:-width] * base
        joined += hashes[width:]
        hashes = joined
    for mixer, shift in _MIXERS:
        hashes ^= hashes >> shift
        hashes *= mixer
    hashes >>= _DROPPED
    return np.maximum(hashes, np.uint64(1), out=hashes)


def _winnow(hashes: Hashes) -> Offsets:
    """Return where the least hash of some window stands; a window that holds 0 has none."""
    if len(hashes) < WINDOW:
        return np.zeros(0, dtype=np.int64)
    least = _sliding(np.minimum, hashes)
    padded = np.zeros(len(hashes) + WINDOW - 1, dtype=np.uint64)
    padded[WINDOW - 1 : WINDOW - 1 + len(least)] = least
    return np.flatnonzero((hashes == _sliding(np.maximum, padded)) & (hashes != _NONE))


def _sliding(operation: Callable[[Hashes, Hashes], Hashes], values: Hashes) -> Hashes:
    """Apply ``operation`` to each ``WINDOW`` consecutive values, by doubling."""
    width = 1
    while width < WINDOW:
        step = min(width, WINDOW - width)
        values = operation(values[:-step], values[step:])
        width += step
    return values


def _digests(letters: Codes, cuts: Offsets) -> list[bytes]:
    """Digest each text's letters; the lower half of a code point is enough to tell texts apart."""
    halves = memoryview(letters.astype("<u2").tobytes())
    return [
        hashlib.blake2b(halves[2 * start : 2 * end], digest_size=16).digest()
        for start, end in pairwise(cuts.tolist())
    ]
