"""Places among exact numbers: ranks, shared places, near-ties, the median."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from fractions import Fraction
from statistics import median
from typing import Any

import pandas as pd

from cchc.exact import rounded
from cchc.rows import positions_of


def ranks_within(table: pd.DataFrame, column: str, keys: list[str]) -> pd.Series:
    """Rank exact numbers from the largest within each key: ties share the better place (1, 2, 2, 4); NA without one."""
    ranks: list[int | None] = [None] * len(table)
    numbers = table[column].tolist()
    for rows in positions_of(table, keys).values():
        # floats order nearly all of them, as the nearest float never turns an order around, and Fractions the rest
        ordered = sorted((float(numbers[row]), numbers[row], row) for row in rows if numbers[row] is not None)
        place, last = 0, None
        for position, (*exact, row) in enumerate(reversed(ordered), start=1):
            place, last = (place if exact == last else position), exact
            ranks[row] = place
    return pd.Series(ranks, index=table.index, dtype="Int64")


def near_ties(numbers: Sequence[Fraction | None], ranks: Sequence[Any], near: Fraction) -> list[bool]:
    """Say which units of one group lie within `near` of a neighbour that has another place."""
    best: dict[int, Fraction] = {}
    worst: dict[int, Fraction] = {}
    for number, rank in zip(numbers, ranks, strict=True):
        if number is None or rank is pd.NA:
            continue
        if rank not in best:
            best[rank] = worst[rank] = number
        elif number is not best[rank]:
            best[rank], worst[rank] = max(number, best[rank]), min(number, worst[rank])
    pairs = [(above, below) for above, below in itertools.pairwise(sorted(best)) if worst[above] - best[below] <= near]
    marked = {place for pair in pairs for place in pair}
    return [number is not None and rank in marked for number, rank in zip(numbers, ranks, strict=True)]


def are_in_order(numbers: Sequence[Fraction | None], ranks: Sequence[Any]) -> bool:
    """Whether no place is better than that of a larger number; a tie that was broken is no contradiction."""
    pairs = sorted((-number, int(rank)) for number, rank in zip(numbers, ranks, strict=True) if number is not None)
    return all(above <= below for (_, above), (_, below) in itertools.pairwise(pairs))


def middle(numbers: Sequence[Fraction], decimals: int) -> Fraction:
    """Return the exact median, rounded once: between two middle ones that is half a step, which floats may miss."""
    return rounded(median(numbers), decimals)
