"""Which names and addresses belong to one house, by the table in data/reproduction/houses.csv."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from msgspec import Struct

from screening import resources
from screening.errors import RulesError
from screening.stages.reproduction.name_forms import name_key

#: letters that the shorter of two names must have to be part of the longer one
_PART = 4
_PARTED = re.compile(r"[·・\-—|/]")


class Houses(Struct, frozen=True):
    """``names`` maps name keys to houses, ``domains`` hosts to names."""

    names: Mapping[str, str]
    domains: Mapping[str, str]

    def house(self, name: str) -> str:
        """Return the house of a name, in itself where the table does not know it."""
        key = name_key(name)
        return self.names.get(key, key)

    def same(self, one: str, other: str) -> bool:
        """Tell whether two names are of one house, or one is a column or branch of the other.

        人民日报 is not 人民网, nor 新华日报 新华社; 青禾新闻·夜读 is 青禾新闻.
        """
        left, right = _keys(one), _keys(other)
        houses = [{self.names[key] for key in keys if key in self.names} for keys in (left, right)]
        if houses[0] or houses[1]:
            return bool(houses[0] & houses[1])
        short, long = sorted((left[0], right[0]), key=len)
        branch = long.startswith(short) and (len(short) >= _PART or long == short + "发布")
        return short == long or branch

    def of_address(self, url: str) -> str | None:
        """Return the name of the site at ``url``, None where the table does not know it."""
        host = host_of(url)
        while host:
            if host in self.domains:
                return self.domains[host]
            host = host.partition(".")[2]
        return None


def host_of(url: str) -> str:
    """Return the host in ``url``, with or without its scheme, in small letters."""
    rest = url.partition("://")[2] or url
    return rest.split("/")[0].split("?")[0].split(":")[0].casefold()


@lru_cache(maxsize=4)
def load_houses(path: Path | None = None) -> Houses:
    """Read the shipped table, or another at ``path``.

    Raises:
        RulesError: L001, the table cannot be read or a line has not three columns.
    """
    source = path or resources.folder("data") / "reproduction" / "houses.csv"
    names: dict[str, str] = {}
    domains: dict[str, str] = {}
    try:
        for line in source.read_text("utf-8-sig").splitlines()[1:]:
            house, name, domain = line.split(",")
            names[name_key(name)] = house
            if domain:
                domains[domain] = name
    except (OSError, ValueError) as error:
        raise RulesError("L001", where=source.name, problem=str(error)) from error
    return Houses(MappingProxyType(names), MappingProxyType(domains))


def _keys(name: str) -> tuple[str, ...]:
    """Return the keys of a name and of its parts: 解放日报·上观新闻, 新华社客户端-PUSH新闻."""
    return (name_key(name), *map(name_key, _PARTED.split(name)))
