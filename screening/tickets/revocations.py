"""Permits that were revoked after the release, as a signed list for whoever has no store at hand.

A permit that was signed stays genuine for ever; that it was revoked can be known only from the
store, or from a list that was made afterwards.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct

from screening.clock import local
from screening.errors import PermitError, StoreError
from screening.tickets.keys import Key
from screening.tickets.permit import Signed, parse
from screening.tickets.signing import (
    Statement,
    content_of,
    plain,
    read,
    signature_faults,
    signed_by,
)
from screening.tickets.store import Ledger
from screening.tickets.ticket import Event, Kind

SCHEMA = "screening-revocations/1"


class Revocation(Struct, frozen=True, forbid_unknown_fields=True):
    """One permit that does not hold any more: its ticket, :func:`fingerprint`, and since when."""

    ticket: str
    permit: str
    at: datetime


class Revocations(Struct, frozen=True, forbid_unknown_fields=True):
    """Every permit of a store that was revoked until ``issued``; times are aware.

    Reasons stay in the store: the list is handed to others.
    """

    issued: datetime
    revoked: tuple[Revocation, ...]


class SignedRevocations(Statement, frozen=True, forbid_unknown_fields=True):
    """A list as it is written."""

    revocations: dict[str, Any]

    def read(self) -> Revocations:
        """Return the list. Raises PermitError K007 where a value makes no sense."""
        return content_of(
            self.revocations,
            Revocations,
            lambda it: (it.issued, *(item.at for item in it.revoked)),
            "K007",
        )


def fingerprint(signed: Signed) -> str:
    """Return what names a permit: the digest of what was signed."""
    return f"sha256:{hashlib.sha256(signed.message).hexdigest()}"


def revocations(ledger: Ledger, key: Key, now: datetime) -> SignedRevocations:
    """Return the list of all permits that were revoked, read from the log itself, signed.

    Raises:
        PermitError: K003 or K004, the key cannot sign; K006, it was not made for this store.
        StoreError: T002, a record does not make sense.
    """
    numbers = [number for number, _ in ledger.payloads((Kind.REVOKED,))]
    revoked = tuple(_revocation(ledger, number) for number in numbers)
    draft = SignedRevocations(SCHEMA, key.id, "", plain(Revocations(now, revoked)))
    return signed_by(ledger.signing_key(key), draft)


def read_revocations(text: str | bytes, keys: Mapping[str, Key]) -> Revocations:
    """Read a list that one of ``keys`` signed.

    Raises:
        PermitError: K007, it is none, or was altered; K002, its key is not among ``keys``.
    """
    signed = read(text, SignedRevocations, SCHEMA, code="K007", what="作废名单")
    found = signed.read()
    for problem in signature_faults(signed, found.issued, keys, "作废名单"):
        raise PermitError("K007", problem=problem)
    return found


def listed(signed: Signed, known: Revocations) -> Iterator[str]:
    """Yield what a list says against a permit."""
    issued = signed.read().issued
    if known.issued < issued:
        yield f"作废名单是 {local(known.issued)} 的，比放行单早，请取一份新的"
    for item in known.revoked:
        if item.permit == fingerprint(signed):
            yield f"放行单已于 {local(item.at)} 作废"


def recorded(ledger: Ledger, signed: Signed) -> Iterator[str]:
    """Yield what the store says against a permit: that it was revoked, or never issued there.

    Raises:
        StoreError: T002, a record does not make sense.
    """
    try:
        events = ledger.entry(signed.read().ticket).events
    except StoreError as error:
        if error.code != "T001":
            raise
        events = ()
    if not any(_permit(event) == msgspec.to_builtins(signed) for event in events):
        yield "审批库里没有签发过这张放行单"
    for event in events:
        if event.kind is Kind.REVOKED:
            by = event.payload["by"]
            yield (
                f"放行单已于 {local(event.at)} 由{by['name']}（{by['office']}）作废："
                f"{event.payload['rationale'].rstrip('。')}"
            )


def _revocation(ledger: Ledger, number: str) -> Revocation:
    events = ledger.entry(number).events
    permits = [_permit(event) for event in events if event.kind is Kind.RELEASED]
    (at,) = (event.at for event in events if event.kind is Kind.REVOKED)
    return Revocation(number, fingerprint(parse(json.dumps(permits[-1]))), at)


def _permit(event: Event) -> Any:
    return event.payload.get("permit")
