"""What reviewers said of findings: how often each rule was right, and of which words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any

from msgspec import Struct

from screening.tickets.store import Ledger
from screening.tickets.ticket import Kind, Revision

_JUDGING = (Kind.APPROVED, Kind.RETURNED, Kind.REJECTED, Kind.DISMISSED)


class Judgement(StrEnum):
    """What a person says of a finding: the rule was right, or it was a false alarm."""

    CONFIRMED = "confirmed"
    DISMISSED = "dismissed"

    @property
    def label(self) -> str:
        """The Chinese word that people see."""
        return {"confirmed": "属实", "dismissed": "误报"}[self]


class Tally(Struct, frozen=True):
    """How often people found a rule right, and how often not."""

    rule: str
    confirmed: int
    dismissed: int

    @property
    def precision(self) -> float:
        """The share of judged findings in which the rule was right, 0-1."""
        return self.confirmed / self.judged

    @property
    def judged(self) -> int:
        """How many findings were judged."""
        return self.confirmed + self.dismissed


class JudgedPassage(Struct, frozen=True):
    """The last word on one finding of a ticket.

    ``text`` is what the finding marked, ``title`` that of the draft; personal numbers are masked.
    """

    ticket: str
    rule: str
    judgement: Judgement
    title: str
    text: str


class _Word(Struct, frozen=True):
    """A judgement as an event recorded it, and the revision that it is about."""

    ticket: str
    finding: str
    rule: str
    judgement: Judgement
    revision: int


def tallies(ledger: Ledger) -> Sequence[Tally]:
    """Count judgements per rule; rules that nobody judged are left out."""
    counts: dict[str, dict[str, int]] = {}
    for word in _last_words(ledger):
        count = counts.setdefault(word.rule, dict.fromkeys(map(str, Judgement), 0))
        count[word.judgement] += 1
    return [Tally(rule, **count) for rule, count in sorted(counts.items())]


def judged_passages(ledger: Ledger) -> Iterator[JudgedPassage]:
    """Yield what reviewers judged, with the words that each finding marked, by ticket.

    Raises:
        StoreError: T002, a record does not make sense.
    """
    revisions: dict[int, Revision] = {}
    ticket = ""
    for word in sorted(_last_words(ledger), key=lambda item: item.ticket):
        if word.ticket != ticket:
            ticket = word.ticket
            revisions = {item.ordinal: item for item in ledger.ticket(ticket).revisions}
        for screening in reversed(revisions[word.revision].screenings):
            found = next((item for item in screening.findings if item.id == word.finding), None)
            if found is not None:
                draft = screening.draft
                text = draft.text(found.span)
                yield JudgedPassage(ticket, word.rule, word.judgement, draft.title, text)
                break


def _last_words(ledger: Ledger) -> list[_Word]:
    """Return the judgements that hold: the last one on each finding of a ticket."""
    last = {
        (number, item["finding"], item["rule"]): _Word(
            number,
            item["finding"],
            item["rule"],
            Judgement(item["judgement"]),
            payload["revision"],
        )
        for number, payload in ledger.payloads(_JUDGING)
        for item in _answers(payload)
    }
    return list(last.values())


def _answers(payload: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the judgements of an event: an exception is one itself."""
    return [payload] if "passage" in payload else list(payload["answers"])
