"""The words that are told as reasons: whole ones, apart, and the heaviest first."""

from itertools import pairwise

import pytest
from advertising_drafts import draft_of

from screening.stages.advertising.explain import explain, token_weights
from screening.stages.advertising.reading import read
from screening.stages.advertising.signs import SignFinder
from screening.text import prepare
from screening.text.words import on_boundaries


@pytest.fixture(scope="module")
def told(model, names):
    """Return a function: text in, its stream's text, reading and reasons out."""
    finder = SignFinder(model.signs, names)

    def run(body):
        reading = read(prepare(draft_of(body)), finder)
        text = reading.stream.text
        return text, reading, explain(model, reading, 0, len(text))

    return run


@pytest.fixture(scope="module")
def adverts(texts):
    return [text.text for text in texts if text.is_advertising][::50]


def test_reasons_are_whole_words_and_lie_apart(told, adverts):
    count = 0
    for advert in adverts:
        text, _, reasons = told(advert)
        plain = [reason for reason in reasons if not reason.sign]
        for reason in plain:
            words = text[reason.start : reason.end]
            assert words.isalnum()
            assert len(words) > 1
            assert on_boundaries(text, reason.start, reason.end), words
        placed = sorted((reason.start, reason.end) for reason in reasons)
        assert all(one[1] <= two[0] for one, two in pairwise(placed))
        count += len(plain)
    assert count > len(adverts)


def test_what_speaks_for_comes_first_and_the_heaviest_of_it(told, adverts):
    for advert in adverts:
        weights = [reason.weight for reason in told(advert)[2]]
        good = [weight for weight in weights if weight > 0]
        assert weights[: len(good)] == good == sorted(good, reverse=True)
        assert len(good) <= 8
        assert len(weights) - len(good) <= 2


def test_a_phrase_ends_where_its_clause_does(told):
    text, _, reasons = told("室友都来问链接，三楼那间宿舍团购了面膜，第二件半价。快去抢购面膜！")
    breaks = [text.index("三楼"), text.index("第二件"), text.index("快去")]
    assert reasons
    assert not [r for r in reasons for place in breaks if r.start < place < r.end]


def test_the_weights_of_all_tokens_make_up_the_margin(model, told, adverts):
    plain = [advert for advert in adverts if "！！" not in advert and advert.isprintable()]
    for advert in plain:
        _, reading, _ = told(advert)
        margin = model.advertising.margins(reading, reading.segments[:1])[0]
        if not any(hit.start == hit.end for hit in reading.hits):
            total = token_weights(model, reading).sum() + model.advertising.bias
            assert total == pytest.approx(margin, abs=1e-3)


@pytest.mark.parametrize("body", ["", "。", "好", "!!!", "12345"])
def test_nothing_to_say_is_no_error(told, body):
    assert all(reason.sign or reason.end - reason.start > 1 for reason in told(body)[2])
