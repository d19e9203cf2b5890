r"""Normalisation with an offset map, in one vectorised pass.

Width and compatibility forms, case, traditional characters, circled and styled letters and digits
become plain; zero-width, bidi, soft-hyphen, control and combining characters vanish; every kind of
space becomes " ", every kind of line end "\n". The table is data/text/folding.txt.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from screening import resources

Codes = NDArray[np.uint32]
Offsets = NDArray[np.int64]

_CODE_POINTS = 0x110000
_CODE = np.uint32(0x1FFFFF)
_REMOVED = np.uint32(1 << 31)
_EXPANDS = np.uint32(1 << 30)
_SEPARATOR = np.uint32(1 << 29)
_LINE_ENDS = "\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"
_NEWLINE = np.uint32(ord("\n"))


class _Folding(NamedTuple):
    """``table[code]`` is the plain code with flags; ``expansions`` holds the longer ones."""

    table: Codes
    expansions: dict[int, str]


class Normalised(Struct, frozen=True):
    """A field's text as rules see it.

    ``codes[i]`` is the code point of normalised character ``i``, ``offsets[i]`` where it stood.
    ``separators[i]`` is True where character ``i`` is punctuation, a symbol or a space that a term
    may be broken by (sentence ends and line breaks are not).
    """

    original: str
    text: str
    codes: Codes
    offsets: Offsets
    separators: NDArray[np.bool_]
    has_invisible: bool

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Map normalised ``[start, end)``, not empty, to the original text."""
        return int(self.offsets[start]), int(self.offsets[end - 1]) + 1


class Squeezed(Struct, frozen=True):
    """Normalised text without separators; ``positions[i]`` is where character ``i`` stood."""

    text: str
    positions: Offsets


def normalise(text: str) -> Normalised:
    """Normalise ``text``; any string is accepted, lone surrogates and nulls included."""
    folding = _folding()
    mapped = folding.table.take(codes_of(text), mode="clip")
    offsets = np.arange(len(text), dtype=np.int64)
    removed = (mapped & _REMOVED) != 0
    has_invisible = bool(removed.any())
    if has_invisible:
        mapped, offsets = mapped[~removed], offsets[~removed]
    if ((mapped & _EXPANDS) != 0).any():
        mapped, offsets = _expanded(mapped, offsets, folding)
    separators = (mapped & _SEPARATOR) != 0
    codes = mapped & _CODE
    return Normalised(text, text_from(codes), codes, offsets, separators, has_invisible)


def squeeze(normalised: Normalised) -> Squeezed:
    """Leave out what may stand between a term's characters; sentence ends stay."""
    positions = np.flatnonzero(~normalised.separators & (normalised.codes != _NEWLINE))
    return Squeezed(text_from(normalised.codes[positions]), positions)


def fold(text: str) -> str:
    """Return ``text`` normalised, without a map."""
    return normalise(text).text


def squeezed_key(term: str) -> str:
    """Return the form in which ``term`` is looked for in squeezed text."""
    return squeeze(normalise(term)).text


def squeezed_keys(terms: Sequence[str]) -> list[str]:
    """Return :func:`squeezed_key` of each term, all in one pass."""
    whole = normalise("".join(terms))
    squeezed = squeeze(whole)
    stood = whole.offsets[squeezed.positions]
    ends = np.cumsum([0, *map(len, terms)])
    cuts = np.searchsorted(stood, ends).tolist()
    return [squeezed.text[low:high] for low, high in pairwise(cuts)]


def codes_of(text: str) -> Codes:
    """Return the code points of ``text``, one entry a character, lone surrogates included."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


def text_from(codes: Codes) -> str:
    """Return the text of code points: what :func:`codes_of` took apart."""
    return codes.tobytes().decode("utf-32-le", "surrogatepass")


def _expanded(mapped: Codes, offsets: Offsets, folding: _Folding) -> tuple[Codes, Offsets]:
    """Put several characters where one stands for them (㎏ → kg), all at its position."""
    flagged = np.flatnonzero((mapped & _EXPANDS) != 0)
    texts = [folding.expansions[int(mapped[index] & _CODE)] for index in flagged]
    more = [len(text) - 1 for text in texts]
    slots = np.repeat(flagged + 1, more)
    tails = folding.table[codes_of("".join(text[1:] for text in texts))]
    result = mapped.copy()
    result[flagged] = folding.table[codes_of("".join(text[0] for text in texts))]
    return np.insert(result, slots, tails), np.insert(offsets, slots, offsets[slots - 1])


@lru_cache(maxsize=1)
def _folding() -> _Folding:
    path = resources.folder("data") / "text" / "folding.txt"
    removed, separators, sources, targets, *rest = path.read_bytes().decode().split("\n")
    table = np.arange(_CODE_POINTS, dtype=np.uint32)
    table[codes_of(_LINE_ENDS)] = _NEWLINE
    table[codes_of(separators + " ")] |= _SEPARATOR
    table[codes_of(sources)] = table[codes_of(targets)]
    table[ord("\t")] = table[ord(" ")]
    table[[int(code, 16) for code in removed.split(" ")]] = _REMOVED
    expansions = {int(code, 16): text for code, text in (line.split("\t") for line in rest)}
    codes = np.fromiter(expansions, dtype=np.uint32)
    table[codes] = codes | _EXPANDS
    return _Folding(table, expansions)
