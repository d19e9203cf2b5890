"""Settings: shipped defaults, then the home's settings.toml, then SCREENING_* variables.

Read and validated once, then passed explicitly to whoever needs them.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from screening import resources
from screening.errors import SettingsError, why


class Platform(Struct, frozen=True):
    """A registered account of the school; ``level`` 1 answers to 宣传部 directly (article 5)."""

    id: str
    name: str
    kind: str
    level: int


class School(Struct, frozen=True):
    """Whose drafts are screened: full name, short names, English names, registered accounts."""

    name: str
    aliases: tuple[str, ...]
    english: tuple[str, ...]
    platforms: tuple[Platform, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Every name by which the school goes."""
        return (self.name, *self.aliases, *self.english)

    def platform(self, account: str) -> Platform | None:
        """Return the registered account with this id, or None."""
        return next((item for item in self.platforms if item.id == account), None)


class User(Struct, frozen=True):
    """Whom the operating system's ``login`` stands for: a person of the registry, by id."""

    login: str
    person: str


class Settings(Struct, frozen=True):
    """Everything that varies between installations. ``pattern_seconds`` bounds one search.

    ``approval_days`` is how many days after the last approval a ticket may be released.
    ``deadline_days`` are the working days that department and 宣传部 have. ``store_url`` is where
    the tickets are kept, "" for a file in the home. ``cache`` is the folder of what can be made
    again.
    """

    home: Path
    school: School
    pattern_seconds: float
    cache: Path
    users: tuple[User, ...] = ()
    approval_days: int = 30
    deadline_days: tuple[int, int] = (1, 2)
    store_url: str = ""


def load_settings(home: str | os.PathLike[str] | None = None) -> Settings:
    """Read the settings of ``home`` (default: SCREENING_HOME, else the user's data folder).

    The folder is made when it is not there.

    Raises:
        SettingsError: S001 or S002, a file or value is wrong; S003, the folder cannot be used.
    """
    folder = Path(home or os.environ.get("SCREENING_HOME") or _user_folder())
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError("S003", where=str(folder), problem=why(error)) from error
    table = _read(resources.folder("data") / "settings" / "default.toml")
    own = folder / "settings.toml"
    if own.exists():
        table = _merged(table, _read(own))
    if seconds := os.environ.get("SCREENING_PATTERN_SECONDS"):
        table["limits"]["pattern_seconds"] = seconds
    if url := os.environ.get("SCREENING_STORE"):
        table["store"]["url"] = url
    return _validated(folder, table)


def _user_folder() -> str:
    from platformdirs import user_data_dir  # noqa: PLC0415 - only a home nobody named needs it

    return user_data_dir("screening", appauthor=False)


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise SettingsError("S001", where=str(path), problem=why(error)) from error


def _merged(base: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """Lay ``own`` over ``base``, table by table; lists are replaced whole."""
    result = dict(base)
    for key, value in own.items():
        if key not in base:
            raise SettingsError("S002", key=key, problem="没有这个设置项")
        known = base[key]
        if isinstance(known, dict) and not isinstance(value, dict):
            raise SettingsError("S002", key=key, problem="应是一个表")
        result[key] = _merged(known, value) if isinstance(known, dict) else value
    return result


def _validated(home: Path, table: Mapping[str, Any]) -> Settings:
    school = table["school"]
    platforms = school["platform"]
    if not isinstance(platforms, list) or not all(isinstance(row, dict) for row in platforms):
        raise SettingsError("S002", key="school.platform", problem="应是一列表")
    return Settings(
        home=home,
        school=School(
            name=_text(school, "name"),
            aliases=_texts(school, "aliases"),
            english=_texts(school, "english"),
            platforms=tuple(_platform(row) for row in platforms),
        ),
        pattern_seconds=_seconds(table["limits"]["pattern_seconds"]),
        cache=Path(os.environ.get("SCREENING_CACHE") or home / "cache"),
        users=_users(table["identity"]),
        approval_days=_days("approval.days", table["approval"]["days"]),
        deadline_days=(
            _days("deadline.department", table["deadline"]["department"]),
            _days("deadline.publicity", table["deadline"]["publicity"]),
        ),
        store_url=_url(table["store"]["url"]),
    )


def _users(table: Mapping[str, Any]) -> tuple[User, ...]:
    rows = table["user"]
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise SettingsError("S002", key="identity.user", problem="应是一列表")
    return tuple(User(_text(row, "login"), _text(row, "person")) for row in rows)


def _days(key: str, value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= 366:
        raise SettingsError("S002", key=key, problem="应为 1 到 366 之间的天数")
    return value


def _url(value: Any) -> str:
    if not isinstance(value, str) or (value and not value.startswith("postgresql://")):
        problem = "应以 postgresql:// 开头，或空着"
        raise SettingsError("S002", key="store.url", problem=problem)
    return value


def _platform(row: Mapping[str, Any]) -> Platform:
    level = row.get("level")
    if level not in (1, 2):
        raise SettingsError("S002", key="school.platform.level", problem="应为 1 或 2")
    return Platform(_text(row, "id"), _text(row, "name"), _text(row, "kind"), level)


def _text(table: Mapping[str, Any], key: str) -> str:
    value = table.get(key)
    if not isinstance(value, str) or not value.strip():
        raise SettingsError("S002", key=key, problem="应是不为空的文字")
    return value.strip()


def _texts(table: Mapping[str, Any], key: str) -> tuple[str, ...]:
    value = table.get(key)
    if not isinstance(value, list) or not all(isinstance(item, str) and item for item in value):
        raise SettingsError("S002", key=key, problem="应是一列文字")
    return tuple(value)


def _seconds(value: Any) -> float:
    try:
        seconds = float(value)
    except (TypeError, ValueError):
        seconds = 0.0
    if not 0 < seconds <= 60:
        raise SettingsError("S002", key="limits.pattern_seconds", problem="应为 0 到 60 之间的秒数")
    return seconds
