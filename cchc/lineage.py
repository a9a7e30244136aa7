"""Units through time: what a merged or split unit inherits, and what became of those that are gone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import pandas as pd

from cchc.dataset import Dataset

YearlyIndices = Mapping[tuple[str, int], Fraction]
"""The index of (unit_id, year), as it is ranked."""


@dataclass(frozen=True)
class Predecessors:
    """The predecessors of each unit with their exact shares, which add up to one where all are counted.

    Attributes
    ----------
    shares : mapping
        successor -> predecessor -> share as written, or 1 where none is written (equal shares).
    groups : mapping
        unit_id -> the group it had last.
    groups_of_year : mapping
        (unit_id, year) -> the group that it was scored in.
    """

    shares: Mapping[str, Mapping[str, Fraction]]
    groups: Mapping[str, str]
    groups_of_year: Mapping[tuple[str, int], str]

    @classmethod
    def of(cls, data: Dataset) -> Predecessors:
        """Read them from the lineage and the units of `data`."""
        shares: dict[str, dict[str, Fraction]] = {}
        row: Any  # pandas-stubs cannot know the columns
        for row in data.lineage[data.lineage["kind"] != "abolish"].itertuples(index=False):
            share = row.share if isinstance(row.share, Fraction) else Fraction(1)
            shares.setdefault(row.successor, {})[row.predecessor] = share
        by_year = {year: data.units_of(year) for year in data.years}
        groups_of_year = {
            (unit, year): group
            for year, units in by_year.items()
            for unit, group in zip(units["unit_id"], units["group"], strict=True)
        }
        return cls(shares, last_groups(data), groups_of_year)

    def counted(self, unit: str, year: int) -> dict[str, Fraction]:
        """Return the shares of the predecessors whose index of `year` counts: those that were in the unit's group."""
        group = self.groups[unit]
        return {
            name: share
            for name, share in self.shares.get(unit, {}).items()
            if self.groups_of_year.get((name, year), self.groups[name]) == group
        }

    def inherited(self, unit: str, year: int, own: YearlyIndices) -> Fraction | None:
        """Return the index that `unit` inherits for a `year` before its time; None where there is none.

        It is the exact share-weighted mean of the indices of its predecessors that were in its group then, not rounded
        (the index of another group is by another rubric); a split has one predecessor and passes its index whole; a
        chain resolves from the oldest. No value where one of the predecessors has none: the mean of the others would
        be another quantity.
        """
        shares = self.counted(unit, year)
        if not shares:
            return None
        total = Fraction(0)
        for name, share in shares.items():
            index = own[(name, year)] if (name, year) in own else self.inherited(name, year, own)
            if index is None:
                return None
            total += share * index
        return total / sum(shares.values())


def first_days(data: Dataset) -> dict[str, Any]:
    """Return the day from which each unit is valid; NaT where it always was."""
    starts = data.units.groupby("unit_id")["valid_from"]
    return {str(unit): days.min() if days.notna().all() else pd.NaT for unit, days in starts}


def last_groups(data: Dataset) -> dict[str, str]:
    """Return the group that each unit had last."""
    ordered = data.units.sort_values("valid_from", na_position="first", kind="stable")
    return dict(zip(ordered["unit_id"], ordered["group"], strict=True))


def fates(data: Dataset) -> pd.DataFrame:
    """Return what became of each unit that is gone.

    Returns
    -------
    DataFrame
        `unit_id`, `reason` ("merged", "split", "abolished"), `successors_vi`, `successors_en` (names, "; " between).
    """
    names = data.units.sort_values("valid_from", na_position="first", kind="stable").drop_duplicates(
        "unit_id", keep="last"
    )
    vi = dict(zip(names["unit_id"], names["name_vi"], strict=True))
    en = dict(zip(names["unit_id"], names["name_en"], strict=True))
    reasons = {"merge": "merged", "split": "split", "abolish": "abolished"}
    rows = []
    for unit, events in data.lineage.groupby("predecessor", sort=False):
        successors = [name for name in events["successor"] if name]
        rows.append(
            (
                unit,
                reasons[events["kind"].iloc[-1]],
                "; ".join(vi[name] for name in successors),
                "; ".join(en[name] for name in successors),
            )
        )
    return pd.DataFrame(rows, columns=["unit_id", "reason", "successors_vi", "successors_en"])
