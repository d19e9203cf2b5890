"""What stands in a Word paragraph besides text: pictures, objects, charts, SmartArt, WordArt."""

from __future__ import annotations

import posixpath

from screening.draft import DraftBuilder, Media
from screening.readers.package import Package, Relation
from screening.readers.sources import add_link
from screening.readers.xmltree import Node

_OBJECTS = {
    "a:blip": ("图片", "picture", ("r:embed", "r:link")),
    "v:imagedata": ("图片", "picture", ("r:id",)),
    "o:OLEObject": ("嵌入对象", "embedded", ("r:id",)),
    "a:videoFile": ("视频", "embedded", ("r:link",)),
    "a:audioFile": ("音频", "embedded", ("r:link",)),
}
_READ_APART = frozenset(("w:txbxContent", "w:drawing", "w:pict", "w:object"))
_DIAGRAMS = {"c:chart": ("图表", "r:id"), "dgm:relIds": ("智能图形", "r:dm")}


class Figures:
    """The figures of one paragraph.

    ``objects`` are (what it is in Chinese, item) that nobody read; ``texts`` are (what it is,
    words) that were read from charts, SmartArt and drawn letters.
    """

    def __init__(
        self, package: Package, relations: dict[str, Relation], builder: DraftBuilder
    ) -> None:
        self.objects: list[tuple[str, Media]] = []
        self.texts: list[tuple[str, str]] = []
        self._package = package
        self._relations = relations
        self._builder = builder

    def read(self, drawing: Node) -> None:
        """Add what ``drawing`` (w:drawing, w:pict or w:object) shows besides its text boxes."""
        nodes = _visible(drawing)
        frame = next((node for node in nodes if node.tag == "wp:docPr"), Node("", {}))
        shapes = [node.get("alt") for node in nodes if node.tag == "v:shape"]
        alt = _alt(frame) or next(filter(None, shapes), "")
        name = frame.get("name")
        for node in nodes:
            if node.tag in _OBJECTS:
                what, kind, keys = _OBJECTS[node.tag]
                target = next(filter(None, map(node.get, keys)), "")
                own = name or node.get("o:title") or node.get("ProgID")
                self.objects.append((what, self._media(kind, target, own, alt)))
            elif node.tag in _DIAGRAMS:
                what, key = _DIAGRAMS[node.tag]
                self._diagram(what, node.get(key), name, alt)
            elif node.tag == "v:textpath" and node.get("string"):
                self.texts.append(("艺术字", node.get("string")))
            elif node.tag == "a:p" and (text := _drawn_text(node)):
                self.texts.append(("绘图文字", text))
            elif node.tag == "a:hlinkClick" and (link := self._relations.get(node.get("r:id"))):
                add_link(self._builder, alt, link.target)

    def _diagram(self, what: str, relation_id: str, name: str, alt: str) -> None:
        """Read the words of a chart or of SmartArt from its own part."""
        item = self._media("embedded", relation_id, name, alt)
        relation = self._relations.get(relation_id)
        if relation is None or relation.target not in self._package:
            self.objects.append((what, item))
            return
        self._builder.media.append(item)
        self._builder.add("captions", alt, f"{what}“{item.name}”")
        self.texts.extend((what, text) for text in _words(self._package.xml(relation.target)))

    def _media(self, kind: str, relation_id: str, name: str, alt: str) -> Media:
        relation = self._relations.get(relation_id)
        target = relation.target if relation else ""
        digest = self._package.digest(target) if relation and not relation.external else ""
        return Media(kind, name or posixpath.basename(target) or "未命名", alt, digest)


def chosen_alternative(node: Node) -> Node:
    """Return the branch of mc:AlternateContent that is read: its first choice."""
    branches = [*node]
    choices = (branch for branch in branches if branch.tag == "mc:Choice")
    return next(choices, branches[0] if branches else node)


def _visible(node: Node) -> list[Node]:
    """Return the drawing's own nodes: those of text boxes and drawings inside it are read apart."""
    found = [node]
    for child in [chosen_alternative(node)] if node.tag == "mc:AlternateContent" else node:
        if child is not node and child.tag not in _READ_APART:
            found.extend(_visible(child))
    return found


def _words(root: Node) -> list[str]:
    """Return paragraphs of drawing text, and the names that a chart takes from its table."""
    found: dict[str, None] = {}
    for node in root.walk():
        if node.tag == "a:p":
            found[_drawn_text(node)] = None
        elif node.tag == "c:strCache":
            cells = (child.text().strip() for child in node.walk() if child.tag == "c:v")
            found.update(dict.fromkeys(cells))
    return [text for text in found if text]


def _drawn_text(paragraph: Node) -> str:
    return "".join(node.text() for node in paragraph.walk() if node.tag == "a:t").strip()


def _alt(frame: Node) -> str:
    return "\n".join(filter(None, dict.fromkeys((frame.get("title"), frame.get("descr")))))
