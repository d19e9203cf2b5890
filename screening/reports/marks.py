"""Flagged spans, which may overlap, nest and cross blocks, cut into pieces that do not."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from itertools import pairwise

from msgspec import Struct

from screening.draft import Block, Draft, Locator, Span
from screening.finding import Finding
from screening.reports.safe import visible

Cut = tuple[int, int]


class Piece(Struct, frozen=True):
    """A run of text under the same findings, the narrowest first; they go by number, from 1.

    ``opens`` and ``closes`` are the findings that begin with, and end with, this piece.
    """

    text: str
    numbers: tuple[int, ...]
    opens: tuple[int, ...]
    closes: tuple[int, ...]


class Line(Struct, frozen=True):
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
    edges = sorted({edge for span in spans.values() for edge in (span.start, span.end)})
    cuts = [_cut(block, edges) for block in blocks]
    over = _over([cut for block_cuts in cuts for cut in block_cuts], spans)
    last = {number: cut for cut, numbers in over.items() for number in numbers}
    first = {number: cut for cut, numbers in reversed(over.items()) for number in numbers}

    def piece(cut: Cut) -> Piece:
        return Piece(
            visible(text[slice(*cut)]),
            over[cut],
            tuple(number for number in over[cut] if first[number] == cut),
            tuple(number for number in over[cut] if last[number] == cut),
        )

    return [
        Line(visible(block.locator.label), tuple(map(piece, block_cuts)))
        for block, block_cuts in zip(blocks, cuts, strict=True)
    ]


def _filled(span: Span, length: int) -> Span:
    """Give an empty span the character at its place, so that there is something to point at."""
    if span.start < span.end:
        return span
    start = min(span.start, max(length - 1, 0))
    return Span(span.field, start, start + 1)


def _cut(block: Block, edges: list[int]) -> list[Cut]:
    """Cut a block at every one of the sorted ``edges`` that lies within it."""
    inside = edges[bisect_right(edges, block.start) : bisect_left(edges, block.end)]
    return list(pairwise([block.start, *inside, block.end]))


def _over(cuts: Sequence[Cut], spans: Mapping[int, Span]) -> dict[Cut, tuple[int, ...]]:
    """Find the spans over each of the ``cuts``, which stand in order and cross no edge."""

    def size(number: int) -> tuple[int, int]:
        return spans[number].end - spans[number].start, number

    waiting = sorted(spans, key=lambda number: spans[number].start, reverse=True)
    active: list[int] = []
    result = {}
    for start, end in cuts:
        while waiting and spans[waiting[-1]].start <= start:
            active.append(waiting.pop())
        active = [number for number in active if spans[number].end > start]
        result[start, end] = tuple(sorted(active, key=size))
    return result
