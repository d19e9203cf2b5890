"""The registrar: keeps the registry, and knows people by their secret or their login."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from msgspec import Struct

from screening.database.engine import Database
from screening.database.log import append, correct_clock
from screening.errors import RefusedError, RegistryError
from screening.registry.identity import hash_secret, matches
from screening.registry.records import Entity, Person, Role
from screening.registry.registry import Registry
from screening.registry.rules import check
from screening.registry.store import Rolls
from screening.settings import School


class Changed(Struct, frozen=True):
    """What an import did: records that are new, changed, and as they were."""

    added: tuple[Entity, ...]
    changed: tuple[Entity, ...]
    same: tuple[Entity, ...]


class Registrar:
    """Registers departments, people and accounts in ``database``.

    ``clock`` returns the present as an aware time. ``logins`` maps operating system logins to ids
    of people. Until a system administrator can prove who he is, anybody may register: somebody has
    to register the first one. From then on only system administrators may.
    """

    def __init__(
        self,
        database: Database,
        clock: Callable[[], datetime],
        school: School,
        logins: Mapping[str, str],
    ) -> None:
        self._database = database
        self._clock = clock
        self._logins = logins
        self.school = school

    def registry(self) -> Registry:
        """Return everything that is registered."""
        with self._database.reading() as connection:
            return Rolls(connection).registry()

    def vouches_for(self, login: str) -> bool:
        """Tell whether a login of the operating system stands for somebody."""
        return login in self._logins

    def add(self, record: Entity, by: Person | None) -> None:
        """Register something new.

        Raises:
            RegistryError: R002, its id is taken; R001 or R003, it does not fit.
            RefusedError: P003, ``by`` may not.
        """
        with self._database.writing() as connection:
            rolls = Rolls(connection)
            registry = rolls.registry()
            if registry.find(record.kind, record.id):
                raise RegistryError("R002", kind=record.label, name=record.id, command=record.kind)
            self._put(rolls, registry, [record], by)

    def put(self, records: Iterable[Entity], by: Person | None) -> Changed:
        """Register or change several records, in order: all of them or none.

        Raises:
            RegistryError: R001 or R003, one does not fit.
            RefusedError: P003, ``by`` may not.
        """
        with self._database.writing() as connection:
            rolls = Rolls(connection)
            return self._put(rolls, rolls.registry(), records, by)

    def set_secret(self, person: str, secret: str, by: Person | None) -> None:
        """Give ``person`` (an id or a name) a new secret; everybody may change the own one.

        Raises:
            RegistryError: R001, nobody of that name; R005, the secret is too weak.
            RefusedError: P003, ``by`` may not.
        """
        with self._database.writing() as connection:
            rolls = Rolls(connection)
            registry = rolls.registry()
            whose = registry.person(person)
            if by is None or by.id != whose.id:
                self._permit(rolls, registry, by)
            hashed = hash_secret(secret, whose.id)
            rolls.set_hash(whose.id, hashed, self._clock(), by.id if by else "")

    def correct_clock(self, reason: str, by: Person | None) -> None:
        """Note that the last event has a wrong, later time, and go on from now.

        Raises:
            RefusedError: P003, ``by`` may not.
            UsageError: U002, there is nothing to correct.
        """
        with self._database.writing() as connection:
            rolls = Rolls(connection)
            self._permit(rolls, rolls.registry(), by)
            correct_clock(connection, self._clock(), by.id if by else "", reason)

    @contextmanager
    def administering(
        self, by: Person | None
    ) -> Iterator[Callable[[str, Mapping[str, Any]], None]]:
        """Let a system administrator do something besides; give what notes it in the log.

        What is noted is kept only if nothing raises inside.

        Raises:
            RefusedError: P003, ``by`` may not.
        """
        with self._database.writing() as connection:
            rolls = Rolls(connection)
            self._permit(rolls, rolls.registry(), by)

            def note(kind: str, payload: Mapping[str, Any]) -> None:
                append(connection, kind, self._clock(), by.id if by else "", payload)

            yield note

    def identify(self, claim: str | None, secret: Callable[[], str] | None, login: str) -> Person:
        """Return who is at the keyboard.

        ``claim`` is an id or a name, None for whoever ``login`` stands for. ``secret`` asks for the
        personal secret; it is called only where the login does not vouch for the claim, and is None
        where nobody can be asked.

        Raises:
            RefusedError: P002, nobody is named; P006, the secret is missing or wrong, or the person
                holds no post.
            RegistryError: R001, there is nobody of that name.
        """
        with self._database.reading() as connection:
            rolls = Rolls(connection)
            registry = rolls.registry()
            vouched = self._logins.get(login)
            if claim is None and vouched is None:
                raise RefusedError("P002", problem="没有写明身份")
            person = registry.person(claim if claim is not None else vouched or "")
            if person.id != vouched:
                self._prove(person, secret, rolls.hash_of(person.id))
        if not any(person.holds(role) for role in Role):
            problem = f"{person.name}（{person.id}）没有在任的职务"
            raise RefusedError("P006", problem=problem, who="请系统管理员核对人员的登记。")
        return person

    def _prove(self, person: Person, secret: Callable[[], str] | None, hashed: str | None) -> None:
        if hashed is None:
            who = f"请系统管理员用 screening person secret {person.id} 设置。"
            raise RefusedError("P006", problem=f"{person.id} 还没有口令", who=who)
        if secret is None:
            who = "请在键盘前运行，或把口令放在环境变量 SCREENING_SECRET 里。"
            raise RefusedError("P006", problem=f"没有给出 {person.id} 的口令", who=who)
        if not matches(secret(), hashed):
            who = (
                f"请核对后再试；忘了口令，请系统管理员用 screening person secret {person.id} 重设。"
            )
            raise RefusedError("P006", problem=f"{person.id} 的口令不对", who=who)

    def _put(
        self, rolls: Rolls, registry: Registry, records: Iterable[Entity], by: Person | None
    ) -> Changed:
        self._permit(rolls, registry, by)
        added: list[Entity] = []
        changed: list[Entity] = []
        same: list[Entity] = []
        guarded = self._administrators(rolls, registry)
        for record in records:
            known = registry.find(record.kind, record.id)
            if known == record:
                same.append(record)
                continue
            registry = _with(registry, record)
            check(record, registry)
            rolls.put(record, self._clock(), by.id if by else "")
            (changed if known else added).append(record)
        if guarded and not self._administrators(rolls, registry):
            last = guarded[0]
            problem = "这是最后一位能证明身份的系统管理员，请先登记接任的人并设好口令"
            raise RegistryError("R003", kind=last.label, name=last.id, problem=problem)
        return Changed(tuple(added), tuple(changed), tuple(same))

    def _permit(self, rolls: Rolls, registry: Registry, by: Person | None) -> None:
        administrators = self._administrators(rolls, registry)
        if not administrators or (by is not None and by.holds(Role.SYSTEM)):
            return
        names = "、".join(f"{item.name}（{item.id}）" for item in administrators)
        problem = f"{by.name}不是系统管理员" if by else "只有系统管理员可以改动"
        raise RefusedError(
            "P003", problem=problem, who=f"请由系统管理员办理，并用 --as 写明身份：{names}。"
        )

    def _administrators(self, rolls: Rolls, registry: Registry) -> list[Person]:
        """Return the system administrators who can prove who they are."""
        known = {*rolls.hashes(), *self._logins.values()}
        return [item for item in registry.holders(Role.SYSTEM) if item.id in known]


def _with(registry: Registry, record: Entity) -> Registry:
    kept = [item for item in registry if (item.kind, item.id) != (record.kind, record.id)]
    return Registry.of([*kept, record])
