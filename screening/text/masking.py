"""Masking: personal numbers never leave the pipeline as they were written."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict, replace

from screening.conceal import conceal
from screening.draft import Block, Draft, Span
from screening.text.figures import FIGURES
from screening.text.normalise import Normalised, fold

#: characters shown at the head and the tail of a masked number, by its length
_LONG, _LONG_SHOWN = 15, (8, 2)
_MIDDLE, _MIDDLE_SHOWN = 7, (3, 2)
_ADDRESS_SHOWN = 2
_FILLER = "*"
#: what parts one number from the next: line breaks, Chinese text and its punctuation, , ; : / |
_BETWEEN = re.compile(r"[\n\t,;:/|\u2e80-\u9fff，；：｜]+")
_LETTER = re.compile(rf"[^\W\d_{FIGURES}]")
_ADDRESS = re.compile(r"[^@＠]+(?=[@＠])")
#: letters and digits that a number needs to be one
_SHORTEST = 5
#: letters and digits of the longest number: a bank card's
_LONGEST = 19
#: characters of numbers and addresses: digits of any kind, Latin letters, what parts them
_NUMBERED = re.compile(rf"[\w@.\- ](?<![\u3400-\u9fff])|[{FIGURES}]")
_NUMBER_TAIL = re.compile(rf"(?:[\w@.\- ](?<![\u3400-\u9fff])|[{FIGURES}])+$")
_LONG_NUMBER = re.compile(r"\d(?:[ .\-_]{0,2}\d){6,}x?")


def mask(secret: str) -> str:
    """Return ``secret`` at the same length with its middle letters and digits as stars.

    Of an e-mail address it is the name that is hidden, not whose post office it is.

    >>> mask("11010519000101002X")
    '11010519********2X'
    """
    if name := _ADDRESS.match(secret):
        shown = min(_ADDRESS_SHOWN, len(name[0]) // 2)
        return name[0][:shown] + _FILLER * (len(name[0]) - shown) + secret[name.end() :]
    places = [index for index, char in enumerate(secret) if char.isalnum()]
    head, tail = (0, 0)
    if len(places) >= _LONG:
        head, tail = _LONG_SHOWN
    elif len(places) >= _MIDDLE:
        head, tail = _MIDDLE_SHOWN
    hidden = set(places[head : len(places) - tail])
    return "".join(_FILLER if index in hidden else char for index, char in enumerate(secret))


class Masker(Struct, frozen=True):
    """Replaces every known secret by its mask, wherever it turns up; lengths do not change."""

    pattern: re.Pattern[str] | None

    @classmethod
    def of(cls, secrets: Iterable[str]) -> Masker:
        """Make a masker for these strings; the longest wins where they overlap."""
        found = sorted({secret for secret in secrets if secret}, key=len, reverse=True)
        return cls(re.compile("|".join(map(_literal, found)), re.IGNORECASE) if found else None)

    def text(self, text: str) -> str:
        """Return ``text`` with every secret masked."""
        return self.pattern.sub(lambda hit: mask(hit[0]), text) if self.pattern else text

    def value(self, value: Any) -> Any:
        """Mask inside a value: strings, and tuples, lists, mappings and structs of them."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, tuple | list):
            return type(value)(self.value(item) for item in value)
        if isinstance(value, dict):
            return {key: self.value(item) for key, item in value.items()}
        if isinstance(value, Struct):
            return replace(value, **self.value(asdict(value)))
        return value

    def draft(self, draft: Draft) -> Draft:
        """Return a copy of ``draft`` that shows no secret in any field, link, name or path."""
        draft = replace(draft, path=draft.path and conceal(draft.path))
        if not self.pattern:
            return draft
        return replace(
            draft.with_fields({name: self.text(text) for name, text in draft.fields.items()}),
            path=draft.path and self.text(draft.path),
            blocks=tuple(self._block(block) for block in draft.blocks),
            links=tuple(
                replace(x, text=self.text(x.text), target=self.text(x.target)) for x in draft.links
            ),
            media=tuple(
                replace(x, name=self.text(x.name), alt=self.text(x.alt)) for x in draft.media
            ),
            unscreened=tuple(replace(x, what=self.text(x.what)) for x in draft.unscreened),
        )

    def _block(self, block: Block) -> Block:
        label = self.text(block.locator.label)
        return replace(block, locator=replace(block.locator, label=label))


def secrets_of(draft: Draft, spans: Iterable[Span]) -> set[str]:
    """Return the numbers in ``spans``: as written, normalised, and without what parts their digits.

    A span may hold more than numbers (a row of a list of names): Chinese text and line breaks
    part them, and what is too short to tell a person is let be. A span without any number in
    Latin letters and digits is secret as a whole, and so is one that holds a single number, however
    its digits are parted.
    """
    found: set[str] = set()
    for span in spans:
        text = draft.text(span)
        if _alnum(text) <= _LONGEST and not _LETTER.search(text.rstrip("xXｘＸ")):
            found.add(text)
            continue
        parts = [part.strip() for part in _BETWEEN.split(text)]
        found.update([part for part in parts if _alnum(part) >= _SHORTEST] or [text])
    found |= set(map(fold, found))
    return found | {"".join(char for char in text if char.isalnum()) for text in found}


def shortened(text: str, most: int) -> str:
    """Return ``text`` on one line in ``most`` characters; a number is left whole or left out."""
    text = " ".join(text.split())
    if len(text) <= most:
        return text
    kept = text[: most - 1]
    if _NUMBERED.match(text, most - 1) and (cut := _NUMBER_TAIL.search(kept)):
        kept = kept[: cut.start()]
    return kept + "…"


def _literal(secret: str) -> str:
    """Return a pattern for ``secret``, whatever white space parts it."""
    return r"\s+".join(map(re.escape, secret.split())) or re.escape(secret)


def _alnum(text: str) -> int:
    return sum(map(str.isalnum, text))


def long_numbers(fields: Iterable[Normalised]) -> set[str]:
    """Return every run of seven or more digits, for when no stage could tell which are personal."""
    found: set[str] = set()
    for field in fields:
        for match in _LONG_NUMBER.finditer(field.text):
            start, end = field.span(*match.span())
            found.add(field.original[start:end])
    return found
