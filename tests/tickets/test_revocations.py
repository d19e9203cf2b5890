"""What was released can be taken back, and whoever verifies a permit can come to know of it."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from college import NOW, PEOPLE, register, signing_keys
from made_up import small
from msgspec import to_builtins
from sqlalchemy import URL

from screening.clock import local
from screening.errors import PermitError, RefusedError, UsageError
from screening.tickets.decisions import Decision
from screening.tickets.desk import Desk
from screening.tickets.permit import faults, sign
from screening.tickets.revocations import fingerprint, listed, read_revocations
from screening.tickets.store import Store
from screening.tickets.ticket import Kind, State

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def ring(desk, tmp_path):
    register(desk.store)
    return signing_keys(desk.store, tmp_path / "keys")


def release(desk, ring):
    """Bring a draft to its release; return its permit."""
    number = desk.submit(small(), "jd-wechat", by=PEOPLE["li"]).number
    desk.decide(number, PEOPLE["wang"], Decision(Kind.APPROVED))
    return desk.release(number, PEOPLE["li"], small(), ring.active)


@pytest.fixture
def permits(desk, ring, open_desk):
    """Two permits, the first one revoked an hour later."""
    first, second = release(desk, ring), release(desk, ring)
    open_desk(LATER).revoke("2026-0001", PEOPLE["zhou"], "活动因天气取消")
    return first, second


@pytest.mark.parametrize("who", ["li", "zhao", "wang", "qian", "adm"])
def test_only_publicity_takes_a_release_back(desk, ring, who):
    release(desk, ring)
    with pytest.raises(RefusedError, match=r"P001.*不能作废.*可以办的人：.*sun示例（sun）"):
        desk.revoke("2026-0001", PEOPLE[who], "")
    assert desk.ticket("2026-0001").status.state is State.RELEASED


def test_a_release_taken_back_is_over(open_desk, permits):
    desk = open_desk(LATER)
    ticket = desk.ticket("2026-0001")
    assert (ticket.status.state, ticket.status.approvals) == (State.REVOKED, ())
    assert ticket.events[-1].payload == {
        "revision": 1,
        "rationale": "活动因天气取消",
        "by": {"name": "zhou示例", "office": "宣传部审核员"},
    }
    attempts = (
        lambda: desk.submit(small(), "jd-wechat", by=PEOPLE["li"], number="2026-0001"),
        lambda: desk.decide("2026-0001", PEOPLE["gao"], Decision(Kind.APPROVED)),
        lambda: desk.revoke("2026-0001", PEOPLE["sun"], "再作废一次"),
        lambda: desk.withdraw("2026-0001", PEOPLE["li"]),
    )
    for attempt in attempts:
        with pytest.raises(RefusedError, match=r"现在是“已作废”.*请另开一张"):
            attempt()
    assert desk.audit().faults == ()


@pytest.mark.parametrize("reason", ["", "x", "。"])
def test_taking_back_wants_a_reason(desk, ring, reason):
    release(desk, ring)
    with pytest.raises(UsageError, match="U002"):
        desk.revoke("2026-0001", PEOPLE["sun"], reason)


def test_only_what_was_released_is_taken_back(desk, ring):
    desk.submit(small(), "jd-wechat", by=PEOPLE["li"])
    with pytest.raises(RefusedError, match="待部门审批"):
        desk.revoke("2026-0001", PEOPLE["sun"], "活动取消")


def test_the_signature_stays_genuine_so_the_store_or_a_list_has_to_say_it(desk, ring, permits):
    first, second = permits
    assert faults(first, ring.keys()) == []
    assert desk.objections(first) == [
        f"放行单已于 {local(LATER)} 由zhou示例（宣传部审核员）作废：活动因天气取消"
    ]
    assert desk.objections(second) == []
    signed = desk.revocations(ring.active(), LATER)
    known = read_revocations(json.dumps(to_builtins(signed)), ring.keys())
    assert [(item.ticket, item.permit, item.at) for item in known.revoked] == [
        ("2026-0001", fingerprint(first), LATER)
    ]
    assert ["作废" in item for item in listed(first, known)] == [True]
    assert list(listed(second, known)) == []


def test_a_list_from_before_the_release_says_nothing_of_it(desk, ring, permits):
    known = read_revocations(
        json.dumps(to_builtins(desk.revocations(ring.active(), NOW - timedelta(days=1)))),
        ring.keys(),
    )
    assert ["比放行单早" in item for item in listed(permits[1], known)] == [True]


def test_a_permit_that_another_store_issued_is_told(desk, ring, permits, tmp_path):
    other = Desk(Store.at(URL.create("sqlite", database=str(tmp_path / "b.sqlite3"))), lambda: NOW)
    register(other.store)
    assert other.objections(permits[1]) == ["审批库里没有签发过这张放行单"]
    forged = sign(permits[1].read(), ring.rotate(NOW)[1])
    assert desk.objections(forged) == ["审批库里没有签发过这张放行单"]


def leaves(value, path=()):
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    for name, item in pairs:
        if isinstance(item, dict | list):
            yield from leaves(item, (*path, name))
        else:
            yield (*path, name)


def test_every_altered_value_of_a_list_is_found(desk, ring, permits):
    whole = to_builtins(desk.revocations(ring.active(), LATER))
    paths = list(leaves(whole))
    assert len(paths) == 7
    for path in paths:
        forged = place = json.loads(json.dumps(whole))
        for name in path[:-1]:
            place = place[name]
        place[path[-1]] = place[path[-1]].replace("2026", "2027").swapcase() + "0"
        with pytest.raises(PermitError, match=r"K00[27]"):
            read_revocations(json.dumps(forged), ring.keys())
    emptied = whole | {"revocations": whole["revocations"] | {"revoked": []}}
    for text in (json.dumps(emptied), json.dumps(whole | {"x": 1}), "", "[]", "[" * 9000):
        with pytest.raises(PermitError, match="K007"):
            read_revocations(text, ring.keys())


def test_a_permit_is_no_list_and_a_list_no_permit(desk, ring, permits):
    with pytest.raises(PermitError, match="K007"):
        read_revocations(json.dumps(to_builtins(permits[0])), ring.keys())


def test_a_key_of_another_store_signs_no_list(desk, ring, permits):
    foreign = ring.rotate(NOW)[1]  # the log does not know of it
    with pytest.raises(PermitError, match="K006"):
        desk.revocations(foreign, LATER)
