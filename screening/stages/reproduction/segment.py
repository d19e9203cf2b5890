"""One segment of the index: an immutable file of sorted fingerprints, mapped into memory.

Little-endian uint32 behind a header: the low 32 bits of each hash, by rising hash and work; in the
same order work and position in the work's normalised text; then a directory: where the hashes of
each bucket, the top ``bits`` bits of a hash, begin. So a look-up touches one place of the directory
and one of the hashes, and of the works only what it finds.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryFile
from typing import NamedTuple

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from screening.errors import StoreError
from screening.stages.reproduction.fingerprints import HASH_BITS, Hashes
from screening.stages.reproduction.mapping import Mapped

Column = NDArray[np.uint32]

#: a fingerprint of more works than this is a stock phrase
STOCK = 16

_HEADER = struct.Struct("<8sIIQ")
_MAGIC = b"screenwk"
#: of a segment's file; raise with its layout
FORMAT = 2
_REST_BITS = 32
_REST = np.uint64((1 << _REST_BITS) - 1)
_LEAST_BITS = HASH_BITS - _REST_BITS
_MOST_BITS = 28
#: rows to a bucket, at most, on average
_BUCKET = 8
#: rows merged at a time
_CHUNK = 1 << 20
#: bytes copied at a time
_COPIED = 1 << 20
_WIDTH = 3
_ROW_BYTES = 4 * _WIDTH


class Hits(NamedTuple):
    """Rows found: the number of the hash asked for, the work's number, the position in it."""

    asked: NDArray[np.int64]
    works: NDArray[np.int64]
    positions: NDArray[np.int64]


class Postings(NamedTuple):
    """Fingerprints of works, one work after the other: three arrays of one length."""

    hashes: Hashes
    works: NDArray[np.uint32]
    positions: NDArray[np.uint32]

    def of(self, chosen: NDArray[np.bool_] | NDArray[np.int64]) -> Postings:
        """Return the chosen ones, by mask or in the order of places."""
        return Postings(self.hashes[chosen], self.works[chosen], self.positions[chosen])


class Segment(Struct, frozen=True):
    """A mapped segment of ``n`` fingerprints, by rising hash and work.

    ``rests`` holds the low 32 bits of each hash, ``rows`` has shape ``(n, 2)``: work and position;
    ``directory`` has 2**bits + 1 entries.
    """

    path: Path
    bits: int
    rests: Column
    rows: Column
    directory: Column
    mapped: Mapped

    def __len__(self) -> int:
        return len(self.rests)

    def find(self, hashes: Hashes) -> Hits:
        """Return the rows of ``hashes``, by rising number of the hash."""
        count = len(self.rests)
        buckets = (hashes >> np.uint64(HASH_BITS - self.bits)).astype(np.int64)
        cold = self.mapped.fetch(_HEADER.size + (_ROW_BYTES * count + 4 * buckets), 8)
        lows = self.directory[buckets].astype(np.int64)
        counts = self.directory[buckets + 1] - lows
        cold |= self.mapped.fetch(_HEADER.size + 4 * lows, 4 * _BUCKET)
        if counts.min(initial=0) < 0 or counts.max(initial=0) > count:
            raise damaged(self.path)
        asked = np.repeat(np.arange(len(hashes)), counts)
        places = np.arange(len(asked)) + (lows + counts - np.cumsum(counts))[asked]
        sought = (hashes & _REST).astype(np.uint32)[asked]
        same = np.flatnonzero(self.rests.take(places, mode="clip") == sought)
        places = places[same]
        if cold:
            self.mapped.fetch(_HEADER.size + 4 * count + 8 * places, 8)
        found = self.rows.take(places, axis=0, mode="clip").astype(np.int64)
        return Hits(asked[same], found[:, 0], found[:, 1])

    def part(self, low: int, high: int) -> Postings:
        """Return the postings whose hashes begin with ``low`` to ``high`` (half-open, 16 bits)."""
        step = self.bits - _LEAST_BITS
        starts = self.directory[low << step : (high << step) + 1].astype(np.int64)
        chosen = slice(starts[0], starts[-1])
        tops = np.repeat(np.arange(low << step, high << step) >> step, np.diff(starts))
        hashes = (tops.astype(np.uint64) << np.uint64(_REST_BITS)) | self.rests[chosen]
        rows = self.rows[chosen]
        return Postings(hashes, rows[:, 0], rows[:, 1])


def open_segment(path: Path) -> Segment:
    """Map the segment at ``path``; nothing but its header is read.

    Raises:
        StoreError: W001, it is not whole.
        FileNotFoundError: somebody merged it meanwhile.
    """
    try:
        mapped = Mapped(path)
    except ValueError as error:
        raise damaged(path) from error
    size = len(mapped.memory)
    if size < _HEADER.size:
        raise damaged(path)
    magic, form, bits, count = _HEADER.unpack_from(mapped.memory)
    known = magic == _MAGIC and form == FORMAT and _LEAST_BITS <= bits <= _MOST_BITS
    if not known or size != _HEADER.size + _ROW_BYTES * count + 4 * ((1 << bits) + 1):
        raise damaged(path)
    values = np.frombuffer(mapped.memory, dtype="<u4", offset=_HEADER.size)
    rests, rows, directory = np.split(values, (count, _WIDTH * count))
    return Segment(path, bits, rests, rows.reshape(-1, _WIDTH - 1), directory, mapped)


def write_segment(path: Path, postings: Postings) -> int:
    """Write postings of new works, at least one, as a segment; return its number of rows."""
    return _write(path, [_ordered(postings)], len(postings.hashes))


def merge_segments(
    path: Path, segments: Sequence[Segment], alive: NDArray[np.bool_] | None = None
) -> int:
    """Write one segment in place of ``segments``; ``alive[work]`` says which works to keep."""
    total = sum(len(segment) for segment in segments)
    parts = max(1, min(1 << _LEAST_BITS, -(-total // _CHUNK)))
    bounds = np.linspace(0, 1 << _LEAST_BITS, parts + 1).astype(np.int64).tolist()
    merged = (_merged(segments, low, high, alive) for low, high in pairwise(bounds))
    return _write(path, merged, total)


def _merged(
    segments: Sequence[Segment], low: int, high: int, alive: NDArray[np.bool_] | None
) -> Postings:
    parts = [segment.part(low, high) for segment in segments]
    whole = Postings(
        np.concatenate([part.hashes for part in parts]),
        np.concatenate([part.works for part in parts]),
        np.concatenate([part.positions for part in parts]),
    )
    return _ordered(whole if alive is None else whole.of(alive[whole.works]))


def _ordered(postings: Postings) -> Postings:
    """Sort by hash; keep one row a work, and of a stock phrase one row more than it may have.

    The rows of one work must stand together, by rising position.
    """
    ordered = postings.of(_order(postings.hashes))
    hashes, works = ordered.hashes, ordered.works
    first = np.ones(len(hashes), dtype=np.bool_)
    first[1:] = (hashes[1:] != hashes[:-1]) | (works[1:] != works[:-1])
    ordered = ordered.of(first)
    few = np.ones(len(ordered.hashes), dtype=np.bool_)
    few[STOCK + 1 :] = ordered.hashes[STOCK + 1 :] != ordered.hashes[: -STOCK - 1]
    return ordered.of(few)


def _order(hashes: Hashes) -> NDArray[np.int64]:
    """Return the places of ``hashes`` by rising hash, equal ones in the order they have.

    Hash and place are sorted as one number, ten times as fast as a stable sort of places; of a
    million hashes the four lowest bits do not count then, nor does it matter.
    """
    places = np.arange(len(hashes), dtype=np.uint64)
    width = np.uint64(max(1, len(hashes).bit_length()))
    spare = np.uint64(64 - HASH_BITS)
    joined = hashes << spare >> width << width if width > spare else hashes << width
    joined |= places
    joined.sort()
    return (joined & ((np.uint64(1) << width) - np.uint64(1))).astype(np.int64)


def _write(path: Path, parts: Sequence[Postings] | Iterator[Postings], most: int) -> int:
    """Write ordered parts one after the other; ``most`` rows at the utmost. Synced to disk."""
    bits = min(_MOST_BITS, max(_LEAST_BITS, (most // _BUCKET).bit_length()))
    counts = np.zeros(1 << bits, dtype=np.uint32)
    total = 0
    with path.open("wb") as stream, TemporaryFile(dir=path.parent) as rows:
        stream.write(bytes(_HEADER.size))
        for part in parts:
            total += len(part.hashes)
            stream.write((part.hashes & _REST).astype("<u4").data)
            rows.write(np.stack((part.works, part.positions), axis=1).astype("<u4").data)
            buckets = (part.hashes >> np.uint64(HASH_BITS - bits)).astype(np.int64)
            if len(buckets):
                found = np.bincount(buckets - buckets[0])
                counts[buckets[0] : buckets[-1] + 1] += found.astype(np.uint32)
        rows.seek(0)
        copyfileobj(rows, stream, _COPIED)
        stream.write(bytes(4))
        np.cumsum(counts, dtype="<u4").tofile(stream)
        stream.seek(0)
        stream.write(_HEADER.pack(_MAGIC, FORMAT, bits, total))
        stream.flush()
        os.fsync(stream.fileno())
    return total


def damaged(path: Path) -> StoreError:
    """Return the error of an index file that is not whole."""
    return StoreError("W001", where=path.name, problem="索引文件不完整")
