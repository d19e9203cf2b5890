"""Where fingerprints are kept: SQLite, LMDB and the mapped segment, with the same data.

``python benchmarks/reproduction_storage.py DATA [--works N]`` fingerprints works made of the
articles of ``DATA/reuse/articles.jsonl``, stores them three ways, and looks the same drafts up in
each by turns. Needs lmdb (``pip install screening[bench]``).
"""

from __future__ import annotations

import argparse
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import lmdb
import numpy as np
from reproduction_index import Texts, timed

from screening.stages.reproduction.fingerprints import fingerprint
from screening.stages.reproduction.segment import Postings, _ordered, open_segment, write_segment
from screening.stages.reproduction.writer import _fingerprints
from screening.text.normalise import normalise

BATCH = 4096


class Store(Protocol):
    """One way to keep postings: made from them, opened anew, asked for hashes."""

    def find(self, hashes: list[int]) -> int:
        """Return how many postings the hashes have."""
        ...


class Mapped:
    """The segment that screening keeps."""

    def __init__(self, path: Path, postings: Postings | None = None) -> None:
        if postings:
            write_segment(path, postings)
        self._segment = open_segment(path)

    def find(self, hashes: list[int]) -> int:
        """Return how many postings the hashes have."""
        return len(self._segment.find(np.array(hashes, dtype=np.uint64)).asked)


class SQLite:
    """A table clustered by hash."""

    def __init__(self, path: Path, postings: Postings | None = None) -> None:
        self._connection = sqlite3.connect(path)
        if postings:
            self._connection.execute(
                "CREATE TABLE posting (hash INTEGER, work INTEGER, position INTEGER,"
                " PRIMARY KEY (hash, work)) WITHOUT ROWID"
            )
            self._connection.executemany(
                "INSERT OR IGNORE INTO posting VALUES (?, ?, ?)", rows(postings)
            )
            self._connection.commit()

    def find(self, hashes: list[int]) -> int:
        """Return how many postings the hashes have."""
        marks = ",".join("?" * len(hashes))
        query = f"SELECT hash, work, position FROM posting WHERE hash IN ({marks})"
        return len(self._connection.execute(query, hashes).fetchall())


class LMDB:
    """Sorted duplicates of fixed size under each hash."""

    def __init__(self, path: Path, postings: Postings | None = None) -> None:
        self._environment = lmdb.open(str(path), map_size=1 << 33, subdir=False, max_dbs=1)
        self._table = self._environment.open_db(b"posting", dupsort=True, dupfixed=True)
        if postings:
            pairs = [
                (key.to_bytes(6, "big"), work.to_bytes(4, "big") + place.to_bytes(4, "big"))
                for key, work, place in rows(postings)
            ]
            with self._environment.begin(write=True) as transaction:
                transaction.cursor(self._table).putmulti(pairs)

    def find(self, hashes: list[int]) -> int:
        """Return how many postings the hashes have."""
        with self._environment.begin() as transaction:
            cursor = transaction.cursor(self._table)
            keys = [value.to_bytes(6, "big") for value in hashes]
            return len(cursor.getmulti(keys, dupdata=True, dupfixed_bytes=8))


def rows(postings: Postings) -> list[tuple[int, int, int]]:
    """Return postings as rows of Python numbers."""
    columns = postings.hashes.tolist(), postings.works.tolist(), postings.positions.tolist()
    return list(zip(*columns, strict=True))


def postings_of(texts: Texts, count: int) -> Postings:
    """Fingerprint ``count`` works; sorted, as each store wants them."""
    parts = []
    for start in range(0, count, BATCH):
        batch = _fingerprints(
            [texts.text(seed) for seed in range(start, min(start + BATCH, count))]
        )
        works = (batch.texts + start + 1).astype(np.uint32)
        parts.append(Postings(batch.hashes, works, batch.positions.astype(np.uint32)))
    whole = Postings(
        np.concatenate([part.hashes for part in parts]),
        np.concatenate([part.works for part in parts]),
        np.concatenate([part.positions for part in parts]),
    )
    return _ordered(whole)


def size(path: Path) -> int:
    """Return the bytes on disk, holes left out."""
    files = [file for file in path.parent.glob(path.name + "*") if "lock" not in file.name]
    return sum(file.stat().st_blocks * 512 for file in files)


def main() -> None:
    """Measure and print a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--works", type=int, default=10_000)
    options = parser.parse_args()
    texts = Texts(options.data)
    postings = postings_of(texts, options.works)
    drafts: Sequence[list[int]] = [
        sorted(set(fingerprint(normalise(texts.text(seed + 10**7))).hashes.tolist()))
        for seed in range(100)
    ]
    kinds = {"mapped segment": Mapped, "SQLite": SQLite, "LMDB": LMDB}
    with tempfile.TemporaryDirectory() as folder:
        built: dict[str, float] = {}
        stores: dict[str, Store] = {}
        opened: dict[str, float] = {}
        for number, (name, kind) in enumerate(kinds.items()):
            path = Path(folder) / f"store{number}"
            begun = time.perf_counter()
            kind(path, postings)
            built[name] = time.perf_counter() - begun
            begun = time.perf_counter()
            stores[name] = kind(path)
            opened[name] = (time.perf_counter() - begun) * 1000
        found = {name: [store.find(draft) for draft in drafts] for name, store in stores.items()}
        if len({tuple(counts) for counts in found.values()}) != 1:
            raise SystemExit("the stores do not agree")
        times = {name: [] for name in stores}
        for _ in range(5):
            for name, store in stores.items():
                times[name] += timed(store.find, drafts)
        print(f"{options.works:,} works, {len(postings.hashes):,} fingerprints\n")
        print("| | works a second | bytes a work | open ms | look-up ms, median | least |")
        print("|---|---|---|---|---|---|")
        for number, name in enumerate(kinds):
            path = Path(folder) / f"store{number}"
            rate, each = options.works / built[name], size(path) / options.works
            print(
                f"| {name} | {rate:,.0f} | {each:,.0f} | {opened[name]:.1f} "
                f"| {statistics.median(times[name]):.2f} | {min(times[name]):.2f} |"
            )


if __name__ == "__main__":
    main()
