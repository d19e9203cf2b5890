"""Backups: every row of the store in one compressed file, for either kind of database.

A line of JSON each: first what it is, then the rows table by table, last how many there were and
their digest, so that a file that was cut off or altered is not restored.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, exists, insert, select, text

from screening.database.schema import HEAD, METADATA
from screening.errors import StoreError

SCHEMA = "screening-backup/1"
_BATCH = 500


def write_backup(connection: Connection, path: Path) -> int:
    """Write every row that ``connection`` sees to ``path``; return how many.

    Raises:
        OSError: the file cannot be written; an older one in its place is left as it was.
    """
    draft = path.with_name(f".{path.name}.tmp")
    digest, count = hashlib.sha256(), 0
    try:
        with gzip.open(draft, "wb") as out:
            out.write(_line({"schema": SCHEMA, "version": HEAD}))
            for table in METADATA.sorted_tables:
                query = select(table).execution_options(yield_per=_BATCH)
                for row in connection.execute(query).mappings():
                    line = _line([table.name, {str(key): value for key, value in row.items()}])
                    digest.update(line)
                    out.write(line)
                    count += 1
            out.write(_line({"rows": count, "digest": digest.hexdigest()}))
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    return count


def read_backup(connection: Connection, path: Path) -> int:
    """Fill the empty store of ``connection`` from ``path``; return how many rows there were.

    Raises:
        StoreError: T006, the store is not empty, or the file is damaged or of another version.
        OSError: the file cannot be read.
    """
    if any(
        connection.scalar(select(exists().select_from(item))) for item in METADATA.sorted_tables
    ):
        raise StoreError("T006", where=str(path), problem="现在的审批库不是空的")
    try:
        return _restored(connection, path)
    except (ValueError, EOFError, KeyError, TypeError, gzip.BadGzipFile) as error:
        raise StoreError("T006", where=str(path), problem="文件残缺或被改动过") from error


def _restored(connection: Connection, path: Path) -> int:
    digest, count = hashlib.sha256(), 0
    batch: list[tuple[str, dict[str, Any]]] = []
    with gzip.open(path, "rb") as lines:
        head = json.loads(next(lines, b""))
        if head != {"schema": SCHEMA, "version": HEAD}:
            raise StoreError("T006", where=str(path), problem="它由别的版本的软件写成")
        for line in lines:
            entry = json.loads(line)
            if isinstance(entry, dict):
                if entry != {"rows": count, "digest": digest.hexdigest()} or next(lines, None):
                    raise ValueError("not whole")
                _insert(connection, batch)
                _count_on(connection)
                return count
            digest.update(line)
            batch.append((entry[0], entry[1]))
            count += 1
            if len(batch) == _BATCH:
                _insert(connection, batch)
                batch = []
    raise ValueError("cut off")


def _insert(connection: Connection, batch: Iterable[tuple[str, dict[str, Any]]]) -> None:
    for name, rows in _grouped(batch):
        connection.execute(insert(METADATA.tables[name]), rows)


def _grouped(
    batch: Iterable[tuple[str, dict[str, Any]]],
) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    tables: dict[str, list[dict[str, Any]]] = {}
    for name, row in batch:
        tables.setdefault(name, []).append(row)
    yield from tables.items()


def _count_on(connection: Connection) -> None:
    """Let a server's counter of tickets go on after the last one."""
    if connection.dialect.name == "postgresql":
        connection.execute(
            text(
                "SELECT setval(pg_get_serial_sequence('ticket', 'id'),"
                " coalesce((SELECT max(id) FROM ticket), 0) + 1, false)"
            )
        )


def _line(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=True, separators=(",", ":")).encode("ascii") + b"\n"
