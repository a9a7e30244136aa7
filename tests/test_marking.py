"""Marked copies of input workbooks: fills and comments where the problems are, and nothing in them that is alive."""

from __future__ import annotations

import time
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.worksheet.datavalidation import DataValidation

from cchc.problems import Problem
from cchc.reports.marking import FILLS, mark_workbook
from tests.inputs import save, workbook

FILE = "scores/2024.xlsx"
ROW = ("noi-vu", "Sở Nội vụ", 4, 9, 2, 3.25, 5, 1.5, None)
PROBLEMS = [
    Problem("above-maximum", FILE, "Sở", "D5", "9", (2024,), {"maximum": "4"}),
    Problem("percent-cell", FILE, "Sở", "D5", "9", (2024,)),
    Problem("head-maximum", FILE, "Sở", "E4", "6", (2024,), {"code": "1.2"}),
    Problem("published-nothing", FILE),
]


def marked(tmp_path: Path, content: bytes, problems: list[Problem] = PROBLEMS) -> Any:
    source, target = tmp_path / "in.xlsx", tmp_path / "out.xlsx"
    source.write_bytes(content)
    assert mark_workbook(source, target, problems, "vi")
    assert source.read_bytes() == content, "the input is only read"
    return openpyxl.load_workbook(BytesIO(target.read_bytes()))


def colour(cell: Any) -> str:
    return str(cell.fill.start_color.rgb)


def test_cells_are_filled_and_commented(tmp_path: Path) -> None:
    sheet = marked(tmp_path, workbook(ROW))["Sở"]
    error, warning = (FILLS[name].start_color.rgb for name in ("error", "warning"))
    assert {cell.coordinate: colour(cell) for row in sheet for cell in row if cell.comment} == {
        "D5": error, "E4": warning,
    }  # fmt: skip
    assert "Điểm 9 vượt điểm tối đa 4." in sheet["D5"].comment.text
    assert "[percent-cell]" in sheet["D5"].comment.text
    assert sheet["E4"].comment.text.startswith("Cảnh báo [head-maximum]")
    assert [cell.value for cell in sheet[5]][:4] == ["noi-vu", "Sở Nội vụ", 4, 9]


def test_the_first_sheet_lists_every_problem(tmp_path: Path) -> None:
    book = marked(tmp_path, workbook(ROW, sheet="Vấn đề"))
    assert book.sheetnames[1] == "Vấn đề"
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    assert rows[0] == ("Mức", "Trang tính", "Ô", "Giá trị", "Vấn đề", "Cách xử lý")
    assert len(rows) == 1 + len(PROBLEMS)
    assert rows[4][:4] == ("LỖI", None, None, None)


def test_sheets_are_found_by_any_spelling_and_comments_are_kept(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(BytesIO(workbook(ROW, sheet=" SỞ")))
    book.worksheets[0]["D5"].comment = Comment("của tôi", "tôi")
    text = marked(tmp_path, save(book))[" SỞ"]["D5"].comment.text
    assert text.startswith("của tôi\n\nLỖI [above-maximum]")


def test_a_merged_cell_is_marked_at_its_first(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(BytesIO(workbook(ROW)))
    book.worksheets[0].merge_cells("C5:D6")
    assert marked(tmp_path, save(book))["Sở"]["C5"].comment is not None


def test_nothing_in_a_copy_is_alive(tmp_path: Path) -> None:
    """No formula, link, validation or name; stored values stay, and problems' values are text."""
    book = openpyxl.load_workbook(BytesIO(workbook(ROW, cells={"A8": "=1+1", "B8": "http://x"})))
    sheet = book.worksheets[0]
    sheet["B8"].hyperlink = "http://x"
    sheet["A9"].value, sheet["A9"].data_type = '=HYPERLINK("http://x","y")', "s"
    check = DataValidation("custom", formula1='=WEBSERVICE("http://x")')
    check.add("C5")
    sheet.add_data_validation(check)
    hostile = [Problem("unknown-unit", FILE, "Sở", "A9", '=HYPERLINK("http://x")\x07', (2024,), {"allowed": "+1"})]
    copy = marked(tmp_path, save(book), hostile)
    cells = [cell for sheet in copy.worksheets for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert [cell for cell in cells if cell.hyperlink] == []
    assert copy["Sở"]["A9"].value == '=HYPERLINK("http://x","y")'
    assert copy.worksheets[0]["D2"].value == '=HYPERLINK("http://x")'
    with zipfile.ZipFile(tmp_path / "out.xlsx") as archive:
        sheets = [archive.read(name) for name in archive.namelist() if name.startswith("xl/worksheets/")]
    assert [xml for xml in sheets if b"<f>" in xml or b"dataValidation " in xml or b"hyperlink" in xml] == []


def test_a_stored_text_of_a_formula_stays_text(tmp_path: Path) -> None:
    """What a formula came to may look like a formula itself."""
    content = BytesIO()
    with zipfile.ZipFile(BytesIO(workbook(ROW, cells={"A8": "=A1"}))) as old, zipfile.ZipFile(content, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                assert b"<f>A1</f>" in part
                part = part.replace(b'<c r="A8">', b'<c r="A8" t="str">').replace(
                    b"<f>A1</f><v />", b"<f>A1</f><v>=1+1</v>"
                )
                part = part.replace(b"<f>A1</f><v></v>", b"<f>A1</f><v>=1+1</v>")
            new.writestr(name, part)
    sheet = marked(tmp_path, content.getvalue())["Sở"]
    assert (sheet["A8"].value, sheet["A8"].data_type) == ("=1+1", "s")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"not a workbook"])
def test_what_cannot_be_read_has_no_copy(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "in.xlsx").write_bytes(content)
    assert not mark_workbook(tmp_path / "in.xlsx", tmp_path / "out.xlsx", PROBLEMS, "vi")
    assert not (tmp_path / "out.xlsx").exists()


def with_xml(old: bytes, new: bytes) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(workbook(ROW))) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            target.writestr(name, source.read(name).replace(old, new))
    return out.getvalue()


def test_a_stray_cell_costs_nothing(tmp_path: Path) -> None:
    stray = b'<row r="1048576"><c r="XFD1048576"><v>7</v></c></row></sheetData>'
    start = time.monotonic()
    book = marked(tmp_path, with_xml(b"</sheetData>", stray))
    assert time.monotonic() - start < 20
    assert book["Sở"]["D5"].comment


def test_a_merge_over_the_sheet_has_no_copy(tmp_path: Path) -> None:
    merge = b'</sheetData><mergeCells count="1"><mergeCell ref="A6:XFD1048576"/></mergeCells>'
    (tmp_path / "in.xlsx").write_bytes(with_xml(b"</sheetData>", merge))
    start = time.monotonic()
    assert not mark_workbook(tmp_path / "in.xlsx", tmp_path / "out.xlsx", PROBLEMS, "vi")
    assert time.monotonic() - start < 20
