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
from cchc.lookups import check_any_year
from cchc.rows import positions_of, rows_of
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

    Examples
    --------
    >>> scores = cchc.score(data, [2024]).set_index("unit_id")
    >>> scores.loc["so-noi-vu", ["points", "max_points", "bonus", "index_score"]].tolist()
    [88.51, 100.0, 0.0, 88.51]
    """
    wanted = _scored_years(data, years)
    leaves = _leaves(data, wanted)
    table = _expected(data, wanted)
    _add(table, sum_by(leaves, _UNIT, [*_POINTS, "n_done", "n_self", "n_applicable"]).assign(has_scores=1), _UNIT)
    _add(table, _leaf_counts(data), ["year", "group"])
    _add(table, data.adjustments[[*_UNIT, "bonus_units", "penalty_units"]], _UNIT)
    table["has_scores"] = table["has_scores"].astype(bool)
    table["n_missing"] = table["n_leaves"] - table["n_done"]
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
        points_units, max_units : int
            Points and maximum exactly, in ``10 ** -point_decimals``: of what is entered and applies.

    Examples
    --------
    >>> components = cchc.score_components(data, [2024])
    >>> components.loc[components["unit_id"] == "so-noi-vu", ["code", "points", "max_points"]].head(2).values.tolist()
    [['1', 10.75, 12.0], ['2', 9.25, 10.0]]
    """
    wanted = _scored_years(data, years)
    leaves = _leaves(data, wanted)
    sums = sum_by(leaves, [*_UNIT, "component"], [*_POINTS, "n_done", "n_self", "n_applicable"])
    table = _components(data, sums)
    _add(table, sums.rename(columns={"component": "code"}), [*_UNIT, "code"])
    table["is_complete"] = table["n_done"] == table["n_leaves"]
    table["is_applicable"] = ~table["is_complete"] | (table["n_applicable"] > 0)
    known = (table["is_complete"] & table["is_applicable"]).to_numpy()

    d = data.point_decimals
    for name in ("points", "max_points"):
        table[name] = np.where(known, as_float(table[_units_column(name)], d), np.nan)
    has_self = known & (table["n_self"] == table["n_applicable"]).to_numpy()
    table["self_points"] = np.where(has_self, as_float(table["self_units"], d), np.nan)
    table["index_score"] = np.nan
    hundredfold, decimals = table.loc[known, "points_units"].astype(object) * 100, data.scheme.decimals
    indices = round_ratio(hundredfold, table.loc[known, "max_units"], decimals)
    table.loc[known, "index_score"] = as_float(indices, decimals)
    return table[
        [*_UNIT, "code", "name_vi", "name_en", "series", "points", "max_points", "self_points", "index_score",
         "is_applicable", "is_complete", "points_units", "max_units"]
    ]  # fmt: skip


def _scored_years(data: Dataset, years: Iterable[int] | None) -> list[int]:
    if years is None:
        return data.scored_years
    check_any_year(data, wanted := set(years))
    return sorted(wanted & set(data.scored_years))


def _expected(data: Dataset, years: list[int]) -> pd.DataFrame:
    """Return the units that are scored for each of `years`, in the order of the scheme's groups and of unit ids."""
    order = {group.id: position for position, group in enumerate(data.scheme.groups)}
    rows = []
    for year in years:
        units = data.units_of(year)
        rows += sorted(
            (year, order[group], group, unit) for group, unit in zip(units["group"], units["unit_id"], strict=True)
        )
    numbers, _, groups, ids = zip(*rows, strict=True) if rows else ((), (), (), ())
    return pd.DataFrame(
        {
            "year": np.array(numbers, np.int64),
            "group": pd.Series(groups, dtype="str"),
            "unit_id": pd.Series(ids, dtype="str"),
        }
    )


def _components(data: Dataset, sums: pd.DataFrame) -> pd.DataFrame:
    """Return the components of the rubric of each unit's year that has sums, and how many leaves each has."""
    rubric = data.rubric
    components = rubric.loc[rubric["parent"] == "", ["year", "group", "code", "name_vi", "name_en"]]
    components = components.reset_index(drop=True).assign(series=component_series(data)["series"])
    n_leaves = sum_by(rubric[rubric["is_leaf"]].assign(n_leaves=1), ["year", "group", "component"], ["n_leaves"])
    _add(components, n_leaves.rename(columns={"component": "code"}), ["year", "group", "code"])
    places = positions_of(components, ["year", "group"])
    units = dict.fromkeys(zip(*(sums[name].tolist() for name in _UNIT), strict=True))
    rows = [(unit, place) for year, group, unit in units for place in places.get((year, group), ())]
    table = components.iloc[[place for _, place in rows]].reset_index(drop=True)
    return table.assign(unit_id=pd.Series([unit for unit, _ in rows], dtype="str"))


def _leaves(data: Dataset, years: list[int]) -> pd.DataFrame:
    """Return the score rows of `years` with their component, counted and with nothing missing, ready to be summed."""
    scores = data.scores if years == data.scored_years else data.scores[data.scores["year"].isin(years)]
    applicable = scores["is_applicable"].to_numpy()
    filled = {name: scores[name].notna().to_numpy() for name in _POINTS if name != "max_units"}
    codes = scores["code"].cat
    parts = pd.Index([code.partition(".")[0] for code in codes.categories])
    component_of = parts.unique().get_indexer(parts)
    # nobody assesses a survey of himself: self-assessed points are whole without the leaves that only a survey fills
    is_survey_only = filled["survey_units"] & ~filled["appraised_units"]
    columns = {name: scores[name].array for name in (*_UNIT, "code")}
    columns["component"] = pd.Categorical.from_codes(component_of[codes.codes.to_numpy()], parts.unique())
    for name in _POINTS:
        values = scores[name].to_numpy(np.int64, na_value=0)
        columns[name] = values if applicable.all() else values * applicable
    columns["n_done"] = (filled["points_units"] | ~applicable).astype(np.int64)
    columns["n_self"] = ((filled["self_units"] | is_survey_only) & applicable).astype(np.int64)
    columns["n_applicable"] = applicable.astype(np.int64)
    return pd.DataFrame(columns, copy=False)


def _leaf_counts(data: Dataset) -> pd.DataFrame:
    leaves = data.rubric[data.rubric["is_leaf"]]
    surveyed = leaves["by"].isin(["survey", "both"]).astype("int64")
    return sum_by(
        leaves.assign(n_survey_leaves=surveyed, n_leaves=1), ["year", "group"], ["n_leaves", "n_survey_leaves"]
    )


def _missing_leaves(data: Dataset, table: pd.DataFrame, leaves: pd.DataFrame) -> pd.Series:
    """Name the leaves that each incomplete unit lacks, in the rubric's order; every one where it has no scores."""
    texts = pd.Series("", index=table.index)
    incomplete = table.loc[table["n_missing"] > 0, ["year", "unit_id"]]
    if incomplete.empty:
        return texts
    done = leaves.loc[
        leaves["n_done"].eq(1) & leaves["unit_id"].isin(incomplete["unit_id"]), ["year", "unit_id", "code"]
    ]
    entered = set(zip(*(done[name].tolist() for name in done), strict=True))
    rubric = data.rubric[data.rubric["is_leaf"]]
    codes, rows = rubric["code"].tolist(), positions_of(rubric, ["year", "group"])
    for position, year, group, unit_id in table.loc[incomplete.index, _UNIT].itertuples():
        missing = [codes[row] for row in rows[(year, group)] if (year, unit_id, codes[row]) not in entered]
        texts[position] = ", ".join(missing)
    return texts


def _indices(data: Dataset, table: pd.DataFrame, leaves: pd.DataFrame) -> pd.Series:
    """Return the exact index of each row of `table`; None where it is incomplete or nothing applies."""
    weights = _weights(data)
    indices: list[Fraction | None] = []
    weighted = _component_sums(leaves, set(weights))
    columns = [*_UNIT, "is_complete", "points_units", "max_units", "bonus_units", "penalty_units"]
    rows = zip(*(table[name].tolist() for name in columns), strict=True)  # as Python integers, which do not wrap
    for year, group, unit, is_complete, points, maximum, bonus, penalty in rows:
        if not is_complete or maximum == 0:
            indices.append(None)
        elif (year, group) in weights:
            index = _weighted_index(weights[(year, group)], weighted[(year, unit)])
            indices.append(index + Fraction(bonus - penalty, 10**data.point_decimals))
        else:
            indices.append(Fraction(100 * (points + bonus - penalty), maximum))
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


def _add(table: pd.DataFrame, values: pd.DataFrame, keys: list[str]) -> None:
    """Add the integer columns of `values` to `table` by key; 0 where there is no row.

    `merge` would turn int64 with gaps into floats, which cannot hold 15 decimals.
    """
    at = rows_of(zip(*(table[name] for name in keys), strict=True), values, keys)
    for name in values.columns.difference(keys, sort=False):
        table[name] = np.append(values[name].to_numpy(), 0)[at]
