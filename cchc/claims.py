"""Whose an initiative is that a nomination names: it counts once, for the nominee whom its own file gives as author."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from cchc.dataset import Dataset
from cchc.nominees import author_keys, nominee_key, person_key


def nominations_for(data: Dataset, period: str) -> pd.DataFrame:
    """Return the nominations that the awards of ``"2024"`` or ``"2021-2025"`` rest on: its own, and others' claims.

    An initiative of 2024 counts in the awards of that year and in those of the stage, and the files of both may name
    it: beside those of the period they are the rows that name one, of all periods that have a year in common with it.
    """
    first, last = _span(period)
    table = data.nominations
    spans = map(_span, table["period"])
    is_beside = np.array([one <= last and first <= other for one, other in spans], bool)
    return table[(table["period"] == period) | (is_beside & (table["initiative_id"] != ""))]


def _span(period: str) -> tuple[int, int]:
    return int(period[:4]), int(period[-4:])


def initiative_of(row: Any, initiatives: pd.DataFrame, nominations: pd.DataFrame) -> str:
    """Return why the initiative that a nomination names does not count for the nominee; "" where it counts.

    Parameters
    ----------
    row : row of `Dataset.nominations`
        One with an `initiative_id`.
    initiatives : DataFrame
        From `evidence.initiatives_of`.
    nominations : DataFrame
        From `nominations_for`.

    Returns
    -------
    str
        "initiative_other_owner" (its file does not give this nominee, in this unit, as author), "initiative_shared"
        (another author of it is nominated with it, too, and nothing says for whom it counts),
        "initiative_unrecognised", "initiative_other_year", or "".
    """
    initiative: Any = next(initiatives[initiatives["initiative_id"] == row.initiative_id].itertuples())
    if not _is_own(row, initiative):
        return "initiative_other_owner"
    others = nominations[nominations["initiative_id"] == row.initiative_id].itertuples()
    if not row.is_unit and any(_is_own(other, initiative) and _is_another(other, row) for other in others):
        return "initiative_shared"
    return f"initiative_{initiative.reason}" if initiative.reason else ""


def _is_own(row: Any, initiative: Any) -> bool:
    """Whether an initiative is the nominee's: of the unit itself, or of one of the authors, in the unit of these."""
    if row.unit_id != initiative.unit_id:
        return False
    return row.is_unit or person_key(row.name) in author_keys(initiative.owner)


def _is_another(other: Any, row: Any) -> bool:
    """Whether two nominees whose an initiative is are two, not a unit and its person: a position may change by time."""
    if other.is_unit:
        return False
    parts = 3 if other.period == row.period else 2
    return nominee_key(other)[:parts] != nominee_key(row)[:parts]
