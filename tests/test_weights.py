"""Weights of components: the official ones give the official places, others are ranked exactly too."""

from __future__ import annotations

import itertools
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import Phase, assume, given, settings
from hypothesis import strategies as st

from cchc.components import component_indices
from cchc.dataset import Dataset
from cchc.ranking import rank_year
from cchc.reading import read_dataset
from cchc.weights import SPREAD, rank_under_weights, ranks_without_each, weight_ranges, weights_around
from papi import write_papi
from small import as_lines, lines, small_dataset
from test_properties import Year, cells, dataset, years

TWO = "2000,,1,Một,60,,,\n2000,,2,Hai,40,,,"
FEW = settings(max_examples=3, phases=(Phase.explicit, Phase.reuse, Phase.generate))


def table(
    indices: list[list[Any]], weights: list[Any] | None = None, *, decimals: Any = 2, rubric: list[Any] | None = None
) -> pd.DataFrame:
    """Return a group of component indices (None: does not apply); weights are the unit's own, by default 1 each."""
    n = len(indices[0])
    rubric = rubric or [1] * n
    rows = [
        ("g", f"u{unit}", str(at + 1), None if value is None else Fraction(value),
         Fraction(0 if value is None else (weights or rubric)[at]), Fraction(rubric[at]), Fraction(0), decimals)
        for unit, row in enumerate(indices) for at, value in enumerate(row)
    ]  # fmt: skip
    names = ["group", "unit_id", "code", "index_exact", "weight", "rubric_weight", "adjustment", "decimals"]
    return pd.DataFrame(rows, columns=names).astype({"index_exact": object, "decimals": "Int64"})


def places(indices: pd.DataFrame, weights: Any) -> list[list[Any]]:
    return rank_under_weights(indices, weights).to_numpy(object).tolist()


def official_set(indices: pd.DataFrame) -> list[Fraction]:
    return indices["rubric_weight"].tolist()[: indices["code"].nunique()]


def assert_official(data: Dataset, year: int) -> None:
    """Draw 0, whichever way the official weights are written, gives the places of rank_year."""
    ranks = rank_year(data, year).set_index("unit_id")["rank"]
    for _, part in component_indices(data, year).groupby("group", sort=False):
        sets = weights_around(official_set(part), 3, np.random.default_rng(1))
        for weights in (sets, [official_set(part)], [[float(weight) for weight in official_set(part)]]):
            found = rank_under_weights(part, weights).iloc[0]
            assert found.tolist() == ranks[found.index].tolist()


# the official weights


@pytest.mark.parametrize("options", [{}, {"weights": True}, {"rank_on": "exact"}, {"decimals": 0}, {"regions": True}])
def test_official_weights_of_real_figures(shared_data: Path, tmp_path: Path, options: dict[str, Any]) -> None:
    """PAPI; with no decimals half of the provinces share their place."""
    data = read_dataset(write_papi(shared_data, tmp_path / "papi", **options))
    assert_official(data, 2018)


@given(first=years, second=years, rank_on=st.sampled_from(["rounded", "exact"]))
@FEW
def test_official_weights_give_the_official_places(first: Year, second: Year, rank_on: str) -> None:
    """Plain and weighted, with ties, and with leaves that do not apply."""
    assume(cells(first) and cells(second))
    assert_official(dataset(first, second, rank_on), 2024)


def test_official_tie_that_floats_would_break(tmp_path: Path) -> None:
    """0.1 + 0.2 + 0 is 0.3 + 0 + 0; 0.2 + 0.099999 + 0 is less."""
    parts = "2000,,1,Một,1,,,\n2000,,2,Hai,1,,,\n2000,,3,Ba,1,,,"
    year = {"a": ["0.1", "0.2", "0"], "b": ["0.3", "0", "0"], "c": ["0.2", "0", "0.1"], "d": ["0.2", "0.099999", "0"]}
    data = small_dataset(tmp_path, {2024: cells(year)}, rubric=parts, settings='rank_on = "exact"')
    indices = component_indices(data, 2024)
    assert_official(data, 2024)
    assert places(indices, [[1, 1, 1], [0.1, 0.1, 0.1], [Fraction(1, 3)] * 3, [2, 1, 1]]) == [
        [1, 1, 1, 4], [1, 1, 1, 4], [1, 1, 1, 4], [4, 1, 2, 3]
    ]  # fmt: skip


def test_exact_places_that_floats_would_miss() -> None:
    """The same parts in any order tie, though floats give two sums; and a difference below a float's step is one."""
    assert len({one + two + three for one, two, three in itertools.permutations((0.1, 0.2, 0.3))}) > 1
    for parts in (("0.1", "0.2", "0.3"), ("0.7", "1.1", "2.3"), ("80.1", "70.7", "60.3")):
        rows = [list(order) for order in itertools.permutations(parts)]
        assert places(table(rows, decimals=pd.NA), [[1, 1, 1], [0.7, 0.7, 0.7]]) == [[1] * 6, [1] * 6]
    close = table([[80], [80 + Fraction(1, 10**17)], [80], [90]], decimals=pd.NA)
    assert places(close, [[1]]) == [[3, 2, 3, 1]]


def test_half_that_floats_would_miss() -> None:
    """(1.005 + 1.005)/2 is 1.005, half up 1.01, and ties with 1.01; as a float 1.005 lies below and 1.00 comes out."""
    assert round(1.005 * 100) / 100 == 1.0
    assert places(table([["1.005", "1.005"], ["1.01", "1.01"], ["1", "1"]]), [[1, 1], [1, 3]]) == [[1, 1, 3], [1, 1, 3]]


def test_announced_places_are_reproduced(tmp_path: Path) -> None:
    """b's announced index is not what its points give, and to one decimal c ties with a."""
    scores = {"a": {"1": "45", "2": "30"}, "b": {"1": "30", "2": "30"}, "c": {"1": "45.02", "2": "30"}}
    published = {2024: "unit,index_score\na,75.0\nb,76.5\nc,75.0"}
    for rank_on in ("rounded", "exact"):
        data = small_dataset(
            tmp_path / rank_on, {2024: scores}, rubric=TWO, published=published, settings=f'rank_on = "{rank_on}"'
        )
        assert_official(data, 2024)
        assert rank_year(data, 2024)["rank"].tolist() == [1, 2, 2]


# other weights


def test_places_by_hand() -> None:
    """u0 80, 60; u1 60, 80; u2 70, 70: equal weights tie all; u2 has only its second component where it applies."""
    indices = table([[80, 60], [60, 80], [70, 70]])
    assert places(indices, [[1, 1], [2, 1], [1, 2], [1, 0]]) == [[1, 1, 1], [1, 3, 2], [3, 1, 2], [1, 3, 2]]
    assert places(table([[80, 60], [60, 80], [None, 70]]), [[1, 1], [9, 1], [1, 0]]) == [
        [1, 1, 1], [1, 3, 2], [1, 2, pd.NA]
    ]  # fmt: skip


def test_a_part_that_does_not_apply_counts_as_much_less() -> None:
    """Half of u0's first component does not apply (own weight 30 of 60). Officially (30 x 90 + 40 x 55) / 70 = 70;
    with the weights turned round, 40 and 60, it is (20 x 90 + 60 x 55) / 80 = 63.75."""
    indices = table([[90, 55], [64, 64], [63, 63]], rubric=[60, 40])
    indices.loc[0, "weight"] = Fraction(30)
    assert places(indices, [[60, 40], [40, 60]]) == [[1, 2, 3], [2, 1, 3]]


exact_numbers = st.integers(0, 1000).map(lambda part: Fraction(part, 10))


@given(
    rows=st.lists(st.lists(exact_numbers, min_size=3, max_size=3), min_size=1, max_size=6),
    sets=st.lists(st.lists(st.integers(1, 20).map(lambda part: part / 10), min_size=3, max_size=3), min_size=1),
    own=st.lists(st.integers(1, 5), min_size=3, max_size=3),
    decimals=st.sampled_from([0, 1, pd.NA]),
)
def test_places_are_those_of_exact_arithmetic(
    rows: list[list[Fraction]], sets: list[list[float]], own: list[int], decimals: Any
) -> None:
    rubric = [2, 3, 7]
    found = places(table(rows, own, decimals=decimals, rubric=rubric), sets)
    for weights, row in zip(sets, found, strict=True):
        factors = [Fraction(str(w)) / r * o for w, r, o in zip(weights, rubric, own, strict=True)]
        numbers = [sum(f * v for f, v in zip(factors, values, strict=True)) / sum(factors) for values in rows]
        if decimals is not pd.NA:
            numbers = [Fraction(int(number * 10**decimals + Fraction(1, 2)), 10**decimals) for number in numbers]
        assert row == [1 + sum(other > number for other in numbers) for number in numbers]


@given(
    rows=st.lists(st.lists(exact_numbers, min_size=3, max_size=3), min_size=2, max_size=6),
    weights=st.lists(st.integers(1, 20), min_size=3, max_size=3),
    scale=st.integers(2, 9),
    constant=st.integers(1, 50),
    decimals=st.sampled_from([1, pd.NA]),
)
@settings(max_examples=30)
def test_what_changes_nothing(
    rows: list[list[Fraction]], weights: list[int], scale: int, constant: int, decimals: Any
) -> None:
    """Weights on another scale, a constant added to all, components in another order."""
    before = places(table(rows, decimals=decimals), [weights])
    assert places(table(rows, decimals=decimals), [[weight * scale for weight in weights]]) == before
    assert places(table([[value + constant for value in row] for row in rows], decimals=decimals), [weights]) == before
    for order in itertools.permutations(range(3)):
        moved = table([[row[at] for at in order] for row in rows], decimals=decimals)
        assert places(moved, [[weights[at] for at in order]]) == before


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ([[1, 2, 3]], "2 số, theo thứ tự 1, 2"),
        ([1, 2], "2 số"),
        ([[1, -1]], "không âm"),
        ([[1, float("nan")]], "không âm"),
    ],
)
def test_sets_that_are_none(weights: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        rank_under_weights(table([[1, 2], [3, 4]]), weights)


def test_groups_are_ranked_one_by_one() -> None:
    two = pd.concat([table([[1, 2]]), table([[1, 2]]).assign(group="h")])
    with pytest.raises(ValueError, match="một nhóm"):
        rank_under_weights(two, [[1, 1]])


# draws around the official weights


def test_draws_lie_around_the_official_weights() -> None:
    official = [60, Fraction(25), 14.5]
    sets = weights_around(official, 5000, np.random.default_rng(1))
    base = np.array([60, 25, 14.5])
    assert sets[0].tolist() == base.tolist()
    assert sets.shape == (5000, 3)
    shares = sets / base
    assert shares.min() >= 1 - SPREAD
    assert shares.max() <= 1 + SPREAD
    assert shares.mean(axis=0) == pytest.approx(1, abs=0.01)
    assert shares.std(axis=0) == pytest.approx(SPREAD / 3**0.5, rel=0.03)  # of a uniform one
    assert np.abs(np.corrcoef(shares.T) - np.eye(3)).max() < 0.05
    assert (weights_around(official, 9, np.random.default_rng(2), spread=0)[:] == base).all()


def example(folder: Path) -> Dataset:
    """a and b are near and differ in what they are good at; c is far below and d has one component."""
    scores = {
        "a": {"1": "50", "2": "30"},
        "b": {"1": "45", "2": "34"},
        "c": {"1": "20", "2": "10"},
        "d": {"1": "30", "2": "KAD"},
    }
    return small_dataset(folder, {2024: scores}, rubric=TWO)  # fmt: skip


def test_ranges(tmp_path: Path) -> None:
    ranges = weight_ranges(example(tmp_path), 2024, rng=np.random.default_rng(1), n_draws=500, top=2)
    columns = ["unit_id", "rank", "n_ranked", "best_rank", "worst_rank", "best_rank_without", "worst_rank_without"]
    assert as_lines(ranges, columns) == lines("""
        a 1 4 1 2 1 2
        b 2 4 1 2 1 2
        d 3 4 3 3 3 3
        c 4 4 4 4 3 4
    """)
    # a - b is 5/60 x 60 w1 - 4/40 x 40 w2 in points, so that a is first where w1 > 0.8 w2: about nine times in ten
    first = ranges.set_index("unit_id")["first_share"]
    assert 0.8 < first["a"] < 1
    assert first["a"] + first["b"] == pytest.approx(1)
    assert ranges["top_share"].tolist() == [1, 1, 0, 0]


def test_same_seed_same_table(tmp_path: Path) -> None:
    data = example(tmp_path)
    one, same, other = (weight_ranges(data, 2024, rng=np.random.default_rng(seed), n_draws=300) for seed in (1, 1, 2))
    pd.testing.assert_frame_equal(one, same)
    assert not one.equals(other)


def test_year_without_a_complete_unit(tmp_path: Path) -> None:
    ranges = weight_ranges(
        small_dataset(tmp_path, {2024: {"a": {"1": "50"}}}, rubric=TWO), 2024, rng=np.random.default_rng(1)
    )
    assert ranges.empty
    assert {"rank", "best_rank", "first_share", "best_rank_without"} <= set(ranges.columns)


# without each component


def test_without_each_by_hand(tmp_path: Path) -> None:
    """Without the second component a (50/60) is before b, d and c; without the first b is before a, and d has none."""
    without = ranks_without_each(component_indices(example(tmp_path), 2024))
    assert as_lines(without, ["code", "unit_id", "rank", "rank_without", "rank_change"]) == lines("""
        1 a 1 2 -1
        1 b 2 1 1
        1 d 3 - -
        1 c 4 3 1
        2 a 1 1 0
        2 b 2 2 0
        2 d 3 3 0
        2 c 4 4 0
    """)


def test_the_only_component_cannot_be_left_out() -> None:
    assert ranks_without_each(table([[1], [2]])).empty
