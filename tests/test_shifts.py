"""Why a place moved: the set of units, the rubric, the scores."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import Phase, assume, given, settings
from hypothesis import strategies as st

from cchc.dataset import Dataset
from cchc.ranking import rank_year
from cchc.reading import read_dataset
from cchc.shifts import rank_shifts
from papi import write_papi
from small import as_lines, lines, small_dataset
from test_properties import SHARES, Year, cells, dataset, years

COLUMNS = ("unit_id", "rank_change", "set_change", "rubric_change", "performance_change", "is_separable")
SAME = "2000,,1,Một,50,,,\n2000,,2,Hai,50,,,"
FEW = settings(max_examples=3, phases=(Phase.explicit, Phase.reuse, Phase.generate))


def shifts(folder: Path, before: dict[str, str], now: dict[str, str], rubric: str, **options: Any) -> list[str]:
    """Return the split for points of two components, ``a="40 30"``."""

    def year(units: dict[str, str]) -> dict[str, dict[str, str]]:
        return {unit: {str(code): text for code, text in enumerate(texts.split(), 1)} for unit, texts in units.items()}

    units = "\n".join(f"{unit},g,," for unit in {**before, **now})
    data = small_dataset(folder, {2023: year(before), 2024: year(now)}, rubric=rubric, units=units, **options)
    return as_lines(rank_shifts(data, 2024), COLUMNS)


def test_units_that_go_and_come(tmp_path: Path) -> None:
    """z was first and is gone, y comes in between: a gains a place and keeps it, b gains one and loses it again."""
    before = {"z": "50 50", "a": "40 40", "b": "30 30"}
    now = {"a": "40 40", "y": "35 35", "b": "30 30"}
    assert shifts(tmp_path, before, now, SAME) == lines("""
        a 1 1 0 0 x
        b 0 0 0 0 x
    """)


def test_scores(tmp_path: Path) -> None:
    before = {"a": "40 40", "b": "35 35", "c": "30 30"}
    assert shifts(tmp_path, before, {**before, "c": "45 45"}, SAME) == lines("""
        c  2 0 0  2 x
        a -1 0 0 -1 x
        b -1 0 0 -1 x
    """)


def test_rubric(tmp_path: Path) -> None:
    """The same percentages, 80 and 40 against 50 and 60: the first component was 60 of 100 points, and is 20."""
    rubric = "2023,,1,Một,60,,,\n2023,,2,Hai,40,,,\n2024,,1,Một,20,,,\n2024,,2,Hai,80,,,"
    assert shifts(tmp_path, {"a": "48 16", "b": "30 24"}, {"a": "16 32", "b": "10 48"}, rubric) == lines("""
        b  1 0  1 0 x
        a -1 0 -1 0 x
    """)


def test_rubric_and_scores_against_one_another(tmp_path: Path) -> None:
    """c would have risen from the third place to the first; the new weights let it rise by one only.

    Old weights 60 and 40: before 80 x .6 + 70 x .4 = 76 (a), 74 (b), 50 (c); now a 76, b 74, c 90 x .6 + 60 x .4 = 78.
    New weights 20 and 80: a 72, b 74, c 66.
    """
    rubric = "2023,,1,Một,60,,,\n2023,,2,Hai,40,,,\n2024,,1,Một,20,,,\n2024,,2,Hai,80,,,"
    before = {"a": "48 28", "b": "44.4 29.6", "c": "30 20"}
    now = {"a": "16 56", "b": "14.8 59.2", "c": "18 48"}
    assert shifts(tmp_path, before, now, rubric) == lines("""
        b  1 0  2 -1 x
        a -1 0  0 -1 x
        c  0 0 -2  2 x
    """)


def test_weights_of_last_year_are_those_of_the_index(tmp_path: Path) -> None:
    """Equal maxima; the rubric's weights were 90 and 10 and are 10 and 90."""
    rubric = "2023,,1,Một,50,,90,\n2023,,2,Hai,50,,10,\n2024,,1,Một,50,,10,\n2024,,2,Hai,50,,90,"
    year = {"a": "40 20", "b": "30 30"}
    assert shifts(tmp_path, year, year, rubric) == ["b 1 0 1 0 x", "a -1 0 -1 0 x"]


def test_what_is_not_joined_has_no_weight_in_the_old_rubric(tmp_path: Path) -> None:
    """The second component is another one now; by the first alone b stays before a."""
    rubric = "2023,,1,Một,50,,,\n2023,,2,Hai,50,,,\n2024,,1,Một,50,,,\n2024,,2,Khác hẳn,50,,,"
    assert shifts(tmp_path, {"a": "30 30", "b": "40 40"}, {"a": "30 50", "b": "40 20"}, rubric) == [
        "a 1 0 1 0 x", "b -1 0 -1 0 x"
    ]  # fmt: skip
    joined = rubric.replace("2024,,2,Khác hẳn,50,,,", "2024,,2,Khác hẳn,50,,,2023:2")
    assert shifts(tmp_path / "joined", {"a": "30 30", "b": "40 40"}, {"a": "30 50", "b": "40 20"}, joined) == [
        "a 1 0 0 1 x", "b -1 0 0 -1 x"
    ]  # fmt: skip


def test_unit_of_which_nothing_is_joined_stops_its_group(tmp_path: Path) -> None:
    """a has only the component that is new; without it the others' places would be among other units."""
    rubric = "2023,,1,Một,50,,,\n2023,,2,Hai,50,,,\n2024,,1,Một,50,,,\n2024,,2,Khác hẳn,50,,,"
    before = {"a": "30 30", "b": "40 40", "c": "20 20"}
    assert shifts(tmp_path, before, {"a": "KAD 45", "b": "40 40", "c": "10 20"}, rubric) == [
        "a 1 0 - - .", "b -1 0 - - .", "c 0 0 - - ."
    ]  # fmt: skip


def test_nothing_joined_is_not_separable(tmp_path: Path) -> None:
    rubric = "2023,,1,Một,50,,,\n2023,,2,Hai,50,,,\n2024,,1,Ba,50,,,\n2024,,2,Bốn,50,,,"
    assert shifts(tmp_path, {"z": "50 50", "a": "30 30", "b": "40 40"}, {"a": "30 50", "b": "40 20"}, rubric) == [
        "a 2 1 - - .", "b 0 1 - - ."
    ]  # fmt: skip


def test_year_known_by_its_announced_table_is_not_separable(tmp_path: Path) -> None:
    data = small_dataset(
        tmp_path,
        {2023: {"a": {"1": "40", "2": "40"}, "b": {"1": "30", "2": "30"}}},
        rubric=SAME,
        published={2024: "unit,index_score\na,70\nb,80"},
    )
    assert as_lines(rank_shifts(data, 2024), COLUMNS) == ["b 1 0 - - .", "a -1 0 - - ."]


def assert_sums(data: Dataset, year: int) -> pd.DataFrame:
    table = rank_shifts(data, year)
    parts = table[table["is_separable"]]
    total = parts["set_change"] + parts["rubric_change"] + parts["performance_change"]
    assert total.tolist() == parts["rank_change"].tolist()
    ranks = rank_year(data, year)
    assert set(table["unit_id"]) == set(ranks.loc[ranks["rank_change"].notna(), "unit_id"])
    return table


@pytest.mark.slow
@given(first=years, second=years, draw=st.data())
@FEW
def test_parts_add_up(first: Year, second: Year, draw: st.DataObject) -> None:
    """Other maxima and weights in the second year; without such a change the rubric moves nothing."""
    assume(cells(first) and cells(second))
    same = assert_sums(dataset(first, second, "rounded"), 2024)
    assert (same.loc[same["is_separable"], "rubric_change"] == 0).all()
    order = draw.draw(st.permutations(range(4)))
    maxima = ("10", "30", "7", "15")
    rows = [
        f"{year},{group},{at + 1},Phần {at},{maxima[at]},,{SHARES[group][order[at] if year == 2024 else at]},"
        for year in (2023, 2024) for group in SHARES for at in range(4)
    ]  # fmt: skip
    assert_sums(dataset(first, second, "rounded", rows), 2024)


@pytest.mark.slow
@pytest.mark.parametrize("weights", [False, True])
def test_parts_of_real_figures(shared_data: Path, tmp_path: Path, weights: bool) -> None:
    """PAPI got two new dimensions in 2018; in 2020 the rubric was that of 2019."""
    data = read_dataset(write_papi(shared_data, tmp_path / "papi", weights=weights))
    table = assert_sums(data, 2018)
    assert table["is_separable"].all()
    assert (table["rubric_change"] != 0).any()
    assert (assert_sums(data, 2020)["rubric_change"] == 0).all()
