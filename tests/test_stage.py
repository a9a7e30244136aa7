"""A stage: mean, coverage, who is on the list, lineage under both policies (design section 4, rules 8 to 10)."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from cchc.dataset import Dataset
from cchc.stage import rank_stage, stage_values
from small import as_lines, lines, small_dataset

TWO_LEAVES = "2000,,1,Một,60,,,\n2000,,2,Hai,40,,,"


def stage(first: int, last: int, lineage: str = "inherit", min_years: int = 1) -> str:
    return f'[[stages]]\nfirst = {first}\nlast = {last}\nmin_years = {min_years}\nlineage = "{lineage}"\n'


def yearly(**units: str) -> dict[int, dict[str, dict[str, str]]]:
    """Return scores from 2021 on: ``a="80 - 90"`` has no scores in 2022."""
    cells: dict[int, dict[str, dict[str, str]]] = {}
    for unit, texts in units.items():
        for year, text in enumerate(texts.split(), start=2021):
            cells.setdefault(year, {})
            if text != "-":
                cells[year][unit] = {"1": text}
    return cells


def dataset(folder: Path, tables: str, units: str = "", last: int = 0, **options: Any) -> Dataset:
    """Return a scheme of yearly indices; scores are given as ``a="80 90"``; `last` announces that year."""
    given = {name: options.pop(name) for name in list(options) if name not in ("lineage", "settings", "rubric")}
    cells = yearly(**{name.replace("_", "-"): text for name, text in given.items()})
    published = {}
    if last:
        rows = "\n".join(f"{unit},{of_unit['1']}" for unit, of_unit in cells[last].items())
        published = {last: f"unit,index_score\n{rows}"}
    names = "\n".join(f"{name.replace('_', '-')},g,," for name in given)
    return small_dataset(folder, cells, units=units or names, tables=tables, published=published, **options)


def ranks(table: pd.DataFrame, *columns: str) -> list[str]:
    return as_lines(table, ["unit_id", *columns])


# the mean


def test_mean_of_the_years_as_they_are_ranked(tmp_path: Path) -> None:
    """80.005 and 80: rounded years give 80.005, half up 80.01; exact years 80.0025, that is 80.00."""
    scores = {"a": "80.005 80"}
    rounded = rank_stage(dataset(tmp_path / "1", stage(2021, 2022), **scores), 2021, 2022)
    assert rounded["index_score"].tolist() == [80.01]
    data = dataset(tmp_path / "2", stage(2021, 2022), settings='rank_on = "exact"', **scores)
    exact = rank_stage(data, 2021, 2022)
    assert exact["index_score"].tolist() == [80.0]
    assert exact["index_exact"].tolist() == [Fraction("80.0025")]


def test_mean_is_rounded_once(tmp_path: Path) -> None:
    """(80.01 + 80 + 80)/3 and (80 + 80 + 80)/3 tie as 80.00 when rounded, and do not when exact."""
    scores = {"a": "80.01 80 80", "b": "80 80 80"}
    rounded = rank_stage(dataset(tmp_path / "1", stage(2021, 2023), **scores), 2021, 2023)
    assert rounded["rank"].tolist() == [1, 1]
    assert rounded["is_tied"].all()
    data = dataset(tmp_path / "2", stage(2021, 2023), settings='rank_on = "exact"', **scores)
    assert rank_stage(data, 2021, 2023)["rank"].tolist() == [1, 2]


def test_ties_of_a_stage_are_exact(tmp_path: Path) -> None:
    """The same years in another order: their float means differ (65.43333333333332 and ...34)."""
    data = dataset(tmp_path, stage(2021, 2023), settings='rank_on = "exact"', a="65.1 65.2 66", b="66 65.2 65.1")
    assert rank_stage(data, 2021, 2023)["rank"].tolist() == [1, 1]


def test_announced_years_count_as_announced(tmp_path: Path) -> None:
    data = small_dataset(
        tmp_path,
        yearly(a="80 80", b="79 79"),
        published={2021: "unit,index_score\na,80\nb,82.5"},
        tables=stage(2021, 2022),
    )
    assert ranks(rank_stage(data, 2021, 2022), "rank", "index_score") == ["b 1 80.75", "a 2 80"]


def test_incomplete_year_is_not_present(tmp_path: Path) -> None:
    full = {"1": "50", "2": "40"}
    cells = {2021: {"a": full, "b": full}, 2022: {"a": {"1": "60"}, "b": full}}
    data = small_dataset(tmp_path, cells, rubric=TWO_LEAVES, tables=stage(2021, 2022))
    table = rank_stage(data, 2021, 2022)
    assert ranks(table, "rank", "index_score", "n_years", "n_years_expected") == ["a 1 90 1 2", "b 1 90 2 2"]
    values = stage_values(data, 2021, 2022)
    assert as_lines(values[values["unit_id"] == "a"], ["year", "kind", "index_score", "rank"]) == lines("""
    2021 own        90 1
    2022 incomplete -  -
    """)


def test_classes_and_near_ties_of_a_stage(tmp_path: Path) -> None:
    classes = '[[classes]]\nname = "Tốt"\nfrom = 80\n'
    data = dataset(tmp_path, stage(2021, 2022) + classes, settings="near = 0.05", a="80 80.1", b="80 80", c="70 70")
    assert ranks(rank_stage(data, 2021, 2022), "grade", "is_near_tied") == ["a Tốt x", "b Tốt x", "c - ."]


# coverage


def test_min_years_when_the_stage_is_over(tmp_path: Path) -> None:
    data = dataset(tmp_path, stage(2021, 2023, min_years=2), last=2023, a="80 80 80", b="90 - 90", c="- - 99")
    table = rank_stage(data, 2021, 2023)
    assert ranks(table, "rank", "n_ranked", "n_years", "reason") == ["b 1 2 2 -", "a 2 2 3 -", "c - 2 1 few_years"]
    assert not table["is_to_date"].any()


@pytest.mark.parametrize(
    ("so_far", "expected"), [("80", ["a 1"]), ("80 80", ["b -", "a 1"]), ("80 80 80", ["b -", "a 1"])]
)
def test_to_date_needs_the_years_so_far(tmp_path: Path, so_far: str, expected: list[str]) -> None:
    """2021-2025 with min_years 3: after one year one is enough, after two both are needed."""
    others = {1: {}, 2: {"b": "- 90"}, 3: {"b": "- 90 90"}}[len(so_far.split())]
    data = dataset(tmp_path, stage(2021, 2025, min_years=3), a=so_far, **others)
    table = rank_stage(data, 2021, 2025)
    assert table["is_to_date"].all()
    assert sorted(ranks(table, "rank")) == sorted(expected)


def test_min_years_is_not_lowered_for_a_group_when_the_stage_is_over(tmp_path: Path) -> None:
    """h was scored in 2022 only: one year is not the two that the finished stage needs."""
    data = dataset(tmp_path, stage(2021, 2022, min_years=2), units="a,g,,\nb,h,,", last=2022, a="80 80", b="- 70")
    assert ranks(rank_stage(data, 2021, 2022), "rank", "reason") == ["a 1 -", "b - few_years"]


def test_stage_is_to_date_until_its_last_year_is_announced(tmp_path: Path) -> None:
    draft = dataset(tmp_path / "1", stage(2021, 2022, min_years=2), a="80 80", b="- 80")
    assert rank_stage(draft, 2021, 2022)["is_to_date"].all()
    over = dataset(tmp_path / "2", stage(2021, 2022, min_years=2), last=2022, a="80 80", b="- 80")
    assert not rank_stage(over, 2021, 2022)["is_to_date"].any()


def test_years_so_far_are_those_of_the_group(tmp_path: Path) -> None:
    """A group that is scored from 2022 on has one year so far where the other has two."""
    data = dataset(tmp_path, stage(2021, 2025, min_years=2), units="a,g,,\nb,h,,", a="80 80", b="- 70")
    assert ranks(rank_stage(data, 2021, 2025), "rank", "n_years_expected") == ["a 1 2", "b 1 1"]


def test_adjusted_mean(tmp_path: Path) -> None:
    """2022 was harsh: 70 and 60 where 2021 had 90 and 80. c, absent in 2022, leads; adjusted it does not.

    Means of a and b: 85 and 65. c: 88 - 85 = 3; 3 + (85 + 65)/2 = 78. a: (90 + 70)/2 = 80.
    """
    data = dataset(tmp_path, stage(2021, 2022), a="90 70", b="80 60", c="88 -")
    assert ranks(rank_stage(data, 2021, 2022), "rank", "index_score", "adjusted_score") == [
        "c 1 88 78",
        "a 2 80 -",
        "b 3 70 -",
    ]


def test_adjusted_mean_where_no_unit_has_all_years(tmp_path: Path) -> None:
    """Yearly means over all: 2021 (a, b) 85, 2022 (a, c) 65, 2023 (b, c) 75; mean of the three 75.

    a: (90 - 85 + 70 - 65)/2 + 75 = 80; b: (80 - 85 + 80 - 75)/2 + 75 = 75; c: (60 - 65 + 70 - 75)/2 + 75 = 70.
    """
    data = dataset(tmp_path, stage(2021, 2023), a="90 70 -", b="80 - 80", c="- 60 70")
    assert ranks(rank_stage(data, 2021, 2023), "adjusted_score") == ["a 80", "b 75", "c 70"]


def test_adjusted_mean_is_rounded_once(tmp_path: Path) -> None:
    """Means of a: 80.01, 80, 80, in the mean 80.00333...; b: (80.01 - 80.01 + 80.01 - 80)/2 + that = 80.008333."""
    data = dataset(tmp_path, stage(2021, 2023), a="80.01 80 80", b="80.01 80.01 -")
    assert rank_stage(data, 2021, 2023).set_index("unit_id").loc["b", "adjusted_score"] == 80.01


def test_stage_without_a_year_and_stage_without_settings(tmp_path: Path) -> None:
    data = dataset(tmp_path, stage(2026, 2030), a="80")
    with pytest.raises(LookupError):
        rank_stage(data, 2026, 2030)
    with pytest.raises(ValueError, match="2026-2030"):
        rank_stage(data, 2021, 2025)


# the list


def test_list_is_of_the_last_scoring_day(tmp_path: Path) -> None:
    """as_of of 2022 is 31 October: b, valid from November, is not on the list, and c, valid until then, is."""
    tables = stage(2021, 2022) + "[[years]]\nyear = 2022\nas_of = 2022-10-31\n"
    units = "a,g,,\nb,g,2022-11-01,\nc,g,,2022-10-31"
    data = dataset(tmp_path, tables, units=units, a="80 80", c="70 70")
    assert ranks(rank_stage(data, 2021, 2022), "rank") == ["a 1", "c 2"]


def test_list_of_a_stage_to_date_is_that_of_its_last_year_too(tmp_path: Path) -> None:
    """Of 2021-2025 only 2021 is known; b and c, merged in 2022, are not on its list, n is, with what it inherits."""
    data = dataset(
        tmp_path, stage(2021, 2025), units="a,g,,\nb,g,,2021-12-31\nc,g,,2021-12-31\nn,g,2022-01-01,",
        lineage="b,n,2022-01-01,merge,\nc,n,2022-01-01,merge,", a="60", b="90", c="70",
    )  # fmt: skip
    table = rank_stage(data, 2021, 2025)
    assert ranks(table, "rank", "n_years", "n_inherited", "reason") == lines("""
    n 1 0 1 -
    a 2 1 0 -
    b - 1 0 merged
    c - 1 0 merged
    """)


def test_rename_and_move_to_another_group(tmp_path: Path) -> None:
    """One unit, on the list of its last group, with all its own years; not on the other list."""
    units = "a,g,,2021-12-31\na,h,2022-01-01,\nb,g,,\nc,h,,"
    data = dataset(tmp_path, stage(2021, 2022), units=units, a="90 80", b="70 70", c="60 60")
    table = rank_stage(data, 2021, 2022)
    assert ranks(table, "group", "rank", "n_ranked", "index_score", "n_years") == lines("""
    b g 1 1 70 2
    a h 1 2 85 2
    c h 2 2 60 2
    """)


def test_those_that_are_gone_stand_below(tmp_path: Path) -> None:
    old, new = "g,,2021-12-31", "g,2022-01-01,"
    units = "\n".join([*(f"{unit},{old}" for unit in "abcd"), *(f"{unit},{new}" for unit in "npq")])
    lineage = """b,n,2022-01-01,merge,
    a,n,2022-01-01,merge,
    c,p,2022-01-01,split,
    c,q,2022-01-01,split,
    d,,2022-01-01,abolish,"""
    data = dataset(
        tmp_path, stage(2021, 2022), units=units, lineage=lineage,
        a="50 -", b="99 -", c="98 -", d="97 -", n="- 60", p="- 70", q="- 80",
    )  # fmt: skip
    table = rank_stage(data, 2021, 2022)
    assert table["unit_id"].tolist()[:3] == ["q", "p", "n"]
    below = table.iloc[3:].sort_values("unit_id")
    assert ranks(below, "rank", "reason", "successors_vi") == lines("""
    a - merged    n
    b - merged    n
    c - split     p;_q
    d - abolished -
    """)
    assert set(table["n_ranked"]) == {3}


def test_dissolved_group_lists_the_units_of_its_last_scored_year(tmp_path: Path) -> None:
    """c was a unit of 2022 too, though not entered: on a list that goes on it would stand as well."""
    units = "a,g,,\nb,h,,2022-12-31\nc,h,,2022-12-31\nd,h,,2021-12-31"
    lineage = "b,,2023-01-01,abolish,\nc,,2023-01-01,abolish,\nd,,2022-01-01,abolish,"
    data = dataset(
        tmp_path, stage(2021, 2023, min_years=2), units=units, lineage=lineage, last=2023,
        a="50 50 50", b="60 70 -", c="80 - -", d="99 - -",
    )  # fmt: skip
    table = rank_stage(data, 2021, 2023).query("group == 'h'")
    columns = ["rank", "index_score", "n_years", "n_years_expected", "is_group_dissolved", "reason"]
    assert ranks(table.sort_values("unit_id"), *columns) == lines("""
    b 1 65 2 2 x -
    c - 80 1 2 x few_years
    d - 99 1 2 . abolished
    """)


def test_unit_that_moved_is_not_on_the_list_of_the_group_that_ended(tmp_path: Path) -> None:
    """h ends because b moves to g: b competes in g alone, or it could lead two groups."""
    units = "a,g,,\nb,h,,2021-12-31\nb,g,2022-01-01,\nc,h,,2021-12-31"
    data = dataset(
        tmp_path, stage(2021, 2022), units=units, lineage="c,,2022-01-01,abolish,", a="80 80", b="90 90", c="70 -"
    )
    table = rank_stage(data, 2021, 2022)
    assert ranks(table, "group", "rank", "index_score") == ["b g 1 90", "a g 2 80", "c h 1 70"]


# lineage

MERGER = {
    "units": "a,g,,\nb,g,,2022-12-31\nc,g,,2022-12-31\nn,g,2023-01-01,",
    "lineage": "b,n,2023-01-01,merge,3\nc,n,2023-01-01,merge,1",
    "a": "82 82 82",
    "b": "90 80 -",
    "c": "70 60 -",
    "n": "- - 90",
}


def test_inherited_years(tmp_path: Path) -> None:
    """n: (3 x 90 + 70)/4 = 85, (3 x 80 + 60)/4 = 75, 90; they count toward min_years."""
    data = dataset(tmp_path, stage(2021, 2023, min_years=3), last=2023, **MERGER)
    table = rank_stage(data, 2021, 2023)
    columns = ["rank", "index_score", "n_years", "n_inherited", "n_years_expected", "adjusted_score"]
    assert ranks(table, *columns)[:2] == ["n 1 83.33 1 2 3 -", "a 2 82 3 0 3 -"]
    values = stage_values(data, 2021, 2023).query("unit_id == 'n'")
    assert as_lines(values, ["year", "kind", "index_exact", "rank", "n_ranked"]) == lines("""
    2021 inherited 85/1 - -
    2022 inherited 75/1 - -
    2023 own       90/1 1 2
    """)


def test_separate_starts_afresh(tmp_path: Path) -> None:
    columns = ["rank", "n_years", "n_inherited", "reason"]
    for min_years, expected in ((2, ["a 1 3 0 -", "n - 1 0 few_years"]), (1, ["a 2 3 0 -", "n 1 1 0 -"])):
        data = dataset(tmp_path, stage(2021, 2023, "separate", min_years), last=2023, **MERGER)
        table = rank_stage(data, 2021, 2023).sort_values("unit_id").query("unit_id in ('a', 'n')")
        assert ranks(table, *columns) == expected


@pytest.mark.parametrize("policy", ["inherit", "separate"])
def test_both_policies_are_computed(tmp_path: Path, policy: str) -> None:
    merger = MERGER | {"a": "84 84 84"}
    table = rank_stage(dataset(tmp_path, stage(2021, 2023, policy), last=2023, **merger), 2021, 2023)
    both = table[table["rank"].notna()].sort_values("unit_id")
    assert ranks(both, "rank_inherit", "index_inherit", "rank_separate", "index_separate") == lines("""
    a 1 84    2 84
    n 2 83.33 1 90
    """)


def test_inherited_is_not_rounded(tmp_path: Path) -> None:
    """(80 + 80.01 + 80.01)/3 = 80.00666...: rounded to 80.01 it would win over 80.008, that is 80.01, by a tie."""
    data = dataset(
        tmp_path, stage(2021, 2022), units="b,g,,2021-12-31\nc,g,,2021-12-31\nd,g,,2021-12-31\nn,g,2022-01-01,",
        lineage="b,n,2022-01-01,merge,\nc,n,2022-01-01,merge,\nd,n,2022-01-01,merge,",
        b="80 -", c="80.01 -", d="80.01 -", n="- 80",
    )  # fmt: skip
    values = stage_values(data, 2021, 2022).query("unit_id == 'n'")
    assert values["index_exact"].tolist() == [Fraction(24002, 300), Fraction(80)]


def test_inheritance_is_of_official_indices(tmp_path: Path) -> None:
    data = small_dataset(
        tmp_path,
        {2021: {"b": {"1": "60"}}, 2022: {"n": {"1": "80"}}},
        units="b,g,,2021-12-31\nn,g,2022-01-01,",
        lineage="b,n,2022-01-01,split,",
        published={2021: "unit,index_score\nb,70"},
        tables=stage(2021, 2022),
    )
    assert rank_stage(data, 2021, 2022)["index_score"].tolist()[0] == 75.0


def test_near_ties_of_a_dissolved_group_use_its_last_rubric(tmp_path: Path) -> None:
    """h has a maximum of 100 and no rubric after 2021: 0.1 is its smallest step, not 0.01."""
    units = "a,g,,\nb,h,,2021-12-31\nc,h,,2021-12-31"
    lineage = "b,,2022-01-01,abolish,\nc,,2022-01-01,abolish,"
    data = dataset(tmp_path, stage(2021, 2022), units=units, lineage=lineage, a="50 50", b="60.1 -", c="60 -")
    assert rank_stage(data, 2021, 2022).query("group == 'h'")["is_near_tied"].all()


def test_years_brought_from_another_group_are_expected_years(tmp_path: Path) -> None:
    """g is first scored in 2023: b brings two years of h, and has 3 of 3, not 3 of 1."""
    units = "a,g,2023-01-01,\nb,h,,2022-12-31\nb,g,2023-01-01,\nc,h,,"
    data = dataset(tmp_path, stage(2021, 2023), units=units, last=2023, a="- - 50", b="60 60 60", c="70 70 70")
    table = rank_stage(data, 2021, 2023).set_index("unit_id")
    assert table.loc["b", ["n_years", "n_years_expected"]].tolist() == [3, 3]
    assert table.loc["a", ["n_years", "n_years_expected"]].tolist() == [1, 1]


def test_units_that_are_gone_stand_below_those_that_lack_years(tmp_path: Path) -> None:
    """a is gone and z lacks years: by names alone a would stand above."""
    units = "a,g,,2021-12-31\nm,g,,\nz,g,,"
    data = dataset(
        tmp_path, stage(2021, 2022, min_years=2), units=units, last=2022, lineage="a,,2022-01-01,abolish,",
        a="50 -", m="60 60", z="- 70",
    )  # fmt: skip
    assert rank_stage(data, 2021, 2022)["unit_id"].tolist() == ["m", "z", "a"]
