"""Keeps the registry: every change is an event of the log, the tables hold what it comes to."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from datetime import datetime
from typing import Any

from msgspec.structs import replace
from sqlalchemy import Connection, delete, insert, select, update

from screening.database.log import append
from screening.database.schema import ACCOUNT, DEPARTMENT, PERSON, ROLE, SECRET
from screening.registry.records import Entity, Person, from_plain, to_plain
from screening.registry.registry import Registry

#: Kinds of events that change the registry.
REGISTERED, SECRET_SET = "registered", "secret_set"

_TABLES = {"department": DEPARTMENT, "person": PERSON, "account": ACCOUNT}


class Rolls:
    """Reads and changes the registry within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def registry(self) -> Registry:
        """Return everything that is registered."""
        posts = defaultdict(list)
        for row in self._rows(ROLE):
            posts[row.pop("person")].append(row)
        people = [
            row | {"posts": sorted(posts[row["id"]], key=lambda post: tuple(post.values()))}
            for row in self._rows(PERSON)
        ]
        tables = {
            "department": self._rows(DEPARTMENT),
            "person": people,
            "account": self._rows(ACCOUNT),
        }
        return Registry.of(from_plain(kind, row) for kind, rows in tables.items() for row in rows)

    def put(self, record: Entity, at: datetime, actor: str) -> None:
        """Add or replace one record, and log it."""
        if isinstance(record, Person):
            record = replace(record, posts=tuple(sorted(set(record.posts))))
        plain = to_plain(record)
        append(self._connection, REGISTERED, at, actor, {"kind": record.kind, "record": plain})
        posts = plain.pop("posts", None)
        self._upsert(record.kind, plain)
        if isinstance(record, Person):
            self._connection.execute(delete(ROLE).where(ROLE.c.person == record.id))
            if posts:
                rows = [{"person": record.id, **post} for post in posts]
                self._connection.execute(insert(ROLE), rows)

    def hash_of(self, person: str) -> str | None:
        """Return the hash of a person's secret, None where there is none."""
        query = select(SECRET.c.hash).where(SECRET.c.person == person)
        found: str | None = self._connection.scalar(query)
        return found

    def set_hash(self, person: str, hashed: str, at: datetime, actor: str) -> None:
        """Replace the hash of a person's secret; the log gets only its digest."""
        payload = {"person": person, "digest": digest_of(hashed)}
        append(self._connection, SECRET_SET, at, actor, payload)
        self._connection.execute(delete(SECRET).where(SECRET.c.person == person))
        self._connection.execute(insert(SECRET).values(person=person, hash=hashed))

    def hashes(self) -> dict[str, str]:
        """Return person → hash of the secret, for all who have one."""
        return {row["person"]: row["hash"] for row in self._rows(SECRET)}

    def _upsert(self, kind: str, plain: dict[str, Any]) -> None:
        table = _TABLES[kind]
        changed = self._connection.execute(
            update(table).where(table.c.id == plain["id"]).values(plain)
        )
        if not changed.rowcount:
            self._connection.execute(insert(table).values(plain))

    def _rows(self, table: Any) -> list[dict[str, Any]]:
        rows = self._connection.execute(select(table)).mappings()
        return [{str(name): value for name, value in row.items()} for row in rows]


def digest_of(hashed: str) -> str:
    """Return what the log keeps of the hash of a secret."""
    return "sha256:" + hashlib.sha256(hashed.encode()).hexdigest()
