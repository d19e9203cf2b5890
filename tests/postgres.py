"""A PostgreSQL cluster of the tests' own: made, started on a private socket, stopped at the end."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from sqlalchemy import URL, create_engine

from screening.database.schema import HEAD, METADATA

#: root may not run a server: Debian's package brings this user
USER = "postgres"
_QUICK = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"


class Cluster:
    """A running cluster in ``folder``; it listens on a socket there and on no port."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._names = count()

    def url(self, database: str) -> URL:
        """Return the address of one of its databases."""
        return URL.create(
            "postgresql+psycopg",
            username=USER,
            database=database,
            query={"host": str(self._folder)},
        )

    def database(self) -> URL:
        """Make an empty database; return its address."""
        name = f"t{next(self._names)}"
        self.execute(f"CREATE DATABASE {name}")
        return self.url(name)

    def execute(self, statement: str) -> None:
        """Run one statement outside any transaction."""
        engine = create_engine(self.url("postgres"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql(statement)
        engine.dispose()


@contextmanager
def cluster(*, safe: bool = False) -> Iterator[Cluster]:
    """Run a cluster; ``safe`` keeps what was written even through a crash of the machine."""
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    tools = _tools()
    who = {"user": USER} if os.geteuid() == 0 else {}
    if who:
        shutil.chown(folder, USER)
    data = folder / "data"
    quiet = {"stdout": subprocess.DEVNULL, "cwd": folder, **who}
    initdb = [tools / "initdb", "-D", data, "-U", USER, "-A", "trust", "-E", "UTF8"]
    subprocess.run([*initdb, "--no-sync", "--locale=C.UTF-8"], check=True, **quiet)
    options = f"-k {folder} -c listen_addresses= -c max_connections=60 {'' if safe else _QUICK}"
    control = [tools / "pg_ctl", "-D", data, "-w"]
    subprocess.run([*control, "-o", options, "-l", folder / "log", "start"], check=True, **quiet)
    try:
        yield Cluster(folder)
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], check=True, **quiet)
        shutil.rmtree(folder)


def _tools() -> Path:
    """Return the folder of the newest server's programs."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if folders:
        return folders[-1].parent
    found = shutil.which("initdb")
    if found is None:
        raise RuntimeError("PostgreSQL is not installed: apt-get install postgresql")
    return Path(found).parent


def empty(url: URL) -> None:
    """Make a store as new: much quicker than another database."""
    tables = ", ".join(METADATA.tables)
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.exec_driver_sql("SET session_replication_role = replica")  # no triggers
        connection.exec_driver_sql(f"TRUNCATE {tables} RESTART IDENTITY")
        connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{HEAD}'")
    engine.dispose()
