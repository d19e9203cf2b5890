"""The word index: partial and whole automata find the same, and what a plain search finds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.draft import DraftBuilder
from screening.stages.lexicon import index
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


@given(text=TEXTS)
def test_partial_automata_find_what_the_whole_one_finds(words, text):
    whole, partial = index.WordIndex(words), index.WordIndex(words)
    whole._read = index._FEW
    assert list(partial.hits(field(text))) == list(whole.hits(field(text)))


def test_words_of_a_cooccurrence_count_only_together(words):
    def keys(text):
        return [hit.key for hit in index.WordIndex(words).hits(field(text))]

    assert keys("听说今天下雨") == []
    assert keys("听说明天停课") == ["听说", "停课"]


@given(text=TEXTS)
def test_hits_are_the_plain_occurrences(words, text):
    body = field(text)
    found = {(hit.key, hit.at) for hit in index.WordIndex(words).hits(body) if not hit.parted}
    for key, at in found:
        assert body.squeezed.text.startswith(key, at)
    for key in words.keys:
        if key in {"网传", "停课", "放假", "合并", "据说", "听说"}:
            continue
        at = body.text.find(key)
        while at >= 0:
            if not index._cuts_ascii(body.text, at, at + len(key)):
                squeezed = int((body.squeezed.positions < at).sum())
                assert (key, squeezed) in found
            at = body.text.find(key, at + 1)


def test_the_whole_automaton_is_built_once(words):
    found = index.WordIndex(words)
    long = field("今天。" * index._FEW)
    assert list(found.hits(long)) == []
    built = found._whole
    list(found.hits(field("机密文件")))
    assert found._whole is built
