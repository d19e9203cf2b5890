"""Credit lines: found wherever they stand, and read in all their written forms."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import product

from msgspec.structs import replace

from screening.stages.reproduction.credit import Credit, CreditKind
from screening.stages.reproduction.cues import Cue, Places, cues
from screening.stages.reproduction.names import Role
from screening.stages.reproduction.phrases import DISCLAIMER
from screening.stages.reproduction.pieces import READERS, Piece, datelines, is_bullet, phrases
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

_BRACKETS = declare(rf"[(\[【]([^()\[\]【】\n]{{2,{_BRACKET}}})[)\]】]")
_CLOSED = declare(r"\)[ 。]*(?:\n|$)")
_STOPS = "。!?;"
_MARKS = " ▍▎■●▲★☆◆|丨/—-–=~*#>·•◎✦▶►□◇○"


def read_credits(
    text: Normalised,
    field: str = "body",
    places: Places | None = None,
    *,
    alone: bool = False,
) -> tuple[Credit, ...]:
    """Find and read the credit lines of one field, in order, each with the text it speaks for.

    ``places`` are those of the cues in ``text``, where they are known already. With ``alone`` only
    those that stand alone are read: of a long line, no more than its dateline.
    """
    places = cues().places(text) if places is None else places
    found: list[Credit] = []
    whole: list[bool] = []
    for low, high, near in _lines(text.text, places):
        short = high - low <= _LINE
        read = _dated if alone and not short else _pieces
        pieces = read(text.text, low, min(high, low + _READ), near)
        for credit in _credits(text, pieces, field) if pieces else ():
            apart = short or credit.kind is CreditKind.DATELINE
            found.append(replace(credit, stands_alone=apart))
            whole.append(short and _at_edge(text.text, low, high))
    return _with_regions(found, whole, len(text.original)) if found else ()


def _lines(text: str, places: Places) -> Iterator[tuple[int, int, Places]]:
    """Yield each line in which there are cues, without its line break, and the cues."""
    index = 0
    while index < len(places):
        first = places[index][0]
        low, high = text.rfind("\n", 0, first) + 1, text.find("\n", first)
        high = len(text) if high < 0 else high
        begun = index
        while index < len(places) and places[index][0] < high:
            index += 1
        yield low, high, places[begun:index]


def _any(near: Places, kind: int, low: int, high: int) -> bool:
    """Tell whether a cue of a kind stands in ``[low, high)``."""
    return any(low <= place < high and kind & cue for place, cue in near)


def _at_edge(text: str, low: int, high: int) -> bool:
    """Tell whether a line is one of the first or the last lines that hold anything."""
    before, after = text[:low].split("\n"), text[high:].split("\n")
    return min(sum(map(bool, before)), sum(map(bool, after))) < _EDGE


def _pieces(text: str, low: int, high: int, near: Places) -> list[Piece]:
    """Read one line, the surest forms first; no word is read twice."""
    pieces = _dated(text, low, high, near)
    if high - low > _LINE:
        for start, end in _sentences(text, low, high, near):
            pieces += phrases(text, start, end, inline=True)
    units = _units(text, low, high, near)
    for reader, (start, end) in product(READERS if units else (), units):
        for piece in reader(text, start, end):
            free = _free(piece, pieces)
            if free:
                pieces.append(free)
    return sorted(pieces, key=lambda piece: piece.start) if len(pieces) > 1 else pieces


def _dated(text: str, low: int, high: int, near: Places) -> list[Piece]:
    """Read the dateline of one line."""
    return list(datelines(text, low, high)) if _any(near, Cue.DATELINE, low, high) else []


def _free(piece: Piece, others: Sequence[Piece]) -> Piece | None:
    """Return what of ``piece`` stands before the words that others claimed, or None."""
    over = [o for o in others if piece.start < o.end and o.start < piece.end]
    if not over:
        return piece
    end = min(other.start for other in over)
    names = tuple(name for name in piece.names.names if name.end <= end)
    if not names:
        return None
    return replace(piece, end=names[-1].end, names=replace(piece.names, names=names))


def _units(text: str, low: int, high: int, near: Places) -> list[tuple[int, int]]:
    """Return what may be a credit as a whole: a short line, a last sentence, brackets."""
    units = []
    start, end = _sentence(text, low, high)
    bullet = start - is_bullet(text, start)
    if 0 < end - start <= _LINE and _any(near, Cue.CREDIT, bullet, end):
        units.append((start, end))
    for match in _BRACKETS.pattern.finditer(text, low, high):
        inner, outer = match.span(1)
        tail = _any(near, Cue.PRESS, inner, outer + 1) and _CLOSED.pattern.match(text, outer)
        if tail or _any(near, Cue.CREDIT, inner, outer):
            units.append((inner, outer))
    return units


def _sentences(text: str, low: int, high: int, near: Places) -> Iterator[tuple[int, int]]:
    """Yield the sentences of a paragraph in which a phrase may name a source."""
    end = low
    for place, cue in near:
        if cue & Cue.INLINE and end <= place < high:
            start = max(text.rfind(stop, low, place) + 1 for stop in _STOPS) or low
            stops = (text.find(stop, place, high) for stop in _STOPS)
            end = min((stop for stop in stops if stop >= 0), default=high)
            yield max(start, low), end


def _sentence(text: str, low: int, high: int) -> tuple[int, int]:
    """Return a short line, or a long one's last sentence, without the marks at its edges."""
    short = high - low <= _LINE
    while high > low and text[high - 1] in " 。":
        high -= 1
    if not short:
        low = max(text.rfind(stop, low, high) + 1 for stop in "。!?")
    while low < high and text[low] in _MARKS:
        low += 1
    return low, high


def _credits(text: Normalised, pieces: Sequence[Piece], field: str) -> Iterator[Credit]:
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
