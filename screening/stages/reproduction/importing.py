"""Tables of known works: JSON lines and CSV, with English or Chinese headings."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any

import msgspec
from msgspec import Struct

from screening.errors import StoreError
from screening.stages.reproduction.work import Licence, Work

#: particular of a work → the headings that mean it
HEADINGS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "title": ("title", "标题", "题目"),
        "text": ("text", "body", "content", "正文", "全文", "内容", "文字"),
        "author": ("author", "作者", "记者"),
        "site": ("site", "source", "outlet", "来源", "媒体", "公众号", "网站", "出处"),
        "url": ("url", "link", "网址", "链接", "原文链接", "地址"),
        "published": ("published", "date", "time", "发布时间", "发布日期", "日期", "时间"),
        "licence": ("licence", "license", "授权", "许可"),
    }
)
_PARTICULAR = {heading: name for name, headings in HEADINGS.items() for heading in headings}

#: licence → the words that mean it
LICENCES: Mapping[Licence, tuple[str, ...]] = MappingProxyType(
    {
        Licence.AUTHORISED: ("authorised", "authorized", "已授权", "授权"),
        Licence.FORBIDDEN: ("forbidden", "原创", "禁止转载", "不得转载", "谢绝转载"),
        Licence.OWN: ("own", "本校", "自有"),
        Licence.PUBLIC: ("public", "公文", "法规", "公开"),
        Licence.UNKNOWN: ("unknown", "未知", "不明", ""),
    }
)
_LICENCE = {word: licence for licence, words in LICENCES.items() for word in words}

_LINES = "第 {} 行"
#: a cell may hold a whole book
_CELL = 1 << 30


class LeftOut(Struct, frozen=True):
    """A row that is no work: where it stands, and why it was left out."""

    where: str
    why: str


def works_of_json(lines: Iterable[bytes]) -> Iterator[Work | LeftOut]:
    """Yield the work of each line of JSON, or why it is none; empty lines are passed over."""
    decoder = msgspec.json.Decoder()
    for number, line in enumerate(lines, 1):
        if number == 1:
            line = line.removeprefix(b"\xef\xbb\xbf")  # noqa: PLW2901
        if not line.strip():
            continue
        where = _LINES.format(number)
        try:
            cells = decoder.decode(line)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            yield LeftOut(where, "不是一行完整的 JSON（须为 UTF-8 编码）")
            continue
        yield work_of(cells, where) if isinstance(cells, dict) else LeftOut(where, "不是 JSON 对象")


def works_of_csv(text: str, name: str) -> Iterator[Work | LeftOut]:
    """Yield the work of each row of a CSV table, or why it is none; ``name`` is its file's.

    Raises:
        StoreError: W006, the first row does not say which column holds the text.
    """
    csv.field_size_limit(_CELL)
    reader = csv.reader(io.StringIO(text, newline=""))
    try:
        headings = next(reader, [])
        if "text" not in {_PARTICULAR.get(_heading(cell)) for cell in headings}:
            raise StoreError("W006", where=name, problem="首行没有“正文”（text）这一列")
        for cells in reader:
            if any(cell.strip() for cell in cells):
                where = _LINES.format(reader.line_num)
                yield work_of(dict(zip(headings, cells, strict=False)), where)
    except csv.Error as error:
        problem = f"第 {reader.line_num} 行引号不成对（{error}）"
        raise StoreError("W006", where=name, problem=problem) from error


def work_of(cells: Mapping[str, Any], where: str) -> Work | LeftOut:
    """Make a work of cells by heading; the first heading that means a particular counts."""
    found: dict[str, str] = {}
    for heading, value in cells.items():
        name = _PARTICULAR.get(_heading(heading))
        if name and name not in found and value is not None:
            if not isinstance(value, (str, int, float)):
                return LeftOut(where, f"“{heading}”不是文字")
            found[name] = str(value)
    text = found.pop("text", "")
    if not text.strip():
        return LeftOut(where, "没有正文")
    licence = _LICENCE.get(found.pop("licence", "").strip().lower())
    if licence is None:
        return LeftOut(where, "“授权”只能写：已授权、原创、本校、公文、未知")
    particulars = {name: " ".join(value.split()) for name, value in found.items()}
    title = particulars.pop("title", "") or text.split(maxsplit=1)[0][:40]
    given: dict[str, Any] = {name: value for name, value in particulars.items() if value}
    return Work(id="", title=title, text=text, licence=licence, **given)


@lru_cache(maxsize=256)
def _heading(cell: str) -> str:
    return cell.strip().strip("\ufeff").lower()
