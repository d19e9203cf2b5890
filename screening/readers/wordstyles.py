"""What a Word document's styles say that matters here: hidden, centred, a heading?"""

from __future__ import annotations

from msgspec import Struct

from screening.readers.xmltree import Node

_TITLE_STYLES = frozenset(("title", "heading 1", "标题", "标题 1", "标题1", "文章标题"))
_BEGIN, _END = b"<w:style ", b"</w:style>"
_OTHER_TYPES = (b'w:type="table"', b'w:type="numbering"')
_OFF = frozenset(("0", "false", "off", "none"))


class Style(Struct, frozen=True):
    """One style after inheritance; None where it says nothing."""

    name: str = ""
    hidden: bool | None = None
    centred: bool | None = None

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
        self.hidden = bool(toggle(defaults, "w:vanish"))
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
        return Style(style.name, style.hidden, centred)

    def hides(self, paragraph: Style, properties: Node | None) -> bool:
        """Tell whether a run with these properties in such a paragraph is hidden text."""
        direct = toggle(properties, "w:vanish")
        character = self._style(value(properties, "w:rStyle")).hidden
        said = (answer for answer in (direct, character, paragraph.hidden) if answer is not None)
        return next(said, self.hidden)

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


def _derive(node: Node, base: Style) -> Style:
    hidden = toggle(node.find("w:rPr"), "w:vanish")
    alignment = value(node.find("w:pPr"), "w:jc")
    return Style(
        value(node, "w:name").strip().lower(),
        base.hidden if hidden is None else hidden,
        alignment == "center" if alignment else base.centred,
    )
