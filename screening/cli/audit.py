"""``screening audit``: is the record whole and unaltered?"""

from __future__ import annotations

import click
from msgspec import to_builtins

from screening.cli.identity import format_option
from screening.cli.output import write
from screening.database.verify import Fault
from screening.document import SCHEMA, dumps
from screening.settings import load_settings
from screening.tickets import open_desk

_FOUND = 1
_SHOWN = 50


@click.group()
def audit() -> None:
    """核对审批记录。

    示例：screening audit verify
    """


@audit.command()
@click.option("--head", metavar="DIGEST", help="上次抄下的链尾；不在链上，说明末尾被截去过。")
@format_option
@click.pass_context
def verify(ctx: click.Context, head: str | None, name: str) -> None:
    """核对全部记录：有没有被改动、删去、插入、调换，稿件和登记表有没有被改动。

    每条记录都带着前一条的摘要，动了哪一条都看得出来。把链尾抄在别处，下次用 --head 核对，
    末尾有没有被截去也看得出来。有不符的，退出码为 1。

    \b
    示例：
      screening audit verify
    """  # noqa: D301 - click wants the character itself
    done = open_desk(load_settings(ctx.obj)).audit(head)
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
        for fault in done.faults[:_SHOWN]:
            click.echo(_said(fault))
        if len(done.faults) > _SHOWN:
            click.echo(f"……共 {len(done.faults)} 处")
        verdict = f"有 {len(done.faults)} 处不符" if done.faults else "没有被改动过"
        click.echo(f"共 {done.events} 条记录，{verdict}。")
        click.echo(f"链尾 {done.head}")
    ctx.exit(_FOUND if done.faults else 0)


def _said(fault: Fault) -> str:
    where = f"第 {fault.sequence} 条记录" if fault.sequence is not None else ""
    ticket = f"（审批单 {fault.ticket}）" if fault.ticket and where else ""
    if fault.ticket and not where:
        where = f"审批单 {fault.ticket} "
    return f"{where}{fault.problem}{ticket}"
