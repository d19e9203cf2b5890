"""Whether what is to be released is what was approved, and still in time."""

from __future__ import annotations

from datetime import datetime

from screening.clock import local
from screening.errors import RefusedError
from screening.finding import Screening, Severity
from screening.registry.records import Standing
from screening.registry.registry import Registry
from screening.tickets.rescreening import is_fresh, new_findings
from screening.tickets.ticket import Ticket

_AGAIN = "请加 --ticket 重新送审。"
_SHOWN = 5


def in_use(found: Ticket, registry: Registry) -> None:
    """Refuse to publish on an account that is not registered, suspended or closed (article 11).

    Raises:
        RefusedError: P005.
    """
    account = registry.accounts.get(found.account)
    if account is None or account.state is not Standing.ACTIVE:
        state = f"已{account.state.label}" if account else "没有登记"
        raise RefusedError(
            "P005",
            number=found.number,
            problem=f"账号 {found.account} {state}",
            advice="请系统管理员核对账号的登记；不再使用的账号，请撤回这张单。",
        )


def in_time(found: Ticket, now: datetime) -> None:
    """Refuse what was approved too long ago, by a wrong clock, or is planned for after its end.

    Raises:
        RefusedError: P005.
    """
    until, planned = found.status.until, found.status.planned
    if now < found.status.since:
        problem = f"批准的时间 {local(found.status.since)} 还没有到，当时的时间不对"
        raise RefusedError("P005", number=found.number, problem=problem, advice=_AGAIN)
    if until is None or now >= until:
        ended = f"批准已于 {local(until)} 过期" if until else "没有写明批准的期限"
        raise RefusedError("P005", number=found.number, problem=ended, advice=_AGAIN)
    if planned is not None and planned >= until:
        problem = f"计划 {local(planned)} 发布，批准只到 {local(until)}"
        raise RefusedError("P005", number=found.number, problem=problem, advice=_AGAIN)


def as_approved(found: Ticket, digest: str, account: str | None, planned: datetime | None) -> None:
    """Refuse another content, account or time than what was approved; None was not stated.

    Raises:
        RefusedError: P005.
    """
    status = found.status
    if account is not None and account != found.account:
        problem = f"批准的是账号 {found.account}，不是 {account}"
        raise RefusedError(
            "P005", number=found.number, problem=problem, advice="另一个账号请另送一张审批单。"
        )
    if planned is not None and planned != status.planned:
        approved = local(status.planned) if status.planned else "没有写明时间"
        problem = f"计划发布时间 {local(planned)} 与批准的（{approved}）不一致"
        raise RefusedError("P005", number=found.number, problem=problem, advice=_AGAIN)
    if digest != found.revision.digest:
        raise RefusedError(
            "P005",
            number=found.number,
            problem=f"文件与批准的第{found.revision.ordinal}稿不一致",
            advice=f"请放行批准的那一稿；改过的稿件{_AGAIN}",
        )


def nothing_new(found: Ticket, screening: Screening) -> None:
    """Refuse a file in which there is something to answer that nobody was asked about.

    Its content is what was approved; its properties (author, keywords …) need not be, nor the rules
    and works by which it is screened today.

    Raises:
        RefusedError: P005.
    """
    before = found.revision.screening
    new = new_findings(before, screening)
    if not is_fresh(new, before, screening):
        return
    grave = [item for item in new if item.severity is not Severity.NOTICE]
    places = [f"{item.rule}（{screening.draft.locate(item.span)}）" for item in grave]
    named = f"{'、'.join(places[:_SHOWN])}{f'等 {len(places)} 处' if places[_SHOWN:] else ''}"
    problem = f"文件里有批准时没有的发现：{named}" if named else "这次有内容没有审查到"
    advice = f"文件属性里的，请删去再放行；其余的{_AGAIN}"
    raise RefusedError("P005", number=found.number, problem=problem, advice=advice)
