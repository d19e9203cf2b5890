"""Regular expressions that are compiled when they are first used."""

from __future__ import annotations

import re


class Expression:
    """A regular expression; calling it returns it compiled.

    Most drafts need few of the many, and compiling them all would hold up every start.
    """

    __slots__ = ("_compiled", "source")

    def __init__(self, source: str) -> None:
        self.source = source
        self._compiled: re.Pattern[str] | None = None

    def __call__(self) -> re.Pattern[str]:
        """Return the compiled expression, the same one each time."""
        if self._compiled is None:
            self._compiled = re.compile(self.source)
        return self._compiled
