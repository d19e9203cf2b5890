"""The log as JSON lines that can be verified on their own, without the store.

First a line that says what was asked for, then every event with the digest that it points back to
and its own, last how many there were, the digest of the last one, and that of all lines before.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, false, func, select

from screening.database.chain import GENESIS, Record
from screening.database.log import Link, encode, links
from screening.database.schema import EVENT
from screening.database.verify import Fault, backward, broken_links
from screening.document import dumps
from screening.errors import StoreError

SCHEMA = "screening-audit/1"


class Asked(Struct, frozen=True, forbid_unknown_fields=True):
    """What an export holds: the events of one ``ticket``, or of all, between two times.

    ``since`` (included) and ``until`` are ISO times in UTC, None where there is no bound. ``keys``
    maps the ids of the signing keys to their public halves, in hexadecimal digits.
    """

    schema: str
    ticket: str | None
    since: str | None
    until: str | None
    keys: Mapping[str, str]


class End(Struct, frozen=True, forbid_unknown_fields=True):
    """The last line: how many events there are, the last digest, and that of the lines before."""

    events: int
    head: str
    lines: str


class Export(Struct, frozen=True):
    """An export as it was read, and what does not fit in it."""

    asked: Asked
    links: Sequence[Link]
    faults: Sequence[Fault]


def exported(connection: Connection, asked: Asked, row: int | None = None) -> Iterator[str]:
    """Yield the lines of an export. ``row`` is the row of the ticket that is asked for.

    Between two times all of the chain is given, from the first event that fits to the last.
    """
    bounds = []
    if asked.since is not None:
        bounds.append(EVENT.c.at >= asked.since)
    if asked.until is not None:
        bounds.append(EVENT.c.at < asked.until)
    if row is not None:
        bounds.append(EVENT.c.ticket == row)
    elif bounds:
        ends = select(func.min(EVENT.c.sequence), func.max(EVENT.c.sequence)).where(*bounds)
        first, last = connection.execute(ends).one()
        first = first if first is None or asked.since else 1
        bounds = [false() if first is None else EVENT.c.sequence.between(first, last)]
    whole, count, head = hashlib.sha256(), 0, GENESIS
    line = dumps(msgspec.to_builtins(asked), None)
    whole.update(_bytes(line))
    yield line
    for link in links(connection, *bounds):
        count, head = count + 1, link.digest
        line = dumps(_plain(link), None)
        whole.update(_bytes(line))
        yield line
    end = End(count, head, f"sha256:{whole.hexdigest()}")
    yield dumps(msgspec.to_builtins(end), None)


def read_export(data: bytes) -> Export:
    """Read an export and verify its chain; what does not fit stands in its faults.

    Raises:
        StoreError: T007, it is none.
    """
    first, *rest = data.splitlines(keepends=True) or [b""]
    try:
        asked = msgspec.convert(json.loads(first), Asked)
    except ValueError as error:
        raise StoreError("T007", problem="第一行读不懂") from error
    if asked.schema != SCHEMA:
        raise StoreError("T007", problem="它由更新版本的软件写成")
    end = _end(rest[-1]) if rest else None
    lines = rest[:-1] if end else rest
    found: list[Link] = []
    faults: list[Fault] = []
    for number, line in enumerate(lines, 2):
        try:
            found.append(_link(json.loads(line)))
        except (ValueError, TypeError, LookupError):
            faults.append(Fault(f"文件的第 {number} 行读不懂"))
    if end is None:
        faults.append(Fault("文件的末行不见了：末尾被截去过"))
    elif not faults and end != _end_of(found, data[: -len(rest[-1])]):
        faults.append(Fault("文件的末行与前面的各行不符：有一行被改动、删去或添加过"))
    return Export(asked, found, [*faults, *_chain_faults(asked, found)])


def _chain_faults(asked: Asked, found: Sequence[Link]) -> Iterator[Fault]:
    places = {link.digest: link.record.sequence for link in found}
    if asked.ticket is None:
        start = (0, GENESIS)
        if asked.since is not None and found:
            start = (found[0].record.sequence - 1, found[0].previous)
        yield from broken_links(found, places, start)
        yield from backward(found)  # of one ticket alone, it is not known whether a clock was wrong
        return
    before: Record | None = None
    for link in found:
        record = link.record
        if record.digest(link.previous) != link.digest:
            yield Fault("的内容被改动过", record.sequence, record.ticket)
        if record.ticket != asked.ticket:
            yield Fault("不是这张单的", record.sequence, record.ticket)
        follows = before.ordinal if before else None if asked.since else 0
        if follows is not None and record.ordinal != follows + 1:
            yield Fault("之前有记录被删去、插入或调换", record.sequence, record.ticket)
        before = record


def _plain(link: Link) -> dict[str, Any]:
    """Return one event as plain values; a payload that is not in its one form stays as it is."""
    plain: dict[str, Any] = msgspec.to_builtins(link.record)
    try:
        payload = json.loads(link.record.payload)
        if isinstance(payload, dict) and encode(payload) == link.record.payload:
            plain["payload"] = payload
    except ValueError:
        pass
    return plain | {"previous": link.previous, "digest": link.digest}


def _link(plain: dict[str, Any]) -> Link:
    previous, digest, payload = plain.pop("previous"), plain.pop("digest"), plain["payload"]
    if isinstance(payload, dict):
        plain["payload"] = encode(payload)
    return Link(msgspec.convert(plain, Record), str(previous), str(digest))


def _end(line: bytes) -> End | None:
    try:
        return msgspec.convert(json.loads(line), End)
    except ValueError:
        return None


def _end_of(found: Sequence[Link], before: bytes) -> End:
    head = found[-1].digest if found else GENESIS
    return End(len(found), head, f"sha256:{hashlib.sha256(before).hexdigest()}")


def _bytes(line: str) -> bytes:
    return line.encode() + b"\n"
