"""How sure a place of a stage is: intervals from the years, which repeat one another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from cchc.dataset import Dataset
from cchc.draws import Floats, acceptabilities, rank_quantiles, ranks_of_draws
from cchc.stage import rank_stage, stage_values

LEVELS = (0.05, 0.95)
_GRID, _WIDEST = 4001, 40.0  # points of the grid, and how far it goes to both sides of an even shrinkage
_NO_NOISE = 1e-9
"""Index points below which a residual is nothing but the rounding of floats."""


@dataclass(frozen=True)
class TwoWayFit:
    """The additive fit index = unit + year + residual, by least squares on the cells that exist.

    Attributes
    ----------
    effects : ndarray, units
        Unit effects, adjusted for the years in which each unit was present; their mean is 0.
    covariance : ndarray, units x units
        Covariance of the effects, up to a shift common to all, for residuals of variance 1.
    residual_sum : float
        Sum of squared residuals, of all units pooled.
    residual_df : int
        Cells - units - years + 1.
    largest_residual : float
    """

    effects: Floats
    covariance: Floats
    residual_sum: float
    residual_df: int
    largest_residual: float


def two_way_fit(table: Floats) -> TwoWayFit | None:
    """Fit unit and year effects to a table with gaps.

    The two-way model without interaction for unbalanced data: Searle 1971, "Linear Models", chapter 7.

    Parameters
    ----------
    table : ndarray of float, units x years
        NaN where there is no index; every unit and every year has one.

    Returns
    -------
    TwoWayFit or None
        None where chance cannot be told from the units: no degree of freedom is left for the residual (a single year),
        or the units fall apart into sets that share no year.
    """
    present = ~np.isnan(table)
    n_units, n_years = table.shape
    residual_df = int(present.sum()) - n_units - n_years + 1
    if residual_df < 1:
        return None
    values = np.where(present, table - table[present].mean(), 0.0)
    cells = present.astype(np.float64)
    # the normal equations with the years swept out
    years = cells.sum(axis=0)
    information = np.diag(cells.sum(axis=1)) - (cells / years) @ cells.T
    if np.linalg.matrix_rank(information) < n_units - 1:
        return None
    covariance = np.linalg.pinv(information, hermitian=True)
    effects = covariance @ (values.sum(axis=1) - (cells / years) @ values.sum(axis=0))
    year_effects = ((values - effects[:, None]) * cells).sum(axis=0) / years
    residuals = (values - effects[:, None] - year_effects) * cells
    return TwoWayFit(effects, covariance, float((residuals**2).sum()), residual_df, float(np.abs(residuals).max()))


def draw_effects(fit: TwoWayFit, n_draws: int, rng: np.random.Generator) -> Floats:
    """Draw what the unit effects may be, given the years that were seen: draws x units, up to a common shift.

    The observed means are true value plus noise already; with noise added once more the units lie too far apart for how
    sure they are, and their places too near to the middle of the list. What is drawn here is the posterior of the
    two-stage model: residuals normal with one variance s2, unit effects normal with a variance t2. Given both, an
    observed effect is shrunk towards the mean by t2 / (t2 + its noise). Ranks from that posterior: Laird & Louis 1989,
    "Empirical Bayes ranking methods", Journal of Educational Statistics 14(1); Goldstein & Spiegelhalter 1996, "League
    tables and their limitations", Journal of the Royal Statistical Society A 159(3).

    Neither variance is taken as known. s2 has the prior 1 / s2, t2 the one that makes the shrinkage of the average unit
    uniform between 0 and 1 (Daniels 1999, "A prior for the variance in hierarchical models", Canadian Journal of
    Statistics 27(3)). Given the ratio t2 / s2, s2 is scaled inverse chi-square with the degrees of freedom of residual
    and effects together; the ratio itself is drawn from its exact marginal posterior on a grid, so that nothing has to
    converge.
    """
    variances, axes = np.linalg.eigh(fit.covariance)
    # the common shift has no variance; it changes no place
    variances, axes = variances[1:], axes[:, 1:]
    along = axes.T @ fit.effects
    if fit.largest_residual < _NO_NOISE:
        return np.tile(np.round(fit.effects / _NO_NOISE) * _NO_NOISE, (n_draws, 1))
    # even in the logit of the shrinkage: even in itself, the grid ended at 2000 times the noise, and one unit far below
    # all others made every place unsure
    logits = np.linspace(-_WIDEST, _WIDEST, _GRID)
    prior = -np.logaddexp(0, logits) - np.logaddexp(0, -logits)
    ratios = variances.mean() * np.exp(-logits)
    df = fit.residual_df + len(variances)
    scales = fit.residual_sum + (along**2 / (ratios[:, None] + variances)).sum(axis=1)
    weights = prior - 0.5 * np.log(ratios[:, None] + variances).sum(axis=1) - 0.5 * df * np.log(scales)
    posterior = np.exp(weights - weights.max())
    chosen = rng.choice(_GRID, n_draws, p=posterior / posterior.sum())
    noise = np.sqrt(scales[chosen] / rng.chisquare(df, n_draws))
    kept = ratios[chosen, None] / (ratios[chosen, None] + variances)
    # noise by unit, turned to the axes and back: the axes of equal variances are arbitrary, and so drop out
    errors = rng.standard_normal((n_draws, len(fit.effects))) @ axes
    drawn = kept * along + noise[:, None] * np.sqrt(kept * variances) * errors
    effects: Floats = drawn @ axes.T
    return effects


def rank_intervals(
    data: Dataset, first: int, last: int, *, rng: np.random.Generator, n_draws: int = 10_000, top: int = 3
) -> pd.DataFrame:
    """Return how sure each place of a stage is, from how much the units' years differ from one another.

    An interval says between which places the unit's level lies, that is its mean over many years like these; it knows
    chance from year to year only, neither errors in the points nor other weights (`weight_ranges`). Inherited
    years count as years. In one year nothing is repeated and there is no interval. How often intervals hold the true
    place is measured by `benchmarks/robustness.py`.

    Parameters
    ----------
    data : Dataset
    first, last : int
        A stage of scheme.toml.
    rng : Generator
        Seeded by the caller: the same seed gives the same table.
    n_draws : int
    top : int
        k of `top_probability`.

    Returns
    -------
    DataFrame
        A row per unit that has a place in the stage, in the order of `rank_stage`.

        group, unit_id
        rank : Int64; n_ranked : int
            The official place.
        n_years : int
            Years with an index, own or inherited.
        lower_rank, upper_rank : Int64
            5 % and 95 % of the draws; NA where there is no interval.
        first_probability, top_probability : float, 0 to 1
            To be the first, and among the first `top`; NaN where there is no interval.
        noise : float, index points
            Standard deviation of one year of one unit around unit and year, pooled over the group; NaN as above.
        residual_df : int
            Its degrees of freedom; 0 where there is no interval.

    Raises
    ------
    InputError, LookupError, ValueError
        As in `rank_stage`.

    Examples
    --------
    >>> table = cchc.rank_intervals(data, 2021, 2025, rng=np.random.default_rng(1), n_draws=200)
    >>> table[["unit_id", "lower_rank", "upper_rank"]].head(2).values.tolist()
    [['so-tai-chinh-2025', 1, 1], ['van-phong-ubnd', 2, 3]]
    """
    stage = rank_stage(data, first, last)
    ranked = stage.loc[stage["rank"].notna(), ["group", "unit_id", "rank", "n_ranked"]]
    cells = stage_values(data, first, last)
    cells["number"] = [np.nan if exact is None else float(exact) for exact in cells["index_exact"]]
    found = []
    for _, part in ranked.groupby("group", sort=False):
        wide = cells.pivot(index="unit_id", columns="year", values="number").reindex(part["unit_id"])
        yearly = wide.dropna(axis=1, how="all").to_numpy(np.float64)
        found.append(part.assign(n_years=(~np.isnan(yearly)).sum(axis=1), **_figures(yearly, rng, n_draws, top)))
    columns = [*ranked.columns, "n_years", "lower_rank", "upper_rank", "first_probability", "top_probability", "noise",
               "residual_df"]  # fmt: skip
    table = pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=columns)
    return table[columns].astype({"lower_rank": "Int64", "upper_rank": "Int64"})


def _figures(table: Floats, rng: np.random.Generator, n_draws: int, top: int) -> dict[str, Any]:
    """Return the columns of `rank_intervals` that need the fit, of one group."""
    fit = two_way_fit(table)
    if fit is None:
        return {"lower_rank": pd.NA, "upper_rank": pd.NA, "first_probability": np.nan, "top_probability": np.nan,
                "noise": np.nan, "residual_df": 0}  # fmt: skip
    shares = acceptabilities(ranks_of_draws(draw_effects(fit, n_draws, rng)))
    return {
        "lower_rank": rank_quantiles(shares, LEVELS[0]),
        "upper_rank": rank_quantiles(shares, LEVELS[1]),
        "first_probability": shares[:, 0],
        "top_probability": shares[:, :top].sum(axis=1),
        "noise": np.sqrt(fit.residual_sum / fit.residual_df),
        "residual_df": fit.residual_df,
    }
