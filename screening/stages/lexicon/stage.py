"""The lexicon stage: words, patterns and co-occurrences, each judged in its context."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from screening.draft import Draft, Span, Unscreened
from screening.finding import Category, Finding, LexiconEvidence, Severity, StageResult
from screening.stages.lexicon import cooccurrence, patterns
from screening.stages.lexicon.compiled import Compiled
from screening.stages.lexicon.context import Excuses, Place, allowed, written
from screening.stages.lexicon.field import FieldText
from screening.stages.lexicon.index import Hit, WordIndex
from screening.stages.lexicon.rules import (
    SPELLINGS,
    AnyRule,
    CooccurrenceRule,
    PatternRule,
    TermRule,
)
from screening.stages.lexicon.suspects import suspects
from screening.stages.lexicon.variants import variant
from screening.text import Prepared
from screening.text.masking import Masker, secrets_of, shortened
from screening.text.normalise import fold, squeezed_key
from screening.text.words import on_boundaries, stands_alone

#: a rule and where it was hit; a co-occurrence has several places
Judged = tuple[AnyRule, list[Place]]

#: Han terms up to this long must fall on word boundaries unless their rule says otherwise
_SHORT = 2
#: spellings that change one Chinese character into another
_MISSPELT = ("homophone", "lookalike")
#: characters of the draft repeated in a message
_SHOWN = 30
#: characters of a passage that is flagged whole where words mean something only together
_PASSAGE = 48


class _Candidates(Struct):
    """What one pass over a field gave the rules to judge."""

    terms: list[tuple[TermRule, Hit, str]] = []
    windows: dict[PatternRule, Sequence[patterns.Window]] = {}
    groups: dict[CooccurrenceRule, cooccurrence.Groups] = {}

    def add(self, rule: TermRule | CooccurrenceRule, hit: Hit) -> None:
        """Note what ``hit`` means to ``rule``."""
        if isinstance(rule, TermRule):
            self.terms.append((rule, hit, SPELLINGS[hit.use.spelling]))
        else:
            self.groups.setdefault(rule, {}).setdefault(hit.use.group, []).append(hit)


class LexiconStage:
    """Screens drafts against a lexicon. ``pattern_seconds`` bounds one search of one pattern."""

    name = "lexicon"

    def __init__(self, compiled: Compiled, pattern_seconds: float) -> None:
        self._rules = compiled.rules
        self._index = WordIndex(compiled.words)
        self._excuses = Excuses(compiled.excuses, compiled.contact)
        self._seconds = pattern_seconds

    def screen(self, prepared: Prepared) -> StageResult:
        """Judge every field; a pattern that times out makes the draft's coverage incomplete."""
        fields = {
            name: FieldText(prepared.draft, name, normalised)
            for name, normalised in prepared.fields.items()
        }
        unscreened: list[Unscreened] = []
        secrets: list[Span] = []
        hits: list[list[Judged]] = []
        for text in fields.values():
            numbers = suspects(text.normalised, text.figures)
            secrets += [Span(text.name, *bounds) for bounds in numbers]
            candidates = self._candidates(text)
            found: list[Judged] = [*_settled_terms(candidates, text)]
            for rule, places in self._searches(candidates, text, unscreened):
                found += [(rule, [place]) for place in places]
                secrets += [_span(rule, place) for place in places if rule.secret]
            for meeting_rule, groups in candidates.groups.items():
                met = cooccurrence.meetings(meeting_rule, text, groups)
                found += [(meeting_rule, places) for places in met]
            hits.append(found)
        draft = prepared.draft
        safe = Masker.of(secrets_of(draft, secrets)).draft(draft) if secrets else draft
        findings = [finding for found in hits for finding in self._findings(found, fields, safe)]
        return StageResult(tuple(findings), tuple(unscreened), tuple(dict.fromkeys(secrets)))

    def _candidates(self, text: FieldText) -> _Candidates:
        candidates = _Candidates()
        found = self._index.find(text)
        for hit in found.hits:
            candidates.add(self._rules[hit.use.rule], hit)
        candidates.windows = {self._rules[rule]: bounds for rule, bounds in found.windows.items()}
        return candidates

    def _searches(
        self, candidates: _Candidates, text: FieldText, unscreened: list[Unscreened]
    ) -> Iterator[tuple[PatternRule, list[Place]]]:
        for rule, windows in candidates.windows.items():
            try:
                yield rule, list(patterns.search(rule, text, windows, self._seconds))
            except patterns.PatternTimeoutError:
                where = text.draft.locate(Span(text.name, 0, 0))
                what = f"规则 {rule.id}（{rule.name}）在{where}起的文字里"
                unscreened.append(Unscreened(what, f"查找超过 {self._seconds:g} 秒，已中止"))

    def _findings(
        self, found: Iterable[Judged], fields: dict[str, FieldText], safe: Draft
    ) -> list[Finding]:
        """Make findings of hits that no context excuses, in the words of the ``safe`` draft."""
        findings = []
        for rule, places in found:
            first = places[0]
            if not first.field.stands_in(rule.places, _span(rule, first).start):
                continue
            excused = self._excuses.find(rule, first, fields)
            if excused is None:
                findings.append(_finding(rule, places, safe, None))
            elif excused.excuse.effect == "notice":
                reason = f"{excused.excuse.label}：{excused.words}"
                findings.append(_finding(rule, places, safe, reason))
        return _without_nested(findings)


def _settled_terms(
    candidates: _Candidates, text: FieldText
) -> Iterator[tuple[AnyRule, list[Place]]]:
    """Yield the term hits that keep to word boundaries and that their rule does not except."""
    for rule, hit, spelling in candidates.terms:
        place = Place(text, hit.start, hit.end, hit.key, hit.at, spelling)
        if not (hit.parted and rule.exact) and not allowed(rule, place):
            needed = _needs_boundaries(rule, hit, spelling)
            settled = not needed or on_boundaries(text.text, hit.start, hit.end)
            if settled and (spelling not in _MISSPELT or _misspelt(rule, hit, text)):
                yield rule, [place]


def _needs_boundaries(rule: TermRule, hit: Hit, spelling: str) -> bool:
    if hit.parted or spelling in _MISSPELT:
        return True
    if rule.boundaries is not None:
        return rule.boundaries
    return len(hit.key) <= _SHORT and not hit.key.isascii()


def _misspelt(rule: TermRule, hit: Hit, text: FieldText) -> bool:
    """Tell whether the character that was changed stands alone, as it would in no real word."""
    if hit.parted:
        return False
    right = squeezed_key(rule.terms[0])
    changed = next(n for n, pair in enumerate(zip(right, hit.key, strict=True)) if len({*pair}) > 1)
    start, end = text.unsqueeze(hit.at + changed, hit.at + changed + 1)
    return stands_alone(text.text, start, end)


def _span(rule: AnyRule, place: Place) -> Span:
    if isinstance(rule, PatternRule) and rule.raw:
        return Span(place.field.name, place.start, place.end)
    return place.field.span(place.start, place.end)


def _finding(rule: AnyRule, places: list[Place], safe: Draft, excused_by: str | None) -> Finding:
    words = [_span(rule, place) for place in places]
    whole = _joined(words, safe)
    parts = [whole] if whole else sorted(words)
    shown = "…".join(shortened(safe.text(span), _SHOWN) for span in parts)
    return Finding(
        stage=LexiconStage.name,
        rule=rule.id,
        category=rule.category,
        severity=Severity.NOTICE if excused_by else rule.severity,
        span=whole or words[0],
        message=rule.message.replace("{text}", shown),
        advice=rule.advice,
        basis=rule.basis,
        evidence=_evidence(rule, places[0], words, safe, excused_by),
    )


def _joined(words: list[Span], draft: Draft) -> Span | None:
    """Return the passage from the first to the last of ``words``, None where it is too long."""
    whole = Span(words[0].field, min(s.start for s in words), max(s.end for s in words))
    short = whole.end - whole.start <= _PASSAGE
    return whole if short and "\n" not in draft.text(whole) else None


def _evidence(
    rule: AnyRule, place: Place, words: list[Span], safe: Draft, excused_by: str | None
) -> LexiconEvidence:
    draft = place.field.draft
    original, matched = draft.text(words[0]), place.field.text[place.start : place.end]
    if (shown := safe.text(words[0])) != original:
        original, matched = shown, fold(shown)
    name, kind = rule.name, "plain"
    if isinstance(rule, PatternRule):
        matched = original if rule.raw else matched
    else:
        kind = variant(original, place.key, parted=len(matched) > len(place.key))
    if isinstance(rule, TermRule):
        name = written(rule).get(place.key, rule.terms[0]) if rule.terms[1:] else rule.terms[0]
        kind = kind if place.spelling == "plain" else place.spelling
    return LexiconEvidence(name, matched, kind, excused_by, tuple(words[1:]))


def _without_nested(findings: list[Finding]) -> list[Finding]:
    """Keep the longest of hits of one category that contain each other, and one of equals.

    What contains a finding begins before it or with it, so one pass from left to right needs only
    the furthest end that each category has reached, at each severity or above.
    """
    kept = []
    reached: dict[tuple[Category, int], int] = {}
    order = sorted(findings, key=lambda f: (f.span.start, -f.span.end, -f.severity.rank, f.rule))
    for finding in order:
        if reached.get((finding.category, finding.severity.rank), -1) < finding.span.end:
            kept.append(finding)
            for rank in range(finding.severity.rank + 1):
                key = finding.category, rank
                reached[key] = max(reached.get(key, -1), finding.span.end)
    return sorted(kept, key=lambda f: (f.span.start, f.span.end, f.rule))
