"""``screening submit``: screen one draft and file it as a ticket."""

from __future__ import annotations

import click

from screening.cli.check import exit_code
from screening.cli.identity import as_option, identified
from screening.cli.input import encoding_option
from screening.cli.output import tell_compiling, write
from screening.cli.ticket_views import written
from screening.cli.times import moment, planned_option
from screening.errors import UsageError
from screening.finding import Severity
from screening.readers import read_draft
from screening.registry import open_registrar
from screening.registry.identity import login
from screening.registry.records import Person
from screening.registry.registrar import Registrar
from screening.registry.screening import AccountScreener
from screening.settings import load_settings
from screening.tickets import open_desk
from screening.tickets.deadlines import load_deadlines


@click.command()
@click.argument("path", metavar="PATH")
@click.option("--account", required=True, metavar="ID", help="在哪个账号发布，如 wzpt-wechat。")
@click.option("--editor", metavar="NAME", help="编辑姓名；登记了人员的，默认是你。")
@click.option("--ticket", "number", metavar="NUMBER", help="这是该审批单的修改稿。")
@click.option("--title", metavar="TEXT", help="标题；不写则由软件从稿件中认出。")
@planned_option
@as_option
@encoding_option
@click.option(
    "--format",
    "name",
    type=click.Choice(["text", "json"]),
    default="text",
    help="输出的格式，默认 text。",
)
@click.pass_context
def submit(
    ctx: click.Context,
    *,
    path: str,
    account: str,
    editor: str | None,
    number: str | None,
    title: str | None,
    planned: str | None,
    claim: str | None,
    encoding: str | None,
    name: str,
) -> None:
    """审查一篇稿件，登记审批单，告诉下一步该谁办。

    PATH 是一个稿件文件；“-”表示标准输入。

    \b
    示例：
      screening submit 新闻稿.docx --account wzpt-wechat --editor 张三
      screening submit 二稿.docx --account jdxy --ticket 2026-0007 --as zhangsan

    退出码：0 没有须处理的问题；1 有；2 用法、设置或规则不对；3 没能审查或登记。
    """  # noqa: D301 - click wants the character itself
    settings = load_settings(ctx.obj)
    when = moment(planned)
    draft = read_draft(path, title=title, encoding=encoding)
    by = _submitter(open_registrar(settings), claim, editor)
    desk = open_desk(settings)
    registry = desk.registry()
    screener = AccountScreener(settings, registry, tell_compiling)
    screening = screener.screen(draft, account.strip())
    filed = desk.submit(screening, account, editor, number, by=by, planned=when)
    write(written(filed, registry, name, load_deadlines(settings)), name, None)
    ctx.exit(exit_code([screening], [], Severity.REVIEW))


def _submitter(registrar: Registrar, claim: str | None, editor: str | None) -> Person | None:
    """Return who submits, proven; None as long as nobody is registered.

    Raises:
        RefusedError: P002, that cannot be told.
        UsageError: U002, nobody is named.
    """
    people = registrar.registry().people
    if not people:
        if editor is None:
            raise UsageError("U002", problem="请用 --editor 写明编辑姓名")
        return None
    if claim is None and not registrar.vouches_for(login()):
        claim = editor
    return identified(registrar, claim)
