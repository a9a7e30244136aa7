"""One sheet while it is read: what its cells mean, where heads stand, what is hidden."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from cchc.problems import Problem
from cchc.sheets import Cell, Sheet, address, is_number_or_date, number_text, value_text


def sheet(cells: dict[tuple[int, int], Any], **parts: Any) -> Sheet:
    made = {place: value if isinstance(value, Cell) else Cell(value) for place, value in cells.items()}
    return Sheet("scores/2024.xlsx", "Sở", 2024, [], made, **parts)


def found(of: Sheet) -> list[tuple[str, str, str]]:
    return [(item.code, item.cell, item.value) for item in of.problems]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.1 + 0.2, "0.3"), (85.19, "85.19"), (4.0, "4"), (1e-7, "0.0000001"), (1e21, "1000000000000000000000"),
        (123456789012345678, "123456789012346000"), (True, "True"), ("  a \u200b b\n", "a b"), (None, ""),
        (dt.date(2024, 3, 5), "2024-03-05"),
    ],
)  # fmt: skip
def test_a_value_as_text(value: Any, text: str) -> None:
    assert value_text(value) == text


def test_numbers_and_addresses() -> None:
    assert number_text(-2.50) == "-2.5"
    assert [address(7, column) for column in (1, 26, 27, 16_384)] == ["A7", "Z7", "AA7", "XFD7"]
    assert [is_number_or_date(value) for value in (1, 1.1, dt.date(2024, 1, 1), dt.time(1), True, "1", None)] == [
        True, True, True, True, False, False, False,
    ]  # fmt: skip


def test_what_cannot_be_trusted_is_blank_and_said_once() -> None:
    made = sheet({(1, 1): Cell("#DIV/0!", "error-cell"), (1, 2): Cell(None, "formula-without-value"), (1, 3): "x"})
    assert [made.text(1, column) for column in (1, 1, 2, 3, 4)] == ["", "", "", "x", ""]
    assert found(made) == [("error-cell", "A1", "#DIV/0!"), ("formula-without-value", "B1", "")]
    assert made.problems[0] == Problem("error-cell", "scores/2024.xlsx", "Sở", "A1", "#DIV/0!", (2024,))


@pytest.mark.parametrize(("value", "text"), [(0.5, "50%"), (3.5, "350%"), (0.1 + 0.2, "30%"), (1, "100%")])
def test_a_percentage_is_as_it_is_shown(value: float, text: str) -> None:
    made = sheet({(1, 1): Cell(value, "percent-cell")})
    assert (made.text(1, 1), made.problems) == (text, [])


def test_peeking_says_nothing() -> None:
    made = sheet({(1, 1): Cell("#REF!", "error-cell"), (1, 2): 4, (1, 3): " a  b "})
    assert [made.peek(1, column) for column in (1, 2, 3, 4)] == ["#REF!", "", "a b", ""]
    assert made.problems == []
    assert [made.value(1, column) for column in (2, 4)] == [4, None]


def test_a_merged_head_is_of_all_its_columns() -> None:
    made = sheet({(2, 3): "1.1", (2, 5): "1.2"}, merged=[(3, 2, 5, 2)])
    assert [made.head(2, column) for column in (2, 3, 4, 5, 6)] == [(2, 2), (2, 3), (2, 3), (2, 5), (2, 6)]
    assert made.head(3, 4) == (3, 4), "another row"


def test_rows_and_columns_are_in_order() -> None:
    made = sheet({(5, 3): 1, (2, 9): 1, (5, 1): 1})
    assert (list(made.rows.items()), made.columns) == ([(2, [9]), (5, [1, 3])], [1, 3, 9])


def test_only_what_is_filled_is_hidden() -> None:
    made = sheet({(5, 3): 1, (6, 4): 1}, hidden_rows={5, 9}, hidden_columns={4, 7}, is_hidden=True)
    made.report_hidden()
    assert found(made) == [("hidden-sheet", "", "Sở"), ("hidden-row", "dòng 5", "5"), ("hidden-column", "cột D", "D")]
