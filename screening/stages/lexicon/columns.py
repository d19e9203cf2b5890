"""Columns of tables: what stands below a header such as 身份证号, or beside it in a form.

A table is what a reader marked as one (Word, web pages, Markdown), or lines of text whose parts
are divided alike: by tabs, bars, commas or spaces.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import numpy as np

from screening.draft import Block, Cell
from screening.stages.lexicon.field import FieldText
from screening.text.expression import Expression

Bounds = tuple[int, int]
#: bounds and place of a cell
Placed = tuple[int, int, Cell]

#: a header says little, and no number
_LONGEST_HEADER = 24
_NUMBER = r"\d{5}"
#: what divides a line into parts, the surest first
_DIVIDERS = ("\t+", "[|｜]", ",", "，", "[;；]", "、", "[ \u3000]{2,}", "[ \u3000]")
#: lines of text that one header may govern, and lines without a table's look that end it
_MOST_LINES = 2000
_MOST_BARE = 1


def cells(
    header: Expression, field: FieldText, windows: Iterable[Bounds], seconds: float
) -> list[Bounds]:
    """Return the normalised bounds of every cell that a header matching ``header`` governs."""
    found: set[Bounds] = set()
    for low, high in windows:
        stop = min(high, len(field.text))
        for match in header.pattern.finditer(field.text, low, stop, timeout=seconds):
            start, end = field.normalised.span(*match.span())
            found.update(_governed(field, start, end))
    return sorted(_normalised(field, found))


def _governed(field: FieldText, start: int, end: int) -> Iterator[Bounds]:
    """Yield original bounds of the cells that belong to the header at original ``start``."""
    block = field.block_at(start)
    if block is None or block.cell is None:
        yield from _in_text(field.normalised.original, start, end)
    elif _is_header(field.normalised.original[block.start : block.end]):
        yield from _in_table(field, block)


def _in_table(field: FieldText, header: Block) -> Iterator[Bounds]:
    """Yield the cells below the header, and those beside it up to the next that may be one.

    What spans the whole table above a row of headers is its title.
    """
    head = header.cell
    assert head is not None, "only a cell is the header of a table"
    text = field.normalised.original
    table = [
        (block.start, block.end, block.cell)
        for block in field.table_blocks
        if block.cell is not None and block.cell.table == head.table
    ]
    below = [item for item in table if item[2].row > head.row]
    if not _is_title(head, text, table, below):
        for start, end, cell in below:
            if cell.column < head.column + head.width and head.column < cell.column + cell.width:
                yield start, end
    for start, end, cell in table:
        if cell.row == head.row and cell.column > head.column:
            yield start, end
            if _is_header(text[start:end]):
                return


def _is_title(head: Cell, text: str, table: list[Placed], below: list[Placed]) -> bool:
    widest = max(cell.column + cell.width for _, _, cell in table)
    if head.width == 1 or head.column + head.width < widest or not below:
        return False
    next_row = [item for item in below if item[2].row == below[0][2].row]
    return len(next_row) > 1 and all(_is_header(text[start:end]) for start, end, _ in next_row)


def _in_text(text: str, start: int, end: int) -> Iterator[Bounds]:
    """Yield the parts below the header in the lines that follow, divided as its own line is."""
    line = text.rfind("\n", 0, start) + 1
    stop = text.find("\n", end)
    stop = len(text) if stop < 0 else stop
    divider = next((d for d in _DIVIDERS if re.search(d, text[line:stop].strip())), None)
    if divider is None:
        return
    headers = _parts(text, line, stop, divider)
    at = next((n for n, (low, high) in enumerate(headers) if low <= start < high), None)
    if at is None or not all(_is_header(text[low:high]) for low, high in headers):
        return
    bare = 0
    for _ in range(_MOST_LINES):
        line, stop = stop + 1, text.find("\n", stop + 1)
        stop = len(text) if stop < 0 else stop
        if line >= len(text):
            return
        parts = _parts(text, line, stop, divider)
        bare = 0 if len(parts) > 1 else bare + 1
        if bare > _MOST_BARE:
            return
        yield from parts[at : at + 1] if len(parts) == len(headers) else parts


def _parts(text: str, low: int, high: int, divider: str) -> list[Bounds]:
    """Return the bounds of the parts of the line ``[low, high)``; bars may stand at its ends."""
    edges = [
        low,
        *(n for m in re.compile(divider).finditer(text, low, high) for n in m.span()),
        high,
    ]
    parts = list(zip(edges[::2], edges[1::2], strict=True))
    return parts[bool(parts[0][0] == parts[0][1]) :]


def _is_header(text: str) -> bool:
    return len(text.strip()) <= _LONGEST_HEADER and not re.search(_NUMBER, text)


def _normalised(field: FieldText, found: Iterable[Bounds]) -> Iterator[Bounds]:
    offsets = field.normalised.offsets
    for start, end in found:
        low, high = np.searchsorted(offsets, [start, end]).tolist()
        if low < high:
            yield low, high
