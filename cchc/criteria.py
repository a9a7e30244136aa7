"""One unit's criteria: where its points were lost, and how it assessed itself against how it was appraised."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from cchc.dataset import Dataset
from cchc.exact import as_float
from cchc.lookups import check_unit, check_years

_LEAF = ["component", "code", "name_vi", "name_en", "by"]
_FIELDS = ["self_units", "appraised_units", "survey_units", "points_units"]


def lost_criteria(data: Dataset, unit_id: str, year: int) -> pd.DataFrame:
    """List the leaves of the rubric where a unit lost points, the most points first.

    Parameters
    ----------
    data : Dataset
    unit_id : str
    year : int

    Returns
    -------
    DataFrame
        A row per leaf that applies, is entered, and has less than its maximum; those that lost as much in the order of
        the rubric. No row where the year has no scores of the unit.

        component, code, name_vi, name_en : str
        self_points, appraised_points, survey_points, points, max_points : float, points
            NaN where the field is not entered.
        lost : float, points
            Maximum minus points, computed exactly.

    Examples
    --------
    >>> cchc.lost_criteria(data, "so-noi-vu", 2024)[["code", "lost"]].head(2).values.tolist()
    [['5.5', 0.9], ['3.4', 0.8]]
    """
    leaves = _leaves(data, unit_id, year)
    entered = leaves[leaves["points_units"].notna()].copy()
    entered["lost_units"] = [
        int(maximum) - int(points)
        for maximum, points in zip(entered["max_units"], entered["points_units"], strict=True)
    ]
    entered = entered[entered["lost_units"] > 0].sort_values("lost_units", ascending=False, kind="stable")
    for name in (*_FIELDS, "max_units", "lost_units"):
        entered[_points_column(name)] = _as_points(entered[name], data.point_decimals)
    columns = [*_LEAF[:-1], *map(_points_column, (*_FIELDS, "max_units", "lost_units"))]
    return entered[columns].reset_index(drop=True)


def self_against_appraised(data: Dataset, unit_id: str, year: int) -> pd.DataFrame:
    """Compare by component what a unit gave itself with what it was given, over the leaves that are appraised.

    Nobody assesses a survey of himself: leaves that only a survey fills do not count, nor do survey points.

    Parameters
    ----------
    data : Dataset
    unit_id : str
    year : int

    Returns
    -------
    DataFrame
        A row per component of which every appraised leaf that applies has both points, in the order of the rubric, and
        below them their sum; no row where there is no such component.

        code : str
            "" for the sum.
        self_points, appraised_points : float, points
        gap : float, points
            Self-assessed minus appraised, computed exactly.

    Examples
    --------
    >>> cchc.self_against_appraised(data, "so-noi-vu", 2024)[["code", "gap"]].tail(1).values.tolist()
    [['', 3.25]]
    """
    leaves = _leaves(data, unit_id, year)
    rows: list[tuple[Any, ...]] = []
    for code, part in leaves[leaves["by"] != "survey"].groupby("component", sort=False):
        if part[["self_units", "appraised_units"]].notna().all(axis=None):
            own, given = (sum(map(int, part[name])) for name in ("self_units", "appraised_units"))
            rows.append((code, own, given, own - given))
    if rows:
        rows.append(("", *(sum(row[at] for row in rows) for at in (1, 2, 3))))
    frame = pd.DataFrame(rows, columns=["code", "self_points", "appraised_points", "gap"])
    for name in frame.columns[1:]:
        frame[name] = _as_points(frame[name], data.point_decimals)
    return frame


def _leaves(data: Dataset, unit_id: str, year: int) -> pd.DataFrame:
    """Return the leaves that apply to a unit, in the order of the rubric, with its fields; missing as not entered."""
    check_years(data, year)
    check_unit(data, unit_id)
    scores = data.scores[(data.scores["year"] == year) & (data.scores["unit_id"] == unit_id)]
    groups = scores["group"].astype(str).unique()
    rubric = data.rubric[(data.rubric["year"] == year) & data.rubric["group"].isin(groups) & data.rubric["is_leaf"]]
    given: dict[str, Any] = {row["code"]: row for row in scores.to_dict("records")}
    rows = []
    for leaf in rubric[[*_LEAF, "max_units"]].to_dict("records"):
        score = given.get(leaf["code"], {"is_applicable": True, "max_units": leaf["max_units"]})
        if score["is_applicable"]:
            units = [score.get(name, pd.NA) for name in _FIELDS]
            rows.append((*(leaf[name] for name in _LEAF), *units, score["max_units"]))
    return pd.DataFrame(rows, columns=[*_LEAF, *_FIELDS, "max_units"]).astype(dict.fromkeys(_FIELDS, "Int64"))


def _as_points(units: pd.Series, decimals: int) -> np.ndarray[Any, Any]:
    known = units.notna().to_numpy()
    points = np.full(len(units), np.nan)
    points[known] = as_float(np.array([int(number) for number in units[known]], dtype=object), decimals)
    return points


def _points_column(name: str) -> str:
    return name.removesuffix("_units") if name in ("points_units", "lost_units") else name.replace("_units", "_points")
