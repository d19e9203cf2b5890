"""What a school adds to the shipped rules: its own terms, and which rules it has switched off.

Both are tables in the home's folder ``lexicon``. Rows are added, never changed or removed, so that
an id keeps its meaning and it stays known who switched what, when and why.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from functools import partial
from itertools import count
from pathlib import Path
from typing import Literal

from msgspec import Struct

from screening.stages.lexicon.rules import OWN_PREFIX
from screening.stages.lexicon.tables import Row, locked, read_table, write_table

#: ids of a school's own rules begin so, and no shipped rule's does
#: the columns of a shipped term file, the topic, and where the term came from
OWN_COLUMNS = (
    *("id", "topic", "term", "variants", "severity", "match", "unless", "basis", "message"),
    *("advice", "hit", "miss", "status", "note", "list", "by", "at"),
)
_SWITCH_COLUMNS = ("rule", "state", "reason", "by", "at")

State = Literal["active", "disabled"]


class Stamp(Struct, frozen=True):
    """Who did it, and when (ISO 8601)."""

    by: str
    at: str


class Switch(Struct, frozen=True):
    """The latest word on whether a rule is used."""

    state: State
    reason: str
    stamp: Stamp


class OwnStore(Struct, frozen=True):
    """A school's own terms and switches, in ``folder``; nothing there means none."""

    folder: Path

    @property
    def lock(self) -> Callable[[], AbstractContextManager[None]]:
        """What to hold while reading in order to write."""
        return partial(locked, self.folder)

    def rows(self) -> list[dict[str, str]]:
        """Return every own term, oldest first.

        Raises:
            RulesError: L001, the table was damaged by hand.
        """
        return _read(self._terms, OWN_COLUMNS)

    def append(self, rows: Iterable[Row]) -> list[str]:
        """Add terms and return the ids they were given. Call it with the lock held."""
        known = self.rows()
        last = max((int(row["id"].removeprefix(OWN_PREFIX)) for row in known), default=0)
        new = [
            {**dict.fromkeys(OWN_COLUMNS, ""), **row, "id": f"{OWN_PREFIX}{number:03d}"}
            for number, row in zip(count(last + 1), rows, strict=False)
        ]
        if new:
            write_table(self._terms, OWN_COLUMNS, [*known, *new])
        return [row["id"] for row in new]

    def switches(self) -> dict[str, Switch]:
        """Return the latest switch of each rule that was ever switched."""
        return {
            row["rule"]: Switch(
                "disabled" if row["state"] == "disabled" else "active",
                row["reason"],
                Stamp(row["by"], row["at"]),
            )
            for row in _read(self._switched, _SWITCH_COLUMNS)
        }

    def disabled(self) -> frozenset[str]:
        """Return the ids of the rules that are switched off."""
        return frozenset(rule for rule, last in self.switches().items() if last.state == "disabled")

    def switch(self, rule: str, switch: Switch) -> None:
        """Record that a rule is switched. Call it with the lock held."""
        row = {"rule": rule, "state": switch.state, "reason": switch.reason}
        row |= {"by": switch.stamp.by, "at": switch.stamp.at}
        known = _read(self._switched, _SWITCH_COLUMNS)
        write_table(self._switched, _SWITCH_COLUMNS, [*known, row])

    @property
    def _terms(self) -> Path:
        return self.folder / "own.csv"

    @property
    def _switched(self) -> Path:
        return self.folder / "switched.csv"


def _read(path: Path, columns: tuple[str, ...]) -> list[dict[str, str]]:
    return [row for _, row in read_table(path, columns)] if path.exists() else []
