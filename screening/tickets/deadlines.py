"""Until when a step should be decided, in working days.

The day on which a ticket came to wait does not count; the n-th working day after it is the last
one, to its end. Beyond what the calendar covers, Monday to Friday count, and the day is provisional
(暂估) until the schedule of that year is published.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

import msgspec
from msgspec import Struct

from screening import resources
from screening.errors import RulesError
from screening.finding import Target
from screening.settings import Settings
from screening.tickets.status import STEPS
from screening.tickets.ticket import State

_WEEKEND = 5
_DAY = timedelta(days=1)


class Period(Struct, frozen=True, rename={"first": "from", "last": "to"}):
    """Days from ``first`` to ``last``, both included."""

    first: date
    last: date

    def covers(self, day: date) -> bool:
        """Tell whether ``day`` is one of them."""
        return self.first <= day <= self.last


class Holiday(Period, frozen=True, rename={"first": "from", "last": "to"}, kw_only=True):
    """A holiday by its name."""

    name: str


class Calendar(Struct, frozen=True, forbid_unknown_fields=True):
    """Holidays, and days at weekends that are worked instead, within ``coverage``."""

    coverage: Period
    workdays: frozenset[date]
    holidays: tuple[Holiday, ...]

    def works(self, day: date) -> bool:
        """Tell whether ``day`` is a working day; a guess by its weekday outside the coverage."""
        if day in self.workdays:
            return True
        return day.weekday() < _WEEKEND and not any(item.covers(day) for item in self.holidays)

    def deadline(self, since: date, days: int) -> Deadline:
        """Return the last day of ``days`` working days after ``since``."""
        day = since
        while days:
            day += _DAY
            days -= self.works(day)
        return Deadline(day, provisional=not self.coverage.covers(day))


class Deadline(Struct, frozen=True):
    """The last day on which a step is in time; ``provisional`` where the calendar ends before."""

    day: date
    provisional: bool

    @property
    def label(self) -> str:
        """The day for people: 2026-03-09, 2027-01-04（暂估）."""
        return f"{self.day}{'（暂估）' if self.provisional else ''}"


class Deadlines(Struct, frozen=True):
    """Deadlines by ``calendar``; ``days`` is how many working days each step has."""

    calendar: Calendar
    days: Mapping[Target, int]

    def of(self, state: State, since: datetime) -> Deadline | None:
        """Return until when whoever a ticket waits for since then should decide; None for nobody.

        ``since`` is aware; its day is that of this machine's zone.
        """
        step = STEPS.get(state)
        if step is None:
            return None
        return self.calendar.deadline(since.astimezone().date(), self.days[step])

    def approved(self, steps: Sequence[Target], since: date) -> Deadline:
        """Return until when the last of ``steps``, one after the other, should be decided."""
        return self.calendar.deadline(since, sum(self.days[step] for step in steps))

    def overdue(self, state: State, since: datetime, now: datetime) -> bool:
        """Tell whether the deadline is over ``now``."""
        deadline = self.of(state, since)
        return deadline is not None and deadline.day < now.astimezone().date()


def load_deadlines(settings: Settings) -> Deadlines:
    """Return until when each step should be decided, by the settings and the calendar.

    Raises:
        RulesError: L001 or L007, the calendar is missing or wrong.
    """
    return Deadlines(load_calendar(), dict(zip(Target, settings.deadline_days, strict=True)))


def load_calendar() -> Calendar:
    """Read the shipped calendar.

    Raises:
        RulesError: L001 or L007, it is missing or wrong.
    """
    path = resources.folder("data") / "calendar" / "calendar.toml"
    try:
        calendar = msgspec.convert(resources.load_toml(path), Calendar)
    except msgspec.ValidationError as error:
        raise RulesError("L007", kind="日历", problem=str(error), where=path.name) from error
    for day in (*calendar.workdays, *(day for item in calendar.holidays for day in _ends(item))):
        if not calendar.coverage.covers(day):
            problem = f"{day} 不在 coverage 之内"
            raise RulesError("L007", kind="日历", problem=problem, where=path.name)
    return calendar


def _ends(period: Period) -> tuple[date, date]:
    return period.first, period.last
