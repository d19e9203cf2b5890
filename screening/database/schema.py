"""The tables as this version of the software knows them; migrations/ makes them."""

from __future__ import annotations

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

#: The newest migration. Identifiers are numbers of four digits, so that they sort by age.
HEAD = "0004"

METADATA = MetaData()

#: What never changes of a ticket; ``department`` is that of the account when it was opened.
TICKET = Table(
    "ticket",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("year", Integer, nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("account", String(200), nullable=False),
    Column("editor", String(200), nullable=False),
    Column("department", String(200)),
    Column("created", String(40), nullable=False),
    UniqueConstraint("year", "sequence"),
)

#: ``document`` is the screening as ASCII JSON with the fields' texts, personal numbers masked.
REVISION = Table(
    "revision",
    METADATA,
    Column("ticket", ForeignKey("ticket.id"), primary_key=True),
    Column("ordinal", Integer, primary_key=True),
    Column("digest", String(80), nullable=False),
    Column("document", Text, nullable=False),
)

#: A revision screened again by other rules; ``event`` is the ordinal of the event that says so.
RESCREENING = Table(
    "rescreening",
    METADATA,
    Column("ticket", ForeignKey("ticket.id"), primary_key=True),
    Column("event", Integer, primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("document", Text, nullable=False),
)

#: The log, one chain for the whole store; rows are only ever added (see log.py).
EVENT = Table(
    "event",
    METADATA,
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    Column("ticket", ForeignKey("ticket.id")),
    Column("ordinal", Integer),
    Column("kind", String(40), nullable=False),
    Column("at", String(40), nullable=False),
    Column("actor", String(200), nullable=False),
    Column("payload", Text, nullable=False),
    Column("seal", String(80), nullable=False),
    Column("previous", String(80), nullable=False),
    Column("digest", String(80), nullable=False),
    UniqueConstraint("ticket", "ordinal"),
)

#: What the events of each ticket come to, for lists alone: made again from the log at any time.
OVERVIEW = Table(
    "overview",
    METADATA,
    Column("ticket", ForeignKey("ticket.id"), primary_key=True, autoincrement=False),
    Column("state", String(40), nullable=False),
    Column("department", String(200)),
    Column("route", String(40), nullable=False),
    Column("verdict", String(40), nullable=False),
    Column("title", Text, nullable=False),
    Column("revisions", Integer, nullable=False),
    Column("events", Integer, nullable=False),
    Column("since", String(40), nullable=False),
    Index("overview_state", "state", "department", "ticket"),
    Index("overview_department", "department", "ticket"),
)

DEPARTMENT = Table(
    "department",
    METADATA,
    Column("id", String(40), primary_key=True),
    Column("name", String(200), nullable=False, unique=True),
    Column("branch", String(200), nullable=False),
    Column("state", String(40), nullable=False),
)

PERSON = Table(
    "person",
    METADATA,
    Column("id", String(40), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("state", String(40), nullable=False),
)

ROLE = Table(
    "role",
    METADATA,
    Column("person", ForeignKey("person.id"), primary_key=True),
    Column("role", String(40), primary_key=True),
    Column("department", ForeignKey("department.id"), primary_key=True),
)

#: argon2id hashes of personal secrets, in PHC form; the log knows only the digest of each.
SECRET = Table(
    "secret",
    METADATA,
    Column("person", ForeignKey("person.id"), primary_key=True),
    Column("hash", String(200), nullable=False),
)

ACCOUNT = Table(
    "account",
    METADATA,
    Column("id", String(40), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("platform", String(200), nullable=False),
    Column("level", Integer, nullable=False),
    Column("department", ForeignKey("department.id"), nullable=False),
    Column("administrator", ForeignKey("person.id")),
    Column("responsible", ForeignKey("person.id")),
    Column("state", String(40), nullable=False),
    Column("note", Text, nullable=False),
)
