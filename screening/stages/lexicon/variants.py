"""Names how a draft's spelling differs from a rule's."""

from __future__ import annotations

import unicodedata

from screening.text.normalise import fold


def variant(original: str, term: str, *, parted: bool) -> str:
    """Name the most telling difference between ``original`` and the folded ``term``.

    One of plain, separator, invisible, case, width, styled, traditional.
    """
    if original == term:
        return "plain"
    if parted:
        return "separator"
    names = {_variant_of(char) for char in original} - {"plain"}
    order = ("invisible", "styled", "traditional", "width", "case")
    return next((name for name in order if name in names), "plain")


def _variant_of(char: str) -> str:
    folded = fold(char)
    if folded == char:
        return "plain"
    if not folded:
        return "invisible"
    if char.lower() == folded:
        return "case"
    compatible = unicodedata.normalize("NFKC", char)
    if compatible.lower() == folded:
        return "width" if unicodedata.east_asian_width(char) == "F" else "styled"
    return "traditional" if compatible == char and folded > "\u2e7f" else "styled"
