"""``screening key``: the keys that sign permits."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from screening import clock
from screening.cli.identity import as_option, format_option, identified_if_any
from screening.cli.output import write
from screening.cli.tables import table
from screening.document import SCHEMA, dumps
from screening.errors import PermitError
from screening.registry import open_registrar
from screening.settings import load_settings
from screening.tickets import key_log
from screening.tickets.keys import Key, Keyring, written

FOLDER = "keys"
_HEADINGS = ("编号", "状态", "建立", "停用")


def keyring(home: Path) -> Keyring:
    """Return the keys of a home."""
    return Keyring(home / FOLDER)


@click.group()
def key() -> None:
    """管理给放行单签名的密钥。

    \b
    私钥只在工作目录的 keys 文件夹里，只有所有者可读，不进审批库，也不进备份；
    公钥一直保留，旧的放行单照样可以核对。
    示例：
      screening key make --as adm
    """  # noqa: D301 - click wants the character itself


@key.command()
@as_option
@click.pass_obj
def make(home: str | None, claim: str | None) -> None:
    """建立第一把密钥，由系统管理员办理。

    \b
    示例：
      screening key make --as adm
    """  # noqa: D301 - click wants the character itself
    settings = load_settings(home)
    registrar = open_registrar(settings)
    ring, now = keyring(settings.home), clock.now()
    by = identified_if_any(registrar, claim)
    with registrar.administering(by) as note:
        made = ring.make(now)
        note(*key_log.made(made))
    click.echo(f"已建立密钥 {made.id}。公钥可用 screening key show 取得，交给要核对放行单的人。")


@key.command()
@as_option
@click.pass_obj
def rotate(home: str | None, claim: str | None) -> None:
    """换一把密钥：旧私钥销毁，旧公钥保留，由系统管理员办理。

    \b
    示例：
      screening key rotate --as adm
    """  # noqa: D301 - click wants the character itself
    settings = load_settings(home)
    registrar = open_registrar(settings)
    ring, now = keyring(settings.home), clock.now()
    by = identified_if_any(registrar, claim)
    with registrar.administering(by) as note:
        old, new = ring.rotate(now)
        note(*key_log.retired(old))
        note(*key_log.made(new))
    click.echo(f"密钥 {old.id} 已停用，现在用 {new.id}。")


@key.command("list")
@format_option
@click.pass_obj
def list_keys(home: str | None, name: str) -> None:
    """列出所有的密钥。

    \b
    示例：
      screening key list
    """  # noqa: D301 - click wants the character itself
    keys = keyring(load_settings(home).home).keys().values()
    if name == "json":
        rows = [
            {
                "id": item.id,
                "public": item.public.hex(),
                "made": item.made and item.made.isoformat(),
                "retired": item.retired and item.retired.isoformat(),
                "signs": item.private is not None,
            }
            for item in keys
        ]
        write(dumps({"schema": SCHEMA, "keys": rows}) + "\n", name, None)
    elif keys:
        lines = [(item.id, _state(item), _day(item.made), _day(item.retired)) for item in keys]
        click.echo("\n".join(table(_HEADINGS, lines, "状态", {"编号": 40})))
    else:
        click.echo("还没有密钥。建立的办法：screening key make --as 系统管理员")


@key.command()
@click.argument("number", metavar="ID", required=False)
@click.option("--output", metavar="FILE", help="写入文件，默认写到屏幕。")
@click.pass_obj
def show(home: str | None, number: str | None, output: str | None) -> None:
    """给出一把公钥，默认是在用的；核对放行单时用 --key 指定它。

    \b
    示例：
      screening key show --output 公钥.json
    """  # noqa: D301 - click wants the character itself
    ring = keyring(load_settings(home).home)
    found = ring.active() if number is None else ring.keys().get(number)
    if found is None:
        raise PermitError("K002", key=number)
    write(written(found), "json", output)


def _state(item: Key) -> str:
    if item.retired is not None:
        return "已停用"
    return "在用" if item.private is not None else "只有公钥"


def _day(moment: datetime | None) -> str:
    return clock.local(moment) if moment else ""
