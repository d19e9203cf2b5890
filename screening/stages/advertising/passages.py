"""Which parts of a draft advertise: all of it, or passages that stand apart."""

from __future__ import annotations

from typing import Literal

import numpy as np
from msgspec import Struct

from screening.stages.advertising.explain import token_weights
from screening.stages.advertising.model import Model
from screening.stages.advertising.reading import Reading
from screening.stages.advertising.signs import Hit

#: advertising passages named in one draft
_MOST = 3
#: a passage that makes up this share of its draft is named as the whole
_WHOLE = 0.7

Kind = Literal["commercial", "soft"]


class Passage(Struct, frozen=True):
    """Stream ``[start, end)`` with the probability that it advertises, and how."""

    start: int
    end: int
    score: float
    kind: Kind
    whole: bool

    def holds(self, hit: Hit) -> bool:
        """Tell whether ``hit`` stands in the passage."""
        return self.start <= hit.start and hit.end <= self.end


def find_passages(model: Model, reading: Reading) -> list[Passage]:
    """Return the passages that advertise, apart, in order; or the whole draft as the only one."""
    scores = model.probabilities(reading)
    likely = np.flatnonzero(scores >= model.thresholds.review)
    if len(likely) and likely[0] == 0:
        likely = likely[:1]
    found: list[Passage] = []
    for number in likely[np.argsort(-scores[likely], kind="stable")].tolist():
        start, end = reading.segments[number].tolist()
        if all(end <= other.start or other.end <= start for other in found):
            found.append(_trimmed(model, reading, (start, end), float(scores[number])))
        if len(found) == _MOST:
            break
    return sorted(found, key=lambda passage: passage.start)


def _trimmed(model: Model, reading: Reading, bounds: tuple[int, int], score: float) -> Passage:
    """Cut off the sentences at both ends that speak against advertising.

    What is left is the stretch of sentences with the greatest weight.
    """
    edges = reading.stream.edges
    edges = edges[(edges >= bounds[0]) & (edges <= bounds[1])]
    running = np.concatenate([[0.0], np.cumsum(token_weights(model, reading))])
    at_edges = running[np.searchsorted(reading.grams.starts, edges)]
    lowest = np.minimum.accumulate(at_edges)
    last = int(np.argmax((at_edges - lowest)[1:])) + 1 if len(edges) > 1 else 0
    first = int(np.argmin(at_edges[: last + 1]))
    start, end = (int(edges[first]), int(edges[last])) if first < last else bounds
    whole = end - start >= _WHOLE * int(reading.segments[0, 1])
    if whole:
        start, end = map(int, reading.segments[0])
    soft = model.soft.margins(reading, np.array([[start, end]]))[0] > 0
    return Passage(start, end, score, "soft" if soft else "commercial", whole)
