"""A draft read for the classifier: its stream, n-grams, signs, and the segments to be scored."""

from __future__ import annotations

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from screening.stages.advertising.segments import segments
from screening.stages.advertising.signs import Hits, SignFinder
from screening.text import Prepared
from screening.text.grams import ORDERS, Bounds, Grams
from screening.text.stream import Stream

#: hits of one sign that count in a segment
SIGN_CAP = 4
#: n-grams that a segment counts as at least
_FEWEST = 40.0
_LOGS = np.log1p(np.arange(SIGN_CAP + 1))


class Measures(Struct, frozen=True):
    """Segments as a model takes them, one entry or row for each.

    ``tokens`` are the first token and the one behind the last; ``scale`` is the square root of the
    n-grams between; ``signs`` log(1 + count) of each sign, of which more than :data:`SIGN_CAP` say
    no more.
    """

    tokens: Bounds
    scale: NDArray[np.float64]
    signs: NDArray[np.float64]


class Reading(Struct, frozen=True):
    """What both training and scoring look at. ``segments[0]`` is the whole draft."""

    stream: Stream
    grams: Grams
    hits: Hits
    segments: Bounds

    @property
    def tokens(self) -> int:
        """How many tokens the draft has."""
        return len(self.grams.starts)

    def measure(self, bounds: Bounds, signs: int) -> Measures:
        """Measure ``bounds`` for a model with that many signs."""
        tokens = self.grams.tokens(bounds)
        return Measures(tokens, self._scale(tokens), self._signs(bounds, signs))

    def scale(self, bounds: Bounds) -> NDArray[np.float64]:
        """Return the square root of the n-grams in each of ``bounds``."""
        return self._scale(self.grams.tokens(bounds))

    def _scale(self, tokens: Bounds) -> NDArray[np.float64]:
        """A segment that only repeats what stood before counts as if half of it were new.

        One of a few words counts as if it had more: they prove little.
        """
        low, high = tokens.T
        counted = self.grams.sizes[high] - self.grams.sizes[low]
        least = np.maximum((high - low) * (ORDERS / 2), _FEWEST)
        scale: NDArray[np.float64] = np.sqrt(np.maximum(counted, least))
        return scale

    def _signs(self, bounds: Bounds, signs: int) -> NDArray[np.float64]:
        count = len(self.hits)
        running = np.zeros((count + 1, signs), dtype=np.int32)
        running[np.arange(1, count + 1), self.hits.signs] = 1
        np.cumsum(running, axis=0, out=running)
        low, high = np.searchsorted(self.hits.starts, bounds).T
        values: NDArray[np.float64] = _LOGS[np.minimum(running[high] - running[low], SIGN_CAP)]
        return values


def read(prepared: Prepared, finder: SignFinder) -> Reading:
    """Read a draft; one without text has one segment, from 0 to 0."""
    stream = prepared.stream
    return Reading(stream, prepared.grams, finder.find(stream), segments(stream.edges))
