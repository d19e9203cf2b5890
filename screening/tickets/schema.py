"""The tables as this version of the software knows them; migrations/ makes them."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Integer, MetaData, String, Table, Text, UniqueConstraint

#: The newest migration. Identifiers are numbers of four digits, so that they sort by age.
HEAD = "0001"

METADATA = MetaData()

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

#: Rows are only ever added; ``payload`` is ASCII JSON, ``at`` an ISO time in UTC.
EVENT = Table(
    "event",
    METADATA,
    Column("ticket", ForeignKey("ticket.id"), primary_key=True),
    Column("ordinal", Integer, primary_key=True),
    Column("kind", String(40), nullable=False),
    Column("at", String(40), nullable=False),
    Column("actor", String(200), nullable=False),
    Column("payload", Text, nullable=False),
)
