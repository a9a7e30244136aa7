"""The wide form: a workbook with a sheet a group, a row a unit, and a column for each code and field.

Four head rows hold code (text), name, field and maximum; column A holds the unit's id, column B its name. Titles may
stand above, columns may be moved; rows among or below the units that are no units are listed, not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import pandas as pd

from cchc.exact import parse_number
from cchc.names import match_key, normalise
from cchc.sheets import Sheet, address, is_number_or_date, value_text

HEAD_MAXIMUM = "head_maximum"
"""The field of an entry that holds the maximum that a form states."""
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
GUIDE = "Hướng dẫn"
"""The sheet of a form that explains it, and holds no scores."""
MOST_TITLE_ROWS = 40
HEAD_ROWS = 4

_FIELDS = {match_key(label): name for label, name in FIELD_LABELS.items()}
_UNIT_HEADS = {*map(match_key, ("Mã đơn vị", "unit_id", "unit"))}
_NAME_HEADS = {*map(match_key, ("Tên đơn vị", "Đơn vị", "Tên cơ quan, đơn vị", "Cơ quan, đơn vị"))}
NUMBER_HEADS = {*map(match_key, ("STT", "TT", "Số TT", "Số thứ tự"))}
_MAXIMUM_HEADS = {*map(match_key, ("Điểm tối đa", "Tối đa", "Điểm chuẩn"))}
_SUMMARY = re.compile(
    r"(?:điểm )?(?:trung bình|bình quân|tổng cộng|tổng số|tổng điểm|cộng|cao nhất|thấp nhất|lớn nhất|nhỏ nhất"
    r"|average|mean|highest|lowest|maximum|minimum|max|min|total|sum)(?: (?:chung|nhóm|khối|toàn|của|các) .*| chung)?"
)
_HEADING = re.compile(r"(?:[IVXLC]+|[A-Z]|[0-9]+)[.)/]?(?:\s+\D.*)?|(?:Khối|Nhóm|Cụm|KHỐI|NHÓM|CỤM)\s.*")
_FOOTNOTE = re.compile(r"(?:\(?\*+\)?|ghi chú|chú thích|nguồn|note)\b.*|\(?\*.*", re.IGNORECASE)


class Entry(NamedTuple):
    """A filled cell of a score file, and the cells that say what it is of.

    Attributes
    ----------
    code_value : str
        Kind, value and name, a line each, of a code that is not surely what the file means (`misreadings`); else "".
    unit_cell, name_cell, code_cell : str
        Where unit, its name and code stand in a sheet; "" in a CSV file.
    """

    unit: str
    unit_name: str
    code: str
    field: str
    text: str
    file: str
    sheet: str
    row: int
    cell: str
    code_value: str = ""
    unit_cell: str = ""
    name_cell: str = ""
    code_cell: str = ""


ENTRY_COLUMNS = Entry._fields


@dataclass(frozen=True)
class _Column:
    """What the head says of one column: "" as code of bonus and penalty."""

    code: str
    code_value: str
    code_cell: str
    field: str


@dataclass(frozen=True)
class _Head:
    """Where the head of a wide sheet stands: its first row (codes), the first row below it, the units' columns."""

    top: int
    first: int
    unit: int
    name: int
    columns: dict[int, _Column]


def entry_frame(entries: Iterable[Entry]) -> pd.DataFrame:
    """Return entries as a table, `row` int64, `cell` str, the others categories."""
    frame = pd.DataFrame(list(entries), columns=list(ENTRY_COLUMNS)).astype({"row": "int64", "cell": "str"})
    return frame.astype({column: "category" for column in ENTRY_COLUMNS if column not in ("row", "cell")})


def read_wide(sheet: Sheet) -> Iterator[Entry]:
    """Return the filled cells of a sheet in the wide form; what is wrong is reported there."""
    head = _find_head(sheet)
    report_above(sheet, head.top)
    yield from _maxima(sheet, head)
    units = list(_units(sheet, head))
    for row in units:
        filled = False
        for column in sheet.rows[row]:
            known = head.columns.get(column)
            text = "" if column in (head.unit, head.name) else sheet.text(row, column)
            filled = filled or bool(text)
            if text and known:
                yield _entry(sheet, head, row, column, known, text)
        if not filled:
            yield _entry(sheet, head, row, head.unit or head.name or 1, _Column("", "", "", MENTION), "")
    for column, known in head.columns.items():
        if known.code and units and not any(sheet.text(row, column) for row in units):
            mention = _Column(known.code, known.code_value, known.code_cell, MENTION)
            yield _entry(sheet, head, units[0], column, mention, "")


def _entry(sheet: Sheet, head: _Head, row: int, column: int, known: _Column, text: str) -> Entry:
    unit, name = (sheet.text(row, place) if place else "" for place in (head.unit, head.name))
    unit_cell = address(row, head.unit or head.name or 1)
    name_cell = address(row, head.name or head.unit or 1)
    return Entry(
        unit, name, known.code, known.field, text, sheet.file, sheet.title, row, address(row, column),
        known.code_value, unit_cell, name_cell, known.code_cell,
    )  # fmt: skip


def report_above(sheet: Sheet, top: int) -> None:
    """List the rows above a head that hold numbers: a title has none, a row that slipped up there does."""
    for row, columns in sheet.rows.items():
        if row < top and sum(is_number_or_date(sheet.value(row, column)) for column in columns) > 1:
            report_unread(sheet, row)


def report_unread(sheet: Sheet, row: int) -> None:
    """Warn of a row that is no unit (a summary, a group's heading, a footnote), and is not read."""
    column = sheet.rows[row][0]
    texts = [text for place in sheet.rows[row] if (text := sheet.peek(row, place))]
    sheet.report("row-not-read", address(row, column), " ".join(texts)[:60] or value_text(sheet.value(row, column)))


# ------------------------------------------------------------------------------------------------------------ head


def _find_head(sheet: Sheet) -> _Head:
    """Find the head by its row of fields; a sheet that has none is taken as it should be."""
    last = max(sheet.columns)
    best, field_row = (0, 0), HEAD_ROWS - 1
    for row in sheet.rows:
        if row <= MOST_TITLE_ROWS:
            found = [_FIELDS.get(match_key(sheet.peek(row, column))) for column in sheet.rows[row]]
            n_adjustments = sum(name in ADJUSTMENTS for name in found)
            score = sum(name is not None for name in found) - n_adjustments, n_adjustments
            if score > best:
                best, field_row = score, row
    top, maximum_row = field_row - 2, field_row + 1
    labels: dict[int, set[str]] = {}
    for column in range(1, last + 1):
        labels[column] = {match_key(sheet.peek(row, column)) for row in range(max(top, 1), maximum_row + 1)}
    ignored = {column for column, texts in labels.items() if texts & NUMBER_HEADS}
    columns = [column for column in labels if not labels[column] & _FIELDS.keys() and column not in ignored]
    unit = next((column for column in columns if labels[column] & _UNIT_HEADS), 0)
    name = next((column for column in columns if labels[column] & _NAME_HEADS), 0)
    unit = unit or (1 if 1 in columns and name != 1 else 0)
    name = name or (2 if 2 in columns and unit != 2 else 0)
    label = sheet.peek(maximum_row, unit) or sheet.peek(maximum_row, name)
    is_unit_row = bool(label) and match_key(label) not in _MAXIMUM_HEADS | _UNIT_HEADS | _NAME_HEADS
    first = maximum_row if is_unit_row else maximum_row + 1
    known = {column: _column(sheet, top, column) for column in sheet.columns
             if column not in {unit, name, *ignored}}  # fmt: skip
    return _Head(top, first, unit, name, {column: found for column, found in known.items() if found})


def _column(sheet: Sheet, top: int, column: int) -> _Column | None:
    """Return code and field of a column; None where its head does not say them, which is a problem if it has values."""
    places = [sheet.head(row, column) for row in (top, top + 1, top + 2)]
    code, code_value = read_code(sheet, places[0], sheet.peek(*places[1]))
    texts = ["" if code_value else code, sheet.peek(*places[1]), sheet.text(*places[2])]
    adjustment = next((name for text in texts if (name := _FIELDS.get(match_key(text))) in ADJUSTMENTS), None)
    if adjustment:
        return _Column("", "", address(max(top, 1), column), adjustment)
    field = _FIELDS.get(match_key(texts[2]))
    if field and code:
        return _Column(code, code_value, address(*places[0]), field)
    if any(_SUMMARY.fullmatch(match_key_text(text)) for text in texts if text):
        sheet.report("column-not-read", address(max(top, 1), column), next(filter(None, texts)))
    elif any(row >= top and (row, column) in sheet.cells for row in sheet.rows):
        if field or not texts[2]:
            sheet.report("head-without-code" if field else "head-without-field", address(max(top, 1), column), code)
        else:
            sheet.report("unknown-field", address(*places[2]), texts[2], allowed=", ".join(FIELD_LABELS))
    return None


def read_code(sheet: Sheet, place: tuple[int, int], name: str) -> tuple[str, str]:
    """Return the code in a cell, and what `Entry.code_value` says of it where it became a number or a date."""
    value: Any = sheet.value(*place)
    if is_number_or_date(value):
        text = value_text(value)
        return text, f"{'number' if isinstance(value, int | float) else 'date'}\n{text}\n{name}"
    return sheet.text(*place), ""


def _maxima(sheet: Sheet, head: _Head) -> Iterator[Entry]:
    row = head.first - 1
    for column, known in head.columns.items():
        place = sheet.head(row, column)
        if row == head.top + HEAD_ROWS - 1 and known.code and not known.code_value and (text := sheet.text(*place)):
            cell = address(*place)
            yield Entry("", "", known.code, HEAD_MAXIMUM, text, sheet.file, sheet.title, row, cell, "", "", "", cell)


# ------------------------------------------------------------------------------------------------------------ rows


def _units(sheet: Sheet, head: _Head) -> Iterator[int]:
    """Return the rows of units, listing those below the head that are none."""
    before, has_gap = head.first - 1, False
    for row, columns in sheet.rows.items():
        if row < head.first:
            continue
        has_gap, before = has_gap or row > before + 1, row
        label = " ".join(filter(None, (sheet.peek(row, place) for place in (head.unit, head.name) if place)))
        others = [column for column in columns if column not in (head.unit, head.name)]
        first_text = label or next((text for column in others if (text := sheet.peek(row, column))), "")
        if _SUMMARY.fullmatch(match_key_text(first_text)) or (
            not any(is_value(sheet, row, column) for column in others if column in head.columns)
            and _is_aside(head, label, [column for column in others if sheet.peek(row, column)], has_gap)
        ):
            report_unread(sheet, row)
        else:
            yield row


def _is_aside(head: _Head, label: str, texts: list[int], has_gap: bool) -> bool:
    """Whether a row without any points is a heading, a footnote or a signature, and not a unit left blank."""
    if not label:
        return has_gap or not set(texts) & head.columns.keys()
    in_points = bool(set(texts) & head.columns.keys())
    is_named = bool(_HEADING.fullmatch(label) or _FOOTNOTE.fullmatch(label))
    return not in_points and (is_named or (has_gap and " " in label and len(label) > 40))


def is_value(sheet: Sheet, row: int, column: int) -> bool:
    """Whether a cell holds points, says KAD, or holds what cannot be trusted."""
    cell = sheet.cells.get((row, column))
    if cell is None:
        return False
    if cell.flaw or not isinstance(cell.value, str):
        return True
    text = normalise(cell.value).rstrip("% ")
    try:
        parse_number(text)
    except ValueError:
        return text.casefold() == "kad"
    return True


def match_key_text(text: str) -> str:
    """Return a text as the patterns of this room are written: lower-case words, tone marks where they stand."""
    return " ".join(re.findall(r"\w+", normalise(text).casefold()))
