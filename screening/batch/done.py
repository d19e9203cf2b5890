"""What a worker hands back of a post, and what stands of it between two runs: one line of JSON."""

from __future__ import annotations

import json
from typing import Any

import msgspec
from msgspec import Raw, Struct

from screening.batch.post import Refusal
from screening.document import SURROGATE
from screening.finding import Basis, Category, Failure, Severity, Target, Verdict

_NOTHING = Raw(b"null")


class Done(Struct, omit_defaults=True):
    """A post that was screened, or ``unscreened`` and why.

    ``screening`` is its document (see :func:`~screening.document.to_document`), ``text`` the part
    of it that only a ticket needs. ``account`` is the id of the account, ``unknown`` tells that it
    is not registered. ``masked`` are the row's own cells, "title" and "text", where something in
    them was masked. ``ticket`` is its number once filed, ``unfiled`` why it could not be.
    """

    number: int
    unscreened: Refusal | None = None
    account: str = ""
    unknown: bool = False
    to: Target | None = None
    light: bool = False
    sketch: bytes = b""
    masked: dict[str, str] = {}
    screening: Raw = _NOTHING
    text: Raw = _NOTHING
    ticket: str = ""
    unfiled: Refusal | None = None


class Found(Struct):
    """One finding as the workbook shows it."""

    severity: Severity
    category: Category
    location: str
    text: str
    message: str
    advice: str
    rule: str
    basis: tuple[Basis, ...]


class Coverage(Struct):
    """What was not screened of a draft."""

    complete: bool
    unscreened: tuple[Gap, ...] = ()


class Gap(Struct):
    """One part that nobody looked at."""

    what: str
    why: str


class Way(Struct):
    """Who must approve, in order."""

    steps: tuple[Target, ...]


class Head(Struct):
    """The title of a draft, personal numbers masked."""

    title: str


class Screened(Struct):
    """A document of a screening, as far as lists and the workbook show it."""

    verdict: Verdict
    route: Way
    draft: Head
    coverage: Coverage
    findings: tuple[Found, ...] = ()
    failures: tuple[Failure, ...] = ()


class Parts(Struct):
    """A document of a screening in its parts, each left as it was written."""

    verdict: Raw
    route: Raw
    draft: Raw
    coverage: Raw
    findings: Raw
    failures: Raw
    versions: Raw


DONE = msgspec.json.Decoder(Done)
SCREENED = msgspec.json.Decoder(Screened)
PARTS = msgspec.json.Decoder(Parts)


def encoded(value: Any) -> bytes:
    """Return ``value`` as one line of JSON; what no encoding can write becomes U+FFFD."""
    try:
        return msgspec.json.encode(value)
    except UnicodeEncodeError:
        written = json.dumps(msgspec.to_builtins(value), ensure_ascii=False, separators=(",", ":"))
        return SURROGATE.sub("\ufffd", written).encode()
