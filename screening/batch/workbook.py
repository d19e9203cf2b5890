"""results.xlsx: the schedule as it came with what was found beside it, findings, and a summary.

Every cell that came from a draft or a schedule is written as text, so none becomes a formula.
"""

from __future__ import annotations

import re
import tempfile
from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from screening.batch.done import Found
from screening.batch.outcome import Told
from screening.batch.post import Headings
from screening.batch.sheets import Cell, RowFile, assemble, styles_of
from screening.batch.summary import NAME, REFUSED, Counts, summarise
from screening.batch.worker import PAGES, page_name
from screening.finding import Severity, Verdict
from screening.reports.safe import visible

#: Excel's own limits
_MOST_LINKS, _LONGEST_NAME, _LONGEST_HEADING = 60_000, 31, 255
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\']")
_ADDED = ("审查结论", "送审去向", "审查发现", "排期提示", "没有审查的", "审批单", "报告")
_ADDED_WIDTHS = (15, 15, 46, 36, 30, 12, 8)
_FINDINGS = (
    *("序号", "位置", "标题", "账号", "责任部门", "程度", "类别"),
    *("稿中位置", "原文", "原因", "建议", "依据", "规则"),
)
_FINDING_WIDTHS = (6, 18, 30, 14, 14, 10, 14, 12, 36, 40, 40, 12, 10)
_COLOURS = {
    "block": ("#A4262C", "#FBE6E4"),
    "escalate": ("#67389A", "#EFE7F8"),
    "review": ("#80540A", "#FBF0D6"),
    "notice": ("#44596C", "#E8EEF3"),
    "pass": ("#2B6A3F", "#E5F2E8"),
}
_OWN_WIDEST, _OWN_NARROWEST = 30, 8
#: the styles of cells, in the order in which the layout shows them
_STYLES = ("plain", "wrap", "link")


def write_workbook(
    path: Path, sheets: Sequence[tuple[int, Headings]], results: Iterator[Told]
) -> None:
    """Write the workbook row by row; ``sheets`` are (number of the first row, headings)."""
    with tempfile.TemporaryDirectory(prefix=".results.", dir=path.parent) as folder:
        laid_out = Path(folder, "layout.xlsx")
        schedules = [_Schedule(first, item) for first, item in sheets]
        _lay_out(laid_out, schedules, None)
        rows = _Rows(schedules, styles_of(laid_out, _part(2), _STYLES))
        for told in results:
            rows.add(told)
        _lay_out(laid_out, schedules, rows)
        files = [*(item.rows for item in schedules), rows.findings]
        assemble(laid_out, {_part(2 + index): item for index, item in enumerate(files)}, path)


class _Schedule:
    """One sheet of the schedule; ``links`` are the lines, from 0, with a page of their own."""

    def __init__(self, first: int, headings: Headings) -> None:
        self.first = first
        self.headings = headings
        self.rows = RowFile()
        self.links = array("I")

    @property
    def width(self) -> int:
        """The columns that the schedule came with."""
        return len(self.headings.cells)


class _Rows:
    """The rows of all sheets, written in one pass over the results."""

    def __init__(self, schedules: list[_Schedule], styles: dict[str, int]) -> None:
        self._waiting = [*schedules]
        self._schedule = self._waiting.pop(0)
        self._styles = styles
        self._links = 0
        self.findings = RowFile()
        self.counts = Counts()

    def add(self, told: Told) -> None:
        """Write a row of the schedule, and its findings."""
        while self._waiting and self._waiting[0].first <= told.result.number:
            self._schedule = self._waiting.pop(0)
        self._row(told)
        for finding in told.screened.findings if told.screened else ():
            self._finding(told, finding)
        self.counts.add(told)

    def _row(self, told: Told) -> None:
        result, width = told.result, self._schedule.width
        plain, wrap = self._styles["plain"], self._styles["wrap"]
        remarks = [*result.notes, *(item.message for item in result.remarks)]
        linked = bool(result.report) and self._links < _MOST_LINKS
        values = (*_judged(told), "\n".join(remarks), _gaps(told), result.ticket or told.unfiled)
        cells: list[Cell] = [
            *((cell, plain) for cell in told.row.cells[:width]),
            *(("", plain) for _ in range(width - len(told.row.cells))),
            *((value, wrap) for value in values),
            ("打开" if linked else "", self._styles["link"]),
            *((cell, plain) for cell in told.row.cells[width:]),  # those under no heading
        ]
        if self._schedule.rows.append(cells, _high(values, _ADDED_WIDTHS)) and linked:
            self._links += 1
            self._schedule.links.append(self._schedule.rows.lines)

    def _finding(self, told: Told, finding: Found) -> None:
        result, wrap = told.result, self._styles["wrap"]
        values = (
            *(result.where, result.title, result.account, result.department),
            *(finding.severity.label, finding.category.label),
            *(finding.location, finding.text, finding.message, finding.advice),
            *("、".join(item.label for item in finding.basis), finding.rule),
        )
        number: Cell = (result.number, self._styles["plain"])
        cells = [number, *((value, wrap) for value in values)]
        self.findings.append(cells, _high(values, _FINDING_WIDTHS[1:]))


def _high(values: Sequence[str], widths: Sequence[int]) -> int:
    """Return how many lines the longest of ``values`` takes in columns of ``widths`` (digits)."""
    return max(
        sum(-(-2 * len(line) // width) for line in value.split("\n"))
        for value, width in zip(values, widths, strict=False)
    )


def _part(number: int) -> str:
    return f"xl/worksheets/sheet{number}.xml"


def _lay_out(path: Path, schedules: list[_Schedule], rows: _Rows | None) -> None:
    """Write headings, formats, filters, links and charts for ``rows``, None for no rows yet."""
    import xlsxwriter  # noqa: PLC0415 - only a workbook needs it

    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(str(path), options) as book:
        layout = _Layout(book)
        for schedule in schedules:
            layout.schedule(schedule)
        layout.findings(rows.findings if rows else RowFile())
        layout.summary(rows.counts if rows else Counts())


class _Layout:
    """All of a workbook but its rows."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._names: set[str] = set()
        self._head = book.add_format(
            {"bold": True, "bg_color": "#8F2A24", "font_color": "#FFFFFF", "valign": "vcenter"}
        )
        self._styles = {
            "plain": book.add_format({"valign": "top"}),
            "wrap": book.add_format({"text_wrap": True, "valign": "top"}),
            "link": book.add_format({"font_color": "#1A5FB4", "underline": 1, "valign": "top"}),
        }
        self._summary = self._sheet(NAME)

    def schedule(self, schedule: _Schedule) -> None:
        """Add a sheet of the schedule."""
        headings, width = schedule.headings.cells, schedule.width
        widths = [min(max(_OWN_NARROWEST, 4 * len(cell)), _OWN_WIDEST) for cell in headings]
        names, widths = (*headings, *_ADDED), [*widths, *_ADDED_WIDTHS]
        sheet = self._table(schedule.headings.sheet, names, widths)
        self._show_styles(sheet)
        for line in schedule.links:
            address = f"external:{PAGES}/{page_name(schedule.first + line - 1)}"
            sheet.write_url(line, len(names) - 1, address, self._styles["link"], "打开")
        words = {item.label: item.value for item in Verdict} | {REFUSED: "block"}
        self._finish(sheet, schedule.rows, len(names), width, words)

    def findings(self, rows: RowFile) -> None:
        """Add the sheet of all findings."""
        sheet = self._table("发现", _FINDINGS, _FINDING_WIDTHS)
        self._show_styles(sheet)
        words = {item.label: item.value for item in Severity}
        self._finish(sheet, rows, len(_FINDINGS), _FINDINGS.index("程度"), words)

    def summary(self, counts: Counts) -> None:
        """Fill the first sheet."""
        summarise(self._book, self._summary, self._head, self._styles["plain"], counts)

    def _show_styles(self, sheet: Any) -> None:
        for column, name in enumerate(_STYLES):
            sheet.write_blank(1, column, None, self._styles[name])

    def _finish(
        self, sheet: Any, rows: RowFile, columns: int, judged: int, words: dict[str, str]
    ) -> None:
        """Make a sheet filterable, and colour the ``words`` of its column ``judged``."""
        if rows.lines:  # the last cell tells how large the sheet is
            sheet.write_blank(rows.lines, max(rows.columns, columns) - 1, None, self._head)
        last = max(rows.lines, 1)
        sheet.autofilter(0, 0, last, columns - 1)
        for word, name in words.items():
            ink, ground = _COLOURS[name]
            style = self._book.add_format({"font_color": ink, "bg_color": ground, "bold": True})
            rule = {"type": "cell", "criteria": "==", "value": f'"{word}"', "format": style}
            sheet.conditional_format(1, judged, last, judged, rule)

    def _table(self, name: str, headings: Sequence[str], widths: Sequence[int]) -> Any:
        sheet = self._sheet(name)
        sheet.freeze_panes(1, 0)
        sheet.set_row(0, 22)
        for column, (heading, width) in enumerate(zip(headings, widths, strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, visible(heading)[:_LONGEST_HEADING], self._head)
        return sheet

    def _sheet(self, name: str) -> Any:
        """Add a sheet under a name that Excel takes and no other sheet has."""
        plain = _NOT_IN_NAMES.sub(" ", visible(name)).strip()[:_LONGEST_NAME] or "排期"
        chosen, number = plain, 1
        while chosen.lower() in self._names or chosen.lower() == "history":
            number += 1
            chosen = f"{plain[: _LONGEST_NAME - 4]}({number})"
        self._names.add(chosen.lower())
        return self._book.add_worksheet(chosen)


def _judged(told: Told) -> tuple[str, str, str]:
    """Return verdict, route and what was found."""
    if told.screened is None:
        return REFUSED, "", ""
    route = "宣传部" if len(told.screened.route.steps) > 1 else "部门"
    return told.screened.verdict.label, route, _found(told.screened.findings)


def _found(findings: Sequence[Found]) -> str:
    """Return "须修改：涉密信息 2、个人信息 1；…", the most severe first."""
    parts = []
    for severity in sorted({item.severity for item in findings}, reverse=True, key=_rank):
        found = Counter(item.category.label for item in findings if item.severity is severity)
        if found:
            told = "、".join(f"{name} {count}" for name, count in found.items())
            parts.append(f"{severity.label}：{told}")
    return "；".join(parts)


def _rank(severity: Severity) -> int:
    return severity.rank


def _gaps(told: Told) -> str:
    """Return what was not screened, and why."""
    parts = [told.problem] if told.problem else []
    if told.screened:
        parts += [f"{item.what}：{item.why}" for item in told.screened.coverage.unscreened]
        parts += [f"{item.stage}：{item.error}" for item in told.screened.failures]
    return "；".join(parts)
