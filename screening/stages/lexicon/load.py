"""Reads lexicons/ into a :class:`Lexicon`; what is wrong is a coded error, never a lost rule."""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from itertools import product
from pathlib import Path
from typing import Any

from screening import resources
from screening.errors import RulesError
from screening.finding import Basis, Category, Severity
from screening.regulation import Regulation
from screening.settings import School
from screening.stages.lexicon.evasion import SPELLINGS
from screening.stages.lexicon.rules import (
    MATCH_OPTIONS,
    PLACES,
    AnyRule,
    CooccurrenceRule,
    Excuse,
    Lexicon,
    PatternRule,
    TermRule,
)
from screening.stages.lexicon.validators import VALIDATORS

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
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_SEPARATOR = "|"
_MOST_GROUPS = 8


@dataclass(frozen=True, slots=True)
class _Sources:
    """What rows refer to: topics by name, named word groups, the regulation, known excuse names."""

    topics: Mapping[str, Mapping[str, Any]]
    words: Mapping[str, tuple[str, ...]]
    regulation: Regulation
    excuses: frozenset[str]

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
        """Replace each ``{name}`` of a pattern by a group of alternatives; ``{2,3}`` is left."""

        def group(match: re.Match[str]) -> str:
            if match[1].isdigit():
                return match[0]
            if match[1] not in self.words:
                raise RulesError("L002", rule=rule, problem=f"没有叫“{match[0]}”的词组")
            return "(?:" + "|".join(map(re.escape, self.words[match[1]])) + ")"

        return _PLACEHOLDER.sub(group, regex)


def load_lexicon(school: School, regulation: Regulation, folder: Path | None = None) -> Lexicon:
    """Read every rule and excuse of ``folder`` (default: the shipped lexicons).

    Raises:
        RulesError: L001–L004, with the file and line or the rule's id.
    """
    root = folder or resources.folder("lexicons")
    excuses = tuple(_excuses(root))
    sources = _Sources(
        topics=_tables(root / "topics"),
        words=_words(root, school),
        regulation=regulation,
        excuses=frozenset(excuse.name for excuse in excuses),
    )
    rules = [*_term_rules(root, sources), *_pattern_rules(root, sources)]
    _refuse_repeats([rule.id for rule in rules] + [excuse.id for excuse in excuses])
    active = tuple(rule for rule in rules if rule.status == "active")
    contact = resources.load_toml(root / "contact.toml")["pattern"]
    return Lexicon(active, excuses, contact, _digest(active, excuses, contact))


def _digest(*parts: Any) -> str:
    canonical = repr([[asdict(item) for item in p] if isinstance(p, tuple) else p for p in parts])
    return "sha256:" + hashlib.sha256(canonical.encode()).hexdigest()


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
        for line, row in _rows(path):
            with _named(row["id"] or f"{path.name} 第{line}行"):
                yield _term_rule(row, path.stem, sources)


def _rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        try:
            if tuple(reader.fieldnames or ()) != COLUMNS:
                raise RulesError("L001", where=path.name, problem="列名应为 " + ",".join(COLUMNS))
            for row in reader:
                if None in row or None in row.values():
                    problem = f"第{reader.line_num}行列数不对"
                    raise RulesError("L001", where=path.name, problem=problem)
                yield reader.line_num, row
        except (UnicodeDecodeError, csv.Error) as error:
            raise RulesError("L001", where=path.name, problem=str(error)) from error


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
    rule_id, topic = _checked_id(row["id"]), row["topic"]
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
    if not (basis and table["advice"] and table["message"] and table["hit"] and table["miss"]):
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


def _checked_id(rule_id: str) -> str:
    if not _ID.fullmatch(rule_id):
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
        regex=sources.alternation(row["regex"], row["id"]),
        triggers=sources.expand_all(row["triggers"], row["id"]),
        window=int(row["window"]),
        validator=validator,
        secret=bool(row.get("secret", False)),
        raw=bool(row.get("raw", False)),
    )


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
