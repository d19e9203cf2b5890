"""Every word that any rule looks for, in one automaton.

pyahocorasick searches a node's children one after the other, and a Chinese root has thousands of
them; over UTF-8 bytes read as Latin-1 there are at most 256. UTF-8 never matches misaligned.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import ahocorasick

from screening.errors import RulesError
from screening.stages.lexicon.field import FieldText
from screening.stages.lexicon.rules import AnyRule, CooccurrenceRule, PatternRule, TermRule
from screening.text.normalise import squeezed_key

Role = Literal["term", "trigger", "group"]

#: triggers with this prefix are no words; see patterns.py
SPECIAL = "#"


class Use(NamedTuple):
    """What a word means to one rule; ``group`` is the word's group in a co-occurrence."""

    rule: AnyRule
    role: Role
    group: int = 0


@dataclass(frozen=True, slots=True)
class Word:
    """A word in squeezed form, ``length`` characters long, and the rules that look for it."""

    key: str
    uses: tuple[Use, ...]

    @property
    def length(self) -> int:
        """Characters of the squeezed form."""
        return len(self.key)


class Hit(NamedTuple):
    """``word`` stands at ``[start, end)`` of the normalised text, ``at`` in the squeezed one."""

    word: Word
    start: int
    end: int
    at: int

    @property
    def parted(self) -> bool:
        """Tell whether something stands between the word's characters."""
        return self.end - self.start > self.word.length


class WordIndex:
    """Finds all words of a set of rules in one pass over a field."""

    def __init__(self, rules: tuple[AnyRule, ...]) -> None:
        uses: dict[str, list[Use]] = {}
        for text, use in _uses(rules):
            key = squeezed_key(text)
            if not any(map(str.isalnum, key)):
                problem = f"“{text}”除去标点后没有内容"
                raise RulesError("L002", rule=use.rule.id, problem=problem)
            uses.setdefault(key, []).append(use)
        self._words = [Word(key, tuple(dict.fromkeys(found))) for key, found in uses.items()]
        self._automaton = _automaton([word.key for word in self._words])

    def hits(self, field: FieldText) -> Iterator[Hit]:
        """Yield every allowed occurrence of every word, in order of its end."""
        if not self._words:
            return
        encoded = field.encoded.decode("latin-1")
        for last_byte, index in self._automaton.iter(encoded):
            word = self._words[index]
            end = int(field.characters[last_byte]) + 1
            at = end - word.length
            start, stop = field.unsqueeze(at, end)
            if not _cuts_ascii(field.text, start, stop) and (
                stop - start == word.length or field.gaps_allowed(start, stop)
            ):
                yield Hit(word, start, stop, at)


def _uses(rules: tuple[AnyRule, ...]) -> Iterator[tuple[str, Use]]:
    for rule in rules:
        if isinstance(rule, TermRule):
            yield from ((term, Use(rule, "term")) for term in rule.terms)
        elif isinstance(rule, PatternRule):
            words = (word for word in rule.triggers if not word.startswith(SPECIAL))
            yield from ((word, Use(rule, "trigger")) for word in words)
        elif isinstance(rule, CooccurrenceRule):
            for number, group in enumerate(rule.groups):
                yield from ((word, Use(rule, "group", number)) for word in group)


def _automaton(keys: list[str]) -> Any:
    automaton = ahocorasick.Automaton(ahocorasick.STORE_INTS)
    for index, key in enumerate(keys):
        automaton.add_word(key.encode("utf-8", "surrogatepass").decode("latin-1"), index)
    automaton.make_automaton()
    return automaton


def _cuts_ascii(text: str, start: int, end: int) -> bool:
    """Tell whether ``[start, end)`` cuts an ASCII word or a number in two."""
    return _same_run(text, start - 1, start) or _same_run(text, end - 1, end)


def _same_run(text: str, left: int, right: int) -> bool:
    if left < 0 or right >= len(text):
        return False
    pair = text[left] + text[right]
    return pair.isascii() and (pair.isalpha() or pair.isdigit())
