"""What a first place and a place among the first k are worth: a row a group, from all views of robustness."""

from __future__ import annotations

import pandas as pd

from cchc.intervals import LEVELS

CHANCE, SURE = LEVELS
"""Shares of the draws from which a thing is called possible, and sure: those of the intervals, a convention."""


def leader_certainty(intervals: pd.DataFrame, leaders: pd.DataFrame) -> pd.DataFrame:
    """Say of each group of a stage whether its leader would stay the leader, who else might lead, who is at the edge.

    Parameters
    ----------
    intervals : DataFrame
        From `rank_intervals`.
    leaders : DataFrame
        From `leaders_by_rule`, of the same stage: its rules other than "official", "mean", "inherit" and "separate"
        are compared (a mean is the stage's own rule, and the policies of lineage are compared where they differ).

    Returns
    -------
    DataFrame
        A row per group with a place.

        group : str
        leaders : tuple of unit_id
            At the first place, officially; several where it is tied.
        is_known : bool
            False where no interval exists (a single year).
        first_probability : float, 0 to 1
            Of the leader, the smallest of theirs where they are several; NaN without an interval.
        is_sure : bool
            One leader, and it is first in at least `SURE` of the draws.
        challengers : tuple of unit_id
            Not leading officially, and first in at least `CHANCE` of the draws.
        edge : tuple of unit_id
            Neither sure to be among the first k nor sure not to be: in `CHANCE` to `SURE` of the draws.
        other_rules : tuple of str
            The rules under which another unit leads, or more than these.

    Examples
    --------
    >>> leaders = cchc.leaders_by_rule(rules)
    >>> cchc.leader_certainty(intervals, leaders).iloc[:2, :4].values.tolist()
    [['so-nganh', ('so-tai-chinh-2025',), True, 0.965], ['su-nghiep', ('benh-vien-da-khoa',), True, 0.7]]
    """
    rows = []
    compared = leaders[~leaders["rule"].isin(["official", "mean", "inherit", "separate"])]
    for group, of_group in intervals.groupby("group", sort=False):
        is_first = of_group["rank"] == 1
        chances = of_group["first_probability"]
        first = tuple(of_group.loc[is_first, "unit_id"])
        lowest = float(chances[is_first].min())
        others = compared[(compared["group"] == group) & ~compared["is_official_leader"]]
        within = of_group["top_probability"].between(CHANCE, SURE, inclusive="neither")
        rows.append(
            (
                group,
                first,
                bool(chances.notna().all()),
                lowest,
                len(first) == 1 and lowest >= SURE,
                tuple(of_group.loc[~is_first & (chances >= CHANCE), "unit_id"]),
                tuple(of_group.loc[within, "unit_id"]),
                tuple(others["rule"]),
            )
        )
    columns = ["group", "leaders", "is_known", "first_probability", "is_sure", "challengers", "edge", "other_rules"]
    return pd.DataFrame(rows, columns=columns)
