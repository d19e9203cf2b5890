"""Array operations do what numpy's own do."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from screening.arrays import distinct, listed


@given(st.lists(st.integers(-9, 9)))
def test_distinct_is_unique(values):
    array = np.array(values, dtype=np.int64)
    assert distinct(array).tolist() == np.unique(array).tolist()


def test_listed_gives_plain_integers():
    view = listed(np.array([3, -1], dtype=np.int32))
    assert list(view) == [3, -1]
    assert type(view[1]) is int
