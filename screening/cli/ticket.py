"""``screening ticket``: list and show tickets, decide on them, screen them again."""

from __future__ import annotations

import click

from screening import clock
from screening.cli.deciding import approve, dismiss, reject, revoke, send_back, withdraw
from screening.cli.identity import format_option
from screening.cli.output import tell_compiling, write
from screening.cli.releasing import release
from screening.cli.tables import table
from screening.cli.ticket_views import (
    event_document,
    head,
    history,
    late,
    listed,
    summary,
    written,
)
from screening.document import SCHEMA, dumps
from screening.finding import Screening
from screening.registry.screening import AccountScreener
from screening.settings import load_settings
from screening.tickets import open_archive, open_desk
from screening.tickets.deadlines import load_deadlines
from screening.tickets.rescreening import screened_again
from screening.tickets.ticket import State, Ticket

_FOUND = 1
_STATES = [state for state in State if state is not State.SUBMITTED]


@click.group()
def ticket() -> None:
    """查看和审批审批单。

    \b
    示例：
      screening ticket list --state awaiting_department
      screening ticket approve 2026-0001 --as wangshili
    """  # noqa: D301 - click wants the character itself


for command in (approve, send_back, reject, dismiss, withdraw, release, revoke):
    ticket.add_command(command)


@ticket.command("list")
@click.option(
    "--state",
    type=click.Choice([state.value for state in _STATES]),
    metavar="STATE",
    help="只列一种状态的审批单，默认全部。",
)
@click.option("--department", metavar="ID", help="只列一个部门的，写编号或名称。")
@click.option("--account", metavar="ID", help="只列一个账号的。")
@click.option("--for", "person", metavar="PERSON", help="只列等这个人审批的。")
@click.option("--overdue", is_flag=True, help="只列过了期限还没办的，期限最早的在前。")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="只列最近的 N 张。")
@format_option
@click.pass_obj
def list_tickets(
    home: str | None,
    *,
    state: str | None,
    department: str | None,
    account: str | None,
    person: str | None,
    overdue: bool,
    limit: int | None,
    name: str,
) -> None:
    """列出审批单，最近的在前。

    状态：blocked 须修改；awaiting_department 待部门审批；awaiting_publicity 待宣传部审批；
    approved 已批准；released 已放行；returned 已退回；rejected 不予发布；withdrawn 已撤回；
    expired 批准过期；revoked 已作废。

    \b
    示例：
      screening ticket list --state blocked --limit 20
      screening ticket list --for wangshili
      screening ticket list --overdue
    """  # noqa: D301 - click wants the character itself
    settings = load_settings(home)
    desk, terms = open_archive(settings), load_deadlines(settings)
    wanted = State(state) if state else None
    registry = desk.registry()
    if person is not None:
        items = [
            item
            for item in desk.waiting_for(registry.person(person))
            if wanted in (None, item.state)
        ]
    else:
        place = registry.department(department).id if department else None
        most = None if overdue else limit
        items = list(desk.tickets(wanted, most, department=place, account=account))
    if overdue:
        items = late(items, terms, clock.now())
    items = items[:limit]
    if name == "json":
        whole = {"schema": SCHEMA, "tickets": [summary(item, terms) for item in items]}
        write(dumps(whole) + "\n", name, None)
    elif items:
        click.echo("\n".join(listed(items, registry, terms if overdue else None)))
    elif overdue:
        click.echo("没有过期未办的审批单。")
    elif person or department or account:
        click.echo("没有这样的审批单。")
    elif wanted:
        click.echo(f"没有“{wanted.label}”的审批单。")
    else:
        click.echo("还没有审批单。提交第一份：")
        click.echo("  screening submit 稿件.docx --account 账号 --editor 姓名")


@ticket.command()
@click.argument("number", metavar="NUMBER")
@format_option
@click.pass_obj
def show(home: str | None, number: str, name: str) -> None:
    """显示一张审批单：等谁办，说过什么，与上一稿比改了什么，附审查报告。

    NUMBER 是审批单的编号，可用 screening ticket list 查看。

    \b
    示例：
      screening ticket show 2026-0001
    """  # noqa: D301 - click wants the character itself
    settings = load_settings(home)
    desk = open_archive(settings)
    found = desk.ticket(number)
    write(written(found, desk.registry(), name, load_deadlines(settings)), name, None)


@ticket.command("history")
@click.argument("number", metavar="NUMBER")
@format_option
@click.pass_obj
def show_history(home: str | None, number: str, name: str) -> None:
    """显示一张审批单的全部经过：谁，什么时候，做了什么，理由是什么。

    \b
    示例：
      screening ticket history 2026-0001
    """  # noqa: D301 - click wants the character itself
    found = open_archive(load_settings(home)).ticket(number)
    if name == "json":
        events = [event_document(event) for event in found.events]
        write(dumps({"schema": SCHEMA, "ticket": head(found), "events": events}) + "\n", name, None)
    else:
        click.echo("\n".join(history(found)))


@ticket.command()
@format_option
@click.pass_context
def rescreen(ctx: click.Context, name: str) -> None:
    """规则有变时，用现在的规则重审所有没有放行的审批单。

    须修改的退回修改；有新问题的，原来的批准作废；批准过期的也在这时注明。
    可以放在每天夜里自动运行。有变化的，退出码为 1。

    \b
    示例：
      screening ticket rescreen
    """  # noqa: D301 - click wants the character itself
    settings = load_settings(ctx.obj)
    desk = open_desk(settings)
    screener = AccountScreener(settings, desk.registry(), tell_compiling)
    done = desk.rescreen(lambda found: _screened(screener, found))
    if name == "json":
        changed = [
            {
                "number": item.number,
                "title": item.title,
                "before": item.before.value,
                "after": item.after.value,
                "new": [finding.rule for finding in item.new],
            }
            for item in done
        ]
        write(dumps({"schema": SCHEMA, "changed": changed}) + "\n", name, None)
    elif done:
        rows = [
            (
                item.number,
                item.title,
                f"{item.before.label} → {item.after.label}",
                "、".join(dict.fromkeys(finding.rule for finding in item.new)),
            )
            for item in done
        ]
        headings = ("编号", "标题", "状态", "新发现")
        click.echo("\n".join(table(headings, rows, "标题", {"状态": 28, "新发现": 16})))
    else:
        click.echo("没有变化。")
    ctx.exit(_FOUND if done else 0)


def _screened(screener: AccountScreener, found: Ticket) -> Screening:
    return screened_again(
        found.revision.screening,
        lambda draft, known: screener.screen(draft, found.account, known=known),
    )
