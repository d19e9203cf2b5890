"""Where a ticket stands follows from its events alone, by one table."""

from __future__ import annotations

from datetime import timedelta

import pytest
from stories import AT, log

from screening.errors import StoreError
from screening.finding import Target
from screening.tickets.status import status_of
from screening.tickets.ticket import Event, Kind, State
from screening.tickets.transitions import TRANSITIONS, Outcome, sources


@pytest.mark.parametrize(
    ("story", "state"),
    [
        ("submit pass", State.AWAITING_DEPARTMENT),
        ("submit block", State.BLOCKED),
        ("submit old-block", State.BLOCKED),
        ("submit old-block submit pass", State.AWAITING_DEPARTMENT),
        ("submit block except-p", State.BLOCKED),
        ("submit block except-p except-q", State.AWAITING_DEPARTMENT),
        ("submit block except-p except-q submit block", State.AWAITING_DEPARTMENT),
        ("submit old-block except-p", State.BLOCKED),
        ("submit pass head", State.APPROVED),
        ("submit major head", State.AWAITING_PUBLICITY),
        ("submit major head officer", State.APPROVED),
        ("submit pass escalate", State.AWAITING_PUBLICITY),
        ("submit pass escalate officer", State.APPROVED),
        ("submit pass head submit pass", State.AWAITING_DEPARTMENT),
        ("submit major head officer submit major", State.AWAITING_DEPARTMENT),
        ("submit pass return", State.RETURNED),
        ("submit pass head return", State.RETURNED),
        ("submit pass return submit pass head", State.APPROVED),
        ("submit pass reject", State.REJECTED),
        ("submit block withdraw", State.WITHDRAWN),
        ("submit pass head expire", State.EXPIRED),
        ("submit pass head expire submit pass", State.AWAITING_DEPARTMENT),
        ("submit pass head release", State.RELEASED),
        ("submit pass head release revoke", State.REVOKED),
        ("submit pass head again", State.APPROVED),
        ("submit pass head again-fresh", State.AWAITING_DEPARTMENT),
        ("submit pass head again-major", State.AWAITING_DEPARTMENT),
        ("submit pass head again-block", State.BLOCKED),
        ("submit major head again", State.AWAITING_PUBLICITY),
        ("submit block again", State.AWAITING_DEPARTMENT),
    ],
)
def test_state_follows_from_events(story, state):
    status = status_of(log(story))
    assert status.state is state
    assert status.drafts == story.split().count("submit")
    assert status.title == f"第{status.drafts}稿"


@pytest.mark.parametrize(
    "story",
    [
        "pass",
        "submit submit",
        "submit pass pass",
        "submit pass officer",
        "submit pass release",
        "submit block head",
        "submit block except-p release",
        "submit major head release",
        "submit major head head",
        "submit pass head head",
        "submit pass head again-fresh release",
        "submit pass head submit release",
        "submit pass reject submit",
        "submit pass withdraw submit",
        "submit pass head release submit",
        "submit pass head release withdraw",
        "submit pass head expire release",
        "submit pass return again",
    ],
)
def test_events_that_do_not_follow_one_another_are_refused(story):
    with pytest.raises(StoreError) as caught:
        status_of(log(story))
    assert caught.value.code == "T002"
    assert "2026-0001" in str(caught.value)


@pytest.mark.parametrize("story", ["", "submit"])
def test_a_ticket_half_opened_has_no_status(story):
    with pytest.raises(LookupError):
        status_of(log(story))


def test_a_decision_about_an_old_revision_makes_no_sense():
    events = log("submit pass submit pass head")
    stale = Event(5, "2026-0001", Kind.APPROVED, AT, "wang", events[-1].payload | {"revision": 1})
    with pytest.raises(StoreError):
        status_of([*events[:-1], stale])


@pytest.mark.parametrize(
    ("story", "approvals"),
    [
        ("submit major head", 1),
        ("submit major head officer", 2),
        ("submit major head officer again", 2),
        ("submit major head officer again-fresh", 0),
        ("submit major head officer submit major", 0),
        ("submit major head officer submit major head", 1),
        ("submit major head officer expire", 0),
    ],
)
def test_approvals_hold_for_the_very_revision(story, approvals):
    assert len(status_of(log(story)).approvals) == approvals


def test_major_matters_are_not_routed_down_by_a_later_screening():
    assert status_of(log("submit major again")).route is Target.PUBLICITY
    assert status_of(log("submit major submit pass")).route is Target.DEPARTMENT


def test_an_exception_ends():
    events = log("submit block except-p except-q submit block")
    late = Event(7, "2026-0001", Kind.SUBMITTED, AT, "li", {"title": "第3稿"})
    screened = Event(
        8,
        "2026-0001",
        Kind.SCREENED,
        AT + timedelta(days=31),
        "screening",
        {"revision": 3, "verdict": "block", "route": "department", "blocks": ["p", "q"]},
    )
    assert status_of([*events, late, screened]).state is State.BLOCKED


def test_everything_that_can_happen_is_in_the_table_and_named():
    assert {move.kind for move in TRANSITIONS} == set(Kind)
    assert {move.target for move in TRANSITIONS} - {None} == set(State)
    assert len({state.label for state in State}) == len(State)
    assert len({kind.label for kind in Kind}) == len(Kind)
    keys = [(move.kind, source, move.outcome) for move in TRANSITIONS for source in move.sources]
    assert len(keys) == len(set(keys)), "two ways for one event"
    assert {move.outcome for move in TRANSITIONS} == {None, *Outcome}
    assert sources(Kind.RELEASED) == {State.APPROVED}
