from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy import URL

from screening.tickets.desk import Desk
from screening.tickets.store import Store

NOW = datetime(2026, 3, 5, 9, 30, tzinfo=timezone(timedelta(hours=8)))


@pytest.fixture
def path(tmp_path):
    return tmp_path / "tickets.sqlite3"


@pytest.fixture
def url(path):
    """Where the tests of this folder keep their tickets."""
    return URL.create("sqlite", database=str(path))


@pytest.fixture
def open_desk(url):
    """A maker of desks on one store, so that a test can open it twice."""

    def make(now=NOW):
        return Desk(Store.at(url), lambda: now)

    return make


@pytest.fixture
def desk(open_desk):
    return open_desk()
