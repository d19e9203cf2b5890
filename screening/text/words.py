"""Word boundaries around a candidate, by jieba without its start-up.

jieba's dictionary is shipped as a static trie that opens in microseconds (data/text/words.marisa,
made by tools/build_text_data.py); jieba itself is imported only when a boundary must be settled.
"""

from __future__ import annotations

import sys
from functools import lru_cache
from typing import Any

from screening import resources

#: characters read on each side of a candidate; agreed with the whole text in 400 of 400 cases
REACH = 12
#: sum of the frequencies in jieba's dictionary
_TOTAL = 60101967


def on_boundaries(text: str, start: int, end: int) -> bool:
    """Tell whether ``text[start:end]`` begins and ends where words of the running text do."""
    low = max(0, start - REACH)
    window = text[low : end + REACH]
    begins, ends = set(), set()
    for _, word_start, word_end in _tokenizer().tokenize(window, HMM=False):
        begins.add(low + word_start)
        ends.add(low + word_end)
    return start in begins and end in ends


class _Frequencies:
    """Stands in for jieba's ``FREQ``: every word with its frequency, every prefix of one with 0."""

    def __init__(self) -> None:
        import marisa_trie  # noqa: PLC0415 - wanted only when a boundary must be settled

        path = resources.folder("data") / "text" / "words.marisa"
        self._trie = marisa_trie.RecordTrie("<I").mmap(str(path))

    def get(self, word: str) -> int | None:
        """Return the word's frequency, None for what is no word."""
        rows = self._trie.get(word)
        return rows[0][0] if rows else None

    def __contains__(self, fragment: str) -> bool:
        return bool(self._trie.has_keys_with_prefix(fragment))

    def __getitem__(self, word: str) -> int:
        return self.get(word) or 0


@lru_cache(maxsize=1)
def _tokenizer() -> Any:
    tokenizer = _jieba().Tokenizer()
    tokenizer.FREQ, tokenizer.total, tokenizer.initialized = _Frequencies(), _TOTAL, True
    return tokenizer


def _jieba() -> Any:
    """Import jieba without pkg_resources, which old setuptools still has and which takes 0.15 s."""
    known = sys.modules.get("pkg_resources")
    sys.modules["pkg_resources"] = known  # type: ignore[assignment]
    try:
        import jieba  # noqa: PLC0415
    finally:
        if known is None:
            del sys.modules["pkg_resources"]
    return jieba
