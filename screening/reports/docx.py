"""The draft as a Word file with comments: the editor's own file unchanged, or one made of the text.

Each comment stands at the exact words that were flagged. What Word cannot comment on (headers,
notes, links, hidden text) stands in the first comment.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from screening.draft import Block, Draft
from screening.finding import Finding, Screening
from screening.regulation import Regulation
from screening.reports import content
from screening.reports.safe import visible
from screening.reports.wordruns import Place, Runs, paragraphs_of

_TABLE = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}tbl"
_AUTHOR, _INITIALS = "先审后发", "审"
#: zip entries carry no time, so that the same screening gives the same bytes
_DATE = (1980, 1, 1, 0, 0, 0)


def render(screening: Screening, regulation: Regulation, original: bytes | None = None) -> bytes:
    """Return ``original``, the .docx that was screened, with comments.

    Without it, a Word file of the draft's text (personal numbers masked) is made and commented on.
    """
    import docx  # noqa: PLC0415 - only this report needs it

    if original is None:
        data, numbers = _composed(screening.draft)
    else:
        data, numbers = original, _numbers(screening.draft)
    document = docx.Document(io.BytesIO(data))
    _Annotator(document, screening, regulation, numbers).annotate()
    saved = io.BytesIO()
    document.save(saved)
    return _repacked(saved.getvalue(), data)


class _Annotator:
    """Adds comments to ``document``; ``numbers`` are blocks by the number of their paragraph."""

    def __init__(
        self,
        document: Any,
        screening: Screening,
        regulation: Regulation,
        numbers: Sequence[tuple[int, Block]],
    ) -> None:
        self._document = document
        self._screening = screening
        self._regulation = regulation
        self._paragraphs = paragraphs_of(document.element)
        self._numbers = [item for item in numbers if item[0] < len(self._paragraphs)]
        self._runs: dict[int, Runs] = {}

    def annotate(self) -> None:
        """Comment on everything found, and on the whole in front."""
        findings = self._screening.ordered
        anchors = [self._anchors(finding) for finding in findings]
        self._cut([place for pairs in anchors for pair in pairs for place in pair])
        for finding, pairs in zip(findings, anchors, strict=True):
            for number, (first, last) in enumerate(pairs, 1):
                part = (
                    f"\n（同一条意见，第 {number} 处，共 {len(pairs)} 处）"
                    if len(pairs) > 1
                    else ""
                )
                comment = self._new(self._told(finding) + part)
                self._runs[first.paragraph].begin(first.offset, comment)
                self._runs[last.paragraph].end(last.offset, comment)
        self._lead([item for item, pairs in zip(findings, anchors, strict=True) if not pairs])

    def _anchors(self, finding: Finding) -> list[tuple[Place, Place]]:
        """Return where the words begin and end, none where Word cannot comment on them.

        Word processors lose a comment that begins in a table and ends outside of it: such words get
        one for each side.
        """
        span = finding.span
        end = max(span.end, span.start + 1)
        pairs = []
        blocks = [
            (number, block)
            for number, block in self._numbers
            if block.field == span.field and block.start < end and span.start < block.end
        ]
        for _, group in groupby(blocks, key=lambda item: _table(self._paragraphs[item[0]])):
            members = [*group]
            (first, opening), (last, closing) = members[0], members[-1]
            if not (self._usable(first, opening) and self._usable(last, closing)):
                return []
            begin = Place(first, max(span.start - opening.start, 0))
            pairs.append((begin, Place(last, min(end, closing.end) - closing.start)))
        return pairs

    def _usable(self, number: int, block: Block) -> bool:
        if number not in self._runs:
            text = self._screening.draft.fields[block.field][block.start : block.end]
            self._runs[number] = Runs(self._paragraphs[number], text)
        return self._runs[number].usable

    def _cut(self, places: Sequence[Place]) -> None:
        for number, runs in self._runs.items():
            runs.cut(sorted({place.offset for place in places if place.paragraph == number}))

    def _new(self, text: str) -> int:
        comment = self._document.comments.add_comment(text=text, author=_AUTHOR, initials=_INITIALS)
        element = comment._comment_elm
        for name in [name for name in element.attrib if name.endswith("}date")]:
            del element.attrib[name]
        return int(comment.comment_id)

    def _lead(self, homeless: Sequence[Finding]) -> None:
        """Say verdict and route, and what could not be commented on, at the document's start."""
        screening, draft = self._screening, self._screening.draft
        lines = [
            f"审查结论：{screening.verdict.label}。{content.conclusion(screening)}",
            f"送审：{' → '.join(content.steps(screening.route))}",
            *screening.route.reasons,
            content.tally(screening),
        ]
        for why, parts in content.gaps(screening).items():
            lines.append(f"没有审查到：{'、'.join(parts)}（{why}）")
        for finding in homeless:
            quote = visible(draft.text(finding.span)).replace("\n", " ")
            where = content.place(draft, finding.span)
            lines += [f"{where}“{quote}”" if quote else where, *self._told(finding).split("\n")]
        if self._paragraphs:
            start = Runs(self._paragraphs[0], "")
            comment = self._new("\n".join(map(visible, lines)))
            start.whole(comment)

    def _told(self, finding: Finding) -> str:
        articles = "；".join(content.articles(finding, self._regulation))
        lines = [
            f"【{finding.severity.label}】{finding.category.label}",
            f"原因：{finding.message}",
            f"建议：{finding.advice}",
            f"依据：{articles}",
            *(f"{label}：{value}" for label, value in content.clues(finding)),
            f"规则：{finding.rule}",
        ]
        return "\n".join(visible(line).replace("\n", " ") for line in lines)


def _table(paragraph: Any) -> Any:
    """Return the innermost table that the paragraph is in, None outside of all."""
    return next((item for item in paragraph.iterancestors() if item.tag == _TABLE), None)


def _numbers(draft: Draft) -> list[tuple[int, Block]]:
    """Return the blocks of the main part by the number of their paragraph, as the reader counts."""
    found = []
    for block in draft.blocks:
        part, _, number = block.locator.path.rpartition("#p")
        if (
            block.field in ("title", "body")
            and number.isdecimal()
            and part.endswith("document.xml")
        ):
            found.append((int(number), block))
    return found


def _composed(draft: Draft) -> tuple[bytes, list[tuple[int, Block]]]:
    """Make a Word file with a paragraph for each block of title and body."""
    import docx  # noqa: PLC0415

    document = docx.Document()
    numbers = []
    blocks = [block for block in draft.blocks if block.field in ("title", "body")]
    for number, block in enumerate(blocks):
        text = draft.fields[block.field][block.start : block.end]
        safe = "".join(char if char.isprintable() or char in "\n\t" else "�" for char in text)
        document.add_paragraph(safe, style="Title" if block.field == "title" else None)
        numbers.append((number, block))
    if not blocks:
        document.add_paragraph("（没有正文）")
    saved = io.BytesIO()
    document.save(saved)
    return saved.getvalue(), numbers


def _repacked(saved: bytes, original: bytes) -> bytes:
    """Return ``saved`` with every part that carries no comment as it was in ``original``."""
    with (
        zipfile.ZipFile(io.BytesIO(saved)) as new,
        zipfile.ZipFile(io.BytesIO(original)) as old,
    ):
        known = set(old.namelist())
        parts = []
        for name in new.namelist():
            touched = name == "[Content_Types].xml" or name.endswith(".rels")
            touched = touched or name.endswith(("document.xml", "comments.xml"))
            data = new.read(name) if touched or name not in known else old.read(name)
            parts.append((name, data))
    return packed(parts)


def packed(parts: Iterable[tuple[str, bytes]]) -> bytes:
    """Return a zip file of (name, data) pairs; the same parts give the same bytes."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as out:
        for name, data in parts:
            info = zipfile.ZipInfo(name, _DATE)
            info.compress_type = zipfile.ZIP_DEFLATED
            out.writestr(info, data)
    return file.getvalue()
