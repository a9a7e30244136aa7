"""What the indices of a year are made of, exactly."""

from __future__ import annotations

from pathlib import Path

import pytest

from cchc.components import component_indices
from small import as_lines, lines, small_dataset

RUBRIC = "2000,,1,Một,60,,,\n2000,,2,Hai,40,,,"
WEIGHTED = "2000,,1,Một,60,,70,\n2000,,2,Hai,40,,30,"
COLUMNS = ("unit_id", "code", "index_exact", "weight", "rubric_weight", "adjustment", "decimals")


def test_plain_index_weighs_by_the_units_own_maxima(tmp_path: Path) -> None:
    """b's second component does not apply; c's first has another maximum; a has bonus and penalty: +1 of 100."""
    cells = {
        "a": {"1": "45", "2": "30", "": "bonus=3 penalty=2"},
        "b": {"1": "40", "2": "KAD"},
        "c": {"1": "appraised=25 max_points=50", "2": "10"},
    }
    table = component_indices(small_dataset(tmp_path, {2024: cells}, rubric=RUBRIC), 2024)
    assert as_lines(table, COLUMNS) == lines("""
        a 1  75/1  60/1 60/1 1/1 2
        a 2  75/1  40/1 40/1 1/1 2
        b 1 200/3  60/1 60/1 0/1 2
        b 2 -       0/1 40/1 0/1 2
        c 1  50/1  50/1 60/1 0/1 2
        c 2  25/1  40/1 40/1 0/1 2
    """)


def test_weighted_index_has_the_rubrics_weights(tmp_path: Path) -> None:
    cells = {"a": {"1": "45", "2": "20", "": "bonus=2"}, "b": {"1": "KAD", "2": "30"}}
    table = component_indices(small_dataset(tmp_path, {2024: cells}, rubric=WEIGHTED), 2024)
    assert as_lines(table, COLUMNS) == lines("""
        b 1 -     0/1 70/1 0/1 2
        b 2 75/1 30/1 30/1 0/1 2
        a 1 75/1 70/1 70/1 2/1 2
        a 2 50/1 30/1 30/1 2/1 2
    """)


def test_difference_from_the_announced_index_is_kept(tmp_path: Path) -> None:
    """a is announced as recomputed (75.0), b as 76.5 where 75 is recomputed; both to one decimal."""
    cells = {"a": {"1": "45", "2": "30"}, "b": {"1": "45", "2": "30"}}
    published = {2024: "unit,index_score\na,75.0\nb,76.5"}
    table = component_indices(small_dataset(tmp_path, {2024: cells}, rubric=RUBRIC, published=published), 2024)
    assert as_lines(table[table["code"] == "1"], COLUMNS) == lines("""
        b 1 75/1 60/1 60/1 3/2 1
        a 1 75/1 60/1 60/1 0/1 1
    """)


def test_exact_scheme_rounds_nothing(tmp_path: Path) -> None:
    data = small_dataset(tmp_path, {2024: {"a": {"1": "45", "2": "30"}}}, rubric=RUBRIC, settings='rank_on = "exact"')
    assert component_indices(data, 2024)["decimals"].isna().all()


def test_units_without_component_figures_have_no_rows(tmp_path: Path) -> None:
    """b is incomplete; c has only an announced index."""
    cells = {"a": {"1": "45", "2": "30"}, "b": {"1": "45"}, "c": {}}
    published = {2024: "unit,index_score\na,75\nc,80"}
    data = small_dataset(tmp_path, {2024: cells}, rubric=RUBRIC, published=published, units="a,g,,\nb,g,,\nc,g,,")
    assert component_indices(data, 2024)["unit_id"].unique().tolist() == ["a"]


def test_year_without_scores(tmp_path: Path) -> None:
    data = small_dataset(
        tmp_path, {2023: {"a": {"1": "45", "2": "30"}}}, rubric=RUBRIC, published={2024: "unit,index_score\na,75"}
    )
    assert component_indices(data, 2024).empty
    with pytest.raises(LookupError, match="2022"):
        component_indices(data, 2022)
