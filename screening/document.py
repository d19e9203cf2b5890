"""One screening as plain JSON values, and back: the public form, and what tickets store."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from types import MappingProxyType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from screening.draft import Block, Draft, Link, Media, Span, Unscreened
from screening.finding import (
    Basis,
    Category,
    Evidence,
    Failure,
    Finding,
    LexiconEvidence,
    Route,
    Screening,
    Severity,
    Target,
    Verdict,
    Versions,
)

SCHEMA = "screening/1"

#: stage → the evidence that it gives, so that a stored finding can be read back.
EVIDENCE: Mapping[str, type[Evidence]] = MappingProxyType({"lexicon": LexiconEvidence})

#: Parts of evidence that stand in the document only when there are any.
_OPTIONAL = ("related",)

_SURROGATE = re.compile("[\ud800-\udfff]")


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
        "coverage": {"complete": screening.complete, "unscreened": _plain(screening.unscreened)},
        "verdict": screening.verdict.value,
        "route": {
            "to": screening.route.to.value,
            "steps": [step.value for step in screening.route.steps],
            "reasons": list(screening.route.reasons),
        },
        "findings": [_finding(draft, finding) for finding in screening.findings],
        "failures": _plain(screening.failures),
        "versions": _plain(screening.versions),
        "elapsed_ms": dict(screening.elapsed_ms),
    }
    if text:
        document["fields"] = dict(draft.fields)
        document |= {name: _plain(getattr(draft, name)) for name in ("blocks", "links", "media")}
        document["draft"]["unscreened"] = _plain(draft.unscreened)
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
        failures=_revive(tuple[Failure, ...], document["failures"]),
        unscreened=_revive(tuple[Unscreened, ...], document["coverage"]["unscreened"]),
        versions=_revive(Versions, document["versions"]),
        elapsed_ms=dict(document["elapsed_ms"]),
    )


def envelope(
    documents: Iterable[Mapping[str, Any]], errors: Iterable[Mapping[str, str]] = ()
) -> dict[str, Any]:
    """Wrap entries of "drafts" with the schema, and drafts that could not be read as "errors"."""
    whole: dict[str, Any] = {"schema": SCHEMA, "drafts": list(documents)}
    unread = list(errors)
    return whole | {"errors": unread} if unread else whole


def dumps(value: object) -> str:
    """Write JSON for people and UTF-8: Chinese stays readable, lone surrogates are escaped."""
    written = json.dumps(value, ensure_ascii=False, indent=2)
    return _SURROGATE.sub(lambda match: f"\\u{ord(match[0]):04x}", written)


def _finding(draft: Draft, finding: Finding) -> dict[str, Any]:
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
        "basis": _plain(finding.basis),
        "confidence": finding.confidence,
        "evidence": _evidence(finding.evidence),
    }


def _evidence(evidence: Evidence) -> dict[str, Any]:
    table: dict[str, Any] = _plain(evidence)
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
        basis=_revive(tuple[Basis, ...], table["basis"]),
        evidence=_revive(EVIDENCE[table["stage"]], table["evidence"]),
        confidence=table["confidence"],
        id=table["id"],
    )


def _draft(document: Mapping[str, Any]) -> Draft:
    table = document["draft"]
    return Draft(
        format=table["format"],
        fields=MappingProxyType(dict(document["fields"])),
        blocks=_revive(tuple[Block, ...], document["blocks"]),
        path=table["path"],
        encoding=table["encoding"],
        links=_revive(tuple[Link, ...], document["links"]),
        media=_revive(tuple[Media, ...], document["media"]),
        unscreened=_revive(tuple[Unscreened, ...], table["unscreened"]),
        digest=table["digest"],
    )


def _plain(value: Any) -> Any:
    """Turn dataclasses into tables and tuples into lists; a span becomes [field, start, end]."""
    if isinstance(value, Span):
        return [value.field, value.start, value.end]
    if is_dataclass(value):
        return {item.name: _plain(getattr(value, item.name)) for item in fields(value)}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value


def _revive(kind: Any, value: Any) -> Any:
    """Undo :func:`_plain`, guided by the type that is wanted."""
    if kind is Span:
        return Span(*value)
    if get_origin(kind) is tuple:
        return tuple(_revive(get_args(kind)[0], item) for item in value)
    if get_origin(kind) in (Union, UnionType):
        return None if value is None else _revive(get_args(kind)[0], value)
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        return kind(**{name: _revive(hints[name], item) for name, item in value.items()})  # type: ignore[operator]
    return value
