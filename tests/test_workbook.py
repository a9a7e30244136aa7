"""The workbook beside a page, read back with openpyxl."""

import datetime as dt
import io

import openpyxl
import pytest

from cchc import sentences, workbook
from cchc.prose import Block, Prose
from cchc.table import Column, Marked, Table
from cchc.workbook import sheet_names
from standins import dataset

TABLE = Table(
    "Xếp hạng năm 2024",
    (
        Column("Hạng", "place"), Column("Đơn vị"), Column("Chỉ số", "decimal", 2), Column("Thay đổi", "change"),
        Column("Thay đổi"),
    ),
    (
        ((1, 2), '=HYPERLINK("http://x")', Marked(86.13, "*"), 2, "http://x"),
        (None, "Sở B", None, -1, "007"),
    ),
    ("= ghi chú",),
    id="ranking-so",
    short="Xếp hạng Sở/Ngành [2024]: tất cả các đơn vị",
)  # fmt: skip
DATA = dataset(illustrative="không phải số thật", years=[{"year": 2024, "decision_date": dt.date(2025, 1, 20)}])

NOTES = (
    Prose((Block("ul", ("Chỉ số là số điểm so với điểm tối đa.", "Làm tròn một lần.")),), "method"),
    Prose((Block("dl", ("KAD", "không áp dụng")),), "glossary"),
    Prose((Block("ul", ("Tham số: year = 2024",)),), "provenance"),
)


def save(folder, tables, name="annual-2024"):
    """Save the workbook of a page of 2024."""
    workbook.save(str(folder), name, DATA, tables, sentences.title(DATA, year=2024), notes=NOTES, year=2024)


def opened(path):
    """Return the workbook, read from memory: openpyxl leaves the file open."""
    return openpyxl.load_workbook(io.BytesIO(path.read_bytes()))


@pytest.fixture
def saved(tmp_path):
    save(tmp_path, [TABLE, None])
    return tmp_path / "annual-2024.xlsx"


def test_the_cover_has_title_marks_and_the_way_to_the_contents(saved):
    cover = opened(saved).worksheets[0]
    texts = [cell.value for cell in cover["A"] if cell.value]
    assert "Chỉ số thử: xếp hạng năm 2024" in texts
    assert "DỮ LIỆU MINH HỌA: không phải số thật" in texts
    assert any("BẢN DỰ THẢO" in text for text in texts)
    (link,) = [cell for cell in cover["A"] if cell.hyperlink]
    assert link.hyperlink.location == "'Mục lục'!A1"


def test_the_contents_are_a_table_of_links_to_each_sheet(saved):
    book = opened(saved)
    contents = book.worksheets[1]
    assert contents.title == "Mục lục"
    assert [table.ref for table in contents.tables.values()] == ["A2:C4"]
    name = "Xếp hạng Sở Ngành  2024   tất c"
    rows = list(contents.iter_rows(min_row=2, values_only=True))
    notes = "Ghi chú về phương pháp, từ ngữ và nguồn gốc số liệu"
    assert rows == [("Trang tính", "Nội dung", "Số dòng"), (name, TABLE.caption, 2), ("Ghi chú", notes, 4)]
    assert [cell.hyperlink.location for cell in contents["A"][2:]] == [f"'{name}'!A1", "'Ghi chú'!A1"]
    assert book.sheetnames == ["Bìa", "Mục lục", name, "Ghi chú"]


def test_the_notes_are_a_table_by_subject(saved):
    rows = list(opened(saved).worksheets[3].iter_rows(min_row=4, values_only=True))
    assert rows[0] == ("Mục", "Nội dung")
    assert rows[1:] == [
        ("Phương pháp", "Chỉ số là số điểm so với điểm tối đa."),
        ("Phương pháp", "Làm tròn một lần."),
        ("Giải thích từ ngữ", "KAD: không áp dụng"),
        ("Nguồn gốc số liệu", "Tham số: year = 2024"),
    ]


def test_a_sheet_holds_one_real_table_with_numbers_as_numbers(saved):
    sheet = opened(saved).worksheets[2]
    assert [table.ref for table in sheet.tables.values()] == ["A4:G6"]
    assert sheet["A2"].value == "Trang tính này có một bảng, bắt đầu từ ô A4; chú thích ở dưới bảng, từ ô A8."
    assert sheet["A3"].hyperlink.location == "'Mục lục'!A1"
    assert not sheet.merged_cells.ranges
    rows = list(sheet.iter_rows(min_row=4, max_row=6, values_only=True))
    assert rows == [
        ("Hạng", "Hạng: trong số", "Đơn vị", "Chỉ số", "Chỉ số: ghi chú", "Thay đổi", "Thay đổi (2)"),
        (1, 2, '=HYPERLINK("http://x")', 86.13, "*", 2, "http://x"),
        (None, None, "Sở B", None, None, -1, "007"),
    ]
    assert sheet["D5"].number_format == "0.00"
    assert sheet["F5"].number_format == '"▲ tăng "0" bậc";"▼ giảm "0" bậc";"= giữ nguyên"'
    assert sheet["A8"].value == "= ghi chú"
    assert "MINH HỌA" in sheet.oddFooter.left.text


def test_text_is_never_a_formula_or_a_link(saved):
    sheet = opened(saved).worksheets[2]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}
    assert not [cell for row in sheet.iter_rows(min_row=4) for cell in row if cell.hyperlink]


def test_the_same_input_gives_the_same_bytes_and_the_date_is_the_decisions(saved, tmp_path):
    first = saved.read_bytes()
    save(tmp_path, [TABLE])
    assert saved.read_bytes() == first
    assert opened(saved).properties.created == dt.datetime(2025, 1, 20)  # noqa: DTZ001 (Excel's dates have no zone)


def test_nothing_is_written_without_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    workbook.save("", "annual-2024", DATA, [TABLE], sentences.title(DATA, year=2024), notes=NOTES, year=2024)
    assert list(tmp_path.iterdir()) == []


def test_a_subfolder_is_made_and_a_mistyped_folder_is_not(tmp_path):
    save(tmp_path, [TABLE], "units/so-noi-vu-2024")
    assert [path.name for path in (tmp_path / "units").iterdir()] == ["so-noi-vu-2024.xlsx"]
    with pytest.raises(FileNotFoundError):
        save(tmp_path / "absent", [TABLE], "units/so-noi-vu-2024")
    assert not (tmp_path / "absent").exists()


def test_a_failure_leaves_the_old_workbook_and_nothing_else(saved, tmp_path):
    before = saved.read_bytes()
    broken = Table("x", (Column("a", "decimal"),), ((object(),),), id="x")
    with pytest.raises(TypeError):
        save(tmp_path, [broken])
    assert saved.read_bytes() == before
    assert list(tmp_path.iterdir()) == [saved]


def test_sheet_names_are_valid_and_unique_whatever_their_case():
    names = sheet_names(["a" * 40, "A" * 40, "x[y]:*?/\\z", "'quoted'", "///"])
    assert names == ["a" * 31, "A" * 27 + " (2)", "x y      z", "quoted", "-"]
