"""Places in many draws at once: ranks, how often each place is taken, and the interval that this gives."""

from __future__ import annotations

from typing import Any

import numpy as np

Ranks = np.ndarray[Any, np.dtype[np.int64]]
Floats = np.ndarray[Any, np.dtype[np.float64]]


def ranks_of_draws(numbers: Floats) -> Ranks:
    """Rank the units of every draw from the largest number: ties share the better place (1, 2, 2, 4).

    Parameters
    ----------
    numbers : ndarray of float, draws x units
        NaN where a unit has no number in a draw.

    Returns
    -------
    ndarray of int, draws x units
        From 1; 0 where there is no number.
    """
    n_units = numbers.shape[1]
    order = np.argsort(-numbers, axis=1)  # NaN last
    ordered = np.take_along_axis(numbers, order, axis=1)
    places = np.broadcast_to(np.arange(1, n_units + 1), ordered.shape).copy()
    places[:, 1:][ordered[:, 1:] == ordered[:, :-1]] = 0
    np.maximum.accumulate(places, axis=1, out=places)
    places[np.isnan(ordered)] = 0
    ranks = np.empty_like(places)
    np.put_along_axis(ranks, order, places, axis=1)
    return ranks


def acceptabilities(ranks: Ranks) -> Floats:
    """Return how often each unit takes each place: the rank acceptability of SMAA-2.

    The share of the draws in which unit i has place r (Lahdelma & Salminen 2001, "SMAA-2: stochastic multicriteria
    acceptability analysis for group decision making", Operations Research 49(3)). A shared place counts as the better
    one, as it does officially.

    Returns
    -------
    ndarray of float, units x places, 0 to 1
        Place r stands in column r - 1. A row adds up to one where the unit has a place in every draw.
    """
    n_draws, n_units = ranks.shape
    cells = ranks + np.arange(n_units) * (n_units + 1)
    counts = np.bincount(cells.ravel(), minlength=n_units * (n_units + 1)).reshape(n_units, n_units + 1)
    shares: Floats = counts[:, 1:] / n_draws
    return shares


def rank_quantiles(shares: Floats, level: float) -> Ranks:
    """Return of each unit the best place that, with those above it, holds at least `level` of the draws.

    The inverse of the distribution function (definition 1 of Hyndman & Fan 1996, "Sample quantiles in statistical
    packages", The American Statistician 50(4)): always a place, never between two.
    """
    reached = np.cumsum(shares, axis=1) >= level - 1e-12  # shares are counts over draws, but floats
    places: Ranks = np.argmax(reached, axis=1) + 1
    return places
