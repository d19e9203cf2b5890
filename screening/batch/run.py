"""One batch: read, screen, compare, write. Killed at any moment, it resumes."""

from __future__ import annotations

import hashlib
import json
import os
import uuid
from array import array
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Protocol

from msgspec import Struct

from screening.batch.done import Done, encoded
from screening.batch.filing import Filer
from screening.batch.likes import Sketches
from screening.batch.outcome import Outcome, Told, Totals, shown_row, told_of
from screening.batch.plans import Plans
from screening.batch.pool import Pool, Results
from screening.batch.post import Post, Refusal
from screening.batch.remarks import Checks, solemn_days
from screening.batch.schedule import read_schedule
from screening.batch.spool import Lines, Rows
from screening.batch.worker import PAGES, Job, Screen, Worker
from screening.errors import DraftError, UsageError, why
from screening.registry.registry import Registry
from screening.settings import Settings
from screening.tickets.deadlines import load_deadlines

RESULTS = "results.jsonl"
WORKBOOK = "results.xlsx"
INDEX = "index.html"
_STATE, _DONE = ".batch.json", ".done.jsonl"
_RUN = "run"
#: refusals that another try may well spare: the worker's end, not the draft's fault
_AGAIN = frozenset(("B006", "B007"))


class Progress(Protocol):
    """What is told while posts are screened, and then filed."""

    def __call__(self, done: int, total: int, what: str = "审查") -> None:
        """``done`` of ``total`` posts have ended."""


class Executor(Protocol):
    """Screens posts somewhere."""

    def run(self, posts: Iterable[Post], total: int) -> Results:
        """Yield (number, line or refusal) of the ``total`` posts as they are done, in no order."""


class Order(Struct, frozen=True):
    """What to screen, where to, and how: ``limit`` is seconds a post.

    ``scheduler`` is the address of a Dask scheduler, "" to screen on this machine.
    """

    schedule: Path
    output: Path
    workers: int = 1
    resume: bool = False
    limit: float = 60.0
    pages: bool = True
    scheduler: str = ""


class Batch:
    """One order being carried out; ``now`` is local time without a zone."""

    def __init__(
        self,
        order: Order,
        settings: Settings,
        registry: Registry,
        now: datetime,
        *,
        filer: Filer | None = None,
    ) -> None:
        self._order = order
        self._settings = settings
        self._registry = registry
        self._now = now
        self._filer = filer
        self._rows = Rows()
        self._job = Job(
            settings,
            tuple(registry),
            str(order.output.absolute() / PAGES) if order.pages else "",
            text=filer is not None,
        )

    def run(self, progress: Progress = lambda done, total, what="": None) -> Totals:
        """Screen everything not yet done, write all results, and return what came of the rows.

        Raises:
            UsageError: B008, the output folder holds another batch; B009, this one has changed;
                U001, B011, there is no schedule; U003, the folder cannot be written.
            DraftError: B010, the schedule is empty; D…, it cannot be read.
        """
        try:
            return self._run(progress)
        finally:
            self._rows.close()

    @property
    def unread(self) -> list[tuple[str, tuple[str, ...]]]:
        """The sheets with columns that nobody reads, and those columns' headings or places."""
        return self._rows.unread

    def _run(self, progress: Progress) -> Totals:
        if not self._order.schedule.exists():
            raise UsageError("U001", where=str(self._order.schedule))
        worker = Worker(self._job)
        run = self._prepare(self._key(worker))
        if self._filer is not None:
            self._filer.begin(run)
        self._rows.fill(read_schedule(self._order.schedule, self._now.date()))
        if not len(self._rows):
            raise DraftError("B010", where=str(self._order.schedule))
        lines = Lines(self._order.output / _DONE)
        try:
            self._screen(self._executor(worker), lines, progress)
            checks = self._checks(lines)
            if self._filer is not None:
                self._file(self._filer, lines, checks, progress)
            return self._write(lines, checks)
        finally:
            lines.close()

    def _prepare(self, key: dict[str, str]) -> str:
        """Make the output folder or check that it is this batch's; return the name of the run."""
        output, state = self._order.output, self._order.output / _STATE
        try:
            (output / PAGES).mkdir(parents=True, exist_ok=True)
            if not state.exists():
                if (output / RESULTS).exists():
                    raise UsageError("B008", where=str(output))
                run = uuid.uuid4().hex
                noted = json.dumps(key | {_RUN: run})
                _replace(state, lambda path: path.write_text(noted, "utf-8"))
                return run
        except OSError as error:
            raise UsageError("U003", where=str(output), problem=why(error)) from error
        if not self._order.resume:
            raise UsageError("B008", where=str(output))
        earlier = json.loads(state.read_text("utf-8"))
        changed = [name for name, value in key.items() if earlier.get(name) != value]
        if changed:
            problem = f"{'、'.join(changed)}和上次不一样了"
            raise UsageError("B009", where=str(output), problem=problem)
        return str(earlier[_RUN])

    def _key(self, worker: Worker) -> dict[str, str]:
        """Return what results depend on, by its Chinese name."""
        return {
            "排期表": _digest(self._order.schedule),
            "规则或作品库": repr(worker.versions),
            "登记表": hashlib.sha256(repr(list(self._registry)).encode()).hexdigest(),
        }

    def _executor(self, worker: Worker) -> Executor:
        if self._order.scheduler:
            from screening.batch.cluster import Cluster  # noqa: PLC0415 - needs Dask

            versions = repr(worker.versions)
            return Cluster(self._order.scheduler, self._job, versions, self._order.limit)
        return Pool(_Ready(worker, self._job), self._order.workers, self._order.limit)

    def _screen(self, executor: Executor, lines: Lines, progress: Progress) -> None:
        total = sum(1 for _ in self._rows.posts)
        text = self._filer is not None
        left = array("Q", (item for item in self._rows.posts if _open(lines.read(item), text=text)))
        done = total - len(left)
        progress(done, total)
        posts = (self._rows.at(number).post for number in left)
        for results in executor.run(posts, len(left)):
            lines.extend(
                (number, encoded(Done(number, item)) if isinstance(item, Refusal) else item)
                for number, item in results
            )
            done += len(results)
            progress(done, total)

    def _file(self, filer: Filer, lines: Lines, checks: Checks, progress: Progress) -> None:
        """File all posts in their order, now that it is known what else the schedule holds."""
        filed = [number for number in self._rows.posts if _fileable(lines.read(number))]
        for count, number in enumerate(filed, 1):
            done = lines.read(number)
            if done and filer.settle(self._rows.at(number), done, checks.of(number)):
                lines.extend([(number, encoded(done))])
            progress(count, len(filed), "登记")

    def _write(self, lines: Lines, checks: Checks) -> Totals:
        from screening.batch.page import write_page  # noqa: PLC0415 - loads Jinja2
        from screening.batch.workbook import write_workbook  # noqa: PLC0415 - loads XlsxWriter

        totals = Totals()
        output, source = self._order.output, self._order.schedule.name

        def write(draft: Path) -> None:
            with draft.open("wb") as file:
                written = self._written(lines, checks, file.write, totals)
                _replace(
                    output / WORKBOOK,
                    lambda path: write_workbook(path, self._rows.sheets, written),
                )

        _replace(output / RESULTS, write)
        _replace(output / INDEX, lambda path: write_page(path, source, self._now, totals))
        return totals

    def _checks(self, lines: Lines) -> Checks:
        plans, sketches = Plans(), Sketches()
        for planned in self._rows.planned():
            done = lines.read(planned.number)
            plans.append(planned, done)
            sketches.append(done.sketch if done else b"")
        try:
            likes = sketches.likes()
        finally:
            sketches.close()

        def named(number: int) -> tuple[str, str]:
            shown = shown_row(self._rows.at(number), lines.read(number)).post
            return shown.where, shown.title

        return Checks(
            plans,
            likes,
            self._now,
            days=solemn_days(self._settings.home),
            deadlines=load_deadlines(self._settings),
            named=named,
        )

    def _written(
        self, lines: Lines, checks: Checks, write: Callable[[bytes], object], totals: Totals
    ) -> Iterator[Told]:
        """Pass results on, each written and counted: one pass over a long schedule."""
        for row in self._rows:
            number = row.post.number
            remarks = checks.of(number)
            told = told_of(row, lines.read(number), remarks, pages=self._order.pages)
            write(encoded(told.result) + b"\n")
            totals.add(Outcome.of(told))
            yield told


class _Ready:
    """Gives a worker that is loaded already to processes that are forked, and makes one in others.

    It crosses to another process without what was loaded.
    """

    def __init__(self, worker: Worker | None, job: Job) -> None:
        self._worker = worker
        self._job = job

    def __call__(self) -> Screen:
        return (self._worker or Worker(self._job)).screen

    def __reduce__(self) -> tuple[type[_Ready], tuple[None, Job]]:
        return _Ready, (None, self._job)


def _replace(path: Path, write: Callable[[Path], object]) -> None:
    """Write beside ``path`` and move into place."""
    draft = path.with_name(f".{path.stem}.{os.getpid()}{path.suffix}")
    try:
        write(draft)
        draft.replace(path)
    except OSError as error:
        raise UsageError("U003", where=str(path), problem=why(error)) from error
    finally:
        draft.unlink(missing_ok=True)


def _open(done: Done | None, *, text: bool) -> bool:
    """Tell whether a post is not done, was given up for its worker's sake alone, or lacks its text.

    ``text`` says that its ticket needs one.
    """
    if done is None:
        return True
    if done.unscreened is not None:
        return done.unscreened.code in _AGAIN
    return text and not done.ticket and bytes(done.text) == b"null"


def _fileable(done: Done | None) -> bool:
    return done is not None and done.unscreened is None and not done.ticket


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
