"""Passages from known works: found, each given to one work, judged by its credit and licence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from msgspec import Struct

from screening.finding import AlteredPart, Finding
from screening.stages.reproduction.alterations import alterations
from screening.stages.reproduction.attribution import Origin, attribute, named_in, origin_of
from screening.stages.reproduction.credit import Credit
from screening.stages.reproduction.credits import read_credits
from screening.stages.reproduction.decision import decide
from screening.stages.reproduction.houses import Houses, load_houses
from screening.stages.reproduction.matches import KEPT, Match, assign, find_matches, text_of
from screening.stages.reproduction.reporting import copied_finding, without_numbers
from screening.stages.reproduction.titles import changed_title
from screening.stages.reproduction.work import Candidate, Work
from screening.text import Prepared

#: share of the body from which on a draft is a reprint, whose title counts too
_REPRINT = 0.5


def copied_findings(
    prepared: Prepared,
    candidates: Mapping[str, Sequence[Candidate]],
    credit_lines: Sequence[Credit],
) -> Iterator[Finding]:
    """Yield one finding for every work from which something in a field was taken.

    ``candidates`` maps names of fields to the works that the index says they share text with.
    """
    matches = [
        match
        for field, works in candidates.items()
        for match in find_matches(prepared.fields[field], field, works)
    ]
    if not matches:
        return
    judge = _Judge(prepared, credit_lines, load_houses())
    naming = {match.work.id: judge.naming(match.work) for match in matches}
    preferred = [m.work.id for m in matches if naming[m.work.id] or _is_ours(m, matches)]
    kept = assign(matches, preferred)
    for match in kept:
        elsewhere = (naming[other.work.id] for other in kept if other is not match)
        yield from judge.findings(match, frozenset().union(*elsewhere))


@lru_cache(maxsize=KEPT)
def _origin(work: Work) -> Origin:
    """Return where a work is from; posts of one schedule often share a work."""
    return origin_of(work, load_houses(), lambda _: read_credits(text_of(work), alone=True))


class _Judge(Struct, frozen=True):
    """What every work in one draft is judged by."""

    prepared: Prepared
    credit_lines: Sequence[Credit]
    houses: Houses

    def naming(self, work: Work) -> frozenset[Credit]:
        """Return the credits that rightly name the work."""
        if not self.credit_lines:
            return frozenset()
        origin = _origin(work)
        return frozenset(c for c in self.credit_lines if named_in(c, origin, self.houses).any)

    def findings(self, match: Match, others: frozenset[Credit]) -> Iterator[Finding]:
        draft, work = self.prepared.draft, match.work
        places = [(match.field, passage.start, passage.end) for passage in match.passages]
        judged = attribute(places, self.credit_lines, _origin(work), self.houses, others=others)
        share = match.copied / len(draft.fields[match.field])
        changes = self._changes(match, share)
        rule = decide(
            work, judged.attribution, copied=match.copied, share=share, altered=bool(changes)
        )
        if rule:
            yield copied_finding(draft, match, rule, judged, changes)

    def _changes(self, match: Match, share: float) -> tuple[AlteredPart, ...]:
        """Return what was changed, the title too where the draft is mainly this work."""
        if match.work.own:
            return ()
        text, original = self.prepared.fields[match.field], text_of(match.work)
        found = list(alterations(text, original, match.passages, match.field))
        if match.field == "body" and share >= _REPRINT:
            title = changed_title(self.prepared.draft.title, match.work.title, original)
            found = [*filter(None, [title]), *found]
        return tuple(
            AlteredPart(
                change.kind.value,
                change.draft,
                without_numbers(change.work, text.original),
                change.start,
                change.end,
                change.field,
            )
            for change in found
        )


def _is_ours(match: Match, matches: Sequence[Match]) -> bool:
    """Tell whether a passage is the school's own: in its post, and in none that was there before.

    A school's post may itself be a reprint: then the earlier work answers for it.
    """
    published = match.work.published
    return match.work.own and not any(
        published and other.work.published and other.work.published < published
        for other in matches
        if not other.work.own
    )
