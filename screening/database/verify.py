"""Finds what was done to the chain of the log: altered, removed, inserted, reordered events."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from screening.clock import local
from screening.database.chain import GENESIS
from screening.database.log import CLOCK_CORRECTED, Link


class Fault(Struct, frozen=True):
    """Something that does not fit. ``sequence`` is the event's, None for what is no event."""

    problem: str
    sequence: int | None = None
    ticket: str | None = None


def broken_links(
    links: Iterable[Link], places: Mapping[str, int], start: tuple[int, str] = (0, GENESIS)
) -> Iterator[Fault]:
    """Yield a fault for every place where the chain is broken, in order.

    ``places`` maps the digest of every event to its sequence number. ``start`` is number and digest
    of the event before the first: the log begins after 0 and :data:`GENESIS`.
    """
    before, digest = start
    places = {**places, digest: before}
    last, shift = [digest, digest], 0
    for link in links:
        record = link.record
        stood = _stood_at(link, places)
        moved = 0 if stood is None else record.sequence - stood
        if record.sequence > before + 1:
            yield _removed(before + 1, record.sequence - 1)
        elif link.previous == last[0] != last[1]:
            yield Fault("是后来插进来的", record.sequence - 1)
        if stood is None:
            yield Fault("的内容被改动过", record.sequence, record.ticket)
        elif moved != shift and moved > 0 and link.previous != last[0]:
            yield Fault(f"被挪动过，原来是第 {stood} 条", record.sequence, record.ticket)
        elif moved < shift:
            yield Fault(f"之前有记录被删去，它原来是第 {stood} 条", record.sequence, record.ticket)
        shift = shift if stood is None else moved
        before, last = record.sequence, [last[1], link.digest]


def backward(links: Iterable[Link]) -> Iterator[Fault]:
    """Yield a fault for every event whose time is earlier than that of the one before.

    The desk writes none, but where a system administrator noted that the clock had been wrong.
    """
    before: datetime | None = None
    for link in links:
        record = link.record
        at = _time(record.at)
        if before and at and at < before and record.kind != CLOCK_CORRECTED:
            problem = f"的时间（{local(at)}）比前一条（{local(before)}）早"
            yield Fault(problem, record.sequence, record.ticket)
        before = at or before


def _time(text: str) -> datetime | None:
    """Return an aware time; None for what is none: the chain says that it was altered."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo else None


def _stood_at(link: Link, places: Mapping[str, int]) -> int | None:
    """Return the sequence number with which an event was written; None where it was altered."""
    sequence = link.record.sequence
    behind = places.get(link.previous)
    guesses = [sequence, *([] if behind is None else [behind + 1]), sequence - 1, sequence + 1]
    for guess in guesses:
        if replace(link.record, sequence=guess).digest(link.previous) == link.digest:
            return guess
    return None


def _removed(first: int, last: int) -> Fault:
    problem = "被删去了" if first == last else f"到第 {last} 条被删去了"
    return Fault(problem, first)
