"""Does the draft credit the work its passages come from: wholly, in part, not at all, wrongly?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum

from msgspec import Struct

from screening.stages.reproduction.credit import Credit, CreditKind
from screening.stages.reproduction.houses import Houses, host_of
from screening.stages.reproduction.name_forms import name_key
from screening.stages.reproduction.names import Role, read_names
from screening.stages.reproduction.work import Work
from screening.text.normalise import normalise

#: (field, start, end) of a copied passage in the draft
Place = tuple[str, int, int]
Reader = Callable[[str], tuple[Credit, ...]]


class Attribution(StrEnum):
    """how a draft credits a work (article 21): by source and author, or one of them, or not."""

    COMPLETE = "complete"
    INCOMPLETE = "incomplete"
    MISSING = "missing"
    MISMATCHED = "mismatched"

    @property
    def label(self) -> str:
        """The Chinese word that reports show."""
        return {
            "complete": "已完整署名",
            "incomplete": "署名不全",
            "missing": "没有署名",
            "mismatched": "署名不符",
        }[self]


class Lack(StrEnum):
    """What a credit lacks, or what is wrong with it."""

    SOURCE = "source"
    AUTHOR = "author"
    ONLY_LINK = "link"
    SOME_PASSAGES = "passages"
    EMPTY = "empty"
    ORIGINAL = "original"
    CONTRADICTED = "contradicted"


class Origin(Struct, frozen=True):
    """Every name by which a work may rightly be credited.

    ``sources`` holds its site and those that its own text credits, ``authors`` the same of people;
    ``required`` tells whether the work has a source and an author to name.
    """

    sources: tuple[str, ...]
    authors: tuple[str, ...]
    url: str | None
    required: tuple[bool, bool]


class Attributed(Struct, frozen=True):
    """The judgement on one work: ``credit`` is the one that names it, or wrongly stands there.

    ``beside`` is a second one: the author's where ``credit`` names the source alone, or the one
    that contradicts it.
    """

    attribution: Attribution
    credit: Credit | None = None
    lacks: tuple[Lack, ...] = ()
    beside: Credit | None = None


class _Naming(Struct, frozen=True):
    """What one credit names rightly of a work."""

    credit: Credit
    source: bool
    author: bool
    link: bool

    @property
    def any(self) -> bool:
        return self.source or self.author or self.link


def origin_of(work: Work, houses: Houses, read: Reader) -> Origin:
    """Collect the names of a work, from its record and from the credits in its own text."""
    site = work.site or (houses.of_address(work.url) if work.url else None)
    people, bodies = _authors(work.author or "")
    if site:
        people = [name for name in people if not houses.same(name, site)]
        bodies = [name for name in bodies if not houses.same(name, site)]
    kinds = (CreditKind.TEXT, CreditKind.DATELINE)
    inside = [credit for credit in read(work.text) if credit.kind in kinds and credit.stands_alone]
    return Origin(
        sources=_unique([*filter(None, [site]), *(n for c in inside for n in c.sources)]),
        authors=_unique([*people, *bodies, *(n for c in inside for n in c.authors)]),
        url=work.url,
        required=(bool(site), bool(people or bodies)),
    )


def named_in(credit: Credit, origin: Origin, houses: Houses) -> _Naming:
    """Tell what ``credit`` names rightly of the work with this ``origin``."""
    names = (*credit.sources, *credit.authors)
    url = origin.url or ""
    return _Naming(
        credit,
        source=any(houses.same(name, source) for name in names for source in origin.sources),
        author=any(name_key(name) == name_key(each) for name in names for each in origin.authors),
        link=any(_same_page(link, url) for link in credit.links),
    )


def attribute(
    places: Sequence[Place],
    credit_lines: Sequence[Credit],
    origin: Origin,
    houses: Houses,
    *,
    others: frozenset[Credit],
) -> Attributed:
    """Judge the credit of one work for its passages at ``places``.

    ``others`` are credits that rightly name another work in the draft: none of this one, so they
    are not held against it.
    """
    judged = [_of_passage(place, credit_lines, origin, houses, others) for place in places]
    named = [each for each in judged if each.attribution in _NAMED]
    if named and len(named) < len(judged):
        lacks = dict.fromkeys(
            (Lack.SOME_PASSAGES, *(lack for each in named for lack in each.lacks))
        )
        return Attributed(Attribution.INCOMPLETE, named[0].credit, tuple(lacks))
    order = list(Attribution)
    return max(judged, key=lambda each: order.index(each.attribution))


_NAMED = (Attribution.COMPLETE, Attribution.INCOMPLETE)


def _of_passage(
    place: Place,
    credit_lines: Sequence[Credit],
    origin: Origin,
    houses: Houses,
    others: frozenset[Credit],
) -> Attributed:
    covering = [c for c in credit_lines if c.kind is not CreditKind.PICTURE and c.covers(*place)]
    namings = [named_in(credit, origin, houses) for credit in covering]
    right = [naming for naming in namings if naming.any]
    original = next((c for c in covering if c.kind is CreditKind.ORIGINAL), None)
    if right and not (original and not any(naming.source for naming in right)):
        return _contradicted(_named(right, origin), place, right, _wrong(covering, right, others))
    if original:
        return Attributed(Attribution.MISMATCHED, original, (Lack.ORIGINAL,))
    wrong = _wrong(covering, right, others)
    if wrong:
        return Attributed(Attribution.MISMATCHED, max(wrong, key=lambda c: len(c.sources)))
    empty = next((c for c in covering if c.empty and c.kind is CreditKind.TEXT), None)
    return Attributed(Attribution.MISSING, empty, (Lack.EMPTY,) if empty else ())


def _wrong(
    covering: Sequence[Credit], right: Sequence[_Naming], others: frozenset[Credit]
) -> list[Credit]:
    """Return the credit lines that name somebody, but none of the works in the draft."""
    rightly = [naming.credit for naming in right]
    return [
        credit
        for credit in covering
        if credit.kind is CreditKind.TEXT
        and credit.stands_alone
        and (credit.sources or credit.authors)
        and credit not in others
        and credit not in rightly
    ]


def _contradicted(
    judged: Attributed, place: Place, right: Sequence[_Naming], wrong: Sequence[Credit]
) -> Attributed:
    """Let a source that the editor wrote count against names that were only copied along."""
    written = [credit for credit in wrong if credit.sources and not _inside(credit, place)]
    if not written or not all(_inside(naming.credit, place) for naming in right):
        return judged
    lacks = (*judged.lacks, Lack.CONTRADICTED)
    return Attributed(Attribution.INCOMPLETE, judged.credit, lacks, written[0])


def _inside(credit: Credit, place: Place) -> bool:
    field, start, end = place
    return credit.field == field and start <= credit.start and credit.end <= end


def _named(right: Sequence[_Naming], origin: Origin) -> Attributed:
    """Judge credits that name the work; a dateline (新华社北京3月5日电) tells its source too."""
    best = max(
        right,
        key=lambda n: (n.source, n.author, n.link, n.credit.kind is CreditKind.TEXT),
    )
    source, author = (any(getattr(n, part) for n in right) for part in ("source", "author"))
    checks = (
        (Lack.ONLY_LINK, not (source or author)),
        (Lack.SOURCE, origin.required[0] and not source),
        (Lack.AUTHOR, origin.required[1] and not author),
    )
    lacks = tuple(lack for lack, holds in checks if holds)
    attribution = Attribution.INCOMPLETE if lacks else Attribution.COMPLETE
    writer = next((n.credit for n in right if n.author and n.credit is not best.credit), None)
    return Attributed(attribution, best.credit, lacks, None if best.author else writer)


def _authors(author: str) -> tuple[list[str], list[str]]:
    """Return the people and the bodies that a work's author field names."""
    text = normalise(author)
    found = read_names(text.text, 0, len(text.text), Role.AUTHOR).names
    people: list[str] = []
    bodies: list[str] = []
    for name in found:
        word = text.original[slice(*text.span(name.start, name.end))]
        (people if name.role is Role.AUTHOR else bodies).append(word)
    return people, bodies


def _same_page(one: str, other: str) -> bool:
    """Tell whether two addresses lead to one page, with or without scheme, www and query."""
    left, right = _address(one), _address(other)
    queries = {left[1], right[1]} - {""}
    return bool(left[0]) and left[0] == right[0] and len(queries) <= 1


def _address(url: str) -> tuple[str, str]:
    rest = (url.partition("://")[2] or url).partition("#")[0]
    path, _, query = rest.partition("?")
    host = host_of(url)
    return host.removeprefix("www.") + path[len(host) :].rstrip("/"), query


def _unique(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
