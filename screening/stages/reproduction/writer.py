"""Adds known works and removes them: one batch, one transaction, one new segment."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import numpy as np
from msgspec.structs import replace

from screening.stages.reproduction.addition import Added, Addition, row_of
from screening.stages.reproduction.catalogue import Catalogue, method, packed, storable
from screening.stages.reproduction.fingerprints import Batch, fingerprint_many
from screening.stages.reproduction.index import add_segment, balance, clear, merge_small, sweep
from screening.stages.reproduction.segment import Postings
from screening.stages.reproduction.work import Work

#: a batch is full with so many works or characters
_WORKS = 4096
_CHARACTERS = 8_000_000
#: characters fingerprinted in one pass: what the processor's cache holds
_PASS = 1 << 14

_TEXTS = ("title", "text", "author", "site", "url", "published")

Item = TypeVar("Item")
Progress = Callable[[int], None]


class WorksWriter:
    """Writes the known works of a folder, which is made when it is not there.

    Every method raises StoreError: W001, the store is damaged or cannot be written; W002, another
    program has been writing for long; W003, newer software made it.
    """

    def __init__(self, folder: Path) -> None:
        self._catalogue = Catalogue(folder)
        self._catalogue.create()
        self._catalogue.check()

    def add(self, works: Iterable[Work], now: str, progress: Progress | None = None) -> Added:
        """Add ``works`` (their ids are ignored), known since ``now``, an ISO time.

        Same content, or same address, is the same work. Batches are added one by one, each whole
        or not at all; ``progress`` is told how many works are done.
        """
        self._bring_up_to_date()
        total, done = Added(), 0
        batches = _batches(map(_storable, works), lambda work: len(work.text))
        with ThreadPoolExecutor(1) as pool:
            for batch in batches:
                texts = [work.text for work in batch]
                bodies = pool.submit(list, map(packed, texts))
                prints = _fingerprints(texts)
                with self._catalogue.writing():
                    addition = Addition(self._catalogue, prints, now)
                    total += addition.run(batch, bodies.result())
                    merged = merge_small(self._catalogue)
                if merged:
                    sweep(self._catalogue)
                done += len(batch)
                if progress:
                    progress(done)
        self._settle()
        return total

    def remove(self, numbers: Sequence[int]) -> int:
        """Remove the works with these numbers, text and all; return how many there were."""
        self._bring_up_to_date()
        with self._catalogue.writing():
            removed = self._catalogue.delete(numbers)
        self._settle()
        return removed

    def rebuild(self, progress: Progress | None = None) -> None:
        """Make the index anew from the texts, as this version makes it."""
        with self._catalogue.writing():
            self._rebuild(progress)
        self._settle()

    def close(self) -> None:
        """Close the connection of this thread."""
        self._catalogue.close()

    def _bring_up_to_date(self) -> None:
        with self._catalogue.writing():
            if self._catalogue.meta()["method"] != method():
                self._rebuild(None)

    def _rebuild(self, progress: Progress | None) -> None:
        catalogue = self._catalogue
        clear(catalogue)
        done = 0
        for batch in _batches(catalogue.texts(), lambda item: len(item[1])):
            prints = _fingerprints([text for _, text in batch])
            numbers = np.array([number for number, _ in batch], dtype=np.uint32)
            works = numbers[prints.texts]
            kept = ~np.isin(works, self._renew(numbers.tolist(), prints))
            positions = prints.positions[kept].astype(np.uint32)
            add_segment(catalogue, Postings(prints.hashes[kept], works[kept], positions))
            merge_small(catalogue)
            done += len(batch)
            if progress:
                progress(done)
        catalogue.put("method", method())

    def _renew(self, numbers: Sequence[int], prints: Batch) -> list[int]:
        """Digest the contents of works anew; return those that are the same as another now."""
        gone = []
        for number, letters, content in zip(
            numbers, prints.letters.tolist(), prints.contents, strict=True
        ):
            row = self._catalogue.row(number)
            new = row_of(number, row.work(), letters, content, row.added)
            there = self._catalogue.numbers("content", [content]).get(content, number)
            if there != number:
                gone.append(number)
            elif new != row:
                self._catalogue.replace(row, new)
        self._catalogue.delete(gone)
        return gone

    def _settle(self) -> None:
        with self._catalogue.writing():
            balance(self._catalogue)
        sweep(self._catalogue)


def _storable(work: Work) -> Work:
    """Return ``work`` with texts that files and SQLite can hold."""
    texts = {name: value for name in _TEXTS if (value := getattr(work, name))}
    try:
        "".join(texts.values()).encode()
    except UnicodeEncodeError:
        return replace(work, **{name: storable(value) for name, value in texts.items()})
    return work


def _batches(items: Iterable[Item], size: Callable[[Item], int]) -> Iterator[list[Item]]:
    batch: list[Item] = []
    characters = 0
    for item in items:
        batch.append(item)
        characters += size(item)
        if len(batch) == _WORKS or characters >= _CHARACTERS:
            yield batch
            batch, characters = [], 0
    if batch:
        yield batch


def _fingerprints(texts: Sequence[str]) -> Batch:
    """Fingerprint ``texts`` in passes of a good size."""
    passes: list[Batch] = []
    start = characters = 0
    for end, text in enumerate(texts, 1):
        characters += len(text)
        if characters >= _PASS or end == len(texts):
            found = fingerprint_many(texts[start:end])
            passes.append(found._replace(texts=found.texts + start))
            start, characters = end, 0
    return Batch(
        np.concatenate([found.hashes for found in passes]),
        np.concatenate([found.positions for found in passes]),
        np.concatenate([found.texts for found in passes]),
        np.concatenate([found.letters for found in passes]),
        [content for found in passes for content in found.contents],
    )
