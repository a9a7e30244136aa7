"""Rows of tables found by key, by dictionaries.

The tables that a page needs have some hundred rows, where every join and grouping of pandas takes milliseconds, a page
needs dozens of them, and a join makes floats of integers where a row is missing.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

Positions = np.ndarray[Any, np.dtype[np.int64]]


def rows_of(keys: Iterable[tuple[Any, ...]], table: pd.DataFrame, names: list[str]) -> Positions:
    """Return for each key the position of its row in `table`; -1 where there is none."""
    places = {key: place for place, key in enumerate(zip(*(table[name].tolist() for name in names), strict=True))}
    return np.array([places.get(key, -1) for key in keys], dtype=np.int64)


def rows_at(table: pd.DataFrame, places: Positions) -> pd.DataFrame:
    """Return the rows of `table` at `places`, index 0 up; one of missing values for each -1."""
    return table.set_axis(pd.RangeIndex(len(table))).reindex(places).set_axis(pd.RangeIndex(len(places)))


def positions_of(table: pd.DataFrame, keys: list[str]) -> dict[tuple[Any, ...], list[int]]:
    """Return the positions of the rows of each key."""
    positions: dict[tuple[Any, ...], list[int]] = {}
    for position, key in enumerate(zip(*(table[name].tolist() for name in keys), strict=True)):
        positions.setdefault(key, []).append(position)
    return positions
