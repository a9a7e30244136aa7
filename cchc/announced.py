"""The units of a year, found by id or by name, and the announced results checked against them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

from cchc.dataset import Dataset
from cchc.exact import parse_number
from cchc.names import closest, match_key, sort_key, unit_keys
from cchc.problems import Problem
from cchc.schema import Table, parse_place, to_units

FIGURES = ("index_score", "rank", "grade")
MOST_DECIMALS = 15
"""The most decimals that an announced index may have."""
MOST_NAMED = 5
"""So many units at most are named as those that a part of a name may mean."""

Mask = np.ndarray[Any, np.dtype[np.bool_]]


class Roster:
    """The units that are scored for one year, or other `units` (columns as in `Dataset.units`)."""

    def __init__(self, data: Dataset, year: int, units: pd.DataFrame | None = None) -> None:
        found = data.units_of(year) if units is None else units
        self.units = found.drop_duplicates("unit_id").reset_index(drop=True)
        self._ids = {unit: place for place, unit in enumerate(self.units["unit_id"])}
        self._names = {match_key(name): place for place, name in enumerate(self.units["name_vi"])}
        self._forms: dict[str, set[int]] = {}
        for column in ("name_vi", "short_vi"):
            for place, name in enumerate(self.units[column]):
                for form in unit_keys(name):
                    self._forms.setdefault(form, set()).add(place)
        self._all = data.units

    def find(self, text: str) -> int:
        """Return the place in `units` of an id or a name; -1 where no unit of the year has it, or several have."""
        found = self._candidates(text)
        return found[0] if len(found) == 1 else -1

    def group_of(self, text: str) -> str:
        """Return the group of the unit that `text` names; "" where it names none."""
        place = self.find(text)
        return str(self.units["group"].iat[place]) if place >= 0 else ""

    def problem(self, text: str) -> tuple[str, dict[str, str]]:
        """Return code and details of the problem that `text` names no unit of the year, or several."""
        if several := self._candidates(text):
            return "ambiguous-unit", {"allowed": self._listed(several)}
        forms = set(unit_keys(text))
        is_named = [not forms.isdisjoint(unit_keys(name)) for name in self._all["name_vi"]]
        other_names = self._all[np.array(is_named, bool)]  # an empty list would choose columns
        renamed = self.units[self.units["unit_id"].isin(other_names["unit_id"])]
        if len(renamed):
            return "renamed-unit", {"unit": str(renamed["unit_id"].iloc[0]), "name": str(renamed["name_vi"].iloc[0])}
        if text in set(self._all["unit_id"]) or len(other_names):
            return "unit-not-valid", {}
        within = {
            place for form in forms for other, of in self._forms.items() if f" {form} " in f" {other} " for place in of
        }
        if 1 < len(within) <= MOST_NAMED:
            return "ambiguous-unit", {"allowed": self._listed(within)}
        nearest = [str(self.units.at[place, "name_vi"]) for place in within] if len(within) == 1 else []
        near = nearest or closest(text, [*self.units["name_vi"], *self.units["unit_id"]])
        return "unknown-unit", {"allowed": ", ".join(near) or "—"}

    def _candidates(self, text: str) -> list[int]:
        """Return the places of the units that `text` may name: an id or an official name names that unit alone."""
        for known, key in ((self._ids, text), (self._names, match_key(text))):
            if key in known:
                return [known[key]]
        return sorted(set().union(*(self._forms.get(form, ()) for form in unit_keys(text))))

    def _listed(self, places: Iterable[int]) -> str:
        """Name units with their ids, in Vietnamese order."""
        units = sorted(
            self.units.loc[list(places), ["name_vi", "unit_id"]].to_numpy().tolist(),
            key=lambda unit: (sort_key(unit[0]), unit[1]),
        )
        return "; ".join(f"{name} ({unit_id})" for name, unit_id in units)


def check_published(data: Dataset, roster: Roster, table: Table, problems: list[Problem]) -> pd.DataFrame:
    """Return the rows of `Dataset.announced` from a table of published/, without their period and edition.

    What is wrong is added to `problems`.

    The number of decimals is the most that the file has: spreadsheets drop zeros at the end, so that 86.1 in a
    table of two decimals was announced as 86,10.
    """
    table.require(("unit",), problems)
    texts = table.frame["unit"]
    places = texts.map(roster.find).to_numpy(np.int64)
    for row in np.flatnonzero((places < 0) & (texts != "")):
        code, details = roster.problem(str(texts.at[row]))
        problems.append(table.problem(code, int(row), "unit", **details))
    known = places >= 0
    table.report("published-twice", np.flatnonzero(pd.Series(places).duplicated() & known), "unit", problems)
    _check_filled(table, known, problems)
    _check_groups(data, roster, set(places[known]), table.file, problems)
    units, decimals = _indices(table, problems)
    frame = pd.DataFrame(
        {
            "group": roster.units["group"].reindex(places).to_numpy(),
            "unit_id": roster.units["unit_id"].reindex(places).to_numpy(),
            "index_units": pd.array(units, dtype="Int64"),
            "index_decimals": decimals,
            "rank": pd.array(table.parse("rank", parse_place, "not-a-place", problems), dtype="Int64"),
            "grade": _grades(data, table, problems),
            "cell": [table.place(row) for row in range(len(places))],
        }
    )
    return frame[known]


def _check_filled(table: Table, known: Mask, problems: list[Problem]) -> None:
    """Every unit has a figure, and every unit has each figure that any of them has."""
    blank = table.frame[list(FIGURES)] == ""
    if blank.all(axis=None):
        problems.append(Problem("published-nothing", table.file))
        return
    is_empty = blank.all(axis=1)
    table.report("published-blank", np.flatnonzero(is_empty & known), "unit", problems)
    for column in FIGURES:
        missing = blank[column] & ~is_empty
        if missing.any() and not blank[column].all():
            units = ", ".join(table.frame.loc[missing, "unit"])
            details = {"column": column, "units": units}
            problems.append(Problem("published-in-part", table.file, details=details))


def _check_groups(data: Dataset, roster: Roster, places: set[int], file: str, problems: list[Problem]) -> None:
    """A table that was announced for the whole scheme has units of every group."""
    announced = set(roster.units["group"].iloc[sorted(places)])
    absent = set(roster.units["group"]) - announced if places else set()
    problems.extend(
        Problem("published-without-group", file, value=group.short)
        for group in data.scheme.groups
        if group.id in absent
    )


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
