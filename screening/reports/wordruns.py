"""The runs of a Word paragraph, cut where a comment begins or ends."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

from msgspec import Struct

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
#: elements whose character a reader sees, as the reader of drafts sees them
_FIXED = {
    "tab": "\t",
    "ptab": "\t",
    "br": "\n",
    "cr": "\n",
    "noBreakHyphen": "-",
    "softHyphen": "\xad",
}
_UNSEEN = frozenset(
    ("pPr", "rPr", "del", "moveFrom", "drawing", "pict", "object", "rt", "instrText", "delText")
)
#: what a comment may begin and end in
_HOLDERS = frozenset(("p", "ins", "hyperlink", "moveTo", "sdtContent"))
#: wrappers in which word processors overlook a comment's ends; two in a row mean what one did
_DIVISIBLE = frozenset(("smartTag", "customXml", "dir", "bdo"))
_MASK = "*"
_UNWRITABLE = "\ufffd"


class Place(Struct, frozen=True):
    """``offset`` code points into the text of the paragraph with this number."""

    paragraph: int
    offset: int


def paragraphs_of(document: Any) -> list[Any]:
    """Return every w:p in document order, nested ones included, as the reader numbers them."""
    return list(document.iter(f"{_W}p"))


class Runs:
    """The text of one paragraph as (start, end, element) of its runs.

    ``text`` is what the draft says stands there, stripped, personal numbers masked; where the
    paragraph says something else it is not ``usable``.
    """

    def __init__(self, paragraph: Any, text: str) -> None:
        self._paragraph = paragraph
        self._pieces = _shown([(run, _text(run)) for run in _runs(paragraph)], text)
        whole = "".join(said for _, said in self._pieces)
        self._indent = len(whole) - len(whole.lstrip())
        self.usable = bool(text) and _same(whole.strip(), text)

    def cut(self, offsets: Sequence[int]) -> None:
        """Split runs so that each of the rising ``offsets`` falls between two."""
        if not self.usable:
            return
        for offset in offsets:
            at, position = offset + self._indent, 0
            for index, (run, said) in enumerate(self._pieces):
                if position < at < position + len(said) and _name(run) == "r":
                    rest = _split(run, at - position)
                    cut = at - position
                    self._pieces[index : index + 1] = [(run, said[:cut]), (rest, said[cut:])]
                    break
                position += len(said)

    def begin(self, offset: int, comment: int) -> None:
        """Begin a comment before the character at ``offset``."""
        run = self._run_from(offset + self._indent)
        _lifted(run, after=False).addprevious(_mark(run, "commentRangeStart", comment))

    def end(self, offset: int, comment: int) -> None:
        """End a comment after the character before ``offset``, and put its sign there."""
        run = self._run_from(offset + self._indent - 1)
        _close(_lifted(run, after=True), comment)

    def whole(self, comment: int) -> None:
        """Comment on the whole paragraph; its sign stands at its end."""
        start = _mark(self._paragraph, "commentRangeStart", comment)
        properties = self._paragraph.find(f"{_W}pPr")
        if properties is None:
            self._paragraph.insert(0, start)
        else:
            properties.addnext(start)
        last = self._paragraph[-1]
        _close(last, comment)

    def _run_from(self, at: int) -> Any:
        position = 0
        for run, said in self._pieces:
            if position <= at < position + len(said):
                return run
            position += len(said)
        return self._pieces[-1][0]


def _runs(paragraph: Any) -> list[Any]:
    """Return the runs that show text, in formulas too, outside deleted text and text boxes."""
    found: list[Any] = []
    for child in paragraph:
        name = _name(child)
        if name == "r" and not _vanishes(child):
            base = child.find(f"{_W}ruby/{_W}rubyBase")
            found.extend([child] if base is None else _runs(base))
        elif isinstance(child.tag, str) and child.tag.startswith(_M):
            found.extend(child.iter(f"{_M}r"))
        elif name and name not in _UNSEEN and name != "p":
            found.extend(_runs(child))
    return found


def _shown(pieces: list[tuple[Any, str]], text: str) -> list[tuple[Any, str]]:
    """Leave out the runs that the reader of drafts took for hidden; all stay where none fit."""
    kept, at = [], 0
    for run, said in pieces:
        shown = said if at else said.lstrip()
        part = text[at : at + len(shown)]
        if _same(shown[: len(part)], part) and not shown[len(part) :].strip():
            kept.append((run, said))
            at += len(part)
    return kept if at == len(text) else pieces


def _text(run: Any) -> str:
    parts = []
    for child in run:
        name = _name(child)
        if name == "t" or child.tag == f"{_M}t":
            parts.append((child.text or "").replace("\n", " "))
        elif name in _FIXED:
            parts.append(_FIXED[name])
    return "".join(parts)


def _split(run: Any, at: int) -> Any:
    """Cut a run after ``at`` characters; return the new one with the rest, placed behind."""
    rest = copy.deepcopy(run)
    position = 0
    for child, twin in zip(list(run), list(rest), strict=True):
        name = _name(child)
        size = len(child.text or "") if name == "t" else int(name in _FIXED)
        if name == "t" and position < at < position + size:
            text = child.text or ""
            child.text, twin.text = text[: at - position], text[at - position :]
            child.set(_SPACE, "preserve")
            twin.set(_SPACE, "preserve")
        elif name != "rPr":
            gone = twin if position < at else child
            gone.getparent().remove(gone)
        position += size
    run.addnext(rest)
    return rest


def _same(found: str, masked: str) -> bool:
    """Tell whether two texts are the same but for what was masked, or cannot stand in XML."""
    return len(found) == len(masked) and all(
        one in (other, _UNWRITABLE) or other == _MASK
        for one, other in zip(found, masked, strict=True)
    )


def _close(element: Any, comment: int) -> None:
    end = _mark(element, "commentRangeEnd", comment)
    element.addnext(end)
    run = element.makeelement(f"{_W}r", {})
    run.append(_mark(element, "commentReference", comment))
    end.addnext(run)


def _mark(near: Any, name: str, comment: int) -> Any:
    return near.makeelement(f"{_W}{name}", {f"{_W}id": str(comment)})


def _lifted(element: Any, *, after: bool) -> Any:
    """Return ``element``, or what holds it, where a mark may stand before or ``after`` it."""
    while (parent := element.getparent()) is not None and _name(parent) not in _HOLDERS:
        cut = _name(parent) in _DIVISIBLE
        element = _divided(parent, element, after=after) if cut else parent
    return element


def _divided(wrapper: Any, element: Any, *, after: bool) -> Any:
    """Cut ``wrapper`` in two before or ``after`` ``element``; return the part that holds it."""
    properties = [child for child in wrapper if _name(child).endswith("Pr")]
    rest = list(element.itersiblings())
    if not after:
        rest = [element, *rest]
    if not rest or len(rest) + len(properties) == len(wrapper):
        return wrapper
    twin = wrapper.makeelement(wrapper.tag, dict(wrapper.attrib), wrapper.nsmap)
    twin.extend([*map(copy.deepcopy, properties), *rest])
    wrapper.addnext(twin)
    return wrapper if after else twin


def _vanishes(run: Any) -> bool:
    hidden = run.find(f"{_W}rPr/{_W}vanish")
    return hidden is not None and hidden.get(f"{_W}val") not in ("0", "false", "off")


def _name(element: Any) -> str:
    tag = element.tag
    return tag[len(_W) :] if isinstance(tag, str) and tag.startswith(_W) else ""
