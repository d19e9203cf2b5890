"""What a credit says: who is named, for the text or for pictures, and which text it speaks for."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

#: the field of a credit that is only an address behind some words of the draft
LINKS = "links"


class CreditKind(StrEnum):
    """What a credit is for.

    A dateline (新华社北京3月5日电) names its agency but was copied along with the text;
    ``original`` claims the text as one's own (本文为原创).
    """

    TEXT = "text"
    PICTURE = "picture"
    DATELINE = "dateline"
    ORIGINAL = "original"


class Credit(Struct, frozen=True):
    """One credit line, or part of one, at ``[start, end)`` of its field's original text.

    ``sources`` are media, sites and accounts, ``authors`` people, as the draft writes them;
    a picture's are all in ``sources``. ``region`` is the text that the credit speaks for, in the
    same field; ``stands_alone`` tells that it is no part of a paragraph. A credit that names nobody
    (来源：网络, 侵删) is :attr:`empty`.
    """

    kind: CreditKind
    start: int
    end: int
    sources: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    region: tuple[int, int] = (0, 0)
    stands_alone: bool = False
    field: str = "body"

    @property
    def empty(self) -> bool:
        """True when it names neither source nor author nor address."""
        return not (self.sources or self.authors or self.links)

    def covers(self, field: str, start: int, end: int) -> bool:
        """Tell whether it speaks for ``[start, end)`` of ``field``.

        A credit outside the body (a byline, a footer) speaks for the whole draft.
        """
        if self.field != field:
            return self.field != "body"
        return self.region[0] < end and start < self.region[1]
