"""Tells of sentences that read like known offences: a second look where no rule names the words."""

from __future__ import annotations

import numpy as np

from screening.draft import Span
from screening.finding import Finding, LikenessEvidence, Severity, StageResult
from screening.stages.likeness.kinds import Kind, load_kinds
from screening.stages.likeness.model import Likeness
from screening.stages.likeness.sentences import Sentences, sentences_of
from screening.text import Prepared
from screening.text.masking import shortened

#: telling words that a finding names, and the n-grams looked at for them
_NAMED, _LOOKED_AT = 3, 12
#: characters of the draft repeated in a message
_SHOWN = 30


class LikenessStage:
    """Screens each sentence for its likeness to the offences of every category."""

    name = "likeness"

    def __init__(self, model: Likeness) -> None:
        self._model = model

    def screen(self, prepared: Prepared) -> StageResult:
        """Return for each place and category the sentence that is most alike, if any is."""
        sentences = sentences_of(prepared)
        chances = self._model.probabilities(sentences)
        places = np.argwhere(chances >= np.array(self._model.thresholds))
        strongest = np.argsort(-chances[tuple(places.T)], kind="stable")
        found: list[Finding] = []
        for number, column in places[strongest].tolist():
            kind = load_kinds()[self._model.categories[column]]
            span = sentences.span(number)
            if not any(kind.id == f.rule and span.overlaps(f.span) for f in found):
                words = self._telling(sentences, number, column)
                found.append(_finding(prepared, kind, span, words, float(chances[number, column])))
        return StageResult(tuple(sorted(found, key=lambda finding: finding.span)))

    def _telling(self, sentences: Sentences, number: int, column: int) -> list[Span]:
        """Return the words that speak most for the category, none within another."""
        kept: list[Span] = []
        for gram in self._model.telling(sentences, number, column)[:_LOOKED_AT].tolist():
            span = sentences.words(gram)
            if not any(span.overlaps(other) for other in kept):
                kept.append(span)
        return kept[:_NAMED]


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
