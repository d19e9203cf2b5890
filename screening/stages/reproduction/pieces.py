"""What one line, sentence or bracket says of sources and authors: one reader for each manner."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import regex
from msgspec import Struct
from msgspec.structs import replace

from screening.stages.reproduction.credit import CreditKind
from screening.stages.reproduction.labels import BARE, ROLES, Label, labels_in
from screening.stages.reproduction.name_forms import (
    is_body,
    is_latin_person,
    is_person,
    is_press,
    may_be_person,
)
from screening.stages.reproduction.names import Name, Names, Role, read_names, reporters_medium
from screening.stages.reproduction.phrases import (
    BEHIND,
    DATELINE,
    DISCLAIMER,
    ORIGINAL,
    PHRASES,
    Phrase,
)
from screening.text.expression import declare

_VALUE_END = declare(r"[。;!?()\[\]【】\n]")
_TAIL = declare(r"\)[ 。]*(?:\n|$)")
#: whose countryman or pupil an author is: 作者：[海州大学] 纪星河, (英)安娜
_AFFILIATION = declare(r"[(\[【][^()\[\]【】\n]{1,20}[)\]】] {0,2}(?=\w)")
_BYLINE = declare(r"[》”」]? ?\(([^()\n]{2,60})\)")
_BULLETS = "■□●◎"
#: one of them stands in every claim to be original
_ORIGINAL_CUES = frozenset("创首权")
#: characters that may stand behind the last name of a line of reporters: 摄影报道
_BEHIND_NAMES = 6
#: which phrases a character is a cue of
_TOLD = {
    char: [number for number, phrase in enumerate(PHRASES) if char in phrase.cue]
    for char in "".join(phrase.cue for phrase in PHRASES)
}
_TELLING = frozenset(_TOLD)
_NOBODY = declare(
    "媒体|记者|网友|有关|相关|此前|公开|知情|目击|了解|统计|调查|介绍|当地|可靠|网传|最新"
    "|[他她我]|以上|上述"
)


class Piece(Struct, frozen=True):
    """Part of a line that says one thing: normalised ``[start, end)`` and what it names."""

    kinds: tuple[CreditKind, ...]
    start: int
    end: int
    names: Names


_TEXT, _PICTURE = (CreditKind.TEXT,), (CreditKind.PICTURE,)
_BOTH = (CreditKind.TEXT, CreditKind.PICTURE)
_Reader = Callable[[str, int, int], Iterator[Piece]]


def is_bullet(text: str, low: int) -> bool:
    """Tell whether a mark such as newspapers set before their authors stands before ``low``."""
    return low > 0 and text[low - 1] in _BULLETS


def datelines(text: str, low: int, high: int) -> Iterator[Piece]:
    """Yield the dateline at the head of a line (新华社北京3月5日电), with its reporters."""
    match = DATELINE.pattern.match(text, low, high)
    if match:
        names = read_names(text, *match.span("value"), Role.SOURCE).names
        group = "reporters" if match["reporters"] else "people"
        if match[group]:
            reporters = read_names(text, *match.span(group), Role.AUTHOR).names
            person = may_be_person if _REPORTERS.pattern.search(match[group]) else is_person
            names += tuple(name for name in reporters if person(_word(text, name)))
        yield Piece((CreditKind.DATELINE,), low, match.end(), Names(names))


def _originals(text: str, low: int, high: int) -> Iterator[Piece]:
    unit = text[low:high]
    match = ORIGINAL.pattern.search(unit) if _ORIGINAL_CUES.intersection(unit) else None
    if match:
        span = low + match.start(), low + match.end()
        yield Piece((CreditKind.ORIGINAL,), *span, Names(ours=True))


def phrases(text: str, low: int, high: int, *, inline: bool = False) -> Iterator[Piece]:
    """Yield what whole phrases say; with ``inline``, those that stand within a paragraph too."""
    unit = text[low:high]
    told = {number for char in _TELLING.intersection(unit) for number in _TOLD[char]}
    for number in sorted(told):
        phrase = PHRASES[number]
        if phrase.inline >= inline:
            for match in phrase.expression.pattern.finditer(unit):
                yield from _phrased(text, low, phrase, match)


def _phrased(text: str, base: int, phrase: Phrase, match: regex.Match[str]) -> Iterator[Piece]:
    group = "value" if match["value"] is not None else "also"
    low, high = (base + edge for edge in match.span(group))
    high = next((label.start for label in labels_in(text, low, high)), high)
    if phrase.cue == "据" and _NOBODY.pattern.search(text, low, high):
        return
    names = read_names(text, low, high, phrase.role)
    values = [_word(text, name) for name in names.names]
    if phrase.role is Role.AUTHOR:
        if not all(v.isascii() or is_person(v) for v in values):
            return
        names = _latin_media(text, names)
    if not names.any or (phrase.medium and not all(_is_medium(text, name) for name in names.names)):
        return
    last = max((name.end for name in names.names), default=high)
    ours = names.ours and not names.names
    kinds = (CreditKind.ORIGINAL,) if ours else _BOTH if phrase.both else (phrase.kind,)
    yield Piece(kinds, base + match.start(), max(last, high if names.empty else 0), names)
    if phrase.role is Role.SOURCE:
        yield from _byline(text, last, len(text))


def _word(text: str, name: Name) -> str:
    return text[name.start : name.end]


def _latin_media(text: str, names: Names) -> Names:
    """Tell the medium from the author in by Anna Reed, Harbour Review: it follows a comma."""
    first, *rest = names.names or (None,)
    media = (
        replace(name, role=Role.SOURCE) if "," in text[name.start - 2 : name.start] else name
        for name in rest
    )
    return replace(names, names=(first, *media)) if first else names


def _is_medium(text: str, name: Name) -> bool:
    """Tell a medium or another body: by how its name ends, or because it stands in quotes."""
    return is_body(_word(text, name)) or text[name.start - 1] in "《“「"


def _labelled(text: str, low: int, high: int) -> Iterator[Piece]:
    found = labels_in(text, low, high)
    for label, after in zip(found, [*(other.start for other in found[1:]), high], strict=False):
        if label.label is Label.OTHER:
            continue
        author = label.label is Label.AUTHOR
        affiliation = author and _AFFILIATION.pattern.match(text, label.value, after)
        begin = affiliation.end() if affiliation else label.value
        stop = _VALUE_END.pattern.search(text, begin, after)
        end = stop.start() if stop and not text.startswith("http", begin) else after
        yield from _said(text, label.label, label.start, begin, end)
        if label.label is Label.SOURCE:
            yield from _byline(text, end, after)


def _byline(text: str, low: int, high: int) -> Iterator[Piece]:
    """Read who or what stands in brackets behind a source: Harbour Review (Anna Reed)."""
    match = _BYLINE.pattern.match(text, low, high)
    if match:
        names = read_names(text, *match.span(1), Role.AUTHOR)
        values = [_word(text, name) for name in names.names]
        people = values and all(is_person(value) or is_latin_person(value) for value in values)
        if people or names.links:
            yield Piece(_TEXT, *match.span(1), names if people else Names(links=names.links))


def _said(text: str, label: Label, start: int, low: int, high: int) -> Iterator[Piece]:
    if label is Label.LINK:
        links = read_names(text, low, high, Role.SOURCE).links
        if links:
            yield Piece(_TEXT, start, links[-1][1], Names(links=links))
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
    yield Piece(kinds, start, end, names)


_AND_PICTURES = declare("文 ?[/、]? ?[图摄]|[图摄] ?[/、]? ?文")
_KINDS = {Label.PICTURE: _PICTURE, Label.BOTH: _BOTH, Label.ORIGIN: _BOTH}


def _names_somebody(text: str, start: int, low: int, names: Names) -> bool:
    """Tell a picture's credit from its caption: 图：同学们在树下读书 names nobody."""
    if ":" not in text[start:low] or "源" in text[start:low]:
        return True
    values = [_word(text, name) for name in names.names]
    return names.empty or names.ours or all(map(_is_known, values))


def _is_known(value: str) -> bool:
    return is_person(value) or is_body(value) or is_latin_person(value)


def _bare(text: str, low: int, high: int) -> Iterator[Piece]:
    """Read 记者宋知微 通讯员顾长安, 来源 光明网, 文/图 宋知微, where nothing else stands."""
    match = BARE.pattern.match(text, low, high)
    if not match:
        return
    pictures = _PICTURES.pattern.search(text, match.end(), high)
    if pictures:
        names = read_names(text, pictures.end(), high, Role.PICTURE)
        if _all_known(text, names):
            yield Piece(_PICTURE, pictures.start() + 1, high, names)
            high = pictures.start()
    role = Role.SOURCE if match["source"] else Role.AUTHOR
    names = read_names(text, match.end(), high, role)
    if match["author"]:
        names = names.with_names(reporters_medium(text, low, match.end()))
    if _all_known(text, names, people=role is Role.AUTHOR):
        both = match["both"] or _AND_PICTURES.pattern.search(text, match.end(), high)
        yield Piece(_BOTH if both else _TEXT, low, high, names)


_PICTURES = declare(r" 摄影 {1,3}(?=[\u4e00-\u9fff])")


def _behind(text: str, low: int, high: int) -> Iterator[Piece]:
    """Read 宋知微/文, 宋知微 文/图, 江畔晚报记者 宋知微 实习生 顾长安, ■宋知微."""
    match = BEHIND.pattern.fullmatch(text, low, high) if text[high - 1] in "文图摄影" else None
    if not match and not is_bullet(text, low) and not _REPORTERS.pattern.search(text, low, high):
        return
    picture, both = (bool(match and match[group]) for group in ("picture", "both"))
    value = match.span("value") if match else (low, high)
    names = read_names(text, *value, Role.PICTURE if picture else Role.AUTHOR)
    if _all_known(text, names) and value[1] - names.names[-1].end <= _BEHIND_NAMES:
        yield Piece(_PICTURE if picture else _BOTH if both else _TEXT, low, high, names)


_REPORTERS = declare("记者|通讯员|实习生|评论员")


def _all_known(text: str, names: Names, *, people: bool = True) -> bool:
    """Tell whether all names are of people or bodies; with ``people``, one is a person's."""
    values = [_word(text, name) for name in names.names]
    persons = [is_person(value) for value in values]
    bodies = [is_body(value) for value in values]
    known = all(person or body for person, body in zip(persons, bodies, strict=True))
    return bool(values) and known and (any(persons) or not people)


def _tails(text: str, low: int, high: int) -> Iterator[Piece]:
    """Read （新华社）, （江畔晚报 宋知微） at the end of a paragraph."""
    if low == 0 or text[low - 1] != "(" or not _TAIL.pattern.match(text, high):
        return
    names = read_names(text, low, high, Role.SOURCE)
    values = [_word(text, name) for name in names.names]
    if values and is_press(values[0]) and all(is_person(v) or is_press(v) for v in values):
        yield Piece(_TEXT, low, high, names)


def _disclaimers(text: str, low: int, high: int) -> Iterator[Piece]:
    match = DISCLAIMER.pattern.search(text, low, high)
    if match:
        yield Piece(_TEXT, *match.span(), Names(empty=True))


#: in the order in which they claim their words
READERS: tuple[_Reader, ...] = (
    phrases,
    _originals,
    _bare,
    _labelled,
    _behind,
    _tails,
    _disclaimers,
)
