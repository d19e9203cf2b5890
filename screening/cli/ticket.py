"""``screening ticket``: list tickets, and show one with the report on its newest revision."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

from screening.cli.output import wants_colour, write
from screening.document import SCHEMA, dumps, to_document
from screening.finding import Target, Verdict
from screening.regulation import load_regulation
from screening.reports import render
from screening.reports.columns import clip, pad, width, wrap
from screening.reports.content import Options
from screening.reports.safe import visible
from screening.settings import load_settings
from screening.tickets import open_desk
from screening.tickets.ticket import Entry, State, Ticket

COLUMNS = 80
_LABEL = 8
_GAP = 2

#: Column headings → widths; the title takes what is left.
_WIDTHS = {"编号": 9, "状态": 10, "标题": 0, "结论": 8, "终审": 6, "编辑": 8, "日期": 5}
_VERDICTS = {Verdict.PASS: "未见问题", Verdict.REVIEW: "须核对", Verdict.BLOCK: "须修改"}
_ROUTES = {Target.DEPARTMENT: "部门", Target.PUBLICITY: "宣传部"}
_FORMAT = click.option(
    "--format",
    "name",
    type=click.Choice(["text", "json"]),
    default="text",
    help="输出的格式，默认 text。",
)


@click.group()
def ticket() -> None:
    """查看审批单。

    \b
    示例：
      screening ticket list --state awaiting_department
    """  # noqa: D301 - click wants the character itself


@ticket.command("list")
@click.option(
    "--state",
    type=click.Choice([State.BLOCKED.value, State.AWAITING_DEPARTMENT.value]),
    metavar="STATE",
    help="只列一种状态的审批单，默认全部。",
)
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="只列最近的 N 张。")
@_FORMAT
@click.pass_obj
def list_tickets(home: str | None, state: str | None, limit: int | None, name: str) -> None:
    """列出审批单，最近的在前。

    状态：blocked 须修改；awaiting_department 待部门审批。

    \b
    示例：
      screening ticket list --state blocked --limit 20
    """  # noqa: D301 - click wants the character itself
    wanted = State(state) if state else None
    entries = open_desk(load_settings(home)).tickets(wanted, limit)
    if name == "json":
        whole = {"schema": SCHEMA, "tickets": [summary(item) for item in entries]}
        write(dumps(whole) + "\n", name, None)
    elif entries:
        click.echo("\n".join(table(entries)))
    elif wanted:
        click.echo(f"没有“{wanted.label}”的审批单。")
    else:
        click.echo("还没有审批单。提交第一份：")
        click.echo("  screening submit 稿件.docx --account 账号 --editor 姓名")


@ticket.command()
@click.argument("number", metavar="NUMBER")
@_FORMAT
@click.pass_obj
def show(home: str | None, number: str, name: str) -> None:
    """显示一张审批单，附最近一稿的审查报告。

    NUMBER 是审批单的编号，可用 screening ticket list 查看。

    \b
    示例：
      screening ticket show 2026-0001
    """  # noqa: D301 - click wants the character itself
    found = open_desk(load_settings(home)).ticket(number)
    write(written(found, name), name, None)


def written(found: Ticket, name: str) -> str:
    """Return a ticket with the report on its newest revision, as ``name`` "text" or "json"."""
    screening = found.revision.screening
    if name == "json":
        drafts = [to_document(screening)]
        return dumps({"schema": SCHEMA, "ticket": head(found), "drafts": drafts}) + "\n"
    lines = [
        *_line("审批单", f"{found.number}（第{found.status.drafts}稿）"),
        *_line("状态", found.status.state.label),
        *_line("账号", found.account),
        *_line("编辑", found.editor),
        *_line("送审", f"{found.events[-1].at.astimezone():%Y-%m-%d %H:%M}"),
        *_line("下一步", next_step(found)),
    ]
    options = Options(colour=wants_colour(None))
    return "\n".join(lines) + "\n" + render("text", [screening], load_regulation(), options)


def next_step(entry: Entry) -> str:
    """Say who has to do what now."""
    if entry.status.state is State.BLOCKED:
        return f"请按下面的意见修改稿件，改好后加上 --ticket {entry.number} 重新提交。"
    head_of = f"请{entry.department or '部门'}负责人"
    if entry.status.route is Target.PUBLICITY:
        return f"{head_of}审核，再报宣传部审批；批准之前不得发布。"
    return f"{head_of}审批；批准之前不得发布。"


def head(entry: Entry) -> dict[str, Any]:
    """Return what a ticket is, without its draft, as plain JSON values."""
    return {
        "number": entry.number,
        "state": entry.status.state.value,
        "account": entry.account,
        "editor": entry.editor,
        "department": entry.department,
        "created": entry.created.isoformat(),
        "revision": entry.status.drafts,
    }


def summary(entry: Entry) -> dict[str, Any]:
    """Return one entry of ``ticket list --format json``."""
    status = entry.status
    return head(entry) | {
        "title": status.title,
        "verdict": status.verdict.value,
        "route": status.route.value,
    }


def table(entries: Sequence[Entry]) -> list[str]:
    """Return the lines of a table that is at most :data:`COLUMNS` wide."""
    widths = _WIDTHS | {"编号": max(width(item.number) for item in entries)}
    widths["标题"] = COLUMNS - sum(widths.values()) - _GAP * (len(widths) - 1)
    rows = [list(widths), *map(_row, entries)]
    return [
        (" " * _GAP)
        .join(pad(clip(cell, size), size) for cell, size in zip(row, widths.values(), strict=True))
        .rstrip()
        for row in rows
    ]


def _row(entry: Entry) -> list[str]:
    status = entry.status
    title = visible(status.title).replace("\n", " ").strip() or "（没有标题）"
    return [
        entry.number,
        status.state.label,
        title,
        _VERDICTS[status.verdict],
        _ROUTES[status.route],
        visible(entry.editor),
        f"{entry.created.astimezone():%m-%d}",
    ]


def _line(label: str, text: str) -> list[str]:
    """Return ``text`` beside its label, in lines of at most :data:`COLUMNS`."""
    first, *rest = wrap(visible(text), COLUMNS - _LABEL)
    return [pad(label, _LABEL) + first, *(" " * _LABEL + line for line in rest)]
