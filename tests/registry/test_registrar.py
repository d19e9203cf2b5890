"""Who may register, how people prove who they are, and what comes back from the store."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from college import PEOPLE, RECORDS
from msgspec.structs import replace
from sqlalchemy import URL

from screening.database.engine import Database
from screening.errors import RefusedError, RegistryError
from screening.registry.records import Account, Department, Person, Standing
from screening.registry.registrar import Registrar
from screening.registry.registry import Registry
from screening.settings import load_settings

SECRET = "correct horse"
NOW = datetime(2026, 3, 5, tzinfo=UTC)


@pytest.fixture
def make(tmp_path):
    school = load_settings(tmp_path).school
    database = Database(URL.create("sqlite", database=str(tmp_path / "t.sqlite3")))

    def registrar(**logins):
        return Registrar(database, lambda: NOW, school, logins)

    return registrar


@pytest.fixture
def registrar(make):
    made = make()
    made.put(RECORDS, None)
    return made


def test_records_come_back_as_they_were(make, registrar):
    assert make().registry() == Registry.of(RECORDS)
    left = replace(PEOPLE["li"], state=Standing.CLOSED, posts=())
    done = registrar.put([left, PEOPLE["zhao"], Department("lib", "图书馆")], None)
    assert [item.id for item in done.added + done.changed + done.same] == ["lib", "li", "zhao"]
    assert make().registry().people["li"] == left


def test_an_id_is_registered_once(registrar):
    with pytest.raises(RegistryError) as caught:
        registrar.add(Department("jd", "别的"), None)
    assert caught.value.code == "R002"


def test_all_or_none(registrar):
    before = registrar.registry()
    with pytest.raises(RegistryError):
        registrar.put([Department("lib", "图书馆"), Account("a", "b", "c", 9, "jd")], None)
    assert registrar.registry() == before


def test_anybody_registers_until_an_administrator_can_prove_himself(make, registrar):
    registrar.add(Department("a", "甲处"), None)
    registrar.set_secret("adm", SECRET, None)
    for by in (None, PEOPLE["wang"]):
        with pytest.raises(RefusedError, match=r"P003.*adm示例（adm）"):
            registrar.add(Department("b", "乙处"), by)
    registrar.add(Department("b", "乙处"), PEOPLE["adm"])
    with pytest.raises(RefusedError):
        make().set_secret("wang", SECRET, PEOPLE["li"])


def test_a_login_in_the_settings_proves_an_administrator(make, registrar):
    with pytest.raises(RefusedError, match="P003"):
        make(root="adm").add(Department("b", "乙处"), None)


def test_the_last_administrator_stays(registrar):
    registrar.set_secret("adm", SECRET, None)
    for gone in (
        replace(PEOPLE["adm"], state=Standing.CLOSED),
        replace(PEOPLE["adm"], posts=PEOPLE["li"].posts),
    ):
        with pytest.raises(RegistryError, match="最后一位"):
            registrar.put([gone], PEOPLE["adm"])
    assert registrar.registry().people["adm"] == PEOPLE["adm"]


def test_secrets(registrar):
    registrar.set_secret("wang", SECRET, None)
    assert registrar.identify("wang", lambda: SECRET, "") == PEOPLE["wang"]
    assert registrar.identify("wang示例", lambda: SECRET, "") == PEOPLE["wang"]
    for secret in (lambda: SECRET + " ", lambda: "", lambda: "\ud800", None):
        with pytest.raises(RefusedError, match=r"P006.*口令"):
            registrar.identify("wang", secret, "")
    with pytest.raises(RefusedError, match="还没有口令"):
        registrar.identify("li", lambda: SECRET, "")
    with pytest.raises(RegistryError, match="R001"):
        registrar.identify("nobody", lambda: SECRET, "")


@pytest.mark.parametrize("weak", ["", "short", "wangshili-long"])
def test_weak_secrets(registrar, weak):
    registrar.put([Person("wangshili-long", "王", PEOPLE["wang"].posts)], None)
    with pytest.raises(RegistryError, match="口令"):
        registrar.set_secret("wangshili-long", weak, None)


def test_everybody_changes_the_own_secret(registrar):
    registrar.set_secret("adm", SECRET, None)
    registrar.set_secret("wang", SECRET, PEOPLE["wang"])
    registrar.set_secret("wang", SECRET + "!", PEOPLE["wang"])
    with pytest.raises(RefusedError):
        registrar.identify("wang", lambda: SECRET, "")


def test_logins(make, registrar):
    mapped = make(wanglogin="wang")
    assert mapped.identify(None, None, "wanglogin") == PEOPLE["wang"]
    assert mapped.identify("wang", None, "wanglogin") == PEOPLE["wang"]
    with pytest.raises(RefusedError, match="没有写明身份"):
        mapped.identify(None, None, "other")
    with pytest.raises(RefusedError, match="还没有口令"):
        mapped.identify("gao", None, "wanglogin")


def test_whoever_left_is_nobody(make, registrar):
    registrar.put([replace(PEOPLE["wang"], state=Standing.CLOSED)], None)
    with pytest.raises(RefusedError, match="没有在任的职务"):
        make(wanglogin="wang").identify(None, None, "wanglogin")


def test_secrets_are_stored_as_argon2id_only(registrar, tmp_path):
    registrar.set_secret("wang", SECRET, None)
    stored = b"".join(path.read_bytes() for path in tmp_path.glob("t.sqlite3*"))
    assert b"$argon2id$v=19$m=65536,t=3,p=4$" in stored
    assert SECRET.encode() not in stored
