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


def with_row(draft: Draft, title: str, text: str) -> Draft:
    """Return the ``draft`` of a file with what its row says besides.

    The row's title is the post's; another one in the file stands first in the body, so that the
    file's paragraphs are counted as they are when it is screened alone. ``text`` follows as further
    paragraphs.
    """
    builder = DraftBuilder(draft.format, draft.path, draft.encoding)
    builder.links.extend(draft.links)
    builder.media.extend(draft.media)
    builder.unscreened.extend(draft.unscreened)
    title = " ".join(title.split())
    same = not title or title == draft.title
    builder.add("title", title or draft.title, FIELD_LABELS["title"])
    for block in draft.blocks:
        words = draft.fields[block.field][block.start : block.end]
        locator = block.locator
        if block.field != "title":
            builder.add(block.field, words, locator.label, locator.path, block.cell)
        elif not same:
            builder.add("body", words, "文件里的标题", locator.path)
    _add_lines(builder, text, "排期表正文第{}段")
    return builder.build()


def _add_lines(builder: DraftBuilder, text: str, label: str) -> None:
    for number, line in enumerate(filter(None, split_lines(text)), start=1):
        builder.add("body", line, label.format(number))
    note_lost_characters(builder, text)
