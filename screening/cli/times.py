"""Times as people write them on the command line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import click

from screening.errors import UsageError

planned_option: Callable[[Any], Any] = click.option(
    "--planned", metavar="TIME", help="计划发布的时间，如 2026-09-01T08:00。"
)


def moment(text: str | None) -> datetime | None:
    """Return an aware time, in the zone of this machine where the text names none.

    Raises:
        UsageError: U002, it is no time.
    """
    if text is None:
        return None
    try:
        return datetime.fromisoformat(text.strip()).astimezone()
    except (ValueError, OverflowError, OSError) as error:
        problem = f"“{text}”不是时间，请写成 2026-09-01T08:00"
        raise UsageError("U002", problem=problem) from error
