"""The report as an Excel workbook: the findings, one a row, and what each draft came to."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from screening.finding import Screening
from screening.regulation import Regulation
from screening.reports import content
from screening.reports.content import Options
from screening.reports.safe import visible

_DRAFTS = ("稿件", "标题", "结论", "审批", "理由", "发现", "没有审查到的", "内容指纹")
_DRAFT_WIDTHS = (28, 36, 16, 20, 40, 30, 40, 24)
_FINDINGS = (
    *("稿件", "序号", "程度", "类别", "位置", "原文"),
    *("原因", "建议", "依据", "线索", "规则", "编号"),
)
_FINDING_WIDTHS = (28, 6, 10, 14, 14, 40, 40, 40, 44, 30, 10, 14)
_LONGEST = 32_767
_COLOURS = {"须修改": "#FBE6E4", "报宣传部": "#EFE7F8", "须核对": "#FBF0D6", "提示": "#E8EEF3"}
#: a report says nothing of when it was written: the same screening gives the same bytes
_MADE = datetime(2000, 1, 1, tzinfo=UTC)


def render(screenings: Sequence[Screening], regulation: Regulation, options: Options) -> bytes:
    """Return the workbook; every cell is text, so that none becomes a formula or a link."""
    import xlsxwriter  # noqa: PLC0415 - only this report needs it

    buffer = io.BytesIO()
    choices = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, choices) as book:
        book.set_properties({"title": options.heading or "稿件审查报告", "created": _MADE})
        found = [row for screening in screenings for row in _finding_rows(screening, regulation)]
        sheet = _table(book, "发现", _FINDINGS, _FINDING_WIDTHS, found)
        for word, colour in _COLOURS.items():
            style = book.add_format({"bg_color": colour})
            rule = {"type": "cell", "criteria": "==", "value": f'"{word}"', "format": style}
            sheet.conditional_format(1, 2, max(1, len(found)), 2, rule)
        drafts = [_draft_row(screening) for screening in screenings]
        drafts += [(item.path, "", "读不出", "", item.message) for item in options.unread]
        _table(book, "稿件", _DRAFTS, _DRAFT_WIDTHS, drafts)
    return buffer.getvalue()


def _table(
    book: Any,
    name: str,
    headings: Sequence[str],
    widths: Sequence[int],
    rows: Sequence[Sequence[str]],
) -> Any:
    sheet = book.add_worksheet(name)
    head = book.add_format({"bold": True, "bg_color": "#8F2A24", "font_color": "#FFFFFF"})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(1, len(rows)), len(headings) - 1)
    for column, (heading, width) in enumerate(zip(headings, widths, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, heading, head)
    for line, row in enumerate(rows, 1):
        for column, cell in enumerate(row):
            sheet.write_string(line, column, visible(cell)[:_LONGEST], wrap)
    return sheet


def _finding_rows(screening: Screening, regulation: Regulation) -> list[Sequence[str]]:
    draft = screening.draft
    return [
        (
            content.file_name(draft),
            str(number),
            finding.severity.label,
            finding.category.label,
            content.place(draft, finding.span),
            draft.text(finding.span),
            finding.message,
            finding.advice,
            "；".join(content.articles(finding, regulation)),
            "；".join(f"{label}：{value}" for label, value in content.clues(finding)),
            finding.rule,
            finding.id,
        )
        for number, finding in enumerate(screening.ordered, 1)
    ]


def _draft_row(screening: Screening) -> Sequence[str]:
    draft = screening.draft
    gaps = [f"{'、'.join(parts)}（{why}）" for why, parts in content.gaps(screening).items()]
    return (
        content.file_name(draft),
        content.title(draft),
        screening.verdict.label,
        " → ".join(content.steps(screening.route)),
        "；".join(screening.route.reasons),
        content.tally(screening),
        "；".join(gaps),
        draft.digest,
    )
