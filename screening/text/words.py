"""Word boundaries around a candidate, by jieba without its start-up.

jieba's dictionary is shipped as a static trie that opens in microseconds (data/text/words.marisa,
made by tools/build_text_data.py); jieba itself is imported only when a boundary must be settled.
"""

from __future__ import annotations

import sys
from functools import lru_cache
from typing import Any

from screening import resources

#: characters read on each side of a candidate where its run of characters is longer than
#: :data:`LONGEST_RUN`; agreed with the whole text in 400 of 400 cases
REACH = 12
LONGEST_RUN = 40
#: sum of the frequencies in jieba's dictionary
_TOTAL = 60101967
#: characters of its longest word
_LONGEST = 16


def on_boundaries(text: str, start: int, end: int) -> bool:
    """Tell whether ``text[start:end]`` begins and ends where words do.

    Parts of a compound count as words (机密 in 机密文件), what straddles two words does not.
    """
    if not (_joins(text, start) or _joins(text, end)):
        return True
    words = _words_around(text, start, end)
    while True:
        begins, ends = {begin for begin, _ in words}, {stop for _, stop in words}
        if start in begins and end in ends:
            return True
        around = [(begin, stop) for begin, stop in words if begin <= start and end <= stop]
        if not around:
            return False
        words = _parts(text[slice(*around[0])], around[0][0])


def _joins(text: str, place: int) -> bool:
    """Tell whether letters or characters stand on both sides of ``place``."""
    return 0 < place < len(text) and text[place - 1].isalnum() and text[place].isalnum()


def stands_alone(text: str, start: int, end: int) -> bool:
    """Tell whether the character ``text[start:end]`` is cut off as a word of its own."""
    return (start, end) in _words_around(text, start, end)


Bounds = list[tuple[int, int]]


def _words_around(text: str, start: int, end: int) -> Bounds:
    """Return the bounds of the words of the run of characters that holds ``[start, end)``.

    Whatever is no letter, digit or character parts words, so a run is cut as it is in the whole
    text, and once for all candidates in it.
    """
    low, high = start, end
    least, most = max(0, start - LONGEST_RUN), min(len(text), end + LONGEST_RUN)
    while low > least and text[low - 1].isalnum():
        low -= 1
    while high < most and text[high].isalnum():
        high += 1
    if start - low == LONGEST_RUN:
        low = start - REACH
    if high - end == LONGEST_RUN:
        high = end + REACH
    return [(low + begin, low + stop) for begin, stop in words_in(text[low:high])]


@lru_cache(maxsize=1 << 12)
def words_in(text: str) -> tuple[tuple[int, int], ...]:
    """Return the bounds of the words of ``text``, one after the other, as jieba cuts them."""
    return tuple((begin, end) for _, begin, end in _tokenizer().tokenize(text, HMM=False))


def _parts(word: str, offset: int) -> Bounds:
    """Cut one word of the dictionary as if it were not in it."""
    tokenizer = _tokenizer()
    dag = tokenizer.get_DAG(word)
    dag[0] = [last for last in dag[0] if last < len(word) - 1] or [0]
    route: dict[int, tuple[float, int]] = {}
    tokenizer.calc(word, dag, route)
    bounds, begin = [], 0
    while begin < len(word):
        end = route[begin][1] + 1
        bounds.append((offset + begin, offset + end))
        begin = end
    return bounds


class _Frequencies:
    """Stands in for jieba's ``FREQ``: the words of its dictionary with their frequencies."""

    def __init__(self) -> None:
        import marisa_trie  # noqa: PLC0415 - wanted only when a boundary must be settled

        path = resources.folder("data") / "text" / "words.marisa"
        self._trie = marisa_trie.RecordTrie("<I").mmap(str(path))
        self.get = lru_cache(maxsize=1 << 15)(self._get)

    def _get(self, word: str) -> int | None:
        rows = self._trie.get(word)
        return rows[0][0] if rows else None

    def paths(self, sentence: str) -> dict[int, list[int]]:
        """For each position, the last positions of the words that begin there (jieba's DAG)."""
        return {
            begin: [
                begin + len(word) - 1
                for word in self._trie.prefixes(sentence[begin : begin + _LONGEST])
                if self.get(word)
            ]
            or [begin]
            for begin in range(len(sentence))
        }


def frequency(word: str) -> int:
    """Return how often jieba's dictionary counts ``word``, 0 where it has none; opens no jieba."""
    return _frequencies().get(word) or 0


@lru_cache(maxsize=1)
def _frequencies() -> _Frequencies:
    return _Frequencies()


@lru_cache(maxsize=1)
def _tokenizer() -> Any:
    tokenizer = _jieba().Tokenizer()
    frequencies = _frequencies()
    tokenizer.FREQ, tokenizer.get_DAG = frequencies, frequencies.paths
    tokenizer.total, tokenizer.initialized = _TOTAL, True
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
