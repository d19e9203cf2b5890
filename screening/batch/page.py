"""index.html: totals, bars, and a table that sorts and filters without a network."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from screening.batch.outcome import Totals
from screening.finding import Severity, Verdict
from screening.reports.pages import render_page

_TEMPLATES = Path(__file__).parent / "templates"


def write_page(path: Path, source: str, now: datetime, totals: Totals) -> None:
    """Write the page of one batch of the schedule ``source``."""
    page = render_page(
        "index",
        _TEMPLATES,
        source=source,
        made=now,
        total=totals.total,
        outcomes=totals.outcomes,
        verdicts=[
            *((item.value, item.label, totals.verdicts[item]) for item in reversed(Verdict)),
            ("unread", "没有审查完", totals.lost.count),
        ],
        categories=totals.categories.most_common(),
        most=max(totals.categories.values(), default=1),
        severities=list(reversed(Severity)),
        remarks=totals.remarked.count,
        unfiled=totals.unfiled.count,
    )
    path.write_text(page, "utf-8")
