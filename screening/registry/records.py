"""What is registered: departments, people with their posts, accounts (articles 4, 5, 10, 11)."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, ClassVar

import msgspec
from msgspec import Struct

#: the level of the platforms that 宣传部 runs itself (article 5)
FIRST_LEVEL = 1


class Role(StrEnum):
    """What a person may do in a department."""

    EDITOR = "editor"
    ADMINISTRATOR = "administrator"
    HEAD = "head"
    PUBLICITY = "publicity"
    SYSTEM = "system"

    @property
    def label(self) -> str:
        """The Chinese word that people see."""
        return {
            "editor": "编辑",
            "administrator": "平台管理员",
            "head": "部门负责人",
            "publicity": "宣传部审核员",
            "system": "系统管理员",
        }[self]


class Standing(StrEnum):
    """Whether something registered is in use."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    CLOSED = "closed"

    @property
    def label(self) -> str:
        """The Chinese word that people see."""
        return {"active": "在用", "suspended": "暂停", "closed": "注销"}[self]


class Department(Struct, frozen=True):
    """A department; ``branch`` is its Party branch, "" where none is known."""

    kind: ClassVar[str] = "department"
    label: ClassVar[str] = "部门"

    id: str
    name: str
    branch: str = ""
    state: Standing = Standing.ACTIVE


class Post(Struct, frozen=True, order=True):
    """A role in a department, by its id."""

    role: Role
    department: str


class Person(Struct, frozen=True):
    """Somebody who works with drafts; a person who left keeps the record, closed."""

    kind: ClassVar[str] = "person"
    label: ClassVar[str] = "人员"

    id: str
    name: str
    posts: tuple[Post, ...] = ()
    state: Standing = Standing.ACTIVE

    def holds(self, role: Role, department: str | None = None) -> bool:
        """Tell whether the person, in service, has ``role`` (in ``department``, if named)."""
        return self.state is Standing.ACTIVE and any(
            post.role is role and department in (None, post.department) for post in self.posts
        )


class Account(Struct, frozen=True):
    """An account on a ``platform`` (微信公众号 …); of ``level`` 1 宣传部 decides itself.

    ``administrator`` and ``responsible`` are people's ids (article 10), None until they are named.
    ``note`` is the reason why an exception was granted (articles 4, 11).
    """

    kind: ClassVar[str] = "account"
    label: ClassVar[str] = "账号"

    id: str
    name: str
    platform: str
    level: int
    department: str
    administrator: str | None = None
    responsible: str | None = None
    state: Standing = Standing.ACTIVE
    note: str = ""


Entity = Department | Person | Account
KINDS: dict[str, type[Entity]] = {item.kind: item for item in (Department, Person, Account)}


def to_plain(record: Entity) -> dict[str, Any]:
    """Return a record as plain JSON values."""
    plain: dict[str, Any] = msgspec.to_builtins(record)
    return plain


def from_plain(kind: str, value: Any) -> Entity:
    """Restore a record of ``kind``, a key of :data:`KINDS`.

    Raises:
        ValueError: the value is none of that kind.
    """
    return msgspec.convert(value, KINDS[kind])
