"""Word files made by hand, so that every construct Word can write stands in a test."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

NAMESPACES = " ".join(
    f'xmlns:{prefix}="{uri}"'
    for prefix, uri in {
        "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
        "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
        "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
        "pic": "http://schemas.openxmlformats.org/drawingml/2006/picture",
        "c": "http://schemas.openxmlformats.org/drawingml/2006/chart",
        "dgm": "http://schemas.openxmlformats.org/drawingml/2006/diagram",
        "v": "urn:schemas-microsoft-com:vml",
        "o": "urn:schemas-microsoft-com:office:office",
        "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
        "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
    }.items()
)
_TYPE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_CORE = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"


def p(*content: str, style: str = "", jc: str = "") -> str:
    """A paragraph; plain words become a run."""
    properties = (f'<w:pStyle w:val="{style}"/>' if style else "") + (
        f'<w:jc w:val="{jc}"/>' if jc else ""
    )
    runs = (item if item.startswith("<") else r(item) for item in content)
    return f"<w:p><w:pPr>{properties}</w:pPr>{''.join(runs)}</w:p>"


def r(text: str, properties: str = "") -> str:
    """A run."""
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def relation(number: str, kind: str, target: str, *, external: bool = False) -> str:
    """One relationship."""
    mode = ' TargetMode="External"' if external else ""
    return f'<Relationship Id="{number}" Type="{_TYPE}{kind}" Target="{target}"{mode}/>'


def part(tag: str, content: str) -> str:
    """A whole part with root ``tag``."""
    return f'<?xml version="1.0" encoding="UTF-8"?><{tag} {NAMESPACES}>{content}</{tag}>'


def _relations(content: str) -> str:
    uri = "http://schemas.openxmlformats.org/package/2006/relationships"
    return f'<Relationships xmlns="{uri}">{content}</Relationships>'


def document(body: str, relations: str = "", core: str = "", **parts: str | bytes) -> bytes:
    """A .docx; ``parts`` are named by path with "__" for "/" and "_" for ".": word__styles_xml."""
    package = relation("rId1", "officeDocument", "word/document.xml")
    package += (
        f'<Relationship Id="rId2" Type="{_CORE}" Target="docProps/core.xml"/>' if core else ""
    )
    files: dict[str, str | bytes] = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": _relations(package),
        "word/document.xml": part("w:document", f"<w:body>{body}</w:body>"),
        "word/_rels/document.xml.rels": _relations(relations),
    }
    if core:
        files["docProps/core.xml"] = (
            '<cp:coreProperties xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:cp="http://'
            'schemas.openxmlformats.org/package/2006/metadata/core-properties">'
            f"{core}</cp:coreProperties>"
        )
    files.update({name.replace("__", "/").replace("_", "."): data for name, data in parts.items()})
    return zipped(files)


def zipped(files: dict[str, str | bytes]) -> bytes:
    """A zip of these files."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return stream.getvalue()


def save(folder: Path, data: bytes, name: str = "稿件.docx") -> Path:
    """Write ``data`` and return its path."""
    path = folder / name
    path.write_bytes(data)
    return path
