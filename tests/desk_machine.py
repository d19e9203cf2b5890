"""A desk that everybody tries everything on, beside a model that only knows the regulation.

The model keeps what happened in plain lists of its own and judges by the articles: an approval
counts when an entitled person, who is no submitter and decided no other step, gave it to the very
revision. It shares no code with the desk.
"""

from __future__ import annotations

import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

from college import NOW, PEOPLE, found, major, register, signing_keys
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from made_up import small
from msgspec import Struct
from sqlalchemy import URL

from screening.errors import ScreeningError
from screening.finding import Category, Severity
from screening.tickets.decisions import Answer, Decision
from screening.tickets.desk import Desk
from screening.tickets.judgements import Judgement
from screening.tickets.store import Store
from screening.tickets.ticket import SOFTWARE, Kind, State

DRAFTS = {
    "clean": lambda: small("校园开放日。"),
    "clean2": lambda: small("校园开放日改期。"),
    "open": lambda: found("据说要下雨。"),
    "major": major,
    "escalate": lambda: found("党委换届。", Severity.ESCALATE, Category.MAJOR),
    "vulgar": lambda: found("粗话。", Severity.BLOCK, Category.VULGAR),
    "secret": lambda: found("密件。", Severity.BLOCK, Category.SECRECY),
}
ACCOUNTS = {"jd-wechat": "jd", "jj-wechat": "jj", "school": "xcb", "unknown": None}
HEADS = {"jd": {"wang", "gao", "both", "boss"}, "jj": {"qian"}, "xcb": {"zhou"}, None: set()}
EDITORS = {"jd": {"li", "zhao", "boss"}, "jj": {"qian"}, "xcb": set(), None: set()}
OFFICERS = {"sun", "zhou", "both", "boss"}
GRAVE = {"major", "escalate"}
RANKS = {"clean": 0, "clean2": 0, "major": 0, "open": 1, "escalate": 2, "vulgar": 3, "secret": 3}

who = st.sampled_from(sorted(PEOPLE))
draft = st.sampled_from(sorted(DRAFTS))
account = st.sampled_from([*sorted(ACCOUNTS), "jd-wechat"])
which = st.integers(0, 5)
flag = st.booleans()


class Known(Struct):
    """What the model remembers of a ticket.

    ``shown`` is the draft that its newest screening is like, ``given`` are the approvals of the
    newest revision, the last one at ``last``. ``grave``: 宣传部 has the last word, ``over``: called
    back, or run out.
    """

    number: str
    account: str
    shown: str
    submitters: set[str]
    grave: bool
    given: list[tuple[str, str]] = []
    decided: set[tuple[str, str]] = set()
    answered: set[str] = set()
    revisions: int = 1
    screenings: int = 1
    released: bool = False
    over: bool = False
    excepted_until: Any = None
    last: Any = None


class DeskMachine(RuleBasedStateMachine):
    """Tries actions at random; the desk may refuse with a code, but never do what it must not."""

    steps = released = 0

    @initialize()
    def open(self):
        self.folder = tempfile.TemporaryDirectory()
        url = URL.create("sqlite", database=str(Path(self.folder.name) / "t.sqlite3"))
        self.now = NOW
        self.desk = Desk(Store.at(url), lambda: self.now)
        register(self.desk.store)
        self.ring = signing_keys(self.desk.store, Path(self.folder.name) / "keys")
        self.known: list[Known] = []

    def teardown(self):
        if hasattr(self, "folder"):
            self.check_log()
            self.folder.cleanup()

    def attempt(self, action):
        """Do ``action``; return False where the desk refuses with a code."""
        type(self).steps += 1
        try:
            action()
        except ScreeningError as error:
            assert error.code in {"P001", "P002", "P004", "P005", "U002", "T005"}, error
            return False
        return True

    def pick(self, at):
        return self.known[at % len(self.known)] if self.known else None

    @rule(by=who | st.sampled_from(["li", "zhao"]), draft=draft, account=account)
    def submit(self, by, draft, account):
        made = []
        if self.attempt(
            lambda: made.append(self.desk.submit(DRAFTS[draft](), account, by=PEOPLE[by]))
        ):
            number = made[0].number
            self.known.append(Known(number, account, draft, {by}, draft in GRAVE))

    @rule(at=which, by=who, draft=draft)
    def revise(self, at, by, draft):
        item = self.pick(at)
        if item and self.attempt(
            lambda: self.desk.submit(
                DRAFTS[draft](), item.account, number=item.number, by=PEOPLE[by]
            )
        ):
            assert not item.released
            item.shown, item.grave = draft, draft in GRAVE
            item.submitters.add(by)
            item.revisions, item.screenings = item.revisions + 1, 1
            item.given, item.answered, item.over = [], set(), False

    @rule(at=which, by=who, answer=flag, escalate=flag, revision=st.sampled_from([None, 1, 2]))
    def approve(self, at, by, answer, escalate, revision):
        if item := self.pick(at):
            self.try_to_approve(item, by, answer, escalate=escalate, revision=revision)

    @rule(at=which, people=st.permutations(sorted(PEOPLE)))
    def hurry(self, at, people):
        """Everybody tries to approve and to release, so that tickets come far."""
        if item := self.pick(at):
            for by in people:
                self.try_to_approve(item, by, answer=True)
                self.try_to_release(item, by)

    def try_to_approve(self, item, by, answer, *, escalate=False, revision=None):
        found = self.desk.ticket(item.number)
        step = "publicity" if item.given else "department"
        ids = [x.id for x in found.revision.screening.findings] if answer else []
        answers = tuple(Answer(x, Judgement.CONFIRMED, "已核对") for x in ids)
        decision = Decision(Kind.APPROVED, revision=revision, answers=answers, escalate=escalate)
        if self.attempt(lambda: self.desk.decide(item.number, PEOPLE[by], decision)):
            self.may_decide(item, by, step)
            assert revision in (None, item.revisions)
            assert item.shown != "secret"
            assert item.shown != "vulgar" or self.excepted(item)
            if answer:
                item.answered |= {item.shown, step + item.shown}
            assert item.shown != "open" or "open" in item.answered
            assert (
                item.shown != "escalate"
                or step + item.shown in item.answered
                or (step == "department")
            )
            item.given.append((step, by))
            item.last = self.now
            item.grave = item.grave or escalate
            item.decided.add((step, by))

    @rule(at=which, by=who, kind=st.sampled_from([Kind.RETURNED, Kind.REJECTED]))
    def refuse(self, at, by, kind):
        item = self.pick(at)
        if item is None:
            return
        last = "publicity" if item.grave else "department"
        step = last if item.given else "department"
        decision = Decision(kind, rationale="请改")
        if self.attempt(lambda: self.desk.decide(item.number, PEOPLE[by], decision)):
            self.may_decide(item, by, step)
            item.decided.add((step, by))
            item.given, item.over = [], True

    @rule(at=which, by=who)
    def dismiss(self, at, by):
        item = self.pick(at)
        if item is None:
            return
        findings = self.desk.ticket(item.number).revision.screening.findings
        key = findings[0].id if findings else "none"
        answer = Answer(key, Judgement.DISMISSED, "引用")
        until = self.now + timedelta(days=5)
        if self.attempt(lambda: self.desk.dismiss(item.number, PEOPLE[by], answer, until)):
            assert item.shown == "vulgar"
            self.may_decide(item, by, "publicity")
            item.decided.add(("publicity", by))
            item.excepted_until = until

    @rule(at=which, by=who)
    def withdraw(self, at, by):
        item = self.pick(at)
        if item and self.attempt(lambda: self.desk.withdraw(item.number, PEOPLE[by])):
            assert by in item.submitters or (by == "zhao" and ACCOUNTS[item.account] == "jd")
            item.over = True

    @rule(at=which, draft=draft)
    def rescreen(self, at, draft):
        """The rules change: one ticket's draft is judged as another's would be today."""
        item = self.pick(at)
        if item is None:
            return

        def screen(ticket):
            chosen = draft if ticket.number == item.number else self.by_number(ticket.number).shown
            return DRAFTS[chosen]()

        self.attempt(lambda: self.desk.rescreen(screen))
        for other in self.known:
            now = self.desk.ticket(other.number)
            if now.status.state is State.EXPIRED:
                other.given, other.over = [], True
            elif other is item and len(now.revision.screenings) > item.screenings:
                item.screenings = len(now.revision.screenings)
                if RANKS[draft] > RANKS[item.shown] or (draft in GRAVE and not item.grave):
                    item.given = []  # nobody was asked about that
                item.shown = draft
                item.grave = item.grave or draft in GRAVE

    def by_number(self, number):
        return next(item for item in self.known if item.number == number)

    @rule(at=which, by=who)
    def release(self, at, by):
        if item := self.pick(at):
            self.try_to_release(item, by)

    @rule(at=which, by=who, draft=draft)
    def release_another(self, at, by, draft):
        """Bring another file than what was approved."""
        digest = DRAFTS[draft]().draft.digest
        item = self.pick(at)
        if item and digest != self.desk.ticket(item.number).revision.digest:
            assert not self.attempt(
                lambda: self.desk.release(item.number, PEOPLE[by], digest, self.ring.active)
            )

    def try_to_release(self, item, by):
        digest = self.desk.ticket(item.number).revision.digest
        signed = []
        if self.attempt(
            lambda: signed.append(
                self.desk.release(item.number, PEOPLE[by], digest, self.ring.active)
            )
        ):
            self.may_be_released(item)
            assert self.now - item.last < timedelta(days=30), "the approval had run out"
            assert by in EDITORS[ACCOUNTS[item.account]], "not entitled"
            named = [(x.step, x.name) for x in signed[0].read().approvals]
            assert named == [(step, PEOPLE[person].name) for step, person in item.given]
            item.released = True
            type(self).released += 1

    @rule(days=st.integers(1, 20))
    def wait(self, days):
        self.now += timedelta(days=days)

    @invariant()
    def states_agree(self):
        for item in getattr(self, "known", ())[-2:]:
            state = self.desk.ticket(item.number).status.state
            assert (state is State.RELEASED) == item.released
            if state is State.APPROVED:
                self.may_be_released(item)

    def excepted(self, item):
        return item.excepted_until is not None

    def may_decide(self, item, by, step):
        department = ACCOUNTS[item.account]
        assert by not in item.submitters, "a submitter decided"
        assert by in (HEADS[department] if step == "department" else OFFICERS), "not entitled"
        assert not any(person == by and other != step for other, person in item.decided), (
            "one person decided two steps"
        )

    def may_be_released(self, item):
        wanted = ["department", "publicity"] if item.grave else ["department"]
        assert [step for step, _ in item.given] == wanted, "an approval is missing"
        assert len({person for _, person in item.given}) == len(wanted), "one person twice"
        assert not item.over
        assert item.shown != "secret"

    def check_log(self):
        assert self.desk.audit().faults == ()
        for item in self.known:
            for event in self.desk.ticket(item.number).events:
                assert event.actor == SOFTWARE or event.actor in PEOPLE
