"""Array operations that numpy has not, or only at the price of a slow import."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

_Scalar = TypeVar("_Scalar", bound=np.generic)


def distinct(values: NDArray[_Scalar]) -> NDArray[_Scalar]:
    """Return the sorted values, each once: what np.unique does, which loads all of numpy.ma."""
    ordered = np.sort(values, axis=None)
    first = np.ones(len(ordered), dtype=bool)
    first[1:] = ordered[1:] != ordered[:-1]
    return ordered[first]


def listed(values: NDArray[np.integer[Any]]) -> Sequence[int]:
    """Return a view whose items are plain integers, got three times as fast as an array's."""
    return cast("Sequence[int]", memoryview(cast("Any", values)))
