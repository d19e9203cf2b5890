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

from collections.abc import Iterator

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from screening.stages.reproduction.runs import Runs, common_runs
from screening.text.normalise import Codes, Normalised

_GRAM = 4
#: letters by which two runs may be apart, on both sides, and still bear each other out
_NEAR = 24
#: how many runs before and after a run are asked
_NEIGHBOURS = 8
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
    def mask(text: Normalised) -> NDArray[np.bool_]:
        """Return True for each letter or digit of ``text``, of which there is one a code."""
        kept = ~text.separators
        for end in _SENTENCE_ENDS:
            kept &= text.codes != ord(end)
        return kept


def align(draft: Normalised, work: Normalised) -> tuple[Passage, ...]:
    """Return the passages that ``draft`` shares with ``work``, by their place in the draft."""
    mine, theirs = Letters.of(draft), Letters.of(work)
    runs = common_runs(mine.codes, theirs.codes, _GRAM)
    support = _support(runs)
    counting = support >= _SUPPORT
    runs = _disjoint(runs[counting], support[counting])
    passages = (_passage(mine, theirs, cluster) for cluster in _clusters(runs))
    return tuple(sorted((p for p in passages if p), key=lambda passage: passage.start))


def _support(runs: Runs) -> NDArray[np.int64]:
    """Count the letters of each run and of those near it on both sides."""
    support = runs[:, 2].copy()
    for step in range(1, min(_NEIGHBOURS, len(runs) - 1) + 1):
        before, after = runs[:-step], runs[step:]
        near = (_distance(before, after, 0) <= _NEAR) & (_distance(before, after, 1) <= _NEAR)
        support[:-step] += np.where(near, after[:, 2], 0)
        support[step:] += np.where(near, before[:, 2], 0)
    return support


def _distance(before: Runs, after: Runs, side: int) -> NDArray[np.int64]:
    """Letters between two runs, whichever comes first on this side."""
    one, two = before[:, side], after[:, side]
    apart: NDArray[np.int64] = np.maximum(two - one - before[:, 2], one - two - after[:, 2])
    return apart


def _disjoint(runs: Runs, support: NDArray[np.int64]) -> Runs:
    """Let every letter of the draft belong to one run, the longest and best supported."""
    ends = np.maximum.accumulate(runs[:, 0] + runs[:, 2]) if len(runs) else runs[:, 0]
    if not (runs[1:, 0] < ends[:-1]).any():
        return runs
    within = (runs[:, 0] + runs[:, 2] <= np.append(0, ends[:-1])) & (runs[:, 2] < _INSIDE)
    runs, support = runs[~within], support[~within]
    taken = np.zeros(int(ends[-1]), dtype=np.bool_)
    kept = []
    for first, second, length in runs[np.lexsort((-support, -runs[:, 2]))].tolist():
        free = ~taken[first : first + length]
        low, high = int(free.argmax()), length - int(free[::-1].argmax())
        if free.any() and high - low >= _GRAM and free[low:high].all():
            kept.append((first + low, second + low, high - low))
            taken[first + low : first + high] = True
    return np.array(sorted(kept), dtype=np.int64).reshape(-1, 3)


def _clusters(runs: Runs) -> Iterator[Runs]:
    """Part runs where either side goes on for long without any, until nothing parts."""
    pending = [(runs, 0, False)] if len(runs) else []
    while pending:
        cluster, side, settled = pending.pop()
        parts = _parted(cluster, side)
        if len(parts) == 1 and settled:
            yield cluster
        else:
            pending.extend((part, 1 - side, len(parts) == 1) for part in parts)


def _parted(runs: Runs, side: int) -> list[Runs]:
    ordered = runs[np.argsort(runs[:, side], kind="stable")]
    ends = np.maximum.accumulate(ordered[:, side] + ordered[:, 2])
    gap = (_DRAFT_GAP, _WORK_GAP)[side]
    return np.split(ordered, np.flatnonzero(ordered[1:, side] - ends[:-1] > gap) + 1)


def _passage(mine: Letters, theirs: Letters, runs: Runs) -> Passage | None:
    """Make a passage of a cluster, or None of one that is too little."""
    runs = runs[np.argsort(runs[:, 0])]
    same, copied = int(runs[:, 2].sum()), _chains(runs) - _NAMES
    starts, ends = _extended(mine.codes, theirs.codes, runs)
    bounds = [(int(starts[:, s].min()), int(ends[:, s].max())) for s in (0, 1)]
    letters = bounds[0][1] - bounds[0][0]
    if copied[copied > 0].sum() < _LEAST or same < _DENSITY * letters:
        return None
    start, end = _original(mine, *bounds[0])
    work_start, work_end = _original(theirs, *bounds[1])
    return Passage(start, end, work_start, work_end, round(same / letters, 3))


def _chains(runs: Runs) -> NDArray[np.int64]:
    """Return how many letters each chain of ``runs``, given by place in the draft, is long."""
    gaps = runs[1:, :2] - runs[:-1, :2] - runs[:-1, 2:]
    linked = (gaps <= _LINK).all(axis=1) & (gaps[:, 1] >= -_LINK)
    return np.add.reduceat(runs[:, 2], np.flatnonzero(np.append(True, ~linked)))


def _extended(mine: Codes, theirs: Codes, runs: Runs) -> tuple[Runs, Runs]:
    """Return where runs start and end, the outermost ones reaching to what still agrees."""
    starts, ends = runs[:, :2].copy(), runs[:, :2] + runs[:, 2:]
    for side in (0, 1):
        head, tail = int(starts[:, side].argmin()), int(ends[:, side].argmax())
        i, j = starts[head].tolist()
        reach = min(_REACH, i, j)
        back = _agreeing(mine[i - reach : i][::-1], theirs[j - reach : j][::-1])
        starts[head] -= back
        i, j = ends[tail].tolist()
        reach = min(_REACH, len(mine) - i, len(theirs) - j)
        ends[tail] += _agreeing(mine[i : i + reach], theirs[j : j + reach])
    return starts, ends


def _agreeing(one: Codes, other: Codes) -> int:
    """Return how far from the start more letters agree than differ."""
    if not len(one):
        return 0
    score = np.cumsum(np.where(one == other, 1, -1))
    best = int(score.argmax())
    return best + 1 if score[best] > 0 else 0


def _original(side: Letters, first: int, last: int) -> tuple[int, int]:
    """Map letters ``[first, last)`` to the original text, with the punctuation that is theirs."""
    text, positions = side.text.text, side.positions
    start, end = int(positions[first]), int(positions[last - 1]) + 1
    while end < len(text) and text[end] in _CLOSING:
        end += 1
    while start and text[start - 1] in _OPENING:
        start -= 1
    return side.text.span(start, end)
