"""What a schedule holds: rows as they came, and the posts that stand on them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import NamedTuple

from msgspec import Struct

from screening.errors import ScreeningError

Cell = str | int | float | bool | date | datetime | None


class Line(NamedTuple):
    """Row ``row`` (from 1) of a sheet as it came; ``cells`` is None where nobody can read them."""

    row: int
    cells: list[Cell] | None
    hidden: bool = False


class Sheet(Struct):
    """One sheet of a schedule; its rows are read as they are asked for."""

    name: str
    rows: Iterator[Line]
    hidden: bool = False


class Post(Struct, frozen=True, omit_defaults=True):
    """One post as planned. ``file`` is an absolute path; of ``text`` and ``file`` one is set.

    ``planned`` is local time; ``timed`` tells that an hour was named, not only a day.
    """

    number: int
    where: str
    title: str = ""
    text: str = ""
    file: str = ""
    account: str = ""
    department: str = ""
    editor: str = ""
    planned: datetime | None = None
    timed: bool = False


class Planned(Struct, frozen=True):
    """The part of a :class:`Post` that says where and when it is to appear."""

    number: int
    account: str = ""
    planned: datetime | None = None
    timed: bool = False
    file: str = ""


class Refusal(Struct, frozen=True):
    """Why a row holds no post that could be screened: a code of ours and the Chinese message."""

    code: str
    message: str

    @classmethod
    def of(cls, error: ScreeningError) -> Refusal:
        """Take code and message from an error."""
        return cls(error.code, str(error))


class Row(Struct, frozen=True, omit_defaults=True):
    """Row ``row`` (from 1) of ``sheet``: its cells as text, and its post or why it has none.

    ``personal`` are the columns whose heading says that they hold numbers of persons.
    ``remarks`` are what was odd but no hindrance: a hidden row, a date that makes no sense.
    """

    sheet: str
    row: int
    cells: tuple[str, ...]
    post: Post
    refusal: Refusal | None = None
    remarks: tuple[str, ...] = ()
    personal: tuple[int, ...] = ()


class Headings(Struct, frozen=True):
    """The heading row of a sheet as it came; ``unread`` are columns that nobody reads."""

    sheet: str
    cells: tuple[str, ...]
    unread: tuple[str, ...] = ()
