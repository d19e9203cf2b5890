"""Who may do what with a ticket. Every refusal says why, and who could."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum

from msgspec.structs import replace

from screening.errors import RefusedError
from screening.finding import Route, Screening, Target
from screening.registry.records import FIRST_LEVEL, Account, Person, Role, Standing
from screening.registry.registry import Registry
from screening.tickets.status import Status
from screening.tickets.ticket import Kind, State
from screening.tickets.transitions import sources


class Action(StrEnum):
    """What a person can ask of a ticket that is there."""

    REVISE = "revise"
    APPROVE = "approve"
    RETURN = "return"
    REJECT = "reject"
    DISMISS = "dismiss"
    WITHDRAW = "withdraw"
    RELEASE = "release"
    REVOKE = "revoke"

    @property
    def label(self) -> str:
        """The Chinese verb that people see."""
        return {
            "revise": "修改",
            "approve": "批准",
            "return": "退回",
            "reject": "否决",
            "dismiss": "准许保留",
            "withdraw": "撤回",
            "release": "放行",
            "revoke": "作废",
        }[self]


#: action → the event that it makes
KINDS: Mapping[Action, Kind] = {
    Action.REVISE: Kind.SUBMITTED,
    Action.APPROVE: Kind.APPROVED,
    Action.RETURN: Kind.RETURNED,
    Action.REJECT: Kind.REJECTED,
    Action.DISMISS: Kind.DISMISSED,
    Action.WITHDRAW: Kind.WITHDRAWN,
    Action.RELEASE: Kind.RELEASED,
    Action.REVOKE: Kind.REVOKED,
}
_FIRST = "一级平台由宣传部直接管理（第5条），由宣传部终审"
#: who may send drafts in, for the accounts of the own department
SUBMITTERS = (Role.EDITOR, Role.ADMINISTRATOR, Role.HEAD)
_DECISIONS = frozenset({Action.APPROVE, Action.RETURN, Action.REJECT})
#: what 宣传部 does beside its step
_PUBLICITY = frozenset({Action.DISMISS, Action.REVOKE})


def may_submit(registry: Registry, account: Account | None, by: Person | None) -> None:
    """Refuse whoever nobody knows, once people are registered, and who works elsewhere.

    Raises:
        RefusedError: P002, nobody proved who submits; P004, the account is not in use, or ``by``
            does not work for it.
    """
    if by is None:
        if registry.people:
            raise RefusedError("P002", problem="登记表里已有人员，送审须证明是谁送的")
        return
    if account is None:
        return
    place = registry.department_name(account.department)
    if account.state is not Standing.ACTIVE:
        problem = f"账号 {account.id} 已{account.state.label}"
        raise RefusedError("P004", account=account.id, problem=problem, who="请核对账号。")
    if not any(by.holds(role, account.department) for role in SUBMITTERS):
        people = {
            person.id: f"{person.name}（{person.id}）"
            for role in SUBMITTERS
            for person in registry.holders(role, account.department)
        }
        who = (
            f"可以送审的人：{'、'.join(people.values())}。"
            if people
            else f"请先登记{place}的编辑。"
        )
        problem = f"{by.name}不是{place}的编辑、平台管理员或负责人"
        raise RefusedError("P004", account=account.id, problem=problem, who=who)


def require(
    action: Action, person: Person, number: str, status: Status, registry: Registry
) -> None:
    """Let ``person`` do ``action`` now, or say why not.

    Raises:
        RefusedError: P001, with who could.
    """
    problem = unready(action, status) or objection(action, person, status, registry)
    if problem:
        raise refused(action, number, problem, who_could(action, status, registry))


def refused(action: Action, number: str, problem: str, who: str) -> RefusedError:
    """Return the refusal of ``action``: what is in the way, and who could do it."""
    return RefusedError("P001", action=action.label, number=number, problem=problem, who=who)


def entitled(action: Action, status: Status, registry: Registry) -> list[Person]:
    """Return everybody who could do ``action`` now, by id; nobody where nobody can."""
    if unready(action, status):
        return []
    return [
        registry.people[key]
        for key in sorted(registry.people)
        if not objection(action, registry.people[key], status, registry)
    ]


def unready(action: Action, status: Status) -> str | None:
    """Say why nobody can do ``action`` while the ticket stands where it stands."""
    if status.state not in sources(KINDS[action]):
        return f"它现在是“{status.state.label}”"
    if action in _DECISIONS and status.department is None:
        return "账号没有登记，不知道该由哪个部门审批"
    return None


def objection(action: Action, person: Person, status: Status, registry: Registry) -> str | None:
    """Say what speaks against this person; None where nothing does."""
    return _RULES[action](person, status, registry)


def step_of(action: Action, status: Status) -> Target:
    """Return the step that a decision belongs to; calling back belongs to the last one."""
    if action in _PUBLICITY:
        return Target.PUBLICITY
    return status.step or status.route


def routed(screening: Screening, account: Account | None) -> Screening:
    """Return ``screening`` with the route that the account asks for, whatever it was screened as.

    宣传部 has the last word on first-level platforms (articles 5, 12).
    """
    first = account is not None and account.level == FIRST_LEVEL
    if not first or screening.route.to is Target.PUBLICITY:
        return screening
    return replace(screening, route=Route(Target.PUBLICITY, (_FIRST,)))


def is_submitter(person: Person, status: Status) -> bool:
    """Tell whether ``person`` submitted any revision; a name that nobody proved counts as well."""
    return person.id in status.submitters or person.name in status.submitters


def needs(step: Target, department: str | None) -> tuple[Role, str | None]:
    """Return the role that decides a step, and the department that it must be held in."""
    return (Role.HEAD, department) if step is Target.DEPARTMENT else (Role.PUBLICITY, None)


def _decides(step: Target, person: Person, status: Status, registry: Registry) -> str | None:
    role, department = needs(step, status.department)
    if is_submitter(person, status):
        return f"{person.name}提交了这张单，不能审批自己的稿件"
    if not person.holds(role, department):
        place = registry.department_name(department)
        return f"这一步由{place}{role.label}办理，{person.name}没有这个职务"
    if status.decided.get(person.id, frozenset()) - {step}:
        return f"{person.name}已经办过这张单的另一步，同一个人不能办两步"
    return None


def _decision(action: Action) -> Callable[[Person, Status, Registry], str | None]:
    def rule(person: Person, status: Status, registry: Registry) -> str | None:
        return _decides(step_of(action, status), person, status, registry)

    return rule


def _holds(person: Person, role: Role, status: Status) -> bool:
    """Tell whether ``person`` has a role in the ticket's department; nobody if it has none."""
    return status.department is not None and person.holds(role, status.department)


def _withdrawal(person: Person, status: Status, registry: Registry) -> str | None:
    if person.id in status.proven or _holds(person, Role.ADMINISTRATOR, status):
        return None
    return f"只有提交人和本部门的平台管理员可以撤回，{person.name}都不是"


def _works_there(person: Person, status: Status, registry: Registry) -> str | None:
    if status.department is None and person.id in status.proven:
        return None
    if any(_holds(person, role, status) for role in SUBMITTERS):
        return None
    return f"{person.name}不是{registry.department_name(status.department) or '账号所属部门'}的人"


def _release(person: Person, status: Status, registry: Registry) -> str | None:
    roles = (Role.EDITOR, Role.ADMINISTRATOR)
    if any(_holds(person, role, status) for role in roles):
        return None
    place = registry.department_name(status.department)
    return f"由{place}的平台管理员或编辑放行，{person.name}不是"


def _revocation(person: Person, _status: Status, _registry: Registry) -> str | None:
    """Let every officer of 宣传部: taking something back cannot wait for the right one."""
    if person.holds(Role.PUBLICITY):
        return None
    return f"放行之后由{Role.PUBLICITY.label}作废，{person.name}没有这个职务"


_RULES: Mapping[Action, Callable[[Person, Status, Registry], str | None]] = {
    Action.REVISE: _works_there,
    Action.WITHDRAW: _withdrawal,
    Action.RELEASE: _release,
    Action.REVOKE: _revocation,
    **{action: _decision(action) for action in (*_DECISIONS, Action.DISMISS)},
}


def who_could(action: Action, status: Status, registry: Registry) -> str:
    """Say who could do ``action``, or what has to be done first."""
    if unready(action, status):
        return _what_next(status, registry)
    people = entitled(action, status, registry)
    if people:
        names = "、".join(f"{item.name}（{item.id}）" for item in people)
        return f"可以办的人：{names}。"
    if action in _DECISIONS | _PUBLICITY:
        role, department = needs(step_of(action, status), status.department)
        post = f"{role}={department}" if department else f"{role}=部门编号"
        place = registry.department_name(department)
        return (
            f"现在没有人可以办：请用 screening person add … --role {post} "
            f"登记另一位{place}{role.label}。"
        )
    return "现在没有人可以办：请先用 screening person add 登记本部门的人。"


def _what_next(status: Status, registry: Registry) -> str:
    waited = "、".join(
        f"{item.name}（{item.id}）" for item in entitled(Action.APPROVE, status, registry)
    )
    if waited:
        return f"它在等 {waited} 审批。"
    if status.department is None:
        return "请先用 screening account add 登记账号，再把稿件重新送审。"
    return {
        State.BLOCKED: "请提交人修改后加 --ticket 重新送审。",
        State.RETURNED: "请提交人修改后加 --ticket 重新送审。",
        State.EXPIRED: "请加 --ticket 重新送审。",
        State.APPROVED: "它已经批准，请等候放行。",
        State.RELEASED: "它已经放行，不能再改；要收回，请宣传部审核员用 ticket revoke 作废。",
        State.REVOKED: "它的放行单已经作废；要再发布，请另开一张。",
        State.REJECTED: "它已有结论；要发布别的稿件，请另开一张。",
        State.WITHDRAWN: "它已经撤回；要发布，请另开一张。",
    }.get(status.state, "请用 screening ticket show 看它在等谁。")
