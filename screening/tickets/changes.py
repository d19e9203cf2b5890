"""What changed between two screenings of a ticket: in the text, and in what was found."""

from __future__ import annotations

from difflib import SequenceMatcher
from enum import StrEnum
from itertools import zip_longest

from msgspec import Struct

from screening.draft import FIELD_LABELS, Draft
from screening.finding import Finding, Screening


class EditKind(StrEnum):
    """What was done to a paragraph."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"

    @property
    def label(self) -> str:
        """The Chinese word that people see."""
        return {"added": "增加", "removed": "删去", "changed": "改动"}[self]


class Edit(Struct, frozen=True):
    """One paragraph that differs. ``where`` is its place for people, in the newer draft if there.

    ``start`` characters at the beginning and ``end`` at the end are the same in both.
    """

    kind: EditKind
    where: str
    before: str = ""
    after: str = ""
    start: int = 0
    end: int = 0


class Changes(Struct, frozen=True):
    """Everything that differs. ``hidden``: the contents differ where the masked texts do not."""

    edits: tuple[Edit, ...]
    gone: tuple[Finding, ...]
    new: tuple[Finding, ...]
    hidden: bool


Line = tuple[str, str]


def changes(before: Screening, after: Screening) -> Changes:
    """Compare two screenings; texts are compared as stored, personal numbers masked."""
    old, new = _parts(before.draft), _parts(after.draft)
    names = [name for name in (*FIELD_LABELS, "media") if name in old or name in new]
    edits = tuple(
        edit for name in names for edit in _compared(old.get(name, []), new.get(name, []))
    )
    known = {item.id for item in before.findings}
    found = {item.id for item in after.findings}
    return Changes(
        edits=edits,
        gone=tuple(item for item in before.findings if item.id not in found),
        new=tuple(item for item in after.findings if item.id not in known),
        hidden=not edits and before.draft.digest != after.draft.digest,
    )


def _parts(draft: Draft) -> dict[str, list[Line]]:
    """Return field → (place, text) of every paragraph; links and media are parts like others."""
    parts: dict[str, list[Line]] = {}
    for block in draft.blocks:
        if block.field not in ("links", "properties"):
            text = draft.fields[block.field][block.start : block.end]
            parts.setdefault(block.field, []).append((block.locator.label, text))
    parts["links"] = [("链接", f"{link.text} → {link.target}") for link in draft.links]
    parts["media"] = [
        (item.kind, " ".join(filter(None, (item.name, item.alt, item.digest[:19]))))
        for item in draft.media
    ]
    return parts


def _compared(old: list[Line], new: list[Line]) -> list[Edit]:
    texts = [text for _, text in old], [text for _, text in new]
    matcher = SequenceMatcher(None, *texts, autojunk=False)
    edits = []
    for tag, low, high, start, end in matcher.get_opcodes():
        if tag != "equal":
            pairs = zip_longest(old[low:high], new[start:end])
            edits += [_edit(before, after) for before, after in pairs]
    return edits


def _edit(before: Line | None, after: Line | None) -> Edit:
    if before is None or after is None:
        kind = EditKind.ADDED if before is None else EditKind.REMOVED
        where, _ = after or before or ("", "")
        return Edit(kind, where, before[1] if before else "", after[1] if after else "")
    old, new = before[1], after[1]
    start = _common(old, new)
    end = _common(old[start:][::-1], new[start:][::-1])
    return Edit(EditKind.CHANGED, after[0], old, new, start, end)


def _common(one: str, other: str) -> int:
    """Return how many characters two texts have in common at their beginning."""
    for count, (a, b) in enumerate(zip(one, other, strict=False)):
        if a != b:
            return count
    return min(len(one), len(other))
