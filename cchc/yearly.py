"""The yearly indices that a stage is made of: official, its own or inherited, and their year-adjusted mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

import numpy as np
import pandas as pd

from cchc.dataset import Dataset
from cchc.exact import rounded
from cchc.lineage import Predecessors, first_days
from cchc.ranking import official
from cchc.scheme import Stage

Policy = Literal["inherit", "separate"]
POLICIES: tuple[Policy, ...] = ("inherit", "separate")
Officials = Mapping[int, pd.DataFrame]


def official_years(data: Dataset, stage: Stage) -> dict[int, pd.DataFrame]:
    """Return the official figures of each year of `stage` that has any."""
    data.require(*stage.years)
    years = [year for year in data.years if year in stage.years]
    if not years:
        raise LookupError(f"Giai đoạn {stage.id} của {data.scheme.id} chưa có năm nào có số liệu")
    table = official(data, years)
    return {year: table[table["year"] == year] for year in years}


def years_so_far(data: Dataset, officials: Officials) -> dict[str, list[int]]:
    """Return the years of each group in which any of its units has a place."""
    with_places = {
        (group, year)
        for year, table in officials.items()
        for group, place in zip(table["group"], table["official_rank"].tolist(), strict=True)
        if place is not pd.NA
    }
    return {group.id: [year for year in officials if (group.id, year) in with_places] for group in data.scheme.groups}


@dataclass(frozen=True)
class YearlyValues:
    """The yearly indices of a stage: a unit's own, what it inherits, and the years so far of each group."""

    own: dict[tuple[str, int], Fraction]
    inherited: dict[tuple[str, int], Fraction]
    years: dict[str, list[int]]
    scored: list[int]

    @classmethod
    def of(cls, data: Dataset, roster: pd.DataFrame, officials: Officials, policy: Policy) -> YearlyValues:
        """Read them from the official figures of the years; `roster` names the units of the stage."""
        own = {
            (unit, year): exact
            for year, table in officials.items()
            for unit, exact, reason in zip(table["unit_id"], table["index_exact"], table["reason"], strict=True)
            if exact is not None and reason == ""
        }
        inherited: dict[tuple[str, int], Fraction] = {}
        if policy == "inherit":
            predecessors, starts = Predecessors.of(data), first_days(data)
            for unit in roster["unit_id"]:
                for year in officials:
                    if starts[unit] > pd.Timestamp(data.scheme.as_of(year)):
                        index = predecessors.inherited(unit, year, own)
                        if index is not None:
                            inherited[(unit, year)] = index
        return cls(own, inherited, years_so_far(data, officials), list(officials))

    def present(self, unit: str) -> dict[int, Fraction]:
        """Return the indices of one unit by year."""
        found = {year: self.own.get((unit, year), self.inherited.get((unit, year))) for year in self.scored}
        return {year: value for year, value in found.items() if value is not None}


def adjusted_means(data: Dataset, table: pd.DataFrame, values: YearlyValues) -> list[float]:
    """Return the year-adjusted mean of the units on the list that lack years of their group."""
    adjusted = dict.fromkeys(table["unit_id"], np.nan)
    for group, rows in table[table["is_listed"]].groupby("group", sort=False):
        years = values.years[str(group)]
        present = {unit: values.present(unit) for unit in rows["unit_id"]}
        complete = {unit: part for unit, part in present.items() if all(year in part for year in years)} or present
        yearly = {year: [part[year] for part in complete.values() if year in part] for year in years}
        means = {year: sum(column, Fraction(0)) / len(column) for year, column in yearly.items() if column}
        for unit, part in present.items():
            shared = [year for year in part if year in means]
            if shared and len(shared) < len(years):
                residual = sum((part[year] - means[year] for year in shared), Fraction(0)) / len(shared)
                mean = residual + sum(means.values(), Fraction(0)) / len(means)
                adjusted[unit] = float(rounded(mean, data.scheme.decimals))
    return [adjusted[unit] for unit in table["unit_id"]]
