"""Do approvals hold? Edits after approval, many processes under kills, and tampering.

Usage::

    python benchmarks/desk.py [--edits 2000] [--tickets 2000] [--workers 8]
        [--stores SQLite PostgreSQL] [--only PART]

PART is edits, storm or tampering. Beside the content digest stands what people would use instead,
the SHA-256 of the file: it refuses the same draft as soon as somebody saved it again. LibreOffice
and Debian's PostgreSQL must be installed.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

from msgspec import to_builtins
from msgspec.structs import replace
from sqlalchemy import URL

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

import postgres
from college import NOW, PEOPLE, major, register, signing_keys
from desk_edits import PLACES, content, edited, packed_again, saved_again, write_docx
from desk_storm import storm
from forgery import chain_again
from made_up import small

from screening.errors import PermitError, RefusedError
from screening.readers import read_draft
from screening.tickets.decisions import Decision
from screening.tickets.desk import Desk
from screening.tickets.keys import Key
from screening.tickets.permit import faults, parse
from screening.tickets.store import Store
from screening.tickets.ticket import Kind

PLANNED = NOW + timedelta(days=3)


def desk_at(path: Path) -> Desk:
    """Return a desk on an SQLite file, with everybody registered."""
    desk = Desk(Store.at(URL.create("sqlite", database=str(path))), lambda: NOW)
    register(desk.store)
    return desk


def approved(desk: Desk, path: Path) -> str:
    """File the draft at ``path`` and approve it; return its number."""
    screening = replace(small(), draft=read_draft(path))
    number = desk.submit(screening, "jd-wechat", by=PEOPLE["li"], planned=PLANNED).number
    desk.decide(number, PEOPLE["wang"], Decision(Kind.APPROVED))
    return number


def released(desk: Desk, number: str, path: Path, key: Callable[[], Key], **terms: Any) -> bool:
    """Tell whether the file at ``path`` is released."""
    try:
        screening = replace(small(), draft=read_draft(path))
        desk.release(number, PEOPLE["li"], screening, key, **terms)
    except RefusedError as error:
        if error.code != "P005":
            raise
        return False
    return True


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file's bytes."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def by_libreoffice(path: Path, other: Path) -> None:
    """Let LibreOffice read a document and save it as .docx elsewhere."""
    folder = other.parent / "office"
    command = ["soffice", "--headless", "--convert-to", "docx", "--outdir", folder, path]
    profile = f"-env:UserInstallation=file://{other.parent}/profile"
    subprocess.run([*command, profile], check=True, capture_output=True)
    shutil.move(folder / path.name, other)


def edits(trials: int, folder: Path) -> None:
    """Print how many one-character edits were refused, and how many re-saved files accepted."""
    desk = desk_at(folder / "edits.sqlite3")
    key = signing_keys(desk.store, folder / "keys").active
    whole, dice, path = content() | {"planned time": PLANNED}, random.Random(1), folder / "a.docx"
    write_docx(whole, path)
    number, other = approved(desk, path), folder / "b.docx"
    refused: Counter[str] = Counter()
    for trial in range(trials):
        place = PLACES[trial % len(PLACES)]
        change = edited(whole, place, dice)
        write_docx(change, other)
        terms = {"account": change["account"], "planned": change["planned time"]}
        refused[place] += not released(desk, number, other, key, **terms)
    print(f"\n## {trials} one-character edits of an approved draft\n\n| place | tried | refused |")
    print("|---|---|---|")
    for at, place in enumerate(PLACES):
        print(f"| {place} | {len(range(at, trials, len(PLACES)))} | {refused[place]} |")
    print("\n## The same content saved again\n\n| by | tried | content digest | file digest |")
    print("|---|---|---|---|")
    ways = {"python-docx": (saved_again, 50), "zip": (packed_again, 50)}
    if shutil.which("soffice"):
        ways["LibreOffice"] = (by_libreoffice, 5)
    for name, (again, count) in ways.items():
        ours = theirs = 0
        for trial in range(count):
            body = f"{whole['body']}\n第{trial}场在东校区。"
            write_docx(whole | {"body": body}, path)
            again(path, other)
            ours += released(desk, approved(desk, path), other, key, planned=PLANNED)
            theirs += file_digest(path) == file_digest(other)
        print(f"| {name} | {count} | {ours} accepted | {theirs} accepted |")


def storms(tickets: int, workers: int, stores: list[str], folder: Path) -> None:
    """Print what is left of tickets that many processes handled while they were killed."""
    print(f"\n## {workers} processes, one killed every second\n")
    print("| store | tickets | events | killed | too late | busy ", end="")
    print("| lost | doubled | chain | permits | s |")
    print("|---|---|---|---|---|---|---|---|---|---|---|")
    with postgres.cluster(safe=True) as running:
        urls = {
            "SQLite": URL.create("sqlite", database=str(folder / "storm.sqlite3")),
            "PostgreSQL": running.database(),
        }
        for name in stores:
            url = urls[name]
            place = folder / name
            place.mkdir()
            done = storm(url, place, tickets, workers, 1.0)
            print(
                f"| {name} | {done.tickets} | {done.events} | {done.killed} "
                f"| {done.refused} | {done.busy} | {done.lost} | {done.doubled} "
                f"| {'whole' if done.whole else 'BROKEN'} "
                f"| {done.genuine} genuine | {done.seconds:.0f} |",
                flush=True,
            )


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path of every single value in plain JSON values."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    for name, item in pairs:
        if isinstance(item, dict | list) and item:
            yield from leaves(item, (*path, name))
        else:
            yield (*path, name)


def altered(whole: Any, path: tuple[Any, ...]) -> Any:
    """Return a copy with the value at ``path`` changed a little."""
    whole = place = json.loads(json.dumps(whole))
    for name in path[:-1]:
        place = place[name]
    old = place[path[-1]]
    if isinstance(old, str):
        place[path[-1]] = old[:-1] + ("1" if old[-1:] == "0" else "0")
    else:
        place[path[-1]] = old + 1 if isinstance(old, int | float) else 7
    return whole


def tampering(folder: Path) -> None:
    """Print how many alterations of single values were found."""
    file = folder / "lived.sqlite3"
    desk = desk_at(file)
    ring = signing_keys(desk.store, folder / "lived")
    permits = []
    for screening in (small(), major()):
        number = desk.submit(screening, "jd-wechat", by=PEOPLE["li"], planned=PLANNED).number
        for who in ("wang", "sun")[: len(screening.route.steps)]:
            desk.decide(number, PEOPLE[who], Decision(Kind.APPROVED, rationale="同意"))
        permits.append(desk.release(number, PEOPLE["li"], screening, ring.active))
    desk.revoke(number, PEOPLE["sun"], "活动取消")
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for (name,) in names.fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        connection.commit()
    print("\n## Single values altered\n\n| what | altered | found |\n|---|---|---|")
    for label, table, where in (
        ("events", "event", "1"),
        ("decisions", "event", "kind IN ('approved', 'released')"),
        ("revisions", "revision", "1"),
        ("tickets", "ticket", "1"),
    ):
        report(label, list(cells(folder, file, table, where)))
    report("permits in the store, the chain mended", list(mended(folder, file)))
    keys = dict(ring.keys())
    wholes = [to_builtins(signed) for signed in permits]
    report(
        "permits", [caught(altered(whole, at), keys) for whole in wholes for at in leaves(whole)]
    )


def cells(folder: Path, file: Path, table: str, where: str) -> Iterator[bool]:
    """Alter every cell of a table, and every value inside JSON; yield whether it was found."""
    with closing(sqlite3.connect(file)) as connection:
        connection.row_factory = sqlite3.Row
        rows = connection.execute(f"SELECT rowid AS place, * FROM {table} WHERE {where}").fetchall()
    for row in rows:
        for column in row.keys()[1:]:
            for value in other_values(row[column]):
                copy = folder / "copy.sqlite3"
                shutil.copyfile(file, copy)
                with closing(sqlite3.connect(copy)) as connection:
                    change = f"UPDATE {table} SET {column} = ? WHERE rowid = ?"
                    connection.execute(change, (value, row["place"]))
                    connection.commit()
                url = URL.create("sqlite", database=str(copy))
                yield bool(Desk(Store.at(url), lambda: NOW).audit().faults)


def mended(folder: Path, file: Path) -> Iterator[bool]:
    """Alter every value of the stored permits, mend the chain; yield whether it was found."""
    with closing(sqlite3.connect(file)) as connection:
        query = "SELECT sequence, payload FROM event WHERE kind = 'released'"
        rows = connection.execute(query).fetchall()
    for sequence, text in rows:
        payload = json.loads(text)
        for path in leaves(payload["permit"], ("permit",)):
            copy = folder / "mended.sqlite3"
            shutil.copyfile(file, copy)
            forged = json.dumps(altered(payload, path), separators=(",", ":"))
            with closing(sqlite3.connect(copy)) as connection:
                change = "UPDATE event SET payload = ? WHERE sequence = ?"
                connection.execute(change, (forged, sequence))
                connection.commit()
            chain_again(copy)
            url = URL.create("sqlite", database=str(copy))
            yield bool(Desk(Store.at(url), lambda: NOW).audit().faults)


def other_values(value: Any) -> Iterator[Any]:
    """Yield other values for a cell: for JSON, one for each value inside."""
    if not isinstance(value, str):
        yield (value or 0) + 1000
    elif not value.startswith("{"):
        yield f"{value}0"
    else:
        whole = json.loads(value)
        for path in list(leaves(whole))[:60]:
            yield json.dumps(altered(whole, path), separators=(",", ":"))


def caught(whole: Any, keys: dict[str, Key]) -> bool:
    """Tell whether an altered permit is found wanting."""
    try:
        return bool(faults(parse(json.dumps(whole)), keys))
    except PermitError:
        return True


def report(label: str, found: list[bool]) -> None:
    """Print one line of what was found."""
    print(f"| {label} | {len(found)} | {sum(found)} |", flush=True)


def main() -> None:
    """Run the parts that are asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--edits", type=int, default=2000)
    parser.add_argument("--tickets", type=int, default=2000)
    parser.add_argument("--workers", type=int, default=8)
    parser.add_argument("--stores", nargs="+", default=["SQLite", "PostgreSQL"])
    parser.add_argument("--only", choices=["edits", "storm", "tampering"])
    asked = parser.parse_args()
    parts: dict[str, Callable[[Path], None]] = {
        "tampering": tampering,
        "edits": lambda folder: edits(asked.edits, folder),
        "storm": lambda folder: storms(asked.tickets, asked.workers, asked.stores, folder),
    }
    for name, part in parts.items():
        if asked.only in (None, name):
            with tempfile.TemporaryDirectory() as folder:
                part(Path(folder))


if __name__ == "__main__":
    main()
