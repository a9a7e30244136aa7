"""Score entries, a row per filled cell of a year's files, and where what is wrong with them is reported."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from cchc.announced import Roster
from cchc.dataset import Dataset
from cchc.problems import Problem
from cchc.workbooks import ADJUSTMENTS

POINT_FIELDS = ("self", "appraised", "survey")
FIELDS = (*POINT_FIELDS, *ADJUSTMENTS, "max_points")
NOTE = "note"

Mask = np.ndarray[Any, np.dtype[np.bool_]]
Integers = np.ndarray[Any, np.dtype[np.int64]]
Described = tuple[str, dict[str, str]]
"""Code and details of a problem."""


@dataclass(frozen=True)
class ScoreYear:
    """The entries of one year while they are checked, and what they are checked against.

    Attributes
    ----------
    data : Dataset
        With units, the rubric in force, and `point_decimals`, the unit of all points.
    rubric : DataFrame
        The rubric of the year, index 0 up.
    entries : DataFrame
        The fields of `workbooks.Entry`, and what the steps add: `place` (of the unit in the roster), `group_place`
        (among the scheme's groups), `leaf` (row of `rubric`; -1 for bonus and penalty), `value` (point units),
        `is_kad`, `pair` (a number for each unit and leaf, from 0 up).
    """

    year: int
    data: Dataset
    roster: Roster
    rubric: pd.DataFrame
    entries: pd.DataFrame
    problems: list[Problem]

    def has_field(self, *fields: str) -> Mask:
        """Return which entries are of one of `fields`."""
        mask: Mask = self.entries["field"].isin(fields).to_numpy()
        return mask

    def keep(self, mask: Mask, **columns: Any) -> ScoreYear:
        """Go on with the entries under `mask`, with `columns` added."""
        entries = self.entries.assign(**columns)
        return replace(self, entries=entries if mask.all() else entries[mask].reset_index(drop=True))

    def _under(self, mask: Mask) -> Iterator[Any]:
        # most rules are broken by no entry, and an empty table costs pandas as much as a small one
        return self.entries[mask].itertuples() if mask.any() else iter(())

    def report(self, mask: Mask, code: str, details: Callable[[Any], dict[str, str]] = lambda entry: {}) -> None:
        """Report each entry under `mask`."""
        entry: Any
        for entry in self._under(mask):
            self.add(code, entry, entry.cell, entry.text, details(entry))

    def report_head(self, mask: Mask, column: str, describe: Callable[[str], Described]) -> None:
        """Report the unit, its name or the code of the entries under `mask`, once for each cell that holds it."""
        seen = set()
        for entry in self._under(mask):
            cell = head_cell(entry, column)
            if (entry.file, entry.sheet, cell) not in seen:
                seen.add((entry.file, entry.sheet, cell))
                text = getattr(entry, column)
                code, details = describe(text)
                self.add(code, entry, cell, text, details)

    def add(self, code: str, entry: Any, cell: str, text: str, details: dict[str, str]) -> None:
        """Add one problem in the file and sheet of `entry`."""
        self.problems.append(Problem(code, entry.file, entry.sheet, cell, text, (self.year,), details))


def head_cell(entry: Any, column: str) -> str:
    """Return where the unit, unit_name or code of an entry stands: a cell of a sheet, or line and column of a CSV."""
    if not entry.sheet:
        return f"dòng {entry.row}, cột {column}"
    return str(getattr(entry, {"unit": "unit_cell", "unit_name": "name_cell"}.get(column, "code_cell")))


def distinct(column: pd.Series[Any]) -> tuple[list[str], Integers]:
    """Return the texts that a category column holds, and for each row which one; by counting, as sorting is slow."""
    codes = column.cat.codes.to_numpy()
    used = np.bincount(codes, minlength=len(column.cat.categories)) > 0
    return column.cat.categories[used].tolist(), (np.cumsum(used) - 1)[codes]


def spread(column: pd.Series[Any], function: Callable[[str], int]) -> Integers:
    """Apply `function` once to each distinct text of a category column."""
    texts, places = distinct(column)
    return np.array([function(text) for text in texts], np.int64)[places]
