"""The form that scoring software exports: a sheet a unit, a row a criterion.

Its columns are ``Tiêu chí | Nội dung | Điểm tối đa | Tự chấm | Thẩm định | Bị trừ | Thẩm định sau khi trừ``. The last
one is a result: it must be Thẩm định − Bị trừ, and it alone is the appraised points; nothing is ever added to it or
taken from it here. Components (Roman numerals) and other codes above the leaves stand with their sums, which are not
read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from cchc.announced import Roster
from cchc.exact import parse_number
from cchc.misreadings import roman_number
from cchc.names import match_key
from cchc.sheets import Sheet, address
from cchc.workbooks import (
    HEAD_MAXIMUM,
    MOST_TITLE_ROWS,
    NUMBER_HEADS,
    Entry,
    is_value,
    read_code,
    report_above,
    report_unread,
)

COLUMNS = {
    "Tiêu chí": "code",
    "Nội dung": "name",
    "Điểm tối đa": "maximum",
    "Tự chấm": "self",
    "Thẩm định": "appraised",
    "Bị trừ": "deducted",
    "Thẩm định sau khi trừ": "result",
}
LONGEST_TITLE = 31
"""Excel cuts the name of a sheet there."""

_COLUMNS = {match_key(label): name for label, name in COLUMNS.items()}
# not "Đơn vị tính: điểm" or "Cơ quan thẩm định: …"
_UNIT = re.compile(
    r"(?:tên )?(?:cơ quan|đơn vị|cơ quan, đơn vị)(?: (?:được|tự) [^:]*| \([^)]*\))? ?: ?(.*)", re.IGNORECASE
)


@dataclass(frozen=True)
class _Head:
    row: int
    first: int
    columns: dict[str, int]


def is_unit_sheet(sheet: Sheet) -> bool:
    """Whether a sheet has the head of this form."""
    return _find_head(sheet) is not None


def read_unit_sheet(sheet: Sheet, roster: Roster) -> Iterator[Entry]:
    """Return the points of a sheet in this form; what is wrong is reported there."""
    head = _find_head(sheet)
    if head is None:
        return
    named = _unit(sheet, roster, head)
    if named is None:
        return
    unit, unit_cell = named
    report_above(sheet, head.row)
    _report_unknown(sheet, head)
    for row in sheet.rows:
        if row < head.first:
            continue
        cell = {name: (row, column) for name, column in head.columns.items()}
        name = sheet.peek(*cell["name"]) if "name" in cell else ""
        code, code_value = read_code(sheet, cell["code"], name)
        roman = code.rstrip(".")
        if roman_number(roman):
            code, code_value = roman, f"roman\n{roman}\n{name}"
        points = {name: place for name, place in cell.items() if name not in ("code", "name") and place in sheet.cells}
        if not points or not (code_value or re.fullmatch(r"[\w-]+(\.[\w-]+)*", code)):
            _report_aside(sheet, row, list(points.values()), code)
            continue
        code_cell = address(*cell["code"])
        for field, place in _fields(sheet, points):
            text = sheet.text(*place)
            if text and not (code_value and field == HEAD_MAXIMUM):
                yield Entry(
                    "", unit, code, field, text, sheet.file, sheet.title, row, address(*place), code_value,
                    unit_cell, unit_cell, code_cell,
                )  # fmt: skip


def _report_aside(sheet: Sheet, row: int, points: list[tuple[int, int]], code: str) -> None:
    """List a row that is no criterion: a summary, a footnote; one with a code and no points is only blank."""
    if not code or points or " " in code:
        report_unread(sheet, row)


def _report_unknown(sheet: Sheet, head: _Head) -> None:
    """List the columns with numbers whose head is none of this form's: a misspelt one would lose its points."""
    known = {*head.columns.values()}
    for column in sheet.columns:
        texts = [text for row in range(head.row, head.first) if (text := sheet.peek(row, column))]
        rows = [row for row in sheet.rows if row >= head.first and is_value(sheet, row, column)]
        if column not in known and rows and not NUMBER_HEADS & {*map(match_key, texts)}:
            sheet.report("column-not-read", address(head.row, column), " ".join(texts))


def _fields(sheet: Sheet, points: dict[str, tuple[int, int]]) -> Iterator[tuple[str, tuple[int, int]]]:
    """Return which cells of a row are entries, and of which field."""
    if "maximum" in points:
        yield HEAD_MAXIMUM, points["maximum"]
    if "self" in points:
        yield "self", points["self"]
    taken = _check_result(sheet, points)
    if taken:
        yield "appraised", taken


def _check_result(sheet: Sheet, points: dict[str, tuple[int, int]]) -> tuple[int, int] | None:
    """Return the cell that holds the appraised points; a result that is not the difference is a problem."""
    given = {name: sheet.text(*points[name]) for name in ("appraised", "deducted", "result") if name in points}
    numbers = {name: _number(text) for name, text in given.items()}
    if "result" not in given:
        if numbers.get("deducted", Decimal(0)) != 0:
            sheet.report("result-missing", address(*points["deducted"]), given["deducted"])
            return None
        return points.get("appraised")
    appraised, deducted = numbers.get("appraised"), numbers.get("deducted", Decimal(0))
    result = numbers["result"]
    if "appraised" in given or numbers.get("deducted"):
        is_difference = (
            None not in (appraised, deducted, result) and appraised - deducted == result  # type: ignore[operator]
        )
        if not is_difference and not (given.get("appraised") == given["result"] and not numbers.get("deducted")):
            details = {"appraised": given.get("appraised") or "—", "deducted": given.get("deducted") or "0"}
            sheet.report("result-mismatch", address(*points["result"]), given["result"], **details)
            return None
    return points["result"]


def _number(text: str) -> Decimal | None:
    try:
        return parse_number(text)
    except ValueError:
        return None


def _find_head(sheet: Sheet) -> _Head | None:
    """Find the head, of one row or of two (a title merged over several columns, their names below it)."""
    for row in sheet.rows:
        if row > MOST_TITLE_ROWS:
            return None
        upper = {_COLUMNS.get(match_key(sheet.peek(row, column))): column for column in reversed(sheet.rows[row])}
        lower = {_COLUMNS.get(match_key(sheet.peek(row + 1, column))): column
                 for column in reversed(sheet.rows.get(row + 1, []))}  # fmt: skip
        if "code" not in upper:
            continue
        columns = {name: column for name, column in {**upper, **lower}.items() if name}
        if len(columns) >= 3 and columns.keys() & {"self", "appraised", "result"}:
            return _Head(row, row + 1 + bool(lower.keys() - {None}), columns)
    return None


def _unit(sheet: Sheet, roster: Roster, head: _Head) -> tuple[str, str] | None:
    """Return what names the unit, and where it stands; None where several units are named, which is a problem.

    "Đơn vị: …" above the head says it, else the sheet's name or a unit's name that stands alone above the head (a
    letterhead names others beside it).
    """
    places = [(row, column) for row in sheet.rows if row < head.row for column in sheet.rows[row]]
    texts = [(row, column, sheet.peek(row, column)) for row, column in places]
    of_sheet = roster.find(sheet.title)
    if labelled := _labelled(texts):
        if of_sheet >= 0 and roster.find(labelled[0]) not in (of_sheet, -1):
            sheet.report("sheet-of-other-unit", labelled[1], labelled[0])
        return labelled
    named = {roster.find(text): (text, address(row, column)) for row, column, text in reversed(texts) if text}
    named.pop(-1, None)
    if of_sheet >= 0:
        if named and of_sheet not in named:
            text, cell = next(iter(named.values()))
            sheet.report("sheet-of-other-unit", cell, text)
        return sheet.title, ""
    if len(named) > 1:
        units = "; ".join(str(roster.units.at[place, "name_vi"]) for place in sorted(named))
        sheet.report("ambiguous-unit", "", sheet.title, allowed=units)
        return None
    return next(iter(named.values()), None) or _cut_title(sheet, roster)


def _labelled(texts: list[tuple[int, int, str]]) -> tuple[str, str] | None:
    """Return what stands behind "Đơn vị:", in its cell or in the next one of its row."""
    for place, (row, column, text) in enumerate(texts):
        found = _UNIT.fullmatch(text)
        if found and found[1]:
            return found[1], address(row, column)
        if found and place + 1 < len(texts) and texts[place + 1][0] == row:
            return texts[place + 1][2], address(row, texts[place + 1][1])
    return None


def _cut_title(sheet: Sheet, roster: Roster) -> tuple[str, str]:
    """Return the name of the one unit that begins as the sheet's name does, where Excel cut that; else the latter."""
    if len(sheet.title) == LONGEST_TITLE:
        start = match_key(sheet.title)
        full = [name for name in roster.units["name_vi"] if match_key(name).startswith(start)]
        if len(full) == 1:
            sheet.report("unit-read-as", "", sheet.title, name=full[0])
            return full[0], ""
    return sheet.title, ""
