"""Sentences of normalised text: where a co-occurrence or an excuse reaches to."""

from __future__ import annotations

import re
from bisect import bisect_right

from msgspec import Struct

_END = re.compile(r"[。!?;\n]+")


class Sentences(Struct, frozen=True):
    """Sentence ``i`` of a text is ``[starts[i], starts[i + 1])``; the last runs to the end."""

    starts: tuple[int, ...]
    length: int

    def at(self, position: int) -> tuple[int, int]:
        """Return the bounds of the sentence that holds ``position``."""
        index = bisect_right(self.starts, position) - 1
        end = self.starts[index + 1] if index + 1 < len(self.starts) else self.length
        return self.starts[index], end


def split_sentences(text: str) -> Sentences:
    """Find the sentences of normalised ``text``; line breaks end one too."""
    return Sentences((0, *(match.end() for match in _END.finditer(text))), len(text))
