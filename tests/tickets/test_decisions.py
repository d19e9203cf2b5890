"""Approvals hold for what was read, by whom, with every open finding answered."""

from __future__ import annotations

from datetime import timedelta

import pytest
from college import NOW, PEOPLE, found, major, register
from deciding import LATER, answered, decide, except_, submit
from made_up import small
from msgspec.structs import replace

from screening.draft import Unscreened
from screening.errors import RefusedError, StoreError, UsageError
from screening.finding import Category, Failure, Severity, Target
from screening.registry.records import Account, Standing
from screening.registry.store import Rolls
from screening.tickets.decisions import Answer, Decision
from screening.tickets.judgements import JudgedPassage, Judgement, Tally
from screening.tickets.status import status_of
from screening.tickets.ticket import Kind, State
from screening.tickets.writer import Writer


@pytest.fixture
def desk(open_desk):
    made = open_desk()
    register(made.store)
    return made


def test_the_department_comes_from_the_account(desk):
    ticket = desk.ticket(submit(desk, account="school", by="zhou"))
    assert ticket.department == "xcb"
    assert ticket.events[0].payload["proven"] is True
    assert ticket.editor == "zhou示例"


def test_submitting_takes_somebody_of_the_department(desk):
    with pytest.raises(RefusedError, match=r"P004.*可以送审的人：.*qian示例（qian）"):
        submit(desk, account="jj-wechat")
    with pytest.raises(RefusedError, match="P002"):
        desk.submit(small(), "jd-wechat", "李四")
    number = submit(desk)
    with pytest.raises(RefusedError, match=r"P004"):
        submit(desk, by="qian", number=number)


def test_accounts_out_of_use_take_no_drafts(desk):
    with desk.store.writing() as ledger:
        closed = Account("old", "旧号", "微博", 2, "jd", state=Standing.CLOSED)
        Rolls(ledger.connection).put(closed, NOW, "adm")
    with pytest.raises(RefusedError, match="已注销"):
        submit(desk, account="old")


def test_an_account_registered_later_gives_the_ticket_its_department(desk):
    number = submit(desk, account="new")
    assert desk.ticket(number).department is None
    with desk.store.writing() as ledger:
        Rolls(ledger.connection).put(Account("new", "新号", "微博", 2, "jd"), NOW, "adm")
    submit(desk, account="new", number=number)
    assert decide(desk, number, "wang").status.state is State.APPROVED


def test_the_departments_own_matter(desk):
    number = submit(desk)
    ticket = decide(desk, number, "wang", Decision(Kind.APPROVED, rationale=" 同意。 "))
    assert ticket.status.state is State.APPROVED
    assert ticket.status.until == NOW + timedelta(days=30)
    payload = ticket.events[-1].payload
    assert payload["by"] == {"name": "wang示例", "office": "机电学院部门负责人"}
    assert (payload["revision"], payload["rationale"], payload["step"]) == (
        1,
        "同意。",
        "department",
    )


def test_major_matters_take_two_people(desk):
    number = submit(desk, major())
    assert decide(desk, number, "both").status.state is State.AWAITING_PUBLICITY
    with pytest.raises(RefusedError, match="不能办两步"):
        decide(desk, number, "both")
    ticket = decide(desk, number, "sun")
    assert ticket.status.state is State.APPROVED
    assert [event.actor for event in ticket.status.approvals] == ["both", "sun"]


def test_a_head_may_hand_a_matter_on(desk):
    number = submit(desk)
    ticket = decide(desk, number, "wang", Decision(Kind.APPROVED, escalate=True))
    assert ticket.status.state is State.AWAITING_PUBLICITY
    assert ticket.status.route is Target.PUBLICITY


def test_a_new_revision_voids_every_approval(desk):
    number = submit(desk, major())
    decide(desk, number, "wang")
    decide(desk, number, "sun")
    ticket = desk.submit(small("另一句话。"), "jd-wechat", by=PEOPLE["zhao"], number=number)
    assert ticket.status.state is State.AWAITING_DEPARTMENT
    assert ticket.status.approvals == ()
    assert ticket.status.until is None
    assert ticket.status.answers == {}


@pytest.mark.parametrize("kind", [Kind.RETURNED, Kind.REJECTED])
def test_sending_back_takes_a_reason(desk, kind):
    number = submit(desk)
    with pytest.raises(UsageError, match="要写明理由"):
        decide(desk, number, "wang", Decision(kind, rationale="  "))
    ticket = decide(desk, number, "wang", Decision(kind, rationale="人数不对13800000000"))
    assert ticket.status.state.value == kind.value
    assert ticket.events[-1].payload["rationale"] == "人数不对138********"


@pytest.mark.parametrize(
    ("text", "enough"),
    [
        *(
            (text, False)
            for text in ("x", "。", "1", "字", "哈哈", "……", "12345", "👍👍", "ok", "aaaa")
        ),
        *((text, True) for text in ("错字", "请改", "typo", "改 ab", "第3段", "見原件")),
    ],
)
def test_a_reason_says_something(desk, text, enough):
    number = submit(desk, found("某段话", Severity.BLOCK, Category.VULGAR))
    other = submit(desk, found(), by="zhao")
    tries = (
        lambda: except_(desk, number, reason=text),
        lambda: decide(desk, other, "wang", answered(reason=text)),
        lambda: decide(desk, other, "gao", Decision(Kind.RETURNED, rationale=text)),
    )
    for attempt in tries:
        if enough:
            attempt()
        else:
            with pytest.raises(UsageError, match=r"U002.*写得太简略，请至少用两个不同的字"):
                attempt()
    assert (desk.ticket(number).status.state is State.BLOCKED) is not enough


def test_open_findings_are_answered_one_by_one(desk):
    number = submit(desk, found())
    with pytest.raises(RefusedError, match=r"第 1 处（WOR001，第1段）.*--confirm"):
        decide(desk, number, "wang")
    with pytest.raises(UsageError, match="要写明理由"):
        decide(desk, number, "wang", answered(reason=" "))
    with pytest.raises(UsageError, match="没有发现 XXX"):
        decide(desk, number, "wang", answered(finding="XXX"))
    assert desk.ticket(number).status.state is State.AWAITING_DEPARTMENT
    ticket = decide(desk, number, "wang", answered())
    assert ticket.status.state is State.APPROVED
    assert ticket.events[-1].payload["answers"] == [
        {"finding": "WOR001-1", "rule": "WOR001", "judgement": "confirmed", "reason": "已核对"}
    ]


def test_notices_need_no_answer(desk):
    number = submit(desk, found(severity=Severity.NOTICE))
    assert decide(desk, number, "wang").status.state is State.APPROVED


def test_what_goes_to_publicity_is_answered_by_publicity(desk):
    number = submit(desk, found(severity=Severity.ESCALATE, category=Category.MAJOR))
    decide(desk, number, "wang", answered(reason="部门看过"))
    with pytest.raises(RefusedError, match="没答复"):
        decide(desk, number, "sun")
    assert decide(desk, number, "sun", answered()).status.state is State.APPROVED


@pytest.mark.parametrize(
    "gap", [{"unscreened": (Unscreened("图片", "没有文字"),)}, {"failures": (Failure("a", "b"),)}]
)
def test_what_was_not_screened_has_to_be_looked_at(desk, gap):
    number = submit(desk, small(**gap))
    with pytest.raises(RefusedError, match=r"没有审到.*--seen"):
        decide(desk, number, "wang")
    ticket = decide(desk, number, "wang", Decision(Kind.APPROVED, seen="图里是校徽"))
    assert ticket.status.state is State.APPROVED
    assert ticket.status.seen == "图里是校徽"


@pytest.mark.parametrize("category", [Category.SECRECY, Category.PERSONAL])
def test_nobody_excepts_secrets_and_personal_numbers(desk, category):
    number = submit(desk, found(severity=Severity.BLOCK, category=category))
    for who in ("sun", "boss", "wang"):
        with pytest.raises(RefusedError, match="任何人都不能准许保留"):
            desk.dismiss(number, PEOPLE[who], Answer("WOR001-1", Judgement.DISMISSED, "x"), LATER)
    assert desk.ticket(number).status.state is State.BLOCKED


def test_exceptions(desk):
    number = submit(desk, found("某段话", Severity.BLOCK, Category.VULGAR))
    for who in ("li", "wang", "adm"):
        with pytest.raises(RefusedError, match=r"P001.*可以办的人：.*sun示例（sun）"):
            except_(desk, number, who, until=None, reason="")
    for wrong in ({"until": NOW}, {"until": NOW + timedelta(days=400)}, {"reason": ""},
                  {"finding": "other"}, {"until": None}):  # fmt: skip
        with pytest.raises(UsageError, match="U002"):
            except_(desk, number, **wrong)
    ticket = except_(desk, number)
    assert ticket.status.state is State.AWAITING_DEPARTMENT
    approved = decide(desk, number, "wang")
    assert approved.status.until == LATER, "no approval outlives the exception that it rests on"


@pytest.mark.parametrize(
    ("text", "days", "state"),
    [
        ("某段话", 1, State.AWAITING_DEPARTMENT),
        ("某段话", 10, State.BLOCKED),
        ("某段话。", 1, State.BLOCKED),
    ],
)
def test_an_exception_is_for_this_text_and_for_its_time(open_desk, desk, text, days, state):
    number = submit(desk, found("某段话", Severity.BLOCK, Category.VULGAR))
    except_(desk, number)
    later = open_desk(NOW + timedelta(days=days))
    again = found(text, Severity.BLOCK, Category.VULGAR)
    ticket = later.submit(again, "jd-wechat", by=PEOPLE["li"], number=number)
    assert ticket.status.state is state


def test_an_exception_is_for_this_rule(desk):
    number = submit(desk, found("某段话", Severity.BLOCK, Category.VULGAR))
    except_(desk, number)
    other = found("某段话", Severity.BLOCK, Category.VULGAR, rule="VUL002")
    assert submit(desk, other, number=number)
    assert desk.ticket(number).status.state is State.BLOCKED


def test_withdrawing(desk):
    number = submit(desk)
    with pytest.raises(RefusedError):
        desk.withdraw(number, PEOPLE["wang"])
    ticket = desk.withdraw(number, PEOPLE["zhao"], "活动取消")
    assert ticket.status.state is State.WITHDRAWN


def test_two_reviewers_on_one_ticket(desk, open_desk):
    """One wins; the other is told what happened, and nothing of his is kept."""
    number = submit(desk)
    other = open_desk()
    decide(desk, number, "wang", Decision(Kind.APPROVED, revision=1))
    with pytest.raises(RefusedError, match="它现在是“已批准”"):
        decide(other, number, "gao", Decision(Kind.APPROVED, revision=1))
    submit(desk, number=number)
    with pytest.raises(StoreError, match=r"T005.*你看的是第1稿，现在是第2稿"):
        decide(other, number, "gao", Decision(Kind.APPROVED, revision=1))
    assert desk.ticket(number).status.approvals == ()


def test_two_writers_that_read_the_same_moment(desk, monkeypatch):
    """Where a database would let both in, the log takes only one of them."""
    number = submit(desk)
    decide(desk, number, "wang", Decision(Kind.RETURNED, rationale="请改"))
    with pytest.raises(StoreError) as caught, desk.store.writing() as ledger:
        entry = ledger.entry(number)
        stale = entry.events[:2]
        Writer(ledger, number, status_of(stale), len(stale), NOW).event(
            Kind.WITHDRAWN, "li", {"rationale": ""}
        )
    assert caught.value.code == "T005"
    assert len(desk.ticket(number).events) == 3


def test_what_waits_for_whom(desk):
    first, second = submit(desk), submit(desk, major(), by="zhao")
    third = submit(desk, account="jj-wechat", by="qian")
    decide(desk, second, "wang")
    waiting = {who: [item.number for item in desk.waiting_for(PEOPLE[who])] for who in PEOPLE}
    assert waiting["wang"] == waiting["gao"] == [first]
    assert waiting["sun"] == [second]
    assert waiting["both"] == [second, first]
    assert waiting["qian"] == waiting["li"] == []
    assert [item.number for item in desk.tickets(department="jj")] == [third]
    assert [item.number for item in desk.tickets(account="jd-wechat", limit=1)] == [second]


def test_judgements_count_for_the_rule(desk):
    for judgement in (Judgement.CONFIRMED, Judgement.DISMISSED, Judgement.DISMISSED):
        decide(desk, submit(desk, found()), "wang", answered(judgement))
    escalated = found(severity=Severity.ESCALATE, rule="MAJ001")
    number = submit(desk, escalated)
    decide(desk, number, "wang", answered(Judgement.DISMISSED, "MAJ001-1"))
    decide(desk, number, "sun", answered(Judgement.CONFIRMED, "MAJ001-1"))
    except_(desk, submit(desk, found("某", Severity.BLOCK, rule="VUL9")), finding="VUL9-1")
    assert desk.tallies() == [Tally("MAJ001", 1, 0), Tally("VUL9", 0, 1), Tally("WOR001", 1, 2)]
    assert desk.tallies()[2].precision == pytest.approx(1 / 3)


def test_judged_passages_are_the_last_words_with_what_was_marked(desk):
    number = submit(desk, found("甲。"))
    answers = (Answer("WOR001-1", Judgement.CONFIRMED, "确实不妥"),)
    decide(desk, number, "wang", Decision(Kind.RETURNED, rationale="请改", answers=answers))
    submit(desk, found("乙。"), number=number)
    decide(desk, number, "wang", answered(Judgement.DISMISSED))
    other = submit(desk, found("某", Severity.BLOCK, rule="VUL9"))
    except_(desk, other, finding="VUL9-1")
    submit(desk, found("没有人看过。"))
    assert desk.judged_passages() == [
        JudgedPassage(number, "WOR001", Judgement.DISMISSED, "", "乙。"),
        JudgedPassage(other, "VUL9", Judgement.DISMISSED, "", "某"),
    ]


def test_publicity_has_the_last_word_on_a_first_level_account_however_it_was_screened(desk):
    number = submit(desk, account="school", by="zhou")
    ticket = desk.ticket(number)
    assert ticket.status.route is Target.PUBLICITY
    assert "第5条" in ticket.revision.screening.route.reasons[0]
    assert desk.rescreen(lambda _: small()) == []
    assert desk.ticket(number).status.route is Target.PUBLICITY


def test_an_account_that_became_first_level_needs_publicity_too(desk):
    number = submit(desk)
    with desk.store.writing() as ledger:
        account = ledger.registry().accounts["jd-wechat"]
        Rolls(ledger.connection).put(replace(account, level=1), NOW, "adm")
    assert decide(desk, number, "wang").status.state is State.AWAITING_PUBLICITY
    assert decide(desk, number, "sun").status.state is State.APPROVED


def test_what_is_unanswered_is_named_by_its_number_in_the_report(desk):
    number = submit(desk, found())
    with pytest.raises(RefusedError, match=r"第 1 处（WOR001，第1段）。.*--confirm 第几处=理由"):
        decide(desk, number, "wang")
