"""The units of a year, found by id or by name, and the announced results checked against them."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pandas as pd

from cchc.dataset import Dataset
from cchc.exact import parse_number
from cchc.names import closest, match_key
from cchc.problems import Problem
from cchc.schema import Table, parse_place, to_units, typed

MOST_DECIMALS = 15
"""The most decimals that an announced index may have."""


class Roster:
    """The units that are scored for one year."""

    def __init__(self, data: Dataset, year: int) -> None:
        self.units = data.units_of(year).drop_duplicates("unit_id").reset_index(drop=True)
        self._ids = {unit: place for place, unit in enumerate(self.units["unit_id"])}
        self._names = {match_key(name): place for place, name in enumerate(self.units["name_vi"])}
        self._all = data.units

    def find(self, text: str) -> int:
        """Return the place in `units` of an id or a name; -1 where no unit of the year has it."""
        place = self._ids.get(text, -1)
        return place if place >= 0 else self._names.get(match_key(text), -1)

    def problem(self, text: str) -> tuple[str, dict[str, str]]:
        """Return code and details of the problem that `text` names no unit of the year."""
        if text in set(self._all["unit_id"]) or match_key(text) in set(self._all["name_vi"].map(match_key)):
            return "unit-not-valid", {}
        near = closest(text, [*self.units["name_vi"], *self.units["unit_id"]])
        return "unknown-unit", {"allowed": ", ".join(near) or "—"}


def check_published(data: Dataset, year: int, table: Table, problems: list[Problem]) -> pd.DataFrame:
    """Return the rows of `Dataset.published` from published/`year`.csv; what is wrong is added to `problems`.

    The number of decimals is the most that the file has: spreadsheets drop zeros at the end, so that 86.1 in a
    table of two decimals was announced as 86,10.
    """
    table = replace(table, years=lambda row: (year,))
    roster = Roster(data, year)
    table.require(("unit",), problems)
    texts = table.frame["unit"]
    places = texts.map(roster.find).to_numpy(np.int64)
    for row in np.flatnonzero((places < 0) & (texts != "")):
        code, details = roster.problem(str(texts.at[row]))
        problems.append(table.problem(code, int(row), "unit", **details))
    known = places >= 0
    table.report("published-twice", np.flatnonzero(pd.Series(places).duplicated() & known), "unit", problems)
    units, decimals = _indices(table, problems)
    frame = pd.DataFrame(
        {
            "year": year,
            "group": roster.units["group"].reindex(places).to_numpy(),
            "unit_id": roster.units["unit_id"].reindex(places).to_numpy(),
            "index_units": pd.array(units, dtype="Int64"),
            "index_decimals": decimals,
            "rank": pd.array(table.parse("rank", parse_place, "not-a-place", problems), dtype="Int64"),
            "grade": _grades(data, table, problems),
            "cell": [table.place(row) for row in range(len(places))],
        }
    )
    return typed(frame[known], "published")


def _indices(table: Table, problems: list[Problem]) -> tuple[list[int | None], int]:
    """Return the announced indices as integers of ``10 ** -decimals``, and these decimals."""

    def index(text: str) -> Decimal:
        value = parse_number(text)
        if _written_decimals(value) > MOST_DECIMALS or to_units(value, MOST_DECIMALS) is None:
            raise ValueError(text)
        return value

    values = table.parse("index_score", index, "not-a-number", problems)
    decimals = max((_written_decimals(value) for value in values if value is not None), default=0)
    return [None if value is None else to_units(value, decimals) for value in values], decimals


def _written_decimals(value: Decimal) -> int:
    """Return how many decimals were written, zeros at the end included."""
    return len(format(value, "f").partition(".")[2])


def _grades(data: Dataset, table: Table, problems: list[Problem]) -> list[str]:
    """Return the announced classes, spelt as in scheme.toml where that names any."""
    classes = {match_key(grade.name.vi): grade.name.vi for grade in data.scheme.classes}
    if not classes:
        return list(table.frame["grade"])

    def spelling(text: str) -> str:
        if match_key(text) not in classes:
            raise ValueError(text)
        return classes[match_key(text)]

    unknown: list[Problem] = []
    grades = table.parse("grade", spelling, "unknown-class", unknown)
    problems.extend(replace(item, details={"allowed": ", ".join(classes.values())}) for item in unknown)
    return [grade or "" for grade in grades]
