"""``screening ticket approve|return|reject|dismiss|withdraw|revoke``: what people decide."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime, time
from typing import Any

import click

from screening.cli.identity import as_option, format_option, identified
from screening.cli.output import write
from screening.cli.ticket_views import written
from screening.errors import UsageError
from screening.finding import Screening
from screening.registry import open_registrar
from screening.registry.records import Person
from screening.settings import load_settings
from screening.tickets import open_desk
from screening.tickets.deadlines import load_deadlines
from screening.tickets.decisions import Answer, Decision
from screening.tickets.desk import Desk
from screening.tickets.judgements import Judgement
from screening.tickets.ticket import Kind, Ticket

_EQUALS = re.compile(r"[=＝]")
_BETWEEN = re.compile(r"[,，、\s]+")
_BOUNDS = re.compile(r"(\d{1,6})(?:(?:[-~～–—－]+|[至到])(\d{1,6}))?")
_NUMBER = click.argument("number", metavar="NUMBER")
_REVISION = click.option(
    "--revision", type=click.IntRange(min=1), metavar="N", help="你看的是第几稿；已有新稿就不登记。"
)
_ANSWERS: tuple[Callable[[Any], Any], ...] = (
    click.option(
        "--confirm",
        multiple=True,
        metavar="N=REASON",
        help="报告里第 N 处属实、可以保留，写理由；可写“2,5=理由”“1-6=理由”“all=理由”，可写多次。",
    ),
    click.option(
        "--dismiss",
        multiple=True,
        metavar="N=REASON",
        help="第 N 处是误报，写理由；几处一起的写法同上。",
    ),
)


def _answers(command: Callable[..., None]) -> Callable[..., None]:
    for option in reversed(_ANSWERS):
        command = option(command)
    return command


@click.command()
@_NUMBER
@_answers
@click.option("--seen", default="", metavar="TEXT", help="没有审到的部分，你看过的结果。")
@click.option("--reason", "rationale", default="", metavar="TEXT", help="审批意见，可不写。")
@click.option("--escalate", is_flag=True, help="部门审批时报宣传部终审。")
@_REVISION
@as_option
@format_option
@click.pass_obj
def approve(home: str | None, /, *, number: str, **options: Any) -> None:
    """批准一张审批单的最近一稿。

    提交人不能批自己的稿件；一个人不能办一张单的两步。“须核对”的每一处都要答复。

    \b
    示例：
      screening ticket approve 2026-0001 --as wangshili
      screening ticket approve 2026-0001 --confirm "2=时间已与学工部核对" \\
        --dismiss "3,4=是书名" --as wangshili
    """  # noqa: D301 - click wants the character itself
    _decide(home, Kind.APPROVED, number, **options)


@click.command("return")
@_NUMBER
@_answers
@click.option("--reason", "rationale", default="", metavar="TEXT", help="要改什么，必须写明。")
@_REVISION
@as_option
@format_option
@click.pass_obj
def send_back(home: str | None, /, *, number: str, **options: Any) -> None:
    """退回修改；已批准、还没放行的，也可以收回。

    \b
    示例：
      screening ticket return 2026-0001 --reason "第3段的人数请再核对" --as wangshili
    """  # noqa: D301 - click wants the character itself
    _decide(home, Kind.RETURNED, number, **options)


@click.command()
@_NUMBER
@_answers
@click.option(
    "--reason", "rationale", default="", metavar="TEXT", help="为什么不予发布，必须写明。"
)
@_REVISION
@as_option
@format_option
@click.pass_obj
def reject(home: str | None, /, *, number: str, **options: Any) -> None:
    """不予发布：这张单到此结束。

    \b
    示例：
      screening ticket reject 2026-0001 --reason "不属于本账号的内容" --as wangshili
    """  # noqa: D301 - click wants the character itself
    _decide(home, Kind.REJECTED, number, **options)


@click.command()
@_NUMBER
@click.argument("finding", metavar="N")
@click.option("--reason", "why", default="", metavar="TEXT", help="为什么可以保留，必须写明。")
@click.option("--until", metavar="DATE", help="准许到哪一天，如 2026-12-31，必须写明。")
@click.option("--true", "confirmed", is_flag=True, help="规则没有错，只是准许保留；不写即为误报。")
@as_option
@format_option
@click.pass_obj
def dismiss(
    home: str | None,
    *,
    number: str,
    finding: str,
    why: str,
    until: str | None,
    confirmed: bool,
    claim: str | None,
    name: str,
) -> None:
    """准许保留报告里“须修改”的第 N 处，只有宣传部审核员可以。

    只对这条规则、这段文字有效，段落一改就作废。涉密和个人信息任何人都不能准许。

    \b
    示例：
      screening ticket dismiss 2026-0001 1 --reason "引用公开案例" \\
        --until 2026-12-31 --as sunshili
    """  # noqa: D301 - click wants the character itself
    desk, by = at_desk(home, claim)
    found = desk.ticket(number)
    (key,) = chosen_ids(finding, found.revision.screening)
    judgement = Judgement.CONFIRMED if confirmed else Judgement.DISMISSED
    done = desk.dismiss(number, by, Answer(key, judgement, why), _end_of(until))
    _tell(desk, done, name, home)


@click.command()
@_NUMBER
@click.option("--reason", "rationale", default="", metavar="TEXT", help="为什么撤回，可不写。")
@as_option
@format_option
@click.pass_obj
def withdraw(
    home: str | None, *, number: str, rationale: str, claim: str | None, name: str
) -> None:
    """撤回还没放行的审批单：提交人和本部门的平台管理员可以。

    \b
    示例：
      screening ticket withdraw 2026-0001 --reason "活动取消" --as lishili
    """  # noqa: D301 - click wants the character itself
    desk, by = at_desk(home, claim)
    _tell(desk, desk.withdraw(number, by, rationale), name, home)


@click.command()
@_NUMBER
@click.option("--reason", "rationale", default="", metavar="TEXT", help="为什么作废，必须写明。")
@as_option
@format_option
@click.pass_obj
def revoke(home: str | None, *, number: str, rationale: str, claim: str | None, name: str) -> None:
    """把已放行的收回：放行单作废，由宣传部审核员办理。

    已经发布的，还要到平台上删除或更正（第15条）。
    别处只凭公钥核对的，要用 screening permit revocations 取一份作废名单给他们。

    \b
    示例：
      screening ticket revoke 2026-0001 --reason "活动因天气取消" --as sunshili
    """  # noqa: D301 - click wants the character itself
    desk, by = at_desk(home, claim)
    _tell(desk, desk.revoke(number, by, rationale), name, home)


def _decide(
    home: str | None,
    kind: Kind,
    number: str,
    *,
    confirm: Sequence[str],
    dismiss: Sequence[str],
    rationale: str,
    claim: str | None,
    name: str,
    revision: int | None,
    **more: Any,
) -> None:
    desk, by = at_desk(home, claim)
    found = desk.ticket(number)
    screening = found.revision.screening
    answers = (
        *_read_answers(confirm, Judgement.CONFIRMED, screening),
        *_read_answers(dismiss, Judgement.DISMISSED, screening),
    )
    read = revision or found.status.drafts
    done = desk.decide(number, by, Decision(kind, read, rationale, answers, **more))
    _tell(desk, done, name, home)


def _tell(desk: Desk, done: Ticket, name: str, home: str | None) -> None:
    """Say where a ticket stands now and what comes next; ``ticket show`` has the report."""
    terms = load_deadlines(load_settings(home))
    write(written(done, desk.registry(), name, terms, report=False), name, None)


def at_desk(home: str | None, claim: str | None) -> tuple[Desk, Person]:
    """Return the desk of a home, and who stands at it, proven."""
    settings = load_settings(home)
    by = identified(open_registrar(settings), claim)
    return open_desk(settings), by


def _read_answers(texts: Sequence[str], judgement: Judgement, screening: Screening) -> list[Answer]:
    answers = []
    for text in texts:
        which, *reason = _EQUALS.split(text, maxsplit=1)
        if not reason:
            raise UsageError("U002", problem=f"“{text}”应写成 第几处=理由，如 2=已核对")
        answers += [Answer(key, judgement, reason[0]) for key in chosen_ids(which, screening)]
    return answers


def chosen_ids(which: str, screening: Screening) -> list[str]:
    """Return the ids of findings that are named by their numbers in the report, or by id."""
    findings = screening.ordered
    ids = [item.id for item in findings]
    if which.strip() in ("all", "全部"):
        return ids
    chosen = []
    for word in filter(None, _BETWEEN.split(which)):
        first, last = _bounds(word)
        if word in ids:
            chosen.append(word)
        elif 1 <= first <= last <= len(ids):
            chosen += ids[first - 1 : last]
        else:
            raise UsageError("U002", problem=f"报告里没有第 {word} 处，共 {len(ids)} 处")
    return chosen or [""]


def _bounds(word: str) -> tuple[int, int]:
    """Return the first and the last of the numbers that "2" or "1-6" names; (0, 0) for neither."""
    found = _BOUNDS.fullmatch(word)
    return (int(found[1]), int(found[2] or found[1])) if found else (0, 0)


def _end_of(day: str | None) -> datetime | None:
    """Return the last moment of a day, in the zone of this machine; None where none is named."""
    if day is None:
        return None
    try:
        date = datetime.fromisoformat(day).date()
    except ValueError as error:
        problem = f"“{day}”不是日期，请写成 2026-12-31"
        raise UsageError("U002", problem=problem) from error
    return datetime.combine(date, time(23, 59, 59)).astimezone()
