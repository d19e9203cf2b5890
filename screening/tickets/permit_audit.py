"""Does every release stand on a genuine permit that says what the log says?"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from screening.errors import PermitError
from screening.tickets.keys import Key
from screening.tickets.permit import Permit, approvals_of, faults, parse
from screening.tickets.status import Status
from screening.tickets.ticket import Event

_AT_ONCE = timedelta(minutes=1)


def release_problems(
    event: Event, status: Status, account: str, keys: Mapping[str, Key]
) -> Iterator[str]:
    """Yield what is wrong with the permit of a release; ``status`` is that before it.

    ``keys`` are the public halves that the log knows.
    """
    try:
        signed = parse(json.dumps(event.payload.get("permit")))
        problems = faults(signed, keys)
        permit = signed.read()
    except PermitError as error:
        yield named(error)
        return
    yield from map(named, problems)
    key = keys[signed.key]
    if key.made is not None and permit.issued < key.made:
        yield "的签发时间在密钥建立之前"
    wrong = [
        label for label, one, other in _compared(permit, event, status, account) if one != other
    ]
    if wrong:
        yield f"写的{'、'.join(wrong)}与记录不符"


def named(problem: str | PermitError) -> str:
    """Return what is wrong with a permit as the end of a sentence about it."""
    if isinstance(problem, str):
        return problem.partition("：")[0]
    return "由没有登记的密钥签名" if problem.code == "K002" else "读不懂"


def _compared(
    permit: Permit, event: Event, status: Status, account: str
) -> Iterator[tuple[str, Any, Any]]:
    """Yield label, what the permit says and what the log says, for all that the log knows."""
    payload = event.payload
    yield "编号", permit.ticket, event.ticket
    yield "稿次", permit.revision, status.drafts
    yield "摘要", (permit.digest, payload.get("digest")), (status.digest, status.digest)
    yield "标题", permit.title, status.title
    yield "账号", permit.account, account
    yield "计划时间", permit.planned, status.planned
    yield "批准人", permit.approvals, approvals_of(status)
    yield "放行人", permit.releaser, payload.get("by", {}).get("name")
    # software before this took the time twice within one release
    yield "签发时间", abs(permit.issued - event.at) < _AT_ONCE, True
    yield "有效期", permit.ends, status.until
