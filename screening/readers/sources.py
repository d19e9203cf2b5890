"""The bytes of a draft, and whether they are what their name says."""

from __future__ import annotations

import re
import sys
from collections.abc import Container
from pathlib import Path

from msgspec import Struct

from screening.draft import FIELD_LABELS, DraftBuilder, Link, Media, Unscreened
from screening.errors import DraftError, UsageError, why

MAX_BYTES = 20 * 1024 * 1024

_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_REFUSED = {".doc": "D002", ".wps": "D003", ".pdf": "D004"}
_STDIN_SUFFIX = {"docx": ".docx", "html": ".html", "text": ".txt"}
_KINDS = {"docx": "Word 文档", "html": "网页", "ole": "旧版 Office 文档", "pdf": "PDF 文件"}
_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"%PDF-", "pdf"),
    (b"{\\rtf", "RTF 文档"),
    (b"\x89PNG\r\n\x1a\n", "图片"),
    (b"\xff\xd8\xff", "图片"),
    (b"GIF8", "图片"),
    (b"Rar!\x1a\x07", "压缩包"),
    (b"7z\xbc\xaf\x27\x1c", "压缩包"),
    (b"\x1f\x8b\x08", "压缩包"),
    (b"MIME-Version:", "网页归档（MHTML）"),
)
_HTML = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html)\b", re.I | re.S
)


class Source(Struct, frozen=True):
    """What a reader gets: the bytes, where they came from, and what the caller said about them.

    ``suffix`` is lower case with its dot and a key of READERS; ``path`` is None for standard input.
    """

    data: bytes
    suffix: str
    path: str | None = None
    title: str | None = None
    encoding: str | None = None

    @property
    def where(self) -> str:
        """The name to show in an error."""
        return self.path or "标准输入"

    def names_title(self, candidate: str) -> bool:
        """Tell whether ``candidate`` may leave the body: no other title was given by the caller."""
        return self.title is None or self.title.strip() == candidate.strip()


def from_file(
    path: Path, suffixes: Container[str], *, title: str | None = None, encoding: str | None = None
) -> Source:
    """Load a file whose suffix is in ``suffixes`` and whose content fits it."""
    try:
        if path.is_dir():
            raise DraftError("D017", where=str(path))
        if not path.exists():
            raise UsageError("U001", where=str(path))
        if not path.is_file():
            raise DraftError("D016", where=str(path), problem="这不是普通文件")
        suffix = path.suffix.lower()
        if suffix not in suffixes:
            raise DraftError(_REFUSED.get(suffix, "D001"), where=str(path), suffix=suffix)
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        raise DraftError("D016", where=str(path), problem=why(error)) from error
    source = Source(data, suffix, str(path), title, encoding)
    _check_size(source)
    _check_kind(source)
    return source


def from_stdin(*, title: str | None = None, encoding: str | None = None) -> Source:
    """Load standard input; its content says which reader it needs."""
    try:
        data = sys.stdin.buffer.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        raise DraftError("D016", where="标准输入", problem=why(error)) from error
    kind = sniff(data)
    source = Source(data, _STDIN_SUFFIX.get(kind, "-"), None, title, encoding)
    _check_size(source)
    if kind not in _STDIN_SUFFIX:
        raise _unfit(source, kind, "D001")
    return source


def sniff(data: bytes) -> str:
    """Name what the bytes are: docx, html, text, ole or pdf; anything else in Chinese."""
    for magic, kind in _MAGIC:
        if data.startswith(magic):
            return kind
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "docx" if b"word/" in data or b"[Content_Types].xml" in data else "压缩包"
    if _HTML.match(data.removeprefix(b"\xef\xbb\xbf")[:4096]):
        return "html"
    return "text"


def _check_size(source: Source) -> None:
    if not source.data:
        raise DraftError("D007", where=source.where)
    if len(source.data) > MAX_BYTES:
        raise DraftError("D008", where=source.where, size="超过 20 MB", limit="20 MB")


def _check_kind(source: Source) -> None:
    kind = sniff(source.data)
    if source.suffix == ".docx":
        if kind != "docx":
            raise _unfit(source, kind, "D006" if kind == "text" else "D015")
    elif kind != "text" and not (kind == "html" and source.suffix != ".txt"):
        raise _unfit(source, kind, "D015")


def _unfit(source: Source, kind: str, code: str) -> DraftError:
    """Say what the content is, when the name (or standard input) promised something else."""
    if kind == "ole" and source.suffix in (".docx", "-"):
        return DraftError("D005" if _ENCRYPTED in source.data else "D002", where=source.where)
    if kind == "pdf" and source.suffix == "-":
        return DraftError("D004", where=source.where)
    actual = _KINDS.get(kind, kind)
    shown = actual if code == "D001" else source.suffix
    return DraftError(
        code, where=source.where, suffix=shown, actual=actual, problem="不是 Word 文档"
    )


def add_links(builder: DraftBuilder) -> None:
    """List each distinct link target once in the field ``links``."""
    targets = dict.fromkeys(link.target for link in builder.links)
    for number, target in enumerate(targets, start=1):
        builder.add("links", target, f"链接{number}")


def add_link(builder: DraftBuilder, text: str, target: str) -> None:
    """Record a link that leads somewhere: not within the page, and not to a script."""
    target = target.strip()
    if target and not target.lower().startswith(("#", "javascript:", "void(")):
        builder.links.append(Link(" ".join(text.split()), target))


def add_picture(builder: DraftBuilder, picture: Media, place: str) -> None:
    """Record a picture, its alternative text, and that nobody read the words inside it."""
    builder.media.append(picture)
    builder.add("captions", picture.alt.strip(), f"图片“{picture.name}”")
    builder.unscreened.append(
        Unscreened(f"图片“{picture.name}”（{place}）", "图片里的文字没有审查，请人工查看")
    )


def add_embedded(builder: DraftBuilder, item: Media, what: str, place: str) -> None:
    """Record an embedded object, film or sound that was not opened."""
    builder.media.append(item)
    builder.add("captions", item.alt.strip(), f"{what}“{item.name}”")
    builder.unscreened.append(
        Unscreened(f"{what}“{item.name}”（{place}）", "嵌入的内容没有审查，请人工查看")
    )


def property_label(name: str) -> str:
    """Label one block of the field ``properties``."""
    return f"{FIELD_LABELS['properties']}“{name}”"
