"""The index finds the words that pyahocorasick finds, and where a pattern may match."""

import ahocorasick
import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.draft import DraftBuilder
from screening.stages.lexicon import index, patterns
from screening.stages.lexicon.compiled import compile_lexicon
from screening.stages.lexicon.field import FieldText
from screening.text.normalise import normalise

TEXTS = st.lists(
    st.sampled_from(["机密文件", "机密", "文件", "代开", "发票", "vpn", "停课", "，", "听说", "x"])
    | st.text(st.characters(exclude_categories=()), max_size=2),
    max_size=20,
).map("".join)


def field(text):
    return FieldText(DraftBuilder("text").build(), "body", normalise(text))


@pytest.fixture(scope="module")
def words(lexicon):
    return compile_lexicon(lexicon).words


def test_words_of_a_cooccurrence_count_only_together(words):
    def keys(text):
        return [hit.key for hit in index.WordIndex(words).find(field(text)).hits]

    assert keys("听说今天下雨") == []
    assert keys("听说明天停课") == ["听说", "停课"]


def cuts(text, start, end):
    """Tell whether the bounds cut an ASCII word or a number in two."""
    pairs = [text[at - 1 : at + 1] for at in (start, end) if 0 < at < len(text)]
    return any(pair.isascii() and (pair.isalpha() or pair.isdigit()) for pair in pairs)


@pytest.fixture(scope="module")
def automaton(words):
    found = ahocorasick.Automaton(ahocorasick.STORE_INTS)
    for number, key in enumerate(words.keys):
        if not key.startswith("#"):
            found.add_word(key, number)
    found.make_automaton()
    return found


@given(text=TEXTS)
def test_the_words_are_those_that_pyahocorasick_finds(words, automaton, text):
    squeezed = field(text).squeezed.text
    plain = {(end - len(words.keys[n]) + 1, n) for end, n in automaton.iter(squeezed)}
    found = index.WordIndex(words)._found(field(text))
    assert set(found) == plain
    assert len(found) == len(plain)


@given(text=TEXTS)
def test_hits_are_the_plain_occurrences_of_terms(words, text):
    body = field(text)
    found = index.WordIndex(words).find(body)
    plain = {(hit.key, hit.at, hit.use.rule) for hit in found.hits if not hit.parted}
    for key, at, _ in plain:
        assert body.squeezed.text.startswith(key, at)
    for number, key in enumerate(words.keys):
        at = body.text.find(key)
        while at >= 0:
            if not cuts(body.text, at, at + len(key)):
                squeezed = int((body.squeezed.positions < at).sum())
                for use in words.uses_of(number):
                    if use.reach < 0 and words.needs[use.rule] == 1:
                        assert (key, squeezed, use.rule) in plain
            at = body.text.find(key, at + 1)


NEAR = "收银行卡，一张500元，私聊"
FAR = "收银行卡，一张500元" + "，一二三四五六七八九" * 3 + "，私聊"


@pytest.mark.parametrize(
    ("text", "windows"),
    [
        (NEAR, [(0, 7)]),
        (FAR, []),
        (NEAR.replace("私聊", "面谈"), []),
        (NEAR.replace("银行", "学生"), []),
        (FAR + "。" + NEAR, [(len(FAR) - 5, len(FAR) + 8)]),
    ],
)
def test_a_window_without_a_needed_word_in_reach_is_not_searched(lexicon, words, text, windows):
    number = next(n for n, rule in enumerate(lexicon.rules) if rule.id == "ILL901")
    assert index.WordIndex(words).find(field(text)).windows.get(number, []) == windows


def test_windows_that_touch_are_one():
    assert patterns.open_windows([(8, 12), (0, 4), (4, 6)], []) == [(0, 6), (8, 12)]
    assert patterns.open_windows([(0, 6), (8, 12)], [[(5, 7)]]) == [(0, 6)]
    assert patterns.open_windows([(0, 6), (8, 12)], [[(6, 8)]]) == []
    assert patterns.open_windows([(0, 6), (8, 12)], [[(0, 20)], [(11, 14)]]) == [(8, 12)]
