"""One unit: what its scorecard stands on, its years, its components against the group's."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from cchc.dataset import Dataset
from cchc.problems import InputError, Problem
from cchc.ranking import rank_year
from cchc.scoring import score_components
from cchc.unit import component_profile, neighbours, unit_data, unit_history
from small import as_lines, lines, small_dataset
from standins import dataset

UNITS = "a,g,,\nb,g,,\nc,g,,\nx,h,,\ny,h,,"
STAGE = '[[stages]]\nfirst = 2021\nlast = 2025\nlineage = "inherit"\n'
MERGED = "a,g,,2023-12-31\nb,g,,2023-12-31\nab,g,2024-01-01,\nc,g,,\nx,h,,2023-12-31"
MERGER = "a,ab,2024-01-01,merge,\nb,ab,2024-01-01,merge,"


def yearly(first: int = 2021, **units: str) -> dict[int, dict[str, dict[str, str]]]:
    """Return scores of one leaf from `first` on: ``a="80 - 90"`` has none in the second year."""
    cells: dict[int, dict[str, dict[str, str]]] = {}
    for unit, texts in units.items():
        for year, text in enumerate(texts.split(), start=first):
            cells.setdefault(year, {})
            if text != "-":
                cells[year][unit] = {"1": text}
    return cells


def two_groups(folder: Path, x: str = "50 60 70", a: str = "80 82 81", **others: dict[int, str]) -> Dataset:
    cells = yearly(a=a, b="81 81 81", c="70 - 90", x=x, y="60 60 60")
    return small_dataset(folder, cells, units=UNITS, **others)  # type: ignore[arg-type]


def figures(data: Dataset, unit: str, year: int) -> str:
    part = unit_data(data, unit, year)
    tables = [unit_history(part, unit), component_profile(part, score_components(part, [year]), unit)]
    return "".join(table.to_csv() for table in [*tables, part.rubric, part.scores, part.published])


# what a scorecard stands on


def test_other_groups_and_later_years_do_not_count(tmp_path: Path) -> None:
    whole = figures(two_groups(tmp_path / "1"), "a", 2022)
    assert figures(two_groups(tmp_path / "2", x="51 61 70"), "a", 2022) == whole
    assert figures(two_groups(tmp_path / "3", a="80 82 99"), "a", 2022) == whole
    assert figures(two_groups(tmp_path / "4", a="80.5 82 81"), "a", 2022) != whole


@pytest.mark.parametrize("announced", ["", "a,81\nb,82.5\nc,70\nx,55\ny,60", "x,55\ny,60"])
def test_figures_are_those_of_the_annual_page(tmp_path: Path, announced: str) -> None:
    """In the last case the year is announced without the group: it is no draft, and none of the group has a place."""
    published = {2022: f"unit,index_score\n{announced}"} if announced else {}
    data = two_groups(tmp_path, published=published)
    for unit in "abx":
        part = unit_data(data, unit, 2023)
        annual = pd.concat([rank_year(data, year) for year in (2021, 2022, 2023)], ignore_index=True)
        annual = annual[annual["unit_id"] == unit].reset_index(drop=True)
        history = unit_history(part, unit)
        assert as_lines(history, annual.columns) == as_lines(annual, annual.columns)
        assert part.published_years == data.published_years


def test_a_unit_without_figures_of_the_year_is_an_error_that_names_the_closest(tmp_path: Path) -> None:
    cells = yearly(**{"so-noi-vu": "80 80", "so-ngoai-vu": "70 -", "ban": "60 60"})
    data = small_dataset(tmp_path, cells)
    with pytest.raises(LookupError, match=r"đơn vị “so-noi-vo” trong thu; gần nhất: so-noi-vu \(so-noi-vu\)"):
        unit_data(data, "so-noi-vo", 2022)
    with pytest.raises(LookupError, match=r"“so-ngoai-vu” trong thu; gần nhất: so-noi-vu$"):
        unit_data(data, "so-ngoai-vu", 2022)
    assert unit_data(data, "so-ngoai-vu", 2021).years == [2021]
    with pytest.raises(LookupError, match="“zzz” trong thu; đang có: "):
        unit_data(data, "zzz", 2022)


def test_an_earlier_year_in_error_stops_the_page_a_later_one_does_not() -> None:
    scores = [{"year": 2023, "group": "so", "unit_id": "a", "code": "1", "points_units": 80}]
    units = [{"unit_id": "a", "group": "so"}]
    tables = dataset({"scores": scores, "units": units})
    for year, stops in ((2022, True), (2024, False)):
        problem = Problem("above-maximum", f"scores/{year}.csv", years=(year,), details={"maximum": "10"})
        assert problem.is_error
        data = Dataset(**{**vars(tables), "problems": (problem,)})
        if stops:
            with pytest.raises(InputError):
                unit_data(data, "a", 2023)
        else:
            assert unit_data(data, "a", 2023).years == [2023]


# its years


def test_years_with_places_changes_and_gaps(tmp_path: Path) -> None:
    data = two_groups(tmp_path)
    columns = ["year", "kind", "rank", "n_ranked", "index_score", "index_change", "rank_change", "reason"]
    assert as_lines(unit_history(unit_data(data, "a", 2023), "a"), columns) == lines("""
    2021 own 2 3 80 -   -  -
    2022 own 1 2 82  2   1  -
    2023 own 2 3 81 -1  -1  -
    """)
    assert as_lines(unit_history(unit_data(data, "c", 2023), "c"), columns) == lines("""
    2021 own      3 3 70 - - -
    2022 unranked - 2 -  - - no_scores
    2023 own      1 3 90 - - -
    """)


def test_years_in_another_group_are_left_out(tmp_path: Path) -> None:
    units = "a,h,,2022-06-30\na,g,2022-07-01,\nb,g,,\nx,h,,"
    data = small_dataset(tmp_path, yearly(a="80 82 81", b="81 81 81", x="50 50 50"), units=units)
    history = unit_history(unit_data(data, "a", 2023), "a")
    assert as_lines(history, ["year", "rank", "index_change"]) == ["2022 1 -", "2023 1 -1"]


def merged(folder: Path, tables: str = STAGE) -> Dataset:
    cells = yearly(2022, a="80 81", b="71 -", c="70 70", x="1 1") | {2024: {"ab": {"1": "90"}, "c": {"1": "70"}}}
    return small_dataset(folder, cells, units=MERGED, lineage=MERGER, tables=tables)


def test_inherited_years_have_an_exact_mean_and_no_place(tmp_path: Path) -> None:
    """2023 has no value: one of the two predecessors has none."""
    history = unit_history(unit_data(merged(tmp_path), "ab", 2024), "ab")
    columns = ["year", "kind", "rank", "index_score", "index_exact", "name_vi", "index_change", "reason"]
    assert as_lines(history, columns) == ["2022 inherited - 75.5 151/2 ab - -", "2024 own 1 90 90/1 ab - -"]
    assert history.dtypes.to_dict()["rank"] == "Int64"
    assert history.dtypes.to_dict()["is_tied"] == "bool"


@pytest.mark.parametrize(
    "tables",
    [
        "",
        STAGE.replace("inherit", "separate"),
        STAGE.replace("2021", "2023"),  # 2022 is of no stage with 2024
        STAGE.replace("2025", "2023"),  # 2024 is of no stage
    ],
    ids=["no stage", "separate", "earlier year outside", "year outside"],
)
def test_nothing_is_inherited_without_a_stage_that_says_so(tmp_path: Path, tables: str) -> None:
    assert unit_history(unit_data(merged(tmp_path, tables), "ab", 2024), "ab")["year"].tolist() == [2024]


def test_a_chain_of_predecessors_is_kept(tmp_path: Path) -> None:
    units = "a,g,,2022-12-31\nb,g,2023-01-01,2023-12-31\nc,g,2024-01-01,\nd,g,2023-01-01,\ne,g,,2022-12-31"
    lineage = "a,b,2023-01-01,merge,\nb,c,2024-01-01,merge,\ne,d,2023-01-01,merge,"
    cells = {2022: {"a": {"1": "50"}, "e": {"1": "1"}}, 2023: {"b": {"1": "60"}}, 2024: {"c": {"1": "70"}}}
    data = unit_data(small_dataset(tmp_path, cells, units=units, lineage=lineage, tables=STAGE), "c", 2024)
    assert as_lines(unit_history(data, "c"), ["year", "index_score"]) == ["2022 50", "2023 60", "2024 70"]
    assert data.lineage["predecessor"].tolist() == ["a", "b"]


# its components


def components(*scores: float, unit: str = "u0", group: str = "so") -> pd.DataFrame:
    rows = [
        {"year": 2024, "group": group, "unit_id": f"u{at}", "code": "1", "name_vi": "Một", "index_score": value,
         "points": value, "max_points": 100.0}
        for at, value in enumerate(scores)
    ]  # fmt: skip
    return pd.DataFrame(rows)


def profile(*scores: float) -> tuple[float, ...]:
    row = component_profile(dataset(), components(*scores), "u0").iloc[0]
    return row["group_median"], row["group_best"], row["n_units"], row["median_gap"]


def test_median_best_and_gap() -> None:
    assert profile(80.0, 90.0, 70.5) == (80.0, 90.0, 3, 0.0)
    assert profile(80.0) == (80.0, 80.0, 1, 0.0)


def test_a_median_between_two_is_rounded_half_up_once_and_the_gap_is_of_what_is_printed() -> None:
    """(1.01 + 1.04) / 2 = 1.025 is half a step: as floats it is 1.0249999999999999 and would be rounded to 1.02."""
    assert round((1.01 + 1.04) / 2, 2) == 1.02
    assert profile(1.04, 1.01) == (1.03, 1.04, 2, 0.01)
    assert profile(1.01, 1.04) == (1.03, 1.04, 2, -0.02)


def test_missing_indices_count_neither_in_median_nor_as_gap() -> None:
    nan = float("nan")
    median, best, n_units, gap = profile(nan, 90.0, 70.0)
    assert (median, best, n_units) == (80.0, 90.0, 2)
    assert gap != gap
    median, best, n_units, gap = profile(nan, nan)
    assert n_units == 0
    assert median != median
    assert best != best


def test_a_profile_is_of_one_group_and_empty_without_scores() -> None:
    others = components(1.0, 2.0, group="huyen").assign(unit_id=["x", "y"])
    table = component_profile(dataset(), pd.concat([components(80.0, 90.0), others]), "u0")
    assert table["group_median"].tolist() == [85.0]
    with pytest.raises(LookupError, match="“u9”"):
        component_profile(dataset(), components(80.0), "u9")


def test_open_points_are_a_difference_of_decimals() -> None:
    assert 10.0 - 9.9 != 0.1
    nan = float("nan")
    table = components(1.0, 1.0).assign(unit_id="u0", points=[9.9, nan], max_points=[10.0, nan])
    assert component_profile(dataset(), table, "u0")["open_points"].fillna(-1).tolist() == [0.1, -1]


# its neighbours


def test_places_next_to_a_unit_and_those_that_share_it(tmp_path: Path) -> None:
    """1 1 3 3 5, and one without a place."""
    units = {"a": "90", "b": "90", "c": "80.5", "d": "80.5", "e": "70", "f": "-"}
    ranking = rank_year(
        small_dataset(tmp_path, yearly(2024, **units), units="".join(f"{u},g,,\n" for u in units)), 2024
    )
    columns = ["unit_id", "rank", "gap", "gap_exact"]
    assert as_lines(neighbours(ranking, "c"), columns) == lines("""
    a 1 9.5   19/2
    b 1 9.5   19/2
    c 3 0     0/1
    d 3 0     0/1
    e 5 -10.5 -21/2
    """)
    assert as_lines(neighbours(ranking, "a"), ["unit_id"]) == list("abcd")
    assert as_lines(neighbours(ranking, "e"), ["unit_id"]) == list("cde")
    assert neighbours(ranking, "f").empty


def test_a_place_without_index_has_no_gap(tmp_path: Path) -> None:
    files = {"published/2024.csv": "unit,rank\na,2\nb,1\n"}
    data = small_dataset(tmp_path, {2024: {"a": {"1": "70"}, "b": {}}}, rewritten=files)
    assert as_lines(neighbours(rank_year(data, 2024), "a"), ["unit_id", "gap", "gap_exact"]) == ["b - -", "a 0 0/1"]
