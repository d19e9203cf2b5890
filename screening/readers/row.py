"""A post written into a row of a table: its title and its text."""

from __future__ import annotations

from screening.draft import FIELD_LABELS, Draft, DraftBuilder, Unscreened
from screening.readers.plain import note_lost_characters, split_lines

_MISSING = Unscreened("正文", "排期表里没有正文，也没有指明文件")


def read_row(title: str, text: str, where: str) -> Draft:
    """Return the draft of a row; every line of ``text`` that is not blank is a paragraph."""
    builder = DraftBuilder("row", where)
    builder.add("title", " ".join(title.split()), FIELD_LABELS["title"])
    _add_lines(builder, text, "第{}段")
    if not text.strip():
        builder.unscreened.append(_MISSING)
    return builder.build()


def with_row_text(draft: Draft, text: str) -> Draft:
    """Return ``draft`` with what its row says besides, as further paragraphs of the body."""
    builder = DraftBuilder(draft.format, draft.path, draft.encoding)
    builder.links.extend(draft.links)
    builder.media.extend(draft.media)
    builder.unscreened.extend(draft.unscreened)
    for block in draft.blocks:
        words = draft.fields[block.field][block.start : block.end]
        builder.add(block.field, words, block.locator.label, block.locator.path)
    _add_lines(builder, text, "排期表正文第{}段")
    return builder.build()


def _add_lines(builder: DraftBuilder, text: str, label: str) -> None:
    for number, line in enumerate(filter(None, split_lines(text)), start=1):
        builder.add("body", line, label.format(number))
    note_lost_characters(builder, text)
