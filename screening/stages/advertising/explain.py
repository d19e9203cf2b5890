"""Which words of a passage weighed most, so that an editor sees what to change."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby, pairwise
from typing import NamedTuple

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from screening.stages.advertising.model import Linear, Model
from screening.stages.advertising.reading import SIGN_CAP, Reading
from screening.text.expression import declare
from screening.text.grams import ORDERS
from screening.text.stream import Stream
from screening.text.words import words_in

#: words named that speak for advertising, and of those that speak against it
_FOR, _AGAINST = 8, 2
#: smallest weight worth naming, in log-odds
_LEAST = 0.05
#: clauses of a passage whose words are looked at, those that weigh most
_CLAUSES = 16
#: characters in the longest phrase that is named
_LONGEST = 8
#: words that end no phrase and begin none
_PARTICLES = frozenset(
    [
        *"的了着过是在和与及也就都又还很把被给对从向于以而或这那有到不我你他她它们个一会能要让吧呢啊吗",
        "的话",
    ]
)
#: what parts two phrases, though not two sentences
_PARTS = declare(r"[,、;:()\[\]{}<>《》〈〉「」『』【】“”‘’\"'…—~|/·\s]")


class Weighed(Struct, frozen=True, order=True):
    """Stream ``[start, end)`` moved the log-odds by ``weight``; ``sign`` is a label or ""."""

    weight: float
    start: int
    end: int
    sign: str = ""


class _Shares(NamedTuple):
    """The hits in a passage: places, signs, and what each adds to the log-odds."""

    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    signs: NDArray[np.int64]
    shares: NDArray[np.float64]


def explain(model: Model, reading: Reading, start: int, end: int) -> list[Weighed]:
    """Return what weighed most in stream ``[start, end)``, the heaviest first."""
    low, high = reading.grams.tokens(np.array([[start, end]]))[0].tolist()
    free = _spread(model.advertising, reading)[low:high]
    free /= reading.scale(np.array([[start, end]]))[0]
    hits = _shares(model, reading, (start, end))
    first, last = reading.grams.tokens(np.stack([hits.starts, hits.ends])) - low
    running = np.concatenate([[0.0], np.cumsum(free)])
    weights = hits.shares + running[last] - running[first]
    rows = zip(weights.tolist(), hits.starts.tolist(), hits.ends.tolist(), hits.signs, strict=True)
    named = [Weighed(weight, one, two, model.signs[sign].label) for weight, one, two, sign in rows]
    marks = np.bincount(first, minlength=len(running)) - np.bincount(last, minlength=len(running))
    free[np.cumsum(marks)[:-1] > 0] = -np.inf
    named += _phrases(reading, (start, end), low, free)
    return _chosen(_once(reading.stream.text, named))


def token_weights(model: Model, reading: Reading) -> NDArray[np.float64]:
    """Return what each token of the whole draft adds to its log-odds, signs at their first token.

    The sum over all tokens is the margin of the whole but for the bias.
    """
    weights: NDArray[np.float64] = _spread(model.advertising, reading)
    weights /= reading.scale(reading.segments[:1])[0]
    hits = _shares(model, reading, (0, len(reading.stream.codes)))
    places = np.searchsorted(reading.grams.starts, hits.starts, "right") - 1
    np.add.at(weights, places, hits.shares)
    return weights


def _shares(model: Model, reading: Reading, bounds: tuple[int, int]) -> _Shares:
    """Return the signs in ``bounds`` with their shares: hits of one sign share its weight."""
    starts, ends, signs = reading.hits.columns()
    inside = (bounds[0] <= starts) & (starts < ends) & (ends <= bounds[1])
    starts, ends, signs = starts[inside], ends[inside], signs[inside]
    counts = np.bincount(signs, minlength=len(model.signs))[signs]
    weights = model.advertising.signs[signs]
    return _Shares(starts, ends, signs, weights * np.log1p(np.minimum(counts, SIGN_CAP)) / counts)


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


def _phrases(
    reading: Reading, bounds: tuple[int, int], low: int, free: NDArray[np.float64]
) -> Iterator[Weighed]:
    """Yield the phrases of whole words that speak for advertising and belong to no sign.

    ``free`` are the weights of the tokens from ``low`` on, minus infinity where a sign stands.
    """
    starts, text = reading.grams.starts, reading.stream.text
    edges = _borders(reading.stream, *bounds)
    good = np.concatenate([[0.0], np.cumsum(np.maximum(free, 0.0))])
    at = np.searchsorted(starts, edges) - low
    for clause in np.argsort(good[at[:-1]] - good[at[1:]], kind="stable")[:_CLAUSES].tolist():
        begin, end = edges[clause], edges[clause + 1]
        words = [(begin + first, begin + last) for first, last in words_in(text[begin:end])]
        tokens = np.searchsorted(starts, [begin, *(last for _, last in words)]) - low
        weighed = [
            Weighed(float(free[one:two].sum()), *word)
            for word, (one, two) in zip(words, pairwise(tokens.tolist()), strict=True)
        ]
        for speaks, run in groupby(weighed, key=lambda word: word.weight > 0):
            if speaks:
                yield from _joined(text, list(run))


def _borders(stream: Stream, start: int, end: int) -> list[int]:
    """Return where the clauses of stream ``[start, end)`` begin, and its end."""
    found = {start, end, *(edge for edge in stream.edges.tolist() if start < edge < end)}
    for part in stream.parts:
        parts = [match.start() for match in _PARTS.pattern.finditer(part.normalised.text)]
        places = np.searchsorted(part.positions, parts) + part.base
        found.update(place for place in places.tolist() if start < place < end)
    return sorted(found)


def _joined(text: str, words: list[Weighed]) -> Iterator[Weighed]:
    """Yield phrases of neighbouring words, none too long, without particles at their ends."""
    phrase: list[Weighed] = []
    for word in [*words, None]:
        if phrase and (word is None or word.end - phrase[0].start > _LONGEST):
            yield from _stripped(text, phrase)
            phrase = []
        if word is not None:
            phrase.append(word)


def _stripped(text: str, phrase: list[Weighed]) -> Iterator[Weighed]:
    """Yield the phrase from its first telling word to its last, unless it is one character."""
    said = [number for number, word in enumerate(phrase) if _tells(text[word.start : word.end])]
    if said:
        kept = phrase[said[0] : said[-1] + 1]
        if kept[-1].end - kept[0].start > 1:
            yield Weighed(sum(word.weight for word in kept), kept[0].start, kept[-1].end)


def _tells(word: str) -> bool:
    """Tell whether ``word`` says something by itself: no particle, number or mark."""
    return word not in _PARTICLES and word.isalnum() and not word.isdigit()


def _once(text: str, named: list[Weighed]) -> list[Weighed]:
    """Name the same words once, where they stand first, with their weights together."""
    merged: dict[str, Weighed] = {}
    for item in sorted(named, key=lambda item: item.start):
        first = merged.get(text[item.start : item.end])
        merged[text[item.start : item.end]] = (
            Weighed(first.weight + item.weight, first.start, first.end, first.sign)
            if first
            else item
        )
    return list(merged.values())


def _chosen(named: list[Weighed]) -> list[Weighed]:
    """Return the weightiest for and against, the heaviest first; of words that overlap, one."""
    kept: list[Weighed] = []
    left = {True: _FOR, False: _AGAINST}
    for item in sorted(named, key=lambda item: -abs(item.weight)):
        speaks = item.weight > 0
        telling = item.weight >= _LEAST or item.weight <= -2 * _LEAST
        apart = not any(item.start < other.end and other.start < item.end for other in kept)
        if telling and left[speaks] and apart:
            kept.append(item)
            left[speaks] -= 1
    return sorted((item for item in kept if item.weight > 0), reverse=True) + sorted(
        item for item in kept if item.weight < 0
    )
