"""Rows of tables found by key."""

from __future__ import annotations

import pandas as pd

from cchc.rows import positions_of, rows_at, rows_of

TABLE = pd.DataFrame({"year": [2023, 2024, 2024], "unit_id": ["a", "b", "a"], "n": [1, 2, 3]}, index=[7, 7, 9])


def test_rows_are_found_by_key_whatever_the_index_says() -> None:
    places = rows_of([(2024, "a"), (2023, "b"), (2023, "a")], TABLE, ["year", "unit_id"])
    assert places.tolist() == [2, -1, 0]
    found = rows_at(TABLE[["unit_id", "n"]], places)
    assert found.index.tolist() == [0, 1, 2]
    assert found["n"].fillna(0).tolist() == [3, 0, 1]
    assert found["unit_id"].isna().tolist() == [False, True, False]


def test_integers_stay_integers_where_no_row_is_missing() -> None:
    assert rows_at(TABLE[["n"]], rows_of([(2,)], TABLE, ["n"]))["n"].dtype == "int64"


def test_positions_of_each_key() -> None:
    assert positions_of(TABLE, ["year"]) == {(2023,): [0], (2024,): [1, 2]}
