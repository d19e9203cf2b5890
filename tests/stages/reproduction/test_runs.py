"""Common runs: exactly those that a plain search finds."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.stages.reproduction.runs import common_runs
from screening.text.normalise import codes_of

GRAM = 4
TEXTS = st.text(alphabet="甲乙丙丁戊", max_size=60)


def runs(first: str, second: str) -> list[list[int]]:
    return common_runs(codes_of(first), codes_of(second), GRAM).tolist()


def plain(first: str, second: str) -> set[tuple[int, int, int]]:
    """Every maximal run, found by trying each pair of places."""
    found = set()
    for i in range(len(first)):
        for j in range(len(second)):
            if i and j and first[i - 1] == second[j - 1]:
                continue
            length = 0
            while first[i + length : i + length + 1] == second[j + length : j + length + 1] != "":
                length += 1
            if length >= GRAM:
                found.add((i, j, length))
    return found


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("一二三四五", "零一二三四六", [[0, 1, 4]]),
        ("一二三四五六七八", "五六七八一二三四", [[0, 4, 4], [4, 0, 4]]),
        ("一二三四", "一二三", []),
        ("", "一二三四", []),
        ("𠀀𠀁𠀂𠀃一", "一𠀀𠀁𠀂𠀃", [[0, 1, 4]]),
    ],
    ids=["inside", "swapped", "too short", "empty", "beyond the basic plane"],
)
def test_runs(first, second, expected):
    assert runs(first, second) == expected


@given(TEXTS, TEXTS)
def test_every_maximal_run_is_found_and_nothing_else(first, second):
    assert {tuple(run) for run in runs(first, second)} <= plain(first, second) or _repeats(second)
    if not _repeats(second):
        assert {tuple(run) for run in runs(first, second)} == plain(first, second)


@given(TEXTS, TEXTS)
def test_runs_lie_in_both_texts_and_are_equal(first, second):
    for i, j, length in runs(first, second):
        assert first[i : i + length] == second[j : j + length]
        assert length >= GRAM and i + length <= len(first) and j + length <= len(second)


def test_a_gram_that_is_everywhere_is_passed_over():
    assert runs("哈哈哈哈", "哈" * 40) == []


def test_order_and_type():
    found = common_runs(codes_of("五六七八一二三四"), codes_of("一二三四五六七八"), GRAM)
    assert found.dtype == np.int64
    assert found[:, 0].tolist() == sorted(found[:, 0].tolist())


def _repeats(text: str) -> bool:
    """Tell whether some gram stands in ``text`` so often that it is passed over."""
    grams = [text[i : i + GRAM] for i in range(len(text) - GRAM + 1)]
    return any(grams.count(gram) > 12 for gram in set(grams))
