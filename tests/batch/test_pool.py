from __future__ import annotations

import json
from functools import partial

import pytest
import workers

from screening.batch.pool import Pool
from screening.batch.post import Post, Refusal
from screening.errors import InternalError


def posts(*texts):
    return [Post(number, f"第{number}行", text=text) for number, text in enumerate(texts, 1)]


def run(tmp_path, given, count=2, limit=30.0):
    pool = Pool(partial(workers.make, str(tmp_path / "log")), count, limit)
    found = [item for results in pool.run(given, len(given)) for item in results]
    results = dict(found)
    assert len(found) == len(results), "nothing comes back twice"
    seen = {*map(int, (tmp_path / "log").read_text().split())}
    return results, seen


def test_every_post_comes_back_once(tmp_path):
    results, seen = run(tmp_path, posts(*["文"] * 500))

    assert {*results} == seen == {*range(1, 501)}
    assert all(json.loads(line)["number"] == number for number, line in results.items())


def test_a_post_that_kills_its_worker_costs_itself_alone(tmp_path):
    results, seen = run(tmp_path, posts("文", "文", "杀死", *["文"] * 120, "杀死"), count=1)

    assert seen == {*range(1, 125)}
    refused = {number for number, item in results.items() if isinstance(item, Refusal)}
    assert refused == {3, 124}
    assert results[3].code == "B006"
    assert "第3行" in results[3].message


def test_a_post_that_hangs_is_given_up(tmp_path):
    results, seen = run(tmp_path, posts("文", "卡住", "文"), count=1, limit=2.0)

    assert isinstance(results[2], Refusal)
    assert results[2].code == "B007"
    assert {*results} == seen == {1, 2, 3}
    assert not isinstance(results[3], Refusal)


def test_workers_that_cannot_load_end_the_batch(tmp_path):
    with pytest.raises(InternalError):
        list(Pool(partial(workers.never, None), 1, 5.0).run(posts("文"), 1))


def test_no_posts_start_no_worker(tmp_path):
    assert list(Pool(partial(workers.never, None), 2, 5.0).run([], 0)) == []


def test_no_worker_outlives_the_main_process(tmp_path):
    from pathlib import Path

    pool = Pool(partial(workers.make, str(tmp_path / "log")), 2, 30.0)
    results = pool.run(posts(*["文"] * 100), 100)
    next(results)
    pids = [item.pid for item in pool.processes]
    results.close()

    assert len(pids) == 2
    assert not [pid for pid in pids if Path(f"/proc/{pid}").exists()]
