"""Word boundaries: as jieba would cut, without jieba's start-up."""

import sys

import jieba
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from screening.text import words

INSIDE = [
    ("路口交通秩序良好", "口交"),
    ("采购二十四口交换机一台", "口交"),
    ("江西干部培训班结业", "西干"),
    ("软件性质鉴定报告", "件性"),
    ("手机密码请妥善保管", "机密"),
    ("手机、密码请妥善保管", "机、密"),
    ("广州进出口交易会开幕", "口交"),
]
WHOLE = [
    ("这是一份机密材料", "机密"),
    ("这是一份机密文件", "机密"),
    ("提供刷单服务", "刷单"),
    ("机、密不可外传", "机、密"),
]


@pytest.mark.parametrize(("text", "part"), INSIDE)
def test_inside_words(text, part):
    start = text.index(part)
    assert not words.on_boundaries(text, start, start + len(part))


@pytest.mark.parametrize(("text", "part"), WHOLE)
def test_whole_words(text, part):
    start = text.index(part)
    assert words.on_boundaries(text, start, start + len(part))


@pytest.fixture(scope="session")
def ordinary():
    tokenizer = jieba.Tokenizer()
    tokenizer.initialize()
    return tokenizer


@settings(max_examples=300, deadline=None)
@given(
    text=st.text(
        "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出路口交通软件性质abc12，。",
        max_size=40,
    )
)
def test_cuts_as_jieba_does(ordinary, text):
    ours = words._tokenizer()
    assert list(ours.cut(text, HMM=False)) == list(ordinary.cut(text, HMM=False))


def test_the_shipped_dictionary_is_jiebas(ordinary):
    frequencies = words._Frequencies()
    assert ordinary.total == words._TOTAL
    known = {word: count for word, count in ordinary.FREQ.items() if count}
    assert {word: frequencies.get(word) for word in known} == known
    assert max(map(len, known)) == words._LONGEST


def test_pkg_resources_is_left_as_it_was():
    before = sys.modules.get("pkg_resources")
    words._jieba()
    assert sys.modules.get("pkg_resources") is before
