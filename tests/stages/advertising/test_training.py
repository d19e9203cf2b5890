"""Training: the same texts give the same model, and numpy scores as scikit-learn does."""

import numpy as np
import pytest
from scipy import sparse

from screening import resources
from screening.errors import ModelError
from screening.stages.advertising import training
from screening.stages.advertising.evaluation import evaluate, judge_all
from screening.stages.advertising.model import dump
from screening.stages.advertising.signs import SignFinder
from screening.stages.advertising.texts import read_shipped


@pytest.fixture(scope="module")
def some(texts):
    return texts[::8]


@pytest.fixture(scope="module")
def trained(some, signs, names):
    return training.train(some, signs, names)


def test_numpy_gives_the_probabilities_of_scikit_learn(some, signs, names):
    readings = training.read_all(some, SignFinder(signs, names))
    labels = np.array([int(text.is_advertising) for text in some])
    sample = training.sample_of(readings, some, len(signs))
    machine, used = training.fit_machine(sample, labels, 5.0)
    task = training.fit(sample, labels, 5.0)
    scaled = sparse.csr_matrix(sample.signs * training._SIGN_SCALE)
    theirs = machine.predict_proba(sparse.hstack([sample.grams[:, used], scaled]).tocsr())[:, 1]
    ours = []
    for number, reading in enumerate(readings):
        count = int((sample.source == number).sum())
        whole = some[number].kind == "soft"
        bounds = reading.segments[:1] if whole else training._some(reading.segments)
        assert len(bounds) == count
        ours += (1 / (1 + np.exp(-task.margins(reading, bounds)))).tolist()
    assert np.abs(np.array(ours) - theirs).max() < 1e-3


def test_the_same_texts_give_the_same_bytes(some, signs, names, trained):
    assert dump(training.train(some, signs, names)) == dump(trained)


def test_the_shipped_model_was_trained_on_the_texts_and_signs_as_they_are(model, signs):
    texts = read_shipped(resources.folder("data"))
    assert model.facts["source"] == training.source_digest(texts, signs)
    assert model.signs == tuple(signs)


def test_a_trained_model_tells_advertising_it_has_not_seen(some, texts, names, trained):
    known = {text.id for text in some}
    others = [text for text in texts[3::12] if text.id not in known]
    metrics = evaluate(trained, others, judge_all(trained, others, names))
    assert metrics.texts == len(others)
    assert metrics.f1 > 0.6
    assert metrics.block_precision >= 0.95
    assert sum(row.texts for row in metrics.kinds) == len(others)
    assert sum(found.count for found in metrics.bins) == len(others)
    assert metrics.curve[-1][0] == 1.0


def test_too_few_texts_are_refused(some, signs, names):
    with pytest.raises(ModelError, match="M004"):
        training.train([text for text in some if text.is_advertising], signs, names)


@pytest.mark.parametrize(
    ("scores", "labels", "block"),
    [([0.99] * 50 + [0.1] * 50, [1] * 50 + [0] * 50, 0.9), ([0.97] * 50, [1, 0] * 25, 0.975)],
)
def test_what_is_blocked_is_nearly_always_advertising(scores, labels, block):
    nowhere = np.zeros(len(scores), dtype=bool)
    chosen = training.choose_thresholds(np.array(scores), np.array(labels), nowhere, nowhere)
    assert chosen.block >= block
    assert chosen.review <= chosen.reached <= chosen.block


def test_a_way_to_reach_the_seller_lowers_the_threshold_and_a_signature_counts_for_neither():
    scores = np.array([0.86] * 60 + [0.985] * 40 + [0.99] * 5)
    labels = np.array([1] * 100 + [0] * 5)
    reached = np.array([True] * 60 + [False] * 45)
    issued = np.array([False] * 100 + [True] * 5)
    chosen = training.choose_thresholds(scores, labels, reached, issued)
    assert (chosen.reached, chosen.block) == (0.85, 0.9)
    unsigned = training.choose_thresholds(scores, labels, reached, np.zeros(105, dtype=bool))
    assert unsigned.block > 0.985
