"""Brings a school's own list in: what is unusable, known already or too ordinary stays out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal, TypeVar

from msgspec import Struct

from screening.errors import RulesError
from screening.finding import Category, Severity
from screening.stages.lexicon.lists import Entry, SchoolList
from screening.stages.lexicon.load import RuleBook
from screening.stages.lexicon.own import OwnStore, Stamp
from screening.stages.lexicon.rules import OWN_PREFIX, TermRule
from screening.stages.lexicon.tables import Row
from screening.stages.lexicon.trial import clean_sample, flagged
from screening.text.normalise import squeezed_keys

_LONGEST = 50
_Name = TypeVar("_Name", Category, Severity)
Why = Literal["bad", "duplicate", "ordinary"]


class Defaults(Struct, frozen=True):
    """What holds for lines that do not say it themselves, and the name of the list."""

    name: str
    topic: str = ""
    category: Category | None = None
    severity: Severity | None = None


class LeftOut(Struct, frozen=True):
    """A line that was not imported (or, ``forced``, was all the same), with the reason."""

    line: int
    term: str
    why: Why
    reason: str
    forced: bool = False


class Imported(Struct, frozen=True):
    """The ids of the new rules, and every line there is something to say about."""

    ids: tuple[str, ...]
    left_out: tuple[LeftOut, ...]


class _Candidate(Struct, frozen=True):
    """A line that makes a rule; ``keys`` are its term and variants in squeezed form."""

    line: int
    row: Row
    rule: TermRule
    keys: tuple[str, ...]

    def left_out(self, why: Why, reason: str, *, forced: bool = False) -> LeftOut:
        return LeftOut(self.line, self.row["term"], why, reason, forced)


def import_list(
    store: OwnStore,
    book: RuleBook,
    found: SchoolList,
    defaults: Defaults,
    stamp: Stamp,
    *,
    force: bool = False,
) -> Imported:
    """Add the terms of ``found`` to ``store``; ``book`` holds the shipped and the own rules.

    ``force`` takes terms in that flag the clean sample.

    Raises:
        RulesError: L006, there is no clean sample.
        StoreError: L011, the store cannot be written.
    """
    told: list[LeftOut] = []
    usable = list(_candidates(found.entries, book, defaults, told))
    fresh = list(_new(usable, _known(book.rules), told))
    wanted = list(_uncommon(fresh, book, told, force=force))
    with store.lock():
        known = {rule.id for rule in book.rules}
        newer = [book.own.rule(row) for row in store.rows() if row["id"] not in known]
        chosen = list(_new(wanted, _known(newer), told))
        lines = {candidate.line for candidate in chosen}
        told = [item for item in told if not item.forced or item.line in lines]
        source = {"list": defaults.name, "by": stamp.by, "at": stamp.at}
        ids = store.append({**candidate.row, **source} for candidate in chosen)
    return Imported(tuple(ids), tuple(sorted(told, key=lambda item: item.line)))


def _candidates(
    entries: Iterable[Entry], book: RuleBook, defaults: Defaults, told: list[LeftOut]
) -> Iterator[_Candidate]:
    """Yield the lines that make a rule; tell of the others."""
    rules: list[tuple[Entry, Row, TermRule]] = []
    for number, entry in enumerate(entries):
        rule_id = f"{OWN_PREFIX}{number:03d}"
        try:
            row = _row(entry.cells, book, defaults, rule_id)
            rules.append((entry, row, book.own.rule(row)))
        except (ValueError, RulesError) as error:
            what = error.what if isinstance(error, RulesError) else str(error)
            reason = what.removeprefix(f"规则 {rule_id} ")
            told.append(LeftOut(entry.line, entry.cells["term"], "bad", reason))
    keys = iter(squeezed_keys([term for _, _, rule in rules for term in rule.terms]))
    for entry, row, rule in rules:
        own = tuple(next(keys) for _ in rule.terms)
        problem = next((problem for key in own if (problem := _unusable(key))), "")
        if problem:
            told.append(LeftOut(entry.line, row["term"], "bad", problem))
        else:
            yield _Candidate(entry.line, row, rule, own)


def _row(cells: Row, book: RuleBook, defaults: Defaults, rule_id: str) -> Row:
    """Return the line as a row of the table of own terms.

    Raises:
        ValueError: what is wrong with it.
    """
    term = cells["term"]
    if not term:
        raise ValueError("词语为空")
    if any(len(text) > _LONGEST for text in (term, *cells.get("variants", "").split("|"))):
        raise ValueError(f"超过 {_LONGEST} 个字，不像是词语")
    if cells.get("status", "") not in ("", "active"):
        raise ValueError(f"状态是“{cells['status']}”，只导入在用的词")
    severity = named(Severity, cells.get("severity", ""), "轻重") or defaults.severity
    return {
        **dict.fromkeys(("variants", "match", "unless", "basis", "message", "advice"), ""),
        **dict.fromkeys(("hit", "miss", "note"), ""),
        **{name: cell for name, cell in cells.items() if name != "category"},
        "id": rule_id,
        "topic": _topic(cells, book, defaults),
        "severity": severity or "",
        "status": "active",
    }


def _topic(cells: Row, book: RuleBook, defaults: Defaults) -> str:
    """Return the topic that the line names, or that of its category, or the default."""
    category = named(Category, cells.get("category", ""), "类别")
    name = cells.get("topic", "") or ("" if category else defaults.topic)
    if name:
        topic = book.topic_of(name)
        if topic is None:
            raise ValueError(f"没有主题“{name}”")
        if category not in (None, topic["category"]):
            raise ValueError(f"主题“{name}”不属于类别“{category}”")
        return name
    category = category or defaults.category
    if category is None:
        raise ValueError("没有写类别")
    return f"own-{category}"


def named(kind: type[_Name], cell: str, what: str) -> _Name | None:
    """Read a category or a severity by its identifier or its Chinese label; "" gives None.

    Raises:
        ValueError: there is none such; ``what`` says where it stood.
    """
    if not cell:
        return None
    for member in kind:
        if cell.lower() in (member.value, member.label):
            return member
    known = "、".join(member.label for member in kind)
    raise ValueError(f"{what}“{cell}”不认识，可写：{known}")


def _unusable(key: str) -> str:
    if not any(map(str.isalnum, key)):
        return "除去标点、空格后没有内容"
    return "只有一个字，会处处命中" if len(key) == 1 else ""


def _known(rules: Iterable[object]) -> dict[str, str]:
    """Return the words of all terms, squeezed, and who has them."""
    terms = [rule for rule in rules if isinstance(rule, TermRule) and rule.status == "active"]
    keys = squeezed_keys([term for rule in terms for term in rule.terms])
    owners = (rule.id for rule in terms for _ in rule.terms)
    return {key: f"规则 {owner}" for key, owner in zip(keys, owners, strict=True)}


def _new(
    candidates: Iterable[_Candidate], known: Mapping[str, str], told: list[LeftOut]
) -> Iterator[_Candidate]:
    """Yield what brings at least one word that is not known; tell of the others."""
    seen = dict(known)
    for candidate in candidates:
        if all(key in seen for key in candidate.keys):
            told.append(candidate.left_out("duplicate", f"与{seen[candidate.keys[0]]} 重复"))
        else:
            seen |= {key: seen.get(key, f"第 {candidate.line} 行") for key in candidate.keys}
            yield candidate


def _uncommon(
    candidates: Sequence[_Candidate], book: RuleBook, told: list[LeftOut], *, force: bool
) -> Iterator[_Candidate]:
    """Yield what leaves the clean sample alone, or all with ``force``; tell what does not."""
    caught = flagged([candidate.rule for candidate in candidates], book, clean_sample())
    for candidate in candidates:
        sentence = caught.get(candidate.rule.id)
        if sentence is not None:
            reason = f"普通文章里也会命中：{sentence}"
            told.append(candidate.left_out("ordinary", reason, forced=force))
        if sentence is None or force:
            yield candidate
