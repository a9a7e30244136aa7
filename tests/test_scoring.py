"""Points to indices, a test a rule (design section 4, rules 1 to 3)."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pandas as pd
import pytest

from cchc.dataset import Dataset
from cchc.scoring import score, score_components
from small import as_lines, lines, small_dataset

TWO = "2024,,1,Một,60,,,\n2024,,2,Hai,40,,,"
WEIGHTED = "2024,,1,Một,30,,50,\n2024,,2,Hai,7,,30,\n2024,,3,Ba,9,,20,"


def one(data: Dataset, unit: str = "a") -> pd.Series:
    return score(data).set_index("unit_id").loc[unit]


@pytest.mark.parametrize(
    ("by", "cells", "points"),
    [
        ("", "appraised=50", 50),
        ("appraised", "appraised=50 self=90", 50),  # self-assessed points are never counted
        ("survey", "survey=40 self=90", 40),
        ("both", "appraised=50 survey=40", 90),
    ],
)
def test_points_are_the_fields_that_by_names(tmp_path: Path, by: str, cells: str, points: float) -> None:
    row = one(small_dataset(tmp_path, {2024: {"a": {"1": cells}}}, rubric=f"2024,,1,Một,100,{by},,"))
    assert row["points"] == row["index_score"] == points


@pytest.mark.parametrize("cells", [{"1": "60"}, {"1": "60", "2": "self=30"}, {"1": "60", "2": "appraised=20"}])
def test_not_entered_is_neither_zero_nor_left_out(tmp_path: Path, cells: dict[str, str]) -> None:
    """No row, only a self-assessment, or one field of the two."""
    rubric = "2024,,1,Một,60,,,\n2024,,2,Hai,40,both,,"
    row = one(small_dataset(tmp_path, {2024: {"a": cells}}, rubric=rubric))
    assert pd.isna(row["index_score"])
    assert row["index_exact"] is None
    assert not row["is_complete"]
    assert (row["n_missing"], row["missing"], row["has_scores"]) == (1, "2", True)


def test_zero_is_a_score(tmp_path: Path) -> None:
    row = one(small_dataset(tmp_path, {2024: {"a": {"1": "60", "2": "0"}}}, rubric=TWO))
    assert (row["index_score"], row["is_complete"], row["missing"]) == (60.0, True, "")


def test_unit_without_scores_is_listed(tmp_path: Path) -> None:
    row = one(small_dataset(tmp_path, {2024: {"a": {"1": "1", "2": "1"}}}, rubric=TWO, units="a,g,,\nb,g,,"), "b")
    assert (row["has_scores"], row["is_complete"], row["n_missing"]) == (False, False, 2)
    assert pd.isna(row["index_score"])


def test_file_without_rows_is_a_year_without_scores(tmp_path: Path) -> None:
    data = small_dataset(tmp_path, {2023: {"a": {"1": "50"}}, 2024: {}})
    assert score(data)["year"].tolist() == data.years == [2023]


def test_only_units_valid_on_the_scoring_day(tmp_path: Path) -> None:
    """as_of, not the end of the year, decides; both its first and its last day count."""
    units = "a,g,2024-10-31,\nb,g,2024-11-01,\nc,g,,2024-10-31\nd,g,,2024-10-30"
    data = small_dataset(
        tmp_path, {2024: {"a": {"1": "50"}}}, units=units, tables="[[years]]\nyear = 2024\nas_of = 2024-10-31\n"
    )
    assert score(data)["unit_id"].tolist() == ["a", "c"]


def test_not_applicable_leaves_the_maximum(tmp_path: Path) -> None:
    row = one(small_dataset(tmp_path, {2024: {"a": {"1": "45", "2": "KAD"}}}, rubric=TWO))
    assert (row["points"], row["max_points"], row["index_score"], row["is_complete"]) == (45.0, 60.0, 75.0, True)


def test_nothing_applicable_has_no_index(tmp_path: Path) -> None:
    row = one(small_dataset(tmp_path, {2024: {"a": {"1": "KAD", "2": "KAD"}}}, rubric=TWO))
    assert row["index_exact"] is None
    assert row["is_complete"]


def test_own_maximum(tmp_path: Path) -> None:
    row = one(small_dataset(tmp_path, {2024: {"a": {"1": "45", "2": "appraised=30 max_points=30"}}}, rubric=TWO))
    assert (row["max_points"], row["index_score"]) == (90.0, 83.33)


def test_bonus_and_penalty_are_no_part_of_a_maximum(tmp_path: Path) -> None:
    """100 x (points + bonus - penalty) / maximum: a bonus point weighs as a point of the rubric does."""
    cells = {"1": "45", "2": "KAD", "": "bonus=3 penalty=1"}
    data = small_dataset(tmp_path, {2024: {"a": cells}}, rubric=TWO)
    row = one(data)
    assert (row["points"], row["max_points"], row["bonus"], row["penalty"]) == (45.0, 60.0, 3.0, 1.0)
    assert row["index_exact"] == Fraction(100 * 47, 60)
    assert score_components(data)["index_score"].dropna().tolist() == [75.0]


@pytest.mark.parametrize(
    ("cells", "index"),
    [({"1": "60", "2": "40", "": "bonus=2.5"}, 102.5), ({"1": "1", "2": "1", "": "penalty=4.125"}, -2.13)],
)
def test_never_clipped(tmp_path: Path, cells: dict[str, str], index: float) -> None:
    assert one(small_dataset(tmp_path, {2024: {"a": cells}}, rubric=TWO))["index_score"] == index


def test_weights_take_unrounded_component_indices(tmp_path: Path) -> None:
    """1/3 and 2/3 with 99.995 and 0.005: 33.335, half up 33.34; with parts rounded first 33.3317, 33.33."""
    rubric = "2024,,1,Một,3,,99.995,\n2024,,2,Hai,3,,0.005,"
    row = one(small_dataset(tmp_path, {2024: {"a": {"1": "1", "2": "2"}}}, rubric=rubric))
    assert row["index_exact"] == Fraction("33.335")
    assert row["index_score"] == 33.34


def test_weights_are_renormalised_over_applicable_components(tmp_path: Path) -> None:
    data = small_dataset(tmp_path, {2024: {"a": {"1": "24", "2": "KAD", "3": "3"}}}, rubric=WEIGHTED)
    assert one(data)["index_exact"] == (Fraction(50 * 80) + Fraction(20 * 100, 3)) / 70


def test_weighted_index_adds_bonus_and_penalty_as_points(tmp_path: Path) -> None:
    cells = {"1": "24", "2": "7", "3": "9", "": "bonus=2 penalty=0.5"}
    assert one(small_dataset(tmp_path, {2024: {"a": cells}}, rubric=WEIGHTED))["index_exact"] == 90 + Fraction(3, 2)


def test_weighted_by_points_of_the_units_own_maximum(tmp_path: Path) -> None:
    cells = {"1": "appraised=24 max_points=24", "2": "7", "3": "0"}
    assert one(small_dataset(tmp_path, {2024: {"a": cells}}, rubric=WEIGHTED))["index_score"] == 80.0


@pytest.mark.parametrize(
    ("points", "index"),
    [("86.125", 86.13), ("84.4449", 84.44), ("79.995", 80.0), ("62.620000000000005", 62.62), ("2.675", 2.68)],
)
def test_rounded_once_half_up(tmp_path: Path, points: str, index: float) -> None:
    data = small_dataset(tmp_path, {2024: {"a": {"1": points}}}, settings="point_decimals = 15")
    assert one(data)["index_score"] == index


def test_fifteen_decimals(tmp_path: Path) -> None:
    """int64 wraps here: 6.127855759870587 of 10 gave -3.29, and a sum of ten maxima of 1000 passes 2 to the 63rd."""
    many = "\n".join(f"2024,,{code},Phần {code},1000,,," for code in range(1, 11))
    cells = {str(code): "612.785575987058" + str(code % 10) for code in range(1, 11)}
    data = small_dataset(tmp_path, {2024: {"a": cells}}, rubric=many, settings="point_decimals = 15\ndecimals = 15")
    total = sum(Fraction(text) for text in cells.values())
    assert one(data)["index_exact"] == total / 100
    assert one(data)["points"] == float(total)
    single = small_dataset(
        tmp_path / "2",
        {2024: {"a": {"1": "6.127855759870587"}}},
        rubric="2024,,1,Một,10,,,",
        settings="point_decimals = 15",
    )
    assert one(single)["index_score"] == 61.28


def test_latest_earlier_rubric(tmp_path: Path) -> None:
    """A year without a rubric of its own uses the latest earlier one."""
    rubric = "2020,,1,Một,50,,,\n2022,,1,Một,80,,,\n2024,,1,Một,100,,,"
    cells = {"a": {"1": "40"}}
    data = small_dataset(tmp_path, dict.fromkeys((2020, 2021, 2023, 2024), cells), rubric=rubric)
    assert score(data)["index_score"].tolist() == [80.0, 80.0, 50.0, 40.0]


def test_components(tmp_path: Path) -> None:
    rubric = """2024,,1,Một,60,,,
    2024,,1.1,Một một,20,,,
    2024,,1.2,Một hai,40,,,
    2024,,1.2.1,Một hai một,40,,,
    2024,,2,Hai,30,,,
    2024,,10,Mười,10,,,"""
    cells = {"1.1": "15", "1.2.1": "26", "2": "KAD", "10": "9", "": "bonus=4"}
    data = small_dataset(tmp_path, {2024: {"a": cells, "b": {"1.1": "KAD", "1.2.1": "1", "10": "10"}}}, rubric=rubric)
    columns = ["unit_id", "code", "points", "max_points", "index_score", "is_applicable", "is_complete"]
    assert as_lines(score_components(data), columns) == lines("""
    a 1  41 60 68.33 x x
    a 2  -   - -     . x   # has none, not zero
    a 10  9 10 90    x x   # not among 1
    b 1   1 40 2.5   x x
    b 2  -   - -     x .
    b 10 10 10 100   x x
    """)


def test_another_unit_changes_nothing(tmp_path: Path) -> None:
    """Never min-max, never z-scores."""
    alone = small_dataset(tmp_path / "1", {2024: {"a": {"1": "61.5"}}})
    beside = small_dataset(tmp_path / "2", {2024: {"a": {"1": "61.5"}, "b": {"1": "99"}, "c": {"1": "0"}}})
    assert one(alone)["index_exact"] == one(beside)["index_exact"] == Fraction(123, 2)
