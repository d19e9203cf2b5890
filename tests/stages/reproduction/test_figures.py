"""Figures: how they are written, what they say, and when two of them say the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.stages.reproduction.figures import comparable, figures, same
from screening.text.normalise import fold

READ = [
    ("120万人", 1_200_000, ""),
    ("一百二十名", 120, ""),
    ("百分之三十", 30, "%"),
    ("二〇二四年", 2024, "年"),
    ("两万三千人", 23_000, ""),
    ("1.2亿元", 120_000_000, "元"),
    ("一点二亿", 120_000_000, ""),
    ("第三届", 3, "届"),
    ("14:30", 14.5, "时"),
    ("星期三", 2, "星期"),
    ("10个百分点", 10, "百分点"),
    ("3成", 3, "%"),
    ("零", 0, None),
    ("一千零五十个", 1050, ""),
    ("三十五", 35, ""),
]


@pytest.mark.parametrize(("text", "value", "unit"), READ, ids=[row[0] for row in READ])
def test_read(text, value, unit):
    found = figures(fold(text))
    if unit is None:
        assert found == []
        return
    (figure,) = found
    assert (figure.value, figure.unit) == (pytest.approx(value), unit)


@pytest.mark.parametrize("text", ["一起去", "统一安排", "千锤", "没有数字", "第", "百"])
def test_words_that_only_hold_a_numeral(text):
    assert figures(text) == []


SAME = [
    ("120万人", "1200000人", True),
    ("百分之三十", "30%", True),
    ("5公里", "5000米", True),
    ("5公里", "5米", False),
    ("5%", "5个百分点", False),
    ("129.4万亿元", "1294272亿元", True),
    ("129.4万亿元", "1274272亿元", False),
    ("二〇二四年", "24年", True),
    ("2024年", "2034年", False),
    ("27日", "27号", True),
    ("350公里", "350", True),
    ("四成", "42%", True),
    ("三十五个", "五十三个", False),
    ("周三", "星期三", True),
    ("周三", "周四", False),
    ("上午9点", "9时", True),
]


@pytest.mark.parametrize(("one", "other", "equal"), SAME, ids=[f"{a} {b}" for a, b, _ in SAME])
def test_same(one, other, equal):
    (first,), (second,) = figures(fold(one)), figures(fold(other))
    assert same(first, second) is equal
    assert same(second, first) is equal


def test_a_figure_is_changed_in_value_or_unit_not_both():
    (five, metres), (percent,) = figures("5%5米"), figures("6%")
    assert comparable(five, percent) and comparable(five, metres)
    assert not comparable(metres, percent)


@given(st.integers(0, 99_999_999))
def test_a_number_is_the_same_however_it_is_written(number):
    (plain,) = figures(f"{number}人")
    (chinese,) = figures(f"{in_chinese(number)}个")
    assert plain.value == number == chinese.value
    assert same(plain, chinese)


@given(st.text(alphabet="0123456789.:零一二十百千万亿两点第年月日%米个a，", max_size=40))
def test_any_text_gives_figures_within_it(text):
    found = figures(text)
    assert all(0 <= f.start < f.end <= len(text) for f in found)
    assert all(same(f, f) for f in found)


def in_chinese(number: int) -> str:
    """Write a number the way Chinese says it."""
    if number >= 10_000:
        rest = number % 10_000
        gap = "零" if 0 < rest < 1000 else ""
        return in_chinese(number // 10_000) + "万" + gap + (in_chinese(rest) if rest else "")
    for scale, char in ((1000, "千"), (100, "百"), (10, "十")):
        if number >= scale:
            rest = number % scale
            gap = "零" if 0 < rest < scale // 10 else ""
            digit = "零一二三四五六七八九"[number // scale]
            return digit + char + gap + (in_chinese(rest) if rest else "")
    return "零一二三四五六七八九"[number]
