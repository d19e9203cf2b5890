"""Adds to the log, and reads it back: the one place where events are written."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, insert, select

from screening.clock import local
from screening.database.chain import GENESIS, Record
from screening.database.schema import EVENT, TICKET
from screening.errors import StoreError, UsageError

#: how far the clocks of machines at one store may differ; Kerberos allows as much
TOLERANCE = timedelta(minutes=5)
#: kind of the event after which times may be earlier than before
CLOCK_CORRECTED = "clock_corrected"


class TicketKey(NamedTuple):
    """The ticket that an event belongs to: its row, its number, and the event's place there."""

    row: int
    number: str
    ordinal: int


class Link(NamedTuple):
    """An event as stored, and how it is chained: the digest it points back to, and its own."""

    record: Record
    previous: str
    digest: str


def append(
    connection: Connection,
    kind: str,
    at: datetime,
    actor: str,
    payload: Mapping[str, Any],
    *,
    ticket: TicketKey | None = None,
    seal: str = "",
) -> int:
    """Add an event to the end of the chain; return its sequence number.

    Raises:
        StoreError: T008, ``at`` is before the last event: see :func:`not_before`.
    """
    last = _last(connection)
    if kind != CLOCK_CORRECTED:
        at = _later(last, at)
    before, previous = (last.sequence, last.digest) if last else (0, GENESIS)
    record = Record(
        sequence=before + 1,
        ticket=ticket and ticket.number,
        ordinal=ticket and ticket.ordinal,
        kind=kind,
        at=stamp(at),
        actor=actor,
        payload=encode(payload),
        seal=seal,
    )
    row = row_of(record, previous, ticket and ticket.row)
    connection.execute(insert(EVENT).values(row))
    return record.sequence


def not_before(connection: Connection, now: datetime) -> datetime:
    """Return the time of the next event: ``now``, or that of the last one if it is a little later.

    The clocks of machines that work on one store differ; by more than :data:`TOLERANCE` means that
    one of them is wrong.

    Raises:
        StoreError: T008.
    """
    return _later(_last(connection), now)


def correct_clock(connection: Connection, now: datetime, actor: str, reason: str) -> None:
    """Note that the last event has a wrong time, and go on from ``now``, which is before it.

    Raises:
        UsageError: U002, the last event is not later than ``now``.
    """
    last = _last(connection)
    if last is None or datetime.fromisoformat(last.at) <= now:
        raise UsageError("U002", problem="最后一条记录的时间不晚于现在，没有要更正的")
    append(connection, CLOCK_CORRECTED, now, actor, {"reason": reason, "before": last.at})


def _last(connection: Connection) -> Any:
    """Return the end of the chain, None where there is none."""
    wanted = select(EVENT.c.sequence, EVENT.c.digest, EVENT.c.at)
    return connection.execute(wanted.order_by(EVENT.c.sequence.desc()).limit(1)).first()


def _later(last: Any, now: datetime) -> datetime:
    if last is None:
        return now
    try:
        before = datetime.fromisoformat(last.at)
        if now >= before:
            return now
        if before - now <= TOLERANCE:
            return before
    except (ValueError, TypeError) as error:
        problem = "最后一条记录的时间读不懂"
        raise StoreError("T002", where=f"第 {last.sequence} 条记录", problem=problem) from error
    times = {"now": local(now), "last": local(before)}
    raise StoreError("T008", **times)


def row_of(record: Record, previous: str, ticket: int | None) -> dict[str, Any]:
    """Return the row that stores ``record`` after the event with the digest ``previous``."""
    row = {name: getattr(record, name) for name in record.__struct_fields__}
    return row | {"ticket": ticket, "previous": previous, "digest": record.digest(previous)}


def links(connection: Connection, *wanted: ColumnElement[bool]) -> Iterator[Link]:
    """Yield the whole log, or the events that fit, in the order of their sequence numbers."""
    query = (
        select(EVENT, TICKET.c.year, TICKET.c.sequence.label("number"))
        .outerjoin(TICKET, EVENT.c.ticket == TICKET.c.id)
        .where(*wanted)
        .order_by(EVENT.c.sequence)
        .execution_options(yield_per=1000)
    )
    for row in connection.execute(query):
        ticket = None if row.ticket is None else f"#{row.ticket}"  # of a row that is gone
        if row.year is not None:
            ticket = ticket_number(row.year, row.number)
        record = Record(
            row.sequence, ticket, row.ordinal, row.kind, row.at, row.actor, row.payload, row.seal
        )
        yield Link(record, row.previous, row.digest)


def places(connection: Connection) -> dict[str, int]:
    """Return the digest of every event → its sequence number."""
    rows = connection.execute(select(EVENT.c.sequence, EVENT.c.digest))
    return {row.digest: row.sequence for row in rows}


def ticket_number(year: int, sequence: int) -> str:
    """Return a ticket's number as people write it: 2026-0001."""
    return f"{year}-{sequence:04}"


def stamp(moment: datetime) -> str:
    """Return an aware time as the store keeps it: ISO, in UTC."""
    return moment.astimezone(UTC).isoformat()


def encode(value: Mapping[str, Any]) -> str:
    """Encode as ASCII, which keeps even lone surrogates and null characters in any database."""
    return json.dumps(value, ensure_ascii=True, separators=(",", ":"))
