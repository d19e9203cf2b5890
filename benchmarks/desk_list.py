"""How long lists of tickets take in a store of 100,000, beside deriving every state from the log.

Usage::

    python benchmarks/desk_list.py [--tickets 100000] [--runs 15]

Both ways answer the same question in the same run, one after the other: which tickets of one
department wait for it? The overview is what ``ticket list`` asks; the log is what the first
release read. Shows the median and the least of all runs, in milliseconds, and checks that both
give the same tickets.
"""

from __future__ import annotations

import argparse
import itertools
import json
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import URL, insert, select

from screening.database.schema import EVENT, TICKET
from screening.tickets.status import status_of
from screening.tickets.store import Ledger, Store, event_of
from screening.tickets.ticket import State

AT = "2026-03-05T01:30:00+00:00"
DEPARTMENTS = [f"dept-{number:02}" for number in range(20)]
#: how far a ticket went: what happened to it, of how many in a hundred
STORIES = {
    ("submitted", "screened"): 3,
    ("submitted", "screened", "approved"): 2,
    ("submitted", "screened", "approved", "released"): 85,
    ("submitted", "screened", "returned"): 5,
    ("submitted", "blocked"): 5,
}


def payload(kind: str, department: str) -> dict[str, Any]:
    """Return what an event of ``kind`` keeps."""
    said: dict[str, dict[str, Any]] = {
        "submitted": {"digest": "", "title": "校园开放日活动通知", "department": department},
        "screened": {"verdict": "pass", "route": "department", "blocks": []},
        "blocked": {"verdict": "block", "route": "department", "blocks": ["p"]},
        "approved": {"step": "department", "answers": [], "seen": "", "until": AT},
        "returned": {"step": "department", "rationale": "请核对", "answers": []},
        "released": {},
    }
    return {"revision": 1} | said[kind]


def rows(count: int) -> Iterator[tuple[dict[str, Any], list[dict[str, Any]]]]:
    """Yield a ticket and its events, the same ones every time; they are not chained."""
    dice, sequence = random.Random(1), itertools.count(1)
    for number in range(1, count + 1):
        department = dice.choice(DEPARTMENTS)
        head = {"id": number, "year": 2026, "sequence": number, "account": f"{department}-wechat",
                "editor": "李示例", "department": department, "created": AT}  # fmt: skip
        (story,) = dice.choices(list(STORIES), weights=list(STORIES.values()))
        events = [
            {"sequence": next(sequence), "ticket": number, "ordinal": ordinal,
             "kind": "screened" if kind == "blocked" else kind, "at": AT, "actor": "someone",
             "payload": json.dumps(payload(kind, department)), "seal": "", "previous": "",
             "digest": ""}
            for ordinal, kind in enumerate(story, 1)
        ]  # fmt: skip
        yield head, events


def fill(store: Store, count: int) -> None:
    """Put ``count`` tickets into the store, and make its overview from their events."""
    with store.writing() as ledger:
        made = rows(count)
        while chunk := list(itertools.islice(made, 5000)):
            ledger.connection.execute(insert(TICKET), [head for head, _ in chunk])
            events = [event for _, several in chunk for event in several]
            ledger.connection.execute(insert(EVENT), events)
        ledger.rebuild_overview()


def by_overview(ledger: Ledger) -> list[str]:
    """Ask as ``ticket list --state awaiting_department --department dept-07`` does."""
    found = ledger.summaries(states=[State.AWAITING_DEPARTMENT], departments=["dept-07"])
    return [item.number for item in found]


def by_log(ledger: Ledger) -> list[str]:
    """Derive every ticket's state from its events, newest first, as the first release did."""
    query = select(TICKET.c.sequence.label("number"), EVENT).join(EVENT)
    found = ledger.connection.execute(query.order_by(TICKET.c.id.desc(), EVENT.c.ordinal))
    numbers = []
    for number, group in itertools.groupby(found, key=lambda row: row.number):
        status = status_of([event_of("", row) for row in group])
        if status.state is State.AWAITING_DEPARTMENT and status.department == "dept-07":
            numbers.append(f"2026-{number:04}")
    return numbers


def timed(store: Store, ask: Callable[[Ledger], list[str]]) -> tuple[float, list[str]]:
    """Return how long a question took, in milliseconds, and its answer."""
    started = time.perf_counter()
    with store.reading() as ledger:
        answer = ask(ledger)
    return (time.perf_counter() - started) * 1000, answer


def main() -> int:
    """Fill a store, ask both ways, compare and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tickets", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=15)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "tickets.sqlite3"
        store = Store.at(URL.create("sqlite", database=str(path)))
        fill(store, asked.tickets)
        print(f"{asked.tickets} tickets, {path.stat().st_size / 1e6:.0f} MB")
        slow, expected = timed(store, by_log)
        took = []
        for _ in range(asked.runs):
            spent, answer = timed(store, by_overview)
            took.append(spent)
            if answer != expected:
                print("the overview and the log disagree")
                return 1
    print(f"tickets found             {len(expected)}")
    print(f"overview, median / least  {statistics.median(took):.1f} / {min(took):.1f} ms")
    print(f"from the log, once        {slow:.0f} ms")
    return 0


if __name__ == "__main__":
    sys.exit(main())
