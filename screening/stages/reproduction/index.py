"""Which segments make up the index: new ones are added, small ones merged, dropped ones swept.

Each function but :func:`sweep` belongs inside one of the catalogue's writing transactions.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from screening.stages.reproduction.catalogue import Catalogue, SegmentRow
from screening.stages.reproduction.segment import (
    Postings,
    merge_segments,
    open_segment,
    write_segment,
)

#: small segments that may stand side by side while a long addition goes on
_SIDE_BY_SIDE = 24
#: rows of a small segment, at most: those of one full batch
_SMALL = 1_500_000
#: at rest, each segment has more than so many times the rows of all smaller ones together
_FACTOR = 3
_SUFFIX = ".segment"


def add_segment(catalogue: Catalogue, postings: Postings) -> None:
    """Write the fingerprints of new works as one more segment."""
    if len(postings.hashes):
        name = _next_name(catalogue)
        _list(catalogue, SegmentRow(name, write_segment(catalogue.folder / name, postings)))


def merge_small(catalogue: Catalogue) -> bool:
    """Merge the small segments when they are many; tell whether they were."""
    small = [row for row in catalogue.segments() if row.rows <= _SMALL]
    if len(small) < _SIDE_BY_SIDE:
        return False
    _merge(catalogue, small)
    return True


def balance(catalogue: Catalogue) -> None:
    """Merge until few segments are left, and all when more works were removed than are left."""
    rows = sorted(catalogue.segments(), key=lambda row: row.rows)
    facts = catalogue.meta()
    if int(facts["removed"]) > int(facts["works"]):
        _merge(catalogue, rows)
        catalogue.put("removed", 0)
        return
    smaller = accumulate((row.rows for row in rows), initial=0)
    ends = [
        end
        for end, (row, less) in enumerate(zip(rows, smaller, strict=False), 1)
        if end > 1 and row.rows <= _FACTOR * less
    ]
    if ends:
        _merge(catalogue, rows[: ends[-1]])


def clear(catalogue: Catalogue) -> None:
    """Leave the index without a segment."""
    catalogue.connection.execute("DELETE FROM segment")
    catalogue.put("removed", 0)


def sweep(catalogue: Catalogue) -> None:
    """Delete the files that no state of the catalogue needs: merged, or left by a killed program.

    Programs that still have one open keep it; one that cannot be deleted now is deleted later.
    """
    with catalogue.writing():
        listed = {row.name for row in catalogue.segments()}
        for path in catalogue.folder.glob("*" + _SUFFIX):
            if path.name not in listed:
                with suppress(OSError):
                    path.unlink()


def _merge(catalogue: Catalogue, rows: Sequence[SegmentRow]) -> None:
    """Put one segment in place of ``rows``, without the works that were removed."""
    ordered = sorted(rows)
    segments = [open_segment(catalogue.folder / row.name) for row in ordered]
    name = _next_name(catalogue)
    count = merge_segments(catalogue.folder / name, segments, _alive(catalogue))
    names = [(row.name,) for row in rows]
    catalogue.connection.executemany("DELETE FROM segment WHERE name = ?", names)
    if count:
        _list(catalogue, SegmentRow(name, count))


def _alive(catalogue: Catalogue) -> NDArray[np.bool_] | None:
    """Return which numbers are works still, None when none was removed."""
    if catalogue.meta()["removed"] == "0":
        return None
    numbers = [number for (number,) in catalogue.connection.execute("SELECT id FROM work")]
    alive = np.zeros(catalogue.last_number() + 1, dtype=np.bool_)
    alive[numbers] = True
    return alive


def _next_name(catalogue: Catalogue) -> str:
    number = int(catalogue.meta()["next"])
    catalogue.put("next", number + 1)
    return f"{number:08d}{_SUFFIX}"


def _list(catalogue: Catalogue, row: SegmentRow) -> None:
    catalogue.connection.execute("INSERT INTO segment VALUES (?, ?)", row)
