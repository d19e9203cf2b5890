"""The cells of a schedule file, sheet after sheet: Excel, CSV or JSON lines."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from screening.batch.post import Cell
from screening.errors import DraftError
from screening.text.decoding import decode

MAX_BYTES = 512 * 1024 * 1024
#: a part of a workbook that is not looked through for hidden rows beyond so many bytes
_MAX_PART = 2 * 1024 * 1024 * 1024
_ROW = re.compile(rb"<(?:\w+:)?row\s[^>]*>")
_NUMBER, _HIDDEN = re.compile(rb'\br="(\d+)"'), re.compile(rb'\bhidden="(?:1|true)"')
_SHEET = re.compile(rb'<(?:\w+:)?sheet\s[^>]*name="([^"]*)"[^>]*:id="([^"]*)"')
_TARGET = re.compile(rb"<Relationship\s[^>]*>")
_PIECE = 1 << 20


class Sheet(Struct):
    """One sheet: ``rows`` yields (row number from 1, cells); None for cells that nobody can read.

    ``hidden_rows`` are the numbers of rows that Excel does not show.
    """

    name: str
    rows: Iterator[tuple[int, list[Cell] | None]]
    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()


def read_sheets(path: Path) -> Iterator[Sheet]:
    """Yield the sheets of the schedule at ``path`` in order.

    Raises:
        DraftError: D005, D006, D008, D011 or D016, the file cannot be read.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise DraftError("D008", where=path.name, size="超过 512 MB", limit="512 MB")
        if path.suffix.lower() in (".xlsx", ".xlsm", ".xls"):
            yield from _excel(path)
        elif path.suffix.lower() == ".jsonl":
            yield Sheet(path.name, _json_lines(path))
        else:
            yield Sheet(path.name, _csv(path))
    except OSError as error:
        raise DraftError("D016", where=path.name, problem=error.strerror or str(error)) from error


def shown(cell: Cell | time | timedelta) -> str:
    """Return a cell as Excel would show it; a whole number without its “.0”."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%d" if cell.time() == time() else "%Y-%m-%d %H:%M")
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def _excel(path: Path) -> Iterator[Sheet]:
    import python_calamine as calamine  # noqa: PLC0415 - only workbooks need it

    try:
        book = calamine.load_workbook(str(path))
    except calamine.PasswordError as error:
        raise DraftError("D005", where=path.name) from error
    except calamine.CalamineError as error:
        raise DraftError("D006", where=path.name, problem="不是完整的 Excel 文件") from error
    hidden_rows = _hidden_rows(path)
    with book:
        for meta in book.sheets_metadata:
            if meta.typ is not calamine.SheetTypeEnum.WorkSheet:
                continue
            yield Sheet(
                meta.name,
                _excel_rows(book.get_sheet_by_name(meta.name)),
                meta.visible is not calamine.SheetVisibleEnum.Visible,
                hidden_rows.get(meta.name, frozenset()),
            )


def _excel_rows(sheet: Any) -> Iterator[tuple[int, list[Cell] | None]]:
    """Yield the rows; every cell of a merged range says what its first one says."""
    merged: dict[int, list[tuple[int, int, int, int]]] = {}
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        for line in range(top, bottom + 1):
            merged.setdefault(line, []).append((top, left, bottom, right))
    first_row, first_column = sheet.start or (0, 0)
    values: dict[tuple[int, int], Cell] = {}
    for index, cells in enumerate(sheet.iter_rows(), first_row):
        row: list[Cell] = [None] * first_column + [None if cell == "" else cell for cell in cells]
        for top, left, bottom, right in merged.get(index, ()):
            if index == top:
                values[top, left] = row[left] if left < len(row) else None
            for column in range(left, min(right + 1, len(row))):
                row[column] = values.get((top, left))
            if index == bottom:
                values.pop((top, left), None)
        yield index + 1, row


def _hidden_rows(path: Path) -> dict[str, frozenset[int]]:
    """Return sheet name → the numbers of hidden rows; an .xls does not tell."""
    if not zipfile.is_zipfile(path):
        return {}
    with zipfile.ZipFile(path) as book:
        try:
            names = _SHEET.findall(book.read("xl/workbook.xml"))
            relations = _TARGET.findall(book.read("xl/_rels/workbook.xml.rels"))
        except KeyError:
            return {}
        targets = {
            _attribute(item, b"Id"): _attribute(item, b"Target").lstrip(b"/") for item in relations
        }
        return {
            _unescaped(name): _hidden_in(book, targets.get(key, b"").decode())
            for name, key in names
        }


def _hidden_in(book: zipfile.ZipFile, target: str) -> frozenset[int]:
    part = target if target.startswith("xl/") else f"xl/{target}"
    try:
        info = book.getinfo(part)
    except KeyError:
        return frozenset()
    found: set[int] = set()
    read, tail = 0, b""
    with book.open(info) as stream:
        while (piece := stream.read(_PIECE)) and read < _MAX_PART:
            read += len(piece)
            tail += piece
            for tag in _ROW.finditer(tail):
                number = _NUMBER.search(tag[0])
                if number and _HIDDEN.search(tag[0]):
                    found.add(int(number[1]))
            tail = tail[tail.rfind(b"<") :] if b"<" in tail else b""
    return frozenset(found)


def _attribute(tag: bytes, name: bytes) -> bytes:
    match = re.search(rb'\b%s="([^"]*)"' % name, tag)
    return match[1] if match else b""


def _unescaped(name: bytes) -> str:
    import html  # noqa: PLC0415 - only workbooks need it

    return html.unescape(name.decode("utf-8", "replace"))


def _csv(path: Path) -> Iterator[tuple[int, list[Cell] | None]]:
    try:
        text, _ = decode(path.read_bytes())
    except DraftError as error:
        raise DraftError(error.code, where=path.name, encoding="") from error
    csv.field_size_limit(MAX_BYTES)
    delimiter = "\t" if text[:2000].count("\t") > text[:2000].count(",") else ","
    for number, row in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), 1):
        yield number, [*row]


def _json_lines(path: Path) -> Iterator[tuple[int, list[Cell] | None]]:
    """Yield all keys as headings, then each line's values under them; None for a broken line."""
    headings = dict.fromkeys(key for _, item in _objects(path) if item for key in item)
    yield 0, [*headings]
    for number, item in _objects(path):
        yield number, None if item is None else [_plain(item.get(key)) for key in headings]


def _objects(path: Path) -> Iterator[tuple[int, dict[str, Any] | None]]:
    with path.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                item = msgspec.json.decode(line.removeprefix(b"\xef\xbb\xbf"))
            except (msgspec.DecodeError, UnicodeDecodeError):
                item = None
            yield number, item if isinstance(item, dict) else None


def _plain(value: Any) -> Cell:
    return value if isinstance(value, str | int | float | bool | date) else None
