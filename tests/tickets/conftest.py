from __future__ import annotations

import postgres
import pytest
from college import NOW
from sqlalchemy import URL

from screening.database.engine import open_engine
from screening.tickets.desk import Desk
from screening.tickets.store import Store


@pytest.fixture(scope="session")
def cluster():
    """A PostgreSQL server of our own."""
    with postgres.cluster() as running:
        yield running


@pytest.fixture(scope="session")
def prepared(cluster):
    """The address of a store that has its tables."""
    url = cluster.database()
    open_engine(url).dispose()
    return url


@pytest.fixture
def server(prepared):
    """The address of an empty store on the server."""
    postgres.empty(prepared)
    return prepared


@pytest.fixture
def path(tmp_path):
    return tmp_path / "tickets.sqlite3"


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, path):
    """Where the tests of this folder keep their tickets: everything is tried on both."""
    if request.param == "sqlite":
        return URL.create("sqlite", database=str(path))
    return request.getfixturevalue("server")


@pytest.fixture
def open_desk(url):
    """A maker of desks on one store, so that a test can open it twice."""

    def make(now=NOW):
        return Desk(Store.at(url), lambda: now)

    return make


@pytest.fixture
def desk(open_desk):
    return open_desk()
