"""Ranks of a year: the official figures, places, ties, classes and changes."""

from __future__ import annotations

import functools
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable
from fractions import Fraction

import numpy as np
import pandas as pd

from cchc.dataset import Dataset
from cchc.exact import round_fraction, rounded
from cchc.lookups import check_years
from cchc.names import sort_key
from cchc.places import near_ties, ranks_within
from cchc.rows import positions_of, rows_at, rows_of
from cchc.scheme import Grade, Scheme
from cchc.scoring import score

_KEY = ["year", "group", "unit_id"]


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

    Examples
    --------
    >>> ranking = cchc.rank_year(data, 2024)
    >>> ranking.loc[ranking["group"] == "so-nganh", ["unit_id", "rank", "index_score"]].head(2).values.tolist()
    [['so-tai-chinh', 1, 93.88], ['so-ke-hoach-va-dau-tu', 2, 90.71]]
    """
    data.require(year - 1, year)
    table = compared(official(data, [year - 1, year] if year - 1 in data.years else [year]))
    return table[table["year"] == year].reset_index(drop=True)


def compared(officials: pd.DataFrame) -> pd.DataFrame:
    """Return the columns of `rank_year` for all years of `officials`, each compared with the year before it."""
    table = officials.drop(columns="has_scores").rename(columns={"official_rank": "rank"}).reset_index(drop=True)
    # within the group: another one has another rubric, and neither place nor index is comparable
    at = rows_of(zip(table["year"] - 1, table["group"], table["unit_id"], strict=True), table, _KEY)
    previous = rows_at(table[["rank", "n_ranked", "index_score", "index_shown"]], at).add_prefix("previous_")
    table = pd.concat([table, previous.astype({"previous_n_ranked": "Int64"})], axis=1)
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
    table = _recomputed(data, list(years))
    at = rows_of(zip(table["year"], table["unit_id"], strict=True), data.published, ["year", "unit_id"])
    announcement = rows_at(data.published[["index_units", "index_decimals", "rank", "grade"]], at)
    table = pd.concat([table, announcement.add_prefix("published_")], axis=1)
    table["is_published"] = table["year"].isin(data.published_years)
    table["is_announced"] = at >= 0
    table["published_grade"] = table["published_grade"].fillna("")
    table["has_difference"] = differs(table, scheme.classes)
    announced = announced_indices(table)
    # a unit that the announcement leaves out has no official figure of that year, whatever its scores give
    counts = table["is_announced"] | ~table["is_published"]
    numbers = [
        (given if given is not None else value) if count else None
        for given, value, count in zip(announced, table["recomputed_exact"], counts, strict=True)
    ]
    # what counts and was not announced is the recomputed number, which is rounded already
    shown = [
        given if given is not None or number is None else once
        for given, number, once in zip(announced, numbers, table["rounded"], strict=True)
    ]
    table["index_exact"], table["index_shown"] = _exact(numbers), _exact(shown)
    table["index_score"] = [np.nan if value is None else float(value) for value in shown]
    has_place = table["index_exact"].notna() | table["published_rank"].notna()
    table["reason"] = table["reason"].where(~has_place, "").where(counts, "not_announced")

    grades = grades_of(scheme, numbers)
    table["grade"] = pd.Series(grades, dtype="str").where(table["published_grade"] == "", table["published_grade"])
    table["grade"] = table["grade"].where(has_place & counts, "")
    table["is_grade_by_rounding"] = [
        number is not None and once is not None and once == number and of_unrounded != grade
        for number, once, of_unrounded, grade in zip(
            numbers, table.pop("rounded"), grades_of(scheme, table["index_unrounded"]), grades, strict=True
        )
    ]
    table["official_rank"] = table["published_rank"].fillna(ranks_within(table, "index_exact", ["year", "group"]))
    table.loc[table["reason"] != "", "official_rank"] = pd.NA
    _add_ties(data, table)
    return sort_units(data, table, "official_rank")


def as_recomputed(official_figures: pd.DataFrame) -> pd.DataFrame:
    """Return official figures with the recomputed index and place in their stead, as if nothing were announced."""
    table = official_figures.copy()
    table["index_exact"], table["official_rank"] = table["recomputed_exact"], table["recomputed_rank"]
    table["reason"] = np.where(table["official_rank"].notna(), "", "incomplete")
    return table


def _recomputed(data: Dataset, years: list[int]) -> pd.DataFrame:
    """Return the figures of some years as the score files give them, whatever was announced."""
    check_years(data, *years)
    names = ["year", "group", "unit_id", "name_vi", "name_en", "short_vi"]
    units = pd.concat([data.units_of(year).assign(year=year)[names] for year in years], ignore_index=True)
    scores = score(data, years)
    at = rows_of(zip(*(units[name] for name in _KEY), strict=True), scores, _KEY)
    table = pd.concat([units, rows_at(scores.drop(columns=_KEY), at)], axis=1)
    table["has_scores"] = table["has_scores"].eq(True).fillna(False).astype(bool)
    table["n_missing"] = table["n_missing"].fillna(0).astype("int64")
    table["missing"] = table["missing"].fillna("")
    unrounded = [value if isinstance(value, Fraction) else None for value in table["index_exact"]]
    # one object for each number: that two of them are equal is then seen without comparing Fractions
    as_fraction = functools.cache(lambda units: Fraction(units, 10**data.scheme.decimals))
    once = [None if value is None else as_fraction(round_fraction(value, data.scheme.decimals)) for value in unrounded]
    ranked = once if data.scheme.rank_on == "rounded" else unrounded
    table["index_unrounded"], table["rounded"], table["recomputed_exact"] = map(_exact, (unrounded, once, ranked))
    table["recomputed_rank"] = ranks_within(table, "recomputed_exact", ["year", "group"])
    table["recomputed_grade"] = grades_of(data.scheme, ranked)
    table["reason"] = [
        "" if value is not None else "no_scores" if not scored else "incomplete" if missing else "not_applicable"
        for value, scored, missing in zip(ranked, table["has_scores"], table["n_missing"], strict=True)
    ]
    return table


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


def grades_of(scheme: Scheme, values: Iterable[Fraction | None]) -> list[str]:
    """Return the Vietnamese name of the class of each index; "" below the lowest cut, without index or classes."""
    cuts = [(grade.name.vi, *Fraction(grade.from_).as_integer_ratio()) for grade in scheme.classes]

    def grade(value: Fraction) -> str:
        over, under = value.as_integer_ratio()
        return next((name for name, cut, unit in cuts if over * unit >= cut * under), "")

    return ["" if value is None else grade(value) for value in values]


def _add_ties(data: Dataset, table: pd.DataFrame) -> None:
    """Say of each place whether it is shared, whether a neighbour is near, and how many there are."""
    ranks, numbers = table["official_rank"].tolist(), table["index_exact"].tolist()
    is_tied, is_near_tied, n_ranked = [False] * len(table), [False] * len(table), [0] * len(table)
    for (year, group), rows in positions_of(table, ["year", "group"]).items():
        near = near_ties([numbers[row] for row in rows], [ranks[row] for row in rows], near_of(data, year, group))
        units = Counter(ranks[row] for row in rows if ranks[row] is not pd.NA)
        for row, is_near in zip(rows, near, strict=True):
            is_tied[row], is_near_tied[row], n_ranked[row] = units[ranks[row]] > 1, is_near, units.total()
    table["is_tied"], table["is_near_tied"], table["n_ranked"] = is_tied, is_near_tied, n_ranked


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
    names = {name: sort_key(name) for name in set(table["name_vi"])}
    columns = (table["group"], table[rank].tolist(), gone, table["name_vi"], table["unit_id"])
    keys = [
        (groups[group], place is pd.NA, is_gone, 0 if place is pd.NA else place, names[name], unit)
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
    gained = pd.Series(pd.NA, index=table.index, dtype="Int64")
    for rows in positions_of(common, ["year", "group"]).values():
        part = common.iloc[rows]
        before, now = (sorted(part[name].tolist()) for name in ("previous_rank", "rank"))
        gained[part.index] = [
            bisect_left(before, previous) - bisect_left(now, rank)
            for previous, rank in zip(part["previous_rank"].tolist(), part["rank"].tolist(), strict=True)
        ]
    return gained
