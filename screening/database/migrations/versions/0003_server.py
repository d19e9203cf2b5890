"""On a PostgreSQL server too, what was recorded cannot be altered by a slip of the hand."""

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Refuse UPDATE, DELETE and TRUNCATE on what is append-only; SQLite does so already."""
    if op.get_bind().dialect.name != "postgresql":
        return
    op.execute(
        "CREATE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
    )
    for table in ("ticket", "revision", "rescreening", "event"):
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION append_only()"
        )
