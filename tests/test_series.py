"""Components across years: the same one, another one, and what a new rubric breaks."""

from __future__ import annotations

from pathlib import Path

from cchc.dataset import Dataset
from cchc.series import component_series, rubric_breaks, rubrics_differ
from small import as_lines, small_dataset

CELLS = {"a": {"1": "1"}}


def two_years(folder: Path, before: str, after: str) -> Dataset:
    """Return a scheme with `before` as the rubric of 2023, `after` of 2024 (code, name, max, by, weight, same_as)."""
    code = after.partition(",")[0]
    return small_dataset(folder, {2023: CELLS, 2024: {"a": {code: "1"}}}, rubric=f"2023,,{before}\n2024,,{after}")


def is_same(data: Dataset) -> bool:
    return component_series(data)["series"].nunique() == 1


def test_same_code_and_normalised_name(tmp_path: Path) -> None:
    assert is_same(two_years(tmp_path / "1", "1,Tài chính công,10,,,", "1,Tài  chính CÔNG,10,,,"))
    assert not is_same(two_years(tmp_path / "2", "1,Tài chính công,10,,,", "1,Thể chế,10,,,"))
    assert not is_same(two_years(tmp_path / "3", "1,Tài chính công,10,,,", "2,Tài chính công,10,,,"))


def test_same_as(tmp_path: Path) -> None:
    assert is_same(two_years(tmp_path, "1,Tài chính công,10,,,", "2,Cải cách tài chính công,10,,,2023:1"))


def test_series_lasts_through_years_without_their_own_rubric(tmp_path: Path) -> None:
    rubric = "2021,,1,Một,10,,,\n2023,,1,Một,10,,,\n2024,,2,Hai,10,,,2021:1"
    data = small_dataset(tmp_path, {2021: CELLS, 2022: CELLS, 2023: CELLS, 2024: {"a": {"2": "1"}}}, rubric=rubric)
    assert is_same(data)
    assert as_lines(rubric_breaks(data, 2021, 2023), ["year"]) == []


def breaks(data: Dataset) -> list[str]:
    return as_lines(rubric_breaks(data, 2023, 2024), ["group", "year", "kind", "code"])


def test_breaks(tmp_path: Path) -> None:
    assert breaks(two_years(tmp_path / "1", "1,Một,10,,,", "1,Một,20,,,")) == ["g 2024 maximum 1"]
    assert breaks(two_years(tmp_path / "2", "1,Một,10,,,", "1,Khác,10,,,")) == ["g 2024 component 1"]
    assert breaks(two_years(tmp_path / "3", "1,Một,10,,,", "1,Một,10,,,")) == []
    both = breaks(two_years(tmp_path / "4", "1,Một,10,,,", "2,Hai,10,,,"))
    assert sorted(both) == ["g 2024 component 1", "g 2024 component 2"]


def test_changed_criteria(tmp_path: Path) -> None:
    rubric = """2023,,1,Một,10,,,
    2023,,1.1,Một một,10,,,
    2024,,1,Một,10,,,
    2024,,1.1,Một một,5,,,
    2024,,1.2,Một hai,5,,,"""
    cells = {2023: {"a": {"1.1": "1"}}, 2024: {"a": {"1.1": "1", "1.2": "1"}}}
    assert breaks(small_dataset(tmp_path, cells, rubric=rubric)) == ["g 2024 criteria 1"]


def test_breaks_only_inside_the_years_asked_for(tmp_path: Path) -> None:
    data = two_years(tmp_path, "1,Một,10,,,", "1,Một,20,,,")
    assert as_lines(rubric_breaks(data, 2024, 2026), ["year"]) == []


def differ(folder: Path, *rubric: str, years: tuple[int, ...] = (2024,)) -> bool:
    """Whether the rubrics of groups g and h differ; each line is of a year and a group ("" for both)."""
    cells = {year: {"a": {"1": "1"}, "x": {"1": "1"}} for year in (2023, 2024)}
    data = small_dataset(folder, cells, units="a,g,,\nx,h,,", rubric="\n".join(rubric))
    return rubrics_differ(data, ["g", "h"], years)


def test_rubrics_of_groups_differ_in_components_maxima_or_fields(tmp_path: Path) -> None:
    assert not differ(tmp_path / "1", "2023,,1,Một,10,,,")
    assert not differ(tmp_path / "2", "2023,g,1,Một,10,,,", "2023,h,1,MỘT,10,,,")
    assert differ(tmp_path / "3", "2023,g,1,Một,10,,,", "2023,h,1,Hai,10,,,")
    assert differ(tmp_path / "4", "2023,g,1,Một,10,,,", "2023,h,1,Một,20,,,")


def test_rubrics_of_groups_are_compared_within_each_year(tmp_path: Path) -> None:
    rubric = ("2023,,1,Một,10,,,", "2024,g,1,Một,10,,,", "2024,h,1,Một,20,,,")
    assert not differ(tmp_path / "1", *rubric, years=(2023,))
    assert differ(tmp_path / "2", *rubric, years=(2023, 2024))
    assert not differ(tmp_path / "3", "2023,,1,Một,10,,,", "2024,,1,Một,20,,,", years=(2023, 2024))
    swapped = [f"{year},{group},1,Một,{most},,," for year, group, most in
               ((2023, "g", 10), (2023, "h", 20), (2024, "g", 20), (2024, "h", 10))]  # fmt: skip
    assert differ(tmp_path / "4", *swapped, years=(2023, 2024))
