"""Credit lines: found wherever they stand, and read in all their written forms."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import product

import regex
from msgspec import Struct
from msgspec.structs import replace

from screening.stages.reproduction.credit import Credit, CreditKind
from screening.stages.reproduction.labels import BARE, LABELLED, ROLES, Label
from screening.stages.reproduction.names import (
    Names,
    Role,
    is_body,
    is_person,
    is_press,
    read_names,
    reporters_medium,
)
from screening.stages.reproduction.phrases import (
    BEHIND,
    DATELINE,
    DISCLAIMER,
    GATE,
    INLINE,
    ORIGINAL,
    PHRASES,
    TRIGGER,
    Phrase,
)
from screening.text.expression import declare
from screening.text.normalise import Normalised

#: a line up to this long can be a credit as a whole; in a longer one, credits stand in brackets
_LINE = 90
#: how much of a line is read, and the longest bracket
_READ, _BRACKET = 4000, 90
#: lines at either end of a text whose credits speak for all of it
_EDGE = 6
#: code points between credits that still belong to one block of credits
_APART = 24

_LINES = declare(r"[^\n]+")
_BRACKETS = declare(rf"[(\[【]([^()\[\]【】\n]{{2,{_BRACKET}}})[)\]】]")
_VALUE_END = declare(r"[。;!?()\[\]【】\n]")
_TAIL = declare(r"\)[ 。]*(?:\n|$)")
_MARKS = " ▍▎■●▲★☆◆|丨/—-–=~*#>·•◎✦▶►□◇○"
_BULLETS = "■□●◎"
_NOBODY = declare(
    "媒体|记者|网友|有关|相关|此前|公开|知情|目击|了解|统计|调查|介绍|当地|可靠|网传|最新"
    "|[他她我]|以上|上述"
)


class _Piece(Struct, frozen=True):
    """Part of a line that says one thing: normalised ``[start, end)`` and what it names."""

    kinds: tuple[CreditKind, ...]
    start: int
    end: int
    names: Names


_TEXT, _PICTURE = (CreditKind.TEXT,), (CreditKind.PICTURE,)
_BOTH = (CreditKind.TEXT, CreditKind.PICTURE)
_Reader = Callable[[str, int, int], Iterator[_Piece]]


def read_credits(text: Normalised, field: str = "body") -> tuple[Credit, ...]:
    """Find and read the credit lines of one field, in order, each with the text it speaks for."""
    lines = [match.span() for match in _LINES.pattern.finditer(text.text)]
    edges = {*lines[:_EDGE], *lines[-_EDGE:]}
    found: list[Credit] = []
    whole: list[bool] = []
    for low, high in lines:
        if not GATE.pattern.search(text.text, low, high):
            continue
        pieces = _pieces(text.text, low, min(high, low + _READ))
        for credit in _credits(text, pieces, field) if pieces else ():
            alone = high - low <= _LINE or credit.kind is CreditKind.DATELINE
            found.append(replace(credit, stands_alone=alone))
            whole.append((low, high) in edges and high - low <= _LINE)
    return _with_regions(found, whole, len(text.original))


def _pieces(text: str, low: int, high: int) -> list[_Piece]:
    """Read one line, the surest forms first; no word is read twice."""
    pieces = list(_datelines(text, low, high))
    units = [unit for unit in _units(text, low, high) if _worth_reading(text, *unit)]
    if high - low > _LINE and INLINE.pattern.search(text, low, high):
        pieces += _phrases(text, low, high, inline=True)
    for reader, (start, end) in product(_READERS if units else (), units):
        for piece in reader(text, start, end):
            if not any(piece.start < other.end and other.start < piece.end for other in pieces):
                pieces.append(piece)
    return sorted(pieces, key=lambda piece: piece.start)


def _units(text: str, low: int, high: int) -> Iterator[tuple[int, int]]:
    """Yield what may be a credit as a whole: a short line, a long one's last sentence, brackets."""
    start, end = low, high
    while end > start and text[end - 1] in " 。":
        end -= 1
    if high - low > _LINE:
        start = max(text.rfind(stop, low, end) + 1 for stop in "。!?")
    while start < end and text[start] in _MARKS:
        start += 1
    if 0 < end - start <= _LINE:
        yield start, end
    for match in _BRACKETS.pattern.finditer(text, low, high):
        yield match.span(1)


def _worth_reading(text: str, low: int, high: int) -> bool:
    return bool(TRIGGER.pattern.search(text[low:high])) or _is_bullet(text, low)


def _is_bullet(text: str, low: int) -> bool:
    return low > 0 and text[low - 1] in _BULLETS


def _datelines(text: str, low: int, high: int) -> Iterator[_Piece]:
    match = DATELINE.pattern.match(text, low, high)
    if match:
        names = read_names(text, *match.span("value"), Role.SOURCE).names
        group = "reporters" if match["reporters"] else "people"
        if match[group]:
            reporters = read_names(text, *match.span(group), Role.AUTHOR).names
            names += tuple(name for name in reporters if is_person(text[name.start : name.end]))
        yield _Piece((CreditKind.DATELINE,), low, match.end(), Names(names))


def _originals(text: str, low: int, high: int) -> Iterator[_Piece]:
    match = ORIGINAL.pattern.search(text[low:high])
    if match:
        yield _Piece(
            (CreditKind.ORIGINAL,), low + match.start(), low + match.end(), Names(ours=True)
        )


def _phrases(text: str, low: int, high: int, *, inline: bool = False) -> Iterator[_Piece]:
    unit = text[low:high]
    characters = frozenset(unit)
    for phrase in PHRASES:
        if phrase.inline >= inline and not characters.isdisjoint(phrase.cue):
            for match in phrase.expression.pattern.finditer(unit):
                yield from _phrased(text, low, phrase, match)


def _phrased(text: str, base: int, phrase: Phrase, match: regex.Match[str]) -> Iterator[_Piece]:
    group = "value" if match["value"] is not None else "also"
    low, high = (base + edge for edge in match.span(group))
    cut = LABELLED.pattern.search(text, low, high)
    high = cut.start() if cut else high
    if phrase.cue == "据" and _NOBODY.pattern.search(text, low, high):
        return
    names = read_names(text, low, high, phrase.role)
    values = [text[name.start : name.end] for name in names.names]
    if phrase.role is Role.AUTHOR and not all(v.isascii() or is_person(v) for v in values):
        return
    if not names.any or (phrase.medium and not all(map(is_body, values))):
        return
    last = max((name.end for name in names.names), default=high)
    ours = names.ours and not names.names
    kinds = (CreditKind.ORIGINAL,) if ours else _BOTH if phrase.both else (phrase.kind,)
    yield _Piece(kinds, base + match.start(), max(last, high if names.empty else 0), names)


def _labelled(text: str, low: int, high: int) -> Iterator[_Piece]:
    matches = list(LABELLED.pattern.finditer(text, low, high))
    for match, after in zip(matches, [*(m.start() for m in matches[1:]), high], strict=False):
        label = next(label for label in Label if match[label])
        stop = _VALUE_END.pattern.search(text, match.end(), after)
        end = stop.start() if stop and not text.startswith("http", match.end()) else after
        if label is not Label.OTHER:
            yield from _said(text, label, match.start(), match.end(), end)


def _said(text: str, label: Label, start: int, low: int, high: int) -> Iterator[_Piece]:
    if label is Label.LINK:
        links = read_names(text, low, high, Role.SOURCE).links
        if links:
            yield _Piece(_TEXT, start, links[-1][1], Names(links=links))
        return
    picture = label is Label.PICTURE
    names = read_names(text, low, high, ROLES[label])
    if label is Label.AUTHOR:
        names = names.with_names(reporters_medium(text, start, low))
    if not names.any or (picture and not _names_somebody(text, start, low, names)):
        return
    end = max(
        [*(name.end for name in names.names), *(link[1] for link in names.links)], default=high
    )
    kinds = _KINDS.get(label, _TEXT)
    if label is Label.ORIGINAL or (names.ours and not picture):
        kinds = (CreditKind.ORIGINAL,)
    elif label is Label.AUTHOR and _AND_PICTURES.pattern.search(text, low, high):
        kinds = _BOTH
    yield _Piece(kinds, start, end, names)


_AND_PICTURES = declare("文 ?[/、]? ?[图摄]|[图摄] ?[/、]? ?文")
_KINDS = {Label.PICTURE: _PICTURE, Label.BOTH: _BOTH, Label.ORIGIN: _BOTH}


def _names_somebody(text: str, start: int, low: int, names: Names) -> bool:
    """Tell a picture's credit from its caption: 图：同学们在树下读书 names nobody."""
    if ":" not in text[start:low] or "源" in text[start:low]:
        return True
    values = [text[name.start : name.end] for name in names.names]
    return names.empty or names.ours or all(is_person(value) or is_body(value) for value in values)


def _bare(text: str, low: int, high: int) -> Iterator[_Piece]:
    """Read 记者宋知微 通讯员顾长安, 来源 光明网, 文/图 宋知微, where nothing else stands."""
    match = BARE.pattern.match(text, low, high)
    if not match:
        return
    pictures = _PICTURES.pattern.search(text, match.end(), high)
    if pictures:
        names = read_names(text, pictures.end(), high, Role.PICTURE)
        if _all_known(text, names):
            yield _Piece(_PICTURE, pictures.start() + 1, high, names)
            high = pictures.start()
    role = Role.SOURCE if match["source"] else Role.AUTHOR
    names = read_names(text, match.end(), high, role)
    if match["author"]:
        names = names.with_names(reporters_medium(text, low, match.end()))
    if _all_known(text, names, people=role is Role.AUTHOR):
        both = match["both"] or _AND_PICTURES.pattern.search(text, match.end(), high)
        yield _Piece(_BOTH if both else _TEXT, low, high, names)


_PICTURES = declare(r" 摄影 {1,3}(?=[\u4e00-\u9fff])")


def _behind(text: str, low: int, high: int) -> Iterator[_Piece]:
    """Read 宋知微/文, 宋知微 文/图, 江畔晚报记者 宋知微 实习生 顾长安, ■宋知微."""
    match = BEHIND.pattern.fullmatch(text, low, high)
    if not match and not _is_bullet(text, low) and not _REPORTERS.pattern.search(text, low, high):
        return
    picture, both = (bool(match and match[group]) for group in ("picture", "both"))
    value = match.span("value") if match else (low, high)
    names = read_names(text, *value, Role.PICTURE if picture else Role.AUTHOR)
    if _all_known(text, names):
        yield _Piece(_PICTURE if picture else _BOTH if both else _TEXT, low, high, names)


_REPORTERS = declare("记者|通讯员|实习生|评论员")


def _all_known(text: str, names: Names, *, people: bool = True) -> bool:
    """Tell whether all names are of people or bodies; with ``people``, one is a person's."""
    values = [text[name.start : name.end] for name in names.names]
    persons = [is_person(value) for value in values]
    bodies = [is_body(value) for value in values]
    known = all(person or body for person, body in zip(persons, bodies, strict=True))
    return bool(values) and known and (any(persons) or not people)


def _tails(text: str, low: int, high: int) -> Iterator[_Piece]:
    """Read （新华社）, （江畔晚报 宋知微） at the end of a paragraph."""
    if low == 0 or text[low - 1] != "(" or not _TAIL.pattern.match(text, high):
        return
    names = read_names(text, low, high, Role.SOURCE)
    values = [text[name.start : name.end] for name in names.names]
    if values and is_press(values[0]) and all(is_person(v) or is_press(v) for v in values):
        yield _Piece(_TEXT, low, high, names)


def _disclaimers(text: str, low: int, high: int) -> Iterator[_Piece]:
    match = DISCLAIMER.pattern.search(text, low, high)
    if match:
        yield _Piece(_TEXT, *match.span(), Names(empty=True))


_READERS: tuple[_Reader, ...] = (
    _originals,
    _phrases,
    _bare,
    _labelled,
    _behind,
    _tails,
    _disclaimers,
)


def _credits(text: Normalised, pieces: Sequence[_Piece], field: str) -> Iterator[Credit]:
    """Put what one line says of one thing together; an empty part adds nothing to a full one."""
    for kind in CreditKind:
        same = [piece for piece in pieces if kind in piece.kinds]
        full = [piece for piece in same if piece.names.names or piece.names.links]
        if kind is CreditKind.TEXT and not full and len(same) < len(pieces):
            same = [piece for piece in same if not DISCLAIMER.pattern.match(text.text, piece.start)]
        if not same:
            continue
        start, end = text.span(min(p.start for p in full or same), max(p.end for p in full or same))
        names = [name for piece in same for name in piece.names.names]
        links = [link for piece in same for link in piece.names.links]
        picture = kind is CreditKind.PICTURE
        authors = [name for name in names if name.role is Role.AUTHOR and not picture]
        yield Credit(
            kind,
            start,
            end,
            sources=_texts(text, [(name.start, name.end) for name in names if name not in authors]),
            authors=_texts(text, [(name.start, name.end) for name in authors]),
            links=_texts(text, links),
            field=field,
        )


def _texts(text: Normalised, spans: Sequence[tuple[int, int]]) -> tuple[str, ...]:
    """Return the original wording of normalised spans, 宋 微 without its space, each once."""
    words = (text.original[slice(*text.span(*span))].strip() for span in spans)
    return tuple(dict.fromkeys(_tight(word) for word in words))


def _tight(name: str) -> str:
    return name if name.isascii() else re.sub(r"(?<=[^\x00-\x7f])\s+(?=[^\x00-\x7f])", "", name)


def _with_regions(
    found: Sequence[Credit], whole: Sequence[bool], length: int
) -> tuple[Credit, ...]:
    """Let each credit speak for the text up to its neighbours, one at an edge for all of it.

    Credits on following lines are neighbours together: 来源 and 作者 speak for the same text.
    """
    inner = [
        c
        for c, edge in zip(found, whole, strict=True)
        if not edge and c.kind is not CreditKind.PICTURE
    ]
    groups: list[list[Credit]] = []
    for credit in inner:
        if groups and credit.start - groups[-1][-1].end <= _APART:
            groups[-1].append(credit)
        else:
            groups.append([credit])
    ends = [0, *(group[-1].end for group in groups)]
    starts = [*(group[0].start for group in groups), length]
    regions = {
        id(credit): (ends[number], starts[number + 1])
        for number, group in enumerate(groups)
        for credit in group
    }
    return tuple(replace(credit, region=regions.get(id(credit), (0, length))) for credit in found)
