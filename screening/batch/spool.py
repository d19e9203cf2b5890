"""Lines of JSON in a file, found again by number: what a long schedule needs in place of memory."""

from __future__ import annotations

import os
import tempfile
from array import array
from collections.abc import Iterator
from pathlib import Path

import msgspec

from screening.batch.post import Headings, Row

_RESULT = msgspec.json.Decoder(dict[str, object])
_ROWS = msgspec.json.Decoder(Row)


class Rows:
    """The rows of a schedule, written once, read in order as often as wanted.

    They hold personal numbers as they came, so their file has no name and goes with the process.
    """

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the rows
        self._starts = array("Q")
        self.sheets: list[tuple[int, Headings]] = []
        self.refused = 0

    def __len__(self) -> int:
        return len(self._starts)

    def fill(self, items: Iterator[Headings | Row]) -> None:
        """Write all rows; they must be numbered 1, 2, 3 …; headings stay in memory."""
        position = 0
        for item in items:
            if isinstance(item, Headings):
                self.sheets.append((len(self._starts) + 1, item))
                continue
            line = _encoded(item) + b"\n"
            self._starts.append(position)
            self.refused += item.refusal is not None
            position += self._file.write(line)

    def __iter__(self) -> Iterator[Row]:
        """Yield every row in order."""
        for start in self._starts:
            self._file.seek(start)
            yield _ROWS.decode(self._file.readline())

    def close(self) -> None:
        """Give the file back."""
        self._file.close()


def _encoded(row: Row) -> bytes:
    """Return a row as JSON; lone surrogates, which no encoding can write, become "?"."""
    try:
        return msgspec.json.encode(row)
    except UnicodeEncodeError:
        return msgspec.json.encode(_clean(msgspec.to_builtins(row)))


def _clean(value: object) -> object:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode() if not value.isascii() else value
    if isinstance(value, dict):
        return {key: _clean(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(item) for item in value]
    return value


class Lines:
    """Results appended as they end; a half-written last line is dropped when opened again."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._places: dict[int, tuple[int, int]] = {}
        kept = self._load()
        self._file = path.open("r+b" if path.exists() else "w+b", buffering=0)
        self._file.truncate(kept)
        self._file.seek(0, os.SEEK_END)
        self._end = kept

    def __contains__(self, number: int) -> bool:
        return number in self._places

    def __len__(self) -> int:
        return len(self._places)

    def append(self, number: int, line: bytes) -> None:
        """Write the result of the post ``number``; it is in the file when this returns."""
        self._file.write(line + b"\n")
        self._places[number] = (self._end, len(line))
        self._end += len(line) + 1

    def read(self, number: int) -> dict[str, object]:
        """Return the result of the post ``number``."""
        start, length = self._places[number]
        self._file.seek(start)
        line = self._file.read(length)
        self._file.seek(0, os.SEEK_END)
        return _RESULT.decode(line)

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _load(self) -> int:
        """Find the whole lines of an earlier run; return where they end."""
        end = 0
        if not self._path.exists():
            return end
        with self._path.open("rb") as file:
            for line in file:
                try:
                    item = _RESULT.decode(line) if line.endswith(b"\n") else {}
                except (msgspec.DecodeError, UnicodeDecodeError):
                    break
                if not isinstance(item.get("number"), int):
                    break
                self._places[int(str(item["number"]))] = (end, len(line) - 1)
                end += len(line)
        return end
