"""Words found by sums are those that a plain search finds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.stages.advertising.words import WordTable
from screening.text.normalise import codes_of

SOME = "学校优惠劵加微信V0。\ud800\U0001f600"


def searched(words, text):
    return {
        (place, number)
        for number, word in enumerate(words)
        for place in range(len(text))
        if text.startswith(word, place)
    }


def found(words, text):
    places, numbers = WordTable(words).find(codes_of(text))
    pairs = list(zip(places.tolist(), numbers.tolist(), strict=True))
    assert len(set(pairs)) == len(pairs)
    return set(pairs)


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["优惠", "优惠券", "惠"], "领优惠券，优惠"),
        (["折"], "折折"),
        (["学校"], "学"),
        (["学校"], ""),
        (["最后三天"], "最后三"),
    ],
)
def test_words_within_words_and_cut_short(words, text):
    assert found(words, text) == searched(words, text)


@given(
    st.lists(st.text(SOME, min_size=1, max_size=5), min_size=1, max_size=12, unique=True),
    st.text(SOME, max_size=120),
)
def test_any_words_are_found_wherever_they_stand(words, text):
    assert found(words, text) == searched(words, text)


def test_a_long_text_is_searched_to_its_end():
    text = "学" * 9000 + "优惠"
    assert found(["优惠"], text) == {(9000, 0)}
