"""A draft as the classifier reads it: one run of characters, without what may part them."""

from __future__ import annotations

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from screening.arrays import distinct
from screening.draft import FIELD_LABELS, Span
from screening.text import Prepared
from screening.text.normalise import Codes, Normalised, Offsets, squeeze

#: fields whose wording is judged, in the order they are read, and then the addresses linked to
_JUDGED = tuple(name for name in FIELD_LABELS if name not in ("byline", "links", "properties"))
_FIELDS = (*_JUDGED, "links")
_BREAK = np.array([ord("\n")], dtype=np.uint32)
_ENDS = np.array([ord(end) for end in "。!?;\n"], dtype=np.uint32)


class Part(Struct, frozen=True):
    """One field in the stream: it begins at ``base`` with squeezed character 0.

    ``positions[i]`` is where squeezed character ``i`` stands in ``normalised``.
    """

    name: str
    base: int
    normalised: Normalised
    positions: Offsets

    @property
    def end(self) -> int:
        """Where the field ends in the stream."""
        return self.base + len(self.positions)


class Stream(Struct, frozen=True):
    """All fields' squeezed code points, a line break between two fields.

    Positions in a stream are indices of ``codes``; ``edges`` are those where a paragraph or a
    sentence begins, and last the end of the text that is judged.
    """

    codes: Codes
    parts: tuple[Part, ...]
    edges: NDArray[np.int64]

    @property
    def text(self) -> str:
        """The stream as text."""
        return self.codes.tobytes().decode("utf-32-le", "surrogatepass")

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


def stream_of(prepared: Prepared) -> Stream:
    """Put the fields of a draft one after the other."""
    chunks: list[Codes] = []
    parts: list[Part] = []
    edges: list[NDArray[np.int64]] = []
    base = 0
    for name in _FIELDS:
        normalised = prepared.fields.get(name)
        if normalised is None:
            continue
        positions = squeeze(normalised).positions
        codes = normalised.codes[positions]
        parts.append(Part(name, base, normalised, positions))
        chunks += [codes, _BREAK]
        base += len(codes) + 1
        if name in _JUDGED:
            found = _edges(prepared, name, normalised, positions, codes)
            edges.append(parts[-1].base + np.append(found, len(codes)))
    if not edges:
        edges.append(np.zeros(1, dtype=np.int64))
    whole = np.concatenate(chunks)[:-1] if chunks else _BREAK[:0]
    return Stream(whole, tuple(parts), distinct(np.concatenate(edges)))


def _edges(
    prepared: Prepared, name: str, normalised: Normalised, positions: Offsets, codes: Codes
) -> NDArray[np.int64]:
    """Return where in the squeezed field a block begins, or a sentence has ended."""
    starts = [block.start for block in prepared.draft.blocks if block.field == name]
    ended = np.flatnonzero(sentence_ends(codes)) + 1
    return np.concatenate([np.searchsorted(normalised.offsets[positions], starts), ended])


def sentence_ends(codes: Codes) -> NDArray[np.bool_]:
    """Tell which characters end a sentence or part two fields."""
    return np.isin(codes, _ENDS)
