"""Keeps tickets in a database: one transaction, one :class:`Ledger`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import URL, Connection, Row, func, insert, select

from screening.document import from_document, to_document
from screening.errors import StoreError
from screening.tickets.database import coded, open_engine, writing
from screening.tickets.schema import EVENT, REVISION, TICKET
from screening.tickets.ticket import Entry, Event, Kind, Revision, Ticket, status_of

_NUMBER = re.compile(r"([0-9]{4})-([0-9]{4,9})")


class Store:
    """The database of tickets at ``url``, brought up to date when it is opened.

    Raises:
        StoreError: T002, it cannot be used or is damaged; T003, newer software wrote it.
    """

    def __init__(self, url: URL) -> None:
        self._url = url
        self._engine = open_engine(url)

    @contextmanager
    def reading(self) -> Iterator[Ledger]:
        """Give a ledger that sees one moment of the database. Raises as the class does."""
        with coded(self._url), self._engine.connect() as connection:
            yield Ledger(connection)

    @contextmanager
    def writing(self) -> Iterator[Ledger]:
        """Give a ledger whose changes are kept together at the end, or not at all if it raises."""
        with coded(self._url), writing(self._engine) as connection:
            yield Ledger(connection)


class Ledger:
    """Reads and adds tickets within one transaction; nothing recorded is ever changed.

    Methods that take a number raise T001 where there is no such ticket, and those that read raise
    T002 where a record does not make sense.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def open(self, account: str, editor: str, department: str | None, now: datetime) -> str:
        """Add a ticket without events and return its number, the next of the year of ``now``."""
        last = select(func.max(TICKET.c.sequence)).where(TICKET.c.year == now.year)
        sequence = (self._connection.scalar(last) or 0) + 1
        self._connection.execute(
            insert(TICKET).values(
                year=now.year,
                sequence=sequence,
                account=account,
                editor=editor,
                department=department,
                created=_stamp(now),
            )
        )
        return _number(now.year, sequence)

    def add_revision(self, number: str, revision: Revision) -> None:
        """Add a draft, as it was screened, to a ticket."""
        self._connection.execute(
            insert(REVISION).values(
                ticket=self._row(number).id,
                ordinal=revision.ordinal,
                digest=revision.digest,
                document=_encode(to_document(revision.screening, text=True)),
            )
        )

    def add_event(self, event: Event) -> None:
        """Add a line to the log of its ticket."""
        self._connection.execute(
            insert(EVENT).values(
                ticket=self._row(event.ticket).id,
                ordinal=event.ordinal,
                kind=event.kind.value,
                at=_stamp(event.at),
                actor=event.actor,
                payload=_encode(event.payload),
            )
        )

    def entry(self, number: str) -> Entry:
        """Return one ticket without its drafts."""
        row = self._row(number)
        query = select(EVENT).where(EVENT.c.ticket == row.id).order_by(EVENT.c.ordinal)
        return _entry(row, list(self._connection.execute(query)))

    def ticket(self, number: str) -> Ticket:
        """Return one ticket with its drafts."""
        head = self.entry(number)
        query = (
            select(REVISION)
            .where(REVISION.c.ticket == self._row(number).id)
            .order_by(REVISION.c.ordinal)
        )
        revisions = tuple(_revision(number, row) for row in self._connection.execute(query))
        return Ticket(
            head.number,
            head.account,
            head.editor,
            head.department,
            head.created,
            head.events,
            head.status,
            revisions,
        )

    def entries(self) -> Iterator[Entry]:
        """Yield every ticket without its drafts, newest first, reading only as far as asked."""
        query = select(TICKET, EVENT).join(EVENT).order_by(TICKET.c.id.desc(), EVENT.c.ordinal)
        rows = self._connection.execution_options(stream_results=True).execute(query)
        for _, group in groupby(rows, key=lambda row: row.id):
            events = list(group)
            yield _entry(events[0], events)

    def _row(self, number: str) -> Row[Any]:
        if match := _NUMBER.fullmatch(number):
            year, sequence = map(int, match.groups())
            query = select(TICKET).where(TICKET.c.year == year, TICKET.c.sequence == sequence)
            row = self._connection.execute(query).first()
            if row is not None:
                return row
        raise StoreError("T001", number=number)


def _number(year: int, sequence: int) -> str:
    return f"{year}-{sequence:04}"


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()


def _encode(value: Mapping[str, Any]) -> str:
    """Encode as ASCII, which keeps even lone surrogates and null characters in any database."""
    return json.dumps(value, ensure_ascii=True, separators=(",", ":"))


@contextmanager
def _sound(place: str) -> Iterator[None]:
    """Raise T002 where a record cannot be decoded inside."""
    try:
        yield
    except (ValueError, TypeError, LookupError, AttributeError) as error:
        raise StoreError("T002", where=place, problem="记录内容读不懂") from error


def _entry(head: Row[Any], events: list[Row[Any]]) -> Entry:
    number = _number(head.year, head.sequence)
    with _sound(f"审批单 {number}"):
        log = tuple(_event(number, row) for row in events)
        created = datetime.fromisoformat(head.created)
        status = status_of(log)
        return Entry(number, head.account, head.editor, head.department, created, log, status)


def _event(number: str, row: Row[Any]) -> Event:
    moment = datetime.fromisoformat(row.at)
    payload = json.loads(row.payload)
    return Event(row.ordinal, number, Kind(row.kind), moment, row.actor, payload)


def _revision(number: str, row: Row[Any]) -> Revision:
    with _sound(f"审批单 {number} 第{row.ordinal}稿"):
        return Revision(row.ordinal, row.digest, from_document(json.loads(row.document)))
