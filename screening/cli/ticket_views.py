"""How tickets look in a terminal and in JSON: what is asked, what was found, who decides next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from screening.cli.output import wants_colour
from screening.cli.tables import entry, point, table
from screening.clock import local
from screening.document import SCHEMA, dumps, to_document
from screening.finding import Finding, Severity, Target, Verdict
from screening.registry.registry import Registry
from screening.regulation import load_regulation
from screening.reports import render
from screening.reports.content import Options, place
from screening.reports.safe import visible
from screening.tickets.authority import Action, entitled, who_could
from screening.tickets.changes import Changes, Edit, EditKind, changes
from screening.tickets.deadlines import Deadlines
from screening.tickets.decisions import unanswered
from screening.tickets.dismissing import NEVER_DISMISSED
from screening.tickets.judgements import Judgement
from screening.tickets.status import STEPS, Status
from screening.tickets.ticket import SOFTWARE, Entry, Event, Kind, Revision, State, Summary, Ticket

_VERDICTS = {Verdict.PASS: "未见问题", Verdict.REVIEW: "须核对", Verdict.BLOCK: "须修改"}
_STEPS = {Target.DEPARTMENT: "部门", Target.PUBLICITY: "宣传部"}
_HEADINGS = ("编号", "状态", "标题", "部门", "结论", "编辑", "日期")
_OVERDUE = ("编号", "状态", "标题", "部门", "编辑", "期限")
_WIDEST = {"部门": 12, "编辑": 8}
#: paragraphs that differ, and characters of context, that the terminal shows
_EDITS, _AROUND, _LONGEST = 20, 12, 40


def late(items: Sequence[Summary], terms: Deadlines, now: datetime) -> list[Summary]:
    """Return those that are overdue, the ones that are so for longest first."""
    found = [item for item in items if terms.overdue(item.state, item.since, now)]
    return sorted(found, key=lambda item: _due(item, terms))


def written(
    found: Ticket,
    registry: Registry,
    name: str,
    terms: Deadlines | None = None,
    *,
    report: bool = True,
) -> str:
    """Return a ticket with the report on its newest revision, as ``name`` "text" or "json".

    Without ``report`` the text is only where the ticket stands and what is to be done.
    """
    screening = found.revision.screening
    if name == "json":
        drafts = [to_document(screening)]
        whole = {"schema": SCHEMA, "ticket": head(found), "drafts": drafts}
        return dumps(whole) + "\n"
    status = found.status
    lines = [
        *entry("审批单", f"{found.number}（第{status.drafts}稿）"),
        *entry("状态", status.state.label),
        *entry("账号", found.account),
        *(entry("部门", registry.department_name(status.department)) if status.department else ()),
        *entry("编辑", found.editor),
        *entry("送审", local(_submitted(found).at)),
        *(entry("计划", f"{local(status.planned)} 发布") if status.planned else ()),
        *_opinions(found),
        *entry("下一步", next_step(found, registry)),
        *_term(found, terms),
        *_asked(found),
    ]
    if not report:
        return "\n".join(lines) + "\n"
    if status.drafts > 1:
        lines += ["", *compared(found.revisions[-2], found.revision)]
    options = Options(colour=wants_colour(None))
    return "\n".join(lines) + "\n" + render("text", [screening], load_regulation(), options)


def next_step(found: Entry, registry: Registry) -> str:
    """Say who has to do what now."""
    status = found.status
    if status.state in STEPS and status.department is None:
        return (
            f"账号 {found.account} 没有登记，没有人能审批：请先登记账号"
            f"（screening account add），再加上 --ticket {found.number} 重新提交。"
        )
    if status.state in STEPS:
        return _asks_for_approval(found, registry)
    again = f"加上 --ticket {found.number} 重新提交。"
    return {
        State.BLOCKED: f"请按审查报告修改稿件，改好后{again}{_exceptions(found)}",
        State.RETURNED: f"请按审批意见修改稿件，改好后{again}",
        State.EXPIRED: f"批准已过期，请{again}",
        State.APPROVED: f"已批准，{_until(status.until)}放行后发布。",
        State.RELEASED: f"已放行，{_period(status)}可以发布。",
        State.REJECTED: "不予发布，本单结束。",
        State.WITHDRAWN: "已撤回，本单结束。",
        State.REVOKED: "放行单已作废，不得发布；已经发布的请立即删除或更正（第15条）。",
    }[status.state]


def _exceptions(found: Entry) -> str:
    """Say that 宣传部 may let something stand, where it may."""
    if not isinstance(found, Ticket):
        return ""
    blocking = [
        item for item in found.revision.screening.findings if item.severity is Severity.BLOCK
    ]
    if not blocking or any(item.category in NEVER_DISMISSED for item in blocking):
        return ""
    return "确有理由保留的，请宣传部审核员用 ticket dismiss 准许。"


def head(entry: Entry) -> dict[str, Any]:
    """Return what a ticket is, without its draft, as plain JSON values."""
    status = entry.status
    return {
        "number": entry.number,
        "state": status.state.value,
        "account": entry.account,
        "editor": entry.editor,
        "department": entry.department,
        "created": entry.created.isoformat(),
        "revision": status.drafts,
        "route": status.route.value,
        "waiting_for": status.step,
        "approved_until": status.until and status.until.isoformat(),
        "planned": status.planned and status.planned.isoformat(),
        "events": len(entry.events),
    }


def summary(item: Summary, terms: Deadlines) -> dict[str, Any]:
    """Return one entry of ``ticket list --format json``."""
    due = terms.of(item.state, item.since)
    return {
        "number": item.number,
        "state": item.state.value,
        "account": item.account,
        "editor": item.editor,
        "department": item.department,
        "created": item.created.isoformat(),
        "revision": item.revisions,
        "title": item.title,
        "verdict": item.verdict.value,
        "route": item.route.value,
        "since": item.since.isoformat(),
        "due": due and due.day.isoformat(),
        "due_provisional": bool(due and due.provisional),
    }


def listed(
    items: Sequence[Summary], registry: Registry, terms: Deadlines | None = None
) -> list[str]:
    """Return a table of tickets as lines; with ``terms`` the deadline instead of the verdict."""
    rows = [
        {
            "编号": item.number,
            "状态": item.state.label,
            "标题": item.title.strip() or "（没有标题）",
            "部门": registry.department_name(item.department),
            "结论": _VERDICTS[item.verdict],
            "编辑": item.editor,
            "日期": f"{item.created.astimezone():%m-%d}",
            "期限": _due(item, terms) if terms else "",
        }
        for item in items
    ]
    headings = _OVERDUE if terms else _HEADINGS
    cells = [[row[heading] for heading in headings] for row in rows]
    return table(headings, cells, "标题", _WIDEST)


def history(found: Ticket) -> Iterator[str]:
    """Yield the lines of a ticket's log."""
    yield from entry("审批单", f"{found.number}（第{found.status.drafts}稿）")
    for event in found.events:
        day, clock = local(event.at).split()
        yield from entry(day[5:], f"{clock} {_happening(event)}")
        for line in _remarks(event, found):
            yield from point(line)


def event_document(event: Event) -> dict[str, Any]:
    """Return one line of the log as plain JSON values."""
    return {
        "ordinal": event.ordinal,
        "kind": event.kind.value,
        "at": event.at.isoformat(),
        "actor": event.actor,
        "payload": event.payload,
    }


def compared(before: Revision, after: Revision, heading: str = "") -> Iterator[str]:
    """Yield what changed from one revision to another."""
    told = changes(before.screening, after.screening)
    yield heading or f"与第{before.ordinal}稿相比"
    if told.hidden:
        yield "  内容有改动，在被遮盖的号码里，看不出来：请向提交人核对原稿。"
    elif not told.edits:
        yield "  内容没有改动。"
    for edit in told.edits[:_EDITS]:
        yield from _edit(edit)
    if len(told.edits) > _EDITS:
        yield f"  还有 {len(told.edits) - _EDITS} 处改动"
    yield from _found(told)
    yield ""


def _asks_for_approval(found: Entry, registry: Registry) -> str:
    status = found.status
    people = entitled(Action.APPROVE, status, registry)
    names = "、".join(f"{item.name}（{item.id}）" for item in people)
    place = registry.department_name(status.department) or "部门"
    who = "请宣传部" if status.state is State.AWAITING_PUBLICITY else f"请{place}负责人"
    onward = status.state is State.AWAITING_DEPARTMENT and status.route is Target.PUBLICITY
    verb = "审核，再报宣传部审批" if onward else "审批"
    if not people:
        return f"{who}{verb}；批准之前不得发布。{who_could(Action.APPROVE, status, registry)}"
    return f"{who} {names} {verb}；批准之前不得发布。"


def _asked(found: Ticket) -> list[str]:
    """Say which findings the approver has to answer, by their numbers in the report."""
    status, screening = found.status, found.revision.screening
    if status.state not in STEPS:
        return []
    final = status.step is status.route
    wanted = {item.id for item in unanswered(screening, status, final=final)}
    numbers = [str(at) for at, item in enumerate(screening.ordered, 1) if item.id in wanted]
    lines = entry("要答复", f"第 {'、'.join(numbers)} 处") if numbers else []
    if not screening.complete and not status.seen:
        lines += entry("要看过", "没有审到的部分，看过后批准时用 --seen 写明")
    return lines


def _opinions(found: Ticket) -> Iterator[str]:
    """Yield what was decided on the newest revision."""
    last = found.status.drafts
    kinds = (
        *(Kind.DISMISSED, Kind.APPROVED, Kind.RETURNED, Kind.REJECTED, Kind.RESCREENED),
        *(Kind.RELEASED, Kind.REVOKED, Kind.WITHDRAWN),
    )
    for event in found.events:
        if event.kind in kinds and event.payload["revision"] == last:
            said = _exception(event, found) or event.payload.get("rationale")
            tail = f"：{said}" if said else ""
            yield from entry("意见", f"{local(event.at)[5:]} {_happening(event)}{tail}")


def _exception(event: Event, found: Ticket) -> str:
    """Say which finding may stand, until when and why; "" for any other event."""
    payload = event.payload
    if event.kind is not Kind.DISMISSED:
        return ""
    revision = found.revisions[payload["revision"] - 1]
    which = next(
        (
            f"{place(screening.draft, item.span)}“{_cut(screening.draft.text(item.span))}”"
            for screening in revision.screenings
            for item in screening.findings
            if item.id == payload["finding"]
        ),
        "",
    )
    until = local(datetime.fromisoformat(payload["until"]))
    judged = Judgement(payload["judgement"]).label
    return f"{which}（{payload['rule']}，{judged}），到 {until} 为止。{payload['reason']}"


def _happening(event: Event) -> str:
    """Return one event in words: what was done, by whom, in which office."""
    payload = event.payload
    by = payload.get("by")
    who = f"{by['name']}（{by['office']}）" if by else _actor(event)
    step = f"（{_STEPS[Target(payload['step'])]}）" if "step" in payload else ""
    draft = f"第{payload['revision']}稿" if event.kind is Kind.SUBMITTED else ""
    return f"{who}{event.kind.label}{draft}{step}"


def _actor(event: Event) -> str:
    if event.actor == SOFTWARE:
        return "软件"
    editor = event.payload.get("editor", event.actor)
    return str(editor) if editor == event.actor else f"{editor}（{event.actor}）"


def _remarks(event: Event, found: Ticket) -> Iterator[str]:
    payload = event.payload
    if event.kind in (Kind.SCREENED, Kind.RESCREENED):
        yield f"{Verdict(payload['verdict']).label}；{Target(payload['route']).label}"
    if payload.get("title"):
        yield f"标题：{payload['title']}"
    for label, key in (("意见", "rationale"), ("未审部分", "seen")):
        if payload.get(key):
            yield f"{label}：{payload[key]}"
    if event.kind is Kind.DISMISSED:
        yield _exception(event, found)
    for answer in payload.get("answers", ()):
        yield f"{answer['rule']} {Judgement(answer['judgement']).label}：{answer['reason']}"


def _edit(edit: Edit) -> Iterator[str]:
    yield f"  {edit.kind.label} {visible(edit.where)}"
    if edit.kind is not EditKind.ADDED:
        yield f"    - {_marked(edit.before, edit)}"
    if edit.kind is not EditKind.REMOVED:
        yield f"    + {_marked(edit.after, edit)}"


def _marked(text: str, edit: Edit) -> str:
    """Return ``text`` with what differs in brackets, cut to a line."""
    end = len(text) - edit.end
    before, differs, after = text[: edit.start], text[edit.start : end], text[end:]
    if len(before) > _AROUND:
        before = "…" + before[-_AROUND:]
    if len(after) > _AROUND:
        after = after[:_AROUND] + "…"
    if len(differs) > _LONGEST:
        differs = f"{differs[: _LONGEST - 8]}…{differs[-7:]}"
    whole = differs if edit.kind is not EditKind.CHANGED else f"{before}【{differs}】{after}"
    return visible(whole).replace("\n", " ")


def _found(told: Changes) -> Iterator[str]:
    for label, findings in (("不再有", told.gone), ("新发现", told.new)):
        grave = [item for item in findings if item.severity is not Severity.NOTICE]
        if grave:
            yield from entry(label, "、".join(_named(item) for item in grave))


def _named(finding: Finding) -> str:
    return f"{finding.rule} {finding.category.label}（{finding.severity.label}）"


def _cut(text: str) -> str:
    return visible(text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…").replace("\n", " ")


def _submitted(found: Ticket) -> Event:
    return [event for event in found.events if event.kind is Kind.SUBMITTED][-1]


def _term(found: Ticket, terms: Deadlines | None) -> list[str]:
    due = terms and terms.of(found.status.state, found.status.since)
    return entry("期限", due.label) if due else []


def _due(item: Summary, terms: Deadlines) -> str:
    due = terms.of(item.state, item.since)
    return due.label if due else ""


def _until(moment: datetime | None) -> str:
    return f"请在 {local(moment)} 前" if moment else "请"


def _period(status: Status) -> str:
    begins = f"{local(status.planned)} 起" if status.planned else ""
    ends = f"{local(status.until)} 前" if status.until else ""
    return "、".join(filter(None, (begins, ends)))
