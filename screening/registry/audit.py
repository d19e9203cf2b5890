"""Compares the registry with what the log says was registered."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from sqlalchemy import Connection, select

from screening.database.schema import EVENT
from screening.database.verify import Fault
from screening.registry.records import KINDS, Entity, from_plain
from screening.registry.store import REGISTERED, SECRET_SET, Rolls, digest_of


def registry_faults(connection: Connection) -> Iterator[Fault]:
    """Yield a fault for every record and secret that is not what was last logged of it."""
    logged: dict[tuple[str, str], Entity] = {}
    secrets: dict[str, str] = {}
    query = select(EVENT).where(EVENT.c.kind.in_([REGISTERED, SECRET_SET]))
    for row in connection.execute(query.order_by(EVENT.c.sequence)):
        try:
            payload = json.loads(row.payload)
            if row.kind == REGISTERED:
                record = from_plain(payload["kind"], payload["record"])
                logged[record.kind, record.id] = record
            else:
                secrets[payload["person"]] = payload["digest"]
        except (ValueError, TypeError, LookupError):
            yield Fault("的登记内容读不懂", row.sequence)
    rolls = Rolls(connection)
    try:
        stored = {(item.kind, item.id): item for item in rolls.registry()}
    except ValueError:
        yield Fault("登记表里有读不懂的内容")
        return
    hashes = {person: digest_of(hashed) for person, hashed in rolls.hashes().items()}
    yield from _different(logged, stored)
    for person in sorted({*secrets, *hashes}):
        if secrets.get(person) != hashes.get(person):
            yield Fault(f"人员 {person} 的口令与记录不符")


Records = Mapping[tuple[str, str], Entity]


def _different(logged: Records, stored: Records) -> Iterator[Fault]:
    for kind, key in sorted({*logged, *stored}):
        if logged.get((kind, key)) != stored.get((kind, key)):
            yield Fault(f"{KINDS[kind].label} {key} 的登记与记录不符")
