"""A permit for people: the facts on it, and the page that is printed and filed."""

from __future__ import annotations

from screening.clock import local
from screening.finding import Target
from screening.reports.pages import render_page
from screening.reports.safe import visible
from screening.tickets.permit import Permit, Signed

_STEPS = {Target.DEPARTMENT: "部门审批", Target.PUBLICITY: "宣传部审批"}


def facts(permit: Permit) -> list[tuple[str, str]]:
    """Return what a permit says as (label, value) pairs."""
    account = (
        f"{permit.account_name}（{permit.account}）" if permit.account_name else permit.account
    )
    pairs = [
        ("审批单", f"{permit.ticket} 第{permit.revision}稿"),
        ("标题", permit.title.strip() or "（没有标题）"),
        ("账号", account),
        *([("计划", f"{local(permit.planned)} 发布")] if permit.planned else []),
        *(
            (_STEPS[item.step][:-2], f"{item.name}（{item.office}）{local(item.at)} 批准")
            for item in permit.approvals
        ),
        ("放行", f"{permit.releaser} {local(permit.issued)}"),
        ("有效期", f"{local(permit.begins)} 至 {local(permit.ends)}"),
        ("摘要", permit.digest),
        ("规则", permit.rules),
    ]
    return [(label, visible(value).replace("\n", " ")) for label, value in pairs]


def page(signed: Signed) -> str:
    """Return the printable page."""
    permit = signed.read()
    return render_page(
        "permit",
        number=permit.ticket,
        facts=facts(permit),
        key=signed.key,
        signature=signed.signature,
    )
