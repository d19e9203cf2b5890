"""A store of the first release, with tickets in it, comes up to date and loses nothing."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from college import NOW
from made_up import made_up, small
from sqlalchemy import URL, create_engine, text

from screening.database import engine as engine_module
from screening.document import to_document
from screening.finding import Target, Verdict
from screening.tickets.desk import Desk
from screening.tickets.store import Store
from screening.tickets.ticket import Kind, State

MIGRATIONS = Path(engine_module.__file__).parent / "migrations"
#: what the first release wrote: number → the drafts' screenings
FIRST = {1: [made_up(), small("改好了。")], 2: [small(verdict=Verdict.BLOCK)], 3: [small("甲")]}


def submitted(ordinal, screening):
    digest = screening.draft.digest
    return {"revision": ordinal, "digest": digest, "title": screening.draft.title}


def screened(ordinal, screening):
    to = screening.route.to.value
    return {"revision": ordinal, "verdict": screening.verdict.value, "route": to}


def first_release(connection):
    """Write the tickets of :data:`FIRST` as the first release wrote them."""
    for number, screenings in FIRST.items():
        connection.execute(
            text("INSERT INTO ticket VALUES (:n, 2025, :n, 'wzpt-weibo', '张三', NULL, :at)"),
            {"n": number, "at": "2025-12-30T01:30:00+00:00"},
        )
        events = []
        for ordinal, screening in enumerate(screenings, 1):
            document = json.dumps(to_document(screening, text=True), separators=(",", ":"))
            connection.execute(
                text("INSERT INTO revision VALUES (:n, :ordinal, :digest, :document)"),
                {"n": number, "ordinal": ordinal, "digest": screening.draft.digest,
                 "document": document},
            )  # fmt: skip
            events.append(("submitted", "张三", submitted(ordinal, screening)))
            events.append(("screened", "screening", screened(ordinal, screening)))
        for ordinal, (kind, actor, payload) in enumerate(events, 1):
            connection.execute(
                text("INSERT INTO event VALUES (:n, :ordinal, :kind, :at, :actor, :payload)"),
                {"n": number, "ordinal": ordinal, "kind": kind, "actor": actor,
                 "at": f"2025-12-30T0{ordinal}:30:00+00:00", "payload": json.dumps(payload)},
            )  # fmt: skip


@pytest.fixture
def url(tmp_path):
    """A store of the first release."""
    url = URL.create("sqlite", database=str(tmp_path / "tickets.sqlite3"))
    with create_engine(url).begin() as connection:
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", str(MIGRATIONS))
        command.upgrade(config, "0001")
        first_release(connection)
    return url


@pytest.fixture
def desk(url):
    return Desk(Store.at(url), lambda: NOW)


def test_tickets_of_the_first_release_are_all_there(desk):
    assert [(item.number, item.state, item.revisions) for item in desk.tickets()] == [
        ("2025-0003", State.AWAITING_DEPARTMENT, 1),
        ("2025-0002", State.BLOCKED, 1),
        ("2025-0001", State.AWAITING_DEPARTMENT, 2),
    ]
    for number, screenings in FIRST.items():
        ticket = desk.ticket(f"2025-{number:04}")
        assert [item.screening for item in ticket.revisions] == screenings
        assert len(ticket.events) == 2 * len(screenings)
    assert desk.ticket("2025-0001").status.route is Target.DEPARTMENT


def test_the_old_log_is_chained_and_sealed(desk, url):
    assert desk.audit().faults == ()
    assert desk.audit().events == 8
    with closing(sqlite3.connect(url.database)) as connection:
        connection.execute("DROP TRIGGER revision_no_update")
        connection.execute("UPDATE revision SET document = replace(document, '甲', '乙')")
        connection.execute("UPDATE revision SET digest = 'sha256:0' WHERE ticket = 3")
        connection.commit()
    assert [fault.ticket for fault in desk.audit().faults] == ["2025-0003"]


def test_old_tickets_live_on(desk):
    ticket = desk.submit(small("再改。"), "wzpt-weibo", "李四", "2025-0002")
    assert ticket.status.state is State.AWAITING_DEPARTMENT
    assert desk.submit(small(), "wzpt-weibo", "李四").number == f"{NOW.year}-0001"
    assert desk.audit().faults == ()


def test_what_blocked_without_naming_passages_is_screened_again(desk):
    (done,) = desk.rescreen(lambda found: found.revision.screening)
    assert (done.number, done.after) == ("2025-0002", State.BLOCKED)
    assert desk.ticket("2025-0002").events[-1].kind is Kind.RESCREENED


def test_coming_up_to_date_twice_changes_nothing(url, desk):
    before = Path(url.database).read_bytes()
    assert len(Desk(Store.at(url), lambda: NOW).tickets()) == 3
    assert Path(url.database).read_bytes() == before
