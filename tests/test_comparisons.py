"""A stage under other rules: each rule by hand, agreement against scipy and ranky."""

from __future__ import annotations

import itertools
from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cchc.comparisons import (
    RULES,
    borda,
    compare_rules,
    concordance,
    copeland,
    geometric_mean,
    leaders_by_rule,
    rule_agreement,
)
from cchc.stage import rank_stage
from small import lines, small_dataset
from test_stage import dataset, stage, yearly

Table = list[list[int]]
small_tables = st.integers(2, 5).flatmap(
    lambda n_years: st.lists(st.lists(st.integers(1, 6), min_size=n_years, max_size=n_years), min_size=3, max_size=7)
)


def places(comparison: pd.DataFrame, *rules: str) -> list[str]:
    """Return a line a rule: its name and the units with their places."""
    return [
        " ".join([rule, *(f"{unit}{rank}" for unit, rank in zip(part["unit_id"], part["rank"], strict=True))])
        for rule, part in comparison.groupby("rule", sort=False)
        if rule in rules or not rules
    ]


def units_of(table: Table) -> list[dict[int, Fraction]]:
    return [{year: Fraction(value) for year, value in enumerate(row)} for row in table]


# the rules


def test_rules_by_hand(tmp_path: Path) -> None:
    """a is best on average by one great year, b in the median, c last year.

    Means 76 2/3, 75, 70; roots of 100 x 65 x 65, 76 x 75 x 74 and 60 x 60 x 90: 75.04, 75.00, 68.68; medians 65, 75,
    60.
    Borda: a beats 2, 1, 0 of 2; b 1, 2, 1; c 0, 0, 2. Duels: b beats a in two years, and c; a beats c.
    """
    data = dataset(tmp_path, stage(2021, 2023), a="100 65 65", b="76 75 74", c="60 60 90")
    comparison = compare_rules(data, 2021, 2023)
    assert places(comparison) == lines("""
        official a1 b2 c3
        mean a1 b2 c3
        geometric a1 b2 c3
        median a2 b1 c3
        latest a3 b2 c1
        borda a2 b1 c3
        copeland a2 b1 c3
        adjusted a1 b2 c3
        inherit a1 b2 c3
        separate a1 b2 c3
    """)
    values = comparison.set_index(["rule", "unit_id"])["value"]
    assert values["mean"].tolist() == [76.67, 75, 70]
    assert values["geometric"].tolist() == [75.04, 75.0, 68.68]
    assert values["median"].tolist() == [65, 75, 60]
    assert values["latest"].tolist() == [65, 74, 90]
    assert values["borda"].tolist() == pytest.approx([1 / 2, 2 / 3, 1 / 3])
    assert values["copeland"].tolist() == [0, 2, -2]


def test_incomplete_units(tmp_path: Path) -> None:
    """b was absent in the harsh 2022: by its mean before a, adjusted behind it; and it has no latest year."""
    data = dataset(tmp_path, stage(2021, 2023), a="80 60 80", b="79 - -", c="70 50 70")
    assert places(compare_rules(data, 2021, 2023), "mean", "latest", "borda", "copeland", "adjusted") == lines("""
        mean b1 a2 c3
        latest a1 c2
        borda b2 a1 c3
        copeland b2 a1 c3
        adjusted b2 a1 c3
    """)


def test_official_is_what_was_announced(tmp_path: Path) -> None:
    given = {"2021-2022": "unit,index_score\na,70\nb,90"}
    scores = yearly(a="80 80", b="70 70")
    data = small_dataset(tmp_path, scores, tables=stage(2021, 2022), published=given)  # type: ignore[arg-type]
    assert rank_stage(data, 2021, 2022)["unit_id"].tolist() == ["b", "a"]
    assert places(compare_rules(data, 2021, 2022), "official", "mean") == ["official b1 a2", "mean b2 a1"]


def test_lineage_policies(tmp_path: Path) -> None:
    """c comes from a and b: with their years its mean is 70, alone 90."""
    data = dataset(
        tmp_path, stage(2021, 2022), a="60 -", b="40 -", c="- 90", d="80 80",
        units="a,g,,2022-06-30\nb,g,,2022-06-30\nc,g,2022-07-01,\nd,g,,",
        lineage="a,c,2022-07-01,merge,\nb,c,2022-07-01,merge,",
    )  # fmt: skip
    assert places(compare_rules(data, 2021, 2022), "inherit", "separate", "median") == [
        "median d1 c2", "inherit d1 c2", "separate d2 c1"
    ]  # fmt: skip


def test_every_group_has_every_rule(tmp_path: Path) -> None:
    data = dataset(tmp_path, stage(2021, 2022), a="60 70", b="40 50", c="1 2", units="a,g,,\nb,g,,\nc,h,,")
    table = compare_rules(data, 2021, 2022)
    assert set(zip(table["group"], table["rule"], strict=True)) == {
        (group, rule)
        for group in "gh"
        for rule in RULES
        if (group, rule) != ("h", "borda")  # nobody to be above
    }  # fmt: skip


def test_geometric_means_are_exact() -> None:
    """Equal roots of unlike numbers of years are equal, and what is not is not."""
    assert geometric_mean([Fraction(80)]) == geometric_mean([Fraction(64), Fraction(100)]) == 80
    assert geometric_mean([Fraction(80)] * 3) == geometric_mean([Fraction(80)] * 7) == 80
    more = geometric_mean([Fraction(80), 80 + Fraction(1, 10**15)])
    assert more is not None
    assert more > 80 == float(more)
    assert geometric_mean([Fraction(0), Fraction(50)]) == 0
    assert geometric_mean([Fraction(-1), Fraction(50)]) is None


@given(small_tables)
def test_scores_by_definition(table: Table) -> None:
    n_units, n_years = len(table), len(table[0])
    units = units_of(table)
    for at in range(n_units):
        others = [other for other in range(n_units) if other != at]
        points = [
            (table[at][y] > table[other][y]) + Fraction(table[at][y] == table[other][y], 2)
            for y in range(n_years) for other in others
        ]  # fmt: skip
        assert borda(units)[at] == sum(points) / (len(others) * n_years)
        duels = [sum(np.sign(table[at][y] - table[other][y]) for y in range(n_years)) for other in others]
        assert copeland(units)[at] == sum(np.sign(duels))


@pytest.mark.may_skip  # not installed by `make test`: its dependency baycomp brings a package "tests" that hides ours
@given(table=small_tables)
def test_scores_are_those_of_ranky(table: Table) -> None:
    ranky = pytest.importorskip("ranky")
    n_units = len(table)
    mean_ranks = ranky.borda(np.array(table, float))
    assert [float((n_units - rank) / (n_units - 1)) for rank in mean_ranks] == pytest.approx(
        [float(score) for score in borda(units_of(table)) if score is not None]
    )
    # a duel won is 1 there, a tie 1/2
    duels = [2 * score - (n_units - 1) for score in ranky.copeland(np.array(table, float))]
    assert duels == [float(score) for score in copeland(units_of(table))]


# agreement


def comparison_of(ranks: dict[str, list[int]]) -> pd.DataFrame:
    rows = [("g", rule, f"u{at}", rank) for rule, column in ranks.items() for at, rank in enumerate(column)]
    return pd.DataFrame(rows, columns=["group", "rule", "unit_id", "rank"])


def test_leaders() -> None:
    comparison = comparison_of({"official": [1, 2, 3, 4], "median": [1, 1, 3, 3], "borda": [2, 1, 3, 4]})
    table = leaders_by_rule(comparison, top=3)
    assert table["leaders"].tolist() == [("u0",), ("u0", "u1"), ("u1",)]
    assert table["top_units"].tolist() == [("u0", "u1", "u2"), ("u0", "u1", "u2", "u3"), ("u1", "u0", "u2")]
    assert table["is_official_leader"].tolist() == [True, False, False]
    assert table["is_official_top"].tolist() == [True, False, True]
    assert table["n_ranked"].tolist() == [4, 4, 4]


def test_tau_by_hand() -> None:
    """Of six pairs one is turned round: (5 - 1) / 6. A tie in one of the two: 5 / sqrt(6 x 5)."""
    comparison = comparison_of({"official": [1, 2, 3, 4], "median": [2, 1, 3, 4], "latest": [1, 1, 3, 4]})
    table = rule_agreement(comparison).set_index(["rule", "other_rule"])
    assert table.loc[("official", "median"), "tau"] == pytest.approx(4 / 6)
    assert table.loc[("official", "latest"), "tau"] == pytest.approx(5 / 30**0.5)
    assert table["n"].tolist() == [4, 4, 4]


def test_tau_is_over_the_units_that_both_rank() -> None:
    comparison = comparison_of({"official": [1, 2, 3], "latest": [2, 1], "borda": [1, 1, 1]})
    table = rule_agreement(comparison).set_index(["rule", "other_rule"])
    assert table.loc[("official", "latest"), ["n", "tau"]].tolist() == [2, -1]
    assert np.isnan(table.loc[("official", "borda"), "tau"])


def test_concordance_by_hand() -> None:
    """Three rules, three units, rank sums 4, 6, 8: 12 x 8 / (9 x 24); official places do not count once more."""
    ranks = {"official": [3, 2, 1], "mean": [1, 2, 3], "median": [2, 1, 3], "borda": [1, 3, 2], "inherit": [3, 2, 1]}
    table = concordance(comparison_of(ranks))
    assert table["concordance"].tolist() == pytest.approx([12 * 8 / 216])
    assert table[["n_rules", "n"]].to_numpy().tolist() == [[3, 3]]


def test_no_concordance_where_all_is_tied() -> None:
    assert concordance(comparison_of({"mean": [1, 1, 1], "median": [1, 1, 1]}))["concordance"].isna().all()


def ranked(table: Table) -> pd.DataFrame:
    rules = [rule for rule in RULES if rule not in ("official", "inherit", "separate")]
    columns = np.array(table).T
    return comparison_of({
        rule: [int(1 + (column > value).sum()) for value in column]
        for rule, column in zip(rules, columns, strict=False)
    })  # fmt: skip


@given(small_tables)
def test_concordance_is_friedmans_statistic(table: Table) -> None:
    from scipy.stats import friedmanchisquare

    found = concordance(ranked(table)).iloc[0]
    if any(len(set(column)) > 1 for column in zip(*table, strict=True)):
        statistic = friedmanchisquare(*table).statistic
        assert found["concordance"] == pytest.approx(statistic / (len(table[0]) * (len(table) - 1)))
    else:
        assert np.isnan(found["concordance"])


@pytest.mark.may_skip  # not installed by `make test`: its dependency baycomp brings a package "tests" that hides ours
@given(table=small_tables)
def test_agreement_is_that_of_ranky(table: Table) -> None:
    ranky = pytest.importorskip("ranky")
    if all(len(set(column)) > 1 for column in zip(*table, strict=True)):
        columns = np.array(table, float)
        expected = ranky.kendall_w(columns, axis=1, ties=True)
        assert concordance(ranked(table))["concordance"].tolist() == pytest.approx([expected])
        taus = [
            ranky.corr(columns[:, one], columns[:, other], method="kendalltau")
            for one, other in itertools.combinations(range(columns.shape[1]), 2)
        ]
        assert rule_agreement(ranked(table))["tau"].tolist() == pytest.approx(taus)
