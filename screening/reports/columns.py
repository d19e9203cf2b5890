"""Text in terminal columns: Chinese characters take two.

Ambiguous characters (“ ” … →) count two as well, as Chinese consoles draw them: a line never grows
wider than asked for.
"""

from __future__ import annotations

import re
import unicodedata

_TOKEN = re.compile(
    "[（《“‘【〔「『]{0,2}(?:[!-~]{1,24}|.)[，。、；：！？）》”’】〕」』…％]{0,3}", re.DOTALL
)
_NARROW = frozenset(("N", "Na", "H"))
_NO_WIDTH = frozenset(("Mn", "Me", "Cc"))


def width(text: str) -> int:
    """Return how many columns ``text`` takes, or fewer; control characters take none."""
    return len(text) if text.isascii() and text.isprintable() else sum(map(_character, text))


def _character(character: str) -> int:
    if unicodedata.category(character) in _NO_WIDTH:
        return 1 if character == "\ufe0f" else 0  # draws the symbol before it as a wide emoji
    return 1 if unicodedata.east_asian_width(character) in _NARROW else 2


def pad(text: str, columns: int) -> str:
    """Fill up with spaces to ``columns``."""
    return text + " " * (columns - width(text))


def clip(text: str, columns: int) -> str:
    """Cut to ``columns``; the last two are "…" where something was cut off."""
    if width(text) <= columns:
        return text
    kept, used = "", 2
    for character in text:
        used += _character(character)
        if used > columns:
            break
        kept += character
    return kept + "…"


def wrap(text: str, columns: int) -> list[str]:
    """Break into lines of at most ``columns`` (≥ 40): no line begins with closing punctuation."""
    lines, used = [""], 0
    for token in _TOKEN.findall(text):
        size = width(token)
        if used + size > columns or token == "\n":
            lines.append("")
            used = 0
        if used or not token.isspace():
            lines[-1] += token
            used += size
    return [line.rstrip(" ") for line in lines]
