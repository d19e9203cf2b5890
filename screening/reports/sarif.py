"""The report for editors' tools: SARIF 2.1.0, one run for all drafts.

Plain text drafts give lines and columns (code points); of all others the place is a logical
location. Every result's properties carry the exact span in the draft's field, as the JSON report
gives it. Standard: https://docs.oasis-open.org/sarif/sarif/v2.1.0/
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any
from urllib.parse import quote

from screening import __version__
from screening.document import SURROGATE, dumps, finding_document, to_document
from screening.draft import Draft, Span
from screening.finding import Finding, Screening, Severity
from screening.regulation import Regulation
from screening.reports import content
from screening.reports.content import Options, Unread
from screening.reports.safe import visible

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {"block": "error", "escalate": "warning", "review": "warning", "notice": "note"}
#: what a plain text draft is split into lines by, as its reader does
_NEWLINES = ["\r\n", "\n", "\r", "\v", "\f", "\x85", "\u2028", "\u2029"]
_LINE = re.compile(r"line(\d+)(?:\.(\d+))?")
_MARKUP = re.compile(r"[\\\[\]]")
#: what the JSON report says of a finding and SARIF has no word for
_PROPERTIES = (
    *("id", "stage", "category", "severity", "field", "start", "end", "text"),
    *("location", "advice", "basis", "confidence", "evidence"),
)

Table = dict[str, Any]


def render(screenings: Sequence[Screening], regulation: Regulation, options: Options) -> str:
    """Return the log; drafts that could not be read stand among the notifications."""
    found = [screening.ordered for screening in screenings]
    rules = _rules(finding for findings in found for finding in findings)
    order = {rule["id"]: index for index, rule in enumerate(rules)}
    results = []
    for index, (screening, findings) in enumerate(zip(screenings, found, strict=True)):
        for finding in findings:
            result = _result(finding, screening.draft, index)
            results.append(result | {"ruleIndex": order[finding.rule]})
    run = {
        "tool": {"driver": _driver(rules)},
        "language": "zh-CN",
        "columnKind": "unicodeCodePoints",
        "newlineSequences": _NEWLINES,
        "invocations": [_invocation(screenings, options.unread)],
        "artifacts": [
            *(_artifact(screening, regulation) for screening in screenings),
            *({"location": _location(item.path)} for item in options.unread),
        ],
        "results": results,
    }
    if options.heading:
        run["automationDetails"] = {"description": _message(options.heading)}
    return dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}) + "\n"


def _driver(rules: list[Table]) -> Table:
    return {"name": "screening", "fullName": "先审后发", "version": __version__, "rules": rules}


def _rules(findings: Iterable[Finding]) -> list[Table]:
    """Describe each rule once, at the heaviest it was found."""
    heaviest: dict[str, Finding] = {}
    for finding in findings:
        known = heaviest.setdefault(finding.rule, finding)
        if finding.severity.rank > known.severity.rank:
            heaviest[finding.rule] = finding
    return [
        {
            "id": rule,
            "shortDescription": {"text": finding.category.label},
            "defaultConfiguration": {"level": _LEVELS[finding.severity]},
            "properties": {"tags": [finding.category.value]},
        }
        for rule, finding in sorted(heaviest.items())
    ]


def _result(finding: Finding, draft: Draft, index: int) -> Table:
    document = finding_document(draft, finding)
    return {
        "ruleId": finding.rule,
        "level": _LEVELS[finding.severity],
        "rank": 100.0 * (finding.severity.rank + 1) / len(Severity),
        "message": _message(f"{finding.message}\n{finding.advice}"),
        "locations": [
            {
                "physicalLocation": {"artifactLocation": {"index": index}}
                | _region(draft, finding.span),
                "logicalLocations": [
                    {
                        "name": content.place(draft, finding.span),
                        "fullyQualifiedName": finding.span.field,
                        "kind": "text",
                    }
                ],
            }
        ],
        "partialFingerprints": {"screening/v1": finding.id},
        "properties": {name: document[name] for name in _PROPERTIES},
    }


def _region(draft: Draft, span: Span) -> Table:
    """Return lines and columns, both from 1, where the draft's blocks are lines of a file."""
    if draft.format != "text":
        return {}
    last = Span(span.field, max(span.start, span.end - 1), span.end)
    first_place, last_place = _line(draft, span), _line(draft, last)
    if first_place is None or last_place is None:
        return {}
    end = last_place[1] + (span.end > span.start)
    places = {"startLine": first_place[0], "startColumn": first_place[1]}
    places |= {"endLine": last_place[0], "endColumn": end}
    return {"region": places | {"snippet": {"text": draft.text(span)}}}


def _line(draft: Draft, span: Span) -> tuple[int, int] | None:
    """Return line and column of the first character of ``span``."""
    for block in draft.blocks:
        if block.field == span.field and block.start <= span.start <= block.end:
            place = _LINE.fullmatch(block.locator.path)
            indent = int(place[2] or 1) if place else 1
            return (int(place[1]), span.start - block.start + indent) if place else None
    return None


def _artifact(screening: Screening, regulation: Regulation) -> Table:
    draft, document = screening.draft, to_document(screening)
    artifact: Table = {
        "roles": ["analysisTarget"] if draft.path else ["analysisTarget", "standardStream"],
        "description": _message(content.title(draft)),
        "properties": {
            "format": draft.format,
            "digest": draft.digest,
            "basis": f"{regulation.title}（{regulation.number}）",
            **{name: document[name] for name in ("verdict", "route", "coverage", "versions")},
        },
    }
    if draft.path:
        artifact["location"] = _location(draft.path)
    if draft.encoding:
        artifact["encoding"] = draft.encoding
    return artifact


def _location(path: str) -> Table:
    safe = SURROGATE.sub("\ufffd", path)
    if PureWindowsPath(safe).drive:
        return {"uri": "file:///" + quote(PureWindowsPath(safe).as_posix(), safe="/:")}
    scheme = "file://" if PurePosixPath(safe).is_absolute() else ""
    return {"uri": scheme + quote(safe)}


def _invocation(screenings: Sequence[Screening], unread: Sequence[Unread]) -> Table:
    """Say what was not screened: fail closed, as the verdict does."""
    told = []
    for index, screening in enumerate(screenings):
        told += [
            _notification("warning", f"{part.what}：{part.why}", index)
            for part in screening.unscreened
        ]
        told += [
            _notification(
                "error", f"{content.stage_label(item.stage)}没有完成：{item.error}", index
            )
            for item in screening.failures
        ]
    told += [
        _notification("error", item.message, index)
        for index, item in enumerate(unread, len(screenings))
    ]
    done = all(notice["level"] != "error" for notice in told)
    return {"executionSuccessful": done, "toolExecutionNotifications": told}


def _notification(level: str, text: str, index: int) -> Table:
    place = {"physicalLocation": {"artifactLocation": {"index": index}}}
    return {"level": level, "message": _message(text), "locations": [place]}


def _message(text: str) -> Table:
    """Return a SARIF message that shows exactly ``text``: no placeholder and no link in it."""
    plain = _MARKUP.sub(r"\\\g<0>", visible(text))
    return {"text": plain.replace("{", "{{").replace("}", "}}")}
