"""The report for programs: one JSON document, schema screening/1."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import to_builtins

from screening.document import dumps, envelope, to_document
from screening.finding import Screening
from screening.regulation import Regulation
from screening.reports.content import Options


def render(screenings: Sequence[Screening], regulation: Regulation, options: Options) -> str:
    """Return the envelope of all screenings; drafts that could not be read stand in "errors"."""
    documents = [to_document(screening, text=options.text) for screening in screenings]
    return dumps(envelope(documents, to_builtins(options.unread))) + "\n"
