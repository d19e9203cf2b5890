"""Reads a school's own list: one term a line, or a CSV table with Chinese or English headings."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from pathlib import PurePath
from types import MappingProxyType

from msgspec import Struct

from screening.errors import RulesError
from screening.text.decoding import decode

#: column of a term table → the headings that mean it
HEADINGS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "term": ("term", "word", "词语", "词", "词条", "敏感词", "关键词", "规则词"),
        "variants": ("variants", "同义写法", "变体", "同义词"),
        "category": ("category", "类别", "分类", "类型"),
        "topic": ("topic", "主题"),
        "severity": ("severity", "轻重", "级别", "等级", "处置"),
        "match": ("match", "匹配"),
        "unless": ("unless", "例外", "白名单"),
        "basis": ("basis", "依据"),
        "message": ("message", "提示语", "提示"),
        "advice": ("advice", "建议", "处理建议"),
        "hit": ("hit", "命中例句"),
        "miss": ("miss", "近似例句"),
        "status": ("status", "状态"),
        "note": ("note", "备注", "说明"),
    }
)
_COLUMN = {heading: column for column, names in HEADINGS.items() for heading in names}
#: headings that are known and not needed: an own term gets its id here
_NOT_NEEDED = {"id", "编号", "序号"}
#: columns that hold several values, and what people put between them
_SEVERAL = ("variants", "unless")
_BETWEEN = re.compile(r"[、；;｜|\n]+")
_DELIMITERS = ",\t;"
#: characters of one cell; other readers of tables allow more, for the whole process
_LONGEST_CELL = 131_072
_NO_TEXT = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"%PDF-")
#: the lines of a text file end so and no other way
_LINE_END = re.compile(r"\r\n|\n|\r")


class Entry(Struct, frozen=True):
    """One line of a list: the number of its (first) line, and its cells by column."""

    line: int
    cells: Mapping[str, str]


class SchoolList(Struct, frozen=True):
    """A list as read. ``columns`` are those it has, ``ignored`` headings that mean nothing here."""

    name: str
    entries: tuple[Entry, ...]
    columns: frozenset[str]
    ignored: tuple[str, ...] = ()


def read_list(data: bytes, name: str, encoding: str | None = None) -> SchoolList:
    """Read the list in ``data``; ``name`` is its file name.

    A table is what ends in .csv, or has a heading for the term among others in its first line.

    Raises:
        RulesError: L008, not a list.
        DraftError: D011, D012, no encoding fits.
    """
    if data.startswith(_NO_TEXT):
        raise RulesError("L008", name=name, problem="这不是文本，也不是 CSV")
    text = decode(data, encoding)[0].removeprefix("\ufeff")
    first = text.lstrip().partition("\n")[0]
    delimiter = max(_DELIMITERS, key=first.count)
    headings = {_heading(cell) for cell in first.split(delimiter)}
    is_table = len(headings) > 1 and "term" in {_COLUMN.get(heading) for heading in headings}
    if is_table or PurePath(name).suffix.lower() == ".csv":
        found = _table(text, name, delimiter)
    else:
        found = SchoolList(name, tuple(_lines(text)), frozenset({"term"}))
    if not found.entries:
        raise RulesError("L008", name=name, problem="里面没有词语")
    return found


def _lines(text: str) -> Iterator[Entry]:
    lines = _LINE_END.split(text)
    for number, line in enumerate(lines if lines[-1].strip() else lines[:-1], 1):
        yield Entry(number, {"term": _one_line(line)})


def _table(text: str, name: str, delimiter: str) -> SchoolList:
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(io.StringIO(_LINE_END.sub("\n", text)), delimiter=delimiter)
    try:
        rows = list(_numbered(reader))
    except csv.Error as error:
        problem = f"第{reader.line_num}行引号不成对或过长（{error}）"
        raise RulesError("L008", name=name, problem=problem) from error
    headings = [_heading(cell) for cell in rows[0][1]] if rows else []
    columns = [_COLUMN.get(heading, "") for heading in headings]
    if "term" not in columns:
        raise RulesError("L008", name=name, problem="首行没有“词语”（term）这一列")
    ignored = [h for h, c in zip(headings, columns, strict=True) if h and not c]
    entries = (_entry(line, columns, cells) for line, cells in rows[1:])
    return SchoolList(
        name,
        tuple(entries),
        frozenset(filter(None, columns)),
        tuple(heading for heading in ignored if heading not in _NOT_NEEDED),
    )


def _numbered(reader: Iterator[list[str]]) -> Iterator[tuple[int, list[str]]]:
    """Yield rows that are not empty with the numbers of their first lines."""
    line = 1
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield line, cells
        line = reader.line_num + 1  # type: ignore[attr-defined]


def _entry(line: int, columns: list[str], cells: list[str]) -> Entry:
    row = {
        column: _several(cell) if column in _SEVERAL else _one_line(cell)
        for column, cell in zip(columns, cells, strict=False)
        if column
    }
    return Entry(line, {"term": "", **row})


def _heading(cell: str) -> str:
    return cell.strip().strip('"').strip().lower()


def _several(cell: str) -> str:
    return "|".join(part for part in map(_one_line, _BETWEEN.split(cell)) if part)


def _one_line(cell: str) -> str:
    return " ".join(cell.split())
