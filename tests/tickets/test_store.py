from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from made_up import made_up, small
from msgspec.structs import replace
from sqlalchemy import URL

from screening.database import FILE
from screening.database.engine import open_engine
from screening.database.schema import HEAD, METADATA
from screening.errors import StoreError
from screening.settings import load_settings
from screening.text.masking import Masker
from screening.tickets import open_desk

RAW = "11010519900307292X"


@pytest.fixture
def url(path):
    """The file itself is looked at here."""
    return URL.create("sqlite", database=str(path))


def run_sql(path, *statements):
    with closing(sqlite3.connect(path)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def test_migrations_make_the_schema_that_the_code_expects(path):
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with open_engine(URL.create("sqlite", database=str(path))).connect() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, METADATA) == []
        assert context.get_current_revision() == HEAD


def test_head_is_the_newest_migration():
    versions = Path(sys.modules["screening.database"].__file__).parent / "migrations/versions"
    steps = sorted(item.name[:4] for item in versions.glob("[0-9]*.py"))
    assert steps[-1] == HEAD
    assert steps == [f"{count:04}" for count in range(1, len(steps) + 1)]


def test_an_up_to_date_store_opens_without_alembic(path, desk):
    program = (
        "import sys; from sqlalchemy import URL; from screening.tickets.store import Store; "
        f"Store.at(URL.create('sqlite', database={str(path)!r})); print('alembic' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout == "False\n"


def test_the_package_loads_no_sqlalchemy():
    program = "import sys, screening.tickets; print('sqlalchemy' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout == "False\n"


def test_a_newer_store_is_left_alone(path, desk, open_desk):
    run_sql(path, "UPDATE alembic_version SET version_num = '0999'")
    before = path.read_bytes()
    with pytest.raises(StoreError) as caught:
        open_desk()
    assert caught.value.code == "T003"
    assert "0999" in str(caught.value)
    assert path.read_bytes() == before


@pytest.mark.parametrize("content", [b"not a database at all" * 100, b"SQLite format 3\0" * 200])
def test_a_file_that_is_no_database(path, open_desk, content):
    path.write_bytes(content)
    with pytest.raises(StoreError) as caught:
        open_desk()
    assert caught.value.code == "T002"
    assert path.read_bytes() == content


def test_a_folder_in_the_place_of_the_store(path, open_desk):
    path.mkdir()
    with pytest.raises(StoreError, match=r"T002.*不能读写"):
        open_desk()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE event SET payload = '{' WHERE ordinal = 1",
        "UPDATE event SET payload = '[]' WHERE ordinal = 2",
        "UPDATE event SET kind = 'dreamt' WHERE ordinal = 2",
        "UPDATE event SET at = 'yesterday'",
        "UPDATE revision SET document = '{}'",
        "UPDATE revision SET document = 'null'",
        "UPDATE revision SET document = x'ff'",
        "UPDATE ticket SET created = ''",
        "DROP TABLE revision",
    ],
)
def test_damaged_records_are_coded(path, desk, open_desk, statement):
    number = desk.submit(small(), "a", "张三").number
    names = ("revision_no_update", "event_no_update", "ticket_no_update")
    run_sql(path, *(f"DROP TRIGGER {name}" for name in names), statement)
    with pytest.raises(StoreError) as caught:
        open_desk().ticket(number)
    assert caught.value.code == "T002"


def test_random_damage_gives_a_ticket_or_a_code(path, desk, open_desk):
    for _ in range(20):
        desk.submit(made_up(), "a", "张三")
    whole = path.read_bytes()
    for place in range(0, len(whole), max(1, len(whole) // 40)):
        path.write_bytes(whole[:place] + b"\xa5" * 64 + whole[place + 64 :])
        try:
            damaged = open_desk()
            for entry in damaged.tickets():
                damaged.ticket(entry.number)
        except StoreError as error:
            assert error.code in {"T001", "T002", "T003"}


@pytest.mark.parametrize("table", ["event", "revision", "ticket"])
def test_what_was_recorded_cannot_be_changed(path, desk, table):
    desk.submit(small(), "a", "张三")
    column = "year" if table == "ticket" else "ordinal"
    for statement in (f"UPDATE {table} SET {column} = 9", f"DELETE FROM {table}"):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            run_sql(path, statement)


def test_a_busy_store_says_so(path, desk, monkeypatch, open_desk):
    monkeypatch.setattr("screening.database.engine.BUSY_SECONDS", 0)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match=r"T004.*占用"):
            open_desk().submit(small(), "a", "张三")
        assert open_desk().tickets() == ()


SUBMIT_SOME = """
import sys
from made_up import small
from screening.settings import load_settings
from screening.tickets import open_desk

home, count, *number = sys.argv[1:]
desk = open_desk(load_settings(home))
print(*(desk.submit(small(), "a", "张三", *number).number for _ in range(int(count))))
"""


def submit_at_once(home, processes, count, *number):
    """Let several processes submit to one home; return the numbers that they got."""
    command = [sys.executable, "-c", SUBMIT_SOME, str(home), str(count), *number]
    environment = os.environ | {"PYTHONPATH": str(Path(made_up.__code__.co_filename).parent)}
    running = [
        subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
        for _ in range(processes)
    ]
    outputs = [process.communicate()[0] for process in running]
    assert [process.returncode for process in running] == [0] * processes
    return [number for output in outputs for number in output.split()]


def test_processes_at_once_get_distinct_numbers(tmp_path):
    """They meet in a home without a store, so they also race to make it."""
    numbers = submit_at_once(tmp_path, 6, 8)
    assert sorted(numbers) == [f"{numbers[0][:4]}-{count:04}" for count in range(1, 49)]
    entries = open_desk(load_settings(tmp_path)).tickets()
    assert {entry.revisions for entry in entries} == {1}


def test_processes_at_once_revise_one_ticket(tmp_path):
    number, *_ = submit_at_once(tmp_path, 1, 1)
    assert set(submit_at_once(tmp_path, 3, 5, number)) == {number}
    ticket = open_desk(load_settings(tmp_path)).ticket(number)
    assert [revision.ordinal for revision in ticket.revisions] == list(range(1, 17))
    assert [event.ordinal for event in ticket.events] == list(range(1, 33))


def test_no_raw_personal_number_is_stored(tmp_path):
    screening = small(f"身份证号{RAW}，请查收。")
    masked = replace(screening, draft=Masker.of([RAW]).draft(screening.draft))
    desk = open_desk(load_settings(tmp_path))
    with closing(sqlite3.connect(tmp_path / FILE)) as held:  # keeps the write-ahead log in place
        held.execute("SELECT * FROM ticket").fetchall()
        desk.submit(masked, "a", "张三")
        files = {item.name: item.read_bytes() for item in tmp_path.glob(FILE + "*")}
    assert FILE + "-wal" in files
    stored = b"".join(files.values())
    assert b"11010519********2X" in stored
    assert RAW.encode() not in stored
    assert RAW[8:16].encode() not in stored
