"""``screening person``: who works with drafts, in which posts, and their secrets."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click
from msgspec.structs import replace

from screening.cli.identity import as_option, format_option, identified_if_any
from screening.cli.registering import (
    add_commands,
    changed,
    given,
    registered,
    registrar_of,
    state_option,
)
from screening.errors import UsageError
from screening.registry.records import Person, Post, Role, Standing
from screening.registry.registry import Registry

_ROLE = click.option(
    "--role",
    "roles",
    multiple=True,
    metavar="ROLE=DEPARTMENT",
    help="职务和部门，可写多次：editor 编辑，administrator 平台管理员，head 部门负责人，"
    "publicity 宣传部审核员，system 系统管理员。",
)


@click.group()
def person() -> None:
    """登记人员、职务和口令。

    示例：screening person list
    """


@person.command()
@click.argument("key", metavar="ID")
@click.option("--name", "title", required=True, metavar="TEXT", help="姓名。")
@_ROLE
@as_option
@format_option
@click.pass_obj
def add(
    home: str | None, *, key: str, title: str, roles: tuple[str, ...], claim: str | None, name: str
) -> None:
    """登记一个人。

    ID 是这个人的编号，用字母和数字。登记之后用 screening person secret 设口令。

    \b
    示例：
      screening person add wangshili --name 王示例 --role head=jidian
      screening person add lishili --name 李示例 --role editor=jidian --role administrator=jidian
    """  # noqa: D301 - click wants the character itself
    registrar = registrar_of(home)
    record = Person(key, title.strip(), _posts(roles, registrar.registry()))
    registered(registrar, record, claim, name)


@person.command()
@click.argument("key", metavar="ID")
@click.option("--name", "title", metavar="TEXT", help="姓名。")
@_ROLE
@state_option
@as_option
@format_option
@click.pass_obj
def change(
    home: str | None,
    *,
    key: str,
    title: str | None,
    roles: tuple[str, ...],
    state: str | None,
    claim: str | None,
    name: str,
) -> None:
    """更改一个人的登记，没写的不变；写了 --role，就只有这些职务。

    \b
    示例：
      screening person change wangshili --role head=jidian --role publicity=xuanchuan
      screening person change lishili --state closed
    """  # noqa: D301 - click wants the character itself
    registrar = registrar_of(home)
    registry = registrar.registry()
    posts = _posts(roles, registry) or None
    parts = given(name=title, posts=posts, state=state and Standing(state))
    changed(registrar, replace(registry.person(key), **parts), claim, name)


@person.command()
@click.argument("key", metavar="ID")
@as_option
@click.pass_obj
def secret(home: str | None, key: str, claim: str | None) -> None:
    """设一个人的口令：本人可以改自己的，系统管理员可以设任何人的。

    新口令在提示处输入两遍；没有键盘时从标准输入读一行。

    \b
    示例：
      screening person secret wangshili --as wangshili
    """  # noqa: D301 - click wants the character itself
    registrar = registrar_of(home)
    by = identified_if_any(registrar, claim)
    whose = registrar.registry().person(key)
    registrar.set_secret(whose.id, _new_secret(), by)
    click.echo(f"{whose.name}（{whose.id}）的口令已设好。")


def _new_secret() -> str:
    if sys.stdin.isatty():
        return str(
            click.prompt("新口令", hide_input=True, confirmation_prompt="再输一遍", err=True)
        )
    secret = sys.stdin.readline().rstrip("\r\n")
    if not secret:
        raise UsageError("U002", problem="标准输入里没有口令，请写一行，或在键盘前运行")
    return secret


def _posts(roles: Sequence[str], registry: Registry) -> tuple[Post, ...]:
    posts = set()
    for text in roles:
        word, _, place = text.partition("=")
        role = next((item for item in Role if word in (item.value, item.label)), None)
        if role is None or not place:
            known = "、".join(item.value for item in Role)
            raise UsageError("U002", problem=f"--role {text} 应写成 职务=部门，职务是 {known} 之一")
        posts.add(Post(role, registry.department(place).id))
    return tuple(sorted(posts))


add_commands(person, "person")
