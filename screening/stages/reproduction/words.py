"""The words by which a changed name, place or sense is known, read from data/reproduction."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from itertools import groupby

from msgspec import Struct

from screening import resources

_SUFFIX = re.compile("[省市县区镇乡村旗州岛湾港路街]")
_HAN = re.compile("[\u4e00-\u9fff]+")
_LONGEST_PLACE = 7
#: characters around a word that decide whether it negates
_REACH = 6


class Words(Struct, frozen=True):
    """Surnames, offices, places and opposites; ``meaning`` finds words that turn a sentence."""

    surnames: frozenset[str]
    office: re.Pattern[str]
    role: re.Pattern[str]
    says: re.Pattern[str]
    places: Mapping[str, tuple[str, ...]]
    no_places: frozenset[str]
    running_on: frozenset[str]
    opposites: frozenset[tuple[str, str]]
    turner: re.Pattern[str]
    neutral: re.Pattern[str]
    negator: re.Pattern[str]
    sensational: tuple[str, ...]

    @classmethod
    @lru_cache(maxsize=1)
    def load(cls) -> Words:
        """Read the shipped table once."""
        path = resources.folder("data") / "reproduction" / "words.toml"
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        places = " ".join(table[key] for key in ("provinces", "cities", "countries")).split()
        pairs = [(one, other) for one, other in map(str.split, table["opposites"])]
        return cls(
            surnames=frozenset((*table["surnames"], *table["compound_surnames"])),
            office=_any(table["offices"]),
            role=_any([*table["offices"], *table["callings"]]),
            says=_any(table["says"]),
            places={char: tuple(group) for char, group in groupby(sorted(places), _first)},
            no_places=frozenset(table["no_places"].split()),
            running_on=frozenset(table["running_on"].split()),
            opposites=frozenset((*pairs, *((other, one) for one, other in pairs))),
            turner=_any([word for pair in pairs for word in pair]),
            neutral=_any(table["neutral"]),
            negator=_any(table["negators"]),
            sensational=tuple(table["sensational"]),
        )

    def negations(self, text: str, start: int, end: int) -> int:
        """Count the words of ``text`` that negate and share a character with ``[start, end)``."""
        low = max(0, start - _REACH)
        within = self.neutral.sub(lambda word: "　" * len(word[0]), text[low : end + _REACH])
        found = self.negator.finditer(within)
        return sum(1 for word in found if word.start() < end - low and word.end() > start - low)

    def is_surname(self, text: str, start: int) -> bool:
        """Tell whether a surname begins at ``start``."""
        return text[start] in self.surnames or text[start : start + 2] in self.surnames

    def turning(self, text: str, start: int, end: int) -> list[str]:
        """Return the words with an opposite that share a character with ``[start, end)``."""
        found = self.turner.finditer(text, max(0, start - _REACH), end + _REACH)
        return [word[0] for word in found if word.start() < end and word.end() > start]

    def are_opposite(self, one: str, other: str) -> bool:
        """Tell whether two words mean the opposite of each other."""
        return (one, other) in self.opposites

    def place_at(self, text: str, start: int, end: int) -> tuple[int, int] | None:
        """Return the place name of ``text`` that holds ``[start, end)``, with its 省 or 市."""
        for low in range(max(0, end - _LONGEST_PLACE), start + 1):
            for place in self.places.get(text[low], ()):
                high = low + len(place)
                if text.startswith(place, low):
                    high += bool(_SUFFIX.match(text, high))
                    if high >= end:
                        return low, high
        return None

    def ends_place(self, text: str, start: int, end: int) -> bool:
        """Tell whether ``text[start:end]`` with the next character is like the name of a place."""
        if not (2 <= end - start <= 3 and _SUFFIX.match(text, end)):
            return False
        if text[end - 1 : end + 1] in self.no_places or text[end : end + 2] in self.running_on:
            return False
        return _HAN.fullmatch(text, start, end) is not None


def _first(word: str) -> str:
    return word[0]


def _any(words: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted(words, key=len, reverse=True))))
