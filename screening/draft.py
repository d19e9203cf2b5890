"""What came in: a :class:`Draft` of named text fields with exact positions.

Offsets everywhere are Unicode code points, half-open, into one field's text. A field's text is its
blocks' texts joined by one line break, so every block is a slice of its field.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from types import MappingProxyType

from msgspec import Struct
from msgspec.structs import replace

#: field name → Chinese label, in the order in which reports show them.
FIELD_LABELS: Mapping[str, str] = MappingProxyType(
    {
        "title": "标题",
        "byline": "署名",
        "header": "页眉",
        "body": "正文",
        "notes": "脚注尾注",
        "footer": "页脚",
        "captions": "图片说明",
        "links": "链接地址",
        "hidden": "隐藏文字",
        "properties": "文件属性",
    }
)


class Span(Struct, frozen=True, order=True, array_like=True):
    """Code points ``start`` to ``end`` (half-open) of ``field``; in JSON [field, start, end]."""

    field: str
    start: int
    end: int

    def overlaps(self, other: Span) -> bool:
        """Tell whether the two spans share at least one code point."""
        return self.field == other.field and self.start < other.end and other.start < self.end

    def within(self, other: Span) -> bool:
        """Tell whether the other span holds all of this one."""
        return self.field == other.field and other.start <= self.start and self.end <= other.end


class Locator(Struct, frozen=True):
    """Where a block stands: ``label`` for people ("第3段"), ``path`` for the file format."""

    label: str
    path: str = ""


class Cell(Struct, frozen=True):
    """A cell of the draft's ``table``-th table; ``width`` counts the columns that it spans."""

    table: int
    row: int
    column: int
    width: int = 1


class Block(Struct, frozen=True, omit_defaults=True):
    """One paragraph, heading or caption: ``[start, end)`` of ``field``.

    ``cell`` is where in a table it stands, None outside of one.
    """

    field: str
    start: int
    end: int
    locator: Locator
    cell: Cell | None = None


class Link(Struct, frozen=True):
    """A hyperlink: the words shown and the address they lead to."""

    text: str
    target: str


class Media(Struct, frozen=True):
    """A picture, film, sound or embedded object; ``digest`` is of its bytes, if at hand."""

    kind: str
    name: str
    alt: str = ""
    digest: str = ""


class Unscreened(Struct, frozen=True):
    """A part of the draft that nobody looked at: what it is, and why."""

    what: str
    why: str


class Draft(Struct, frozen=True):
    """One draft post as it was read.

    ``fields`` maps names of :data:`FIELD_LABELS` to text; ``title`` and ``body`` are always there.
    ``path`` is None for standard input. ``encoding`` is None for formats that fix their own.
    """

    format: str
    fields: Mapping[str, str]
    blocks: tuple[Block, ...]
    path: str | None = None
    encoding: str | None = None
    links: tuple[Link, ...] = ()
    media: tuple[Media, ...] = ()
    unscreened: tuple[Unscreened, ...] = ()
    digest: str = ""

    @property
    def title(self) -> str:
        """The title's text, "" where the draft has none."""
        return self.fields["title"]

    @property
    def characters(self) -> int:
        """Code points in all fields together."""
        return sum(map(len, self.fields.values()))

    def text(self, span: Span) -> str:
        """Return the original wording of ``span``."""
        return self.fields[span.field][span.start : span.end]

    def locate(self, span: Span) -> str:
        """Return where ``span`` begins, for people: "第3段", "表1第2行第1列", "标题"."""
        for block in self.blocks:
            if block.field == span.field and block.start <= span.start <= block.end:
                return block.locator.label
        return FIELD_LABELS.get(span.field, span.field)

    def with_fields(self, fields: Mapping[str, str]) -> Draft:
        """Return a copy with other field texts of the same lengths and the same digest."""
        return replace(self, fields=MappingProxyType(dict(fields)))


class DraftBuilder(Struct):
    """Collects a draft block by block, so that readers never compute an offset themselves."""

    format: str
    path: str | None = None
    encoding: str | None = None
    links: list[Link] = []
    media: list[Media] = []
    unscreened: list[Unscreened] = []
    tables: int = 0
    _parts: list[tuple[str, str, Locator, Cell | None]] = []

    def add(
        self, field_name: str, text: str, label: str, path: str = "", cell: Cell | None = None
    ) -> None:
        """Append one block; ``text`` is kept exactly, an empty one is skipped."""
        if text:
            self._parts.append((field_name, text, Locator(label, path), cell))

    def build(self, title: str | None = None) -> Draft:
        """Return the finished draft; ``title`` replaces whatever title was read."""
        parts = self._parts
        if title is not None:
            parts = [part for part in parts if part[0] != "title"]
            named = ("title", title, Locator(FIELD_LABELS["title"]), None)
            parts = [named, *parts] if title else parts
        texts: dict[str, str] = {"title": "", "body": ""}
        chunks: dict[str, list[str]] = {}
        sizes: dict[str, int] = {}
        blocks: list[Block] = []
        for name, text, locator, cell in parts:
            start = sizes.get(name, -1) + 1
            blocks.append(Block(name, start, start + len(text), locator, cell))
            chunks.setdefault(name, []).append(text)
            sizes[name] = start + len(text)
        texts.update({name: "\n".join(lines) for name, lines in chunks.items()})
        ordered = {name: texts[name] for name in FIELD_LABELS if name in texts}
        return Draft(
            format=self.format,
            fields=MappingProxyType(ordered),
            blocks=tuple(blocks),
            path=self.path,
            encoding=self.encoding,
            links=tuple(self.links),
            media=tuple(self.media),
            unscreened=tuple(self.unscreened),
            digest=content_digest(ordered, self.links, self.media),
        )


def content_digest(fields: Mapping[str, str], links: list[Link], media: list[Media]) -> str:
    """Digest what a reader of the post would get: texts, links and media, not the file's bytes.

    File properties are left out: saving the same text again changes them.
    """
    content = [
        {name: text for name, text in sorted(fields.items()) if text and name != "properties"},
        [[link.text, link.target] for link in links],
        [[item.kind, item.digest or item.name, item.alt] for item in media],
    ]
    encoded = json.dumps(content, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return "sha256:" + hashlib.sha256(encoded.encode("ascii")).hexdigest()
