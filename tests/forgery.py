"""What somebody does to a store who knows how its chain is made."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import URL

from screening.database.chain import GENESIS
from screening.database.log import links
from screening.tickets.store import Store


def chain_again(path: Path) -> None:
    """Write every digest of the log in an SQLite file anew, so that the chain fits."""
    with Store.at(URL.create("sqlite", database=str(path))).reading() as ledger:
        log = list(links(ledger.connection))
    previous = GENESIS
    with closing(sqlite3.connect(path)) as connection:
        for link in log:
            digest = link.record.digest(previous)
            change = "UPDATE event SET previous = ?, digest = ? WHERE sequence = ?"
            connection.execute(change, (previous, digest, link.record.sequence))
            previous = digest
        connection.commit()
