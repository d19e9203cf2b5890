"""A real Dask scheduler and two worker processes, one of them killed in the middle."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from datetime import datetime

import pytest

from screening.batch.run import Batch, Order
from screening.errors import UsageError
from screening.registry import read_registry
from screening.settings import load_settings

NOW = datetime(2026, 11, 20, 9)
#: enough for several chunks a worker
_POSTS = 96
TEXTS = ["图书馆举办读书分享会，欢迎同学参加。", "兼职刷单日结，联系张三同学。"]


def started(module, *args):
    command = [sys.executable, "-m", f"distributed.cli.{module}", *args]
    environment = os.environ | {"DASK_DISTRIBUTED__ADMIN__TICK__LIMIT": "1h"}
    return subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment
    )


@pytest.fixture
def cluster(tmp_path):
    """Yield the scheduler's address and its two workers."""
    note = tmp_path / "scheduler.json"
    options = (
        "--host",
        "127.0.0.1",
        "--port",
        "0",
        "--no-dashboard",
        "--scheduler-file",
        str(note),
    )
    processes = [started("dask_scheduler", *options)]
    until = time.monotonic() + 60
    while not note.exists() or not note.read_text():
        assert processes[0].poll() is None, "no scheduler: is distributed installed?"
        assert time.monotonic() < until
        time.sleep(0.05)
    address = json.loads(note.read_text())["address"]
    once = ("--nthreads", "1", "--no-nanny", "--no-dashboard", "--local-directory", str(tmp_path))
    processes += [started("dask_worker", address, *once) for _ in range(2)]
    try:
        yield address, processes[1:]
    finally:
        for process in processes:
            process.kill()
            process.wait()


def test_a_killed_worker_changes_no_result(cluster, tmp_path):
    address, workers = cluster
    path = tmp_path / "排期.jsonl"
    rows = [{"标题": f"第{n}篇", "正文": f"第{n}篇：{TEXTS[n % 2]}"} for n in range(_POSTS)]
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), "utf-8")
    settings = load_settings(tmp_path / "home")
    registry = read_registry(settings)

    def screened(name, progress=lambda done, total: None, **more):
        order = Order(path, tmp_path / name, pages=False, **more)
        totals = Batch(order, settings, registry, NOW).run(progress)
        return totals, (tmp_path / name / "results.jsonl").read_bytes()

    def kill_one(done, total):
        if 0 < done < total and workers[0].poll() is None:
            workers[0].send_signal(signal.SIGKILL)
            workers[0].wait()

    totals, plain = screened("plain")
    again, spread = screened("spread", kill_one, scheduler=address)

    assert workers[0].poll() == -signal.SIGKILL, "it was killed before the end"
    assert totals.total == again.total == _POSTS
    assert totals.lost.count == again.lost.count == 0
    assert spread == plain


def test_a_cluster_that_is_not_there_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr("screening.batch.cluster._CONNECT", 0.5)
    path = tmp_path / "排期.jsonl"
    path.write_text(json.dumps({"标题": "甲", "正文": "乙"}), "utf-8")
    settings = load_settings(tmp_path / "home")
    order = Order(path, tmp_path / "out", scheduler="tcp://127.0.0.1:9")

    with pytest.raises(UsageError) as caught:
        Batch(order, settings, read_registry(settings), NOW).run()
    assert caught.value.code == "B013"
