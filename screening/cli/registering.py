"""What department, person and account have in common: list, show, import, and what to say."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

import click

from screening.cli.identity import as_option, format_option, identified_if_any
from screening.cli.input import read_bytes
from screening.cli.output import write, write_bytes
from screening.cli.tables import entry, table
from screening.document import SCHEMA, dumps
from screening.errors import UsageError
from screening.registry import open_registrar
from screening.registry.exchange import read_table, to_csv, to_excel
from screening.registry.exchange import table as rows_of
from screening.registry.records import Entity, Standing, to_plain
from screening.registry.registrar import Registrar
from screening.registry.registry import Registry
from screening.settings import load_settings

#: kind → what its list is called in JSON
PLURALS = {"department": "departments", "person": "people", "account": "accounts"}
#: kind → the column of its list that gives way
_FLEXIBLE = {"department": "名称", "person": "部门", "account": "名称"}
#: kind → columns that its list leaves to ``show`` and to spreadsheets
_NARROW = {"account": {"管理员", "负责人", "说明"}}
state_option = click.option(
    "--state",
    type=click.Choice([item.value for item in Standing]),
    help="active 在用，suspended 暂停，closed 注销。",
)


def registrar_of(home: str | None) -> Registrar:
    """Open the registrar of a home."""
    return open_registrar(load_settings(home))


def add_commands(group: click.Group, kind: str) -> None:
    """Give ``group`` the commands list, show and import for records of ``kind``."""
    label = {"department": "部门", "person": "人员", "account": "账号"}[kind]
    for make in (_list_command, _show_command, _import_command):
        group.add_command(make(kind, label))


def registered(registrar: Registrar, record: Entity, claim: str | None, name: str) -> None:
    """Register ``record`` as new, and show it."""
    registrar.add(record, identified_if_any(registrar, claim))
    _say(registrar, record, name, "已登记")


def changed(registrar: Registrar, record: Entity, claim: str | None, name: str) -> None:
    """Register ``record`` in the place of the one with its id, and show it."""
    done = registrar.put([record], identified_if_any(registrar, claim))
    _say(registrar, record, name, "没有变化" if done.same else "已更改")


def given(**values: Any) -> dict[str, Any]:
    """Return the options that were given on the command line."""
    return {name: value for name, value in values.items() if value is not None}


def _say(registrar: Registrar, record: Entity, name: str, done: str) -> None:
    if name == "text":
        click.echo(f"{done}：{record.label} {record.id}")
    _show(registrar.registry(), record, name)


def _records(registry: Registry, kind: str) -> Sequence[Entity]:
    return sorted((item for item in registry if item.kind == kind), key=lambda item: item.id)


def _list_command(kind: str, label: str) -> click.Command:
    @click.command(
        "list",
        help=f"""列出登记的{label}。

    csv 和 xlsx 用中文列名，改好后可用 screening {kind} import 读回来。

    \b
    示例：
      screening {kind} list
      screening {kind} list --format xlsx --output {label}.xlsx
    """,
    )
    @click.option(
        "--format",
        "name",
        type=click.Choice(["text", "json", "csv", "xlsx"]),
        default="text",
        help="输出的格式，默认 text。",
    )
    @click.option("--output", metavar="FILE", help="写入文件，默认写到屏幕。")
    @click.pass_obj
    def listing(home: str | None, name: str, output: str | None) -> None:
        registry = registrar_of(home).registry()
        records = _records(registry, kind)
        rows = rows_of(kind, records, registry)
        if name == "json":
            listed = [to_plain(item) for item in records]
            write(dumps({"schema": SCHEMA, PLURALS[kind]: listed}) + "\n", name, output)
        elif name == "text":
            lines = _lines(rows, kind) if records else [_nothing(kind, label)]
            write("\n".join(lines) + "\n", name, output)
        else:
            _spreadsheet(rows, name, output)

    return listing


def _lines(rows: list[list[str]], kind: str) -> list[str]:
    """Return a table of the columns that fit a terminal; ids are never cut."""
    places = [at for at, heading in enumerate(rows[0]) if heading not in _NARROW.get(kind, ())]
    headings, *rest = ([row[at] for at in places] for row in rows)
    return table(headings, rest, _FLEXIBLE[kind], {"编号": 40})


def _nothing(kind: str, label: str) -> str:
    return f"还没有登记{label}。登记的办法：screening {kind} add --help"


def _spreadsheet(rows: list[list[str]], name: str, output: str | None) -> None:
    if name == "xlsx" and output is None and sys.stdout.isatty():
        raise UsageError("U002", problem="Excel 文件不能显示在屏幕上，请加 --output")
    write_bytes(to_excel(rows) if name == "xlsx" else to_csv(rows), output)


def _show_command(kind: str, label: str) -> click.Command:
    example = {"department": "jidian", "person": "lishili", "account": "jidian-wechat"}[kind]

    @click.command(
        "show",
        help=f"""显示一条{label}登记。

    ID 是编号；名称没有重复时，也可以写名称。

    \b
    示例：
      screening {kind} show {example}
    """,
    )
    @click.argument("key", metavar="ID")
    @format_option
    @click.pass_obj
    def showing(home: str | None, key: str, name: str) -> None:
        registry = registrar_of(home).registry()
        _show(registry, getattr(registry, kind)(key), name)

    return showing


def _show(registry: Registry, record: Entity, name: str) -> None:
    if name == "json":
        write(dumps({"schema": SCHEMA, record.kind: to_plain(record)}) + "\n", name, None)
        return
    headings, *rows = rows_of(record.kind, [record], registry)
    for at, heading in enumerate(headings):
        values = dict.fromkeys(row[at] for row in rows)
        if any(values):
            click.echo("\n".join(entry(heading, "、".join(values))))


def _import_command(kind: str, label: str) -> click.Command:
    @click.command(
        "import",
        help=f"""从 CSV 或 Excel 登记{label}，编号已有的照表更改。

    首行写列名，样子见 screening {kind} list --format csv。有一行不对，整张表都不登记。
    FILE 写“-”则读标准输入。

    \b
    示例：
      screening {kind} import {label}.xlsx
    """,
    )
    @click.argument("file", metavar="FILE")
    @as_option
    @format_option
    @click.pass_obj
    def importing(home: str | None, file: str, claim: str | None, name: str) -> None:
        registrar = registrar_of(home)
        by = identified_if_any(registrar, claim)
        done = registrar.put(read_table(read_bytes(file), kind, registrar.registry()), by)
        counts = {"added": done.added, "changed": done.changed, "same": done.same}
        if name == "json":
            ids = {word: [item.id for item in items] for word, items in counts.items()}
            write(dumps({"schema": SCHEMA} | ids) + "\n", name, None)
        else:
            click.echo(
                f"新登记 {len(done.added)} 条，更改 {len(done.changed)} 条，"
                f"没有变化 {len(done.same)} 条。"
            )

    return importing
