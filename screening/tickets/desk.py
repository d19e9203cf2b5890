"""The desk: everything that can be done with tickets, for commands and pages alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from msgspec import to_builtins
from msgspec.structs import replace

from screening.conceal import conceal
from screening.database.backup import read_backup
from screening.errors import StoreError, UsageError
from screening.finding import Finding, Screening, Verdict
from screening.registry.records import FIRST_LEVEL, Person, Role
from screening.registry.registry import Registry
from screening.tickets.archive import Archive
from screening.tickets.audit import Audit, audit
from screening.tickets.authority import Action, may_submit, needs, refused, require, routed, step_of
from screening.tickets.decisions import (
    Answer,
    Decision,
    approved_until,
    blocks_of,
    end_of_exception,
    is_final,
    passage,
    reason,
    unanswered,
    worded,
)
from screening.tickets.dismissing import dismissible
from screening.tickets.keys import Key
from screening.tickets.permit import Signed, permit_for, sign
from screening.tickets.releasing import as_approved, in_time, in_use, nothing_new
from screening.tickets.rescreening import Rescreen, is_fresh, new_findings
from screening.tickets.status import STEPS
from screening.tickets.store import Ledger, Store
from screening.tickets.ticket import SOFTWARE, Entry, Kind, State, Ticket
from screening.tickets.writer import Writer, outcome

NAME_LIMIT = 100
APPROVAL_DAYS = 30
_ACTIONS = {
    Kind.APPROVED: Action.APPROVE,
    Kind.RETURNED: Action.RETURN,
    Kind.REJECTED: Action.REJECT,
}
_OPEN = (State.BLOCKED, *STEPS, State.APPROVED)
_ANSWER = (
    "请逐处答复，写明理由：属实可以保留的用 --confirm 第几处=理由，误报的用 --dismiss；"
    "或者退回修改。"
)


class Desk(Archive):
    """Files screenings as tickets in ``store``, lets people decide on them, and finds them again.

    ``clock`` returns the present as an aware time in the school's zone: its year numbers tickets.
    ``approval_days`` is how long a final approval holds. People come proven: see
    :meth:`~screening.registry.registrar.Registrar.identify`. Every method may raise StoreError:
    T002, the store is damaged; T004, it is busy.
    """

    def __init__(
        self,
        store: Store,
        clock: Callable[[], datetime],
        *,
        approval_days: int = APPROVAL_DAYS,
    ) -> None:
        super().__init__(store)
        self._clock = clock
        self._approval_days = approval_days

    def submit(
        self,
        screening: Screening,
        account: str,
        editor: str | None = None,
        number: str | None = None,
        department: str | None = None,
        *,
        by: Person | None = None,
        planned: datetime | None = None,
        key: str = "",
    ) -> Ticket:
        """File ``screening`` as a new ticket, or as a new revision of the ticket ``number``.

        Once people are registered, ``by`` must be one of them who works for the account's
        department; ``editor`` is then needed only where somebody else wrote the draft. The
        department is that of the registered account, else the one named. A new revision voids
        every approval. ``planned`` is when it is to be published, an aware time, if that is known.
        White space around names is dropped. ``key`` stays with the revision, for a caller that must
        know after a crash what it has filed: see :meth:`keyed`.

        Raises:
            UsageError: U002, a name is empty, too long or not printable, or the ticket ``number``
                belongs to another account.
            RefusedError: P001 or P002, this person may not submit.
            StoreError: T001, there is no ticket ``number``.
        """
        account = _name("账号", account)
        editor = _name("编辑姓名", editor if editor is not None or by is None else by.name)
        department = _name("部门", department) if department is not None else None
        with self.store.writing() as ledger:
            now = ledger.moment(self._clock())
            registry = ledger.registry()
            known = registry.accounts.get(account)
            department = known.department if known else department
            may_submit(registry, known, by)
            status, events = None, 0
            if number is None:
                number = ledger.open(account, editor, department, now)
            else:
                entry = _same_account(ledger.entry(number), account)
                status, events = entry.status, len(entry.events)
                if by is not None:
                    require(Action.REVISE, by, number, status, registry)
            writer = Writer(ledger, number, status, events, now)
            screening = routed(screening, known)
            writer.submitted(screening, department, editor, by, planned=planned, key=key)
            return ledger.ticket(number)

    def decide(self, number: str, by: Person, decision: Decision) -> Ticket:
        """Approve, return or reject the newest revision.

        Raises:
            RefusedError: P001, ``by`` may not, or something is still unanswered.
            UsageError: U002, a reason is missing.
            StoreError: T001; T005, the ticket moved on since it was read.
        """
        with self.store.writing() as ledger:
            found, registry, writer = self._begin(ledger, number, decision.revision)
            action, status = _ACTIONS[decision.kind], found.status
            account = registry.accounts.get(found.account)
            if account is not None and account.level == FIRST_LEVEL:
                decision = replace(decision, escalate=True)  # it may have become one since
            require(action, by, number, status, registry)
            step = step_of(action, status)
            screening = found.revision.screening
            approving = decision.kind is Kind.APPROVED
            payload: dict[str, Any] = {
                "step": step.value,
                "by": _signed(by, *needs(step, status.department), registry),
                "rationale": reason("意见", decision.rationale, needed=not approving),
                "answers": worded(decision.answers, screening),
            }
            if approving:
                payload |= self._approval(decision, found, payload["answers"], writer.now)
            writer.event(decision.kind, by.id, payload)
            return ledger.ticket(number)

    def dismiss(self, number: str, by: Person, finding: Answer, until: datetime | None) -> Ticket:
        """Except one blocking passage ``until`` a time, for this text and this rule.

        Raises:
            RefusedError: P001, ``by`` may not, or nobody may.
            UsageError: U002, there is no such finding, no reason, or no end.
            StoreError: T001.
        """
        with self.store.writing() as ledger:
            found, registry, writer = self._begin(ledger, number)
            which = dismissible(found, finding.finding, by, registry)
            screening = found.revision.screening
            payload = {
                "passage": passage(which, screening.draft),
                **worded([finding], screening)[0],
                "until": end_of_exception(until, writer.now),
                "by": _signed(by, Role.PUBLICITY, None, registry),
            }
            writer.event(Kind.DISMISSED, by.id, payload)
            return ledger.ticket(number)

    def withdraw(self, number: str, by: Person, rationale: str = "") -> Ticket:
        """Take a ticket back before it is released. Raises as :meth:`decide` does."""
        with self.store.writing() as ledger:
            found, registry, writer = self._begin(ledger, number)
            require(Action.WITHDRAW, by, number, found.status, registry)
            said = reason("撤回", rationale, needed=False)
            signed = _signed(by, Role.EDITOR, found.status.department, registry)
            writer.event(Kind.WITHDRAWN, by.id, {"rationale": said, "by": signed})
            return ledger.ticket(number)

    def release(
        self,
        number: str,
        by: Person,
        screening: Screening,
        key: Callable[[], Key],
        *,
        account: str | None = None,
        planned: datetime | None = None,
    ) -> Signed:
        """Release the draft of ``screening``: sign a permit, and record it.

        ``screening`` is that of the file to be published, by today's rules. ``key`` gives the key
        that signs, and is asked only where nothing else is in the way. ``account`` and ``planned``
        say where and when it is to be published; what is stated must be what was approved.

        Raises:
            RefusedError: P001, ``by`` may not, or the approval ran out; P005, this is not what was
                approved, or there is something to answer in it that nobody was asked about.
            PermitError: K003 or K004, the key cannot sign; K006, it was not made for this store.
            StoreError: T001.
        """
        with self.store.writing() as ledger:
            found, registry, writer = self._begin(ledger, number)
            require(Action.RELEASE, by, number, found.status, registry)
            now = writer.now
            in_use(found, registry)
            in_time(found, now)
            as_approved(found, screening.draft.digest, account, planned)
            nothing_new(found, screening)
            role = Role.EDITOR if by.holds(Role.EDITOR, found.department) else Role.ADMINISTRATOR
            signed_by = _signed(by, role, found.department, registry)
            known = registry.accounts.get(found.account)
            permit = permit_for(found, known.name if known else "", signed_by["name"], now)
            signed = sign(permit, ledger.signing_key(key()))
            payload = {
                "digest": screening.draft.digest,
                "by": signed_by,
                "permit": to_builtins(signed),
            }
            writer.event(Kind.RELEASED, by.id, payload)
            return signed

    def revoke(self, number: str, by: Person, rationale: str) -> Ticket:
        """Take a release back: its permit does not hold any more. Raises as :meth:`decide` does."""
        with self.store.writing() as ledger:
            found, registry, writer = self._begin(ledger, number)
            require(Action.REVOKE, by, number, found.status, registry)
            said = reason("作废", rationale)
            signed = _signed(by, Role.PUBLICITY, None, registry)
            writer.event(Kind.REVOKED, by.id, {"rationale": said, "by": signed})
            return ledger.ticket(number)

    def rescreen(self, screen: Callable[[Ticket], Screening]) -> list[Rescreen]:
        """Screen every open ticket again and send back those that now block; oldest first.

        ``screen`` screens the newest draft of a ticket, personal numbers masked, by today's rules.
        Approvals that ran out expire. Returns the tickets on which something is new.
        """
        with self.store.reading() as ledger:
            numbers = ledger.numbers(_OPEN)
        return [done for number in numbers if (done := self._rescreen(number, screen))]

    def restore(self, path: Path) -> tuple[int, Audit]:
        """Fill the empty store from a backup; return how many rows it had, and their audit.

        Raises:
            StoreError: T006, the store is not empty, or the backup is not whole and unaltered.
        """
        with self.store.writing() as ledger:
            count = read_backup(ledger.connection, path)
            done = audit(ledger.connection)
            if done.faults:
                problem = f"里面的记录有 {len(done.faults)} 处不符"
                raise StoreError("T006", where=str(path), problem=problem)
            return count, done

    def _begin(
        self, ledger: Ledger, number: str, revision: int | None = None
    ) -> tuple[Ticket, Registry, Writer]:
        """Read a ticket to change it; refuse where the revision that was read is an old one."""
        found = ledger.ticket(number)
        if revision is not None and revision != found.status.drafts:
            problem = f"你看的是第{revision}稿，现在是第{found.status.drafts}稿"
            raise StoreError("T005", number=number, problem=problem)
        now = ledger.moment(self._clock())
        writer = Writer(ledger, number, found.status, len(found.events), now)
        return found, ledger.registry(), writer

    def _approval(
        self,
        decision: Decision,
        found: Ticket,
        answers: Sequence[Mapping[str, Any]],
        now: datetime,
    ) -> dict[str, Any]:
        """Return what only an approval says; refuse it while something is unanswered."""
        number, status, screening = found.number, found.status, found.revision.screening
        seen = reason("未审部分", decision.seen, needed=bool(decision.seen.strip()))
        final = is_final(status, escalate=decision.escalate)
        given = {item["finding"] for item in answers}
        asked = [
            item for item in unanswered(screening, status, final=final) if item.id not in given
        ]
        if asked:
            raise refused(Action.APPROVE, number, _asked(asked, screening), _ANSWER)
        if not screening.complete and not (seen or status.seen):
            problem = "有内容软件没有审到，须由人看过"
            raise refused(Action.APPROVE, number, problem, "看过之后请用 --seen 写明看的结果。")
        terms = {"seen": seen, "escalated": decision.escalate}
        if final:
            until = approved_until(status, blocks_of(screening), now, self._approval_days)
            return terms | {"until": until.isoformat()}
        return terms

    def _rescreen(self, number: str, screen: Callable[[Ticket], Screening]) -> Rescreen | None:
        with self.store.writing() as ledger:
            found, registry, writer = self._begin(ledger, number)
            status = found.status
            if status.state not in _OPEN:
                return None
            if status.until is not None and status.until <= writer.now:
                writer.event(Kind.EXPIRED, SOFTWARE, {"until": status.until.isoformat()})
                return Rescreen(number, status.title, status.state, State.EXPIRED, ())
            before = found.revision.screening
            now = routed(screen(found), registry.accounts.get(found.account))
            new = new_findings(before, now)
            unnamed = status.blocks is None and status.verdict is Verdict.BLOCK
            if outcome(before) == outcome(now) and not new and not unnamed:
                return None
            writer.rescreened(now, fresh=is_fresh(new, before, now))
            after = writer.status.state if writer.status else status.state
            return Rescreen(number, status.title, status.state, after, new)


def _asked(findings: Sequence[Finding], screening: Screening) -> str:
    """Name the findings that still want an answer, by their numbers in the report."""
    ids, draft = {item.id for item in findings}, screening.draft
    numbered = [(at, item) for at, item in enumerate(screening.ordered, 1) if item.id in ids]
    named = [f"第 {at} 处（{item.rule}，{draft.locate(item.span)}）" for at, item in numbered[:5]]
    more = f"等 {len(findings)} 处" if len(findings) > len(named) else ""
    return f"报告里还有没答复的：{'、'.join(named)}{more}"


def _same_account(entry: Entry, account: str) -> Entry:
    if entry.account != account:
        problem = f"审批单 {entry.number} 属于账号 {entry.account}，不属于 {account}"
        raise UsageError("U002", problem=problem)
    return entry


def _signed(
    by: Person, role: Role, department: str | None, registry: Registry
) -> Mapping[str, str]:
    """Return name and office as they stand on the form, whatever the registry says later."""
    return {"name": by.name, "office": registry.office(by, role, department)}


def _name(what: str, value: str | None) -> str:
    name = conceal((value or "").strip())
    if not name:
        raise UsageError("U002", problem=f"{what}不能为空")
    if len(name) > NAME_LIMIT:
        raise UsageError("U002", problem=f"{what}不能超过 {NAME_LIMIT} 个字符")
    if not name.isprintable():
        raise UsageError("U002", problem=f"{what}里有看不见的字符，请重新输入")
    return name
