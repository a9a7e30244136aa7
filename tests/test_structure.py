"""The structure of an index: correlations, effective weights, self-assessment against appraisal."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import pearsonr

from cchc.components import component_indices
from cchc.structure import component_correlations, component_weight, self_bias, self_gaps
from small import as_lines, lines, small_dataset
from test_weights import exact_numbers, table

rows_of_three = st.lists(st.lists(exact_numbers, min_size=3, max_size=3), min_size=3, max_size=6)


# correlations


def test_correlations_by_hand() -> None:
    """The second runs with the first, the third against it where it applies, the fourth is always the same."""
    found = component_correlations(table([[10, 20, 9, 5], [20, 40, 8, 5], [30, 60, None, 5], [40, 80, 6, 5]]))
    found["correlation"] = found["correlation"].round(9)
    assert as_lines(found, ["code", "other_code", "n", "correlation"]) == lines("""
        1 2 4 1
        1 3 3 -1
        1 4 4 -
        2 3 3 -1
        2 4 4 -
        3 4 3 -
    """)


def test_two_units_have_no_correlation() -> None:
    assert component_correlations(table([[1, 2], [2, 3], [None, 4]]))["correlation"].isna().all()


@given(rows_of_three)
@settings(max_examples=30)
def test_correlations_are_those_of_scipy(rows: list[list[object]]) -> None:
    columns = np.array(rows, float).T
    found = component_correlations(table(rows))["correlation"]
    pairs = [(0, 1), (0, 2), (1, 2)]
    for (one, other), value in zip(pairs, found, strict=True):
        if np.isnan(value):
            assert min(np.ptp(columns[one]), np.ptp(columns[other])) == 0
        else:
            assert value == pytest.approx(pearsonr(columns[one], columns[other]).statistic, abs=1e-9)


# weights


def test_effective_weights_by_hand() -> None:
    """The first varies twice as much as the second, which weighs twice as much: contributions 10, 20, 30 and 35 to 55.

    The third is the same everywhere and decides nothing.
    """
    found = component_weight(table([[40, 70, 100], [80, 90, 100], [120, 110, 100]], rubric=[1, 2, 1]))
    assert found["weight"].tolist() == [0.25, 0.5, 0.25]
    assert found["effective_weight"].tolist() == pytest.approx([0.5, 0.5, 0])
    columns = ["code", "n", "mean", "spread", "lowest", "highest", "n_values", "n_full", "n_moved"]
    assert as_lines(found, columns) == lines("""
        1 3 80 40 40 120 3 0 0
        2 3 90 20 70 110 3 0 0
        3 3 100 0 100 100 1 3 0
    """)


def test_component_against_the_index_and_one_that_moves() -> None:
    """Contributions 40, 20, 0 and 0, 10, 12: without the first all places turn round, without the second none."""
    found = component_weight(table([[80, 0], [40, 20], [0, 24]]))
    assert found["effective_weight"].sum() == pytest.approx(1)
    assert found["effective_weight"][1] < 0
    assert found["n_moved"].tolist() == [2, 0]


def test_where_a_component_does_not_apply(tmp_path: Path) -> None:
    """It is described over the units that it applies to; leaving out all that a unit has moves it too."""
    scores = {"a": {"1": "60", "2": "20"}, "b": {"1": "30", "2": "KAD"}}
    data = small_dataset(tmp_path, {2024: scores}, rubric="2000,,1,Một,60,,,\n2000,,2,Hai,40,,,")
    found = component_weight(component_indices(data, 2024))
    assert as_lines(found, ["code", "n", "mean", "spread", "n_full", "n_moved"]) == ["1 2 75 35.35533905932738 1 1",
                                                                                     "2 1 50 - 0 0"]  # fmt: skip
    assert found["effective_weight"].sum() == pytest.approx(1)


def test_no_effective_weight_where_nobody_differs() -> None:
    found = component_weight(table([[50], [50]]))
    assert found["effective_weight"].isna().all()
    assert found["n_moved"].isna().all()


@given(rows_of_three, st.lists(st.integers(1, 9), min_size=3, max_size=3))
@settings(max_examples=30)
def test_effective_weights_add_up_to_one(rows: list[list[object]], weights: list[int]) -> None:
    found = component_weight(table(rows, weights, rubric=weights))["effective_weight"]
    assert found.isna().all() or found.sum() == pytest.approx(1)


# self-assessment


RUBRIC = "2000,,1,Một,40,,,\n2000,,1.1,A,30,,,\n2000,,1.2,B,10,both,,\n2000,,2,Hai,40,,,\n2000,,3,Ba,20,survey,,"


def gaps_of(folder: Path) -> pd.DataFrame:
    """a gives itself 3 of 40 and 2 of 40 more; b 6 of 30 less, and nothing to what it does not answer for."""
    scores = {
        "a": {"1.1": "self=28 appraised=25", "1.2": "self=5 appraised=5 survey=2", "2": "self=32 appraised=30",
              "3": "survey=15"},
        "b": {"1.1": "self=18 appraised=24", "1.2": "KAD", "2": "appraised=35", "3": "survey=10"},
    }  # fmt: skip
    return self_gaps(small_dataset(folder, {2024: scores}, rubric=RUBRIC), 2024)


def test_gaps_by_hand(tmp_path: Path) -> None:
    columns = ["unit_id", "code", "n_leaves", "self_points", "appraised_points", "max_points", "gap"]
    assert as_lines(gaps_of(tmp_path), columns) == lines("""
        a 1 2 33 30 40 7.5
        a 2 1 32 30 40 5
        b 1 1 18 24 30 -20
    """)


def test_bias_by_component_and_by_unit(tmp_path: Path) -> None:
    gaps = gaps_of(tmp_path)
    of_components, of_units = self_bias(gaps, "code"), self_bias(gaps, "unit_id")
    assert as_lines(of_components, ["group", "code", "n", "bias", "n_above"]) == ["g 1 2 -6.25 1", "g 2 1 5 1"]
    assert of_components["spread"].tolist() == pytest.approx([27.5 / 2**0.5, np.nan], nan_ok=True)
    assert as_lines(of_units, ["unit_id", "n", "bias", "n_above"]) == ["a 2 6.25 2", "b 1 -20 0"]
    assert of_units["spread"].tolist() == pytest.approx([2.5 / 2**0.5, np.nan], nan_ok=True)


def test_nobody_assesses_himself(tmp_path: Path) -> None:
    gaps = self_gaps(small_dataset(tmp_path, {2024: {"a": {"1": "50"}}}), 2024)
    assert gaps.empty
    assert self_bias(gaps, "code").empty
