"""Numbers spelt out in Chinese figures, one by one: 一三八〇 for 1380."""

from __future__ import annotations

import re

import numpy as np

from screening.text.normalise import Normalised

#: the figures for 0 to 9
_FIGURES = ("〇零", "一壹幺", "二贰两", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖")
#: all of them, for a class of characters
FIGURES = "".join(_FIGURES)
_DIGITS = {ord(char): str(n) for n, group in enumerate(_FIGURES) for char in group}
_IS_FIGURE = np.zeros(0xFFFF + 1, dtype=np.bool_)
_IS_FIGURE[list(_DIGITS)] = True
_FIGURE = rf"[\d{FIGURES}]"
#: with fewer than seven it is a year, or a number of things
_RUN = rf"{_FIGURE}(?:[ .\-_]{{0,2}}{_FIGURE}){{6,}}"
#: figures this near each other make it worth while to look for such a number
_CROWD, _CROWD_WIDTH = 4, 12


def in_digits(normalised: Normalised) -> str:
    """Return the normalised text with numbers that are spelt out in digits, at the same places."""
    found = np.flatnonzero(_IS_FIGURE[np.minimum(normalised.codes, 0xFFFF)])
    if not (found[_CROWD - 1 :] - found[: 1 - _CROWD] < _CROWD_WIDTH).any():
        return normalised.text
    return re.sub(_RUN, lambda run: run[0].translate(_DIGITS), normalised.text)
