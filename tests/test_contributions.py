"""What an index is made of, and by what two indices differ: the parts add up to exactly what is printed."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cchc.contributions import gap_parts, index_change_parts, index_parts, leader_gap_parts
from cchc.dataset import Dataset
from cchc.exact import rounded
from cchc.ranking import official, rank_year
from cchc.scoring import score, score_components
from small import as_lines, lines, small_dataset
from standins import dataset

TWO = "2000,,1,Một,30,,,\n2000,,2,Hai,70,,,"
WEIGHTED = "2000,,1,Một,30,,40,\n2000,,2,Hai,70,,60,"
NEXT = "2001,,1,Một,20,,,\n2001,,2,Khác,50,,,\n2001,,3,Hai,30,,,2000:2"


def change(data: Dataset, unit: str = "a", year: int = 2001) -> pd.DataFrame:
    return index_change_parts(data, score_components(data, [year - 1, year]), rank_year(data, year), unit)


def parts(data: Dataset, unit: str = "a", year: int = 2000) -> pd.DataFrame:
    return index_parts(data, score_components(data, [year]), unit)


def printed_change(data: Dataset, unit: str = "a", year: int = 2001) -> Fraction:
    shown = official(data, [year - 1, year])
    shown = shown[shown["unit_id"] == unit].set_index("year")["index_shown"]
    return shown[year] - shown[year - 1]


def check_sums(data: Dataset, table: pd.DataFrame, total: Fraction) -> None:
    assert sum(table["part_exact"], Fraction(0)) == total
    printed = [Fraction(repr(part)) for part in table["part_rounded"]]
    assert sum(printed) == rounded(total, data.scheme.decimals)
    for kind, exact, shown in zip(table["kind"], table["part_exact"], printed, strict=True):
        assert kind == "rounding" or shown == rounded(exact, data.scheme.decimals)


# one index


def test_components_bonus_and_penalty_of_a_plain_index(tmp_path: Path) -> None:
    """100 x 20 / 100, 100 x 35 / 100; a bonus of 2 of 100 points."""
    data = small_dataset(tmp_path, {2000: {"a": {"1": "20", "2": "35", "": "bonus=2 penalty=1"}}}, rubric=TWO)
    columns = ["kind", "code", "points_exact", "max_exact", "value_exact", "full_exact"]
    assert as_lines(parts(data), columns) == lines("""
    component 1 20/1 30/1 20/1 30/1
    component 2 35/1 70/1 35/1 70/1
    bonus     - 2/1  -    2/1  -
    penalty   - 1/1  -    -1/1 -
    """)


def test_weights_and_what_does_not_apply(tmp_path: Path) -> None:
    """With weights: 40 x 20/30; without the second component the weight of the first is the whole: 100 x 20/30."""
    cells = {"a": {"1": "20", "2": "35", "": "bonus=2"}, "b": {"1": "20", "2": "KAD"}}
    data = small_dataset(tmp_path, {2000: cells}, rubric=WEIGHTED)
    columns = ["kind", "value_exact", "full_exact"]
    assert as_lines(parts(data), columns) == lines("""
    component 80/3 40/1
    component 30/1 60/1
    bonus     2/1  -
    penalty   0/1  -
    """)
    assert as_lines(parts(data, "b"), columns)[:2] == ["component 200/3 100/1", "component - -"]


def test_without_an_index_there_are_no_parts(tmp_path: Path) -> None:
    cells = {"a": {"1": "20"}, "b": {"1": "KAD", "2": "KAD"}, "c": {"1": "1", "2": "1"}}
    data = small_dataset(tmp_path, {2000: cells}, rubric=TWO)
    for unit in ("a", "b"):
        assert parts(data, unit).empty
    assert len(parts(data, "c")) == 4


# a change


def test_series_join_ended_and_new_components(tmp_path: Path) -> None:
    """Last year 20/30 and 35/70 of 100: 20 + 35. This year 10/20, 25/50 (new), 15/30 (was 2) of 100: 10 + 25 + 15."""
    cells = {2000: {"a": {"1": "20", "2": "35"}}, 2001: {"a": {"1": "10", "2": "25", "3": "15"}}}
    data = small_dataset(tmp_path, cells, rubric=f"{TWO}\n{NEXT}")
    table = change(data)
    columns = [
        "kind",
        "code",
        "status",
        "base_points",
        "base_max",
        "points",
        "max_points",
        "part_exact",
        "part_rounded",
    ]
    assert as_lines(table, columns) == lines("""
    component 1 -   20 30 10 20 -10/1 -10
    component 2 new -  -  25 50 25/1  25
    component 3 -   35 70 15 30 -20/1 -20
    bonus     - -   0  -  0  -  0/1   0
    penalty   - -   0  -  0  -  0/1   0
    """)
    check_sums(data, table, Fraction(-5))


def test_an_ended_component_takes_away_all_it_added(tmp_path: Path) -> None:
    cells = {2000: {"a": {"1": "20", "2": "35"}}, 2001: {"a": {"1": "80"}}}
    table = change(small_dataset(tmp_path, cells, rubric=f"{TWO}\n2001,,1,Một,100,,,"))
    assert as_lines(table, ["kind", "code", "status", "part_exact"])[:2] == [
        "component 1 - 60/1",
        "component 2 ended -35/1",
    ]


def test_a_component_that_does_not_apply_is_neither_new_nor_ended(tmp_path: Path) -> None:
    """In 2001 the index is of 30 points: 100 x 20/30 = 66.67 after 55."""
    cells = {2000: {"a": {"1": "20", "2": "35"}}, 2001: {"a": {"1": "20", "2": "KAD"}}}
    data = small_dataset(tmp_path, cells, rubric=TWO)
    table = change(data)
    assert as_lines(table, ["kind", "status", "value_exact", "part_exact", "part_rounded"]) == lines("""
    component - 200/3 140/3 46.67
    component - -     -35/1 -35
    bonus     - 0/1   0/1   0
    penalty   - 0/1   0/1   0
    rounding  - 1/300 1/300 0
    """)
    check_sums(data, table, Fraction("11.67"))


def test_rounded_parts_that_do_not_add_up_have_a_remainder(tmp_path: Path) -> None:
    """Two parts of 100/300 = 1/3 are 0.33 each, and their sum 2/3 is printed as 0.67."""
    rubric = "2000,,1,Một,150,,,\n2000,,2,Hai,150,,,"
    cells = {2000: {"a": {"1": "0", "2": "0"}}, 2001: {"a": {"1": "1", "2": "1"}}}
    data = small_dataset(tmp_path, cells, rubric=rubric)
    table = change(data)
    assert as_lines(table, ["kind", "part_exact", "part_rounded"]) == lines("""
    component 1/3   0.33
    component 1/3   0.33
    bonus     0/1   0
    penalty   0/1   0
    rounding  1/300 0.01
    """)
    check_sums(data, table, Fraction("0.67"))


@pytest.mark.parametrize(("announced", "extra"), [("82.50", "5/2"), ("80", ""), ("80.0", ""), ("80.001", "1/1000")])
def test_what_was_announced_otherwise_is_a_row_of_its_own(tmp_path: Path, announced: str, extra: str) -> None:
    cells = {year: {"a": {"1": points}} for year, points in ((2000, "70"), (2001, "80"))}
    data = small_dataset(tmp_path, cells, published={2001: f"unit,index_score\na,{announced}"})
    table = change(data)
    assert table.loc[table["kind"] == "announced", "part_exact"].map(str).tolist() == ([extra] if extra else [])
    check_sums(data, table, Fraction(announced) - 70)


def test_an_index_announced_with_fewer_decimals_is_no_difference(tmp_path: Path) -> None:
    cells = {2000: {"a": {"1": "70"}}, 2001: {"a": {"1": "80.04"}}}
    table = change(small_dataset(tmp_path, cells, published={2001: "unit,index_score\na,80.0"}))
    assert as_lines(table, ["kind", "part_exact"])[-1] == "rounding -1/25"


def test_no_parts_without_figures_of_both_years_in_the_group(tmp_path: Path) -> None:
    units = "a,h,,2000-06-30\na,g,2000-07-01,\nb,g,,\nc,g,2001-01-01,\nd,g,,\ne,g,,"
    moved = units.replace("2000-06-30", "2001-06-30").replace("2000-07-01", "2001-07-01")
    rows = {unit: {"1": "50"} for unit in "abde"}
    cells = {2000: {**rows, "d": {}}, 2001: {**rows, "c": {"1": "50"}, "e": {}}}
    data = small_dataset(tmp_path / "1", cells, units=units)
    # the new unit, and those without scores in one of the years
    assert [len(change(data, unit)) for unit in "abcde"] == [3, 3, 0, 0, 0]
    assert change(small_dataset(tmp_path / "2", cells, units=moved), "a").empty, "it was of another group"


def test_no_parts_where_a_year_is_only_announced(tmp_path: Path) -> None:
    data = small_dataset(tmp_path, {2001: {"a": {"1": "50"}}}, published={2000: "unit,index_score\na,40"})
    assert rank_year(data, 2001)["index_change"].tolist() == [10]
    assert change(data).empty


# a gap


def test_gap_to_another_unit(tmp_path: Path) -> None:
    cells = {"a": {"1": "20", "2": "35", "": "penalty=1"}, "b": {"1": "25", "2": "KAD"}, "c": {"1": "1"}}
    data = small_dataset(tmp_path, {2000: cells}, rubric=TWO)
    components, ranking = score_components(data, [2000]), rank_year(data, 2000)
    table = gap_parts(data, components, ranking, "a", "b")
    assert as_lines(table, ["kind", "base_exact", "value_exact", "part_rounded"]) == lines("""
    component 250/3 20/1 -63.33
    component -     35/1 35
    bonus     0/1   0/1  0
    penalty   0/1   -1/1 -1
    rounding  -1/300 0/1 0
    """)
    check_sums(data, table, Fraction(54) - Fraction("83.33"))
    assert gap_parts(data, components, ranking, "a", "c").empty


def test_the_leader_is_the_first_listed_of_the_first_place(tmp_path: Path) -> None:
    """b and c share the first place; a is behind, d has none."""
    cells = {"a": {"1": "20", "2": "35"}, "b": {"1": "30", "2": "60"}, "c": {"1": "25", "2": "65"}, "d": {"1": "1"}}
    data = small_dataset(tmp_path, {2000: cells}, rubric=TWO, units="a,g,,\nb,g,,\nc,g,,\nd,g,,")
    components, ranking = score_components(data, [2000]), rank_year(data, 2000)
    table = leader_gap_parts(data, components, ranking, "a")
    assert as_lines(table, ["kind", "other_id", "part_rounded"]) == lines("""
    component b -10
    component b -25
    bonus     b 0
    penalty   b 0
    """)
    for unit in "bcd":
        assert leader_gap_parts(data, components, ranking, unit).empty


def test_units_of_two_groups_are_not_compared(tmp_path: Path) -> None:
    data = small_dataset(tmp_path, {2000: {"a": {"1": "1"}, "x": {"1": "1"}}}, units="a,g,,\nx,h,,")
    with pytest.raises(ValueError, match="hai nhóm khác nhau"):
        gap_parts(data, score_components(data, [2000]), rank_year(data, 2000), "a", "x")


# whatever the scores


@st.composite
def _years(draw: st.DrawFn) -> Dataset:
    """Two years of a rubric of three components, with or without weights, parts of it not applicable."""
    n = 3
    is_weighted = draw(st.booleans())
    weights = [Fraction(20), Fraction(50), Fraction(30)]
    tables: dict[str, list[dict[str, object]]] = {"rubric": [], "scores": [], "adjustments": [], "published": []}
    for year in (2000, 2001):
        for at in range(1, n + 1):
            maximum = draw(st.integers(1, 5000))
            weight = weights[at - 1] if is_weighted else None
            row = {"year": year, "group": "so", "code": str(at), "component": str(at), "name_vi": f"N{at}"}
            tables["rubric"].append(
                {**row, "max_units": maximum, "weight": weight, "is_leaf": True, "rubric_year": year, "by": "appraised"}
            )
            points, applies = draw(st.integers(0, maximum)), at == 1 or draw(st.booleans())
            score = {"year": year, "group": "so", "unit_id": "a", "code": str(at), "max_units": maximum}
            tables["scores"].append(
                {**score, "points_units": points, "appraised_units": points, "is_applicable": applies}
            )
        units = {"bonus_units": draw(st.integers(0, 300)), "penalty_units": draw(st.integers(0, 300))}
        tables["adjustments"].append({"year": year, "group": "so", "unit_id": "a", **units})
        if draw(st.booleans()):
            announced = {"index_units": draw(st.integers(0, 10000)), "index_decimals": draw(st.integers(0, 3))}
            tables["published"].append({"year": year, "group": "so", "unit_id": "a", **announced})
    return dataset({**tables, "units": [{"unit_id": "a", "group": "so"}]}, decimals=draw(st.integers(0, 3)))


@pytest.mark.slow
@settings(deadline=None, max_examples=30)
@given(_years())
def test_parts_add_up_to_what_is_computed_and_what_is_printed(data: Dataset) -> None:
    indices = score(data).set_index("year")["index_exact"]
    for year in (2000, 2001):
        assert sum(parts(data, year=year)["value_exact"].dropna()) == indices[year]
    check_sums(data, change(data), printed_change(data))
