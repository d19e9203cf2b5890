"""Whether a post is meant to amuse, which is out of place on a day of mourning."""

from __future__ import annotations

from functools import cache
from typing import Any

from screening import resources
from screening.text.normalise import fold


def is_light(title: str, text: str) -> bool:
    """Tell whether a post is light-hearted: one word of it in the title, or two in the text.

    Both are normalised.
    """
    words = _light_words()
    return any(word in title for word in words) or sum(word in text for word in words) >= 2


@cache
def _light_words() -> tuple[str, ...]:
    table: dict[str, Any] = resources.load_toml(resources.folder("data") / "batch" / "solemn.toml")
    return tuple(map(fold, table["light"]["words"]))
