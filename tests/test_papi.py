"""Real figures: PAPI's 63 provinces over 14 years, against independent computations, in fractions and in floats."""

from __future__ import annotations

import html
import math
import re
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pandas as pd
import pytest

from cchc.dataset import Dataset
from cchc.ranking import rank_year
from cchc.reading import read_dataset
from cchc.reports.inspection import check_page
from cchc.reports.runner import report
from cchc.series import rubric_breaks
from cchc.stage import rank_stage, stage_values
from papi import FIFTEEN, REGION, STAGES, WEIGHTS, YEARS, dimensions, write_papi
from small import as_lines

BLANK = {2014: {"p15", "p56"}, 2021: {"p14", "p15", "p18"}, 2023: {"p14", "p47"}, 2024: {"p17", "p52"}}
PARTLY_BLANK = {2018: {"p14", "p56"}, 2022: {"p15", "p18"}}


@pytest.fixture(scope="module")
def source(shared_data: Path) -> Path:
    return shared_data


@pytest.fixture(scope="module")
def data(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return read(write_papi(source, tmp_path_factory.mktemp("papi") / "papi"))


@pytest.fixture(scope="module")
def by_regions(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return read(write_papi(source, tmp_path_factory.mktemp("papi") / "papi", regions=True))


def read(folder: Path) -> Dataset:
    dataset = read_dataset(folder)
    assert [str(problem) for problem in dataset.problems if problem.is_error] == []
    return dataset


# the independent computation


def indices(source: Path, year: int, *, weights: bool = False, factor: Decimal = Decimal(1)) -> dict[str, Fraction]:
    """Return the unrounded index of each province that is complete."""
    shares = WEIGHTS[2018 if year >= 2018 else 2011]
    found = {}
    for unit, of_unit in dimensions(source, year).items():
        points = [of_unit[code] for code in sorted(of_unit)]
        if None not in points:
            parts = [10 * Fraction(value * factor) for value in points if value is not None]
            found[unit] = sum(
                (w * p for w, p in zip(shares if weights else [1] * len(parts), parts, strict=True)), Fraction(0)
            )
            found[unit] /= 100 if weights else len(parts)
    return found


def half_up(value: Fraction, decimals: int = 2) -> Fraction:
    return Fraction(math.floor(value * 10**decimals + Fraction(1, 2)), 10**decimals)


def places(values: dict[str, Fraction], groups: dict[str, str] | None = None) -> dict[str, int]:
    """Return one more than the number of units of the group that are better."""
    group = dict.fromkeys(values, "") if groups is None else groups
    return {
        unit: 1 + sum(other > value and group[name] == group[unit] for name, other in values.items())
        for unit, value in values.items()
    }


def ranks(table: pd.DataFrame) -> dict[str, int]:
    ranked = table[table["rank"].notna()]
    return dict(zip(ranked["unit_id"], ranked["rank"].astype(int), strict=True))


@pytest.mark.parametrize("year", YEARS)
def test_annual_rankings(data: Dataset, source: Path, year: int) -> None:
    table = rank_year(data, year)
    expected = {unit: half_up(index) for unit, index in indices(source, year).items()}
    of_unit = dict(zip(table["unit_id"], table["index_exact"], strict=True))
    assert {unit: index for unit, index in of_unit.items() if index is not None} == expected
    assert ranks(table) == places(expected)

    assert len(table) == 63
    unranked = table[table["rank"].isna()]
    assert set(unranked["unit_id"]) == BLANK.get(year, set()) | PARTLY_BLANK.get(year, set())
    assert set(table.loc[table["reason"] == "no_scores", "unit_id"]) == BLANK.get(year, set())
    assert set(table.loc[table["reason"] == "incomplete", "unit_id"]) == PARTLY_BLANK.get(year, set())
    assert unranked[["index_score", "points"]].isna().all(axis=None)  # never zero
    assert set(table["n_ranked"]) == {63 - len(unranked)}
    assert table["rank"].isna().tolist() == sorted(table["rank"].isna())  # below the ranking


@pytest.mark.parametrize("year", YEARS)
def test_totals_are_those_of_floats(data: Dataset, source: Path, year: int) -> None:
    """pandas adds the file's own columns; the scheme's dimensions are not between."""
    raw = pd.read_csv(source / "papi" / f"{year}.csv", index_col="Province").dropna(axis="columns", how="all")
    totals = raw.dropna().sum(axis="columns")
    totals.index = totals.index.str.lower()
    points = rank_year(data, year).set_index("unit_id")["points"].dropna()
    assert set(points.index) == set(totals.index)
    assert (points - totals).abs().max() < 1e-9


@pytest.mark.parametrize("year", YEARS)
def test_annual_rankings_of_six_regions(by_regions: Dataset, source: Path, year: int) -> None:
    table = rank_year(by_regions, year)
    expected = {unit: half_up(index) for unit, index in indices(source, year).items()}
    assert ranks(table) == places(expected, REGION)
    sizes = pd.Series(expected.keys()).map(REGION).value_counts()
    assert table.groupby("group")["n_ranked"].agg(lambda column: column.unique().item()).to_dict() == sizes.to_dict()
    assert table["group"].drop_duplicates().tolist() == list(dict.fromkeys(REGION.values()))


@pytest.mark.parametrize(("first", "last"), STAGES)
def test_stages(data: Dataset, by_regions: Dataset, source: Path, first: int, last: int) -> None:
    yearly = {year: {u: half_up(i) for u, i in indices(source, year).items()} for year in range(first, last + 1)}
    units = sorted(REGION)
    present = {unit: [yearly[year][unit] for year in yearly if unit in yearly[year]] for unit in units}
    means = {unit: half_up(sum(values, Fraction(0)) / len(values)) for unit, values in present.items()}
    # nothing of PAPI is announced here, so each stage is "to date", and three of its years are needed
    assert min(len(values) for values in present.values()) >= 3
    table = rank_stage(data, first, last)
    assert dict(zip(table["unit_id"], table["index_exact"], strict=True)) == means
    assert ranks(table) == places(means)
    assert dict(zip(table["unit_id"], table["n_years"], strict=True)) == {u: len(v) for u, v in present.items()}
    lacking = {unit for unit, values in present.items() if len(values) < last - first + 1}
    assert set(table.loc[table["adjusted_score"].notna(), "unit_id"]) == lacking
    assert table["is_to_date"].all()
    assert ranks(rank_stage(by_regions, first, last)) == places(means, REGION)


def test_adjusted_means_of_a_stage(data: Dataset, source: Path) -> None:
    """p15 lacks 2021 and 2022: the mean distance from the yearly means of those that have all years."""
    yearly = {year: {u: half_up(i) for u, i in indices(source, year).items()} for year in range(2020, 2025)}
    complete = [unit for unit in REGION if all(unit in values for values in yearly.values())]
    means = {year: sum(values[unit] for unit in complete) / len(complete) for year, values in yearly.items()}
    own = [year for year in yearly if "p15" in yearly[year]]
    assert own == [2020, 2023, 2024]
    distance = sum(yearly[year]["p15"] - means[year] for year in own) / len(own)
    expected = half_up(distance + sum(means.values()) / len(means))
    table = rank_stage(data, 2020, 2024).set_index("unit_id")
    assert table.loc["p15", "adjusted_score"] == float(expected)
    kinds = stage_values(data, 2020, 2024).query("unit_id == 'p15'")
    assert as_lines(kinds, ["year", "kind"]) == ["2020 own", "2021 missing", "2022 incomplete", "2023 own", "2024 own"]


def test_six_to_eight_dimensions_is_a_break(data: Dataset) -> None:
    breaks = rubric_breaks(data, 2011, 2024)
    assert as_lines(breaks, ["group", "year", "kind", "code"]) == ["tinh 2018 component 7", "tinh 2018 component 8"]
    assert rubric_breaks(data, 2020, 2024).empty


@pytest.mark.slow
@pytest.mark.parametrize(("decimals", "factor"), [(9, Decimal(1)), (15, FIFTEEN)])
@pytest.mark.parametrize("weights", [False, True])
def test_exact_places(source: Path, tmp_path: Path, decimals: int, factor: Decimal, weights: bool) -> None:
    """Points and indices of nine and of fifteen decimals, beyond what int64 holds, plain and weighted."""
    folder = write_papi(source, tmp_path / "papi", decimals=decimals, rank_on="exact", factor=factor, weights=weights)
    dataset = read(folder)
    assert dataset.point_decimals == (15 if factor == FIFTEEN else 9)
    for year in (2011, 2018, 2022, 2024):
        table = rank_year(dataset, year).set_index("unit_id", drop=False)
        expected = indices(source, year, weights=weights, factor=factor)
        ranked = table[table["rank"].notna()]
        assert ranked["index_exact"].to_dict() == expected
        assert ranks(table) == places(expected)
        assert ranked["index_score"].to_dict() == {unit: float(half_up(i, decimals)) for unit, i in expected.items()}
    first, last = 2020, 2024
    yearly = [indices(source, year, weights=weights, factor=factor) for year in range(first, last + 1)]
    present = {unit: [values[unit] for values in yearly if unit in values] for unit in REGION}
    means = {unit: sum(values, Fraction(0)) / len(values) for unit, values in present.items()}
    assert ranks(rank_stage(dataset, first, last)) == places(means)


@pytest.mark.slow
def test_pages(source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three whole pages: who is not ranked and why, and that the rubric changed, in words."""
    monkeypatch.setenv("CCHC_PROCESSED", str(tmp_path / "processed"))
    write_papi(source, tmp_path / "raw" / "papi")
    out = tmp_path / "reports"
    summary = report(tmp_path / "raw", out, schemes=["papi"], years=[2018, 2024], stages=["2015-2024"])
    assert summary.exit_code == 0
    built = [result.job.page for run in summary.schemes for result in run.results if result.status == "built"]
    assert built == ["annual-2018", "annual-2024", "robustness-2015-2024", "stage-2015-2024"]
    texts = {}
    for page in built:
        content = (out / "papi" / f"{page}.html").read_text(encoding="utf-8")
        assert check_page(content) == []
        assert len(content) < 1_500_000
        texts[page] = html.unescape(re.sub(r"<[^>]+>", "", content))
    for page, units, why in (("annual-2018", ("Quang Ninh", "Dong Thap"), "thiếu 2 tiêu chí: 2, 4"),
                             ("annual-2024", ("Vinh Phuc", "Tien Giang"), "không có số liệu")):  # fmt: skip
        for unit in units:
            assert f"{unit} (chưa xếp hạng: {why})" in texts[page]
    assert "bộ tiêu chí thay đổi từ năm 2018" in texts["annual-2018"]
    assert "Thay đổi bộ tiêu chí từ năm 2018" in texts["stage-2015-2024"]
    assert "bộ tiêu chí thay đổi" not in texts["annual-2024"]
