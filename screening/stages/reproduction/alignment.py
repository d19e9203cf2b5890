"""Which passages of a draft stand in a work: few, whole, and placed on both sides.

Letters and digits alone are compared, so punctuation, spacing, width and traditional characters
make no difference. Common runs that have others near them on both sides are kept; they are parted
where the draft, or the work, goes on for long without any (after Sanchez-Perez et al., PAN 2014,
who part clusters by either side in turn): order does not matter, so shuffled sentences stay one
passage, and so does what had sentences left out.

What counts is chains: runs that follow each other on both sides with little between. Two reports of
one event share its names, titles and dates, in many short chains; a copy has long ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from operator import itemgetter

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from screening.stages.reproduction.runs import Grams, Runs
from screening.text.normalise import Codes, Normalised

_GRAM = 4
#: letters by which two runs may be apart, on both sides, and still bear each other out
_NEAR = 24
#: how many runs before and after a run are asked
_NEIGHBOURS = 8
_FOLLOWING = np.arange(1, _NEIGHBOURS + 1)
#: beyond any text
_FAR = 1 << 40
#: letters that a run must have, together with those near it, to count
_SUPPORT = 12
#: letters without any run at which a passage ends, in the draft and in the work
_DRAFT_GAP, _WORK_GAP = 50, 160
#: letters between two runs of one chain, on either side
_LINK = 10
#: letters of a run that may be let go where a longer one spans it
_INSIDE = 16
#: letters of a chain that names and titles alone may make, and how many more make a passage
_NAMES, _LEAST = 16, 20
#: least share of the draft's passage that must be the same
_DENSITY = 0.3
#: letters beyond the outermost runs in which more may be found to agree
_REACH = 16
_SENTENCE_ENDS = "。!?;\n"
_CLOSING = "。!?;,:、…”’\"')》」』】)"
_OPENING = "“‘\"'(《「『【("

#: where a run begins in the draft, in the work, and how long it is
Run = tuple[int, int, int]


class Passage(Struct, frozen=True):
    """``[start, end)`` of a draft's field is ``[work_start, work_end)`` of the work's text.

    Code points of the original texts. ``similarity`` (0-1) is the share of the passage's letters
    that stand in a row with others in the work's passage as well.
    """

    start: int
    end: int
    work_start: int
    work_end: int
    similarity: float

    @property
    def length(self) -> int:
        """Code points of the draft's side."""
        return self.end - self.start


class Letters(Struct, frozen=True):
    """The letters and digits of a text: their codes, and where each stands in it normalised."""

    text: Normalised
    codes: Codes
    positions: NDArray[np.int64]

    @classmethod
    def of(cls, text: Normalised) -> Letters:
        """Leave out all punctuation, symbols and spaces of ``text``."""
        positions = np.flatnonzero(cls.mask(text))
        return cls(text, text.codes[positions], positions)

    @staticmethod
    def mask(text: Normalised, low: int = 0, high: int | None = None) -> NDArray[np.bool_]:
        """Return True for each letter or digit of ``text[low:high]``, of which one is a code."""
        codes, kept = text.codes[low:high], ~text.separators[low:high]
        for end in _SENTENCE_ENDS:
            kept &= codes != ord(end)
        return kept


class Aligner(Struct, frozen=True):
    """A draft's field, read once to be compared with one work after the other."""

    draft: Letters
    grams: Grams

    @classmethod
    def of(cls, draft: Normalised) -> Aligner:
        """Read the letters of ``draft`` and all that stand in a row."""
        letters = Letters.of(draft)
        return cls(letters, Grams.of(letters.codes, _GRAM))

    def passages(self, work: Normalised) -> tuple[Passage, ...]:
        """Return the passages that the field shares with ``work``, by their place in the field."""
        theirs = Letters.of(work)
        found = self.grams.runs_in(theirs.codes)
        support = _support(found)
        counting = support >= _SUPPORT
        runs = _disjoint(found[counting], support[counting])
        passages = (_passage(self.draft, theirs, cluster) for cluster in _clusters(runs))
        return tuple(sorted((p for p in passages if p), key=lambda passage: passage.start))


def _support(runs: Runs) -> NDArray[np.int64]:
    """Count the letters of each run and of those near it on both sides."""
    first, second, length = np.ascontiguousarray(runs.T)
    padded = np.append(first, np.full(_NEIGHBOURS, _FAR))
    following = padded[np.add.outer(np.arange(len(runs)), _FOLLOWING)]
    before, step = np.nonzero(following <= (first + length + _NEAR)[:, None])
    after = before + step + 1
    one, two = second[before], second[after]
    near = np.maximum(two - one - length[before], one - two - length[after]) <= _NEAR
    before, after = before[near], after[near]
    support = np.bincount(before, length[after], len(runs))
    support += np.bincount(after, length[before], len(runs))
    whole: NDArray[np.int64] = length + support.astype(np.int64)
    return whole


def _disjoint(runs: Runs, support: NDArray[np.int64]) -> list[Run]:
    """Let every letter of the draft belong to one run, the longest and best supported."""
    ends = np.maximum.accumulate(runs[:, 0] + runs[:, 2]) if len(runs) else runs[:, 0]
    if not (runs[1:, 0] < ends[:-1]).any():
        return _listed(runs)
    within = (runs[:, 0] + runs[:, 2] <= np.append(0, ends[:-1])) & (runs[:, 2] < _INSIDE)
    runs, support = runs[~within], support[~within]
    taken = bytearray(int(ends[-1]))
    kept = []
    for first, second, length in _listed(runs[np.lexsort((-support, -runs[:, 2]))]):
        end = first + length
        low, high = taken.find(0, first, end), taken.rfind(0, first, end) + 1
        if low >= 0 and high - low >= _GRAM and taken.find(1, low, high) < 0:
            kept.append((low, second + low - first, high - low))
            taken[low:high] = b"\1" * (high - low)
    return sorted(kept)


def _listed(runs: Runs) -> list[Run]:
    """Return runs, few by now, as plain numbers."""
    return [(first, second, length) for first, second, length in runs.tolist()]


def _clusters(runs: list[Run]) -> Iterator[list[Run]]:
    """Part runs where either side goes on for long without any, until nothing parts."""
    pending = [(runs, 0, False)]
    while pending:
        cluster, side, settled = pending.pop()
        if sum(length for *_, length in cluster) < _NAMES + _LEAST:
            continue
        parts = _parted(cluster, side)
        if len(parts) == 1 and settled:
            yield cluster
        else:
            pending.extend((part, 1 - side, len(parts) == 1) for part in parts)


def _parted(runs: list[Run], side: int) -> list[list[Run]]:
    ordered = sorted(runs, key=itemgetter(side))
    gap = (_DRAFT_GAP, _WORK_GAP)[side]
    parts: list[list[Run]] = []
    reached = -gap - 1
    for run in ordered:
        if run[side] - reached > gap:
            parts.append([])
        parts[-1].append(run)
        reached = max(reached, run[side] + run[2])
    return parts


def _passage(mine: Letters, theirs: Letters, runs: list[Run]) -> Passage | None:
    """Make a passage of a cluster, or None of one that is too little."""
    runs = sorted(runs)
    if sum(chain - _NAMES for chain in _chains(runs) if chain > _NAMES) < _LEAST:
        return None
    ours, others = _extended(mine.codes, theirs.codes, runs)
    letters = ours[1] - ours[0]
    same = sum(length for *_, length in runs)
    if same < _DENSITY * letters:
        return None
    start, end = _original(mine, *ours)
    work_start, work_end = _original(theirs, *others)
    return Passage(start, end, work_start, work_end, round(same / letters, 3))


def _chains(runs: Sequence[Run]) -> list[int]:
    """Return how many letters each chain of ``runs``, given by place in the draft, is long."""
    chains = [runs[0][2]]
    for (i, j, length), (first, second, more) in pairwise(runs):
        if first - i - length <= _LINK and -_LINK <= second - j - length <= _LINK:
            chains[-1] += more
        else:
            chains.append(more)
    return chains


def _extended(mine: Codes, theirs: Codes, runs: Sequence[Run]) -> list[tuple[int, int]]:
    """Return where runs start and end on each side, the outermost reaching to what still agrees."""
    starts = [[i, j] for i, j, _ in runs]
    ends = [[i + length, j + length] for i, j, length in runs]
    for side in (0, 1):
        head, tail = min(starts, key=itemgetter(side)), max(ends, key=itemgetter(side))
        i, j = head
        reach = min(_REACH, i, j)
        back = _agreeing(mine[i - reach : i][::-1], theirs[j - reach : j][::-1])
        head[:] = i - back, j - back
        i, j = tail
        reach = min(_REACH, len(mine) - i, len(theirs) - j)
        on = _agreeing(mine[i : i + reach], theirs[j : j + reach])
        tail[:] = i + on, j + on
    return [(min(s[side] for s in starts), max(e[side] for e in ends)) for side in (0, 1)]


def _agreeing(one: Codes, other: Codes) -> int:
    """Return how far from the start more letters agree than differ."""
    score = best = far = 0
    for place, (letter, instead) in enumerate(zip(one.tolist(), other.tolist(), strict=True), 1):
        score += 1 if letter == instead else -1
        if score > best:
            best, far = score, place
    return far


def _original(side: Letters, first: int, last: int) -> tuple[int, int]:
    """Map letters ``[first, last)`` to the original text, with the punctuation that is theirs."""
    text, positions = side.text.text, side.positions
    start, end = int(positions[first]), int(positions[last - 1]) + 1
    while end < len(text) and text[end] in _CLOSING:
        end += 1
    while start and text[start - 1] in _OPENING:
        start -= 1
    return side.text.span(start, end)
