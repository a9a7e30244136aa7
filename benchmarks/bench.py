"""What a change in the analyst's bench costs in the kernel: milliseconds a tab, on a bundled scheme.

``python benchmarks/bench.py [soc-trang] [--rounds 3] [--lang vi] [--profile TAB]``:

every list of every tab is turned to each of its first values, with the tab in front, as a click does; what is counted
is the time until the new view is set. Beside the middle and the worst of each list stands whether the worst is within
0.3 s. The last line is opening: load of the checked tables apart, the time until the bench stands.
"""

from __future__ import annotations

import argparse
import cProfile
import pstats
import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from cchc.explorer import bench_of
from cchc.reading import read_dataset

RAW = Path(__file__).parents[1] / "data" / "raw"
LIMIT = 0.3
MOST = 6
"""Values of a list that are tried: of units and criteria there are many, and one costs as much as another."""


def values_of(control: Any) -> list[Any]:
    """Return the values that a control is turned to: others than the one it has first."""
    kind = type(control).__name__
    if kind == "Dropdown":
        values = [value for _label, value in control.options]
        return [*[value for value in values if value != control.value][:MOST], control.value]
    if kind == "SelectMultiple":
        values = [value for _label, value in control.options]
        return [tuple(values[:count]) for count in (1, 5, 2, len(values), 3)]
    if kind == "SelectionRangeSlider":
        years = list(control.options)
        return [(first, years[-1]) for first in years[1:]] + [(years[0], years[-1])]
    return ["0", "0,5", "KAD", "1", ""]  # a supposed value


def changes(front: Any, choices: list[Any]) -> Iterator[tuple[str, str, Callable[[], None]]]:
    """Yield each change that a user can make: tab, list, and the change itself."""
    for at, title in enumerate(front.titles):
        front.selected_index = at
        for control in (*front.children[at].children[0].children, *choices):
            for value in values_of(control):
                if value != control.value:
                    yield (
                        title,
                        control.description,
                        lambda control=control, value=value: setattr(control, "value", value),
                    )


def main() -> None:
    """Turn the lists and print what it took."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scheme", nargs="?", default="soc-trang")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--lang", default="vi")
    parser.add_argument("--profile", default="", help="a tab whose changes are profiled")
    options = parser.parse_args()
    data = read_dataset(RAW / options.scheme)
    start = time.perf_counter()
    choices, front = bench_of(data, options.lang).children
    opening = time.perf_counter() - start
    seconds: dict[tuple[str, str], list[float]] = {}
    profile = cProfile.Profile()
    for _ in range(options.rounds):
        for title, name, change in changes(front, list(choices.children)):
            start = time.perf_counter()
            if title == options.profile:
                profile.runcall(change)
            else:
                change()
            seconds.setdefault((title, name), []).append(time.perf_counter() - start)
    print(f"{'tab':<22}{'list':<18}{'changes':>8}{'middle ms':>11}{'worst ms':>10}")
    for (title, name), taken in seconds.items():
        mark = "" if max(taken) < LIMIT else f"  above {LIMIT:g} s"
        middle, worst = (f"{1000 * figure:.0f}" for figure in (statistics.median(taken), max(taken)))
        print(f"{title:<22}{name:<18}{len(taken):>8}{middle:>11}{worst:>10}{mark}")
    print(f"opened in {opening:.2f} s")
    if options.profile:
        pstats.Stats(profile).sort_stats("cumulative").print_stats(45)


if __name__ == "__main__":
    main()
