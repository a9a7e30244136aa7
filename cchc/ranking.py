"""Ranks of a year: the official figures, places, ties, classes and changes."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from fractions import Fraction

import numpy as np
import pandas as pd

from cchc.dataset import Dataset
from cchc.exact import round_fraction, rounded
from cchc.names import sort_key
from cchc.scheme import Grade, Scheme
from cchc.scoring import score


def rank_year(data: Dataset, year: int) -> pd.DataFrame:
    """Rank the units of each group in one year.

    The official figures are the announced ones where `published/` has the year, otherwise the recomputed ones. Ties
    share the better place (1, 2, 2, 4).

    Parameters
    ----------
    data : Dataset
    year : int

    Returns
    -------
    DataFrame
        A row per unit that is scored for the year: groups in the scheme's order, then by place, ties in Vietnamese
        order of names (which means nothing); units without a place come last.

        year, group, unit_id, name_vi, name_en, short_vi
        rank : Int64, 1 to `n_ranked`
            NA where the unit is not ranked; `reason` says why.
        n_ranked : int
            Ranked units of the group.
        is_tied, is_near_tied : bool
            Shares its place; lies within `near` of a neighbour that has another place.
        index_score : float, 0 to 100
            The official index, rounded.
        index_exact : fractions.Fraction or None
            The number that is ranked.
        points, max_points, self_points, appraised_points, survey_points, bonus, penalty : float, points
            As in `score`.
        grade : str
            Class, by its Vietnamese name; "" where the scheme has none.
        is_grade_by_rounding : bool
            The class would differ without rounding.
        is_published, has_difference : bool
            Official figures are the announced ones; the recomputation gives another index, place or class.
        previous_rank, previous_n_ranked : Int64
            Last year's official place in the same group.
        previous_index_score, index_change : float
            NaN where the unit was in another group last year, whose rubric is another.
        rank_change, rank_change_common : Int64
            Places gained (positive: up): from last year's place, and among the units that have a place in both years.
        reason : str
            "" (ranked), "incomplete", "no_scores", "not_applicable" (no leaf applies), "not_announced".
        n_missing : int
        missing : str
            Leaves that are not entered.

    Raises
    ------
    InputError
        An error of the input stops this year or the one before.
    LookupError
        The year has neither scores nor an announced table.
    """
    data.require(year - 1, year)
    table = compared(official(data, [year - 1, year] if year - 1 in data.years else [year]))
    return table[table["year"] == year].reset_index(drop=True)


def compared(officials: pd.DataFrame) -> pd.DataFrame:
    """Return the columns of `rank_year` for all years of `officials`, each compared with the year before it."""
    table = officials.drop(columns="has_scores").rename(columns={"official_rank": "rank"})
    previous = table[["unit_id", "group", "rank", "n_ranked", "index_score", "index_shown"]].add_prefix("previous_")
    previous = previous.astype({"previous_n_ranked": "Int64"}).assign(unit_id=table["unit_id"], year=table["year"] + 1)
    table = table.merge(previous.drop(columns="previous_unit_id"), on=["year", "unit_id"], how="left")
    # another group has another rubric: neither place nor index is comparable
    elsewhere = (table["previous_group"] != table["group"]).to_numpy()
    table.loc[elsewhere, ["previous_rank", "previous_n_ranked", "previous_index_score", "previous_index_shown"]] = pd.NA
    table["rank_change"] = table["previous_rank"] - table["rank"]
    table["rank_change_common"] = _common_change(table)
    table["index_change"] = [
        float(now - before) if isinstance(now, Fraction) and isinstance(before, Fraction) else np.nan
        for now, before in zip(table["index_shown"], table["previous_index_shown"], strict=True)
    ]
    return table[
        ["year", "group", "unit_id", "name_vi", "name_en", "short_vi", "rank", "n_ranked", "is_tied", "is_near_tied",
         "index_score", "index_exact", "points", "max_points", "self_points", "appraised_points", "survey_points",
         "bonus", "penalty", "grade", "is_grade_by_rounding", "is_published", "has_difference", "previous_rank",
         "previous_n_ranked", "previous_index_score", "index_change", "rank_change", "rank_change_common", "reason",
         "n_missing", "missing"]
    ]  # fmt: skip


def official(data: Dataset, years: Iterable[int]) -> pd.DataFrame:
    """Return the official figures of some years, and beside them the announced and the recomputed ones.

    Returns
    -------
    DataFrame
        A row per unit that is scored for a year, sorted as in `rank_year`, with the columns of `score` and of
        `rank_year` (without the comparison with the year before) and

        official_rank : Int64
            What `rank_year` calls `rank`.
        index_shown : Fraction or None
            The official index as it is printed.
        index_unrounded, recomputed_exact : Fraction or None
            The recomputed index, and the number of it that is ranked.
        recomputed_rank : Int64; recomputed_grade : str
        published_index_units, published_index_decimals, published_rank, published_grade
            What was announced, as in `Dataset.published`; missing where nothing was.
        is_announced : bool
            The announced table of the year has the unit.
    """
    scheme = data.scheme
    table = _recomputed(data, list(years)).merge(_published(data), on=["year", "unit_id"], how="left")
    table["is_published"] = table["year"].isin(data.published_years)
    table["is_announced"] = table["is_announced"].eq(True).fillna(False).astype(bool)
    table["published_grade"] = table["published_grade"].fillna("")
    table["has_difference"] = differs(table, scheme.classes)
    announced = announced_indices(table)
    # a unit that the announcement leaves out has no official figure of that year, whatever its scores give
    counts = table["is_announced"] | ~table["is_published"]
    numbers = [
        (given if given is not None else value) if count else None
        for given, value, count in zip(announced, table["recomputed_exact"], counts, strict=True)
    ]
    shown = [
        given if given is not None or number is None else rounded(number, scheme.decimals)
        for given, number in zip(announced, numbers, strict=True)
    ]
    table["index_exact"], table["index_shown"] = _exact(numbers), _exact(shown)
    table["index_score"] = [np.nan if value is None else float(value) for value in shown]
    has_place = table["index_exact"].notna() | table["published_rank"].notna()
    table["reason"] = table["reason"].where(~has_place, "").where(counts, "not_announced")

    grades = pd.Series([grade_of(scheme, value) for value in numbers], index=table.index, dtype="str")
    table["grade"] = (
        table["published_grade"].where(table["published_grade"] != "", grades).where(has_place & counts, "")
    )
    table["is_grade_by_rounding"] = [
        number is not None and unrounded is not None and rounded(unrounded, scheme.decimals) == number
        and grade_of(scheme, unrounded) != grade_of(scheme, number)
        for number, unrounded in zip(numbers, table["index_unrounded"], strict=True)
    ]  # fmt: skip
    table["official_rank"] = table["published_rank"].fillna(ranks_within(table, "index_exact", ["year", "group"]))
    table.loc[table["reason"] != "", "official_rank"] = pd.NA
    table["is_tied"] = table.duplicated(["year", "group", "official_rank"], keep=False) & table["official_rank"].notna()
    table["is_near_tied"] = False
    for (year, group), rows in table.groupby(["year", "group"], sort=False):
        near = near_of(data, int(str(year)), str(group))
        table.loc[rows.index, "is_near_tied"] = near_ties(rows["index_exact"], rows["official_rank"], near)
    table["n_ranked"] = table.groupby(["year", "group"])["official_rank"].transform("count").astype("int64")
    return sort_units(data, table, "official_rank")


def as_recomputed(official_figures: pd.DataFrame) -> pd.DataFrame:
    """Return official figures with the recomputed index and place in their stead, as if nothing were announced."""
    table = official_figures.copy()
    table["index_exact"], table["official_rank"] = table["recomputed_exact"], table["recomputed_rank"]
    table["reason"] = np.where(table["official_rank"].notna(), "", "incomplete")
    return table


def _recomputed(data: Dataset, years: list[int]) -> pd.DataFrame:
    """Return the figures of some years as the score files give them, whatever was announced."""
    for year in years:
        if year not in data.years:
            known = ", ".join(map(str, data.years)) or "—"
            raise LookupError(f"Không có số liệu năm {year} trong {data.scheme.id}; các năm đang có: {known}")
    names = ["year", "group", "unit_id", "name_vi", "name_en", "short_vi"]
    units = pd.concat([data.units_of(year).assign(year=year)[names] for year in years], ignore_index=True)
    table = units.merge(score(data, years), on=["year", "group", "unit_id"], how="left")
    table["has_scores"] = table["has_scores"].eq(True).fillna(False).astype(bool)
    table["n_missing"] = table["n_missing"].fillna(0).astype("int64")
    table["missing"] = table["missing"].fillna("")
    unrounded = [value if isinstance(value, Fraction) else None for value in table["index_exact"]]
    ranked = [ranked_number(data.scheme, value) for value in unrounded]
    table["index_unrounded"], table["recomputed_exact"] = _exact(unrounded), _exact(ranked)
    table["recomputed_rank"] = ranks_within(table, "recomputed_exact", ["year", "group"])
    table["recomputed_grade"] = [grade_of(data.scheme, value) for value in ranked]
    table["reason"] = [
        "" if value is not None else "no_scores" if not scored else "incomplete" if missing else "not_applicable"
        for value, scored, missing in zip(ranked, table["has_scores"], table["n_missing"], strict=True)
    ]
    return table


def _published(data: Dataset) -> pd.DataFrame:
    columns = ["index_units", "index_decimals", "rank", "grade"]
    announced = data.published[columns].add_prefix("published_")
    return data.published[["year", "unit_id"]].join(announced).assign(is_announced=True)


def announced_indices(table: pd.DataFrame) -> list[Fraction | None]:
    """Return the announced index of each row of `table`, exactly; None where none was announced."""
    return [
        None if units is pd.NA else Fraction(int(units), 10 ** int(decimals))
        for units, decimals in zip(table["published_index_units"], table["published_index_decimals"], strict=True)
    ]


def _exact(values: Iterable[Fraction | None]) -> pd.Series:
    """Return a column of exact numbers; None stays None, which pandas would otherwise turn into NaN."""
    return pd.Series(list(values), dtype=object)


def ranked_number(scheme: Scheme, value: Fraction | None) -> Fraction | None:
    """Return the number of an index that is ranked: rounded once, or exact, as the scheme says."""
    return rounded(value, scheme.decimals) if value is not None and scheme.rank_on == "rounded" else value


def grade_of(scheme: Scheme, value: Fraction | None) -> str:
    """Return the Vietnamese name of the class of an index; "" below the lowest cut, without index or classes."""
    if value is None:
        return ""
    return next((grade.name.vi for grade in scheme.classes if value >= Fraction(grade.from_)), "")


def ranks_within(table: pd.DataFrame, column: str, keys: list[str]) -> pd.Series:
    """Rank exact numbers from the largest within each key: ties share the better place (1, 2, 2, 4); NA without one."""
    ranks = pd.Series(pd.NA, index=table.index, dtype="Int64")
    for _, numbers in table.groupby(keys, sort=False)[column]:
        ordered = sorted((number for number in numbers if number is not None), reverse=True)
        places = {number: len(ordered) - place for place, number in enumerate(reversed(ordered))}
        ranks[numbers.index] = [places.get(number, pd.NA) for number in numbers]
    return ranks


def near_ties(numbers: pd.Series, ranks: pd.Series, near: Fraction) -> list[bool]:
    """Say which units of one group lie within `near` of a neighbour that has another place."""
    best: dict[int, Fraction] = {}
    worst: dict[int, Fraction] = {}
    for number, rank in zip(numbers, ranks, strict=True):
        if number is not None and rank is not pd.NA:
            best[rank] = max(number, best.get(rank, number))
            worst[rank] = min(number, worst.get(rank, number))
    pairs = [(above, below) for above, below in itertools.pairwise(sorted(best)) if worst[above] - best[below] <= near]
    marked = {place for pair in pairs for place in pair}
    return [number is not None and rank in marked for number, rank in zip(numbers, ranks.fillna(0), strict=True)]


def near_of(data: Dataset, year: int, group: str) -> Fraction:
    """Return how close is near-tied: the scheme's `near`, else the smallest scoring step over the rubric's maximum."""
    if data.scheme.near is not None:
        return Fraction(data.scheme.near)
    rubric = data.rubric[
        (data.rubric["year"] == year) & (data.rubric["group"] == group) & (data.rubric["parent"] == "")
    ]
    if rubric.empty:
        return Fraction(1, 10**data.scheme.decimals)
    return Fraction(100, sum(map(int, rubric["max_units"])))


def sort_units(data: Dataset, table: pd.DataFrame, rank: str = "rank") -> pd.DataFrame:
    """Sort by the scheme's groups, place and Vietnamese name; units without a place last, then those that are gone."""
    groups = {group.id: position for position, group in enumerate(data.scheme.groups)}
    gone = ~table["is_listed"] if "is_listed" in table else [False] * len(table)
    columns = (table["group"], table[rank], gone, table["name_vi"], table["unit_id"])
    keys = [
        (groups[group], place is pd.NA, is_gone, 0 if place is pd.NA else place, sort_key(name), unit)
        for group, place, is_gone, name, unit in zip(*columns, strict=True)
    ]
    return table.iloc[sorted(range(len(keys)), key=keys.__getitem__)].reset_index(drop=True)


def differs(table: pd.DataFrame, classes: tuple[Grade, ...]) -> list[bool]:
    """Say for each unit whether the recomputation gives another index, place or class than was announced."""
    return [
        (index is not None and units is not pd.NA and round_fraction(index, int(decimals)) != units)
        or (rank is not pd.NA and announced_rank is not pd.NA and rank != announced_rank)
        or bool(classes and index is not None and announced_grade and grade != announced_grade)
        for index, units, decimals, rank, announced_rank, grade, announced_grade in zip(
            table["index_unrounded"], table["published_index_units"], table["published_index_decimals"],
            table["recomputed_rank"], table["published_rank"], table["recomputed_grade"], table["published_grade"],
            strict=True,
        )
    ]  # fmt: skip


def _common_change(table: pd.DataFrame) -> pd.Series:
    """Return the places gained among the units of each group that have a place in both years."""
    common = table[table["rank"].notna() & table["previous_rank"].notna()]
    by_group = common.groupby(["year", "group"])
    change = by_group["previous_rank"].rank(method="min") - by_group["rank"].rank(method="min")
    return change.astype("Int64").reindex(table.index)
