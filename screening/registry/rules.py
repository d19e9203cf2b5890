"""What may be registered: each rule refuses with its reason and the article behind it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from screening.conceal import conceal
from screening.errors import RegistryError
from screening.registry.names import carried, skeleton
from screening.registry.records import (
    FIRST_LEVEL,
    Account,
    Department,
    Entity,
    Person,
    Role,
    Standing,
)
from screening.registry.registry import Registry

NAME_LIMIT = 100
LEVELS = (FIRST_LEVEL, 2)
_ID = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,38}[A-Za-z0-9])?")
#: a department's name shorter than this says little inside another name
_TELLING = 3


def check(record: Entity, registry: Registry) -> None:
    """Refuse a record that does not fit beside the others of ``registry``.

    Raises:
        RegistryError: R003, it cannot be registered; R001, it names what is not registered.
    """
    if not _ID.fullmatch(record.id):
        raise _refused(record, "编号只能用字母、数字和 . _ -，最多 40 个，首尾是字母或数字")
    _printable(record, "名称", record.name)
    if isinstance(record, Department):
        _check_department(record, registry)
    elif isinstance(record, Person):
        _check_person(record, registry)
    else:
        _check_account(record, registry)


def _check_department(record: Department, registry: Registry) -> None:
    _printable(record, "党组织", record.branch, empty=True)
    for other in registry.departments.values():
        if other.id != record.id and skeleton(other.name) == skeleton(record.name):
            raise _refused(record, f"与部门 {other.id} 同名")
    open_accounts = [
        item.id
        for item in registry.accounts.values()
        if item.department == record.id and item.state is not Standing.CLOSED
    ]
    if record.state is Standing.CLOSED and open_accounts:
        raise _refused(record, f"还有没注销的账号 {'、'.join(open_accounts)}")


def _check_person(record: Person, registry: Registry) -> None:
    for post in record.posts:
        registry.department(post.department)
        if post.department not in registry.departments:
            raise _refused(record, f"部门要写编号，不是“{post.department}”")


def _check_account(record: Account, registry: Registry) -> None:
    _printable(record, "平台", record.platform)
    _printable(record, "说明", record.note, empty=True)
    if record.level not in LEVELS:
        raise _refused(record, "级别应为 1 或 2（第5条）")
    if record.department not in registry.departments:
        raise RegistryError("R001", kind="部门", name=record.department, command="department")
    if record.state is Standing.CLOSED:
        return
    _where_it_belongs(record, registry)
    posts = {"administrator": Role.ADMINISTRATOR, "responsible": Role.HEAD}
    for part, role in posts.items():
        _holds(record, registry.people, getattr(record, part), role)
    others = [
        item
        for item in registry.accounts.values()
        if item.id != record.id
        and item.state is not Standing.CLOSED
        and skeleton(item.platform) == skeleton(record.platform)
    ]
    _named_alone(record, others)
    if not record.note:
        _without_exception(record, others, registry)


def _where_it_belongs(record: Account, registry: Registry) -> None:
    """Refuse a first-level platform that another department than 宣传部 is to run (article 5)."""
    places = {item.department for item in registry.posts(Role.PUBLICITY)}
    if record.level == FIRST_LEVEL and places and record.department not in places:
        problem = f"一级平台由宣传部直接管理（第5条），部门应是 {'、'.join(sorted(places))}"
        raise _refused(record, problem)


def _holds(record: Account, people: Mapping[str, Person], key: str | None, role: Role) -> None:
    if key is None:
        return
    if key not in people:
        raise RegistryError("R001", kind="人员", name=key, command="person")
    if not people[key].holds(role, record.department):
        problem = f"{people[key].name}（{key}）不是这个部门在任的{role.label}（第10条）"
        raise _refused(record, problem)


def _named_alone(record: Account, others: list[Account]) -> None:
    for other in others:
        if skeleton(other.name) == skeleton(record.name):
            raise _refused(record, f"与同一平台的账号 {other.id} 同名或形近（第4条）")


def _without_exception(record: Account, others: list[Account], registry: Registry) -> None:
    """Refuse what 宣传部 may allow for a stated reason: another's name, a second account."""
    elsewhere = {
        item.name: item.id
        for item in registry.departments.values()
        if item.id != record.department and len(item.name) >= _TELLING
    }
    if name := carried(record.name, elsewhere):
        own = registry.departments[record.department].name
        if not (name in own and carried(record.name, [own])):
            problem = f"名称里有别的部门“{name}”（第4条）；经宣传部同意的，请用 --note 写明"
            raise _refused(record, problem)
    for other in others:
        if other.department == record.department:
            problem = (
                f"这个部门在{record.platform}上已有账号 {other.id}，一个平台只能开一个（第11条）；"
                "经宣传部研究同意的，请用 --note 写明理由"
            )
            raise _refused(record, problem)


def _printable(record: Entity, what: str, value: str, *, empty: bool = False) -> None:
    if not empty and not value:
        raise _refused(record, f"{what}不能为空")
    if len(value) > NAME_LIMIT:
        raise _refused(record, f"{what}不能超过 {NAME_LIMIT} 个字符")
    if not value.isprintable() or value != value.strip():
        raise _refused(record, f"{what}里有看不见的字符，请重新输入")
    if conceal(value) != value:
        raise _refused(record, f"{what}里不要写号码")


def _refused(record: Entity, problem: str) -> RegistryError:
    return RegistryError("R003", kind=record.label, name=record.id, problem=problem)
