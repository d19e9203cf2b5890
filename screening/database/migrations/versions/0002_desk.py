"""The chained log, the overview of tickets, screenings by later rules, and the registry."""

from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

from screening.database.chain import GENESIS, Record, seal

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Chain what was recorded so far, and make the new tables."""
    bind = op.get_bind()
    chained = list(_chained(bind))
    op.drop_table("event")
    event = op.create_table(
        "event",
        sa.Column("sequence", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("ticket", sa.Integer, sa.ForeignKey("ticket.id")),
        sa.Column("ordinal", sa.Integer),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("at", sa.String(40), nullable=False),
        sa.Column("actor", sa.String(200), nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
        sa.Column("seal", sa.String(80), nullable=False),
        sa.Column("previous", sa.String(80), nullable=False),
        sa.Column("digest", sa.String(80), nullable=False),
        sa.UniqueConstraint("ticket", "ordinal"),
    )
    op.bulk_insert(event, chained)
    op.create_table(
        "rescreening",
        sa.Column("ticket", sa.Integer, sa.ForeignKey("ticket.id"), primary_key=True),
        sa.Column("event", sa.Integer, primary_key=True),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
    )
    _make_overview()
    _make_registry()
    if bind.dialect.name == "sqlite":
        for table in ("ticket", "rescreening", "event"):
            for action in ("UPDATE", "DELETE"):
                op.execute(
                    f"CREATE TRIGGER {table}_no_{action.lower()} BEFORE {action} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                )


def _chained(bind: sa.Connection) -> Iterator[dict[str, Any]]:
    """Yield the rows of the old log, by time, as the chain wants them."""
    query = (
        "SELECT e.*, t.year, t.sequence AS number, t.account, t.editor, t.department,"
        " t.created FROM event e JOIN ticket t ON t.id = e.ticket"
        " ORDER BY e.ticket, e.ordinal"
    )
    rows = _by_time(bind.execute(sa.text(query)).fetchall())
    drafts: dict[int, dict[int, tuple[str, str]]] = {}
    for row in bind.execute(sa.text("SELECT * FROM revision")):
        drafts.setdefault(row.ticket, {})[row.ordinal] = (row.digest, row.document)
    previous = GENESIS
    counted: dict[int, int] = {}
    for sequence, row in enumerate(rows, 1):
        number, brought = f"{row.year}-{row.number:04}", ""
        if row.kind == "submitted":
            ordinal = counted[row.ticket] = counted.get(row.ticket, 0) + 1
            head = (number, row.account, row.editor, row.department, row.created)
            brought = seal(*head, ordinal, *drafts[row.ticket][ordinal])
        record = Record(
            sequence, number, row.ordinal, row.kind, row.at, row.actor, row.payload, brought
        )
        digest = record.digest(previous)
        values = {name: getattr(record, name) for name in record.__struct_fields__}
        yield values | {"ticket": row.ticket, "previous": previous, "digest": digest}
        previous = digest


def _by_time(rows: Sequence[sa.Row[Any]]) -> list[sa.Row[Any]]:
    """Sort the events of all tickets by time, those of each ticket staying in their order."""
    latest: dict[int, str] = {}
    times = []
    for row in rows:
        latest[row.ticket] = max(row.at, latest.get(row.ticket, ""))
        times.append(latest[row.ticket])
    return [row for _, row in sorted(zip(times, rows, strict=True), key=lambda pair: pair[0])]


def _make_overview() -> None:
    """Make the table of states; whoever opens the store next fills it from the log."""
    op.create_table(
        "overview",
        sa.Column(
            "ticket",
            sa.Integer,
            sa.ForeignKey("ticket.id"),
            primary_key=True,
            autoincrement=False,
        ),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("department", sa.String(200)),
        sa.Column("route", sa.String(40), nullable=False),
        sa.Column("verdict", sa.String(40), nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("revisions", sa.Integer, nullable=False),
        sa.Column("events", sa.Integer, nullable=False),
        sa.Column("since", sa.String(40), nullable=False),
    )
    op.create_index("overview_state", "overview", ["state", "department", "ticket"])
    op.create_index("overview_department", "overview", ["department", "ticket"])


def _make_registry() -> None:
    """Make the tables of departments, people and accounts."""
    op.create_table(
        "department",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("name", sa.String(200), nullable=False, unique=True),
        sa.Column("branch", sa.String(200), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
    )
    op.create_table(
        "role",
        sa.Column("person", sa.String(40), sa.ForeignKey("person.id"), primary_key=True),
        sa.Column("role", sa.String(40), primary_key=True),
        sa.Column("department", sa.String(40), sa.ForeignKey("department.id"), primary_key=True),
    )
    op.create_table(
        "secret",
        sa.Column("person", sa.String(40), sa.ForeignKey("person.id"), primary_key=True),
        sa.Column("hash", sa.String(200), nullable=False),
    )
    op.create_table(
        "account",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("platform", sa.String(200), nullable=False),
        sa.Column("level", sa.Integer, nullable=False),
        sa.Column("department", sa.String(40), sa.ForeignKey("department.id"), nullable=False),
        sa.Column("administrator", sa.String(40), sa.ForeignKey("person.id")),
        sa.Column("responsible", sa.String(40), sa.ForeignKey("person.id")),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("note", sa.Text, nullable=False),
    )
