"""What a ticket's events come to: derived by one fold, never stored as a truth of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from screening.errors import StoreError
from screening.finding import Target, Verdict
from screening.tickets.ticket import Event, Kind, State
from screening.tickets.transitions import Outcome, follow


class Status(Struct, frozen=True):
    """Where a ticket stands, and what stands behind it.

    ``drafts`` counts the revisions; ``title`` and ``digest`` are those of the newest; ``route``
    names who has the last word, and is never lowered for one revision. ``approvals`` are those that
    hold for the newest revision. ``submitters`` are all who ever submitted: ids of people
    (``proven``) and names of editors. ``decided`` maps a person's id to the steps that the person
    ever decided here. ``blocks`` are passages that block, None where an old record does not name
    them; ``dismissed`` maps a passage to when its exception ends. ``answers`` maps the id of a
    finding to the answer that holds, ``seen`` is what was said of the parts that were not screened.
    ``until`` is when a final approval runs out, ``planned`` when the newest revision is to be
    published, if stated.
    """

    state: State
    since: datetime
    drafts: int = 0
    title: str = ""
    digest: str = ""
    verdict: Verdict = Verdict.REVIEW
    route: Target = Target.DEPARTMENT
    department: str | None = None
    approvals: tuple[Event, ...] = ()
    proven: frozenset[str] = frozenset()
    submitters: frozenset[str] = frozenset()
    decided: Mapping[str, frozenset[Target]] = {}
    blocks: tuple[str, ...] | None = ()
    dismissed: Mapping[str, datetime] = {}
    answers: Mapping[str, Mapping[str, Any]] = {}
    seen: str = ""
    until: datetime | None = None
    planned: datetime | None = None

    @property
    def step(self) -> Target | None:
        """The step that is waited for; None where none is."""
        return STEPS.get(self.state)

    def blocking(self, at: datetime) -> bool:
        """Tell whether something blocks that no exception covers ``at`` that time."""
        if self.verdict is not Verdict.BLOCK:
            return False
        excepted = {passage for passage, until in self.dismissed.items() if at < until}
        return not self.blocks or not excepted.issuperset(self.blocks)


#: state → the step that it waits for
STEPS = {
    State.AWAITING_DEPARTMENT: Target.DEPARTMENT,
    State.AWAITING_PUBLICITY: Target.PUBLICITY,
}
#: states in which approvals hold; everywhere else they are void
HOLDING = frozenset({State.AWAITING_PUBLICITY, State.APPROVED, State.RELEASED})
_ORDER = list(Target)


def status_of(events: Sequence[Event]) -> Status:
    """Derive a ticket's status from its events in order.

    Raises:
        StoreError: T002, the events do not follow one another.
        LookupError: nothing was submitted or screened yet, or a payload lacks what it must hold.
    """
    status: Status | None = None
    for event in events:
        status = after(status, event)
    if status is None or status.state is State.SUBMITTED:
        raise LookupError("nothing was screened")
    return status


def after(status: Status | None, event: Event) -> Status:
    """Return the status after one more event. Raises as :func:`status_of` does."""
    state = status.state if status else None
    changed = status or Status(State.SUBMITTED, event.at)
    if event.kind is not Kind.SUBMITTED and event.payload.get("revision") != changed.drafts:
        problem = f"第{event.ordinal}条记录说的不是最近一稿"
        raise StoreError("T002", where=f"审批单 {event.ticket}", problem=problem)
    take = _TAKE.get(event.kind, _nothing)
    changed, outcome = take(changed, event)
    target = follow(state, event, outcome)
    since = event.at if target is not state else changed.since
    if target not in HOLDING:
        changed = replace(changed, approvals=(), until=None)
    return replace(changed, state=target, since=since)


Taken = tuple[Status, Outcome | None]


def _submitted(status: Status, event: Event) -> Taken:
    payload = event.payload
    proven = {event.actor} if payload.get("proven") else set()
    return replace(
        status,
        drafts=status.drafts + 1,
        title=payload["title"],
        digest=payload.get("digest", ""),
        department=payload.get("department") or status.department,
        route=Target.DEPARTMENT,
        approvals=(),
        proven=status.proven | proven,
        submitters=status.submitters | {event.actor, payload.get("editor", event.actor)},
        answers={},
        seen="",
        until=None,
        planned=datetime.fromisoformat(payload["planned"]) if payload.get("planned") else None,
    ), None


def _screened(status: Status, event: Event) -> Taken:
    payload = event.payload
    blocks = payload.get("blocks")
    changed = replace(
        status,
        verdict=Verdict(payload["verdict"]),
        route=_higher(status.route, Target(payload["route"])),
        blocks=None if blocks is None else tuple(blocks),
    )
    return changed, Outcome.BLOCKED if changed.blocking(event.at) else Outcome.CLEAR


def _rescreened(status: Status, event: Event) -> Taken:
    changed, outcome = _screened(status, event)
    same = not event.payload["fresh"] and status.state is not State.BLOCKED
    if outcome is Outcome.CLEAR and same and changed.route is status.route:
        outcome = Outcome.UNCHANGED
    return changed, outcome


def _dismissed(status: Status, event: Event) -> Taken:
    until = datetime.fromisoformat(event.payload["until"])
    excepted = {**status.dismissed, event.payload["passage"]: until}
    changed = _noted(replace(status, dismissed=excepted), event, Target.PUBLICITY)
    return changed, Outcome.BLOCKED if changed.blocking(event.at) else Outcome.CLEAR


def _approved(status: Status, event: Event) -> Taken:
    payload = event.payload
    step = Target(payload["step"])
    if step is not status.step:
        raise StoreError("T002", where=f"审批单 {event.ticket}", problem="批准的不是这一步")
    route = Target.PUBLICITY if payload.get("escalated") else status.route
    final = step is route
    until = datetime.fromisoformat(payload["until"]) if final else None
    answers = {item["finding"]: {**item, "step": step.value} for item in payload["answers"]}
    changed = replace(
        status,
        route=route,
        approvals=(*status.approvals, event),
        answers={**status.answers, **answers},
        seen=payload["seen"] or status.seen,
        until=until,
    )
    return _noted(changed, event, step), Outcome.FINAL if final else Outcome.FORWARD


def _refused(status: Status, event: Event) -> Taken:
    changed = replace(status, approvals=(), until=None)
    return _noted(changed, event, Target(event.payload["step"])), None


def _nothing(status: Status, _: Event) -> Taken:
    return status, None


def _noted(status: Status, event: Event, step: Target) -> Status:
    steps = status.decided.get(event.actor, frozenset()) | {step}
    return replace(status, decided={**status.decided, event.actor: steps})


def _higher(one: Target, other: Target) -> Target:
    return max(one, other, key=_ORDER.index)


_TAKE: Mapping[Kind, Callable[[Status, Event], Taken]] = {
    Kind.SUBMITTED: _submitted,
    Kind.SCREENED: _screened,
    Kind.RESCREENED: _rescreened,
    Kind.DISMISSED: _dismissed,
    Kind.APPROVED: _approved,
    Kind.RETURNED: _refused,
    Kind.REJECTED: _refused,
}
