"""Ranks of a stage: the mean of the official years, who is on the list, what is inherited."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

import numpy as np
import pandas as pd

from cchc.dataset import Dataset
from cchc.exact import rounded
from cchc.lineage import Predecessors, fates, first_days
from cchc.places import near_ties, ranks_within
from cchc.ranking import grades_of, near_of, official, ranked_number, sort_units
from cchc.scheme import Stage

Policy = Literal["inherit", "separate"]
POLICIES: tuple[Policy, ...] = ("inherit", "separate")
Officials = Mapping[int, pd.DataFrame]


def rank_stage(data: Dataset, first: int, last: int) -> pd.DataFrame:
    """Rank the units of each group over a stage, by the exact mean of their official yearly indices.

    Parameters
    ----------
    data : Dataset
    first, last : int
        A stage of scheme.toml.

    Returns
    -------
    DataFrame
        A row per unit, sorted as in `rank_year`. On the list are the units valid on the last year's scoring day, in
        the group of that day; of a group that has none then, the units of its last scored year. Units that are gone
        stand below, unranked.

        stage, group, unit_id, name_vi, name_en, short_vi
        rank : Int64; n_ranked : int; is_tied, is_near_tied : bool
        index_score : float, 0 to 100
            Mean of the years present, rounded once; NaN where there is none.
        index_exact : fractions.Fraction or None
            The number that is ranked.
        grade : str
        n_years, n_inherited, n_years_expected : int
            Years of its own, years inherited (under the stage's policy), years so far of its group.
        is_to_date : bool
            The stage is not over: its last year is not announced.
        adjusted_score : float
            Only where years are missing: mean of (index - mean of that year) + mean of the yearly means, over the
            units that have all years (over all units where none has). For information.
        index_inherit, index_separate : float; rank_inherit, rank_separate : Int64
            Under either lineage policy.
        is_group_dissolved : bool
        reason : str
            "" (ranked), "few_years", "merged", "split", "abolished".
        successors_vi, successors_en : str
            Where a unit that is gone went, names with "; " between.

    Raises
    ------
    InputError
        An error of the input stops one of the years.
    LookupError
        No year of the stage has scores or an announced table.
    ValueError
        scheme.toml has no such stage.
    """
    stage = data.scheme.stage(first, last)
    return rank_stage_of(data, stage, official_years(data, stage))


def stage_values(data: Dataset, first: int, last: int) -> pd.DataFrame:
    """Return the yearly indices that a stage is made of, under its lineage policy.

    Returns
    -------
    DataFrame
        A row per unit of the stage (those that are gone too) and year so far of its group: `stage`, `group`,
        `unit_id`, `year`, `index_score` (float), `index_exact`, `kind` ("own", "inherited", "incomplete": scored
        without a place, "missing"), `rank`, `n_ranked` (Int64: the year's place, NA where it is not of its own).
    """
    stage = data.scheme.stage(first, last)
    officials = official_years(data, stage)
    roster = _roster(data, stage, officials)
    values = _Values.of(data, roster, officials, stage.lineage)
    places = {
        (unit, year): (rank, n, reason)
        for year, table in officials.items()
        for unit, rank, n, reason in zip(
            table["unit_id"], table["official_rank"], table["n_ranked"], table["reason"], strict=True
        )
    }
    rows = []
    for group, unit in zip(roster["group"], roster["unit_id"], strict=True):
        for year in values.years[group]:
            rank, n_ranked, reason = places.get((unit, year), (pd.NA, pd.NA, "no_scores"))
            own, inherited = values.own.get((unit, year)), values.inherited.get((unit, year))
            exact = own if own is not None else inherited
            gone = "incomplete" if reason not in ("", "no_scores") else "missing"
            kind = "own" if own is not None else "inherited" if inherited is not None else gone
            shown = np.nan if exact is None else float(rounded(exact, data.scheme.decimals))
            places_of = (rank, n_ranked) if kind == "own" else (pd.NA, pd.NA)
            rows.append((stage.id, group, unit, year, shown, exact, kind, *places_of))
    names = ["stage", "group", "unit_id", "year", "index_score", "index_exact", "kind", "rank", "n_ranked"]
    return pd.DataFrame(rows, columns=names).astype({"index_exact": object, "rank": "Int64", "n_ranked": "Int64"})


def official_years(data: Dataset, stage: Stage) -> dict[int, pd.DataFrame]:
    """Return the official figures of each year of `stage` that has any."""
    data.require(*stage.years)
    years = [year for year in data.years if year in stage.years]
    if not years:
        raise LookupError(f"Giai đoạn {stage.id} của {data.scheme.id} chưa có năm nào có số liệu")
    table = official(data, years)
    return {year: table[table["year"] == year] for year in years}


def rank_stage_of(data: Dataset, stage: Stage, officials: Officials) -> pd.DataFrame:
    """Rank a stage from the given official figures of its years (verification passes recomputed ones)."""
    table = _roster(data, stage, officials)
    table["is_to_date"] = stage.last not in data.published_years
    values = {policy: _Values.of(data, table, officials, policy) for policy in POLICIES}
    for policy in POLICIES:
        _rank_under(data, stage, table, values[policy], policy)
    chosen = stage.lineage
    for name in ("index_exact", "rank", "n_years", "n_inherited"):
        table[name] = table[f"{name}_{chosen}"]
    table["n_years_expected"] = [
        len({*values[chosen].years[group], *values[chosen].present(unit)})  # a unit may bring years of another group
        for group, unit in zip(table["group"], table["unit_id"], strict=True)
    ]
    table["adjusted_score"] = _adjusted(data, table, values[chosen])
    ranked = table["rank"].notna()
    few = table["is_listed"] & ~ranked
    table.loc[few, "reason"] = "few_years"
    for name in ("index_score", "index_inherit", "index_separate"):
        exact = {"index_score": "index_exact"}.get(name, name.replace("index_", "index_exact_"))
        table[name] = [
            np.nan if value is None else float(rounded(value, data.scheme.decimals)) for value in table[exact]
        ]
    table["grade"] = pd.Series(grades_of(data.scheme, table["index_exact"]), index=table.index, dtype="str").where(
        ranked, ""
    )
    table["is_tied"] = table["is_near_tied"] = False
    for group, rows in table[ranked].groupby("group", sort=False):
        table.loc[rows.index, "is_tied"] = rows["rank"].duplicated(keep=False)
        near = near_of(data, values[chosen].years[str(group)][-1], str(group))
        table.loc[rows.index, "is_near_tied"] = near_ties(rows["index_exact"].tolist(), rows["rank"].tolist(), near)
    table["n_ranked"] = table.groupby("group")["rank"].transform("count").astype("int64")
    return sort_units(data, table)[
        ["stage", "group", "unit_id", "name_vi", "name_en", "short_vi", "rank", "n_ranked", "is_tied", "is_near_tied",
         "index_score", "index_exact", "grade", "n_years", "n_inherited", "n_years_expected", "is_to_date",
         "adjusted_score", "index_inherit", "index_separate", "rank_inherit", "rank_separate", "is_group_dissolved",
         "reason", "successors_vi", "successors_en"]
    ]  # fmt: skip


@dataclass(frozen=True)
class _Values:
    """The yearly indices of a stage: a unit's own, what it inherits, and the years so far of each group."""

    own: dict[tuple[str, int], Fraction]
    inherited: dict[tuple[str, int], Fraction]
    years: dict[str, list[int]]
    scored: list[int]

    @classmethod
    def of(cls, data: Dataset, roster: pd.DataFrame, officials: Officials, policy: Policy) -> _Values:
        own = {
            (unit, year): exact
            for year, table in officials.items()
            for unit, exact, reason in zip(table["unit_id"], table["index_exact"], table["reason"], strict=True)
            if exact is not None and reason == ""
        }
        with_places = {
            (group, year)
            for year, table in officials.items()
            for group, place in zip(table["group"], table["official_rank"].tolist(), strict=True)
            if place is not pd.NA
        }
        years = {
            group.id: [year for year in officials if (group.id, year) in with_places] for group in data.scheme.groups
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
        return cls(own, inherited, years, list(officials))

    def present(self, unit: str) -> dict[int, Fraction]:
        """Return the indices of one unit by year."""
        found = {year: self.own.get((unit, year), self.inherited.get((unit, year))) for year in self.scored}
        return {year: value for year, value in found.items() if value is not None}


def _roster(data: Dataset, stage: Stage, officials: Officials) -> pd.DataFrame:
    """Return everyone whom the stage concerns: who is on the list, and below them who is gone and why."""
    columns = ["group", "unit_id", "name_vi", "name_en", "short_vi"]
    listed = data.units_of(stage.last)[columns].assign(is_group_dissolved=False, is_listed=True)
    newest_first = [table for _, table in sorted(officials.items(), reverse=True)]
    ended = [group.id for group in data.scheme.groups if group.id not in set(listed["group"])]
    dissolved = [
        members.loc[~members["unit_id"].isin(listed["unit_id"]), columns].assign(
            is_group_dissolved=True, is_listed=True
        )
        for group in ended
        for members in [table[table["group"] == group] for table in newest_first if _has_scores(table, group)][:1]
    ]
    roster = pd.concat([listed, *dissolved], ignore_index=True)
    scored = [table.loc[table["reason"] != "no_scores", columns] for table in newest_first]
    gone = pd.concat(scored, ignore_index=True).drop_duplicates("unit_id")  # newest year first: the group it had last
    gone = gone[~gone["unit_id"].isin(roster["unit_id"])].assign(is_group_dissolved=False, is_listed=False)
    roster = pd.concat([roster, gone], ignore_index=True).merge(fates(data), on="unit_id", how="left")
    roster["reason"] = roster["reason"].fillna("abolished").where(~roster["is_listed"], "")
    for name in ("successors_vi", "successors_en"):
        roster[name] = roster[name].fillna("").where(~roster["is_listed"], "")
    return roster.assign(stage=stage.id)


def _has_scores(table: pd.DataFrame, group: str) -> bool:
    return bool((table.loc[table["group"] == group, "reason"] != "no_scores").any())


def _rank_under(data: Dataset, stage: Stage, table: pd.DataFrame, values: _Values, policy: Policy) -> None:
    """Add the means and places under one lineage policy, as columns that end in its name."""
    means: list[Fraction | None] = []
    enough, own, inherited = [], [], []
    for group, unit in zip(table["group"], table["unit_id"], strict=True):
        present = values.present(unit)
        own.append(sum((unit, year) in values.own for year in present))
        inherited.append(len(present) - own[-1])
        needed = stage.min_years
        if stage.last not in data.published_years:
            needed = min(needed, len(values.years[group]))
        enough.append(len(present) >= max(needed, 1))
        means.append(ranked_number(data.scheme, sum(present.values(), Fraction(0)) / len(present)) if present else None)
    table[f"index_exact_{policy}"] = pd.Series(means, index=table.index, dtype=object)
    table[f"n_years_{policy}"], table[f"n_inherited_{policy}"] = own, inherited
    counts = [
        mean if listed and ok else None for mean, listed, ok in zip(means, table["is_listed"], enough, strict=True)
    ]
    ranked = table.assign(mean=pd.Series(counts, index=table.index, dtype=object))
    table[f"rank_{policy}"] = ranks_within(ranked, "mean", ["group"])


def _adjusted(data: Dataset, table: pd.DataFrame, values: _Values) -> list[float]:
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
