"""The trained model: for each n-gram how rare it is and how much it speaks for an offence.

The file holds three arrays in numpy's own format, never a pickle: a JSON header as bytes, the
slots of the n-grams that were learnt (uint32), and a row of float16 for each, its rarity first.
A checksum in the header tells damage.
"""

from __future__ import annotations

import io
import json
import zlib
from pathlib import Path
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from screening import resources
from screening.errors import ModelError
from screening.stages.likeness.sentences import Sentences
from screening.text.grams import BITS

_FORMAT = 3
FILE = "likeness.model"

Table = NDArray[np.float32]


class Likeness(Struct, frozen=True):
    """Two linear models over the same n-grams: is it an offence, and if so of which category.

    ``rows[slot]`` is the row of an n-gram in ``table``: its rarity (idf), its weight for an
    offence, then for each of ``categories``; row 0 is for those that were never learnt. ``bias``
    belongs to all columns but the first. From the chance ``offence`` on a sentence is told; below
    ``innocent`` it speaks against what rules say of it.
    """

    categories: tuple[str, ...]
    offence: float
    innocent: float
    rows: NDArray[np.int32]
    table: NDArray[np.float16]
    bias: NDArray[np.float32]

    def margins(self, sentences: Sentences) -> Table:
        """Return what speaks for an offence, and for each category: (sentences, 1 + categories).

        An n-gram counts its rarity, each time it stands there; a sentence has length 1.
        """
        if not len(sentences.bounds):
            return np.zeros((0, 1 + len(self.categories)), dtype=np.float32)
        learnt = self._learnt(sentences.slots)
        rarity, weights = learnt[:, 0], learnt[:, 1:]
        length = np.sqrt(np.add.reduceat(rarity * rarity, sentences.begins))
        summed = np.add.reduceat(weights, sentences.begins)
        return np.asarray(summed / np.maximum(length, 1e-6)[:, None] + self.bias, dtype=np.float32)

    def telling(self, sentences: Sentences, sentence: int) -> NDArray[np.int64]:
        """Return which n-grams of a sentence speak for an offence, the strongest first.

        Those of a single token are left out: a lone character tells a reader nothing.
        """
        low = int(sentences.begins[sentence])
        following = sentences.begins[sentence + 1 : sentence + 2]
        high = int(following[0]) if len(following) else len(sentences.slots)
        speaks = self._learnt(sentences.slots[low:high])[:, 1]
        ranked = np.argsort(-speaks, kind="stable")
        told = (speaks[ranked] > 0) & (sentences.order[low:high][ranked] > 1)
        found: NDArray[np.int64] = low + ranked[told]
        return found

    def _learnt(self, slots: NDArray[np.int64]) -> Table:
        """Return rarity and weights of n-grams, a row each; the file's halves are widened here."""
        return self.table[self.rows[slots]].astype(np.float32)


def chance(margins: Table) -> Table:
    """Return the probabilities of margins."""
    return np.asarray(1 / (1 + np.exp(-margins)), dtype=np.float32)


def dump(header: dict[str, Any], slots: NDArray[np.uint32], table: NDArray[np.float16]) -> bytes:
    """Return a model file; ``table`` has a row for each slot, its rarity first."""
    encoded = json.dumps(
        header | {"format": _FORMAT, "bits": BITS, "sum": _checksum(slots, table)}, sort_keys=True
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
    if (header["format"], header["bits"]) != (_FORMAT, BITS) or header["sum"] != _checksum(
        slots, table
    ):
        raise ValueError("another version")
    rows = np.zeros(1 << BITS, dtype=np.int32)
    rows[slots] = np.arange(1, len(slots) + 1, dtype=np.int32)
    return Likeness(
        tuple(header["categories"]),
        float(header["offence"]),
        float(header["innocent"]),
        rows,
        np.concatenate([np.zeros_like(table[:1]), table]),
        np.array(header["bias"], dtype=np.float32),
    )


def _checksum(slots: NDArray[np.uint32], table: NDArray[np.float16]) -> int:
    """Return the sum that the header holds of the arrays."""
    return zlib.crc32(table.data, zlib.crc32(slots.data))
