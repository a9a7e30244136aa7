"""How far the indices of a group spread: lowest, highest, median."""

from __future__ import annotations

from fractions import Fraction

import pandas as pd

from cchc.dataset import Dataset
from cchc.places import middle


def group_spreads(data: Dataset, ranking: pd.DataFrame) -> pd.DataFrame:
    """Say how the indices of each group's ranked units spread.

    Parameters
    ----------
    data : Dataset
    ranking : DataFrame
        From `rank_year` or `rank_stage`.

    Returns
    -------
    DataFrame
        A row per group that has a ranked unit with an index, in the order of the scheme.

        group : str
        is_complete : bool
            Whether the group's list of units is: of another nobody knows who is last.
        n_units : int
            Ranked units with an index.
        lowest, highest, median : float, points of index
            Of the rounded indices; the median is rounded half up once.
        spread : Fraction, points of index
            Highest minus lowest, both as they are printed.
    """
    known = ranking[ranking["rank"].notna() & ranking["index_score"].notna()]
    rows = []
    for group in data.scheme.groups:
        scores = [Fraction(repr(score)) for score in known.loc[known["group"] == group.id, "index_score"].tolist()]
        if scores:
            low, high, median = min(scores), max(scores), middle(scores, data.scheme.decimals)
            facts = (len(scores), float(low), float(high), float(median), high - low)
            rows.append((group.id, group.complete, *facts))
    return pd.DataFrame(rows, columns=["group", "is_complete", "n_units", "lowest", "highest", "median", "spread"])
