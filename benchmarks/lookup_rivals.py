"""What a user would have instead of the index: MinHash with locality-sensitive hashing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Protocol

from datasketch import MinHash, MinHashLSH
from rensa import RMinHash, RMinHashLSH

GRAM = 8
PERMUTATIONS = 128


class Rival(Protocol):
    """A tool built with some works; ``query`` returns the numbers of works like a text."""

    name: str
    count: int

    def query(self, text: str) -> set[int]:
        """Return the numbers of the works that ``text`` is like."""
        ...


def shingles(text: str) -> list[str]:
    """Return the distinct character 8-grams of ``text``."""
    return list({text[place : place + GRAM] for place in range(len(text) - GRAM + 1)})


class Datasketch:
    """datasketch.MinHashLSH."""

    def __init__(self, texts: Sequence[str], threshold: float) -> None:
        self.name = f"datasketch {threshold}"
        self.count = len(texts)
        self._lsh = MinHashLSH(threshold=threshold, num_perm=PERMUTATIONS)
        for number, text in enumerate(texts):
            self._lsh.insert(number, self._digest(text))

    def _digest(self, text: str) -> MinHash:
        digest = MinHash(num_perm=PERMUTATIONS)
        digest.update_batch([gram.encode() for gram in shingles(text)])
        return digest

    def query(self, text: str) -> set[int]:
        """Return the numbers of the works that ``text`` is like."""
        return set(self._lsh.query(self._digest(text)))


class Rensa:
    """rensa.RMinHashLSH, with as many bands as datasketch takes for the threshold."""

    _BANDS: ClassVar[dict[float, int]] = {0.5: 32, 0.2: 64}

    def __init__(self, texts: Sequence[str], threshold: float) -> None:
        self.name = f"rensa {threshold}"
        self.count = len(texts)
        self._lsh = RMinHashLSH(threshold, PERMUTATIONS, self._BANDS[threshold])
        for number, text in enumerate(texts):
            self._lsh.insert(number, self._digest(text))

    def _digest(self, text: str) -> RMinHash:
        digest = RMinHash(PERMUTATIONS, 1)
        digest.update(shingles(text))
        return digest

    def query(self, text: str) -> set[int]:
        """Return the numbers of the works that ``text`` is like."""
        return set(self._lsh.query(self._digest(text)))
