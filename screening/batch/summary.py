"""The first sheet of results.xlsx: counts by verdict, category and department, and their charts."""

from __future__ import annotations

from collections import Counter
from typing import Any

from screening.batch.outcome import Told
from screening.finding import Verdict
from screening.reports.safe import visible

NAME = "汇总"
REFUSED = "没有审查"
#: departments shown, the busiest first
_MOST = 40
_LABELS = [*(item.label for item in reversed(Verdict)), REFUSED]
_SERIES, _SINGLE = ["#A4262C", "#D9A441", "#5E9E73", "#7A7A7A"], ["#8F2A24"]


class Counts:
    """How many rows and findings there are of each kind."""

    def __init__(self) -> None:
        self.verdicts: Counter[str] = Counter()
        self.categories: Counter[str] = Counter()
        self.departments: dict[str, Counter[str]] = {}

    def add(self, told: Told) -> None:
        """Count one row and its findings."""
        verdict = told.screened.verdict.label if told.screened else REFUSED
        department = told.result.department or "（没有写明）"
        self.verdicts[verdict] += 1
        self.departments.setdefault(department, Counter())[verdict] += 1
        if told.screened:
            self.categories.update(item.category.label for item in told.screened.findings)


def summarise(book: Any, sheet: Any, head: Any, plain: Any, counts: Counts) -> None:
    """Write the tables and charts of ``counts``; ``head`` and ``plain`` are formats."""
    sheet.set_column(0, 0, 22)
    sheet.set_column(1, 4, 16)
    line = place = 0
    for name, headings, rows in _tables(counts):
        for column, heading in enumerate([name, *headings]):
            sheet.write_string(line, column, heading, head)
        for offset, (label, numbers) in enumerate(rows, 1):
            sheet.write_string(line + offset, 0, visible(label)[:255], plain)
            for column, count in enumerate(numbers, 1):
                sheet.write_number(line + offset, column, count)
        if rows:
            sheet.insert_chart(place, 6, _chart(book, name, headings, line, len(rows)))
            place += 18
        line += len(rows) + 2


def _tables(counts: Counts) -> list[tuple[str, list[str], list[tuple[str, list[int]]]]]:
    """Return name, headings and rows of each table."""
    busiest = sorted(counts.departments.items(), key=lambda item: -item[1].total())[:_MOST]
    return [
        ("结论", ["篇数"], [(name, [counts.verdicts[name]]) for name in _LABELS]),
        ("类别", ["发现"], [(name, [count]) for name, count in counts.categories.most_common()]),
        ("部门", _LABELS, [(name, [found[x] for x in _LABELS]) for name, found in busiest]),
    ]


def _chart(book: Any, name: str, headings: list[str], line: int, rows: int) -> Any:
    several = len(headings) > 1
    chart = book.add_chart({"type": "bar", **({"subtype": "stacked"} if several else {})})
    for column, colour in enumerate(_SERIES if several else _SINGLE, 1):
        chart.add_series(
            {
                "name": [NAME, line, column],
                "categories": [NAME, line + 1, 0, line + rows, 0],
                "values": [NAME, line + 1, column, line + rows, column],
                "fill": {"color": colour},
                "data_labels": {"value": not several},
            }
        )
    chart.set_title({"name": f"按{name}"})
    chart.set_y_axis({"reverse": True})
    chart.set_x_axis({"visible": several, "num_format": "0", "major_gridlines": {"visible": False}})
    chart.set_legend({"position": "bottom"} if several else {"none": True})
    chart.set_size({"width": 560, "height": 340})
    return chart
