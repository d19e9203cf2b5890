"""What tells of a reprint where no known work does: pictures and texts of nobody, and signs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from screening.draft import Draft, Span
from screening.finding import Category, CreditQuote, Finding, ReproductionEvidence
from screening.stages.reproduction.attribution import Attribution
from screening.stages.reproduction.credit import Credit, CreditKind
from screening.stages.reproduction.decision import (
    BASIS,
    DATELINE,
    NOBODY,
    PICTURES,
    REPRINT,
    STAGE,
    Rule,
)
from screening.stages.reproduction.signs import Sign, names_source, tells_of_taking
from screening.text.masking import shortened

#: signs named in a message, and characters quoted of each
_NAMED, _QUOTED = 3, 20
_KINDS = {"dateline": "电头", "staff": "媒体记者的署名", "ending": "别处的套语"}


def unknown_findings(
    draft: Draft, credit_lines: Sequence[Credit], signs: Sequence[Sign], *, reprints: bool
) -> Iterator[Finding]:
    """Yield at most one finding for pictures and, with ``reprints``, one for the text.

    A source named in a credit line is taken at its word; whether it gave its licence, nobody can
    tell from the draft.
    """
    yield from _pictures(draft, credit_lines)
    if not reprints or any(map(names_source, credit_lines)):
        return
    for credit in credit_lines:
        span = _span(credit)
        if credit.kind is CreditKind.TEXT and credit.empty and tells_of_taking(draft.text(span)):
            message = f"稿中的“{draft.text(span)}”没有指明作者和出处，等于没有署名。"
            yield _finding(draft, NOBODY, span, message)
            return
    named = next((sign.credit for sign in signs if sign.credit and sign.credit.sources), None)
    if named:
        yield _dateline(draft, named, signs)
    elif signs:
        yield _reprint(draft, signs)


def _pictures(draft: Draft, credit_lines: Sequence[Credit]) -> Iterator[Finding]:
    """Yield one finding for the pictures that are credited to nobody (图片来源于网络)."""
    empty = [c for c in credit_lines if c.kind is CreditKind.PICTURE and c.empty]
    if empty:
        count = f"有 {len(empty)} 处图片" if len(empty) > 1 else "图片"
        quoted = draft.text(_span(empty[0]))
        message = f"{count}只写“{quoted}”，没有作者和出处；“网络”不是来源，不等于可以使用。"
        yield _finding(draft, PICTURES, _span(empty[0]), message)


def _reprint(draft: Draft, signs: Sequence[Sign]) -> Finding:
    spans = [Span("body", sign.start, sign.end) for sign in signs]
    named = [
        f"{_KINDS[sign.kind]}“{_cut(draft.text(span))}”"
        for sign, span in list(zip(signs, spans, strict=True))[:_NAMED]
    ]
    message = f"像是转载的文章（有{'、'.join(dict.fromkeys(named))}），却没有写明来源。"
    return _finding(draft, REPRINT, spans[0], message, [sign.kind for sign in signs])


def _dateline(draft: Draft, dateline: Credit, signs: Sequence[Sign]) -> Finding:
    """Return the finding about a dateline: the house is named, by it alone (decision 0013)."""
    house, authors = "、".join(dateline.sources), "、".join(dateline.authors)
    quoted = _cut(draft.text(_span(dateline)))
    told = f"来源和作者（{authors}）" if authors else "来源，没有写明作者"
    message = f"像是转载{house}的报道：电头“{quoted}”说明了{told}；是否取得授权，稿中看不出来。"
    return _finding(
        draft,
        Rule(
            DATELINE.id,
            DATELINE.severity,
            DATELINE.advice.format(
                house=house,
                authors=authors or "原文所署的姓名",
                unless="" if authors else "（原文没有署名的，只写来源）",
            ),
        ),
        _span(dateline),
        message,
        [sign.kind for sign in signs],
        attribution=Attribution.COMPLETE if authors else Attribution.INCOMPLETE,
    )


def _finding(
    draft: Draft,
    rule: Rule,
    span: Span,
    message: str,
    signs: Sequence[str] = (),
    *,
    attribution: Attribution = Attribution.MISSING,
) -> Finding:
    quote = CreditQuote(draft.text(span), span.start, span.end, span.field)
    quoted = not signs or attribution is not Attribution.MISSING
    return Finding(
        stage=STAGE,
        rule=rule.id,
        category=Category.REPRODUCTION,
        severity=rule.severity,
        span=span,
        message=message,
        advice=rule.advice,
        basis=BASIS,
        evidence=ReproductionEvidence(
            work=None,
            passages=(),
            share=0.0,
            attribution=attribution.value,
            credit=quote if quoted else None,
            signs=tuple(dict.fromkeys(signs)),
        ),
    )


def _span(credit: Credit) -> Span:
    return Span(credit.field, credit.start, credit.end)


def _cut(text: str) -> str:
    return shortened(text, _QUOTED)
