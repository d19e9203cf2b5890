"""What is judged: each sentence of a draft, and each two that follow one another in a paragraph."""

from __future__ import annotations

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from screening.draft import Span
from screening.text import Prepared
from screening.text.grams import ORDERS, Bounds, Grams
from screening.text.stream import Stream
from screening.text.words import words_in

#: Chinese characters that a sentence must have: less proves nothing
_FEWEST = 6
#: the share of them in it: addresses and formulas are none
_SHARE = 0.7
#: characters of a sentence or pair: what is longer is a list or a clause of a document
_LONGEST = 90
_HAN = (0x4E00, 0x9FFF)


class Sentences(Struct, frozen=True):
    """The sentences of a stream that are judged, as [start, end) in it, and what they are made of.

    ``slots`` are the n-grams that lie wholly within, those of sentence ``i`` beginning at
    ``begins[i]``; ``at[j]`` is the token at which n-gram ``j`` begins and ``order[j]`` its tokens.
    """

    stream: Stream
    grams: Grams
    bounds: Bounds
    slots: NDArray[np.int64]
    begins: NDArray[np.int64]
    at: NDArray[np.int64]
    order: NDArray[np.int64]

    def span(self, number: int) -> Span:
        """Return where in the draft sentence ``number`` stands."""
        return self.stream.spans(*self.bounds[number].tolist())[0]

    def place(self, gram: int) -> tuple[int, int]:
        """Return where in the stream n-gram ``gram`` begins and ends."""
        first, last = int(self.at[gram]), int(self.at[gram] + self.order[gram])
        starts = self.grams.starts
        end = int(starts[last]) if last < len(starts) else len(self.stream.codes)
        return int(starts[first]), end

    def edges(self, number: int) -> frozenset[int]:
        """Return where in the stream the words of sentence ``number`` begin and end."""
        begin, end = self.bounds[number].tolist()
        words = words_in(self.stream.text[begin:end])
        return frozenset(begin + edge for word in words for edge in word)


def sentences_of(prepared: Prepared) -> Sentences:
    """Read a draft sentence by sentence."""
    return _cut(prepared, _judged(prepared.stream))


def whole_of(prepared: Prepared) -> Sentences:
    """Read a text as one sentence: an example to learn from."""
    return _cut(prepared, np.array([[0, prepared.stream.edges[-1]]]))


def _cut(prepared: Prepared, bounds: Bounds) -> Sentences:
    """Number the n-grams of all sentences at once: of each those of one token, then of two …"""
    grams = prepared.grams
    low, high = grams.tokens(bounds).T
    counts = np.maximum((high - low)[:, None] - np.arange(ORDERS), 0).ravel()
    begins = np.cumsum(counts) - counts
    of = np.repeat(np.arange(len(counts)), counts)
    number, order = np.divmod(of, ORDERS)
    at = low[number] + np.arange(len(of)) - begins[of]
    slots = grams.slots[order, at]
    return Sentences(prepared.stream, grams, bounds, slots, begins[::ORDERS], at, order + 1)


def _judged(stream: Stream) -> Bounds:
    """Return the sentences and pairs with enough Chinese in them, shape (n, 2)."""
    edges = stream.edges
    singles = np.stack([edges[:-1], edges[1:]], axis=1)
    pairs = np.stack([edges[:-2], edges[2:]], axis=1)
    bounds = np.concatenate([singles, pairs])
    han = np.zeros(len(stream.codes) + 1, dtype=np.int64)
    np.cumsum((stream.codes >= _HAN[0]) & (stream.codes <= _HAN[1]), out=han[1:])
    chinese, length = han[bounds[:, 1]] - han[bounds[:, 0]], bounds[:, 1] - bounds[:, 0]
    said = (chinese >= _FEWEST) & (chinese >= _SHARE * length) & (length <= _LONGEST)
    kept: Bounds = bounds[said]
    return kept
