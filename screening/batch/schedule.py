"""A schedule read row by row: each row that is not empty is a post, or says why it is none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from itertools import chain, islice
from pathlib import Path, PureWindowsPath

from screening.batch.dates import When, read_date
from screening.batch.forms import LONGEST, Form, read_form
from screening.batch.headings import (
    DEEPEST,
    Columns,
    HeadingRow,
    find_headings,
    personal_columns,
)
from screening.batch.post import Cell, Headings, Line, Post, Refusal, Row, Sheet
from screening.batch.tables import read_sheets, shown
from screening.errors import DraftError, UsageError
from screening.readers import READERS
from screening.text.normalise import fold

SUFFIXES = (".xlsx", ".xlsm", ".xls", ".csv", ".tsv", ".jsonl")
_LONGEST_NAME = 200
_FILE_NAME = re.compile(
    r"[^\n]{1,200}\.(?:docx?|html?|xhtml|md|markdown|txt|text|srt|ass|ssa|vtt|wps|pdf)",
    re.IGNORECASE,
)
_LITTER = ("~$", ".", "Thumbs.db", "desktop.ini")


def read_schedule(path: Path, today: date) -> Iterator[Headings | Row]:
    """Yield the headings and rows of each sheet of ``path``, or one row for each file of a folder.

    Posts are numbered from 1 through all sheets. ``today`` gives dates without a year theirs.

    Raises:
        UsageError: U001, there is nothing; B011, it is no schedule.
        DraftError: the file cannot be read at all (D005, D006, D008, D011, D016).
    """
    if not path.exists():
        raise UsageError("U001", where=str(path))
    if path.is_dir():
        yield from _folder(path)
        return
    if path.suffix.lower() not in SUFFIXES:
        raise UsageError("B011", where=str(path), suffix=path.suffix)
    number = 0
    for sheet in read_sheets(path):
        reader = _SheetReader(sheet, path.resolve().parent, today)
        for item in reader.rows(number):
            number = item.post.number if isinstance(item, Row) else number
            yield item


def _folder(path: Path) -> Iterator[Headings | Row]:
    yield Headings(path.name, ("文件",))
    files = sorted(item for item in path.rglob("*") if item.is_file())
    kept = [item for item in files if not item.name.startswith(_LITTER)]
    root = path.resolve()
    for number, item in enumerate(kept, 1):
        name = item.relative_to(path).as_posix()
        refusal = None
        if not item.resolve().is_relative_to(root):
            refusal = Refusal.of(DraftError("B004", name=name))
        post = Post(number, name, file=str(item.resolve()))
        yield Row(path.name, number, (name,), post, refusal)


class _SheetReader:
    """Reads one sheet; ``folder`` is where the files that rows name must lie."""

    def __init__(self, sheet: Sheet, folder: Path, today: date) -> None:
        self._sheet = sheet
        self._folder = folder
        self._today = today
        self._columns: Columns = {}
        self._personal: tuple[int, ...] = ()

    def rows(self, number: int) -> Iterator[Headings | Row]:
        """Yield the headings, then the rows, their posts numbered after ``number``."""
        head = list(islice(self._sheet.rows, DEEPEST))
        texts = [_texts(line) for line in head]
        found = find_headings(texts)
        if read_form(head, len(found.known) if found else 0):
            head += islice(self._sheet.rows, LONGEST - DEEPEST)
            form = read_form(head, len(found.known) if found else 0)
            if form and next(self._sheet.rows, None) is None:
                yield from self._form(form, number)
                return
            yield from self._unknown(head, None, number)
            return
        if found is None or not found.complete:
            yield from self._unknown(head, found, number)
            return
        self._columns, headings = found.columns, texts[found.index]
        self._personal = personal_columns(headings)
        yield Headings(self._sheet.name, headings, found.unread)
        for line in chain(head[found.index + 1 :], self._sheet.rows):
            text = _texts(line)
            if (line.cells is None or any(map(str.strip, text))) and text != headings:
                number += 1
                yield self._row(line, text, number)

    def _form(self, form: Form, number: int) -> Iterator[Headings | Row]:
        """Yield the posts of a sheet whose names stand on the left."""
        found = find_headings([form.headings])
        if found is None or not found.complete:
            yield from self._unknown([Line(form.row, list(form.headings))], found, number)
            return
        self._columns, self._personal = found.columns, personal_columns(form.headings)
        yield Headings(self._sheet.name, form.headings, found.unread)
        for place, cells in form.posts:
            number += 1
            line = Line(form.row, cells)
            where = f"{self._sheet.name} {place}列" if place else self._sheet.name
            yield self._row(line, _texts(line), number, where)

    def _unknown(
        self, head: list[Line], found: HeadingRow | None, number: int
    ) -> Iterator[Headings | Row]:
        """Refuse every row of a sheet whose columns nobody can name, the first one saying why.

        An empty sheet has none.
        """
        yield Headings(self._sheet.name, ())
        first = ""
        for line in chain(head, self._sheet.rows):
            text = _texts(line)
            if line.cells is None or any(map(str.strip, text)):
                number += 1
                where = self._where(line.row)
                refusal = DraftError("B012", where=where, first=first)
                if not first:
                    first, refusal = where, _unknown_headings(self._sheet.name, found)
                post = Post(number, where)
                yield Row(self._sheet.name, line.row, text, post, Refusal.of(refusal))

    def _where(self, row: int) -> str:
        return f"{self._sheet.name} 第{row}行"

    def _row(self, line: Line, text: tuple[str, ...], number: int, where: str = "") -> Row:
        where = where or self._where(line.row)
        remarks = []
        if self._sheet.hidden or line.hidden:
            remarks.append("在隐藏的工作表里" if self._sheet.hidden else "是隐藏的行")
        cells = line.cells
        if cells is None:
            broken = Refusal.of(DraftError("B003", where=where))
            return Row(self._sheet.name, line.row, (), Post(number, where), broken, tuple(remarks))
        when, problem = self._planned(cells)
        remarks += [problem] if problem else []
        refusal: Refusal | None = None
        try:
            post = self._post(cells, number, where, when)
        except DraftError as error:
            post, refusal = Post(number, where, self._said(cells, "title")), Refusal.of(error)
        return Row(self._sheet.name, line.row, text, post, refusal, tuple(remarks), self._personal)

    def _post(self, cells: list[Cell], number: int, where: str, when: When | None) -> Post:
        title, text, name = (self._said(cells, key) for key in ("title", "text", "file"))
        if len(name) > _LONGEST_NAME or "\n" in name:
            text, name = f"{text}\n{name}".strip(), ""
        elif not name and _FILE_NAME.fullmatch(text):
            text, name = "", text
        if not (title or text or name):
            raise DraftError("B002", where=where)
        return Post(
            number,
            where,
            title,
            text,
            file=str(self._file(name, where)) if name else "",
            account=self._said(cells, "account"),
            department=self._said(cells, "department"),
            editor=self._said(cells, "editor"),
            planned=when.at if when else None,
            timed=when.timed if when else False,
        )

    def _said(self, cells: list[Cell], column: str) -> str:
        index = self._columns.get(column, len(cells))
        return shown(cells[index]).strip() if index < len(cells) else ""

    def _planned(self, cells: list[Cell]) -> tuple[When | None, str]:
        """Return when the row is planned, and what is wrong with its date."""
        values = [
            cells[index] if (index := self._columns.get(name, len(cells))) < len(cells) else None
            for name in ("planned", "clock")
        ]
        try:
            return read_date(values[0], self._today, values[1]), ""
        except (ValueError, OverflowError):
            return None, f"发布时间“{shown(values[0])}”认不出来"

    def _file(self, name: str, where: str) -> Path:
        """Return the file that a row names, beside the schedule or below.

        Raises:
            DraftError: B004, it lies elsewhere; B005, there is none.
        """
        plain = PureWindowsPath(name.strip().strip('"“”'))
        path = self._folder.joinpath(*plain.parts)
        if plain.is_absolute() or plain.drive or plain.root:
            raise DraftError("B004", where=where, name=name)
        try:
            choices = [path, *(path.with_name(path.name + suffix) for suffix in READERS)]
            found = next((item for item in choices if item.is_file()), None)
            inside = path.resolve().is_relative_to(self._folder) and (
                found is None or found.resolve().is_relative_to(self._folder)
            )
        except (OSError, ValueError) as error:
            raise DraftError("B005", where=where, name=name) from error
        if not inside:
            raise DraftError("B004", where=where, name=name)
        if found is None:
            raise DraftError("B005", where=where, name=name)
        return found.resolve()


def _texts(line: Line) -> tuple[str, ...]:
    return tuple(map(shown, line.cells or ()))


def _unknown_headings(sheet: str, found: HeadingRow | None) -> DraftError:
    known = "、".join(found.known) if found else ""
    unread = "、".join(found.unread) if found else ""
    unread = unread or "没有像表头的一行"
    return DraftError("B001", where=sheet, known=known or "没有", unread=unread)


def account_key(name: str) -> str:
    """Return the form in which names of accounts are compared."""
    return fold(name).replace(" ", "")
