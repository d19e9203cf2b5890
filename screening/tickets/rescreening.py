"""A stored draft screened again by today's rules: what is kept of before, and what is new."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from msgspec import Struct

from screening.draft import Draft
from screening.finding import Category, Finding, Screening, Severity
from screening.tickets.ticket import State

#: what masking leaves of a number: the rule that found it cannot find it again
_MASKED = re.compile(r"\*{2,}")


class Rescreen(Struct, frozen=True):
    """What screening a ticket again came to: the states before and after, and new findings."""

    number: str
    title: str
    before: State
    after: State
    new: tuple[Finding, ...]


def unrepeatable(before: Screening) -> list[Finding]:
    """Return findings of ``before`` that its stored draft cannot show again.

    Stored drafts have their personal numbers masked, so that a rule which recognises them finds
    nothing there any more: what it found stays found.
    """
    return [item for item in before.findings if _about_masked(item, before.draft)]


def screened_again(
    before: Screening, screen: Callable[[Draft, Sequence[Finding]], Screening]
) -> Screening:
    """Screen the stored draft of ``before`` with ``screen``, which takes findings to keep.

    What masking hides from the rules is kept, unless it was found again.
    """
    now = screen(before.draft, ())
    found = {(item.rule, item.span) for item in now.findings}
    kept = [item for item in unrepeatable(before) if (item.rule, item.span) not in found]
    return screen(before.draft, kept) if kept else now


def new_findings(before: Screening, after: Screening) -> tuple[Finding, ...]:
    """Return what ``after`` found and ``before`` did not, or found milder."""
    known = {item.id: item.severity.rank for item in before.findings}
    return tuple(item for item in after.findings if item.severity.rank > known.get(item.id, -1))


def is_fresh(new: Sequence[Finding], before: Screening, after: Screening) -> bool:
    """Tell whether somebody has to answer something that nobody was asked before."""
    asks = any(item.severity is not Severity.NOTICE for item in new)
    return asks or (before.complete and not after.complete)


def _about_masked(finding: Finding, draft: Draft) -> bool:
    text = draft.text(finding.span)
    return finding.category is Category.PERSONAL or _MASKED.search(text) is not None
