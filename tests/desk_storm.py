"""Many processes at one desk, and somebody who keeps killing them."""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import time
from collections import Counter
from pathlib import Path
from typing import Any

from college import NOW, PEOPLE, register, signing_keys
from made_up import small
from msgspec import Struct
from sqlalchemy import URL

from screening.errors import RefusedError, StoreError
from screening.tickets.decisions import Decision
from screening.tickets.desk import Desk
from screening.tickets.keys import Keyring
from screening.tickets.permit import faults, parse
from screening.tickets.store import Store
from screening.tickets.ticket import Kind, State

_FORK = multiprocessing.get_context("fork")
_WINDOW = 40


class Outcome(Struct, frozen=True):
    """What came of it; ``lost`` and ``doubled`` must be 0, ``whole`` true.

    ``refused``: another was quicker; ``busy``: the store was held for longer than a writer waits.
    """

    tickets: int
    events: int
    killed: int
    refused: int
    busy: int
    lost: int
    doubled: int
    whole: bool
    genuine: int
    seconds: float


def storm(url: URL, folder: Path, tickets: int, workers: int, every: float) -> Outcome:
    """Let ``workers`` processes bring ``tickets`` from submission to release at ``url``.

    Every ``every`` seconds one of them is killed and replaced. Each notes in a file of its own
    what the desk told it was done: none of that may be missing in the end.
    """
    store = Store.at(url)
    register(store)
    signing_keys(store, folder / "keys")
    dice, names, killed, begun = random.Random(1), iter(range(10**6)), 0, time.monotonic()

    def start() -> Any:
        process = _FORK.Process(target=_work, args=(url, folder, tickets, next(names)))
        process.start()
        return process

    running = [start() for _ in range(workers)]
    last = time.monotonic()
    while any(process.is_alive() for process in running):
        time.sleep(0.02)
        if time.monotonic() - last >= every:
            place = dice.randrange(workers)
            if running[place].is_alive():
                running[place].kill()
                running[place].join()
                killed += 1
                running[place] = start()
            last = time.monotonic()
    codes = {process.exitcode for process in running}
    if codes != {0}:
        last = sorted({file.read_text().splitlines()[-1] for file in folder.glob("*.log")})
        raise RuntimeError(f"workers ended with {codes} after {last}")
    return _outcome(url, folder, killed, time.monotonic() - begun)


def _work(url: URL, folder: Path, tickets: int, name: int) -> None:
    desk, dice = Desk(Store.at(url), lambda: NOW), random.Random(name)
    key = Keyring(folder / "keys").active
    with (folder / f"{name}.log").open("a", buffering=1) as log:
        while True:
            waiting = desk.tickets(State.AWAITING_DEPARTMENT, _WINDOW)
            ready = desk.tickets(State.APPROVED, _WINDOW)
            newest = desk.tickets(limit=1)
            count = int(newest[0].number[5:]) if newest else 0  # numbers have no gaps
            if not waiting and not ready and count >= tickets:
                return
            try:
                if len(waiting) + len(ready) < _WINDOW and count < tickets:
                    found = desk.submit(small(), "jd-wechat", by=PEOPLE["li"])
                    print("submitted", found.number, file=log)
                if waiting:
                    number = dice.choice(waiting).number
                    who = PEOPLE[dice.choice(["wang", "gao"])]
                    desk.decide(number, who, Decision(Kind.APPROVED, 1))
                    print("approved", number, file=log)
                if ready:
                    number = dice.choice(ready).number
                    desk.release(number, PEOPLE["zhao"], small(), key)
                    print("released", number, file=log)
            except (StoreError, RefusedError) as error:
                print("refused", error.code, file=log)
                if error.code not in ("P001", "T004", "T005"):
                    os._exit(3)


def _outcome(url: URL, folder: Path, killed: int, seconds: float) -> Outcome:
    desk = Desk(Store.at(url), lambda: NOW)
    told: Counter[tuple[str, str]] = Counter()
    for file in folder.glob("*.log"):
        lines = file.read_text().splitlines()
        told.update((word, number) for word, number in map(str.split, lines))
    refused = sum(count for (word, _), count in told.items() if word == "refused")
    stood: Counter[tuple[str, str]] = Counter()
    genuine, keys, numbers = 0, Keyring(folder / "keys").keys(), desk.tickets()
    for item in numbers:
        for event in desk.ticket(item.number).events:
            stood[event.kind.value, item.number] += 1
            if event.kind is Kind.RELEASED:
                permit = parse(json.dumps(event.payload["permit"]))
                genuine += not faults(permit, keys)
    done = [pair for pair in told if pair[0] != "refused"]
    audit = desk.audit()
    return Outcome(
        tickets=len(numbers),
        events=audit.events,
        killed=killed,
        refused=refused - told["refused", "T004"],
        busy=told["refused", "T004"],
        lost=sum(stood[pair] == 0 for pair in done)
        + sum(stood["released", item.number] == 0 for item in numbers),
        doubled=sum(count > 1 for count in (*stood.values(), *(told[pair] for pair in done))),
        whole=not audit.faults,
        genuine=genuine,
        seconds=seconds,
    )
