"""Sheets laid out sideways: the names stand on the left, what they name on their right.

Either every further column is a post, or names and values alternate and the sheet is one post.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from msgspec import Struct

from screening.batch.headings import name_of
from screening.batch.post import Cell, Line
from screening.batch.sheets import letters
from screening.batch.tables import shown

#: rows of the longest form
LONGEST = 200
#: names that make a column one of names
_FEWEST = 2


class Form(Struct, frozen=True):
    """The names from top to bottom, and for each post its column ("" for all) and its values.

    ``row`` is the row of the first name, from 1.
    """

    row: int
    headings: tuple[str, ...]
    posts: tuple[tuple[str, list[Cell]], ...]


def read_form(lines: Sequence[Line], known: int) -> Form | None:
    """Read ``lines`` as a form, None where its names are not more than the ``known`` of one row."""
    texts = [tuple(map(shown, line.cells or ())) for line in lines]
    names = [
        (column, name)
        for cells in texts
        for column, cell in enumerate(cells)
        if (name := name_of(cell)) is not None
    ]
    many = Counter(column for column, _ in dict.fromkeys(names))
    columns = sorted(column for column, count in many.items() if count >= _FEWEST)
    if len({name for column, name in names if column in columns}) <= max(known, 1):
        return None
    return (
        _paired(lines, texts, columns) if len(columns) > 1 else _columns(lines, texts, columns[0])
    )


def _columns(lines: Sequence[Line], texts: list[tuple[str, ...]], names: int) -> Form:
    """Read every column right of the one of ``names`` as a post."""
    width = max(map(len, texts))
    places = [letters(column) for column in range(names + 1, width)]
    parts = [[(names, column) for column in range(names + 1, width)]] * len(lines)
    return _read(lines, texts, parts, places)


def _paired(lines: Sequence[Line], texts: list[tuple[str, ...]], names: list[int]) -> Form:
    """Read names and the values right of them, up to the next name, as one post."""
    parts = []
    for cells in texts:
        ends = [min(end, len(cells)) for end in (*names[1:], len(cells))]
        parts.append(
            [
                (name, next((n for n in range(name + 1, end) if cells[n].strip()), name + 1))
                for name, end in zip(names, ends, strict=True)
                if name < len(cells) and (cells[name].strip() or name == names[0])
            ]
        )
    return _read(lines, texts, parts, [""])


def _read(
    lines: Sequence[Line],
    texts: list[tuple[str, ...]],
    parts: list[list[tuple[int, int]]],
    places: list[str],
) -> Form:
    """Put the values together; ``parts`` are the (name, value) columns of each line.

    A line without a name goes on where the last one ended.
    """
    headings: list[str] = []
    values: list[list[Cell]] = [[] for _ in places]
    first = 0
    for line, cells, pairs in zip(lines, texts, parts, strict=True):
        for turn, (name, column) in enumerate(pairs):
            post = values[turn % len(places)]
            value = line.cells[column] if line.cells and column < len(line.cells) else None
            heading = cells[name].strip() if name < len(cells) else ""
            if not first and name_of(heading) is None:
                continue  # a title above the names
            if heading and (len(places) == 1 or turn == 0):
                headings.append(heading)
                first = first or line.row
            if heading:
                post.append(value)
            elif post and value is not None:
                post[-1] = f"{shown(post[-1])}\n{shown(value)}".strip()
    posts = tuple(
        (place, cells)
        for place, cells in zip(places, values, strict=True)
        if any(shown(cell).strip() for cell in cells)
    )
    return Form(first, tuple(headings), posts)
