"""Hides long numbers where nobody can tell what they are: file names, names of people, errors."""

from __future__ import annotations

import re

#: eleven or more digits in one piece: mobile, identity and card numbers, but no date
_LONG = re.compile(r"\d{11,}[xX]?")
_SHOWN = 3


def conceal(text: str) -> str:
    """Return ``text`` with the middle of every long number as stars, at the same length."""
    return _LONG.sub(lambda number: _starred(number[0]), text)


def _starred(number: str) -> str:
    return number[:_SHOWN] + "*" * (len(number) - _SHOWN)
