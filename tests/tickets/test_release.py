"""Only what was approved is released; permits and keys show whatever was done to them."""

from __future__ import annotations

import base64
import json
import os
import stat
from datetime import timedelta

import pytest
from college import NOW, PEOPLE, found, major, register, signing_keys
from cryptography.hazmat.primitives.asymmetric import ed25519
from made_up import small
from msgspec import to_builtins
from msgspec.structs import replace

from screening.conceal import conceal
from screening.database.log import append
from screening.draft import Span, Unscreened
from screening.errors import PermitError, RefusedError
from screening.finding import Failure, Severity
from screening.registry.records import Standing
from screening.registry.store import Rolls
from screening.tickets import key_log
from screening.tickets.decisions import Answer, Decision
from screening.tickets.judgements import Judgement
from screening.tickets.keys import Keyring, key_id, read_key, written
from screening.tickets.permit import faults, objections, parse, sign
from screening.tickets.signing import is_genuine
from screening.tickets.ticket import Kind, State

PLANNED = NOW + timedelta(days=3)
APPROVE = Decision(Kind.APPROVED)


@pytest.fixture
def desk(desk):
    register(desk.store)
    return desk


@pytest.fixture
def ring(desk, tmp_path):
    return signing_keys(desk.store, tmp_path / "keys")


def approved(desk, screening=None, planned=None):
    """File a draft, let everybody approve it that has to; return its number."""
    number = desk.submit(screening or small(), "jd-wechat", by=PEOPLE["li"], planned=planned).number
    ticket = desk.decide(number, PEOPLE["wang"], APPROVE)
    if ticket.status.state is State.AWAITING_PUBLICITY:
        desk.decide(number, PEOPLE["sun"], APPROVE)
    return number


def test_what_was_approved_is_released(desk, ring):
    screening = major()
    number = approved(desk, screening, PLANNED)
    digest = screening.draft.digest
    signed = desk.release(number, PEOPLE["li"], screening, ring.active, planned=PLANNED)
    permit = signed.read()
    assert (permit.ticket, permit.digest, permit.account) == (number, digest, "jd-wechat")
    assert (permit.account_name, permit.releaser) == ("机电青年", "li示例")
    assert [(item.step, item.name, item.office) for item in permit.approvals] == [
        ("department", "wang示例", "机电学院部门负责人"),
        ("publicity", "sun示例", "宣传部审核员"),
    ]
    assert (permit.issued, permit.begins, permit.planned) == (NOW, PLANNED, PLANNED)
    assert permit.ends == NOW + timedelta(days=30)
    ticket = desk.ticket(number)
    assert ticket.status.state is State.RELEASED
    assert ticket.events[-1].payload["permit"] == to_builtins(signed)
    assert faults(signed, ring.keys()) == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"text": "今天放晴。"}, "不一致"),
        ({"account": "jj-wechat"}, "批准的是账号 jd-wechat"),
        ({"planned": PLANNED + timedelta(minutes=1)}, "计划发布时间"),
    ],
)
def test_anything_else_is_refused(desk, ring, change, words):
    screening = small()
    number = approved(desk, screening, PLANNED)
    asked = {"text": "今天下雨。", "account": "jd-wechat", "planned": PLANNED} | change
    with pytest.raises(RefusedError, match=words) as caught:
        desk.release(number, PEOPLE["li"], small(asked.pop("text")), ring.active, **asked)
    assert caught.value.code == "P005"
    assert desk.ticket(number).status.state is State.APPROVED


def with_property(words, severity):
    """Screen the same draft again, with one finding more where no digest looks."""
    screening = small()
    (mark,) = found(words, severity).findings
    draft = screening.draft
    fields = {**draft.fields, "properties": words}
    span = Span("properties", 0, len(words))
    item = replace(mark, span=span, id=f"X-{words}", severity=severity)
    return replace(screening, draft=replace(draft, fields=fields), findings=(item,))


@pytest.mark.parametrize("severity", [Severity.REVIEW, Severity.ESCALATE, Severity.BLOCK])
def test_what_stands_in_the_properties_alone_is_not_released(desk, ring, severity):
    """A digest leaves out author and keywords: nobody was asked about what is found there."""
    number = approved(desk)
    with pytest.raises(RefusedError, match=r"P005.*批准时没有的发现：WOR001（文件属性）.*请删去"):
        desk.release(number, PEOPLE["li"], with_property("内部", severity), ring.active)
    assert desk.ticket(number).status.state is State.APPROVED
    assert desk.release(number, PEOPLE["li"], with_property("王", Severity.NOTICE), ring.active)


def test_what_was_answered_in_the_properties_is_released(desk, ring):
    screening = with_property("内部", Severity.REVIEW)
    number = desk.submit(screening, "jd-wechat", by=PEOPLE["li"]).number
    answer = Answer("X-内部", Judgement.CONFIRMED, "是栏目名称")
    desk.decide(number, PEOPLE["wang"], Decision(Kind.APPROVED, answers=(answer,)))
    assert desk.release(number, PEOPLE["li"], screening, ring.active)


@pytest.mark.parametrize(
    "gap", [{"unscreened": (Unscreened("图片", "没有文字"),)}, {"failures": (Failure("a", "b"),)}]
)
def test_a_file_that_is_not_screened_whole_is_not_released(desk, ring, gap):
    number = approved(desk)
    with pytest.raises(RefusedError, match=r"P005.*这次有内容没有审查到"):
        desk.release(number, PEOPLE["li"], small(**gap), ring.active)


def test_who_and_when(desk, ring, open_desk):
    waiting = desk.submit(small(), "jd-wechat", by=PEOPLE["li"]).number
    number = approved(desk)
    with pytest.raises(RefusedError, match="待部门审批"):
        desk.release(waiting, PEOPLE["li"], small(), ring.active)
    with pytest.raises(RefusedError, match="可以办的人：boss"):
        desk.release(number, PEOPLE["qian"], small(), ring.active)
    late = open_desk(NOW + timedelta(days=30))
    with pytest.raises(RefusedError, match="过期"):
        late.release(number, PEOPLE["li"], small(), ring.active)
    desk.release(number, PEOPLE["zhao"], small(), ring.active)
    with pytest.raises(RefusedError, match="已放行"):
        desk.release(number, PEOPLE["zhao"], small(), ring.active)


def test_planned_for_after_the_approval_ends(desk, ring):
    number = approved(desk, planned=NOW + timedelta(days=31))
    with pytest.raises(RefusedError, match="批准只到"):
        desk.release(number, PEOPLE["li"], small(), ring.active)


def test_a_new_revision_voids_the_old_content(desk, ring):
    number = approved(desk)
    desk.submit(small("今天放晴。"), "jd-wechat", number=number, by=PEOPLE["li"])
    with pytest.raises(RefusedError, match="待部门审批"):
        desk.release(number, PEOPLE["li"], small(), ring.active)


def test_without_a_usable_key_nothing_is_released(desk, ring):
    number, key = approved(desk), ring.active()
    key.private.chmod(0o644)
    with pytest.raises(PermitError, match=r"K004.*chmod 600"):
        desk.release(number, PEOPLE["li"], small(), ring.active)
    assert desk.ticket(number).status.state is State.APPROVED


@pytest.fixture
def signed(desk, ring):
    return desk.release(approved(desk, planned=PLANNED), PEOPLE["li"], small(), ring.active)


def leaves(value, path=()):
    """Yield the path of every single value in plain JSON values."""
    if isinstance(value, dict):
        for name, item in value.items():
            yield from leaves(item, (*path, name))
    elif isinstance(value, list):
        for place, item in enumerate(value):
            yield from leaves(item, (*path, place))
    else:
        yield path


def altered(whole, path, change):
    """Return a copy of ``whole`` with the value at ``path`` changed."""
    whole = json.loads(json.dumps(whole))
    place = whole
    for name in path[:-1]:
        place = place[name]
    place[path[-1]] = change(place[path[-1]])
    return whole


def verdict(whole, keys):
    """Return whether a permit is found wanting, by whatever way."""
    try:
        return bool(faults(parse(json.dumps(whole)), keys))
    except PermitError:
        return True


def test_every_altered_value_of_a_permit_is_found(signed, ring):
    whole, keys = to_builtins(signed), ring.keys()
    assert not verdict(whole, keys)
    paths = list(leaves(whole))
    assert len(paths) > 18
    changes = (
        lambda value: f"{value}x",
        lambda value: (value or "z")[:-1] if isinstance(value, str) else None,
        lambda value: value.replace("2026", "2027") if isinstance(value, str) else 7,
        lambda value: value.swapcase() if isinstance(value, str) else value,
        lambda value: None,
    )
    for path in paths:
        for change in changes:
            forged = altered(whole, path, change)
            assert forged == whole or verdict(forged, keys), (path, forged)


def test_nothing_can_be_added_dropped_or_said_twice(signed, ring):
    whole, keys = to_builtins(signed), ring.keys()
    assert verdict(whole | {"more": 1}, keys)
    assert verdict(whole | {"permit": whole["permit"] | {"more": 1}}, keys)
    assert verdict(whole | {"permit": whole["permit"] | {"approvals": []}}, keys)
    for name in whole:
        assert verdict({key: value for key, value in whole.items() if key != name}, keys)
    twice = json.dumps(whole).replace('"digest":', '"digest": "sha256:1", "digest":', 1)
    with pytest.raises(PermitError, match="K001"):
        parse(twice)
    for text in ("", "{}", "[1]", "null", "[" * 9000, "\ud800"):
        with pytest.raises(PermitError, match="K001"):
            parse(text)


def test_a_signature_is_written_one_way(signed, ring):
    padded = base64.b64decode(signed.signature)
    odd = base64.b64encode(padded).decode()[:-3] + chr(ord(signed.signature[-3]) + 1) + "=="
    for other in (odd, signed.signature + "\n", signed.signature.rstrip("=")):
        assert not is_genuine(replace(signed, signature=other), ring.active())


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({}, None),
        ({"account": "jd-wechat", "planned": PLANNED}, None),
        ({"digest": "sha256:0"}, "不一致"),
        ({"account": "school"}, "批准的是账号 jd-wechat"),
        ({"planned": NOW}, "计划发布时间"),
        ({"now": PLANNED - timedelta(seconds=1)}, "还没到发布时间"),
        ({"now": NOW + timedelta(days=30)}, "已过有效期"),
    ],
)
def test_what_a_permit_is_good_for(signed, asked, words):
    terms = {"digest": small().draft.digest, "now": PLANNED} | asked
    said = list(objections(signed.read(), terms.pop("digest"), terms.pop("now"), **terms))
    assert [words in item for item in said] == [True] if words else said == []


def test_old_permits_verify_after_the_key_changed(signed, ring):
    old, new = ring.rotate(NOW + timedelta(days=1))
    assert faults(signed, ring.keys()) == []
    assert [key.private is None for key in ring.keys().values()] == [True, False]
    assert ring.active().id == new.id != old.id
    with pytest.raises(PermitError, match="K002"):
        faults(signed, {new.id: new})


def test_every_message_can_name_a_key(tmp_path, monkeypatch):
    """An id of hexadecimal digits may hold a number long enough to be masked: no key gets one."""
    keys = {}
    for seed in range(2000):
        key = ed25519.Ed25519PrivateKey.from_private_bytes(seed.to_bytes(32, "big"))
        keys[key_id(key.public_key().public_bytes_raw())] = key
    masked = next(name for name in keys if conceal(name) != name)
    plain = next(name for name in keys if conceal(name) == name)
    offered = iter([keys[masked], keys[plain]])
    monkeypatch.setattr(ed25519.Ed25519PrivateKey, "generate", lambda: next(offered))
    assert Keyring(tmp_path / "keys").make(NOW).id == plain


def test_a_key_that_the_log_does_not_know_signs_nothing(desk, ring, tmp_path):
    """A home's keys copied beside another store, or a key that somebody made by hand."""
    number = approved(desk)
    foreign = Keyring(tmp_path / "elsewhere").make(NOW)
    with pytest.raises(PermitError, match=f"K006.*{foreign.id}"):
        desk.release(number, PEOPLE["li"], small(), lambda: foreign)
    with desk.store.writing() as ledger:
        kind, payload = key_log.retired(ring.active())
        append(ledger.connection, kind, NOW, "adm", payload)
    with pytest.raises(PermitError, match="已停用"):
        desk.release(number, PEOPLE["li"], small(), ring.active)
    assert desk.ticket(number).status.state is State.APPROVED


def test_what_a_stolen_key_signs_after_it_was_retired_is_refused(signed, ring):
    stolen = ring.active()
    kept = stolen.private.read_bytes()
    ring.rotate(NOW - timedelta(hours=1))
    stolen.private.write_bytes(kept)
    stolen.private.chmod(0o600)
    assert "停用" in faults(sign(signed.read(), stolen), ring.keys())[0]


def test_the_state_is_looked_at_before_the_key(desk):
    number = desk.submit(small(), "jd-wechat", by=PEOPLE["li"]).number
    with pytest.raises(RefusedError, match="待部门审批"):
        desk.release(number, PEOPLE["li"], small(), lambda: pytest.fail("asked"))


@pytest.mark.parametrize("state", [Standing.SUSPENDED, Standing.CLOSED])
def test_nothing_goes_out_on_an_account_that_is_out_of_use(desk, ring, state):
    number = approved(desk)
    with desk.store.writing() as ledger:
        account = ledger.registry().accounts["jd-wechat"]
        Rolls(ledger.connection).put(replace(account, state=state), NOW, "adm")
    with pytest.raises(RefusedError, match=f"P005.*jd-wechat 已{state.label}"):
        desk.release(number, PEOPLE["li"], small(), ring.active)


def test_private_keys_are_private(tmp_path, ring):
    (private,) = (tmp_path / "keys").glob("*.key")
    assert stat.S_IMODE(private.stat().st_mode) == 0o600
    assert stat.S_IMODE(private.parent.stat().st_mode) == 0o700
    assert b"PRIVATE" in private.read_bytes()
    key = ring.active()
    assert "PRIVATE" not in written(key)
    with pytest.raises(PermitError, match="K005"):
        ring.make(NOW)


def test_broken_keys_are_coded(tmp_path, ring):
    (path,) = (tmp_path / "keys").glob("*.json")
    whole = json.loads(path.read_text("utf-8"))
    other = base64.b64encode(os.urandom(32)).decode()
    for broken in ("", "[]", json.dumps(whole | {"public": other}), json.dumps(whole | {"x": 1})):
        path.write_text(broken, "utf-8")
        with pytest.raises(PermitError, match="K004"):
            read_key(path)
    path.write_text(json.dumps(whole), "utf-8")
    ring.active().private.write_text("PRIVATE?", "utf-8")
    ring.active().private.chmod(0o600)
    with pytest.raises(PermitError, match=r"K004.*读不懂"):
        ring.active().sign(b"x")
