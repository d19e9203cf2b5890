"""Local worker processes: a post that kills or hangs one costs that post alone.

Where the system can fork, workers share the rules, model and works that the main process loaded;
elsewhere each loads its own.
"""

from __future__ import annotations

import gc
import multiprocessing
import signal
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from itertools import islice
from multiprocessing.connection import Connection, wait
from typing import Any

from screening.batch.post import Post, Refusal
from screening.batch.worker import Screen
from screening.errors import DraftError, InternalError

#: posts handed over at a time, fewer towards the end
CHUNK = 32
#: seconds of results that a worker keeps before it hands them back
_KEPT = 0.02
#: workers that may die in a row before they are ready; loading is then what fails
_FAILED_STARTS = 3
#: seconds for loading rules, model and works
_LOADING = 300.0
_FORKS = sys.platform == "linux"

Results = Iterator[list[tuple[int, bytes | Refusal]]]


def serve(
    connection: Connection,
    at: Any,
    maker: Callable[[], Screen],
    others: Iterable[Connection] = (),
) -> None:
    """Screen lists of posts from ``connection`` until None comes, or until nobody is there.

    ``at`` tells the main process the number of the post being screened. ``others`` are its ends of
    connections, which a forked worker must not hold open.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the main process to act upon
    for other in others:
        other.close()
    with suppress(EOFError, BrokenPipeError, ConnectionResetError):
        screen = maker()
        connection.send_bytes(b"")
        while (posts := connection.recv()) is not None:
            _answer(connection, at, screen, posts)


def _answer(connection: Connection, at: Any, screen: Screen, posts: list[Post]) -> None:
    lines: list[bytes] = []
    begun = time.monotonic()
    for post in posts:
        at.value = post.number
        lines.append(screen(post))
        if time.monotonic() - begun > _KEPT:
            connection.send_bytes(b"\n".join(lines))
            lines, begun = [], time.monotonic()
    if lines:
        connection.send_bytes(b"\n".join(lines))


class _Process:
    """One worker: ``pending`` are the posts it was given and has not answered for."""

    def __init__(self, maker: Callable[[], Screen], others: list[Connection]) -> None:
        context: Any = multiprocessing.get_context("fork" if _FORKS else "spawn")
        self.connection, theirs = context.Pipe()
        self._at = context.RawValue("q", 0)
        ends = [*others, self.connection] if _FORKS else []
        args = (theirs, self._at, maker, ends)
        self._process = context.Process(target=serve, args=args, daemon=True)
        self._process.start()
        self.pid: int = self._process.pid
        theirs.close()
        self.ready = False
        self.pending: deque[Post] = deque()
        self.deadline = time.monotonic() + _LOADING

    def give(self, posts: list[Post], limit: float) -> None:
        self.pending.extend(posts)
        self.deadline = time.monotonic() + limit
        self.connection.send(posts)

    def take_culprit(self) -> Post:
        """Take the post that was being screened from those pending."""
        found = next(
            (post for post in self.pending if post.number == self._at.value), self.pending[0]
        )
        self.pending.remove(found)
        return found

    def end(self) -> None:
        self._process.kill()
        self._process.join()
        self.connection.close()


class Pool:
    """Screens posts in ``workers`` processes; ``maker`` makes what screens one post.

    A post that takes longer than ``limit`` seconds, or that ends its worker, is refused. Others
    that a lost worker had not handed back are screened again. ``processes`` are those at work.
    """

    def __init__(self, maker: Callable[[], Screen], workers: int, limit: float) -> None:
        self._maker = maker
        self._count = workers
        self._limit = limit
        self.processes: list[_Process] = []
        self._again: deque[Post] = deque()
        self._failed_starts = 0
        self._left = 0

    def run(self, posts: Iterable[Post], total: int) -> Results:
        """Yield (number, JSON line or refusal) of the ``total`` posts as they are done, unordered.

        Raises:
            InternalError: X001, no worker can be started.
        """
        waiting = iter(posts)
        self._left = total
        if _FORKS:  # what is loaded now stays where it is, and is not copied by collections
            gc.collect()
            gc.freeze()
        try:
            while True:
                self._supply(waiting)
                if not self.processes:
                    return
                found = [*self._collect()]
                self._left -= len(found)
                if found:
                    yield found
        finally:
            for process in self.processes:
                process.end()
            self.processes.clear()

    def _supply(self, waiting: Iterator[Post]) -> None:
        """Give every idle worker the next posts; start workers while there is work for them."""
        chunk = min(CHUNK, max(1, self._left // (4 * self._count)))
        for process in [item for item in self.processes if item.ready and not item.pending]:
            posts = self._next(waiting, chunk)
            if posts:
                self._give(process, posts)
            else:
                self.processes.remove(process)
                process.end()
        while len(self.processes) < self._count:
            posts = self._next(waiting, 1)
            if not posts:
                return
            self._again.extendleft(reversed(posts))
            ends = [item.connection for item in self.processes]
            self.processes.append(_Process(self._maker, ends))
            if len(self.processes) > len(self._again):
                return

    def _next(self, waiting: Iterator[Post], most: int) -> list[Post]:
        posts = [self._again.popleft() for _ in range(min(most, len(self._again)))]
        return [*posts, *islice(waiting, most - len(posts))]

    def _give(self, process: _Process, posts: list[Post]) -> None:
        try:
            process.give(posts, self._limit)
        except OSError:  # it ended in the meantime: what it was given is still pending
            process.deadline = time.monotonic()

    def _collect(self) -> Iterator[tuple[int, bytes | Refusal]]:
        by_connection = {item.connection: item for item in self.processes}
        soonest = min(item.deadline for item in self.processes)
        readable = wait(list(by_connection), timeout=max(0.0, soonest - time.monotonic()))
        for connection in readable:
            assert isinstance(connection, Connection)
            yield from self._received(by_connection[connection])
        now = time.monotonic()
        for process in [item for item in self.processes if item.deadline <= now]:
            yield from self._lost(process, late=True)

    def _received(self, process: _Process) -> Iterator[tuple[int, bytes | Refusal]]:
        try:
            data = process.connection.recv_bytes()
        except (EOFError, OSError):
            yield from self._lost(process, late=False)
            return
        process.deadline = float("inf")
        if not process.ready:
            process.ready = True
            self._failed_starts = 0
            return
        for line in data.split(b"\n"):
            yield process.pending.popleft().number, line
        if process.pending:
            process.deadline = time.monotonic() + self._limit

    def _lost(self, process: _Process, *, late: bool) -> Iterator[tuple[int, bytes | Refusal]]:
        """Refuse the post that a worker was at; what it had not handed back goes to another."""
        self.processes.remove(process)
        process.end()
        if not process.ready:
            self._failed_starts += 1
            if self._failed_starts >= _FAILED_STARTS:
                raise InternalError("X001", kind="WorkerLost")
        elif process.pending:
            post = process.take_culprit()
            self._again.extendleft(reversed(process.pending))
            code = "B007" if late else "B006"
            error = DraftError(code, where=post.where, seconds=f"{self._limit:g}")
            yield post.number, Refusal.of(error)
