"""Codes and points that a spreadsheet changed: read where one reading is possible, with a warning; else a problem."""

from __future__ import annotations

import datetime as dt
from io import BytesIO
from typing import Any

import openpyxl
import pytest

from cchc.dataset import Dataset
from cchc.misreadings import roman_number
from cchc.reading import read_dataset
from tests.conftest import MakeScheme
from tests.inputs import FILES, RUBRIC, save, workbook

TEN = RUBRIC.replace("Chỉ đạo điều hành,10", "Chỉ đạo điều hành,14") + "2023,,1.10,Mười,4,appraised,\n"
ROW = ("noi-vu", "Sở Nội vụ", None, 3.5)


def read(make_scheme: MakeScheme, cells: dict[str, Any], rubric: str = RUBRIC, percent: str = "") -> Dataset:
    book = openpyxl.load_workbook(BytesIO(workbook(ROW)))
    sheet = book.worksheets[0]
    for place, value in cells.items():
        sheet[place] = value
    if percent:
        sheet[percent].number_format = "0.0%"
    files: dict[str, Any] = {
        name: text for name, text in FILES.items() if name not in ("scores/2024.csv", "published/2024.csv")
    }
    return read_dataset(make_scheme({**files, "rubric.csv": rubric, "scores/2024.xlsx": save(book)}))


def found(data: Dataset) -> list[tuple[str, str, dict[str, str]]]:
    unasked = ("incomplete", "head-maximum")
    return [(item.code, item.cell, dict(item.details)) for item in data.problems if item.code not in unasked]


def given(data: Dataset) -> dict[str, int]:
    scores = data.scores[data.scores["appraised_units"].notna()]
    return dict(zip(scores["code"], scores["appraised_units"].tolist(), strict=True))


@pytest.mark.parametrize(
    ("text", "number"),
    [
        *(("I", 1), ("III", 3), ("IV", 4), ("VIII", 8), ("IX", 9), ("XIV", 14), ("XL", 40), ("XCIX", 99)),
        *((text, 0) for text in ("", "IIII", "VX", "IC", "i", "A", "1", "XIVI")),
    ],
)
def test_roman_numbers(text: str, number: int) -> None:
    assert roman_number(text) == number


def test_two_codes_that_became_the_same_number_are_told_apart_by_their_names(make_scheme: MakeScheme) -> None:
    cells = {"C1": 1.1, "C2": "Mười", "C3": "thẩm định", "C5": 2, "D1": 1.1, "D2": "Kế hoạch"}
    data = read(make_scheme, cells, TEN)
    assert found(data) == [("code-read-as", "D1", {"code": "1.1"}), ("code-read-as", "C1", {"code": "1.10"})]
    assert given(data) == {"1.10": 20, "1.1": 35}


def test_one_of_two_is_read_and_the_other_named(make_scheme: MakeScheme) -> None:
    cells = {"C1": 1.1, "C2": "Mười", "C3": "thẩm định", "C5": 2, "D1": 1.1, "D2": None}
    assert found(read(make_scheme, cells, TEN)) == [
        ("code-not-text", "D1", {"allowed": "1.1, 1.10"}), ("code-read-as", "C1", {"code": "1.10"}),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("value", "code", "allowed"),
    [
        (1.1, "1.1", ""), (1.3, "", "—"), (2, "", "2"),
        (dt.datetime(2024, 1, 1), "1.1", ""), (dt.datetime(2001, 1, 1), "1.1", ""),  # noqa: DTZ001
        (dt.datetime(2024, 2, 1), "", "1.2"), (dt.datetime(2024, 1, 2), "", "1.2"),  # noqa: DTZ001
    ],
)  # fmt: skip
def test_what_a_code_may_have_been(make_scheme: MakeScheme, value: Any, code: str, allowed: str) -> None:
    """The column's name is that of 1.1: where it says another code, nothing is sure."""
    data = read(make_scheme, {"D1": value})
    problem = ("code-read-as", "D1", {"code": code}) if code else ("code-not-text", "D1", {"allowed": allowed})
    assert found(data) == [problem]
    assert given(data) == ({code: 35} if code else {})


@pytest.mark.parametrize(
    ("held", "number"),
    [
        (3.5, "3,5"),  # 350 % of 4 points, and 350 points, are above the maximum
        (4, "4"),  # 400 % is 16
        (0, "0"),  # 0 by any reading
        (0.5, ""),  # half a point, or half of 4
        (0.01, ""),  # 1 % may be 1 point
        (1, ""),  # 100 %: 1 point, or all 4
        (4.5, ""),  # above the maximum by any reading
        (-1, ""),
    ],
)
def test_percentages(make_scheme: MakeScheme, held: float, number: str) -> None:
    data = read(make_scheme, {"D5": held}, percent="D5")
    problem = ("percent-read", "D5", {"number": number}) if number else ("percent-cell", "D5", {})
    assert found(data) == [problem]
    assert given(data) == ({"1.1": int(held * 10)} if number else {})


def test_a_percent_sign_that_was_typed_is_the_same(make_scheme: MakeScheme) -> None:
    assert found(read(make_scheme, {"D5": "350%"})) == [("percent-read", "D5", {"number": "3,5"})]
    assert found(read(make_scheme, {"D5": "87,5 %"}))[0][0] == "percent-cell"
    assert found(read(make_scheme, {"D5": "%"}))[0][0] == "percent-cell"


def test_a_percentage_of_an_own_maximum_is_never_sure(make_scheme: MakeScheme) -> None:
    files = {"scores/2024.csv": "unit,code,appraised,max_points\nnoi-vu,1.1,350%,5\n"}
    data = read_dataset(make_scheme({**FILES, **files}))
    assert [item.code for item in data.problems if item.is_error] == ["percent-cell"]


@pytest.mark.parametrize(
    ("most", "text", "code"),
    [("1", "50%", "percent-read"), ("1", "1%", "percent-cell"), ("150", "120%", "percent-cell")],
)
def test_percentages_of_other_maxima(make_scheme: MakeScheme, most: str, text: str, code: str) -> None:
    """Of 1 point, a share and its points are the same; of 150 points, 120 may be points."""
    rubric = f"year,group,code,name_vi,max_points\n2023,,1,Một,{most}\n"
    files = {"rubric.csv": rubric, "scores/2024.csv": f"unit,code,appraised\nnoi-vu,1,{text}\n"}
    assert [item[0] for item in found(read_dataset(make_scheme({**FILES, **files})))] == [code]
