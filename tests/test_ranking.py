"""Ranks, ties, classes, changes and official figures of a year (design section 4, rules 4 to 7)."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from cchc.dataset import Dataset
from cchc.ranking import rank_year
from small import as_lines, lines, small_dataset

CLASSES = """
[[classes]]
name = "Tốt"
from = 80
[[classes]]
name = "Khá"
from = 65
"""


def points(**indices: str) -> dict[str, dict[str, str]]:
    """Return cells of one leaf of 100 points: a unit's points are its index."""
    return {unit: {"1": text} for unit, text in indices.items()}


def ranked(folder: Path, indices: Mapping[str, str], **options: Any) -> pd.DataFrame:
    return rank_year(small_dataset(folder, {2024: points(**indices)}, **options), 2024)


def marked(table: pd.DataFrame, column: str) -> list[str]:
    return sorted(table.loc[table[column], "unit_id"])


def test_ties_share_the_better_place(tmp_path: Path) -> None:
    table = ranked(tmp_path, {"a": "80", "b": "90", "c": "80", "d": "70"})
    assert as_lines(table, ["unit_id", "rank", "n_ranked", "is_tied"]) == lines("""
    b 1 4 .
    a 2 4 x
    c 2 4 x
    d 4 4 .
    """)


def test_ranks_are_within_a_group_in_the_schemes_order(tmp_path: Path) -> None:
    table = ranked(tmp_path, {"a": "10", "b": "90", "c": "20"}, units="b,z,,\na,y,,\nc,y,,")
    assert as_lines(table, ["group", "unit_id", "rank", "n_ranked"]) == ["z b 1 1", "y c 1 2", "y a 2 2"]


def test_ties_are_listed_in_vietnamese_order(tmp_path: Path) -> None:
    """Đ comes after D, Ă after A: neither code point order nor that of the ids."""
    data = small_dataset(tmp_path, {2024: points(a="50", b="50", c="50", d="50", e="50")})
    names = {"a": "Đông Hải", "b": "Dầu Tiếng", "c": "Ăn Khê", "d": "Anh Sơn", "e": "Ea Súp"}
    data.units["name_vi"] = data.units["unit_id"].map(names)
    assert rank_year(data, 2024)["unit_id"].tolist() == ["d", "c", "b", "a", "e"]


def test_ranked_as_rounded_or_exact(tmp_path: Path) -> None:
    indices = {"a": "84.4449", "b": "84.4401", "c": "84.43"}
    assert ranked(tmp_path / "1", indices)["rank"].tolist() == [1, 1, 3]
    assert ranked(tmp_path / "2", indices, settings='rank_on = "exact"')["rank"].tolist() == [1, 2, 3]


def test_exact_ties_of_different_maxima(tmp_path: Path) -> None:
    """1/3 and 10/30 are one number; a hair above it is another."""
    rubric = "2024,,1,Một,30,,,\n2024,,2,Hai,60,,,"
    cells = {"a": {"1": "10", "2": "KAD"}, "b": {"1": "10", "2": "20"}, "c": {"1": "10.000001", "2": "20"}}
    data = small_dataset(tmp_path, {2024: cells}, rubric=rubric, settings='rank_on = "exact"')
    assert as_lines(rank_year(data, 2024), ["unit_id", "rank"]) == ["c 1", "a 2", "b 2"]


@pytest.mark.parametrize(
    ("settings", "near"),
    [
        ("near = 0.05", ["a", "b"]),  # 70.15 - 70.1 is 0.05000000000001137 in floats
        ("near = 0.04", []),
        ("near = 0.2", ["a", "b", "c"]),
        ('near = 0.05\nrank_on = "exact"', ["a", "b"]),
    ],
)
def test_near_ties(tmp_path: Path, settings: str, near: list[str]) -> None:
    table = ranked(tmp_path, {"a": "70.15", "b": "70.1", "c": "69.9", "d": "60"}, settings=settings)
    assert marked(table, "is_near_tied") == near


def test_near_ties_are_neighbours_in_their_group(tmp_path: Path) -> None:
    table = ranked(tmp_path, {"a": "70.15", "b": "70.1"}, units="a,g,,\nb,h,,", settings="near = 1")
    assert marked(table, "is_near_tied") == []


def test_near_ties_do_not_hang_on_the_order_of_names(tmp_path: Path) -> None:
    """Both of a tie are near to the next one, whichever of them is listed beside it; a tie alone is not near."""
    table = ranked(tmp_path, {"a": "70.1", "b": "70.1", "c": "70.08", "d": "50", "e": "50"}, settings="near = 0.05")
    assert marked(table, "is_near_tied") == ["a", "b", "c"]
    assert marked(table, "is_tied") == ["a", "b", "d", "e"]


def test_near_by_default_is_one_scoring_step(tmp_path: Path) -> None:
    """Tenths of a point of 200: a step is 0.05 of 100."""
    cells = {"a": "140.3", "b": "140.2", "c": "139.9", "d": "0.5"}
    table = ranked(tmp_path, cells, rubric="2024,,1,Một,200,,,")
    assert marked(table, "is_near_tied") == ["a", "b"]


def test_units_without_a_place_stand_below_with_the_reason(tmp_path: Path) -> None:
    rubric = "2024,,1,Một,60,,,\n2024,,2,Hai,40,,,"
    cells = {"a": {"1": "60"}, "b": {"1": "1", "2": "1"}, "c": {"1": "KAD", "2": "KAD"}}
    data = small_dataset(tmp_path, {2024: cells}, rubric=rubric, units="a,g,,\nb,g,,\nc,g,,\nd,g,,")
    table = rank_year(data, 2024)
    assert as_lines(table, ["unit_id", "rank", "n_ranked", "index_score", "grade", "reason", "missing"]) == lines("""
    b 1 1 2 - -              -
    a - 1 - - incomplete     2
    c - 1 - - not_applicable -
    d - 1 - - no_scores      1,_2
    """)


def test_class_is_of_the_number_that_is_ranked(tmp_path: Path) -> None:
    indices = {"a": "80", "b": "79.995", "c": "79.99", "d": "65", "e": "64.994"}
    rounded = ranked(tmp_path / "1", indices, tables=CLASSES)
    assert as_lines(rounded, ["unit_id", "grade", "is_grade_by_rounding"]) == lines("""
    a Tốt .
    b Tốt x
    c Khá .
    d Khá .
    e -   .
    """)
    exact = ranked(tmp_path / "2", indices, tables=CLASSES, settings='rank_on = "exact"')
    assert exact.set_index("unit_id").loc["b", "grade"] == "Khá"


def test_number_that_is_ranked(tmp_path: Path) -> None:
    assert ranked(tmp_path / "1", {"a": "84.4449"})["index_exact"].tolist() == [Fraction("84.44")]
    exact = ranked(tmp_path / "2", {"a": "84.4449"}, settings='rank_on = "exact"')
    assert (exact["index_exact"].tolist(), exact["index_score"].tolist()) == ([Fraction("84.4449")], [84.44])


# official figures


def test_announced_figures_are_official(tmp_path: Path) -> None:
    """SIPAS 2015 printed 84.94 twice, as 4th and 5th: an announced place stands, whatever the index says."""
    announced = "unit,index_score,rank,grade\na,84.94,2,Khá\nb,84.94,1,Tốt\nc,70,3,Khá"
    table = ranked(tmp_path, {"a": "84.94", "b": "84.93", "c": "70"}, published={2024: announced}, tables=CLASSES)
    columns = ["unit_id", "rank", "is_tied", "index_score", "grade", "is_published", "has_difference"]
    assert as_lines(table, columns) == lines("""
    b 1 . 84.94 Tốt x x
    a 2 . 84.94 Khá x x
    c 3 . 70    Khá x .
    """)


@pytest.mark.parametrize(
    ("announced", "expected"),
    [
        ("unit,index_score\na,90\nb,91", ["b 1 91 Tốt", "a 2 90 Tốt"]),  # place and class of the announced index
        ("unit,rank\na,2\nb,1", ["b 1 70 Khá", "a 2 80 Tốt"]),  # index and class recomputed
        ("unit,grade\na,Khá\nb,Tốt", ["a 1 80 Khá", "b 2 70 Tốt"]),
    ],
)
def test_announced_columns_replace_only_themselves(tmp_path: Path, announced: str, expected: list[str]) -> None:
    table = ranked(tmp_path, {"a": "80", "b": "70"}, published={2024: announced}, tables=CLASSES)
    assert as_lines(table, ["unit_id", "rank", "index_score", "grade"]) == expected


def test_year_known_by_its_announced_table(tmp_path: Path) -> None:
    data = small_dataset(
        tmp_path, {}, units="a,g,,\nb,g,,", published={2024: "unit,index_score\na,80\nb,90"}, tables=CLASSES
    )
    columns = ["unit_id", "rank", "index_score", "grade", "points", "has_difference", "reason"]
    assert as_lines(rank_year(data, 2024), columns) == ["b 1 90 Tốt - . -", "a 2 80 Tốt - . -"]


def test_unit_left_out_of_the_announcement_has_no_place(tmp_path: Path) -> None:
    table = ranked(tmp_path, {"a": "80", "b": "90", "c": "70"}, published={2024: "unit,index_score\na,80\nc,70"})
    assert as_lines(table, ["unit_id", "rank", "n_ranked", "index_score", "reason"]) == lines("""
    a 1 2 80 -
    c 2 2 70 -
    b - 2 -  not_announced
    """)


def test_differences_from_the_announced(tmp_path: Path) -> None:
    """At the announced number of decimals: 84.446 is 84.4 there, 84.45 first would be 84.5."""
    announced = "unit,index_score\na,84.4\nb,84.5\nc,70.0"
    table = ranked(tmp_path, {"a": "84.446", "b": "84.446", "c": "70.04"}, published={2024: announced})
    assert marked(table, "has_difference") == ["b"]


def test_draft_until_announced(tmp_path: Path) -> None:
    data = small_dataset(
        tmp_path, {2023: points(a="80"), 2024: points(a="80")}, published={2023: "unit,index_score\na,80"}
    )
    assert [bool(rank_year(data, year)["is_published"].all()) for year in (2023, 2024)] == [True, False]


def test_unknown_year(tmp_path: Path) -> None:
    with pytest.raises(LookupError, match="2019"):
        rank_year(small_dataset(tmp_path, {2024: points(a="80")}), 2019)


# changes

CHANGE = ["unit_id", "rank", "previous_rank", "previous_n_ranked", "index_change", "rank_change", "rank_change_common"]


def changes(data: Dataset) -> list[str]:
    return as_lines(rank_year(data, 2024), CHANGE)


def test_changes(tmp_path: Path) -> None:
    """d is new and first: each of the others loses a place, but not among themselves. Up is positive."""
    data = small_dataset(
        tmp_path,
        {2023: points(a="90", b="80", c="70"), 2024: points(a="79.9", b="80.3", c="10", d="99")},
        units="a,g,,\nb,g,,\nc,g,,\nd,g,2024-01-01,",
    )
    assert changes(data) == lines("""
    d 1 - - -     -  -
    b 2 2 3 0.3   0  1
    a 3 1 3 -10.1 -2 -1
    c 4 3 3 -60   -1 0
    """)


def test_change_is_from_the_official_figures_of_last_year(tmp_path: Path) -> None:
    data = small_dataset(
        tmp_path,
        {2023: points(a="90", b="80"), 2024: points(a="90", b="80")},
        published={2023: "unit,index_score\na,79\nb,80"},
    )
    assert changes(data) == ["a 1 2 2 11 1 1", "b 2 1 2 0 -1 -1"]


def test_no_change_from_a_year_without_a_place(tmp_path: Path) -> None:
    rubric = "2023,,1,Một,60,,,\n2023,,2,Hai,40,,,"
    full = {"1": "50", "2": "40"}
    data = small_dataset(
        tmp_path, {2023: {"a": {"1": "60"}, "b": full}, 2024: {"a": full, "b": {"1": "60"}}}, rubric=rubric
    )
    assert changes(data) == ["a 1 - 1 - - -", "b - 1 1 - - -"]


def test_change_is_from_the_year_before_only(tmp_path: Path) -> None:
    """A gap of two years is no yearly change."""
    data = small_dataset(tmp_path, {2022: points(a="90"), 2024: points(a="95")})
    assert changes(data) == ["a 1 - - - - -"]


def test_places_in_two_groups_are_not_compared(tmp_path: Path) -> None:
    data = small_dataset(
        tmp_path,
        {2023: points(a="90", b="80", c="70"), 2024: points(a="90", b="80", c="70")},
        units="a,g,,2023-12-31\na,h,2024-01-01,\nb,g,,\nc,h,,",
    )
    table = rank_year(data, 2024).set_index("unit_id")
    assert table.loc["a", ["previous_rank", "rank_change", "rank_change_common"]].isna().all()
    assert (table.loc["c", "rank_change"], table.loc["c", "rank_change_common"]) == (-1, 0)
    assert table.loc["b", "rank_change"] == 1


def test_last_year_in_another_group_is_not_compared(tmp_path: Path) -> None:
    """b led h in 2021 and is in g in 2022: its index of 2021 is by another rubric."""
    units = "a,g,,\nb,h,,2021-12-31\nb,g,2022-01-01,"
    cells = {2021: {"a": {"1": "50"}, "b": {"1": "90"}}, 2022: {"a": {"1": "60"}, "b": {"1": "40"}}}
    table = rank_year(small_dataset(tmp_path, cells, units=units), 2022)
    columns = ["unit_id", "previous_rank", "previous_index_score", "index_change", "rank_change"]
    assert as_lines(table, columns) == ["a 1 50 10 0", "b - - - -"]
