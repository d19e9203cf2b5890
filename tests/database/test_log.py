"""Time goes forward only: in what is written, and in what is verified."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import datetime, timedelta

import pytest
from college import NOW, PEOPLE, REGISTRY, register, signing_keys
from forgery import chain_again
from made_up import small
from sqlalchemy import URL

from screening.database.log import TOLERANCE, append
from screening.errors import RefusedError, StoreError, UsageError
from screening.registry.registrar import Registrar
from screening.settings import load_settings
from screening.tickets.audit_export import audit_export
from screening.tickets.decisions import Decision
from screening.tickets.desk import Desk
from screening.tickets.store import Store
from screening.tickets.ticket import Kind, State

SCHOOL = load_settings("nowhere").school
SECOND, YEAR = timedelta(seconds=1), timedelta(days=365)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "tickets.sqlite3"


@pytest.fixture
def desk_at(path):
    """A maker of desks on one store, each with its own clock; everybody is registered."""
    store = Store.at(URL.create("sqlite", database=str(path)))
    register(store)
    return lambda now: Desk(store, lambda: now)


def submit(desk):
    return desk.submit(small(), "jd-wechat", by=PEOPLE["li"]).number


@pytest.mark.parametrize(
    ("back", "written"),
    [
        (-SECOND, NOW + SECOND),
        (0 * SECOND, NOW),
        (SECOND, NOW),
        (TOLERANCE, NOW),
        (TOLERANCE + SECOND, None),
        (YEAR, None),
    ],
)
def test_a_clock_that_goes_back(desk_at, back, written):
    number = submit(desk_at(NOW))
    late = desk_at(NOW - back)
    if written is None:
        with pytest.raises(StoreError, match=r"T008.*校准这台机器的时间.*screening store clock"):
            late.decide(number, PEOPLE["wang"], Decision(Kind.APPROVED))
    else:
        ticket = late.decide(number, PEOPLE["wang"], Decision(Kind.APPROVED))
        assert ticket.events[-1].at == written
        assert ticket.status.until == written + timedelta(days=30)
    assert late.audit().faults == ()
    assert late.ticket(number).status.state is (
        State.AWAITING_DEPARTMENT if written is None else State.APPROVED
    )


@pytest.mark.parametrize(
    "attempt",
    [
        lambda desk, _: submit(desk),
        lambda desk, number: desk.withdraw(number, PEOPLE["li"]),
        lambda desk, number: desk.rescreen(lambda _: small("另一句。")),
        lambda desk, number: register(desk.store),
    ],
)
def test_nothing_is_written_long_before_the_last_event(desk_at, attempt):
    number = submit(desk_at(NOW + YEAR))
    before = desk_at(NOW).audit()
    with pytest.raises(StoreError, match="T008"):
        attempt(desk_at(NOW), number)
    assert desk_at(NOW).audit() == before


@pytest.fixture
def registrar(desk_at):
    database = desk_at(NOW).store.database
    return Registrar(database, lambda: NOW, SCHOOL, {"root": "adm"})


def test_a_wrong_time_that_was_written_is_corrected_by_an_event(desk_at, registrar):
    number = submit(desk_at(NOW + YEAR))
    desk = desk_at(NOW)
    with pytest.raises(RefusedError, match=r"P003.*adm"):
        registrar.correct_clock("服务器时间快了一年", PEOPLE["wang"])
    registrar.correct_clock("服务器时间快了一年", REGISTRY.people["adm"])
    with pytest.raises(UsageError, match="没有要更正的"):
        registrar.correct_clock("服务器时间快了一年", REGISTRY.people["adm"])
    assert desk.withdraw(number, PEOPLE["li"]).status.since == NOW
    assert desk.audit().faults == ()
    with desk.store.reading() as ledger:
        log = [event.kind for event in ledger.entry(number).events]
    assert log == [Kind.SUBMITTED, Kind.SCREENED, Kind.WITHDRAWN]


def test_an_approval_from_a_time_to_come_releases_nothing(desk_at, registrar, tmp_path):
    ring = signing_keys(desk_at(NOW).store, tmp_path / "keys")
    number = submit(desk_at(NOW))
    desk_at(NOW + YEAR).decide(number, PEOPLE["wang"], Decision(Kind.APPROVED))
    registrar.correct_clock("服务器时间快了一年", REGISTRY.people["adm"])
    with pytest.raises(RefusedError, match=r"P005.*还没有到"):
        desk_at(NOW).release(number, PEOPLE["li"], small(), ring.active)


@pytest.mark.parametrize(
    ("minutes", "found"),
    [
        ((0, 0, 1, 5), []),
        ((0, 5, 4, 4, 6), [3]),
        ((9, 8, 7, 7), [2, 3]),
        ((0, 600, 1, 2), [3]),
    ],
)
def test_the_audit_finds_every_event_earlier_than_the_one_before(path, minutes, found):
    store = Store.at(URL.create("sqlite", database=str(path)))
    with store.writing() as ledger:
        for _ in minutes:
            append(ledger.connection, "noted", NOW, "adm", {})
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TRIGGER event_no_update")
        for place, minute in enumerate(minutes, 1):
            at = (datetime(2026, 3, 5) + timedelta(minutes=minute)).isoformat() + "+00:00"
            connection.execute("UPDATE event SET at = ? WHERE sequence = ?", (at, place))
        connection.commit()
    chain_again(path)
    desk = Desk(store, lambda: NOW)
    faults = desk.audit().faults
    assert [fault.sequence for fault in faults] == found
    assert all("比前一条" in fault.problem for fault in faults)
    lines = "".join(f"{line}\n" for line in desk.export()).encode()
    assert [fault.sequence for fault in audit_export(lines).faults] == found


def test_a_damaged_time_at_the_end_is_coded(path):
    store = Store.at(URL.create("sqlite", database=str(path)))
    for text in ("soon", "2026-03-05T01:30:00"):
        with store.writing() as ledger:
            append(ledger.connection, "noted", NOW, "adm", {})
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("DROP TRIGGER IF EXISTS event_no_update")
            connection.execute("UPDATE event SET at = ?", (text,))
            connection.commit()
        with (
            pytest.raises(StoreError, match=r"T002.*时间读不懂"),
            store.writing() as ledger,
        ):
            append(ledger.connection, "noted", NOW, "adm", {})
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("DROP TRIGGER IF EXISTS event_no_delete")
            connection.execute("DELETE FROM event")
            connection.commit()
