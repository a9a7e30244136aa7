"""What is still open to a unit: points not won, the fewest components to a better place or class.

All of it is arithmetic on the figures of one year: the other units' indices, the unit's bonus and penalty and which
criteria apply to it stay as they are, and only points that appraisal or survey did not give can still be won.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

import pandas as pd

from cchc.dataset import Dataset
from cchc.exact import rounded
from cchc.places import are_in_order
from cchc.ranking import grades_of

Obstacle = Literal["", "no_scores", "no_index", "differs", "order"]


def open_points(data: Dataset, parts: pd.DataFrame) -> pd.DataFrame:
    """Return how many points of each component a unit did not win, and what all of them would add to its index.

    Parameters
    ----------
    data : Dataset
    parts : DataFrame
        From `index_parts`.

    Returns
    -------
    DataFrame
        A row per component that applies, in the order of the rubric; none where the unit has no index of its scores.

        code, name_vi, name_en : str
        points, max_points, open : float, points
        open_exact : Fraction, points
        gain_exact : Fraction; gain : float, points of index
            What all open points would add to the unrounded index; `gain` is rounded half up by the scheme.

    Examples
    --------
    >>> cchc.open_points(data, parts).iloc[:2].drop(columns=["name_en"]).values.tolist()
    [['1', 'Công tác chỉ đạo, điều hành cải cách hành chính', 10.75, 12.0, 1.25, Fraction(5, 4), Fraction(5, 4),
    1.25], ['2', 'Cải cách thể chế', 9.25, 10.0, 0.75, Fraction(3, 4), Fraction(3, 4), 0.75]]
    """
    parts = parts[parts["full_exact"].notna()]
    opened = parts["max_exact"] - parts["points_exact"]
    gains = parts["full_exact"] - parts["value_exact"]
    return pd.DataFrame(
        {
            **{name: parts[name].astype("str") for name in ("code", "name_vi", "name_en")},
            "points": parts["points_exact"].astype(float), "max_points": parts["max_exact"].astype(float),
            "open": opened.astype(float), "open_exact": opened, "gain_exact": gains,
            "gain": [float(rounded(gain, data.scheme.decimals)) for gain in gains],
        }
    ).reset_index(drop=True)  # fmt: skip


def path_to(data: Dataset, parts: pd.DataFrame, target: Fraction, *, is_strict: bool = False) -> pd.DataFrame | None:
    """Return the fewest components whose open points lift a unit's index to `target`.

    The largest gains come first, of equal ones the first in the rubric; the last is needed only in part.

    Parameters
    ----------
    data : Dataset
    parts : DataFrame
        From `index_parts`.
    target : Fraction
        The index as it is ranked: announced with so many decimals, rounded, or exact, as it is for that year.
    is_strict : bool
        The index must come to stand above `target`.

    Returns
    -------
    DataFrame or None
        A row per component, none where the target is reached already; None where all open points do not suffice,
        and without an index.

        code, name_vi, name_en : str
        needed_exact, open_exact : Fraction, points
            What must at least be won, whole multiples of ``10 ** -point_decimals``, and what is open.
        gain_exact : Fraction, points of index
            What the needed points add to the unrounded index.

    Examples
    --------
    >>> from fractions import Fraction
    >>> path = cchc.path_to(data, parts, Fraction(90))
    >>> path.drop(columns=["name_en"]).values.tolist()
    [['3', 'Cải cách thủ tục hành chính', Fraction(149, 100), Fraction(14, 5), Fraction(149, 100)]]
    """
    index = _index(parts)
    decimals = _ranked_decimals(data, parts)

    def reaches(value: Fraction) -> bool:
        ranked = _as_ranked(value, decimals)
        return ranked > target if is_strict else ranked >= target

    opened = open_points(data, parts).sort_values("gain_exact", ascending=False, kind="stable")
    rows: list[tuple[Any, ...]] = []
    unit = 10**data.point_decimals
    row: Any  # pandas-stubs cannot know the columns
    for row in opened[opened["open_exact"].gt(0)].itertuples():
        if reaches(index):
            break
        n_open = int(row.open_exact * unit)
        step, start = row.gain_exact / n_open, index
        # rounding is monotone, so the fewest points are found by halving: exact at every half, on both sides of zero
        n_needed = bisect_left(range(n_open), True, key=lambda n, at=start, by=step: reaches(at + n * by))  # type: ignore[misc]
        rows.append((row.code, row.name_vi, row.name_en, Fraction(n_needed, unit), row.open_exact, n_needed * step))
        index += n_needed * step
    if parts.empty or not reaches(index):
        return None
    return pd.DataFrame(rows, columns=["code", "name_vi", "name_en", "needed_exact", "open_exact", "gain_exact"])


@dataclass(frozen=True)
class Goal:
    """Something to be reached, and the shortest path there.

    Attributes
    ----------
    kind : str
        "level": the index of the unit that holds the place, which shares it then; "above": an index above that unit's;
        "class".
    target : Fraction
        That unit's index as it is ranked, or the cut of the class.
    grade : str
        The class's Vietnamese name; "" otherwise.
    steps : DataFrame or None
        As `path_to` gives them.
    rank : int or None
        The place with the index that the path leads to, the other units' as they are; None without a path, and of a
        class.
    is_tied : bool
        Whether that place is shared.
    """

    kind: Literal["level", "above", "class"]
    target: Fraction
    grade: str
    steps: pd.DataFrame | None
    rank: int | None
    is_tied: bool

    def beyond(self, other: Goal) -> Fraction | None:
        """Return how many points more this path takes than that of `other`; None where one of them has none."""
        if self.steps is None or other.steps is None:
            return None
        own, others = (sum(goal.steps["needed_exact"], Fraction(0)) for goal in (self, other) if goal.steps is not None)
        return own - others


def obstacle(data: Dataset, parts: pd.DataFrame, ranking: pd.DataFrame) -> Obstacle:
    """Say why nothing can be said of what a unit would need; "" where it can.

    Parameters
    ----------
    data : Dataset
    parts : DataFrame
        From `index_parts`.
    ranking : DataFrame
        From `rank_year`, of the same year.

    Returns
    -------
    str
        "no_scores": the scores give no index, there being none or not all; "no_index": no official index; "differs":
        the official index was announced and is not what the scores give, so that nobody knows what more points would
        have made of it; "order": the announced places do not follow the indices, so that no index leads to one.
    """
    if parts.empty:
        return "no_scores"
    number = _own(parts, ranking).index_exact
    if number is None:
        return "no_index"
    group = ranking[(ranking["group"] == _own(parts, ranking).group) & ranking["rank"].notna()]
    if not are_in_order(group["index_exact"].tolist(), group["rank"].tolist()):
        return "order"
    return "" if _as_ranked(_index(parts), _ranked_decimals(data, parts)) == number else "differs"


def path_to_place(
    data: Dataset,
    parts: pd.DataFrame,
    ranking: pd.DataFrame,
    place: int,
    *,
    is_strict: bool = False,
) -> Goal | None:
    """Return the shortest path to a place at least as good as `place` in the unit's group.

    Equal indices share the better place, so that the index of the unit that is the `place`-th of the others leads there
    ("level"); with `is_strict` the path is to stand above that unit.

    Parameters
    ----------
    data : Dataset
    parts : DataFrame
        From `index_parts`, without an `obstacle`.
    ranking : DataFrame
        From `rank_year`, of the same year.
    place : int
    is_strict : bool

    Returns
    -------
    Goal or None
        None where one of the ranked units has a place without an index, or where there are fewer than `place` others.

    Examples
    --------
    >>> goal = cchc.path_to_place(data, parts, ranking, 1)
    >>> goal.kind, goal.target
    ('level', Fraction(2347, 25))
    """
    own = _own(parts, ranking)
    is_other = (ranking["group"] == own.group) & ranking["rank"].notna() & (ranking["unit_id"] != own.unit_id)
    others = ranking.loc[is_other, "index_exact"].tolist()
    if None in others or not 1 <= place <= len(others):
        return None
    target = sorted(others, reverse=True)[place - 1]
    steps = path_to(data, parts, target, is_strict=is_strict)
    kind: Literal["level", "above"] = "above" if is_strict else "level"
    if steps is None:
        return Goal(kind, target, "", None, None, False)
    after = _index(parts) + sum(steps["gain_exact"], Fraction(0))
    index = _as_ranked(after, _ranked_decimals(data, parts))
    return Goal(kind, target, "", steps, 1 + sum(other > index for other in others), index in others)


def path_to_class(data: Dataset, parts: pd.DataFrame, ranking: pd.DataFrame) -> Goal | None:
    """Return the shortest path to the next class.

    Parameters
    ----------
    data : Dataset
    parts : DataFrame
        From `index_parts`, without an `obstacle`.
    ranking : DataFrame
        From `rank_year`, of the same year.

    Returns
    -------
    Goal or None
        None in the highest class, where the scheme has no classes, and where another class was announced than the cuts
        give.

    Examples
    --------
    >>> goal = cchc.path_to_class(data, parts, ranking)
    >>> goal.kind, goal.target
    ('class', Fraction(90, 1))
    """
    own = _own(parts, ranking)
    above = [item for item in data.scheme.classes if Fraction(item.from_) > own.index_exact]
    if not above or grades_of(data.scheme, [own.index_exact]) != [own.grade]:
        return None
    target = Fraction(above[-1].from_)
    return Goal("class", target, above[-1].name.vi, path_to(data, parts, target), None, False)


def goals(data: Dataset, parts: pd.DataFrame, ranking: pd.DataFrame) -> list[Goal]:
    """Return what a unit would need to gain one place, sharing it and standing above, and to reach the next class.

    Parameters
    ----------
    data : Dataset
    parts : DataFrame
        From `index_parts`.
    ranking : DataFrame
        From `rank_year`, of the same year.

    Returns
    -------
    list of Goal
        Of the kinds "level", "above", "class" those that there are; "above" is left out where the path of "level" leads
        above already, or neither has one. None at all with an `obstacle`.

    Examples
    --------
    >>> [(goal.kind, goal.target) for goal in cchc.goals(data, parts, ranking)]
    [('level', Fraction(4511, 50)), ('above', Fraction(4511, 50)), ('class', Fraction(90, 1))]
    """
    if obstacle(data, parts, ranking):
        return []
    place = int(_own(parts, ranking).rank) - 1
    level, above = (path_to_place(data, parts, ranking, place, is_strict=strict) for strict in (False, True))
    if level is not None and above is not None and _is_same(level.steps, above.steps):
        above = None
    return [goal for goal in (level, above, path_to_class(data, parts, ranking)) if goal is not None]


def _is_same(steps: pd.DataFrame | None, others: pd.DataFrame | None) -> bool:
    return others is None if steps is None else others is not None and steps.equals(others)


def _own(parts: pd.DataFrame, ranking: pd.DataFrame) -> Any:
    """Return the row of a ranking of the unit that `parts` are of."""
    return next(ranking[ranking["unit_id"] == parts["unit_id"].iloc[0]].itertuples())


def _index(parts: pd.DataFrame) -> Fraction:
    """Return the recomputed, unrounded index."""
    return sum(parts["value_exact"].dropna(), Fraction(0))


def _ranked_decimals(data: Dataset, parts: pd.DataFrame) -> int | None:
    """Return how many decimals a year's index is ranked with: those announced, the scheme's, or None for all."""
    published = data.published[data.published["year"].isin(parts["year"]) & data.published["index_units"].notna()]
    if len(published):
        return int(published["index_decimals"].max())
    return data.scheme.decimals if data.scheme.rank_on == "rounded" else None


def _as_ranked(index: Fraction, decimals: int | None) -> Fraction:
    return index if decimals is None else rounded(index, decimals)
