"""Regular expressions that are parsed once: `regex` takes milliseconds to parse one of ours.

What it made of an expression can be kept (pickle does the same) and is turned into a pattern again
within microseconds, by the same version of `regex`. A rule's expressions are kept with the
lexicon; those of the program itself are declared, and kept together.
"""

from __future__ import annotations

import copyreg
import hashlib
import marshal
from collections.abc import Collection
from contextlib import suppress
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import regex
from msgspec import Struct

from screening.cache import CacheFile

#: what `regex` makes of an expression, in types that marshal holds
Parsed = tuple[Any, ...]


class Expression(Struct, frozen=True, dict=True):
    """One regular expression as it is written; ``parsed`` is None until it is kept."""

    source: str
    flags: int = int(regex.VERSION1)
    parsed: Parsed | None = None

    @cached_property
    def pattern(self) -> regex.Pattern[str]:
        """The pattern to search with. Raises regex.error where the expression is wrong."""
        parsed = self.parsed or _restored.get(self)
        if parsed is None:
            return _compiled(self.source, self.flags)
        made: regex.Pattern[str] = _BUILD(*parsed)
        return made

    def kept(self) -> tuple[str, int, Parsed]:
        """Return the arguments that make this expression again, parsed."""
        return self.source, int(self.flags), _parsed(self.pattern)


_declared: list[Expression] = []
_restored: dict[Expression, Parsed] = {}


def declare(source: str) -> Expression:
    """Return an expression of the program's own, one of those that :func:`restore` brings back.

    Declare at the top of modules that the pipeline imports: restore() knows no others.
    """
    _declared.append(Expression(source))
    return _declared[-1]


def restore(folder: Path) -> None:
    """Bring back what was made of the declared expressions from the cache in ``folder``."""
    keep(folder, "declared", _declared)


def keep(folder: Path, name: str, expressions: Collection[Expression]) -> None:
    """Bring back what was made of ``expressions`` from the cache ``name`` in ``folder``.

    Those that are not there are parsed now, and all are kept for the next time. A wrong one is left
    to whoever uses it.
    """
    file = CacheFile(folder, name, hashlib.blake2b(regex.__version__.encode()).hexdigest())
    body = file.read()
    known: dict[tuple[str, int], Parsed] = dict(marshal.loads(body)) if body else {}
    wanted = {(each.source, int(each.flags)): each for each in expressions}
    if new := wanted.keys() - known.keys():
        known = {key: parsed for key, parsed in known.items() if key in wanted}
        for key in new:
            with suppress(regex.error):
                known[key] = _parsed(wanted[key].pattern)
        file.write(marshal.dumps(list(known.items())))
    _restored.update((Expression(*key), known[key]) for key in wanted if key in known)


def _parts(pattern: regex.Pattern[str]) -> Any:
    """Return the function and its arguments by which pickle would make ``pattern`` again."""
    return copyreg.dispatch_table[regex.Pattern](pattern)


_BUILD = _parts(regex.compile(""))[0]


def _parsed(pattern: regex.Pattern[str]) -> Parsed:
    _, parsed = _parts(pattern)
    return tuple(int(part) if isinstance(part, int) else part for part in parsed)


@cache
def _compiled(source: str, flags: int) -> regex.Pattern[str]:
    return regex.compile(source, flags)
