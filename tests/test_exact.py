"""Numbers from text, exact sums, and the one rounding."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

from cchc.exact import as_float, parse_number, round_fraction, round_ratio, sum_by


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("5", "5"), (" 5 ", "5"), ("86,125", "86.125"), ("86.125", "86.125"), ("-0,5", "-0.5"), (",5", "0.5"),
        ("1.234", "1.234"), ("1,234", "1.234"),  # one separator is the decimal one
        ("1.234,5", "1234.5"), ("1,234.5", "1234.5"),  # both occur: the last one is
        ("1.234.567", "1234567"), ("1,234,567", "1234567"),  # one repeats: it groups
        ("1.234.567,25", "1234567.25"), ("1,234,567.25", "1234567.25"),
        ("62.620000000000005", "62.620000000000005"),  # text is taken as written
        ("6.127855759870587", "6.127855759870587"),
    ],
)  # fmt: skip
def test_parse_number(text: str, number: str) -> None:
    assert parse_number(text) == Decimal(number)


@pytest.mark.parametrize(
    "text",
    ["", " ", "-", ".", "abc", "5 điểm", "1 234", "1e3", "NaN", "inf", "1.2.3", "12.34,5", "1,23.5", "1.234,5.6",
     "1,2,3", "0x10", "1_000", "٣", "5;3", "--5"],
)  # fmt: skip
def test_parse_number_refuses(text: str) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        parse_number(text)


@pytest.mark.parametrize(
    ("numerator", "denominator", "decimals", "expected"),
    [
        (86125, 1000, 2, 8613),  # 86.125: np.round gives 86.12
        (844449, 10000, 2, 8444),  # rounded once: 84.445 would be 84.45
        (79995, 1000, 2, 8000),
        (-125, 1000, 2, -13),  # halves go away from zero
        (-124, 1000, 2, -12),
        (1, 2, 0, 1),
        (5, 2, 0, 3),
        (2, 3, 2, 67),
        (0, 7, 2, 0),
        (7600, 90, 2, 8444),
    ],
)
def test_half_up(numerator: int, denominator: int, decimals: int, expected: int) -> None:
    assert round_ratio([numerator], [denominator], decimals).tolist() == [expected]
    assert round_fraction(Fraction(numerator, denominator), decimals) == expected
    # the same beside a number that needs Python integers
    assert round_ratio([numerator, 10**40], [denominator, 3], decimals).tolist()[0] == expected


def test_round_ratio_beyond_int64() -> None:
    """6.127855759870587 of 10, fifteen decimals: int64 gave -329."""
    points, maximum = np.array([6127855759870587]), np.array([10 * 10**15])
    assert round_ratio(points.astype(object) * 100, maximum, 2).tolist() == [6128]
    assert round_ratio(points, maximum, 9).tolist() == [612785576]


def test_round_ratio_at_the_edge_of_int64() -> None:
    """The last numerator that the fast path may take, and the first that it may not."""
    for numerator in range((2**63 - 7) // 200 - 3, (2**63 - 7) // 200 + 4):
        expected = (200 * numerator + 7) // 14
        assert [int(value) for value in round_ratio([numerator], [7], 2)] == [expected]
        assert [int(value) for value in round_ratio([-numerator], [7], 2)] == [-expected]
    least = np.array([np.iinfo(np.int64).min])
    assert [int(value) for value in round_ratio(least, np.array([2]), 0)] == [-(2**62)]
    assert [int(value) for value in round_ratio(np.array([1]), np.array([2**62 + 1]), 0)] == [0]


def test_round_ratio_of_nothing() -> None:
    assert round_ratio(np.array([], dtype=np.int64), np.array([], dtype=np.int64), 2).tolist() == []


def test_as_float_is_the_nearest() -> None:
    for units, decimals in [
        (8613, 2),
        (84975, 3),
        (9007199254740993, 1),
        (6127855759870587, 15),
        (-125, 2),
        (10**18 + 1, 15),
    ]:
        assert as_float([units], decimals).tolist() == [float(Fraction(units, 10**decimals))]


def test_sum_by_does_not_wrap() -> None:
    frame = pd.DataFrame({"unit": ["a", "a", "a", "b", "b"], "points": [2**62, 2**62, 2**62, -(2**62), -(2**62) - 1],
                          "small": [1, 2, 3, 4, 5]})  # fmt: skip
    sums = sum_by(frame, ["unit"], ["points", "small"]).set_index("unit")
    assert int(sums.loc["a", "points"]) == 3 * 2**62
    assert int(sums.loc["b", "points"]) == -(2**63) - 1
    assert sums["small"].to_dict() == {"a": 6, "b": 9}
    assert sums["small"].dtype == np.int64


def test_sum_by_keeps_missing_keys_and_unused_categories_out() -> None:
    frame = pd.DataFrame({"unit": pd.Categorical(["a", None, "a"], categories=["a", "z"]), "points": [1, 2, 4]})
    sums = sum_by(frame, ["unit"], ["points"])
    assert sums["points"].tolist() == [5, 2]


def test_sum_by_of_rows_that_are_not_in_order() -> None:
    frame = pd.DataFrame({"unit": ["b", "a", "a", "b"], "year": [1, 1, 2, 1], "points": [1, 10, 100, 1000]})
    sums = sum_by(frame.astype({"unit": "category"}), ["unit", "year"], ["points"])
    assert sums.astype({"unit": "str"}).to_numpy().tolist() == [["b", 1, 1001], ["a", 1, 10], ["a", 2, 100]]
