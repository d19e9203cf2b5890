"""A draft read for the classifier: its stream, n-grams, signs, and the segments to be scored."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from screening.stages.advertising.features import ORDERS, Bounds, Grams, grams_of, segments
from screening.stages.advertising.signs import Hit, SignFinder
from screening.stages.advertising.stream import Stream, stream_of
from screening.text import Prepared

#: hits of one sign that count in a segment
SIGN_CAP = 4
#: n-grams that a segment counts as at least
_FEWEST = 40.0


class Reading(Struct, frozen=True):
    """What both training and scoring look at. ``segments[0]`` is the whole draft."""

    stream: Stream
    grams: Grams
    hits: Sequence[Hit]
    segments: Bounds

    def scale(self, bounds: Bounds) -> NDArray[np.float64]:
        """Return the square root of the n-grams in each of ``bounds``.

        A segment that only repeats what stood before counts as if half of it were new, and one
        of a few words as if it had more: they prove little.
        """
        low, high = self.grams.tokens(bounds).T
        running = np.concatenate([[0.0], np.cumsum(self.grams.sizes)])
        counted = np.maximum(running[high] - running[low], (high - low) * ORDERS / 2)
        scale: NDArray[np.float64] = np.sqrt(np.maximum(counted, _FEWEST))
        return scale

    def sign_values(self, signs: int, bounds: Bounds) -> NDArray[np.float64]:
        """Return log(1 + count) of each sign in each of ``bounds``; shape (n, signs).

        More than :data:`SIGN_CAP` hits say no more.
        """
        starts = np.array([hit.start for hit in self.hits], dtype=np.int64)
        running = np.zeros((len(self.hits) + 1, signs))
        running[np.arange(1, len(self.hits) + 1), [hit.sign for hit in self.hits]] = 1
        running = running.cumsum(axis=0)
        low, high = np.searchsorted(starts, bounds).T
        values: NDArray[np.float64] = np.log1p(np.minimum(running[high] - running[low], SIGN_CAP))
        return values


def read(prepared: Prepared, finder: SignFinder) -> Reading:
    """Read a draft; one without text has one segment, from 0 to 0."""
    stream = stream_of(prepared)
    return Reading(stream, grams_of(stream.codes), finder.find(stream), segments(stream.edges))
