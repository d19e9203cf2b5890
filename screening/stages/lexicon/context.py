"""What lets a hit go: its rule's exceptions, and contexts that mention rather than do.

An excuse never holds beside a seller's contact when it says so: a warning in front does not cover
an offer behind it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache, cached_property
from itertools import chain
from typing import NamedTuple

import ahocorasick
from msgspec import Struct

from screening.stages.lexicon.field import FieldText
from screening.stages.lexicon.rules import AnyRule, Excuse, TermRule
from screening.text.expression import Expression
from screening.text.normalise import fold, squeezed_key

#: characters on each side of a hit in which a contact voids an excuse
_CONTACT_REACH = 40
#: longest quotation or title that is looked through for its opening mark
_QUOTE_REACH = 60
#: characters before a hit in which a word governs it, and what may stand between the two
_GOVERNING_REACH = 16
_LINKING = (
    "(?:参与|从事|进行|轻信|相信|接受|任何|一切|各种|各类|这类|此类|所谓|形式|的|、|和|或|及|以|将|把|被|"
    "自己|个人|本人|他人|名下|利用|通过|搞|去|在|校内|校园|网络|网上|互联网|出借|出租|出售|买卖|转借|转让|租借|[买卖租收借出])*$"
)
_MARKS = {"brackets": ("《〈", "》〉"), "quotes": ("“「『", "”」』")}


class Place(NamedTuple):
    """Normalised ``[start, end)`` of one field.

    For a word, ``key`` is its squeezed form, ``at`` its squeezed position and ``spelling`` how it
    is spelt there.
    """

    field: FieldText
    start: int
    end: int
    key: str = ""
    at: int = 0
    spelling: str = "plain"


class Excused(Struct, frozen=True):
    """Why a hit was let go: the excuse and the words that made it."""

    excuse: Excuse
    words: str


@cache
def written(rule: TermRule) -> dict[str, str]:
    """Return the rule's terms by their squeezed forms."""
    return dict(zip(map(squeezed_key, reversed(rule.terms)), reversed(rule.terms), strict=True))


@cache
def exceptions(rule: AnyRule) -> tuple[dict[str, tuple[tuple[int, str], ...]], tuple[str, ...]]:
    """Sort a rule's ``unless``: phrases by the term they hold (with offset), and words."""
    keys = tuple(written(rule)) if isinstance(rule, TermRule) else ()
    phrases: dict[str, list[tuple[int, str]]] = {}
    words = []
    for entry in rule.unless:
        phrase = squeezed_key(entry)
        inside = [key for key in keys if key in phrase]
        for key in inside:
            phrases.setdefault(key, []).extend(
                (offset, phrase)
                for offset in range(len(phrase) - len(key) + 1)
                if phrase.startswith(key, offset)
            )
        if not inside:
            words.append(fold(entry))
    return {key: tuple(found) for key, found in phrases.items()}, tuple(words)


def allowed(rule: AnyRule, place: Place) -> bool:
    """Tell whether one of the rule's own exceptions covers the hit: a longer phrase, or a word."""
    if not rule.unless:
        return False
    phrases, words = exceptions(rule)
    squeezed = place.field.squeezed.text
    for offset, phrase in phrases.get(place.key, ()):
        begin = place.at - offset
        if begin >= 0 and squeezed.startswith(phrase, begin):
            return True
    low, high = place.field.sentence(place.start, place.end)
    sentence = place.field.text[low:high]
    return any(word in sentence for word in words)


class Excuses:
    """The lexicon's excuses, their words folded, ready to be tried on hits."""

    def __init__(self, excuses: Iterable[Excuse], contact: Expression) -> None:
        self._excuses: dict[str, list[Excuse]] = {}
        for excuse in excuses:
            self._excuses.setdefault(excuse.name, []).append(excuse)
        self._contact = contact

    def find(self, rule: AnyRule, place: Place, fields: Mapping[str, FieldText]) -> Excused | None:
        """Return the first of the rule's excuses that holds at ``place``, or None."""
        said: dict[str, frozenset[str]] = {}
        for name in rule.excuses:
            for excuse in self._excuses[name]:
                words = self._words(excuse, place, fields, said)
                if governing := _governing(excuse, place):
                    return Excused(excuse, governing)
                if words and not (excuse.void_near_contact and self._contact_near(place)):
                    return Excused(excuse, words)
        return None

    def _words(
        self,
        excuse: Excuse,
        place: Place,
        fields: Mapping[str, FieldText],
        said: dict[str, frozenset[str]],
    ) -> str | None:
        """Return the words by which ``excuse`` holds; ``said`` keeps what was found in a text."""
        around = _around(excuse, place, fields)
        if around is None or not excuse.words:
            return around if excuse.scope in _MARKS else None
        if around not in said:
            said[around] = frozenset(word for _, word in self._automaton.iter(around))
        return next(filter(said[around].__contains__, excuse.words), None)

    @cached_property
    def _automaton(self) -> ahocorasick.Automaton:
        """All words of all excuses, found in one pass over a sentence."""
        automaton = ahocorasick.Automaton()
        for excuse in chain.from_iterable(self._excuses.values()):
            for word in excuse.words:
                automaton.add_word(word, word)
        automaton.make_automaton()
        return automaton

    def _contact_near(self, place: Place) -> bool:
        """Tell whether a contact stands near ``place`` in its own line: an offer names its own."""
        text = place.field.text
        end = text.find("\n", place.end)
        low = max(text.rfind("\n", 0, place.start) + 1, place.start - _CONTACT_REACH)
        high = min(len(text) if end < 0 else end, place.end + _CONTACT_REACH)
        return self._contact.pattern.search(text, low, high) is not None


def _governing(excuse: Excuse, place: Place) -> str | None:
    """Return the excuse's word that the hit is the object of: no offer begins so."""
    if not excuse.governing:
        return None
    before = place.field.text[max(0, place.start - _GOVERNING_REACH) : place.start]
    linking = re.search(_LINKING, before)
    verb = before[: linking.start()] if linking else before
    return next((word for word in excuse.governing if verb.endswith(word)), None)


def _around(excuse: Excuse, place: Place, fields: Mapping[str, FieldText]) -> str | None:
    """Return the text in which the words of ``excuse`` count, None where it cannot hold."""
    if excuse.scope == "document":
        return "\n".join(field.text for field in fields.values())
    if excuse.scope == "sentence":
        low, high = place.field.sentence(place.start, place.end)
        text = place.field.text
        return text[low : place.start] + "\n" + text[place.end : high]
    return _quoted(place, *_MARKS[excuse.scope])


def _quoted(place: Place, opening: str, closing: str) -> str | None:
    """Return the title or quotation that ``place`` stands in, with its marks, or None."""
    text = place.field.text
    low = max(0, place.start - _QUOTE_REACH, text.rfind("\n", 0, place.start) + 1)
    line_end = text.find("\n", place.end)
    high = min(place.end + _QUOTE_REACH, line_end if line_end >= 0 else len(text))
    begin = max(text.rfind(mark, low, place.start) for mark in opening)
    if begin < 0 or any(mark in text[begin : place.start] for mark in closing):
        return None
    ends = [found for mark in closing if (found := text.find(mark, place.end, high)) >= 0]
    if not ends or any(mark in text[place.end : min(ends)] for mark in opening):
        return None
    return text[begin : min(ends) + 1]
