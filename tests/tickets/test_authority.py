"""Who may do what, rule by rule; every refusal says who could."""

from __future__ import annotations

import pytest
from college import PEOPLE, RECORDS, REGISTRY
from msgspec.structs import replace
from stories import log

from screening.errors import RefusedError
from screening.registry.records import Department, Person, Standing
from screening.registry.registry import Registry
from screening.tickets.authority import Action, entitled, require
from screening.tickets.status import status_of

HEADS = "boss both gao wang"
OFFICERS = "boss both sun zhou"


def ids(people):
    return " ".join(item.id for item in people)


@pytest.mark.parametrize(
    ("story", "action", "who"),
    [
        # the department's step: heads of that very department
        ("submit pass", Action.APPROVE, HEADS),
        ("submit pass", Action.RETURN, HEADS),
        ("submit pass", Action.REJECT, HEADS),
        ("submit major", Action.APPROVE, HEADS),
        # 宣传部's step: its officers, but nobody who decided the step before
        ("submit major head", Action.APPROVE, OFFICERS),
        ("submit pass escalate", Action.REJECT, OFFICERS),
        # nobody approves what is blocked, sent back, over or approved already
        ("submit block", Action.APPROVE, ""),
        ("submit pass return", Action.APPROVE, ""),
        ("submit pass head", Action.APPROVE, ""),
        ("submit pass head release", Action.RETURN, ""),
        ("submit pass withdraw", Action.APPROVE, ""),
        # calling back belongs to whoever had the last word
        ("submit pass head", Action.RETURN, HEADS),
        ("submit major head officer", Action.RETURN, OFFICERS),
        # exceptions are made by 宣传部, for what is blocked
        ("submit block", Action.DISMISS, OFFICERS),
        ("submit pass", Action.DISMISS, ""),
        # who excepted something does not decide for the department, and the other way round
        ("submit block except-p except-q", Action.APPROVE, HEADS),
        # editors and administrators of the department
        ("submit pass", Action.WITHDRAW, "li zhao"),
        ("submit block", Action.REVISE, "boss both gao li wang zhao"),
        ("submit pass head", Action.RELEASE, "boss li zhao"),
        ("submit pass", Action.RELEASE, ""),
        ("submit pass head release", Action.WITHDRAW, ""),
        ("submit pass head release", Action.REVISE, ""),
    ],
)
def test_who_may(story, action, who):
    assert ids(entitled(action, status_of(log(story)), REGISTRY)) == who


def by(actor, story):
    """The story, with everything that ``li`` did done by ``actor``."""
    return status_of(
        [replace(item, actor=actor) if item.actor == "li" else item for item in log(story)]
    )


def decided_by(actor, story):
    """The story, with everything that ``wang`` and ``sun`` did done by ``actor``."""
    deciders = {"wang", "sun"}
    events = log(story)
    return status_of(
        [replace(item, actor=actor) if item.actor in deciders else item for item in events]
    )


@pytest.mark.parametrize("submitter", ["boss", "wang", "both", "boss示例"])
def test_a_submitter_never_approves(submitter):
    status = by(submitter, "submit pass")
    who = submitter.removesuffix("示例")
    assert who not in ids(entitled(Action.APPROVE, status, REGISTRY)).split()
    with pytest.raises(RefusedError, match="不能审批自己的稿件"):
        require(Action.APPROVE, PEOPLE[who], "2026-0001", status, REGISTRY)


def test_not_even_after_somebody_else_revised_the_draft():
    events = log("submit pass return submit pass")
    status = status_of([replace(events[0], actor="wang"), *events[1:]])
    assert ids(entitled(Action.APPROVE, status, REGISTRY)) == "boss both gao"


@pytest.mark.parametrize(
    "story",
    ["submit major head", "submit pass return submit pass escalate", "submit pass escalate"],
)
def test_nobody_decides_two_steps(story):
    status = decided_by("both", story)
    assert ids(entitled(Action.APPROVE, status, REGISTRY)) == "boss sun zhou"
    with pytest.raises(RefusedError, match="不能办两步"):
        require(Action.APPROVE, PEOPLE["both"], "2026-0001", status, REGISTRY)


def test_who_made_an_exception_does_not_decide_for_the_department():
    status = decided_by("both", "submit block except-p except-q")
    assert ids(entitled(Action.APPROVE, status, REGISTRY)) == "boss gao wang"


def test_the_same_step_may_be_decided_again():
    status = decided_by("both", "submit pass return submit pass")
    assert "both" in ids(entitled(Action.APPROVE, status, REGISTRY)).split()


def test_an_account_nobody_registered_is_approved_by_nobody():
    status = replace(status_of(log("submit pass")), department=None)
    with pytest.raises(RefusedError, match=r"没有登记.*account add"):
        require(Action.APPROVE, PEOPLE["wang"], "2026-0001", status, REGISTRY)


@pytest.mark.parametrize(
    ("story", "person", "action", "words"),
    [
        ("submit pass", "li", Action.APPROVE, "可以办的人：boss示例（boss）、both示例（both）"),
        ("submit pass", "qian", Action.APPROVE, "由机电学院部门负责人办理，qian示例没有这个职务"),
        ("submit pass", "sun", Action.APPROVE, "由机电学院部门负责人办理"),
        ("submit major head", "gao", Action.APPROVE, "由宣传部审核员办理"),
        ("submit block", "wang", Action.APPROVE, "它现在是“须修改”。请提交人修改"),
        ("submit pass reject", "wang", Action.APPROVE, "另开一张"),
        ("submit pass", "wang", Action.WITHDRAW, "只有提交人"),
        ("submit pass head", "sun", Action.RELEASE, "平台管理员或编辑放行"),
    ],
)
def test_refusals_say_why_and_who_could(story, person, action, words):
    with pytest.raises(RefusedError) as caught:
        require(action, PEOPLE[person], "2026-0001", status_of(log(story)), REGISTRY)
    assert caught.value.code == "P001"
    assert words in str(caught.value)
    assert str(caught.value).isprintable()


def test_where_nobody_could_the_refusal_says_whom_to_register():
    lonely = Registry.of([Department("jd", "机电学院"), Person("li", "李")])
    with pytest.raises(RefusedError, match=r"没有人可以办.*--role head=jd.*机电学院部门负责人"):
        require(Action.APPROVE, PEOPLE["li"], "2026-0001", status_of(log("submit pass")), lonely)


def test_whoever_left_decides_nothing():
    gone = replace(PEOPLE["wang"], state=Standing.CLOSED)
    registry = Registry.of([*RECORDS, gone])
    who = ids(entitled(Action.APPROVE, status_of(log("submit pass")), registry)).split()
    assert "wang" not in who


@pytest.mark.parametrize("action", [Action.WITHDRAW, Action.RELEASE, Action.REVISE])
def test_no_department_is_not_any_department(action):
    """Found by the state machine: an administrator withdrew a ticket of nobody's account."""
    story = "submit pass head" if action is Action.RELEASE else "submit pass"
    status = replace(status_of(log(story)), department=None)
    assert ids(entitled(action, status, REGISTRY)) == ("" if action is Action.RELEASE else "li")
