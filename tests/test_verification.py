"""A verifier that cannot say "does not reproduce" is worthless (design section 4, rule 11)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from cchc.verification import verify
from small import as_lines, lines, small_dataset

CLASSES = '[[classes]]\nname = "Tốt"\nfrom = 80\n[[classes]]\nname = "Khá"\nfrom = 65\n'
INDICES = {"a": "90", "b": "80.446", "c": "70"}


def verified(folder: Path, published: str, indices: dict[str, str] = INDICES, **options: Any) -> pd.DataFrame:
    cells = {unit: {"1": text} for unit, text in indices.items()}
    data = small_dataset(folder, {2024: cells}, published={2024: published}, **{"tables": CLASSES} | options)
    return verify(data, 2024).sort_values("unit_id")


def statuses(table: pd.DataFrame) -> list[str]:
    return as_lines(table, ["unit_id", "status"])


SAME = ["a same", "b same", "c same"]


@pytest.mark.parametrize(
    "published",
    [
        "unit,index_score,rank,grade\na,90.00,1,Tốt\nb,80.45,2,Tốt\nc,70.00,3,Khá",
        "unit,index_score\na,90.00\nb,80.45\nc,70.00",
        "unit,index_score\na,90.0\nb,80.4\nc,70.0",  # one decimal, rounded once: 80.45 would be 80.5
        "unit,index_score\na,90.000\nb,80.446\nc,70.000",
        "unit,rank\na,1\nb,2\nc,3",
        "unit,grade\na,Tốt\nb,Tốt\nc,Khá",
    ],
)
def test_reproduces(tmp_path: Path, published: str) -> None:
    table = verified(tmp_path, published)
    assert statuses(table) == SAME
    assert not table[["changes_place", "changes_stage_place"]].any(axis=None)


@pytest.mark.parametrize(
    ("published", "different"),
    [
        ("unit,index_score\na,90.00\nb,80.44\nc,70.00", "b"),
        ("unit,index_score\na,90.00\nb,80.46\nc,70.00", "b"),
        ("unit,index_score\na,90.0\nb,80.5\nc,70.0", "b"),
        ("unit,rank\na,1\nb,2\nc,2", "c"),
        ("unit,grade\na,Tốt\nb,Tốt\nc,Tốt", "c"),
        ("unit,index_score,rank,grade\na,90.01,1,Tốt\nb,80.45,2,Tốt\nc,70.00,3,Khá", "a"),
        ("unit,index_score,rank,grade\na,90.00,1,Khá\nb,80.45,2,Tốt\nc,70.00,3,Khá", "a"),
    ],
)
def test_a_changed_figure_does_not_reproduce(tmp_path: Path, published: str, different: str) -> None:
    table = verified(tmp_path, published)
    assert statuses(table) == [f"{unit} {'differs' if unit == different else 'same'}" for unit in "abc"]


def test_figures_of_both_sides(tmp_path: Path) -> None:
    table = verified(tmp_path, "unit,index_score,rank,grade\na,90.00,1,Tốt\nb,79.95,2,Khá\nc,70.00,3,Khá")
    columns = ["unit_id", "index_score", "published_index_score", "index_difference", "rank", "published_rank", "grade",
               "published_grade"]  # fmt: skip
    assert as_lines(table, columns) == lines("""
    a 90    90    0    1 1 Tốt Tốt
    b 80.45 79.95 -0.5 2 2 Tốt Khá
    c 70    70    0    3 3 Khá Khá
    """)


def test_number_of_decimals_is_the_tables(tmp_path: Path) -> None:
    """A spreadsheet prints 90.40 as 90.4: in a table of two decimals it is not 90.44."""
    table = verified(tmp_path, "unit,index_score\na,90.4\nb,80.45\nc,70", {"a": "90.44", "b": "80.446", "c": "70"})
    assert statuses(table) == ["a differs", "b same", "c same"]


def test_difference_that_changes_a_place(tmp_path: Path) -> None:
    swapped = verified(tmp_path / "1", "unit,index_score\na,80.44\nb,80.45\nc,70.00")
    assert as_lines(swapped, ["unit_id", "status", "changes_place"]) == ["a differs x", "b differs x", "c same ."]
    harmless = verified(tmp_path / "2", "unit,index_score\na,89.00\nb,80.45\nc,70.00")
    assert as_lines(harmless, ["unit_id", "status", "changes_place"]) == ["a differs .", "b same .", "c same ."]


def test_difference_that_changes_another_units_place(tmp_path: Path) -> None:
    """a announced as b's equal: a is first either way, b was first and would be second."""
    table = verified(tmp_path, "unit,index_score\na,80.45\nb,80.45\nc,70.00")
    assert table["changes_place"].any()
    assert set(table["status"]) == {"differs", "same"}
    assert (table["status"] != "same")[table["changes_place"]].all()


def test_difference_that_changes_a_place_of_a_stage(tmp_path: Path) -> None:
    """a leads in 2024 either way; announced with 95 instead of 90 it leads the stage too."""
    tables = '[[stages]]\nfirst = 2023\nlast = 2024\nlineage = "inherit"\n'
    cells = {2023: {"a": {"1": "80"}, "b": {"1": "85"}}, 2024: {"a": {"1": "90"}, "b": {"1": "86"}}}
    for announced, moves in (("95", True), ("90.5", False)):
        data = small_dataset(
            tmp_path / announced, cells, tables=tables, published={2024: f"unit,index_score\na,{announced}\nb,86"}
        )
        table = verify(data, 2024).set_index("unit_id")
        assert table["changes_stage_place"].to_dict() == {"a": moves, "b": moves}
        assert table["status"].to_dict() == {"a": "differs", "b": "same"}
        assert not table["changes_place"].any()


def test_unit_that_was_left_out(tmp_path: Path) -> None:
    """Its scores give it a place that the announced table does not: c would be fourth, not third."""
    indices = INDICES | {"d": "75"}
    table = verified(tmp_path, "unit,index_score\na,90.00\nb,80.45\nc,70.00", indices)
    assert statuses(table) == ["a same", "b same", "c differs", "d not_announced"]
    assert as_lines(table, ["unit_id", "changes_place"]) == ["a .", "b .", "c x", "d x"]


def test_unit_without_scores(tmp_path: Path) -> None:
    table = verified(
        tmp_path, "unit,index_score\na,90.00\nb,80.45\nc,70.00\nd,60.00", units="a,g,,\nb,g,,\nc,g,,\nd,g,,"
    )
    assert statuses(table) == [*SAME, "d not_scored"]
    assert as_lines(table, ["unit_id", "index_score", "published_index_score"])[3] == "d - 60"


def test_incomplete_unit_that_was_announced(tmp_path: Path) -> None:
    rubric = "2024,,1,Một,60,,,\n2024,,2,Hai,40,,,"
    data = small_dataset(
        tmp_path, {2024: {"a": {"1": "60"}}}, rubric=rubric, published={2024: "unit,index_score\na,95"}
    )
    assert statuses(verify(data, 2024)) == ["a not_scored"]


def test_nothing_published(tmp_path: Path) -> None:
    with pytest.raises(LookupError, match="2024"):
        verify(small_dataset(tmp_path, {2024: {"a": {"1": "50"}}}), 2024)


def test_without_announced_indices_the_recomputed_one_has_the_schemes_decimals(tmp_path: Path) -> None:
    table = verified(tmp_path, "unit,rank\na,1\nb,2\nc,3", settings="decimals = 3")
    assert as_lines(table, ["unit_id", "index_score"]) == ["a 90", "b 80.446", "c 70"]
