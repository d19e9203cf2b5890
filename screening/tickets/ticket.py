"""Tickets, their revisions and events; a state is derived from the events, never stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from screening.errors import StoreError
from screening.finding import Screening, Target, Verdict


class State(StrEnum):
    """Where a ticket stands."""

    SUBMITTED = "submitted"
    BLOCKED = "blocked"
    AWAITING_DEPARTMENT = "awaiting_department"

    @property
    def label(self) -> str:
        """The Chinese word that people see."""
        return {
            "submitted": "已提交",
            "blocked": "须修改",
            "awaiting_department": "待部门审批",
        }[self]


class Kind(StrEnum):
    """What an event records."""

    SUBMITTED = "submitted"
    SCREENED = "screened"

    @property
    def label(self) -> str:
        """The Chinese word that people see."""
        return {"submitted": "提交", "screened": "审查"}[self]


@dataclass(frozen=True, slots=True)
class Event:
    """One line of a ticket's log: ``at`` is aware, ``payload`` holds plain JSON values.

    ``actor`` is a person's name or :data:`SOFTWARE`. Payloads: submitted ``{"revision", "digest",
    "title"}``; screened ``{"revision", "verdict", "route"}``, values of :class:`Verdict` and
    :class:`Target`.
    """

    ordinal: int
    ticket: str
    kind: Kind
    at: datetime
    actor: str
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Transition:
    """An event of ``kind`` leads from any of ``sources`` to ``target``.

    None among the sources is a ticket without events. ``verdicts`` limits the transition to
    screenings with one of these outcomes; empty means that it does not depend on one.
    """

    kind: Kind
    sources: frozenset[State | None]
    target: State
    verdicts: frozenset[Verdict] = frozenset()


#: Who acts when the software itself does.
SOFTWARE = "screening"

#: Every way in which a ticket may move; what is not here is refused.
TRANSITIONS: tuple[Transition, ...] = (
    Transition(
        Kind.SUBMITTED,
        frozenset({None, State.BLOCKED, State.AWAITING_DEPARTMENT}),
        State.SUBMITTED,
    ),
    Transition(
        Kind.SCREENED,
        frozenset({State.SUBMITTED}),
        State.BLOCKED,
        frozenset({Verdict.BLOCK}),
    ),
    Transition(
        Kind.SCREENED,
        frozenset({State.SUBMITTED}),
        State.AWAITING_DEPARTMENT,
        frozenset({Verdict.PASS, Verdict.REVIEW}),
    ),
)


def follow(state: State | None, event: Event) -> State:
    """Return the state after ``event``.

    Raises:
        StoreError: T002, :data:`TRANSITIONS` has no such move from ``state``.
    """
    verdict = event.payload.get("verdict")
    for move in TRANSITIONS:
        fits = not move.verdicts or verdict in move.verdicts
        if fits and move.kind is event.kind and state in move.sources:
            return move.target
    problem = f"第{event.ordinal}条记录“{event.kind.label}”与前面的记录接不上"
    raise StoreError("T002", where=f"审批单 {event.ticket}", problem=problem)


@dataclass(frozen=True, slots=True)
class Status:
    """What a ticket's events come to: its state, and what they say of the newest revision.

    ``drafts`` counts the revisions; ``title`` is "" where there is none; ``route`` names who has
    the last word.
    """

    state: State
    drafts: int
    title: str
    verdict: Verdict
    route: Target


def status_of(events: Sequence[Event]) -> Status:
    """Derive a ticket's status from its events in order.

    Raises:
        StoreError: T002, the events do not follow one another.
        LookupError: nothing was submitted or screened yet, or a payload lacks what it must hold.
    """
    state: State | None = None
    for event in events:
        state = follow(state, event)
    submitted = [event.payload for event in events if event.kind is Kind.SUBMITTED]
    screened = [event.payload for event in events if event.kind is Kind.SCREENED]
    if state is None:
        raise LookupError("no events")
    return Status(
        state=state,
        drafts=len(submitted),
        title=submitted[-1]["title"],
        verdict=Verdict(screened[-1]["verdict"]),
        route=Target(screened[-1]["route"]),
    )


@dataclass(frozen=True, slots=True)
class Entry:
    """A ticket as a list shows it: its head and its events, without the drafts themselves.

    ``editor`` opened the ticket; ``department`` is None until somebody names one; ``status`` is
    derived from ``events``.
    """

    number: str
    account: str
    editor: str
    department: str | None
    created: datetime
    events: tuple[Event, ...]
    status: Status


@dataclass(frozen=True, slots=True)
class Revision:
    """One version of a ticket's draft, counted from 1, with its content digest and screening."""

    ordinal: int
    digest: str
    screening: Screening


@dataclass(frozen=True, slots=True)
class Ticket(Entry):
    """A ticket whole, with every revision in order."""

    revisions: tuple[Revision, ...]

    @property
    def revision(self) -> Revision:
        """The newest revision: the one that decisions are about."""
        return self.revisions[-1]
