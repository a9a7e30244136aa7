"""Score entries, a row per filled cell of a year's files, and where what is wrong with them is reported."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from cchc.announced import Roster
from cchc.dataset import Dataset
from cchc.problems import KINDS, Problem
from cchc.workbooks import ADJUSTMENTS

POINT_FIELDS = ("self", "appraised", "survey")
FIELDS = (*POINT_FIELDS, *ADJUSTMENTS, "max_points")
NOTE = "note"
MOST_TOLD = 2000
"""So many problems of a rule are told one by one: a file of a million lines may break it in each."""
_HEAD_CELLS = {"unit": "unit_cell", "unit_name": "name_cell", "code": "code_cell"}

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
        column = self.entries["field"].array
        # by category: asked some thirty times a year, and `isin` costs thirty times as much on a small one
        mask: Mask = np.array([name in fields for name in column.categories], bool)[column.codes]
        return mask

    def keep(self, mask: Mask, **columns: Any) -> ScoreYear:
        """Go on with the entries under `mask`, with `columns` added."""
        entries = self.entries.assign(**columns)
        return replace(self, entries=entries if mask.all() else entries[mask].reset_index(drop=True))

    def report(self, mask: Mask, code: str, details: Callable[[Any], dict[str, str]] = lambda entry: {}) -> None:
        """Report each entry under `mask`."""
        entry: Any
        if not mask.any():  # most rules are broken by no entry, and an empty table costs pandas as much as a small one
            return
        for entry in self.entries.iloc[self.first(mask, code)].itertuples():
            self.add(code, entry, entry.cell, entry.text, details(entry))

    def first(self, mask: Mask, code: str) -> Integers:
        """Return the places of the entries under `mask`, so many as are told one by one; the others are counted."""
        places = np.flatnonzero(mask)
        if len(places) > MOST_TOLD:
            first: Any = next(self.entries.iloc[[places[MOST_TOLD]]].itertuples())
            more = Problem("more-of-a-kind", first.file, first.sheet, first.cell, code, (self.year,))
            is_warning = KINDS[code].severity == "warning"
            number = str(len(places) - MOST_TOLD)
            self.problems.append(replace(more, details={"number": number}, is_unused=is_warning))
        return places[:MOST_TOLD]

    def report_head(self, mask: Mask, column: str, describe: Callable[[str], Described]) -> None:
        """Report the unit, its name or the code of the entries under `mask`, once for each cell that holds it."""
        if not mask.any():
            return
        heads = self.entries.loc[mask, ["file", "sheet", _HEAD_CELLS[column]]]
        # a row of CSV is a head of its own
        heads = heads.assign(row=np.where(heads["sheet"] == "", self.entries.loc[mask, "row"], 0))
        mask = mask.copy()
        mask[mask] = ~heads.duplicated().to_numpy()
        top: Any = next(self.entries.iloc[[int(np.argmax(mask))]].itertuples())
        entry: Any
        for entry in self.entries.iloc[self.first(mask, describe(getattr(top, column))[0])].itertuples():
            text = getattr(entry, column)
            code, details = describe(text)
            self.add(code, entry, head_cell(entry, column), text, details)

    def add(self, code: str, entry: Any, cell: str, text: str, details: dict[str, str]) -> None:
        """Add one problem in the file and sheet of `entry`."""
        self.problems.append(Problem(code, entry.file, entry.sheet, cell, text, (self.year,), details))


def head_cell(entry: Any, column: str) -> str:
    """Return where the unit, unit_name or code of an entry stands: a cell of a sheet, or line and column of a CSV."""
    if not entry.sheet:
        return f"dòng {entry.row}, cột {column}"
    return str(getattr(entry, _HEAD_CELLS[column]))


def distinct(column: pd.Series[Any]) -> tuple[list[str], Integers]:
    """Return the texts that a category column holds, and for each row which one; by counting, as sorting is slow."""
    codes = column.cat.codes.to_numpy()
    used = np.bincount(codes, minlength=len(column.cat.categories)) > 0
    return column.cat.categories[used].tolist(), (np.cumsum(used) - 1)[codes]


def spread(column: pd.Series[Any], function: Callable[[str], int]) -> Integers:
    """Apply `function` once to each distinct text of a category column."""
    texts, places = distinct(column)
    return np.array([function(text) for text in texts], np.int64)[places]
