from __future__ import annotations

import json

import pytest
import workers

from screening.batch.pool import Pool
from screening.batch.post import Post, Refusal
from screening.errors import InternalError


def posts(*texts):
    return [Post(number, f"第{number}行", text=text) for number, text in enumerate(texts, 1)]


def run(tmp_path, given, count=2, limit=30.0):
    pool = Pool(workers.make, str(tmp_path / "log"), count, limit)
    results = dict(pool.run(given))
    seen = sorted(map(int, (tmp_path / "log").read_text().split()))
    return results, seen


def test_every_post_comes_back_once(tmp_path):
    results, seen = run(tmp_path, posts(*["文"] * 50))

    assert sorted(results) == seen == list(range(1, 51))
    assert all(json.loads(line)["number"] == number for number, line in results.items())


def test_a_post_that_kills_its_worker_costs_itself_alone(tmp_path):
    results, seen = run(tmp_path, posts("文", "文", "杀死", *["文"] * 20, "杀死"), count=1)

    assert seen == list(range(1, 25)), "nothing is screened twice"
    refused = {number for number, item in results.items() if isinstance(item, Refusal)}
    assert refused == {3, 24}
    assert results[3].code == "B006"
    assert "第3行" in results[3].message


def test_a_post_that_hangs_is_given_up(tmp_path):
    results, seen = run(tmp_path, posts("文", "卡住", "文"), count=1, limit=2.0)

    assert isinstance(results[2], Refusal)
    assert results[2].code == "B007"
    assert sorted(results) == seen == [1, 2, 3]
    assert not isinstance(results[3], Refusal)


def test_workers_that_cannot_load_end_the_batch(tmp_path):
    with pytest.raises(InternalError):
        list(Pool(workers.never, None, 1, 5.0).run(posts("文")))


def test_no_posts_start_no_worker(tmp_path):
    assert list(Pool(workers.never, None, 2, 5.0).run([])) == []
