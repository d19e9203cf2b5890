"""Excel workbooks read row by row, with memory that does not grow with their length.

An .xlsx is a ZIP of XML parts (ECMA-376): rows are parsed as they come, and the shared strings wait
in a file without a name. An .xls is read by calamine, whole.
"""

from __future__ import annotations

import math
import re
import tempfile
import zipfile
import zlib
from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Any

from lxml import etree

from screening.batch.post import Cell, Line, Sheet
from screening.errors import DraftError

#: bytes of one part of a workbook, unpacked
_MAX_PART = 4 * 1024 * 1024 * 1024
_PIECE = 1 << 20
_MOST_COLUMNS = 16_384
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]+)(\d+):([A-Z]+)(\d+)"')
#: number formats of dates and times that need no entry in the styles (ECMA-376 18.8.30)
_DATES = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
_LITERAL = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_EPOCH, _EPOCH_1904 = datetime(1899, 12, 30), datetime(1904, 1, 1)
_BROKEN = (etree.LxmlError, zipfile.BadZipFile, zlib.error, KeyError, ValueError, EOFError)


def read_excel(path: Path) -> Iterator[Sheet]:
    """Yield the worksheets of ``path`` in order.

    Raises:
        DraftError: D005, a password is needed; D006, it is damaged; D008, a part is too large.
    """
    if not zipfile.is_zipfile(path):
        yield from _old(path)
        return
    with _damage(path), zipfile.ZipFile(path) as archive:
        book = _Book(archive)
        for name, part, hidden in book.sheets():
            yield Sheet(name, _reported(path, book.rows(part)), hidden)


def _old(path: Path) -> Iterator[Sheet]:
    import python_calamine as calamine  # noqa: PLC0415 - only old workbooks need it

    try:
        book = calamine.load_workbook(str(path))
    except calamine.PasswordError as error:
        raise DraftError("D005", where=path.name) from error
    except calamine.CalamineError as error:
        raise DraftError("D006", where=path.name, problem="不是完整的 Excel 文件") from error
    with book:
        for meta in book.sheets_metadata:
            if meta.typ is calamine.SheetTypeEnum.WorkSheet:
                sheet = book.get_sheet_by_name(meta.name)
                hidden = meta.visible is not calamine.SheetVisibleEnum.Visible
                yield Sheet(meta.name, _old_rows(sheet), hidden)


def _old_rows(sheet: Any) -> Iterator[Line]:
    first_row, first_column = sheet.start or (0, 0)
    ranges = sheet.merged_cell_ranges or ()
    spread = _Merged(sorted((top, left, bottom) for (top, left), (bottom, _) in ranges))
    for index, cells in enumerate(sheet.iter_rows(), first_row):
        row: list[Cell] = [None] * first_column + [None if cell == "" else cell for cell in cells]
        yield Line(index + 1, spread.over(index, row))


@contextmanager
def _damage(path: Path) -> Iterator[None]:
    try:
        yield
    except _BROKEN as error:
        raise DraftError("D006", where=path.name, problem="不是完整的 Excel 文件") from error


def _reported(path: Path, rows: Iterator[Line]) -> Iterator[Line]:
    with _damage(path):
        yield from rows


class _Book:
    """The parts of one .xlsx that all its sheets need."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._workbook = self._tree("xl/workbook.xml")
        self._strings = _Strings(self._elements("xl/sharedStrings.xml", "si"))
        self._dates = self._date_styles()
        properties = self._workbook.find("{*}workbookPr")
        mac = properties is not None and properties.get("date1904") in ("1", "true")
        self._epoch = _EPOCH_1904 if mac else _EPOCH

    def sheets(self) -> Iterator[tuple[str, str, bool]]:
        """Yield name, part and whether it is hidden, of every worksheet."""
        relations = {
            item.get("Id"): (item.get("Type", ""), item.get("Target", ""))
            for item in self._tree("xl/_rels/workbook.xml.rels").iterfind("{*}Relationship")
        }
        for item in self._workbook.iterfind("{*}sheets/{*}sheet"):
            key = next(value for name, value in item.attrib.items() if name.endswith("}id"))
            kind, target = relations[key]
            if kind.endswith("/worksheet"):
                part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
                yield item.get("name", ""), part, item.get("state", "visible") != "visible"

    def rows(self, part: str) -> Iterator[Line]:
        """Yield the rows of a sheet."""
        spread = _Merged(sorted(self._merged(part)))
        number = 0
        for element in self._elements(part, "row"):
            number = int(element.get("r") or number + 1)
            row: list[Cell] = []
            for cell in element:
                place = _column(cell.get("r"), len(row))
                row += [None] * (place - len(row))
                row.append(self._value(cell))
            hidden = element.get("hidden") in ("1", "true")
            yield Line(number, spread.over(number - 1, row), hidden)

    def _value(self, cell: Any) -> Cell:
        kind = cell.get("t", "n")
        if kind == "inlineStr":
            return "".join(map(_said, cell)) or None
        text: str | None = cell.findtext("{*}v")
        if not text:
            return None
        if kind == "n":
            return self._number(text, cell.get("s"))
        if kind == "s":
            return self._strings.at(int(text)) or None
        return text == "1" if kind == "b" else _unescaped(text)

    def _number(self, text: str, style: str | None) -> Cell:
        number = float(text)
        if not math.isfinite(number):
            return text
        if style in self._dates and (at := self._date(number)) is not None:
            return at
        return int(number) if number.is_integer() else number

    def _date(self, number: float) -> Cell:
        try:
            at = self._epoch + timedelta(seconds=round(number * 86400))
        except OverflowError:
            return None
        return at.strftime("%H:%M") if 0 <= number < 1 else at

    def _date_styles(self) -> frozenset[str]:
        """Return the styles, as cells name them, that show a number as a date."""
        if "xl/styles.xml" not in self._archive.namelist():
            return frozenset()
        styles = self._tree("xl/styles.xml")
        formats = {
            int(item.get("numFmtId", 0))
            for item in styles.iterfind("{*}numFmts/{*}numFmt")
            if re.search("[ymdhs年月日时]", _LITERAL.sub("", item.get("formatCode", "").lower()))
        }
        found = styles.iterfind("{*}cellXfs/{*}xf")
        return frozenset(
            str(index)
            for index, item in enumerate(found)
            if int(item.get("numFmtId", 0)) in _DATES | formats
        )

    def _merged(self, part: str) -> Iterator[tuple[int, int, int]]:
        """Yield (top, left, bottom) from 0 of merged cells, which stand behind all rows."""
        tail = b""
        with self._archive.open(part) as stream:
            while piece := stream.read(_PIECE):
                tail += piece
                for left, top, _, bottom in _MERGED.findall(tail):
                    yield int(top) - 1, _column(left.decode(), 0), int(bottom) - 1
                tail = tail[tail.rfind(b"<") :] if b"<" in tail else b""

    def _tree(self, part: str) -> Any:
        with self._archive.open(part) as stream:
            return etree.fromstring(stream.read(64 * _PIECE), _parser())

    def _elements(self, part: str, tag: str) -> Iterator[Any]:
        """Yield the elements of one name; each is gone when the next is asked for."""
        if part not in self._archive.namelist():
            return
        with self._archive.open(part) as stream:
            options: dict[str, Any] = {"resolve_entities": False, "no_network": True}
            for _, element in etree.iterparse(_Bounded(stream, part), tag=f"{{*}}{tag}", **options):
                yield element
                element.clear()
                while element.getprevious() is not None:
                    del element.getparent()[0]


class _Strings:
    """The shared strings in a file: ``at`` finds the n-th."""

    def __init__(self, elements: Iterator[Any]) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the strings
        self._ends = array("Q", [0])
        end = 0
        for element in elements:
            end += self._file.write(_said(element).encode("utf-8", "replace"))
            self._ends.append(end)

    def at(self, index: int) -> str:
        if not 0 <= index < len(self._ends) - 1:
            raise ValueError(index)
        start, end = self._ends[index], self._ends[index + 1]
        self._file.seek(start)
        return self._file.read(end - start).decode()


class _Merged:
    """Merged cells by (top, left, bottom), rising: what the first one says, those below say too.

    Cells to its right stay empty: a title over all columns is said once.
    """

    def __init__(self, ranges: list[tuple[int, int, int]]) -> None:
        self._waiting = iter([item for item in ranges if item[2] > item[0]])
        self._next = next(self._waiting, None)
        self._open: list[tuple[int, int, Cell]] = []

    def over(self, index: int, row: list[Cell]) -> list[Cell]:
        """Return the row ``index`` with what is merged into it; an empty one stays so."""
        if self._open:
            self._open = [item for item in self._open if item[0] >= index]
            if any(cell is not None for cell in row):
                for _, column, value in self._open:
                    row += [None] * (column + 1 - len(row))
                    row[column] = value
        while self._next is not None and self._next[0] <= index:
            top, left, bottom = self._next
            if top == index and left < len(row):
                self._open.append((bottom, left, row[left]))
            self._next = next(self._waiting, None)
        return row


class _Bounded:
    """Reads from ``stream``, which may not unpack to more than a part may hold."""

    def __init__(self, stream: IO[bytes], name: str) -> None:
        self._stream = stream
        self._name = name
        self._left = _MAX_PART

    def read(self, size: int = -1) -> bytes:
        piece = self._stream.read(size)
        self._left -= len(piece)
        if self._left < 0:
            raise DraftError("D008", where=self._name, size="展开后超过 4 GB", limit="4 GB")
        return piece


def _parser() -> Any:
    return etree.XMLParser(resolve_entities=False, no_network=True)


def _said(element: Any) -> str:
    """Return the text of a string item: its runs, but not how they are pronounced."""
    if len(element) == 1 and element[0].tag.endswith("}t"):
        return _unescaped(element[0].text or "")
    found = element.xpath(
        ".//*[local-name()='t'][not(ancestor::*[local-name()='rPh'])]", smart_strings=False
    )
    return _unescaped("".join(item.text or "" for item in found))


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def _column(reference: str | None, expected: int) -> int:
    """Return the column of "B7" from 0; a cell without a reference follows the one before."""
    if not reference:
        return expected
    number = 0
    for char in reference:
        if not char.isalpha():
            break
        number = number * 26 + ord(char.upper()) - 64
    if not expected < number <= _MOST_COLUMNS:
        raise ValueError(reference)
    return number - 1
