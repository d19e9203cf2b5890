"""Local worker processes: a post that kills or hangs one costs that post alone."""

from __future__ import annotations

import multiprocessing
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from multiprocessing.connection import Connection, wait
from typing import Any

from screening.batch.post import Post, Refusal
from screening.batch.worker import Screen, serve
from screening.errors import DraftError, InternalError

#: posts handed over at a time; each comes back alone
CHUNK = 16
#: workers that may die in a row before they are ready; loading is then what fails
_FAILED_STARTS = 3
#: seconds for loading rules, model and works
_LOADING = 300.0


class _Process:
    """One worker: ``pending`` are the posts it was given, the first being screened now."""

    def __init__(self, maker: Callable[[Any], Screen], job: Any) -> None:
        context = multiprocessing.get_context("spawn")  # as Windows must, so the same everywhere
        self.connection, theirs = context.Pipe()
        self._process = context.Process(target=serve, args=(theirs, maker, job), daemon=True)
        self._process.start()
        theirs.close()
        self.ready = False
        self.pending: deque[Post] = deque()
        self.deadline = time.monotonic() + _LOADING

    def give(self, posts: list[Post], limit: float) -> None:
        self.pending.extend(posts)
        self.deadline = time.monotonic() + limit
        self.connection.send(posts)

    def end(self) -> None:
        self._process.kill()
        self._process.join()
        self.connection.close()


class Pool:
    """Screens posts in ``workers`` processes; ``maker(job)`` makes each what screens one post.

    A post that takes longer than ``limit`` seconds, or that ends its worker, is refused.
    """

    def __init__(
        self, maker: Callable[[Any], Screen], job: Any, workers: int, limit: float
    ) -> None:
        self._maker = maker
        self._job = job
        self._count = workers
        self._limit = limit
        self._processes: list[_Process] = []
        self._again: deque[Post] = deque()
        self._failed_starts = 0

    def run(self, posts: Iterable[Post]) -> Iterator[tuple[int, bytes | Refusal]]:
        """Yield (number, JSON line or refusal) of every post as it is done, in no order.

        Raises:
            InternalError: X001, no worker can be started.
        """
        waiting = iter(posts)
        try:
            while True:
                self._supply(waiting)
                if not self._processes:
                    return
                yield from self._collect()
        finally:
            for process in self._processes:
                process.end()
            self._processes.clear()

    def _supply(self, waiting: Iterator[Post]) -> None:
        """Give every idle worker the next posts; start workers while there is work for them."""
        for process in [item for item in self._processes if item.ready and not item.pending]:
            posts = self._next(waiting)
            if posts:
                self._give(process, posts)
            else:
                self._processes.remove(process)
                process.end()
        while len(self._processes) < self._count:
            posts = self._next(waiting, 1)
            if not posts:
                return
            self._again.extendleft(reversed(posts))
            self._processes.append(_Process(self._maker, self._job))
            if len(self._processes) > len(self._again):
                return

    def _next(self, waiting: Iterator[Post], most: int = CHUNK) -> list[Post]:
        posts = [self._again.popleft() for _ in range(min(most, len(self._again)))]
        return posts or list(islice(waiting, most))

    def _give(self, process: _Process, posts: list[Post]) -> None:
        try:
            process.give(posts, self._limit)
        except OSError:  # it ended in the meantime: what it was given is still pending
            process.deadline = time.monotonic()

    def _collect(self) -> Iterator[tuple[int, bytes | Refusal]]:
        by_connection = {item.connection: item for item in self._processes}
        soonest = min(item.deadline for item in self._processes)
        readable = wait(list(by_connection), timeout=max(0.0, soonest - time.monotonic()))
        for connection in readable:
            assert isinstance(connection, Connection)
            yield from self._received(by_connection[connection])
        now = time.monotonic()
        for process in [item for item in self._processes if item.deadline <= now]:
            yield from self._lost(process, late=True)

    def _received(self, process: _Process) -> Iterator[tuple[int, bytes | Refusal]]:
        try:
            while process.connection.poll():
                line = process.connection.recv_bytes()
                if not process.ready:
                    process.ready = True
                    process.deadline = float("inf")
                    self._failed_starts = 0
                    return
                post = process.pending.popleft()
                process.deadline = (
                    time.monotonic() + self._limit if process.pending else float("inf")
                )
                yield post.number, line
        except (EOFError, OSError):
            yield from self._lost(process, late=False)

    def _lost(self, process: _Process, *, late: bool) -> Iterator[tuple[int, bytes | Refusal]]:
        """Refuse the post that a worker was at; what it had not begun goes to another."""
        self._processes.remove(process)
        process.end()
        if not process.ready:
            self._failed_starts += 1
            if self._failed_starts >= _FAILED_STARTS:
                raise InternalError("X001", kind="WorkerLost")
        elif process.pending:
            post = process.pending.popleft()
            self._again.extendleft(reversed(process.pending))
            code = "B007" if late else "B006"
            error = DraftError(code, where=post.where, seconds=f"{self._limit:g}")
            yield post.number, Refusal.of(error)
