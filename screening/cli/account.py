"""``screening account``: the accounts on platforms, and whose name they carry."""

from __future__ import annotations

from typing import Any

import click
from msgspec.structs import replace

from screening.cli.identity import as_option, format_option
from screening.cli.output import write
from screening.cli.registering import (
    add_commands,
    changed,
    given,
    registered,
    registrar_of,
    state_option,
)
from screening.document import SCHEMA, dumps
from screening.registry.names import school_name_in, skeleton
from screening.registry.records import Account, Standing
from screening.registry.registry import Registry
from screening.reports.safe import visible

_FOUND = 1
_PLATFORM = ("--platform", "--kind")
_ADMINISTRATOR = click.option("--administrator", metavar="PERSON", help="平台管理员，直接责任人。")
_RESPONSIBLE = click.option("--responsible", metavar="PERSON", help="部门负责人，第一责任人。")
_NOTE = "宣传部同意破例的理由：同一平台开第二个账号，或名称里有别的部门。"


@click.group()
def account() -> None:
    """登记平台账号，核对账号名称。

    示例：screening account list
    """


@account.command()
@click.argument("key", metavar="ID")
@click.option("--name", "title", required=True, metavar="TEXT", help="账号在平台上的名称。")
@click.option(*_PLATFORM, "platform", required=True, metavar="TEXT", help="微信公众号、微博、抖音…")
@click.option("--level", type=click.IntRange(1, 2), required=True, help="1 校级一级平台，2 二级。")
@click.option("--department", required=True, metavar="ID", help="主管部门的编号或名称。")
@_ADMINISTRATOR
@_RESPONSIBLE
@click.option("--note", default="", metavar="TEXT", help=_NOTE)
@as_option
@format_option
@click.pass_obj
def add(
    home: str | None, /, *, key: str, title: str, claim: str | None, name: str, **rest: Any
) -> None:
    """登记一个账号。

    一个部门在一个平台上只开一个账号（第11条）；名称里不得有别的部门（第4条）。

    \b
    示例：
      screening account add jidian-wechat --name 机电学院青年 --platform 微信公众号 \\
        --level 2 --department jidian --administrator lishili --responsible wangshili
    """  # noqa: D301 - click wants the character itself
    registrar = registrar_of(home)
    parts = _resolved(registrar.registry(), rest)
    registered(registrar, Account(key, title.strip(), **parts), claim, name)


@account.command()
@click.argument("key", metavar="ID")
@click.option("--name", "title", metavar="TEXT", help="账号在平台上的名称。")
@click.option(*_PLATFORM, "platform", metavar="TEXT", help="微信公众号、微博、抖音…")
@click.option("--level", type=click.IntRange(1, 2), help="1 校级一级平台，2 二级。")
@click.option("--department", metavar="ID", help="主管部门的编号或名称。")
@_ADMINISTRATOR
@_RESPONSIBLE
@click.option("--note", metavar="TEXT", help=_NOTE)
@state_option
@as_option
@format_option
@click.pass_obj
def change(
    home: str | None,
    /,
    *,
    key: str,
    title: str | None,
    state: str | None,
    claim: str | None,
    name: str,
    **rest: Any,
) -> None:
    """更改一个账号，没写的不变。

    \b
    示例：
      screening account change jidian-wechat --administrator zhaoshili
      screening account change jidian-wechat --state closed
    """  # noqa: D301 - click wants the character itself
    registrar = registrar_of(home)
    registry = registrar.registry()
    parts = given(name=title, state=state and Standing(state), **_resolved(registry, rest))
    changed(registrar, replace(registry.account(key), **parts), claim, name)


@account.command()
@click.argument("title", metavar="NAME")
@format_option
@click.pass_context
def check(ctx: click.Context, title: str, name: str) -> None:
    """核对一个账号名称：有没有登记，带没带校名（第4条）。

    全角、大小写、形近字、拆字都认得出。没有登记却带校名的，退出码为 1。

    \b
    示例：
      screening account check 温职院万能墙
    """  # noqa: D301 - click wants the character itself
    registrar = registrar_of(ctx.obj)
    known = [
        item.id
        for item in registrar.registry().accounts.values()
        if skeleton(item.name) == skeleton(title) and item.state is not Standing.CLOSED
    ]
    carried = school_name_in(title, registrar.school)
    if name == "json":
        found = {"name": title, "accounts": known, "school": carried}
        write(dumps({"schema": SCHEMA} | found) + "\n", name, None)
    elif known:
        click.echo(f"“{visible(title)}”是登记在册的账号 {'、'.join(known)}。")
    elif carried:
        click.echo(
            f"“{visible(title)}”带有校名“{carried}”，却没有登记：未经授权不得使用（第4条）。"
        )
        click.echo("确是本校账号的，请到宣传部登记备案（第11条）；冒用的，请报告宣传部（第6条）。")
    else:
        click.echo(f"“{visible(title)}”没有登记，也不带校名。")
    ctx.exit(_FOUND if carried and not known else 0)


def _resolved(registry: Registry, parts: dict[str, Any]) -> dict[str, Any]:
    """Put ids in the place of names of departments and people."""
    parts = given(**parts)
    if "department" in parts:
        parts["department"] = registry.department(parts["department"]).id
    for post in ("administrator", "responsible"):
        if post in parts:
            parts[post] = registry.person(parts[post]).id
    return parts


add_commands(account, "account")
