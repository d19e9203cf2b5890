"""Every way in which a ticket may move, in one table; what is not here is refused."""

from __future__ import annotations

from enum import Enum, auto

from msgspec import Struct

from screening.errors import StoreError
from screening.tickets.ticket import Event, Kind, State


class Outcome(Enum):
    """What an event comes to, where that decides the way."""

    BLOCKED = auto()  # something blocks that nobody excepted
    CLEAR = auto()  # nothing blocks
    UNCHANGED = auto()  # screened again: nothing new that anybody has to answer
    FORWARD = auto()  # approved, and another step follows
    FINAL = auto()  # approved, and it was the last step


class Transition(Struct, frozen=True):
    """An event of ``kind`` that comes to ``outcome`` leads from any of ``sources`` to ``target``.

    None among the sources is a ticket without events; a target of None is the state it had.
    """

    kind: Kind
    sources: frozenset[State | None]
    target: State | None
    outcome: Outcome | None = None


_AWAITING = frozenset({State.AWAITING_DEPARTMENT, State.AWAITING_PUBLICITY})
_DECIDED = _AWAITING | {State.APPROVED}
_OPEN = _DECIDED | {State.BLOCKED}
_REVISABLE = _OPEN | {State.RETURNED, State.EXPIRED}

TRANSITIONS: tuple[Transition, ...] = (
    Transition(Kind.SUBMITTED, frozenset({None, *_REVISABLE}), State.SUBMITTED),
    Transition(Kind.SCREENED, frozenset({State.SUBMITTED}), State.BLOCKED, Outcome.BLOCKED),
    Transition(
        Kind.SCREENED, frozenset({State.SUBMITTED}), State.AWAITING_DEPARTMENT, Outcome.CLEAR
    ),
    Transition(Kind.DISMISSED, frozenset({State.BLOCKED}), State.BLOCKED, Outcome.BLOCKED),
    Transition(
        Kind.DISMISSED, frozenset({State.BLOCKED}), State.AWAITING_DEPARTMENT, Outcome.CLEAR
    ),
    Transition(
        Kind.APPROVED,
        frozenset({State.AWAITING_DEPARTMENT}),
        State.AWAITING_PUBLICITY,
        Outcome.FORWARD,
    ),
    Transition(Kind.APPROVED, frozenset(_AWAITING), State.APPROVED, Outcome.FINAL),
    Transition(Kind.RETURNED, frozenset(_DECIDED), State.RETURNED),
    Transition(Kind.REJECTED, frozenset(_DECIDED), State.REJECTED),
    Transition(Kind.WITHDRAWN, frozenset(_REVISABLE), State.WITHDRAWN),
    Transition(Kind.RESCREENED, frozenset(_OPEN), State.BLOCKED, Outcome.BLOCKED),
    Transition(Kind.RESCREENED, frozenset(_OPEN), State.AWAITING_DEPARTMENT, Outcome.CLEAR),
    Transition(Kind.RESCREENED, frozenset(_DECIDED), None, Outcome.UNCHANGED),
    Transition(Kind.EXPIRED, frozenset({State.APPROVED}), State.EXPIRED),
    Transition(Kind.RELEASED, frozenset({State.APPROVED}), State.RELEASED),
    Transition(Kind.REVOKED, frozenset({State.RELEASED}), State.REVOKED),
)


def sources(kind: Kind) -> frozenset[State | None]:
    """Return every state from which an event of ``kind`` may happen."""
    return frozenset(state for move in TRANSITIONS if move.kind is kind for state in move.sources)


def follow(state: State | None, event: Event, outcome: Outcome | None) -> State:
    """Return the state after ``event``.

    Raises:
        StoreError: T002, :data:`TRANSITIONS` has no such move from ``state``.
    """
    for move in TRANSITIONS:
        if move.kind is event.kind and state in move.sources and move.outcome is outcome:
            target = move.target or state
            if target is not None:
                return target
    problem = f"第{event.ordinal}条记录“{event.kind.label}”与前面的记录接不上"
    raise StoreError("T002", where=f"审批单 {event.ticket}", problem=problem)
