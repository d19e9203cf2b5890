"""Columns of tables: what stands below a header such as 身份证号, or beside it in a form.

A table is what a reader marked as one (Word, web pages, Markdown), or lines of text whose parts
are divided alike: by tabs, bars, commas or spaces.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import numpy as np

from screening.draft import Block
from screening.stages.lexicon.field import FieldText
from screening.text.expression import Expression

Bounds = tuple[int, int]

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
    head = header.cell
    for block in field.table_blocks:
        cell = block.cell
        if head is None or cell is None or cell.table != head.table:
            continue
        below = cell.row > head.row and (
            cell.column < head.column + head.width and head.column < cell.column + cell.width
        )
        beside = cell.row == head.row and cell.column == head.column + head.width
        if below or beside:
            yield block.start, block.end


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
