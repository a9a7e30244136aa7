"""Where points were lost, and self-assessed against appraised points."""

from __future__ import annotations

from pathlib import Path

from cchc.criteria import lost_criteria, self_against_appraised
from cchc.dataset import Dataset
from small import as_lines, lines, small_dataset

RUBRIC = """
2000,,1,Một,30,,,
2000,,1.1,Một một,10,,,
2000,,1.2,Một hai,20,both,,
2000,,2,Hai,40,,,
2000,,2.1,Hai một,10,survey,,
2000,,2.2,Hai hai,30,,,
2000,,3,Ba,30,,,
"""
CELLS = {
    "1.1": "appraised=9.5 self=10",
    "1.2": "appraised=8 survey=7 self=9",
    "2.1": "survey=9.5 self=3",
    "2.2": "appraised=30 self=29.75",
    "3": "self=20",
}


def small(folder: Path, cells: dict[str, str]) -> Dataset:
    return small_dataset(folder, {2000: {"a": cells, "b": {"3": "1"}}}, rubric=RUBRIC)


def test_leaves_by_what_was_lost(tmp_path: Path) -> None:
    """Two that lost 0.5 stand in the order of the rubric; what is full or not entered is left out."""
    table = lost_criteria(small(tmp_path, CELLS), "a", 2000)
    columns = ["component", "code", "self_points", "appraised_points", "survey_points", "points", "max_points", "lost"]
    assert as_lines(table, columns) == lines("""
    1 1.2 9  8   7   15  20 5
    1 1.1 10 9.5 -   9.5 10 0.5
    2 2.1 3  -   9.5 9.5 10 0.5
    """)


def test_what_does_not_apply_and_another_maximum(tmp_path: Path) -> None:
    data = small(tmp_path, {"1.1": "KAD", "2.2": "appraised=20 max_points=20", "3": "appraised=20 max_points=25"})
    assert as_lines(lost_criteria(data, "a", 2000), ["code", "max_points", "lost"]) == ["3 25 5"]


def test_no_scores_no_rows(tmp_path: Path) -> None:
    data = small(tmp_path, {})
    assert lost_criteria(data, "a", 2000).empty
    assert self_against_appraised(data, "a", 2000).empty


def test_self_against_appraised_without_surveys(tmp_path: Path) -> None:
    """Component 2 compares one leaf: nobody assesses a survey of himself; component 3 has no appraised points."""
    table = self_against_appraised(small(tmp_path, CELLS), "a", 2000)
    assert as_lines(table, ["code", "self_points", "appraised_points", "gap"]) == lines("""
    1 19    17.5 1.5
    2 29.75 30   -0.25
    - 48.75 47.5 1.25
    """)


def test_a_component_with_one_self_assessment_missing_is_left_out(tmp_path: Path) -> None:
    table = self_against_appraised(small(tmp_path, {**CELLS, "1.1": "appraised=9.5"}), "a", 2000)
    assert as_lines(table, ["code", "gap"]) == ["2 -0.25", "- -0.25"]


def test_only_what_applies_is_compared(tmp_path: Path) -> None:
    table = self_against_appraised(
        small(tmp_path, {**CELLS, "1.1": "KAD", "2.2": "KAD", "2.1": "survey=KAD"}), "a", 2000
    )
    assert as_lines(table, ["code", "gap"]) == ["1 1", "- 1"]
