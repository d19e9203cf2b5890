"""Lists for a terminal: at most 80 columns, one column gives way to the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from screening.reports.columns import clip, pad, width, wrap
from screening.reports.safe import visible

COLUMNS = 80
_GAP = 2
_LABEL = 8
#: what a column takes at most, and the one that gives way at least
_WIDEST, _LEAST = 24, 12


def table(
    headings: Sequence[str],
    rows: Sequence[Sequence[str]],
    flexible: str,
    widest: Mapping[str, int] | None = None,
) -> list[str]:
    """Return the lines of a table under ``headings``; the ``flexible`` column takes what is left.

    ``widest`` bounds further columns.
    Every line fits :data:`COLUMNS`: what is longer than its column is cut off with "…".
    """
    cells = [[visible(cell).replace("\n", " ") for cell in row] for row in (headings, *rows)]
    bounds = [(widest or {}).get(heading, _WIDEST) for heading in headings]
    columns = zip(bounds, zip(*cells, strict=True), strict=True)
    widths = [min(bound, max(map(width, column))) for bound, column in columns]
    place = list(headings).index(flexible)
    longest = max(width(row[place]) for row in cells)
    spare = COLUMNS - _GAP * (len(widths) - 1) - sum(widths) + widths[place]
    widths[place] = max(_LEAST, min(spare, longest))
    while sum(widths) + _GAP * (len(widths) - 1) > COLUMNS:
        largest = max((size, at) for at, size in enumerate(widths) if at not in (0, place))[1]
        widths[largest] -= 1
    return [
        (" " * _GAP).join(pad(clip(c, w), w) for c, w in zip(row, widths, strict=True)).rstrip(" ")
        for row in cells
    ]


def point(text: str) -> list[str]:
    """Return ``text`` as a point under an entry, in lines of at most :data:`COLUMNS`."""
    first, *rest = wrap(visible(text), COLUMNS - _LABEL - width("· "))
    space = " " * _LABEL
    return [f"{space}· {first}", *(f"{space}  {line}" for line in rest)]


def entry(label: str, text: str) -> list[str]:
    """Return ``text`` beside its label, in lines of at most :data:`COLUMNS`."""
    first, *rest = wrap(visible(text), COLUMNS - _LABEL)
    return [pad(label, _LABEL) + first, *(" " * _LABEL + line for line in rest)]
