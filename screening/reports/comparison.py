"""A draft's passages beside the work's: the same words, and where they differ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from screening.draft import Draft, Span
from screening.finding import CopiedPassage, Finding, ReproductionEvidence
from screening.reports import content
from screening.reports.safe import visible

#: passages shown of one work, the longest; code points shown of each
_SHOWN, _LONGEST = 8, 1500
#: equal characters in a row that are no chance
_SAME = 2


class Part(NamedTuple):
    """A run of one side; ``differs`` where the other side has other words, or none."""

    text: str
    differs: bool


class Pair(NamedTuple):
    """One passage: where it stands in the draft, both wordings, and why it does not count."""

    place: str
    draft: tuple[Part, ...]
    work: tuple[Part, ...]
    reason: str


class Comparison(NamedTuple):
    """One work and its passages; ``hidden`` tells how many are not shown."""

    title: str
    facts: str
    pairs: tuple[Pair, ...]
    hidden: int


def compare(finding: Finding, draft: Draft) -> Comparison | None:
    """Return the passages of the finding's work in draft order, None where it has no work."""
    evidence = finding.evidence
    if not isinstance(evidence, ReproductionEvidence) or evidence.work is None:
        return None
    work = evidence.work
    longest = sorted(evidence.passages, key=lambda passage: passage.start - passage.end)[:_SHOWN]
    pairs = (
        _pair(passage, finding.span.field, draft)
        for passage in sorted(longest, key=lambda passage: passage.start)
    )
    facts = " · ".join(filter(None, (work.site, work.author, work.published)))
    hidden = len(evidence.passages) - len(longest)
    return Comparison(visible(work.title), visible(facts), tuple(pairs), hidden)


def _pair(passage: CopiedPassage, field: str, draft: Draft) -> Pair:
    span = Span(field, passage.start, passage.end)
    mine, theirs = (_cut(visible(text)) for text in (draft.text(span), passage.text))
    left, right = _parts(mine, theirs)
    reason = content.reason_label(passage.reason) if passage.reason else ""
    return Pair(content.place(draft, span), left, right, reason)


def _parts(mine: str, theirs: str) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
    matcher = SequenceMatcher(None, mine, theirs, autojunk=False)
    whole = (len(mine), len(theirs))
    blocks = [
        block
        for block in matcher.get_matching_blocks()
        if block.size >= _SAME or (block.a + block.size, block.b + block.size) == whole
    ]
    left = _side(mine, [(block.a, block.a + block.size) for block in blocks])
    right = _side(theirs, [(block.b, block.b + block.size) for block in blocks])
    return tuple(left), tuple(right)


def _side(text: str, same: Sequence[tuple[int, int]]) -> Iterator[Part]:
    position = 0
    for start, end in same:
        if position < start:
            yield Part(text[position:start], True)
        yield Part(text[start:end], False)
        position = end
    if position < len(text):
        yield Part(text[position:], True)


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
