"""Lines of JSON in a file, found again by number: what a long schedule needs in place of memory."""

from __future__ import annotations

import tempfile
from array import array
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

from screening.batch.done import DONE, Done, encoded
from screening.batch.post import Headings, Planned, Row
from screening.batch.sheets import letters

_ROWS = msgspec.json.Decoder(Row)


class _Planned(Struct):
    post: Planned


_PLANNED = msgspec.json.Decoder(_Planned)


class Rows:
    """The rows of a schedule, written once, read in order as often as wanted.

    They hold personal numbers as they came, so their file has no name and goes with the process.
    """

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the rows
        self._ends = array("Q", [0])
        self.sheets: list[tuple[int, Headings]] = []
        self._nameless: list[set[int]] = []
        self._refused = bytearray()

    def __len__(self) -> int:
        return len(self._ends) - 1

    def fill(self, items: Iterator[Headings | Row]) -> None:
        """Write all rows; they must be numbered 1, 2, 3 …; headings stay in memory."""
        end = 0
        for item in items:
            if isinstance(item, Headings):
                self.sheets.append((len(self) + 1, item))
                self._nameless.append(set())
                continue
            self._nameless[-1].update(_beyond(self.sheets[-1][1].cells, item.cells))
            self._refused.append(item.refusal is not None)
            end += self._file.write(encoded(item))
            self._ends.append(end)

    @property
    def unread(self) -> list[tuple[str, tuple[str, ...]]]:
        """The sheets with columns that nobody reads, and those columns' headings or places."""
        found = [
            (
                item.sheet,
                (*item.unread, *(f"{letters(n)} 列（没有列名）" for n in sorted(nameless))),
            )
            for (_, item), nameless in zip(self.sheets, self._nameless, strict=True)
        ]
        return [(sheet, columns) for sheet, columns in found if columns]

    def __iter__(self) -> Iterator[Row]:
        """Yield every row in order."""
        return map(self.at, range(1, len(self) + 1))

    @property
    def posts(self) -> Iterator[int]:
        """The numbers of the rows that hold a post."""
        return (number for number, refused in enumerate(self._refused, 1) if not refused)

    def at(self, number: int) -> Row:
        """Return the row with this number."""
        return _ROWS.decode(self._line(number))

    def planned(self) -> Iterator[Planned]:
        """Yield where and when each row is planned."""
        return (_PLANNED.decode(self._line(number)).post for number in range(1, len(self) + 1))

    def _line(self, number: int) -> bytes:
        start, end = self._ends[number - 1], self._ends[number]
        self._file.seek(start)
        return self._file.read(end - start)

    def close(self) -> None:
        """Give the file back."""
        self._file.close()


def _beyond(headings: Sequence[str], cells: Sequence[str]) -> list[int]:
    """Return the columns in which there are words and no heading above them."""
    if not any(headings):
        return []  # the sheet is refused as a whole
    return [
        index
        for index, cell in enumerate(cells)
        if any(map(str.isalpha, cell)) and not (index < len(headings) and headings[index].strip())
    ]


class Lines:
    """Results appended as they end; a half-written last line is dropped when opened again."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._starts, self._lengths = array("q"), array("I")
        kept = self._load()
        self._file = path.open("r+b" if path.exists() else "w+b", buffering=0)
        self._file.truncate(kept)
        self._end = kept

    def __contains__(self, number: int) -> bool:
        return 0 < number <= len(self._starts) and self._starts[number - 1] >= 0

    def extend(self, results: Iterable[tuple[int, bytes]]) -> None:
        """Write (number of the post, its result); they are in the file when this returns."""
        lines = []
        self._file.seek(self._end)
        for number, line in results:
            self._note(number, self._end, len(line))
            self._end += len(line) + 1
            lines += [line, b"\n"]
        self._file.write(b"".join(lines))

    def read(self, number: int) -> Done | None:
        """Return the result of the post ``number``, None where there is none."""
        if number not in self:
            return None
        self._file.seek(self._starts[number - 1])
        return DONE.decode(self._file.read(self._lengths[number - 1]))

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _note(self, number: int, start: int, length: int) -> None:
        missing = number - len(self._starts)
        if missing > 0:
            self._starts.extend([-1] * missing)
            self._lengths.extend([0] * missing)
        self._starts[number - 1], self._lengths[number - 1] = start, length

    def _load(self) -> int:
        """Find the whole lines of an earlier run; return where they end."""
        end = 0
        if not self._path.exists():
            return end
        with self._path.open("rb") as file:
            for line in file:
                if not line.endswith(b"\n"):
                    break
                try:
                    number = DONE.decode(line).number
                except (msgspec.DecodeError, UnicodeDecodeError):
                    break
                if number < 1:
                    break
                self._note(number, end, len(line) - 1)
                end += len(line)
        return end
