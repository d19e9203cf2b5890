"""The log handed out: written as lines that stand on their own, and verified without the store."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime

from screening.database.chain import GENESIS
from screening.database.export import SCHEMA, Asked, Export, exported, read_export
from screening.database.log import stamp
from screening.database.verify import Fault
from screening.errors import PermitError
from screening.tickets.audit import Audit, lost_head
from screening.tickets.key_log import logged_keys
from screening.tickets.keys import Key, key_id
from screening.tickets.permit import faults, parse
from screening.tickets.permit_audit import named
from screening.tickets.store import Ledger
from screening.tickets.ticket import Kind


def export_of(
    ledger: Ledger, ticket: str | None, since: datetime | None, until: datetime | None
) -> Iterator[str]:
    """Yield the lines of an export of the log; bounds are aware times.

    Raises:
        StoreError: T001, there is no such ticket.
    """
    asked = Asked(
        schema=SCHEMA,
        ticket=ticket,
        since=stamp(since) if since else None,
        until=stamp(until) if until else None,
        keys={key.id: key.public.hex() for key in logged_keys(ledger.connection).values()},
    )
    row = None if ticket is None else ledger.row(ticket).id
    yield from exported(ledger.connection, asked, row)


def audit_export(data: bytes, noted: str | None = None) -> Audit:
    """Verify an export: its chain, and the signatures of the permits in it.

    ``noted`` is the digest of an earlier audit: it must be in the file.

    Raises:
        StoreError: T007, the file is no export.
    """
    found = read_export(data)
    problems = [*found.faults, *_permit_faults(found, _keys(found.asked.keys))]
    digests = {link.digest for link in found.links}
    if noted is not None and noted not in digests:
        problems.append(lost_head())
    head = found.links[-1].digest if found.links else GENESIS
    return Audit(len(found.links), head, tuple(problems))


def _permit_faults(found: Export, keys: Mapping[str, Key]) -> Iterator[Fault]:
    for link in found.links:
        record = link.record
        if record.kind != Kind.RELEASED:
            continue
        try:
            payload = json.loads(record.payload)
            signed = parse(json.dumps(payload["permit"]))
            problems = [named(problem) for problem in faults(signed, keys)]
            permit = signed.read()
            if (permit.ticket, permit.digest) != (record.ticket, payload["digest"]):
                problems.append("与记录不符")
        except PermitError as error:
            problems = [named(error)]
        except (ValueError, TypeError, LookupError):
            problems = ["读不懂"]
        for problem in problems:
            yield Fault(f"的放行单{problem}", record.sequence, record.ticket)


def _keys(table: Mapping[str, str]) -> Mapping[str, Key]:
    """Return the keys that an export names, those whose id is not their own left out."""
    keys = {}
    for name, text in table.items():
        try:
            public = bytes.fromhex(text)
        except ValueError:
            continue
        if key_id(public) == name:
            keys[name] = Key(name, public)
    return keys
