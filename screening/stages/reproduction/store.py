"""The known works as the stage uses them: open, look up, notice what others have added."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from screening.errors import StoreError
from screening.stages.reproduction.catalogue import Catalogue, digest_of, method
from screening.stages.reproduction.fingerprints import fingerprint
from screening.stages.reproduction.segment import STOCK, Hits, Segment, open_segment
from screening.stages.reproduction.work import Candidate, Work
from screening.text.normalise import Normalised

#: shared fingerprints that make a candidate; see GUARANTEE
_ENOUGH = 2
#: places of one fingerprint in a draft that are looked at
_REPEATS = 4
#: works that share most are looked at, in one field
_MOST = 64
#: characters of a draft that many works have, from which on it is no phrase any more
_LONG = 150
#: characters between two such fingerprints of one passage, at most
_GAP = 40
#: works named for such a passage
_NAMED = 4
_ATTEMPTS = 5


class _State(Struct, frozen=True):
    """One state of the store: its segments, number of works and digest."""

    segments: tuple[Segment, ...]
    count: int
    digest: str


class KnownWorks:
    """The works in a folder; see :class:`~screening.stages.reproduction.work.Works`.

    What other programs add or remove is seen at the next look-up. Safe in threads and forks.
    """

    def __init__(self, folder: Path) -> None:
        self._catalogue = Catalogue(folder)
        self._catalogue.check()
        self._lock = threading.Lock()
        self._changes = threading.local()
        self._state = self._load()

    @property
    def digest(self) -> str:
        """The digest of all works; changes with any of them."""
        return self._refreshed().digest

    def __len__(self) -> int:
        return self._refreshed().count

    def candidates(self, text: Normalised) -> Sequence[Candidate]:
        """Return the works that share rare fingerprints with ``text``, the most shared first."""
        state = self._refreshed()
        prints = fingerprint(text)
        order = np.argsort(prints.hashes, kind="stable")
        hashes = prints.hashes[order]
        few = np.ones(len(order), dtype=np.bool_)
        few[_REPEATS:] = hashes[_REPEATS:] != hashes[:-_REPEATS]
        order, hashes = order[few], hashes[few]
        hits = _find(state.segments, hashes)
        known = np.bincount(hits.asked, minlength=len(order))
        rare = known[hits.asked] <= STOCK
        stock = int((known > STOCK).sum()) > _LONG // _GAP
        if not stock and not _repeated(hits.works[rare]):
            return ()
        anchors = np.stack((prints.positions[order[hits.asked]], hits.positions), axis=1)
        chosen = rare | _long_passages(anchors[:, 0], hits.works, ~rare) if stock else rare
        return self._gathered(hits.works[chosen], anchors[chosen])

    def _gathered(
        self, works: NDArray[np.int64], anchors: NDArray[np.int64]
    ) -> tuple[Candidate, ...]:
        """Group ``anchors`` by work, the most first; a single one makes no candidate."""
        order = np.lexsort((anchors[:, 1], anchors[:, 0], works))
        works, anchors = works[order], anchors[order]
        numbers, starts, counts = np.unique(works, return_index=True, return_counts=True)
        best = np.argsort(-counts, kind="stable")[:_MOST]
        best = best[counts[best] >= _ENOUGH]
        if not len(best):
            return ()
        with self._catalogue.coded():
            found = self._catalogue.works(numbers[best].tolist())
        return tuple(
            Candidate(found[number], anchors[start : start + count])
            for number, start, count in zip(
                numbers[best].tolist(), starts[best], counts[best], strict=True
            )
            if number in found
        )

    def work(self, number: int) -> Work | None:
        """Return one work, None where there is none with this number."""
        with self._catalogue.coded():
            return self._catalogue.works([number]).get(number)

    def _refreshed(self) -> _State:
        """Return the newest state; asking costs microseconds."""
        changes = self._catalogue.changes()
        if changes != getattr(self._changes, "seen", None):
            with self._lock:
                self._state = self._load()
            self._changes.seen = changes
        return self._state

    def _load(self) -> _State:
        for _ in range(_ATTEMPTS):
            with self._catalogue.reading():
                facts, rows = self._catalogue.meta(), self._catalogue.segments()
            if facts.get("method") != method():
                raise StoreError("W004", where=str(self._catalogue.path))
            try:
                opened = tuple(open_segment(self._catalogue.folder / row.name) for row in rows)
            except FileNotFoundError:
                continue  # merged since the list was read: the new list names its successor
            if [len(segment) for segment in opened] != [row.rows for row in rows]:
                break
            return _State(opened, int(facts["works"]), digest_of(facts))
        raise StoreError("W001", where=str(self._catalogue.path), problem="索引文件不全")


def open_works(folder: Path) -> KnownWorks | None:
    """Open the known works in ``folder``; None where nobody ever added one.

    Raises:
        StoreError: W001, damaged; W003, newer software wrote it; W004, its index is outdated.
    """
    return None if Catalogue(folder).is_new() else KnownWorks(folder)


def _find(segments: Sequence[Segment], hashes: NDArray[np.uint64]) -> Hits:
    """Look ``hashes``, rising, up in all segments."""
    found = [segment.find(hashes) for segment in segments]
    if len(found) == 1:
        return found[0]
    none = np.zeros(0, dtype=np.int64)
    columns = zip(*found, strict=True) if found else ((none,), (none,), (none,))
    return Hits(*(np.concatenate(column) for column in columns))


def _repeated(works: NDArray[np.int64]) -> bool:
    """Tell whether any work stands twice in ``works``: most drafts end here."""
    ordered = np.sort(works)
    return bool((ordered[1:] == ordered[:-1]).any())


def _long_passages(
    positions: NDArray[np.int64], works: NDArray[np.int64], stock: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Tell which stock hits belong to the works that share the longest runs of them.

    A phrase in many works is nobody's; a whole article in many works was reprinted often.
    """
    chosen = np.zeros(len(stock), dtype=np.bool_)
    hits = np.flatnonzero(stock)
    if not len(hits):
        return chosen
    hits = hits[np.lexsort((positions[hits], works[hits]))]
    broken = (np.diff(works[hits]) != 0) | (np.diff(positions[hits]) > _GAP)
    starts = np.concatenate(([0], np.flatnonzero(broken) + 1))
    ends = np.concatenate((starts[1:], [len(hits)]))
    lengths = positions[hits[ends - 1]] - positions[hits[starts]]
    longest = np.argsort(-lengths, kind="stable")[:_NAMED]
    named = works[hits[starts[longest[lengths[longest] >= _LONG]]]]
    chosen[hits] = np.isin(works[hits], named)
    return chosen
