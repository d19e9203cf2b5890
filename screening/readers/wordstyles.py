"""What a Word document's styles say that matters here: hidden, unreadable, centred, a heading?"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import astuple, replace

from screening.readers.style import alike, hex_colour
from screening.readers.xmltree import Node

_TITLE_STYLES = frozenset(("title", "heading 1", "标题", "标题 1", "标题1", "文章标题"))
_BEGIN, _END = b"<w:style ", b"</w:style>"
_OTHER_TYPES = (b'w:type="table"', b'w:type="numbering"')
_OFF = frozenset(("0", "false", "off", "none"))
_HEX = re.compile("[0-9A-Fa-f]{6}")
#: half points: the largest size that nobody reads, and the size of plain text
_TINY, _PLAIN = 5, 21
#: digits of a size
_LONGEST = 4
#: the colours of markers that text may blend with
_HIGHLIGHTS = {"white": "FFFFFF", "black": "000000"}
#: what lies behind text: the page; or what nobody can tell, a picture or a table's style
PAGE, UNKNOWN = "FFFFFF", "?"

Said = TypeVar("Said")


class Style(Struct, frozen=True):
    """One style after inheritance; None where it says nothing.

    ``size`` is in half points; ``colour`` and ``ground``, what lies behind the text, are RRGGBB.
    """

    name: str = ""
    hidden: bool | None = None
    centred: bool | None = None
    size: int | None = None
    colour: str | None = None
    ground: str | None = None

    @property
    def is_title(self) -> bool:
        """Tell whether Word itself calls this a title or a first-level heading."""
        return self.name in _TITLE_STYLES


class Styles:
    """The styles of word/styles.xml by their id."""

    def __init__(self, root: Node | None) -> None:
        nodes = [node for node in root or () if node.tag == "w:style"]
        self._nodes = {node.get("w:styleId"): node for node in nodes}
        self._known: dict[str, Style] = {}
        defaults = root.find("w:docDefaults", "w:rPrDefault", "w:rPr") if root else None
        self._basis = replace(_looks(defaults), hidden=bool(toggle(defaults, "w:vanish")))
        self._default = next(
            (
                node.get("w:styleId")
                for node in nodes
                if node.get("w:type") == "paragraph" and not is_off(node.get("w:default") or "0")
            ),
            "",
        )

    def of_paragraph(self, properties: Node | None) -> Style:
        """Return the style of a paragraph, its direct formatting included."""
        style = self._style(value(properties, "w:pStyle") or self._default)
        alignment = value(properties, "w:jc")
        centred = alignment == "center" if alignment else style.centred
        return replace(style, centred=centred, ground=shading(properties) or style.ground)

    def hides(self, paragraph: Style, properties: Node | None, ground: str = PAGE) -> bool:
        """Tell whether nobody sees a run with these properties in such a paragraph on ``ground``.

        It is hidden text, too small to read, or of the colour that it stands on.
        """
        character = self._style(value(properties, "w:rStyle"))
        layers = (_looks(properties), character, paragraph, self._basis)
        size = _first(layer.size for layer in layers)
        colour = _first(layer.colour for layer in layers)
        behind = _first(layer.ground for layer in layers)
        hidden = bool(_first(layer.hidden for layer in layers))
        return (
            hidden
            or (_PLAIN if size is None else size) <= _TINY
            or _blends(colour, behind or ground)
        )

    def _style(self, name: str) -> Style:
        chain: list[str] = []
        while name in self._nodes and name not in self._known and name not in chain:
            chain.append(name)
            name = value(self._nodes[name], "w:basedOn")
        for key in reversed(chain):
            self._known[key] = _derive(self._nodes[key], self._known.get(name, Style()))
            name = key
        return self._known.get(name, Style())


def trim(data: bytes) -> bytes:
    """Cut the styles of tables and lists out of a styles part: most of it, and never of text."""
    *styles, rest = data.split(_END)
    kept = []
    for style in styles:
        head, begin, own = style.rpartition(_BEGIN)
        other = begin and any(kind in own.partition(b">")[0] for kind in _OTHER_TYPES)
        kept.append(head if other else style + _END)
    return b"".join(kept) + rest


def value(properties: Node | None, tag: str) -> str:
    """Return ``w:val`` of the property ``tag``."""
    node = properties.find(tag) if properties else None
    return node.get("w:val") if node else ""


def toggle(properties: Node | None, tag: str) -> bool | None:
    """Return an on/off property; None where it is not set."""
    node = properties.find(tag) if properties else None
    return None if node is None else not is_off(node.get("w:val"))


def is_off(word: str) -> bool:
    """Read Word's ways of writing false; a missing value means true."""
    return word.lower() in _OFF


def shading(properties: Node | None) -> str | None:
    """Return the colour that fills a run, a paragraph, a cell or a table; None where none does."""
    node = properties.find("w:shd") if properties else None
    if node is None:
        return None
    fill = node.get("w:color" if node.get("w:val") == "solid" else "w:fill")
    return fill if _HEX.fullmatch(fill) else None


def _looks(properties: Node | None) -> Style:
    """Return what run properties say of the looks of their text."""
    size, colour = value(properties, "w:sz"), value(properties, "w:color")
    marked = value(properties, "w:highlight")
    ground = _HIGHLIGHTS.get(marked, UNKNOWN) if marked not in ("", "none") else None
    return Style(
        hidden=toggle(properties, "w:vanish"),
        size=int(size) if size.isdecimal() and len(size) <= _LONGEST else None,
        colour=colour or None,
        ground=ground or shading(properties),
    )


def _first(values: Iterable[Said | None]) -> Said | None:
    return next((item for item in values if item is not None), None)


def _over(upper: Style, lower: Style) -> Style:
    """Return what ``upper`` says, and where it says nothing, what ``lower`` does."""
    pairs = zip(astuple(upper), astuple(lower), strict=True)
    return Style(*(other if own is None or own == "" else own for own, other in pairs))


def _blends(colour: str | None, ground: str) -> bool:
    if colour is None or not _HEX.fullmatch(colour) or not _HEX.fullmatch(ground):
        return False
    one, other = hex_colour(colour.lower()), hex_colour(ground.lower())
    return one is not None and other is not None and alike(one, other)


def _derive(node: Node, base: Style) -> Style:
    alignment = value(node.find("w:pPr"), "w:jc")
    own = replace(
        _looks(node.find("w:rPr")),
        name=value(node, "w:name").strip().lower(),
        centred=alignment == "center" if alignment else None,
    )
    if own.ground is None:
        own = replace(own, ground=shading(node.find("w:pPr")))
    return replace(_over(own, base), name=own.name)
