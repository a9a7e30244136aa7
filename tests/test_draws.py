"""Places in many draws: ranks, acceptabilities, quantiles."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.stats import rankdata

from cchc.draws import acceptabilities, rank_quantiles, ranks_of_draws

few_values = hnp.arrays(np.float64, st.tuples(st.integers(1, 5), st.integers(1, 8)), elements=st.integers(-3, 3))


def test_ties_share_the_better_place() -> None:
    numbers = np.array([[3.0, 1, 3, 2], [1, 2, 3, 4], [0, 0, 0, 0]])
    assert ranks_of_draws(numbers).tolist() == [[1, 4, 1, 3], [4, 3, 2, 1], [1, 1, 1, 1]]


def test_what_has_no_number_has_no_place() -> None:
    assert ranks_of_draws(np.array([[np.nan, 5, 7, np.nan, 5]])).tolist() == [[0, 2, 1, 0, 2]]


@given(few_values)
def test_ranks_are_those_of_scipy(numbers: np.ndarray) -> None:
    assert (ranks_of_draws(numbers) == rankdata(-numbers, axis=1, method="min")).all()


def test_acceptabilities_by_hand() -> None:
    ranks = np.array([[1, 2, 3], [1, 3, 2], [1, 2, 3], [2, 1, 3]])
    assert acceptabilities(ranks).tolist() == [[0.75, 0.25, 0], [0.25, 0.5, 0.25], [0, 0.25, 0.75]]


@given(few_values)
def test_acceptabilities_of_a_unit_add_up_to_one(numbers: np.ndarray) -> None:
    shares = acceptabilities(ranks_of_draws(numbers))
    assert shares.shape == (numbers.shape[1], numbers.shape[1])
    assert shares.sum(axis=1) == pytest.approx(1)


def test_draws_without_a_place_are_of_no_place() -> None:
    assert acceptabilities(np.array([[0, 1], [1, 2]])).tolist() == [[0.5, 0], [0.5, 0.5]]


@pytest.mark.parametrize(("level", "places"), [(0.05, [1, 2, 3]), (0.95, [2, 3, 3]), (0.5, [1, 3, 3])])
def test_quantiles_are_places(level: float, places: list[int]) -> None:
    """The second unit has 4 % of its draws in the first place, the first exactly 95 % in the first two."""
    shares = np.array([[0.75, 0.2, 0.05], [0.04, 0.4, 0.56], [0, 0, 1.0]])
    assert rank_quantiles(shares, level).tolist() == places


@given(few_values, st.sampled_from([0.05, 0.5, 0.95]))
def test_quantiles_are_those_of_numpy(numbers: np.ndarray, level: float) -> None:
    ranks = ranks_of_draws(numbers)
    expected = np.quantile(ranks, level, axis=0, method="inverted_cdf")
    assert rank_quantiles(acceptabilities(ranks), level).tolist() == expected.tolist()
