"""Rows of a workbook written as they come, into sheets that XlsxWriter has laid out.

XlsxWriter makes a workbook of headings, formats, filters and charts. Rows, which are many, are
written here as the XML of ECMA-376 18.3 (strings inline, one style a cell) and put in their place:
some thirty times as fast a cell, and no longer in memory than it takes to write one.
"""

from __future__ import annotations

import re
import shutil
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import IO, Any

from screening.reports.safe import visible

#: Excel's own limits
_LONGEST_CELL = 32_767
#: points of a line of text, and the most lines that a row is high
_LINE, _HIGHEST = 15, 8
_MOST_ROWS = 1_048_576
#: results are large, and read once or twice: the quickest packing is a tenth larger
_PACKING = 1
_ROW = re.compile(rb'(<row r="1".*?</row>)(<row r="2".*?</row>)', re.DOTALL)
_STYLE = re.compile(rb'<c r="[A-Z]+2" s="(\d+)"')
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_LOOKS_ESCAPED = re.compile("_(x[0-9A-Fa-f]{4}_)")

#: a text or a number, and the index of its style
Cell = tuple[str | int, int]


class RowFile:
    """The rows of one sheet below its headings; ``lines`` is how many there are.

    Rows beyond what Excel can show are not written.
    """

    def __init__(self) -> None:
        self._file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - until it is assembled
        self.lines = 0
        self.columns = 1

    def append(self, cells: Sequence[Cell], high: int = 1) -> bool:
        """Write one row, ``high`` lines of text high, and tell whether there was room.

        A cell with no text stays empty.
        """
        if self.lines + 2 > _MOST_ROWS:
            return False
        self.lines += 1
        self.columns = max(self.columns, len(cells))
        self._file.write(_row(str(self.lines + 1), cells, high).encode())
        return True

    def copy_to(self, stream: IO[bytes]) -> None:
        """Write all rows to ``stream``."""
        self._file.seek(0)
        shutil.copyfileobj(self._file, stream, 1 << 20)


def styles_of(laid_out: Path, part: str, names: Sequence[str]) -> dict[str, int]:
    """Return name → index of the styles of the cells in the second row of a sheet."""
    with zipfile.ZipFile(laid_out) as book:
        match = _ROW.search(book.read(part))
        found = _STYLE.findall(match[2]) if match else []
    return {name: int(index) for name, index in zip(names, found, strict=True)}


def assemble(laid_out: Path, rows: Mapping[str, RowFile], path: Path) -> None:
    """Write the workbook ``laid_out`` to ``path``, with ``rows`` (part → rows) put in their place.

    What the sheets of those parts hold below their headings is left out.
    """
    with (
        zipfile.ZipFile(laid_out) as old,
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=_PACKING) as new,
    ):
        for part in old.namelist():
            data = old.read(part)
            if part not in rows:
                new.writestr(part, data)
                continue
            match = _ROW.search(data)
            assert match is not None, "a sheet is laid out with its headings and its styles"
            end = data.index(b"</sheetData>")
            with new.open(part, "w", force_zip64=True) as stream:
                stream.write(data[: match.end(1)])
                rows[part].copy_to(stream)
                stream.write(data[end:])


def _row(line: str, cells: Sequence[Cell], high: int) -> str:
    plain = _is_plain([value for value, _ in cells if value.__class__ is str])
    points = _LINE * min(high, _HIGHEST)
    parts = ['<row r="', line, f'" ht="{points}" customHeight="1">']
    for column, (value, style) in enumerate(cells):
        if value == "":
            continue
        if isinstance(value, int):
            parts += ('<c r="', letters(column), line, f'" s="{style}"><v>{value}</v></c>')
        else:
            parts += _opening(column, line, style)
            parts += (value if plain else _escaped(value), "</t></is></c>")
    parts.append("</row>")
    return "".join(parts)


def _opening(column: int, line: str, style: int) -> tuple[str, str, str]:
    before = _BEFORE[column] if column < len(_BEFORE) else f'<c r="{letters(column)}'
    return before, line, _style(style)


@cache
def _style(style: int) -> str:
    return f'" s="{style}" t="inlineStr"><is><t xml:space="preserve">'


def _is_plain(values: list[Any]) -> bool:
    """Tell at one look whether no text of a row needs to be changed."""
    whole = "".join(values)
    return (
        whole.replace("\n", "").isprintable()
        and len(whole) <= _LONGEST_CELL
        and "&" not in whole
        and "<" not in whole
        and ">" not in whole
        and "_x" not in whole
    )


@cache
def letters(column: int) -> str:
    """Return the name of a column, counted from 0: A, B … Z, AA …"""
    before, last = divmod(column, 26)
    return (letters(before - 1) if before else "") + chr(65 + last)


_BEFORE = [f'<c r="{letters(column)}' for column in range(64)]


def _escaped(value: str) -> str:
    text = visible(value)
    if len(text) > _LONGEST_CELL:
        text = text[: _LONGEST_CELL - 1] + "…"
    if "_x" in text:
        text = _LOOKS_ESCAPED.sub(r"_x005F_\1", text)
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _ILLEGAL.sub("\ufffd", text)
