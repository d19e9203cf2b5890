"""Logs of tickets, told in words: one event a word."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from screening.tickets.ticket import Event, Kind

AT = datetime(2026, 3, 5, tzinfo=UTC)
LATER = (AT + timedelta(days=30)).isoformat()


class Log:
    """Events from words, as the desk would write them."""

    def __init__(self):
        self.events, self.drafts = [], 0

    def add(self, kind, actor="screening", **payload):
        at = AT + timedelta(minutes=len(self.events))
        payload = {"revision": self.drafts, **payload}
        self.events.append(Event(len(self.events) + 1, "2026-0001", kind, at, actor, payload))

    def submit(self, actor="li"):
        self.drafts += 1
        self.add(Kind.SUBMITTED, actor, title=f"第{self.drafts}稿", department="jd", proven=True)

    def screened(self, verdict, route="department", **more):
        self.add(Kind.SCREENED, verdict=verdict, route=route, **more)

    def decide(self, kind, actor, step, **more):
        base = {"answers": [], "seen": "", "until": LATER} if kind is Kind.APPROVED else {}
        self.add(kind, actor, step=step, **base | more)


def log(words):
    """Read a story: each word is one event."""
    story = Log()
    steps = {
        "submit": story.submit,
        "pass": lambda: story.screened("pass", blocks=[]),
        "major": lambda: story.screened("review", "publicity", blocks=[]),
        "old-block": lambda: story.screened("block"),
        "block": lambda: story.screened("block", blocks=["p", "q"]),
        "except-p": lambda: except_(story, "p"),
        "except-q": lambda: except_(story, "q"),
        "head": lambda: story.decide(Kind.APPROVED, "wang", "department"),
        "escalate": lambda: story.decide(Kind.APPROVED, "wang", "department", escalated=True),
        "officer": lambda: story.decide(Kind.APPROVED, "sun", "publicity"),
        "return": lambda: story.decide(Kind.RETURNED, "wang", "department"),
        "reject": lambda: story.decide(Kind.REJECTED, "wang", "department"),
        "withdraw": lambda: story.add(Kind.WITHDRAWN, "li"),
        "expire": lambda: story.add(Kind.EXPIRED),
        "release": lambda: story.add(Kind.RELEASED, "li"),
        "revoke": lambda: story.add(Kind.REVOKED, "sun"),
        "again": lambda: again(story, fresh=False),
        "again-fresh": lambda: again(story, fresh=True),
        "again-major": lambda: again(story, route="publicity", fresh=True),
        "again-block": lambda: again(story, verdict="block", blocks=["p"], fresh=True),
    }
    for word in words.split():
        steps[word]()
    return story.events


def except_(story, passage):
    answer = {"finding": passage, "rule": "R", "judgement": "dismissed", "reason": "x"}
    story.add(Kind.DISMISSED, "sun", passage=passage, until=LATER, **answer)


def again(story, verdict="pass", route="department", blocks=(), *, fresh):
    story.add(Kind.RESCREENED, verdict=verdict, route=route, blocks=list(blocks), fresh=fresh)
