"""Opens the database of tickets, brings it up to date, and turns its errors into coded ones."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event, inspect, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from screening.database import FILE
from screening.database.schema import HEAD
from screening.errors import StoreError

BUSY_SECONDS = 10

_MIGRATIONS = Path(__file__).parent / "migrations"

#: Part of the driver's message → what it means to the person at the keyboard.
_PROBLEMS = {
    "readonly": "没有写入权限",
    "unable to open": "不能读写这个文件",
    "not a database": "不是审批库文件",
    "malformed": "文件内容已损坏",
    "disk is full": "磁盘已满",
}


class Database:
    """The database at ``url``, brought up to date when it is opened.

    Raises:
        StoreError: T002, it cannot be used or is damaged; T003, newer software wrote it.
    """

    def __init__(self, url: URL) -> None:
        self._url = url
        self._engine = open_engine(url)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection that sees one moment of the database. Raises as the class does."""
        with coded(self._url), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a connection whose changes are kept together, or not at all if it raises.

        Raises:
            StoreError: T004 besides, another program holds the database.
        """
        with coded(self._url), writing(self._engine) as connection:
            yield connection


def home_url(home: Path) -> URL:
    """Return where a home keeps its database."""
    return URL.create("sqlite", database=str(home / FILE))


def open_engine(url: URL) -> Engine:
    """Return an engine on an up-to-date database; an SQLite file that is not there is made.

    Raises:
        StoreError: T002, it cannot be used; T003, newer software wrote it.
    """
    engine = create_engine(url, poolclass=NullPool)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare)
        event.listen(engine, "begin", _begin)
    with coded(url):
        with engine.connect() as connection:
            current = _is_current(connection, url)
        if not current:
            with writing(engine) as connection:
                _migrate(connection, url)
    return engine


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One transaction that sees and changes the database alone (SQLite) or as a unit (others)."""
    with engine.connect().execution_options(writing=True) as connection, connection.begin():
        yield connection


@contextmanager
def coded(url: URL) -> Iterator[None]:
    """Raise T002 for whatever SQLAlchemy or the driver raises inside."""
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        if "locked" in str(cause):
            raise StoreError("T004", where=_place(url)) from error
        raise StoreError("T002", where=_place(url), problem=_problem(str(cause))) from error


def _prepare(connection: Any, _record: object) -> None:
    """Set up a new SQLite connection; transactions are begun by :func:`_begin` alone."""
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA journal_mode = WAL")


def _begin(connection: Connection) -> None:
    """Take the write lock at once when writing, so that what was read cannot change meanwhile."""
    immediate = connection.get_execution_options().get("writing")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


def _is_current(connection: Connection, url: URL) -> bool:
    """Tell whether the tables are those of :data:`HEAD`; False when older or not made yet."""
    if not inspect(connection).has_table("alembic_version"):
        return False
    stored = connection.scalar(text("SELECT version_num FROM alembic_version")) or ""
    if stored > HEAD:
        raise StoreError("T003", where=_place(url), version=f"库结构 {stored}")
    return bool(stored == HEAD)


def _migrate(connection: Connection, url: URL) -> None:
    """Run the steps that are missing; another process may have run them while we waited."""
    if _is_current(connection, url):
        return
    from alembic import command  # noqa: PLC0415 - slow to load, and seldom needed
    from alembic.config import Config  # noqa: PLC0415
    from alembic.util.exc import CommandError  # noqa: PLC0415

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    try:
        command.upgrade(config, HEAD)
    except CommandError as error:
        raise StoreError("T002", where=_place(url), problem="认不出它的版本") from error


def _place(url: URL) -> str:
    return url.database or "" if url.drivername.startswith("sqlite") else url.render_as_string()


def _problem(message: str) -> str:
    known = (meaning for part, meaning in _PROBLEMS.items() if part in message)
    return next(known, message)
