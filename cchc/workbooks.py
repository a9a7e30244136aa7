"""The wide form: a workbook with a sheet a group, a row a unit, and a column for each code and field.

Four head rows hold code (text), name, field and maximum; column A holds the unit's id, column B its name.
"""

from __future__ import annotations

import datetime as dt
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
from openpyxl.utils import get_column_letter

from cchc.names import closest, match_key, normalise
from cchc.problems import Problem
from cchc.scheme import Scheme

ENTRY_COLUMNS = ("unit", "unit_name", "code", "field", "text", "file", "sheet", "row", "cell")
HEAD_MAXIMUM = "head_maximum"
"""The field of an entry that holds the maximum in a column's head, without unit."""
MENTION = "mention"
"""The field of an entry that holds no value: a row or a column that is blank, but names a unit or a code."""
FIELD_LABELS = {
    "tự chấm": "self",
    "thẩm định": "appraised",
    "điều tra": "survey",
    "điểm cộng": "bonus",
    "điểm trừ": "penalty",
}
ADJUSTMENTS = ("bonus", "penalty")
HEAD_ROWS = 4

_FIELDS = {match_key(label): name for label, name in FIELD_LABELS.items()}


@dataclass
class _Sheet:
    """One sheet while it is read: its cells, and where problems go."""

    file: str
    title: str
    year: int
    rows: list[tuple[Any, ...]]
    formulas: set[str]
    """Where formulas stand: a formula without a stored value looks like an empty cell."""
    problems: list[Problem]

    def report(self, code: str, cell: str, value: str, **details: str) -> None:
        self.problems.append(Problem(code, self.file, self.title, cell, value, (self.year,), details))

    def text(self, cell: Any) -> str:
        """Return the text that a cell means; what cannot be trusted is a problem and counts as blank."""
        value = cell.value
        if value is None:
            if cell.coordinate in self.formulas:
                self.report("formula-without-value", cell.coordinate, "")
            return ""
        if cell.data_type == "e":
            self.report("error-cell", cell.coordinate, str(value))
            return ""
        if isinstance(value, int | float) and not isinstance(value, bool):
            if "%" in cell.number_format:
                self.report("percent-cell", cell.coordinate, number_text(value))
                return ""
            return number_text(value)
        return normalise(str(value))


def number_text(value: int | float) -> str:
    """Return a workbook's number as its 15 significant digits, as Excel shows it: 0.1 + 0.2 is ``"0.3"``."""
    return format(Decimal(f"{value:.15g}"), "f")


def read_workbook(path: Path, file: str, year: int, scheme: Scheme, problems: list[Problem]) -> pd.DataFrame:
    """Return the filled cells of a wide workbook, a row each with `ENTRY_COLUMNS`; problems are added."""
    titles = {match_key(group.short): group.short for group in scheme.groups}
    entries: list[tuple[Any, ...]] = []
    try:
        sheets = _load(path)
    except Exception as error:  # a damaged file makes openpyxl raise nearly anything
        problems.append(Problem("workbook-unreadable", file, years=(year,), details={"reason": str(error)}))
        return _frame([])
    for title, rows, formulas in sheets:
        if not any(cell.value is not None for row in rows for cell in row):
            continue
        sheet = _Sheet(file, title, year, rows, formulas, problems)
        if match_key(title) in titles:
            sheet.title = titles[match_key(title)]
            entries += _read_sheet(sheet)
        else:
            near = closest(title, titles.values()) or list(titles.values())
            sheet.report("unknown-sheet", "", title, allowed=", ".join(near))
    return _frame(entries)


def _load(path: Path) -> list[tuple[str, list[tuple[Any, ...]], set[str]]]:
    """Return title, rows of cells and places of formulas of every sheet."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # openpyxl warns of Excel extensions that it leaves out
        values = openpyxl.load_workbook(path, data_only=True)
        formulas: dict[str, set[str]] = {}
        if _has_formulas(path):
            for sheet in openpyxl.load_workbook(path).worksheets:
                cells = (cell for row in sheet.iter_rows() for cell in row)
                formulas[sheet.title] = {cell.coordinate for cell in cells if cell.data_type == "f"}
    return [(sheet.title, list(sheet.iter_rows()), formulas.get(sheet.title, set())) for sheet in values.worksheets]


def _has_formulas(path: Path) -> bool:
    """Whether any sheet has a formula; only then is the workbook read a second time."""
    with zipfile.ZipFile(path) as archive:
        sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/") and name.endswith(".xml")]
        return any(b"<f>" in xml or b"<f " in xml for xml in map(archive.read, sheets))


def _frame(entries: list[tuple[Any, ...]]) -> pd.DataFrame:
    frame = pd.DataFrame(entries, columns=list(ENTRY_COLUMNS)).astype({"row": "int64", "cell": "str"})
    return frame.astype({column: "category" for column in ENTRY_COLUMNS if column not in ("row", "cell")})


def _read_sheet(sheet: _Sheet) -> Iterator[tuple[Any, ...]]:
    heads = {column: _head(sheet, column) for column in range(2, len(sheet.rows[0]))}
    for column, head in heads.items():
        if head and head[0] and len(sheet.rows) >= HEAD_ROWS and (text := sheet.text(sheet.rows[3][column])):
            cell = f"{get_column_letter(column + 1)}4"
            yield "", "", head[0], HEAD_MAXIMUM, text, sheet.file, sheet.title, HEAD_ROWS, cell
    units = [(cells, texts) for cells in sheet.rows[HEAD_ROWS:] if any(texts := [sheet.text(cell) for cell in cells])]
    for cells, texts in units:
        place = (sheet.file, sheet.title, cells[0].row)
        for column, text in enumerate(texts[2:], start=2):
            head = heads[column]
            if text and head:
                yield (*texts[:2], *head, text, *place, cells[column].coordinate)
        if not any(texts[2:]):
            yield (*texts[:2], "", MENTION, "", *place, cells[0].coordinate)
    for column, head in heads.items():
        if head and units and not any(texts[column] for _, texts in units):
            cells, texts = units[0]
            place = (sheet.file, sheet.title, cells[0].row)
            yield (*texts[:2], head[0], MENTION, "", *place, cells[column].coordinate)


def _head(sheet: _Sheet, column: int) -> tuple[str, str] | None:
    """Return code and field of a column; None where its head does not say them, which is a problem if it has values."""
    letter = get_column_letter(column + 1)
    cells = [row[column] for row in sheet.rows[: HEAD_ROWS - 1]]
    raw = cells[0].value
    if isinstance(raw, int | float | dt.date | dt.time):
        # 3.10 typed as a number is 3.1 by now, and 1.2 may have become a date: what was meant is lost
        sheet.report("code-not-text", cells[0].coordinate, str(raw))
        return None
    texts = [sheet.text(cell) for cell in cells]
    adjustment = next((name for text in texts if (name := _FIELDS.get(match_key(text))) in ADJUSTMENTS), None)
    if adjustment:
        return "", adjustment
    code, label = texts[0], texts[-1]
    field = _FIELDS.get(match_key(label))
    if field and code:
        return code, field
    if any(row[column].value is not None for row in sheet.rows):
        if field or not label:
            sheet.report("head-without-code" if field else "head-without-field", f"{letter}1", code)
        else:
            sheet.report("unknown-field", cells[-1].coordinate, label, allowed=", ".join(FIELD_LABELS))
    return None
