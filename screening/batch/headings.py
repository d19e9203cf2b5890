"""Which column is which: the heading row, under whatever title stands above it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Any

from screening import resources
from screening.text.normalise import fold

#: rows from the top within which the headings must stand
DEEPEST = 12
_NOISE = re.compile(r"\(.*?\)|【.*?】|\[.*?\]|[\s*:_/、,.·-]+")

Columns = dict[str, int]


@cache
def synonyms() -> dict[str, str]:
    """Return heading → name of the column, from data/batch/headings.toml."""
    table: dict[str, Any] = resources.load_toml(
        resources.folder("data") / "batch" / "headings.toml"
    )
    return {_key(word): name for name, words in table.items() for word in words}


def find_headings(rows: Sequence[Sequence[str]]) -> tuple[int, Columns] | None:
    """Return the index of the heading row and column name → index; None where there is none.

    The row with most known headings wins; it must name what to screen: a text, a file or a title.
    """
    found = [(index, _columns(row)) for index, row in enumerate(rows[:DEEPEST])]
    fitting = [item for item in found if item[1].keys() & {"text", "file", "title"}]
    best = max(fitting, key=lambda item: len(item[1]), default=None)
    return best if best is not None and (len(best[1]) > 1 or "text" in best[1]) else None


def _columns(row: Sequence[str]) -> Columns:
    """Name the columns of a row; of two with one name the first counts."""
    columns: Columns = {}
    known = synonyms()
    for index, cell in enumerate(row):
        name = known.get(_key(cell))
        if name is not None:
            columns.setdefault(name, index)
    return columns


def _key(heading: str) -> str:
    return _NOISE.sub("", fold(heading))
