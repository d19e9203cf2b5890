"""Opens the database of tickets, brings it up to date, and turns its errors into coded ones."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from sqlalchemy import (
    URL,
    Connection,
    Engine,
    NullPool,
    create_engine,
    event,
    inspect,
    make_url,
    text,
)
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError

from screening.database import FILE
from screening.database.schema import HEAD
from screening.errors import SettingsError, StoreError
from screening.settings import Settings

BUSY_SECONDS = 10
#: PostgreSQL: the advisory lock that lets one writer at a time at the end of the chain
WRITERS = 0x5C4EE41
_BUSY = ("database is locked", "lock timeout", "database table is locked")

_MIGRATIONS = Path(__file__).parent / "migrations"

#: Part of the driver's message → what it means to the person at the keyboard.
_PROBLEMS = {
    "readonly": "没有写入权限",
    "unable to open": "不能读写这个文件",
    "not a database": "不是审批库文件",
    "malformed": "文件内容已损坏",
    "disk is full": "磁盘已满",
    "authentication failed": "数据库的用户名或密码不对",
    "no password supplied": "没有给出数据库的密码",
    "does not exist": "没有这个数据库，或它不完整",
    "connection is bad": "连不上数据库服务器",
    "connection failed": "连不上数据库服务器",
    "server closed the connection": "与数据库服务器的连接断了",
    "terminating connection": "与数据库服务器的连接断了",
}


class Database:
    """The database at ``url``, brought up to date when it is opened.

    ``read_only`` opens a file as well that nobody may write here, as it is.

    Raises:
        StoreError: T002, it cannot be used or is damaged; T003, newer software wrote it.
    """

    def __init__(self, url: URL, *, read_only: bool = False) -> None:
        self._url = url
        frozen = _frozen(url) if read_only else None
        self._engine = open_engine(frozen or url)

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


def store_url(settings: Settings) -> URL:
    """Return where the database of ``settings`` is: a PostgreSQL address, or a file in the home.

    Raises:
        SettingsError: S002, the address makes no sense.
    """
    if not settings.store_url:
        return URL.create("sqlite", database=str(settings.home / FILE))
    try:
        return make_url(settings.store_url).set(drivername="postgresql+psycopg")
    except (ArgumentError, ValueError) as error:
        raise SettingsError("S002", key="store.url", problem="不是数据库地址") from error


def _frozen(url: URL) -> URL | None:
    """Return how to open a file in a place that cannot be written; None where it can.

    SQLite makes files beside one that it reads, unless told that nobody changes it. What another
    program has not yet brought into the file itself can be read only through its own.
    """
    if not url.drivername.startswith("sqlite") or not url.database:
        return None
    path = Path(url.database)
    if not path.exists() or all(
        os.access(item, os.W_OK, effective_ids=os.access in os.supports_effective_ids)
        for item in (path, path.parent)
    ):
        return None
    log = path.with_name(f"{path.name}-wal")
    way = {"mode": "ro"} if log.exists() and log.stat().st_size else {"immutable": "1"}
    return url.set(database=f"file:{quote(str(path))}", query={**way, "uri": "true"})


def open_engine(url: URL) -> Engine:
    """Return an engine on an up-to-date database; an SQLite file that is not there is made.

    Raises:
        StoreError: T002, it cannot be used; T003, newer software wrote it.
    """
    engine = create_engine(url, poolclass=NullPool)
    prepare, begin = _DIALECTS[engine.dialect.name]
    event.listen(engine, "connect", prepare)
    event.listen(engine, "begin", begin)
    with coded(url):
        with engine.connect() as connection:
            current = _is_current(connection, url)
        if not current:
            with writing(engine) as connection:
                _migrate(connection, url)
    return engine


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One transaction that sees and changes the database while nobody else writes."""
    with engine.connect().execution_options(writing=True) as connection, connection.begin():
        yield connection


@contextmanager
def coded(url: URL) -> Iterator[None]:
    """Raise T002 for whatever SQLAlchemy or the driver raises inside."""
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        if any(word in str(cause) for word in _BUSY):
            raise StoreError("T004", where=_place(url)) from error
        raise StoreError("T002", where=_place(url), problem=_problem(str(cause))) from error


def _prepare(connection: Any, _record: object) -> None:
    """Set up a new SQLite connection; transactions are begun by :func:`_begin` alone."""
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA journal_mode = WAL")


def _prepare_server(connection: Any, _record: object) -> None:
    """Set up a new PostgreSQL connection."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET lock_timeout = {BUSY_SECONDS * 1000}")
    connection.commit()


def _begin_server(connection: Connection) -> None:
    """Let writers in one at a time, each seeing what the last one wrote; readers see one moment."""
    if connection.get_execution_options().get("writing"):
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITERS})")
    else:
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")


def _begin(connection: Connection) -> None:
    """Take the write lock at once when writing, so that what was read cannot change meanwhile."""
    immediate = connection.get_execution_options().get("writing")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


_DIALECTS = {"sqlite": (_prepare, _begin), "postgresql": (_prepare_server, _begin_server)}


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
    database = unquote((url.database or "").removeprefix("file:"))
    return database if url.drivername.startswith("sqlite") else url.render_as_string()


def _problem(message: str) -> str:
    known = (meaning for part, meaning in _PROBLEMS.items() if part in message)
    return next(known, message)
