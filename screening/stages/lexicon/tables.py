"""Tables of rules and of what a school keeps about them: CSV that opens in Excel, written whole."""

from __future__ import annotations

import csv
import io
import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from screening.errors import RulesError, StoreError, why

Row = Mapping[str, str]

#: what makes Excel take a cell for a formula; such cells are written behind an apostrophe
_FORMULA = tuple("=+-@＝＋－＠\t\r")
_GUARD = "'"
#: seconds to wait while another process writes
_PATIENCE = 60.0


def read_table(path: Path, columns: Sequence[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the number of each row's last line, and the row.

    Raises:
        RulesError: L001, not UTF-8, or not these columns.
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        try:
            if list(reader.fieldnames or ()) != list(columns):
                raise RulesError("L001", where=path.name, problem="列名应为 " + ",".join(columns))
            for row in reader:
                if None in row or None in row.values():
                    problem = f"第{reader.line_num}行列数不对"
                    raise RulesError("L001", where=path.name, problem=problem)
                yield (
                    reader.line_num,
                    {
                        name: _plain(cell) if cell[:1] == _GUARD else cell
                        for name, cell in row.items()
                    },
                )
        except (UnicodeDecodeError, csv.Error) as error:
            raise RulesError("L001", where=path.name, problem=str(error)) from error


def write_table(path: Path, columns: Sequence[str], rows: Iterable[Row]) -> None:
    """Write a table whole or not at all; no cell of it is a formula to Excel.

    Raises:
        StoreError: L011, the file cannot be written.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows([_guarded(row[name]) for name in columns] for row in rows)
    draft = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    with _storing(path):
        try:
            with draft.open("wb") as file:
                file.write(text.getvalue().encode("utf-8-sig", "replace"))
                file.flush()
                os.fsync(file.fileno())
            draft.replace(path)
        finally:
            with suppress(OSError):
                draft.unlink(missing_ok=True)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Let one process at a time change the tables of ``folder``, which is made if need be.

    SQLite's own file lock does it: it works on every system and dies with its process.

    Raises:
        StoreError: L011, the folder cannot be used, or another process keeps it too long.
    """
    with _storing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / "lock.db"
        lock = sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None)
    with closing(lock):
        with _storing(folder):
            lock.execute("BEGIN EXCLUSIVE")
        yield


@contextmanager
def _storing(path: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        raise StoreError("L011", where=str(path), problem=why(error)) from error


def _guarded(cell: str) -> str:
    return _GUARD + cell if cell.lstrip(_GUARD).startswith(_FORMULA) else cell


def _plain(cell: str) -> str:
    return cell[1:] if cell.lstrip(_GUARD).startswith(_FORMULA) else cell
