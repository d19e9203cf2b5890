"""Changed names: of people, by surname and office, of offices, of places and of bodies."""

from __future__ import annotations

import re

from screening.stages.reproduction.differences import Difference
from screening.stages.reproduction.words import Words
from screening.text.words import frequency

#: characters before a name in which its office is looked for
_OFFICE_REACH = 6
_LONGEST_NAME, _LONGEST_FOREIGN = 4, 8
#: what no name holds, and how often words are that are no names
_PARTICLES = frozenset("的了是在和与也就不")
_COMMON = 200
_HAN = re.compile("[\u4e00-\u9fff]+")
#: what makes one office another
_RANKS = ("副", "原", "前", "代", "常务", "名誉", "执行")
#: how names of bodies end
_BODIES = re.compile(
    "大学|学院|公司|集团|医院|中学|小学|银行|协会|学会|研究院|研究所|法院|检察院|委员会|基金会"
    "|出版社|日报|晚报|电视台|局|厅"
)
_LONGEST_BODY = 6
#: 我局, 该公司: another word for a body already named
_POINTING = "我本该此其各全某这那"


def changed_name(words: Words, mine: str, theirs: str, each: Difference) -> Difference | None:
    """Return two names of people, or offices, where a difference changes one, and their places."""
    return _changed_office(words, mine, theirs, each) or _changed_person(words, mine, theirs, each)


def changed_place(words: Words, mine: str, theirs: str, each: Difference) -> Difference | None:
    """Return the two place names where a difference puts one for the other."""
    if each.start == each.end or each.work_start == each.work_end:
        return None
    draft = words.place_at(mine, each.start, each.end)
    work = words.place_at(theirs, each.work_start, each.work_end)
    if draft and work and mine[slice(*draft)] != theirs[slice(*work)]:
        return Difference(*draft, *work)
    back = int(min(each.end - each.start, each.work_end - each.work_start) == 1)
    start, work_start = each.start - back, each.work_start - back
    if draft or work or min(start, work_start) < 0:
        return None
    if not (
        words.ends_place(mine, start, each.end)
        and words.ends_place(theirs, work_start, each.work_end)
    ):
        return None
    return Difference(start, each.end + 1, work_start, each.work_end + 1)


def _changed_office(words: Words, mine: str, theirs: str, each: Difference) -> Difference | None:
    draft, work = mine[each.start : each.end], theirs[each.work_start : each.work_end]
    if (draft or work) and (draft or "副") in _RANKS and (work or "副") in _RANKS:
        here = words.office.match(mine, each.end)
        there = words.office.match(theirs, each.work_end)
        if here and there:
            return Difference(each.start, here.end(), each.work_start, there.end())
    if not (draft and work):
        return None
    one = _office_over(words, mine, each.start, each.end)
    other = _office_over(words, theirs, each.work_start, each.work_end)
    if one and other and mine[slice(*one)] != theirs[slice(*other)]:
        return Difference(*one, *other)
    return None


def _office_over(words: Words, text: str, start: int, end: int) -> tuple[int, int] | None:
    """Return the office of ``text`` that holds ``[start, end)``."""
    for match in words.office.finditer(text, max(0, start - _LONGEST_NAME), end + _LONGEST_NAME):
        if match.start() <= start and end <= match.end():
            return match.span()
    return None


def _changed_person(words: Words, mine: str, theirs: str, each: Difference) -> Difference | None:
    """Find a person's name on both sides that begins at one place and holds the difference.

    Where an office stands before and 说 after, one Chinese name is enough: the other is foreign.
    """
    if each.start == each.end or each.work_start == each.work_end:
        return None
    for back in range(_LONGEST_NAME):
        start, work_start = each.start - back, each.work_start - back
        if min(start, work_start) < 0 or (mine[start] != theirs[work_start] and back):
            break
        known = words.is_surname(mine, start) + words.is_surname(theirs, work_start)
        for on in range(3) if known else ():
            ends = each.end + on, each.work_end + on
            named = (
                _is_person(words, mine, start, ends[0]),
                _is_person(words, theirs, work_start, ends[1]),
            )
            if all(named) or (
                any(named)
                and _is_introduced(words, mine, start, ends[0])
                and _is_introduced(words, theirs, work_start, ends[1])
            ):
                return Difference(start, ends[0], work_start, ends[1])
    return None


def _is_person(words: Words, text: str, start: int, end: int) -> bool:
    """Tell whether ``text[start:end]`` is a surname and a name next to an office or to 说."""
    name = text[start:end]
    if not (2 <= len(name) <= _LONGEST_NAME and _HAN.fullmatch(name)):
        return False
    if not _PARTICLES.isdisjoint(name) or frequency(name) > _COMMON:
        return False
    surname = name[:2] if name[:2] in words.surnames else name[:1]
    if surname not in words.surnames or not 1 <= len(name) - len(surname) <= 2:
        return False
    return (
        _has_role_before(words, text, start)
        or words.role.match(text, end) is not None
        or words.says.match(text, end) is not None
    )


def _is_introduced(words: Words, text: str, start: int, end: int) -> bool:
    """Tell whether an office stands before ``text[start:end]``, letters only, and 说 after it."""
    return (
        _has_role_before(words, text, start)
        and words.says.match(text, end) is not None
        and end - start <= _LONGEST_FOREIGN
        and _HAN.fullmatch(text, start, end) is not None
    )


def _has_role_before(words: Words, text: str, start: int) -> bool:
    before = text[max(0, start - _OFFICE_REACH) : start]
    return any(match.end() == len(before) for match in words.role.finditer(before))


def changed_body(mine: str, theirs: str, each: Difference) -> Difference | None:
    """Return two names of bodies that end alike, where a difference changes what stands before."""
    lengths = each.end - each.start, each.work_end - each.work_start
    if not 1 <= min(lengths) <= max(lengths) <= _LONGEST_BODY:
        return None
    if mine[each.end - 1] in _POINTING or theirs[each.work_end - 1] in _POINTING:
        return None
    body, other = _BODIES.match(mine, each.end), _BODIES.match(theirs, each.work_end)
    if body is None or other is None or body[0] != other[0]:
        return None
    return Difference(each.start, body.end(), each.work_start, other.end())
