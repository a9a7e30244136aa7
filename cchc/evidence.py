"""What awards rest on besides rankings: recognised initiatives, and tasks done in time."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import pandas as pd

from cchc.dataset import Dataset


def initiatives_of(data: Dataset, years: Collection[int]) -> pd.DataFrame:
    """Return the initiatives of some years, and whether they count.

    An initiative counts when a competent authority has recognised it (Luật Thi đua, khen thưởng 06/2022/QH15): level,
    number, day and authority are all there; and it counts once, in the year of that day.

    Returns
    -------
    DataFrame
        The columns of `Dataset.initiatives`, and

        reason : str
            "" (it counts), "unrecognised" (something of the recognition is missing), "other_year" (it was recognised in
            another year than that of its file).
        is_recognised : bool
            It counts.

    Examples
    --------
    >>> initiatives = cchc.initiatives_of(data, [2024])
    >>> initiatives["reason"].value_counts().to_dict()
    {'': 2, 'unrecognised': 1}
    """
    table = data.initiatives[data.initiatives["year"].isin(years)].reset_index(drop=True)
    texts = table[["level", "number", "authority"]] != ""
    is_whole = texts.all(axis=1) & table["date"].notna()
    is_of_year = table["date"].dt.year == table["year"]
    table["reason"] = [
        "unrecognised" if not whole else "" if of_year else "other_year"
        for whole, of_year in zip(is_whole, is_of_year, strict=True)
    ]
    table["is_recognised"] = table["reason"] == ""
    return table


def broken_evidence(data: Dataset) -> set[int]:
    """Return the years whose initiatives or tasks are in error: nothing of them is counted."""
    problems = (item for item in data.problems if item.is_error and not item.file.startswith("nominations/"))
    return {int(period) for item in problems for period in item.awards if "-" not in period}


def task_counts(data: Dataset, years: Collection[int], content: str = "") -> dict[str, tuple[int, int]]:
    """Return for each unit that has tasks how many of them were done in time, and how many there are.

    A task is in time when it was done on the day that it was due or before; one without such a day, when it was done.
    With `content` only those that name it are counted.
    """
    counts: dict[str, tuple[int, int]] = {}
    row: Any  # pandas-stubs cannot know the columns
    tasks = data.tasks[data.tasks["year"].isin(years)]
    for row in (tasks[tasks["content"] == content] if content else tasks).itertuples():
        in_time, number = counts.get(row.unit_id, (0, 0))
        is_in_time = not pd.isna(row.done) and (pd.isna(row.due) or row.done <= row.due)
        counts[row.unit_id] = (in_time + is_in_time, number + 1)
    return counts


def predecessor_evidence(data: Dataset, years: Collection[int]) -> dict[str, set[str]]:
    """Return what the predecessors of each unit have of some years that is not counted for the unit itself.

    Nothing says that tasks and initiatives are inherited as indices are: they count for the unit that their file names.

    Returns
    -------
    dict of str to set of str
        Of each unit that has predecessors, back to the oldest, with such evidence: "tasks", "initiatives" (recognised).
    """
    initiatives = initiatives_of(data, years)
    owners = {
        "tasks": set(data.tasks.loc[data.tasks["year"].isin(years), "unit_id"]),
        "initiatives": set(initiatives.loc[initiatives["is_recognised"], "unit_id"]),
    }
    found = {
        unit: {name for name, units in owners.items() if units & before}
        for unit, before in predecessors_of(data).items()
    }
    return {unit: names for unit, names in found.items() if names}


def predecessors_of(data: Dataset) -> dict[str, set[str]]:
    """Return the predecessors of each unit that has any, back to the oldest."""
    events = data.lineage[data.lineage["kind"] != "abolish"]
    return {str(unit): _predecessors(events, unit) for unit in events["successor"].unique()}


def _predecessors(events: pd.DataFrame, unit: str) -> set[str]:
    """Return the predecessors of a unit, and theirs."""
    before = set(events.loc[events["successor"] == unit, "predecessor"])
    return before.union(*(_predecessors(events, other) for other in before))
