"""Why a place moved: other units, another rubric, or other scores."""

from __future__ import annotations

from fractions import Fraction

import pandas as pd

from cchc.components import component_indices
from cchc.dataset import Dataset
from cchc.places import ranks_within
from cchc.ranking import rank_year
from cchc.rows import positions_of
from cchc.series import component_series
from cchc.weights import rank_under_weights


def rank_shifts(data: Dataset, year: int) -> pd.DataFrame:
    """Split each change of place into the set of units, the rubric and the scores.

    Three re-rankings of the units that have a place in both years: by last year's official places (A), by this year's
    component indices weighted as last year's rubric weights them (B), by this year's official places (C).

        set = (last year's place - A) + (C - this year's place)     who came and who went
        performance = A - B                                         new scores, old rubric
        rubric = B - C                                              the same scores, new rubric

    They add up to `rank_change` exactly, as the places between cancel out. The order in which one factor after the
    other is replaced is a convention; here scores come before the rubric.

    B is over the components that are the same in both years (`component_series`); others have weight 0 in it. What
    changed inside a component counts as performance.

    Parameters
    ----------
    data : Dataset
    year : int

    Returns
    -------
    DataFrame
        A row per unit that has a place in both years in the same group, in the order of `rank_year`.

        group, unit_id
        previous_rank, previous_n_ranked, rank, n_ranked, rank_change : Int64
            As in `rank_year`.
        set_change : Int64
            Places gained because units came or went.
        rubric_change, performance_change : Int64
            Places gained by the new rubric and by the scores; NA where `is_separable` is False, and then
            `rank_change - set_change` is both together.
        is_separable : bool
            The components of all these units of the group are known this year, and at least one that applies to each is
            joined to one of last year's rubric.

    Raises
    ------
    InputError, LookupError
        As in `rank_year`.

    Examples
    --------
    >>> shifts = cchc.rank_shifts(data, 2024)
    >>> shifts.head(2).values.tolist()
    [['so-nganh', 'so-tai-chinh', 4, 19, 1, 19, 3, 0, 0, 3, True], ['so-nganh', 'so-ke-hoach-va-dau-tu', 1, 19,
    2, 19, -1, 0, 0, -1, True]]
    """
    table = rank_year(data, year)
    table = table[table["rank_change"].notna()].reset_index(drop=True)
    old_rubric = _ranks_by_old_rubric(data, year, table)
    common = ranks_within(
        table.assign(number=pd.Series([Fraction(-rank) for rank in table["rank"]], dtype=object)), "number", ["group"]
    )
    table["set_change"] = table["rank_change"] - table["rank_change_common"]
    table["rubric_change"] = old_rubric - common
    table["performance_change"] = table["rank_change_common"] - table["rubric_change"]
    table["is_separable"] = old_rubric.notna()
    return table[
        ["group", "unit_id", "previous_rank", "previous_n_ranked", "rank", "n_ranked", "rank_change", "set_change",
         "rubric_change", "performance_change", "is_separable"]
    ]  # fmt: skip


def _ranks_by_old_rubric(data: Dataset, year: int, table: pd.DataFrame) -> pd.Series:
    """Return the place of each row among its group under last year's weights; NA for a group where one has none."""
    ranks = pd.Series(pd.NA, index=table.index, dtype="Int64")
    if year not in data.scored_years:
        return ranks
    indices = component_indices(data, year)
    old = _old_weights(data, year)
    for (group,), rows in positions_of(table, ["group"]).items():
        units = table.loc[rows, "unit_id"].tolist()
        part = indices[(indices["group"] == group) & indices["unit_id"].isin(units)]
        if part["unit_id"].nunique() < len(units):
            continue
        weights = [old.get((group, code), Fraction(0)) for code in part["code"].drop_duplicates()]
        places = rank_under_weights(part, [weights]).iloc[0]
        if places.notna().all():
            ranks[rows] = places[units].array
    return ranks


def _old_weights(data: Dataset, year: int) -> dict[tuple[str, str], Fraction]:
    """Return the weight or maximum in last year's rubric of each component of this year's that is joined to it."""
    rubric = data.rubric[(data.rubric["parent"] == "") & data.rubric["year"].isin([year - 1, year])]
    rubric = rubric.merge(component_series(data), on=["year", "group", "code"])
    before, now = rubric[rubric["year"] == year - 1], rubric[rubric["year"] == year]
    old = {
        (group, series): Fraction(int(maximum)) if weight is None else weight
        for group, series, maximum, weight in zip(
            *(before[name] for name in ("group", "series", "max_units", "weight")), strict=True
        )
    }
    joined = zip(*(now[name] for name in ("group", "code", "series")), strict=True)
    return {(group, code): old[group, series] for group, code, series in joined if (group, series) in old}
