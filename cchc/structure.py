"""The structure of an index: how its components go together, which of them decide, how units assess themselves."""

from __future__ import annotations

import itertools
from fractions import Fraction
from typing import Any, Literal

import numpy as np
import pandas as pd

from cchc.dataset import Dataset
from cchc.exact import as_float, sum_by
from cchc.lookups import check_years
from cchc.rows import positions_of
from cchc.weights import ranks_without_each

_NO_SPREAD = 1e-9
"""Index points below which a standard deviation is nothing but the rounding of floats."""


def component_correlations(component_indices: pd.DataFrame) -> pd.DataFrame:
    """Return how the components of each group go together: Pearson's correlation over the units that have both.

    OECD/JRC, "Handbook on Constructing Composite Indicators" (2008), step 4. Without its n a correlation over a dozen
    units says little.

    Parameters
    ----------
    component_indices : DataFrame
        From `component_indices`.

    Returns
    -------
    DataFrame
        A row per (group, `code`, `other_code`), each pair once: `n` (units), `correlation` (-1 to 1; NaN with fewer
        than three units, or where one of the two is the same in all of them).

    Examples
    --------
    >>> table = cchc.component_correlations(indices)
    >>> table.head(2).round(2).values.tolist()
    [['so-nganh', '1', '2', 19, 0.83], ['so-nganh', '1', '3', 18, 0.77]]
    """
    rows: list[tuple[Any, ...]] = []
    for (group,), positions in positions_of(component_indices, ["group"]).items():
        wide = _wide(component_indices.iloc[positions])
        for code, other in itertools.combinations(wide.columns, 2):
            both = wide[[code, other]].dropna()
            varies = len(both) > 2 and both.std().min() > _NO_SPREAD
            value = float(np.corrcoef(both[code], both[other])[0, 1]) if varies else np.nan
            rows.append((group, code, other, len(both), value))
    return pd.DataFrame(rows, columns=["group", "code", "other_code", "n", "correlation"])


def component_weight(component_indices: pd.DataFrame) -> pd.DataFrame:
    """Return what each component weighs by the rubric, and what it weighs in fact: how far it tells the units apart.

    A component in which all units are alike decides nothing, whatever its weight (Paruolo, Saisana & Saltelli 2013,
    "Ratings and rankings: voodoo or science?", Journal of the Royal Statistical Society A 176(3)). The effective weight
    is its part in the variance of the index: cov(contribution, sum of contributions) / var(sum), a contribution being
    weight x component index / sum of weights; the parts add up to one (Shorrocks 1982, "Inequality decomposition by
    factor components", Econometrica 50(1)). Bonus, penalty and differences from the announced index are left out.

    Parameters
    ----------
    component_indices : DataFrame
        From `component_indices`.

    Returns
    -------
    DataFrame
        A row per (group, component `code`).

        n : int
            Units to which it applies.
        mean, spread, lowest, highest : float, index points
            Of the component index over these units; spread is the standard deviation (n - 1), NaN with one unit.
        n_values : int
            Different values: 1 where the component does not discriminate at all.
        n_full : int
            Units with all points.
        weight : float, 0 to 1
            By the rubric, of its sum.
        effective_weight : float
            Adds up to one over the group; below 0 where the component runs against the index; NaN where no two units
            differ.
        n_moved : Int64
            Units whose place changes when the component is left out; NA where the rubric has no other.

    Examples
    --------
    >>> table = cchc.component_weight(indices)
    >>> table.head(2).round(2).values.tolist()
    [['so-nganh', '1', 19, 82.79, 6.05, 75.0, 95.83, 9, 0, 0.12, 0.13, 4], ['so-nganh', '2', 19, 83.42, 5.79,
    70.0, 92.5, 8, 0, 0.1, 0.1, 4]]
    """
    without = ranks_without_each(component_indices)
    moved = (without["rank_change"] != 0).fillna(True).groupby([without["group"], without["code"]]).sum()
    rows: list[tuple[Any, ...]] = []
    for (group,), positions in positions_of(component_indices, ["group"]).items():
        part = component_indices.iloc[positions]
        wide, effective = _wide(part), _effective_weights(part)
        rubric = dict(zip(part["code"], part["rubric_weight"], strict=True))
        for code in rubric:
            known = [value for value in part.loc[part["code"] == code, "index_exact"] if value is not None]
            values = wide[code].dropna()
            rows.append(
                (group, code, len(known), values.mean(), values.std(), values.min(), values.max(), len(set(known)),
                 known.count(Fraction(100)), float(rubric[code] / sum(rubric.values())), effective[code],
                 moved.get((group, code), pd.NA))
            )  # fmt: skip
    columns = ["group", "code", "n", "mean", "spread", "lowest", "highest", "n_values", "n_full", "weight",
               "effective_weight", "n_moved"]  # fmt: skip
    return pd.DataFrame(rows, columns=columns).astype({"n_moved": "Int64"})


def _wide(part: pd.DataFrame) -> pd.DataFrame:
    """Return the component indices of one group as floats, units x components, in their order."""
    floats = part.assign(value=[np.nan if value is None else float(value) for value in part["index_exact"]])
    wide = floats.pivot(index="unit_id", columns="code", values="value")
    return wide.loc[part["unit_id"].drop_duplicates(), part["code"].drop_duplicates()]


def _effective_weights(part: pd.DataFrame) -> dict[str, float]:
    """Return the part of each component of one group in the variance of the index."""
    totals = part.groupby("unit_id")["weight"].transform("sum")
    contributions = part.assign(value=[
        0.0 if value is None else float(value * weight / total)
        for value, weight, total in zip(part["index_exact"], part["weight"], totals, strict=True)
    ]).pivot(index="unit_id", columns="code", values="value")  # fmt: skip
    deviations = contributions - contributions.mean()
    index = deviations.sum(axis=1)
    variance = float((index**2).mean())
    varies = variance**0.5 > _NO_SPREAD
    return {
        str(code): float((deviations[code] * index).mean() / variance) if varies else np.nan for code in contributions
    }


def self_gaps(data: Dataset, year: int) -> pd.DataFrame:
    """Compare self-assessed with appraised points over the leaves that have both.

    Parameters
    ----------
    data : Dataset
    year : int

    Returns
    -------
    DataFrame
        A row per (group, unit_id, component `code`) with such leaves: `n_leaves`, `self_points`, `appraised_points`,
        `max_points` (float, of these leaves; a leaf that takes survey points too has a maximum for both), `gap` (float,
        % of `max_points`: self-assessed minus appraised; above 0 where the unit gave itself more).

    Raises
    ------
    InputError
        An error of the input stops the year.

    Examples
    --------
    >>> gaps = cchc.self_gaps(data, 2024)
    >>> sorted(gaps["group"].unique())
    ['cap-huyen', 'so-nganh', 'su-nghiep', 'trung-uong']
    """
    check_years(data, year)
    scores = data.scores[(data.scores["year"] == year) & data.scores["is_applicable"]]
    both = scores[scores["self_units"].notna() & scores["appraised_units"].notna()]
    names = ["self_units", "appraised_units", "max_units"]
    leaves = both[["group", "unit_id", *names]].astype(
        {"group": "str", "unit_id": "str", **dict.fromkeys(names, "int64")}
    )
    leaves = leaves.assign(
        code=pd.Series([code.partition(".")[0] for code in both["code"]], both.index, "str"), n_leaves=1
    )
    sums = sum_by(leaves, ["group", "unit_id", "code"], ["n_leaves", *names])
    table = sums[["group", "unit_id", "code", "n_leaves"]].copy()
    for name in names:
        table[name.replace("_units", "_points")] = as_float(sums[name], data.point_decimals)
    table["gap"] = [
        float(Fraction(100 * (int(own) - int(appraised)), int(maximum)))
        for own, appraised, maximum in zip(*(sums[name] for name in names), strict=True)
    ]
    return table


def self_bias(gaps: pd.DataFrame, by: Literal["code", "unit_id"]) -> pd.DataFrame:
    """Return how far self-assessment lies from appraisal on average, and how unevenly, by component or by unit.

    Bias and spread of paired differences as in Bland & Altman 1986, "Statistical methods for assessing agreement
    between two methods of clinical measurement", The Lancet 327(8476).

    Parameters
    ----------
    gaps : DataFrame
        From `self_gaps`.
    by : "code" or "unit_id"
        Over the units of each component, or over the components of each unit.

    Returns
    -------
    DataFrame
        A row per (group, `by`): `n`, `bias` (float, %: mean of `gap`), `spread` (float: its standard deviation, n - 1;
        NaN with one), `n_above` (gaps above 0).

    Examples
    --------
    >>> bias = cchc.self_bias(cchc.self_gaps(data, 2024), "unit_id")
    >>> bias.head(2).round(2).values.tolist()
    [['so-nganh', 'van-phong-ubnd', 7, 3.47, 2.17, 6], ['so-nganh', 'thanh-tra-tinh', 7, 3.48, 1.49, 7]]
    """
    grouped = gaps.assign(is_above=gaps["gap"] > 0).groupby(["group", by], sort=False)
    table = grouped.agg(n=("gap", "size"), bias=("gap", "mean"), spread=("gap", "std"), n_above=("is_above", "sum"))
    return table.reset_index()
