"""Which known works a draft was taken from, and which one answers for each passage."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from msgspec import Struct
from msgspec.structs import replace

from screening.stages.reproduction.alignment import Aligner, Passage
from screening.stages.reproduction.excuses import Reason, excused
from screening.stages.reproduction.work import Candidate, Work
from screening.text.normalise import Normalised, normalise

#: share of a passage that must be another work's too for that one to answer for it
_SAME = 0.7
#: characters below which what remains of a work is no finding of its own
_LEAST = 40
#: works whose reading is kept for the posts that follow
KEPT = 128


class Match(Struct, frozen=True):
    """One work, and what of it stands in one field of the draft.

    ``passages`` count, ``let_off`` do not, each with its reason. ``also`` are further works that
    hold the same passages.
    """

    work: Work
    field: str
    passages: tuple[Passage, ...]
    let_off: tuple[tuple[Passage, Reason], ...] = ()
    also: tuple[Work, ...] = ()

    @property
    def copied(self) -> int:
        """Characters of the field that were taken over."""
        return sum(passage.end - passage.start for passage in self.passages)


def find_matches(text: Normalised, field: str, candidates: Iterable[Candidate]) -> list[Match]:
    """Align the field with every candidate, and keep those from which something counts."""
    aligner = Aligner.of(text)
    matches = (_match(aligner, field, candidate) for candidate in candidates)
    return [match for match in matches if match.copied >= _LEAST]


def assign(matches: Sequence[Match], preferred: Iterable[str]) -> list[Match]:
    """Give every passage to one work where several hold it.

    Works whose ids are ``preferred`` (they are credited, or the school's own) come first, then the
    one that explains most of the field, then the one that was published first.
    """
    first = frozenset(preferred)

    def order(match: Match) -> tuple[bool, int, str]:
        return match.work.id not in first, -match.copied, match.work.published or "9"

    kept: list[Match] = []
    for match in sorted(matches, key=order):
        remaining = [p for p in match.passages if not _is_taken(p, match, kept)]
        if sum(p.end - p.start for p in remaining) >= _LEAST:
            kept.append(replace(match, passages=tuple(remaining)))
        else:
            kept = [_joined(other, match) for other in kept]
    return kept


@lru_cache(maxsize=KEPT)
def text_of(work: Work) -> Normalised:
    """Return the normalised text of a work, which several steps need, and posts that share it."""
    return normalise(work.text)


def _match(aligner: Aligner, field: str, candidate: Candidate) -> Match:
    passages = aligner.passages(text_of(candidate.work))
    reasons = excused(aligner.draft.text, candidate, passages)
    paired = list(zip(passages, reasons, strict=True))
    return Match(
        candidate.work,
        field,
        tuple(passage for passage, reason in paired if reason is None),
        tuple((passage, reason) for passage, reason in paired if reason is not None),
    )


def _is_taken(passage: Passage, match: Match, kept: Sequence[Match]) -> bool:
    """Tell whether the works kept so far hold most of ``passage``."""
    covered: set[int] = set()
    for other in kept:
        if other.field == match.field:
            for each in other.passages:
                covered.update(range(max(passage.start, each.start), min(passage.end, each.end)))
    return len(covered) >= _SAME * (passage.end - passage.start)


def _joined(kept: Match, match: Match) -> Match:
    """Note with ``kept`` that the work of ``match`` holds its passages too."""
    same = kept.field == match.field and any(
        one.start < other.end and other.start < one.end
        for one in kept.passages
        for other in match.passages
    )
    return replace(kept, also=(*kept.also, match.work)) if same else kept
