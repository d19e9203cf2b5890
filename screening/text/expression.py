"""Regular expressions that are parsed once: `regex` takes milliseconds to parse one of ours.

What it made of an expression can be kept (pickle does the same) and is turned into a pattern again
within microseconds, by the same version of `regex`. A rule's expressions are kept with the
lexicon; those of the program itself are declared, and kept together.
"""

from __future__ import annotations

import copyreg
import hashlib
import marshal
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
    """Bring back what was made of the declared expressions from the cache in ``folder``.

    Where it is not there, all of them are parsed now, and kept for the next start.
    """
    sources = repr((regex.__version__, sorted(each.source for each in _declared)))
    file = CacheFile(folder, "expressions", hashlib.blake2b(sources.encode()).hexdigest())
    body = file.read()
    if body is None:
        body = memoryview(marshal.dumps([each.kept() for each in _declared]))
        file.write(bytes(body))
    _restored.update(
        (Expression(source, flags), parsed) for source, flags, parsed in marshal.loads(body)
    )


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
