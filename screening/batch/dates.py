"""When a post is planned, however the cell says it: a date, a serial number, or words."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from msgspec import Struct

from screening.batch.post import Cell
from screening.text.normalise import fold

#: Excel's day 0, as it counts after February 1900
_EPOCH = datetime(1899, 12, 30)
_SERIALS = range(20_000, 80_000)  # 1954 to 2119
_DAY = re.compile(
    r"(?:(?P<year>\d{4}|\d{2})\s*[-./年]\s*)?(?P<month>\d{1,2})\s*[-./月]\s*(?P<day>\d{1,2})\s*[日号]?"
)
_COMPACT = re.compile(r"(?<!\d)(?P<year>20\d\d)(?P<month>\d\d)(?P<day>\d\d)(?!\d)")
_HOUR = re.compile(
    r"(?P<half>凌晨|清晨|早上|早|上午|中午|午间|下午|傍晚|晚上|晚间|晚|夜间|am|pm)?\s*"
    r"(?P<hour>\d{1,2})\s*(?::\s*(?P<minute>\d{2})(?::\d{2})?|[点时]\s*(?:(?P<spoken>\d{1,2})\s*分?|(?P<part>半|一刻|三刻))?)"
    r"\s*(?P<after>am|pm)?"
)
_PARTS = {"半": 30, "一刻": 15, "三刻": 45}
_AFTERNOON = frozenset(("下午", "傍晚", "晚上", "晚间", "晚", "夜间", "pm"))


class When(Struct, frozen=True):
    """A local time; ``timed`` tells whether an hour was named."""

    at: datetime
    timed: bool


def read_date(cell: Cell, today: date, clock: Cell = None) -> When | None:
    """Return when ``cell`` (and ``clock``, a column of hours) says, None for an empty cell.

    A date without a year is the next such day that is no more than half a year past ``today``.

    Raises:
        ValueError: there is something, and it is no date.
    """
    found = _day(cell, today)
    hour = _hour(fold(str(clock))) if isinstance(clock, str) else _time_of(clock)
    if found is None or hour is None or found.timed:
        return found
    return When(datetime.combine(found.at.date(), hour), timed=True)


def _day(cell: Cell, today: date) -> When | None:
    if isinstance(cell, datetime):
        return When(cell, timed=cell.time() != time())
    if isinstance(cell, date):
        return When(datetime.combine(cell, time()), timed=False)
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return _serial(float(cell))
    return _said(str(cell), today) if cell is not None else None


@lru_cache(maxsize=4096)
def _said(text: str, today: date) -> When | None:
    text = fold(text).strip()
    return _words(text, today) if text else None


def _serial(number: float) -> When:
    if int(number) not in _SERIALS:
        return _words(str(int(number)), date.min)
    at = _EPOCH + timedelta(seconds=round(number * 86400))
    return When(at, timed=at.time() != time())


def _time_of(cell: Cell | time | timedelta) -> time | None:
    if isinstance(cell, time):
        return cell
    if isinstance(cell, datetime):
        return cell.time()
    if isinstance(cell, float) and 0 <= cell < 1:
        return (_EPOCH + timedelta(seconds=round(cell * 86400))).time()
    return None


def _words(text: str, today: date) -> When:
    if re.fullmatch(r"\d{5}(\.\d+)?", text):
        return _serial(float(text))
    match = _COMPACT.search(text) or _DAY.search(text)
    if match is None:
        raise ValueError(text)
    year, month, day = match["year"], int(match["month"]), int(match["day"])
    on = date(_century(int(year)), month, day) if year else _nearest(month, day, today)
    hour = _hour(text[match.end() :])
    return When(datetime.combine(on, hour or time()), timed=hour is not None)


def _century(year: int) -> int:
    return year + 2000 if year < 100 else year


def _nearest(month: int, day: int, today: date) -> date:
    """Return the day of this year, or of the next where that is over for half a year."""
    this_year = date(today.year, month, day)
    far = today - this_year > timedelta(days=183)
    return date(today.year + 1, month, day) if far else this_year


def _hour(text: str) -> time | None:
    match = _HOUR.search(text)
    if match is None:
        return None
    hour = int(match["hour"])
    half = match["half"] or match["after"] or ""
    if (half in _AFTERNOON and hour < 12) or (half in ("中午", "午间") and hour < 3):
        hour += 12
    minute = int(match["minute"] or match["spoken"] or _PARTS.get(match["part"] or "", 0))
    return time(hour, minute) if hour != 24 else time(23, 59)
