"""What time it is, and how times are shown. Only this reads the clock, so a run can set it."""

from __future__ import annotations

from datetime import datetime


def now() -> datetime:
    """Return the present as an aware time in the zone of this machine."""
    return datetime.now().astimezone()


def local(moment: datetime) -> str:
    """Return an aware time as people read it, in the zone of this machine: 2026-03-05 09:30."""
    return f"{moment.astimezone():%Y-%m-%d %H:%M}"
