"""A stage under other rules than its own: who would lead, and how far the rules agree. Never official."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from decimal import Context, Decimal
from fractions import Fraction
from statistics import median
from typing import Any

import numpy as np
import pandas as pd

from cchc.dataset import Dataset
from cchc.places import ranks_within
from cchc.ranking import ranked_number
from cchc.rows import positions_of
from cchc.stage import official_stage, stage_values
from cchc.yearly import POLICIES

Years = Mapping[int, Fraction]
"""The indices of one unit by year."""

RULES = ("official", "mean", "geometric", "median", "latest", "borda", "copeland", "adjusted", *POLICIES)


def compare_rules(data: Dataset, first: int, last: int) -> pd.DataFrame:
    """Rank a stage under several rules.

    All rules but the two of lineage rank the units that have a place by the stage's own rule, on the yearly indices of
    its lineage policy; means and medians are rounded before they are ranked, as the scheme says.

    Parameters
    ----------
    data : Dataset
    first, last : int
        A stage of scheme.toml.

    Returns
    -------
    DataFrame
        A row per (group, rule, unit that has a place under it), rules in the order of `RULES`, units in that of
        `rank_stage`: `group`, `rule`, `unit_id`, `value` (float, what the rule ranks; NaN where only a place is known),
        `rank` (int, ties shared).

        official
            As announced, else the stage's rule.
        mean, geometric, median, latest
            Of the years present; geometric has no value where an index is below 0, latest none where the group's last
            year is not present.
        borda
            Mean over the years present of the share of the other units of that year that a unit is above, a tie
            counting half: with all years present the order of Borda's count (de Borda 1784, "Mémoire sur les élections
            au scrutin").
        copeland
            Units that it is above in more of their common years than below, minus those that it is below (Copeland
            1951, "A reasonable social welfare function").
        adjusted
            The year-adjusted mean where years are missing (`rank_stage`: adjusted_score), else the mean.
        inherit, separate
            The mean under either lineage policy.

    Raises
    ------
    InputError, LookupError, ValueError
        As in `rank_stage`.

    Examples
    --------
    >>> rules = cchc.compare_rules(data, 2021, 2025)
    >>> rules.loc[(rules["group"] == "su-nghiep") & (rules["rank"] == 1), ["rule", "unit_id"]].head(2).values.tolist()
    [['official', 'benh-vien-da-khoa'], ['mean', 'benh-vien-da-khoa']]
    """
    stage = official_stage(data, data.scheme.stage(first, last))
    cells = stage_values(data, first, last)
    present: dict[str, dict[int, Fraction]] = {}
    for unit, year, exact in zip(cells["unit_id"], cells["year"], cells["index_exact"], strict=True):
        if exact is not None:
            present.setdefault(unit, {})[year] = exact
    found = []
    for (group,), rows in positions_of(stage, ["group"]).items():
        of_group = stage.iloc[rows]
        own = of_group[of_group["recomputed_rank"].notna()]
        units = own["unit_id"].tolist()
        years = sorted(set(cells.loc[cells["group"] == group, "year"]))
        values = [present[unit] for unit in units]
        by_rule: dict[str, pd.DataFrame] = {
            "official": _given(of_group, "rank", "index_exact"),
            "mean": _ranked(units, [ranked_number(data.scheme, mean) for mean in own["index_unrounded"]]),
            **{rule: _ranked(units, [ranked_number(data.scheme, of(unit, years)) for unit in values])
               for rule, of in _OF_YEARS.items()},
            "borda": _ranked(units, borda(values)),
            "copeland": _ranked(units, copeland(values)),
            "adjusted": _ranked(units, _adjusted(data, own)),
            **{policy: _given(of_group, f"rank_{policy}", f"index_exact_{policy}") for policy in POLICIES},
        }  # fmt: skip
        found += [by_rule[rule].assign(group=group, rule=rule) for rule in RULES]
    return pd.concat(found, ignore_index=True).reindex(columns=["group", "rule", "unit_id", "value", "rank"])


def _given(table: pd.DataFrame, rank: str, number: str) -> pd.DataFrame:
    """Return the places that a stage's table has already."""
    rows = table[table[rank].notna()]
    values = [np.nan if value is None else float(value) for value in rows[number]]
    return pd.DataFrame({"unit_id": rows["unit_id"].array, "value": values, "rank": rows[rank].astype("int64").array})


def _ranked(units: Sequence[str], numbers: Sequence[Fraction | None]) -> pd.DataFrame:
    """Rank numbers, those without one left out."""
    table = pd.DataFrame({"unit_id": units, "number": pd.Series(list(numbers), dtype=object)}).assign(key="")
    return _given(table.assign(rank=ranks_within(table, "number", ["key"])), "rank", "number")


def _adjusted(data: Dataset, own: pd.DataFrame) -> list[Fraction | None]:
    """Return the year-adjusted mean of the units that lack years, else the mean."""
    return [
        ranked_number(data.scheme, mean) if np.isnan(score) else Fraction(repr(score))  # a decimal, rounded already
        for score, mean in zip(own["adjusted_score"].tolist(), own["index_unrounded"], strict=True)
    ]


def geometric_mean(values: Sequence[Fraction]) -> Fraction | None:
    """Return the geometric mean, exact to 40 digits (equal means are then equal); None where a value is below 0."""
    if min(values) < 0:
        return None
    product = Fraction(1)
    for value in values:
        product *= value
    if product == 0:
        return product
    context = Context(prec=60)
    root = context.power(
        context.divide(Decimal(product.numerator), Decimal(product.denominator)),
        context.divide(Decimal(1), Decimal(len(values))),
    )
    return Fraction(Context(prec=40).plus(root))


_OF_YEARS: Mapping[str, Callable[[Years, Sequence[int]], Fraction | None]] = {
    "geometric": lambda unit, years: geometric_mean(list(unit.values())),
    "median": lambda unit, years: median(unit.values()),
    "latest": lambda unit, years: unit.get(years[-1]),
}


def borda(units: Sequence[Years]) -> list[Fraction | None]:
    """Return the Borda score of each unit, 0 to 1 (see `compare_rules`); None where no year of it has another unit."""
    scores: list[Fraction | None] = []
    for at, unit in enumerate(units):
        shares = []
        for year, value in unit.items():
            others = [other[year] for place, other in enumerate(units) if place != at and year in other]
            if others:
                above = sum(other < value for other in others) + Fraction(sum(other == value for other in others), 2)
                shares.append(above / len(others))
        scores.append(sum(shares, Fraction(0)) / len(shares) if shares else None)
    return scores


def copeland(units: Sequence[Years]) -> list[Fraction]:
    """Return the Copeland score of each unit: duels won minus duels lost (see `compare_rules`)."""

    def duel(one: Years, other: Years) -> int:
        years = one.keys() & other.keys()
        margin = sum((one[year] > other[year]) - (one[year] < other[year]) for year in years)
        return (margin > 0) - (margin < 0)

    return [Fraction(sum(duel(one, other) for other in units)) for one in units]


def leaders_by_rule(comparison: pd.DataFrame, top: int = 3) -> pd.DataFrame:
    """Return who would lead, and who would be among the first `top`, under each rule.

    Parameters
    ----------
    comparison : DataFrame
        From `compare_rules`.
    top : int

    Returns
    -------
    DataFrame
        A row per (group, rule): `group`, `rule`, `n_ranked`, `leaders` (tuple of unit_id, several where tied),
        `top_units` (tuple: place at most `top`; more than `top` of them where the last place is shared),
        `is_official_leader`, `is_official_top` (bool: the same units as under "official").

    Examples
    --------
    >>> leaders = cchc.leaders_by_rule(rules)
    >>> leaders.loc[leaders["is_official_leader"], "group"].value_counts().to_dict()
    {'trung-uong': 10, 'so-nganh': 9, 'cap-huyen': 9, 'su-nghiep': 7}
    """
    rows: list[tuple[Any, ...]] = []
    for (group, rule), positions in positions_of(comparison, ["group", "rule"]).items():
        part = comparison.iloc[positions].sort_values("rank", kind="stable")
        leaders = tuple(part.loc[part["rank"] == 1, "unit_id"])
        rows.append((group, rule, len(part), leaders, tuple(part.loc[part["rank"] <= top, "unit_id"])))
    table = pd.DataFrame(rows, columns=["group", "rule", "n_ranked", "leaders", "top_units"])
    for name, of in (("is_official_leader", "leaders"), ("is_official_top", "top_units")):
        rows_of_official = table[table["rule"] == "official"]
        official = {
            group: set(units) for group, units in zip(rows_of_official["group"], rows_of_official[of], strict=True)
        }
        table[name] = [
            set(units) == official.get(group) for group, units in zip(table["group"], table[of], strict=True)
        ]
    return table


def rule_agreement(comparison: pd.DataFrame) -> pd.DataFrame:
    """Return how far the rankings of each two rules agree: Kendall's tau-b over the units that both rank.

    Kendall 1945, "The treatment of ties in ranking problems", Biometrika 33(3).

    Returns
    -------
    DataFrame
        A row per (group, `rule`, `other_rule`), each pair once: `n` (units), `tau` (-1 to 1; NaN where a rule ties all
        of them or there is only one).

    Examples
    --------
    >>> table = cchc.rule_agreement(rules)
    >>> table.head(2).round(2).values.tolist()
    [['so-nganh', 'official', 'mean', 14, 1.0], ['so-nganh', 'official', 'geometric', 14, 0.98]]
    """
    from scipy.stats import kendalltau  # here: half a second, which a page without comparisons need not wait

    rows = []
    for group, part in comparison.groupby("group", sort=False):
        wide = part.pivot(index="unit_id", columns="rule", values="rank")
        for rule, other in itertools.combinations([rule for rule in RULES if rule in wide], 2):
            both = wide[[rule, other]].dropna()
            tau = float(kendalltau(both[rule], both[other]).statistic) if both.nunique().min() > 1 else np.nan
            rows.append((group, rule, other, len(both), tau))
    return pd.DataFrame(rows, columns=["group", "rule", "other_rule", "n", "tau"])


def concordance(comparison: pd.DataFrame) -> pd.DataFrame:
    """Return how far the rules from mean to adjusted agree: Kendall's W, corrected for ties.

    Over the units that all of them rank. Official places and lineage policies are left out: they are means, and
    would count it several times. Kendall & Babington Smith 1939, "The problem of m rankings", Annals of Mathematical
    Statistics 10(3). W is Friedman's statistic divided by rules x (units - 1).

    Returns
    -------
    DataFrame
        A row per group: `group`, `n_rules`, `n` (units), `concordance` (0 to 1; NaN where all rules tie all units).

    Examples
    --------
    >>> table = cchc.concordance(rules)
    >>> table.head(2).values.tolist()
    [['so-nganh', 7, 14, 0.948402727925341], ['su-nghiep', 7, 7, 0.9737609329446064]]
    """
    from scipy.stats import rankdata  # here: as in `rule_agreement`

    rows = []
    for group, of_group in comparison.groupby("group", sort=False):
        part = of_group[~of_group["rule"].isin(["official", *POLICIES])]
        places = part.pivot(index="unit_id", columns="rule", values="rank").dropna().to_numpy()
        n, m = places.shape
        ranks = rankdata(places, axis=0)
        ties = sum(
            float((counts**3 - counts).sum())
            for counts in (np.unique(column, return_counts=True)[1] for column in ranks.T)
        )
        whole = m**2 * (n**3 - n) - m * ties
        sums = ranks.sum(axis=1)
        rows.append((group, m, n, 12 * float(((sums - m * (n + 1) / 2) ** 2).sum()) / whole if whole > 0 else np.nan))
    return pd.DataFrame(rows, columns=["group", "n_rules", "n", "concordance"])
