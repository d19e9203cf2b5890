"""A draft as classifiers read it: one run of characters, without what may part them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from screening.arrays import distinct
from screening.draft import FIELD_LABELS, Draft, Span
from screening.text.characters import SENTENCE_END, Classes, classes_of
from screening.text.normalise import Codes, Normalised, Offsets, squeeze, text_from

#: fields whose wording is judged, in the order they are read, and then the addresses linked to
_JUDGED = tuple(name for name in FIELD_LABELS if name not in ("byline", "links", "properties"))
_FIELDS = (*_JUDGED, "links")
_BREAK = np.array([ord("\n")], dtype=np.uint32)
_BREAK_CLASS = classes_of(_BREAK)


class Part(Struct, frozen=True):
    """One field in the stream: it begins at ``base`` with squeezed character 0.

    ``positions[i]`` is where squeezed character ``i`` stands in ``normalised``, and ``classes``
    are those of all its characters, squeezed or not.
    """

    name: str
    base: int
    normalised: Normalised
    positions: Offsets
    classes: Classes

    @property
    def end(self) -> int:
        """Where the field ends in the stream."""
        return self.base + len(self.positions)


class Stream(Struct, frozen=True):
    """All fields' squeezed code points and their classes, a line break between two fields.

    Positions in a stream are indices of ``codes``; ``edges`` are those where a paragraph or a
    sentence begins, and last the end of the text that is judged.
    """

    codes: Codes
    classes: Classes
    parts: tuple[Part, ...]
    edges: NDArray[np.int64]

    @property
    def text(self) -> str:
        """The stream as text."""
        return text_from(self.codes)

    def part(self, position: int) -> Part:
        """Return the field that stands at stream ``position``."""
        return next(part for part in reversed(self.parts) if part.base <= position)

    def spans(self, start: int, end: int) -> list[Span]:
        """Map stream ``[start, end)`` to the draft, one span for each field it touches."""
        found = []
        for part in self.parts:
            low, high = max(start, part.base) - part.base, min(end, part.end) - part.base
            if low < high:
                first, last = int(part.positions[low]), int(part.positions[high - 1]) + 1
                found.append(Span(part.name, *part.normalised.span(first, last)))
        return found


def stream_of(draft: Draft, fields: Mapping[str, Normalised]) -> Stream:
    """Put the normalised ``fields`` of ``draft`` one after the other."""
    codes: list[Codes] = []
    classes: list[Classes] = []
    parts: list[Part] = []
    edges: list[NDArray[np.int64]] = [np.zeros(1, dtype=np.int64)]
    base = 0
    for name in _FIELDS:
        normalised = fields.get(name)
        if normalised is None:
            continue
        positions, every = squeeze(normalised).positions, classes_of(normalised.codes)
        part = Part(name, base, normalised, positions, every)
        codes += [normalised.codes[positions], _BREAK]
        classes += [every[positions], _BREAK_CLASS]
        if name in _JUDGED:
            edges.append(base + _edges(draft, part, classes[-2]))
        parts.append(part)
        base += len(positions) + 1
    if not parts:
        return Stream(_BREAK[:0], _BREAK_CLASS[:0], (), edges[0])
    whole = np.concatenate(codes)[:-1]
    return Stream(
        whole, np.concatenate(classes)[:-1], tuple(parts), distinct(np.concatenate(edges))
    )


def _edges(draft: Draft, part: Part, classes: Classes) -> NDArray[np.int64]:
    """Return where in the squeezed field a block begins, or a sentence has ended; and its ends."""
    starts = [block.start for block in draft.blocks if block.field == part.name]
    begun = np.searchsorted(part.normalised.offsets[part.positions], starts)
    ended = np.flatnonzero(classes & SENTENCE_END) + 1
    return np.concatenate([begun, ended, [0, len(classes)]])
