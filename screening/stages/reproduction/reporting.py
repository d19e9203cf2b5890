"""Findings about one work, put into words: which sentences, whose, how credited, what to write."""

from __future__ import annotations

import re
from collections.abc import Sequence

from screening.draft import FIELD_LABELS, Draft, Span
from screening.finding import (
    AlteredPart,
    Basis,
    Category,
    CopiedPassage,
    CreditQuote,
    Finding,
    ReproductionEvidence,
    WorkRecord,
)
from screening.stages.reproduction.alignment import Passage
from screening.stages.reproduction.attribution import Attributed
from screening.stages.reproduction.credit import LINKS, Credit
from screening.stages.reproduction.decision import (
    ALTERED,
    BASIS,
    STAGE,
    Rule,
    advise,
    credit_said,
    described,
)
from screening.stages.reproduction.matches import Match
from screening.stages.reproduction.work import Work
from screening.text.masking import shortened

_OWN_BASIS = (Basis(13), Basis(21))
#: changes named in a message, and characters quoted of each
_NAMED, _QUOTED = 3, 24
#: a credit longer than this is cut in a message
_CREDIT = 40
_NUMBER = re.compile(r"\d(?:[ .\-_]{0,2}\d){6,}[xX]?")


def copied_finding(
    draft: Draft, match: Match, rule: Rule, judged: Attributed, altered: Sequence[AlteredPart]
) -> Finding:
    """Return the finding about one work; its place is the longest passage."""
    text = draft.fields[match.field]
    longest = max(match.passages, key=lambda passage: passage.end - passage.start)
    work = match.work
    quoted, beside = _quoted(draft, judged.credit), _quoted(draft, judged.beside)
    said = credit_said(judged, quoted, beside, work)
    advice = advise(rule, work)
    return Finding(
        stage=STAGE,
        rule=rule.id,
        category=Category.REPRODUCTION,
        severity=rule.severity,
        span=Span(match.field, longest.start, longest.end),
        message=_taken(match, len(text)) + said + _changes(altered),
        advice=advice + (ALTERED.advice if altered and rule is not ALTERED else ""),
        basis=_OWN_BASIS if work.own else BASIS,
        evidence=_evidence(draft, match, judged, altered),
    )


def _taken(match: Match, length: int) -> str:
    number = f"共 {len(match.passages)} 处 " if len(match.passages) > 1 else ""
    return (
        f"这些文字来自{described(match.work)}，{number}{match.copied} 字，"
        f"占{FIELD_LABELS[match.field]} {match.copied / length:.0%}。"
    )


def _changes(altered: Sequence[AlteredPart]) -> str:
    if not altered:
        return ""
    named = "，".join(
        f"“{_cut(change.work) or '（无）'}”变成“{_cut(change.draft) or '（无）'}”"
        for change in altered[:_NAMED]
    )
    more = f"等 {len(altered)} 处" if len(altered) > _NAMED else ""
    return f"与原文不一致：{named}{more}。"


def _cut(text: str) -> str:
    return shortened(text, _QUOTED)


def _quoted(draft: Draft, credit: Credit | None) -> str:
    if credit is None:
        return ""
    return shortened(_credit_text(draft, credit), _CREDIT)


def _credit_text(draft: Draft, credit: Credit) -> str:
    if credit.field == LINKS:
        return credit.links[0]
    return draft.text(Span(credit.field, credit.start, credit.end))


def _evidence(
    draft: Draft, match: Match, judged: Attributed, altered: Sequence[AlteredPart]
) -> ReproductionEvidence:
    counted: list[tuple[Passage, str | None]] = [(passage, None) for passage in match.passages]
    paired = [*counted, *((passage, reason.value) for passage, reason in match.let_off)]
    credit, text = judged.credit, draft.fields[match.field]
    return ReproductionEvidence(
        work=_record(match.work),
        passages=tuple(
            CopiedPassage(
                passage.start,
                passage.end,
                passage.work_start,
                passage.work_end,
                round(passage.similarity, 3),
                without_numbers(match.work.text[passage.work_start : passage.work_end], text),
                reason,
            )
            for passage, reason in sorted(paired, key=lambda pair: pair[0].start)
        ),
        share=round(match.copied / len(text), 4),
        attribution=judged.attribution.value,
        credit=_credit_quote(draft, credit) if credit else None,
        altered=tuple(altered),
        also=tuple(described(work) for work in match.also),
    )


def _credit_quote(draft: Draft, credit: Credit) -> CreditQuote:
    return CreditQuote(_credit_text(draft, credit), credit.start, credit.end, credit.field)


def _record(work: Work) -> WorkRecord:
    return WorkRecord(
        work.id,
        work.title,
        work.author,
        work.site,
        work.url,
        work.published,
        work.own,
        work.licence.value,
    )


def without_numbers(text: str, draft: str) -> str:
    """Mask long numbers that stand in the work alone; the pipeline masks those of the draft."""
    return _NUMBER.sub(lambda hit: hit[0] if hit[0] in draft else "*" * len(hit[0]), text)
