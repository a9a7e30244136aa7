"""From a component to its criteria and cells: what the files hold, where, and what it comes to."""

from __future__ import annotations

from pathlib import Path

import pytest

from cchc.dataset import Dataset
from cchc.problems import InputError
from cchc.reading import read_dataset
from cchc.tracing import drill
from tests.small import as_lines, lines, small_dataset

RUBRIC = """2000,,1,Một,60,,,
2000,,2,Hai,40,,,
2000,,2.1,Hai_một,30,,,
2000,,2.2,Hai_hai,10,both,,"""
SCORES = {2000: {"a": {"1": "KAD", "2.1": "self=30 appraised=25.5", "2.2": "appraised=5 survey=4"}, "b": {"1": "5"}}}
COLUMNS = ["code", "name_vi", "level", "points", "max_points", "index_score", "is_applicable", "field", "cell", "text"]


@pytest.fixture
def data(tmp_path: Path) -> Dataset:
    return small_dataset(tmp_path, SCORES, rubric=RUBRIC)


def test_codes_and_the_cells_below_them(data: Dataset) -> None:
    table = drill(data, "a", 2000)
    assert as_lines(table, COLUMNS) == lines(
        """1   Một     0 -    0  -     . -         -                     -
           1   Một     0 -    -  -     . appraised dòng_2,_cột_appraised KAD
           2   Hai     0 34.5 40 86.25 x -         -                     -
           2.1 Hai_một 1 25.5 30 -     x -         -                     -
           2.1 Hai_một 1 -    -  -     x self      dòng_3,_cột_self      30
           2.1 Hai_một 1 -    -  -     x appraised dòng_3,_cột_appraised 25.5
           2.2 Hai_hai 1 9    10 -     x -         -                     -
           2.2 Hai_hai 1 -    -  -     x appraised dòng_4,_cột_appraised 5
           2.2 Hai_hai 1 -    -  -     x survey    dòng_4,_cột_survey    4"""
    )
    assert set(table.loc[table["field"] != "", "file"]) == {"scores/2000.csv"}


def test_only_what_is_below_a_code(data: Dataset) -> None:
    assert set(drill(data, "a", 2000, "2")["code"]) == {"2", "2.1", "2.2"}
    assert set(drill(data, "a", 2000, "2.1")["code"]) == {"2.1"}


def test_what_is_not_entered_has_no_points(data: Dataset) -> None:
    table = drill(data, "b", 2000, "2")
    assert table["points"].isna().all()
    assert (table["field"] == "").all()


def test_errors_suggest(data: Dataset) -> None:
    with pytest.raises(LookupError, match=r"không có mã “2\.11”; gần nhất: 2\.1"):
        drill(data, "a", 2000, "2.11")
    with pytest.raises(LookupError, match=r"đang có: 1, 2, 2\.1, 2\.2"):
        drill(data, "a", 2000, "x")
    with pytest.raises(InputError, match="“q”"):
        drill(data, "q", 2000)
    with pytest.raises(LookupError, match="các năm đang có: 2000"):
        drill(data, "a", 1999)


def test_an_announced_year_without_scores_has_no_rows(tmp_path: Path) -> None:
    published = {1999: "unit,index_score\na,80\nb,70"}
    assert drill(small_dataset(tmp_path, SCORES, rubric=RUBRIC, published=published), "a", 1999, "9").empty


def test_cells_of_a_workbook_are_those_of_its_sheet() -> None:
    data = read_dataset(Path(__file__).parents[1] / "data" / "raw" / "soc-trang")
    table = drill(data, "Sở Tài chính", 2024, "1")
    cells = table[table["field"] != ""]
    assert set(cells["file"]) == {"scores/2024.xlsx"}
    assert set(cells["sheet"]) == {"Sở ngành"}
    assert cells["cell"].str.fullmatch("[A-Z]+[0-9]+").all()
