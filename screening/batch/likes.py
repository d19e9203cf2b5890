"""Posts of one schedule that say the same: pairs by their sketches, in memory that stays small."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from screening.batch.sketch import EMPTY, SIZE, Sketch, likeness, unpack

#: shares of trigrams in common; of 1,242 pairs of real articles that share text and 189 with like
#: titles only, every verbatim pair lies above the first, every like-titled one below the second
SAME, REWORDED = 0.7, 0.3
#: the least hashes of a sketch by which candidates are found, and how many two must share: of two
#: texts that are REWORDED alike, 1 in 500 pairs shares fewer (binomial)
_LOOKED_AT, _FEWEST = 24, 2
#: a post is compared with so many that follow it under one hash; hundreds of copies of one text
#: are each told of some others, not of all
_NEIGHBOURS = 24
#: posts whose pairs are counted at a time, and pairs compared at a time
_BLOCK, _COMPARED = 16_384, 4_096

Pairs = NDArray[np.int32]


class Likes(Struct):
    """Who is like whom: ``others[starts[i]:starts[i + 1]]`` are like post ``i`` (from 0).

    ``same`` tells which of them are nearly the same. ``starts`` is (posts + 1,), int64.
    """

    starts: NDArray[np.int64]
    others: Pairs
    same: NDArray[np.bool_]

    def of(self, index: int) -> list[tuple[int, bool]]:
        """Return (other post, whether nearly the same), rising."""
        part = slice(int(self.starts[index]), int(self.starts[index + 1]))
        return [*zip(self.others[part].tolist(), self.same[part].tolist(), strict=True)]


class Sketches:
    """The sketches of all posts, in a file without a name."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the sketches
        self._count = 0

    def append(self, packed: bytes) -> None:
        """Add the sketch of the next post, as ``pack`` wrote it."""
        self._file.write(unpack(packed).tobytes())
        self._count += 1

    def likes(self) -> Likes:
        """Compare all posts."""
        self._file.flush()
        ones, others, shares = [], [], []
        for pairs in self._candidates():
            for start in range(0, len(pairs), _COMPARED):
                one, other = pairs[start : start + _COMPARED].T
                share = likeness(self._read(one), self._read(other))
                like = share >= REWORDED
                ones.append(one[like])
                others.append(other[like])
                shares.append(share[like])
        none = np.zeros(0, dtype=np.int32)
        return _gathered(
            self._count,
            np.concatenate([none, *ones]),
            np.concatenate([none, *others]),
            np.concatenate([np.zeros(0), *shares]),
        )

    def close(self) -> None:
        """Give the file back."""
        self._file.close()

    def _read(self, posts: Pairs) -> Sketch:
        whole = np.memmap(self._file, dtype=np.uint32, mode="r", shape=(self._count, SIZE))
        return np.asarray(whole[posts])

    def _candidates(self) -> Iterator[Pairs]:
        """Yield (one, other) of posts that share enough of their least hashes, in blocks."""
        keys = self._keys()
        for low in range(0, self._count, _BLOCK):
            yield _counted(keys, low, min(low + _BLOCK, self._count))

    def _keys(self) -> NDArray[np.uint64]:
        """Return hash and post as one number, for all hashes that are looked at, rising."""
        keys = np.empty(self._count * _LOOKED_AT, dtype=np.uint64)
        end = 0
        for low in range(0, self._count, _BLOCK):
            posts = np.arange(low, min(low + _BLOCK, self._count), dtype=np.int32)
            least = self._read(posts)[:, :_LOOKED_AT]
            owners = np.broadcast_to(posts[:, None], least.shape)
            packed = (least.astype(np.uint64) << np.uint64(32)) | owners.astype(np.uint64)
            packed = packed[least != EMPTY]
            keys[end : end + len(packed)] = packed
            end += len(packed)
        keys = keys[:end]
        keys.sort()
        return keys


def _counted(keys: NDArray[np.uint64], low: int, high: int) -> Pairs:
    """Return the pairs whose first post is in [low, high), as (pairs, 2)."""
    hashes = (keys >> np.uint64(32)).astype(np.uint32)
    owners = (keys & np.uint64(EMPTY)).astype(np.int32)
    left = np.flatnonzero((owners >= low) & (owners < high))
    found = []
    for step in range(1, _NEIGHBOURS + 1):
        left = left[left + step < len(keys)]
        left = left[hashes[left] == hashes[left + step]]
        if not len(left):
            break
        pair = owners[left].astype(np.int64) << 32 | owners[left + step]
        found.append(pair)
    if not found:
        return np.zeros((0, 2), dtype=np.int32)
    pairs, counts = np.unique(np.concatenate(found), return_counts=True)
    pairs = pairs[counts >= _FEWEST]
    return np.stack((pairs >> 32, pairs & EMPTY), axis=1).astype(np.int32)


def _gathered(count: int, ones: Pairs, others: Pairs, shares: NDArray[np.float64]) -> Likes:
    """Return each pair from both its sides, in order."""
    left, right = np.concatenate((ones, others)), np.concatenate((others, ones))
    same = np.tile(shares >= SAME, 2)
    order = np.lexsort((right, left))
    starts = np.searchsorted(left[order], np.arange(count + 1))
    return Likes(starts, right[order], same[order])
