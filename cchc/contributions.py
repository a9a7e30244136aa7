"""What an index is made of: what each component, bonus and penalty add to it, and by what two indices differ."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

from cchc.dataset import Dataset
from cchc.exact import rounded
from cchc.lookups import check_listed, check_unit

_COLUMNS = [
    "year",
    "unit_id",
    "kind",
    "series",
    "code",
    "name_vi",
    "name_en",
    "points_exact",
    "max_exact",
    "value_exact",
    "full_exact",
]
_PARTS = ["kind", "series", "code", "name_vi", "name_en", "status", "base_points", "base_max", "points", "max_points",
          "base_exact", "value_exact", "part_exact", "part", "part_rounded"]  # fmt: skip


def index_parts(data: Dataset, components: pd.DataFrame, unit_id: str) -> pd.DataFrame:
    """Split one unit's recomputed, unrounded index of a year into what each component, bonus and penalty add to it.

    Plain index: a component adds 100 x its points / the applicable maximum of the whole unit, and so does a bonus.
    With weights: it adds its weight x its index / the weights of all components that apply; a bonus adds its points.

    Parameters
    ----------
    data : Dataset
    components : DataFrame
        From `score_components`, of one year.
    unit_id : str

    Returns
    -------
    DataFrame
        A row per component, in the order of the rubric, then one for bonus and one for penalty. No row where the unit
        has no index: without scores, incomplete, or nothing applies.

        year, unit_id
        kind : str
            "component", "bonus", "penalty".
        series, code, name_vi, name_en : str
            Of a component, as in `score_components`; else "".
        points_exact, max_exact : Fraction or None, points
            None for a component that does not apply; `max_exact` for bonus and penalty too.
        value_exact : Fraction or None, points of index
            What it adds; of a penalty not above zero. The sum is `index_unrounded` of `ranking.official`. None for a
            component that does not apply.
        full_exact : Fraction or None, points of index
            What a component that applies would add with all its points.

    Examples
    --------
    >>> parts = cchc.index_parts(data, components, "so-noi-vu")
    >>> float(parts["value_exact"].sum())
    88.51
    """
    own = components[components["unit_id"] == unit_id]
    if own.empty:
        check_unit(data, unit_id)
    applicable = own[own["is_applicable"]]
    if applicable.empty or not own["is_complete"].all():
        return pd.DataFrame(columns=_COLUMNS)
    year, group = int(own["year"].iloc[0]), str(own["group"].iloc[0])
    unit = 10**data.point_decimals
    maxima = {str(code): int(units) for code, units in zip(applicable["code"], applicable["max_units"], strict=True)}
    weights = _weights(data, year, group)
    # points of index for one unit of points beyond all components, and for all the points of each component
    beyond = Fraction(1, unit) if weights else Fraction(100, sum(maxima.values()))
    shares = {code: weights[code] if weights else Fraction(maximum) for code, maximum in maxima.items()}
    full = {code: 100 * share / sum(shares.values()) for code, share in shares.items()}
    rows: list[tuple[Any, ...]] = []
    row: Any  # pandas-stubs cannot know the columns
    for row in own.itertuples():
        exact: tuple[Fraction | None, ...] = (None, None, None, None)
        if row.code in maxima:
            points, maximum = int(row.points_units), maxima[row.code]
            exact = Fraction(points, unit), Fraction(maximum, unit), full[row.code] * points / maximum, full[row.code]
        rows.append((year, unit_id, "component", row.series, row.code, row.name_vi, row.name_en, *exact))
    for kind, sign, points in zip(("bonus", "penalty"), (1, -1), _adjustments(data, year, unit_id), strict=True):
        rows.append((year, unit_id, kind, "", "", "", "", Fraction(points, unit), None, sign * points * beyond, None))
    return pd.DataFrame(rows, columns=_COLUMNS).astype(dict.fromkeys(_COLUMNS[7:], object))


def _weights(data: Dataset, year: int, group: str) -> dict[str, Fraction]:
    """Return the weights of a rubric's components; empty for a plain index."""
    rubric = data.rubric[(data.rubric["year"] == year) & (data.rubric["group"] == group)]
    rows = rubric[(rubric["parent"] == "") & rubric["weight"].notna()]
    return dict(zip(rows["code"], rows["weight"], strict=True))


def _adjustments(data: Dataset, year: int, unit_id: str) -> tuple[int, int]:
    """Return bonus and penalty of a unit's year, in units of points."""
    rows = data.adjustments[(data.adjustments["year"] == year) & (data.adjustments["unit_id"] == unit_id)]
    return int(rows["bonus_units"].sum()), int(rows["penalty_units"].sum())


def index_change_parts(data: Dataset, components: pd.DataFrame, ranking: pd.DataFrame, unit_id: str) -> pd.DataFrame:
    """Split the change of a unit's official index since the year before by component.

    Components are the same where `series.component_series` says so; one that ended takes away all that it added, a new
    one adds all that it adds.

    Parameters
    ----------
    data : Dataset
    components : DataFrame
        From `score_components`, of the ranking's year and of the one before.
    ranking : DataFrame
        From `rank_year`.
    unit_id : str

    Returns
    -------
    DataFrame
        This year's components in the order of the rubric, then those that ended, bonus, penalty and, each only where
        it is not zero, two remainders. `part_exact` adds up to exactly the change of the official index as announced
        or rounded, and `part_rounded` to that change as printed. No row where one of both years has no official index
        of the unit in this group, or no scores to split.

        kind : str
            "component", "bonus", "penalty", "announced" (the official index is not what the scores give: what that
            adds), "rounding" (of the official index and, in `part_rounded`, of the parts).
        series, code, name_vi, name_en : str
            Of a component in this year's rubric, or in last year's where it ended; else "".
        status : str
            "new", "ended", or "" (also of what does not apply to the unit in one of the years).
        base_points, base_max, points, max_points : float, points
            Last year's and this year's; NaN where there are none.
        base_exact, value_exact : Fraction or None, points of index
            What it added last year and adds this year; None where it is no part of that index.
        part_exact : Fraction; part : float, points of index
            The difference.
        part_rounded : float, points of index
            Rounded half up by the scheme, the remainder by the others.

    Examples
    --------
    >>> components, ranking = cchc.score_components(data), cchc.rank_year(data, 2024)
    >>> parts = cchc.index_change_parts(data, components, ranking, "so-noi-vu")
    >>> float(round(parts["part_rounded"].sum(), 2))
    5.4
    """
    check_listed(ranking, unit_id)
    row: Any = next(ranking[ranking["unit_id"] == unit_id].itertuples())
    this = components[components["year"] == row.year]
    before = components[components["year"] == row.year - 1]
    sides = ((before, row.previous_index_score), (this, row.index_score))
    base, value = (_side(data, of_year, unit_id, score) for of_year, score in sides)
    return _parts(data, base, value)


def gap_parts(
    data: Dataset, components: pd.DataFrame, ranking: pd.DataFrame, unit_id: str, other_id: str
) -> pd.DataFrame:
    """Split by how much a unit's official index is above (negative: below) that of another unit of its group.

    Parameters
    ----------
    data : Dataset
    components : DataFrame
        From `score_components`, of the ranking's year.
    ranking : DataFrame
        From `rank_year`.
    unit_id, other_id : str
        `other_id` is, say, the leader.

    Returns
    -------
    DataFrame
        As `index_change_parts` gives it, with the other unit in the place of the year before: the columns ``base_…``
        are its figures. No row where one of both has no official index or no scores to split.

    Raises
    ------
    ValueError
        The two are of different groups, whose indices cannot be compared.

    Examples
    --------
    >>> components, ranking = cchc.score_components(data, [2024]), cchc.rank_year(data, 2024)
    >>> parts = cchc.gap_parts(data, components, ranking, "so-tai-chinh", "so-noi-vu")
    >>> parts[["kind", "code", "part_rounded"]].head(3).values.tolist()
    [['component', '1', 0.75], ['component', '2', 0.0], ['component', '3', 1.78]]
    """
    for listed in (unit_id, other_id):
        check_listed(ranking, listed)
    both = ranking.set_index("unit_id").loc[[other_id, unit_id]]
    if both["group"].nunique() > 1:
        raise ValueError(f"“{unit_id}” và “{other_id}” thuộc hai nhóm khác nhau")
    base, value = (
        _side(data, components, unit, score) for unit, score in zip(both.index, both["index_score"], strict=True)
    )
    return _parts(data, base, value)


def leader_gap_parts(data: Dataset, components: pd.DataFrame, ranking: pd.DataFrame, unit_id: str) -> pd.DataFrame:
    """Split by how much a unit's official index is below that of the leader of its group.

    Parameters
    ----------
    data : Dataset
    components : DataFrame
        From `score_components`; other years than the ranking's are left out.
    ranking : DataFrame
        From `rank_year`.
    unit_id : str

    Returns
    -------
    DataFrame
        As `gap_parts`, and `other_id` : str, the leader: of several that share the first place the one listed first.
        No row where the unit itself is at the first place or has no place.

    Examples
    --------
    >>> gap = cchc.leader_gap_parts(data, components, ranking, "so-noi-vu")
    >>> gap["other_id"].iloc[0], float(gap["part_exact"].sum())
    ('so-tai-chinh', -5.37)
    """
    check_listed(ranking, unit_id)
    own = ranking[(ranking["unit_id"] == unit_id) & ranking["rank"].gt(1).fillna(False)]
    leading = ranking[ranking["group"].isin(own["group"]) & ranking["rank"].eq(1).fillna(False)]
    if leading.empty:
        return _parts(data, {}, {}).assign(other_id=pd.Series(dtype="str"))
    leader = str(leading["unit_id"].iloc[0])
    of_year = components[components["year"] == ranking["year"].iloc[0]]
    return gap_parts(data, of_year, ranking, unit_id, leader).assign(other_id=leader)


_Side = dict[tuple[str, str], dict[str, Any]]


def _side(data: Dataset, components: pd.DataFrame, unit_id: str, score: float) -> _Side:
    """Return the parts of one official index (`score`, as printed) by kind and series; none where it has none."""
    parts = index_parts(data, components, unit_id)
    if parts.empty or score != score:
        return {}
    side: _Side = {(row["kind"], row["series"]): row for row in parts.to_dict("records")}  # type: ignore[misc]
    index = sum(parts["value_exact"].dropna(), Fraction(0))
    # an index that was announced with other decimals than the scheme's is compared as it was announced
    published = data.published[data.published["year"].isin(parts["year"]) & (data.published["unit_id"] == unit_id)]
    given = published.loc[published["index_units"].notna(), "index_decimals"].tolist()
    once = rounded(index, int(given[0]) if given else data.scheme.decimals)
    for kind, value in (("announced", Fraction(repr(float(score))) - once), ("rounding", once - index)):
        side[kind, ""] = {"kind": kind, "value_exact": value}
    return side


def _parts(data: Dataset, base: _Side, value: _Side) -> pd.DataFrame:
    rows = list(_compared(base, value)) if base and value else []
    frame = pd.DataFrame(rows, columns=_PARTS[:-2]).astype(dict.fromkeys(_PARTS[10:13], object))
    exact = frame["part_exact"].tolist()
    shown = [rounded(part, data.scheme.decimals) for part in exact]
    if rows:
        # the last row is that of rounding: it takes what the rounded parts lack to the printed change
        shown[-1] = rounded(sum(exact, Fraction(0)), data.scheme.decimals) - sum(shown[:-1], Fraction(0))
    frame["part"], frame["part_rounded"] = np.array(exact, float), np.array(shown, float)
    is_kept = frame["kind"].isin(["component", "bonus", "penalty"]) | frame["part_exact"].ne(0)
    return frame[is_kept | frame["part_rounded"].ne(0)].reset_index(drop=True)


def _compared(base: _Side, value: _Side) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of two sides: what both have and what is new, then what ended, each kind in its place."""
    order = ("component", "bonus", "penalty", "announced", "rounding")
    for key in sorted({**value, **base}, key=lambda key: order.index(key[0])):
        old, new = base.get(key, {}), value.get(key, {})
        given = new or old
        points = [row.get(name) for row in (old, new) for name in ("points_exact", "max_exact")]
        exact = [row.get("value_exact") for row in (old, new)]
        part = (exact[1] or Fraction(0)) - (exact[0] or Fraction(0))
        status = "" if old and new else "new" if new else "ended"
        names = (given.get(name, "") for name in ("series", "code", "name_vi", "name_en"))
        yield key[0], *names, status, *(np.nan if item is None else float(item) for item in points), *exact, part
