"""A desk that everybody tries everything on, beside a model that only knows the regulation.

The model keeps what happened in plain lists of its own and judges by the articles: an approval
counts when an entitled person, who is no submitter and decided no other step, gave it to the very
revision. It shares no code with the desk. Every example works on a copy of one prepared store.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar

from college import NOW, PEOPLE, found
from desk_cast import (
    ACCOUNTS,
    DRAFTS,
    EDITORS,
    FIRST_LEVEL,
    GRAVE,
    HEADS,
    OFFICERS,
    RANKS,
    account,
    draft,
    everybody,
    flag,
    prepared,
    then,
    which,
    who,
)
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import URL

from screening.errors import ScreeningError
from screening.tickets.decisions import Answer, Decision
from screening.tickets.desk import Desk
from screening.tickets.judgements import Judgement
from screening.tickets.keys import Keyring
from screening.tickets.store import Store
from screening.tickets.ticket import SOFTWARE, Kind, State


class Known(Struct):
    """What the model remembers of a ticket.

    ``shown`` is the draft that its newest screening is like, ``given`` are the approvals of the
    newest revision, the last one at ``last``. ``grave``: 宣传部 has the last word, ``over``: called
    back, or run out; ``revoked``: taken back after the release.
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
    revoked: bool = False
    over: bool = False
    excepted_until: Any = None
    last: Any = None


class DeskMachine(RuleBasedStateMachine):
    """Tries actions at random; the desk may refuse with a code, but never do what it must not.

    ``tried`` counts attempts by what was tried and whether it was done.
    """

    tried: ClassVar[Counter[tuple[str, bool]]] = Counter()

    @initialize()
    def open(self):
        self.folder = tempfile.TemporaryDirectory()
        path = Path(self.folder.name) / "t.sqlite3"
        shutil.copyfile(prepared() / "t.sqlite3", path)
        self.now = NOW
        url = URL.create("sqlite", database=str(path))
        self.desk = Desk(Store.at(url), lambda: self.now)
        self.key = Keyring(prepared() / "keys").active
        self.known: list[Known] = []

    def teardown(self):
        if hasattr(self, "folder"):
            try:
                if sys.exc_info()[0] is None:  # what went wrong before is told, not its traces
                    self.check_log()
            finally:
                self.folder.cleanup()

    def attempt(self, what, action):
        """Do ``action``; return False where the desk refuses with a code."""
        done = False
        try:
            action()
            done = True
        except ScreeningError as error:
            assert error.code in {"P001", "P002", "P004", "P005", "U002", "T005", "T008"}, error
        self.tried[what, done] += 1
        return done

    def entry(self, item):
        """Return the ticket without its drafts, which take longest to read."""
        with self.desk.store.reading() as ledger:
            return ledger.entry(item.number)

    def pick(self, at):
        return self.known[at % len(self.known)] if self.known else None

    @rule(by=who | st.sampled_from(["li", "zhao"]), draft=draft, account=account)
    def submit(self, by, draft, account):
        self.try_to_submit(by, draft, account)

    def try_to_submit(self, by, draft, account):
        made = []
        screening = DRAFTS[draft]()
        if self.attempt(
            "submit", lambda: made.append(self.desk.submit(screening, account, by=PEOPLE[by]))
        ):
            self.works_there(by, account)
            grave = draft in GRAVE or account in FIRST_LEVEL
            self.known.append(Known(made[0].number, account, draft, {by}, grave))
            return self.known[-1]
        return None

    @rule(at=which, by=who, draft=draft)
    def revise(self, at, by, draft):
        item = self.pick(at)
        if item and self.attempt(
            "revise",
            lambda: self.desk.submit(
                DRAFTS[draft](), item.account, number=item.number, by=PEOPLE[by]
            ),
        ):
            assert not item.released
            self.works_there(by, item.account)
            item.shown, item.grave = draft, draft in GRAVE or item.account in FIRST_LEVEL
            item.submitters.add(by)
            item.revisions, item.screenings = item.revisions + 1, 1
            item.given, item.answered, item.over = [], set(), False

    @rule(at=which, by=who, answer=flag, escalate=flag, revision=st.sampled_from([None, 1, 2]))
    def approve(self, at, by, answer, escalate, revision):
        if item := self.pick(at):
            self.try_to_approve(item, by, answer, escalate=escalate, revision=revision)

    @rule(at=which, people=everybody, answer=flag, then=then)
    def hurry(self, at, people, answer, then):
        """Everybody tries to approve, and to release, so that tickets come far."""
        if item := self.pick(at):
            self.carry(item, people, answer, then)

    @rule(draft=draft, account=account, people=everybody, answer=flag, then=then)
    def carry_a_new_one(self, draft, account, people, answer, then):
        """Everybody tries to submit until one may; then all of them carry it on."""
        for by in people:
            if item := self.try_to_submit(by, draft, account):
                self.carry(item, people, answer, then)
                return

    def carry(self, item, people, answer, then):
        for _ in range(2):  # a step each
            if self.entry(item).status.step is None:
                break
            for by in people:
                if self.try_to_approve(item, by, answer):
                    break
        if self.entry(item).status.state is State.APPROVED and then:
            if then == "late":
                self.now += timedelta(days=31)
            elif then == "more":
                self.with_more_in_it(item, people)
            elif then == "another":
                self.another(item, people, "clean" if item.shown == "clean2" else "clean2")
            self.let_out(item, people)

    def let_out(self, item, people):
        for by in people:
            if self.try_to_release(item, by):
                return

    def try_to_approve(self, item, by, answer, *, escalate=False, revision=None):
        found = self.desk.ticket(item.number)
        step = "publicity" if item.given else "department"
        ids = [x.id for x in found.revision.screening.findings] if answer else []
        answers = tuple(Answer(x, Judgement.CONFIRMED, "已核对") for x in ids)
        decision = Decision(Kind.APPROVED, revision=revision, answers=answers, escalate=escalate)
        desk, person = self.desk, PEOPLE[by]
        if self.attempt("approve", lambda: desk.decide(item.number, person, decision)):
            self.may_decide(item, by, step)
            assert revision in (None, item.revisions)
            assert item.shown != "secret"
            assert item.shown != "vulgar" or self.excepted(item)
            if answer:
                item.answered |= {item.shown, step + item.shown}
            assert item.shown != "open" or "open" in item.answered, "nobody answered"
            assert (
                item.shown != "escalate"
                or step + item.shown in item.answered
                or (step == "department")
            ), "nobody answered"
            item.given.append((step, by))
            item.last = self.now
            item.grave = item.grave or escalate
            item.decided.add((step, by))
            return True
        return False

    @rule(at=which, by=who, kind=st.sampled_from([Kind.RETURNED, Kind.REJECTED]))
    def refuse(self, at, by, kind):
        item = self.pick(at)
        if item is None:
            return
        last = "publicity" if item.grave else "department"
        step = last if item.given else "department"
        decision = Decision(kind, rationale="请改")
        desk, person = self.desk, PEOPLE[by]
        if self.attempt(kind.value, lambda: desk.decide(item.number, person, decision)):
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
        desk, person = self.desk, PEOPLE[by]
        if self.attempt("dismiss", lambda: desk.dismiss(item.number, person, answer, until)):
            assert item.shown == "vulgar"
            self.may_decide(item, by, "publicity")
            item.decided.add(("publicity", by))
            item.excepted_until = until

    @rule(at=which, by=who)
    def withdraw(self, at, by):
        item = self.pick(at)
        if item and self.attempt("withdraw", lambda: self.desk.withdraw(item.number, PEOPLE[by])):
            assert not item.released
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

        self.attempt("rescreen", lambda: self.desk.rescreen(screen))
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

    @rule(at=which, people=everybody, draft=draft)
    def release_another(self, at, people, draft):
        if item := self.pick(at):
            self.another(item, people, draft)

    def another(self, item, people, draft):
        """Bring another file than what was approved."""
        other = DRAFTS[draft]()
        if other.draft.digest != self.entry(item).status.digest:
            for by in people:
                assert not self.try_to_bring(item, by, other), "another content went out"

    def with_more_in_it(self, item, people):
        """Bring the approved content with something in it that nobody was asked about."""
        screening = self.filed(item)
        more = replace(found("批注").findings[0], id="elsewhere")
        screening = replace(screening, findings=(*screening.findings, more))
        for by in people:
            assert not self.try_to_bring(item, by, screening), "nobody was asked about this"

    def try_to_bring(self, item, by, screening):
        desk, person = self.desk, PEOPLE[by]
        what = "release another"
        return self.attempt(what, lambda: desk.release(item.number, person, screening, self.key))

    def filed(self, item):
        """Return the newest screening of the content that was filed."""
        revision = self.desk.ticket(item.number).revision
        return replace(revision.screening, draft=revision.screenings[0].draft)

    def try_to_release(self, item, by):
        screening, signed = self.filed(item), []
        desk, person = self.desk, PEOPLE[by]
        if self.attempt(
            "release",
            lambda: signed.append(desk.release(item.number, person, screening, self.key)),
        ):
            self.may_be_released(item)
            assert not item.released, "released twice"
            assert self.now - item.last < timedelta(days=30), "the approval had run out"
            assert item.shown != "vulgar" or self.now < item.excepted_until, "no exception holds"
            assert by in EDITORS[ACCOUNTS[item.account]], "not entitled"
            named = [(x.step, x.name) for x in signed[0].read().approvals]
            assert named == [(step, PEOPLE[person].name) for step, person in item.given]
            item.released = True
            return True
        return False

    @rule(at=which, by=who, people=everybody)
    def revoke(self, at, by, people):
        item = self.pick(at)
        if item and self.attempt(
            "revoke", lambda: self.desk.revoke(item.number, PEOPLE[by], "活动取消")
        ):
            assert item.released
            assert not item.revoked
            assert by in OFFICERS, "not entitled"
            item.revoked = True
            for other in people:
                assert not self.try_to_release(item, other), "released after it was taken back"

    @rule(draft=draft, account=account, people=everybody)
    def set_the_clock_back(self, draft, account, people):
        """Nothing is written while a clock is wrong by more than minutes."""
        present, self.now = self.now, NOW - timedelta(days=1)
        for by in people[:3]:
            assert self.try_to_submit(by, draft, account) is None, "written by a wrong clock"
        self.now = present

    @rule(days=st.integers(1, 20))
    def wait(self, days):
        self.now += timedelta(days=days)

    @invariant()
    def states_agree(self):
        for item in getattr(self, "known", ())[-2:]:
            state = self.entry(item).status.state
            assert (state is State.REVOKED) == item.revoked
            assert (state is State.RELEASED) == (item.released and not item.revoked)
            if state is State.APPROVED:
                self.may_be_released(item)

    def excepted(self, item):
        return item.excepted_until is not None

    def works_there(self, by, account):
        place = ACCOUNTS[account]
        assert place is None or by in EDITORS[place] | HEADS[place], "works elsewhere"

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
        assert self.desk.audit().faults == (), "the audit found something"
        for item in self.known:
            for event in self.entry(item).events:
                assert event.actor == SOFTWARE or event.actor in PEOPLE
