"""Working days by the official schedules of 2025 and 2026, and guesses beyond them."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening import resources
from screening.errors import RulesError
from screening.finding import Target
from screening.tickets.deadlines import Deadlines, load_calendar
from screening.tickets.ticket import State

CALENDAR = load_calendar()
DEADLINES = Deadlines(CALENDAR, {Target.DEPARTMENT: 1, Target.PUBLICITY: 2})


@pytest.mark.parametrize(
    ("since", "days", "last"),
    [
        ("2026-03-02", 1, "2026-03-03"),  # a Monday: the day itself does not count
        ("2026-03-06", 1, "2026-03-09"),  # over a weekend
        ("2026-03-07", 1, "2026-03-09"),  # sent on a Saturday
        ("2026-02-13", 1, "2026-02-14"),  # a Saturday that is worked before 春节
        ("2026-02-14", 1, "2026-02-24"),  # over the whole 春节
        ("2026-02-27", 2, "2026-03-02"),  # the worked Saturday counts
        ("2026-09-24", 2, "2026-09-29"),  # 中秋
        ("2026-09-30", 3, "2026-10-10"),  # 国庆, then Thursday, Friday and a worked Saturday
        ("2025-01-24", 2, "2025-01-27"),  # a worked Sunday
        ("2025-09-30", 1, "2025-10-09"),  # 国庆 and 中秋 together
        ("2025-12-31", 1, "2026-01-04"),  # a worked Sunday after 元旦
        ("2026-12-30", 1, "2026-12-31"),  # the last day that is covered
    ],
)
def test_the_last_day(since, days, last):
    found = CALENDAR.deadline(date.fromisoformat(since), days)
    assert (found.label, found.provisional) == (last, False)


def test_beyond_the_coverage_days_are_provisional():
    assert CALENDAR.deadline(date(2026, 12, 31), 1).label == "2027-01-01（暂估）"
    assert CALENDAR.deadline(date(2030, 3, 1), 3).label == "2030-03-06（暂估）"


def test_a_year_has_as_many_working_days_as_were_announced():
    """365 days less weekends and holidays, plus the days that are worked instead."""
    days = [date(2025, 1, 1) + timedelta(days=count) for count in range(730)]
    working = [
        sum(CALENDAR.works(day) for day in days if day.year == year) for year in (2025, 2026)
    ]
    assert working == [248, 248]
    for day in CALENDAR.workdays:
        assert day.weekday() >= 5, day


@given(st.dates(date(2024, 1, 1), date(2028, 1, 1)), st.integers(1, 30))
def test_exactly_so_many_working_days_lie_between(since, days):
    last = CALENDAR.deadline(since, days).day
    after = [since + timedelta(days=count) for count in range(1, (last - since).days + 1)]
    assert sum(map(CALENDAR.works, after)) == days
    assert CALENDAR.works(last)


def test_only_steps_have_deadlines():
    since = datetime(2026, 3, 6, 9, tzinfo=timezone(timedelta(hours=8)))
    days = {state: DEADLINES.of(state, since) for state in State}
    assert {state for state, found in days.items() if found} == {
        State.AWAITING_DEPARTMENT,
        State.AWAITING_PUBLICITY,
    }
    assert str(days[State.AWAITING_PUBLICITY].day) == "2026-03-10"


def test_overdue_from_the_day_after():
    since = datetime(2026, 3, 6, 12).astimezone()
    last = datetime(2026, 3, 9, 23, 59).astimezone()
    assert not DEADLINES.overdue(State.AWAITING_DEPARTMENT, since, last)
    assert DEADLINES.overdue(State.AWAITING_DEPARTMENT, since, last + timedelta(minutes=1))
    assert not DEADLINES.overdue(State.BLOCKED, since, last + timedelta(days=99))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "coverage = { from = 2026-01-01, to = 2026-12-31 }\nworkdays = [2027-01-02]\nholidays = []",
        "coverage = 1\nworkdays = []\nholidays = []",
    ],
)
def test_a_broken_calendar_is_refused(tmp_path, monkeypatch, text):
    (tmp_path / "calendar").mkdir()
    (tmp_path / "calendar" / "calendar.toml").write_text(text, "utf-8")
    monkeypatch.setattr(resources, "folder", lambda _: tmp_path)
    with pytest.raises(RulesError, match="L007"):
        load_calendar()
