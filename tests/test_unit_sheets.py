"""The exported form: the result is checked and taken, sums are listed, the unit is named once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import openpyxl
import pytest

from cchc.dataset import Dataset
from cchc.reading import read_dataset
from tests.conftest import MakeScheme
from tests.inputs import FILES, save

HEAD = ("Tiêu chí", "Nội dung", "Điểm tối đa", "Tự chấm", "Thẩm định", "Bị trừ", "Thẩm định sau khi trừ")
ROWS = (
    ("I", "Chỉ đạo điều hành", 10, 9, 6, 0.5, 5.5),
    ("1.1", "Kế hoạch", 4, 4, 3.5, 0.5, 3),
    ("1.2", "Kiểm tra", 6, 5, "2,5", None, "2,5"),
    ("II", "Thể chế", 5.5, None, None, None, None),
    ("Tổng cộng", None, 15.5, 9, 6, 0.5, 5.5),
    (None,),
    ("Ghi chú: điểm đã thẩm định",),
)
SURVEY = "unit,code,survey\nnoi-vu,1.2,2\nnoi-vu,2,5\n"


def book(rows: Sequence[tuple[Any, ...]] = ROWS, title: str = "Sở Nội vụ", above: Sequence[Any] = ()) -> bytes:
    made = openpyxl.Workbook()
    sheet: Any = made.active
    sheet.title = title
    for row in (*above, HEAD, *rows):
        sheet.append(row)
    return save(made)


def read(make_scheme: MakeScheme, content: bytes) -> Dataset:
    files = {name: text for name, text in FILES.items() if name not in ("scores/2024.csv", "published/2024.csv")}
    return read_dataset(make_scheme({**files, "scores/2024/a.xlsx": content, "scores/2024/b.csv": SURVEY}))


def found(data: Dataset) -> list[tuple[str, str, str]]:
    return [(item.code, item.cell, item.value) for item in data.problems if item.code != "incomplete"]


def test_the_result_alone_is_the_appraised_points_and_the_survey_joins(make_scheme: MakeScheme) -> None:
    data = read(make_scheme, book(above=[("BẢNG ĐIỂM",), (None, "Đơn vị: Sở Nội vụ"), ()], title="Trang 1"))
    scores = data.scores.set_index("code")
    assert scores.loc["1.1", ["self_units", "appraised_units", "points_units"]].tolist() == [40, 30, 30]
    assert scores.loc["1.2", ["appraised_units", "survey_units", "points_units"]].tolist() == [25, 20, 45]
    assert scores.loc["2", "points_units"] == 50
    assert found(data) == [
        ("row-not-read", "A9", "Tổng cộng"),
        ("row-not-read", "A11", "Ghi chú: điểm đã thẩm định"),
        ("subtotals-not-read", "", "1"),
    ]


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (("1.1", "Kế hoạch", 4, 4, 3.5, 0.5, 3.5), ("result-mismatch", "G2", "3.5")),
        (("1.1", "Kế hoạch", 4, 4, 3.5, 0.5, None), ("result-missing", "F2", "0.5")),
        (("1.1", "Kế hoạch", 4, 4, "KAD", None, 3), ("result-mismatch", "G2", "3")),
        (("1.1", "Kế hoạch", 5, 4, 3.5, 0.5, 3), ("head-maximum", "C2", "5")),
        (("1.3", "Kế hoạch", 4, 4, 3.5, 0.5, 3), ("unknown-code", "A2", "1.3")),
        ((1.1, "Kế hoạch", 4, 4, 3.5, 0.5, 3), ("code-read-as", "A2", "1.1")),
        ((1.1, "Tên khác", 4, 4, 3.5, 0.5, 3), ("code-not-text", "A2", "1.1")),
    ],
)
def test_what_is_wrong_with_a_row(make_scheme: MakeScheme, row: tuple[Any, ...], problem: tuple[str, ...]) -> None:
    assert found(read(make_scheme, book([row]))) == [problem]


@pytest.mark.parametrize("row", [("1.1", "", 4, 4, 3, None, 3), ("1.1", "", 4, 4, 3, 0, None), ("1.1", "", 4, 4, 3)])
def test_no_deduction_leaves_the_points(make_scheme: MakeScheme, row: tuple[Any, ...]) -> None:
    data = read(make_scheme, book([row]))
    assert found(data) == []
    assert data.scores.set_index("code").loc["1.1", "points_units"] == 30


@pytest.mark.parametrize(
    ("title", "above", "problem"),
    [
        ("Sở Tư pháp", [("Đơn vị:", "Sở Nội vụ")], ("sheet-of-other-unit", "B1", "Sở Nội vụ")),
        ("Sở Tư pháp", [("BẢNG ĐIỂM",), ("Sở Nội vụ",)], ("sheet-of-other-unit", "A2", "Sở Nội vụ")),
        ("Sở Nội vu", [], ("unknown-unit", "", "Sở Nội vu")),
        ("Trang 1", [("Đơn vị: Sở Lạ",)], ("unknown-unit", "A1", "Sở Lạ")),
    ],
)
def test_the_unit_of_a_sheet(
    make_scheme: MakeScheme, title: str, above: list[Any], problem: tuple[str, str, str]
) -> None:
    assert problem in found(read(make_scheme, book(ROWS[1:3], title, above)))


@pytest.mark.parametrize(
    ("title", "above", "unit"),
    [
        ("Trang 1", ["SỞ TƯ PHÁP", "Đơn vị: Sở Nội vụ"], "noi-vu"),  # a letterhead
        ("Sở Nội vụ", ["SỞ TƯ PHÁP", "Đơn vị tính: điểm", "Sở Nội vụ"], "noi-vu"),
        ("Sở Nội vụ", ["Cơ quan thẩm định: Sở Tư pháp"], "noi-vu"),
        ("Trang 1", ["Cơ quan, đơn vị được thẩm định: Sở Nội vụ"], "noi-vu"),
        ("Trang 1", ["Đơn vị (tên đầy đủ): Sở Nội vụ"], "noi-vu"),
        ("Trang 1", ["BẢNG ĐIỂM", "Sở Nội vụ"], "noi-vu"),
        ("Sở NV", [], "noi-vu"),
    ],
)
def test_what_names_the_unit(make_scheme: MakeScheme, title: str, above: list[str], unit: str) -> None:
    data = read(make_scheme, book(ROWS[1:3], title, [(text,) for text in above]))
    assert found(data) == []
    assert set(data.scores.loc[data.scores["appraised_units"].notna(), "unit_id"]) == {unit}


def test_two_names_above_a_sheet_are_never_guessed(make_scheme: MakeScheme) -> None:
    content = book(ROWS[1:3], "Trang 1", [("SỞ TƯ PHÁP",), ("Sở Nội vụ",), ("Sở Nội vụ",)])
    assert found(read(make_scheme, content)) == [("ambiguous-unit", "", "Trang 1")]


def test_a_title_that_excel_cut_is_read_where_one_unit_begins_so(make_scheme: MakeScheme) -> None:
    name = "Sở Nội vụ và Các vấn đề chung của tỉnh"
    files = {name: text for name, text in FILES.items() if name not in ("scores/2024.csv", "published/2024.csv")}
    units = FILES["units.csv"].replace("Sở Nội vụ", name)
    files = {**files, "units.csv": units, "scores/2024.xlsx": book(ROWS[1:2], name[:31])}
    assert found(read_dataset(make_scheme(files))) == [("unit-read-as", "", name[:31])]
    files["units.csv"] = units.replace("Sở Tư pháp", f"{name} khác")
    assert found(read_dataset(make_scheme(files)))[0][0] != "unit-read-as"


def test_merged_heads_of_two_rows_and_moved_columns(make_scheme: MakeScheme) -> None:
    made = openpyxl.Workbook()
    sheet: Any = made.active
    sheet.title = "Sở Nội vụ"
    sheet.append(("Nội dung", "Tiêu chí", "Điểm", None, "Kết quả thẩm định", None, None))
    sheet.append((None, None, "Điểm tối đa", "Tự chấm", "Thẩm định sau khi trừ", "Bị trừ", "Thẩm định"))
    sheet.append(("Kế hoạch", "1.1", 4, 4, 3, 0.5, 3.5))
    for place in ("A1:A2", "B1:B2", "C1:D1", "E1:G1"):
        sheet.merge_cells(place)
    data = read(make_scheme, save(made))
    assert found(data) == []
    assert data.scores.set_index("code").loc["1.1", "points_units"] == 30


def test_numbers_under_no_head_of_the_form_are_listed(make_scheme: MakeScheme) -> None:
    """A misspelt head ("Tự chấm điểm") would lose its points; a column of numbers of rows, or of texts, holds none."""
    made = openpyxl.Workbook()
    sheet: Any = made.active
    sheet.title = "Sở Nội vụ"
    sheet.append(("STT", *HEAD[:3], "Tự chấm điểm", *HEAD[4:], "Ghi chú"))
    sheet.append((1, "1.1", "Kế hoạch", 4, 4, 3.5, 0.5, 3, "xong"))
    assert [item for item in found(read(make_scheme, save(made))) if item[0] == "column-not-read"] == [
        ("column-not-read", "E1", "Tự chấm điểm")
    ]


def test_a_code_that_stands_twice_is_found_in_its_row(make_scheme: MakeScheme) -> None:
    data = read(make_scheme, book([*ROWS[:2], ("1.1", "Kiểm tra", 6, 5, None, None, None)]))
    (problem,) = [item for item in data.problems if item.code == "duplicate-row"]
    assert (problem.cell, problem.details["other"]) == ("A4", "A3")
