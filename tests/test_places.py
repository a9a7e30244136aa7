"""Places among exact numbers."""

from __future__ import annotations

from fractions import Fraction

import pandas as pd
import pytest

from cchc.places import are_in_order, middle, near_ties, ranks_within


def test_ties_share_the_better_place_and_none_has_no_place() -> None:
    numbers = [Fraction(80), None, Fraction(90), Fraction(80), Fraction(70)]
    table = pd.DataFrame({"group": "g", "number": pd.Series(numbers, dtype=object)})
    assert ranks_within(table, "number", ["group"]).fillna(0).tolist() == [2, 0, 1, 2, 4]


def test_numbers_whose_nearest_floats_are_equal_have_places_of_their_own() -> None:
    numbers = [Fraction(80), Fraction(80) + Fraction(1, 10**30), Fraction(80) - Fraction(1, 10**30)]
    assert len({float(number) for number in numbers}) == 1
    table = pd.DataFrame({"group": "g", "number": pd.Series(numbers, dtype=object)})
    assert ranks_within(table, "number", ["group"]).tolist() == [2, 1, 3]


def test_places_are_within_the_group_and_keep_the_index() -> None:
    table = pd.DataFrame({"group": ["g", "h"], "number": pd.Series([Fraction(1), Fraction(2)], dtype=object)})
    ranks = ranks_within(table.set_axis([5, 3]), "number", ["group"])
    assert ranks.to_dict() == {5: 1, 3: 1}


def test_near_ties_are_neighbours_with_another_place() -> None:
    numbers = [Fraction(90), Fraction(8995, 100), Fraction(80), Fraction(80), None]
    assert near_ties(numbers, [1, 2, 3, 3, pd.NA], Fraction(5, 100)) == [True, True, False, False, False]


def test_the_middle_of_an_even_number_is_rounded_half_up_once() -> None:
    assert middle([Fraction(3), Fraction(1), Fraction(2)], 2) == 2
    assert middle([Fraction("1.01"), Fraction("1.04")], 2) == Fraction("1.03")


@pytest.mark.parametrize(
    ("numbers", "ranks", "expected"),
    [
        ([80, 79, 78], [1, 2, 3], True),
        ([80, 79, 81], [1, 2, 3], False),
        ([80, 80, 79], [1, 2, 3], True),  # a tie that was broken
        ([80, 80, 79], [3, 1, 2], False),
        ([80, 79], [1, 1], True),
        ([None, 79, 80], [1, 3, 2], True),
        ([], [], True),
    ],
)
def test_places_follow_numbers_or_contradict_them(numbers: list[int | None], ranks: list[int], expected: bool) -> None:
    exact = [None if number is None else Fraction(number) for number in numbers]
    assert are_in_order(exact, ranks) is expected
