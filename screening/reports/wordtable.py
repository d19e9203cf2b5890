"""A printed form as a Word file: heading, one table of labelled rows on A4 paper, page numbers."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from typing import Any

import docx
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from screening.reports.docx import packed
from screening.reports.safe import visible

_HEADING, _BODY, _LATIN = "黑体", "宋体", "Times New Roman"
_SIZE, _SMALL = 10.5, 8
#: columns in centimetres that all rows are put together from, and how many of them each cell takes
_COLUMNS = (1.2, 1.3, 1.1, 4.4, 2.3, 1.2, 5.5)
_PAIRS, _WIDE, _BAND, _LISTED = (2, 2, 1, 2), (2, 5), (7,), (1, 2, 3, 1)
_SHADE, _LINE = "F0F2F5", "5A6068"
_UNWRITABLE = re.compile("[\ufffe\uffff]")


class Form:
    """Collects rows from top to bottom; texts may hold anything, line breaks stay."""

    def __init__(self, title: str, subtitle: str, footer: str) -> None:
        self._document = docx.Document()
        self._document.core_properties.title = title
        self._document.core_properties.author = ""
        _set_up(self._document)
        self._line(title, 18, _HEADING, WD_ALIGN_PARAGRAPH.CENTER, after=6)
        self._line(subtitle, _SIZE, _BODY, WD_ALIGN_PARAGRAPH.RIGHT, after=4)
        self._table = _table(self._document)
        self._foot(footer)

    def pairs(self, *texts: str) -> None:
        """Add a row of label, value, label, value."""
        for at, cell in enumerate(self._row(_PAIRS)):
            self._fill(cell, texts[at], label=at % 2 == 0)

    def wide(self, label: str, text: str, *, strong: bool = False, small: bool = False) -> None:
        """Add a row of a label and a value over the rest of the width."""
        first, rest = self._row(_WIDE)
        self._fill(first, label, label=True)
        self._fill(rest, text, size=_SMALL if small else _SIZE, bold=strong)

    def band(self, text: str) -> None:
        """Add a row that begins a part of the form."""
        (cell,) = self._row(_BAND)
        self._fill(cell, text, bold=True, shade=True)
        cell.paragraphs[0].paragraph_format.keep_with_next = True

    def listed(self, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        """Add rows of number, kind, what, and answer under their headings."""
        for cell, text in zip(self._row(_LISTED), headings, strict=True):
            self._fill(cell, text, label=True)
            cell.paragraphs[0].paragraph_format.keep_with_next = True
        for row in rows:
            for at, (cell, text) in enumerate(zip(self._row(_LISTED), row, strict=True)):
                self._fill(cell, text, centred=at == 0)

    def signed(self, label: str, said: Sequence[tuple[str, str]]) -> None:
        """Add a row of opinions, each with who gave it below, at the right."""
        first, rest = self._row(_WIDE, height=1.7)
        self._fill(first, label, label=True)
        self._fill(rest, said[0][0] if said else "")
        for at, (text, signature) in enumerate(said):
            if at:
                self._write(rest.add_paragraph(), text)
            if signature:
                line = rest.add_paragraph()
                line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
                self._write(line, signature)

    def saved(self) -> bytes:
        """Return the file; the same rows give the same bytes."""
        saved = io.BytesIO()
        self._document.save(saved)
        with zipfile.ZipFile(saved) as parts:
            return packed((name, parts.read(name)) for name in parts.namelist())

    def _row(self, spans: Sequence[int], height: float = 0.75) -> list[Any]:
        row = self._table.add_row()
        row.height = Cm(height)
        _add(row._tr.get_or_add_trPr(), "w:cantSplit")
        cells, at = [], 0
        for span in spans:
            cell = row.cells[at].merge(row.cells[at + span - 1])
            cell.width = Cm(sum(_COLUMNS[at : at + span]))
            cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
            cells.append(cell)
            at += span
        return cells

    def _fill(
        self,
        cell: Any,
        text: str,
        *,
        label: bool = False,
        bold: bool = False,
        shade: bool = False,
        centred: bool = False,
        size: float = _SIZE,
    ) -> None:
        paragraph = cell.paragraphs[0]
        if label or centred:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        if label or shade:
            _add(cell._tc.get_or_add_tcPr(), "w:shd", val="clear", color="auto", fill=_SHADE)
        self._write(paragraph, text, _HEADING if label or bold else _BODY, size)

    def _write(self, paragraph: Any, text: str, font: str = _BODY, size: float = _SIZE) -> None:
        run = paragraph.add_run(_UNWRITABLE.sub("\ufffd", visible(text)))
        run.font.size, run.font.name = Pt(size), _LATIN
        run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)

    def _line(self, text: str, size: float, font: str, side: Any, after: float) -> None:
        paragraph = self._document.add_paragraph()
        paragraph.alignment = side
        paragraph.paragraph_format.space_after = Pt(after)
        self._write(paragraph, text, font, size)

    def _foot(self, text: str) -> None:
        paragraph = self._document.sections[0].footer.paragraphs[0]
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        self._write(paragraph, f"{text}　第 ", size=_SMALL)
        for name, tail in (("PAGE", " 页，共 "), ("NUMPAGES", " 页")):
            for kind in ("begin", "", "end"):
                run = paragraph.add_run()
                run.font.size = Pt(_SMALL)
                if kind:
                    _add(run._element, "w:fldChar", fldCharType=kind)
                else:
                    _add(run._element, "w:instrText").text = name
            self._write(paragraph, tail, size=_SMALL)


def _set_up(document: Any) -> None:
    """Make the page A4, and paragraphs close to one another."""
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2)
    section.top_margin, section.bottom_margin = Cm(2), Cm(1.8)
    normal = document.styles["Normal"]
    _add(normal.element.get_or_add_rPr(), "w:lang", val="en-US", eastAsia="zh-CN")
    form = normal.paragraph_format
    form.space_before = form.space_after = Pt(1.5)
    form.line_spacing = 1.15


def _table(document: Any) -> Any:
    table = document.add_table(rows=0, cols=len(_COLUMNS))
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    for column, width in zip(table.columns, _COLUMNS, strict=True):
        column.width = Cm(width)
    borders = _add(table._tbl.tblPr, "w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        size = "4" if side.startswith("inside") else "10"
        _add(borders, f"w:{side}", val="single", sz=size, space="0", color=_LINE)
    return table


def _add(parent: Any, name: str, **values: str) -> Any:
    element = OxmlElement(name)
    for key, value in values.items():
        element.set(qn(f"w:{key}"), value)
    parent.append(element)
    return element
