"""Files to tables: what good input means, in both forms, and files that cannot be read."""

from __future__ import annotations

import datetime as dt
import sys
from fractions import Fraction
from io import BytesIO
from itertools import permutations
from typing import Any

import openpyxl
import pandas as pd
import pytest

from cchc.dataset import COLUMNS, Dataset
from cchc.problems import InputError, Problem
from cchc.reading import read_dataset
from cchc.sheets import number_text
from tests.conftest import MakeScheme
from tests.inputs import FILES, PUBLISHED, RUBRIC, SCHEME, SCORES, UNITS, save, workbook

ROW = ("noi-vu", "Sở Nội vụ", 4, 3.5, 2, 3.25, 5, 1.5, None)


def read(make_scheme: MakeScheme, changes: dict[str, Any], without: tuple[str, ...] = (), name: str = "thu") -> Dataset:
    files = {**FILES, **changes}
    return read_dataset(make_scheme({file: text for file, text in files.items() if file not in without}, name))


def errors(make_scheme: MakeScheme, changes: dict[str, Any], without: tuple[str, ...] = ()) -> list[Problem]:
    try:
        found = read(make_scheme, changes, without).problems
    except InputError as error:
        found = error.problems
    return [problem for problem in found if problem.is_error]


def points(data: Dataset) -> dict[tuple[str, str], Any]:
    return {(row.unit_id, row.code): row.points_units for row in data.scores.itertuples()}


# ---------------------------------------------------------------------------------------------------------- tables


def test_every_table_has_its_columns_and_dtypes(make_scheme: MakeScheme) -> None:
    for data in (
        read(make_scheme, {}, name="csv"),
        read(
            make_scheme,
            {},
            without=("lineage.csv", "rubric.csv", "scores/2024.csv", "published/2024.csv", "province.csv"),
        ),
    ):
        for name, dtypes in COLUMNS.items():
            frame = getattr(data, name)
            assert {column: str(dtype) for column, dtype in frame.dtypes.items()} == dict(dtypes), name
            assert frame.index.equals(pd.RangeIndex(len(frame)))
            assert not frame.select_dtypes("str").isna().any(axis=None), name


def test_units_and_lineage(make_scheme: MakeScheme) -> None:
    units = UNITS.replace("unit_id,name_vi,", "unit_id,name_vi,name_en,short_vi,").replace(",so,", ",,,so,")
    data = read(make_scheme, {"units.csv": units.replace(",huyen,", ",My Tu,MT,huyen,")})
    row = data.units.iloc[2]
    assert (row["unit_id"], row["name_en"], row["short_vi"]) == ("y-te", "Sở Y tế", "Sở Y tế")  # fall back to the name
    assert (row["valid_from"], row["valid_to"]) == (pd.NaT, pd.Timestamp(2025, 2, 28))
    assert data.units.iloc[4][["name_en", "short_vi"]].tolist() == ["My Tu", "MT"]
    assert set(data.units_of(2024)["unit_id"]) == {"noi-vu", "tu-phap", "y-te", "my-tu"}
    assert set(data.units_of(2025)["unit_id"]) == {"noi-vu", "tu-phap", "y-te-2025", "my-tu"}
    assert data.lineage.iloc[0].tolist()[:4] == ["y-te", "y-te-2025", pd.Timestamp(2025, 3, 1), "merge"]
    assert data.lineage["share"].tolist() == [None]


def test_lineage_share_is_exact(make_scheme: MakeScheme) -> None:
    lineage = "predecessor,successor,date,kind,share\ny-te,y-te-2025,01/03/2025,merge,1/3\n"
    assert read(make_scheme, {"lineage.csv": lineage}).lineage["share"].tolist() == [Fraction(1, 3)]


def test_rubric_is_resolved_for_each_scored_year_and_group(make_scheme: MakeScheme) -> None:
    rubric = RUBRIC + "2025,so,1,Chỉ đạo điều hành,8,,60\n2025,so,2,Mới,7,,40\n"
    scores = {f"scores/{year}.csv": "unit,code,appraised\nnoi-vu,1,5\n" for year in (2025, 2026)}
    data = read(make_scheme, {"rubric.csv": rubric, **scores})
    found = data.rubric.groupby(["year", "group"])["rubric_year"].unique().map(list).to_dict()
    assert found == {
        (2024, "huyen"): [2023], (2024, "so"): [2023], (2025, "huyen"): [2023], (2025, "so"): [2025],
        (2026, "huyen"): [2023], (2026, "so"): [2025],
    }  # fmt: skip
    first = data.rubric.query("year == 2024 and group == 'so'").set_index("code")
    assert first["parent"].to_dict() == {"1": "", "1.1": "1", "1.2": "1", "2": ""}
    assert first["component"].to_dict() == {"1": "1", "1.1": "1", "1.2": "1", "2": "2"}
    assert first["is_leaf"].to_dict() == {"1": False, "1.1": True, "1.2": True, "2": True}
    assert first["by"].to_dict() == {"1": "appraised", "1.1": "appraised", "1.2": "both", "2": "survey"}
    assert first["max_units"].to_dict() == {"1": 1000, "1.1": 400, "1.2": 600, "2": 550}
    assert data.rubric.query("rubric_year == 2025 and year == 2025")["weight"].tolist() == [Fraction(60), Fraction(40)]


def test_scores(make_scheme: MakeScheme) -> None:
    data = read(make_scheme, {})
    assert data.point_decimals == 2
    assert points(data) == {("noi-vu", "1.1"): 350, ("noi-vu", "1.2"): 525, ("noi-vu", "2"): 500}
    row = data.scores.iloc[0]
    assert (row["year"], row["group"], row["self_units"], row["max_units"]) == (2024, "so", 400, 400)
    assert data.adjustments.to_dict("records") == [
        {"year": 2024, "group": "so", "unit_id": "noi-vu", "bonus_units": 150, "penalty_units": 0}
    ]
    cells = data.cells.set_index(["code", "field"])
    assert cells.loc[("1.2", "survey"), ["file", "sheet", "cell", "text"]].tolist() == [
        "scores/2024.csv", "", "dòng 3, cột survey", "3.25",
    ]  # fmt: skip
    assert cells.loc[("", "bonus"), "cell"] == "dòng 5, cột bonus"
    assert data.years == data.published_years == [2024]


def test_blank_is_not_entered_and_not_zero(make_scheme: MakeScheme) -> None:
    scores = "unit,code,appraised,survey\nnoi-vu,1.1,0,\nnoi-vu,1.2,3,\nnoi-vu,2,,  \n"
    data = read(make_scheme, {"scores/2024.csv": scores})
    assert points(data) == {("noi-vu", "1.1"): 0, ("noi-vu", "1.2"): pd.NA}
    (warning,) = (item for item in data.problems if item.value == "Sở Nội vụ")
    assert (warning.code, dict(warning.details)) == ("incomplete", {"missing": "2", "total": "3"})


def test_kad_own_maximum_and_note(make_scheme: MakeScheme) -> None:
    scores = "unit,code,appraised,survey,max_points,note\nnoi-vu,1.1,kad,,,không có hồ sơ\nnoi-vu,1.2,1,2,3.5,\n"
    data = read(make_scheme, {"scores/2024.csv": scores + "tu-phap,1.2,KAD,,,\n"})
    rows = data.scores.set_index(["unit_id", "code"])
    assert rows.loc[("noi-vu", "1.1"), ["is_applicable", "points_units", "note"]].tolist() == [
        False,
        pd.NA,
        "không có hồ sơ",
    ]
    assert rows.loc[("noi-vu", "1.2"), ["is_applicable", "points_units", "max_units", "note"]].tolist() == [
        True,
        30,
        35,
        "",
    ]
    assert not rows.loc[("tu-phap", "1.2"), "is_applicable"]  # KAD in one field is enough
    missing = {item.value: item.details["missing"] for item in data.problems}
    assert (missing["Sở Nội vụ"], missing["Sở Tư pháp"]) == ("1", "2")  # a leaf that does not apply is not missing


@pytest.mark.parametrize(
    ("row", "is_applicable", "points_units", "codes"),
    [
        ("1.1,KAD,,", True, pd.NA, {"kad-in-self"}),
        ("1.2,KAD,,", True, pd.NA, {"kad-in-self"}),
        ("1.1,KAD,3,", True, 300, set()),  # the appraiser found that it does apply
        ("1.1,KAD,KAD,", False, pd.NA, set()),
        ("1.1,3,KAD,", False, pd.NA, set()),
        ("1.2,3,,KAD", False, pd.NA, set()),
        ("2,3,,KAD", False, pd.NA, set()),
    ],
)
def test_the_fields_of_by_say_whether_a_leaf_applies(
    make_scheme: MakeScheme, row: str, is_applicable: bool, points_units: Any, codes: set[str]
) -> None:
    files = {"scores/2024.csv": f"unit,code,self,appraised,survey\ntu-phap,1.1,2.25,1,\nnoi-vu,{row}\n"}
    data = read(make_scheme, files)
    line = data.scores.set_index("unit_id").loc["noi-vu"]
    assert line["is_applicable"] == is_applicable
    assert line["points_units"] is points_units or line["points_units"] == points_units
    assert {problem.code for problem in data.problems} - {"incomplete"} == codes
    missing = {item.value: item.details["missing"] for item in data.problems if item.code == "incomplete"}
    assert missing["Sở Nội vụ"] == ("3" if "kad-in-self" in codes else "2")


def test_codes_are_text(make_scheme: MakeScheme) -> None:
    rubric = "year,code,name_vi,max_points\n2024,NA,Không tên,5\n2024,3.10,Mười,5\n2024,3.1,Một,5\n2024,3,Ba,10\n"
    scores = "unit,code,appraised\nnoi-vu,NA,1\nnoi-vu,3.10,2\nnoi-vu,3.1,3\n"
    data = read(make_scheme, {"rubric.csv": rubric, "scores/2024.csv": scores})
    assert points(data) == {("noi-vu", "NA"): 1, ("noi-vu", "3.10"): 2, ("noi-vu", "3.1"): 3}


def test_deep_codes(make_scheme: MakeScheme) -> None:
    rubric = (
        "year,code,name_vi,max_points\n2024,1,a,3\n2024,1.1,b,3\n2024,1.1.1,c,1\n2024,1.1.2,d,2\n2024,1.1.2.1,e,2\n"
    )
    data = read(make_scheme, {"rubric.csv": rubric, "scores/2024.csv": "unit,code,appraised\nnoi-vu,1.1.2.1,2\n"})
    assert data.rubric.query("is_leaf and group == 'so'")["code"].tolist() == ["1.1.1", "1.1.2.1"]
    assert points(data) == {("noi-vu", "1.1.2.1"): 2}


def test_units_by_name_in_any_spelling(make_scheme: MakeScheme) -> None:
    scores = "unit,code,appraised\nSỞ  nội vụ,1.1,1\nSở Y tế,1.1,2\n"
    data = read(make_scheme, {"scores/2024.csv": scores, "scores/2025.csv": scores})
    found = {(row.year, row.unit_id) for row in data.scores.itertuples()}
    assert found == {(2024, "noi-vu"), (2024, "y-te"), (2025, "noi-vu"), (2025, "y-te-2025")}


def test_published(make_scheme: MakeScheme) -> None:
    data = read(make_scheme, {"published/2022.csv": "unit,rank\nnoi-vu,1\n"})
    rows = data.published.query("year == 2024")
    assert rows["unit_id"].tolist() == ["noi-vu", "tu-phap", "my-tu"]
    assert rows["index_units"].tolist() == [8510, 8000, 8100]  # 80 in a table of two decimals is 80,00
    assert rows["index_decimals"].tolist() == [2, 2, 2]
    assert rows["grade"].tolist() == ["Tốt", "Tốt", "Tốt"]
    assert rows["cell"].tolist() == ["dòng 2", "dòng 3", "dòng 4"]
    assert data.published.query("year == 2022")["index_units"].isna().all()
    assert data.years == [2022, 2024]
    one = read(make_scheme, {"published/2024.csv": 'unit,index_score\nnoi-vu,"85,0"\ntu-phap,80\n'}).published
    assert one.query("year == 2024")[["index_units", "index_decimals"]].to_numpy().tolist() == [[850, 1], [800, 1]]


# --------------------------------------------------------------------------------------------------------- CSV


@pytest.mark.parametrize(
    "content",
    [
        SCORES.encode(),
        b"\xef\xbb\xbf" + SCORES.encode(),
        b"\xef\xbb\xbf" + SCORES.replace("unit", '"unit"').encode(),
        SCORES.replace(",", ";").replace(".5", ",5").replace(".25", ",25").encode(),
        SCORES.replace("\n", "\r\n").encode(),
        (SCORES + "\n,,,,,,,,\n \n").encode(),
        SCORES.replace("note", "note,,").replace(",\n", ",,,\n").encode(),
        SCORES.upper().replace("NOI-VU", "noi-vu").encode(),
    ],
)
def test_csv_dialects_mean_the_same(make_scheme: MakeScheme, content: bytes) -> None:
    data = read(make_scheme, {"scores/2024.csv": content})
    assert points(data) == {("noi-vu", "1.1"): 350, ("noi-vu", "1.2"): 525, ("noi-vu", "2"): 500}


def test_lines_are_counted_over_line_breaks_and_blank_lines(make_scheme: MakeScheme) -> None:
    scores = 'unit,code,appraised,note\nnoi-vu,1.1,1,"hai\ndòng"\n\ntu-phap,1.1,9,\n'
    (problem,) = errors(make_scheme, {"scores/2024.csv": scores})
    assert problem.cell == "dòng 5, cột appraised"
    (problem,) = errors(
        make_scheme, {"scores/2024.csv": scores.replace("1.1,1", "1.1,9").replace("tu-phap,1.1,9,", "")}
    )
    assert problem.cell == "dòng 2, cột appraised"  # where the row begins


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file-empty"),
        (b'unit,code\n"noi-vu,1.1\n', "open-quote"),
        (b"unit,code\nnoi-vu,1.1,3,4\n", "long-row"),
        ("unit,code\nxã,1\n".encode("cp1252"), "not-utf-8"),  # or "xă", in the other encoding of Windows
        ("unit,code\nSở,1\n".encode("cp1258", "replace") + b"\xff", "not-utf-8"),
    ],
)
def test_unreadable_csv_is_a_problem(make_scheme: MakeScheme, content: bytes, code: str) -> None:
    found = errors(make_scheme, {"scores/2024.csv": content})
    assert [(problem.code, problem.file, problem.years) for problem in found] == [(code, "scores/2024.csv", (2024,))]
    (found_units, *_) = errors(make_scheme, {"units.csv": content})
    assert (found_units.code, found_units.file, found_units.years) == (code, "units.csv", ())


@pytest.mark.parametrize("delimiter", ["\t", "|"])
def test_another_delimiter_is_one_problem(make_scheme: MakeScheme, delimiter: str) -> None:
    (problem,) = errors(make_scheme, {"scores/2024.csv": SCORES.replace(",", delimiter)})
    assert (problem.code, problem.cell, problem.years) == ("wrong-delimiter", "dòng 1", (2024,))


@pytest.mark.parametrize("file", ["units.csv", "lineage.csv", "rubric.csv", "scores/2024.csv", "published/2024.csv"])
def test_a_file_that_the_system_does_not_give_is_a_problem(make_scheme: MakeScheme, file: str) -> None:
    folder = make_scheme({name: text for name, text in FILES.items() if name != file})
    if file.startswith(("scores/", "published/")):
        (folder / file).parent.mkdir(exist_ok=True)
        (folder / file).symlink_to(file.rpartition("/")[2])  # a loop: there, and not to be opened
    else:
        (folder / file).mkdir()
    try:
        found = read_dataset(folder).problems
    except InputError as error:
        found = error.problems
    assert ("file-unreadable", file) in [(item.code, item.file) for item in found if item.is_error]


ROWS = "unit,code,appraised,survey,bonus,note\nnoi-vu,1.1,1,,,{}\nnoi-vu,2,,3,,\ntu-phap,1.1,2,,,{}\n"


@pytest.mark.parametrize(
    ("file", "text", "code", "cell"),
    [
        ("scores/2024.csv", ROWS.format('"hai\ndòng"', ""), "line-break-in-text", "dòng 2, cột note"),
        # a quote too many swallows a whole row into the note
        ("scores/2024.csv", ROWS.format('"', '"'), "line-break", "dòng 2, cột note"),
        ("scores/2024.csv", SCORES.replace("noi-vu,1.2", '"noi-vu\n",1.2'), "line-break", "dòng 3, cột unit"),
        ("scores/2024.csv", SCORES.replace("3.5", '"3.\n5"'), "line-break", "dòng 2, cột appraised"),
        ("units.csv", UNITS.replace("Sở Tư pháp,so", '"Sở\nTư pháp",so'), "line-break", "dòng 3, cột name_vi"),
        ("rubric.csv", RUBRIC.replace("Kiểm tra", '"Kiểm\r\ntra"'), "line-break", "dòng 4, cột name_vi"),
        ("published/2024.csv", PUBLISHED.replace("85,10", "85,\n10"), "line-break", "dòng 2, cột index_score"),
        ("lineage.csv", 'predecessor,successor,date,kind\ny-te,"y-te-2025\n",2025-03-01,merge\n', "line-break",
         "dòng 2, cột successor"),
    ],
)  # fmt: skip
def test_a_line_break_in_a_cell(make_scheme: MakeScheme, file: str, text: str, code: str, cell: str) -> None:
    try:
        found = read(make_scheme, {file: text}).problems
    except InputError as error:
        found = error.problems
    (problem,) = (item for item in found if item.code.startswith("line-break"))
    assert (problem.code, problem.file, problem.cell) == (code, file, cell)
    assert problem.is_error == (code == "line-break")


@pytest.mark.parametrize(
    ("text", "lines", "number"),
    [
        (SCORES + "y-te,1.1,,1\ny-te,1.2\n\n", "dòng 6, 7", "2"),
        (SCORES + 'y-te,"1.1",,1\n', "dòng 6", "1"),
        (
            SCORES + "y-te,1.1,,1\n" + "\n" * 3 + "".join(f"y-te,x{n}\n" for n in range(11)),
            "dòng 6, 10, 11, 12, 13, 14, 15, 16, 17, 18, …",
            "12",
        ),
    ],
)
def test_a_short_row_is_a_warning(make_scheme: MakeScheme, text: str, lines: str, number: str) -> None:
    data = read(make_scheme, {"scores/2024.csv": text})
    (problem,) = (item for item in data.problems if item.code == "short-row")
    assert (problem.file, problem.cell, problem.details["number"]) == ("scores/2024.csv", lines, number)
    assert not problem.is_error


def test_blank_columns_without_a_name_need_no_cells(make_scheme: MakeScheme) -> None:
    data = read(make_scheme, {"scores/2024.csv": "unit,code,appraised,,\nnoi-vu,1.1,3\n"})
    assert "short-row" not in {item.code for item in data.problems}


def test_missing_units(make_scheme: MakeScheme) -> None:
    assert [problem.code for problem in errors(make_scheme, {}, without=("units.csv",))] == ["file-missing"]


def test_scores_without_rubric_file_stop_their_years(make_scheme: MakeScheme) -> None:
    found = errors(make_scheme, {}, without=("rubric.csv",))
    assert {(problem.code, problem.years) for problem in found} == {
        ("file-missing", (2024,)),
        ("missing-rubric", (2024,)),
    }


# ------------------------------------------------------------------------------------------------ files of a year


def test_files_of_a_year_join_where_their_fields_do_not_overlap(make_scheme: MakeScheme) -> None:
    files = {
        "scores/2024/a.csv": "unit,code,appraised\nnoi-vu,1.1,3\nnoi-vu,1.2,1\n",
        "scores/2024/b.csv": "unit,code,survey\nSở Nội vụ,1.2,2\n",
        "scores/2024/c.xlsx": workbook(("tu-phap", "", None, 3)),
    }
    data = read(make_scheme, files, without=("scores/2024.csv",))
    assert points(data) == {("noi-vu", "1.1"): 30, ("noi-vu", "1.2"): 30, ("tu-phap", "1.1"): 30}


def test_overlap_names_both_cells(make_scheme: MakeScheme) -> None:
    files = {"scores/2024.xlsx": workbook(("noi-vu", "Sở Nội vụ", None, 3.5))}
    (problem,) = errors(make_scheme, files)
    assert (problem.code, problem.place) == ("overlap", "2024.xlsx · Sở · D5")
    assert problem.details["other"] == "2024.csv · dòng 2, cột appraised"


def test_an_error_leaves_its_year_out_and_no_other(make_scheme: MakeScheme) -> None:
    files = {
        "scores/2023.csv": SCORES.replace("3.5", "9"),
        "published/2023.csv": PUBLISHED,
    }
    data = read(make_scheme, files)
    assert data.broken_years == [2023]
    assert data.years == [2024]
    for name in ("rubric", "scores", "adjustments", "cells", "published"):
        assert set(getattr(data, name)["year"]) == {2024}, name
    with pytest.raises(InputError):
        data.require(2023)
    data.require(2024)


# ------------------------------------------------------------------------------------------------------ workbooks


def test_the_wide_form_means_the_same_as_csv(make_scheme: MakeScheme) -> None:
    wide = read(make_scheme, {"scores/2024.xlsx": workbook(ROW)}, without=("scores/2024.csv",))
    tall = read(make_scheme, {}, name="csv")
    pd.testing.assert_frame_equal(wide.scores, tall.scores)
    pd.testing.assert_frame_equal(wide.adjustments, tall.adjustments)
    cell = wide.cells.query("code == '1.2' and field == 'survey'").iloc[0]
    assert cell[["file", "sheet", "cell", "text"]].tolist() == ["scores/2024.xlsx", "Sở", "F5", "3.25"]


def test_a_unit_by_its_name_alone(make_scheme: MakeScheme) -> None:
    data = read(make_scheme, {"scores/2024.xlsx": workbook((None, *ROW[1:]))}, without=("scores/2024.csv",))
    assert points(data)[("noi-vu", "1.1")] == 350


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.1 + 0.2, "0.3"), (62.620000000000005, "62.62"), (1e-7, "0.0000001"), (3, "3"), (1e15, "1000000000000000")],
)
def test_a_number_means_its_fifteen_digits(value: float, text: str) -> None:
    assert number_text(value) == text


def test_a_sum_of_floats_is_the_decimal_that_excel_shows(make_scheme: MakeScheme) -> None:
    row = ("noi-vu", "", 0.1 + 0.2, 0.3, None, None, "2,5", None, None)
    data = read(make_scheme, {"scores/2024.xlsx": workbook(row)}, without=("scores/2024.csv",))
    assert data.point_decimals == 1
    assert data.scores.iloc[0][["self_units", "appraised_units"]].tolist() == [3, 3]
    assert points(data)[("noi-vu", "2")] == 25  # text in a cell is read as in CSV


def percent_cell(value: float) -> bytes:
    book = openpyxl.load_workbook(BytesIO(workbook(ROW)))
    book["Sở"]["D5"] = value
    book["Sở"]["D5"].number_format = "0.00%"
    return save(book)


SHEET = "2024.xlsx · Sở"
BLANK = (None,) * 7
WORKBOOK_CASES = [
    ("code-not-text", workbook(ROW, cells={"D1": 1.3}), f"{SHEET} · D1", "1.3"),
    ("code-not-text", workbook(ROW, cells={"D1": dt.datetime(2024, 2, 1)}), f"{SHEET} · D1", "2024-02-01 00:00:00"),  # noqa: DTZ001
    ("head-without-code", workbook(ROW, cells={"D1": None}), f"{SHEET} · D1", ""),
    ("head-without-field", workbook(ROW, cells={"D3": None}), f"{SHEET} · D1", "1.1"),
    ("head-without-field", workbook(ROW, cells={"K6": 3}), f"{SHEET} · K1", ""),
    ("unknown-field", workbook(ROW, cells={"D3": "bị trừ"}), f"{SHEET} · D3", "bị trừ"),
    ("unknown-code", workbook(ROW, ("tu-phap", "", 1, 2), cells={"C1": "1.4"}), f"{SHEET} · C1", "1.4"),
    ("unknown-code", workbook(ROW, cells={"I1": "1.4", "I2": None, "I3": "thẩm định"}), f"{SHEET} · I1", "1.4"),
    ("unknown-unit", workbook(ROW, ("so-la", "", *BLANK)), f"{SHEET} · A6", "so-la"),
    ("error-cell", workbook(ROW, cells={"D5": "#DIV/0!"}), f"{SHEET} · D5", "#DIV/0!"),
    ("formula-without-value", workbook(ROW, cells={"D5": "=1+1"}), f"{SHEET} · D5", ""),
    ("percent-cell", percent_cell(0.5), f"{SHEET} · D5", "50%"),
    ("not-a-number", workbook(ROW, cells={"D5": True}), f"{SHEET} · D5", "True"),
    ("not-a-number", workbook(ROW, cells={"D5": dt.date(2024, 3, 5)}), f"{SHEET} · D5", "2024-03-05 00:00:00"),
    ("above-maximum", workbook(ROW, cells={"D5": 4.5}), f"{SHEET} · D5", "4.5"),
    ("blank-unit", workbook(ROW, ("", "", 1, 1)), f"{SHEET} · A6", ""),
    ("unit-mismatch", workbook(("noi-vu", "Sở Tư pháp", 1, 1)), f"{SHEET} · B5", "Sở Tư pháp"),
    ("unit-in-wrong-sheet", workbook(ROW, ("my-tu", "", 1, 1)), f"{SHEET} · A6", "my-tu"),
    ("unit-in-wrong-sheet", workbook(ROW, ("", "UBND huyện Mỹ Tú", 1, 1)), f"{SHEET} · B6", "UBND huyện Mỹ Tú"),
    ("duplicate-row", workbook(ROW, ("noi-vu", "", 1, 1)), f"{SHEET} · A6", "noi-vu"),
    ("overlap", workbook(ROW, cells={"C3": "thẩm định"}), f"{SHEET} · D5", "3.5"),
    ("unknown-sheet", workbook(ROW, sheet="Sở ngành"), "2024.xlsx · Sở ngành", "Sở ngành"),
    ("workbook-unreadable", b"PK not a workbook", "2024.xlsx", ""),
]  # fmt: skip


@pytest.mark.parametrize(("code", "content", "place", "value"), WORKBOOK_CASES)
def test_workbook_problems(make_scheme: MakeScheme, code: str, content: bytes, place: str, value: str) -> None:
    found = errors(make_scheme, {"scores/2024.xlsx": content}, without=("scores/2024.csv",))
    assert [(item.code, item.place, item.value, item.years) for item in found] == [(code, place, value, (2024,))]
    assert found[0].what()
    assert found[0].remedy()


def test_the_head_of_another_rubric_is_a_warning(make_scheme: MakeScheme) -> None:
    files = {"scores/2024.xlsx": workbook(ROW, cells={"G4": 6})}
    data = read(make_scheme, files, without=("scores/2024.csv",))
    (warning,) = (item for item in data.problems if item.code == "head-maximum")
    assert (warning.place, warning.value) == (f"{SHEET} · G4", "6")


def test_rows_and_columns_to_be_filled_in_are_no_problem(make_scheme: MakeScheme) -> None:
    book = workbook(ROW, ("tu-phap", "Sở Tư pháp", *BLANK), BLANK, cells={"G5": None})
    data = read(make_scheme, {"scores/2024.xlsx": book}, without=("scores/2024.csv",))
    assert {item.code for item in data.problems} == {"incomplete"}
    assert set(data.cells["field"]) <= {"self", "appraised", "survey", "bonus"}


def test_other_sheets_may_be_empty(make_scheme: MakeScheme) -> None:
    book = openpyxl.load_workbook(BytesIO(workbook(ROW)))
    book.create_sheet("Sheet2")
    assert errors(make_scheme, {"scores/2024.xlsx": save(book)}, without=("scores/2024.csv",)) == []


# ---------------------------------------------------------------------------------------------------------- scale


@pytest.mark.slow
def test_rows_in_another_order_give_the_same_scores(make_scheme: MakeScheme) -> None:
    head, *rows = SCORES.splitlines()
    kept = ["unit_id", "code", "self_units", "appraised_units", "survey_units", "max_units", "points_units"]
    tables = []
    for order in permutations(rows):
        data = read(make_scheme, {"scores/2024.csv": "\n".join([head, *order])})
        tables.append(data.scores[kept].sort_values("code", ignore_index=True))
    for table in tables[1:]:
        pd.testing.assert_frame_equal(table, tables[0])


def test_good_rows_cost_no_call_each(make_scheme: MakeScheme) -> None:
    def calls(width: int) -> int:
        units = "".join(f"u{place},Xã {place},so\n" for place in range(width))
        rubric = "".join(f"2024,{code},x,9\n" for code in range(width))
        scores = "".join(f"u{unit},{code},{(unit + code) % 9}\n" for unit in range(width) for code in range(width))
        folder = make_scheme({
            "scheme.toml": SCHEME,
            "units.csv": f"unit_id,name_vi,group\n{units}",
            "rubric.csv": f"year,code,name_vi,max_points\n{rubric}",
            "scores/2024.csv": f"unit,code,appraised\n{scores}",
        })  # fmt: skip
        count = 0

        def profile(frame: object, event: str, argument: object) -> None:
            nonlocal count
            count += event == "call"

        sys.setprofile(profile)
        try:
            assert len(read_dataset(folder).scores) == width**2
        finally:
            sys.setprofile(None)
        return count

    # units and codes cost calls each, the 62 500 rows that they make do not
    assert calls(250) - calls(20) < 250**2
