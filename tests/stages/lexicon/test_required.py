"""Words without which an expression cannot match: what is read, and that it is never too much."""

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from screening.stages.lexicon.required import required_words
from screening.text.normalise import normalise, squeeze


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("代考", [{"代考"}]),
        ("代考|替考", [{"代考", "替考"}]),
        ("[代替]考", [{"代考", "替考"}]),
        ("代[ ]?考", [{"代考"}]),
        ("[^代]\\w考试院", [{"考试院"}]),
        ("(?P<hit>代考).{0,9}(?:加微|私聊)", [{"代考"}, {"加微", "私聊"}]),
        ("(?:枪手|(?:找|请)人)代考", [{"枪手代考", "找人代考", "请人代考"}]),
        ("(?:枪手)?代考", [{"代考"}]),
        ("(?:的.{3}接单|了.{3}收徒)", [{"接单", "收徒"}]),
        ("(?:枪手)+", [{"枪手"}]),
        ("(?<=枪手)代考(?!处)", [{"代考"}]),
        ("(?P<hit>代考)费|(?P<hit>替考)费", [{"代考费", "替考费"}]),
    ],
)
def test_needed_words_are_read_from_the_expression(source, words):
    assert set(required_words(source)) == set(map(frozenset, words))


@pytest.mark.parametrize(
    "source",
    [
        r"\d{18}",
        "(?:代考)?",
        "代考|.",
        "[^代]",
        "的",  # too common to tell anything
        "x",
        "1",
        "(?i:代考)",
        "(?i)代考",
        "Ａ",  # no normalised text holds it, nothing is claimed of it
        "[[代]--[考]]",
        "代考(",
    ],
)
def test_of_other_expressions_nothing_is_claimed(source):
    assert required_words(source) == ()


EXPRESSIONS = st.recursive(
    st.sampled_from(["代考", "枪手", "替", "[加+]微", "私.聊", "接 单", r"\d", "vx", "(?!考)"]),
    lambda inner: (
        st.tuples(inner, inner).map("".join)
        | st.tuples(inner, inner).map(lambda pair: "(?:{}|{})".format(*pair))
        | st.tuples(inner, st.sampled_from(["?", "+", "{0,2}", "{2}"])).map(
            lambda pair: "(?:{}){}".format(*pair)
        )
    ),
    max_leaves=8,
)


@given(source=EXPRESSIONS, data=st.data())
def test_every_match_holds_a_word_of_each_set(source, data):
    pieces = ["代考", "枪手", "替", "加微", "+微", "私下聊", "接 单", "7", "vx", "考", "，"]
    text = "".join(data.draw(st.lists(st.sampled_from(pieces), max_size=12)))
    for match in regex.finditer(source, text):
        squeezed = squeeze(normalise(match[0])).text
        for words in required_words(source):
            assert any(word in squeezed for word in words)
