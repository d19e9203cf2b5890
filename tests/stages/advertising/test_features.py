"""Tokens, n-grams and segments."""

import numpy as np
from advertising_drafts import draft_of
from hypothesis import given
from hypothesis import strategies as st

from screening.stages.advertising.segments import segments
from screening.text import prepare
from screening.text.characters import classes_of
from screening.text.grams import BITS, Grams, grams_of
from screening.text.normalise import codes_of


def grams(text: str) -> Grams:
    codes = codes_of(text)
    return grams_of(codes, classes_of(codes))


def different(found: Grams) -> list[np.ndarray]:
    """Return each order's slots, each once."""
    tokens = len(found.starts)
    return [np.unique(row[: max(tokens - n, 0)]) for n, row in enumerate(found.slots)]


def test_numbers_and_names_are_one_token_whatever_they_are():
    one, other = grams("价2680元加vip0"), grams("价9元加x123")
    assert one.starts.tolist() == [0, 1, 5, 6, 7, 10]
    assert other.starts.tolist() == [0, 1, 2, 3, 4, 5]
    assert one.slots.tolist() == other.slots.tolist()


@given(st.text(max_size=60))
def test_no_gram_is_cut_short_and_slots_are_in_the_table(text):
    found = grams(text)
    tokens = len(found.starts)
    assert found.slots.shape == found.first.shape == (3, tokens)
    assert not any(found.first[n, max(tokens - n, 0) :].any() for n in range(3))
    assert ((found.slots >= 0) & (found.slots < 1 << BITS)).all()


TABLE = np.random.default_rng(0).normal(size=1 << BITS).astype(np.float32)


@given(st.text(alphabet="学校优惠 加v0。\n!", max_size=300), st.integers(0, 300))
def test_the_weight_of_a_text_is_the_sum_of_its_different_parts(text, cut):
    found = grams(text)
    once = np.unique(np.concatenate(different(found)))
    assert np.isclose(found.weights(TABLE)[-1], TABLE[once].sum(), atol=1e-3)
    assert found.sizes[-1] == len(once)
    low, high = found.tokens(np.array([[0, cut], [cut, len(text) + 1]])).T
    assert low.tolist() == [0, high[0]]
    assert high[1] == len(found.starts)


@given(st.lists(st.integers(1, 90), max_size=30))
def test_passages_begin_and_end_at_edges_and_cover_long_texts(steps):
    edges = np.cumsum([0, *steps])
    bounds = segments(edges)
    assert bounds[0].tolist() == [0, edges[-1]]
    assert set(bounds.ravel().tolist()) <= set(edges.tolist())
    passages = bounds[1:]
    if edges[-1] > 200:
        assert passages[:, 0].min() == 0
        assert passages[:, 1].max() == edges[-1]
        assert (passages[:, 1] > passages[:, 0]).all()


@given(st.text(max_size=80), st.text(max_size=80))
def test_stream_positions_lead_back_to_the_draft(title, body):
    draft = draft_of(body.replace("\r", " "), title=title.replace("\n", " "))
    stream = prepare(draft).stream
    for position in range(len(stream.codes)):
        for span in stream.spans(position, position + 1):
            assert 0 <= span.start < span.end <= len(draft.fields[span.field])
    assert int(stream.edges[-1]) == len(stream.codes)
