"""审批表: what was submitted, found, answered, decided and released, as a Word file on A4 paper."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from msgspec import Struct, convert

from screening.clock import local
from screening.finding import Target
from screening.registry.registry import Registry
from screening.reports import content
from screening.reports.safe import visible
from screening.reports.wordtable import Form
from screening.tickets.judgements import Judgement
from screening.tickets.permit import Permit
from screening.tickets.ticket import Event, Kind, State, Ticket

_TITLE = "校园新媒体内容发布审批表"
_LEVELS = {1: "一级平台", 2: "二级平台"}
_OFFICES = {Target.DEPARTMENT: "部门意见", Target.PUBLICITY: "宣传部意见"}
_ANSWERED = {"department": "部门", "publicity": "宣传部"}
_DECIDING = (Kind.APPROVED, Kind.RETURNED, Kind.REJECTED)
_VERBS = {Kind.APPROVED: "同意发布", Kind.RETURNED: "退回修改", Kind.REJECTED: "不予发布"}


class Opinion(Struct, frozen=True):
    """One opinion on the form: ``said`` is what was decided, and why; ``signed`` who, and when."""

    draft: int
    said: str
    signed: str


def render(found: Ticket, registry: Registry) -> bytes:
    """Return the form of a ticket; the same ticket gives the same bytes."""
    form = Form(
        _TITLE,
        f"编号 {found.number}　　第 {found.status.drafts} 稿　　{found.status.state.label}",
        f"{_TITLE} {found.number}，由审批记录生成，可用 screening audit verify 核对",
    )
    _facts(form, found, registry)
    _found(form, found)
    _opinions(form, found)
    _release(form, found)
    return form.saved()


def opinions(found: Ticket, step: Target) -> Iterator[Opinion]:
    """Yield every opinion of a step, on all revisions, in order."""
    for event in found.events:
        payload = event.payload
        if event.kind in _DECIDING and payload["step"] == step:
            yield _opinion(event, _said(event, step, found))
        elif event.kind is Kind.DISMISSED and step is Target.PUBLICITY:
            until = local(datetime.fromisoformat(payload["until"]))
            told = f"准许保留 {payload['rule']} 所指的一处，到 {until}：{payload['reason']}"
            yield _opinion(event, told)


def _said(event: Event, step: Target, found: Ticket) -> str:
    payload = event.payload
    verb = _VERBS[event.kind]
    if event.kind is Kind.APPROVED and "until" not in payload:
        verb = "同意，报宣传部审批"
    parts = [payload["rationale"], f"未审部分：{payload['seen']}" if payload.get("seen") else ""]
    tail = "；".join(part.rstrip("。；") for part in parts if part)
    return f"{verb}：{tail}。" if tail else f"{verb}。"


def _opinion(event: Event, said: str) -> Opinion:
    by = event.payload["by"]
    signed = f"{by['office']}　{by['name']}　{local(event.at)}"
    return Opinion(event.payload["revision"], said, signed)


def _facts(form: Form, found: Ticket, registry: Registry) -> None:
    status, screening = found.status, found.revision.screening
    account = registry.accounts.get(found.account)
    name = f"{account.name}（{found.account}）" if account else found.account
    place = f"{account.platform}，{_LEVELS[account.level]}" if account else "没有登记"
    submitted = [event for event in found.events if event.kind is Kind.SUBMITTED][-1]
    form.wide("标题", content.title(screening.draft), strong=True)
    form.pairs("发布账号", name, "平台", place)
    department = registry.department_name(status.department) or "不明"
    form.pairs("部门", department, "编辑", submitted.payload.get("editor", found.editor))
    planned = local(status.planned) if status.planned else "没有写明"
    form.pairs("送审时间", local(submitted.at), "计划发布", planned)
    form.wide("去向", f"{status.route.label}。{'；'.join(screening.route.reasons)}")
    form.wide("内容摘要", found.revision.digest, small=True)


def _found(form: Form, found: Ticket) -> None:
    screening, answers = found.revision.screening, found.status.answers
    form.band(f"软件审查：{screening.verdict.label}，{content.tally(screening)}")
    for why, parts in content.gaps(screening).items():
        form.wide("没有审到", f"{'、'.join(parts)}（{why}）")
    findings = screening.ordered
    rows = []
    for number, item in enumerate(findings, 1):
        draft = screening.draft
        quote = visible(draft.text(item.span)).replace("\n", " ")
        kind = f"{item.category.label}\n{item.severity.label}"
        words = f"：“{_clipped(quote)}”" if quote else ""
        where = f"{content.place(draft, item.span)}{words}\n{item.message}{item.rule}"
        rows.append((str(number), kind, where, _answer(answers.get(item.id))))
    if rows:
        form.listed(("序号", "类别", "位置与原因", "答复"), rows)


def _answer(answer: Any) -> str:
    if answer is None:
        return "—"
    by = _ANSWERED[answer["step"]]
    return f"{Judgement(answer['judgement']).label}：{answer['reason']}（{by}）"


def _opinions(form: Form, found: Ticket) -> None:
    form.band("审批意见")
    steps = (
        list(Target)
        if found.status.route is Target.PUBLICITY or any(opinions(found, Target.PUBLICITY))
        else [Target.DEPARTMENT]
    )
    for step in steps:
        given = list(opinions(found, step))
        last = found.status.drafts
        said = [
            (item.said if item.draft == last else f"（第 {item.draft} 稿）{item.said}", item.signed)
            for item in given
        ]
        form.signed(_OFFICES[step], said or [(_pending(found), "")])


def _pending(found: Ticket) -> str:
    closed = (State.REJECTED, State.WITHDRAWN, State.RETURNED, State.BLOCKED)
    return "没有办理。" if found.status.state in closed else "尚未办理。"


def _release(form: Form, found: Ticket) -> None:
    form.band("放行")
    released = [event for event in found.events if event.kind is Kind.RELEASED]
    permits = [event.payload.get("permit") for event in released]
    if not released or not permits[-1]:
        form.wide("放行单", "没有放行。")
        return
    signed = permits[-1]
    permit = convert(signed["permit"], Permit)
    form.pairs("放行人", permit.releaser, "时间", local(permit.issued))
    form.wide("有效期", f"{local(permit.begins)} 至 {local(permit.ends)}")
    form.wide("签名", f"密钥 {signed['key']}　{signed['signature']}", small=True)
    for event in found.events:
        if event.kind is Kind.REVOKED:
            form.signed("作废", [(_ended(event.payload["rationale"]), _opinion(event, "").signed)])


def _ended(text: str) -> str:
    return text if text.endswith("。") else f"{text}。"


def _clipped(text: str, longest: int = 48) -> str:
    return text if len(text) <= longest else f"{text[: longest - 9]}……{text[-7:]}"
