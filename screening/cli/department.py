"""``screening department``: the departments of the school, and their Party branches."""

from __future__ import annotations

import click
from msgspec.structs import replace

from screening.cli.identity import as_option, format_option
from screening.cli.registering import (
    add_commands,
    changed,
    given,
    registered,
    registrar_of,
    state_option,
)
from screening.registry.records import Department, Standing


@click.group()
def department() -> None:
    """登记部门和所属党组织。

    示例：screening department list
    """


@department.command()
@click.argument("key", metavar="ID")
@click.option("--name", "title", required=True, metavar="TEXT", help="部门名称。")
@click.option("--branch", default="", metavar="TEXT", help="党组织，如 机电工程学院党总支。")
@as_option
@format_option
@click.pass_obj
def add(
    home: str | None, *, key: str, title: str, branch: str, claim: str | None, name: str
) -> None:
    """登记一个部门。

    ID 是你给部门起的编号，用字母和数字。

    \b
    示例：
      screening department add jidian --name 机电工程学院 --branch 机电工程学院党总支
    """  # noqa: D301 - click wants the character itself
    registered(registrar_of(home), Department(key, title.strip(), branch.strip()), claim, name)


@department.command()
@click.argument("key", metavar="ID")
@click.option("--name", "title", metavar="TEXT", help="部门名称。")
@click.option("--branch", metavar="TEXT", help="党组织。")
@state_option
@as_option
@format_option
@click.pass_obj
def change(
    home: str | None,
    *,
    key: str,
    title: str | None,
    branch: str | None,
    state: str | None,
    claim: str | None,
    name: str,
) -> None:
    """更改一个部门，没写的不变。

    \b
    示例：
      screening department change jidian --branch 机电工程学院党委
    """  # noqa: D301 - click wants the character itself
    registrar = registrar_of(home)
    known = registrar.registry().department(key)
    parts = given(name=title, branch=branch, state=state and Standing(state))
    changed(registrar, replace(known, **parts), claim, name)


add_commands(department, "department")
