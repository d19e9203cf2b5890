"""Whether a reprint's title still means what the work's title means.

Shortened, joined with its subtitle, with or without the name of a column or a site, or put in
other words that the work itself uses, it does. A changed fact, a lost or added negation, words to
catch the eye and matter that is not in the work change it.
"""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from screening.stages.reproduction.alterations import Alteration, Kind, changes_at
from screening.stages.reproduction.differences import QUOTE, Difference, Stream
from screening.stages.reproduction.words import Words
from screening.text.normalise import Normalised, normalise

#: a column's name before the title, a site's after it
_COLUMN = re.compile(r"^\s*(?:【[^】]{1,14}】|\[[^\]]{1,14}\]|[^|丨:]{1,14}\s*[|丨])\s*")
_SITE = re.compile(
    r"\s*(?:[|丨_]|-{1,2}|—{1,2})\s*[^|丨_\-—,。!?\s]{2,14}(?:网|报|社|频道|客户端|号|新闻)\s*$"
)
_EDITED = re.compile(r"\s*[(（](?:转载|图|组图|视频|附.{1,10}|全文|摘编|节选|修订版?)[)）]\s*$")
#: the least share of a title's pairs of characters that the work must know
_KNOWN = 0.5
#: titles shorter than this say too little to be judged by their characters
_SHORTEST = 5
#: characters of a difference in a title that may still be one fact and another
_LONGEST = 6


def changed_title(draft_title: str, work_title: str, work: Normalised) -> Alteration | None:
    """Return the alteration of a title, None where its meaning stands; ``work`` is the text."""
    if draft_title == work_title:
        return None
    mine, theirs = _stream(draft_title), _stream(work_title)
    if not mine.text or not theirs.text:
        return None
    lurid = _is_lurid(normalise(draft_title).text, f"{work_title}\n{work.text}")
    if not lurid and not _is_changed(mine.text, theirs.text, work.text):
        return None
    spans = mine.original(0, len(mine.text)), theirs.original(0, len(theirs.text))
    return Alteration(
        kind=Kind.TITLE,
        draft=draft_title[slice(*spans[0])],
        work=work_title[slice(*spans[1])],
        start=spans[0][0],
        end=spans[0][1],
        work_start=spans[1][0],
        work_end=spans[1][1],
        field="title",
    )


def _stream(title: str) -> Stream:
    """Read a title without the names of its column and of its site."""
    whole = normalise(title)
    text = whole.text
    start = column.end() if (column := _COLUMN.search(text)) else 0
    end = len(text)
    for pattern in (_EDITED, _SITE):
        found = pattern.search(text, start, end)
        end = found.start() if found else end
    if start >= end:
        start, end = 0, len(text)
    return Stream.of(whole, *whole.span(start, end)) if start < end else Stream.of(whole, 0, 0)


def _is_lurid(title: str, known: str) -> bool:
    """Tell whether a title has words to catch the eye that the work has not."""
    return any(word in title and word not in known for word in Words.load().sensational)


def _is_changed(mine: str, theirs: str, work: str) -> bool:
    if mine == theirs:
        return False
    known = f"{theirs}\n{work}"
    if any(True for each in _differences(mine, theirs) for _ in changes_at(mine, theirs, each)):
        return True
    return len(mine) >= _SHORTEST and _share_known(mine, known) < _KNOWN


def _differences(mine: str, theirs: str) -> list[Difference]:
    """Return where two titles differ though what stands around is the same."""
    matcher = SequenceMatcher(None, mine, theirs, autojunk=False)
    blocks = [block for block in matcher.get_matching_blocks() if block.size > 1]
    if not blocks or 2 * sum(block.size for block in blocks) < min(len(mine), len(theirs)):
        return []
    found, i, j = [], 0, 0
    for a, b, size in [*((x.a, x.b, x.size) for x in blocks), (len(mine), len(theirs), 0)]:
        if max(a - i, b - j) <= _LONGEST and (a > i or b > j):
            found.append(Difference(i, a, j, b))
        i, j = a + size, b + size
    return found


def _share_known(mine: str, known: str) -> float:
    """Return the share of the pairs of characters in ``mine`` that stand in ``known``."""
    plain = mine.replace(QUOTE, "")
    pairs = [plain[place : place + 2] for place in range(len(plain) - 1)]
    return sum(pair in known for pair in pairs) / max(1, len(pairs))
