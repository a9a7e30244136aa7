"""How far the indices of a group spread."""

from __future__ import annotations

from fractions import Fraction

from cchc.spreads import group_spreads
from standins import dataset, stage_ranking, year_ranking

ROWS = (
    {"unit_id": "a", "rank": 1, "index_score": 80.3}, {"unit_id": "b", "rank": 2, "index_score": 80.25},
    {"unit_id": "c", "rank": 3, "index_score": 80.2}, {"unit_id": "d", "rank": 4, "index_score": 80.2},
    {"unit_id": "x", "index_score": 1.0, "reason": "few_years"}, {"unit_id": "y", "group": "huyen", "rank": 1},
)  # fmt: skip


def test_spread_and_median_are_exact_and_of_ranked_units() -> None:
    assert 80.3 - 80.2 != 0.1
    (row,) = group_spreads(dataset(), year_ranking(*ROWS)).itertuples()
    assert (row.group, row.is_complete, row.n_units) == ("so", True, 4)
    assert (row.lowest, row.highest, row.median, row.spread) == (80.2, 80.3, 80.23, Fraction("0.1"))


def test_groups_stand_in_the_order_of_the_scheme_and_none_without_indices() -> None:
    other = {"unit_id": "z", "group": "huyen", "rank": 2, "index_score": 70.0}
    table = group_spreads(dataset(), stage_ranking(other, *ROWS))
    assert table[["group", "is_complete"]].values.tolist() == [["so", True], ["huyen", False]]
    assert group_spreads(dataset(), year_ranking(ROWS[-1])).empty
