"""What the indices of a year are made of: component indices and their own weights, exactly."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pandas as pd

from cchc.dataset import Dataset
from cchc.exact import rounded, sum_by
from cchc.ranking import announced_indices, official


def component_indices(data: Dataset, year: int) -> pd.DataFrame:
    """Return what the indices of one year are made of, exactly, for `rank_under_weights`.

    Parameters
    ----------
    data : Dataset
    year : int

    Returns
    -------
    DataFrame
        A row per (group, unit with a place and complete component figures, component), in order of the scheme's groups,
        places and components. A unit whose index is only announced has no rows, and of an announced year no unit has.

        group, unit_id, code
        index_exact : Fraction or None
            100 x points / applicable maximum; None where the component does not apply.
        weight : Fraction
            The unit's own official weight: with weights in the rubric the component's, else the unit's applicable
            maximum (which KAD and `max_points` change), in points; 0 where the component does not apply.
        rubric_weight : Fraction
            The component's weight or maximum in the rubric.
        adjustment : Fraction, index points
            What stands in the official index beside the weighted mean of the components: bonus and penalty as they
            count officially, and the difference of an announced index from the recomputed one where there is one.
        decimals : Int64
            Decimals that the ranked number is rounded to (those that were announced, else the scheme's); NA: not
            rounded.

    Raises
    ------
    InputError
        An error of the input stops the year.
    LookupError
        The year has neither scores nor an announced table.

    Examples
    --------
    >>> indices = cchc.component_indices(data, 2024)
    >>> indices.loc[indices["unit_id"] == "so-noi-vu", ["code", "index_exact"]].head(2).values.tolist()
    [['1', Fraction(1075, 12)], ['2', Fraction(185, 2)]]
    """
    data.require(year)
    figures = official(data, [year])
    figures = figures[figures["official_rank"].notna() & figures["index_unrounded"].notna()]
    rubric = data.rubric[(data.rubric["year"] == year) & (data.rubric["parent"] == "")]
    weights = {
        (group, code): (Fraction(int(maximum), 10**data.point_decimals) if weight is None else weight, weight is None)
        for group, code, maximum, weight in zip(
            *(rubric[name] for name in ("group", "code", "max_units", "weight")), strict=True
        )
    }
    sums = _sums(data, year)
    given = announced_indices(figures)
    usual = data.scheme.decimals if data.scheme.rank_on == "rounded" else None
    rows: list[tuple[Any, ...]] = []
    columns = (figures[name] for name in ("group", "unit_id", "index_unrounded", "published_index_decimals"))
    for (group, unit, index, places), announced in zip(zip(*columns, strict=True), given, strict=True):
        parts = []
        for code in (code for of, code in weights if of == group):
            points, maximum = sums.get((unit, code), (0, 0))
            official_weight, is_maximum = weights[(group, code)]
            own = Fraction(maximum, 10**data.point_decimals) if is_maximum else official_weight
            known = (Fraction(100 * points, maximum), own) if maximum else (None, Fraction(0))
            parts.append((code, *known, official_weight))
        adjustment = index - weighted_mean([(value, own) for _, value, own, _ in parts])
        decimals = usual if announced is None else int(places)
        if announced is not None:
            adjustment += announced - rounded(index, int(places))
        rows += [(group, unit, *part, adjustment, pd.NA if decimals is None else decimals) for part in parts]
    names = ["group", "unit_id", "code", "index_exact", "weight", "rubric_weight", "adjustment", "decimals"]
    return pd.DataFrame(rows, columns=names).astype({"index_exact": object, "decimals": "Int64"})


def _sums(data: Dataset, year: int) -> dict[tuple[str, str], tuple[int, int]]:
    """Return points and maximum, in point units, of each unit's components over the leaves that apply."""
    leaves = data.scores[(data.scores["year"] == year) & data.scores["points_units"].notna()]  # missing: KAD too
    leaves = leaves[["unit_id", "points_units", "max_units"]].assign(
        code=pd.Series([code.partition(".")[0] for code in leaves["code"]], leaves.index, "str"),
        points_units=leaves["points_units"].astype("int64"),
    )
    sums = sum_by(leaves.astype({"unit_id": "str"}), ["unit_id", "code"], ["points_units", "max_units"])
    return {
        (unit, code): (int(points), int(maximum))
        for unit, code, points, maximum in sums.itertuples(index=False, name=None)
    }


def weighted_mean(parts: list[tuple[Fraction | None, Fraction]]) -> Fraction:
    """Return the weighted mean of those that have a value."""
    known = [(value, weight) for value, weight in parts if value is not None]
    return sum((value * weight for value, weight in known), Fraction(0)) / sum(weight for _, weight in known)
