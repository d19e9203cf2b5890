"""Suspects: numbers of persons are known for masking however they are written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.stages.lexicon.suspects import suspects
from screening.text.normalise import normalise

FOUND = [
    "330000200001010002",  # citizen number, wrong check digit
    "330000 20000101 0002",
    "33000020000101\n000X",
    "13800000000",
    "138 0000 0000",
    "138.0000.0000",
    "138 0000\n0000",
    "138\n0000\n0000",
    "1 3 8 0 0 0 0 0 0 0 0",
    "138—0000—0000",
    "１３８００００００００",
    "①③⑧⓪⓪⓪⓪⓪⓪⓪⓪",
    "١٣٨٠٠٠٠٠٠٠٠",
    "一三八零零零零零零零零",
    "幺叁捌〇〇〇〇〇〇〇〇",
    "1三8零0零0零0零0",
    "6217000000000000001",  # bank card, wrong check digit
    "6222 0200 0000 0000",
    "E00000001",
]
LEFT = [
    "2026年11月22日",
    "20261122",
    "一二三四五六七",
    "二〇二六年一月一日至二〇二六年十二月",
    "0577-86680000",
    "400-123-4567",
    "330000209901010002",  # born in 2099
    "150\n2023\n20245",
    "12 34 56 78 90 12",
    "3.1415926535",
]


@pytest.mark.parametrize("number", FOUND)
def test_found_whole(number):
    text = f"号码 {number}，完"
    assert (3, 3 + len(number)) in list(suspects(normalise(text)))


@pytest.mark.parametrize("text", LEFT)
def test_left_alone(text):
    assert list(suspects(normalise(text))) == []


def test_a_student_number_needs_its_label():
    assert list(suspects(normalise("学号：2023000001"))) == [(3, 13)]
    assert list(suspects(normalise("编号：2023000001"))) == []


@given(st.text(alphabet="0123456789一三八 -.\n学号王x", max_size=60))
def test_bounds_lie_within_the_text_and_hold_digits(text):
    for start, end in suspects(normalise(text)):
        assert 0 <= start < end <= len(text)
        assert any(char.isnumeric() for char in text[start:end])
