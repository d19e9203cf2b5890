"""One part of a Word document (body, header, notes …) to text, in the order a reader sees it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable

from msgspec import Struct

from screening.draft import Cell, DraftBuilder, Unscreened
from screening.readers.figures import Figures, chosen_alternative
from screening.readers.package import Package, Relation
from screening.readers.sources import add_embedded, add_link, add_picture
from screening.readers.wordstyles import PAGE, UNKNOWN, Style, Styles, shading, value
from screening.readers.xmltree import Node

_FIXED = {
    "w:tab": "\t",
    "w:ptab": "\t",
    "w:br": "\n",
    "w:cr": "\n",
    "w:noBreakHyphen": "-",
    "w:softHyphen": "\u00ad",
}
_SKIPPED = frozenset(("w:pPr", "w:rPr", "w:trPr", "w:tcPr", "w:sectPr", "w:fldData"))
_DELETED = frozenset(("w:del", "w:moveFrom"))
_FOREIGN = {"w:altChunk": "嵌入的文档片段", "w:subDoc": "子文档"}
_HYPERLINK = re.compile(r"\bHYPERLINK\s+(?:\\[ntmo]\s+)*(?:\"([^\"]*)\"|([^\s\"\\]\S*))", re.I)
_PRIVATE = range(0xE000, 0xF900)


class Paragraph(Struct):
    """A paragraph that has been read, and where it stands."""

    field: str
    text: str
    label: str
    path: str
    cell: Cell | None = None


class _Field(Struct):
    """A complex field: its instruction until the separator, then its result."""

    instruction: list[str] = []
    result: list[str] = []
    showing: bool = False


class _Open(Struct):
    """The paragraph being read, and what was met inside it that comes after it."""

    style: Style
    figures: Figures
    shown: list[str] = []
    hidden: list[str] = []
    boxes: list[Node] = []


class PartReader:
    """Reads one part into ``paragraphs``; links, media and hidden text go to the builder.

    ``field_name`` is the draft's field, ``prefix`` begins every label outside the body ("页眉1"),
    ``is_title`` is asked whether the first paragraph is the draft's title.
    """

    def __init__(
        self,
        package: Package,
        styles: Styles,
        builder: DraftBuilder,
        *,
        part: str,
        field_name: str,
        prefix: str = "",
        is_title: Callable[[str, Style], bool] | None = None,
    ) -> None:
        self.paragraphs: list[Paragraph] = []
        self._package = package
        self._styles = styles
        self._builder = builder
        self._part = part
        self._field = field_name
        self._prefix = prefix
        self._relations: dict[str, Relation] = package.relations(part)
        self._fields: list[_Field] = []
        self._is_title = is_title
        self._tables: Counter[str] = Counter()
        self._numbered = self._boxes = 0
        self._cell: Cell | None = None
        self._ground = PAGE

    def read(self, root: Node, prefix: str | None = None) -> None:
        """Read all blocks below ``root``; ``prefix`` replaces the label's beginning."""
        if prefix is not None:
            self._prefix = prefix
        self._blocks(root, "", deleted=False)

    def _blocks(self, parent: Node, cell: str, *, deleted: bool) -> None:
        for node in parent:
            if node.tag == "w:p":
                self._paragraph(node, cell, deleted=deleted)
            elif node.tag == "w:tbl":
                self._table(node, cell, deleted=deleted)
            elif node.tag in _FOREIGN:
                self._add_foreign(node.tag, self._place(cell))
            elif node.tag == "mc:AlternateContent":
                self._blocks(chosen_alternative(node), cell, deleted=deleted)
            elif node.tag not in _SKIPPED:
                self._blocks(node, cell, deleted=deleted or node.tag in _DELETED)

    def _table(self, table: Node, cell: str, *, deleted: bool) -> None:
        within = f"{cell}内" if cell else self._prefix
        self._tables[within] += 1
        name = f"{within}表{self._tables[within]}"
        self._builder.tables += 1
        number, outside = self._builder.tables, (self._cell, self._ground)
        look = table.find("w:tblPr")
        styled = UNKNOWN if value(look, "w:tblStyle") else outside[1]
        ground = shading(look) or styled
        for row_number, row in enumerate(_rows(table), start=1):
            properties = row.find("w:trPr")
            gone = deleted or bool(properties and properties.find("w:del"))
            column = 1 + _number(properties, "w:gridBefore", 0)
            for item in _cells(row):
                merged = item.find("w:tcPr", "w:vMerge")
                covered = merged is not None and merged.get("w:val") != "restart"
                label = f"{name}第{row_number}行第{column}列"
                width = max(_number(item.find("w:tcPr"), "w:gridSpan", 1), 1)
                self._cell = Cell(number, row_number, column, width)
                self._ground = shading(item.find("w:tcPr")) or ground
                self._blocks(item, label, deleted=gone or covered)
                column += width
        self._cell, self._ground = outside

    def _paragraph(self, node: Node, cell: str, *, deleted: bool) -> None:
        open_ = _Open(
            self._styles.of_paragraph(node.find("w:pPr")),
            Figures(self._package, self._relations, self._builder),
        )
        self._inline(node, open_, hidden=deleted)
        text = "".join(open_.shown).strip()
        path = f"{self._part}#p{node.number}"
        label = self._place(cell)
        if text:
            label = self._add_paragraph(text, cell, path, open_.style)
        elif not cell and self._numbered:
            label = f"{label}后"
        self._builder.add("hidden", "".join(open_.hidden).strip(), f"{label}的隐藏文字", path)
        self._add_figures(open_.figures, label, path)
        for box in open_.boxes:
            self._boxes += 1
            outside, self._ground = self._ground, UNKNOWN
            self._blocks(box, f"{self._prefix}文本框{self._boxes}", deleted=deleted)
            self._ground = outside

    def _add_paragraph(self, text: str, cell: str, path: str, style: Style) -> str:
        """Keep a paragraph, as the title or as the next of its field; return its label."""
        first = not cell and not self.paragraphs
        if first and self._is_title is not None and self._is_title(text, style):
            self.paragraphs.append(Paragraph("title", text, "标题", path))
            return "标题"
        self._numbered += not cell
        label = self._place(cell)
        self.paragraphs.append(Paragraph(self._field, text, label, path, self._cell))
        return label

    def _add_figures(self, figures: Figures, place: str, path: str) -> None:
        for what, text in figures.texts:
            self.paragraphs.append(Paragraph(self._field, text, f"{what}（{place}）", path))
        for what, item in figures.objects:
            if item.kind == "picture":
                add_picture(self._builder, item, place)
            else:
                add_embedded(self._builder, item, what, place)

    def _add_foreign(self, tag: str, place: str) -> None:
        what = f"{_FOREIGN[tag]}（{place}）"
        self._builder.unscreened.append(Unscreened(what, "嵌入的内容没有审查，请人工查看"))

    def _place(self, cell: str) -> str:
        if cell:
            return cell
        if self._field != "body":
            return self._prefix
        return f"第{self._numbered}段" if self._numbered else "文首"

    def _inline(self, parent: Node, open_: _Open, *, hidden: bool) -> None:
        for node in parent:
            tag = node.tag
            if tag in ("w:t", "m:t", "w:delText"):
                self._add(
                    node.text().replace("\n", " "), open_, hidden=hidden or tag == "w:delText"
                )
            elif tag in _FIXED:
                self._add(_FIXED[tag], open_, hidden=hidden)
            elif tag in ("w:r", "m:r"):
                covered = self._styles.hides(open_.style, node.find("w:rPr"), self._ground)
                self._inline(node, open_, hidden=hidden or covered)
            elif tag not in _SKIPPED:
                self._special(node, open_, hidden=hidden or tag in _DELETED)

    def _special(self, node: Node, open_: _Open, *, hidden: bool) -> None:
        """Handle an element inside a paragraph that is more than a wrapper around runs."""
        tag = node.tag
        if tag in ("w:fldChar", "w:instrText", "w:fldSimple"):
            self._field_part(node)
            self._inline(node, open_, hidden=hidden)
        elif tag == "w:hyperlink":
            self._hyperlink(node, open_, hidden=hidden)
        elif tag == "w:sym":
            self._add(_symbol(node), open_, hidden=hidden)
        elif tag == "w:ruby":
            self._ruby(node, open_, hidden=hidden)
        elif tag in _FOREIGN:
            self._add_foreign(tag, self._place(""))
        elif tag == "w:txbxContent":
            open_.boxes.append(node)
        elif tag == "mc:AlternateContent":
            self._alternate(node, open_, hidden=hidden)
        else:
            if tag in ("w:drawing", "w:pict", "w:object"):
                open_.figures.read(node)
            self._inline(node, open_, hidden=hidden)

    def _field_part(self, node: Node) -> None:
        if node.tag == "w:fldSimple":
            self._add_field_link(node.get("w:instr"), "".join(_texts(node)))
        elif node.tag == "w:fldChar":
            self._field_mark(node.get("w:fldCharType"))
        elif self._fields:
            self._fields[-1].instruction.append(node.text())

    def _add(self, text: str, open_: _Open, *, hidden: bool) -> None:
        covered = hidden or any(not field_.showing for field_ in self._fields)
        (open_.hidden if covered else open_.shown).append(text)
        for field_ in self._fields:
            field_.result.append(text if field_.showing else "")

    def _hyperlink(self, node: Node, open_: _Open, *, hidden: bool) -> None:
        start = len(open_.shown)
        self._inline(node, open_, hidden=hidden)
        relation = self._relations.get(node.get("r:id"))
        if relation is not None and relation.external:
            add_link(self._builder, "".join(open_.shown[start:]), relation.target)

    def _field_mark(self, kind: str) -> None:
        if kind == "begin":
            self._fields.append(_Field())
        elif kind == "separate" and self._fields:
            self._fields[-1].showing = True
        elif kind == "end" and self._fields:
            ended = self._fields.pop()
            self._add_field_link("".join(ended.instruction), "".join(ended.result))

    def _add_field_link(self, instruction: str, text: str) -> None:
        for quoted, bare in _HYPERLINK.findall(instruction):
            add_link(self._builder, text, quoted or bare)

    def _ruby(self, node: Node, open_: _Open, *, hidden: bool) -> None:
        """Keep the base characters in line, so that a reading above them splits no word."""
        for child in node:
            if child.tag == "w:rubyBase":
                self._inline(child, open_, hidden=hidden)
            elif child.tag == "w:rt":
                self._builder.add("captions", "".join(_texts(child)), "注音")

    def _alternate(self, node: Node, open_: _Open, *, hidden: bool) -> None:
        """Read the first choice; a fallback that says something else is hidden text."""
        chosen = chosen_alternative(node)
        self._inline(chosen, open_, hidden=hidden)
        said = "".join(_texts(chosen))
        for other in node:
            if other is not chosen and (text := "".join(_texts(other))) != said:
                open_.hidden.append(text)


def _rows(table: Node) -> list[Node]:
    """Return the rows, also those wrapped in content controls or tracked changes."""
    return _unwrapped(table, "w:tr")


def _cells(row: Node) -> list[Node]:
    return _unwrapped(row, "w:tc")


def _unwrapped(parent: Node, tag: str) -> list[Node]:
    found: list[Node] = []
    for node in parent:
        if node.tag == tag:
            found.append(node)
        elif node.tag not in _SKIPPED:
            found.extend(_unwrapped(node, tag))
    return found


def _texts(node: Node) -> list[str]:
    return [child.text() for child in node.walk() if child.tag in ("w:t", "m:t")]


def _number(properties: Node | None, tag: str, default: int) -> int:
    node = properties.find(tag) if properties else None
    written = node.get("w:val") if node else ""
    return int(written) if written.isdecimal() and len(written) < 5 else default


def _symbol(node: Node) -> str:
    """Return a symbol's character, unless only its own font knows what it is."""
    try:
        code = int(node.get("w:char"), 16)
        return "" if code in _PRIVATE or 0xD800 <= code < 0xE000 else chr(code)
    except (ValueError, OverflowError):
        return ""
