"""What must be true of a damaged scheme that was read, told from its files by readers of their own."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd
from bases import LEAVES, bases
from cell_mutations import variants
from mutations import Case
from rawcells import Raw, RawSheet, read_book, read_lines

from cchc.dataset import Dataset

POINT_FIELDS = ("self", "appraised", "survey")
FIELDS = (*POINT_FIELDS, "bonus", "penalty", "max_points")
NAMED = {"appraised": ("appraised",), "survey": ("survey",), "both": ("appraised", "survey")}

WHOLE = frozenset({
    "workbook-unreadable", "workbook-too-big", "workbook-password", "file-unreadable", "file-format", "file-unused",
    "csv-unreadable", "wrong-delimiter", "missing-column", "unknown-sheet", "ambiguous-unit",
    "unknown-unit", "missing-rubric", "file-missing", "unit-not-valid", "renamed-unit", "line-break", "link-outside",
    "file-empty", "sheet-twice", *(BROKEN := ("not-utf-8", "long-row", "open-quote", "text-too-long")),
})  # fmt: skip
"""Problems that speak of all cells of a file or sheet, where they name no cell."""
OF_ROW = frozenset({
    "row-not-read", "unknown-unit", "blank-unit", "unit-mismatch", "ambiguous-unit", "renamed-unit", "unit-not-valid",
    "unit-in-wrong-sheet", "duplicate-row", "unknown-code", "code-not-text", "not-a-leaf", "points-without-code",
    "result-mismatch", "result-missing", "line-break",
})  # fmt: skip
OF_COLUMN = frozenset({
    "unknown-code", "code-not-text", "not-a-leaf", "head-without-code", "head-without-field", "unknown-field",
    "column-not-read", "unknown-column", "column-twice",
})  # fmt: skip


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """Return letters and digits of a text without any mark."""
    text = unicodedata.normalize("NFKD", text.casefold()).replace("đ", "d").replace("ð", "d").replace("&", "va")
    return "".join(letter for letter in text if letter.isalnum())


class Check:
    """What a dataset says, held against the cells of its files."""

    def __init__(self, case: Case, folder: Path, data: Dataset) -> None:
        self.case, self.folder, self.data = case, folder, data
        self.codes = set(data.rubric["code"])
        units = bases()[case.base].files["units.csv"].decode()
        self.names: dict[str, str] = {}
        for row in csv.DictReader(io.StringIO(units)):
            self.names.update({fold(row["unit_id"]): row["unit_id"], fold(row["name_vi"]): row["unit_id"]})
        if "gddt" in self.names.values():
            self.names.update({fold(text): unit for text, unit in variants() if unit})
            self.names.update(dict.fromkeys((fold("UBND xã Hòa Tú 1"), fold("UBND xã Hòa Tú")), "?"))
        self.books: dict[str, list[RawSheet]] = {}
        self.lines: dict[str, tuple[list[str], dict[int, list[str]]]] = {}
        self.by_code = {item.code: item for item in data.problems}
        for name in case.files:
            if name.startswith("scores/"):
                self._open(name)

    def _open(self, name: str) -> None:
        try:
            if name.endswith(".csv"):
                guessed = [item.value for item in self.data.problems
                           if item.code == "encoding-guessed" and item.file == name]  # fmt: skip
                self.lines[name] = read_lines(self.folder / name, guessed[0] if guessed else "")
            else:
                self.books[name] = read_book(self.folder / name)
        except Exception as error:  # damaged for this reader too: then nothing may have come out of it
            self.books.pop(name, None)
            self.lines.pop(name, None)
            self.unread = error

    def run(self) -> Iterator[str]:
        """Return what is wrong."""
        yield from self._values()
        yield from self._associations()
        yield from self._losses()
        yield from self._originals()

    # every number that survives is the number in its cell

    def _values(self) -> Iterator[str]:
        cells = {(row.year, row.unit_id, row.code, row.field): row for row in self.data.cells.itertuples()}
        if len(cells) != len(self.data.cells):
            yield "two cells of one field"
        scale = Decimal(10) ** self.data.point_decimals
        for table, fields in ((self.data.scores, POINT_FIELDS), (self.data.adjustments, ("bonus", "penalty"))):
            for row in table.itertuples():
                for name in fields:
                    value = getattr(row, f"{name}_units")
                    key = row.year, row.unit_id, getattr(row, "code", ""), name
                    if pd.isna(value) or (table is self.data.adjustments and not value):
                        continue
                    value = int(value)
                    if key not in cells:
                        yield f"{key} is {value / scale} and has no cell"
                    elif value / scale not in (numbers := self._numbers(cells[key])):
                        yield f"{key} is {value / scale}, and its cell {cells[key].cell} holds {numbers}"

    def _raw(self, row: Any) -> list[Raw]:
        """Return what the cell of a row of `Dataset.cells` holds; several where sheets have one title."""
        if row.file in self.lines:
            heads, lines = self.lines[row.file]
            found = re.fullmatch(r"dòng (\d+), cột (\w+)", row.cell)
            if found is None or int(found[1]) not in lines:
                return []
            names = [fold(head) for head in heads]
            place = names.index(fold(found[2]))
            line = lines[int(found[1])]
            return [Raw(line[place])] if place < len(line) else []
        place = self._place(row.cell)
        return [sheet.cells[place] for sheet in self._sheets(row.file, row.sheet) if place in sheet.cells]

    def _numbers(self, row: Any) -> list[Decimal | None]:
        if row.file.endswith(".xls") and "," in row.text and row.text.encode() in self.case.files[row.file]:
            return [Raw(row.text).number]  # a text, which stands in a table of its own
        return [raw.number for raw in self._raw(row)]

    def _sheets(self, file: str, title: str) -> list[RawSheet]:
        return [sheet for sheet in self.books.get(file, []) if not sheet.title or fold(sheet.title) == fold(title)]

    @staticmethod
    def _place(cell: str) -> tuple[int, int]:
        letters, digits = re.fullmatch(r"([A-Z]+)(\d+)", cell).groups()  # type: ignore[union-attr]
        column = 0
        for letter in letters:
            column = 26 * column + ord(letter) - 64
        return int(digits), column

    # ... and stands under the unit and the code of its row and column

    def _associations(self) -> Iterator[str]:
        for row in self.data.cells.itertuples():
            if not str(row.file).endswith((".xlsx", ".ods", ".csv")):
                continue
            units, codes = self._labels(row)
            if units and row.unit_id not in units:
                yield f"{row.unit_id} {row.code} {row.cell}: the row is of {sorted(units)}"
            if codes and row.code and row.code not in codes:
                yield f"{row.unit_id} {row.code} {row.cell}: the codes there are {sorted(codes)}"

    def _labels(self, row: Any) -> tuple[set[str], set[str]]:
        if row.file in self.lines:
            heads, lines = self.lines[row.file]
            line = dict(zip(map(fold, heads), lines[int(re.findall(r"\d+", row.cell)[0])], strict=False))
            return self._units([line.get("unit", "")]), self._codes([line.get("code", "")])
        at, column = self._place(row.cell)
        units: set[str] = set()
        codes: set[str] = set()
        for sheet in self._sheets(row.file, row.sheet):
            texts = {place: cell.text for place, cell in sheet.cells.items() if not cell.is_number}
            if self._is_of_unit(sheet):
                above = [text.partition(":")[2] or text for (line, _), text in texts.items() if line < at]
                units |= self._units([*above, sheet.title])
                codes |= self._codes([text for (line, place), text in texts.items() if line == at])
            else:
                units |= self._units([text for (line, place), text in texts.items() if line == at])
                for place in range(column, 0, -1):
                    over = self._codes([text for (line, other), text in texts.items() if other == place and line < at])
                    if over:
                        codes |= over
                        break
        return units, set() if "code-read-as" in self.by_code else codes

    def _units(self, texts: list[str]) -> set[str]:
        return {self.names[fold(text)] for text in texts if fold(text) in self.names}

    def _codes(self, texts: list[str]) -> set[str]:
        roman = {"I": "1", "II": "2", "III": "3"}
        tidy = [text.strip().rstrip(".") for text in texts]
        return {roman.get(text, text) for text in tidy if roman.get(text, text) in self.codes}

    # a number in no row is named by a problem

    def _losses(self) -> Iterator[str]:
        read = {(row.file, fold(row.sheet), row.cell) for row in self.data.cells.itertuples()}
        for file, (heads, lines) in self.lines.items():
            for number, line in lines.items():
                for place, text in enumerate(line):
                    head = fold(heads[place]) if place < len(heads) else ""
                    if head in ("unit", "code", "note") or Raw(text).number is None:
                        continue
                    cell = f"dòng {number}, cột {'max_points' if head == 'maxpoints' else head}"
                    if (file, "", cell) not in read and not self._is_named_line(file, number, place, head):
                        yield f"lost in silence: {file} {cell} {text!r}"
        for file, sheets in self.books.items():
            for sheet in sheets:
                for (at, column), cell in self._points(sheet):
                    name = f"{_letters(column)}{at}"
                    known = (file, fold(sheet.title), name) in read or (not sheet.title and any(
                        one == file and other == name for one, _, other in read))  # fmt: skip
                    if not known and not self._is_named(file, sheet, at, column):
                        yield f"lost in silence: {file} {sheet.title} {name} {cell.text!r}"

    def _is_of_unit(self, sheet: RawSheet) -> bool:
        labels = {fold("Tiêu chí"), fold("Điểm tối đa"), fold("Thẩm định sau khi trừ")}
        return len(labels & {fold(cell.text) for cell in sheet.cells.values()}) > 1

    def _points(self, sheet: RawSheet) -> Iterator[tuple[tuple[int, int], Raw]]:
        """Return the cells of a sheet that hold a number below its head."""
        rows: dict[int, dict[int, Raw]] = {}
        for (at, column), cell in sorted(sheet.cells.items()):
            rows.setdefault(at, {})[column] = cell
        if fold(sheet.title) == fold("Hướng dẫn"):
            return
        if not sheet.title:  # the numbers of an .xls file, found by their bytes: those below the fixture's heads
            for at in range(6, 9):
                yield from (((at, column), cell) for column, cell in rows.get(at, {}).items()
                            if 3 <= column <= 9 and cell.number is not None)  # fmt: skip
            return
        marks = {fold(text) for text in ("tự chấm", "thẩm định", "điều tra")}
        heads = [(sum(fold(cell.text) in marks for cell in row.values()), -at) for at, row in rows.items() if at <= 40]
        count, top = max(heads, default=(0, 0))
        first, of_unit = -top if count else 3, self._is_of_unit(sheet)
        ignored = {column for at, row in rows.items() for column, cell in row.items()
                   if at <= first + 1 and fold(cell.text) in ("stt", "tt", "sott")}  # fmt: skip
        names = ("madonvi", "tendonvi", "unitid")
        ignored |= {column for at, row in rows.items() for column, cell in row.items()
                    if at <= first + 1 and fold(cell.text) in names}  # fmt: skip
        columns = {fold(cell.text): column for at in (first, first + 1) for column, cell in rows.get(at, {}).items()}
        for at, row in rows.items():
            if at <= (first if of_unit else first + 1):
                continue
            for column, cell in row.items():
                if cell.number is None or column in ignored:
                    continue
                if of_unit and self._is_beside(columns, row, column):
                    continue
                yield (at, column), cell

    @staticmethod
    def _is_beside(columns: dict[str, int], row: dict[int, Raw], column: int) -> bool:
        """Whether a cell of a unit's sheet is none of its points: the result alone is, where there is one."""
        result = columns.get(fold("Thẩm định sau khi trừ"), 0)
        taken = [columns.get(fold("Tự chấm"), 0), result if result in row else columns.get(fold("Thẩm định"), 0)]
        return column not in taken

    def _is_named(self, file: str, sheet: RawSheet, at: int, column: int) -> bool:
        for item in self.data.problems:
            if file not in item.file.split(" + "):
                continue
            if item.sheet and sheet.title and fold(item.sheet) != fold(sheet.title):
                continue
            if not item.cell:
                if item.code in WHOLE:
                    return True
                if item.code == "subtotals-not-read":
                    labels = {cell.text for (line, _), cell in sheet.cells.items() if line == at}
                    listed = item.value.split(", ")
                    if labels & {*listed, *("I" * int(code) for code in listed if code in "123")}:
                        return True
                continue
            found = re.fullmatch(r"([A-Z]+)(\d+)", item.cell)
            if found is None:
                continue
            line, place = self._place(item.cell)
            is_exact = (line, place) == (at, column)
            is_head = line < at and place <= column and item.code in OF_COLUMN
            is_over = place == column or not any((up, column) in sheet.cells for up in range(line, line + 1))
            is_of_sheet = line < at and item.code in OF_ROW and self._is_of_unit(sheet) and place < 3
            if is_exact or is_of_sheet or (line == at and item.code in OF_ROW) or (is_head and is_over):
                return True
        return False

    def _is_named_line(self, file: str, number: int, place: int, head: str) -> bool:
        for item in self.data.problems:
            if file not in item.file.split(" + "):
                continue
            is_of_file = not item.cell or item.cell.startswith("dòng 1") or item.code in BROKEN
            if is_of_file and item.code in WHOLE:
                return True
            found = re.fullmatch(r"dòng (\d+)(?:, cột (?:thứ (\d+)|(\w+)))?", item.cell)
            if found is None:
                continue
            if found[1] == "1" and item.code in OF_COLUMN and found[2] == str(place + 1):
                return True
            is_cell = found[1] == str(number) and found[3] and fold(found[3]) == head
            if is_cell or (found[1] == str(number) and item.code in OF_ROW):
                return True
        return False

    # what the damage took away altogether is missed at least

    def _originals(self) -> Iterator[str]:
        if "gddt" not in self.names.values() or any(item.is_error for item in self.data.problems):
            return
        have = {(row.unit_id, row.code) for row in self.data.scores.itertuples() if not row.is_applicable}
        cells = {(row.unit_id, row.code, row.field) for row in self.data.cells.itertuples()}
        # a group that has no scores at all may not be scored yet
        groups = set(self.data.scores["group"])
        units = set(self.data.units.loc[self.data.units["group"].isin(groups), "unit_id"])
        missing = [
            (unit, code, name)
            for unit in units for code, by in LEAVES.items() for name in NAMED[by]
            if (unit, code) not in have and (unit, code, name) not in cells and code in self.codes
        ]  # fmt: skip
        if missing and not self.data.problems:
            yield f"missed in silence: {missing[:5]}"


def _letters(column: int) -> str:
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text
