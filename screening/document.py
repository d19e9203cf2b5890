"""One screening as built-in values, and back: the public form, and what tickets store."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from msgspec import convert, to_builtins

from screening.draft import Block, Draft, Link, Media, Span, Unscreened
from screening.finding import (
    AccountEvidence,
    AdvertisingEvidence,
    Basis,
    Category,
    Evidence,
    Failure,
    Finding,
    LexiconEvidence,
    LikenessEvidence,
    ReproductionEvidence,
    Route,
    Screening,
    Severity,
    Target,
    Verdict,
    Versions,
)

SCHEMA = "screening/1"

#: stage → the evidence that it gives, so that a stored finding can be read back.
EVIDENCE: Mapping[str, type[Evidence]] = MappingProxyType(
    {
        "lexicon": LexiconEvidence,
        "registry": AccountEvidence,
        "advertising": AdvertisingEvidence,
        "likeness": LikenessEvidence,
        "reproduction": ReproductionEvidence,
    }
)

#: Parts of evidence that stand in the document only when there are any.
_OPTIONAL = ("related", "signs", "also")

#: what no encoding can write
SURROGATE = re.compile("[\ud800-\udfff]")


def to_document(screening: Screening, *, text: bool = False) -> dict[str, Any]:
    """Return one entry of "drafts", schema :data:`SCHEMA`.

    With ``text`` it also carries the fields' texts, blocks, links and media, and
    :func:`from_document` restores the whole screening.
    """
    draft = screening.draft
    document = {
        "draft": {
            "path": draft.path,
            "title": draft.title,
            "format": draft.format,
            "encoding": draft.encoding,
            "characters": draft.characters,
            "digest": draft.digest,
        },
        "coverage": {
            "complete": screening.complete,
            "unscreened": to_builtins(screening.unscreened),
        },
        "verdict": screening.verdict.value,
        "route": {
            "to": screening.route.to.value,
            "steps": [step.value for step in screening.route.steps],
            "reasons": list(screening.route.reasons),
        },
        "findings": [finding_document(draft, finding) for finding in screening.findings],
        "failures": to_builtins(screening.failures),
        "versions": to_builtins(screening.versions),
        "elapsed_ms": dict(screening.elapsed_ms),
    }
    if text:
        document["fields"] = dict(draft.fields)
        document |= {
            name: to_builtins(getattr(draft, name)) for name in ("blocks", "links", "media")
        }
        document["draft"]["unscreened"] = to_builtins(draft.unscreened)
    return document


def from_document(document: Mapping[str, Any]) -> Screening:
    """Restore the screening from which :func:`to_document` made ``document``, with its text.

    Raises:
        KeyError: the document was made without ``text``, or is none of ours.
    """
    return Screening(
        draft=_draft(document),
        verdict=Verdict(document["verdict"]),
        route=Route(Target(document["route"]["to"]), tuple(document["route"]["reasons"])),
        findings=tuple(map(_restored, document["findings"])),
        failures=convert(document["failures"], tuple[Failure, ...]),
        unscreened=convert(document["coverage"]["unscreened"], tuple[Unscreened, ...]),
        versions=convert(document["versions"], Versions),
        elapsed_ms=dict(document["elapsed_ms"]),
    )


def envelope(
    documents: Iterable[Mapping[str, Any]], errors: Iterable[Mapping[str, str]] = ()
) -> dict[str, Any]:
    """Wrap entries of "drafts" with the schema, and drafts that could not be read as "errors"."""
    whole: dict[str, Any] = {"schema": SCHEMA, "drafts": list(documents)}
    unread = list(errors)
    return whole | {"errors": unread} if unread else whole


def dumps(value: object, indent: int | None = 2) -> str:
    """Write JSON for people and UTF-8: Chinese stays readable, lone surrogates are escaped.

    Without ``indent`` it is one line.
    """
    written = json.dumps(value, ensure_ascii=False, indent=indent)
    return SURROGATE.sub(lambda match: f"\\u{ord(match[0]):04x}", written)


def finding_document(draft: Draft, finding: Finding) -> dict[str, Any]:
    """Return one entry of a draft's "findings"."""
    span = finding.span
    return {
        "id": finding.id,
        "stage": finding.stage,
        "rule": finding.rule,
        "category": finding.category.value,
        "severity": finding.severity.value,
        "field": span.field,
        "start": span.start,
        "end": span.end,
        "text": draft.text(span),
        "location": draft.locate(span),
        "message": finding.message,
        "advice": finding.advice,
        "basis": to_builtins(finding.basis),
        "confidence": finding.confidence,
        "evidence": _evidence(finding.evidence),
    }


def _evidence(evidence: Evidence) -> dict[str, Any]:
    table: dict[str, Any] = to_builtins(evidence)
    return {name: value for name, value in table.items() if value or name not in _OPTIONAL}


def _restored(table: Mapping[str, Any]) -> Finding:
    return Finding(
        stage=table["stage"],
        rule=table["rule"],
        category=Category(table["category"]),
        severity=Severity(table["severity"]),
        span=Span(table["field"], table["start"], table["end"]),
        message=table["message"],
        advice=table["advice"],
        basis=convert(table["basis"], tuple[Basis, ...]),
        evidence=convert(table["evidence"], EVIDENCE[table["stage"]]),
        confidence=table["confidence"],
        id=table["id"],
    )


def _draft(document: Mapping[str, Any]) -> Draft:
    table = document["draft"]
    return Draft(
        format=table["format"],
        fields=MappingProxyType(dict(document["fields"])),
        blocks=convert(document["blocks"], tuple[Block, ...]),
        path=table["path"],
        encoding=table["encoding"],
        links=convert(document["links"], tuple[Link, ...]),
        media=convert(document["media"], tuple[Media, ...]),
        unscreened=convert(table["unscreened"], tuple[Unscreened, ...]),
        digest=table["digest"],
    )
