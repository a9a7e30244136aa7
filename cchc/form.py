"""The wide form to fill in: a year's units and rubric as a workbook whose cells take only what they may hold."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

from cchc.dataset import Dataset
from cchc.exact import as_float
from cchc.files import read_table
from cchc.leaves import NAMED_BY
from cchc.names import sort_key
from cchc.problems import InputError, Problem
from cchc.reading import read_dataset
from cchc.rubrics import check_rubric, maximum_decimals, resolve
from cchc.scheme import Group
from cchc.workbooks import ADJUSTMENTS, FIELD_LABELS, GUIDE, HEAD_ROWS

COLUMN_WIDTH = 16

_LABELS = {field: label for label, field in FIELD_LABELS.items()}
_RULES = (
    "Mỗi nhóm đơn vị có một trang tính; mỗi đơn vị một dòng; mỗi tiêu chí có một cột cho từng loại điểm.",
    "Chỉ nhập vào các ô màu vàng; các ô khác đã khóa (không có mật khẩu).",
    "Ghi số điểm từ 0 đến điểm tối đa ở dòng 4, hoặc KAD nếu tiêu chí không áp dụng cho đơn vị.",
    "Ô để trống nghĩa là chưa nhập: không phải là 0 điểm. Đơn vị còn ô chưa nhập thì chưa được xếp hạng.",
    "Không ghi dấu %, không ghi chữ vào ô điểm. Điểm trừ cũng ghi số dương.",
    "Nhập xong, lưu tệp và chạy: cchc check {scheme}",
)
_HEADS = (("Mã đơn vị", "Tên đơn vị"), ("", "Nội dung tiêu chí"), ("", "Loại điểm"), ("", "Điểm tối đa"))
"""What stands before the head rows of the points."""


@dataclass(frozen=True)
class _Column:
    """One column of points: its four head cells, and the most that it takes."""

    code: str
    name: str
    field: str
    maximum: float


def write_form(folder: Path, year: int) -> Path:
    """Write the form of `year`, all its points blank, to scores/<year>.xlsx in a scheme's folder.

    Returns
    -------
    Path
        The file written. Read back as it is, it holds no score.

    Raises
    ------
    InputError
        The scheme, its units or the rubric of the year cannot be read, or no group has units and a rubric then.
    FileExistsError
        The file is there already; it is not touched.
    """
    target = Path(folder) / "scores" / f"{year}.xlsx"
    if target.exists():
        raise FileExistsError(target)
    data = read_dataset(Path(folder))
    rubric, decimals = _rubric(data, year)
    groups = [group for group in data.scheme.groups if (rubric["group"] == group.id).any()]
    target.parent.mkdir(exist_ok=True)
    part = target.with_name(f".{target.name}.part")
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    try:
        with xlsxwriter.Workbook(part, options) as book:
            book.set_properties({"title": f"{data.scheme.title.vi}, {year}", "author": data.scheme.issued_by.vi})
            writer = _Writer(book, data, year)
            writer.guide(groups, rubric, decimals)
            for group in groups:
                leaves = rubric[(rubric["group"] == group.id) & rubric["is_leaf"]]
                writer.sheet(group, _columns(data, leaves, decimals))
        part.rename(target)
    finally:
        part.unlink(missing_ok=True)
    return target


def _rubric(data: Dataset, year: int) -> tuple[pd.DataFrame, int]:
    """Return the rubric in force for the groups that have units in `year`, and the decimals of its maxima."""
    problems: list[Problem] = []
    scored = {(year, group) for group in data.units_of(year)["group"].unique()}
    table = read_table(data.scheme.folder / "rubric.csv", "rubric.csv", "rubric", (year,), problems)
    limit = data.scheme.point_decimals
    rubrics = [] if table is None else check_rubric(table, data.scheme, scored, limit, problems)
    decimals = maximum_decimals(rubrics)
    rubric = resolve(rubrics, scored, decimals)
    if rubric.empty:
        names = ", ".join(group.id for group in data.scheme.groups)
        problems.append(
            Problem("missing-rubric", "rubric.csv", value=names, years=(year,), details={"year": str(year)})
        )
    if any(item.is_error for item in problems):
        raise InputError(item for item in problems if item.is_error)
    return rubric, decimals


def _columns(data: Dataset, leaves: pd.DataFrame, decimals: int) -> list[_Column]:
    columns = []
    maxima = as_float(leaves["max_units"], decimals).tolist()
    for code, name, by, most in zip(leaves["code"], leaves["name_vi"], leaves["by"], maxima, strict=True):
        columns += [_Column(code, name, field, most) for field in ("self", *NAMED_BY[by])]
    limits = {field: getattr(data.scheme, field) for field in ADJUSTMENTS}
    return columns + [_Column("", "", field, float(limit.max)) for field, limit in limits.items() if limit]


class _Writer:
    """The formats of one form and what is written with them."""

    def __init__(self, book: xlsxwriter.Workbook, data: Dataset, year: int) -> None:
        self.book, self.data, self.year = book, data, year
        head = {"bold": True, "text_wrap": True, "valign": "top", "border": 1, "bg_color": "#DDE3EC"}
        self.head = book.add_format({**head, "num_format": "@"})
        self.maximum = book.add_format(head)
        self.label = book.add_format({"border": 1, "num_format": "@"})
        self.entry = book.add_format({"border": 1, "locked": False, "bg_color": "#FFF9DB"})
        self.title = book.add_format({"bold": True, "font_size": 14, "text_wrap": True})
        self.wrapped = book.add_format({"text_wrap": True, "valign": "top"})

    def guide(self, groups: list[Group], rubric: pd.DataFrame, decimals: int) -> None:
        """Write the sheet that explains the form, with the year and the version of each group's rubric."""
        sheet = self.book.add_worksheet(GUIDE)
        sheet.set_column(0, 0, 100)
        sheet.write_string(0, 0, f"{self.data.scheme.title.vi}: bảng nhập điểm năm {self.year}", self.title)
        lines = [rule.format(scheme=self.data.scheme.id) for rule in _RULES]
        for group in groups:
            leaves = rubric[(rubric["group"] == group.id) & rubric["is_leaf"]]
            total = as_float([int(leaves["max_units"].sum())], decimals)[0]
            lines.append(
                f"{group.short}: bộ tiêu chí năm {rubric.loc[leaves.index[0], 'rubric_year']},"
                f" {len(leaves)} tiêu chí, tổng điểm tối đa {total:.15g}".replace(".", ",")
            )
        for row, line in enumerate(lines, start=2):
            sheet.write_string(row, 0, line, self.wrapped)
        sheet.fit_to_pages(1, 0)
        _lay_out(sheet)
        sheet.protect()

    def sheet(self, group: Group, columns: list[_Column]) -> None:
        """Write the sheet of one group."""
        sheet = self.book.add_worksheet(group.short)
        units = self.data.units_of(self.year)
        units = units[units["group"] == group.id].drop_duplicates("unit_id")
        units = units.sort_values("name_vi", key=lambda names: names.map(sort_key))
        for row, texts in enumerate(_HEADS):
            for column, text in enumerate(texts):
                sheet.write_string(row, column, text, self.head)
        for column, known in enumerate(columns, start=2):
            for row, text in enumerate((known.code, known.name, _LABELS[known.field])):
                sheet.write_string(row, column, text, self.head)
            sheet.write_number(HEAD_ROWS - 1, column, known.maximum, self.maximum)
        for row, unit in enumerate(units[["unit_id", "name_vi"]].itertuples(index=False), start=HEAD_ROWS):
            for column, text in enumerate(unit):
                sheet.write_string(row, column, str(text), self.label)
            for column in range(2, len(columns) + 2):
                sheet.write_blank(row, column, None, self.entry)
        for column, known in enumerate(columns, start=2):
            if len(units):
                self._validate(sheet, column, known, HEAD_ROWS + len(units) - 1)
        sheet.set_column(0, 0, max(map(len, units["unit_id"]), default=0) + 2)
        sheet.set_column(1, 1, 40)
        sheet.set_column(2, len(columns) + 1, COLUMN_WIDTH)
        lines = max((len(known.name) // (COLUMN_WIDTH - 4) + 1 for known in columns), default=1)
        sheet.set_row(1, 15 * min(lines, 8))  # Excel fits no row to its text that this program writes
        sheet.freeze_panes(HEAD_ROWS, 2)
        sheet.repeat_rows(0, HEAD_ROWS - 1)
        sheet.repeat_columns(0, 1)
        sheet.set_print_scale(60)
        _lay_out(sheet)
        sheet.protect("", {"format_columns": True, "format_rows": True})

    def _validate(self, sheet: Any, column: int, known: _Column, last: int) -> None:
        """Let the cells of a column take a number from 0 to its maximum, or KAD where points are meant."""
        cell = xl_rowcol_to_cell(HEAD_ROWS, column)
        most = xl_rowcol_to_cell(HEAD_ROWS - 1, column, row_abs=True)
        shown = f"{known.maximum:.15g}".replace(".", ",")
        is_adjustment = known.field in ADJUSTMENTS
        other, kad = ("FALSE", "") if is_adjustment else (f'{cell}="KAD"', ", hoặc KAD (không áp dụng)")
        sheet.data_validation(
            HEAD_ROWS, column, last, column,
            {
                "validate": "custom",
                "value": f"=IF(ISNUMBER({cell}),AND({cell}>=0,{cell}<={most}),{other})",
                "error_title": "Giá trị không hợp lệ",
                "error_message": f"Ghi số từ 0 đến {shown}{kad}. Để trống nếu chưa nhập.",
            },
        )  # fmt: skip


def _lay_out(sheet: Any) -> None:
    """Print on A4 across, as people hand the form round on paper."""
    sheet.set_paper(9)
    sheet.set_landscape()
