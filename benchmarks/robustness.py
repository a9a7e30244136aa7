"""What the intervals of a stage hold, and what draws of weights cost.

``python benchmarks/robustness.py [--tables 300] [--draws 10000] [--units 20] [--years 5] [--seed 1]``:

a. coverage: tables of unit + year + normal noise of 1 are made, and the interval of each unit's place is compared with
   its true place, for units that lie near to one another and far apart, for unit effects that are not normal, and for
   tables with gaps. Beside it what comes out when noise is added to the means once more (a flat prior);
b. seconds for the ranks of 150 units with 60 components under as many sets of weights as there are draws, and for the
   intervals of 150 units over ten years.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pandas as pd

from cchc.draws import Floats, acceptabilities, rank_quantiles, ranks_of_draws
from cchc.intervals import LEVELS, TwoWayFit, draw_effects, two_way_fit
from cchc.weights import rank_under_weights, weights_around

SPREADS = (0.25, 0.5, 1.0, 1.5, 2.0, 3.0)
"""Standard deviation of the unit effects, in standard deviations of the noise of one year."""
YEAR_SPREAD = 2.0
GAPS = 0.3
TARGETS = "90 to 97 % and below 8 places, 20 units x 5 years"
DRAWS_OF_A_TABLE = 1000
SHAPES: dict[str, Callable[[np.random.Generator, int], Floats]] = {
    "normal": lambda rng, n: rng.standard_normal(n),
    "even": lambda rng, n: rng.uniform(-(3**0.5), 3**0.5, n),
    "heavy": lambda rng, n: rng.standard_t(4, n) / 2**0.5,
}


def noise_once_more(fit: TwoWayFit, n_draws: int, rng: np.random.Generator) -> Floats:
    """Draw what is not done: the observed effects with their noise added again."""
    variances, axes = np.linalg.eigh(fit.covariance)
    noise = np.sqrt(fit.residual_sum / rng.chisquare(fit.residual_df, n_draws))
    errors = rng.standard_normal((n_draws, len(variances))) * np.sqrt(np.clip(variances, 0, None))
    return fit.effects + noise[:, None] * (errors @ axes.T)


def coverage(
    options: argparse.Namespace, spread: float, shape: str, gaps: float, draw: Callable[..., Floats]
) -> tuple[float, float]:
    """Return how often the interval holds the true place, and how many places it has on average."""
    rng = np.random.default_rng(options.seed)
    held, widths = [], []
    while len(held) < options.tables:
        truth = spread * SHAPES[shape](rng, options.units)
        years = rng.normal(0, YEAR_SPREAD, options.years)
        table = truth[:, None] + years + rng.standard_normal((options.units, options.years))
        is_gone = rng.random(table.shape) < gaps
        is_gone[np.arange(options.units), rng.integers(0, options.years, options.units)] = False
        fit = two_way_fit(np.where(is_gone, np.nan, table)) if (~is_gone).any(axis=0).all() else None
        if fit is None:  # the gaps have left units that share no year
            continue
        shares = acceptabilities(ranks_of_draws(draw(fit, DRAWS_OF_A_TABLE, rng)))
        lower, upper = (rank_quantiles(shares, level) for level in LEVELS)
        place = ranks_of_draws(truth[None, :])[0]
        held.append(np.mean((lower <= place) & (place <= upper)))
        widths.append(np.mean(upper - lower + 1))
    return float(np.mean(held)), float(np.mean(widths))


def print_coverage(options: argparse.Namespace) -> None:
    """Print a line for each spread of the units and each kind of table."""
    print(f"a. the 5-95 % interval holds the true place, and its places ({TARGETS});")
    print(f"   {options.units} units x {options.years} years, {options.tables} tables a line, noise 1")
    print("   units   effects  gaps    interval          noise added once more")
    kinds = [(spread, "normal", 0.0) for spread in SPREADS]
    kinds += [
        (spread, shape, gaps) for spread in (0.5, 2.0) for shape, gaps in (("even", 0), ("heavy", 0), ("normal", GAPS))
    ]
    for spread, shape, gaps in kinds:
        cells = [coverage(options, spread, shape, gaps, draw) for draw in (draw_effects, noise_once_more)]
        shown = "    ".join(f"{100 * held:5.1f} % {width:6.2f}" for held, width in cells)
        print(f"   {spread:5.2f}   {shape:7s}  {100 * gaps:3.0f} %   {shown}", flush=True)


def print_times(options: argparse.Namespace, units: int = 150, components: int = 60, years: int = 10) -> None:
    """Print the best of five times each."""
    rng = np.random.default_rng(options.seed)
    points, maxima = rng.integers(500, 1000, (units, components)), rng.integers(1, 30, components)
    rows = [
        ("g", f"u{unit}", str(code), Fraction(int(points[unit, code]), 10), Fraction(int(maxima[code])),
         Fraction(int(maxima[code])), Fraction(0), 2)
        for unit in range(units) for code in range(components)
    ]  # fmt: skip
    names = ["group", "unit_id", "code", "index_exact", "weight", "rubric_weight", "adjustment", "decimals"]
    indices = pd.DataFrame(rows, columns=names).astype({"index_exact": object, "decimals": "Int64"})
    sets = weights_around(maxima, options.draws, rng)
    table = rng.standard_normal((units, 1)) + rng.standard_normal((units, years))
    fit = two_way_fit(table)
    if fit is None:
        raise RuntimeError("a whole table must have a fit")

    def best(act: Callable[[], object]) -> str:
        seconds = []
        for _ in range(5):
            wall, cpu = time.perf_counter(), time.process_time()
            act()
            seconds.append((time.perf_counter() - wall, time.process_time() - cpu))
        return f"{min(seconds)[0]:.2f} s (CPU {min(seconds)[1]:.2f} s)"

    weights = best(lambda: rank_under_weights(indices, sets))
    intervals = best(lambda: acceptabilities(ranks_of_draws(draw_effects(fit, options.draws, rng))))
    print(f"b. {options.draws} draws, ranks included (target for 10000: below 0.5 s)")
    print(f"   weights, {units} units x {components} components   {weights}")
    print(f"   intervals, {units} units x {years} years      {intervals}")


def main() -> None:
    """Measure both."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tables", type=int, default=300, help="simulated tables a line (300)")
    parser.add_argument("--draws", type=int, default=10_000, help="draws whose time is taken (10000)")
    parser.add_argument("--units", type=int, default=20, help="units of a simulated table (20)")
    parser.add_argument("--years", type=int, default=5, help="years of a simulated table (5)")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    print_coverage(options)
    print_times(options)


if __name__ == "__main__":
    main()
