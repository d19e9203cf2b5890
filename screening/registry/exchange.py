"""The registry as tables with Chinese headings: CSV and Excel, in and out."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

from msgspec.structs import replace

from screening.errors import RegistryError
from screening.registry.records import (
    Account,
    Department,
    Entity,
    Person,
    Post,
    Role,
    Standing,
)
from screening.registry.registry import Registry
from screening.text.decoding import decode

#: kind → column → the headings that mean it; the first is written
HEADINGS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "department": {
        "id": ("编号", "id"),
        "name": ("名称", "部门", "部门名称", "name"),
        "branch": ("党组织", "branch"),
        "state": ("状态", "state"),
    },
    "person": {
        "id": ("编号", "工号", "id"),
        "name": ("姓名", "name"),
        "role": ("职务", "角色", "role"),
        "department": ("部门", "department"),
        "state": ("状态", "state"),
    },
    "account": {
        "id": ("编号", "账号", "id"),
        "name": ("名称", "账号名称", "name"),
        "platform": ("平台", "平台类型", "platform"),
        "level": ("级别", "level"),
        "department": ("部门", "主管部门", "department"),
        "administrator": ("管理员", "平台管理员", "administrator"),
        "responsible": ("负责人", "第一责任人", "responsible"),
        "state": ("状态", "state"),
        "note": ("说明", "备注", "note"),
    },
}
_REQUIRED = {
    "department": ("id", "name"),
    "person": ("id", "name"),
    "account": ("id", "name", "platform", "level", "department"),
}
_LEVELS = {"1": 1, "一级": 1, "一": 1, "2": 2, "二级": 2, "二": 2}
_EXCEL = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
AnyEnum = TypeVar("AnyEnum", Role, Standing)


def read_table(data: bytes, kind: str, registry: Registry) -> list[Entity]:
    """Read records of ``kind`` from CSV or Excel; departments and people may go by their names.

    A person with several posts stands on several rows.

    Raises:
        RegistryError: R004, the table makes no sense; R001, it names what is not registered.
    """
    rows = _excel(data, kind) if data.startswith(_EXCEL) else _csv(data, kind)
    headings, *rest = rows or [[]]
    columns = _columns(headings, kind)
    records: dict[str, Entity] = {}
    for line, cells in enumerate(rest, 2):
        if any(cells):
            values = {name: cells[at] if at < len(cells) else "" for name, at in columns.items()}
            try:
                record = _record(values, kind, registry)
            except RegistryError as error:
                error.where = error.where or f"第{line}行"
                raise
            records[record.id] = _merged(records.get(record.id), record, kind, line)
    return list(records.values())


def table(kind: str, records: Iterable[Entity], registry: Registry) -> list[list[str]]:
    """Return rows under Chinese headings, names instead of the ids of departments."""
    rows = [[names[0] for names in HEADINGS[kind].values()]]
    for record in records:
        for post in _posts(record):
            values = _values(record, post, registry)
            rows.append([values[name] for name in HEADINGS[kind]])
    return rows


def to_csv(rows: Sequence[Sequence[str]]) -> bytes:
    """Write a table as CSV that Excel opens; cells that look like formulas are quoted."""
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows(
        ["'" + cell if cell[:1] in ("=", "+", "-", "@") else cell for cell in row] for row in rows
    )
    return buffer.getvalue().encode("utf-8-sig")


def to_excel(rows: Sequence[Sequence[str]]) -> bytes:
    """Write a table as an Excel workbook; every cell is text."""
    import xlsxwriter  # noqa: PLC0415 - only an export needs it

    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet("登记表")
        bold = book.add_format({"bold": True})
        for line, row in enumerate(rows):
            for column, cell in enumerate(row):
                sheet.write_string(line, column, cell, bold if line == 0 else None)
        sheet.freeze_panes(1, 0)
        sheet.autofit()
    return buffer.getvalue()


def _excel(data: bytes, kind: str) -> list[list[str]]:
    import python_calamine  # noqa: PLC0415 - only an Excel import needs it

    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        rows = book.get_sheet_by_index(0).to_python()
    except (python_calamine.CalamineError, ValueError, IndexError, OSError) as error:
        raise _bad(kind, "不是能读的 Excel 文件") from error
    return [[_text(cell) for cell in row] for row in rows]


def _csv(data: bytes, kind: str) -> list[list[str]]:
    text, _ = decode(data)
    try:
        rows = list(csv.reader(io.StringIO(text), strict=True))
    except csv.Error as error:
        raise _bad(kind, "引号不成对") from error
    return [[cell.strip().removeprefix("'") for cell in row] for row in rows]


def _text(cell: Any) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def _columns(headings: Sequence[str], kind: str) -> dict[str, int]:
    """Return column → place, told by the headings."""
    names = {name: column for column, ways in HEADINGS[kind].items() for name in ways}
    columns = {names[head]: at for at, head in enumerate(headings) if head in names}
    missing = [HEADINGS[kind][name][0] for name in _REQUIRED[kind] if name not in columns]
    if missing:
        raise _bad(kind, f"首行缺少列名“{'”“'.join(missing)}”")
    return columns


def _record(values: Mapping[str, str], kind: str, registry: Registry) -> Entity:
    state = _one_of(Standing, values.get("state") or Standing.ACTIVE.label, kind, "状态")
    if kind == "department":
        return Department(values["id"], values["name"], values.get("branch", ""), state)
    if kind == "person":
        posts: tuple[Post, ...] = ()
        if values.get("role"):
            role = _one_of(Role, values["role"], kind, "职务")
            posts = (Post(role, registry.department(values.get("department", "")).id),)
        return Person(values["id"], values["name"], posts, state)
    if values["level"] not in _LEVELS:
        raise _bad(kind, f"级别“{values['level']}”应为 1 或 2")
    return Account(
        id=values["id"],
        name=values["name"],
        platform=values["platform"],
        level=_LEVELS[values["level"]],
        department=registry.department(values["department"]).id,
        administrator=_person(values.get("administrator"), registry),
        responsible=_person(values.get("responsible"), registry),
        state=state,
        note=values.get("note", ""),
    )


def _merged(known: Entity | None, record: Entity, kind: str, line: int) -> Entity:
    if known is None:
        return record
    if isinstance(known, Person) and isinstance(record, Person):
        posts = tuple(sorted({*known.posts, *record.posts}))
        if replace(known, posts=posts) == replace(record, posts=posts):
            return replace(known, posts=posts)
    raise _bad(kind, f"编号 {record.id} 出现了两次，内容不同", f"第{line}行")


def _person(name: str | None, registry: Registry) -> str | None:
    return registry.person(name).id if name else None


def _one_of(words: type[AnyEnum], word: str, kind: str, what: str) -> AnyEnum:
    for item in words:
        if word in (item.label, item.value):
            return item
    labels = "、".join(item.label for item in words)
    raise _bad(kind, f"{what}“{word}”应为 {labels} 之一")


def _posts(record: Entity) -> Sequence[Post | None]:
    return record.posts or (None,) if isinstance(record, Person) else (None,)


def _values(record: Entity, post: Post | None, registry: Registry) -> dict[str, str]:
    values = {name: getattr(record, name, None) for name in HEADINGS[record.kind]}
    if post is not None:
        values |= {"role": post.role.label, "department": post.department}
    if values.get("department"):
        values["department"] = registry.department_name(values["department"])
    values["state"] = record.state.label
    return {name: "" if value is None else str(value) for name, value in values.items()}


def _bad(kind: str, problem: str, where: str = "") -> RegistryError:
    return RegistryError("R004", problem=problem, command=kind, where=where)
