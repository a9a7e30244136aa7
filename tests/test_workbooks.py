"""What people do to a wide form, and files that would cost more than they hold."""

from __future__ import annotations

import datetime as dt
import time
import tracemalloc
import zipfile
from io import BytesIO
from typing import Any

import openpyxl
import pytest
import xlsxwriter

from cchc.dataset import Dataset
from cchc.reading import read_dataset
from tests.conftest import MakeScheme
from tests.inputs import FILES, HEADS, RUBRIC, save, workbook

ROW = ("noi-vu", "Sở Nội vụ", 4, 3.5, 2, 3.25, 5, 1.5, None)
POINTS = {"1.1": 350, "1.2": 525, "2": 500}
TEN = "2023,,1.10,Mười,4,appraised,\n"


def read(make_scheme: MakeScheme, content: bytes, file: str = "scores/2024.xlsx", **changes: str) -> Dataset:
    files = {name: text for name, text in FILES.items() if name not in ("scores/2024.csv", "published/2024.csv")}
    return read_dataset(make_scheme({**files, **changes, file: content}))


def found(data: Dataset) -> list[tuple[str, str, str]]:
    return [(item.code, item.cell, item.value) for item in data.problems if item.code != "incomplete"]


def points(data: Dataset) -> dict[str, Any]:
    rows = data.scores[data.scores["unit_id"] == "noi-vu"]
    return {row.code: row.points_units for row in rows.itertuples()}


def changed(*changes: Any, content: bytes | None = None) -> bytes:
    book = openpyxl.load_workbook(BytesIO(content or workbook(ROW)))
    for change in changes:
        change(book.worksheets[0])
    return save(book)


def insert_titles(sheet: Any) -> None:
    sheet.insert_rows(1, 3)
    sheet["A1"], sheet["A2"] = "BẢNG ĐIỂM CẢI CÁCH HÀNH CHÍNH", "Năm 2024"


def number_the_rows(sheet: Any) -> None:
    sheet.insert_cols(1)
    sheet["A1"], sheet["A5"] = "STT", 1


def merge_heads(sheet: Any) -> None:
    for place in ("C1:D1", "E1:F1", "C2:D2", "E2:F2", "C4:D4", "E4:F4", "A1:A4"):
        sheet.merge_cells(place)


def move_name_first(sheet: Any) -> None:
    sheet.move_range("A1:A5", cols=12)


def hide(sheet: Any) -> None:
    sheet.row_dimensions[5].hidden = True
    sheet.column_dimensions["D"].hidden = True
    sheet.sheet_state = "hidden"
    sheet.parent.create_sheet("Trống")


def set_cells(**cells: Any) -> Any:
    def change(sheet: Any) -> None:
        for place, value in cells.items():
            sheet[place] = value

    return change


@pytest.mark.parametrize(
    ("change", "problems"),
    [
        (insert_titles, []),
        (number_the_rows, []),
        (merge_heads, []),
        (move_name_first, []),
        (hide, [("hidden-sheet", "", "Sở"), ("hidden-row", "dòng 5", "5"), ("hidden-column", "cột D", "D")]),
        (set_cells(A6="Trung bình", C6="#DIV/0!", D6=99), [("row-not-read", "A6", "Trung bình #DIV/0!")]),
        (set_cells(B6="Tổng cộng", D6=99), [("row-not-read", "B6", "Tổng cộng")]),
        (set_cells(A6="Highest", D6=99), [("row-not-read", "A6", "Highest")]),
        (set_cells(B6="Điểm cao nhất", D6=99), [("row-not-read", "B6", "Điểm cao nhất")]),
        (set_cells(A6="I", B6="Khối tổng hợp"), [("row-not-read", "A6", "I Khối tổng hợp")]),
        (set_cells(A8="Ghi chú: KAD là không áp dụng"), [("row-not-read", "A8", "Ghi chú: KAD là không áp dụng")]),
        (set_cells(F9="NGƯỜI LẬP BIỂU"), [("row-not-read", "F9", "NGƯỜI LẬP BIỂU")]),
        (set_cells(J1="Tổng điểm", J5=9), [("column-not-read", "J1", "Tổng điểm")]),
        (set_cells(D1=1.1), [("code-read-as", "D1", "1.1")]),
        (set_cells(D5="3,50", F5=" 3.25 "), []),
    ],
)
def test_what_people_do_to_a_form_is_read_and_said(
    make_scheme: MakeScheme, change: Any, problems: list[tuple[str, str, str]]
) -> None:
    data = read(make_scheme, changed(change))
    assert (found(data), points(data)) == (problems, POINTS)
    assert [item for item in data.problems if item.is_error] == []


def test_a_percent_format_is_read_only_where_nothing_else_can_be_meant(make_scheme: MakeScheme) -> None:
    content = changed(lambda sheet: setattr(sheet["D5"], "number_format", "0%"))
    data = read(make_scheme, content)
    assert (found(data), points(data)) == ([("percent-read", "D5", "350%")], POINTS)


@pytest.mark.parametrize(
    ("value", "name", "rubric", "problem", "code"),
    [
        (1.1, "Mười", TEN, ("code-read-as", "D1", "1.1"), "1.10"),  # the name says which
        (1.1, "Kế hoạch", TEN, ("code-read-as", "D1", "1.1"), "1.1"),
        (1.1, None, TEN, ("code-not-text", "D1", "1.1"), None),
        (1.1, "Tên khác", "", ("code-not-text", "D1", "1.1"), None),
        (dt.datetime(2024, 1, 1), "Kế hoạch", "", ("code-read-as", "D1", "2024-01-01 00:00:00"), "1.1"),  # noqa: DTZ001
        (dt.datetime(2024, 2, 1), "Kế hoạch", "", ("code-not-text", "D1", "2024-02-01 00:00:00"), None),  # noqa: DTZ001
    ],
)
def test_a_code_that_became_a_number_or_a_date(
    make_scheme: MakeScheme, value: Any, name: str | None, rubric: str, problem: tuple[str, ...], code: str | None
) -> None:
    rows = RUBRIC.replace("Chỉ đạo điều hành,10", "Chỉ đạo điều hành,14") if rubric else RUBRIC
    content = changed(set_cells(C1="x", D1=value), content=workbook(("noi-vu", "", 4, 3.5)))
    book = openpyxl.load_workbook(BytesIO(content))
    sheet = book.worksheets[0]
    sheet.delete_cols(5, 9)
    sheet["C1"], sheet["C5"], sheet["D2"] = "1.1", None, name
    data = read(make_scheme, save(book), **{"rubric.csv": rows + rubric})
    assert [item for item in found(data) if item[0] != "head-maximum"] == [problem]
    if code:
        assert points(data) == {code: 35}


# ---------------------------------------------------------------------------------------------------------- hostile


def rewrite(part: str, old: bytes, new: bytes) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(workbook(ROW))) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            assert name != part or old in content
            target.writestr(name, content.replace(old, new) if name == part else content)
    return out.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def ods(repeated: int) -> bytes:
    out = BytesIO()
    cell = '<table:table-cell office:value-type="float" office:value="1"/>'
    uris = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table"))
    body = f'<table:table-row table:number-rows-repeated="{repeated}">{cell}</table:table-row>'
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr(
            "content.xml",
            f"<office:document-content {uris}><office:body><office:spreadsheet><table:table table:name='Sở'>{body}"
            "</table:table></office:spreadsheet></office:body></office:document-content>",
        )
    return out.getvalue()


def mixed_texts() -> bytes:
    """Return a workbook whose second text stands in the first one, so that it is the first to end."""
    out, mixed = BytesIO(), BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet("Sở")
        for at, row in enumerate((*HEADS, ROW)):
            sheet.write_row(at, 0, row)
    with zipfile.ZipFile(out) as source, zipfile.ZipFile(mixed, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "xl/sharedStrings.xml":
                first, second, rest = content.split(b"</si>", 2)
                content = first + second + b"</si></si>" + rest
            target.writestr(name, content)
    return mixed.getvalue()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file-empty"),
        (b"PK\x03\x04 rubbish", "workbook-unreadable"),
        (workbook(ROW)[:-200], "workbook-unreadable"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "workbook-unreadable"),
        (OLE + b"\0" * 2000, "workbook-password"),
        (rewrite(SHEET, b"<sheetData>", b"<sheetData>" + b" " * 70_000_000), "workbook-too-big"),
        (rewrite(SHEET, b"</sheetData>", b"<row/>" * 4_100_000 + b"</sheetData>"), "workbook-too-big"),
        (rewrite(SHEET, b'<row r="5"', b'<row r="99999999999"'), "workbook-unreadable"),
        (rewrite(SHEET, b'<row r="5"', b'<row r="2"'), "workbook-unreadable"),
        (rewrite(SHEET, b"<v>3.5</v>", b"<v>3.5</v><v>4</v>"), "workbook-unreadable"),
        (rewrite(SHEET, b"<v>3.5</v>", b"<v>3_5</v>"), "workbook-unreadable"),
        (rewrite(SHEET, b"<v>3.5</v>", b"<f><v>3.5</v></f>"), "workbook-unreadable"),
        (mixed_texts(), "workbook-unreadable"),
        (rewrite("xl/_rels/workbook.xml.rels", b"/sheet1.xml", b"/sheet9.xml"), "workbook-unreadable"),
        (rewrite("xl/workbook.xml", b'r:id="rId1"', b""), "workbook-unreadable"),
        (rewrite("xl/workbook.xml", b"sheets>", b"lost>"), "workbook-unreadable"),
        (rewrite(SHEET, b"spreadsheetml/2006/main", b"spreadsheetml/2007/main"), "workbook-unreadable"),
        (ods(1_000_000), "workbook-too-big"),
    ],
    ids=[
        "empty", "rubbish", "truncated", "html", "password", "bomb", "million-rows", "last-row", "order",
        "two-values", "underscore", "value-in-formula", "text-in-text",
        "sheet-absent", "sheet-unlinked", "sheet-unlisted", "language", "ods-bomb",
    ],
)  # fmt: skip
def test_a_hostile_file_is_one_problem_soon(make_scheme: MakeScheme, content: bytes, code: str) -> None:
    tracemalloc.start()
    start = time.monotonic()
    try:
        data = read(make_scheme, content)
        assert tracemalloc.get_traced_memory()[1] < 200_000_000
    finally:
        tracemalloc.stop()
    assert [item.code for item in data.problems] == [code]
    assert time.monotonic() - start < 20


def test_a_stray_cell_and_a_merge_over_the_sheet_cost_nothing(make_scheme: MakeScheme) -> None:
    stray = b'<row r="1048576"><c r="XFD1048576"><v>7</v></c></row></sheetData>'
    merge = b'<mergeCells count="1"><mergeCell ref="A6:XFD1048576"/></mergeCells>'
    start = time.monotonic()
    data = read(make_scheme, rewrite(SHEET, b"</sheetData>", stray + merge))
    assert {(item.code, item.cell) for item in data.problems if item.is_error} == {("head-without-field", "XFD1")}
    assert time.monotonic() - start < 20
