"""plagdet, as PAN measures passages: characters of both sides, and how many pieces they are in.

Potthast et al., "An Evaluation Framework for Plagiarism Detection", COLING 2010.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

#: (start, end) in the draft, (start, end) in the work
Place = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Score:
    """Precision and recall in characters, pieces a found case is in, and all in one."""

    precision: float
    recall: float
    granularity: float

    @property
    def plagdet(self) -> float:
        """The harmonic mean, brought down by granularity."""
        total = self.precision + self.recall
        mean = 2 * self.precision * self.recall / total if total else 0.0
        return mean / math.log2(1 + self.granularity)


def score(cases: Sequence[tuple[Place, Sequence[Place]]]) -> Score:
    """Score one true place, with the places detected, for each pair of texts."""
    precisions, recalls, pieces = [], [], []
    for truth, detections in cases:
        hits = [found for found in detections if _meets(truth, found)]
        for found in detections:
            shared = _covered(found, [truth] if found in hits else [])
            precisions.append(shared / _size(found))
        recalls.append(_covered(truth, hits) / _size(truth))
        if hits:
            pieces.append(len(hits))
    return Score(_mean(precisions), _mean(recalls), _mean(pieces) if pieces else 1.0)


def _size(place: Place) -> int:
    return place[1] - place[0] + place[3] - place[2]


def _meets(one: Place, other: Place) -> bool:
    """Tell whether the two overlap on both sides."""
    return all(one[s] < other[s + 1] and other[s] < one[s + 1] for s in (0, 2))


def _covered(place: Place, others: Sequence[Place]) -> int:
    """Count the characters of ``place``, of both sides, that ``others`` cover."""
    return sum(
        len({c for o in others for c in range(max(place[s], o[s]), min(place[s + 1], o[s + 1]))})
        for s in (0, 2)
    )


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0
