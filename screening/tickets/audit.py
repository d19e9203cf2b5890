"""Is the record whole and unaltered? Compares everything stored with what the log says of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

from msgspec import Struct
from sqlalchemy import Connection, func, select

from screening.database.chain import GENESIS, seal
from screening.database.log import links, places, ticket_number
from screening.database.schema import EVENT, OVERVIEW, RESCREENING, REVISION, TICKET
from screening.database.verify import Fault, backward, broken_links
from screening.errors import StoreError
from screening.finding import Target
from screening.registry.audit import registry_faults
from screening.tickets.key_log import logged_keys
from screening.tickets.keys import Key
from screening.tickets.permit_audit import release_problems
from screening.tickets.status import Status, after, status_of
from screening.tickets.store import event_of, overview_row, seal_of
from screening.tickets.ticket import Event, Kind


class Audit(Struct, frozen=True):
    """What was verified: how many events, the digest of the last one, and what does not fit.

    The digest stands for the whole log: noted down elsewhere, it shows whether events were cut off
    the end later.
    """

    events: int
    head: str
    faults: tuple[Fault, ...]


def audit(connection: Connection, noted: str | None = None) -> Audit:
    """Verify the whole store; never raises for what it finds.

    ``noted`` is the digest of an earlier audit: it must still be in the chain.
    """
    faults = (
        *broken_links(links(connection), places(connection)),
        *backward(links(connection)),
        *_seal_faults(connection),
        *_ticket_faults(connection),
        *registry_faults(connection),
    )
    known = select(EVENT.c.sequence).where(EVENT.c.digest == noted)
    if noted is not None and noted != GENESIS and connection.scalar(known) is None:
        faults = (*faults, lost_head())
    query = select(EVENT.c.digest).order_by(EVENT.c.sequence.desc()).limit(1)
    head = connection.scalar(query) or GENESIS
    count = connection.scalar(select(func.count()).select_from(EVENT)) or 0
    return Audit(count, head, faults)


def lost_head() -> Fault:
    """Return the fault that the head of an earlier audit is not in the chain any more."""
    return Fault("抄下的链尾不在记录里：末尾的记录被截去或改写过")


def _seal_faults(connection: Connection) -> Iterator[Fault]:
    """Compare what events brought with what is stored: every draft, every later screening."""
    stored = {Kind.SUBMITTED: _revisions(connection), Kind.RESCREENED: _rescreenings(connection)}
    names = {Kind.SUBMITTED: "稿件", Kind.RESCREENED: "重新审查的结果"}
    counted: dict[str, int] = {}
    for link in links(connection):
        record = link.record
        if record.ticket is None or record.kind not in stored:
            continue
        kind = Kind(record.kind)
        place = record.ordinal or 0
        if kind is Kind.SUBMITTED:
            place = counted[record.ticket] = counted.get(record.ticket, 0) + 1
        found = stored[kind].pop((record.ticket, place), None)
        if found is None:
            yield Fault(f"的{names[kind]}不见了", record.sequence, record.ticket)
        elif found != record.seal:
            yield Fault(f"的{names[kind]}被改动过", record.sequence, record.ticket)
    for kind, rest in stored.items():
        for number, place in rest:
            problem = f"多出了记录里没有的{names[kind]}（{place}）"
            yield Fault(problem, ticket=number)


def _revisions(connection: Connection) -> dict[tuple[str, int], str]:
    """Return (number, ordinal) → the seal of every revision as it is stored now."""
    query = select(TICKET, REVISION.c.ordinal, REVISION.c.digest, REVISION.c.document).join(
        REVISION
    )
    rows = connection.execute(query.execution_options(yield_per=100))
    return {
        (ticket_number(row.year, row.sequence), row.ordinal): seal_of(
            row, row.ordinal, row.digest, row.document
        )
        for row in rows
    }


def _rescreenings(connection: Connection) -> dict[tuple[str, int], str]:
    query = select(TICKET.c.year, TICKET.c.sequence, RESCREENING).join(RESCREENING)
    seals = {}
    for row in connection.execute(query.execution_options(yield_per=100)):
        number = ticket_number(row.year, row.sequence)
        seals[number, row.event] = seal(number, row.event, row.revision, row.document)
    return seals


def _ticket_faults(connection: Connection) -> Iterator[Fault]:
    """Replay every ticket: its events must follow one another, and give what lists show."""
    keys = logged_keys(connection)
    overview = {
        row["ticket"]: {str(name): value for name, value in row.items()}
        for row in connection.execute(select(OVERVIEW)).mappings()
    }
    query = (
        select(EVENT, TICKET.c.year, TICKET.c.sequence.label("number"), TICKET.c.account)
        .join(TICKET, EVENT.c.ticket == TICKET.c.id)
        .order_by(EVENT.c.ticket, EVENT.c.ordinal)
    )
    rows = connection.execute(query.execution_options(yield_per=1000))
    seen = set()
    for key, group in groupby(rows, key=lambda row: row.ticket):
        events = list(group)
        number = ticket_number(events[0].year, events[0].number)
        seen.add(key)
        yield from _replayed(number, events, overview.get(key), keys)
    for row in connection.execute(select(TICKET.c.id, TICKET.c.year, TICKET.c.sequence)):
        if row.id not in seen:
            number = ticket_number(row.year, row.sequence)
            yield Fault("没有任何记录", ticket=number)


def _replayed(
    number: str, rows: list[Any], overview: dict[str, Any] | None, keys: Mapping[str, Key]
) -> Iterator[Fault]:
    if [row.ordinal for row in rows] != list(range(1, len(rows) + 1)):
        yield Fault("的记录不连续", ticket=number)
        return
    try:
        events = [event_of(number, row) for row in rows]
        yield from _unlawful(events, rows[0].account, keys)
        status = status_of(events)
    except (StoreError, ValueError, TypeError, LookupError, AttributeError):
        yield Fault("的记录前后接不上", ticket=number)
        return
    if overview_row(rows[0].ticket, status, len(rows)) != overview:
        yield Fault("列表里的状态与记录不符", ticket=number)


def _unlawful(events: list[Event], account: str, keys: Mapping[str, Key]) -> Iterator[Fault]:
    """Yield approvals that the rules for who may what would have refused, and wrong permits."""
    status: Status | None = None
    for event in events:
        where = f"第 {event.ordinal} 条记录的"
        if event.kind is Kind.APPROVED and status is not None:
            steps = status.decided.get(event.actor, frozenset()) - {Target(event.payload["step"])}
            if event.actor in status.submitters or steps:
                yield Fault(f"{where}批准人不合规定", ticket=event.ticket)
        if event.kind is Kind.RELEASED and status is not None:
            for problem in release_problems(event, status, account, keys):
                yield Fault(f"{where}放行单{problem}", ticket=event.ticket)
        status = after(status, event)
