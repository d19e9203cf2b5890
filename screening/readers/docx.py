"""Word documents (.docx): every part that a reader of the document sees."""

from __future__ import annotations

from collections.abc import Callable

from screening.draft import DraftBuilder, Unscreened
from screening.errors import DraftError
from screening.readers.package import Package, Relation
from screening.readers.sources import Source, add_links, property_label
from screening.readers.wordstyles import Style, Styles, trim
from screening.readers.wordtext import Paragraph, PartReader
from screening.readers.xmltree import Node

_PROPERTIES = {
    "dc:title": "标题",
    "dc:creator": "作者",
    "dc:subject": "主题",
    "cp:keywords": "关键词",
    "dc:description": "备注",
    "cp:category": "类别",
}
_NOTES = {"footnotes": ("w:footnote", "脚注"), "endnotes": ("w:endnote", "尾注")}
_MARGINS = {"header": "页眉", "footer": "页脚"}
_LONGEST_PLAIN_TITLE = 40
_LONGEST_CENTRED_TITLE = 100
_NOT_TITLE_ENDINGS = tuple("。！？；：，.!?;:,…")


def read(source: Source) -> DraftBuilder:
    """Read a Word document; blocks' paths are "word/document.xml#p12", the 13th w:p of the part."""
    builder = DraftBuilder("docx", source.path)
    package = Package(source.data, source.where)
    main = _main_part(package)
    relations = package.relations(main)
    styles = _styles(package, relations)
    content = package.xml(main).find("w:body")
    if content is None:
        raise DraftError("D006", where=source.where, problem="没有正文")
    body = PartReader(
        package,
        styles,
        builder,
        part=main,
        field_name="body",
        is_title=_title_rule(source, content),
    )
    body.read(content)
    _add_all(builder, body.paragraphs)
    for kind, label in _MARGINS.items():
        for number, part in enumerate(_targets(package, relations, kind), start=1):
            margin = PartReader(
                package, styles, builder, part=part, field_name=kind, prefix=f"{label}{number}"
            )
            margin.read(package.xml(part))
            _add_all(builder, margin.paragraphs)
    for kind in _NOTES:
        for part in _targets(package, relations, kind):
            _read_notes(package, styles, builder, part, kind)
    _tell_missing(package, relations, builder)
    _add_properties(package, builder)
    add_links(builder)
    return builder


def _tell_missing(package: Package, relations: dict[str, Relation], builder: DraftBuilder) -> None:
    """List the parts with text that the document refers to and that are not in the file."""
    kinds = (*_MARGINS, *_NOTES)
    for item in relations.values():
        if item.kind in kinds and not item.external and item.target not in package:
            builder.unscreened.append(Unscreened(f"“{item.target}”", "文件里缺少这一部分"))


def _main_part(package: Package) -> str:
    relations = package.relations("").values()
    named = [item.target for item in relations if item.kind == "officeDocument"]
    return named[0] if named and named[0] in package else "word/document.xml"


def _styles(package: Package, relations: dict[str, Relation]) -> Styles:
    parts = _targets(package, relations, "styles")
    return Styles(package.xml(parts[0], trim) if parts else None)


def _targets(package: Package, relations: dict[str, Relation], kind: str) -> list[str]:
    """Return the parts of one kind in the order of their names, each once."""
    found = {item.target for item in relations.values() if item.kind == kind and not item.external}
    return sorted(target for target in found if target in package)


def _read_notes(
    package: Package, styles: Styles, builder: DraftBuilder, part: str, kind: str
) -> None:
    tag, label = _NOTES[kind]
    notes = PartReader(package, styles, builder, part=part, field_name="notes", prefix=label)
    real = [node for node in package.xml(part) if node.tag == tag and not node.get("w:type")]
    for number, note in enumerate(real, start=1):
        notes.read(note, f"{label}{number}")
    _add_all(builder, notes.paragraphs)


def _add_all(builder: DraftBuilder, paragraphs: list[Paragraph]) -> None:
    for paragraph in paragraphs:
        builder.add(
            paragraph.field, paragraph.text, paragraph.label, paragraph.path, paragraph.cell
        )


def _title_rule(source: Source, body: Node) -> Callable[[str, Style], bool]:
    """Return how to tell that the first paragraph is the title: by its style, or by its looks."""
    total = sum(len(node.text().strip()) for node in body.walk() if node.tag == "w:t")

    def is_title(text: str, style: Style) -> bool:
        if not source.names_title(text) or style.is_title:
            return source.names_title(text)
        limit = _LONGEST_CENTRED_TITLE if style.centred else _LONGEST_PLAIN_TITLE
        followed = total > len(text)
        return followed and len(text) <= limit and not text.endswith(_NOT_TITLE_ENDINGS)

    return is_title


def _add_properties(package: Package, builder: DraftBuilder) -> None:
    relations = package.relations("").values()
    part = next((item.target for item in relations if item.kind == "core-properties"), "")
    if part not in package:
        return
    for node in package.xml(part):
        if node.tag in _PROPERTIES:
            builder.add("properties", node.text().strip(), property_label(_PROPERTIES[node.tag]))
