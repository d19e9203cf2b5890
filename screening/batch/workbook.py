"""results.xlsx: the schedule as it came with what was found beside it, findings, and a summary.

Every cell that came from a draft or a schedule is written as text, so none becomes a formula.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from screening.batch.post import Headings, Row
from screening.finding import Category, Severity, Verdict
from screening.reports.safe import visible

#: Excel's own limits
_LONGEST_CELL, _MOST_LINKS, _MOST_ROWS, _LONGEST_NAME = 32_767, 60_000, 1_048_576, 31
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
_OWN_WIDEST, _OWN_NARROWEST = 40, 8

Results = Iterator[tuple[Row, dict[str, Any]]]


def write_workbook(path: Path, sheets: Sequence[tuple[int, Headings]], results: Results) -> None:
    """Write the workbook row by row; ``sheets`` are (number of the first row, headings)."""
    import xlsxwriter  # noqa: PLC0415 - only a workbook needs it

    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(str(path), options) as book:
        _Workbook(book, sheets).write(results)


class _Workbook:
    def __init__(self, book: Any, sheets: Sequence[tuple[int, Headings]]) -> None:
        self._book = book
        self._names: set[str] = set()
        self._head = book.add_format(
            {"bold": True, "bg_color": "#8F2A24", "font_color": "#FFFFFF", "valign": "vcenter"}
        )
        self._wrap = book.add_format({"text_wrap": True, "valign": "top"})
        self._plain = book.add_format({"valign": "top"})
        self._link = book.add_format({"font_color": "#1A5FB4", "underline": 1, "valign": "top"})
        self._bold = book.add_format({"bold": True})
        self._summary = self._sheet("汇总")
        self._schedules = [(first, self._schedule(item), item) for first, item in sheets]
        self._findings = self._table("发现", _FINDINGS, _FINDING_WIDTHS)
        self._line = 0
        self._found = 0
        self._links = 0
        self._verdicts: Counter[str] = Counter()
        self._categories: Counter[str] = Counter()
        self._departments: dict[str, Counter[str]] = {}

    def write(self, results: Results) -> None:
        """Write all sheets in one pass over ``results``."""
        waiting = [*self._schedules]
        _, sheet, headings = waiting.pop(0)
        for row, result in results:
            while waiting and waiting[0][0] <= row.post.number:
                self._finish(sheet, len(headings.cells))
                _, sheet, headings = waiting.pop(0)
                self._line = 0
            self._row(sheet, len(headings.cells), row, result)
            for finding in result["findings"]:
                self._finding(result, finding)
            self._count(result)
        self._finish(sheet, len(headings.cells))
        self._findings.autofilter(0, 0, max(self._found, 1), len(_FINDINGS) - 1)
        self._colour(self._findings, 5, self._found, {x.label: x.value for x in Severity})
        self._summarise()

    def _row(self, sheet: Any, width: int, row: Row, result: dict[str, Any]) -> None:
        self._line += 1
        if self._line >= _MOST_ROWS:
            return
        for column, cell in enumerate(row.cells):
            beyond = len(_ADDED) if column >= width else 0  # cells under no heading come last
            self._text(sheet, self._line, column + beyond, cell)
        refused = result["unscreened"] is not None
        values = (
            "没有审查" if refused else Verdict(result["verdict"]).label,
            "" if refused else ("宣传部" if len(result["route"]["steps"]) > 1 else "部门"),
            _found(result),
            "；".join([*result["notes"], *(item["message"] for item in result["remarks"])]),
            _gaps(result),
            result["ticket"] or "",
        )
        for column, value in enumerate(values, width):
            self._text(sheet, self._line, column, value, self._wrap)
        if result["report"] and self._links < _MOST_LINKS:
            self._links += 1
            address = f"external:{result['report']}"
            sheet.write_url(self._line, width + len(values), address, self._link, "打开")

    def _finding(self, result: dict[str, Any], finding: dict[str, Any]) -> None:
        self._found += 1
        if self._found >= _MOST_ROWS:
            return
        articles = "、".join(
            f"第{item['article']}条" + (f"第{item['item']}项" if item["item"] else "")
            for item in finding["basis"]
        )
        values = (
            *(result["where"], result["title"], result["account"], result["department"]),
            Severity(finding["severity"]).label,
            Category(finding["category"]).label,
            *(finding["location"], finding["text"], finding["message"], finding["advice"]),
            *(articles, finding["rule"]),
        )
        self._findings.write_number(self._found, 0, result["number"], self._plain)
        for column, value in enumerate(values, 1):
            self._text(self._findings, self._found, column, value, self._wrap)

    def _count(self, result: dict[str, Any]) -> None:
        refused = result["unscreened"] is not None
        verdict = "没有审查" if refused else Verdict(result["verdict"]).label
        self._verdicts[verdict] += 1
        self._departments.setdefault(result["department"] or "（没有写明）", Counter())[
            verdict
        ] += 1
        for finding in result["findings"]:
            self._categories[Category(finding["category"]).label] += 1

    def _text(self, sheet: Any, line: int, column: int, text: str, style: Any = None) -> None:
        shown = visible(text)
        if len(shown) > _LONGEST_CELL:
            shown = shown[: _LONGEST_CELL - 1] + "…"
        if shown:
            sheet.write_string(line, column, shown, style or self._plain)

    def _schedule(self, headings: Headings) -> Any:
        widths = [
            min(max(_OWN_NARROWEST, len(cell) * 3), _OWN_WIDEST) if len(cell) < 2 else 16
            for cell in headings.cells
        ]
        return self._table(headings.sheet, (*headings.cells, *_ADDED), (*widths, *_ADDED_WIDTHS))

    def _finish(self, sheet: Any, width: int) -> None:
        """Make a schedule's sheet filterable, now that its length is known."""
        sheet.autofilter(0, 0, max(self._line, 1), width + len(_ADDED) - 1)
        words = {item.label: item.value for item in Verdict} | {"没有审查": "block"}
        self._colour(sheet, width, self._line, words)

    def _colour(self, sheet: Any, column: int, last: int, words: dict[str, str]) -> None:
        for word, name in words.items():
            ink, ground = _COLOURS[name]
            style = self._book.add_format({"font_color": ink, "bg_color": ground, "bold": True})
            rule = {"type": "cell", "criteria": "==", "value": f'"{word}"', "format": style}
            sheet.conditional_format(1, column, max(last, 1), column, rule)

    def _table(self, name: str, headings: Sequence[str], widths: Sequence[int]) -> Any:
        sheet = self._sheet(name)
        sheet.freeze_panes(1, 0)
        sheet.set_row(0, 22)
        for column, (heading, width) in enumerate(zip(headings, widths, strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, visible(heading)[:255], self._head)
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

    def _summarise(self) -> None:
        """Write counts by verdict, category and department, and a chart of each."""
        sheet = self._summary
        sheet.set_column(0, 0, 22)
        sheet.set_column(1, 4, 16)
        verdicts = [*(item.label for item in reversed(Verdict)), "没有审查"]
        blocks: list[tuple[str, list[str], list[tuple[str, list[int]]]]] = [
            ("结论", ["篇数"], [(name, [self._verdicts[name]]) for name in verdicts]),
            ("类别", ["发现"], [(name, [count]) for name, count in self._categories.most_common()]),
            (
                "部门",
                verdicts,
                [
                    (name, [counts[verdict] for verdict in verdicts])
                    for name, counts in sorted(
                        self._departments.items(), key=lambda item: -item[1].total()
                    )[:40]
                ],
            ),
        ]
        line = place = 0
        for name, headings, rows in blocks:
            for column, heading in enumerate([name, *headings]):
                sheet.write_string(line, column, heading, self._head)
            for offset, (label, counts) in enumerate(rows, 1):
                self._text(sheet, line + offset, 0, label)
                for column, count in enumerate(counts, 1):
                    sheet.write_number(line + offset, column, count)
            if rows:
                self._chart(name, headings, line, len(rows), place)
                place += 18
            line += len(rows) + 2

    def _chart(self, name: str, headings: list[str], line: int, rows: int, place: int) -> None:
        kind = {"type": "bar", "subtype": "stacked"} if len(headings) > 1 else {"type": "bar"}
        chart = self._book.add_chart(kind)
        colours = ["#A4262C", "#D9A441", "#5E9E73", "#7A7A7A"] if len(headings) > 1 else ["#8F2A24"]
        for column, colour in zip(range(1, len(headings) + 1), colours, strict=True):
            chart.add_series(
                {
                    "name": ["汇总", line, column],
                    "categories": ["汇总", line + 1, 0, line + rows, 0],
                    "values": ["汇总", line + 1, column, line + rows, column],
                    "fill": {"color": colour},
                    "data_labels": {"value": len(headings) == 1},
                }
            )
        chart.set_title({"name": f"按{name}"})
        chart.set_y_axis({"reverse": True})
        chart.set_legend({"position": "bottom"} if len(headings) > 1 else {"none": True})
        chart.set_size({"width": 560, "height": 340})
        self._summary.insert_chart(place, 6, chart)


def _found(result: dict[str, Any]) -> str:
    """Return "须修改：涉密信息 2、个人信息 1；…", the most severe first."""
    parts = []
    for severity in reversed(Severity):
        found = Counter(
            Category(item["category"]).label
            for item in result["findings"]
            if item["severity"] == severity.value
        )
        if found:
            told = "、".join(f"{name} {count}" for name, count in found.items())
            parts.append(f"{severity.label}：{told}")
    return "；".join(parts)


def _gaps(result: dict[str, Any]) -> str:
    """Return what was not screened, and why."""
    problem = result["unscreened"] or result.get("unfiled")
    parts = [problem["message"]] if problem else []
    parts += [f"{item['what']}：{item['why']}" for item in result["coverage"]["unscreened"]]
    parts += [f"{item['stage']}：{item['error']}" for item in result["failures"]]
    return "；".join(parts)
