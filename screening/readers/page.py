"""A page's tree to its visible text in order, once, with everything else that a reader meets."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from html import unescape

from msgspec import Struct, field
from msgspec.structs import replace
from selectolax.lexbor import LexborHTMLParser, LexborNode

from screening.draft import Cell, DraftBuilder, Media
from screening.errors import DraftError
from screening.readers.grid import TAGS, Grid
from screening.readers.sources import add_embedded, add_link, add_picture
from screening.readers.style import Look
from screening.readers.tags import BLOCKS, EMBEDDED, HEADINGS, SKIPPED, UNNESTED

#: Attributes whose words a card of the 公众号 editor (tags mp-…) shows.
_CARD_WORDS = ("data-nickname", "data-signature", "data-miniprogram-title", "data-title", "name")
_ADDRESSES = ("data-miniprogram-path", "data-src", "src", "data", "data-url")
_CHROME = re.compile(r"\b(?:rich_media_meta_list|weui-hidden_abs)\b")
_INLINE = re.compile(r"inline|contents|ruby")
_SPACE = re.compile(r"[ \t\n\r\f]+")
_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]*)")
#: The parser's time grows with the square of the depth; browsers themselves stop at 512.
_DEEPEST = 5000


class _Line(Struct):
    """Text of one block in the making, white space collapsed as a browser collapses it."""

    parts: list[str] = []

    def add(self, text: str, *, pre: bool) -> None:
        if not pre:
            text = _SPACE.sub(" ", text)
            if text.startswith(" ") and (not self.parts or self.parts[-1][-1] in " \n"):
                text = text[1:]
        if text:
            self.parts.append(text)

    def take(self) -> list[str]:
        lines = "".join(self.parts).split("\n")
        self.parts.clear()
        return [line.strip() for line in lines if line.strip()]


class Passage(Struct, frozen=True):
    """One block of a page; ``heading`` numbers the heading that it belongs to, 0 for none."""

    text: str = ""
    heading: int = 0
    cell: Cell | None = None


class Page(Struct):
    """What :func:`read_page` collects."""

    blocks: list[Passage] = []
    hidden: list[str] = []
    ruby: list[str] = []
    chrome: list[str] = []
    links: list[tuple[list[str], str]] = []
    media: list[tuple[str, Media, int, bool]] = []
    _shown: _Line = field(default_factory=_Line)
    _covered: _Line = field(default_factory=_Line)
    _open_links: list[list[str]] = []
    _heading: int = 0
    _headings: int = 0
    _grid: Grid = field(default_factory=Grid)

    def text(self) -> str:
        """Return the visible text, one block a line."""
        return "\n".join(block.text for block in self.blocks)

    def take_heading(self, accept: Callable[[str], bool], *, leading: bool = False) -> str:
        """Remove the first heading from the blocks and return its text, "" if there is none.

        With ``leading``, only a heading that comes before all other text is taken.
        """
        considered = self.blocks[: 1 if leading else None]
        first = min((block.heading for block in considered if block.heading), default=0)
        heading = "\n".join(x.text for x in self.blocks if first and x.heading == first)
        if not heading or not accept(heading):
            return ""
        self.blocks = [Passage() if x.heading == first else x for x in self.blocks]
        return heading

    def take(self, title: str) -> None:
        """Remove the first block that says ``title``, which the page shows as its heading."""
        wanted = "".join(title.split())
        index = next(
            (i for i, x in enumerate(self.blocks) if "".join(x.text.split()) == wanted), -1
        )
        if index >= 0:
            self.blocks[index] = Passage()

    def fill(self, builder: DraftBuilder) -> None:
        """Add everything but the title to ``builder``."""
        labels, number = ["文首"], 0
        for block in self.blocks:
            number += bool(block.text)
            labels.append(f"第{number}段" if block.text else "标题")
            builder.add("body", block.text, labels[-1], f"block{number}", block.cell)
        for text in self.hidden:
            builder.add("hidden", text, "隐藏文字")
        for text in self.ruby:
            builder.add("captions", text, "注音")
        for words, target in self.links:
            add_link(builder, "".join(words), target)
        for what, item, index, within in self.media:
            place = labels[min(index + within, len(labels) - 1)]
            place = place if within or not index else f"{place}后"
            if item.kind == "picture":
                add_picture(builder, item, place)
            else:
                add_embedded(builder, item, what, place)

    def walk(self, root: LexborNode, look: Look) -> None:
        """Read everything below ``root``; a stack of our own, for pages nest deeper than Python."""
        stack: list[tuple[LexborNode, Look] | Callable[[], None]] = [*_children(root, look)]
        while stack:
            item = stack.pop()
            if callable(item):
                item()
            elif item[0].is_text_node:
                self._add_text(item[0].text_content or "", item[1])
            elif item[0].is_element_node:
                stack.extend(self._enter(*item))
        self._break(look)

    def _enter(
        self, node: LexborNode, above: Look
    ) -> Iterator[tuple[LexborNode, Look] | Callable[[], None]]:
        """Act on a start tag; yield what is to be done after it, last thing first."""
        tag, attributes = (node.tag or "").lower(), node.attributes
        if tag in SKIPPED:
            return
        look = above.child(attributes)
        if tag in ("pre", "textarea"):
            look = replace(look, pre=True)
        if self._leaf(node, tag, attributes, look):
            return
        if look.picture:
            self._add_media("图片", "picture", look.picture, "")
        if tag in TAGS:
            self._break(above)
            yield self._grid.enter(tag, attributes)
        yield from self._closers(tag, attributes, look, above)
        yield from _children(node, look)

    def _closers(
        self, tag: str, attributes: dict[str, str | None], look: Look, above: Look
    ) -> Iterator[Callable[[], None]]:
        """Begin whatever this element begins, and yield what ends it again."""
        target = attributes.get("href") or attributes.get("data-miniprogram-path") or ""
        if target and tag in ("a", "area"):
            words: list[str] = []
            self.links.append((words, target))
            self._open_links.append(words)
            yield lambda: self._open_links.remove(words)
        if look.hidden and not above.hidden:
            yield self._flush_hidden
        block = _is_block(tag, look, above)
        if block:
            self._break(look)
        if tag in HEADINGS and not self._heading:
            self._headings += 1
            self._heading = self._headings
            yield self._end_heading
        if block:
            yield lambda: self._break(look)

    def _leaf(
        self, node: LexborNode, tag: str, attributes: dict[str, str | None], look: Look
    ) -> bool:
        """Handle an element that is read without its children."""
        if tag in ("br", "hr"):
            self._break(look)
        elif tag in ("img", "image"):
            source = _first(attributes, ("data-src", "src", "href", "xlink:href", "data-original"))
            self._add_media("图片", "picture", source, attributes.get("alt") or "")
        elif tag in EMBEDDED or tag.startswith("mp-"):
            words = unescape("\n".join(filter(None, map(attributes.get, _CARD_WORDS))))
            what = EMBEDDED.get(tag, "公众号卡片")
            self._add_media(what, "embedded", _first(attributes, _ADDRESSES), words)
            if path := attributes.get("data-miniprogram-path"):
                self.links.append(([words], path))
        elif tag == "rt":
            self.ruby.append(" ".join(node.text().split()))
        elif tag == "input":
            if (attributes.get("type") or "text").lower() in ("text", "button", "submit", "reset"):
                self._add_text(attributes.get("value") or "", look)
        elif _is_chrome(attributes):
            self.chrome.append(" ".join(node.text().split()))
        else:
            return False
        return True

    def _add_text(self, text: str, look: Look) -> None:
        line = self._covered if look.hidden else self._shown
        line.add(text, pre=look.pre)
        for words in self._open_links:
            words.append(text)

    def _add_media(self, what: str, kind: str, source: str, alt: str) -> None:
        name = "内嵌数据" if source.startswith("data:") else _base_name(source) or "未命名"
        item = Media(kind, name, alt)
        self.media.append((what, item, len(self.blocks), bool(self._shown.parts)))

    def _break(self, look: Look) -> None:
        """End the block. An element that is not laid out at all ends none around it."""
        self._flush_hidden()
        if not look.removed:
            taken, cell = self._shown.take(), self._grid.cell
            self.blocks.extend(Passage(text, self._heading, cell) for text in taken)

    def _flush_hidden(self) -> None:
        self.hidden.extend(self._covered.take())

    def _end_heading(self) -> None:
        self._heading = 0


def parse(html: str, where: str) -> LexborHTMLParser:
    """Parse a page; raises DraftError D006 for one nested so deep that no browser shows it."""
    if html.count("<") > _DEEPEST and _depth(html) > _DEEPEST:
        raise DraftError("D006", where=where, problem="标记嵌套过深")
    return LexborHTMLParser(html)


def read_page(html: str, where: str) -> Page:
    """Read a whole page or a fragment."""
    page = Page()
    if (body := parse(html, where).body) is not None:
        page.walk(body, Look())
    return page


def _depth(html: str) -> int:
    """Return how many elements the text leaves open, at most."""
    opened: Counter[str] = Counter()
    deepest = depth = 0
    for slash, name in _TAG.findall(html):
        tag = name.lower()
        if tag in UNNESTED:
            continue
        if not slash:
            opened[tag] += 1
            depth += 1
            deepest = max(deepest, depth)
        elif opened[tag]:
            opened[tag] -= 1
            depth -= 1
    return deepest


def _children(node: LexborNode, look: Look) -> list[tuple[LexborNode, Look]]:
    """Return the children, last one first, ready for the stack."""
    children = []
    child = node.first_child
    while child is not None:
        children.append((child, look))
        child = child.next
    return children[::-1]


def _is_block(tag: str, look: Look, above: Look) -> bool:
    if look.display:
        return not _INLINE.match(look.display) and look.display != "none"
    return tag in BLOCKS or "flex" in above.display or "grid" in above.display


def _is_chrome(attributes: dict[str, str | None]) -> bool:
    """Tell what the 公众号 page adds inside the article: its account card and reading figures."""
    if attributes.get("id") == "js_top_profile":
        return True
    return bool(_CHROME.search(attributes.get("class") or ""))


def _first(attributes: dict[str, str | None], names: tuple[str, ...]) -> str:
    return next((value for name in names if (value := attributes.get(name))), "")


def _base_name(address: str) -> str:
    """Return the last part of an address that says something: 公众号 pictures end in /640?…"""
    parts = [part for part in re.split(r"[?#]", address)[0].split("/") if part]
    if len(parts) > 1 and parts[-1].isdigit():
        parts.pop()
    return parts[-1][-40:] if parts else ""
