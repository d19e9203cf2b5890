"""index.html: totals, bars, and a table that sorts and filters without a network."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from screening.batch.outcome import Outcome
from screening.finding import Severity, Verdict
from screening.reports.pages import render_page

_TEMPLATES = Path(__file__).parent / "templates"
#: rows that a browser sorts without a wait; beyond, those that need nobody are left to the workbook
_MOST = 5_000


def write_page(path: Path, source: str, now: datetime, outcomes: Sequence[Outcome]) -> None:
    """Write the page of one batch of the schedule ``source``."""
    categories: Counter[str] = Counter()
    for item in outcomes:
        categories.update(item.categories)
    verdicts = Counter("unread" if item.why else item.verdict.value for item in outcomes)
    page = render_page(
        "index",
        _TEMPLATES,
        source=source,
        made=now,
        total=len(outcomes),
        outcomes=_chosen(outcomes),
        verdicts=[
            *((item.value, item.label, verdicts[item.value]) for item in reversed(Verdict)),
            ("unread", "没有审查完", verdicts["unread"]),
        ],
        categories=categories.most_common(),
        most=max(categories.values(), default=1),
        severities=list(reversed(Severity)),
        remarks=sum(bool(item.remarks) for item in outcomes),
    )
    path.write_text(page, "utf-8")


def _chosen(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """Return all rows, or of very many those that need somebody first, in their order."""
    if len(outcomes) <= _MOST:
        return [*outcomes]
    heaviest = sorted(outcomes, key=lambda item: (not item.why, -item.worst))[:_MOST]
    return sorted(heaviest, key=lambda item: item.number)
