from __future__ import annotations

from datetime import UTC, datetime

import pytest

from screening.errors import StoreError
from screening.tickets.ticket import TRANSITIONS, Event, Kind, State, status_of

AT = datetime(2026, 3, 5, tzinfo=UTC)


def log(*steps):
    """Events from words: "submitted", or a verdict for a screening."""
    return [
        Event(ordinal, "2026-0001", Kind.SUBMITTED, AT, "张三", {"title": step})
        if step == "submitted"
        else Event(
            ordinal,
            "2026-0001",
            Kind.SCREENED,
            AT,
            "screening",
            {"verdict": step, "route": "department"},
        )
        for ordinal, step in enumerate(steps, 1)
    ]


@pytest.mark.parametrize(
    ("steps", "state"),
    [
        (["submitted", "pass"], State.AWAITING_DEPARTMENT),
        (["submitted", "review"], State.AWAITING_DEPARTMENT),
        (["submitted", "block"], State.BLOCKED),
        (["submitted", "block", "submitted", "pass"], State.AWAITING_DEPARTMENT),
        (["submitted", "pass", "submitted", "block"], State.BLOCKED),
    ],
)
def test_state_follows_from_events(steps, state):
    status = status_of(log(*steps))
    assert (status.state, status.verdict) == (state, steps[-1])
    assert status.drafts == steps.count("submitted")


@pytest.mark.parametrize(
    "steps",
    [
        ["pass"],
        ["submitted", "submitted"],
        ["submitted", "pass", "pass"],
        ["submitted", "block", "pass"],
        ["submitted", "unknown"],
    ],
)
def test_events_that_do_not_follow_one_another_are_refused(steps):
    with pytest.raises(StoreError) as caught:
        status_of(log(*steps))
    assert caught.value.code == "T002"
    assert "2026-0001" in str(caught.value)


@pytest.mark.parametrize("steps", [[], ["submitted"]])
def test_a_ticket_half_opened_has_no_status(steps):
    with pytest.raises(LookupError):
        status_of(log(*steps))


def test_every_state_is_reached_and_named():
    assert {move.target for move in TRANSITIONS} == set(State)
    assert {move.kind for move in TRANSITIONS} == set(Kind)
    assert len({state.label for state in State}) == len(State)
    assert len({kind.label for kind in Kind}) == len(Kind)
