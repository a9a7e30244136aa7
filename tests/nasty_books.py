"""Nasty workbooks and encodings, each made by a few lines: what is nasty about it stands in the code.

Each function gives the files of one case; `BOOKS` has them by the name that expected.toml uses.
"""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Callable
from io import BytesIO
from typing import Any

import openpyxl

from tests.nasty_cases import BASE
from tests.test_encodings import cp1258

Files = dict[str, bytes]
BOOKS: dict[str, Callable[[], Files]] = {}
FILE = "scores/2024/noi-vu.xlsx"
HEAD = (
    ("Mã đơn vị", "Tên đơn vị", "1.1", "1.1", "1.2", "1.2", "1.2", "2", "3.1", "3.1", "3.10", "3.10", ""),
    (None, None, *("Kế hoạch",) * 2, *("Kiểm tra",) * 3, "Thể chế", *("Công khai",) * 2, *("Rà soát",) * 2, None),
    (None, None, "tự chấm", "thẩm định", "tự chấm", "thẩm định", "điều tra", "điều tra", "tự chấm", "thẩm định",
     "tự chấm", "thẩm định", "điểm cộng"),
    (None, None, 4, 4, 6, 6, 6, 5.5, 4, 4, 2, 2, 3),
)  # fmt: skip
ROW = ("noi-vu", "Sở Nội vụ", 3.75, 3.5, 2.5, 2, 3.25, 5, 3, 2.75, 1.6, 1.5, 1.5)
EXPORTED = (
    ("Tiêu chí", "Nội dung", "Điểm tối đa", "Tự chấm", "Thẩm định", "Bị trừ", "Thẩm định sau khi trừ"),
    ("I", "Chỉ đạo điều hành", 10, 6.25, 5.5, None, 5.5),
    ("1.1", "Kế hoạch", 4, 3.75, 3.75, 0.25, 3.5),
    ("1.2", "Kiểm tra", 6, 2.5, 2, None, 2),
    ("III", "Thủ tục hành chính", 6, 4.6, 4.25, None, 4.25),
    ("3.1", "Công khai", 4, 3, 2.75, None, 2.75),
    ("3.10", "Rà soát", 2, 1.6, 1.5, None, 1.5),
)
REST = b"unit,code,survey,bonus\nnoi-vu,1.2,3.25,\nnoi-vu,2,5,\nnoi-vu,,,1.5\n"
"""What the exported form does not hold."""


def case(make: Callable[[], Any]) -> Callable[[], Any]:
    """Enter a case: its function gives the files, or the bytes of scores/2024/noi-vu.xlsx."""

    def files() -> Files:
        made = make()
        return made if isinstance(made, dict) else {FILE: made}

    BOOKS[make.__name__.replace("_", "-")] = files
    return make


def saved(book: openpyxl.Workbook) -> bytes:
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def wide(change: Callable[[Any], None] | None = None, **cells: Any) -> bytes:
    """Return the wide form of Sở Nội vụ with `cells` set, and then changed."""
    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.title = "Sở"
    for row in (*HEAD, ROW):
        sheet.append(row)
    for place, value in cells.items():
        sheet[place] = value
    if change:
        change(sheet)
    return saved(book)


def exported(*changes: tuple[int, tuple[Any, ...]], title: str = "Sở Nội vụ") -> Files:
    """Return the exported form of Sở Nội vụ, some rows of it replaced or added."""
    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.title = title
    rows = dict(enumerate(EXPORTED, 1)) | dict(changes)
    for row, cells in rows.items():
        for column, value in enumerate(cells, 1):
            sheet.cell(row, column, value)
    return {FILE: saved(book), "scores/2024/them.csv": REST}


def repacked(content: bytes, change: Callable[[str, bytes], bytes], **more: bytes) -> bytes:
    """Return a zip whose parts went through `change`, with `more` parts (slashes written as __)."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
        for name, part in more.items():
            new.writestr(name.replace("__", "/"), part)
    return out.getvalue()


def in_sheet(old: str, new: str, content: bytes | None = None) -> bytes:
    """Return the wide form with a piece of its sheet's XML replaced."""

    def change(name: str, part: bytes) -> bytes:
        if name != "xl/worksheets/sheet1.xml":
            return part
        part = part.replace(b"<v></v>", b"<v />")  # openpyxl writes an empty value so where lxml is installed
        assert old.encode() in part
        return part.replace(old.encode(), new.encode())

    return repacked(content or wide(), change)


# -------------------------------------------------------------------------------------- what people do to a form


@case
def plain_wide() -> bytes:
    return wide()


@case
def text_numbers() -> bytes:
    return wide(C5="3,75", D5=" 3.50 ", G5="3,25", H5=5.0, M5="1,5")


@case
def binary_fractions() -> bytes:
    return wide(D5=0.1 + 0.2, F5=1.1 * 2)


@case
def titles_and_moved_columns() -> bytes:
    def change(sheet: Any) -> None:
        sheet.insert_rows(1, 2)
        sheet["A1"] = "BẢNG ĐIỂM CẢI CÁCH HÀNH CHÍNH NĂM 2024"
        sheet.insert_cols(1)
        sheet["A3"], sheet["A7"] = "STT", 1
        for place in ("D3:E3", "F3:H3", "D4:E4", "F4:H4"):
            sheet.merge_cells(place)
        sheet.move_range("I3:I7", cols=20)

    return wide(change)


@case
def hidden_parts() -> bytes:
    def change(sheet: Any) -> None:
        sheet.column_dimensions["D"].hidden = True
        sheet.row_dimensions[5].hidden = True
        sheet.sheet_state = "hidden"
        sheet.parent.create_sheet("Trống")

    return wide(change)


@case
def summaries_headings_footnotes() -> bytes:
    def change(sheet: Any) -> None:
        sheet.insert_rows(5)
        sheet["A5"], sheet["B5"] = "I", "Khối tổng hợp"
        for row, (label, value) in enumerate({"Trung bình": 3.5, "Cao nhất": 3.5, "Tổng cộng": 3.5}.items(), 7):
            sheet.cell(row, 2, label)
            sheet.cell(row, 4, value)
        sheet["A11"] = "(*) KAD: không áp dụng"
        sheet["N1"], sheet["N6"] = "Tổng điểm", 18

    return wide(change)


@case
def percent_format() -> bytes:
    """80 % of 4 points is 0.8, 80 or 3.2 points."""
    return wide(lambda sheet: setattr(sheet["D5"], "number_format", "0%"), D5=0.8)


@case
def percent_format_that_can_mean_one_thing() -> bytes:
    return wide(lambda sheet: setattr(sheet["D5"], "number_format", "0.0%"))


@case
def error_cells() -> bytes:
    return wide(D5="#DIV/0!", H5="#N/A", M5="#REF!")


@case
def formula_without_value() -> bytes:
    """As programs write them that do not calculate."""
    return wide(D5="=1.75*2")


@case
def formula_with_value() -> bytes:
    return in_sheet("</f><v />", "</f><v>3.5</v>", wide(D5="=1.75*2"))


@case
def dynamic_data_exchange() -> bytes:
    """A formula that starts a program: never calculated, its stored value is what the cell holds."""
    return in_sheet("</f><v />", "</f><v>3.5</v>", wide(D5="=cmd|'/c calc'!A0"))


@case
def code_that_became_a_number() -> bytes:
    """Both columns 3.1 and 3.10 hold the number 3.1; their names say which is which."""
    return wide(I1=3.1, J1=3.1, K1=3.1, L1=3.1)


@case
def code_that_became_a_number_without_name() -> bytes:
    return wide(K1=3.1, L1=3.1, K2=None, L2=None)


@case
def code_that_became_a_date() -> bytes:
    return wide(C1=dt.date(2024, 1, 1), D1=dt.date(2024, 1, 1), E1=dt.date(2024, 2, 1))


@case
def points_that_became_dates() -> bytes:
    """3.5 typed where the point is no decimal sign is the third of May."""
    return wide(D5=dt.date(2024, 5, 3), H5=dt.time(5, 0), F5=True)


@case
def other_maximum_in_the_head() -> bytes:
    return wide(C4=5, D4=5)


@case
def name_of_another_unit() -> bytes:
    return wide(B5="Sở Tư pháp")


@case
def unit_of_another_group() -> bytes:
    def change(sheet: Any) -> None:
        sheet.title = "Xã"

    return wide(change)


@case
def unknown_sheet() -> bytes:
    def change(sheet: Any) -> None:
        sheet.title = "Sheet1"

    return wide(change)


@case
def two_sheets_of_a_group() -> bytes:
    def change(sheet: Any) -> None:
        sheet.parent.copy_worksheet(sheet).title = "SỞ."

    return wide(change)


@case
def wrong_heads() -> bytes:
    return wide(C1="1.3", F3="chấm lại", G3=None, H1=None)


# ---------------------------------------------------------------------------------------------- the exported form


@case
def exported_form() -> Files:
    return exported((8, ("Tổng cộng", None, 16, 10.85, 9.75, None, 9.75)), (10, ("Ghi chú: đã thẩm định",)))


@case
def result_that_disagrees() -> Files:
    return exported((3, ("1.1", "Kế hoạch", 4, 3.75, 3.75, 0.25, 3.75)))


@case
def result_that_is_missing() -> Files:
    return exported((3, ("1.1", "Kế hoạch", 4, 3.75, 3.75, 0.25, None)))


@case
def sheet_of_another_unit() -> Files:
    return exported((9, ("Đơn vị: Sở Tư pháp",))) | exported(title="Sở Tư pháp")


# -------------------------------------------------------------------------------------------------- text of Windows


def encoded(encoding: str, text: str | None = None) -> Files:
    text = text or (BASE / "scores/2024/noi-vu.csv").read_text("utf-8").replace("noi-vu,", "Sở Nội vụ,")
    return {"scores/2024/noi-vu.csv": cp1258(text) if encoding == "cp1258" else text.encode(encoding)}


@case
def windows_1258() -> Files:
    return encoded("cp1258")


@case
def windows_1252() -> Files:
    """Windows-1252 has no ở: what Excel writes there is a question mark."""
    text = (BASE / "scores/2024/noi-vu.csv").read_text("utf-8").replace("noi-vu,", "S? N?i v?,")
    return encoded("cp1252", text.replace("note\n", "note\n").replace(",1.5,,,\n", ",1.5,,,Đã\n".replace("Đ", "Ð")))


@case
def tcvn3() -> Files:
    """An old Vietnamese font: every letter is another one."""
    return encoded("cp1252", "unit,code,appraised\nSë Néi vô,1.1,3.5\n")


@case
def utf_16() -> Files:
    return encoded("utf-16")


@case
def utf_16_without_mark() -> Files:
    return encoded("utf-16-le")


@case
def byte_order_mark() -> Files:
    return encoded("utf-8-sig")


@case
def null_byte() -> Files:
    return encoded("utf-8", "unit,code,appraised\nnoi-vu,1.1,3.5\0\n")


# ------------------------------------------------------------------------------------------- what stands beside it


@case
def lock_files() -> Files:
    return {"scores/2024/~$noi-vu.xlsx": b"\x05admin", "scores/2024/._noi-vu.xlsx": b"\0\5\x16\7"}


@case
def other_formats() -> Files:
    """A workbook with macros, a binary one, tab-separated text, a document."""
    book = wide()
    return {f"scores/2024/ban-sao.{ending}": book for ending in ("xlsm", "xlsb", "tsv", "docx")}


@case
def macros_in_an_xlsx() -> bytes:
    return repacked(wide(), lambda name, part: part, xl__vbaProject=b"\xcc\x61" * 100)


@case
def two_kinds_of_one_file() -> Files:
    """Kept as .xlsx beside the CSV that it was made from."""
    return {"scores/2024/noi-vu.ban-sao.xlsx": wide()}
