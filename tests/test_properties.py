"""Whatever the order of what is written, whoever else is scored: a unit's official index is its own."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from hypothesis import Phase, assume, given, settings
from hypothesis import strategies as st

from cchc.dataset import Dataset
from cchc.exact import as_float, parse_number, round_fraction, round_ratio, sum_by
from cchc.ranking import rank_year
from cchc.stage import rank_stage
from small import SCORE_COLUMNS, score_file, small_dataset

GROUPS = ("plain", "weighted", "other")
UNITS = tuple(f"{group}-{letter}" for group in GROUPS for letter in "abcd")
SHARES = {"plain": ("",) * 4, "weighted": ("40", "30", "20", "10"), "other": ("97", "1", "1", "1")}
MAXIMA = ("10", "30", "7", "15")
STAGE = '[[stages]]\nfirst = 2023\nlast = 2024\nlineage = "separate"\n'
# Each example has three groups, two years and a stage. Reading files takes the time; shrinking would take minutes.
FEW = settings(max_examples=4, phases=(Phase.explicit, Phase.reuse, Phase.generate))

# few different values, so that ties and near-ties happen; three decimals, so that halves happen
points = st.integers(0, 7000).map(lambda part: str(Decimal(part) / 1000)) | st.sampled_from(["1", "KAD", "3.005"])
rows_of_points = st.lists(points, min_size=4, max_size=4).filter(lambda row: row.count("KAD") < 4)
years = st.fixed_dictionaries({unit: st.none() | rows_of_points for unit in UNITS})
Year = Mapping[str, list[str] | None]


def cells(year: Year) -> dict[str, dict[str, str]]:
    return {unit: {str(code): text for code, text in enumerate(row, 1)} for unit, row in year.items() if row}


def rubric(order: Sequence[int] = range(4)) -> list[str]:
    """Return four components of each group; `order` says which of them has the code 1, 2, 3, 4."""
    return [
        f"2000,{group},{code},Phần {place},{MAXIMA[place]},,{SHARES[group][place]},"
        for group in GROUPS
        for code, place in enumerate(order, 1)
    ]


def dataset(
    first: Year, second: Year, rank_on: str, lines: Sequence[str] = (), units: Sequence[str] = UNITS, **options: Any
) -> Dataset:
    with tempfile.TemporaryDirectory() as folder:
        return small_dataset(
            Path(folder),
            {2023: cells(first), 2024: cells(second)},
            units="\n".join(f"{unit},{unit.partition('-')[0]},," for unit in units),
            rubric="\n".join(lines or rubric()),
            tables=STAGE,
            settings=f'rank_on = "{rank_on}"',
            **options,
        )


Official = list[tuple[Any, ...]]


def official(data: Dataset) -> dict[str, Official]:
    """Return unit, index, number that is ranked and place of the year and of the stage, group by group as listed."""
    columns = ["group", "unit_id", "index_score", "index_exact", "rank"]
    return {
        name: sorted(
            (
                tuple(None if pd.isna(value) else value for value in row)
                for row in table[columns].itertuples(index=False)
            ),
            key=lambda row: str(row[0]),
        )
        for name, table in (("year", rank_year(data, 2024)), ("stage", rank_stage(data, 2023, 2024)))
    }


@given(first=years, second=years, rank_on=st.sampled_from(["rounded", "exact"]), draw=st.data())
@FEW
def test_order_of_rows_columns_and_components(first: Year, second: Year, rank_on: str, draw: st.DataObject) -> None:
    assume(cells(first) and cells(second))
    before = official(dataset(first, second, rank_on))

    order = draw.draw(st.permutations(range(4)))
    moved = [{unit: row and [row[place] for place in order] for unit, row in year.items()} for year in (first, second)]
    assert official(dataset(*moved, rank_on, rubric(order))) == before

    rows = draw.draw(st.permutations(range(4 * len(cells(second)))))
    columns = draw.draw(st.permutations(SCORE_COLUMNS))
    shuffled = dataset(
        first,
        second,
        rank_on,
        draw.draw(st.permutations(rubric())),
        draw.draw(st.permutations(UNITS)),
        rewritten={"scores/2024.csv": score_file(cells(second), columns=columns, rows=rows)},
    )
    assert official(shuffled) == before


@given(first=years, second=years, gone=st.sets(st.sampled_from(UNITS), min_size=1, max_size=3))
@FEW
def test_adding_or_removing_units(first: Year, second: Year, gone: set[str]) -> None:
    """The others keep index and order, in the year and in the mean of the stage."""
    fewer = [{unit: row for unit, row in year.items() if unit not in gone} for year in (first, second)]
    assume(cells(fewer[0]) and cells(fewer[1]))
    more_of = official(dataset(first, second, "rounded"))
    # removed as a unit; and removed from the score files only
    for units in (UNITS, [unit for unit in UNITS if unit not in gone]):
        less_of = official(dataset(*fewer, "rounded", units=units))
        for name in ("year", "stage"):
            with_them, without = ([row for row in table[name] if row[1] not in gone] for table in (more_of, less_of))
            assert [row[:4] for row in with_them] == [row[:4] for row in without]
            assert order_of(with_them) == order_of(without)


def order_of(rows: Official) -> list[tuple[str, str, int]]:
    """Return each unit's place among `rows` alone."""
    ranked = [(group, unit, rank) for group, unit, *_, rank in rows if rank is not None]
    return [(group, unit, sum(g == group and other < rank for g, _, other in ranked)) for group, unit, rank in ranked]


def test_tie_of_parts_that_floats_would_break(tmp_path: Path) -> None:
    """0.1 + 0.2 is 0.3, whatever floats say (0.30000000000000004), and so is 0.3 + 0 and 0.2 + 0.1."""
    assert 0.1 + 0.2 > 0.3
    parts = "2000,,1,Một,1,,,\n2000,,2,Hai,1,,,\n2000,,3,Ba,1,,,"
    year = {"a": ["0.1", "0.2", "0"], "b": ["0.3", "0", "0"], "c": ["0.2", "0", "0.1"], "d": ["0.2", "0.099999", "0"]}
    data = small_dataset(
        tmp_path, {2023: cells(year), 2024: cells(year)}, rubric=parts, tables=STAGE, settings='rank_on = "exact"'
    )
    for table in (rank_year(data, 2024), rank_stage(data, 2023, 2024)):
        assert table["unit_id"].tolist() == ["a", "b", "c", "d"]
        assert table["rank"].tolist() == [1, 1, 1, 4]
        assert table["is_tied"].tolist() == [True, True, True, False]


# exact numbers

big = st.integers(-(10**40), 10**40)
small = st.integers(-(2**62), 2**62)


def half_away_from_zero(value: Fraction, decimals: int) -> int:
    return int(math.copysign(1, value)) * math.floor(abs(value) * 10**decimals + Fraction(1, 2))


@given(st.lists(st.tuples(small | big, st.integers(1, 2**62) | st.integers(1, 10**40)), max_size=8), st.integers(0, 15))
def test_round_ratio_is_half_up(pairs: list[tuple[int, int]], decimals: int) -> None:
    numerators = np.array([numerator for numerator, _ in pairs], dtype=object)
    denominators = np.array([denominator for _, denominator in pairs], dtype=object)
    expected = [half_away_from_zero(Fraction(n, d), decimals) for n, d in pairs]
    assert [int(value) for value in round_ratio(numerators, denominators, decimals)] == expected
    assert [round_fraction(Fraction(n, d), decimals) for n, d in pairs] == expected


@given(
    st.lists(st.tuples(st.integers(-(10**6), 10**6), st.integers(1, 5000)), min_size=1, max_size=8), st.integers(0, 4)
)
def test_round_ratio_on_halves_and_around_them(pairs: list[tuple[int, int]], decimals: int) -> None:
    """Both paths on (2q + 1)/2 of the last decimal, and one part in 2D more and less."""
    for shift in (-1, 0, 1):
        numerators = [(2 * q + 1) * d + shift for q, d in pairs]
        denominators = [2 * 10**decimals * d for _, d in pairs]
        expected = [
            half_away_from_zero(Fraction(n, d), decimals) for n, d in zip(numerators, denominators, strict=True)
        ]
        fast = round_ratio(np.array(numerators), np.array(denominators), decimals)
        assert fast.dtype == np.int64
        assert fast.tolist() == expected
        slow = round_ratio(
            np.array([*numerators, 10**30], dtype=object), np.array([*denominators, 1], dtype=object), decimals
        )
        assert slow.tolist()[:-1] == expected


@given(st.integers(-(10**17), 10**17), st.integers(0, 15))
def test_as_float_is_nearest(units: int, decimals: int) -> None:
    assert as_float([units], decimals).tolist() == [float(Fraction(units, 10**decimals))]


@given(st.lists(st.tuples(st.sampled_from("xyz"), st.integers(-(2**63), 2**63 - 1)), min_size=1, max_size=12))
def test_sum_by_never_wraps(rows: list[tuple[str, int]]) -> None:
    frame = pd.DataFrame(
        {"key": [key for key, _ in rows], "value": np.array([value for _, value in rows], dtype=np.int64)}
    )
    sums = sum_by(frame, ["key"], ["value"])
    found = {key: int(value) for key, value in zip(sums["key"], sums["value"], strict=True)}
    assert found == {key: sum(value for name, value in rows if name == key) for key, _ in rows}


@given(st.decimals(-(10**12), 10**12, allow_nan=False, allow_infinity=False, places=6), st.sampled_from(".,"))
def test_parse_number_reads_what_is_written(number: Decimal, separator: str) -> None:
    """Plain, and grouped the Vietnamese and the English way."""
    plain = f"{number:f}"
    assert parse_number(plain.replace(".", separator)) == number
    grouped = f"{number:,f}"
    other = {".": ",", ",": "."}[separator]
    assert parse_number(grouped.translate({ord(","): other, ord("."): separator})) == number
