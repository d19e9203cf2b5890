"""The cells of a schedule file, sheet after sheet: Excel, CSV or JSON lines."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import msgspec

from screening.batch.post import Cell, Line, Sheet
from screening.errors import DraftError, why
from screening.text.decoding import decode

MAX_BYTES = 512 * 1024 * 1024
#: bytes of a CSV file by which its encoding is told
_SAMPLE = 16 * 1024 * 1024
#: what really reads an encoding that is narrower in name than in use
_CODECS = {"big5": "big5hkscs"}


def read_sheets(path: Path) -> Iterator[Sheet]:
    """Yield the sheets of the schedule at ``path`` in order.

    Raises:
        DraftError: D005, D006, D008, D011 or D016, the file cannot be read.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise DraftError("D008", where=path.name, size="超过 512 MB", limit="512 MB")
        if path.suffix.lower() in (".xlsx", ".xlsm", ".xls"):
            from screening.batch.excel import read_excel  # noqa: PLC0415 - loads lxml

            yield from read_excel(path)
        elif path.suffix.lower() == ".jsonl":
            yield Sheet(path.name, _json_lines(path))
        else:
            yield Sheet(path.name, _csv(path))
    except OSError as error:
        raise DraftError("D016", where=path.name, problem=why(error)) from error


def shown(cell: Cell | time | timedelta) -> str:
    """Return a cell as Excel would show it; a whole number without its “.0”."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%d" if cell.time() == time() else "%Y-%m-%d %H:%M")
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def _csv(path: Path) -> Iterator[Line]:
    with path.open("rb") as file:
        sample = file.read(_SAMPLE)
        if file.read(1):  # a longer file is cut at a whole line
            sample = sample[: sample.rfind(b"\n") + 1] or sample
    try:
        text, encoding = decode(sample)
    except DraftError as error:
        raise DraftError(error.code, where=path.name, encoding="") from error
    delimiter = "\t" if text[:2000].count("\t") > text[:2000].count(",") else ","
    del text
    csv.field_size_limit(MAX_BYTES)
    try:
        with path.open(encoding=_CODECS.get(encoding, encoding), newline="") as lines:
            for number, row in enumerate(csv.reader(lines, delimiter=delimiter), 1):
                cells: list[Cell] = [*map(_without_mark, row)] if number == 1 else [*row]
                yield Line(number, cells)
    except UnicodeDecodeError as error:
        raise DraftError("D011", where=path.name, encoding="") from error
    except csv.Error as error:
        raise DraftError("D006", where=path.name, problem="表格的引号不配对") from error


def _without_mark(cell: str) -> str:
    return cell.removeprefix("\ufeff")


def _json_lines(path: Path) -> Iterator[Line]:
    """Yield all keys as headings, then each line's values under them; None for a broken line."""
    headings = dict.fromkeys(key for _, item in _objects(path) if item for key in item)
    yield Line(0, [*headings])
    for number, item in _objects(path):
        yield Line(number, None if item is None else [_plain(item.get(key)) for key in headings])


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
