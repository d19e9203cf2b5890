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
    assert partial.find(field(text)) == whole.find(field(text))


def test_words_of_a_cooccurrence_count_only_together(words):
    def keys(text):
        return [hit.key for hit in index.WordIndex(words).find(field(text)).hits]

    assert keys("听说今天下雨") == []
    assert keys("听说明天停课") == ["听说", "停课"]


def cuts(text, start, end):
    """Tell whether the bounds cut an ASCII word or a number in two."""
    pairs = [text[at - 1 : at + 1] for at in (start, end) if 0 < at < len(text)]
    return any(pair.isascii() and (pair.isalpha() or pair.isdigit()) for pair in pairs)


@given(text=TEXTS)
def test_hits_are_the_plain_occurrences(words, text):
    body = field(text)
    found = index.WordIndex(words).find(body)
    plain = {(hit.key, hit.at, hit.use.rule) for hit in found.hits if not hit.parted}
    for key, at, _ in plain:
        assert body.squeezed.text.startswith(key, at)
    for number, key in enumerate(words.keys):
        uses = words.uses[words.starts[number] : words.starts[number + 1]].tolist()
        at = body.text.find(key)
        while at >= 0:
            if not cuts(body.text, at, at + len(key)):
                squeezed = int((body.squeezed.positions < at).sum())
                for rule, _, _ in uses:
                    reach = int(words.reach[rule])
                    if reach >= 0:
                        window = (max(0, at - reach), at + len(key) + reach)
                        assert window in found.windows[rule]
                    elif words.needs[rule] == 1:
                        assert (key, squeezed, rule) in plain
            at = body.text.find(key, at + 1)


def test_the_whole_automaton_is_built_once(words):
    found = index.WordIndex(words)
    long = field("今天。" * index._FEW)
    assert not found.find(long).hits
    built = found._whole
    found.find(field("机密文件"))
    assert found._whole is built
