"""What a user would pick instead to find copied passages: MinHash over windows, and difflib."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from difflib import SequenceMatcher
from typing import Any

from datasketch import MinHash, MinHashLSH
from plagdet import Place
from rensa import RMinHash, RMinHashLSH

#: windows of both texts, so many characters long and apart, of so many characters a shingle
_WINDOW, _STEP, _SHINGLE = 120, 40, 5
_PERMUTATIONS, _THRESHOLD, _BANDS = 128, 0.4, 32
#: difflib's blocks that count, and how far apart they are joined
_BLOCK, _GAP = 8, 40


def datasketch_windows(draft: str, work: str) -> list[Place]:
    """Detect windows whose MinHash signatures meet in datasketch's LSH; join what overlaps."""
    return _met(draft, work, MinHashLSH(threshold=_THRESHOLD, num_perm=_PERMUTATIONS), _sketch)


def rensa_windows(draft: str, work: str) -> list[Place]:
    """Detect windows whose signatures meet in rensa's LSH; join what overlaps."""
    index = RMinHashLSH(threshold=_THRESHOLD, num_perm=_PERMUTATIONS, num_bands=_BANDS)
    return _met(draft, work, index, _rensa)


def _met(draft: str, work: str, index: Any, signature: Callable[[set[str]], Any]) -> list[Place]:
    for start, shingles in _windows(work):
        index.insert(start, signature(shingles))
    found = [
        (start, start + _WINDOW, low, low + _WINDOW)
        for start, shingles in _windows(draft)
        for low in index.query(signature(shingles))
    ]
    return _within(_merged(found, 0), draft, work)


def difflib_blocks(draft: str, work: str) -> list[Place]:
    """Detect difflib's matching blocks of some length; join those near each other."""
    blocks = SequenceMatcher(None, draft, work, autojunk=False).get_matching_blocks()
    found = [(b.a, b.a + b.size, b.b, b.b + b.size) for b in blocks if b.size >= _BLOCK]
    return _merged(found, _GAP)


RIVALS: dict[str, Callable[[str, str], Sequence[Place]]] = {
    "datasketch MinHashLSH": datasketch_windows,
    "rensa RMinHashLSH": rensa_windows,
    "difflib": difflib_blocks,
}


def _windows(text: str) -> list[tuple[int, set[str]]]:
    return [
        (start, {text[i : i + _SHINGLE] for i in range(start, min(start + _WINDOW, len(text)))})
        for start in range(0, max(1, len(text) - _STEP), _STEP)
    ]


def _sketch(shingles: set[str]) -> MinHash:
    sketch = MinHash(num_perm=_PERMUTATIONS)
    sketch.update_batch([shingle.encode() for shingle in shingles])
    return sketch


def _rensa(shingles: set[str]) -> RMinHash:
    sketch = RMinHash(num_perm=_PERMUTATIONS, seed=42)
    sketch.update(list(shingles))
    return sketch


def _merged(found: Sequence[Place], gap: int) -> list[Place]:
    """Join places that overlap, or are within ``gap``, on both sides, until none does."""
    places = sorted(found)
    joined = True
    while joined:
        joined = False
        kept: list[Place] = []
        for place in places:
            for index, other in enumerate(kept):
                if all(
                    place[s] <= other[s + 1] + gap and other[s] <= place[s + 1] + gap
                    for s in (0, 2)
                ):
                    kept[index] = (
                        min(place[0], other[0]), max(place[1], other[1]),
                        min(place[2], other[2]), max(place[3], other[3]),
                    )  # fmt: skip
                    joined = True
                    break
            else:
                kept.append(place)
        places = kept
    return places


def _within(places: Sequence[Place], draft: str, work: str) -> list[Place]:
    return [(a, min(b, len(draft)), c, min(d, len(work))) for a, b, c, d in places]
