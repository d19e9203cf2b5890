"""What kind of character each code point is, looked up for a whole text at once."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from screening.text.normalise import Codes

#: bits of a class
DIGIT, LETTER, SENTENCE_END, PICTOGRAPH = np.uint8(1), np.uint8(2), np.uint8(4), np.uint8(8)

Classes = NDArray[np.uint8]

_CODE_POINTS = 0x110000
_SENTENCE_ENDS = "。!?;\n"
#: what sellers decorate with: bangs, arrows, stars, and the emoji planes
_PICTOGRAPHS = ((0x203C, 0x203C), (0x2757, 0x2757), (0x2B05, 0x2B50), (0x1F300, 0x1FAFF))


def classes_of(codes: Codes) -> Classes:
    """Return the class of each normalised code point."""
    return _table()[codes]


@cache
def _table() -> Classes:
    table = np.zeros(_CODE_POINTS, dtype=np.uint8)
    table[ord("0") : ord("9") + 1] = DIGIT
    table[ord("a") : ord("z") + 1] = LETTER
    table[[ord(end) for end in _SENTENCE_ENDS]] = SENTENCE_END
    for low, high in _PICTOGRAPHS:
        table[low : high + 1] = PICTOGRAPH
    return table
