"""``screening ticket release``: what was approved goes out with a permit; nothing else does."""

from __future__ import annotations

import os
from pathlib import Path

import click
from msgspec import to_builtins

from screening.cli.deciding import at_desk
from screening.cli.identity import as_option, format_option
from screening.cli.input import encoding_option
from screening.cli.key import keyring
from screening.cli.output import tell_compiling, write
from screening.cli.ticket_views import compared
from screening.cli.times import moment, planned_option
from screening.clock import local
from screening.document import SCHEMA, dumps
from screening.draft import Draft
from screening.errors import RefusedError, UsageError
from screening.finding import Screening
from screening.readers import read_draft
from screening.registry.screening import AccountScreener
from screening.reports.permit import page
from screening.settings import Settings, load_settings
from screening.tickets.desk import Desk
from screening.tickets.permit import Signed
from screening.tickets.rescreening import new_findings
from screening.tickets.ticket import Revision, Ticket


@click.command()
@click.argument("number", metavar="NUMBER")
@click.argument("path", metavar="PATH")
@click.option("--account", metavar="ID", help="在哪个账号发布；与批准的不同就不放行。")
@planned_option
@click.option("--title", metavar="TEXT", help="送审时写了 --title 的，这里照写。")
@encoding_option
@click.option(
    "--output", metavar="DIR", default=".", help="放行单写到哪个文件夹，默认是当前文件夹。"
)
@as_option
@format_option
@click.pass_obj
def release(
    home: str | None,
    *,
    number: str,
    path: str,
    account: str | None,
    planned: str | None,
    title: str | None,
    encoding: str | None,
    output: str,
    claim: str | None,
    name: str,
) -> None:
    """放行：核对文件就是批准的那一稿，签发放行单。

    PATH 是要发布的文件。改了一个字、一个链接、一张图都不放行，并列出哪里不同；
    内容没有变，另存过的也可以，只是文件属性里不能有新的问题。
    放行单有两个文件：.json 供核对，.html 供打印。

    \b
    示例：
      screening ticket release 2026-0001 新闻稿.docx --as lishili
    """  # noqa: D301 - click wants the character itself
    desk, by = at_desk(home, claim)
    settings = load_settings(home)
    _refuse_unwritable(Path(output))
    draft = read_draft(path, title=title, encoding=encoding)
    screening = _screened(settings, desk, number, draft)
    try:
        signed = desk.release(
            number,
            by,
            screening,
            keyring(settings.home).active,
            account=account,
            planned=moment(planned),
        )
    except RefusedError as error:
        if error.code == "P005" and name == "text":
            click.echo("\n".join(_differences(desk.ticket(number), screening)), nl=False)
        raise
    try:
        files = write_permit(signed, Path(output))
    except UsageError:
        again = f"screening permit show {number} --output 文件夹"
        click.echo(f"审批单 {number} 已放行，但放行单没有写成；可用 {again} 重新取得。")
        raise
    if name == "json":
        whole = {"schema": SCHEMA, "permit": to_builtins(signed), "files": files}
        write(dumps(whole) + "\n", name, None)
        return
    permit = signed.read()
    click.echo(
        f"审批单 {number} 已放行，{local(permit.begins)} 起、{local(permit.ends)} 前可以发布。"
    )
    for file in files:
        click.echo(f"放行单  {file}")


def _refuse_unwritable(folder: Path) -> None:
    """Refuse before anything is released: a permit that cannot be written helps nobody.

    Raises:
        UsageError: U003.
    """
    if not folder.is_dir():
        raise UsageError("U003", where=str(folder), problem="没有这个文件夹")
    if not os.access(folder, os.W_OK):
        raise UsageError("U003", where=str(folder), problem="没有写入权限")


def write_permit(signed: Signed, folder: Path) -> list[str]:
    """Write a permit as JSON and as a page into ``folder``; return the paths.

    Raises:
        UsageError: U003, they cannot be written.
    """
    stem = f"放行单-{signed.read().ticket}"
    texts = {"json": dumps(to_builtins(signed)) + "\n", "html": page(signed)}
    paths = []
    for suffix, text in texts.items():
        paths.append(str(folder / f"{stem}.{suffix}"))
        write(text, suffix, paths[-1])
    return paths


def _screened(settings: Settings, desk: Desk, number: str, draft: Draft) -> Screening:
    """Screen the file by today's rules, as it would be if it were submitted now."""
    screener = AccountScreener(settings, desk.registry(), tell_compiling)
    return screener.screen(draft, desk.ticket(number).account)


def _differences(found: Ticket, screening: Screening) -> list[str]:
    """Return what differs from the approved draft, personal numbers masked in both."""
    approved, digest = found.revision, screening.draft.digest
    if digest == approved.digest and not new_findings(approved.screening, screening):
        return []
    other = Revision(approved.ordinal + 1, digest, (screening,))
    return [*compared(approved, other, "与批准的一稿相比"), ""]
