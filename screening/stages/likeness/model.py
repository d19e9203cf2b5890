"""The trained model: for each n-gram how rare it is and how much it speaks for an offence.

The file holds, one after the other, a header as JSON with a line break, a bit for each slot whether
n-grams of it were learnt, and a row of small integers for each that was, its rarity first; the
header says what an integer of each column is worth. A checksum tells damage.
"""

from __future__ import annotations

import hashlib
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

_FORMAT = 5
#: the integer that the greatest weight of a column becomes
_LARGEST = 127
#: how many bits each byte has
_ONES = np.array([number.bit_count() for number in range(256)])
FILE = "likeness.model"

Table = NDArray[np.float32]
Bits = NDArray[np.uint8]


class Likeness(Struct, frozen=True):
    """Two linear models over the same n-grams: is it an offence, and if so of which category.

    ``learnt`` has a bit for each slot, ``ranks[i]`` is how many slots below 8 * i were learnt, and
    ``table[r]`` is what was learnt of the r-th: rarity (idf), weight for an offence, then for each
    of ``categories``, in units of ``worth``. ``bias`` belongs to all columns but the first. From
    the chance ``offence`` on a sentence is told; below ``innocent`` it speaks against what rules
    say of it.
    """

    categories: tuple[str, ...]
    offence: float
    innocent: float
    learnt: Bits
    ranks: NDArray[np.int64]
    table: NDArray[np.int8]
    worth: NDArray[np.float32]
    bias: NDArray[np.float32]
    digest: str = ""

    def margins(self, sentences: Sentences) -> Table:
        """Return what speaks for an offence, and for each category: (sentences, 1 + categories).

        An n-gram counts its rarity, each time it stands there; a sentence has length 1.
        """
        if not len(sentences.bounds):
            return np.zeros((0, 1 + len(self.categories)), dtype=np.float32)
        rows = self.rows(sentences.slots)
        rarity, weights = rows[:, 0], rows[:, 1:]
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
        speaks = self.rows(sentences.slots[low:high])[:, 1]
        ranked = np.argsort(-speaks, kind="stable")
        told = (speaks[ranked] > 0) & (sentences.order[low:high][ranked] > 1)
        found: NDArray[np.int64] = low + ranked[told]
        return found

    def rows(self, slots: NDArray[np.int64]) -> Table:
        """Return rarity and weights of n-grams, a row each; zeros for what was never learnt."""
        byte, bit = slots >> 3, slots & 7
        bits = self.learnt[byte]
        below = _ONES[bits & ((1 << bit) - 1).astype(np.uint8)]
        rank = np.minimum(self.ranks[byte] + below, len(self.table) - 1)
        rows = self.table[rank] * self.worth
        rows[(bits >> bit & 1) == 0] = 0
        return np.asarray(rows, dtype=np.float32)


def chance(margins: Table) -> Table:
    """Return the probabilities of margins."""
    return np.asarray(1 / (1 + np.exp(-margins)), dtype=np.float32)


def dump(header: dict[str, Any], slots: NDArray[np.int64], weights: NDArray[np.float64]) -> bytes:
    """Return a model file; ``weights`` has a row for each slot (ascending), its rarity first."""
    learnt = np.zeros(1 << BITS, dtype=np.uint8)
    learnt[slots] = 1
    worth = np.abs(weights).max(axis=0) / _LARGEST
    body = np.packbits(learnt, bitorder="little").tobytes()
    body += np.round(weights / worth).astype(np.int8).tobytes()
    facts = {"format": _FORMAT, "bits": BITS, "sum": zlib.crc32(body), "worth": worth.tolist()}
    digest = hashlib.sha256(json.dumps(header | facts, sort_keys=True).encode() + body)
    facts["digest"] = f"sha256:{digest.hexdigest()}"
    encoded = json.dumps(header | facts, sort_keys=True).encode()
    return b"\n".join((encoded, body))


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
        return parse(data)
    except (ValueError, KeyError, TypeError) as error:
        raise ModelError("M002", where=str(path)) from error


def parse(data: bytes) -> Likeness:
    """Make the model of a file's content; ValueError, KeyError or TypeError where it is damaged."""
    encoded, _, rest = data.partition(b"\n")
    header, body = json.loads(encoded), memoryview(rest)
    if (header["format"], header["bits"]) != (_FORMAT, BITS) or header["sum"] != zlib.crc32(body):
        raise ValueError("another version")
    learnt = np.frombuffer(body[: 1 << BITS - 3], dtype=np.uint8)
    ones = _ONES[learnt]
    table = np.frombuffer(body[len(learnt) :], dtype=np.int8)
    return Likeness(
        tuple(header["categories"]),
        float(header["offence"]),
        float(header["innocent"]),
        learnt,
        np.cumsum(ones) - ones,
        table.reshape(-1, 2 + len(header["categories"])),
        np.array(header["worth"], dtype=np.float32),
        np.array(header["bias"], dtype=np.float32),
        header["digest"],
    )
