"""Whose an initiative is that a nomination names: it counts once, for the nominee whom its own file gives as author."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import numpy as np
import pandas as pd

from cchc.dataset import Dataset
from cchc.nominees import author_keys, claimant_key, is_part, may_be_author, nominee_key


def nominations_for(data: Dataset, period: str) -> pd.DataFrame:
    """Return the nominations that the awards of ``"2024"`` or ``"2021-2025"`` rest on: its own, and others' claims.

    An initiative of 2024 counts in the awards of that year and in those of the stage, and the files of both may name
    it: beside those of the period they are the rows that name one, of all periods that have a year in common with it.
    A file in error claims nothing: it stops the awards of its own period alone.
    """
    first, last = _span(period)
    table = data.nominations
    spans = map(_span, table["period"])
    is_beside = np.array([one <= last and first <= other for one, other in spans], bool)
    is_claim = is_beside & (table["initiative_id"] != "") & ~table["period"].isin(_broken(data))
    return table[(table["period"] == period) | is_claim]


def _broken(data: Dataset) -> set[str]:
    """Return the periods whose nominations themselves are in error."""
    problems = (item for item in data.problems if item.is_error and item.file.startswith("nominations/"))
    return {period for item in problems for period in item.awards}


def _span(period: str) -> tuple[int, int]:
    return int(period[:4]), int(period[-4:])


def initiative_of(
    row: Any, initiatives: pd.DataFrame, nominations: pd.DataFrame, predecessors: Mapping[str, Collection[str]]
) -> str:
    """Return why the initiative that a nomination names does not count for the nominee; "" where it counts.

    Parameters
    ----------
    row : row of `Dataset.nominations`
        One with an `initiative_id`.
    initiatives : DataFrame
        From `evidence.initiatives_of`.
    nominations : DataFrame
        From `nominations_for`.
    predecessors : mapping
        From `evidence.predecessors_of`: the initiative of a person stays his own in the unit that took his unit over.

    Returns
    -------
    str
        "initiative_other_owner" (its file does not give this nominee as author), "initiative_author_unsure" (the name
        stands in the file in another form), "initiative_other_unit" (the name is an author's, the unit is another),
        "initiative_shared" (another author of it is nominated with it, too, and nothing says for whom it counts),
        "initiative_unrecognised", "initiative_other_year", or "".
    """
    initiative: Any = next(initiatives[initiatives["initiative_id"] == row.initiative_id].itertuples())
    reason = _not_own(row, initiative, predecessors)
    if reason:
        return reason
    others = nominations[nominations["initiative_id"] == row.initiative_id].itertuples()
    if not row.is_unit and any(_is_rival(other, row, initiative, predecessors) for other in others):
        return "initiative_shared"
    return f"initiative_{initiative.reason}" if initiative.reason else ""


def _not_own(row: Any, initiative: Any, predecessors: Mapping[str, Collection[str]]) -> str:
    """Return why an initiative is not the nominee's; "" where it is: the unit's own, or that of an author in it."""
    is_of_unit = row.unit_id == initiative.unit_id
    if row.is_unit:
        return "" if is_of_unit else "initiative_other_owner"
    key = claimant_key(row)
    if key in author_keys(initiative.owner):
        was_of_unit = row.kind == "individual" and initiative.unit_id in predecessors.get(row.unit_id, ())
        return "" if is_of_unit or was_of_unit else "initiative_other_unit"
    return "initiative_author_unsure" if may_be_author(key, initiative.owner) else "initiative_other_owner"


def _is_rival(other: Any, row: Any, initiative: Any, predecessors: Mapping[str, Collection[str]]) -> bool:
    """Whether another nominee is or may be an author of the initiative, too; no unit is one beside its person."""
    reason = _not_own(other, initiative, predecessors)
    if other.is_unit or reason == "initiative_other_owner":
        return False
    key, own = claimant_key(other), claimant_key(row)
    if key != own:
        return reason != "initiative_author_unsure" or not (is_part(key, own) or is_part(own, key))
    if reason:  # of the same name in another unit, which is not the initiative's
        return False
    if other.period == row.period:
        return nominee_key(other) != nominee_key(row)
    # a position may change by time, and so may the unit where it was merged or split
    units = {other.unit_id, row.unit_id}
    return len(units) > 1 and not any(units & set(predecessors.get(unit, ())) for unit in units)
