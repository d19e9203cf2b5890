"""Which signing keys the log knows: keys are made and retired by events like everything else."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from msgspec.structs import replace
from sqlalchemy import Connection, select

from screening.database.schema import EVENT
from screening.tickets.keys import Key, key_id

KEY_MADE, KEY_RETIRED = "key_made", "key_retired"


def made(key: Key) -> tuple[str, dict[str, Any]]:
    """Return kind and payload of the event that a key was made."""
    return KEY_MADE, {"key": key.id, "public": key.public.hex()}


def retired(key: Key) -> tuple[str, dict[str, Any]]:
    """Return kind and payload of the event that a key was retired."""
    return KEY_RETIRED, {"key": key.id}


def logged_keys(connection: Connection) -> Mapping[str, Key]:
    """Return the keys of :func:`keys_of` for the log of a store."""
    wanted = EVENT.c.ticket.is_(None) & EVENT.c.kind.in_([KEY_MADE, KEY_RETIRED])
    query = select(EVENT.c.kind, EVENT.c.at, EVENT.c.payload).where(wanted)
    rows = connection.execute(query.order_by(EVENT.c.sequence))
    return keys_of((row.kind, row.at, row.payload) for row in rows)


def keys_of(events: Iterable[tuple[str, str, str]]) -> Mapping[str, Key]:
    """Return id → public half for every key that ``events`` say was made, in order.

    An event is kind, ISO time and payload; one that makes no sense is left out: whatever was done
    to it, the chain says so.
    """
    keys: dict[str, Key] = {}
    for kind, at, payload in events:
        try:
            moment, table = datetime.fromisoformat(at), json.loads(payload)
            name = table["key"]
            if kind == KEY_MADE:
                public = bytes.fromhex(table["public"])
                if name == key_id(public):
                    keys[name] = Key(name, public, made=moment)
            elif kind == KEY_RETIRED and name in keys:
                keys[name] = replace(keys[name], retired=moment)
        except (ValueError, TypeError, LookupError):
            continue
    return keys
