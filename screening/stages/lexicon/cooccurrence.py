"""Co-occurrence: words that mean something only together."""

from __future__ import annotations

from collections.abc import Iterator

from screening.stages.lexicon.context import Place, allowed
from screening.stages.lexicon.field import FieldText
from screening.stages.lexicon.index import Hit
from screening.stages.lexicon.rules import CooccurrenceRule

Groups = dict[int, list[Hit]]


def meetings(rule: CooccurrenceRule, field: FieldText, groups: Groups) -> Iterator[list[Place]]:
    """Yield, once a sentence, one place of each group, the first group's first.

    ``groups`` maps a group's number to its hits in ``field``.
    """
    if len(groups) < len(rule.groups):
        return
    seen: set[int] = set()
    for hit in groups[0]:
        low, high = _reach(rule, field, hit)
        sentence = field.sentences.at(hit.start)[0]
        if sentence in seen:
            continue
        partners = [
            _partner(groups[number], hit, low, high) for number in range(1, len(rule.groups))
        ]
        found = [partner for partner in partners if partner]
        place = Place(field, hit.start, hit.end, hit.key, hit.at)
        if len(found) == len(partners) and not allowed(rule, place):
            seen.add(sentence)
            yield [place, *(Place(field, partner.start, partner.end) for partner in found)]


def _reach(rule: CooccurrenceRule, field: FieldText, hit: Hit) -> tuple[int, int]:
    if rule.distance is None:
        return field.sentences.at(hit.start)
    line = field.text.rfind("\n", 0, hit.start) + 1
    end = field.text.find("\n", hit.end)
    return (
        max(line, hit.start - rule.distance),
        min(len(field.text) if end < 0 else end, hit.end + rule.distance),
    )


def _partner(hits: list[Hit], first: Hit, low: int, high: int) -> Hit | None:
    """Return the nearest hit within ``[low, high)`` that does not overlap ``first``."""
    inside = [
        hit
        for hit in hits
        if low <= hit.start
        and hit.end <= high
        and (hit.end <= first.start or hit.start >= first.end)
    ]
    return min(inside, key=lambda hit: abs(hit.start - first.start), default=None)
