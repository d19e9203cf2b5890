"""Reports that people and programs read; one module a format, loaded when it is asked for."""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Protocol, cast

from screening.errors import UsageError
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
        "sarif": "screening.reports.sarif:render",
    }
)


#: formats that are files of an office suite, not text
FILES = ("docx", "xlsx")


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


def render_file(
    name: str,
    screenings: Sequence[Screening],
    regulation: Regulation,
    options: Options | None = None,
    original: bytes | None = None,
) -> bytes:
    """Render in the format ``name`` of :data:`FILES`.

    A Word report is on one draft: its own file ``original`` with comments, if it was one.

    Raises:
        UsageError: U002, a Word report on several drafts, or on none, is asked for.
    """
    if name == "xlsx":
        from screening.reports.xlsx import render as render_xlsx  # noqa: PLC0415 - slow to load

        return render_xlsx(screenings, regulation, options or Options())
    if len(screenings) != 1:
        raise UsageError("U002", problem="Word 报告一次只能是一篇稿件")
    from screening.reports.docx import render as render_docx  # noqa: PLC0415 - slow to load

    return render_docx(screenings[0], regulation, original)
