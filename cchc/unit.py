"""One unit: the data that its scorecard stands on, its years, and its components against the group's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

from cchc.dataset import Dataset
from cchc.exact import rounded
from cchc.lineage import Predecessors, first_days
from cchc.lookups import check_listed, check_unit, check_years
from cchc.names import nearest
from cchc.places import middle
from cchc.ranking import compared, official

_BLANK: Mapping[str, Any] = {"bool": False, "int64": 0, "Int64": pd.NA, "float64": np.nan, "object": None, "str": ""}


def unit_data(data: Dataset, unit_id: str, year: int) -> Dataset:
    """Return the part of a scheme that one unit's scorecard stands on: the figures of its group up to `year`.

    What is computed from it cannot hang on another group or a later year: a corrected score elsewhere leaves the
    scorecard as it is. Tasks and initiatives are those of the unit alone, without names of persons, and nobody is
    nominated.

    Parameters
    ----------
    data : Dataset
    unit_id : str
    year : int
        The group is that of its scoring day.

    Returns
    -------
    Dataset
        Its last year is `year`.

    Raises
    ------
    InputError
        An error of the input stops `year` or an earlier one.
    LookupError
        The unit has no figures of that year; the message names the closest ids that have.

    Examples
    --------
    >>> cchc.unit_data(data, "so-noi-vu", 2023).years
    [2021, 2022, 2023]
    """
    data.require(*(broken for broken in data.broken_years if broken <= year))
    group = _group_of(data, unit_id, year)

    def part(table: pd.DataFrame) -> pd.DataFrame:
        return table[(table["year"] <= year) & (table["group"] == group)]

    def own(table: pd.DataFrame) -> pd.DataFrame:
        return table[(table["year"] <= year) & (table["unit_id"] == unit_id)]

    announced = part(data.published)
    # a year that was announced without this group stays an announced one
    others = data.published[(data.published["year"] <= year) & ~data.published["year"].isin(announced["year"])]
    lineage = _lineage_of(data, unit_id)
    relatives = {unit_id, *lineage["predecessor"], *lineage["successor"]}
    units = data.units[(data.units["group"] == group) | data.units["unit_id"].isin(relatives)]
    return replace(
        data,
        units=units,
        lineage=lineage,
        rubric=part(data.rubric),
        scores=part(data.scores),
        adjustments=part(data.adjustments),
        published=pd.concat([announced, others]) if len(others) else announced,
        province=data.province[data.province["year"] <= year],
        nominations=data.nominations.iloc[:0],
        initiatives=own(data.initiatives).assign(owner=""),
        tasks=own(data.tasks),
        cells=lambda: data.cells,  # as they are, read when somebody asks
    )


def _group_of(data: Dataset, unit_id: str, year: int) -> str:
    """Return the group of a unit that has figures of `year`."""
    figures = (table.loc[table["year"] == year, "unit_id"] for table in (data.scores, data.published))
    with_figures = {str(unit) for units in figures for unit in units.unique()}
    units = data.units_of(year)
    groups = dict(zip(units["unit_id"], units["group"], strict=True))
    if unit_id not in groups or unit_id not in with_figures:
        check_years(data, year)
        check_unit(data, unit_id)
        near = nearest(unit_id, sorted(with_figures))
        raise LookupError(f"Không có số liệu năm {year} của đơn vị “{unit_id}” trong {data.scheme.id}; {near}")
    return str(groups[unit_id])


def _lineage_of(data: Dataset, unit_id: str) -> pd.DataFrame:
    """Return the events that a unit came from, through all its ancestors, and those that it ended with."""
    lineage = data.lineage
    family: set[str] = set()
    found = {unit_id}
    while found != family:
        family = found
        found = family | set(lineage.loc[lineage["successor"].isin(family), "predecessor"])
    return lineage[lineage["successor"].isin(family) | (lineage["predecessor"] == unit_id)]


def unit_history(data: Dataset, unit_id: str) -> pd.DataFrame:
    """Return the years of one unit in its group, and what it inherits from before its time.

    Parameters
    ----------
    data : Dataset
        From `unit_data`, of the same unit.
    unit_id : str

    Returns
    -------
    DataFrame
        A row per year, in order; the last is that of the scorecard. A year in which the unit belonged to another group
        has no row: its place there stands on another rubric and other neighbours.

        The columns of `rank_year`, and

        kind : str
            "own", "unranked" (`reason` says why), "inherited": the exact mean of its predecessors, without a place;
            only where a stage that holds both years inherits.

    Examples
    --------
    >>> history = cchc.unit_history(cchc.unit_data(data, "so-noi-vu", 2024), "so-noi-vu")
    >>> history[["year", "rank", "n_ranked"]].values.tolist()
    [[2021, 9, 19], [2022, 6, 19], [2023, 7, 19], [2024, 4, 19]]
    """
    year = data.years[-1]
    group = _group_of(data, unit_id, year)
    officials = official(data, data.years)
    officials = officials[officials["group"] == group]
    table = compared(officials)
    own = table[table["unit_id"] == unit_id].sort_values("year", ignore_index=True)  # they come by place
    own["kind"] = pd.Series(["unranked" if reason else "own" for reason in own["reason"]], dtype="str")
    inherited = _inherited(data, officials, unit_id, year)
    if not inherited:
        return own
    names = own.iloc[-1][["group", "unit_id", "name_vi", "name_en", "short_vi"]].to_dict()
    blank = {name: _BLANK[str(dtype)] for name, dtype in own.dtypes.items()}
    rows = [
        {**blank, **names, "year": item, "index_exact": exact, "kind": "inherited",
         "index_score": float(rounded(exact, data.scheme.decimals)), "is_published": item in data.published_years}
        for item, exact in inherited.items()
    ]  # fmt: skip
    table = pd.concat([pd.DataFrame(rows).astype(own.dtypes.to_dict()), own], ignore_index=True)
    return table.sort_values("year", ignore_index=True)


def _inherited(data: Dataset, officials: pd.DataFrame, unit_id: str, year: int) -> dict[int, Fraction]:
    """Return what a unit inherits for the years before its time, by year."""
    if unit_id not in set(data.lineage["successor"]):
        return {}
    stages = [stage for stage in data.scheme.stages if stage.lineage == "inherit" and year in stage.years]
    start = first_days(data)[unit_id]
    years = [
        item
        for item in data.years
        if start > pd.Timestamp(data.scheme.as_of(item)) and any(item in stage.years for stage in stages)
    ]
    columns = (officials[name] for name in ("unit_id", "year", "index_exact", "reason"))
    own = {
        (unit, item): exact
        for unit, item, exact, reason in zip(*columns, strict=True)
        if exact is not None and not reason
    }
    predecessors = Predecessors.of(data)
    found = {item: predecessors.inherited(unit_id, item, own) for item in years}
    return {item: exact for item, exact in found.items() if exact is not None}


def component_profile(data: Dataset, components: pd.DataFrame, unit_id: str) -> pd.DataFrame:
    """Return one unit's component indices beside its group's median and best.

    Parameters
    ----------
    data : Dataset
    components : DataFrame
        From `score_components`, of one year.
    unit_id : str

    Returns
    -------
    DataFrame
        The unit's rows of `components`, in the order of the rubric; none where the year has no scores of it; and

        group_median : float, 0 to 100
            Median of the rounded indices of all units of the group that have one, this unit too, rounded half up once;
            NaN where none has.
        group_best : float
        n_units : int
            How many units that is.
        median_gap : float
            The unit's index minus the median, both as they are printed.
        open_points : float, points
            What the unit did not get of its applicable maximum, as exact decimals; NaN where either is not known.

    Examples
    --------
    >>> profile = cchc.component_profile(data, components, "so-noi-vu")
    >>> profile[["code", "index_score", "group_median", "median_gap"]].head(2).values.tolist()
    [['1', 89.58, 81.25, 8.33], ['2', 92.5, 82.5, 10.0]]
    """
    own = components[components["unit_id"] == unit_id].reset_index(drop=True)
    if own.empty:
        check_unit(data, unit_id)
    group = components[components["group"].isin(own["group"]) & components["index_score"].notna()]
    known = {
        code: [Fraction(repr(score)) for score in rows.tolist()] for code, rows in group.groupby("code")["index_score"]
    }
    exact = [Fraction(repr(score)) if score == score else None for score in own["index_score"].tolist()]
    medians = [middle(known[code], data.scheme.decimals) if code in known else None for code in own["code"]]
    gaps = [
        float(index - median) if index is not None and median is not None else np.nan
        for index, median in zip(exact, medians, strict=True)
    ]
    return own.assign(
        group_median=[np.nan if median is None else float(median) for median in medians],
        group_best=[float(max(known[code])) if code in known else np.nan for code in own["code"]],
        n_units=[len(known.get(code, [])) for code in own["code"]],
        median_gap=gaps,
        open_points=[
            float(Fraction(repr(most)) - Fraction(repr(points))) if most == most and points == points else np.nan
            for most, points in zip(own["max_points"].tolist(), own["points"].tolist(), strict=True)
        ],
    )


def neighbours(ranking: pd.DataFrame, unit_id: str) -> pd.DataFrame:
    """Return the units next above and below a unit in its group, and those that share its place.

    Parameters
    ----------
    ranking : DataFrame
        From `rank_year`.
    unit_id : str

    Returns
    -------
    DataFrame
        Rows of `ranking`: all units at the next better place, at the unit's own, and at the next place below; none
        where the unit has no place. And

        gap_exact : Fraction or None; gap : float, points of index
            The row's official index minus the unit's, both as they are ranked; None and NaN without one of them.

    Examples
    --------
    >>> cchc.neighbours(cchc.rank_year(data, 2024), "so-noi-vu")["unit_id"].tolist()
    ['so-nong-nghiep-va-phat-trien-nong-thon', 'so-noi-vu', 'van-phong-ubnd']
    """
    check_listed(ranking, unit_id)
    own = ranking[(ranking["unit_id"] == unit_id) & ranking["rank"].notna()]
    rows = ranking[ranking["group"].isin(own["group"]) & ranking["rank"].notna()]
    places = sorted(rows["rank"].unique())
    at = places.index(own["rank"].iloc[0]) if len(own) else 0
    near = rows[rows["rank"].isin(places[max(at - 1, 0) : at + 2])].reset_index(drop=True)
    number = own["index_exact"].iloc[0] if len(own) else None
    gaps = [None if other is None or number is None else other - number for other in near["index_exact"]]
    floats = [np.nan if gap is None else float(gap) for gap in gaps]
    return near.assign(gap_exact=pd.Series(gaps, dtype=object), gap=pd.Series(floats, dtype=float))
