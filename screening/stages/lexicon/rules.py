"""What a rule is, once loaded and checked: terms, patterns, co-occurrences, and excuses."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from screening.finding import Basis, Category, Severity
from screening.text.expression import Expression

Scope = Literal["sentence", "document", "brackets", "quotes"]
Effect = Literal["drop", "notice"]

#: what a rule may ask for; "plain" is the spelling that it gives itself
SPELLINGS = ("plain", "homophone", "pinyin", "split", "lookalike", "repeat")
#: where a rule may look; a rule that names none looks everywhere
PLACES = ("header", "lead", "title", "properties")
#: how a term's boundaries are treated: on word boundaries, anywhere, or with nothing in between
MATCH_OPTIONS = ("word", "loose", "exact", *PLACES)
#: the school's own rules begin so
OWN_PREFIX = "OWN"


def is_own(rule_id: str) -> bool:
    """Tell whether a rule is the school's own."""
    return rule_id.startswith(OWN_PREFIX)


class Excuse(Struct, frozen=True):
    """A context in which a hit is no offence: warnings, quoted titles, crackdown news, ….

    ``words`` are looked for within ``scope``; with scope brackets or quotes an empty list means
    that standing inside is enough. ``void_near_contact``: does not hold beside a seller's contact.
    ``governing`` words excuse what they stand right in front of, contact or not: 严禁出借银行卡.
    """

    id: str
    name: str
    label: str
    scope: Scope
    words: tuple[str, ...]
    effect: Effect
    void_near_contact: bool
    governing: tuple[str, ...]
    rule: str
    hits: tuple[str, ...]
    misses: tuple[str, ...]


class Rule(Struct, frozen=True, eq=False):
    """What all kinds of rules share; compared by identity.

    ``hits`` are examples that the rule must find, ``misses`` ones that it must leave alone.
    """

    id: str
    name: str
    topic: str
    category: Category
    severity: Severity
    message: str
    advice: str
    basis: tuple[Basis, ...]
    places: tuple[str, ...]
    unless: tuple[str, ...]
    excuses: tuple[str, ...]
    hits: tuple[str, ...]
    misses: tuple[str, ...]
    status: Literal["active", "retired"]


class TermRule(Rule, frozen=True, eq=False):
    """Words that are wrong wherever they stand; ``terms`` are the term and its variants, expanded.

    ``boundaries``: the hit must begin and end where words do. ``exact``: nothing in between.
    ``evasions``: kinds of evasive spelling (see evasion.py) in which the first term is found too.
    """

    terms: tuple[str, ...]
    boundaries: bool | None
    exact: bool
    evasions: tuple[str, ...]


class PatternRule(Rule, frozen=True, eq=False):
    """A regular expression, searched ``window`` characters around each of its ``triggers``.

    ``near`` are further expressions, each with a reach: a match counts only when every one of them
    is found within that many characters before or behind its beginning, in the same statement.
    ``raw``: searched in the original text, not the normalised. ``secret``: what it finds is masked
    in every output. ``validator`` names a function of validators.py that must accept the match.
    ``column``: searched, one by one, only in cells whose column, or the cell before them, has such
    a header.
    """

    regex: Expression
    near: tuple[tuple[Expression, int], ...]
    column: Expression | None
    triggers: tuple[str, ...]
    window: int
    validator: str | None
    secret: bool
    raw: bool


class CooccurrenceRule(Rule, frozen=True, eq=False):
    """At least one word of every group within a sentence, or ``distance`` characters of a line."""

    groups: tuple[tuple[str, ...], ...]
    distance: int | None


AnyRule = TermRule | PatternRule | CooccurrenceRule


class Lexicon(Struct, frozen=True):
    """All active rules and excuses; ``digest`` changes when any of them does.

    ``contact`` is the pattern of a seller's contact, which voids some excuses.
    """

    rules: tuple[AnyRule, ...]
    excuses: tuple[Excuse, ...]
    contact: Expression
    digest: str

    def rule(self, rule_id: str) -> AnyRule | None:
        """Return the rule with this id, or None."""
        return next((rule for rule in self.rules if rule.id == rule_id), None)
