"""Which column is which: the heading row, under whatever title stands above it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from msgspec import Struct

from screening import resources
from screening.text.normalise import fold

#: rows from the top within which the headings must stand
DEEPEST = 12
#: characters of a cell that may yet be a heading
_LONGEST = 30
_NOISE = re.compile(r"\(.*?\)|【.*?】|\[.*?\]|[\s*:_/、,.·-]+")
#: one of these says what to screen
_SUBSTANCE = frozenset(("title", "text", "file"))

#: columns that are not published
_IDLE = frozenset(("note", "other"))

Columns = dict[str, int]

_PERSONAL = re.compile(
    r"(?:身份|身分|证件|学籍?|考生?|工|职工|准考证|报名|卡|[账帐]|手机|电话|qq|微信|邮箱)(?:证|编)?[号户]"
    r"|身份证|准考证|护照|通行证|手机|电话|联系方式|银行卡|邮箱|住址"
)


class HeadingRow(Struct, frozen=True):
    """Row ``index`` as headings: ``columns`` is name → index of the column.

    ``known`` and ``unread`` are the cells that were recognised and those that were not, in order;
    of two columns with one name the second is not read.
    """

    index: int
    columns: Columns
    known: tuple[str, ...]
    unread: tuple[str, ...]

    @property
    def complete(self) -> bool:
        """Tell whether the row names what to screen, by more than one lone word."""
        return bool(self.columns.keys() & _SUBSTANCE) and (
            len(self.columns) > 1 or "text" in self.columns
        )


def personal_columns(headings: Sequence[str]) -> tuple[int, ...]:
    """Return the indices of the columns that, as their headings say, hold numbers of persons."""
    return tuple(
        index
        for index, heading in enumerate(map(_key, headings))
        if heading not in _whole() and _PERSONAL.search(heading)
    )


def name_of(heading: str) -> str | None:
    """Return which column a heading names, None for none that is known."""
    key = _key(heading)
    return _whole().get(key) or _compound(key)


def find_headings(rows: Sequence[Sequence[str]]) -> HeadingRow | None:
    """Return the likeliest heading row, None where no row can be one.

    The row with most known headings wins, one that names what to screen before any other.
    """
    found = [_read(index, row) for index, row in enumerate(rows[:DEEPEST])]
    return max(
        (item for item in found if len(item.known) + len(item.unread) > 1 or item.complete),
        key=lambda item: (item.complete, len(item.known), -item.index),
        default=None,
    )


def _read(index: int, row: Sequence[str]) -> HeadingRow:
    """Name the columns of a row: whole headings first, then those that are put together."""
    columns: Columns = {}
    for names in (_whole(), None):
        for place, cell in enumerate(row):
            name = names.get(_key(cell)) if names is not None else _compound(_key(cell))
            if name is not None and place not in columns.values():
                columns.setdefault(name, place)
    idle = {place for place, cell in enumerate(row) if _whole().get(_key(cell)) in _IDLE}
    read = idle.union(columns.values())
    short = [(place, cell.strip()) for place, cell in enumerate(row) if cell.strip()]
    return HeadingRow(
        index,
        columns,
        tuple(cell for place, cell in short if place in read),
        tuple(cell[:_LONGEST] for place, cell in short if place not in read),
    )


@cache
def _table() -> Mapping[str, Any]:
    return resources.load_toml(resources.folder("data") / "batch" / "headings.toml")


@cache
def _whole() -> dict[str, str]:
    return {_key(word): name for name, words in _table()["whole"].items() for word in words}


@cache
def _compounds() -> tuple[re.Pattern[str], Mapping[str, str]]:
    last = {_key(word): name for name, words in _table()["last"].items() for word in words}
    before, heads = (
        "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
        for words in (map(_key, _table()["before"]), last)
    )
    return re.compile(f"(?:{before})*({heads})"), last


def _compound(key: str) -> str | None:
    """Return the column of a heading that ends in a word for one, after words that may precede."""
    pattern, last = _compounds()
    match = pattern.fullmatch(key) if len(key) <= _LONGEST else None
    return last[match[1]] if match else None


def _key(heading: str) -> str:
    return _NOISE.sub("", fold(heading))
