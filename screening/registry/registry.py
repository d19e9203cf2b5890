"""Everything registered at one moment, and who is who in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from screening.errors import RegistryError
from screening.registry.records import Account, Department, Entity, Person, Post, Role, Standing
from screening.settings import Platform, School

AnyEntity = TypeVar("AnyEntity", Department, Person, Account)


class Registry(Struct, frozen=True):
    """All records by id. Ids and names are told apart: a look-up takes either, if it is clear."""

    departments: Mapping[str, Department] = MappingProxyType({})
    people: Mapping[str, Person] = MappingProxyType({})
    accounts: Mapping[str, Account] = MappingProxyType({})

    @classmethod
    def of(cls, records: Iterable[Entity]) -> Registry:
        """Make a registry of records; of two with one id the later counts."""
        tables: dict[type[Entity], dict[str, Entity]] = {Department: {}, Person: {}, Account: {}}
        for record in records:
            tables[type(record)][record.id] = record
        return cls(*map(MappingProxyType, tables.values()))  # type: ignore[arg-type]

    def __iter__(self) -> Iterator[Entity]:
        """Yield every record, departments first."""
        for table in (self.departments, self.people, self.accounts):
            yield from table.values()

    def find(self, kind: str, key: str) -> Entity | None:
        """Return the record of ``kind`` with the id ``key``, or None."""
        tables: Mapping[str, Mapping[str, Entity]] = {
            Department.kind: self.departments,
            Person.kind: self.people,
            Account.kind: self.accounts,
        }
        return tables[kind].get(key)

    def department(self, name: str) -> Department:
        """Return a department by id or name. Raises RegistryError R001."""
        return _found(self.departments, name, Department)

    def person(self, name: str) -> Person:
        """Return a person by id, or by a name that only one has. Raises RegistryError R001."""
        return _found(self.people, name, Person)

    def account(self, name: str) -> Account:
        """Return an account by id, or by a name that only one has. Raises RegistryError R001."""
        return _found(self.accounts, name, Account)

    def holders(self, role: Role, department: str | None = None) -> list[Person]:
        """Return who has ``role`` (in ``department``, if one is named), by id."""
        return [
            self.people[key] for key in sorted(self.people) if self._holds(key, role, department)
        ]

    def department_name(self, key: str | None) -> str:
        """Return a department's name, the id itself where it is not registered."""
        known = self.departments.get(key or "")
        return known.name if known else key or ""

    def office(self, person: Person, role: Role, department: str | None = None) -> str:
        """Return a post as it stands on a form: 机电学院部门负责人, 宣传部审核员."""
        if role is Role.PUBLICITY or role is Role.SYSTEM:
            return role.label
        places = [post.department for post in person.posts if post.role is role]
        place = department if department in places else next(iter(places), None)
        return self.department_name(place) + role.label

    def posts(self, role: Role) -> list[Post]:
        """Return the posts of ``role`` that people in service hold."""
        return [
            post
            for person in self.people.values()
            for post in person.posts
            if post.role is role and person.holds(role, post.department)
        ]

    def school(self, school: School) -> School:
        """Return ``school`` with the accounts that are registered here and in use."""
        known = {item.id: item for item in school.platforms}
        for item in self.accounts.values():
            known.pop(item.id, None)
            if item.state is Standing.ACTIVE:
                known[item.id] = Platform(item.id, item.name, item.platform, item.level)
        return replace(school, platforms=tuple(known.values()))

    def _holds(self, key: str, role: Role, department: str | None) -> bool:
        return self.people[key].holds(role, department)


def _found(table: Mapping[str, AnyEntity], name: str, kind: type[AnyEntity]) -> AnyEntity:
    if name in table:
        return table[name]
    named = [item for item in table.values() if item.name == name]
    if len(named) == 1:
        return named[0]
    raise RegistryError("R001", kind=kind.label, name=name, command=kind.kind)
