"""``screening permit``: is this file what was approved? Needs no store, only the public key."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click
from msgspec import to_builtins

from screening import clock
from screening.cli.identity import format_option
from screening.cli.input import encoding_option, read_bytes
from screening.cli.key import keyring
from screening.cli.output import write
from screening.cli.releasing import write_permit
from screening.cli.tables import entry
from screening.cli.times import moment, planned_option
from screening.document import SCHEMA, dumps
from screening.errors import UsageError
from screening.readers import read_draft
from screening.reports.permit import facts, page
from screening.settings import load_settings
from screening.tickets import open_archive
from screening.tickets.keys import Key, read_key
from screening.tickets.permit import Permit, faults, objections, parse
from screening.tickets.ticket import Kind

_FOUND = 1


@click.group()
def permit() -> None:
    """核对放行单。

    示例：screening permit verify 放行单-2026-0001.json 新闻稿.docx
    """


@permit.command()
@click.argument("file", metavar="PERMIT")
@click.argument("path", metavar="PATH")
@click.option("--key", "keys", multiple=True, metavar="FILE", help="公钥文件，可写多次。")
@click.option("--account", metavar="ID", help="要在哪个账号发布。")
@planned_option
@click.option("--at", metavar="TIME", help="什么时候发布，默认是现在。")
@click.option("--title", metavar="TEXT", help="送审时写了 --title 的，这里照写。")
@encoding_option
@format_option
@click.pass_context
def verify(
    ctx: click.Context,
    *,
    file: str,
    path: str,
    keys: Sequence[str],
    account: str | None,
    planned: str | None,
    at: str | None,
    title: str | None,
    encoding: str | None,
    name: str,
) -> None:
    """核对放行单是真的，要发布的文件就是批准的内容。

    不需要审批库和网络，有公钥就行；没写 --key，就用工作目录里的公钥。
    不符的，退出码为 1。

    \b
    示例：
      screening permit verify 放行单-2026-0001.json 新闻稿.docx --key 公钥.json
    """  # noqa: D301 - click wants the character itself
    signed = parse(read_bytes(file))
    problems = faults(signed, _keys(ctx.obj, keys))
    if not problems:
        digest = read_draft(path, title=title, encoding=encoding).digest
        now = moment(at) or clock.now()
        when = moment(planned)
        problems = list(objections(signed.read(), digest, now, account=account, planned=when))
    if name == "json":
        whole = {"schema": SCHEMA, "valid": not problems, "problems": problems}
        write(dumps(whole | {"permit": signed.permit}) + "\n", name, None)
    elif problems:
        click.echo("\n".join(f"不能发布：{problem}。" for problem in problems))
    else:
        click.echo("\n".join(_approved(signed.read())))
    ctx.exit(_FOUND if problems else 0)


@permit.command()
@click.argument("number", metavar="NUMBER")
@click.option("--output", metavar="DIR", help="把 .json 和 .html 写到这个文件夹，默认写到屏幕。")
@click.option(
    "--format",
    "name",
    type=click.Choice(["json", "html"]),
    default="json",
    help="写到屏幕的格式，默认 json。",
)
@click.pass_obj
def show(home: str | None, number: str, output: str | None, name: str) -> None:
    """重新取得一张审批单的放行单。

    \b
    示例：
      screening permit show 2026-0001 --output .
    """  # noqa: D301 - click wants the character itself
    found = open_archive(load_settings(home)).ticket(number)
    released = [event for event in found.events if event.kind is Kind.RELEASED]
    if not released:
        raise UsageError("U002", problem=f"审批单 {number} 还没有放行")
    signed = parse(dumps(released[-1].payload["permit"]))
    if output is not None:
        click.echo("\n".join(write_permit(signed, Path(output))))
    elif name == "html":
        write(page(signed), name, None)
    else:
        write(dumps(to_builtins(signed)) + "\n", name, None)


def _approved(found: Permit) -> list[str]:
    lines = ["可以发布：放行单是真的，文件就是批准的内容。"]
    for label, value in facts(found):
        lines += entry(label, value)
    return lines


def _keys(home: str | None, files: Sequence[str]) -> dict[str, Key]:
    if files:
        return {key.id: key for key in map(read_key, map(Path, files))}
    return dict(keyring(load_settings(home).home).keys())
