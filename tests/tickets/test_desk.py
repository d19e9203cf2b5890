from __future__ import annotations

from datetime import UTC, datetime
from types import MappingProxyType

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_up import made_up, small
from msgspec.structs import replace

from screening.errors import StoreError, UsageError
from screening.finding import Failure, Severity, Target, Verdict
from screening.tickets.store import Ledger
from screening.tickets.ticket import Kind, State

ANY_TEXT = st.text(st.characters(), max_size=30)  # surrogates and nulls included


def test_a_ticket_comes_back_whole(desk, open_desk):
    screening = made_up()
    filed = desk.submit(screening, "wzpt-weibo", "张三")
    found = open_desk().ticket("2026-0001")
    assert found == filed
    assert found.revision.screening == screening
    assert found.revision.digest == screening.draft.digest
    assert (found.account, found.editor, found.department) == ("wzpt-weibo", "张三", None)
    assert found.created == datetime(2026, 3, 5, 1, 30, tzinfo=UTC)
    assert (found.status.state, found.status.route) == (State.BLOCKED, Target.PUBLICITY)
    assert [(event.ordinal, event.kind, event.actor) for event in found.events] == [
        (1, Kind.SUBMITTED, "张三"),
        (2, Kind.SCREENED, "screening"),
    ]


def test_numbers_count_within_the_year_of_the_school(open_desk):
    first = datetime.fromisoformat("2026-12-31T23:59:00+08:00")
    second = datetime.fromisoformat("2027-01-01T00:01:00+08:00")  # still 2026 in UTC
    numbers = [
        open_desk(now).submit(small(), "a", "张三").number for now in (first, first, second, second)
    ]
    assert numbers == ["2026-0001", "2026-0002", "2027-0001", "2027-0002"]


def test_a_revision_moves_its_ticket_on(desk):
    number = desk.submit(small(verdict=Verdict.BLOCK), "a", "张三").number
    ticket = desk.submit(small("今天放晴。"), "a", "李四", number)
    assert (ticket.number, ticket.status.state, ticket.status.drafts) == (
        number,
        State.AWAITING_DEPARTMENT,
        2,
    )
    assert [item.ordinal for item in ticket.revisions] == [1, 2]
    assert ticket.revision.screening.draft.fields["body"] == "今天放晴。"
    assert ticket.editor == "张三"
    assert ticket.events[2].actor == "李四"


def test_a_failed_stage_is_filed_for_people_to_look(desk):
    screening = small(verdict=Verdict.REVIEW, failures=(Failure("lexicon", "出错"),))
    ticket = desk.submit(screening, "a", "张三")
    assert ticket.status.state is State.AWAITING_DEPARTMENT
    assert ticket.revision.screening.failures == screening.failures


def test_lists_are_newest_first_filtered_and_cut(desk):
    for verdict in (Verdict.BLOCK, Verdict.PASS, Verdict.BLOCK, Verdict.PASS):
        desk.submit(small(verdict=verdict), "a", "张三")
    assert [item.number[-1] for item in desk.tickets()] == ["4", "3", "2", "1"]
    assert [item.number[-1] for item in desk.tickets(State.BLOCKED)] == ["3", "1"]
    assert [item.number[-1] for item in desk.tickets(State.BLOCKED, limit=1)] == ["3"]
    assert desk.tickets(limit=0) == ()


@pytest.mark.parametrize(
    "number",
    ["", "1", "2026-1", "2026-0002", "2026-00001", "2026-0001", "2026-0001\n", "9" * 5000,
     "2026-" + "9" * 9, "2026-" + "9" * 30, "\ud800", "\0", "' OR 1=1 --"],
)  # fmt: skip
def test_unknown_numbers(desk, number):
    for attempt in (
        lambda: desk.ticket(number),
        lambda: desk.submit(small(), "a", "张三", number or "-"),
    ):
        with pytest.raises(StoreError) as caught:
            attempt()
        assert caught.value.code == "T001"
    assert desk.tickets() == ()


def test_a_revision_stays_with_its_account(desk):
    number = desk.submit(small(), "a", "张三").number
    with pytest.raises(UsageError, match="属于账号 a"):
        desk.submit(small(), "b", "张三", number)
    assert desk.ticket(number).status.drafts == 1


@pytest.mark.parametrize("call", [1, 2])
def test_a_ticket_is_wholly_there_or_not_at_all(desk, monkeypatch, call):
    calls = []
    add = Ledger.add_event

    def failing(self, event, *rest):
        calls.append(event)
        if len(calls) == call:
            raise KeyboardInterrupt
        return add(self, event, *rest)

    monkeypatch.setattr(Ledger, "add_event", failing)
    with pytest.raises(KeyboardInterrupt):
        desk.submit(small(), "a", "张三")
    monkeypatch.undo()
    assert desk.tickets() == ()
    assert desk.submit(small(), "a", "张三").number == "2026-0001"


def test_refused_names(desk):
    for name in ("", "  ", "张\0三", "\ud800", "张三\x1b[31m", "\u202e三张", "张" * 101, "a\nb"):
        for account, editor in (("a", name), (name, "张三")):
            with pytest.raises(UsageError) as caught:
                desk.submit(small(), account, editor)
            assert caught.value.code == "U002"
            assert str(caught.value).isprintable()
    assert desk.tickets() == ()


def same_head(draft, title, body):
    return replace(draft, fields=MappingProxyType({"title": title, "body": body}))


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ANY_TEXT, ANY_TEXT, ANY_TEXT, ANY_TEXT)
def test_any_text_is_kept_or_refused_with_a_code(desk, account, editor, title, body):
    screening = small("", Severity.REVIEW)
    screening = replace(screening, draft=same_head(screening.draft, title, body))
    try:
        number = desk.submit(screening, account, editor).number
    except UsageError as error:
        assert error.code == "U002"
        return
    ticket = desk.ticket(number)
    assert (ticket.account, ticket.editor) == (account.strip(), editor.strip())
    assert ticket.status.title == title
    assert ticket.revision.screening == screening


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ANY_TEXT, ANY_TEXT)
def test_any_draft_text_is_kept(desk, title, body):
    screening = small("", Severity.REVIEW)
    screening = replace(screening, draft=same_head(screening.draft, title, body))
    ticket = desk.ticket(desk.submit(screening, "a'\"账号😀", "张三").number)
    assert (ticket.status.title, ticket.account) == (title, "a'\"账号😀")
    assert ticket.revision.screening == screening
