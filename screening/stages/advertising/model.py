"""The trained classifier: a table of n-gram weights, weights of signs, a calibration, thresholds.

The file holds plain numbers behind a checksum, nothing that could run: magic, CRC-32 of all that
follows, SHA-256 of what follows it (the model's digest), length of the JSON header, header, slots
(uint32), weights (float16, one row for each task). Whoever can change the file can change both
sums: they tell damage, not malice, so only the quick one is checked each time.
"""

from __future__ import annotations

import hashlib
import json
import math
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from msgspec import Struct, convert, to_builtins
from numpy.typing import NDArray

from screening import resources
from screening.errors import ModelError
from screening.stages.advertising.reading import Reading
from screening.stages.advertising.signs import Sign, signs_of
from screening.text.grams import BITS, Bounds

_MAGIC = b"screening-advertising-2\n"
_CHECK = slice(len(_MAGIC), len(_MAGIC) + 4)
_DIGEST = slice(_CHECK.stop, _CHECK.stop + 32)
_LENGTH = slice(_DIGEST.stop, _DIGEST.stop + 4)

#: the shortest and the longest draft, in tokens, whose length matters
_LENGTHS = (250, 1000)

Table = NDArray[np.float32]


class Linear(Struct, frozen=True):
    """One linear task: ``table`` of n-gram weights, and a weight for each sign."""

    table: Table
    signs: NDArray[np.float64]
    bias: float

    def margins(self, reading: Reading, bounds: Bounds) -> NDArray[np.float64]:
        """Return the log-odds of each of ``bounds``, not yet calibrated."""
        measures = reading.measure(bounds, len(self.signs))
        low, high = measures.tokens.T
        running = reading.grams.weights(self.table)
        scored = (running[high] - running[low]) / measures.scale
        margins: NDArray[np.float64] = scored + measures.signs @ self.signs + self.bias
        return margins


class Calibration(Struct, frozen=True):
    """Turns margins into probabilities.

    ``whole`` is slopes for the margin of the whole draft and for the logarithm of its length, and
    bias: a long article says the same in more words, and much else besides. ``passage`` is slopes
    for the margins of a passage and of the whole around it, and bias.
    """

    whole: tuple[float, float, float]
    passage: tuple[float, float, float]

    def probabilities(self, margins: NDArray[np.float64], tokens: int) -> NDArray[np.float64]:
        """Return for a draft of ``tokens`` and its passages how likely each advertises."""
        odds = self.passage[0] * margins + self.passage[1] * margins[0] + self.passage[2]
        odds[0] = self.whole[0] * margins[0] + self.whole[1] * log_length(tokens) + self.whole[2]
        chances: NDArray[np.float64] = 1 / (1 + np.exp(-np.clip(odds, -50, 50)))
        return chances


def log_length(tokens: int) -> float:
    """Return the logarithm of a draft's length in tokens, within what was trained on."""
    return math.log(min(max(tokens, _LENGTHS[0]), _LENGTHS[1]))


class Thresholds(Struct, frozen=True):
    """From which probability on a person must look, and from which on it must be changed.

    ``reached`` is the latter where a way to reach the seller stands in the draft, ``block`` where
    none does.
    """

    review: float
    reached: float
    block: float


class Judgement(NamedTuple):
    """How likely a draft holds advertising, anywhere in it, and whether it must be changed."""

    score: float
    blocked: bool


class Model(Struct, frozen=True):
    """Everything that scores a draft. ``facts`` say how it was trained, for people."""

    signs: tuple[Sign, ...]
    advertising: Linear
    soft: Linear
    calibration: Calibration
    thresholds: Thresholds
    facts: Mapping[str, Any] = {}
    digest: str = ""

    def probabilities(self, reading: Reading) -> NDArray[np.float64]:
        """Return for each of the reading's segments, the whole first, how likely it advertises."""
        margins = self.advertising.margins(reading, reading.segments)
        return self.calibration.probabilities(margins, reading.tokens)

    def judge(self, reading: Reading) -> Judgement:
        """Judge a draft as a whole."""
        score = float(self.probabilities(reading).max())
        return Judgement(score, score >= self.block_from(reading))

    def block_from(self, reading: Reading) -> float:
        """Return the probability from which on advertising in this draft must be changed.

        What an office of the school has signed is never blocked: whether its business is the
        school's, a person decides.
        """
        found = [self.signs[number] for number in set(reading.hits.signs.tolist())]
        if any(sign.issuer for sign in found):
            return math.inf
        reached = any(sign.reaches for sign in found)
        return self.thresholds.reached if reached else self.thresholds.block


def dump(model: Model) -> bytes:
    """Return the file of ``model``: the same model, the same bytes."""
    tasks = (model.advertising, model.soft)
    used = np.flatnonzero(np.any([task.table != 0 for task in tasks], axis=0))
    values = np.stack([task.table[used] for task in tasks])
    header = {
        "signs": to_builtins(model.signs),
        "tasks": [{"signs": task.signs.tolist(), "bias": task.bias} for task in tasks],
        "calibration": to_builtins(model.calibration),
        "thresholds": to_builtins(model.thresholds),
        "facts": dict(model.facts),
        "bits": BITS,
        "slots": len(used),
    }
    encoded = json.dumps(header, ensure_ascii=False, sort_keys=True).encode()
    arrays = used.astype("<u4").tobytes() + values.astype("<f2").tobytes()
    rest = len(encoded).to_bytes(4, "little") + encoded + arrays
    signed = hashlib.sha256(rest).digest() + rest
    return _MAGIC + zlib.crc32(signed).to_bytes(4, "little") + signed


def parse(data: bytes, where: str = "") -> Model:
    """Return the model whose file is ``data``.

    Raises:
        ModelError: M002, it is damaged, cut short, or no model of this version.
    """
    view = memoryview(data)
    check = int.from_bytes(view[_CHECK], "little")
    if not data.startswith(_MAGIC) or zlib.crc32(view[_DIGEST.start :]) != check:
        raise ModelError("M002", where=where)
    start = _LENGTH.stop + int.from_bytes(data[_LENGTH], "little")
    try:
        header = json.loads(data[_LENGTH.stop : start])
        count = header["slots"]
        if header["bits"] != BITS:
            raise ValueError("bits")
        used = np.frombuffer(data, "<u4", count, start)
        values = np.frombuffer(data, "<f2", count * 2, start + 4 * count).reshape(2, count)
        advertising, soft = (
            Linear(_table(used, values[column]), np.array(task["signs"]), task["bias"])
            for column, task in enumerate(header["tasks"])
        )
        return Model(
            signs_of(header["signs"]),
            advertising,
            soft,
            convert(header["calibration"], Calibration),
            convert(header["thresholds"], Thresholds),
            header["facts"],
            f"sha256:{data[_DIGEST].hex()}",
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ModelError("M002", where=where) from error


def model_path(home: Path) -> Path:
    """Return the model that is used: the school's own in ``home``, or else the shipped one."""
    own = home / "model" / "advertising.model"
    return own if own.exists() else resources.folder("models") / "advertising.model"


def load(path: Path) -> Model:
    """Read a model from its file.

    Raises:
        ModelError: M001, it cannot be read; M002, it is damaged.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ModelError("M001", where=str(path)) from error
    return parse(data, str(path))


def _table(used: NDArray[np.uint32], values: NDArray[np.float16]) -> Table:
    table = np.zeros(1 << BITS, dtype=np.float32)
    table[used] = values
    return table


def half(values: Sequence[float] | NDArray[np.float64]) -> NDArray[np.float64]:
    """Round to what the file can hold."""
    return np.asarray(values).astype("<f2").astype(np.float64)
