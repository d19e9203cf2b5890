"""Permits: what was approved, for which account and time, signed so that nobody can alter it.

Verifying needs a permit, the public key and the file: no store, no network.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct

from screening.clock import local
from screening.finding import Target
from screening.tickets.keys import Key
from screening.tickets.signing import (
    Statement,
    content_of,
    plain,
    read,
    signature_faults,
    signed_by,
)
from screening.tickets.status import Status
from screening.tickets.ticket import Kind, Ticket

SCHEMA = "screening-permit/1"


class Approval(Struct, frozen=True, forbid_unknown_fields=True):
    """One approval that the release rests on, as it stands on the form."""

    step: Target
    name: str
    office: str
    at: datetime


class Permit(Struct, frozen=True, forbid_unknown_fields=True):
    """What may be published, where and when; times are aware.

    ``digest`` is that of the draft's content, ``title`` has its personal numbers masked.
    ``planned`` is the time that was approved, None where none was stated. ``rules`` is the version
    of the lexicon by which the draft was screened. It holds from ``begins`` until ``ends``.
    """

    ticket: str
    revision: int
    digest: str
    title: str
    account: str
    account_name: str
    planned: datetime | None
    approvals: tuple[Approval, ...]
    releaser: str
    rules: str
    issued: datetime
    begins: datetime
    ends: datetime


class Signed(Statement, frozen=True, forbid_unknown_fields=True):
    """A permit as it is written."""

    permit: dict[str, Any]

    def read(self) -> Permit:
        """Return the permit. Raises PermitError K001 where a value makes no sense."""
        return content_of(self.permit, Permit, lambda it: (it.issued, it.begins, it.ends), "K001")


def permit_for(found: Ticket, account_name: str, releaser: str, now: datetime) -> Permit:
    """Return the permit for the newest revision of an approved ticket."""
    status, revision = found.status, found.revision
    begins = max(now, status.planned) if status.planned else now
    return Permit(
        ticket=found.number,
        revision=revision.ordinal,
        digest=revision.digest,
        title=revision.screening.draft.title,
        account=found.account,
        account_name=account_name,
        planned=status.planned,
        approvals=approvals_of(status),
        releaser=releaser,
        rules=revision.screening.versions.lexicon,
        issued=now,
        begins=begins,
        ends=status.until or now,
    )


def approvals_of(status: Status) -> tuple[Approval, ...]:
    """Return the approvals that hold, as a permit names them."""
    return tuple(
        Approval(Target(event.payload["step"]), **event.payload["by"], at=event.at)
        for event in status.approvals
        if event.kind is Kind.APPROVED
    )


def sign(permit: Permit, key: Key) -> Signed:
    """Sign a permit. Raises PermitError K003 and K004 where the private key cannot be used."""
    return signed_by(key, Signed(SCHEMA, key.id, "", plain(permit)))


def parse(text: str | bytes) -> Signed:
    """Read a permit that was written as JSON.

    Raises:
        PermitError: K001, it is none, or has anything that a permit does not have.
    """
    return read(text, Signed, SCHEMA, code="K001", what="放行单")


def faults(signed: Signed, keys: Mapping[str, Key]) -> list[str]:
    """Return what speaks against the permit itself, whatever is to be published.

    Raises:
        PermitError: K001, it cannot be read; K002, its key is not among ``keys``.
    """
    return signature_faults(signed, signed.read().issued, keys, "放行单")


def objections(
    permit: Permit,
    digest: str,
    now: datetime,
    *,
    account: str | None = None,
    planned: datetime | None = None,
) -> Iterable[str]:
    """Yield what speaks against publishing the content with ``digest`` at ``now``.

    ``account`` and ``planned`` are compared where they are stated.
    """
    if digest != permit.digest:
        yield "稿件与批准的内容不一致"
    if account is not None and account != permit.account:
        yield f"批准的是账号 {permit.account}，不是 {account}"
    if planned is not None and planned != permit.planned:
        yield "计划发布时间与批准的不一致"
    if now < permit.begins:
        yield f"还没到发布时间 {local(permit.begins)}"
    if now >= permit.ends:
        yield f"已过有效期 {local(permit.ends)}"
