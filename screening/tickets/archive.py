"""Finds tickets again: everything of a desk that changes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from screening.registry.records import Person
from screening.registry.registry import Registry
from screening.tickets.audit import Audit, audit
from screening.tickets.audit_export import export_of
from screening.tickets.authority import Action, entitled
from screening.tickets.judgements import JudgedPassage, Tally, judged_passages, tallies
from screening.tickets.keys import Key
from screening.tickets.permit import Signed
from screening.tickets.revocations import SignedRevocations, recorded, revocations
from screening.tickets.status import STEPS
from screening.tickets.store import Store
from screening.tickets.ticket import Kind, State, Summary, Ticket


class Archive:
    """The tickets in ``store``, to be read.

    Every method may raise StoreError: T002, the store is damaged; T004, it is busy.
    """

    def __init__(self, store: Store) -> None:
        self.store = store

    def ticket(self, number: str) -> Ticket:
        """Return one ticket whole. Raises StoreError T001 for an unknown number."""
        with self.store.reading() as ledger:
            return ledger.ticket(number)

    def tickets(
        self,
        state: State | None = None,
        limit: int | None = None,
        *,
        department: str | None = None,
        account: str | None = None,
    ) -> tuple[Summary, ...]:
        """Return the newest ``limit`` tickets (all by default) that fit what is asked for."""
        with self.store.reading() as ledger:
            return tuple(
                ledger.summaries(
                    states=None if state is None else [state],
                    departments=None if department is None else [department],
                    account=account,
                    limit=limit,
                )
            )

    def keyed(self, prefix: str) -> dict[str, str]:
        """Return key → number of the tickets that were filed under keys with this ``prefix``."""
        with self.store.reading() as ledger:
            return {
                payload["key"]: number
                for number, payload in ledger.payloads((Kind.SUBMITTED,))
                if payload.get("key", "").startswith(prefix)
            }

    def waiting_for(self, person: Person) -> tuple[Summary, ...]:
        """Return the tickets that ``person`` can approve now, newest first."""
        with self.store.reading() as ledger:
            registry = ledger.registry()
            return tuple(
                item
                for item in ledger.summaries(states=list(STEPS))
                if person in entitled(Action.APPROVE, ledger.entry(item.number).status, registry)
            )

    def revocations(self, key: Key, now: datetime) -> SignedRevocations:
        """Return every permit that was revoked until ``now``, signed with ``key``.

        Raises:
            PermitError: K003 or K004, the key cannot sign; K006, it was not made for this store.
        """
        with self.store.reading() as ledger:
            return revocations(ledger, key, now)

    def objections(self, signed: Signed) -> list[str]:
        """Return what the store says against a permit: revoked, or never issued here."""
        with self.store.reading() as ledger:
            return list(recorded(ledger, signed))

    def audit(self, noted: str | None = None) -> Audit:
        """Verify the whole store; ``noted`` is the head of an earlier audit, if one was kept."""
        with self.store.reading() as ledger:
            return audit(ledger.connection, noted)

    def export(
        self,
        ticket: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> Iterator[str]:
        """Yield the log as lines that can be verified on their own: see :func:`audit_export`.

        Raises:
            StoreError: T001, there is no such ticket.
        """
        with self.store.reading() as ledger:
            yield from export_of(ledger, ticket, since, until)

    def registry(self) -> Registry:
        """Return who and what is registered."""
        with self.store.reading() as ledger:
            return ledger.registry()

    def tallies(self) -> Sequence[Tally]:
        """Return how often reviewers found each rule right; unjudged rules are left out."""
        with self.store.reading() as ledger:
            return tallies(ledger)

    def judged_passages(self) -> list[JudgedPassage]:
        """Return what reviewers judged, with the words that each finding marked."""
        with self.store.reading() as ledger:
            return list(judged_passages(ledger))
