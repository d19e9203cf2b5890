"""Every word that any rule looks for, found in one pass over a text.

A word is known by its first three characters: of two thousand places in an article some fifty begin
with those of a longer word. Arrays find these places, and all words of one and two characters, at
once; a word of three or more is then compared with the text. There is nothing to build: what the
search reads is kept with the compiled rules. pyahocorasick, which reads every byte and follows
pointers all over its memory, takes more than twice as long (docs/decisions/0012-speed.md).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from functools import reduce
from operator import and_, attrgetter, or_
from typing import NamedTuple

import numpy as np

from screening.arrays import listed
from screening.stages.lexicon.field import FieldText
from screening.stages.lexicon.patterns import Window, open_windows
from screening.stages.lexicon.vocabulary import SPECIAL, Use, Words, prefix_codes, sieved
from screening.text.normalise import codes_of

_INVISIBLE = SPECIAL + "invisible"
#: "#digits" is announced by any run of five or more digits, "#digits11" by one of eleven or more
_DIGITS = re.compile(SPECIAL + r"digits(\d*)")


class Hit(NamedTuple):
    """The word ``key`` at ``[start, end)`` of the normalised text, ``at`` in the squeezed one."""

    key: str
    use: Use
    start: int
    end: int
    at: int

    @property
    def parted(self) -> bool:
        """Tell whether something stands between the word's characters."""
        return self.end - self.start > len(self.key)


class Occurrences(NamedTuple):
    """What one field holds.

    ``hits`` are of words that count as such, in order of their ends, of those that end together the
    longest first. ``windows`` are where each pattern, by number, must be searched.
    """

    hits: Sequence[Hit]
    windows: Mapping[int, Sequence[Window]]


class WordIndex:
    """Finds all of ``words`` in one pass over a field.

    Rules that need several groups of words have a bit each, all other rules share the lowest one.
    What a word is to its rules is one number: those bits, once for every group, side by side.
    """

    def __init__(self, words: Words) -> None:
        self._words = words
        self._parents = listed(words.parents)
        self._longest = max(map(len, words.keys), default=0)
        several = np.flatnonzero(words.needs > 1).tolist()
        self._bits = {rule: 1 << place for place, rule in enumerate(several, start=1)}
        self._needs = {rule: int(words.needs[rule]) for rule in several}
        self._groups = range(max(self._needs.values(), default=1))
        self._width = len(several) + 1
        #: what rules see without any word: the groups that they do not have
        self._spared = sum(
            bit << group * self._width
            for rule, bit in self._bits.items()
            for group in self._groups[self._needs[rule] :]
        )
        self._spared |= sum(1 << group * self._width for group in self._groups)
        self._seen: dict[int, int] = {}
        self._met: dict[int, tuple[str, tuple[Use, ...]]] = {}
        bounds = prefix_codes(codes_of(SPECIAL + chr(ord(SPECIAL) + 1)))[0]
        special = range(*np.searchsorted(words.prefixes, bounds).tolist())
        self._special = {number: words.keys[number] for number in special}

    def find(self, field: FieldText) -> Occurrences:
        """Return every allowed occurrence of every word in ``field``, and where to search."""
        found = self._found(field)
        special = [
            (number, bounds)
            for number, trigger in self._special.items()
            for bounds in _bounds(trigger, field)
        ]
        words = self._concerned({n for _, n in found}.union([n for n, _ in special]))
        hits: list[Hit] = []
        places = _Places()
        for at, number in found:
            if number in words:
                key, uses = words[number]
                start, end = field.unsqueeze(at, at + len(key))
                placed = field.is_placed(start, end, len(key))
                for use in uses:
                    if use.reach >= 0:
                        if placed or use.group:
                            places.add(use, start, end)
                    elif placed:
                        hits.append(Hit(key, use, start, end, at))
        for number, bounds in special:
            for use in words[number][1] if number in words else ():
                places.add(use, *bounds)
        hits.sort(key=attrgetter("end", "start"))
        return Occurrences(hits, places.windows(self._needs))

    def _concerned(self, present: set[int]) -> dict[int, tuple[str, list[Use]]]:
        """Return by number the words ``present`` that matter, with their uses that do.

        A use matters if its rule sees all the groups it needs. Most words of most texts fall away
        here, before anything is done for each of their occurrences.
        """
        for number in present - self._seen.keys():
            self._meet(number)
        seen, width = self._seen, self._width
        groups = reduce(or_, map(seen.__getitem__, present), self._spared)
        live = reduce(and_, (groups >> group * width for group in self._groups)) & (1 << width) - 1
        wanted = sum(live << group * width for group in self._groups)
        bits = self._bits
        concerned = {}
        for number in [number for number in present if seen[number] & wanted]:
            key, uses = self._met[number]
            concerned[number] = key, [use for use in uses if bits.get(use[0], 1) & live]
        return concerned

    def _meet(self, number: int) -> None:
        uses = self._words.uses_of(number)
        self._met[number] = self._words.keys[number], uses
        self._seen[number] = reduce(
            or_, (self._bits.get(use.rule, 1) << use.group * self._width for use in uses)
        )

    def _found(self, field: FieldText) -> list[tuple[int, int]]:
        """Return where each occurrence of a word begins in the squeezed text, and its number."""
        words, size = self._words, len(field.codes)
        asked = np.concatenate(prefix_codes(field.codes))
        places = sieved(words.sieve, asked)
        asked = asked[places]
        first = words.prefixes.searchsorted(asked)
        known = words.prefixes[np.minimum(first, len(words.prefixes) - 1)] == asked
        places, first = places[known], first[known]
        short = int(places.searchsorted(2 * size - 1))
        begins = (places - size * (places >= size))[:short]
        found = list(zip(begins.tolist(), first[:short].tolist(), strict=True))
        last = words.prefixes.searchsorted(asked[known][short:], "right")
        begins = places[short:] - (2 * size - 1)
        text, keys, parents = field.squeezed.text, words.keys, self._parents
        rows = zip(begins.tolist(), first[short:].tolist(), last.tolist(), strict=True)
        for begin, low, high in rows:
            # the last word that does not come after the text here begins with all that stand here
            number = high - 1
            if number > low:
                here = text[begin : begin + self._longest]
                number = bisect_right(keys, here, low, high) - 1
            while number >= low:
                if text.startswith(keys[number], begin):
                    found.append((begin, number))
                number = parents[number]
        return found


class _Places(dict[int, dict[int, list[Window]]]):
    """What each pattern is concerned with, by number and group of words."""

    def add(self, use: Use, start: int, end: int) -> None:
        """Note a word of a pattern at ``[start, end)``."""
        rule, group, _, reach = use
        window = (start - reach if start > reach else 0, end + reach)
        self.setdefault(rule, {}).setdefault(group, []).append(window)

    def windows(self, needs: Mapping[int, int]) -> dict[int, list[Window]]:
        """Return by number where patterns are searched; ``needs`` is how many groups they have."""
        return {
            rule: windows
            for rule, groups in self.items()
            if len(groups) >= needs.get(rule, 1)
            and (windows := open_windows(groups[0], [groups[group] for group in groups if group]))
        }


def _bounds(trigger: str, field: FieldText) -> Iterator[tuple[int, int]]:
    """Yield the bounds of what the special ``trigger`` stands for."""
    if trigger == _INVISIBLE and field.normalised.has_invisible:
        yield 0, len(field.normalised.original)
    if asked := _DIGITS.fullmatch(trigger):
        least = int(asked[1] or 0)
        yield from (bounds for bounds, digits in field.digit_runs if digits >= least)
