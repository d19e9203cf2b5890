"""What both stores have to do in their own way, and what only a server does."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from college import NOW, PEOPLE, register
from made_up import made_up, small
from sqlalchemy.exc import SQLAlchemyError

from screening.database import engine
from screening.database.chain import GENESIS
from screening.database.engine import open_engine, store_url, writing
from screening.database.log import links
from screening.database.schema import HEAD, METADATA
from screening.errors import RefusedError, SettingsError, StoreError
from screening.settings import load_settings
from screening.tickets import open_desk as desk_of
from screening.tickets.decisions import Decision
from screening.tickets.desk import Desk
from screening.tickets.store import Store
from screening.tickets.ticket import Kind


def test_migrations_make_the_schema_that_the_code_expects(url):
    with open_engine(url).connect() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, METADATA) == []
        assert context.get_current_revision() == HEAD


@pytest.mark.parametrize("table", ["event", "revision", "ticket"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET {} = 9", "DELETE FROM {}"])
def test_what_was_recorded_cannot_be_changed(url, desk, table, statement):
    desk.submit(small(), "a", "张三")
    column = "year" if table == "ticket" else "ordinal"
    with (
        pytest.raises(SQLAlchemyError, match="append-only"),
        writing(open_engine(url)) as connection,
    ):
        connection.exec_driver_sql(statement.format(table, column))


def test_hostile_text_comes_back_as_it_was(desk, open_desk):
    screening = made_up()
    number = desk.submit(screening, "a", "张三").number
    assert open_desk().ticket(number).revision.screening == screening


def test_two_reviewers_at_once_one_wins_the_other_is_told(url):
    """Both have read the same revision; both really meet at the store."""
    register(Store.at(url))
    number = Desk(Store.at(url), lambda: NOW).submit(small(), "jd-wechat", by=PEOPLE["li"]).number
    barrier = threading.Barrier(2)

    def decide(key, kind):
        desk = Desk(Store.at(url), lambda: NOW)
        read = desk.ticket(number).status.drafts
        barrier.wait()
        try:
            desk.decide(number, PEOPLE[key], Decision(kind, read, "意见"))
        except (StoreError, RefusedError) as error:
            return error.code
        return kind.value

    with ThreadPoolExecutor(2) as pool:
        told = [
            task.result()
            for task in (
                pool.submit(decide, "wang", Kind.APPROVED),
                pool.submit(decide, "gao", Kind.REJECTED),
            )
        ]
    decided = [event.kind.value for event in Desk(Store.at(url), lambda: NOW).ticket(number).events]
    won = [word for word in told if word in ("approved", "rejected")]
    # a rejection may follow an approval, never the other way; each decision stands in the log once
    assert decided[2:] == won or decided[2:] == ["approved", "rejected"]
    assert all(word in ("approved", "rejected", "P001", "T005") for word in told)


def test_who_read_an_old_revision_is_told(desk):
    register(desk.store)
    number = desk.submit(small(), "jd-wechat", by=PEOPLE["li"]).number
    desk.submit(small("今天放晴。"), "jd-wechat", number=number, by=PEOPLE["li"])
    with pytest.raises(StoreError, match="T005"):
        desk.decide(number, PEOPLE["wang"], Decision(Kind.APPROVED, 1))
    assert [event.kind for event in desk.ticket(number).events if event.kind is Kind.APPROVED] == []


def test_a_busy_store_says_so(url, desk, monkeypatch, open_desk):
    monkeypatch.setattr(engine, "BUSY_SECONDS", 0.05)
    with writing(open_engine(url)), pytest.raises(StoreError, match=r"T004.*占用"):
        open_desk().submit(small(), "a", "张三")
    assert open_desk().tickets() == ()


def test_many_at_once_get_distinct_numbers(url):
    Store.at(url)

    def submit(_):
        return Desk(Store.at(url), lambda: NOW).submit(small(), "a", "张三").number

    with ThreadPoolExecutor(6) as pool:
        numbers = sorted(pool.map(submit, range(24)))
    assert numbers == [f"2026-{count:04}" for count in range(1, 25)]
    with Store.at(url).reading() as ledger:
        chain = list(links(ledger.connection))
    assert [link.record.sequence for link in chain] == list(range(1, 49))
    assert [link.previous for link in chain] == [GENESIS, *(link.digest for link in chain[:-1])]


def test_processes_may_meet_in_an_empty_database(cluster):
    url = cluster.database()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: Store.at(url), range(4)))
    assert Desk(Store.at(url), lambda: NOW).tickets() == ()


def test_a_newer_store_is_left_alone(url, desk, open_desk):
    with writing(open_engine(url)) as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0999'")
    with pytest.raises(StoreError, match=r"T003.*0999"):
        open_desk()


def test_the_address_comes_from_the_settings(tmp_path, server, monkeypatch):
    plain = server.set(drivername="postgresql").render_as_string(hide_password=False)
    monkeypatch.setenv("SCREENING_STORE", plain)
    desk = desk_of(load_settings(tmp_path))
    number = desk.submit(small(), "a", "张三").number
    assert Desk(Store.at(server), lambda: NOW).ticket(number).account == "a"
    assert not list(tmp_path.glob("*.sqlite3"))


@pytest.mark.parametrize("text", ["mysql://x/y", "sqlite:///x", "postgresql://h:port/x"])
def test_other_addresses_are_refused(tmp_path, monkeypatch, text):
    monkeypatch.setenv("SCREENING_STORE", text)
    with pytest.raises(SettingsError, match="S002"):
        store_url(load_settings(tmp_path))


def test_a_server_that_is_not_there(tmp_path, monkeypatch):
    monkeypatch.setenv("SCREENING_STORE", f"postgresql://me:hush@/none?host={tmp_path}")
    with pytest.raises(StoreError, match=r"T002.*连不上") as caught:
        desk_of(load_settings(tmp_path))
    assert "hush" not in str(caught.value)
