"""The desk: everything that can be done with tickets, for commands and pages alike."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from itertools import islice
from typing import Any

from screening.conceal import conceal
from screening.errors import UsageError
from screening.finding import Screening
from screening.tickets.store import Store
from screening.tickets.ticket import (
    SOFTWARE,
    Entry,
    Event,
    Kind,
    Revision,
    State,
    Ticket,
)

NAME_LIMIT = 100


class Desk:
    """Files screenings as tickets in ``store`` and finds them again.

    ``clock`` returns the present as an aware time in the school's zone: its year numbers tickets.
    Every method may raise StoreError: T002, the store is damaged.
    """

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._clock = clock

    def submit(
        self,
        screening: Screening,
        account: str,
        editor: str,
        number: str | None = None,
        department: str | None = None,
    ) -> Ticket:
        """File ``screening`` as a new ticket, or as a new revision of the ticket ``number``.

        A revision keeps the ticket's department. White space around names is dropped.

        Raises:
            UsageError: U002, a name is empty, too long or not printable, or the ticket ``number``
                belongs to another account.
            StoreError: T001, there is no ticket ``number``.
        """
        account, editor = _name("账号", account), _name("编辑姓名", editor)
        department = _name("部门", department) if department is not None else None
        now = self._clock()
        with self._store.writing() as ledger:
            events = drafts = 0
            if number is None:
                number = ledger.open(account, editor, department, now)
            else:
                entry = _same_account(ledger.entry(number), account)
                events, drafts = len(entry.events), entry.status.drafts
            revision = Revision(drafts + 1, screening.draft.digest, screening)
            ledger.add_revision(number, revision)
            happenings = _happenings(revision, editor)
            for ordinal, (kind, actor, payload) in enumerate(happenings, events + 1):
                ledger.add_event(Event(ordinal, number, kind, now, actor, payload))
            return ledger.ticket(number)

    def ticket(self, number: str) -> Ticket:
        """Return one ticket whole. Raises StoreError T001 for an unknown number."""
        with self._store.reading() as ledger:
            return ledger.ticket(number)

    def tickets(self, state: State | None = None, limit: int | None = None) -> tuple[Entry, ...]:
        """Return the newest ``limit`` tickets (all by default) that are in ``state`` (any)."""
        with self._store.reading() as ledger:
            entries = (item for item in ledger.entries() if state in (None, item.status.state))
            return tuple(islice(entries, limit))


def _same_account(entry: Entry, account: str) -> Entry:
    if entry.account != account:
        problem = f"审批单 {entry.number} 属于账号 {entry.account}，不属于 {account}"
        raise UsageError("U002", problem=problem)
    return entry


def _happenings(revision: Revision, editor: str) -> list[tuple[Kind, str, dict[str, Any]]]:
    """Return kind, actor and payload of the events that filing ``revision`` brings."""
    screening = revision.screening
    draft = {"digest": revision.digest, "title": screening.draft.title}
    outcome = {"verdict": screening.verdict.value, "route": screening.route.to.value}
    return [
        (Kind.SUBMITTED, editor, {"revision": revision.ordinal} | draft),
        (Kind.SCREENED, SOFTWARE, {"revision": revision.ordinal} | outcome),
    ]


def _name(what: str, value: str) -> str:
    name = conceal(value.strip())
    if not name:
        raise UsageError("U002", problem=f"{what}不能为空")
    if len(name) > NAME_LIMIT:
        raise UsageError("U002", problem=f"{what}不能超过 {NAME_LIMIT} 个字符")
    if not name.isprintable():
        raise UsageError("U002", problem=f"{what}里有看不见的字符，请重新输入")
    return name
