"""Reads lexicons/ into a :class:`Lexicon`; what is wrong is a coded error, never a lost rule."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import product
from pathlib import Path
from typing import Any

import regex
from msgspec import Struct
from msgspec.structs import replace

from screening import resources
from screening.errors import RulesError
from screening.finding import Basis, Category, Severity
from screening.regulation import Regulation
from screening.settings import School
from screening.stages.lexicon.own import OwnStore
from screening.stages.lexicon.rules import (
    MATCH_OPTIONS,
    PLACES,
    SPELLINGS,
    AnyRule,
    CooccurrenceRule,
    Excuse,
    Lexicon,
    PatternRule,
    TermRule,
    is_own,
)
from screening.stages.lexicon.tables import Row, read_table
from screening.stages.lexicon.validators import VALIDATORS
from screening.text.expression import Expression

COLUMNS = (
    "id",
    "term",
    "variants",
    "severity",
    "match",
    "unless",
    "basis",
    "message",
    "advice",
    "hit",
    "miss",
    "status",
)
_ID = re.compile(r"[A-Z]{3}\d{3,4}")
_OWN_ID = re.compile(r"OWN\d{3,}")
#: columns of an own term that decide all but its words, name and examples
_SHARED = ("topic", "severity", "match", "unless", "basis", "message", "advice", "status")
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_SEPARATOR = "|"
_MOST_GROUPS = 8


class _Sources(Struct, frozen=True):
    """What rows refer to: topics by name, named word groups, the regulation, known excuse names.

    ``own``: the rows are the school's own, which have ids of their own and need no examples.
    """

    topics: Mapping[str, Mapping[str, Any]]
    words: Mapping[str, tuple[str, ...]]
    fragments: Mapping[str, str]
    regulation: Regulation
    excuses: frozenset[str]
    own: bool = False

    def expand(self, text: str, rule: str) -> Iterator[str]:
        """Yield ``text`` with each ``{name}`` replaced by every word of that group."""
        names = _PLACEHOLDER.findall(text)
        for name in names:
            if name not in self.words:
                raise RulesError("L002", rule=rule, problem=f"没有叫“{{{name}}}”的词组")
        for choice in product(*(self.words[name] for name in names)):
            words = iter(choice)
            yield _PLACEHOLDER.sub(lambda _, words=words: next(words), text)  # type: ignore[misc]

    def expand_all(self, texts: Iterable[str], rule: str) -> tuple[str, ...]:
        """Expand each text, in order, without repeats."""
        return tuple(dict.fromkeys(word for text in texts for word in self.expand(text, rule)))

    def alternation(self, regex: str, rule: str) -> str:
        """Replace each ``{name}`` of a pattern by its fragment or words; ``{2}`` is left."""

        def group(match: re.Match[str]) -> str:
            if match[1].isdigit():
                return match[0]
            if match[1] in self.fragments:
                return f"(?:{self.fragments[match[1]]})"
            if match[1] not in self.words:
                raise RulesError("L002", rule=rule, problem=f"没有叫“{match[0]}”的词组")
            return "(?:" + "|".join(map(re.escape, self.words[match[1]])) + ")"

        return _PLACEHOLDER.sub(group, regex)


class OwnRules:
    """Makes rules of a school's own terms; rows that differ in their words alone share the rest."""

    def __init__(self, sources: _Sources) -> None:
        self._sources = replace(sources, own=True)
        self._models: dict[tuple[str, ...], TermRule] = {}

    def rule(self, row: Row) -> TermRule:
        """Make the rule of one row.

        Raises:
            ValueError: what is wrong with it, in Chinese.
            RulesError: L002, L004, it names a group of words or an article that is not there.
        """
        key = tuple(row[name] for name in _SHARED)
        if key not in self._models:
            self._models[key] = _term_rule(row, row["topic"], self._sources)
        return replace(
            self._models[key],
            id=_checked_id(row["id"], own=True),
            name=row["term"],
            terms=self._sources.expand_all((row["term"], *_split(row["variants"])), row["id"]),
            hits=_split(row["hit"]),
            misses=_split(row["miss"]),
        )


class RuleBook(Struct, frozen=True):
    """Every rule there is, retired and disabled ones too; ``disabled`` are ids."""

    rules: tuple[AnyRule, ...]
    excuses: tuple[Excuse, ...]
    contact: Expression
    disabled: frozenset[str]
    sources: _Sources
    own: OwnRules

    def lexicon(self, *, with_disabled: bool = False) -> Lexicon:
        """Return the rules that are in use, or all but the retired ones."""
        left_out = frozenset[str]() if with_disabled else self.disabled
        active = tuple(
            rule for rule in self.rules if rule.status == "active" and rule.id not in left_out
        )
        digest = hashlib.sha256(repr((active, self.excuses, self.contact)).encode())
        return Lexicon(active, self.excuses, self.contact, f"sha256:{digest.hexdigest()}")

    def rule(self, rule_id: str) -> AnyRule:
        """Return the rule with this id.

        Raises:
            RulesError: L005, there is none.
        """
        for rule in self.rules:
            if rule.id == rule_id:
                return rule
        raise RulesError("L005", rule=rule_id)

    def topic_of(self, name: str) -> Mapping[str, Any] | None:
        """Return the topic with this name, or None."""
        return self.sources.topics.get(name)


def load_lexicon(
    school: School, regulation: Regulation, folder: Path | None = None, own: Path | None = None
) -> Lexicon:
    """Read every rule and excuse that is in use; see :func:`read_rules`."""
    return read_rules(school, regulation, folder, own).lexicon()


def read_rules(
    school: School, regulation: Regulation, folder: Path | None = None, own: Path | None = None
) -> RuleBook:
    """Read every rule and excuse of ``folder`` (default: the shipped lexicons).

    ``own`` is the folder of the school's own terms and switches.

    Raises:
        RulesError: L001–L004, with the file and line or the rule's id.
    """
    root = folder or resources.folder("lexicons")
    excuses = tuple(_excuses(root))
    sources = _Sources(
        topics=_tables(root / "topics"),
        words=_words(root, school),
        fragments=resources.load_toml(root / "fragments.toml"),
        regulation=regulation,
        excuses=frozenset(excuse.name for excuse in excuses),
    )
    store, own_rules = OwnStore(own) if own else None, OwnRules(sources)
    rules = [*_term_rules(root, sources), *_pattern_rules(root, sources)]
    for row in store.rows() if store else ():
        with _named(row["id"]):
            rules.append(own_rules.rule(row))
    _refuse_repeats([rule.id for rule in rules] + [excuse.id for excuse in excuses])
    contact = Expression(resources.load_toml(root / "contact.toml")["pattern"], regex.VERBOSE)
    disabled = store.disabled() if store else frozenset[str]()
    return RuleBook(tuple(rules), excuses, contact, disabled, sources, own_rules)


def _refuse_repeats(ids: list[str]) -> None:
    seen: set[str] = set()
    for rule_id in ids:
        if rule_id in seen:
            raise RulesError("L003", rule=rule_id)
        seen.add(rule_id)


def _tables(folder: Path) -> dict[str, Mapping[str, Any]]:
    tables: dict[str, Mapping[str, Any]] = {}
    for path in sorted(folder.glob("*.toml")):
        tables.update(resources.load_toml(path))
    return tables


def _words(root: Path, school: School) -> dict[str, tuple[str, ...]]:
    groups = {
        name: tuple(words) for name, words in resources.load_toml(root / "words.toml").items()
    }
    return {**groups, "school": school.names}


def _excuses(root: Path) -> Iterator[Excuse]:
    for path in sorted((root / "excuses").glob("*.toml")):
        for row in resources.load_toml(path).get("excuse", ()):
            with _named(row.get("id", path.name)):
                yield Excuse(
                    id=_checked_id(row["id"]),
                    name=row["name"],
                    label=row["label"],
                    scope=row["scope"],
                    words=tuple(row.get("words", ())),
                    effect=row["effect"],
                    void_near_contact=row.get("void_near_contact", False),
                    governing=tuple(row.get("governing", ())),
                    rule=row["rule"],
                    hits=tuple(row["hit"]),
                    misses=tuple(row["miss"]),
                )


class _named:  # noqa: N801 - a context manager reads as a verb
    """Turns a missing or ill-typed key into a coded error that names the rule."""

    def __init__(self, rule: str) -> None:
        self.rule = rule

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, _: object) -> None:
        if isinstance(error, KeyError):
            raise RulesError("L002", rule=self.rule, problem=f"缺少 {error}") from error
        if isinstance(error, ValueError | TypeError):
            raise RulesError("L002", rule=self.rule, problem=str(error)) from error


def _term_rules(root: Path, sources: _Sources) -> Iterator[TermRule]:
    for path in sorted((root / "terms").glob("*.csv")):
        for line, row in read_table(path, COLUMNS):
            with _named(row["id"] or f"{path.name} 第{line}行"):
                yield _term_rule(row, path.stem, sources)


def _split(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split(_SEPARATOR) if part.strip())


def _term_rule(row: Mapping[str, str], topic: str, sources: _Sources) -> TermRule:
    options = row["match"].split()
    evasive = SPELLINGS[1:] if "evasive" in options else options
    if unknown := set(options) - {*MATCH_OPTIONS, "evasive", *SPELLINGS[1:]}:
        raise ValueError(f"match 里没有选项 {'、'.join(sorted(unknown))}")
    own: dict[str, Any] = {
        key: row[key].strip() for key in ("severity", "message", "advice") if row[key].strip()
    }
    own |= {key: _split(row[key]) for key in ("basis", "unless") if row[key].strip()}
    own |= {"id": row["id"], "name": row["term"], "topic": topic, "status": row["status"]}
    own |= {"hit": _split(row["hit"]), "miss": _split(row["miss"])}
    own["where"] = [option for option in options if option in PLACES]
    return TermRule(
        **_shared(own, sources),
        terms=sources.expand_all((row["term"].strip(), *_split(row["variants"])), row["id"]),
        boundaries={"word": True, "loose": False}.get(
            next(iter({*options} & {"word", "loose"}), "")
        ),
        exact="exact" in options,
        evasions=tuple(kind for kind in SPELLINGS if kind in evasive),
    )


def _shared(row: Mapping[str, Any], sources: _Sources) -> dict[str, Any]:
    """Read what all kinds of rules have; the topic gives what the row leaves out."""
    rule_id, topic = _checked_id(row["id"], own=sources.own), row["topic"]
    if topic not in sources.topics:
        raise ValueError(f"没有主题“{topic}”")
    table = {**sources.topics[topic], **row}
    if unknown := set(table.get("excuses", ())) - sources.excuses:
        raise ValueError(f"没有免责语境 {'、'.join(sorted(unknown))}")
    if unknown := set(table.get("where", ())) - set(PLACES):
        raise ValueError(f"where 里没有 {'、'.join(sorted(unknown))}")
    basis: tuple[Basis, ...] = tuple(
        sources.regulation.basis(citation, rule_id) for citation in table["basis"]
    )
    examples = sources.own or (table["hit"] and table["miss"])
    if not (basis and table["advice"] and table["message"] and examples):
        raise ValueError("依据、提示语、建议、命中例句、近似例句都不能空")
    if table.get("status", "active") not in ("active", "retired"):
        raise ValueError("status 应为 active 或 retired")
    return {
        "id": rule_id,
        "name": table.get("name") or rule_id,
        "topic": topic,
        "category": Category(table["category"]),
        "severity": Severity(table["severity"]),
        "message": table["message"],
        "advice": table["advice"],
        "basis": basis,
        "places": tuple(table.get("where", ())),
        "unless": sources.expand_all(table.get("unless", ()), rule_id),
        "excuses": tuple(table.get("excuses", ())),
        "hits": tuple(table["hit"]),
        "misses": tuple(table["miss"]),
        "status": table.get("status", "active"),
    }


def _checked_id(rule_id: str, *, own: bool = False) -> str:
    if is_own(rule_id) and not own:
        raise ValueError("OWN 开头的编号留给学校自己的词表")
    if not (_OWN_ID if own else _ID).fullmatch(rule_id):
        raise ValueError("编号应为三个大写字母加三到四位数字")
    return rule_id


def _pattern_rules(root: Path, sources: _Sources) -> Iterator[AnyRule]:
    kinds: dict[str, Callable[[Mapping[str, Any], _Sources], AnyRule]] = {
        "pattern": _pattern_rule,
        "cooccurrence": _cooccurrence_rule,
    }
    for path in sorted((root / "patterns").glob("*.toml")):
        table = resources.load_toml(path)
        for kind, make in kinds.items():
            for row in table.get(kind, ()):
                with _named(row.get("id", path.name)):
                    yield make(row, sources)


def _pattern_rule(row: Mapping[str, Any], sources: _Sources) -> PatternRule:
    validator = row.get("validator")
    if validator is not None and validator not in VALIDATORS:
        raise ValueError(f"没有校验函数 {validator}")
    return PatternRule(
        **_shared(row, sources),
        regex=Expression(sources.alternation(row["regex"], row["id"])),
        near=tuple(
            (Expression(sources.alternation(clause["regex"], row["id"])), int(clause["within"]))
            for clause in row.get("near", ())
        ),
        column=_column(row, sources),
        triggers=sources.expand_all(row["triggers"], row["id"]),
        window=int(row["window"]),
        validator=validator,
        secret=bool(row.get("secret", False)),
        raw=bool(row.get("raw", False)),
    )


def _column(row: Mapping[str, Any], sources: _Sources) -> Expression | None:
    if "column" not in row:
        return None
    return Expression(sources.alternation(row["column"], row["id"]))


def _cooccurrence_rule(row: Mapping[str, Any], sources: _Sources) -> CooccurrenceRule:
    groups = tuple(sources.expand_all(group, row["id"]) for group in row["groups"])
    if not 2 <= len(groups) <= _MOST_GROUPS or not all(groups):
        raise ValueError(f"groups 应有两到{_MOST_GROUPS}组，每组至少一个词")
    within = row["within"]
    return CooccurrenceRule(
        **_shared(row, sources),
        groups=groups,
        distance=None if within == "sentence" else int(within),
    )
