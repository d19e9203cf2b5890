"""Whole documents: how many are flagged, how severely, in which category, and by which rules."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from judged_sentences import TOLERATED, excused, percent, table

from screening import Screener
from screening.draft import Draft, DraftBuilder
from screening.finding import Finding, Severity

_TOP = 15


@dataclass(slots=True)
class FileTally:
    """Counts of documents, not of findings."""

    documents: int = 0
    incomplete: int = 0
    blocked: int = 0
    alarmed: int = 0
    publicity: int = 0
    untouched: int = 0
    categories: Counter[tuple[str, Severity]] = field(default_factory=Counter)
    rules: Counter[tuple[str, str, str]] = field(default_factory=Counter)

    def add(self, screener: Screener, draft: Draft) -> None:
        """Screen one document and count what was found."""
        screening = screener.screen(draft)
        findings = [finding for finding in screening.findings if not excused(finding)]
        weighty = [finding for finding in findings if finding.severity.rank > 0]
        self.documents += 1
        self.incomplete += not screening.complete
        self.blocked += any(finding.severity is Severity.BLOCK for finding in findings)
        self.alarmed += any(finding.category not in TOLERATED for finding in weighty)
        self.publicity += screening.route.to == "publicity"
        self.untouched += not weighty
        self.categories.update({(finding.category.value, finding.severity) for finding in findings})
        self.rules.update({_rule(finding) for finding in weighty})


def documents_report(screener: Screener, folder: Path) -> str:
    """Return a Markdown section for every .jsonl file of ``folder``."""
    parts = []
    for path in sorted(folder.glob("*.jsonl")):
        tally = FileTally()
        for draft in read_drafts(path):
            tally.add(screener, draft)
        parts.append(f"### {path.name}\n\n{_report(tally)}")
    return "\n\n".join(parts) or f"No .jsonl file in {folder}."


def read_drafts(path: Path) -> Iterator[Draft]:
    """Yield each row with a text as a draft; its lines are paragraphs."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line) if line.strip() else {}
            if not row.get("text"):
                continue
            builder = DraftBuilder("text")
            builder.add("title", (row.get("title") or "").strip(), "标题")
            for number, part in enumerate(row["text"].splitlines(), start=1):
                builder.add("body", part.strip(), f"第{number}段")
            yield builder.build()


def _report(tally: FileTally) -> str:
    whole = tally.documents
    summary = [
        ["documents", str(whole), ""],
        ["blocked", str(tally.blocked), percent(tally.blocked, whole)],
        [
            "review or more, other than " + ", ".join(sorted(TOLERATED)),
            str(tally.alarmed),
            percent(tally.alarmed, whole),
        ],
        ["routed to publicity", str(tally.publicity), percent(tally.publicity, whole)],
        ["nothing above notice", str(tally.untouched), percent(tally.untouched, whole)],
        ["screened incompletely", str(tally.incomplete), percent(tally.incomplete, whole)],
    ]
    severities = list(Severity)
    names = sorted({category for category, _ in tally.categories})
    rows = [[name, *(str(tally.categories[name, s] or "") for s in severities)] for name in names]
    rules = [[*names, str(count)] for names, count in tally.rules.most_common(_TOP)]
    return "\n\n".join(
        [
            table(["", "count", "share"], summary),
            table(["documents with", *severities], rows),
            table(["rule", "category", "severity", "documents"], rules),
        ]
    )


def _rule(finding: Finding) -> tuple[str, str, str]:
    return finding.rule, finding.category.value, finding.severity.value
