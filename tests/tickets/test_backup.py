"""A backup gives back the whole store, on either kind of database, or nothing at all."""

from __future__ import annotations

import gzip

import pytest
from click.testing import CliRunner
from college import NOW, PEOPLE, major, register
from made_up import made_up, small
from sqlalchemy import URL

from screening.cli.main import cli
from screening.errors import StoreError
from screening.tickets.decisions import Decision
from screening.tickets.desk import Desk
from screening.tickets.store import Store
from screening.tickets.ticket import Kind


@pytest.fixture
def kept(tmp_path):
    """A desk with a history in a file, and its backup."""
    url = URL.create("sqlite", database=str(tmp_path / "old.sqlite3"))
    desk = Desk(Store.at(url), lambda: NOW)
    register(desk.store)
    for screening in (made_up(), major(), small()):
        desk.submit(screening, "jd-wechat", by=PEOPLE["li"])
    desk.decide("2026-0002", PEOPLE["wang"], Decision(Kind.APPROVED))
    path = tmp_path / "backup.gz"
    assert desk.store.backup(path) > 20
    return desk, path


def test_everything_comes_back_and_goes_on(kept, desk, tmp_path):
    old, path = kept
    count, done = desk.restore(path)
    assert (done.faults, done.head) == ((), old.audit().head)
    assert desk.registry() == old.registry()
    for item in old.tickets():
        assert desk.ticket(item.number) == old.ticket(item.number)
    assert desk.submit(small(), "jd-wechat", by=PEOPLE["li"]).number == "2026-0004"
    assert desk.audit().faults == ()
    again = tmp_path / "again.gz"
    assert desk.store.backup(again) == count + 5  # ticket, revision, overview and two events


def test_only_an_empty_store_is_filled(kept, desk):
    desk.submit(small(), "a", "张三")
    with pytest.raises(StoreError, match=r"T006.*不是空的"):
        desk.restore(kept[1])
    assert len(desk.tickets()) == 1


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data[:-1],
        lambda data: data[: len(data) // 2],
        lambda data: b"\n".join(data.splitlines()[:-1]),
        lambda data: data.replace("机电青年".encode("unicode_escape"), b"x", 1),
        lambda data: data.replace(b'"version":"0', b'"version":"9', 1),
        lambda data: data + b"{}",
        lambda data: b"",
    ],
)
def test_a_damaged_backup_restores_nothing(kept, desk, damage):
    _, path = kept
    data = gzip.decompress(path.read_bytes())
    other = damage(data)
    if other == data[:-1]:  # the last line break alone carries nothing
        other = data[:-3]
    path.write_bytes(gzip.compress(other))
    with pytest.raises(StoreError, match="T006"):
        desk.restore(path)
    assert (desk.tickets(), desk.audit().events) == ((), 0)


def test_what_is_no_backup_at_all(kept, desk):
    _, path = kept
    path.write_bytes(b"no backup")
    with pytest.raises(StoreError, match="T006"):
        desk.restore(path)
    cut = gzip.compress(b'{"schema"')[:-9]
    path.write_bytes(cut)
    with pytest.raises(StoreError, match="T006"):
        desk.restore(path)


def test_as_commands(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def run(home, *arguments):
        return CliRunner().invoke(cli, ["--home", home, *arguments])

    assert run("one", "department", "add", "jd", "--name", "机电学院").exit_code == 0
    assert "已备份" in run("one", "store", "backup", "库.gz").output
    assert "1 条记录没有被改动过" in run("two", "store", "restore", "库.gz").output
    assert "机电学院" in run("two", "department", "list").output
    assert run("three", "store", "restore", "没有.gz").exception.code == "U001"
