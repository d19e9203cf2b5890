"""The catalogue of known works: one SQLite file beside the segments of the index.

It holds each work's particulars and text, and which segments make up the index. One transaction
changes both, so a program killed at any moment leaves the old state or the new one, and running
programs see the new one as soon as it is there. Rows are counted by number; people see ``W000012``.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import threading
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal, NamedTuple

from screening import resources
from screening.errors import StoreError, why
from screening.stages.reproduction import fingerprints, segment
from screening.stages.reproduction.segment import STOCK
from screening.stages.reproduction.work import Licence, Work

NAME = "works.db"
BUSY_SECONDS = 30
FORMAT = 2

_SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE work (
    id INTEGER PRIMARY KEY AUTOINCREMENT, title TEXT NOT NULL, author TEXT, site TEXT, url TEXT,
    published TEXT, licence TEXT NOT NULL, letters INTEGER NOT NULL,
    content BLOB NOT NULL UNIQUE, address BLOB UNIQUE, digest BLOB NOT NULL, added TEXT NOT NULL);
CREATE TABLE text (id INTEGER PRIMARY KEY, body BLOB NOT NULL);
CREATE TABLE segment (name TEXT PRIMARY KEY, rows INTEGER NOT NULL) WITHOUT ROWID;
"""
#: part of the driver's message → what it means to the person at the keyboard
_PROBLEMS = {
    "readonly": "没有写入权限",
    "unable to open": "不能读写这个文件",
    "not a database": "不是作品库文件",
    "malformed": "文件内容已损坏",
    "disk is full": "磁盘已满",
}
#: two bytes for almost every Chinese character and one for a Latin one
_ENCODING = "gb18030"
#: SQLite takes so many values in one statement
_AT_ONCE = 500
#: digests of works are added up below this, so that their order makes no difference
_SUM = 1 << 128

Numbers = dict[bytes, int]


class SegmentRow(NamedTuple):
    """A segment as the catalogue lists it: its file's name, and how many rows it has."""

    name: str
    rows: int


class Row(NamedTuple):
    """A row of the table ``work``.

    ``letters`` counts letters and digits; ``content`` digests them and ``address`` the address:
    either makes a work the same. ``digest`` covers content and particulars.
    """

    id: int
    title: str
    author: str | None
    site: str | None
    url: str | None
    published: str | None
    licence: str
    letters: int
    content: bytes
    address: bytes | None
    digest: bytes
    added: str

    def work(self, text: str = "") -> Work:
        """Return the work; its text stands in another table."""
        particulars = self.title, text, self.author, self.site, self.url, self.published
        return Work(id_of(self.id), *particulars, Licence(self.licence))


_ROW = ", ".join(Row._fields)


class Catalogue:
    """The open catalogue in ``folder``; each thread and each forked process gets a connection."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / NAME
        self._local = threading.local()

    @property
    def connection(self) -> sqlite3.Connection:
        """This thread's connection. A connection must not be carried across a fork."""
        if getattr(self._local, "process", None) != os.getpid():
            self._local.connection = self._connect()
            self._local.process = os.getpid()
        connection: sqlite3.Connection = self._local.connection
        return connection

    def _connect(self) -> sqlite3.Connection:
        with self.coded():
            connection = sqlite3.connect(self.path, BUSY_SECONDS, isolation_level=None)
            connection.execute("PRAGMA secure_delete = ON")
            return connection

    def create(self) -> None:
        """Make the file and its tables where they are not there yet."""
        with self.coded():
            self.folder.mkdir(parents=True, exist_ok=True)
            self.connection.execute("PRAGMA page_size = 16384")
            self.connection.execute("PRAGMA journal_mode = WAL")
            with self.writing():
                if self.connection.execute("PRAGMA user_version").fetchone()[0]:
                    return
                for statement in _SCHEMA.split(";"):
                    self.connection.execute(statement)
                self.connection.execute(f"PRAGMA user_version = {FORMAT}")
                self.put("method", method(), "works", 0, "sum", "0", "removed", 0, "next", 1)

    def close(self) -> None:
        """Close this thread's connection."""
        if getattr(self._local, "process", None) == os.getpid():
            self._local.connection.close()
            self._local.process = None

    @contextmanager
    def coded(self) -> Iterator[None]:
        """Raise a coded error for whatever SQLite or the system raises inside.

        Raises:
            StoreError: W001, damaged or not usable; W002, another program is writing.
        """
        try:
            yield
        except sqlite3.Error as error:
            message = str(error)
            if "locked" in message:
                raise StoreError("W002", where=str(self.path)) from error
            problem = next((say for part, say in _PROBLEMS.items() if part in message), message)
            raise StoreError("W001", where=str(self.path), problem=problem) from error
        except OSError as error:
            raise StoreError("W001", where=str(self.path), problem=why(error)) from error

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One transaction, alone with the right to write: whole, or not at all."""
        with self.coded():
            self.connection.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self.connection.execute("ROLLBACK")
                raise
            self.connection.execute("COMMIT")

    @contextmanager
    def reading(self) -> Iterator[None]:
        """One state of the catalogue, whatever others write meanwhile."""
        with self.coded():
            self.connection.execute("BEGIN")
            try:
                yield
            finally:
                self.connection.execute("ROLLBACK")

    def is_new(self) -> bool:
        """Tell whether nothing was ever kept here; a program killed at its start leaves it so."""
        if not self.path.exists():
            return True
        with self.coded():
            tables = self.connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        return not tables and not any(self.folder.glob("*.segment"))

    def check(self) -> None:
        """Make sure that this software understands the file.

        Raises:
            StoreError: W001, no catalogue; W003, newer software wrote it.
        """
        with self.coded():
            version = self.connection.execute("PRAGMA user_version").fetchone()[0]
        if version == 0:
            raise StoreError("W001", where=str(self.path), problem="不是作品库文件")
        if version > FORMAT:
            raise StoreError("W003", where=str(self.path), version=version)
        if version < FORMAT:
            problem = "试用版建立的作品库，格式已改；请移走它，再用 works add 重新添加"
            raise StoreError("W001", where=str(self.path), problem=problem)

    def changes(self) -> int:
        """Return a number that changes when another connection has written."""
        with self.coded():
            value: int = self.connection.execute("PRAGMA data_version").fetchone()[0]
        return value

    def meta(self) -> Mapping[str, str]:
        """Return the facts about the whole catalogue."""
        return dict(self.connection.execute("SELECT key, value FROM meta").fetchall())

    def put(self, *pairs: Any) -> None:
        """Set facts: key, value, key, value …"""
        rows = list(zip(pairs[::2], map(str, pairs[1::2]), strict=True))
        self.connection.executemany("REPLACE INTO meta VALUES (?, ?)", rows)

    def segments(self) -> list[SegmentRow]:
        """Return the segments that make up the index, the oldest first."""
        rows = self.connection.execute("SELECT name, rows FROM segment ORDER BY name")
        return [SegmentRow(*row) for row in rows]

    def last_number(self) -> int:
        """Return the greatest number that any work ever had; none is given twice."""
        query = "SELECT seq FROM sqlite_sequence WHERE name = 'work'"
        found = self.connection.execute(query).fetchone()
        return int(found[0]) if found else 0

    def numbers(self, column: Literal["content", "address"], keys: Sequence[bytes]) -> Numbers:
        """Return the number of each work that has one of ``keys`` in ``column``, by its key."""
        query = f"SELECT {column}, id FROM work WHERE {column} IN "
        return dict(self._each(query, keys))

    def row(self, number: int) -> Row:
        """Return the row of a work that is there."""
        query = f"SELECT {_ROW} FROM work WHERE id = ?"
        return Row(*self.connection.execute(query, (number,)).fetchone())

    def holds(self, number: int) -> bool:
        """Tell whether there is a work with this number."""
        query = "SELECT 1 FROM work WHERE id = ?"
        return self.connection.execute(query, (number,)).fetchone() is not None

    def rows(
        self, *, search: str | None = None, licence: str | None = None, newest: int | None = None
    ) -> Iterator[Row]:
        """Yield the newest rows whose particulars hold ``search``, the newest first."""
        query = f"""SELECT {_ROW} FROM work WHERE licence = coalesce(?, licence) AND instr(
            lower(title || char(10) || coalesce(author, '') || char(10) || coalesce(site, '')
            || char(10) || coalesce(url, '')), lower(?)) ORDER BY id DESC LIMIT ?"""
        limit = -1 if newest is None else newest
        for row in self.connection.execute(query, (licence, search or "", limit)):
            yield Row(*row)

    def facts(self) -> dict[str, Any]:
        """Return how many works, letters, segments and bytes there are, as JSON values."""
        meta, segments = self.meta(), self.segments()
        counts = dict.fromkeys((licence.value for licence in Licence), 0)
        query = "SELECT licence, count(*) FROM work GROUP BY licence"
        counts |= dict(self.connection.execute(query))
        letters, body = self.connection.execute(
            "SELECT (SELECT coalesce(sum(letters), 0) FROM work),"
            " (SELECT coalesce(sum(length(body)), 0) FROM text)"
        ).fetchone()
        sizes = [(self.folder / row.name).stat().st_size for row in segments]
        return {
            "works": int(meta["works"]),
            "licences": counts,
            "letters": letters,
            "segments": len(segments),
            "index_bytes": sum(sizes),
            "text_bytes": body,
            "digest": digest_of(meta),
        }

    def works(self, numbers: Sequence[int]) -> dict[int, Work]:
        """Return the works with these numbers; those that were removed are left out."""
        query = f"SELECT body, {_ROW} FROM work JOIN text USING (id) WHERE id IN "
        found = self._each(query, numbers)
        return {row[1]: Row(*row[1:]).work(unpacked(row[0])) for row in found}

    def texts(self) -> Iterator[tuple[int, str]]:
        """Yield number and text of every work."""
        for number, body in self.connection.execute("SELECT id, body FROM text ORDER BY id"):
            yield number, unpacked(body)

    def insert(self, rows: Sequence[Row], bodies: Sequence[bytes]) -> None:
        """Insert works and their packed texts."""
        marks = ",".join("?" * len(Row._fields))
        self.connection.executemany(f"INSERT INTO work ({_ROW}) VALUES ({marks})", rows)
        texts = ((row.id, body) for row, body in zip(rows, bodies, strict=True))
        self.connection.executemany("INSERT INTO text VALUES (?, ?)", texts)
        self._count(len(rows), sum(_value(row) for row in rows))

    def replace(self, old: Row, new: Row) -> None:
        """Put ``new`` in the place of ``old``, with the same number."""
        marks = ",".join(f"{name} = ?" for name in Row._fields)
        self.connection.execute(f"UPDATE work SET {marks} WHERE id = ?", (*new, old.id))
        self._count(0, _value(new) - _value(old))

    def delete(self, numbers: Sequence[int]) -> int:
        """Delete works and their texts; return how many there were."""
        found = [Row(*row) for row in self._each(f"SELECT {_ROW} FROM work WHERE id IN ", numbers)]
        gone = [(row.id,) for row in found]
        self.connection.executemany("DELETE FROM work WHERE id = ?", gone)
        self.connection.executemany("DELETE FROM text WHERE id = ?", gone)
        self._count(-len(gone), -sum(_value(row) for row in found))
        self.put("removed", int(self.meta()["removed"]) + len(gone))
        return len(gone)

    def _each(self, query: str, keys: Sequence[Any]) -> Iterator[Any]:
        """Yield the rows of ``query``, which ends in IN, for ``keys``, some at a time."""
        for start in range(0, len(keys), _AT_ONCE):
            some = keys[start : start + _AT_ONCE]
            yield from self.connection.execute(f"{query} ({','.join('?' * len(some))})", some)

    def _count(self, works: int, digests: int) -> None:
        facts = self.meta()
        total = (int(facts["sum"], 16) + digests) % _SUM
        self.put("works", int(facts["works"]) + works, "sum", f"{total:x}")


def digest_of(facts: Mapping[str, str]) -> str:
    """Return the digest of all works, by the facts about the catalogue."""
    content = "\0".join(facts[name] for name in ("method", "works", "sum"))
    return "sha256:" + hashlib.sha256(content.encode()).hexdigest()


def _value(row: Row) -> int:
    return int.from_bytes(row.digest, "big")


def id_of(number: int) -> str:
    """Return the id that people see: W000012."""
    return f"W{number:06d}"


def number_of(work_id: str) -> int | None:
    """Return the number behind an id, None for what is no id."""
    digits = work_id.strip().upper().removeprefix("W")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 10 else None


def packed(text: str) -> bytes:
    """Compress a text without lone surrogates."""
    return zlib.compress(text.encode(_ENCODING), 1)


def unpacked(body: bytes) -> str:
    """Return the text that :func:`packed` compressed.

    Raises:
        StoreError: W001, it is damaged.
    """
    try:
        return zlib.decompress(body).decode(_ENCODING)
    except (zlib.error, UnicodeDecodeError) as error:
        raise StoreError("W001", where=NAME, problem="一篇作品的文字已损坏") from error


def storable(text: str) -> str:
    """Return ``text`` with lone surrogates replaced: neither files nor SQLite can hold them."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def method() -> str:
    """Digest all that decides which fingerprints a text has; an index made otherwise is useless."""
    folding = (resources.folder("data") / "text" / "folding.txt").read_bytes()
    numbers = (
        fingerprints.VERSION,
        fingerprints.GRAM,
        fingerprints.WINDOW,
        fingerprints.HASH_BITS,
        STOCK,
        segment.FORMAT,
    )
    return hashlib.blake2b(repr(numbers).encode() + folding, digest_size=16).hexdigest()
