"""One sheet of a spreadsheet file while it is read: its filled cells, and what is wrong with them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

from openpyxl.utils import get_column_letter

from cchc.names import normalise
from cchc.problems import Problem

Place = tuple[int, int]
"""Row and column, from 1."""
Range = tuple[int, int, int, int]
"""First column, first row, last column, last row."""
MOST_CELLS = 500_000
"""The most cells of a sheet that is read as a whole."""


class TooBigError(Exception):
    """A file holds more than any form."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A filled cell: its value, and the code of the problem that its value cannot be trusted."""

    value: Any
    flaw: str = ""


@dataclass
class Sheet:
    """One sheet while it is read, and where problems go.

    Attributes
    ----------
    cells : dict of (row, column) to Cell
        The filled ones.
    merged : list of Range
    hidden_rows, hidden_columns : set of int
    is_hidden : bool
    """

    file: str
    title: str
    year: int
    problems: list[Problem]
    cells: dict[Place, Cell]
    merged: list[Range] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    is_hidden: bool = False
    _texts: dict[Place, str] = field(default_factory=dict)

    def report(self, code: str, cell: str, value: str, **details: str) -> None:
        """Add a problem of this sheet."""
        self.problems.append(Problem(code, self.file, self.title, cell, value, (self.year,), details))

    @cached_property
    def rows(self) -> dict[int, list[int]]:
        """The filled columns of each row that has any, in order."""
        rows: dict[int, list[int]] = {}
        for row, column in sorted(self.cells):
            rows.setdefault(row, []).append(column)
        return rows

    @cached_property
    def columns(self) -> list[int]:
        """The columns that have a filled cell, in order."""
        return sorted({column for _, column in self.cells})

    def value(self, row: int, column: int) -> Any:
        """Return the value of a cell; None where it is blank."""
        cell = self.cells.get((row, column))
        return None if cell is None else cell.value

    def peek(self, row: int, column: int) -> str:
        """Return a cell's text, or "" where it holds none; nothing is reported."""
        value = self.value(row, column)
        return normalise(value) if isinstance(value, str) else ""

    def text(self, row: int, column: int) -> str:
        """Return the text that a cell means; what cannot be trusted is reported, once, and counts as blank."""
        place = row, column
        if place not in self._texts:
            self._texts[place] = self._read(place)
        return self._texts[place]

    def _read(self, place: Place) -> str:
        cell = self.cells.get(place)
        if cell is None:
            return ""
        if cell.flaw and cell.flaw != "percent-cell":
            self.report(cell.flaw, address(*place), "" if cell.value is None else str(cell.value))
            return ""
        text = value_text(cell.value)
        # as it is shown: what it means is for the checks to say, which know the maximum
        return f"{format(Decimal(text).scaleb(2), 'f')}%" if cell.flaw else text

    def head(self, row: int, column: int) -> Place:
        """Return the place of what stands over a column in a head row: a merged cell is of all its columns."""
        for left, top, right, _ in self.merged:
            if top == row and left <= column <= right and (row, column) not in self.cells:
                return row, left
        return row, column

    def report_hidden(self) -> None:
        """Warn of the hidden rows and columns that have a filled cell, and of a hidden sheet: all are read."""
        if self.is_hidden:
            self.report("hidden-sheet", "", self.title)
        for row in sorted(self.hidden_rows & self.rows.keys()):
            self.report("hidden-row", f"dòng {row}", str(row))
        for column in sorted(self.hidden_columns & set(self.columns)):
            self.report("hidden-column", f"cột {get_column_letter(column)}", get_column_letter(column))


def number_text(value: int | float) -> str:
    """Return a workbook's number as its 15 significant digits, as Excel shows it: 0.1 + 0.2 is ``"0.3"``."""
    # an integer may be too large for a float
    return format(Decimal(f"{Decimal(value) if isinstance(value, int) else value:.15g}"), "f")


def value_text(value: Any) -> str:
    """Return a cell's value as text: tidy, a number as its 15 significant digits."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return number_text(value)
    return "" if value is None else normalise(str(value))


def address(row: int, column: int) -> str:
    """Return a place as Excel writes it: ``"D7"``."""
    return f"{get_column_letter(column)}{row}"


def is_number_or_date(value: Any) -> bool:
    """Whether a code's cell holds what a spreadsheet made of it: 3.10 typed is the number 3.1, 1.2 may be a date."""
    return isinstance(value, int | float | dt.date | dt.time) and not isinstance(value, bool)
