"""``screening audit``: is the record whole and unaltered? And the record handed out."""

from __future__ import annotations

from datetime import datetime, timedelta

import click
from msgspec import to_builtins

from screening.cli.identity import format_option
from screening.cli.input import read_bytes
from screening.cli.output import write, write_bytes
from screening.cli.times import moment
from screening.database.verify import Fault
from screening.document import SCHEMA, dumps
from screening.errors import UsageError
from screening.settings import load_settings
from screening.tickets import open_archive
from screening.tickets.audit import Audit

_FOUND = 1
_SHOWN = 50
_DAY = len("2026-03-05")


@click.group()
def audit() -> None:
    """核对和导出审批记录。

    示例：screening audit verify
    """


@audit.command()
@click.option("--head", metavar="DIGEST", help="上次抄下的链尾；不在链上，说明末尾被截去过。")
@click.option("--file", metavar="FILE", help="核对一个导出的文件，不需要审批库。")
@format_option
@click.pass_context
def verify(ctx: click.Context, head: str | None, file: str | None, name: str) -> None:
    """核对全部记录：有没有被改动、删去、插入、调换，放行单的签名对不对。

    每条记录都带着前一条的摘要，动了哪一条都看得出来；稿件、登记表与记录不符也看得出来。
    把链尾抄在别处，下次用 --head 核对，末尾有没有被截去也看得出来。有不符的，退出码为 1。

    \b
    示例：
      screening audit verify
      screening audit verify --file 审批记录.jsonl
    """  # noqa: D301 - click wants the character itself
    if file is None:
        done = open_archive(load_settings(ctx.obj)).audit(head)
    else:
        from screening.tickets.audit_export import audit_export  # noqa: PLC0415 - only for files

        done = audit_export(read_bytes(file), head)
    if name == "json":
        whole = {
            "schema": SCHEMA,
            "whole": not done.faults,
            "events": done.events,
            "head": done.head,
            "faults": to_builtins(done.faults),
        }
        write(dumps(whole) + "\n", name, None)
    else:
        _tell(done)
    ctx.exit(_FOUND if done.faults else 0)


@audit.command()
@click.option("--ticket", "number", metavar="NUMBER", help="只要一张审批单的记录。")
@click.option("--since", metavar="TIME", help="从这一天或这个时间起，如 2026-03-01。")
@click.option("--until", metavar="TIME", help="到这一天（含）或这个时间为止。")
@click.option(
    "--format",
    "name",
    type=click.Choice(["jsonl", "docx"]),
    default="jsonl",
    help="jsonl 是逐条的记录；docx 是一张单的审批表，可以打印。默认 jsonl。",
)
@click.option("--output", metavar="FILE", help="写入文件，默认写到屏幕。")
@click.pass_obj
def export(
    home: str | None,
    *,
    number: str | None,
    since: str | None,
    until: str | None,
    name: str,
    output: str | None,
) -> None:
    """导出审批记录，或一张审批单的审批表。

    记录每行一条 JSON，带着前后相连的摘要，拿到别处也能用 audit verify --file 核对。
    审批表是 A4 的 Word 文件：稿件、软件的发现和答复、各级意见、放行。

    \b
    示例：
      screening audit export --output 审批记录.jsonl
      screening audit export --ticket 2026-0001 --format docx --output 审批表.docx
    """  # noqa: D301 - click wants the character itself
    archive = open_archive(load_settings(home))
    if name == "jsonl":
        lines = archive.export(number, moment(since), _end(until))
        write("".join(f"{line}\n" for line in lines), name, output)
        return
    if number is None or since or until:
        raise UsageError("U002", problem="审批表是一张单的，请用 --ticket 写明编号")
    from screening.reports.form import render  # noqa: PLC0415 - python-docx is slow

    write_bytes(render(archive.ticket(number), archive.registry()), output)


def _end(text: str | None) -> datetime | None:
    """Return the end of a period: a day belongs to it whole."""
    end = moment(text)
    whole = text is not None and len(text.strip()) <= _DAY
    return end + timedelta(days=1) if end and whole else end


def _tell(done: Audit) -> None:
    for fault in done.faults[:_SHOWN]:
        click.echo(_said(fault))
    if len(done.faults) > _SHOWN:
        click.echo(f"……共 {len(done.faults)} 处")
    verdict = f"有 {len(done.faults)} 处不符" if done.faults else "没有被改动过"
    click.echo(f"共 {done.events} 条记录，{verdict}。")
    click.echo(f"链尾 {done.head}")


def _said(fault: Fault) -> str:
    where = f"第 {fault.sequence} 条记录" if fault.sequence is not None else ""
    ticket = f"（审批单 {fault.ticket}）" if fault.ticket and where else ""
    if fault.ticket and not where:
        where = f"审批单 {fault.ticket} "
    return f"{where}{fault.problem}{ticket}"
