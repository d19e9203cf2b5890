"""The trained model: for each n-gram how rare it is and how much it speaks for each category.

The file holds three arrays in numpy's own format, never a pickle: a JSON header as bytes, the
slots of the n-grams that were learnt (uint32), and a row of float16 for each, its rarity first.
"""

from __future__ import annotations

import hashlib
import io
import json
from pathlib import Path
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from screening import resources
from screening.errors import ModelError
from screening.stages.advertising.features import BITS
from screening.stages.likeness.sentences import Sentences

_FORMAT = 1
FILE = "likeness.model"

Table = NDArray[np.float32]


class Likeness(Struct, frozen=True):
    """A softmax over ``categories``, of which the first is "none of them".

    ``rows[slot]`` is the row of an n-gram in ``rarity`` (idf) and ``weights``; row 0 is for those
    that were never learnt. ``thresholds`` say from which probability on each category is told.
    """

    categories: tuple[str, ...]
    thresholds: tuple[float, ...]
    rows: NDArray[np.int32]
    rarity: NDArray[np.float32]
    weights: Table
    bias: NDArray[np.float32]
    digest: str = ""

    def probabilities(self, sentences: Sentences) -> Table:
        """Return how likely each sentence belongs to each category, shape (sentences, categories).

        An n-gram counts its rarity, each time it stands there; a sentence has length 1.
        """
        if not len(sentences.bounds):
            return np.zeros((0, len(self.categories)), dtype=np.float32)
        rows = self.rows[sentences.slots]
        rarity = self.rarity[rows]
        length = np.sqrt(np.add.reduceat(rarity * rarity, sentences.begins))
        summed = np.add.reduceat(self.weights[rows], sentences.begins)
        margins = summed / np.maximum(length, 1e-6)[:, None] + self.bias
        odds = np.exp(margins - margins.max(axis=1, keepdims=True))
        chances: Table = odds / odds.sum(axis=1, keepdims=True)
        return chances

    def telling(self, sentences: Sentences, sentence: int, category: int) -> NDArray[np.int64]:
        """Return which n-grams of a sentence speak for ``category``, the strongest first.

        Those of a single token are left out: a lone character tells a reader nothing.
        """
        low = int(sentences.begins[sentence])
        following = sentences.begins[sentence + 1 : sentence + 2]
        high = int(following[0]) if len(following) else len(sentences.slots)
        rows = self.rows[sentences.slots[low:high]]
        speaks = self.weights[rows, category] - self.weights[rows, 0]
        ranked = np.argsort(-speaks, kind="stable")
        told = (speaks[ranked] > 0) & (sentences.order[low:high][ranked] > 1)
        found: NDArray[np.int64] = low + ranked[told]
        return found


def dump(header: dict[str, Any], slots: NDArray[np.uint32], table: NDArray[np.float16]) -> bytes:
    """Return a model file; ``table`` has a row for each slot, its rarity first."""
    encoded = json.dumps(
        header | {"format": _FORMAT, "bits": BITS, "sum": checksum(slots, table)}, sort_keys=True
    ).encode()
    stream = io.BytesIO()
    for array in (np.frombuffer(encoded, np.uint8), slots, table):
        np.save(stream, array, allow_pickle=False)
    return stream.getvalue()


def load(path: Path | None = None) -> Likeness:
    """Read the shipped model, or another.

    Raises:
        ModelError: M001, it cannot be read; M002, it is damaged or of another version.
    """
    path = path or resources.folder("models") / FILE
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ModelError("M001", where=str(path)) from error
    try:
        return _parse(data)
    except (ValueError, KeyError, EOFError, TypeError, IndexError) as error:
        raise ModelError("M002", where=str(path)) from error


def _parse(data: bytes) -> Likeness:
    stream = io.BytesIO(data)
    encoded, slots, table = (np.load(stream, allow_pickle=False) for _ in range(3))
    header = json.loads(encoded.tobytes())
    if (header["format"], header["bits"]) != (_FORMAT, BITS) or header["sum"] != checksum(
        slots, table
    ):
        raise ValueError("another version")
    rows = np.zeros(1 << BITS, dtype=np.int32)
    rows[slots] = np.arange(1, len(slots) + 1, dtype=np.int32)
    known = np.zeros((len(slots) + 1, table.shape[1]), dtype=np.float32)
    known[1:] = table
    return Likeness(
        tuple(header["categories"]),
        tuple(header["thresholds"]),
        rows,
        np.ascontiguousarray(known[:, 0]),
        np.ascontiguousarray(known[:, 1:]),
        np.array(header["bias"], dtype=np.float32),
        f"sha256:{hashlib.sha256(data).hexdigest()}",
    )


def checksum(slots: NDArray[np.uint32], table: NDArray[np.float16]) -> str:
    """Return the sum that the header holds of the arrays."""
    return hashlib.blake2b(slots.tobytes() + table.tobytes(), digest_size=8).hexdigest()
