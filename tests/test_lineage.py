"""What a unit inherits: shares, splits, chains, groups."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from cchc.lineage import Predecessors, fates
from small import as_lines, lines, small_dataset

UNITS = """a,g,,2021-12-31
b,g,,2021-12-31
c,h,,2021-12-31
n,g,2022-01-01,2022-12-31
p,g,2023-01-01,
q,g,2023-01-01,"""
OWN = {("a", 2021): Fraction(90), ("b", 2021): Fraction(60), ("c", 2021): Fraction(10), ("n", 2022): Fraction(50)}


def inherited(folder: Path, lineage: str, unit: str, own: dict[tuple[str, int], Fraction] = OWN) -> Fraction | None:
    data = small_dataset(folder, {2021: {"a": {"1": "1"}}}, units=UNITS, lineage=lineage)
    return Predecessors.of(data).inherited(unit, 2021, own)


@pytest.mark.parametrize(
    ("shares", "expected"),
    [
        (("", ""), Fraction(75)),  # blank: equal
        (("3", "1"), Fraction(330, 4)),
        (("0.6", "0.2"), Fraction(330, 4)),  # normalised
        (("0.1", "0.2"), Fraction(70)),  # exact: floats give 69.99999999999999
    ],
)
def test_shares(tmp_path: Path, shares: tuple[str, str], expected: Fraction) -> None:
    lineage = f"a,n,2022-01-01,merge,{shares[0]}\nb,n,2022-01-01,merge,{shares[1]}"
    assert inherited(tmp_path, lineage, "n") == expected


def test_no_value_where_a_predecessor_has_none(tmp_path: Path) -> None:
    """The mean of the others would be another quantity."""
    lineage = "a,n,2022-01-01,merge,\nb,n,2022-01-01,merge,"
    assert inherited(tmp_path, lineage, "n", {("a", 2021): Fraction(90)}) is None


def test_only_predecessors_of_the_same_group(tmp_path: Path) -> None:
    lineage = "a,n,2022-01-01,merge,1\nb,n,2022-01-01,merge,2\nc,n,2022-01-01,merge,5"
    assert inherited(tmp_path / "1", lineage, "n") == 70
    assert inherited(tmp_path / "2", "c,n,2022-01-01,merge,", "n") is None


def test_split_passes_the_index_whole(tmp_path: Path) -> None:
    lineage = "n,p,2023-01-01,split,\nn,q,2023-01-01,split,"
    data = small_dataset(tmp_path, {2021: {"a": {"1": "1"}}}, units=UNITS, lineage=lineage)
    assert [Predecessors.of(data).inherited(unit, 2022, OWN) for unit in "pq"] == [50, 50]


def test_chain_resolves_from_the_oldest(tmp_path: Path) -> None:
    """p was n in 2022, and n was a and b (shares 1 and 2) in 2021."""
    lineage = "a,n,2022-01-01,merge,1\nb,n,2022-01-01,merge,2\nn,p,2023-01-01,split,\nn,q,2023-01-01,split,"
    assert inherited(tmp_path, lineage, "p") == 70


def test_unit_without_predecessors_inherits_nothing(tmp_path: Path) -> None:
    assert inherited(tmp_path, "a,n,2022-01-01,merge,\nb,n,2022-01-01,merge,", "p") is None


def test_fates(tmp_path: Path) -> None:
    lineage = """a,n,2022-01-01,merge,
    b,n,2022-01-01,merge,
    n,p,2023-01-01,split,
    n,q,2023-01-01,split,
    c,,2022-01-01,abolish,"""
    data = small_dataset(tmp_path, {2021: {"a": {"1": "1"}}}, units=UNITS, lineage=lineage)
    assert as_lines(fates(data).sort_values("unit_id"), ["unit_id", "reason", "successors_vi"]) == lines("""
    a merged    n
    b merged    n
    c abolished -
    n split     p;_q
    """)


def test_predecessor_that_was_in_another_group_then_passes_nothing_for_that_year(tmp_path: Path) -> None:
    """b was scored in h in 2021 and in g in 2022: n, of g, inherits 2022 alone."""
    units = "b,h,,2021-12-31\nb,g,2022-01-01,2022-12-31\nn,g,2023-01-01,"
    cells = {2021: {"b": {"1": "60"}}, 2022: {"b": {"1": "70"}}, 2023: {"n": {"1": "80"}}}
    data = small_dataset(tmp_path, cells, units=units, lineage="b,n,2023-01-01,merge,")
    own = {("b", 2021): Fraction(60), ("b", 2022): Fraction(70)}
    assert [Predecessors.of(data).inherited("n", year, own) for year in (2021, 2022)] == [None, 70]
