"""Word drafts as word processors leave them, made of any paragraphs: split runs, tables, revisions.

Every text stands in the file exactly once where a reader sees it; what was deleted, hidden or is a
comment of somebody else stands beside it.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from random import Random
from xml.sax.saxutils import escape

import docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

#: declarations for raw XML
NAMESPACES = nsdecls("w", "r") + (
    ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    ' xmlns:v="urn:schemas-microsoft-com:vml"'
    ' xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
)
_LOOKS = (
    *("", "<w:b/>", "<w:i/>", '<w:color w:val="C00000"/>', '<w:sz w:val="32"/>'),
    *('<w:rFonts w:eastAsia="仿宋"/>', '<w:highlight w:val="yellow"/>', '<w:u w:val="single"/>'),
)
_COVER = '<w:sdtPr><w:docPartObj><w:docPartGallery w:val="Cover Pages"/></w:docPartObj></w:sdtPr>'
_BY = 'w:id="{}" w:author="李示例" w:date="2026-11-01T08:00:00Z"'
_BETWEEN = (
    "",
    '<w:proofErr w:type="spellStart"/>',
    '<w:bookmarkStart w:id="{n}" w:name="书签{n}"/><w:bookmarkEnd w:id="{n}"/>',
    f"<w:del {_BY}><w:r><w:delText>删去的话</w:delText></w:r></w:del>",
    "<w:r><w:rPr><w:vanish/></w:rPr><w:t>隐藏的话</w:t></w:r>",
    "<w:r><w:lastRenderedPageBreak/></w:r>",
)


def write(texts: Sequence[str], random: Random) -> bytes:
    """Return a .docx of the paragraphs ``texts``: every one cut and wrapped in another way."""
    maker = _Maker(random)
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "机电工程学院宣传稿"
    body = document.element.body
    last = body.sectPr
    waiting = list(texts)
    while waiting:
        if len(waiting) >= 4 and random.random() < 0.15:
            last.addprevious(maker.table([waiting.pop(0) for _ in range(4)]))
        else:
            last.addprevious(maker.block(waiting.pop(0)))
    saved = io.BytesIO()
    document.save(saved)
    return saved.getvalue()


class _Maker:
    def __init__(self, random: Random) -> None:
        self._random = random
        self._number = 100
        self._wraps: tuple[Callable[[str], str], ...] = (
            *(lambda runs: runs,) * 3,
            lambda runs: f"<w:ins {self._by()}>{runs}</w:ins>",
            lambda runs: f"<w:moveTo {self._by()}>{runs}</w:moveTo>",
            lambda runs: f'<w:hyperlink w:anchor="书签">{runs}</w:hyperlink>',
            lambda runs: f"<w:sdt><w:sdtContent>{runs}</w:sdtContent></w:sdt>",
            lambda runs: f'<w:smartTag w:element="地点">{runs}</w:smartTag>',
            lambda runs: (
                f'<w:hyperlink w:anchor="书签"><w:ins {self._by()}>{runs}</w:ins></w:hyperlink>'
            ),
        )

    def block(self, text: str) -> object:
        """Return a paragraph, sometimes within a content control."""
        paragraph = self._paragraph(text)
        if self._random.random() < 0.1:
            paragraph = f"<w:sdt>{_COVER}<w:sdtContent>{paragraph}</w:sdtContent></w:sdt>"
        return self._parsed(paragraph)

    def table(self, texts: Sequence[str]) -> object:
        """Return a table of two columns; its last cell holds a table of its own."""
        inner = self._table([texts[-1]], 1)
        cells = [*map(self._paragraph, texts[:-1]), inner + "<w:p/>"]
        return self._parsed(self._table(cells, 2, ready=True))

    def _table(self, cells: Sequence[str], columns: int, *, ready: bool = False) -> str:
        made = [cell if ready else self._paragraph(cell) for cell in cells]
        rows = [made[at : at + columns] for at in range(0, len(made), columns)]
        grid = '<w:gridCol w:w="4000"/>' * columns
        body = "".join(
            "<w:tr>" + "".join(f"<w:tc><w:tcPr/>{cell}</w:tc>" for cell in row) + "</w:tr>"
            for row in rows
        )
        return f"<w:tbl><w:tblPr/><w:tblGrid>{grid}</w:tblGrid>{body}</w:tbl>"

    def _paragraph(self, text: str) -> str:
        indent = self._random.choice(("", "", "　　", "  "))
        parts, at = [self._run(indent)] if indent else [], 0
        while at < len(text):
            size = self._random.choice((1, 2, 3, 5, 8, 13, 40))
            runs = "".join(self._run(piece) for piece in self._pieces(text[at : at + size]))
            between = self._random.choice((*_BETWEEN, "", "", ""))
            self._number += 1
            parts.append(self._random.choice(self._wraps)(runs))
            parts.append(between.format(self._number, n=self._number))
            at += size
        return f"<w:p><w:pPr/>{''.join(parts)}</w:p>"

    def _pieces(self, text: str) -> list[str]:
        cut = self._random.randint(0, len(text))
        return [piece for piece in (text[:cut], text[cut:]) if piece]

    def _run(self, text: str) -> str:
        """Return a run; a tab, line break or hyphen of the text is an element of its own."""
        inside, said = [], ""
        for char in text:
            special = {"\t": "<w:tab/>", "\n": "<w:br/>", "-": "<w:noBreakHyphen/>"}.get(char)
            if special is None:
                said += char
                continue
            inside += [_t(said), special]
            said = ""
        return f"<w:r><w:rPr>{self._random.choice(_LOOKS)}</w:rPr>{''.join(inside)}{_t(said)}</w:r>"

    def _by(self) -> str:
        self._number += 1
        return _BY.format(self._number)

    def _parsed(self, text: str) -> object:
        head, _, rest = text.partition(">")
        closed = head.endswith("/")
        head = head.removesuffix("/")
        return parse_xml(f"{head} {NAMESPACES}{'/' if closed else ''}>{rest}")


def _t(text: str) -> str:
    return f'<w:t xml:space="preserve">{escape(text)}</w:t>' if text else ""
