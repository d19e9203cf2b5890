"""Tickets in a place that cannot be written are still read."""

from __future__ import annotations

import os
import tempfile
from contextlib import contextmanager
from pathlib import Path

import pytest
from college import NOW, PEOPLE, register
from made_up import small
from sqlalchemy import URL

from screening.database.engine import Database
from screening.errors import StoreError
from screening.tickets.archive import Archive
from screening.tickets.desk import Desk
from screening.tickets.store import Store

NOBODY = 65534


@pytest.fixture
def home():
    """A folder that is not below one of root's alone."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder) / "学校 100%?#"


@contextmanager
def unable_to_write(folder):
    """Take the right to write away, from root by being somebody else."""
    was = os.geteuid()
    folder.chmod(0o555)
    try:
        if was == 0:
            os.seteuid(NOBODY)
        yield
    finally:
        os.seteuid(was)
        folder.chmod(0o755)


def url_in(home):
    return URL.create("sqlite", database=str(home / "t.sqlite3"))


def submit(desk):
    return desk.submit(small(), "jd-wechat", by=PEOPLE["li"]).number


@pytest.fixture
def desk(home):
    home.mkdir()
    desk = Desk(Store.at(url_in(home)), lambda: NOW)
    register(desk.store)
    return desk


def test_tickets_are_read_where_nothing_can_be_written(home, desk):
    number = submit(desk)
    with unable_to_write(home):
        archive = Archive(Store(Database(url_in(home), read_only=True)))
        assert [item.number for item in archive.tickets()] == [number]
        assert archive.ticket(number).status.title == ""
        assert archive.audit().faults == ()
        with pytest.raises(StoreError, match="T002"):
            submit(Desk(archive.store, lambda: NOW))
        with pytest.raises(StoreError, match="T002"):
            Store.at(url_in(home))
    assert [path.name for path in home.iterdir()] == ["t.sqlite3"]


def test_what_another_program_is_just_writing_is_seen(home, desk):
    with desk.store.reading() as ledger:  # keeps the newest changes out of the file itself
        ledger.numbers([])
        number = submit(desk)
        for path in home.iterdir():
            path.chmod(0o644)
        with unable_to_write(home):
            archive = Archive(Store(Database(url_in(home), read_only=True)))
            assert [item.number for item in archive.tickets()] == [number]


def test_a_place_that_can_be_written_is_as_ever(home):
    home.mkdir()
    archive = Archive(Store(Database(url_in(home), read_only=True)))
    assert archive.tickets() == ()
    assert (home / "t.sqlite3").exists()
