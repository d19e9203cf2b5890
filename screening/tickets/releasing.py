"""Whether what is to be released is what was approved, and still in time."""

from __future__ import annotations

from datetime import datetime

from screening.errors import RefusedError
from screening.registry.records import Standing
from screening.registry.registry import Registry
from screening.tickets.permit import local
from screening.tickets.ticket import Ticket

_AGAIN = "请加 --ticket 重新送审。"


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
    """Refuse what was approved too long ago, or is planned for after its approval ends.

    Raises:
        RefusedError: P005.
    """
    until, planned = found.status.until, found.status.planned
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
