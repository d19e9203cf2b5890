"""Whatever is done to the stored record, ``audit verify`` finds it."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest
from college import NOW, PEOPLE, found, major, register, signing_keys
from forgery import chain_again
from made_up import small
from msgspec import to_builtins
from sqlalchemy import URL, create_engine

from screening.database.chain import Record
from screening.database.schema import METADATA
from screening.finding import Category, Severity
from screening.registry.store import Rolls
from screening.tickets.audit import audit
from screening.tickets.decisions import Answer, Decision
from screening.tickets.desk import Desk
from screening.tickets.judgements import Judgement
from screening.tickets.keys import Keyring
from screening.tickets.permit import parse, sign
from screening.tickets.store import Store
from screening.tickets.ticket import Kind
from screening.tickets.writer import Writer

PLANNED = NOW + timedelta(days=3)
TABLES = sorted(METADATA.tables)


def live(desk, folder):
    """Let a few tickets live through everything that can happen so far."""
    register(desk.store)
    with desk.store.writing() as ledger:
        Rolls(ledger.connection).set_hash("wang", "$argon2id$made-up", NOW, "adm")
    blocked = found("某段话", Severity.BLOCK, Category.VULGAR)
    one = desk.submit(blocked, "jd-wechat", by=PEOPLE["li"]).number
    answer = Answer("WOR001-1", Judgement.DISMISSED, "引用公开案例")
    desk.dismiss(one, PEOPLE["sun"], answer, NOW + timedelta(days=9))
    desk.submit(small(), "jd-wechat", by=PEOPLE["li"], number=one)
    desk.decide(one, PEOPLE["wang"], Decision(Kind.APPROVED))
    two = desk.submit(major(), "jd-wechat", by=PEOPLE["zhao"]).number
    desk.decide(two, PEOPLE["wang"], Decision(Kind.APPROVED))
    desk.decide(two, PEOPLE["sun"], Decision(Kind.RETURNED, rationale="请核对人数"))
    desk.rescreen(lambda _: found("新问题"))
    three = desk.submit(major(), "jd-wechat", by=PEOPLE["zhao"], planned=PLANNED).number
    for who in ("gao", "sun"):
        desk.decide(three, PEOPLE[who], Decision(Kind.APPROVED, rationale="同意"))
    ring = signing_keys(desk.store, folder)
    desk.release(three, PEOPLE["li"], major(), ring.active)
    desk.revoke(three, PEOPLE["sun"], "活动取消")


@pytest.fixture(scope="module")
def lived(tmp_path_factory):
    """A database file with a history, without triggers: the intruder took them away."""
    path = tmp_path_factory.mktemp("audit") / "lived.sqlite3"
    live(Desk(Store.at(URL.create("sqlite", database=str(path))), lambda: NOW), path.parent)
    with closing(sqlite3.connect(path)) as connection:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for (name,) in names.fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        connection.commit()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path


@pytest.fixture(scope="module")
def engine(lived):
    """Who writes past the software: no foreign keys, no triggers."""
    made = create_engine(URL.create("sqlite", database=str(lived)))
    yield made
    made.dispose()


@pytest.fixture
def tamper(engine):
    """Run statements; return what the audit says of it, and leave everything as it was."""

    def run(*statements, head=None):
        with engine.connect() as connection:
            for statement, *values in statements:
                connection.exec_driver_sql(statement, *values)
            done = audit(connection, head)
            connection.rollback()
        return done

    return run


def words(done):
    return [(fault.sequence, fault.problem) for fault in done.faults]


def test_an_untouched_record_is_whole(tamper):
    done = tamper()
    assert done.faults == ()
    assert done.events > 20
    assert tamper(head=done.head).faults == ()


def rows_of(path, table):
    with closing(sqlite3.connect(path)) as connection:
        connection.row_factory = sqlite3.Row
        return [dict(row) for row in connection.execute(f"SELECT rowid AS _row, * FROM {table}")]


def changed(value):
    """Return every way in which a cell may be altered a little."""
    if value is None:
        return ["x"]
    if isinstance(value, int):
        return [value + 1000]
    ways = [value + " ", value[:-1], ""]
    if value.startswith("{"):
        ways.append(json.dumps(json.loads(value) | {"x": 1}))
    return [way for way in ways if way != value]


@pytest.mark.parametrize("table", TABLES)
def test_every_altered_cell_is_found(lived, tamper, table):
    rows = rows_of(lived, table)
    assert rows, "nothing to tamper with"
    for row in (*rows[:2], *rows[2:-1:5], rows[-1]):
        for column, value in row.items():
            if column == "_row":
                continue
            for other in changed(value)[-1:]:
                statement = f"UPDATE OR IGNORE {table} SET {column} = ? WHERE rowid = ?"
                done = tamper((statement, (other, row["_row"])))
                assert done.faults, (table, row, column, other)


@pytest.mark.parametrize("table", TABLES)
def test_every_removed_row_is_found(lived, tamper, table):
    for row in rows_of(lived, table):
        done = tamper((f"DELETE FROM {table} WHERE rowid = ?", (row["_row"],)))
        assert done.faults, (table, row)


def test_an_altered_event_is_named(tamper):
    done = tamper(("UPDATE event SET actor = 'gao' WHERE sequence = 25",))
    assert (25, "的内容被改动过") in words(done)
    assert len([fault for fault in done.faults if fault.sequence]) == 1


def test_a_removed_event_is_named(tamper):
    done = tamper(("DELETE FROM event WHERE sequence = 24",))
    assert words(done)[0] == (24, "被删去了")
    done = tamper(("DELETE FROM event WHERE sequence BETWEEN 20 AND 23",))
    assert words(done)[0] == (20, "到第 23 条被删去了")


def test_a_removed_event_is_found_where_the_numbers_were_closed_up(tamper):
    done = tamper(
        ("DELETE FROM event WHERE sequence = 24",),
        ("UPDATE event SET sequence = -sequence WHERE sequence > 24",),
        ("UPDATE event SET sequence = -sequence - 1 WHERE sequence < 0",),
    )
    assert words(done)[0] == (24, "之前有记录被删去，它原来是第 25 条")


def test_reordered_events_are_named(tamper):
    done = tamper(
        ("UPDATE event SET sequence = -1 WHERE sequence = 22",),
        ("UPDATE event SET sequence = 22 WHERE sequence = 25",),
        ("UPDATE event SET sequence = 25 WHERE sequence = -1",),
    )
    told = dict(words(done))
    assert told[22] == "之前有记录被删去，它原来是第 25 条" or "原来是第 25 条" in told[22]
    assert "原来是第 22 条" in told[25]


def test_an_inserted_event_is_named(lived, tamper):
    head = next(row for row in rows_of(lived, "event") if row["sequence"] == 23)
    record = Record(24, None, None, "registered", head["at"], "x", "{}", "")
    done = tamper(
        ("UPDATE event SET sequence = -sequence WHERE sequence >= 24",),
        ("UPDATE event SET sequence = -sequence + 1 WHERE sequence < 0",),
        (
            "INSERT INTO event VALUES (24, NULL, NULL, 'registered', ?, 'x', '{}', '', ?, ?)",
            (head["at"], head["digest"], record.digest(head["digest"])),
        ),
    )
    assert (24, "是后来插进来的") in words(done)


def test_events_cut_off_the_end_are_found(tamper):
    whole = tamper()
    cut = f"DELETE FROM event WHERE sequence = {whole.events}"
    assert tamper((cut,)).faults
    assert "末尾" in words(tamper((cut,), head=whole.head))[-1][1]


def test_a_forged_approval_is_found_even_in_a_sound_chain(open_desk):
    """Whoever writes events through the software still meets the rules for who may what."""
    desk = open_desk()
    register(desk.store)
    number = desk.submit(small(), "jd-wechat", by=PEOPLE["boss"]).number
    payload = {"step": "department", "rationale": "", "answers": [], "seen": "",
               "by": {"name": "x", "office": "x"}, "until": NOW.isoformat()}  # fmt: skip
    with desk.store.writing() as ledger:
        entry = ledger.entry(number)
        writer = Writer(ledger, number, entry.status, len(entry.events), NOW)
        writer.event(Kind.APPROVED, "boss", payload)
    assert [fault.problem for fault in desk.audit().faults] == ["第 3 条记录的批准人不合规定"]


def released(path):
    """Return the rows of the release, and its payload."""
    (row,) = [row for row in rows_of(path, "event") if row["kind"] == "released"]
    return row, json.loads(row["payload"])


def forged(lived, tmp_path, payload):
    """Put another payload into the release, mend the chain; return what the audit says."""
    path = tmp_path / "forged.sqlite3"
    shutil.copyfile(lived, path)
    row, _ = released(lived)
    with closing(sqlite3.connect(path)) as connection:
        change = "UPDATE event SET payload = ? WHERE sequence = ?"
        text = json.dumps(payload, separators=(",", ":"))
        connection.execute(change, (text, row["sequence"]))
        connection.commit()
    chain_again(path)
    return words(Desk(Store.at(URL.create("sqlite", database=str(path))), lambda: NOW).audit())


def test_a_mended_chain_alone_is_whole(lived, tmp_path):
    assert forged(lived, tmp_path, released(lived)[1]) == []


def test_an_altered_permit_is_found_though_the_chain_was_mended(lived, tmp_path):
    for name, value in released(lived)[1]["permit"]["permit"].items():
        _, payload = released(lived)
        other = {str: f"{value}0", list: []}.get(type(value), 7)
        payload["permit"]["permit"][name] = other
        assert forged(lived, tmp_path, payload), name


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"permit": None}, "读不懂"),
        ({"digest": "sha256:00"}, "写的摘要与记录不符"),
        ({"by": {"name": "x", "office": "y"}}, "写的放行人与记录不符"),
    ],
)
def test_a_release_that_its_permit_does_not_bear_out_is_found(lived, tmp_path, change, said):
    _, payload = released(lived)
    found = forged(lived, tmp_path, payload | change)
    assert [problem.endswith(said) for _, problem in found] == [True], found


def test_a_permit_by_a_key_that_nobody_recorded_is_found(lived, tmp_path):
    _, payload = released(lived)
    signed = parse(json.dumps(payload["permit"]))
    stranger = Keyring(tmp_path / "keys").make(NOW)
    payload["permit"] = to_builtins(sign(signed.read(), stranger))
    assert [problem for _, problem in forged(lived, tmp_path, payload)] == [
        "第 5 条记录的放行单由没有登记的密钥签名"
    ]
