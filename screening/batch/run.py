"""One batch: read, screen, compare, write. Killed at any moment, it resumes."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol, TextIO

from msgspec import Struct

from screening.batch.outcome import Outcome, outcomes, plans_of
from screening.batch.pool import Pool
from screening.batch.post import Post, Refusal, Row
from screening.batch.remarks import remarks_on, solemn_days
from screening.batch.schedule import read_schedule
from screening.batch.spool import Lines, Rows
from screening.batch.worker import PAGES, Job, Screen, make
from screening.errors import DraftError, ScreeningError, UsageError
from screening.pipeline import Screener
from screening.registry.registry import Registry
from screening.settings import Settings

RESULTS = "results.jsonl"
WORKBOOK = "results.xlsx"
INDEX = "index.html"
_STATE, _DONE = ".batch.json", ".done.jsonl"
#: refusals that another try may well spare: the worker's end, not the draft's fault
_AGAIN = frozenset(("B006", "B007"))


class Progress(Protocol):
    """What is told while posts are screened."""

    def __call__(self, done: int, total: int) -> None:
        """``done`` of ``total`` posts have ended."""


class Filer(Protocol):
    """Files a screened post as a ticket."""

    def __call__(self, post: Post, result: dict[str, Any]) -> str:
        """Return the ticket's number."""


class Order(Struct, frozen=True):
    """What to screen, where to, and how: ``limit`` is seconds a post."""

    schedule: Path
    output: Path
    workers: int = 1
    resume: bool = False
    limit: float = 60.0
    pages: bool = True


class Batch:
    """One order being carried out; ``now`` is local time without a zone."""

    def __init__(
        self,
        order: Order,
        settings: Settings,
        registry: Registry,
        now: datetime,
        *,
        file: Filer | None = None,
        maker: Callable[[Any], Screen] = make,
    ) -> None:
        self._order = order
        self._settings = settings
        self._registry = registry
        self._now = now
        self._file = file
        self._maker = maker
        self._rows = Rows()

    def run(self, progress: Progress = lambda done, total: None) -> list[Outcome]:
        """Screen everything not yet done, write all results, and return what came of each row.

        Raises:
            UsageError: B008, the output folder holds another batch; B009, this one has changed;
                U001, B011, there is no schedule; U003, the folder cannot be written.
            DraftError: B010, the schedule is empty; D…, it cannot be read.
        """
        try:
            return self._run(progress)
        finally:
            self._rows.close()

    def _run(self, progress: Progress) -> list[Outcome]:
        self._prepare()
        self._rows.fill(read_schedule(self._order.schedule, self._now.date()))
        if not len(self._rows):
            raise DraftError("B010", where=str(self._order.schedule))
        lines = Lines(self._order.output / _DONE)
        try:
            self._screen(lines, progress)
            return self._write(lines)
        finally:
            lines.close()

    def _prepare(self) -> None:
        output, state = self._order.output, self._order.output / _STATE
        key = self._key()
        try:
            (output / PAGES).mkdir(parents=True, exist_ok=True)
            if not state.exists():
                if self._order.resume or (output / RESULTS).exists():
                    self._refuse_unknown(output)
                state.write_text(json.dumps(key), "utf-8")
                return
        except OSError as error:
            problem = error.strerror or str(error)
            raise UsageError("U003", where=str(output), problem=problem) from error
        if not self._order.resume:
            raise UsageError("B008", where=str(output))
        self._compare(json.loads(state.read_text("utf-8")), key)

    def _refuse_unknown(self, output: Path) -> None:
        if (output / RESULTS).exists():
            raise UsageError("B008", where=str(output))

    def _compare(self, earlier: dict[str, str], key: dict[str, str]) -> None:
        """Refuse to mix results of another schedule or other rules with these."""
        changed = [name for name, value in key.items() if earlier.get(name) != value]
        if changed:
            problem = f"{'、'.join(changed)}和上次不一样了"
            raise UsageError("B009", where=str(self._order.output), problem=problem)

    def _key(self) -> dict[str, str]:
        """Return what results depend on, by its Chinese name."""
        if not self._order.schedule.exists():
            raise UsageError("U001", where=str(self._order.schedule))
        screener = Screener.from_settings(self._settings)
        return {
            "排期表": _digest(self._order.schedule),
            "规则或作品库": repr(screener.versions),
            "登记表": hashlib.sha256(repr(list(self._registry)).encode()).hexdigest(),
        }

    def _screen(self, lines: Lines, progress: Progress) -> None:
        job = Job(
            self._settings,
            tuple(self._registry),
            str(self._order.output / PAGES) if self._order.pages else "",
            text=self._file is not None,
        )
        pool = Pool(self._maker, job, self._order.workers, self._order.limit)
        total = len(self._rows) - self._rows.refused
        done = sum(row.post.number in lines for row in self._rows if row.refusal is None)
        progress(done, total)
        filed: dict[int, Post] = {}
        for number, result in pool.run(self._todo(lines, filed)):
            lines.append(number, self._finished(number, result, filed))
            done += 1
            progress(done, total)

    def _todo(self, lines: Lines, filed: dict[int, Post]) -> Iterator[Post]:
        """Yield the posts that are not done; those to be filed are kept until they are."""
        for row in self._rows:
            number = row.post.number
            if row.refusal is None and (number not in lines or _again(lines, number)):
                if self._file is not None:
                    filed[number] = row.post
                yield row.post

    def _finished(self, number: int, result: bytes | Refusal, filed: dict[int, Post]) -> bytes:
        if isinstance(result, Refusal):
            told = {"code": result.code, "message": result.message}
            return json.dumps({"number": number, "unscreened": told}, ensure_ascii=False).encode()
        if self._file is None:
            return result
        document = json.loads(result)
        if "unscreened" not in document:
            try:
                document["ticket"] = self._file(filed.pop(number), document)
            except ScreeningError as error:
                document["unfiled"] = {"code": error.code, "message": str(error)}
            for name in ("fields", "blocks", "links", "media"):
                document.pop(name, None)
        return json.dumps(document, ensure_ascii=True, separators=(",", ":")).encode()

    def _write(self, lines: Lines) -> list[Outcome]:
        from screening.batch.page import write_page  # noqa: PLC0415 - loads Jinja2
        from screening.batch.workbook import write_workbook  # noqa: PLC0415 - loads XlsxWriter

        plans, sketches = plans_of(self._rows, lines)
        remarks = remarks_on(plans, sketches, self._now, solemn_days(self._settings.home))
        output, source = self._order.output, self._order.schedule.name

        results = outcomes(self._rows, lines, remarks, pages=self._order.pages)
        summaries: list[Outcome] = []

        def write(draft: Path) -> None:
            with draft.open("w", encoding="utf-8", newline="\n") as file:
                written = _written(results, file, summaries)
                _replace(
                    output / WORKBOOK,
                    lambda path: write_workbook(path, self._rows.sheets, written),
                )

        _replace(output / RESULTS, write)
        _replace(output / INDEX, lambda path: write_page(path, source, self._now, summaries))
        return summaries


def _written(
    results: Iterator[tuple[Row, dict[str, Any]]], file: TextIO, summaries: list[Outcome]
) -> Iterator[tuple[Row, dict[str, Any]]]:
    """Pass results on, each written to ``file`` and summed up: one pass over a long schedule."""
    for row, result in results:
        file.write(json.dumps(result, ensure_ascii=False, separators=(",", ":")) + "\n")
        summaries.append(Outcome.of(result))
        yield row, result


def _replace(path: Path, write: Callable[[Path], None]) -> None:
    """Write beside ``path`` and move into place."""
    draft = path.with_name(f".{path.stem}.{os.getpid()}{path.suffix}")
    try:
        write(draft)
        draft.replace(path)
    except OSError as error:
        problem = error.strerror or str(error)
        raise UsageError("U003", where=str(path), problem=problem) from error
    finally:
        draft.unlink(missing_ok=True)


def _again(lines: Lines, number: int) -> bool:
    """Tell whether a post was given up for its worker's sake, and is worth another try."""
    refusal = lines.read(number).get("unscreened")
    return isinstance(refusal, dict) and refusal.get("code") in _AGAIN


def _digest(path: Path) -> str:
    if path.is_dir():
        found = sorted(
            (item.relative_to(path).as_posix(), item.stat().st_size, item.stat().st_mtime_ns)
            for item in path.rglob("*")
            if item.is_file()
        )
        return hashlib.sha256(repr(found).encode()).hexdigest()
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
