"""Which words of a passage weighed most, so that an editor sees what to change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from screening.stages.advertising.model import Linear, Model
from screening.stages.advertising.reading import SIGN_CAP, Reading
from screening.stages.advertising.signs import Hit
from screening.text.characters import SENTENCE_END
from screening.text.grams import ORDERS

#: words named that speak for advertising, and of those that speak against it
_FOR, _AGAINST = 8, 2
#: smallest weight worth naming, in log-odds
_LEAST = 0.05
#: tokens in the longest run of words that is named
_LONGEST = 8


class Weighed(Struct, frozen=True, order=True):
    """Stream ``[start, end)`` moved the log-odds by ``weight``; ``sign`` is a label or ""."""

    weight: float
    start: int
    end: int
    sign: str = ""


def explain(model: Model, reading: Reading, start: int, end: int) -> list[Weighed]:
    """Return what weighed most in stream ``[start, end)``, the heaviest first."""
    low, high = reading.grams.tokens(np.array([[start, end]]))[0].tolist()
    free = _spread(model.advertising, reading)[low:high]
    free /= reading.scale(np.array([[start, end]]))[0]
    named: list[Weighed] = []
    for hit, share in _shares(model, reading, (start, end)):
        first, last = reading.grams.tokens(np.array([[hit.start, hit.end]]))[0] - low
        weight = share + float(free[first:last].sum())
        named.append(Weighed(weight, hit.start, hit.end, model.signs[hit.sign].label))
    for item in named:
        first, last = reading.grams.tokens(np.array([[item.start, item.end]]))[0] - low
        free[first:last] = -np.inf
    named += _runs(reading, low, free)
    once = _once(reading, named)
    against = sorted(item for item in once if item.weight <= -2 * _LEAST)[:_AGAINST]
    return sorted((item for item in once if item.weight >= _LEAST), reverse=True)[:_FOR] + against


def token_weights(model: Model, reading: Reading) -> NDArray[np.float64]:
    """Return what each token of the whole draft adds to its log-odds, signs at their first token.

    The sum over all tokens is the margin of the whole but for the bias.
    """
    weights: NDArray[np.float64] = _spread(model.advertising, reading)
    weights /= reading.scale(reading.segments[:1])[0]
    for hit, share in _shares(model, reading, (0, len(reading.stream.codes))):
        weights[np.searchsorted(reading.grams.starts, hit.start, "right") - 1] += share
    return weights


def _shares(model: Model, reading: Reading, bounds: tuple[int, int]) -> Iterator[tuple[Hit, float]]:
    """Yield the signs in ``bounds`` with their shares: hits of one sign share its weight."""
    inside = [hit for hit in reading.hits if bounds[0] <= hit.start < hit.end <= bounds[1]]
    counts = Counter(hit.sign for hit in inside)
    for hit in inside:
        count = counts[hit.sign]
        yield hit, float(model.advertising.signs[hit.sign] * np.log1p(min(count, SIGN_CAP)) / count)


def _spread(task: Linear, reading: Reading) -> NDArray[np.float64]:
    """Return the weight of each token: its share in every n-gram that it is part of."""
    weights = task.table[reading.grams.slots] * reading.grams.first
    tokens = weights.shape[1]
    total = np.zeros(tokens)
    for order in range(1, min(ORDERS, tokens) + 1):
        whole = weights[order - 1, : tokens - order + 1] / order
        for offset in range(order):
            total[offset : offset + len(whole)] += whole
    return total


def _runs(reading: Reading, low: int, free: NDArray[np.float64]) -> Iterator[Weighed]:
    """Yield the runs of tokens that speak for advertising and belong to no sign."""
    starts = reading.grams.starts
    classes = reading.stream.classes
    here = starts[low : low + len(free)]
    good = (free > 0) & ((classes[here] & SENTENCE_END) == 0)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], good, [False]]).astype(np.int8)))
    for first, last in edges.reshape(-1, 2).tolist():
        for cut, upto in pairwise([*range(first, last, _LONGEST), last]):
            end = int(starts[low + upto]) if low + upto < len(starts) else len(classes)
            if end - int(here[cut]) > 1:
                yield Weighed(float(free[cut:upto].sum()), int(here[cut]), end)


def _once(reading: Reading, named: list[Weighed]) -> list[Weighed]:
    """Name the same words once, where they stand first, with their weights together.

    What weighs too little to be named is left out.
    """
    text = reading.stream.text
    merged: dict[str, Weighed] = {}
    for item in sorted(named, key=lambda item: item.start):
        key = text[item.start : item.end]
        first = merged.get(key, item)
        together = item.weight + (first.weight if key in merged else 0.0)
        merged[key] = Weighed(together, first.start, first.end, first.sign)
    return _apart([item for item in merged.values() if abs(item.weight) >= _LEAST])


def _apart(named: list[Weighed]) -> list[Weighed]:
    """Keep the weightier of words that overlap."""
    kept: list[Weighed] = []
    for item in sorted(named, key=lambda item: -abs(item.weight)):
        if not any(item.start < other.end and other.start < item.end for other in kept):
            kept.append(item)
    return kept
