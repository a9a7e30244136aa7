"""The workbook beside a page, read back with openpyxl."""

import datetime as dt
import io

import openpyxl
import pytest

from cchc import sentences, workbook
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


def opened(path):
    """Return the workbook, read from memory: openpyxl leaves the file open."""
    return openpyxl.load_workbook(io.BytesIO(path.read_bytes()))


@pytest.fixture
def saved(tmp_path):
    workbook.save(str(tmp_path), "annual-2024", DATA, [TABLE, None], sentences.title(DATA, year=2024), year=2024)
    return tmp_path / "annual-2024.xlsx"


def test_the_cover_has_title_marks_and_links(saved):
    cover = opened(saved).worksheets[0]
    texts = [cell.value for cell in cover["A"] if cell.value]
    assert "Chỉ số thử: xếp hạng năm 2024" in texts
    assert "DỮ LIỆU MINH HỌA: không phải số thật" in texts
    assert any("BẢN DỰ THẢO" in text for text in texts)
    (link,) = [cell for cell in cover["A"] if cell.hyperlink]
    assert link.value == TABLE.caption
    assert link.hyperlink.location == "'Xếp hạng Sở Ngành  2024   tất c'!A1"


def test_a_sheet_holds_one_real_table_with_numbers_as_numbers(saved):
    sheet = opened(saved).worksheets[1]
    assert [table.ref for table in sheet.tables.values()] == ["A3:G5"]
    rows = list(sheet.iter_rows(min_row=3, max_row=5, values_only=True))
    assert rows == [
        ("Hạng", "Hạng: trong số", "Đơn vị", "Chỉ số", "Chỉ số: ghi chú", "Thay đổi", "Thay đổi (2)"),
        (1, 2, '=HYPERLINK("http://x")', 86.13, "*", 2, "http://x"),
        (None, None, "Sở B", None, None, -1, "007"),
    ]
    assert sheet["D4"].number_format == "0.00"
    assert sheet["F4"].number_format == '"▲ tăng "0" bậc";"▼ giảm "0" bậc";"= giữ nguyên"'
    assert sheet["A7"].value == "= ghi chú"
    assert "MINH HỌA" in sheet.oddFooter.left.text


def test_text_is_never_a_formula_or_a_link(saved):
    sheet = opened(saved).worksheets[1]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}
    assert not [cell for row in sheet.iter_rows() for cell in row if cell.hyperlink]


def test_the_same_input_gives_the_same_bytes_and_the_date_is_the_decisions(saved, tmp_path):
    first = saved.read_bytes()
    workbook.save(str(tmp_path), "annual-2024", DATA, [TABLE], sentences.title(DATA, year=2024), year=2024)
    assert saved.read_bytes() == first
    assert opened(saved).properties.created == dt.datetime(2025, 1, 20)  # noqa: DTZ001 (Excel's dates have no zone)


def test_nothing_is_written_without_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    workbook.save("", "annual-2024", DATA, [TABLE], sentences.title(DATA, year=2024), year=2024)
    assert list(tmp_path.iterdir()) == []


def test_a_subfolder_is_made_and_a_mistyped_folder_is_not(tmp_path):
    head = sentences.title(DATA, year=2024)
    workbook.save(str(tmp_path), "units/so-noi-vu-2024", DATA, [TABLE], head, year=2024)
    assert [path.name for path in (tmp_path / "units").iterdir()] == ["so-noi-vu-2024.xlsx"]
    with pytest.raises(FileNotFoundError):
        workbook.save(str(tmp_path / "absent"), "units/so-noi-vu-2024", DATA, [TABLE], head, year=2024)
    assert not (tmp_path / "absent").exists()


def test_a_failure_leaves_the_old_workbook_and_nothing_else(saved, tmp_path):
    before = saved.read_bytes()
    broken = Table("x", (Column("a", "decimal"),), ((object(),),), id="x")
    with pytest.raises(TypeError):
        workbook.save(str(tmp_path), "annual-2024", DATA, [broken], sentences.title(DATA, year=2024), year=2024)
    assert saved.read_bytes() == before
    assert list(tmp_path.iterdir()) == [saved]


def test_sheet_names_are_valid_and_unique_whatever_their_case():
    names = sheet_names(["a" * 40, "A" * 40, "x[y]:*?/\\z", "'quoted'", "///"])
    assert names == ["a" * 31, "A" * 27 + " (2)", "x y      z", "quoted", "-"]
