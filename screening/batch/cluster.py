"""The same work on a Dask cluster: every worker process loads rules, model and works once.

Posts travel in chunks, since a task costs the scheduler milliseconds. Dask itself gives the tasks
of a lost worker to others; a chunk that fails all the same is taken apart, so that the post at
fault costs itself alone.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from importlib import import_module
from itertools import islice
from queue import Empty, Queue
from typing import Any

from msgspec import Struct

from screening.batch.pool import Results
from screening.batch.post import Post, Refusal
from screening.batch.worker import Job, Worker
from screening.errors import DraftError, UsageError

#: posts a task, fewer where a schedule is short
CHUNK = 200
#: tasks given out for each thread of the cluster: one at work, one at hand
_AHEAD = 2
#: seconds for connecting, for a cluster without workers, and between two looks at the clock
_CONNECT, _DESERTED, _LOOK = 10.0, 60.0, 1.0
#: seconds for loading rules, model and works, in the first task of a worker
_LOADING = 300.0

_loaded: dict[Job, Worker] = {}
_loading = threading.Lock()


class Answer(Struct, frozen=True):
    """The lines of one chunk, and the versions of what screened it."""

    versions: str
    lines: tuple[bytes, ...]


def screen_posts(job: Job, posts: tuple[Post, ...]) -> Answer:
    """Screen ``posts`` on a worker of the cluster; what ``job`` needs stays loaded."""
    with _loading:
        worker = _loaded.get(job)
        if worker is None:
            _loaded.clear()
            worker = _loaded.setdefault(job, Worker(job))
    return Answer(repr(worker.versions), tuple(map(worker.screen, posts)))


class Cluster:
    """Screens posts on the cluster at ``address``; ``versions`` are those of this machine.

    The home, the drafts and the output folder must lie where the cluster's machines find them under
    the same path. A post that takes longer than ``limit`` seconds, or ends its worker every time,
    is refused.
    """

    def __init__(self, address: str, job: Job, versions: str, limit: float) -> None:
        self._address = address
        self._job = job
        self._versions = versions
        self._limit = limit

    def run(self, posts: Iterable[Post], total: int) -> Results:
        """Yield (number, JSON line or refusal) of the ``total`` posts as they are done, unordered.

        Raises:
            UsageError: B013, the cluster cannot be used; B014, it screens by other rules.
        """
        client = self._connect()
        try:
            yield from self._answers(client, iter(posts), total)
        finally:
            client.close()

    def _connect(self) -> Any:
        try:
            distributed: Any = import_module("distributed")  # an extra, and slow to load
        except ImportError as error:
            problem = "这台机器没有安装 Dask，请安装 screening[dask]"
            raise UsageError("B013", where=self._address, problem=problem) from error
        try:
            return distributed.Client(self._address, timeout=_CONNECT, set_as_default=False)
        except (OSError, ValueError) as error:
            raise UsageError("B013", where=self._address, problem="连不上调度程序") from error

    def _answers(self, client: Any, posts: Iterator[Post], total: int) -> Results:
        finished: Queue[Any] = Queue()
        tasks: dict[Any, _Task] = {}
        again: deque[Post] = deque()
        inhabited = time.monotonic()
        while True:
            threads = sum(client.nthreads().values())
            chunk = max(1, min(CHUNK, total // (4 * max(threads, 1))))
            while len(tasks) < _AHEAD * max(threads, 1):
                given = (again.popleft(),) if again else tuple(islice(posts, chunk))
                if not given:
                    break
                future = client.submit(screen_posts, self._job, given, pure=False)
                tasks[future] = _Task(given, time.monotonic() + _LOADING + 2 * self._limit)
                future.add_done_callback(finished.put)
            if not tasks:
                return
            with suppress(Empty):
                future = finished.get(timeout=_LOOK)
                if (task := tasks.pop(future, None)) and (
                    results := self._taken(future, task, again)
                ):
                    yield results
            yield from self._late(client, tasks, again)
            inhabited = time.monotonic() if threads else inhabited
            if time.monotonic() - inhabited > _DESERTED:
                raise UsageError("B013", where=self._address, problem="没有一个工作进程")

    def _taken(
        self, future: Any, task: _Task, again: deque[Post]
    ) -> list[tuple[int, bytes | Refusal]]:
        """Return what a task brought; if it failed, its posts are tried one by one."""
        if future.status == "finished":
            answer: Answer = future.result()
            if answer.versions != self._versions:
                raise UsageError("B014", where=self._address)
            numbers = (post.number for post in task.posts)
            return [*zip(numbers, answer.lines, strict=True)]
        return self._refused(task, again, "B006")

    def _refused(
        self, task: _Task, again: deque[Post], code: str
    ) -> list[tuple[int, bytes | Refusal]]:
        if len(task.posts) > 1:
            again.extend(task.posts)
            return []
        (post,) = task.posts
        error = DraftError(code, where=post.where, seconds=f"{self._limit:g}")
        return [(post.number, Refusal.of(error))]

    def _late(self, client: Any, tasks: dict[Any, _Task], again: deque[Post]) -> Results:
        """Give up what takes too long, and start the workers anew that are at it."""
        now = time.monotonic()
        late = [future for future, task in tasks.items() if task.deadline < now]
        for future in late:
            at = [worker for worker, keys in client.processing().items() if future.key in keys]
            task = tasks.pop(future)
            future.cancel()
            if at:
                client.restart_workers(at, raise_for_error=False)
            if results := self._refused(task, again, "B007"):
                yield results


class _Task(Struct, frozen=True):
    """A chunk that was given out, and when it is late (monotonic seconds)."""

    posts: tuple[Post, ...]
    deadline: float
