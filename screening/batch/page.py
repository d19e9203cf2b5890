"""index.html: totals, bars, and a table that sorts and filters without a network."""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from screening.batch.outcome import Outcome
from screening.finding import Severity, Verdict
from screening.reports.safe import visible

_TEMPLATES = Path(__file__).parent / "templates"
#: rows that a browser sorts without a wait; beyond, those that need nobody are left to the workbook
_MOST = 5_000


def write_page(path: Path, source: str, now: datetime, outcomes: Sequence[Outcome]) -> None:
    """Write the page of one batch; its policy allows only the style and script that stand in it."""
    style = (_TEMPLATES / "index.css").read_text("utf-8")
    script = (_TEMPLATES / "index.js").read_text("utf-8")
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["visible"] = visible
    shown = _chosen(outcomes)
    categories: Counter[str] = Counter()
    for item in outcomes:
        categories.update(item.categories)
    verdicts = Counter("unread" if item.why else item.verdict.value for item in outcomes)
    environment.get_template("index.html.j2").stream(
        style=Markup(style),
        script=Markup(script),
        style_digest=_digest(style),
        script_digest=_digest(script),
        source=source,
        made=now,
        total=len(outcomes),
        outcomes=shown,
        verdicts=[
            *((item.value, item.label, verdicts[item.value]) for item in reversed(Verdict)),
            ("unread", "没有审查完", verdicts["unread"]),
        ],
        categories=categories.most_common(),
        most=max(categories.values(), default=1),
        severities=list(reversed(Severity)),
        remarks=sum(bool(item.remarks) for item in outcomes),
    ).dump(str(path), encoding="utf-8")


def _chosen(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """Return all rows, or of very many those that need somebody first, in their order."""
    if len(outcomes) <= _MOST:
        return [*outcomes]
    heaviest = sorted(outcomes, key=lambda item: (not item.why, -item.worst))[:_MOST]
    return sorted(heaviest, key=lambda item: item.number)


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
