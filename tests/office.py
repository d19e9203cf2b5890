"""LibreOffice reads Word files back: their text, and the words that comments are anchored to."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from lxml import etree

_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_LOEXT = "{urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_CHARACTERS = {
    **{f"{_TEXT}{name}": "\n" for name in ("p", "h", "line-break")},
    f"{_TEXT}tab": "\t",
}
#: elements whose own text is shown; white space between all others is the file's, not the draft's
_FLOWING = frozenset(
    (
        *(f"{_TEXT}{name}" for name in ("p", "h", "span", "a", "meta", "ruby-base", "text-input")),
        f"{_LOEXT}content-control",
    )
)
#: parts of the flow whose own text stands elsewhere
_ASIDE = frozenset((f"{_TEXT}note", f"{_TEXT}tracked-changes", f"{_OFFICE}forms"))
_SECONDS = 240
_RULE = re.compile(r"规则：(?P<rule>\w+)(?:\n（同一条意见，第 (?P<part>\d+) 处)?")


class Comment(NamedTuple):
    """Who said what about which words."""

    author: str
    text: str
    words: str


class Office(NamedTuple):
    """A document as LibreOffice shows it: paragraphs without comments, and the comments."""

    paragraphs: tuple[str, ...]
    comments: tuple[Comment, ...]


def convert(files: Sequence[Path], folder: Path) -> list[Office]:
    """Open all ``files`` (of different names) in one LibreOffice and return what it shows.

    Raises:
        FileNotFoundError: LibreOffice is not installed; ``.ci/run`` installs it on Debian.
    """
    program = shutil.which("soffice")
    if program is None:
        raise FileNotFoundError("soffice：请先安装（apt-get install libreoffice-writer-nogui）")
    profile = f"-env:UserInstallation={(folder / 'profile').resolve().as_uri()}"
    command = [program, profile, "--headless", "--convert-to", "fodt", "--outdir", str(folder)]
    subprocess.run([*command, *map(str, files)], check=True, capture_output=True, timeout=_SECONDS)
    return [_read(folder / f"{file.stem}.fodt") for file in files]


def _read(path: Path) -> Office:
    return _Reader(etree.parse(path, etree.XMLParser(huge_tree=True)).getroot()).read()


class _Reader:
    """Reads one flat document; deleted and hidden text is no part of what it shows."""

    def __init__(self, root: etree._Element) -> None:
        self._body = root.find(f"{_OFFICE}body/{_OFFICE}text")
        self._hidden = {
            style.get(f"{_STYLE}name")
            for style in root.iter(f"{_STYLE}style")
            if style.find(f"{_STYLE}text-properties[@{_TEXT}display='none']") is not None
        }
        self._deletions = {
            region.get(f"{_TEXT}id")
            for region in root.iter(f"{_TEXT}changed-region")
            if region.find(f"{_TEXT}deletion") is not None
        }
        self._deleted: set[str] = set()
        self._shown: list[str] = []
        self._comments: dict[str, Comment] = {}
        self._open: set[str] = set()

    def read(self) -> Office:
        """Return the document."""
        self._walk(self._body, hidden=False)
        paragraphs = "".join(self._shown).strip("\n").split("\n")
        return Office(tuple(paragraphs), tuple(self._comments.values()))

    def _walk(self, node: etree._Element, *, hidden: bool) -> None:
        hidden = hidden or node.get(f"{_TEXT}style-name") in self._hidden
        self._add(_own(node), hidden=hidden)
        inside = node.tag in _FLOWING
        if inside:
            self._add(node.text, hidden=hidden)
        for child in node:
            self._child(child, hidden=hidden)
            if inside:
                self._add(child.tail, hidden=hidden)

    def _child(self, child: etree._Element, *, hidden: bool) -> None:
        name = child.get(f"{_OFFICE}name")
        change = child.get(f"{_TEXT}change-id")
        if child.tag == f"{_OFFICE}annotation":
            said = "\n".join("".join(_words(item)) for item in child.iter(f"{_TEXT}p"))
            comment = Comment(child.findtext(f"{_DC}creator") or "", said, "")
            self._comments[name or f"#{len(self._comments)}"] = comment
            self._open.update(filter(None, [name]))
        elif child.tag == f"{_OFFICE}annotation-end":
            self._open.discard(name)
        elif child.tag == f"{_TEXT}change-start" and change in self._deletions:
            self._deleted.add(change)
        elif child.tag == f"{_TEXT}change-end":
            self._deleted.discard(change)
        elif isinstance(child.tag, str) and child.tag not in _ASIDE:
            self._walk(child, hidden=hidden)

    def _add(self, text: str | None, *, hidden: bool) -> None:
        if not text or hidden or self._deleted:
            return
        text = text.replace("\u2011", "-")
        self._shown.append(text)
        for name in self._open:
            comment = self._comments[name]
            self._comments[name] = comment._replace(words=comment.words + text)


def _own(node: etree._Element) -> str:
    """Return the character that an element itself stands for."""
    if node.tag == f"{_TEXT}s":
        return " " * int(node.get(f"{_TEXT}c") or 1)
    return _CHARACTERS.get(node.tag, "")


def _words(node: etree._Element) -> Iterator[str]:
    yield node.text or ""
    for child in node:
        yield _own(child)
        yield from _words(child)
        yield child.tail or ""


def astray(findings: Sequence[tuple[str, str]], comments: Sequence[Comment]) -> list[str]:
    """Return the words that no comment of their rule is anchored to, each with what there is.

    ``findings`` are (rule, words) of everything that should have a comment of its own; personal
    numbers in them may be masked. Words that got several comments count as one.
    """
    anchored: dict[str, list[str]] = {}
    for comment in comments:
        if match := _RULE.search(comment.text):
            words = _plain(comment.words)
            known = anchored.setdefault(match["rule"], [])
            if match["part"] in (None, "1"):
                known.append(words)
            else:
                known[-1] += "\n" + words
    lost = []
    for rule, words in findings:
        found = next((x for x in anchored.get(rule, []) if _same(x, _plain(words))), None)
        if found is None:
            lost.append(f"{rule} {words!r}: {anchored.get(rule)}")
        else:
            anchored[rule].remove(found)
    return lost


def _plain(words: str) -> str:
    """Leave out indents and empty paragraphs, which are no part of a draft's text."""
    return "\n".join(line.strip() for line in words.split("\n") if line.strip())


def _same(found: str, words: str) -> bool:
    return len(found) == len(words) and all(
        other in (one, "*") for one, other in zip(found, words, strict=True)
    )
