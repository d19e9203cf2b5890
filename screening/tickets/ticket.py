"""Tickets, their revisions and the events of their log."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from screening.finding import Screening, Target, Verdict

if TYPE_CHECKING:
    from screening.tickets.status import Status

#: Who acts when the software itself does.
SOFTWARE = "screening"


class State(StrEnum):
    """Where a ticket stands."""

    SUBMITTED = "submitted"
    BLOCKED = "blocked"
    AWAITING_DEPARTMENT = "awaiting_department"
    AWAITING_PUBLICITY = "awaiting_publicity"
    APPROVED = "approved"
    RELEASED = "released"
    RETURNED = "returned"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    REVOKED = "revoked"

    @property
    def label(self) -> str:
        """The Chinese word that people see."""
        return {
            "submitted": "已提交",
            "blocked": "须修改",
            "awaiting_department": "待部门审批",
            "awaiting_publicity": "待宣传部审批",
            "approved": "已批准",
            "released": "已放行",
            "returned": "已退回",
            "rejected": "不予发布",
            "withdrawn": "已撤回",
            "expired": "批准过期",
            "revoked": "已作废",
        }[self]


class Kind(StrEnum):
    """What an event records."""

    SUBMITTED = "submitted"
    SCREENED = "screened"
    RESCREENED = "rescreened"
    DISMISSED = "dismissed"
    APPROVED = "approved"
    RETURNED = "returned"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    RELEASED = "released"
    REVOKED = "revoked"

    @property
    def label(self) -> str:
        """The Chinese word that people see."""
        return {
            "submitted": "提交",
            "screened": "审查",
            "rescreened": "重新审查",
            "dismissed": "准许保留",
            "approved": "批准",
            "returned": "退回",
            "rejected": "不予发布",
            "withdrawn": "撤回",
            "expired": "批准过期",
            "released": "放行",
            "revoked": "作废",
        }[self]


class Event(Struct, frozen=True):
    """One line of a ticket's log: ``at`` is aware, ``payload`` holds plain JSON values.

    ``actor`` is a person's id, the name of an editor that nobody proved, or :data:`SOFTWARE`.
    Every payload names the ``revision`` that it is about. Besides:

    - submitted: ``digest``, ``title``; ``editor`` (a name), ``department`` (an id or None),
      ``proven`` (whether ``actor`` is a person's id); ``planned`` (ISO time) where it was stated
    - screened, rescreened: ``verdict``, ``route``; ``blocks``, the passages that block; rescreened
      also ``fresh``, whether something new wants an answer
    - dismissed: ``passage``, ``finding``, ``rule``, ``reason``, ``until`` (ISO time)
    - approved, returned, rejected: ``step``, ``rationale``, ``answers``, ``by`` (name and office);
      approved also ``seen``, ``escalated``, and ``until`` (ISO time) where it is the last one
    - withdrawn, revoked: ``rationale``, ``by``
    - released: ``digest``, ``by``; ``permit``, the signed permit as it was written
    """

    ordinal: int
    ticket: str
    kind: Kind
    at: datetime
    actor: str
    payload: Mapping[str, Any]


class Summary(Struct, frozen=True):
    """A ticket as a list shows it. ``since`` is when it came to stand where it stands.

    ``editor`` opened the ticket; ``department`` is None where nobody knows whose the account is;
    ``route`` names who has the last word; ``events`` counts the lines of its log.
    """

    number: str
    account: str
    editor: str
    department: str | None
    created: datetime
    state: State
    route: Target
    verdict: Verdict
    title: str
    revisions: int
    events: int
    since: datetime


class Entry(Struct, frozen=True):
    """A ticket without the drafts themselves; ``status`` is derived from ``events``."""

    number: str
    account: str
    editor: str
    created: datetime
    events: tuple[Event, ...]
    status: Status

    @property
    def department(self) -> str | None:
        """The id of the department that decides first, None where nobody knows it yet."""
        return self.status.department


class Revision(Struct, frozen=True):
    """One version of a ticket's draft, counted from 1, with the digest of its content.

    ``screenings`` holds the first screening and those by later rules, in order.
    """

    ordinal: int
    digest: str
    screenings: tuple[Screening, ...]

    @property
    def screening(self) -> Screening:
        """The newest screening of this draft."""
        return self.screenings[-1]


class Ticket(Entry, frozen=True):
    """A ticket whole, with every revision in order."""

    revisions: tuple[Revision, ...]

    @property
    def revision(self) -> Revision:
        """The newest revision: the one that decisions are about."""
        return self.revisions[-1]
