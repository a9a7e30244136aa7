"""What was announced against what the scores give, unit by unit."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

from cchc.dataset import Dataset
from cchc.exact import rounded
from cchc.ranking import as_recomputed, official
from cchc.scheme import Stage
from cchc.stage import official_stage, rank_stage_of
from cchc.yearly import official_years

_COMPARED = [
    "group", "unit_id", "name_vi", "name_en", "index_score", "published_index_score", "index_difference", "rank",
    "published_rank", "grade", "published_grade", "status", "changes_place", "changes_stage_place",
]  # fmt: skip


def verify(data: Dataset, year: int, stages: Iterable[tuple[int, int]] | None = None) -> pd.DataFrame:
    """Compare the announced table of a year with the recomputation.

    Only the columns that the table has are compared; the index at its number of decimals.

    Parameters
    ----------
    data : Dataset
    year : int
    stages : iterable of (int, int), optional
        Stages to judge in `changes_stage_place`, as (first, last); by default every one that holds the year.

    Returns
    -------
    DataFrame
        A row per unit that is announced or has scores, in the order of the ranking.

        period : str; year, group, unit_id, name_vi, name_en
            The period is the year as a text.
        index_score, published_index_score, index_difference : float
            Recomputed (rounded as announced), announced, announced minus recomputed; NaN where there is none.
        rank, published_rank : Int64
        grade, published_grade : str
        status : str
            "same", "differs" (in a figure, or in the place that follows from the announced ones), "not_announced" (has
            scores, is not in the table), "not_scored" (is in the table, the score files give no index).
        changes_place : bool
            The recomputed figures would give the unit another place in the year.
        changes_stage_place : bool
            ... or in a stage that holds the year.

    Raises
    ------
    InputError
        An error of the input stops the year.
    LookupError
        Nothing is published for the year.

    Examples
    --------
    >>> cchc.verify(data, 2024)["status"].value_counts().to_dict()
    {'same': 44}
    """
    data.require(year)
    if year not in data.published_years:
        known = ", ".join(map(str, data.published_years)) or "—"
        raise LookupError(f"Chưa có bảng công bố năm {year} của {data.scheme.id}; đã công bố: {known}")
    judged = _judged(data, year, stages)
    figures_of_year = official(data, [year])
    is_concerned = figures_of_year["is_announced"] | figures_of_year["index_unrounded"].notna()
    table = figures_of_year[is_concerned].reset_index(drop=True)
    table = _with_status(data, table.assign(period=str(year)))
    is_clean = table["status"].isin(["same", "not_scored"]).all()
    moved = set() if is_clean else _moved_in_stages(data, year, judged, as_recomputed(figures_of_year))
    table["changes_stage_place"] = table["unit_id"].isin(moved)
    return table[["period", "year", *_COMPARED]]


def verify_stage(data: Dataset, first: int, last: int) -> pd.DataFrame:
    """Compare the announced table of a stage with the recomputation: the mean of its official years, and the places.

    Returns
    -------
    DataFrame
        The columns of `verify`, `period` and `stage` ("2021-2025") in the place of `year`; a row per unit that is
        announced or has a place by recomputation. "not_scored" is a unit without a place by recomputation.

    Raises
    ------
    InputError
        An error of the input stops one of the years, or the announced table of the stage.
    LookupError
        Nothing is published for the stage.

    Examples
    --------
    >>> cchc.verify_stage(data, 2021, 2025)
    Traceback (most recent call last):
    LookupError: Chưa có bảng công bố giai đoạn 2021-2025 của soc-trang
    """
    stage = data.scheme.stage(first, last)
    figures = official_stage(data, stage)
    if not data.editions_of(stage.id):
        raise LookupError(f"Chưa có bảng công bố giai đoạn {stage.id} của {data.scheme.id}")
    is_concerned = figures["is_announced"] | figures["index_unrounded"].notna()
    table = figures[is_concerned].reset_index(drop=True).rename(columns={"rank": "official_rank"})
    table = _with_status(data, table.assign(period=stage.id))
    table["changes_stage_place"] = table["changes_place"]
    return table[["period", "stage", *_COMPARED]]


def _with_status(data: Dataset, table: pd.DataFrame) -> pd.DataFrame:
    """Add both sides' figures and the status to official figures of units that are announced or recomputed."""
    units = table["published_index_units"]
    decimals = table["published_index_decimals"].where(units.notna(), data.scheme.decimals).astype(int)
    figures = [_compared(*row) for row in zip(table["index_unrounded"], units, decimals, strict=True)]
    compared = pd.DataFrame(
        figures, columns=["index_score", "published_index_score", "index_difference"], index=table.index
    )
    table = table.drop(columns="index_score").join(compared)
    moves = (table["official_rank"].fillna(0) != table["recomputed_rank"].fillna(0)).astype(bool)
    table["status"] = np.where(table["has_difference"] | moves, "differs", "same")
    table.loc[table["index_unrounded"].isna(), "status"] = "not_scored"
    table.loc[~table["is_announced"], "status"] = "not_announced"
    table["changes_place"] = moves & (table["status"] != "not_scored")
    table["rank"], table["grade"] = table["recomputed_rank"], table["recomputed_grade"]
    return table


def _compared(index: Fraction | None, units: Any, decimals: int) -> tuple[float, float, float]:
    """Return recomputed, announced and their difference at the announced number of decimals."""
    announced = None if units is pd.NA else Fraction(int(units), 10**decimals)
    computed = None if index is None else rounded(index, decimals)
    difference = None if announced is None or computed is None else announced - computed
    shown = [np.nan if value is None else float(value) for value in (computed, announced, difference)]
    return shown[0], shown[1], shown[2]


def _judged(data: Dataset, year: int, stages: Iterable[tuple[int, int]] | None) -> list[Stage]:
    """Return the stages that a difference of the year is judged by: those that hold it and can be ranked by default."""
    if stages is not None:
        return [data.scheme.stage(first, last) for first, last in stages]
    broken = set(data.broken_years)
    return [item for item in data.scheme.stages if year in item.years and not set(item.years) & broken]


def _moved_in_stages(data: Dataset, year: int, stages: Iterable[Stage], computed: pd.DataFrame) -> set[str]:
    """Return the units whose place in one of `stages` would differ if the year were taken as recomputed."""
    return set().union(*(_moved_in(data, stage, {year: computed}) for stage in stages))


def _moved_in(data: Dataset, stage: Stage, replaced: dict[int, pd.DataFrame]) -> set[str]:
    officials = official_years(data, stage)
    before = rank_stage_of(data, stage, officials).set_index("unit_id")["rank"].fillna(0)
    after = rank_stage_of(data, stage, officials | replaced).set_index("unit_id")["rank"].fillna(0)
    after = after.reindex(before.index)
    return set(before.index[before != after])
