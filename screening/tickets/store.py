"""Keeps tickets in a database: one transaction, one :class:`Ledger`."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Row, Select, delete, exists, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from screening.database.backup import write_backup
from screening.database.chain import seal
from screening.database.engine import Database
from screening.database.log import TicketKey, append, encode, not_before, stamp, ticket_number
from screening.database.schema import EVENT, OVERVIEW, RESCREENING, REVISION, TICKET
from screening.document import from_document, to_document
from screening.errors import PermitError, StoreError
from screening.finding import Screening, Target, Verdict
from screening.registry.registry import Registry
from screening.registry.store import Rolls
from screening.tickets.key_log import logged_keys
from screening.tickets.keys import Key
from screening.tickets.status import Status, after, status_of
from screening.tickets.ticket import Entry, Event, Kind, Revision, State, Summary, Ticket

_NUMBER = re.compile(r"([0-9]{4})-([0-9]{4,9})")


class Store:
    """The tickets of ``database``.

    Raises:
        StoreError: T002, it cannot be used or is damaged.
    """

    def __init__(self, database: Database) -> None:
        self.database = database
        with self.reading() as ledger:
            stale = ledger.needs_overview()
        if stale:
            with self.writing() as ledger:
                ledger.rebuild_overview()

    @classmethod
    def at(cls, url: URL) -> Store:
        """Open the store at ``url``. Raises as :class:`Database` does."""
        return cls(Database(url))

    @contextmanager
    def reading(self) -> Iterator[Ledger]:
        """Give a ledger that sees one moment of the database. Raises as the class does."""
        with self.database.reading() as connection:
            yield Ledger(connection)

    @contextmanager
    def writing(self) -> Iterator[Ledger]:
        """Give a ledger whose changes are kept together at the end, or not at all if it raises."""
        with self.database.writing() as connection:
            yield Ledger(connection)

    def backup(self, path: Path) -> int:
        """Write everything to ``path``; return how many rows. May raise OSError."""
        with self.database.reading() as connection:
            return write_backup(connection, path)


class Ledger:
    """Reads and adds tickets within one transaction; nothing recorded is ever changed.

    Methods that take a number raise T001 where there is no such ticket, and those that read raise
    T002 where a record does not make sense.
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def registry(self) -> Registry:
        """Return who and what is registered at this moment."""
        return Rolls(self.connection).registry()

    def signing_key(self, key: Key) -> Key:
        """Return ``key``, if the log says that it was made for this store and is in use.

        Raises:
            PermitError: K006.
        """
        known = logged_keys(self.connection).get(key.id)
        if known is None or known.retired is not None:
            raise PermitError("K006", key=key.id)
        return key

    def moment(self, now: datetime) -> datetime:
        """Return the time of the next event. Raises StoreError T008: see :func:`not_before`."""
        return not_before(self.connection, now)

    def open(self, account: str, editor: str, department: str | None, now: datetime) -> str:
        """Add a ticket without events and return its number, the next of the year of ``now``."""
        last = select(func.max(TICKET.c.sequence)).where(TICKET.c.year == now.year)
        sequence = (self.connection.scalar(last) or 0) + 1
        self.connection.execute(
            insert(TICKET).values(
                year=now.year,
                sequence=sequence,
                account=account,
                editor=editor,
                department=department,
                created=stamp(now),
            )
        )
        return ticket_number(now.year, sequence)

    def add_revision(self, number: str, ordinal: int, screening: Screening) -> str:
        """Add a draft, as it was screened, to a ticket; return the seal for the event of it."""
        head = self.row(number)
        digest, document = screening.draft.digest, encode(to_document(screening, text=True))
        self.connection.execute(
            insert(REVISION).values(
                ticket=head.id, ordinal=ordinal, digest=digest, document=document
            )
        )
        return seal_of(head, ordinal, digest, document)

    def add_rescreening(self, number: str, event: int, revision: int, screening: Screening) -> str:
        """Add a later screening of a revision; return the seal for the ``event`` of it."""
        document = encode(to_document(screening, text=True))
        row = {"event": event, "revision": revision, "document": document}
        self.connection.execute(insert(RESCREENING).values(ticket=self.row(number).id, **row))
        return seal(number, event, revision, document)

    def add_event(self, event: Event, status: Status | None, brought: str = "") -> Status:
        """Add a line to the log of its ticket, which stood at ``status``; return what follows.

        ``brought`` is the seal of what the event brought.

        Raises:
            StoreError: T002, the ticket may not move so; T005, somebody else was quicker.
        """
        following = after(status, event)
        row = self.row(event.ticket).id
        key = TicketKey(row, event.ticket, event.ordinal)
        try:
            append(
                self.connection,
                event.kind.value,
                event.at,
                event.actor,
                event.payload,
                ticket=key,
                seal=brought,
            )
        except IntegrityError as error:
            problem = "别人同时办了这张单"
            raise StoreError("T005", number=event.ticket, problem=problem) from error
        self._overlook(row, following, event.ordinal)
        return following

    def entry(self, number: str) -> Entry:
        """Return one ticket without its drafts."""
        return self._entry(self.row(number))

    def ticket(self, number: str) -> Ticket:
        """Return one ticket with its drafts."""
        row = self.row(number)
        head = self._entry(row)
        revisions = tuple(self._revisions(row.id, number))
        return Ticket(
            head.number,
            head.account,
            head.editor,
            head.created,
            head.events,
            head.status,
            revisions,
        )

    def summaries(
        self,
        *,
        states: Collection[State] | None = None,
        departments: Collection[str] | None = None,
        account: str | None = None,
        limit: int | None = None,
    ) -> list[Summary]:
        """Return tickets as lists show them, newest first; None asks for all."""
        query = select(TICKET, OVERVIEW).join(OVERVIEW, OVERVIEW.c.ticket == TICKET.c.id)
        if states is not None:
            query = query.where(OVERVIEW.c.state.in_([state.value for state in states]))
        if departments is not None:
            query = query.where(OVERVIEW.c.department.in_(departments))
        if account is not None:
            query = query.where(TICKET.c.account == account)
        query = query.order_by(OVERVIEW.c.ticket.desc()).limit(limit)
        return [_summary(row) for row in self.connection.execute(query)]

    def numbers(self, states: Collection[State]) -> list[str]:
        """Return the numbers of all tickets in one of ``states``, oldest first."""
        wanted = OVERVIEW.c.state.in_([state.value for state in states])
        query = select(TICKET.c.year, TICKET.c.sequence).join(OVERVIEW).where(wanted)
        rows = self.connection.execute(query.order_by(TICKET.c.id))
        return [ticket_number(row.year, row.sequence) for row in rows]

    def payloads(self, kinds: Collection[Kind]) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield ticket number and payload of every event of ``kinds``, in order."""
        query = (
            select(TICKET.c.year, TICKET.c.sequence, EVENT.c.payload)
            .join(TICKET, EVENT.c.ticket == TICKET.c.id)
            .where(EVENT.c.kind.in_([kind.value for kind in kinds]))
            .order_by(EVENT.c.sequence)
        )
        for row in self.connection.execute(query):
            number = ticket_number(row.year, row.sequence)
            with sound(f"审批单 {number}"):
                yield number, json.loads(row.payload)

    def needs_overview(self) -> bool:
        """Tell whether there are tickets, and not one in the overview: it was never made."""
        tickets = self.connection.scalar(select(exists().select_from(TICKET)))
        return bool(tickets and not self.connection.scalar(select(exists().select_from(OVERVIEW))))

    def rebuild_overview(self) -> None:
        """Make the overview again from the log."""
        self.connection.execute(delete(OVERVIEW))
        rows = list(self.overview())
        if rows:
            self.connection.execute(insert(OVERVIEW), rows)

    def overview(self) -> Iterator[dict[str, Any]]:
        """Yield the rows that the overview must hold, derived from the log, by ticket."""
        for row in self.connection.execute(select(TICKET).order_by(TICKET.c.id)).fetchall():
            entry = self._entry(row)
            yield overview_row(row.id, entry.status, len(entry.events))

    def _overlook(self, row: int, status: Status, events: int) -> None:
        values = overview_row(row, status, events)
        known = self.connection.execute(
            update(OVERVIEW).where(OVERVIEW.c.ticket == row).values(values)
        )
        if not known.rowcount:
            self.connection.execute(insert(OVERVIEW).values(values))

    def _entry(self, row: Row[Any]) -> Entry:
        query = select(EVENT).where(EVENT.c.ticket == row.id).order_by(EVENT.c.ordinal)
        events = list(self.connection.execute(query))
        number = ticket_number(row.year, row.sequence)
        with sound(f"审批单 {number}"):
            log = tuple(event_of(number, event) for event in events)
            created = datetime.fromisoformat(row.created)
            return Entry(number, row.account, row.editor, created, log, status_of(log))

    def _revisions(self, ticket: int, number: str) -> Iterator[Revision]:
        later: dict[int, list[Screening]] = {}
        for row in self._documents(RESCREENING, RESCREENING.c.event, ticket):
            with sound(f"审批单 {number} 第{row.event}条记录"):
                later.setdefault(row.revision, []).append(from_document(json.loads(row.document)))
        for row in self._documents(REVISION, REVISION.c.ordinal, ticket):
            with sound(f"审批单 {number} 第{row.ordinal}稿"):
                first = from_document(json.loads(row.document))
                screenings = (first, *later.get(row.ordinal, ()))
                yield Revision(row.ordinal, row.digest, screenings)

    def _documents(self, table: Any, order: Any, ticket: int) -> list[Row[Any]]:
        query: Select[Any] = select(table).where(table.c.ticket == ticket).order_by(order)
        return list(self.connection.execute(query))

    def row(self, number: str) -> Row[Any]:
        """Return what never changes of a ticket, as it is stored."""
        if match := _NUMBER.fullmatch(number):
            year, sequence = map(int, match.groups())
            query = select(TICKET).where(TICKET.c.year == year, TICKET.c.sequence == sequence)
            row = self.connection.execute(query).first()
            if row is not None:
                return row
        raise StoreError("T001", number=number)


def seal_of(head: Row[Any], ordinal: int, digest: str, document: str) -> str:
    """Return the seal of a revision together with what never changes of its ticket."""
    number = ticket_number(head.year, head.sequence)
    unchanging = (number, head.account, head.editor, head.department, head.created)
    return seal(*unchanging, ordinal, digest, document)


def overview_row(ticket: int, status: Status, events: int) -> dict[str, Any]:
    """Return the row of the overview that says what ``status`` comes to."""
    return {
        "ticket": ticket,
        "state": status.state.value,
        "department": status.department,
        "route": status.route.value,
        "verdict": status.verdict.value,
        "title": _storable(status.title),
        "revisions": status.drafts,
        "events": events,
        "since": stamp(status.since),
    }


def _storable(text: str) -> str:
    """Escape as JSON does: a title may hold what no database can."""
    return json.dumps(text, ensure_ascii=True)


@contextmanager
def sound(place: str) -> Iterator[None]:
    """Raise T002 where a record cannot be decoded inside."""
    try:
        yield
    except (ValueError, TypeError, LookupError, AttributeError) as error:
        raise StoreError("T002", where=place, problem="记录内容读不懂") from error


def event_of(number: str, row: Row[Any]) -> Event:
    """Return a stored event; one that makes no sense raises ValueError, TypeError, LookupError."""
    moment = datetime.fromisoformat(row.at)
    payload: Mapping[str, Any] = json.loads(row.payload)
    return Event(row.ordinal, number, Kind(row.kind), moment, row.actor, payload)


def _summary(row: Row[Any]) -> Summary:
    number = ticket_number(row.year, row.sequence)
    with sound(f"审批单 {number}"):
        return Summary(
            number=number,
            account=row.account,
            editor=row.editor,
            department=row.department_1,
            created=datetime.fromisoformat(row.created),
            state=State(row.state),
            route=Target(row.route),
            verdict=Verdict(row.verdict),
            title=json.loads(row.title),
            revisions=row.revisions,
            events=row.events,
            since=datetime.fromisoformat(row.since),
        )
