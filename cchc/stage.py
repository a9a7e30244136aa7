"""Ranks of a stage: the mean of the official years, who is on the list, and what was announced of it."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pandas as pd

from cchc.dataset import Dataset
from cchc.exact import rounded
from cchc.lineage import fates
from cchc.places import near_ties, ranks_within
from cchc.ranking import announced_indices, differs, grades_of, near_of, ranked_number, sort_units
from cchc.scheme import Stage
from cchc.yearly import POLICIES, Officials, Policy, YearlyValues, adjusted_means, official_years, years_so_far


def rank_stage(data: Dataset, first: int, last: int) -> pd.DataFrame:
    """Rank the units of each group over a stage, by the exact mean of their official yearly indices.

    As with a year, what `published/` has of the stage is official (index, place and class) until a new edition.

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
            "" (ranked), "few_years", "not_announced", "merged", "split", "abolished".
        is_published, has_difference : bool
            Official figures are the announced ones; the recomputation gives another index, place or class.
        successors_vi, successors_en : str
            Where a unit that is gone went, names with "; " between.

    Raises
    ------
    InputError
        An error of the input stops one of the years, or the announced table of the stage.
    LookupError
        No year of the stage has scores or an announced table.
    ValueError
        scheme.toml has no such stage.

    Examples
    --------
    >>> stage = cchc.rank_stage(data, 2021, 2025)
    >>> stage.loc[stage["group"] == "su-nghiep", "unit_id"].iloc[0]
    'benh-vien-da-khoa'
    """
    stage = data.scheme.stage(first, last)
    return official_stage(data, stage)[
        ["stage", "group", "unit_id", "name_vi", "name_en", "short_vi", "rank", "n_ranked", "is_tied", "is_near_tied",
         "index_score", "index_exact", "grade", "n_years", "n_inherited", "n_years_expected", "is_to_date",
         "adjusted_score", "index_inherit", "index_separate", "rank_inherit", "rank_separate", "is_group_dissolved",
         "is_published", "has_difference", "reason", "successors_vi", "successors_en"]
    ]  # fmt: skip


def stage_values(data: Dataset, first: int, last: int) -> pd.DataFrame:
    """Return the yearly indices that a stage is made of, under its lineage policy.

    Returns
    -------
    DataFrame
        A row per unit of the stage (those that are gone too) and year so far of its group: `stage`, `group`,
        `unit_id`, `year`, `index_score` (float), `index_exact`, `kind` ("own", "inherited", "incomplete": scored
        without a place, "missing"), `rank`, `n_ranked` (Int64: the year's place, NA where it is not of its own).

    Examples
    --------
    >>> values = cchc.stage_values(data, 2021, 2025)
    >>> values["kind"].value_counts().to_dict()
    {'own': 202, 'inherited': 20, 'missing': 10, 'incomplete': 2}
    """
    stage = data.scheme.stage(first, last)
    officials = official_years(data, stage)
    roster = _roster(data, stage, officials)
    values = YearlyValues.of(data, roster, officials, stage.lineage)
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


def rank_stage_of(data: Dataset, stage: Stage, officials: Officials) -> pd.DataFrame:
    """Rank a stage from the given official figures of its years (verification passes recomputed ones).

    Whatever was announced of the stage itself.
    """
    table = _roster(data, stage, officials)
    table["is_to_date"] = stage.last not in data.published_years
    values = {policy: YearlyValues.of(data, table, officials, policy) for policy in POLICIES}
    for policy in POLICIES:
        _rank_under(data, stage, table, values[policy], policy)
    chosen = stage.lineage
    for name in ("index_unrounded", "index_exact", "rank", "n_years", "n_inherited"):
        table[name] = table[f"{name}_{chosen}"]
    table["n_years_expected"] = [
        len({*values[chosen].years[group], *values[chosen].present(unit)})  # a unit may bring years of another group
        for group, unit in zip(table["group"], table["unit_id"], strict=True)
    ]
    table["adjusted_score"] = adjusted_means(data, table, values[chosen])
    ranked = table["rank"].notna()
    few = table["is_listed"] & ~ranked
    table.loc[few, "reason"] = "few_years"
    for name in ("index_score", "index_inherit", "index_separate"):
        exact = {"index_score": "index_exact"}.get(name, name.replace("index_", "index_exact_"))
        table[name] = [
            np.nan if value is None else float(rounded(value, data.scheme.decimals)) for value in table[exact]
        ]
    grades = grades_of(data.scheme, table["index_exact"])
    table["grade"] = pd.Series(grades, index=table.index, dtype="str").where(ranked, "")
    return _with_ties(data, table, officials)


def _with_ties(data: Dataset, table: pd.DataFrame, officials: Officials) -> pd.DataFrame:
    """Sort a stage's table by its places, and mark ties and near-ties."""
    ranked = table["rank"].notna()
    table["is_tied"] = table["is_near_tied"] = False
    nears = nears_of(data, officials)
    for group, rows in table[ranked].groupby("group", sort=False):
        table.loc[rows.index, "is_tied"] = rows["rank"].duplicated(keep=False)
        near = near_ties(rows["index_exact"].tolist(), rows["rank"].tolist(), nears[str(group)])
        table.loc[rows.index, "is_near_tied"] = near
    table["n_ranked"] = table.groupby("group")["rank"].transform("count").astype("int64")
    return sort_units(data, table)


def nears_of(data: Dataset, officials: Officials) -> dict[str, Fraction]:
    """Return how close is near-tied in each group of a stage: as in the last of the years that have places in it."""
    years = years_so_far(data, officials)
    return {group: near_of(data, max(own, default=max(officials)), group) for group, own in years.items()}


def official_stage(data: Dataset, stage: Stage) -> pd.DataFrame:
    """Return the official figures of a stage, and beside them the announced and the recomputed ones.

    Returns
    -------
    DataFrame
        The columns of `rank_stage` and

        index_unrounded : Fraction or None
            The recomputed mean of the units that have a place by it.
        recomputed_rank : Int64; recomputed_grade : str
        published_index_units, published_index_decimals, published_rank, published_grade
            What was announced, as in `Dataset.announced`; missing where nothing was.
        is_announced : bool
            The announced table has the unit.
    """
    officials = official_years(data, stage)
    data.require(stages=[stage.id])
    table = rank_stage_of(data, stage, officials)
    table["recomputed_rank"], table["recomputed_grade"] = table["rank"], table["grade"]
    table["index_unrounded"] = table["index_unrounded"].where(table["rank"].notna(), None)
    editions = data.editions_of(stage.id)
    figures = data.figures_of(editions[-1]) if editions else data.announced.iloc[:0]
    columns = ["index_units", "index_decimals", "rank", "grade"]
    announced = figures[["unit_id"]].join(figures[columns].add_prefix("published_")).assign(is_announced=True)
    table = table.merge(announced, on="unit_id", how="left")
    table["is_announced"] = table["is_announced"].eq(True).fillna(False).astype(bool)
    table["published_grade"] = table["published_grade"].fillna("")
    table["is_published"] = bool(editions)
    table["has_difference"] = differs(table, data.scheme.classes)
    return _with_ties(data, _as_announced(data, table), officials) if editions else table


def _as_announced(data: Dataset, table: pd.DataFrame) -> pd.DataFrame:
    """Put the announced figures in the place of the recomputed ones."""
    announced, counts = announced_indices(table), table["is_announced"]
    numbers = [
        (given if given is not None else mean) if count else None
        for given, mean, count in zip(announced, table["index_unrounded"], counts, strict=True)
    ]
    numbers = [
        given if given is not None else ranked_number(data.scheme, number)
        for given, number in zip(announced, numbers, strict=True)
    ]
    official = pd.Series(numbers, index=table.index, dtype=object)
    table["rank"] = table["published_rank"].fillna(ranks_within(table.assign(mean=official), "mean", ["group"]))
    table.loc[~counts, "rank"] = pd.NA
    has_place = table["rank"].notna()
    table["reason"] = table["reason"].mask(has_place, "").mask(~has_place & (table["reason"] == ""), "not_announced")
    # a unit that the announcement leaves out keeps its mean, for information, without a place
    table["index_exact"] = official.where(counts, table["index_exact"])
    table["index_score"] = [
        np.nan if value is None else float(given if given is not None else rounded(value, data.scheme.decimals))
        for value, given in zip(table["index_exact"], announced, strict=True)
    ]
    grades = pd.Series(grades_of(data.scheme, numbers), index=table.index, dtype="str")
    given_grades = table["published_grade"]
    table["grade"] = given_grades.where(given_grades != "", grades).where(has_place, "")
    return table


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


def _rank_under(data: Dataset, stage: Stage, table: pd.DataFrame, values: YearlyValues, policy: Policy) -> None:
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
        means.append(sum(present.values(), Fraction(0)) / len(present) if present else None)
    numbers = [ranked_number(data.scheme, mean) for mean in means]
    table[f"index_unrounded_{policy}"] = pd.Series(means, index=table.index, dtype=object)
    table[f"index_exact_{policy}"] = pd.Series(numbers, index=table.index, dtype=object)
    table[f"n_years_{policy}"], table[f"n_inherited_{policy}"] = own, inherited
    counts = [
        number if listed and ok else None
        for number, listed, ok in zip(numbers, table["is_listed"], enough, strict=True)
    ]
    ranked = table.assign(mean=pd.Series(counts, index=table.index, dtype=object))
    table[f"rank_{policy}"] = ranks_within(ranked, "mean", ["group"])
