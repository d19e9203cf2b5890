"""The model's file: whole, or not at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening import resources
from screening.errors import ModelError
from screening.stages.advertising.model import dump, load, model_path, parse

SHIPPED = resources.folder("models") / "advertising.model"


def test_a_model_is_written_and_read_back_byte_for_byte(model):
    data = SHIPPED.read_bytes()
    assert dump(model) == data
    again = parse(data)
    assert again.digest == model.digest
    assert (again.advertising.table == model.advertising.table).all()
    assert again.thresholds == model.thresholds


def test_the_shipped_model_is_small_and_holds_its_promises(model):
    assert SHIPPED.stat().st_size <= 4 * 1024 * 1024
    thresholds = model.thresholds
    assert 0.5 <= thresholds.review <= thresholds.reached <= thresholds.block < 1
    assert model.digest.startswith("sha256:")
    assert sum(model.facts["texts"].values()) >= 1600


@pytest.mark.parametrize("size", [0, 10, 24, 60, 5000])
def test_a_model_cut_short_is_refused(size):
    with pytest.raises(ModelError, match="M002"):
        parse(SHIPPED.read_bytes()[:size])


@given(st.integers(0, SHIPPED.stat().st_size - 1))
def test_no_byte_may_change(place):
    data = bytearray(SHIPPED.read_bytes())
    data[place] ^= 1
    with pytest.raises(ModelError, match="M002"):
        parse(bytes(data))


def test_a_model_that_is_not_there_is_an_error(tmp_path):
    with pytest.raises(ModelError, match="M001"):
        load(tmp_path / "advertising.model")


def test_a_schools_own_model_comes_first(tmp_path):
    assert model_path(tmp_path) == SHIPPED
    own = tmp_path / "model" / "advertising.model"
    own.parent.mkdir()
    own.write_bytes(b"")
    assert model_path(tmp_path) == own
