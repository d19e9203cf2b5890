"""Open tickets are screened again by today's rules; nothing that was asked is forgotten."""

from __future__ import annotations

from datetime import timedelta

import pytest
from college import NOW, found, register
from deciding import answered, decide, submit
from made_up import small
from msgspec.structs import replace

from screening.errors import RefusedError
from screening.finding import Category, Severity
from screening.tickets.rescreening import screened_again
from screening.tickets.ticket import State


@pytest.fixture
def desk(open_desk):
    made = open_desk()
    register(made.store)
    return made


def test_rescreening_sends_back_what_now_blocks(desk):
    numbers = [submit(desk, small(text)) for text in ("甲。", "乙。", "丙。")]
    decide(desk, numbers[0], "wang")
    decide(desk, numbers[1], "wang")
    today = {
        numbers[0]: found("甲。", Severity.BLOCK),
        numbers[1]: found("乙。"),
        numbers[2]: small("丙。"),
    }
    done = desk.rescreen(lambda ticket: today[ticket.number])
    assert [(item.number, item.before, item.after) for item in done] == [
        (numbers[0], State.APPROVED, State.BLOCKED),
        (numbers[1], State.APPROVED, State.AWAITING_DEPARTMENT),
    ]
    assert [item.rule for item in done[0].new] == ["WOR001"]
    ticket = desk.ticket(numbers[0])
    assert len(ticket.revision.screenings) == 2
    assert ticket.revision.screening.findings == today[numbers[0]].findings
    assert desk.rescreen(lambda ticket: today[ticket.number]) == [], "nothing is told twice"


def test_a_milder_rule_unblocks(desk):
    number = submit(desk, found(severity=Severity.BLOCK))
    (done,) = desk.rescreen(lambda _: small())
    assert (done.before, done.after) == (State.BLOCKED, State.AWAITING_DEPARTMENT)
    assert decide(desk, number, "wang").status.state is State.APPROVED


def test_approvals_run_out(desk, open_desk):
    number = submit(desk)
    decide(desk, number, "wang")
    assert open_desk(NOW + timedelta(days=29)).rescreen(lambda _: small()) == []
    late = open_desk(NOW + timedelta(days=30))
    (done,) = late.rescreen(lambda _: small())
    assert done.after is State.EXPIRED
    with pytest.raises(RefusedError, match="批准过期"):
        decide(late, number, "wang")


def test_judged_passages_of_a_later_screening(desk):
    number = submit(desk)
    desk.rescreen(lambda _: found())
    decide(desk, number, "wang", answered())
    (passage,) = desk.judged_passages()
    assert (passage.rule, passage.text) == ("WOR001", "今天下雨。")


def test_masked_numbers_stay_found_when_screened_again(desk):
    before = found("号码138****5678。", Severity.BLOCK, Category.PERSONAL, rule="PER001")
    after = screened_again(before, lambda draft, kept: replace(small(), findings=tuple(kept)))
    assert after.findings == before.findings
    again = screened_again(before, lambda draft, kept: replace(before, findings=before.findings))
    assert again.findings == before.findings
