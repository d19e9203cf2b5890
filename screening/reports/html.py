"""The report as one HTML file: nothing from outside, readable on paper, on a phone and in the dark.

Its content security policy allows the style sheet and the script that stand in it, by digest, and
nothing else; without the script everything can still be read and followed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from screening.draft import FIELD_LABELS, Draft
from screening.finding import Category, Finding, Screening
from screening.regulation import Regulation
from screening.reports import content
from screening.reports.comparison import compare
from screening.reports.content import Options
from screening.reports.marks import lines
from screening.reports.pages import render_page


def render(screenings: Sequence[Screening], regulation: Regulation, options: Options) -> str:
    """Return the page; several drafts stand below one another under an index."""
    return render_page(
        "report",
        heading=options.heading,
        back=options.back,
        choices=_choices(screenings),
        unread=options.unread,
        regulation=regulation,
        drafts=[
            _view(f"d{number}", screening, regulation)
            for number, screening in enumerate(screenings, 1)
        ],
    )


def _view(anchor: str, screening: Screening, regulation: Regulation) -> dict[str, Any]:
    draft, findings = screening.draft, screening.ordered
    reading = sorted(range(len(findings)), key=lambda index: findings[index].position)
    return {
        "anchor": anchor,
        "screening": screening,
        "title": content.title(draft),
        "file": content.file_name(draft),
        "format": content.format_label(draft),
        "conclusion": content.conclusion(screening),
        "steps": content.steps(screening.route),
        "gaps": content.gaps(screening),
        "tally": content.tally(screening),
        "counts": content.counts(screening),
        "categories": _categories(findings),
        "fields": _fields(draft, findings),
        "severities": [finding.severity for finding in findings],
        "wide": [_covers_all(finding, draft) for finding in findings],
        "cards": [
            _card(number, finding, draft, regulation) | {"position": reading.index(number - 1)}
            for number, finding in enumerate(findings, 1)
        ],
    }


def _choices(screenings: Sequence[Screening]) -> dict[str, list[tuple[StrEnum, int]]]:
    """Return what the findings of all drafts can be filtered by, and how many each would show."""
    findings = [finding for screening in screenings for finding in screening.findings]
    severities = Counter(finding.severity for finding in findings)
    categories = Counter(finding.category for finding in findings)
    return {
        "severities": [
            (item, severities[item]) for item in content.SEVERITIES if item in severities
        ],
        "categories": [(item, categories[item]) for item in Category if item in categories],
    }


def _categories(findings: Sequence[Finding]) -> list[tuple[str, int]]:
    found = [finding.category for finding in findings]
    return [(category.label, found.count(category)) for category in Category if category in found]


def _fields(draft: Draft, findings: Sequence[Finding]) -> list[dict[str, Any]]:
    return [
        {"name": name, "label": FIELD_LABELS.get(name, name), "lines": lines(draft, name, findings)}
        for name, text in draft.fields.items()
        if text
    ]


def _covers_all(finding: Finding, draft: Draft) -> bool:
    """Tell whether everything in the field is flagged, so that a mark would show nothing."""
    span = finding.span
    return span.start == 0 and span.end == len(draft.fields[span.field])


def _card(number: int, finding: Finding, draft: Draft, regulation: Regulation) -> dict[str, Any]:
    return {
        "number": number,
        "finding": finding,
        "place": content.place(draft, finding.span),
        "quote": content.excerpt(draft, finding.span, around=16),
        "articles": content.articles(finding, regulation),
        "clues": content.clues(finding),
        "comparison": compare(finding, draft),
        "linked": bool(draft.fields[finding.span.field]),
    }
