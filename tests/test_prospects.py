"""Points still open, and the fewest components to a place or a class: by hand, by brute force, by scoring again."""

from __future__ import annotations

import itertools
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cchc.contributions import index_parts
from cchc.dataset import Dataset
from cchc.prospects import (
    Goal,
    goals,
    obstacle,
    open_points,
    path_to,
    path_to_class,
    path_to_place,
)
from cchc.ranking import rank_year, ranked_number
from cchc.scoring import score, score_components
from small import as_lines, small_dataset
from standins import dataset

THREE = "2000,,1,Một,20,,,\n2000,,2,Hai,30,,,\n2000,,3,Ba,50,,,"
WEIGHTED = "2000,,1,Một,20,,50,\n2000,,2,Hai,30,,30,\n2000,,3,Ba,50,,20,"
CLASSES = '[[classes]]\nname = "Tốt"\nfrom = 80\n[[classes]]\nname = "Khá"\nfrom = 60.5\n'


def parts(data: Dataset, unit: str = "a") -> pd.DataFrame:
    return index_parts(data, score_components(data, [2000]), unit)


def totals(folder: Path, tables: str = "", settings: str = "", published: str = "", **units: str) -> Dataset:
    """Return a scheme of one component of 100 points."""
    cells = {unit: {"1": points} for unit, points in units.items()}
    given = {2000: f"unit,index_score,rank,grade\n{published}"} if published else None
    return small_dataset(folder, {2000: cells}, tables=tables, settings=settings, published=given)


def place(data: Dataset, unit: str, k: int, *, is_strict: bool = False) -> Goal | None:
    return path_to_place(data, parts(data, unit), rank_year(data, 2000), k, is_strict=is_strict)


def brief(goal: Goal | None) -> str:
    """Return target, place, and what is needed of which component."""
    if goal is None:
        return "-"
    steps = (
        "no way"
        if goal.steps is None
        else " ".join(
            f"{code}:{float(needed):g}"
            for code, needed in zip(goal.steps["code"], goal.steps["needed_exact"], strict=True)
        )
    )
    return f"{float(goal.target):g} {goal.rank}{'=' if goal.is_tied else ''} {steps}".strip()


# open points


def test_open_points_and_what_they_would_add(tmp_path: Path) -> None:
    """100 x 5/70 = 7.14 and 100 x 40/70 = 57.14; with weights of 50 and 20: 50/70 x 25 and 20/70 x 80."""
    cells = {2000: {"a": {"1": "15", "2": "KAD", "3": "10", "": "bonus=3"}}}
    columns = ["code", "points", "max_points", "open", "gain"]
    plain = small_dataset(tmp_path / "1", cells, rubric=THREE)
    assert as_lines(open_points(plain, parts(plain)), columns) == ["1 15 20 5 7.14", "3 10 50 40 57.14"]
    weighted = small_dataset(tmp_path / "2", cells, rubric=WEIGHTED)
    assert as_lines(open_points(weighted, parts(weighted)), columns) == ["1 15 20 5 17.86", "3 10 50 40 22.86"]


# a path


def test_largest_gains_first_the_last_in_part(tmp_path: Path) -> None:
    """Index 50 (15 + 20 + 15). Open: 5, 10, 35. With weights: 37.5 + 20 + 6 = 63.5, gains 12.5, 10, 14."""
    cells = {2000: {"a": {"1": "15", "2": "20", "3": "15"}, "z": {"1": "0.01"}}}
    data = small_dataset(tmp_path / "1", cells, rubric=THREE)
    columns = ["code", "needed_exact", "open_exact", "gain_exact"]

    def path(data: Dataset, target: str, *, is_strict: bool = False) -> list[str] | None:
        found = path_to(data, parts(data), Fraction(target), is_strict=is_strict)
        return None if found is None else as_lines(found, columns)

    assert path(data, "50") == []
    assert path(data, "50", is_strict=True) == ["3 1/100 35/1 1/100"]
    assert path(data, "80.5") == ["3 61/2 35/1 61/2"]
    assert path(data, "85") == ["3 35/1 35/1 35/1"]
    assert path(data, "97.3") == ["3 35/1 35/1 35/1", "2 10/1 10/1 10/1", "1 23/10 5/1 23/10"]
    assert path(data, "100") == ["3 35/1 35/1 35/1", "2 10/1 10/1 10/1", "1 5/1 5/1 5/1"]
    assert path(data, "100.01") is None
    assert path(data, "100", is_strict=True) is None
    weighted = small_dataset(tmp_path / "2", cells, rubric=WEIGHTED)
    # 14 of the first 16.5 points of index, then 2.5 of 20 x 5/8: 1 point
    assert path(weighted, "80") == ["3 35/1 35/1 14/1", "1 1/1 5/1 5/2"]


def test_points_are_rounded_up_to_the_smallest_step_and_the_index_half_up(tmp_path: Path) -> None:
    """0.1 of 300 points is 0.0333 of index: after 33.33 come 33.37 and 33.40."""
    rubric = "2000,,1,Một,300,,,"
    data = small_dataset(tmp_path, {2000: {"a": {"1": "100"}, "b": {"1": "0.1"}}}, rubric=rubric)
    steps = path_to(data, parts(data), Fraction("33.36"))
    assert as_lines(steps, ["needed_exact"]) == ["1/10"]
    steps = path_to(data, parts(data), Fraction("33.39"))
    assert as_lines(steps, ["needed_exact"]) == ["1/5"]
    exact = small_dataset(
        tmp_path / "x", {2000: {"a": {"1": "100"}, "b": {"1": "0.1"}}}, rubric=rubric, settings='rank_on = "exact"'
    )
    assert as_lines(path_to(exact, parts(exact), Fraction(100, 3)), ["code"]) == []
    steps = path_to(exact, parts(exact), Fraction(100, 3), is_strict=True)
    assert as_lines(steps, ["needed_exact"]) == ["1/10"]


def test_bonus_and_penalty_stay_as_they_are(tmp_path: Path) -> None:
    """50 - 2: every point of 100 can be won, and the index ends at 98."""
    data = small_dataset(tmp_path, {2000: {"a": {"1": "50", "": "penalty=2"}}})
    assert as_lines(path_to(data, parts(data), Fraction(98)), ["needed_exact"]) == ["50/1"]
    assert path_to(data, parts(data), Fraction("98.01")) is None


def test_an_index_below_zero_is_rounded_away_from_zero(tmp_path: Path) -> None:
    """-0.05 of 100 points is printed as -0.1; one hundredth more, -0.04, as 0.0: one step in a tenth is enough."""
    cells = {2000: {"a": {"1": "0", "": "penalty=0.05"}}}
    data = small_dataset(tmp_path, cells, settings="decimals = 1")
    assert as_lines(path_to(data, parts(data), Fraction(0)), ["needed_exact"]) == ["1/100"]


# a place


def test_the_next_place_is_shared_or_held_alone(tmp_path: Path) -> None:
    data = totals(tmp_path, a="70", b="80", c="90", d="60.01")
    assert brief(place(data, "a", 2)) == "80 2= 1:10"
    assert brief(place(data, "a", 2, is_strict=True)) == "80 2 1:10.01"
    assert brief(place(data, "a", 1)) == "90 1= 1:20"
    assert brief(place(data, "c", 0)) == "-"
    assert brief(place(data, "a", 4)) == "-", "there are three others"
    assert [goal.kind for goal in goals(data, parts(data), rank_year(data, 2000))] == ["level", "above"]
    assert goals(data, parts(data, "c"), rank_year(data, 2000)) == []


def test_a_tie_above_is_one_place(tmp_path: Path) -> None:
    """1, 2, 2, 4: there is no third place between."""
    data = totals(tmp_path, a="70", b="80", c="80", d="90.01")
    assert rank_year(data, 2000)["rank"].tolist() == [1, 2, 2, 4]
    assert brief(place(data, "a", 3)) == "80 2= 1:10"
    assert brief(place(data, "a", 3, is_strict=True)) == "80 2 1:10.01"


def test_a_tie_with_the_unit_itself_is_not_above_it(tmp_path: Path) -> None:
    data = totals(tmp_path, a="80.00", b="80", d="90")
    assert brief(place(data, "a", 1)) == "90 1= 1:10"


def test_a_step_may_lead_past_the_place(tmp_path: Path) -> None:
    """Steps of a whole point: 80.5 is met by nothing, and 81 is above; there is one path then, not two."""
    cells = {2000: {"a": {"1": "70"}, "b": {"1": "161 max_points=200"}}}
    cells[2000]["b"] = {"1": "appraised=161 max_points=200"}
    data = small_dataset(tmp_path, cells)
    found = goals(data, parts(data), rank_year(data, 2000))
    assert [(goal.kind, brief(goal)) for goal in found] == [("level", "80.5 1 1:11")]


def test_where_all_open_points_do_not_suffice(tmp_path: Path) -> None:
    cells = {2000: {"a": {"1": "50", "": "penalty=5"}, "b": {"1": "96"}}}
    data = small_dataset(tmp_path, cells)
    found = goals(data, parts(data), rank_year(data, 2000))
    assert [(goal.kind, brief(goal)) for goal in found] == [("level", "96 None no way")]


def test_units_of_other_groups_and_without_a_place_are_nobody(tmp_path: Path) -> None:
    rubric = "2000,,1,Một,50,,,\n2000,,2,Hai,50,,,"
    rows = {unit: {"1": points, "2": "0"} for unit, points in (("a", "20"), ("b", "30"), ("x", "25"))}
    data = small_dataset(
        tmp_path, {2000: {**rows, "c": {"1": "21"}}}, rubric=rubric, units="a,g,,\nb,g,,\nc,g,,\nx,h,,"
    )
    assert brief(place(data, "a", 1)) == "30 1= 2:10"


# a class


def test_the_next_class(tmp_path: Path) -> None:
    data = totals(tmp_path, CLASSES, a="70.00", b="80", c="10.5")

    def to_class(unit: str) -> str:
        goal = path_to_class(data, parts(data, unit), rank_year(data, 2000))
        return "-" if goal is None else f"{goal.grade} {brief(goal)}"

    assert to_class("a") == "Tốt 80 None 1:10"
    assert to_class("b") == "-"
    assert to_class("c") == "Khá 60.5 None 1:50"
    assert goals(data, parts(data), rank_year(data, 2000))[-1].kind == "class"


def test_a_rounded_index_reaches_a_class(tmp_path: Path) -> None:
    """79.995 is ranked as 80.00."""
    data = totals(tmp_path, CLASSES, a="79.994")
    goal = path_to_class(data, parts(data), rank_year(data, 2000))
    assert brief(goal) == "80 None 1:0.001"


def test_no_class_where_another_was_announced_and_none_where_there_are_none(tmp_path: Path) -> None:
    data = totals(tmp_path / "1", CLASSES, published="a,70,1,Tốt", a="70")
    assert path_to_class(data, parts(data), rank_year(data, 2000)) is None
    data = totals(tmp_path / "2", a="70")
    assert path_to_class(data, parts(data), rank_year(data, 2000)) is None


# what cannot be said


@pytest.mark.parametrize(
    ("announced", "why"),
    [("a,70.0,2,\nb,80.0,1,", ""), ("a,71,2,\nb,80,1,", "differs"), ("b,80,1,", "no_index"), ("", "")],
)
def test_obstacles(tmp_path: Path, announced: str, why: str) -> None:
    data = totals(tmp_path, CLASSES, published=announced, a="70.04", b="80")
    ranking = rank_year(data, 2000)
    assert obstacle(data, parts(data), ranking) == why
    assert bool(goals(data, parts(data), ranking)) is (why == "")


def test_without_scores_nothing_is_said(tmp_path: Path) -> None:
    given = {2000: "unit,index_score\na,70\nb,60"}
    data = small_dataset(tmp_path, {2000: {"a": {}, "b": {"1": "60"}}}, published=given, tables=CLASSES)
    assert obstacle(data, parts(data), rank_year(data, 2000)) == "no_scores"
    assert path_to(data, parts(data), Fraction(0)) is None


def test_an_announced_place_without_index_says_nothing_of_places(tmp_path: Path) -> None:
    files = {"published/2000.csv": "unit,rank\na,2\nb,1\n"}
    data = small_dataset(tmp_path, {2000: {"a": {"1": "70"}, "b": {}}}, rewritten=files)
    assert brief(place(data, "a", 1)) == "-"


def test_an_announced_tie_that_was_broken_needs_nothing_more(tmp_path: Path) -> None:
    """84.94 printed twice, as 4th and 5th: the index is level already, and one step leads above."""
    data = totals(tmp_path, published="a,84.94,2,\nb,84.94,1,", a="84.94", b="84.94")
    found = goals(data, parts(data), rank_year(data, 2000))
    assert [(goal.kind, brief(goal)) for goal in found] == [("level", "84.94 1="), ("above", "84.94 1 1:0.01")]
    assert found[1].beyond(found[0]) == Fraction(1, 100)


def test_announced_decimals_are_those_of_the_year(tmp_path: Path) -> None:
    """Announced with one decimal: 70.04 is 70.0, and 79.95 is 80.0."""
    data = totals(tmp_path, published="a,70.0,2,\nb,80.0,1,", a="70.04", b="80")
    assert brief(place(data, "a", 1)) == "80 1= 1:9.91"


# whatever the scores


@st.composite
def _cases(draw: st.DrawFn) -> tuple[Dataset, Fraction, bool]:
    n, weights = draw(st.integers(1, 4)), None
    if draw(st.booleans()):
        shares = draw(st.lists(st.integers(1, 9), min_size=n, max_size=n))
        weights = [Fraction(100 * share, sum(shares)) for share in shares]
    rubric, rows = [], []
    for at in range(n):
        maximum = draw(st.integers(1, 400))
        code = {"year": 2000, "group": "so", "code": str(at + 1)}
        weight = weights[at] if weights else None
        names = {"component": str(at + 1), "name_vi": f"N{at}", "by": "appraised", "is_leaf": True}
        rubric.append({**code, **names, "max_units": maximum, "weight": weight, "rubric_year": 2000})
        points = draw(st.integers(0, maximum))
        filled = {"points_units": points, "appraised_units": points, "is_applicable": at == 0 or draw(st.booleans())}
        rows.append({**code, **filled, "unit_id": "a", "max_units": maximum})
    penalty = draw(st.integers(0, 100))
    adjustments = [{"year": 2000, "group": "so", "unit_id": "a", "bonus_units": 0, "penalty_units": penalty}]
    tables = {"rubric": rubric, "scores": rows, "adjustments": adjustments, "units": [{"unit_id": "a", "group": "so"}]}
    how = draw(st.sampled_from(["rounded", "exact"]))
    data = dataset(tables, rank_on=how, decimals=draw(st.integers(0, 2)))
    return data, Fraction(draw(st.integers(0, 1010)), 10), draw(st.booleans())


def scored_again(data: Dataset, won: dict[str, Fraction]) -> Fraction:
    """Return the ranked index of `a` with more points."""
    table = data.scores.copy()
    more = [int(won.get(code, Fraction(0)) * 100) for code in table["code"]]
    for name in ("points_units", "appraised_units"):
        table[name] = table[name] + pd.array(more, dtype="Int64")
    index = ranked_number(data.scheme, score(replace(data, scores=table))["index_exact"].iloc[0])
    assert index is not None
    return index


@pytest.mark.slow
@settings(deadline=None, max_examples=40)
@given(_cases())
def test_a_path_reaches_its_target_and_no_shorter_one_does(case: tuple[Dataset, Fraction, bool]) -> None:
    data, target, is_strict = case

    def reaches(won: dict[str, Fraction]) -> bool:
        index = scored_again(data, won)
        return index > target if is_strict else index >= target

    opened = open_points(data, parts(data))
    everything = dict(zip(opened["code"], opened["open_exact"], strict=True))
    path = path_to(data, parts(data), target, is_strict=is_strict)
    if path is None:
        assert not reaches(everything)
        return
    won = dict(zip(path["code"], path["needed_exact"], strict=True))
    assert reaches(won)
    assert all(0 < points <= everything[code] for code, points in won.items())
    for some in itertools.combinations(everything, max(len(won) - 1, 0)):
        assert not won or not reaches({code: everything[code] for code in some})
    if won:
        last = path["code"].iloc[-1]
        assert not reaches({**won, last: won[last] - Fraction(1, 100)})
    before = score(data)["index_exact"].iloc[0]
    after = sum(path["gain_exact"], before)
    assert after == index_after(data, won)


def index_after(data: Dataset, won: dict[str, Fraction]) -> Fraction:
    return scored_again(replace(data, scheme=data.scheme.model_copy(update={"rank_on": "exact"})), won)


def test_announced_places_that_do_not_follow_the_indices_are_an_obstacle(tmp_path: Path) -> None:
    """c has the largest index and the third place; a tie that was broken is no contradiction."""
    cells = {unit: {"1": points} for unit, points in {"a": "80", "b": "79", "c": "81"}.items()}
    odd = small_dataset(
        tmp_path / "odd", {2000: cells}, published={2000: "unit,index_score,rank\na,80,1\nb,79,2\nc,81,3\n"}
    )
    assert obstacle(odd, parts(odd, "b"), rank_year(odd, 2000)) == "order"
    assert goals(odd, parts(odd, "b"), rank_year(odd, 2000)) == []
    cells["b"] = {"1": "80"}
    broken = small_dataset(
        tmp_path / "broken", {2000: cells}, published={2000: "unit,index_score,rank\nc,81,1\na,80,2\nb,80,3\n"}
    )
    assert obstacle(broken, parts(broken, "b"), rank_year(broken, 2000)) == ""
