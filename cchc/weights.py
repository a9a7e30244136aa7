"""Weights of components: what a place would be under others, and without each component."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import accumulate
from typing import Any

import numpy as np
import pandas as pd

from cchc.components import component_indices, weighted_mean
from cchc.dataset import Dataset
from cchc.draws import Floats, Ranks, acceptabilities, ranks_of_draws
from cchc.exact import rounded
from cchc.rows import positions_of

_Objects = np.ndarray[Any, np.dtype[np.object_]]

SPREAD = 0.25
"""How far a weight is drawn to either side of the official one, as a part of it."""
_CLOSE = 2.0**-40
"""Relative difference below which floats (sums of some hundred terms) leave a decision to exact numbers."""


def rank_under_weights(component_indices: pd.DataFrame, weights: Any) -> pd.DataFrame:
    """Rank the units of one group under any sets of weights.

    Under weights W the index of a unit is sum(W_c / R_c x w_c x I_c) / sum(W_c / R_c x w_c) over the components that
    apply to it, plus its adjustment: I_c its component index, w_c its own official weight, R_c the rubric's. With W = R
    that is the official index, exactly; a component that does not apply, or applies in part, counts as much less as it
    does officially. That is the linear aggregation of OECD/JRC, "Handbook on Constructing Composite Indicators" (2008),
    step 6, with the official renormalisation over what applies. Numbers are rounded as officially before they are
    ranked, and what floats cannot decide is decided by exact numbers.

    Parameters
    ----------
    component_indices : DataFrame
        The rows of one group from `component_indices`.
    weights : array-like, sets x components
        Weights of the components in the order of the table, at least 0, on any scale (scaling a set changes nothing).

    Returns
    -------
    DataFrame of Int64
        A row per set, a column per unit, in the order of the table: its place, ties shared; NA where all that applies
        to the unit has weight 0.

    Raises
    ------
    ValueError
        The table holds several groups; the sets have another number of components, or a weight that is negative or not
        a number.

    Examples
    --------
    >>> group = indices[indices["group"] == "trung-uong"]
    >>> cchc.rank_under_weights(group, [[1] * group["code"].nunique()]).iloc[0, :3].to_dict()
    {'cuc-thue': 1, 'kho-bac-nha-nuoc': 2, 'cuc-thong-ke': 3}
    """
    ranks = _ranks(component_indices, weights)
    units = component_indices["unit_id"].drop_duplicates().tolist()
    return pd.DataFrame(
        {unit: pd.arrays.IntegerArray(ranks[:, at], ranks[:, at] == 0) for at, unit in enumerate(units)}
    )


def _ranks(table: pd.DataFrame, weights: Any) -> Ranks:
    """Return `rank_under_weights` as integers; 0 where it is NA."""
    if table["group"].nunique() != 1:
        raise ValueError("Xếp hạng theo trọng số: bảng phải có đúng một nhóm")
    sets = np.asarray(weights)
    codes = table["code"].drop_duplicates().tolist()
    if sets.ndim != 2 or sets.shape[1] != len(codes):
        raise ValueError(f"Mỗi bộ trọng số phải có {len(codes)} số, theo thứ tự {', '.join(codes)}")
    floats = sets.astype(np.float64)
    if not (np.isfinite(floats).all() and (floats >= 0).all()):
        raise ValueError("Trọng số phải là số không âm")
    parts = _Parts.of(table, len(codes))
    numbers = parts.numbers(floats)
    for unit, number in parts.constants.items():
        decimals = parts.decimals[unit]
        known = float(number if decimals is None else rounded(number, decimals))
        numbers[:, unit] = np.where(np.isnan(numbers[:, unit]), np.nan, known)
    for decimals in {item for item in parts.decimals if item is not None}:
        units = np.array(
            [unit for unit, item in enumerate(parts.decimals) if item == decimals and unit not in parts.constants], int
        )
        scaled = numbers[:, units] * 10.0**decimals
        magnitudes = np.abs(scaled)
        whole = np.floor(magnitudes)
        over = magnitudes - whole
        numbers[:, units] = np.copysign(whole + (over >= 0.5), scaled) / 10.0**decimals
        halves = np.abs(over - 0.5) <= (1 + magnitudes) * _CLOSE
        for at, place in np.argwhere(halves).tolist():
            unit = int(units[place])
            numbers[at, unit] = float(rounded(parts.exact_number(sets[at], unit), decimals))
    ranks = ranks_of_draws(numbers)
    if None in parts.decimals:
        for at, close in _close_ones(numbers):
            alike = {parts.twins[unit]: unit for unit in close}
            exact = {
                twin: parts.exact_number(sets[at], unit) if parts.decimals[unit] is None
                else Fraction(repr(float(numbers[at, unit])))
                for twin, unit in alike.items()
            }  # fmt: skip
            _settle(ranks[at], close, [exact[parts.twins[unit]] for unit in close])
    return ranks


@dataclass(frozen=True)
class _Parts:
    """The columns of `component_indices` of one group, exactly: units x components, or a value per unit."""

    indices: _Objects
    own: _Objects
    rubric: _Objects
    adjustments: _Objects
    decimals: list[int | None]

    @cached_property
    def constants(self) -> dict[int, Fraction]:
        """The units whose index is the same under any weights: those with one component, or the same in all.

        In every draw such units tie or round at the same half: deciding that anew took 170 s for 65 units with all
        points.
        """
        found = {}
        for unit, (indices, own) in enumerate(zip(self.indices, self.own, strict=True)):
            values = {index for index, weight in zip(indices, own, strict=True) if weight}
            if len(values) == 1:
                found[unit] = values.pop() + self.adjustments[unit]
        return found

    @cached_property
    def twins(self) -> list[int]:
        """For each unit the first one that has the same number under any weights."""
        first: dict[Any, int] = {}
        rows = zip(self.indices.tolist(), self.own.tolist(), self.adjustments, self.decimals, strict=True)
        keys = [
            (self.constants[unit], decimals) if unit in self.constants else (*indices, *own, adjustment, decimals)
            for unit, (indices, own, adjustment, decimals) in enumerate(rows)
        ]
        return [first.setdefault(key, unit) for unit, key in enumerate(keys)]

    @classmethod
    def of(cls, table: pd.DataFrame, n_components: int) -> _Parts:
        """Read them from the rows of one group."""
        units = table.iloc[::n_components]
        indices = np.array([value or Fraction(0) for value in table["index_exact"]], object)
        return cls(
            indices.reshape(-1, n_components),
            table["weight"].to_numpy(object).reshape(-1, n_components),
            table["rubric_weight"].to_numpy(object)[:n_components],
            units["adjustment"].to_numpy(object),
            [None if item is pd.NA else item for item in units["decimals"].tolist()],
        )

    def numbers(self, sets: Floats) -> Floats:
        """Return the unrounded indices, sets x units; NaN where nothing has a weight."""
        factors = sets / self.rubric.astype(np.float64)
        totals = factors @ self.own.astype(np.float64).T
        sums = factors @ (self.own * self.indices).astype(np.float64).T
        means = np.divide(sums, totals, out=np.full_like(totals, np.nan), where=totals > 0)
        numbers: Floats = means + self.adjustments.astype(np.float64)
        return numbers

    def exact_number(self, weights: _Objects, unit: int) -> Fraction:
        """Return the unrounded index of one unit under one set of weights, which has a weight for it."""
        if unit in self.constants:
            return self.constants[unit]
        # a float means the shortest decimal that is it, as everywhere: 0.1 is a tenth
        factors = [Fraction(str(weight)) / base for weight, base in zip(weights, self.rubric, strict=True)]
        of_unit = zip(self.indices[unit], factors, self.own[unit], strict=True)
        adjustment: Fraction = self.adjustments[unit]
        return weighted_mean([(index, factor * own) for index, factor, own in of_unit]) + adjustment


def _close_ones(numbers: Floats) -> Iterator[tuple[int, list[int]]]:
    """Yield units that are too close for floats, and the draw in which they are."""
    order = np.argsort(-numbers, axis=1)
    ordered = np.take_along_axis(numbers, order, axis=1)
    close = ordered[:, :-1] - ordered[:, 1:] <= (1 + np.abs(ordered[:, 1:])) * _CLOSE
    for at in np.flatnonzero(close.any(axis=1)).tolist():
        ends = np.flatnonzero(~close[at]) + 1
        yield from ((at, units.tolist()) for units in np.split(order[at], ends) if len(units) > 1)


def _settle(ranks: Ranks, units: list[int], exact: list[Fraction]) -> None:
    """Put the places of units that are close to one another in the order of their exact numbers."""
    best = min(int(ranks[unit]) for unit in units)
    counts = Counter(exact)
    largest_first = sorted(counts, reverse=True)
    n_above = accumulate((counts[number] for number in largest_first), initial=0)
    above = dict(zip(largest_first, n_above, strict=False))
    for unit, number in zip(units, exact, strict=True):
        ranks[unit] = best + above[number]


def weights_around(official_weights: Any, n_draws: int, rng: np.random.Generator, spread: float = SPREAD) -> Floats:
    """Draw sets of weights around the official ones, each uniform within `spread` of it to either side.

    Independent and uniform, then renormalised (which `rank_under_weights` does): Saisana, Saltelli & Tarantola 2005,
    "Uncertainty and sensitivity analysis techniques as tools for the quality assessment of composite indicators",
    Journal of the Royal Statistical Society A 168(2), let weights vary so.

    Returns
    -------
    ndarray of float, n_draws x components
        Draw 0 is the official set.
    """
    base = np.asarray(official_weights).astype(np.float64)
    sets = base * rng.uniform(1 - spread, 1 + spread, (n_draws, len(base)))
    sets[0] = base
    return sets


def weight_ranges(
    data: Dataset, year: int, *, rng: np.random.Generator, n_draws: int = 10_000, spread: float = SPREAD, top: int = 3
) -> pd.DataFrame:
    """Return between which places each unit moves when weights vary, and when one component is left out.

    These are ranges, not intervals: one year says nothing about chance, as nothing in it is repeated.

    Parameters
    ----------
    data : Dataset
    year : int
    rng : Generator
        Seeded by the caller: the same seed gives the same table.
    n_draws, spread
        As in `weights_around`.
    top : int
        k of `top_share`.

    Returns
    -------
    DataFrame
        A row per (group, unit) of `component_indices`: `group`, `unit_id`, `rank`, `n_ranked` (of draw 0, the official
        weights); `best_rank`, `worst_rank`, `first_share`, `top_share` (0 to 1: the share of the draws in which it is
        first, and among the first `top`); `best_rank_without`, `worst_rank_without` (when one component is left out; NA
        where the rubric has one component only).

    Raises
    ------
    InputError, LookupError
        As in `component_indices`.

    Examples
    --------
    >>> table = cchc.weight_ranges(data, 2024, rng=np.random.default_rng(1), n_draws=200)
    >>> table[["unit_id", "best_rank", "worst_rank"]].head(2).values.tolist()
    [['so-tai-chinh', 1, 1], ['so-ke-hoach-va-dau-tu', 2, 2]]
    """
    table = component_indices(data, year)
    without = ranks_without_each(table)
    found = []
    for _, part in table.groupby("group", sort=False):
        official_weights = part["rubric_weight"].iloc[: part["code"].nunique()]
        ranks = _ranks(part, weights_around(official_weights, n_draws, rng, spread))
        shares = acceptabilities(ranks)
        found.append(part[["group", "unit_id"]].drop_duplicates().assign(
            rank=ranks[0], n_ranked=ranks.shape[1], best_rank=ranks.min(axis=0), worst_rank=ranks.max(axis=0),
            first_share=shares[:, 0], top_share=shares[:, :top].sum(axis=1),
        ))  # fmt: skip
    columns = ["group", "unit_id", "rank", "n_ranked", "best_rank", "worst_rank", "first_share", "top_share"]
    ranges = pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=columns)
    places = without.groupby("unit_id")["rank_without"]
    for name, of in (("best_rank_without", places.min()), ("worst_rank_without", places.max())):
        ranges[name] = ranges["unit_id"].map(of).astype("Int64")
    return ranges


def ranks_without_each(component_indices: pd.DataFrame) -> pd.DataFrame:
    """Rank the units again without each component in turn, the weights of the others renormalised.

    Leaving out one indicator at a time: OECD/JRC, "Handbook on Constructing Composite Indicators" (2008), step 7.

    Parameters
    ----------
    component_indices : DataFrame
        From `component_indices`; any number of groups.

    Returns
    -------
    DataFrame
        A row per (group, component `code`, unit): `rank` under the official weights, `rank_without` the component
        (Int64; NA where nothing else applies to the unit), `rank_change` (places gained by leaving it out). No rows for
        a rubric of one component.
    """
    columns = ["group", "code", "unit_id", "rank", "rank_without"]
    rows: list[tuple[Any, ...]] = []
    for (group,), positions in positions_of(component_indices, ["group"]).items():
        part = component_indices.iloc[positions]
        codes, units = part["code"].drop_duplicates().tolist(), part["unit_id"].drop_duplicates().tolist()
        official_weights = part["rubric_weight"].tolist()[: len(codes)]
        sets = [official_weights, *(
            [Fraction(0) if code == left else weight for code, weight in zip(codes, official_weights, strict=True)]
            for left in codes if len(codes) > 1
        )]  # fmt: skip
        ranks = _ranks(part, sets)
        for code, places in zip(codes, ranks[1:].tolist(), strict=len(codes) > 1):
            rows += [
                (group, code, unit, rank, place or pd.NA)
                for unit, rank, place in zip(units, ranks[0].tolist(), places, strict=True)
            ]
    table = pd.DataFrame(rows, columns=columns).astype({"rank": "Int64", "rank_without": "Int64"})
    return table.assign(rank_change=table["rank"] - table["rank_without"])
