"""One field of a draft as the lexicon stage reads it: normalised, squeezed, cut into sentences."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from screening.draft import Block, Draft, Span
from screening.text.figures import in_digits
from screening.text.normalise import Normalised, Offsets, Squeezed, squeeze
from screening.text.sentences import Sentences, split_sentences

#: body paragraphs that count as the beginning of a draft
_LEAD_BLOCKS = 3
#: separators skipped between two characters of a term, and line breaks in all of it
_MAX_GAP, _MAX_LINE_BREAKS = 4, 1
#: ASCII code → 1 for letters, 2 for digits; the last entry stands for all other characters
_KINDS = np.array([chr(n).isalpha() + 2 * chr(n).isdigit() for n in range(128)] + [0], np.uint8)
_NO_KIND = np.zeros(1, np.uint8)
_DIGIT_RUN = re.compile(r"\d(?:[ .\-_]{0,2}\d){4,}")


class FieldText(Struct, frozen=True, dict=True):
    """A field's name and normalised text, with what is computed from it when first asked for.

    Squeezed positions count characters of ``squeezed.text``, others of ``normalised.text``.
    """

    draft: Draft
    name: str
    normalised: Normalised

    @property
    def text(self) -> str:
        """The normalised text."""
        return self.normalised.text

    @cached_property
    def squeezed(self) -> Squeezed:
        """The text without what may part a term's characters."""
        return squeeze(self.normalised)

    @cached_property
    def encoded(self) -> bytes:
        """The squeezed text in UTF-8, lone surrogates included."""
        return self.squeezed.text.encode("utf-8", "surrogatepass")

    @cached_property
    def characters(self) -> NDArray[np.int64]:
        """For each byte of :attr:`encoded`, its character's squeezed position."""
        data = np.frombuffer(self.encoded, dtype=np.uint8)
        return np.cumsum((data & 0xC0) != 0x80) - 1

    @cached_property
    def sentences(self) -> Sentences:
        """The sentences of the normalised text."""
        return split_sentences(self.text)

    @cached_property
    def digit_runs(self) -> list[tuple[tuple[int, int], int]]:
        """Bounds of each run of five or more digits, parted or not, and its count of digits."""
        return [
            (match.span(), sum(map(str.isdigit, match[0])))
            for match in _DIGIT_RUN.finditer(self.figures)
        ]

    @cached_property
    def figures(self) -> str:
        """The text with numbers that are spelt out in Chinese figures (一三八〇…) in digits."""
        return in_digits(self.normalised)

    @cached_property
    def table_blocks(self) -> list[Block]:
        """The field's blocks that stand in tables."""
        return [block for block in self._blocks if block.cell is not None]

    def block_at(self, position: int) -> Block | None:
        """Return the block at an original position, None where there is none."""
        index = bisect_right(self._blocks, position, key=lambda block: block.start) - 1
        return self._blocks[index] if index >= 0 else None

    @cached_property
    def _blocks(self) -> list[Block]:
        return [block for block in self.draft.blocks if block.field == self.name]

    def sentence(self, start: int, end: int) -> tuple[int, int]:
        """Return the bounds of the sentence or sentences that ``[start, end)`` touches."""
        return self.sentences.at(start)[0], self.sentences.at(max(start, end - 1))[1]

    def span(self, start: int, end: int) -> Span:
        """Map normalised ``[start, end)`` to the draft."""
        return Span(self.name, *self.normalised.span(start, end))

    def unsqueeze(self, start: int, end: int) -> tuple[int, int]:
        """Map squeezed ``[start, end)`` to normalised positions."""
        positions = self.squeezed.positions
        return int(positions[start]), int(positions[end - 1]) + 1

    def placed(self, begins: Offsets, ends: Offsets) -> NDArray[np.bool_]:
        """Tell for each squeezed ``[begin, end)`` whether a word may stand there.

        It may not cut an ASCII word or a number in two, nor be broken by more than may part it.
        """
        positions = self.squeezed.positions
        starts, stops = positions[begins], positions[ends - 1] + 1
        kinds = self._kinds
        cut = (kinds[starts] == kinds[starts + 1]) & (kinds[starts] > 0)
        cut |= (kinds[stops] == kinds[stops + 1]) & (kinds[stops] > 0)
        for index in np.flatnonzero(~cut & (stops - starts > ends - begins)).tolist():
            cut[index] = not self.gaps_allowed(int(starts[index]), int(stops[index]))
        kept: NDArray[np.bool_] = ~cut
        return kept

    @cached_property
    def _kinds(self) -> NDArray[np.uint8]:
        """1 for an ASCII letter, 2 for an ASCII digit, else 0; padded by one 0 at either end."""
        kinds = _KINDS[np.minimum(self.normalised.codes, len(_KINDS) - 1)]
        return np.concatenate([_NO_KIND, kinds, _NO_KIND])

    def gaps_allowed(self, start: int, end: int) -> bool:
        """Tell whether normalised ``[start, end)`` is broken only as a term may be."""
        if self.text.count("\n", start, end) > _MAX_LINE_BREAKS:
            return False
        inside = self.squeezed.positions
        low, high = np.searchsorted(inside, [start, end])
        return bool(np.diff(inside[low:high]).max(initial=1) <= _MAX_GAP + 1)

    def stands_in(self, places: tuple[str, ...], start: int) -> bool:
        """Tell whether original position ``start`` of this field is one of ``places``."""
        if not places or self.name in places:
            return True
        if "lead" not in places:
            return False
        return self.name == "title" or (self.name == "body" and start < self._lead_end)

    @cached_property
    def _lead_end(self) -> int:
        ends = [block.end for block in self._blocks]
        return max(ends[:_LEAD_BLOCKS], default=0)
