"""The segments of a stream that are scored.

A segment's features are the n-grams that begin in it and have not stood in the draft before (a
table of names says nothing a hundred times), divided by the square root of their number, so that
the weight of any segment is a difference of running sums.
"""

from __future__ import annotations

import numpy as np

from screening.text.grams import Bounds

#: characters in a passage; a draft has passages when it is longer than one by a third
PASSAGES = (150, 400)
#: characters of which at most one passage begins at a time
_STRIDE = 32
_LONGER = 4 / 3


def segments(edges: Bounds) -> Bounds:
    """Return [start, end) of the whole stream, and of its passages if it is long enough for any.

    Passages begin at ``edges``, but for those close behind another, and run on to the edge behind
    their length, so that no sentence is cut. Shape (n, 2), the whole first.
    """
    last = int(edges[-1])
    found = [np.array([[0, last]], dtype=np.int64)]
    for size in PASSAGES:
        if last > size * _LONGER:
            found.append(_passages(edges, _apart(edges[:-1]), size))
    return np.concatenate(found)


def _apart(edges: Bounds) -> Bounds:
    """Return the first of the edges in each stride of the stream."""
    strides = edges // _STRIDE
    new = np.ones(len(edges), dtype=bool)
    new[1:] = strides[1:] != strides[:-1]
    return edges[new]


def _passages(edges: Bounds, starts: Bounds, size: int) -> Bounds:
    """Return a passage from each of ``starts``, up to the first that reaches the end."""
    ends = edges[np.minimum(np.searchsorted(edges, starts + size), len(edges) - 1)]
    count = int(np.searchsorted(ends, edges[-1])) + 1
    return np.stack([starts[:count], ends[:count]], axis=1)
