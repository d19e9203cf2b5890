"""Flagged spans, which may overlap, nest and cross blocks, cut into pieces that do not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from screening.draft import Block, Draft, Locator, Span
from screening.finding import Finding
from screening.reports.safe import visible


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text under the same findings; these go by their numbers in the report, from 1.

    ``opens`` and ``closes`` are the findings that begin with, and end with, this piece.
    """

    text: str
    numbers: tuple[int, ...]
    opens: tuple[int, ...]
    closes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One block of the draft as pieces, with its place for the margin."""

    place: str
    pieces: tuple[Piece, ...]


def lines(draft: Draft, field: str, findings: Sequence[Finding]) -> list[Line]:
    """Cut the blocks of ``field`` where a span of ``findings`` (in report order) begins or ends."""
    text = draft.fields[field]
    blocks = [block for block in draft.blocks if block.field == field]
    blocks = blocks or [Block(field, 0, len(text), Locator(""))]
    spans = {
        number: _filled(finding.span, len(text))
        for number, finding in enumerate(findings, 1)
        if finding.span.field == field
    }
    cuts = [_cut(block, spans) for block in blocks]
    first: dict[int, tuple[int, int]] = {}
    last: dict[int, tuple[int, int]] = {}
    for cut in (cut for block in cuts for cut in block):
        for number in _over(cut, spans):
            first.setdefault(number, cut)
            last[number] = cut
    return [
        Line(
            visible(block.locator.label),
            tuple(_piece(text, cut, _over(cut, spans), first, last) for cut in block_cuts),
        )
        for block, block_cuts in zip(blocks, cuts, strict=True)
    ]


def _filled(span: Span, length: int) -> Span:
    """Give an empty span the character at its place, so that there is something to point at."""
    if span.start < span.end:
        return span
    start = min(span.start, max(length - 1, 0))
    return Span(span.field, start, start + 1)


def _cut(block: Block, spans: dict[int, Span]) -> list[tuple[int, int]]:
    edges = {edge for span in spans.values() for edge in (span.start, span.end)}
    inside = sorted(edge for edge in edges if block.start < edge < block.end)
    bounds = [block.start, *inside, block.end]
    return list(pairwise(bounds))


def _over(cut: tuple[int, int], spans: dict[int, Span]) -> tuple[int, ...]:
    start, end = cut
    return tuple(
        number for number, span in spans.items() if span.start <= start and end <= span.end
    )


def _piece(
    text: str,
    cut: tuple[int, int],
    numbers: tuple[int, ...],
    first: dict[int, tuple[int, int]],
    last: dict[int, tuple[int, int]],
) -> Piece:
    return Piece(
        visible(text[slice(*cut)]),
        numbers,
        tuple(number for number in numbers if first[number] == cut),
        tuple(number for number in numbers if last[number] == cut),
    )
