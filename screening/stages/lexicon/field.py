"""One field of a draft as the lexicon stage reads it: normalised, squeezed, cut into sentences."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import cached_property
from itertools import pairwise

import numpy as np
from msgspec import Struct

from screening.arrays import listed
from screening.draft import Block, Draft, Span
from screening.text.figures import in_digits
from screening.text.normalise import Codes, Normalised, Squeezed, squeeze
from screening.text.sentences import Sentences, split_sentences

#: body paragraphs that count as the beginning of a draft
_LEAD_BLOCKS = 3
#: separators skipped between two characters of a term, and line breaks in all of it
_MAX_GAP, _MAX_LINE_BREAKS = 4, 1
_NUMBERS = re.compile(r"\d\n[\dx]")
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
    def codes(self) -> Codes:
        """The code points of the squeezed text."""
        return self.normalised.codes[self.squeezed.positions]

    @cached_property
    def _positions(self) -> Sequence[int]:
        """For each character of the squeezed text, where it stands in the normalised one."""
        return listed(self.squeezed.positions)

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
        """The text with numbers that are spelt out in Chinese figures (一三八〇…) in digits.

        Between the numbers of two cells of a table a semicolon stands in place of the line break:
        what may go on in the next line does not go on in the next cell.
        """
        text = in_digits(self.normalised)
        if not self.table_blocks:
            return text
        ends = [one.end for one, other in pairwise(self._blocks) if one.cell != other.cell]
        breaks = np.searchsorted(self.normalised.offsets, ends).tolist()
        parted = [n for n in breaks if _NUMBERS.match(text, n - 1)]
        return ";".join(text[a + 1 : b] for a, b in pairwise([-1, *parted, len(text)]))

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
        return self._positions[start], self._positions[end - 1] + 1

    def is_placed(self, start: int, end: int, length: int) -> bool:
        """Tell whether a word of ``length`` characters may stand at ``[start, end)``.

        It may not cut an ASCII word or a number in two, nor be broken by more than may part it.
        """
        text = self.normalised.text
        if text[start].isascii() and start and _holds_together(text[start - 1 : start + 1]):
            return False
        if text[end - 1].isascii() and _holds_together(text[end - 1 : end + 1]):
            return False
        return end - start == length or self.gaps_allowed(start, end)

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


def _holds_together(pair: str) -> bool:
    """Tell whether these are two ASCII letters or two ASCII digits."""
    return len(pair) > 1 and pair.isascii() and (pair.isalpha() or pair.isdigit())
