"""Tells of sentences that read like offences, and doubts rules where a sentence does not at all."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import numpy as np
from msgspec.structs import replace

from screening.draft import Draft, Span
from screening.finding import (
    Category,
    Finding,
    LexiconEvidence,
    LikenessEvidence,
    Severity,
    StageResult,
)
from screening.stages.lexicon.rules import is_own
from screening.stages.likeness.kinds import Kind, load_kinds
from screening.stages.likeness.model import Likeness, Table, chance
from screening.stages.likeness.sentences import Sentences, sentences_of
from screening.text import Prepared
from screening.text.masking import shortened

#: telling words that a finding names
_NAMED = 3
#: what is shown as a word: Chinese, with no particle or pronoun at its ends
_LOOSE = "的了着过们又也都就还但和与把被在是有我你您他她它这那吗呢吧啊呀一"
_WORD = re.compile(f"(?![{_LOOSE}])[\u4e00-\u9fff]+(?<![{_LOOSE}])")
#: characters of the draft repeated in a message
_SHOWN = 30
#: what becomes a notice in a sentence that reads like no offence, and how that is said
_LOWERED = (Severity.REVIEW, Severity.ESCALATE)
_CALM = "整句读来平常"
#: what is never lowered: too much depends on it
_CERTAIN = (Category.SECRECY, Category.PERSONAL)


class LikenessResult(StageResult, frozen=True, kw_only=True):
    """What the stage finds, and how likely each of the ``sentences`` is an offence."""

    sentences: Sentences
    chances: Table


class LikenessStage:
    """Screens each sentence for its likeness to offences, and doubts rules where there is none."""

    name = "likeness"

    def __init__(self, model: Likeness) -> None:
        self._model = model

    def screen(self, prepared: Prepared) -> LikenessResult:
        """Tell of the sentences that are like offences, the likest first where some overlap."""
        sentences = sentences_of(prepared)
        margins = self._model.margins(sentences)
        chances, kinds = chance(margins[:, 0]), margins[:, 1:].argmax(axis=1)
        told = np.flatnonzero(chances >= self._model.offence)
        found: list[Finding] = []
        for number in told[np.argsort(-chances[told], kind="stable")].tolist():
            kind = load_kinds()[self._model.categories[kinds[number]]]
            span = sentences.span(number)
            if not any(span.overlaps(finding.span) for finding in found):
                words = self._telling(prepared.draft, sentences, number)
                found.append(_finding(prepared, kind, span, words, float(chances[number])))
        found.sort(key=lambda finding: finding.span)
        return LikenessResult(tuple(found), sentences=sentences, chances=chances)

    def reconsider(self, result: LikenessResult, findings: Sequence[Finding]) -> list[Finding]:
        """Return ``findings`` of all stages without likenesses where a rule says as much or more.

        ``result`` is what this stage made of the same draft.

        What a rule says of a sentence that is not at all like an offence becomes a notice, and says
        why. What blocks stays as it is, so do secrets, personal data and the school's own terms.
        """
        named = [finding for finding in findings if finding.stage != self.name]
        kept = [finding for finding in findings if not self._named(finding, named)]
        doubtful = list(map(self._doubtful, kept))
        innocent = self._innocent(result) if any(doubtful) else []
        return [
            _lowered(finding) if doubt and any(map(finding.span.within, innocent)) else finding
            for finding, doubt in zip(kept, doubtful, strict=True)
        ]

    def _named(self, finding: Finding, named: Iterable[Finding]) -> bool:
        """Tell whether a rule blocks what looks like an offence, or is of the same category."""
        return finding.stage == self.name and any(
            finding.span.overlaps(other.span)
            and (other.severity is Severity.BLOCK or other.category is finding.category)
            for other in named
        )

    def _doubtful(self, finding: Finding) -> bool:
        """Tell whether a finding may be lowered."""
        return (
            isinstance(finding.evidence, LexiconEvidence)
            and finding.severity in _LOWERED
            and finding.category in self._model.categories
            and finding.category not in _CERTAIN
            and not is_own(finding.rule)
        )

    def _innocent(self, result: LikenessResult) -> list[Span]:
        """Return the sentences that are like no offence, by themselves or with the next one."""
        calm = result.chances < self._model.innocent
        guilty, spans = (
            [result.sentences.span(number) for number in np.flatnonzero(chosen).tolist()]
            for chosen in (~calm, calm)
        )
        return [span for span in spans if not any(map(span.overlaps, guilty))]

    def _telling(self, draft: Draft, sentences: Sentences, number: int) -> list[Span]:
        """Return the whole words that speak most for an offence, each once, none within another."""
        kept: dict[str, Span] = {}
        edges = sentences.edges(number)
        for gram in self._model.telling(sentences, number).tolist():
            place = sentences.place(gram)
            if edges.issuperset(place):
                span = sentences.stream.spans(*place)[0]
                word = draft.text(span)
                if _WORD.fullmatch(word) and not any(map(span.overlaps, kept.values())):
                    kept.setdefault(word, span)
            if len(kept) == _NAMED:
                break
        return list(kept.values())


def _lowered(finding: Finding) -> Finding:
    evidence = replace(finding.evidence, excused_by=_CALM)
    return replace(finding, severity=Severity.NOTICE, evidence=evidence)


def _finding(
    prepared: Prepared, kind: Kind, span: Span, telling: list[Span], chance: float
) -> Finding:
    draft = prepared.draft
    words = tuple(draft.text(each) for each in telling)
    return Finding(
        stage=LikenessStage.name,
        rule=kind.id,
        category=kind.category,
        severity=Severity.REVIEW,
        span=span,
        message=f"“{shortened(draft.text(span), _SHOWN)}”读来像{kind.about}",
        advice=kind.advice,
        basis=kind.basis,
        evidence=LikenessEvidence(kind.about, words, tuple(telling)),
        confidence=round(chance, 3),
    )
