"""``screening store``: back up the store, and fill an empty one from a backup."""

from __future__ import annotations

from pathlib import Path

import click

from screening.cli.identity import as_option, identified_if_any
from screening.errors import StoreError, UsageError, why
from screening.registry import open_registrar
from screening.settings import load_settings
from screening.tickets import open_archive, open_desk
from screening.tickets.decisions import reason


@click.group()
def store() -> None:
    """备份和恢复审批库，更正记录里错了的时间。

    \b
    备份与库的种类无关：可以从文件恢复到 PostgreSQL，也可以反过来。
    备份里没有私钥，也没有工作目录里的设置、词表和作品。
    示例：
      screening store backup 审批库.gz
    """  # noqa: D301 - click wants the character itself


@store.command()
@click.argument("file", metavar="FILE")
@click.pass_obj
def backup(home: str | None, file: str) -> None:
    """把审批单、记录和登记表全部写进一个文件，不影响别人同时使用。

    \b
    示例：
      screening store backup 审批库-2026-11-22.gz
    """  # noqa: D301 - click wants the character itself
    archive = open_archive(load_settings(home))
    try:
        count = archive.store.backup(Path(file))
    except OSError as error:
        raise UsageError("U003", where=file, problem=why(error)) from error
    click.echo(f"已备份 {count} 行到 {file}。")


@store.command()
@click.argument("file", metavar="FILE")
@click.pass_obj
def restore(home: str | None, file: str) -> None:
    """用备份填满一个空的审批库；记录有一处不符就不恢复。

    \b
    示例：
      screening --home 新目录 store restore 审批库-2026-11-22.gz
    """  # noqa: D301 - click wants the character itself
    if not Path(file).is_file():
        raise UsageError("U001", where=file)
    desk = open_desk(load_settings(home))
    try:
        count, done = desk.restore(Path(file))
    except OSError as error:
        raise StoreError("T006", where=file, problem=why(error)) from error
    click.echo(f"已恢复 {count} 行，{done.events} 条记录没有被改动过。")
    click.echo("签名密钥不在备份里，换了机器请运行 screening key make。")


@store.command()
@click.option("--reason", "why_wrong", default="", metavar="TEXT", help="时间怎么错的，必须写明。")
@as_option
@click.pass_obj
def clock(home: str | None, *, why_wrong: str, claim: str | None) -> None:
    """说明最后一条记录的时间错了，从现在的时间接着记，由系统管理员办理。

    记录的时间只能往后：机器的时间倒退了五分钟以上，就什么也不登记，先请校准时间。
    只有错在已经写下的那条记录（机器一时跑快了）才用这个命令；它本身也是一条记录。

    \b
    示例：
      screening store clock --reason "服务器重启后时间快了一天" --as adm
    """  # noqa: D301 - click wants the character itself
    registrar = open_registrar(load_settings(home))
    by = identified_if_any(registrar, claim)
    registrar.correct_clock(reason("更正时间", why_wrong), by)
    click.echo("已记下时间的更正，从现在的时间接着记。")
