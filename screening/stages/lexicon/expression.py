"""Regular expressions that are parsed once: `regex` takes milliseconds to parse one of ours.

What it made of an expression can be kept (pickle does the same) and is turned into a pattern again
within microseconds, by the same version of `regex`.
"""

from __future__ import annotations

import copyreg
from functools import cache, cached_property
from typing import Any

import regex
from msgspec import Struct

#: what `regex` makes of an expression, in types that marshal holds
Parsed = tuple[Any, ...]


class Expression(Struct, frozen=True, dict=True):
    """One regular expression as its rule writes it; ``parsed`` is None until it is kept."""

    source: str
    flags: int = int(regex.VERSION1)
    parsed: Parsed | None = None

    @cached_property
    def pattern(self) -> regex.Pattern[str]:
        """The pattern to search with. Raises regex.error where the expression is wrong."""
        if self.parsed is None:
            return _compiled(self.source, self.flags)
        made: regex.Pattern[str] = _BUILD(*self.parsed)
        return made

    def kept(self) -> tuple[str, int, Parsed]:
        """Return the arguments that make this expression again, parsed."""
        return self.source, int(self.flags), _parsed(self.pattern)


def _parts(pattern: regex.Pattern[str]) -> Any:
    """Return the function and its arguments by which pickle would make ``pattern`` again."""
    return copyreg.dispatch_table[regex.Pattern](pattern)


_BUILD = _parts(regex.compile(""))[0]


def _parsed(pattern: regex.Pattern[str]) -> Parsed:
    _, parsed = _parts(pattern)
    return tuple(int(part) if isinstance(part, int) else part for part in parsed)


@cache
def _compiled(source: str, flags: int) -> regex.Pattern[str]:
    return regex.compile(source, flags)
