"""Drafts for tests of the advertising stage."""

from __future__ import annotations

from screening.draft import Draft, DraftBuilder


def draft_of(body: str = "", **fields: str) -> Draft:
    """Return a draft, a paragraph a line."""
    builder = DraftBuilder("text")
    for name, text in {**fields, "body": body}.items():
        for number, line in enumerate(text.split("\n"), 1):
            builder.add(name, line, f"第{number}段")
    return builder.build()
