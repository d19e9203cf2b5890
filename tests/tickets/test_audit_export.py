"""The log handed out verifies on its own; whatever is done to a line of it is found."""

from __future__ import annotations

import json
from datetime import timedelta
from hashlib import sha256

import pytest
from college import NOW, PEOPLE, major, register, signing_keys
from made_up import small

from screening.errors import StoreError
from screening.tickets.audit_export import audit_export
from screening.tickets.decisions import Decision
from screening.tickets.desk import Desk
from screening.tickets.ticket import Kind

LATER = NOW + timedelta(days=1)


@pytest.fixture
def desk(open_desk, tmp_path):
    """Two tickets: one released today, one submitted and returned tomorrow."""
    desk = open_desk()
    register(desk.store)
    ring = signing_keys(desk.store, tmp_path / "keys")
    number = desk.submit(major(), "jd-wechat", by=PEOPLE["li"]).number
    for who in ("wang", "sun"):
        desk.decide(number, PEOPLE[who], Decision(Kind.APPROVED, rationale="同意\u2028\ud800"))
    desk.release(number, PEOPLE["li"], major(), ring.active)
    later = Desk(desk.store, lambda: LATER)
    other = later.submit(small(), "jd-wechat", by=PEOPLE["li"]).number
    later.decide(other, PEOPLE["gao"], Decision(Kind.RETURNED, rationale="请改"))
    return desk


def lines_of(desk, *terms):
    return [line.encode() + b"\n" for line in desk.export(*terms)]


def problems(lines, noted=None):
    return [fault.problem for fault in audit_export(b"".join(lines), noted).faults]


def test_the_whole_log_verifies_on_its_own(desk):
    lines = lines_of(desk)
    done = audit_export(b"".join(lines), noted=desk.audit().head)
    assert done == desk.audit()
    events = [json.loads(line) for line in lines[1:-1]]
    assert [event["sequence"] for event in events] == list(range(1, done.events + 1))
    (_, approved) = [event for event in events if event["kind"] == "approved"]
    assert approved["payload"]["rationale"] == "同意\u2028\ud800"
    assert "同意" in lines[approved["sequence"]].decode(), "people can read it"


@pytest.mark.parametrize(
    ("terms", "kinds"),
    [
        (("2026-0001",), ["submitted", "screened", "approved", "approved", "released"]),
        (("2026-0002",), ["submitted", "screened", "returned"]),
        ((None, LATER), ["submitted", "screened", "returned"]),
        (("2026-0001", LATER), []),
        ((None, NOW + timedelta(days=9)), []),
        ((None, None, NOW - timedelta(days=90)), []),
    ],
)
def test_a_part_of_the_log_verifies_on_its_own(desk, terms, kinds):
    lines = lines_of(desk, *terms)
    assert [json.loads(line)["kind"] for line in lines[1:-1]] == kinds
    assert problems(lines) == []


def test_all_up_to_a_time_begins_with_the_first_event(desk):
    lines = lines_of(desk, None, None, LATER)
    assert json.loads(lines[1])["sequence"] == 1
    assert problems(lines) == []
    assert problems(lines, noted=desk.audit().head)[-1].startswith("抄下的链尾不在记录里")


@pytest.mark.parametrize("terms", [(), ("2026-0001",), (None, NOW)])
def test_every_altered_value_is_found(desk, terms):
    lines = lines_of(desk, *terms)
    for at, line in enumerate(lines):
        for name, value in json.loads(line).items():
            other = json.loads(line) | {name: "x" if isinstance(value, str) else 7}
            forged = [*lines[:at], json.dumps(other).encode() + b"\n", *lines[at + 1 :]]
            try:
                assert problems(forged), (at, name)
            except StoreError as error:
                assert (at, error.code) == (0, "T007")


@pytest.mark.parametrize("terms", [(), ("2026-0001",), (None, NOW)])
def test_every_removed_doubled_or_moved_line_is_found(desk, terms):
    lines = lines_of(desk, *terms)
    for at in range(1, len(lines)):
        assert problems([*lines[:at], *lines[at + 1 :]]), at
        assert problems([*lines[: at + 1], lines[at], *lines[at + 1 :]]), at
        assert problems([lines[0], *lines[at:], *lines[1:at]]) or at == 1, at


def ended(lines):
    """Give lines that were tampered with an end that fits, as a forger would."""
    end = json.loads(lines[-1])
    body = b"".join(lines[:-1])
    digest = json.loads(lines[-2])["digest"]
    end |= {"events": len(lines) - 2, "head": digest, "lines": f"sha256:{sha256(body).hexdigest()}"}
    return [*lines[:-1], json.dumps(end).encode() + b"\n"]


def test_the_chain_tells_which_event_was_touched(desk):
    lines = lines_of(desk)
    altered = json.loads(lines[5]) | {"actor": "gao"}
    forged = ended([*lines[:5], json.dumps(altered).encode() + b"\n", *lines[6:]])
    (fault,) = audit_export(b"".join(forged)).faults
    assert (fault.sequence, fault.problem) == (altered["sequence"], "的内容被改动过")
    assert problems(ended([*lines[:5], *lines[6:]])) == ["被删去了"]
    ticket = lines_of(desk, "2026-0001")
    assert problems(ended([*ticket[:2], *ticket[3:]])) == ["之前有记录被删去、插入或调换"]


def test_a_permit_by_a_stranger_is_found(desk):
    lines = lines_of(desk, "2026-0001")
    asked = json.loads(lines[0])
    forged = ended([json.dumps(asked | {"keys": {}}).encode() + b"\n", *lines[1:]])
    assert problems(forged) == ["的放行单由没有登记的密钥签名"]


@pytest.mark.parametrize("data", [b"", b"{}", b"\xff\n", b'{"schema": "screening-audit/2"}\n'])
def test_other_files_are_told_apart(data):
    with pytest.raises(StoreError, match="T007"):
        audit_export(data)
