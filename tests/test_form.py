"""The form to fill in: what it lets people type, and that it reads back to exactly what was typed."""

from __future__ import annotations

import random
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner

from cchc.cli import app
from cchc.form import write_form
from cchc.problems import InputError
from cchc.reading import read_dataset
from cchc.sheets import number_text
from tests.conftest import MakeScheme
from tests.inputs import FILES, SCHEME, save

FILE = "scores/2025.xlsx"


def scheme(make_scheme: MakeScheme, **changes: str) -> Path:
    files = {name: text for name, text in FILES.items() if not name.startswith(("scores", "published"))}
    return make_scheme({**files, **changes})


def test_a_blank_form_holds_no_score(make_scheme: MakeScheme) -> None:
    folder = scheme(make_scheme)
    assert write_form(folder, 2025) == folder.absolute() / FILE or (folder / FILE).exists()
    data = read_dataset(folder)
    assert len(data.cells) == len(data.scores) == 0
    assert [item for item in data.problems if item.code != "incomplete"] == []


@pytest.mark.parametrize("seed", range(5))
def test_a_filled_form_reads_back_to_what_was_typed(make_scheme: MakeScheme, seed: int) -> None:
    folder, chance = scheme(make_scheme), random.Random(seed)
    write_form(folder, 2025)
    book = openpyxl.load_workbook(folder / FILE)
    typed = {}
    for sheet in book.worksheets[1:]:
        for row in range(5, sheet.max_row + 1):
            for column in range(3, sheet.max_column + 1):
                most = sheet.cell(4, column).value
                is_entered = chance.random() < 0.7 and not sheet.cell(row, column).protection.locked
                value = chance.choice([0.1 + 0.2, "KAD", 0, round(chance.uniform(0, most / 2), 3)])
                field = sheet.cell(3, column).value
                may_be_kad = field not in ("điểm cộng", "tự chấm") and sheet.cell(1, column).value != "1.2"
                if is_entered and (value != "KAD" or may_be_kad):
                    sheet.cell(row, column, value)
                    text = value if isinstance(value, str) else number_text(value)
                    typed[sheet.title, sheet.cell(row, column).coordinate] = text
    assert "0.3" in typed.values()
    book.save(folder / FILE)
    data = read_dataset(folder)
    assert {item.code for item in data.problems} <= {"incomplete"}
    assert {(row.sheet, row.cell): row.text for row in data.cells.itertuples()} == typed


def test_every_cell_typed_is_the_cell_read(make_scheme: MakeScheme) -> None:
    folder = scheme(make_scheme)
    write_form(folder, 2025)
    book = openpyxl.load_workbook(folder / FILE)
    sheet = book["Sở"]
    heads = [tuple(sheet.cell(row, column).value for row in (1, 3, 4)) for column in range(3, sheet.max_column + 1)]
    assert heads == [
        ("1.1", "tự chấm", 4), ("1.1", "thẩm định", 4), ("1.2", "tự chấm", 6), ("1.2", "thẩm định", 6),
        ("1.2", "điều tra", 6), ("2", "tự chấm", 5.5), ("2", "điều tra", 5.5), ("", "điểm cộng", 3),
    ]  # fmt: skip
    assert [sheet.cell(row, 1).value for row in range(5, sheet.max_row + 1)] == ["noi-vu", "tu-phap", "y-te-2025"]
    for place, value in zip("CDEFGHIJ", (4, 3.5, 0, 0.1 + 0.2, 1, "KAD", "KAD", 1.5), strict=True):
        sheet[f"{place}5"] = value
    book.save(folder / FILE)
    data = read_dataset(folder)
    assert [(row.unit_id, row.cell, row.text) for row in data.cells.itertuples()] == [
        ("noi-vu", "C5", "4"), ("noi-vu", "D5", "3.5"), ("noi-vu", "E5", "0"), ("noi-vu", "F5", "0.3"),
        ("noi-vu", "G5", "1"), ("noi-vu", "H5", "KAD"), ("noi-vu", "I5", "KAD"), ("noi-vu", "J5", "1.5"),
    ]  # fmt: skip
    assert [item.code for item in data.problems if item.is_error] == []


def test_only_points_can_be_typed(make_scheme: MakeScheme) -> None:
    folder = scheme(make_scheme)
    write_form(folder, 2025)
    book = openpyxl.load_workbook(folder / FILE)
    sheet = book["Sở"]
    assert sheet.protection.sheet
    assert not sheet.protection.password
    assert sheet.freeze_panes == "C5"
    assert [sheet.cell(row, 2).value for row in range(1, 5)] == [
        "Tên đơn vị", "Nội dung tiêu chí", "Loại điểm", "Điểm tối đa",
    ]  # fmt: skip
    assert sheet.print_title_rows == "$1:$4"
    unlocked = {cell.coordinate for row in sheet.iter_rows() for cell in row if not cell.protection.locked}
    assert unlocked == {f"{column}{row}" for column in "CDEFGHIJ" for row in (5, 6, 7)}
    rules = {str(rule.sqref): rule for rule in sheet.data_validations.dataValidation}
    assert rules["D5:D7"].formula1 == 'IF(ISNUMBER(D5),AND(D5>=0,D5<=D$4),D5="KAD")'
    assert rules["J5:J7"].formula1 == "IF(ISNUMBER(J5),AND(J5>=0,J5<=J$4),FALSE)"
    assert rules["I5:I7"].error == "Ghi số từ 0 đến 5,5, hoặc KAD (không áp dụng). Để trống nếu chưa nhập."
    guide = " ".join(str(cell.value) for row in book["Hướng dẫn"].iter_rows() for cell in row if cell.value)
    assert "năm 2025" in guide
    assert "Sở: bộ tiêu chí năm 2023, 3 tiêu chí, tổng điểm tối đa 15,5" in guide


def test_a_name_that_looks_like_a_formula_is_text(make_scheme: MakeScheme) -> None:
    units = FILES["units.csv"].replace("Sở Tư pháp", '"=HYPERLINK(""http://x"")"')
    folder = scheme(make_scheme, **{"units.csv": units})
    write_form(folder, 2025)
    sheet = openpyxl.load_workbook(folder / FILE)["Sở"]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}


def test_a_form_that_is_there_is_kept(make_scheme: MakeScheme) -> None:
    folder = scheme(make_scheme, **{FILE: "đã nhập"})
    with pytest.raises(FileExistsError):
        write_form(folder, 2025)
    result = CliRunner().invoke(app, ["template", "thu", "--year", "2025", "--raw", str(folder.parent)])
    assert result.exit_code == 2
    assert "được giữ nguyên" in result.output
    assert (folder / FILE).read_text() == "đã nhập"
    assert [path.name for path in (folder / "scores").iterdir()] == ["2025.xlsx"]


def test_a_year_without_rubric_has_no_form(make_scheme: MakeScheme) -> None:
    folder = scheme(make_scheme)
    with pytest.raises(InputError, match=r"rubric\.csv"):
        write_form(folder, 2022)
    assert not (folder / "scores").exists()


def test_the_command_says_what_comes_next(make_scheme: MakeScheme) -> None:
    folder = scheme(make_scheme, **{"scheme.toml": SCHEME})
    result = CliRunner().invoke(app, ["template", "thu", "--year", "2025", "--raw", str(folder.parent)])
    assert result.exit_code == 0, result.output
    assert "cchc check thu" in result.output
    assert save(openpyxl.load_workbook(BytesIO((folder / FILE).read_bytes())))


def test_a_long_name_of_a_criterion_is_read_whole(make_scheme: MakeScheme) -> None:
    name = "Ban hành kế hoạch cải cách hành chính và thực hiện đúng thời hạn"
    folder = scheme(make_scheme, **{"rubric.csv": FILES["rubric.csv"].replace("Kế hoạch", name)})
    write_form(folder, 2025)
    sheet = openpyxl.load_workbook(folder / FILE)["Sở"]
    assert sheet.cell(2, 3).value == name
    assert sheet.row_dimensions[2].height >= 15 * len(name) / sheet.column_dimensions["C"].width
