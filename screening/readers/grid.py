"""Where the cells of a page's tables stand once merged cells have taken their room."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from msgspec import Struct, field

from screening.draft import Cell

TAGS = frozenset(("table", "tr", "td", "th"))
#: no table of a draft is wider; a page may claim any number
_MOST_COLUMNS = 100
_MOST_ROWS = 10_000


class _Table(Struct):
    number: int
    row: int = 0
    column: int = 0
    #: column → last row that a cell from further up takes there
    taken: dict[int, int] = {}

    def cell(self, width: int, height: int) -> Cell:
        while self.taken.get(self.column, 0) >= self.row:
            self.column += 1
        cell = Cell(self.number, self.row, self.column, width)
        for column in range(self.column, self.column + width):
            self.taken[column] = self.row + height - 1
        self.column += width
        return cell


class Grid(Struct):
    """Follows a page's table tags; ``cell`` is the one that is being read, None outside."""

    cell: Cell | None = None
    _tables: list[_Table] = field(default_factory=list)
    _count: int = 0

    def enter(self, tag: str, attributes: Mapping[str, str | None]) -> Callable[[], None]:
        """Begin an element of :data:`TAGS`; return what ends it."""
        outside, opened = self.cell, len(self._tables)
        if tag == "table":
            self._count += 1
            self._tables.append(_Table(self._count))
        elif not self._tables:
            pass
        elif tag == "tr":
            self._tables[-1].row += 1
            self._tables[-1].column = 0
        else:
            width = _span(attributes.get("colspan"), _MOST_COLUMNS)
            self.cell = self._tables[-1].cell(width, _span(attributes.get("rowspan"), _MOST_ROWS))

        def leave() -> None:
            self.cell = outside
            del self._tables[opened:]

        return leave


def _span(written: str | None, most: int) -> int:
    written = (written or "").strip()
    return min(max(int(written), 1), most) if written.isdecimal() and len(written) < 6 else 1
