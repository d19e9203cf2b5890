"""A small XML tree on expat: no DTD, no entities, no unbounded depth; cheap to import."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from xml.parsers import expat

from msgspec import Struct

from screening.errors import DraftError, why

#: Namespace → prefix. Both the transitional and the strict form of Office Open XML are known.
_PREFIXES = {
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main": "w",
    "http://purl.oclc.org/ooxml/wordprocessingml/main": "w",
    "http://schemas.microsoft.com/office/word/2010/wordml": "w14",
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships": "r",
    "http://purl.oclc.org/ooxml/officeDocument/relationships": "r",
    "http://schemas.openxmlformats.org/package/2006/relationships": "rel",
    "http://schemas.openxmlformats.org/markup-compatibility/2006": "mc",
    "http://schemas.openxmlformats.org/officeDocument/2006/math": "m",
    "http://purl.oclc.org/ooxml/officeDocument/math": "m",
    "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing": "wp",
    "http://purl.oclc.org/ooxml/drawingml/wordprocessingDrawing": "wp",
    "http://schemas.openxmlformats.org/drawingml/2006/main": "a",
    "http://purl.oclc.org/ooxml/drawingml/main": "a",
    "http://schemas.openxmlformats.org/drawingml/2006/picture": "pic",
    "http://purl.oclc.org/ooxml/drawingml/picture": "pic",
    "http://schemas.openxmlformats.org/drawingml/2006/chart": "c",
    "http://purl.oclc.org/ooxml/drawingml/chart": "c",
    "http://schemas.openxmlformats.org/drawingml/2006/diagram": "dgm",
    "http://purl.oclc.org/ooxml/drawingml/diagram": "dgm",
    "urn:schemas-microsoft-com:vml": "v",
    "urn:schemas-microsoft-com:office:office": "o",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://schemas.openxmlformats.org/package/2006/metadata/core-properties": "cp",
}
#: Real documents stay below 100; the reader uses up to three of Python's frames for each level.
_DEEPEST = 200
_MOST_ELEMENTS = 1_000_000
#: looks of tables, and styles that Word merely knows of: most of a styles part, and no text
_NOISE = frozenset(("w:latentStyles", "w:tblStylePr", "w:rsids"))


class Node(Struct, eq=False):
    """An element: ``tag`` and attribute names as "w:p"; ``children`` are elements and strings.

    ``number`` counts the paragraphs (w:p) of the part in document order, from 0.
    """

    tag: str
    attributes: dict[str, str]
    children: list[Node | str] = []
    number: int = -1

    def __iter__(self) -> Iterator[Node]:
        return (child for child in self.children if isinstance(child, Node))

    def find(self, *path: str) -> Node | None:
        """Return the first descendant along ``path``, one child tag a step."""
        node: Node | None = self
        for tag in path:
            node = next((child for child in node if child.tag == tag), None) if node else None
        return node

    def walk(self) -> Iterator[Node]:
        """Yield this element and all below it in document order."""
        stack = [self]
        while stack:
            node = stack.pop()
            yield node
            stack.extend(reversed([*node]))

    def text(self) -> str:
        """Return all text below, in order."""
        return "".join(
            child for node in self.walk() for child in node.children if isinstance(child, str)
        )

    def get(self, name: str) -> str:
        """Return an attribute, "" if it is not there."""
        return self.attributes.get(name, "")


def parse(data: bytes, where: str) -> Node:
    """Parse one part. Raises DraftError D010 for a DTD, D006 for anything not well-formed."""
    builder = _Builder(where)
    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = builder.refuse
    parser.EntityDeclHandler = builder.refuse
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.characters
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise DraftError("D006", where=where, problem=f"XML 不完整，{why(error)}") from error
    return builder.root


class _Builder:
    def __init__(self, where: str) -> None:
        self.where = where
        self.root = Node("", {})
        self._stack: list[Node] = []
        self._elements = 0
        self._ignored = 0
        self._paragraphs = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._elements += 1
        if self._elements > _MOST_ELEMENTS:
            raise DraftError("D009", where=self.where)
        if len(self._stack) + self._ignored >= _DEEPEST:
            raise DraftError("D006", where=self.where, problem="标记嵌套过深")
        tag = _short(name)
        if self._ignored or tag in _NOISE:
            self._ignored += 1
            return
        node = Node(tag, {_short(key): value for key, value in attributes.items()})
        if tag == "w:p":
            node.number = self._paragraphs
            self._paragraphs += 1
        if self._stack:
            self._stack[-1].children.append(node)
        else:
            self.root = node
        self._stack.append(node)

    def end(self, _name: str) -> None:
        if self._ignored:
            self._ignored -= 1
        else:
            self._stack.pop()

    def characters(self, text: str) -> None:
        if not self._ignored:
            self._stack[-1].children.append(text)

    def refuse(self, *_declaration: object) -> None:
        raise DraftError("D010", where=self.where)


@cache
def _short(name: str) -> str:
    namespace, _, local = name.rpartition("}")
    return f"{_PREFIXES.get(namespace, '?')}:{local}" if namespace else local
