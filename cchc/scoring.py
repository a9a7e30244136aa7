"""Points to indices: what a unit's year, and each of its components, comes to."""

from __future__ import annotations

import math
from collections.abc import Iterable
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

from cchc.dataset import Dataset
from cchc.exact import as_float, round_ratio, sum_by
from cchc.series import component_series

_UNIT = ["year", "group", "unit_id"]
_POINTS = ["points_units", "max_units", "self_units", "appraised_units", "survey_units"]


def score(data: Dataset, years: Iterable[int] | None = None) -> pd.DataFrame:
    """Compute the index of every unit's year from its points.

    The index is 100 x (points + bonus - penalty) / applicable maximum or, where the rubric has weights, the weighted
    mean of the unrounded component indices + bonus - penalty (weights renormalised over the applicable components).

    Parameters
    ----------
    data : Dataset
    years : iterable of int, optional
        Years to compute; by default all that have scores.

    Returns
    -------
    DataFrame
        A row per (year, unit that is scored for it), in the order of the scheme's groups and of unit ids.

        year, group, unit_id
            The group is that of the year's scoring day.
        points, max_points : float, points
            Without bonus and penalty; NaN where the unit is incomplete.
        self_points, appraised_points, survey_points : float, points
            Sums over the applicable leaves; NaN where one of them is not entered, or where no leaf takes that field.
            Self-assessed points are of the leaves that are appraised: nobody assesses a survey of himself.
        bonus, penalty : float, points
            0 where there is none.
        index_score : float, 0 to 100 (a bonus can lift it above, a penalty press it below)
            Rounded half up by the scheme; NaN where `index_exact` is None.
        index_exact : fractions.Fraction or None
            Unrounded.
        is_complete : bool
            Every leaf of the rubric is entered or does not apply.
        n_missing : int
        missing : str
            The leaves that are not entered, "3.1, 3.2".
        has_scores : bool
            Whether the files hold anything of the unit for that year.
    """
    wanted = sorted(set(data.scores["year"].unique().tolist()) & set(data.years if years is None else years))
    leaves = _leaves(data, wanted)
    units = _expected(data, wanted)
    sums = sum_by(leaves, _UNIT, [*_POINTS, "n_done", "n_self", "n_applicable"])
    table = _join(_join(units, sums.assign(has_scores=1), _UNIT), _leaf_counts(data), ["year", "group"])
    table = _join(table, data.adjustments[[*_UNIT, "bonus_units", "penalty_units"]], _UNIT)
    table["has_scores"] = table["has_scores"].astype(bool)
    table["n_missing"] = (table["n_leaves"] - table["n_done"]).astype("int64")
    table["is_complete"] = table["has_scores"] & (table["n_missing"] == 0)
    table["missing"] = _missing_leaves(data, table, leaves)
    table["index_exact"] = _indices(data, table, leaves)

    d = data.point_decimals
    complete = table["is_complete"]
    for name in ("points", "max_points", "appraised_points", "survey_points"):
        table[name] = np.where(complete, as_float(table[_units_column(name)], d), np.nan)
    table.loc[table["n_survey_leaves"] == 0, "survey_points"] = np.nan
    has_self = complete & (table["n_self"] == table["n_applicable"])
    table["self_points"] = np.where(has_self, as_float(table["self_units"], d), np.nan)
    for name in ("bonus", "penalty"):
        table[name] = as_float(table[_units_column(name)], d)
    table["index_score"] = _rounded_floats(table["index_exact"], data.scheme.decimals)
    return table[
        [*_UNIT, "points", "max_points", "self_points", "appraised_points", "survey_points", "bonus", "penalty",
         "index_score", "index_exact", "is_complete", "n_missing", "missing", "has_scores"]
    ]  # fmt: skip


def score_components(data: Dataset, years: Iterable[int] | None = None) -> pd.DataFrame:
    """Compute the component indices: 100 x points / applicable maximum, without bonus and penalty.

    Parameters
    ----------
    data : Dataset
    years : iterable of int, optional
        Years to compute; by default all that have scores.

    Returns
    -------
    DataFrame
        A row per (year, group, unit_id, component `code`), units and components in order.

        name_vi, name_en : str
            The component's name in that year's rubric.
        series : str
            The same for what is the same component across years (see `cchc.series`).
        points, max_points, self_points : float, points
            NaN where the component is incomplete.
        index_score : float, 0 to 100
            Rounded half up by the scheme; NaN where the component is incomplete or no leaf of it applies.
        is_applicable, is_complete : bool
    """
    wanted = sorted(set(data.scores["year"].unique().tolist()) & set(data.years if years is None else years))
    leaves = _leaves(data, wanted)
    sums = sum_by(leaves, [*_UNIT, "component"], [*_POINTS, "n_done", "n_self", "n_applicable"])
    rubric = data.rubric[data.rubric["year"].isin(wanted)]
    components = rubric.loc[rubric["parent"] == "", ["year", "group", "code", "name_vi", "name_en"]]
    n_leaves = rubric[rubric["is_leaf"]].groupby(["year", "group", "component"], sort=False).size()
    components = components.join(n_leaves.rename("n_leaves"), on=["year", "group", "code"])
    components = components.merge(component_series(data), on=["year", "group", "code"])

    table = sums[_UNIT].drop_duplicates().merge(components, on=["year", "group"])
    table = _join(table, sums.rename(columns={"component": "code"}), [*_UNIT, "code"])
    table["is_complete"] = (table["n_done"] == table["n_leaves"]).astype(bool)
    table["is_applicable"] = ~table["is_complete"] | (table["n_applicable"] > 0).astype(bool)
    known = (table["is_complete"] & table["is_applicable"]).to_numpy()

    d = data.point_decimals
    for name in ("points", "max_points"):
        table[name] = np.where(known, as_float(table[_units_column(name)], d), np.nan)
    has_self = known & (table["n_self"] == table["n_applicable"]).to_numpy()
    table["self_points"] = np.where(has_self, as_float(table["self_units"], d), np.nan)
    table["index_score"] = np.nan
    hundredfold = table.loc[known, "points_units"].astype(object) * 100
    decimals = data.scheme.decimals
    table.loc[known, "index_score"] = as_float(
        round_ratio(hundredfold, table.loc[known, "max_units"], decimals), decimals
    )
    return table[
        [*_UNIT, "code", "name_vi", "name_en", "series", "points", "max_points", "self_points", "index_score",
         "is_applicable", "is_complete"]
    ]  # fmt: skip


def _expected(data: Dataset, years: list[int]) -> pd.DataFrame:
    """Return the units that are scored for each of `years`, in the order of the scheme's groups and of unit ids."""
    parts = [data.units.iloc[:0].assign(year=0), *(data.units_of(year).assign(year=year) for year in years)]
    units = pd.concat(parts, ignore_index=True)[_UNIT].astype({"year": "int64"})
    order = {group.id: position for position, group in enumerate(data.scheme.groups)}
    return units.sort_values(_UNIT, key=lambda column: column.map(order) if column.name == "group" else column)


def _leaves(data: Dataset, years: list[int]) -> pd.DataFrame:
    """Return the score rows of `years` with their component, counted and with nothing missing, ready to be summed."""
    scores = (
        data.scores
        if years == sorted(data.scores["year"].unique().tolist())
        else data.scores[data.scores["year"].isin(years)]
    )
    applicable = scores["is_applicable"].to_numpy()
    has_points = scores["points_units"].notna().to_numpy()
    codes = scores["code"].cat
    components = pd.Index([code.partition(".")[0] for code in codes.categories])
    leaves = scores[_UNIT].astype({"group": "category", "unit_id": "category"}).copy()
    leaves["component"] = pd.Categorical(
        components.take(codes.codes) if len(scores) else [], categories=components.unique()
    )
    leaves["code"] = scores["code"]
    leaves["points_units"] = scores["points_units"].where(applicable).fillna(0).astype("int64")
    leaves["max_units"] = scores["max_units"].where(applicable, 0)
    takes_self = scores["self_units"].notna().to_numpy() & applicable
    # nobody assesses a survey of himself: self-assessed points are whole without the leaves that only a survey fills
    is_survey_only = (scores["survey_units"].notna() & scores["appraised_units"].isna()).to_numpy()
    for name in ("self_units", "appraised_units", "survey_units"):
        leaves[name] = scores[name].where(applicable).fillna(0).astype("int64")
    leaves["n_done"] = (has_points | ~applicable).astype("int64")
    leaves["n_self"] = (takes_self | (is_survey_only & applicable)).astype("int64")
    leaves["n_applicable"] = applicable.astype("int64")
    return leaves


def _leaf_counts(data: Dataset) -> pd.DataFrame:
    leaves = data.rubric[data.rubric["is_leaf"]]
    surveyed = leaves.assign(n_survey_leaves=leaves["by"].isin(["survey", "both"]).astype("int64"), n_leaves=1)
    return surveyed.groupby(["year", "group"], sort=False)[["n_leaves", "n_survey_leaves"]].sum().reset_index()


def _missing_leaves(data: Dataset, table: pd.DataFrame, leaves: pd.DataFrame) -> pd.Series:
    """Name the leaves that each incomplete unit lacks, in the rubric's order; every one where it has no scores."""
    texts = pd.Series("", index=table.index)
    incomplete = table.loc[table["n_missing"] > 0, ["year", "unit_id"]]
    if incomplete.empty:
        return texts
    done = leaves[(leaves["n_done"] == 1) & leaves["unit_id"].isin(incomplete["unit_id"])]
    entered = {key: set(codes) for key, codes in done.groupby(["year", "unit_id"], observed=True)["code"]}
    rubrics = {
        key: list(codes) for key, codes in data.rubric[data.rubric["is_leaf"]].groupby(["year", "group"])["code"]
    }
    for position, year, group, unit_id in table.loc[incomplete.index, _UNIT].itertuples():
        missing = [code for code in rubrics[(year, group)] if code not in entered.get((year, unit_id), ())]
        texts[position] = ", ".join(missing)
    return texts


def _indices(data: Dataset, table: pd.DataFrame, leaves: pd.DataFrame) -> pd.Series:
    """Return the exact index of each row of `table`; None where it is incomplete or nothing applies."""
    weights = _weights(data)
    indices: list[Fraction | None] = []
    weighted = _component_sums(leaves, set(weights))
    row: Any  # pandas-stubs cannot know the columns
    for row in table.itertuples(index=False):
        adjustment = row.bonus_units - row.penalty_units
        if not row.is_complete or row.max_units == 0:
            indices.append(None)
        elif (row.year, row.group) in weights:
            index = _weighted_index(weights[(row.year, row.group)], weighted[(row.year, row.unit_id)])
            indices.append(index + Fraction(adjustment, 10**data.point_decimals))
        else:
            indices.append(Fraction(100 * (row.points_units + adjustment), row.max_units))
    return pd.Series(indices, index=table.index, dtype=object)


def _weights(data: Dataset) -> dict[tuple[int, str], dict[str, Fraction]]:
    """Return the weights of the components by (year, group), for those that have weights."""
    weighted = data.rubric[(data.rubric["parent"] == "") & data.rubric["weight"].notna()]
    found: dict[tuple[int, str], dict[str, Fraction]] = {}
    for year, group, code, weight in zip(
        *(weighted[name] for name in ("year", "group", "code", "weight")), strict=True
    ):
        found.setdefault((year, group), {})[code] = weight
    return found


def _component_sums(
    leaves: pd.DataFrame, keys: set[tuple[int, str]]
) -> dict[tuple[int, str], dict[str, tuple[int, int]]]:
    """Return points and maximum by component of each unit whose (year, group) is among `keys`."""
    if not keys:
        return {}
    sums = sum_by(leaves, [*_UNIT, "component"], ["points_units", "max_units"])
    found: dict[tuple[int, str], dict[str, tuple[int, int]]] = {}
    row: Any  # pandas-stubs cannot know the columns
    for row in sums.itertuples(index=False):
        if (row.year, row.group) in keys:
            found.setdefault((row.year, row.unit_id), {})[row.component] = (int(row.points_units), int(row.max_units))
    return found


def _weighted_index(weights: dict[str, Fraction], sums: dict[str, tuple[int, int]]) -> Fraction:
    """Return the weighted mean of unrounded component indices over the components that apply.

    With L the least common multiple of the unit's own component maxima, N = 100 x sum w P (L / M), D = L x sum w, in
    Python integers (np.lcm wraps in silence).
    """
    applicable = {code: part for code, part in sums.items() if part[1]}
    multiple = math.lcm(*(maximum for _, maximum in applicable.values()))
    numerator = sum(weights[code] * points * (multiple // maximum) for code, (points, maximum) in applicable.items())
    return Fraction(100 * numerator) / (multiple * sum(weights[code] for code in applicable))


def _rounded_floats(indices: pd.Series, decimals: int) -> np.ndarray[Any, Any]:
    known = indices.notna().to_numpy()
    floats = np.full(len(indices), np.nan)
    numerators = np.array([index.numerator for index in indices[known]], dtype=object)
    denominators = np.array([index.denominator for index in indices[known]], dtype=object)
    floats[known] = as_float(round_ratio(numerators, denominators, decimals), decimals)
    return floats


def _units_column(name: str) -> str:
    return name.removesuffix("_points") + "_units"


def _join(table: pd.DataFrame, sums: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Join integer columns to `table`; 0 where there is no row.

    As Python integers: a left join turns int64 with gaps into floats, which cannot hold 15 decimals.
    """
    values = [name for name in sums.columns if name not in keys]
    joined = table.merge(sums.astype(dict.fromkeys(values, object)), on=keys, how="left")
    joined[values] = joined[values].where(joined[values].notna(), 0)
    return joined
