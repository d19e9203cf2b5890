"""Patterns: regular expressions, searched only around what announces them, with a time limit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import regex

from screening.stages.lexicon import columns
from screening.stages.lexicon.context import Place, allowed
from screening.stages.lexicon.field import FieldText
from screening.stages.lexicon.rules import PatternRule
from screening.text.expression import Expression

#: bounds in a text
Window = tuple[int, int]


class PatternTimeoutError(Exception):
    """A pattern ran past its time limit; the field was not searched to its end."""


def open_windows(announced: Iterable[Window], needed: Iterable[Sequence[Window]]) -> list[Window]:
    """Return where a pattern is searched, from left to right: what ``announced`` covers.

    Of each of ``needed``, the places of words of which a match needs one, one must touch a window.
    """
    return [
        window
        for window in _merged(announced)
        if all(any(low < window[1] and high > window[0] for low, high in words) for words in needed)
    ]


def search(
    rule: PatternRule, field: FieldText, windows: Iterable[Window], seconds: float
) -> Iterator[Place]:
    """Yield every valid, not excepted match of ``rule`` within ``windows``.

    Places are of the normalised text, or of the original one for a raw rule.

    Raises:
        PatternTimeoutError: one search took longer than ``seconds``.
    """
    text = _view(rule, field)
    pattern = rule.regex.pattern
    group = "hit" if "hit" in pattern.groupindex else 0
    try:
        places = columns.cells(rule.column, field, windows, seconds) if rule.column else windows
        for low, high in places:
            for match in pattern.finditer(text, low, min(high, len(text)), timeout=seconds):
                start, end = match.span(group)
                if start == end or not _valid(rule, match[group]):
                    continue
                place = Place(field, start, _whole(text, end))
                near = all(_is_near(text, start, *clause, seconds) for clause in rule.near)
                if near and (rule.raw or not allowed(rule, place)):
                    yield place
    except TimeoutError as error:
        raise PatternTimeoutError(rule.id) from error


def _whole(text: str, end: int) -> int:
    """Return ``end``, or where the number ends that it would cut in two."""
    while end < len(text) and text[end].isdigit() and text[end - 1].isdigit():
        end += 1
    return end


def _view(rule: PatternRule, field: FieldText) -> str:
    """Return the text that ``rule`` is searched in; numbers are read however they are spelt."""
    if rule.raw:
        return field.normalised.original
    return field.figures if rule.secret else field.text


def compile_error(rule: PatternRule) -> str | None:
    """Return what is wrong with the rule's expression, or None."""
    try:
        for expression in (rule.regex, rule.column, *(clause for clause, _ in rule.near)):
            _ = expression and expression.pattern
    except regex.error as error:
        return str(error)
    return None


def _is_near(text: str, start: int, expression: Expression, reach: int, seconds: float) -> bool:
    """Tell whether ``expression`` is found around ``start``, not beyond 。 or a line break."""
    pattern = expression.pattern
    before = max(start - reach, text.rfind("。", 0, start) + 1, text.rfind("\n", 0, start) + 1)
    ends = [found for mark in "。\n" if (found := text.find(mark, start)) >= 0]
    after = min(start + reach, len(text), *ends)
    sides = ((before, start), (start, after))
    return any(pattern.search(text, low, high, timeout=seconds) for low, high in sides)


def _valid(rule: PatternRule, matched: str) -> bool:
    if rule.validator is None:
        return True
    from screening.stages.lexicon.validators import VALIDATORS  # noqa: PLC0415 - numbers only

    return VALIDATORS[rule.validator](matched)


def _merged(windows: Iterable[Window]) -> list[Window]:
    merged: list[Window] = []
    for low, high in sorted(windows):
        if merged and low <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(high, merged[-1][1]))
        else:
            merged.append((low, high))
    return merged
