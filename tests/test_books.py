"""Spreadsheet files of each kind, as programs write them, and what may not be built as a whole."""

from __future__ import annotations

import os
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from cchc.books import MOST_TAGS, check_whole, open_sheets
from cchc.problems import Problem
from cchc.reading import read_dataset
from cchc.sheets import Sheet, TooBigError
from tests.conftest import MakeScheme
from tests.inputs import FILES, save, workbook

FORMS = Path(__file__).parent / "forms"
"""One workbook saved by LibreOffice as .xls and .ods: a title, merged heads, a sum row, a hidden sheet, row and column,
an error cell (D7) and a percentage (G7)."""
ROW = ("noi-vu", "Sở Nội vụ", 4, 3.5)


def opened(path: Path) -> tuple[list[Sheet], list[Problem]]:
    problems: list[Problem] = []
    return open_sheets(path, path.name, 2024, problems), problems


def read(make_scheme: MakeScheme, file: str) -> tuple[dict[tuple[str, str, str], str], list[tuple[str, str, str]]]:
    files: dict[str, Any] = {
        name: text for name, text in FILES.items() if name not in ("scores/2024.csv", "published/2024.csv")
    }
    data = read_dataset(make_scheme({**files, f"scores/{file}": (FORMS / file).read_bytes()}))
    cells = {(row.unit_id, row.code, row.field): row.text for row in data.cells.itertuples()}
    return cells, [(item.code, item.cell, item.value) for item in data.problems if item.code != "incomplete"]


TYPED = {
    ("noi-vu", "1.1", "self"): "4", ("noi-vu", "1.1", "appraised"): "3,50", ("noi-vu", "1.2", "appraised"): "2",
    ("noi-vu", "1.2", "survey"): "3.25", ("noi-vu", "2", "survey"): "5", ("noi-vu", "", "bonus"): "1.5",
    ("tu-phap", "1.1", "self"): "0.3", ("tu-phap", "1.2", "survey"): "1.25", ("my-tu", "1.1", "appraised"): "2.5",
}  # fmt: skip


def test_xls_is_read_and_what_it_hides_is_said(make_scheme: MakeScheme) -> None:
    cells, problems = read(make_scheme, "2024.xls")
    assert cells == {**TYPED, ("tu-phap", "2", "survey"): "0.5"}
    assert problems == [
        ("formats-unknown", "", ""), ("row-not-read", "B8", "Trung bình"), ("hidden-sheet", "", "Huyện"),
    ]  # fmt: skip


def test_ods_is_read_with_its_formats_and_errors(make_scheme: MakeScheme) -> None:
    # the year is in error, and its tables are empty: what was read is seen in the sheets
    _, problems = read(make_scheme, "2024.ods")
    assert sorted(problems) == [
        ("error-cell", "D7", "#DIV/0!"), ("hidden-column", "cột H", "H"), ("hidden-row", "dòng 7", "7"),
        ("hidden-sheet", "", "Huyện"), ("percent-cell", "G7", "50%"), ("row-not-read", "B8", "Trung bình #DIV/0!"),
    ]  # fmt: skip
    (sheet, hidden), found = opened(FORMS / "2024.ods")
    assert found == []
    assert [sheet.is_hidden, hidden.is_hidden] == [False, True]
    assert [sheet.text(6, column) for column in range(1, 9)] == [
        "noi-vu", "Sở Nội vụ", "4", "3,50", "2", "3.25", "5", "1.5",
    ]  # fmt: skip
    assert sheet.head(2, 4) == (2, 3)


def test_a_file_is_what_its_first_bytes_say(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes((FORMS / "2024.xls").read_bytes())
    (tmp_path / "b.xls").write_bytes(workbook(ROW))
    sheets, problems = opened(tmp_path / "a.xlsx")
    assert [sheet.title for sheet in sheets] == ["Sở", "Huyện"]
    assert [item.code for item in problems] == ["formats-unknown"]
    sheets, problems = opened(tmp_path / "b.xls")
    assert ([sheet.title for sheet in sheets], problems) == (["Sở"], [])


def test_a_damaged_xls_is_a_problem_and_nothing_on_the_terminal(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.xls").write_bytes((FORMS / "2024.xls").read_bytes()[:-100])  # calamine panics
    sheets, problems = opened(tmp_path / "a.xls")
    assert (sheets, [item.code for item in problems]) == ([], ["workbook-unreadable"])
    assert capfd.readouterr().err == ""
    os.write(2, b"shown again")
    assert capfd.readouterr().err == "shown again"


@pytest.mark.parametrize(
    "claim",
    [
        (b"\x00\x02\x0e\x00\0\0\0\0\x08\0\0\0", b"\x00\x02\x0e\x00\0\0\0\0\x08\0\0\x20"),  # 2^29 rows
        (b"\x85\x00", b"\x86\x00"),  # no sheet at all
    ],
)
def test_an_xls_that_claims_too_much_or_nothing_is_a_problem(tmp_path: Path, claim: tuple[bytes, bytes]) -> None:
    content = (FORMS / "2024.xls").read_bytes()
    assert claim[0] in content
    (tmp_path / "a.xls").write_bytes(content.replace(*claim))  # calamine would end this process for the former
    assert [item.code for item in opened(tmp_path / "a.xls")[1]] == ["workbook-unreadable"]


def test_an_xls_that_takes_too_long_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cchc.legacy.SECONDS", 0)
    (tmp_path / "a.xls").write_bytes((FORMS / "2024.xls").read_bytes())
    (problem,) = opened(tmp_path / "a.xls")[1]
    assert (problem.code, problem.details["reason"]) == ("workbook-unreadable", "no end after 0 s")


def test_a_sheet_of_another_kind_is_read(tmp_path: Path) -> None:
    content = bytearray((FORMS / "2024.xls").read_bytes())
    at = content.index(b"\x85\x00\x0c\x00") + 9  # the kind of the first sheet: 1 is a macro sheet, which has cells too
    content[at] = 1
    (tmp_path / "a.xls").write_bytes(content)
    assert [sheet.title for sheet in opened(tmp_path / "a.xls")[0]] == ["Sở", "Huyện"]


def test_a_folder_in_place_of_a_file_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").mkdir()
    sheets, problems = opened(tmp_path / "a.xlsx")
    assert (sheets, [item.code for item in problems]) == ([], ["file-unreadable"])


def test_the_last_size_that_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(workbook(ROW))
    with zipfile.ZipFile(path) as archive:
        xml = [name for name in archive.namelist() if name.endswith((".xml", ".rels"))]
        tags = sum(archive.read(name).count(b"<") for name in xml)
        size = sum(archive.getinfo(name).file_size for name in xml)
    assert 0 < tags < MOST_TAGS
    monkeypatch.setattr("cchc.books.MOST_TAGS", tags / 2)
    monkeypatch.setattr("cchc.books.MOST_BYTES", size)
    assert opened(path)[1] == []
    for name, most in (("MOST_TAGS", (tags - 1) / 2), ("MOST_BYTES", size - 1)):
        with monkeypatch.context() as context:
            context.setattr(f"cchc.books.{name}", most)
            assert [item.code for item in opened(path)[1]] == ["workbook-too-big"]


@pytest.mark.parametrize(
    ("area", "is_too_big"), [("A6:XFD1048576", True), ("A6:J30", False), ("A6:AMJ492", False), ("A6:AMJ494", True)]
)
def test_merged_ranges_count_where_a_book_is_built_as_a_whole(tmp_path: Path, area: str, is_too_big: bool) -> None:
    """openpyxl makes a cell of each: 1024 columns and 489 rows are 500,736."""
    book = openpyxl.load_workbook(BytesIO(workbook(ROW)))
    merge = f'<mergeCells count="1"><mergeCell ref="{area}"/></mergeCells>'.encode()
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(BytesIO(save(book))) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"</sheetData>", b"</sheetData>" + merge))
    if is_too_big:
        with pytest.raises(TooBigError):
            check_whole(path)
    else:
        check_whole(path)
    assert opened(path)[1] == [], "reading makes none"
