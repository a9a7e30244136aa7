"""Cells that several printed tables share: places with their marks, names with the reason, classes, captions."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pandas as pd

from cchc.dataset import Dataset
from cchc.facts import WANTING, names, period_years, reason, rounded
from cchc.locale import is_missing, number, translator
from cchc.ranking import near_of
from cchc.table import Column, Marked, Table

Filled = tuple[Column, list[Any]]

POINTS = ["points", "max_points", "appraised_points", "survey_points", "bonus", "penalty"]
FEWEST_DECIMALS, MOST_DECIMALS = 2, 4
TIED, NEAR_TIED = "=", "≈"


def make_table(columns: Iterable[Filled], notes: Iterable[str] = (), **texts: str) -> Table:
    """Turn columns with their cells into a table."""
    heads, cells = zip(*columns, strict=True)
    return Table(columns=heads, rows=tuple(zip(*cells, strict=True)), notes=tuple(notes), **texts)


def where_any(column: Column, cells: Iterable[Any], nothing: object = "") -> list[Filled]:
    """Return a column where any of its cells holds something else than `nothing`, else no column."""
    filled = list(cells)
    values = [cell.value if isinstance(cell, Marked) else cell for cell in filled]
    return [(column, filled)] if any(not is_missing(value) and value != nothing for value in values) else []


def marked(values: Iterable[Any], flags: Iterable[bool], mark: str) -> list[Any]:
    """Put `mark` behind the values that are flagged and not missing."""
    return [
        Marked(value, mark) if flag and not is_missing(value) else value
        for value, flag in zip(values, flags, strict=True)
    ]


def pairs(ranks: Iterable[Any], numbers: Iterable[Any]) -> list[Any]:
    """Return the cells of a column of places."""
    return [None if is_missing(rank) else (rank, n) for rank, n in zip(ranks, numbers, strict=True)]


def places(rows: pd.DataFrame) -> list[Any]:
    """Return the places of a ranking, ties and near-ties marked."""
    marks = [
        TIED if tied else NEAR_TIED if near else ""
        for tied, near in zip(rows["is_tied"], rows["is_near_tied"], strict=True)
    ]
    cells = pairs(rows["rank"], rows["n_ranked"])
    return [Marked(cell, mark) if mark else cell for cell, mark in zip(cells, marks, strict=True)]


def tie_notes(data: Dataset, rows: pd.DataFrame, lang: str) -> list[str]:
    """Explain the marks of `places`, as far as they occur in one group's ranking."""
    _ = translator(lang)
    notes = []
    if rows["is_tied"].any():
        notes.append(_("= Đồng hạng: chỉ số bằng nhau; thứ tự liệt kê theo tên, không phải thứ tự xếp hạng."))
    if (rows["is_near_tied"] & ~rows["is_tied"]).any():
        near = near_of(data, period_years(data, rows)[-1], str(rows["group"].iloc[0]))
        value = Decimal(near.numerator) / Decimal(near.denominator)
        decimals = max(data.scheme.decimals, -value.adjusted())
        text = _("≈ Gần bằng nhau: cách đơn vị liền kề không quá {near} điểm.")
        notes.append(text.format(near=number(value, decimals, lang)))
    return notes


def units(data: Dataset, rows: pd.DataFrame, lang: str) -> list[Any]:
    """Return the names of a ranking; those that are not ranked with the reason in words."""
    _ = translator(lang)
    cells: list[Any] = []
    for name, row in zip(names(rows, lang), rows.itertuples(), strict=True):
        text = _("(chưa xếp hạng: {reason})") if row.reason in WANTING else "({reason})"
        if row.reason:
            cells.append(Marked(name, text.format(reason=reason(data, row, lang))))
        else:
            cells.append(Marked(name, _("(đã giải thể)")) if getattr(row, "is_group_dissolved", False) else name)
    return cells


def grade_name(data: Dataset, name: str, lang: str) -> str:
    """Return a class in `lang`; a name that only an announced table uses stays as it is."""
    return next((grade.name.get(lang) for grade in data.scheme.classes if grade.name.vi == name), name)


def grade_column(data: Dataset, label: str, lang: str) -> Column:
    """Return the head of a column of classes, which knows their order."""
    return Column(label, "grade", classes=tuple(grade.name.get(lang) for grade in data.scheme.classes))


def grades(data: Dataset, cells: Iterable[Any], lang: str) -> list[Any]:
    """Return a column of classes in `lang`."""
    return [None if is_missing(cell) else grade_name(data, cell, lang) for cell in cells]


def point_decimals(rows: pd.DataFrame) -> int:
    """Return how many decimals the points of a table need, at least two and at most four: fifteen are no table."""
    columns = (rows[name] for name in POINTS if name in rows.columns)
    return min(MOST_DECIMALS, decimals_of(value for column in columns for value in column))


def decimals_of(points: Iterable[Any]) -> int:
    """Return how many decimals it takes to print points as they are, at least two."""
    needed = [
        -int(Decimal(repr(float(value))).normalize().as_tuple().exponent) for value in points if not is_missing(value)
    ]
    return max([FEWEST_DECIMALS, *needed])


def totals(rows: pd.DataFrame, decimals: int) -> list[Decimal | None]:
    """Return points with bonus and penalty, added exactly."""
    added = [
        None if is_missing(row.points) else _exact(row.points) + _exact(row.bonus) - _exact(row.penalty)
        for row in rows.itertuples()
    ]
    return [None if value is None else rounded(value, decimals) for value in added]


def _exact(value: Any) -> Fraction:
    return Fraction(0) if is_missing(value) else Fraction(repr(float(value)))


def differs(one: pd.Series, other: pd.Series) -> pd.Series:
    """Say where both columns have a value and the values differ."""
    return (one != other).fillna(False).astype(bool)
