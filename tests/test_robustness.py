"""Who would stay the leader, who might lead, who is at the edge: by the shares of the draws."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from cchc.robustness import SURE, leader_certainty


def intervals(*rows: tuple[str, str, int, float, float]) -> pd.DataFrame:
    """Return a table as from `rank_intervals`: group, unit, place, share of first places, share of top places."""
    columns = ["group", "unit_id", "rank", "first_probability", "top_probability"]
    return pd.DataFrame(rows, columns=columns)


def leaders(*rows: tuple[str, str, bool]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["group", "rule", "is_official_leader"])


NO_RULES = leaders()


def test_a_leader_in_95_of_100_draws_is_sure_and_one_below_is_not() -> None:
    found = leader_certainty(
        intervals(
            ("so", "a", 1, 0.95, 1), ("so", "b", 2, 0.05, 1), ("xa", "c", 1, 0.9499, 1), ("xa", "d", 2, 0.0501, 1)
        ),
        NO_RULES,
    ).set_index("group")
    assert list(found.loc["so", ["leaders", "is_sure", "first_probability"]]) == [("a",), True, 0.95]
    assert list(found.loc["xa", ["leaders", "is_sure"]]) == [("c",), False]


def test_challengers_are_first_in_at_least_one_of_twenty() -> None:
    table = intervals(("so", "a", 1, 0.85, 1), ("so", "b", 2, 1 - SURE, 1), ("so", "c", 3, 0.049, 1))
    assert leader_certainty(table, NO_RULES)["challengers"].tolist() == [("b",)]


def test_a_tied_leader_is_never_sure_and_is_as_sure_as_the_less_sure_of_both() -> None:
    table = intervals(("so", "a", 1, 0.99, 1), ("so", "b", 1, 0.98, 1))
    found = leader_certainty(table, NO_RULES).iloc[0]
    assert (found["leaders"], found["is_sure"], found["first_probability"]) == (("a", "b"), False, 0.98)


def test_the_edge_is_neither_in_nor_out() -> None:
    shares = {"a": 1.0, "b": 0.951, "c": 0.949, "d": 0.051, "e": 0.049, "f": 0.0}
    table = intervals(*(("so", unit, at, 0.0, share) for at, (unit, share) in enumerate(shares.items(), 1)))
    assert leader_certainty(table, NO_RULES)["edge"].tolist() == [("c", "d")]


def test_without_an_interval_nothing_is_known() -> None:
    found = leader_certainty(intervals(("so", "a", 1, np.nan, np.nan), ("so", "b", 2, np.nan, np.nan)), NO_RULES).iloc[
        0
    ]
    assert not found["is_known"]
    assert not found["is_sure"]
    assert found["challengers"] == found["edge"] == ()


@pytest.mark.parametrize(
    ("rule", "is_named"), [("median", True), ("borda", True), ("separate", False), ("mean", False)]
)
def test_rules_with_another_leader_are_named_unless_they_are_the_stages_own(rule: str, is_named: bool) -> None:
    rules = leaders(("so", "official", True), ("so", rule, False), ("so", "latest", True), ("xa", "median", False))
    found = leader_certainty(intervals(("so", "a", 1, 0.99, 1)), rules)
    assert found["other_rules"].tolist() == [(rule,) if is_named else ()]
