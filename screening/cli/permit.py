"""``screening permit``: is this file what was approved, and does the permit still hold?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from msgspec import Struct, to_builtins

from screening import clock
from screening.cli.identity import format_option
from screening.cli.input import encoding_option, read_bytes
from screening.cli.key import keyring
from screening.cli.output import write
from screening.cli.releasing import write_permit
from screening.cli.tables import entry
from screening.cli.times import moment, planned_option
from screening.clock import local
from screening.document import SCHEMA, dumps
from screening.errors import UsageError
from screening.readers import read_draft
from screening.reports.permit import facts, page
from screening.settings import load_settings
from screening.tickets import open_archive
from screening.tickets.keys import Key, read_key
from screening.tickets.permit import Permit, Signed, faults, objections, parse
from screening.tickets.revocations import listed, read_revocations
from screening.tickets.ticket import Kind, State

_FOUND = 1
_BY = {"store": "审批库", "list": "作废名单"}


class _Compared(Struct, frozen=True):
    """Where a permit was looked up: a key of :data:`_BY`, None for nowhere, and as of when."""

    by: str | None
    as_of: datetime | None
    problems: list[str]


_NOTHING = _Compared(None, None, [])


@click.group()
def permit() -> None:
    """核对放行单。

    示例：screening permit verify 放行单-2026-0001.json 新闻稿.docx
    """


@permit.command()
@click.argument("file", metavar="PERMIT")
@click.argument("path", metavar="PATH")
@click.option("--key", "keys", multiple=True, metavar="FILE", help="公钥文件，可写多次。")
@click.option("--revocations", metavar="FILE", help="学校签名的作废名单。")
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
    revocations: str | None,
    account: str | None,
    planned: str | None,
    at: str | None,
    title: str | None,
    encoding: str | None,
    name: str,
) -> None:
    """核对放行单是真的，要发布的文件就是批准的内容。

    写了 --key，不需要审批库和网络，有公钥就行；放行之后有没有作废，要另有作废名单才知道。
    没写 --key，就用工作目录里的公钥和审批库，作废了的看得出来。
    不符的，退出码为 1。

    \b
    示例：
      screening permit verify 放行单-2026-0001.json 新闻稿.docx --key 公钥.json
      screening permit verify 放行单-2026-0001.json 新闻稿.docx --key 公钥.json \\
        --revocations 作废名单.json
    """  # noqa: D301 - click wants the character itself
    signed = parse(read_bytes(file))
    known = _keys(ctx.obj, keys)
    problems, compared = faults(signed, known), _NOTHING
    if not problems:
        compared = _compared(ctx.obj, signed, known, revocations, offline=bool(keys))
        digest = read_draft(path, title=title, encoding=encoding).digest
        now = moment(at) or clock.now()
        when = moment(planned)
        wrong = objections(signed.read(), digest, now, account=account, planned=when)
        problems = [*compared.problems, *wrong]
    if name == "json":
        whole: dict[str, Any] = {"schema": SCHEMA, "valid": not problems, "problems": problems}
        as_of = compared.as_of and compared.as_of.isoformat()
        whole["revocations"] = {"by": compared.by, "as_of": as_of}
        write(dumps(whole | {"permit": signed.permit}) + "\n", name, None)
    elif problems:
        click.echo("\n".join(f"不能发布：{problem}。" for problem in problems))
    else:
        click.echo("\n".join(_approved(signed.read(), compared)))
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
    if found.status.state is State.REVOKED:
        problem = f"审批单 {number} 的放行单已于 {local(found.status.since)} 作废"
        raise UsageError("U002", problem=problem)
    signed = parse(dumps(released[-1].payload["permit"]))
    if output is not None:
        click.echo("\n".join(write_permit(signed, Path(output))))
    elif name == "html":
        write(page(signed), name, None)
    else:
        write(dumps(to_builtins(signed)) + "\n", name, None)


@permit.command()
@click.option("--output", metavar="FILE", help="写入文件，默认写到屏幕。")
@click.pass_obj
def revocations(home: str | None, output: str | None) -> None:
    """给出作废名单：放行之后作废的所有放行单，用学校的密钥签名。

    交给只凭公钥核对放行单的人，核对时用 --revocations 指定。名单只说明到签名那一刻为止，
    作废一张之后要重新取；作废的理由不在名单里。

    \b
    示例：
      screening permit revocations --output 作废名单.json
    """  # noqa: D301 - click wants the character itself
    settings = load_settings(home)
    key = keyring(settings.home).active()
    signed = open_archive(settings).revocations(key, clock.now())
    write(dumps(to_builtins(signed)) + "\n", "json", output)


def _compared(
    home: str | None,
    signed: Signed,
    keys: Mapping[str, Key],
    file: str | None,
    *,
    offline: bool,
) -> _Compared:
    """Look a permit up in a list of revocations, and in the store unless ``offline``."""
    problems = [] if offline else open_archive(load_settings(home)).objections(signed)
    if file is not None:
        known = read_revocations(read_bytes(file), keys)
        return _Compared("list", known.issued, [*problems, *listed(signed, known)])
    return _NOTHING if offline else _Compared("store", clock.now(), problems)


def _approved(found: Permit, compared: _Compared) -> list[str]:
    lines = ["可以发布：放行单是真的，文件就是批准的内容。"]
    for label, value in facts(found):
        lines += entry(label, value)
    if compared.as_of is None:
        said = "没有对照作废名单，放行之后作废的看不出来；名单请用 --revocations 指定"
    else:
        said = f"没有作废（{_BY[compared.by or '']}，截至 {local(compared.as_of)}）"
    return [*lines, *entry("作废", said)]


def _keys(home: str | None, files: Sequence[str]) -> dict[str, Key]:
    if files:
        return {key.id: key for key in map(read_key, map(Path, files))}
    return dict(keyring(load_settings(home).home).keys())
