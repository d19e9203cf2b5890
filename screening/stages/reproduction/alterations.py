"""What a reprint changed: numbers, dates, names, places, sense, quotation marks, the title.

Faithful reprints, differently punctuated or shortened, show none; so do other words for the same
thing. Both wordings are given, each with its place.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from screening.stages.reproduction.alignment import Passage
from screening.stages.reproduction.changed_names import changed_body, changed_name, changed_place
from screening.stages.reproduction.differences import (
    HELD,
    QUOTE,
    Difference,
    Stream,
    differences,
)
from screening.stages.reproduction.figures import Figure, comparable, figures, has_numeral, same
from screening.stages.reproduction.words import Words
from screening.text.normalise import Normalised

#: a difference longer than this is another text, not a changed one
_LONGEST = 12
#: what is only added or only left out turns a sentence when it is so short
_BRIEF = 4
#: characters around a difference that are read for its sense
_AROUND = 3
#: characters within quotation marks that are put in or taken away as a pair
_QUOTED = 160
#: characters that a figure, and its unit, may be long
_NUMERAL, _UNIT = 24, 4
#: similarity below which more must be the same around a change
_CLOSE_COPY = 0.8
#: so many changes, one in so many characters, make another document of the same form
_MANY, _SPARSE = 6, 25
#: characters by which a passage's edge may fall short of its sentence's
_EDGE = 12
_SENTENCE_END = re.compile(r"[。！？!?；;\n]")
#: alterations of one kind so close are one
_CLOSE = 2


class Kind(StrEnum):
    """What was changed."""

    TITLE = "title"
    NUMBER = "number"
    DATE = "date"
    NAME = "name"
    PLACE = "place"
    NEGATION = "negation"
    QUOTATION = "quotation"
    OTHER = "other"

    @property
    def label(self) -> str:
        """The Chinese word that reports show."""
        return _LABELS[self]


#: names, in which no punctuation stands
_UNBROKEN = (Kind.NAME, Kind.PLACE)

_LABELS: dict[str, str] = {
    "title": "标题",
    "number": "数字",
    "date": "日期时间",
    "name": "人名职务",
    "place": "地名",
    "negation": "肯定否定",
    "quotation": "引号",
    "other": "文字",
}


class Alteration(Struct, frozen=True):
    """``draft`` at ``[start, end)`` of ``field`` where the work has ``work``.

    ``[work_start, work_end)`` is its place in the work's text, or in its title where ``field`` is
    "title". Code points of the originals.
    """

    kind: Kind
    draft: str
    work: str
    start: int
    end: int
    work_start: int
    work_end: int
    field: str = "body"


def alterations(
    draft: Normalised, work: Normalised, passages: Sequence[Passage], field: str = "body"
) -> tuple[Alteration, ...]:
    """Return what the passages change in the work's wording, by place in the draft."""
    found: list[Alteration] = []
    for passage in passages:
        back, on = _edges(draft.original, work.original, passage)
        mine = Stream.of(draft, passage.start - back[0], passage.end + on[0])
        theirs = Stream.of(work, passage.work_start - back[1], passage.work_end + on[1])
        held = HELD if passage.similarity >= _CLOSE_COPY else 2 * HELD
        changes = sorted(_changes(mine, theirs, held), key=lambda change: change[1].start)
        here = [_alteration(mine, theirs, *change, field) for change in _merged(changes)]
        if len(here) < _MANY or len(here) * _SPARSE < len(mine.text):
            found.extend(here)
    return tuple(found)


def _edges(draft: str, work: str, passage: Passage) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return how far before and after a passage its first and last sentence reach, if near."""
    low, high = passage.start - _EDGE - 1, passage.work_start - _EDGE - 1
    heads = draft[max(0, low) : passage.start][::-1], work[max(0, high) : passage.work_start][::-1]
    tails = draft[passage.end - 1 :][: _EDGE + 2], work[passage.work_end - 1 :][: _EDGE + 2]
    back = tuple(map(_to_sentence_end, heads))
    on = tuple(max(0, _to_sentence_end(tail) - 1) for tail in tails)
    return (
        (back[0], back[1]) if max(back) <= _EDGE else (0, 0),
        (on[0], on[1]) if max(on) <= _EDGE else (0, 0),
    )


def _to_sentence_end(text: str) -> int:
    end = _SENTENCE_END.search(text)
    return end.start() if end else len(text)


Change = tuple[Kind, Difference]


def _changes(mine: Stream, theirs: Stream, held: int) -> Iterator[Change]:
    apart = list(differences(mine, theirs, held))
    for each in apart:
        for kind, change in changes_at(mine.text, theirs.text, each):
            if kind not in _UNBROKEN or (
                mine.is_unbroken(change.start, change.end)
                and theirs.is_unbroken(change.work_start, change.work_end)
            ):
                yield kind, change
    yield from _requoted(mine.text, theirs.text, apart)


def changes_at(mine: str, theirs: str, each: Difference) -> Iterator[Change]:
    """Say what one difference changes; the first kind that fits."""
    if max(each.end - each.start, each.work_end - each.work_start) > _LONGEST:
        return
    numbers = list(_changed_figures(mine, theirs, each))
    if numbers:
        yield from numbers
        return
    plain = _without_quotes(mine, theirs, each)
    if plain is None:
        return
    words = Words.load()
    if (place := changed_place(words, mine, theirs, plain)) and _is_within(mine, place):
        yield Kind.PLACE, place
    elif name := changed_name(words, mine, theirs, plain):
        yield Kind.NAME, name
    elif _is_turned(words, mine, theirs, plain):
        yield Kind.NEGATION, _in_context(plain, mine, theirs)
    elif place:
        yield Kind.PLACE, place
    elif body := changed_body(mine, theirs, plain):
        yield Kind.NAME, body


def _is_within(mine: str, place: Difference) -> bool:
    """Tell whether a place follows right on a larger one: 清河 in 云山市清河县."""
    return place.start > 0 and mine[place.start - 1] in "省市县州"


def _changed_figures(mine: str, theirs: str, each: Difference) -> Iterator[Change]:
    """Yield the figures that touch a difference and do not say the same on both sides."""
    ours = _figures_at(mine, each.start, each.end)
    others = _figures_at(theirs, each.work_start, each.work_end) if ours else []
    for figure in list(ours):
        twin = next((other for other in others if same(figure, other)), None)
        if twin is not None:
            ours.remove(figure)
            others.remove(twin)
    short = max(each.end - each.start, each.work_end - each.work_start) <= _LONGEST
    if len(ours) != len(others) or not (
        short or [f.unit for f in ours] == [f.unit for f in others]
    ):
        ours, others = _by_unit(ours, others)
    for figure, other in zip(ours, others, strict=True):
        if not comparable(figure, other):
            continue
        kind = Kind.DATE if figure.is_date and other.is_date else Kind.NUMBER
        yield kind, Difference(figure.start, figure.end, other.start, other.end)


def _figures_at(text: str, start: int, end: int) -> list[Figure]:
    """Return the figures of ``text`` that touch ``[start, end)``."""
    if not has_numeral(text[max(0, start - _UNIT) : end + 1]):
        return []
    low = max(0, start - _NUMERAL)
    found = figures(text[low : end + _NUMERAL])
    moved = (replace(f, start=f.start + low, end=f.end + low) for f in found)
    return [figure for figure in moved if figure.start <= end and figure.end >= start]


def _by_unit(ours: Sequence[Figure], others: Sequence[Figure]) -> tuple[list[Figure], list[Figure]]:
    """Keep the figures whose unit stands once on either side."""
    units = [figure.unit for figure in ours], [figure.unit for figure in others]
    both = [unit for unit in units[0] if unit and units[0].count(unit) == units[1].count(unit) == 1]
    return [next(f for f in ours if f.unit == unit) for unit in both], [
        next(f for f in others if f.unit == unit) for unit in both
    ]


def _without_quotes(mine: str, theirs: str, each: Difference) -> Difference | None:
    """Take quotation marks off the edges; None where nothing else differs."""
    start, end = _inside(mine, each.start, each.end)
    work_start, work_end = _inside(theirs, each.work_start, each.work_end)
    if mine[start:end].replace(QUOTE, "") == theirs[work_start:work_end].replace(QUOTE, ""):
        return None
    return Difference(start, end, work_start, work_end)


def _inside(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start] == QUOTE:
        start += 1
    while end > start and text[end - 1] == QUOTE:
        end -= 1
    return start, end


def _is_turned(words: Words, mine: str, theirs: str, each: Difference) -> bool:
    """Tell whether a difference puts in or takes away a negation, or an opposite."""
    draft, work = mine[each.start : each.end], theirs[each.work_start : each.work_end]
    spans = (each.start, each.end), (each.work_start, each.work_end)
    said, instead = words.turning(mine, *spans[0]), words.turning(theirs, *spans[1])
    if draft and work and any(words.are_opposite(one, other) for one in said for other in instead):
        return True
    if not (draft and work) and len(draft) + len(work) > _BRIEF:
        return False
    return (words.negations(mine, *spans[0]) - words.negations(theirs, *spans[1])) % 2 == 1


def _in_context(each: Difference, mine: str, theirs: str) -> Difference:
    """Show what was left out or put in with the words around it."""
    if each.start < each.end and each.work_start < each.work_end:
        return each
    back = min(_AROUND - 1, each.start, each.work_start)
    on = min(_AROUND - 1, len(mine) - each.end, len(theirs) - each.work_end)
    return Difference(each.start - back, each.end + on, each.work_start - back, each.work_end + on)


def _requoted(mine: str, theirs: str, apart: Sequence[Difference]) -> Iterator[Change]:
    """Yield what was put in quotation marks, or taken out of them."""
    for side in (1, -1):
        opening: Difference | None = None
        for each in apart:
            more = side * _more_quotes(mine, theirs, each)
            if more == 1 and opening is not None and _encloses(opening, each, mine, theirs):
                yield Kind.QUOTATION, _joined(opening, each)
                opening = None
            elif more == 1:
                opening = each
            elif more > 1:
                yield Kind.QUOTATION, each


def _more_quotes(mine: str, theirs: str, each: Difference) -> int:
    """Count the marks that a difference puts in; 0 where it changes anything else."""
    draft, work = mine[each.start : each.end], theirs[each.work_start : each.work_end]
    if draft.replace(QUOTE, "") != work.replace(QUOTE, ""):
        return 0
    return draft.count(QUOTE) - work.count(QUOTE)


def _encloses(opening: Difference, closing: Difference, mine: str, theirs: str) -> bool:
    """Tell whether two marks hold the same words, not too many and nothing quoted in them."""
    draft = mine[opening.end : closing.start]
    work = theirs[opening.work_end : closing.work_start]
    return 0 < len(draft) <= _QUOTED and draft == work and QUOTE not in draft


def _merged(changes: Iterable[Change]) -> Iterator[Change]:
    """Join changes of one kind that stand next to each other, and drop repeated ones."""
    last: Change | None = None
    for kind, each in changes:
        if last is not None and last[0] == kind and each.start - last[1].end <= _CLOSE:
            last = kind, _joined(last[1], each)
            continue
        if last is not None:
            yield last
        last = kind, each
    if last is not None:
        yield last


def _joined(one: Difference, other: Difference) -> Difference:
    return Difference(
        one.start,
        max(one.end, other.end),
        min(one.work_start, other.work_start),
        max(one.work_end, other.work_end),
    )


def _alteration(
    mine: Stream, theirs: Stream, kind: Kind, each: Difference, field: str
) -> Alteration:
    start, end = mine.original(each.start, each.end)
    work_start, work_end = theirs.original(each.work_start, each.work_end)
    return Alteration(
        kind=kind,
        draft=mine.source.original[start:end],
        work=theirs.source.original[work_start:work_end],
        start=start,
        end=end,
        work_start=work_start,
        work_end=work_end,
        field=field,
    )
