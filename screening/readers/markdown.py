"""Markdown: rendered to HTML and read like a page, so that mark-up of either kind is not text."""

from __future__ import annotations

import re

from markdown_it import MarkdownIt

from screening.draft import DraftBuilder
from screening.errors import DraftError
from screening.readers import page
from screening.readers.plain import decode_text, note_lost_characters
from screening.readers.sources import Source, add_links

_FRONT = re.compile(r"\ufeff?---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.S)
#: The parser drops what nests deeper than this, so Python's own limit has to come first.
_DEEPEST = 100_000
#: Hostile mark-up takes time with the square of its size; no draft comes near this.
_MOST_CHARACTERS = 1_000_000
_FRONT_TITLE = re.compile(r"^title:[ \t]*(['\"]?)(.+?)\1[ \t]*$", re.M)


def read(source: Source) -> DraftBuilder:
    """Read a Markdown draft; its first heading (or the title of its front matter) is its title."""
    text, encoding = decode_text(source)
    if len(text) > _MOST_CHARACTERS:
        raise DraftError("D008", where=source.where, size=f"{len(text)} 字", limit="100 万字")
    builder = DraftBuilder("markdown", source.path, encoding)
    text = re.sub("\r\n?|[\u2028\u2029\x85]", "\n", text)
    front = _FRONT.match(text)
    for line in (front.group(1) if front else "").split("\n"):
        builder.add("properties", line.strip(), "文件头")
    content = page.read_page(_render(source, text[front.end() if front else 0 :]), source.where)
    named = _FRONT_TITLE.search(front.group(1)) if front else None
    title = content.take_heading(source.names_title)
    if not title and named and source.names_title(named.group(2)):
        title = named.group(2)
    builder.add("title", title, "标题")
    content.fill(builder)
    add_links(builder)
    note_lost_characters(builder, text)
    return builder


def _render(source: Source, text: str) -> str:
    parser = MarkdownIt("commonmark", {"breaks": True, "maxNesting": _DEEPEST}).enable(
        ["table", "strikethrough"]
    )
    try:
        return str(parser.render(text))
    except RecursionError as error:
        raise DraftError("D006", where=source.where, problem="标记嵌套过深") from error
