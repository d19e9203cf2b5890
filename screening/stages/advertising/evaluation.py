"""How good a model is on texts that it has not seen: figures and curves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from screening.stages.advertising.model import Judgement, Model, Thresholds
from screening.stages.advertising.reading import read
from screening.stages.advertising.signs import SignFinder
from screening.stages.advertising.texts import LabelledText
from screening.text import prepare

#: bars of the reliability plot
_BINS = 10


class Bin(Struct, frozen=True):
    """Texts with scores in one tenth: how many, their mean score, the share that advertises."""

    count: int
    score: float
    share: float


class Row(Struct, frozen=True):
    """Outcomes of one kind or trade: all texts, those to review or worse, those blocked."""

    name: str
    advertising: bool
    texts: int
    flagged: int
    blocked: int


class Metrics(Struct, frozen=True):
    """Figures at the review threshold unless said otherwise; shares from 0 to 1.

    ``curve`` holds (recall, precision) from the strictest threshold to the mildest. ``error`` is
    the expected calibration error: the mean distance between score and share, by bins.
    """

    texts: int
    precision: float
    recall: float
    f1: float
    block_precision: float
    block_recall: float
    brier: float
    error: float
    thresholds: Thresholds
    bins: tuple[Bin, ...]
    curve: tuple[tuple[float, float], ...]
    kinds: tuple[Row, ...]
    trades: tuple[Row, ...]


def judge_all(model: Model, texts: Sequence[LabelledText], names: Sequence[str]) -> list[Judgement]:
    """Judge each text as a draft."""
    finder = SignFinder(model.signs, names)
    return [model.judge(read(prepare(text.draft), finder)) for text in texts]


def evaluate(
    model: Model, texts: Sequence[LabelledText], judgements: Sequence[Judgement]
) -> Metrics:
    """Compare judgements with what the texts are; there must be some of both sides."""
    found = np.array([judgement.score for judgement in judgements])
    blocked = np.array([judgement.blocked for judgement in judgements])
    truth = np.array([text.is_advertising for text in texts])
    flagged = found >= model.thresholds.review
    precision, recall = _shares(flagged, truth)
    block_precision, block_recall = _shares(blocked, truth)
    bins = _bins(found, truth)
    return Metrics(
        texts=len(texts),
        precision=precision,
        recall=recall,
        f1=round(2 * precision * recall / max(precision + recall, 1e-9), 4),
        block_precision=block_precision,
        block_recall=block_recall,
        brier=round(float(np.mean((found - truth) ** 2)), 4),
        error=round(sum(b.count * abs(b.score - b.share) for b in bins) / len(texts), 4),
        thresholds=model.thresholds,
        bins=bins,
        curve=_curve(found, truth),
        kinds=_rows([text.kind for text in texts], truth, flagged, blocked),
        trades=_rows([text.trade for text in texts], truth, flagged, blocked),
    )


def _shares(chosen: NDArray[np.bool_], truth: NDArray[np.bool_]) -> tuple[float, float]:
    right = int((chosen & truth).sum())
    return round(right / max(int(chosen.sum()), 1), 4), round(right / max(int(truth.sum()), 1), 4)


def _bins(scores: NDArray[np.float64], truth: NDArray[np.bool_]) -> tuple[Bin, ...]:
    places = np.minimum((scores * _BINS).astype(int), _BINS - 1)
    inside = [places == place for place in range(_BINS)]
    return tuple(
        Bin(int(here.sum()), *(round(float(part[here].mean()), 4) for part in (scores, truth)))
        for here in inside
        if here.any()
    )


def _curve(
    scores: NDArray[np.float64], truth: NDArray[np.bool_]
) -> tuple[tuple[float, float], ...]:
    order = np.argsort(-scores, kind="stable")
    right = np.cumsum(truth[order])
    precision = right / np.arange(1, len(order) + 1)
    recall = right / right[-1]
    return tuple(zip(recall.round(4).tolist(), precision.round(4).tolist(), strict=True))


def _rows(
    names: Sequence[str],
    truth: NDArray[np.bool_],
    flagged: NDArray[np.bool_],
    blocked: NDArray[np.bool_],
) -> tuple[Row, ...]:
    """Count by name, and within a name by what is true: a trade may have texts of both sides."""
    rows: list[Any] = []
    for name, advertising in sorted(set(zip(names, truth.tolist(), strict=True))):
        here = (np.array(names) == name) & (truth == advertising)
        counted = (int(part.sum()) for part in (here, here & flagged, here & blocked))
        rows.append(Row(name, advertising, *counted))
    return tuple(rows)
