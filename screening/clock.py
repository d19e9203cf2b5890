"""What time it is: the one place that reads the clock, so that a run can be given another."""

from __future__ import annotations

from datetime import datetime


def now() -> datetime:
    """Return the present as an aware time in the zone of this machine."""
    return datetime.now().astimezone()
