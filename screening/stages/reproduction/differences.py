"""Where a reprint's wording differs from the work's, character by character.

What is compared is what carries meaning: letters and digits, quotation marks (all written alike),
signs within and after numbers. Other punctuation, spacing, width and script are not.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from screening.stages.reproduction.alignment import Letters
from screening.stages.reproduction.runs import common_runs
from screening.text.normalise import Codes, Normalised, text_from

#: every quotation mark in a stream
QUOTE = "“"
_DIGIT, _LATIN, _SIGN, _POINT, _DASH, _PARTING, _QUOTE, _APOSTROPHE, _OTHER = range(9)
_CHARACTERS = {
    _DIGIT: "0123456789",
    _LATIN: "abcdefghijklmnopqrstuvwxyz",
    _SIGN: "%‰$€£¥",
    _POINT: ".:",
    _DASH: "-~—–―",
    _PARTING: "、\n ;/()",
    _QUOTE: '“”「」『』〝〞"',
    _APOSTROPHE: "‘’'",
}
_TABLE = 0x4000
_GRAM = 4
#: characters between two runs that may still be one wording and another
_WIDEST = 40
#: characters that a repeated word may make runs overlap by
_OVERLAP = 6
#: what stands before the first run and after the last differs if it is so short
_EDGE = 12
#: characters that must be the same around a difference
HELD = 14
#: a run that joins neither neighbour must be so long to count
_ALONE = 8
#: differences longer than this are looked into
_COARSE = 8


#: a common run: its start in the draft's stream, in the work's, and its length
Run = tuple[int, int, int]


class Stream(Struct, frozen=True):
    """What of ``[start, end)`` of a text is compared.

    ``text`` holds one character an entry of ``positions``: where it stands in the normalised text.
    """

    source: Normalised
    text: str
    codes: Codes
    positions: NDArray[np.int64]

    @classmethod
    def of(cls, source: Normalised, start: int, end: int) -> Stream:
        """Read the code points ``[start, end)`` of the original of ``source``."""
        low, high = np.searchsorted(source.offsets, (start, end)).tolist()
        codes = source.codes[low:high].copy()
        kinds = _kinds()[np.minimum(codes, _TABLE - 1)]
        between = np.zeros(len(codes), dtype=np.bool_)
        digit = kinds == _DIGIT
        between[1:-1] = digit[:-2] & digit[2:]
        latin = np.zeros(len(codes), dtype=np.bool_)
        latin[1:-1] = (kinds[:-2] <= _LATIN) & (kinds[2:] <= _LATIN)
        kept = Letters.mask(source, low, high) | (kinds == _SIGN) | (kinds == _POINT) & between
        dashes, breaks = (kinds == _DASH) & between, (kinds == _PARTING) & between
        quotes = (kinds == _QUOTE) | (kinds == _APOSTROPHE) & ~latin
        codes[dashes], codes[quotes], codes[breaks] = ord("至"), ord(QUOTE), ord("、")
        positions = np.flatnonzero(kept | dashes | quotes | breaks)
        codes = codes[positions]
        text = text_from(codes)
        return cls(source, text, codes, positions + low)

    def is_unbroken(self, start: int, end: int) -> bool:
        """Tell whether nothing was left out within ``[start, end)``."""
        return end <= start or int(self.positions[end - 1] - self.positions[start]) < end - start

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Return where ``[start, end)`` of the stream, or the gap at ``start``, stands."""
        if start < end:
            first, last = self.positions[start], self.positions[end - 1]
            return self.source.span(int(first), int(last) + 1)
        if start < len(self.positions):
            place = int(self.source.offsets[self.positions[start]])
        else:
            place = int(self.source.offsets[self.positions[-1]]) + 1 if start else 0
        return place, place


@lru_cache(maxsize=1)
def _kinds() -> NDArray[np.uint8]:
    """Say of each code point below ``_TABLE`` which kind it is of."""
    table = np.full(_TABLE, _OTHER, dtype=np.uint8)
    for kind, characters in _CHARACTERS.items():
        table[[ord(char) for char in characters]] = kind
    return table


class Difference(Struct, frozen=True):
    """``[start, end)`` of the draft's stream stands for ``[work_start, work_end)`` of the work's.

    Either may be empty, and what stands around both is the same.
    """

    start: int
    end: int
    work_start: int
    work_end: int


def differences(draft: Stream, work: Stream, held: int = HELD) -> Iterator[Difference]:
    """Yield the differences between passages that are otherwise the same, in the draft's order.

    ``held`` characters at least must be the same around each.
    """
    if draft.text == work.text:
        return
    runs = _joining(_without_overlap(common_runs(draft.codes, work.codes, _GRAM).tolist()))
    if not runs:
        return
    ends = (0, 0, 0), (len(draft.text), len(work.text), _OVERLAP + 1)
    gaps = [(ends[0], runs[0]), *pairwise(runs), (runs[-1], ends[1])]
    for index, (before, after) in enumerate(gaps):
        found = _gap(before, after)
        if found is None:
            continue
        at_edge = index in (0, len(runs))
        around = _strength(runs, index - 1, -1) + _strength(runs, index, 1)
        if around >= held and (not at_edge or _size(found) <= _EDGE):
            yield from _refined(draft.text, work.text, found)


def _strength(runs: list[Run], index: int, step: int) -> int:
    """Return how much is the same from ``runs[index]`` on, its next neighbour included."""
    if not 0 <= index < len(runs):
        return 0
    beyond = index + step
    if 0 <= beyond < len(runs) and _gap(runs[min(index, beyond)], runs[max(index, beyond)]):
        return runs[index][2] + runs[beyond][2]
    return runs[index][2]


def _size(found: Difference) -> int:
    return max(found.end - found.start, found.work_end - found.work_start)


def _without_overlap(runs: list[list[int]]) -> list[Run]:
    """Let every character of the draft belong to one run: the longest first.

    Of short ones, which may stand in many places, those go first that shift like their neighbours.
    """
    if all(before[0] + before[2] <= after[0] for before, after in pairwise(runs)):
        return [(i, j, length) for i, j, length in runs]
    taken: set[int] = set()
    long = [run for run in runs if run[2] >= _ALONE]
    kept = sorted(_free(sorted(long, key=lambda run: -run[2]), taken))
    starts = [run[0] for run in kept]

    def strayed(run: list[int]) -> int:
        place = bisect(starts, run[0])
        return min(
            (abs(run[1] - run[0] - j + i) for i, j, _ in kept[max(0, place - 1) : place + 1]),
            default=0,
        )

    short = sorted((run for run in runs if run[2] < _ALONE), key=strayed)
    return sorted([*kept, *_free(short, taken)])


def _free(runs: list[list[int]], taken: set[int]) -> Iterator[Run]:
    """Yield what of each run is not ``taken`` yet, and take it."""
    for i, j, length in runs:
        low, high = i, i + length
        while low < high and low in taken:
            low += 1
        while high > low and high - 1 in taken:
            high -= 1
        if high - low >= _GRAM - 1 and taken.isdisjoint(range(low, high)):
            taken.update(range(low, high))
            yield low, j + low - i, high - low


def _joining(runs: list[Run]) -> list[Run]:
    """Leave out short runs that lead on from neither neighbour."""
    kept = []
    for index, run in enumerate(runs):
        before = runs[index - 1] if index else None
        after = runs[index + 1] if index + 1 < len(runs) else None
        joins = (before and _gap(before, run)) or (after and _gap(run, after))
        if run[2] >= _ALONE or joins:
            kept.append(run)
    return kept


def _gap(before: Run, after: Run) -> Difference | None:
    """Return what stands between two runs that follow each other, None where they do not."""
    start, work_start = before[0] + before[2], before[1] + before[2]
    end, work_end = after[0], after[1]
    if not -_OVERLAP <= work_end - work_start <= _WIDEST or end - start > _WIDEST:
        return None
    # a repeated word (的的): let the shorter side be empty, the longer hold the rest
    over = max(0, work_start - work_end)
    if over >= after[2]:
        return None
    return Difference(start, end + over, work_start, work_end + over)


def _refined(draft: str, work: str, found: Difference) -> Iterator[Difference]:
    """Part a long difference where two characters or more in a row agree."""
    mine = draft[found.start : found.end]
    theirs = work[found.work_start : found.work_end]
    if mine == theirs:
        return
    if min(len(mine), len(theirs)) <= _COARSE:
        yield _trimmed(mine, theirs, found)
        return
    from difflib import SequenceMatcher  # noqa: PLC0415 - wanted for few drafts

    i = j = 0
    for block in SequenceMatcher(None, mine, theirs, autojunk=False).get_matching_blocks():
        if block.size == 1:
            continue
        if block.a > i or block.b > j:
            yield Difference(
                found.start + i, found.start + block.a,
                found.work_start + j, found.work_start + block.b,
            )  # fmt: skip
        i, j = block.a + block.size, block.b + block.size


def _trimmed(mine: str, theirs: str, found: Difference) -> Difference:
    """Take what both begin or end with away."""
    head = tail = 0
    least = min(len(mine), len(theirs))
    while head < least and mine[head] == theirs[head]:
        head += 1
    while tail < least - head and mine[-1 - tail] == theirs[-1 - tail]:
        tail += 1
    return Difference(
        found.start + head, found.end - tail, found.work_start + head, found.work_end - tail
    )
