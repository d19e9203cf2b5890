"""Trains the classifier with scikit-learn on labelled texts; nothing here is needed to screen."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from msgspec import Struct, convert
from msgspec.json import encode
from msgspec.structs import replace
from numpy.typing import NDArray
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from screening.errors import ModelError
from screening.stages.advertising.model import (
    Calibration,
    Linear,
    Model,
    Thresholds,
    dump,
    half,
    log_length,
    parse,
)
from screening.stages.advertising.reading import Reading, read
from screening.stages.advertising.signs import Sign, SignFinder
from screening.stages.advertising.texts import SENTENCE, LabelledText
from screening.text import prepare
from screening.text.grams import BITS, Bounds

#: an n-gram must occur in that many texts
_RAREST = 2
#: inverse strength of regularisation
_C = 60.0
#: what a passage of a longer text counts beside a whole text
_PASSAGE_WEIGHT = 0.5
#: signs are few and known to matter: their weights are held back less than those of n-grams
_SIGN_SCALE = 0.35
#: words in one text of a sign's list
_LISTED = 25
#: texts without any known feature that are taken to be no advertising
_NOTHING = 5.0
_FOLDS = 4
#: innocent texts in a long draft, the longest advertisement put among them, and what the innocent
#: ones weigh
_JOINED, _SHORT, _INNOCENT = 4, 300, 10.0
#: texts of each side without which there is nothing to learn
_FEWEST = 20
#: precision asked of what is blocked, on texts not trained on
_BLOCK_PRECISION = 0.98
#: lowest thresholds for it, without and with a way to reach the seller
_LOWEST_BLOCK, _LOWEST_REACHED = 0.9, 0.85
#: texts that must be rightly found to call a threshold precise
_ENOUGH = 30
_GRID = np.round(np.arange(0.5, 0.996, 0.005), 3)
#: missed advertisements that one wrong accusation weighs as much as
_ACCUSATION = 1.25

Labels = NDArray[np.int64]


class Sample(Struct, frozen=True):
    """Segments of readings as scikit-learn takes them; ``source[i]`` is segment ``i``'s text."""

    grams: Any
    signs: NDArray[np.float64]
    source: NDArray[np.int64]
    weights: NDArray[np.float64]

    def of(self, texts: NDArray[np.int64]) -> Sample:
        """Return the segments of these texts only."""
        kept = np.flatnonzero(np.isin(self.source, texts))
        return Sample(self.grams[kept], self.signs[kept], self.source[kept], self.weights[kept])


def train(texts: Sequence[LabelledText], signs: Sequence[Sign], names: Sequence[str]) -> Model:
    """Train on ``texts``; the same texts in the same order give the same model.

    Calibration and thresholds come from predictions for texts whose trade was not trained on;
    single sentences are only learnt from.

    Raises:
        ModelError: M004, too few texts of either side, or of too few trades.
    """
    whole = [text for text in texts if text.manner != SENTENCE]
    advertising = sum(text.is_advertising for text in whole)
    trades = [text.trade for text in whole]
    if min(advertising, len(whole) - advertising) < _FEWEST or len(set(trades)) < _FOLDS:
        problem = f"广告和其他文稿各要有 {_FEWEST} 篇以上，行业不少于 {_FOLDS} 个"
        raise ModelError("M004", problem=problem)
    finder = SignFinder(signs, names)
    single = [text for text in texts if text.manner == SENTENCE]
    every = [*whole, *single, *word_lists(signs)]
    readings = read_all(every, finder)
    sample = sample_of(readings, every, len(signs))
    labels = np.array([int(text.is_advertising) for text in every])
    always = np.arange(len(whole), len(every))
    unseen = Unseen([], [], [], [], [], [], [])
    for learnt, held in GroupKFold(_FOLDS).split(trades, groups=trades):
        task = fit(sample.of(np.concatenate([learnt, always])), labels, _NOTHING)
        unseen.add(task, [whole[number] for number in held], finder)
    calibration = unseen.calibration()
    soft = np.array([int(text.kind == "soft") for text in whole])
    model = Model(
        signs=tuple(signs),
        advertising=fit(sample, labels, _NOTHING),
        soft=fit(sample.of(np.flatnonzero(labels[: len(whole)])), soft, 0),
        calibration=calibration,
        thresholds=unseen.thresholds(calibration),
        facts=_facts(texts, signs),
    )
    return parse(dump(model))


def word_lists(signs: Sequence[Sign]) -> list[LabelledText]:
    """Return each sign's words as texts: what its direction says, before any other was read."""
    return [
        LabelledText(
            f"{sign.id}-{first}",
            "commercial" if sign.direction == "for" else "neither",
            sign.id,
            "words",
            "",
            "。".join(sign.words[first : first + _LISTED]),
        )
        for sign in signs
        for first in range(0, len(sign.words), _LISTED)
    ]


def read_all(texts: Sequence[LabelledText], finder: SignFinder) -> list[Reading]:
    """Read every text as the stage reads a draft."""
    return [read(prepare(text.draft), finder) for text in texts]


def sample_of(readings: Sequence[Reading], texts: Sequence[LabelledText], signs: int) -> Sample:
    """Return all texts whole, and passages of those that are of one kind all through.

    A soft article tells a story before it sells: only its whole is surely advertising.
    """
    bounds = [
        reading.segments[:1] if text.kind == "soft" else _some(reading.segments)
        for reading, text in zip(readings, texts, strict=True)
    ]
    counts = list(map(len, bounds))
    firsts = np.cumsum([0, *counts[:-1]])
    weights = np.full(sum(counts), _PASSAGE_WEIGHT)
    weights[firsts] = 1.0
    return Sample(
        grams=_gram_rows(readings, bounds),
        signs=np.concatenate(
            [r.measure(b, signs).signs for r, b in zip(readings, bounds, strict=True)]
        ),
        source=np.repeat(np.arange(len(texts)), counts),
        weights=weights,
    )


def _some(segments: Bounds) -> Bounds:
    """Return the whole, and every third passage: neighbours are nearly the same."""
    return np.concatenate([segments[:1], segments[1::3]])


def _gram_rows(readings: Sequence[Reading], bounds: Sequence[Bounds]) -> Any:
    columns, values, ends = [], [], [0]
    for reading, segments in zip(readings, bounds, strict=True):
        grams, scales = reading.grams, reading.scale(segments)
        for (start, end), scale in zip(grams.tokens(segments).tolist(), scales, strict=True):
            found = grams.slots[:, start:end][grams.first[:, start:end]]
            columns.append(found)
            values.append(np.full(len(found), 1 / scale))
            ends.append(ends[-1] + len(found))
    shape = (len(ends) - 1, 1 << BITS)
    rows = sparse.csr_matrix((np.concatenate(values), np.concatenate(columns), ends), shape=shape)
    rows.sum_duplicates()
    return rows


def fit(sample: Sample, labels: Labels, nothing: float) -> Linear:
    """Fit one task; ``labels`` are those of the texts, 0 or 1.

    ``nothing`` is how many texts without any known feature are taken to be 0: a draft in which
    all is unknown speaks for nothing.
    """
    machine, used = fit_machine(sample, labels, nothing)
    weights = machine.coef_[0]
    table = np.zeros(1 << BITS, dtype=np.float32)
    table[used] = half(weights[: len(used)])
    return Linear(table, weights[len(used) :] * _SIGN_SCALE, float(machine.intercept_[0]))


def fit_machine(
    sample: Sample, labels: Labels, nothing: float
) -> tuple[LogisticRegression, NDArray[np.int64]]:
    """Fit scikit-learn's machine for one task; it takes the slots returned, and then the signs."""
    wholes = np.flatnonzero(np.diff(sample.source, prepend=-1))
    used = np.flatnonzero(sample.grams[wholes].getnnz(axis=0) >= _RAREST)
    rows = sparse.hstack([sample.grams[:, used], sparse.csr_matrix(sample.signs * _SIGN_SCALE)])
    rows = sparse.vstack([rows, sparse.csr_matrix((1, rows.shape[1]))])
    goals = np.append(labels[sample.source], 0)
    machine = LogisticRegression(C=_C, solver="liblinear", tol=0.01, intercept_scaling=10.0)
    machine.fit(rows.tocsr(), goals, np.append(_balanced(sample.weights, goals[:-1]), nothing))
    return machine, used


def _balanced(weights: NDArray[np.float64], goals: Labels) -> NDArray[np.float64]:
    """Give both sides the same weight in all, and change nothing in the whole."""
    sides = np.bincount(goals, weights, minlength=2)
    balanced: NDArray[np.float64] = weights * sides.sum() / (2 * sides[goals])
    return balanced


class Unseen(Struct):
    """Texts whose trade was not trained on, and long drafts made of them, each with its label.

    ``margins`` are those of all segments, the whole first; ``tokens`` are lengths. ``reached`` and
    ``issued`` tell in which texts a seller can be reached, and which an office has signed. Long
    drafts are innocent texts joined, without and with a short advertisement among them.
    """

    margins: list[NDArray[np.float64]]
    tokens: list[int]
    reached: list[bool]
    issued: list[bool]
    labels: list[int]
    long_margins: list[NDArray[np.float64]]
    long_labels: list[int]

    def add(self, task: Linear, texts: Sequence[LabelledText], finder: SignFinder) -> None:
        """Score ``texts``, which ``task`` has not seen."""
        for text, reading in zip(texts, read_all(texts, finder), strict=True):
            found = [finder.signs[number] for number in set(reading.hits.signs.tolist())]
            self.margins.append(task.margins(reading, reading.segments))
            self.tokens.append(reading.tokens)
            self.reached.append(any(sign.reaches for sign in found))
            self.issued.append(any(sign.issuer for sign in found))
            self.labels.append(int(text.is_advertising))
        long, labels = zip(*joined(texts), strict=True)
        for reading in read_all(long, finder):
            self.long_margins.append(task.margins(reading, reading.segments))
        self.long_labels += labels

    def calibration(self) -> Calibration:
        """Fit probabilities to the margins; both sides weigh the same among the texts.

        Long drafts with one advertising passage are rare, so innocent ones weigh more there.
        """
        lengths = map(log_length, self.tokens)
        wholes = [[found[0], log] for found, log in zip(self.margins, lengths, strict=True)]
        pairs = [[found.max(), found[0]] for found in self.long_margins]
        whole = LogisticRegression(C=10.0, class_weight="balanced").fit(wholes, self.labels)
        rarely = {0: _INNOCENT, 1: 1.0}
        passage = LogisticRegression(C=10.0, class_weight=rarely).fit(pairs, self.long_labels)
        return convert({"whole": _curve(whole), "passage": _curve(passage)}, Calibration)

    def thresholds(self, calibration: Calibration) -> Thresholds:
        """Choose the thresholds that suit these texts, scored by ``calibration``."""
        pairs = zip(self.margins, self.tokens, strict=True)
        scores = np.array([calibration.probabilities(*pair).max() for pair in pairs])
        return choose_thresholds(
            scores, np.array(self.labels), np.array(self.reached), np.array(self.issued)
        )


def joined(texts: Sequence[LabelledText]) -> Iterator[tuple[LabelledText, int]]:
    """Yield long drafts made of ``texts``: innocent ones, then the same with an advertisement."""
    innocent = [text for text in texts if not text.is_advertising]
    adverts = [text for text in texts if text.kind == "commercial" and len(text.text) < _SHORT]
    for number, first in enumerate(range(0, len(innocent), _JOINED)):
        parts = [text.text for text in innocent[first : first + _JOINED]]
        base = replace(innocent[first], text="\n".join(parts))
        yield base, 0
        if adverts:
            parts.insert(len(parts) // 2, adverts[number % len(adverts)].text)
            yield replace(base, text="\n".join(parts)), 1


def _curve(machine: LogisticRegression) -> list[float]:
    return [*machine.coef_[0].tolist(), float(machine.intercept_[0])]


def choose_thresholds(
    scores: NDArray[np.float64],
    labels: Labels,
    reached: NDArray[np.bool_],
    issued: NDArray[np.bool_],
) -> Thresholds:
    """Choose from scores of texts not trained on.

    Review where missed advertisements and wrong accusations together cost least; block, with and
    without a way to reach the seller, where what is blocked is precise.
    """
    wrong = np.array([((scores >= cut) & (labels == 0)).sum() for cut in _GRID])
    right = np.array([((scores >= cut) & (labels == 1)).sum() for cut in _GRID])
    review = float(_GRID[int(np.argmin(_ACCUSATION * wrong + labels.sum() - right))])
    with_way, without = (
        max(_precise(scores[chosen & ~issued], labels[chosen & ~issued]), review, lowest)
        for chosen, lowest in ((reached, _LOWEST_REACHED), (~reached, _LOWEST_BLOCK))
    )
    return Thresholds(review, min(with_way, without), without)


def _precise(scores: NDArray[np.float64], labels: Labels) -> float:
    """Return the lowest threshold from which on what is found is precise, and is not just a few.

    See :data:`_BLOCK_PRECISION`; where there is none, the highest threshold.
    """
    wrong = np.array([((scores >= cut) & (labels == 0)).sum() for cut in _GRID])
    right = np.array([((scores >= cut) & (labels == 1)).sum() for cut in _GRID])
    precise = (right >= _BLOCK_PRECISION * (right + wrong)) & (right >= _ENOUGH)
    return float(_GRID[int(np.argmax(precise)) if precise.any() else -1])


def _facts(texts: Sequence[LabelledText], signs: Sequence[Sign]) -> dict[str, Any]:
    return {
        "texts": dict(sorted(Counter(text.kind for text in texts).items())),
        "source": source_digest(texts, signs),
        "trades": len({text.trade for text in texts}),
        "manners": len({text.manner for text in texts}),
        "characters": sum(len(text.title) + len(text.text) for text in texts),
    }


def source_digest(texts: Sequence[LabelledText], signs: Sequence[Sign]) -> str:
    """Digest what a model is trained on: whoever has the same can train the same model."""
    return f"sha256:{hashlib.sha256(encode([list(texts), list(signs)])).hexdigest()}"
