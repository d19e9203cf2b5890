"""Writes what happens to one ticket, within one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from screening.finding import Screening
from screening.registry.records import Person
from screening.tickets.decisions import blocks_of
from screening.tickets.status import Status
from screening.tickets.store import Ledger
from screening.tickets.ticket import SOFTWARE, Event, Kind


class Writer:
    """Adds events to the ticket ``number``, which has ``events`` of them and stands at ``status``.

    ``status`` is None before the first event; it follows every event. All of them happen ``now``.
    """

    def __init__(
        self, ledger: Ledger, number: str, status: Status | None, events: int, now: datetime
    ) -> None:
        self._ledger = ledger
        self._number = number
        self._events = events
        self.now = now
        self.status = status

    def event(
        self, kind: Kind, actor: str, payload: Mapping[str, Any], *, brought: str = ""
    ) -> None:
        """Add an event about the newest revision. Raises StoreError T002 and T005."""
        drafts = self.status.drafts if self.status else 0
        revision = drafts + (kind is Kind.SUBMITTED)
        event = Event(
            self._events + 1,
            self._number,
            kind,
            self.now,
            actor,
            {"revision": revision, **payload},
        )
        self.status = self._ledger.add_event(event, self.status, brought)
        self._events += 1

    def submitted(
        self,
        screening: Screening,
        department: str | None,
        editor: str,
        by: Person | None,
        *,
        planned: datetime | None = None,
        key: str = "",
    ) -> None:
        """Add a revision, and its screening."""
        ordinal = (self.status.drafts if self.status else 0) + 1
        brought = self._ledger.add_revision(self._number, ordinal, screening)
        payload = {
            "digest": screening.draft.digest,
            "title": screening.draft.title,
            "editor": editor,
            "department": department,
            "proven": by is not None,
        }
        if planned is not None:
            payload["planned"] = planned.isoformat()
        if key:
            payload["key"] = key
        self.event(Kind.SUBMITTED, by.id if by else editor, payload, brought=brought)
        self.event(Kind.SCREENED, SOFTWARE, outcome(screening))

    def rescreened(self, screening: Screening, *, fresh: bool) -> None:
        """Add a later screening of the newest revision."""
        assert self.status is not None
        brought = self._ledger.add_rescreening(
            self._number, self._events + 1, self.status.drafts, screening
        )
        payload = outcome(screening) | {"fresh": fresh}
        self.event(Kind.RESCREENED, SOFTWARE, payload, brought=brought)


def outcome(screening: Screening) -> dict[str, Any]:
    """Return what an event keeps of a screening."""
    return {
        "verdict": screening.verdict.value,
        "route": screening.route.to.value,
        "blocks": blocks_of(screening),
    }
