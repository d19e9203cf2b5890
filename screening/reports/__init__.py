"""Reports that people and programs read; one module a format, loaded when it is asked for."""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Protocol, cast

from screening.finding import Screening
from screening.regulation import Regulation
from screening.reports.content import Options

#: format name → "module:function".
REPORTS: Mapping[str, str] = MappingProxyType(
    {
        "text": "screening.reports.terminal:render",
        "json": "screening.reports.json:render",
        "html": "screening.reports.html:render",
        "markdown": "screening.reports.markdown:render",
    }
)


class Report(Protocol):
    """What every format's function looks like; the same screenings give the same bytes."""

    def __call__(
        self, screenings: Sequence[Screening], regulation: Regulation, options: Options
    ) -> str:
        """Return the whole report on ``screenings``."""


def render(
    name: str,
    screenings: Sequence[Screening],
    regulation: Regulation,
    options: Options | None = None,
) -> str:
    """Render in the format ``name``, a key of :data:`REPORTS`."""
    module, _, attribute = REPORTS[name].partition(":")
    report = cast(Report, getattr(importlib.import_module(module), attribute))
    return report(screenings, regulation, options or Options())
