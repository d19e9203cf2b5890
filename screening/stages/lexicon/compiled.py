"""The lexicon made ready to match, and its cache.

Reading and squeezing some thousand rules takes a second; the compiled form is read back in
milliseconds. A cache file belongs to one state of the rule files, the school's own terms and
switches, the regulation, the school's names and the version of this module; any other state
compiles anew. Examples are not kept in it.
"""

from __future__ import annotations

import hashlib
import marshal
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import regex
from msgspec import Struct
from msgspec.structs import asdict, astuple, replace
from numpy.typing import NDArray

from screening import resources
from screening.arrays import listed
from screening.cache import CacheFile
from screening.errors import RulesError
from screening.finding import Basis, Category, Severity
from screening.settings import School
from screening.stages.lexicon.rules import (
    AnyRule,
    CooccurrenceRule,
    Excuse,
    Lexicon,
    PatternRule,
    TermRule,
)
from screening.stages.lexicon.vocabulary import Use, Words, index_words
from screening.text.expression import Expression, keep
from screening.text.normalise import fold

#: raise when the shape of the cache or the meaning of a key changes
_FORMAT = 10
_KINDS: tuple[type[AnyRule], ...] = (TermRule, PatternRule, CooccurrenceRule)


class Rules(Sequence[Any]):
    """Rules by number, each made from its marshalled values when it is first wanted."""

    def __init__(self, rows: bytes, ends: NDArray[np.int64]) -> None:
        self._rows = rows
        self._ends = ends
        self._made: dict[int, AnyRule] = {}

    def __len__(self) -> int:
        return len(self._ends)

    def __getitem__(self, number: Any) -> Any:
        if number not in self._made:
            start = self._ends[number - 1] if number else 0
            row = self._rows[start : self._ends[number]]
            self._made[number] = _rule(*marshal.loads(row))
        return self._made[number]


class Keys(Sequence[str]):
    """Words, one after the other in ``text``, of these ``lengths``."""

    def __init__(self, text: str, lengths: NDArray[np.int64]) -> None:
        self._text = text
        self._cuts = listed(np.concatenate([[0], np.cumsum(lengths)]))

    def __len__(self) -> int:
        return len(self._cuts) - 1

    def __getitem__(self, number: Any) -> Any:
        return self._text[self._cuts[number] : self._cuts[number + 1]]


class Compiled(Struct, frozen=True):
    """A lexicon ready to match: words refer to rules by number."""

    rules: Sequence[Any]
    words: Words
    excuses: tuple[Excuse, ...]
    contact: Expression
    digest: str


def compile_lexicon(lexicon: Lexicon) -> Compiled:
    """Squeeze every word of every rule, fold every word of every excuse.

    Raises:
        RulesError: L002, a word has nothing left to look for.
    """
    words = index_words(lexicon.rules)
    excuses = _folded(lexicon.excuses)
    return Compiled(lexicon.rules, words, excuses, lexicon.contact, lexicon.digest)


@cache
def _folded(excuses: tuple[Excuse, ...]) -> tuple[Excuse, ...]:
    return tuple(replace(excuse, words=tuple(map(fold, excuse.words))) for excuse in excuses)


def load_compiled(
    school: School,
    cache: Path,
    folder: Path | None = None,
    own: Path | None = None,
    compiling: Callable[[], None] = lambda: None,
) -> Compiled:
    """Return the compiled rules of ``folder`` (default: shipped), by way of the folder ``cache``.

    ``own`` is the folder of the school's own terms and switches. A cache that cannot be read or
    written costs time, nothing else. ``compiling`` is called before what takes seconds.

    Raises:
        RulesError: L001-L004, a rule is wrong, its regular expression included.
    """
    root = folder or resources.folder("lexicons")
    file = CacheFile(cache, "lexicon", _state(root, school, own))
    body = file.read()
    if body is not None:
        with suppress(ValueError, TypeError, EOFError):
            return _restore(body)
    compiling()
    lexicon = _read(school, root, own)
    keep(cache, "patterns", list(_expressions(lexicon)))
    compiled = compile_lexicon(lexicon)
    file.write(_dump(compiled))
    return compiled


def _read(school: School, root: Path, own: Path | None) -> Lexicon:
    """Read the rule files; what reads them is imported only when there is no cache."""
    from screening.regulation import load_regulation  # noqa: PLC0415
    from screening.stages.lexicon.load import load_lexicon  # noqa: PLC0415

    return load_lexicon(school, load_regulation(), root, own)


def _expressions(lexicon: Lexicon) -> Iterator[Expression]:
    for rule in lexicon.rules:
        if isinstance(rule, PatternRule):
            yield from (rule.regex, *(clause for clause, _ in rule.near))
            yield from (rule.column,) if rule.column else ()


def _state(root: Path, school: School, own: Path | None) -> str:
    digest = hashlib.blake2b(repr((_FORMAT, regex.__version__, school.names)).encode())
    regulation = resources.folder("data") / "regulation" / "regulation.toml"
    for path in [regulation, *sorted(root.rglob("*.toml")), *sorted(root.rglob("*.csv"))]:
        content = path.read_bytes()
        digest.update(f"{path.name}\0{len(content)}\0".encode())
        digest.update(content)
    # these are long, and grow with every change that is not made by hand
    for path in sorted(own.glob("*.csv")) if own else ():
        stat = path.stat()
        digest.update(f"{path}\0{stat.st_size}\0{stat.st_mtime_ns}\0".encode())
    return digest.hexdigest()


def _dump(compiled: Compiled) -> bytes:
    words = compiled.words
    rows = [marshal.dumps(_row(rule)) for rule in compiled.rules]
    return marshal.dumps(
        (
            b"".join(rows),
            np.array([len(row) for row in rows]).tobytes(),
            "".join(words.keys),
            np.array(list(map(len, words.keys))).tobytes(),
            words.starts.tobytes(),
            words.uses.tobytes(),
            words.prefixes.tobytes(),
            words.parents.tobytes(),
            words.sieve.tobytes(),
            words.needs.tobytes(),
            [astuple(excuse) for excuse in compiled.excuses],
            compiled.contact.kept(),
            compiled.digest,
        )
    )


def _restore(body: memoryview) -> Compiled:
    rows, sizes, keys, lengths, *arrays, excuses, contact, digest = marshal.loads(body)
    starts, uses, prefixes, parents, sieve, needs = arrays
    words = Words(
        Keys(keys, np.frombuffer(lengths, dtype=np.int64)),
        np.frombuffer(starts, dtype=np.int32),
        np.frombuffer(uses, dtype=np.int32).reshape(-1, len(Use._fields)),
        np.frombuffer(prefixes, dtype=np.uint64),
        np.frombuffer(parents, dtype=np.int32),
        np.frombuffer(sieve, dtype=np.uint8),
        np.frombuffer(needs, dtype=np.int32),
    )
    made = tuple(Excuse(*row) for row in excuses)
    rules = Rules(rows, np.cumsum(np.frombuffer(sizes, dtype=np.int64)))
    return Compiled(rules, words, made, Expression(*contact), digest)


def _row(rule: AnyRule) -> tuple[Any, ...]:
    """Return what marshal can hold; examples are left out, matching does not need them."""
    table = asdict(rule) | {
        "category": str(rule.category),
        "severity": str(rule.severity),
        "basis": tuple(map(astuple, rule.basis)),
        "hits": (),
        "misses": (),
    }
    if isinstance(rule, PatternRule):
        try:
            table["regex"] = rule.regex.kept()
            table["near"] = tuple((clause.kept(), reach) for clause, reach in rule.near)
            table["column"] = rule.column.kept() if rule.column else None
        except regex.error as error:
            raise RulesError("L002", rule=rule.id, problem=f"正则写错：{error}") from error
    return (_KINDS.index(type(rule)), *table.values())


def _rule(kind: int, *values: Any) -> AnyRule:
    make = _KINDS[kind]
    table = dict(zip(make.__struct_fields__, values, strict=True))
    table["category"] = Category(table["category"])
    table["severity"] = Severity(table["severity"])
    table["basis"] = tuple(Basis(*citation) for citation in table["basis"])
    if make is PatternRule:
        table["regex"] = Expression(*table["regex"])
        table["near"] = tuple((Expression(*clause), reach) for clause, reach in table["near"])
        table["column"] = Expression(*table["column"]) if table["column"] else None
    return make(**table)
