"""The real maps of 2025: 18 departments into 13, 108 communes into 43, districts ended; and PAPI's codes that moved.

Unit names and mergers are real (../shared/data/soc-trang); the scores are drawn by a seeded generator for these tests
alone. What is checked is what must hold whatever the scores: an inherited index is the share-weighted mean, exactly.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from cchc import tables
from cchc.dataset import Dataset
from cchc.names import match_key
from cchc.ranking import rank_year
from cchc.reports.checkup import find_problems
from cchc.scoring import score_components
from cchc.series import rubric_breaks
from cchc.stage import Policy, rank_stage, stage_values
from small import small_dataset

RUBRIC = "2023,,1,Một,40,,,\n2023,,2,Hai,33,,,\n2023,,3,Ba,24,,,"
MAXIMA = {"1": 40, "2": 33, "3": 24}
POLICIES: tuple[Policy, ...] = ("inherit", "separate")


@dataclass(frozen=True)
class Reform:
    """Units before and after a day of 2025: id -> name, and for each new id its predecessors with their shares."""

    group: str
    day: str
    eve: str
    before: Mapping[str, str]
    after: Mapping[str, str]
    merged: Mapping[str, Mapping[str, Fraction]]
    renamed: Mapping[str, str]

    def units(self) -> str:
        rows = []
        for unit, name in self.before.items():
            stays = unit in self.after
            rows.append((unit, name, "", self.eve if not stays or unit in self.renamed else ""))
            if unit in self.renamed:
                rows.append((unit, self.renamed[unit], self.day, ""))
        rows += [(unit, name, self.day, "") for unit, name in self.after.items() if unit not in self.before]
        return "".join(f'{unit},"{name}",{self.group},{start},{end}\n' for unit, name, start, end in rows)

    def lineage(self) -> str:
        return "\n".join(
            f"{old},{new},{self.day},merge,{share}" for new, of in self.merged.items() for old, share in of.items()
        )


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def reform(pairs: Sequence[tuple[str, str]], group: str, day: str, eve: str, seed: int) -> Reform:
    """Make ids from (old name, new name); a new name with one predecessor is the same unit, perhaps renamed."""
    draw = random.Random(seed)
    ids = {name: f"{group}-{number}" for number, (name, _new) in enumerate(pairs, start=1)}
    before = {ids[name]: name for name, _new in pairs}
    after: dict[str, str] = {}
    merged: dict[str, dict[str, Fraction]] = {}
    renamed: dict[str, str] = {}
    for number, new in enumerate(dict.fromkeys(new for _old, new in pairs), start=1):
        olds = [ids[old] for old, target in pairs if target == new]
        if len(olds) == 1:
            after[olds[0]] = new
            renamed |= {olds[0]: new} if before[olds[0]] != new else {}
        else:
            unit = f"{group}-2025-{number}"
            after[unit] = new
            merged[unit] = {old: Fraction(draw.randint(1, 9), draw.randint(1, 9)) for old in olds}
    return Reform(group, day, eve, before, after, merged, renamed)


@pytest.fixture(scope="module")
def departments(shared_data: Path) -> Reform:
    rows = rows_of(shared_data / "soc-trang" / "departments-2025-03-01.csv")
    pairs = [(row["unit_before"], row["unit_after"]) for row in rows]
    return reform(pairs, "so", "2025-03-01", "2025-02-28", 18)


@pytest.fixture(scope="module")
def communes(shared_data: Path) -> Reform:
    rows = rows_of(shared_data / "soc-trang" / "communes-old-to-new-2025.csv")
    twice = {row["ward"] for row in rows if sum(row["ward"] == other["ward"] for other in rows) > 1}
    names = [row["ward"] + (f", {row['district']}" if row["ward"] in twice else "") for row in rows]
    pairs = list(zip(names, (row["new"] for row in rows), strict=True))
    return reform(pairs, "xa", "2025-07-01", "2025-06-30", 108)


def make(folder: Path, change: Reform, lineage: Policy, decimals: int = 2, districts: Sequence[str] = ()) -> Dataset:
    """Write three years of drawn scores: the old units in 2023 and 2024, the new ones in 2025."""
    draw = random.Random(2025)
    scores = {}
    for year, units in ((2023, change.before), (2024, change.before), (2025, change.after)):
        scored = [*units, *(f"h-{number}" for number, _name in enumerate(districts) if year < 2025)]
        scores[year] = {
            unit: {code: f"{draw.randint(0, 100 * most) / 100:.2f}" for code, most in MAXIMA.items()} for unit in scored
        }
    head = "unit_id,name_vi,group,valid_from,valid_to\n"
    ended = "".join(f'h-{number},"{name}",huyen,,{change.eve}\n' for number, name in enumerate(districts))
    gone = "".join(f"\nh-{number},,{change.day},abolish," for number, _name in enumerate(districts))
    groups = f"x,{change.group},,\n" + ("y,huyen,,\n" if districts else "")
    settings = f"decimals = {decimals}\n"
    stage = f'[[stages]]\nfirst = 2023\nlast = 2025\nmin_years = 1\nlineage = "{lineage}"\n'
    return small_dataset(
        folder, scores, rubric=RUBRIC, units=groups, lineage=change.lineage() + gone, settings=settings, tables=stage,
        rewritten={"units.csv": head + change.units() + ended},
    )  # fmt: skip


def exact(data: Dataset, year: int) -> dict[str, Fraction]:
    return {row.unit_id: row.index_exact for row in rank_year(data, year).itertuples()}  # type: ignore[misc]


def weighted_mean(shares: Mapping[str, Fraction], values: Mapping[str, Fraction]) -> Fraction:
    return sum((share * values[old] for old, share in shares.items()), Fraction(0)) / sum(shares.values())


def test_the_maps_are_those_of_the_decisions(departments: Reform, communes: Reform) -> None:
    assert (len(departments.before), len(departments.after), len(departments.merged)) == (18, 13, 5)
    assert list(departments.renamed.values()) == ["Sở Dân tộc và Tôn giáo"]
    assert (len(communes.before), len(communes.after), len(communes.merged)) == (108, 43, 39)
    assert communes.renamed == {}


@pytest.mark.parametrize("which", ["departments", "communes"])
@pytest.mark.parametrize("decimals", [2, 0])
def test_an_inherited_index_is_the_share_weighted_mean_exactly(
    request: pytest.FixtureRequest, tmp_path: Path, which: str, decimals: int
) -> None:
    change: Reform = request.getfixturevalue(which)
    data = make(tmp_path, change, "inherit", decimals)
    values = stage_values(data, 2023, 2025)
    for year in (2023, 2024):
        own = exact(data, year)
        found = {row.unit_id: row for row in values[values["year"] == year].itertuples()}
        for unit, shares in change.merged.items():
            row: Any = found[unit]
            assert (row.kind, row.index_exact) == ("inherited", weighted_mean(shares, own))
        # nothing is lost or made: the shares' total times what they pass on is what the old units had
        before = sum(share * own[old] for shares in change.merged.values() for old, share in shares.items())
        inherited: Any = {unit: found[unit] for unit in change.merged}
        passed = sum(sum(shares.values()) * inherited[unit].index_exact for unit, shares in change.merged.items())
        assert passed == before
        kept: Any = {unit: found[unit] for unit in change.after if unit in change.before}
        assert {(row.kind, row.index_exact == own[unit]) for unit, row in kept.items()} == {("own", True)}


@pytest.mark.slow
@pytest.mark.parametrize("which", ["departments", "communes"])
@pytest.mark.parametrize("lineage", POLICIES)
def test_both_policies(request: pytest.FixtureRequest, tmp_path: Path, which: str, lineage: Policy) -> None:
    """The mean of three years, of which two are inherited, or of the one year that the new unit has."""
    change: Reform = request.getfixturevalue(which)
    data = make(tmp_path, change, lineage)
    ranking = rank_stage(data, 2023, 2025)
    listed = ranking[ranking["reason"] == ""]
    assert set(listed["unit_id"]) == set(change.after)
    assert set(ranking.loc[ranking["reason"] == "merged", "unit_id"]) == set(change.before) - set(change.after)
    years = {year: exact(data, year) for year in (2023, 2024, 2025)}
    row: Any
    for row in listed.itertuples():
        shares = change.merged.get(row.unit_id, {row.unit_id: Fraction(1)})
        early = [weighted_mean(shares, years[year]) for year in (2023, 2024)]
        whole, own = [*early, years[2025][row.unit_id]], [years[2025][row.unit_id]]
        means = {"inherit": sum(whole) / 3, "separate": sum(own) if row.unit_id in change.merged else sum(whole) / 3}
        assert (row.index_inherit, row.index_separate) == tuple(float(half_up(means[name])) for name in POLICIES)
        assert row.index_score == float(half_up(Fraction(means[lineage])))
        inherits = row.unit_id in change.merged and lineage == "inherit"
        assert row.n_inherited == (2 if inherits else 0)


def half_up(value: Any) -> Fraction:
    return Fraction((200 * Fraction(value) + 1) // 2, 100)


@pytest.mark.slow
def test_the_printed_table_says_what_became_of_units(departments: Reform, tmp_path: Path) -> None:
    data = make(tmp_path, departments, "inherit")
    ranking, values = rank_stage(data, 2023, 2025), stage_values(data, 2023, 2025)
    table = tables.stage_ranking(data, ranking, values, "so")
    assert table is not None
    lines = {match_key(line.split("\t")[1]): line for line in table._repr_mimebundle_()["text/plain"].split("\n")[1:20]}
    text = table.html
    assert lines[match_key("Sở Nông nghiệp và Môi trường")].count("kế thừa") == 3, "two years and the coverage"
    assert "1 + 2 kế thừa / 3" in text
    assert "nhập vào Sở Nông nghiệp và Môi trường" in text
    assert "nhập vào Sở Tài chính" in text
    assert "Kế thừa: chỉ số tính từ đơn vị tiền thân" in text
    assert "Sở Dân tộc và Tôn giáo" in text
    assert "Ban Dân tộc" not in text, "the same unit, by its last name"


@pytest.mark.slow
def test_a_level_that_ended_is_listed_and_said_to_be_dissolved(
    communes: Reform, shared_data: Path, tmp_path: Path
) -> None:
    rows = rows_of(shared_data / "soc-trang" / "communes-before-2025.csv")
    districts = [f"UBND {name}" for name in dict.fromkeys(row["district"] for row in rows)]
    assert len(districts) == 11
    data = make(tmp_path, communes, "inherit", districts=districts)
    ranking, values = rank_stage(data, 2023, 2025), stage_values(data, 2023, 2025)
    ended = ranking[ranking["group"] == "huyen"]
    assert ended["is_group_dissolved"].all()
    assert ended["rank"].tolist() == list(range(1, 12))
    table = tables.stage_ranking(data, ranking, values, "huyen")
    assert table is not None
    assert table.html.count("(đã giải thể)") == 11
    wards = tables.stage_ranking(data, ranking, values, "xa")
    assert wards is not None
    assert wards.html.count("nhập vào") == 108 - 4
    assert "đã giải thể" not in wards.html


@pytest.mark.slow
def test_the_communes_raise_no_error_and_no_ambiguity(communes: Reform, tmp_path: Path) -> None:
    """Scores may name the 108 by their short forms."""
    make(tmp_path, communes, "inherit")
    path = tmp_path / "thu/scores/2024.csv"
    text = path.read_text("utf-8")
    for unit, name in communes.before.items():
        short = name.replace("Phường", "P.").replace("Thị Trấn", "TT.").replace(" II", " 2").replace("Thành Phố", "TP.")
        text = text.replace(f"{unit},", f'"{short.replace("Thị Xã", "TX.").upper()}",')
    path.write_text(text, "utf-8")
    assert [str(item) for item in find_problems(tmp_path / "thu") if item.is_error] == []


# PAPI: SC21 to SC23 before 2018 became SC22 to SC24

OLD = {
    "1": "Poverty List Transparency",
    "2": "Communal Budget Transparency",
    "3": "Transparent Land-Use Plan/Price Frames",
}
NEW = {"1": "Access to Information", **{str(int(code) + 1): name for code, name in OLD.items()}}


def papi(shared_data: Path, folder: Path, joined: bool) -> Dataset:
    """Return SC21 to SC24 of 2017 and 2018 as components of one group, the blank ones left out."""
    rubric = [f"2017,,{code},{name},10,,," for code, name in OLD.items()]
    for code, name in NEW.items():
        same_as = f"2017:{int(code) - 1}" if joined and code != "1" else ""
        rubric.append(f"2018,,{code},{name},10,,,{same_as}")
    scores = {}
    for year in (2017, 2018):
        rows = rows_of(shared_data / "papi" / f"{year}.csv")
        scores[year] = {
            row["Province"].lower(): {code[3]: f"{Decimal(row[code]):.6f}"
                                      for code in ("SC21", "SC22", "SC23", "SC24") if row[code]}
            for row in rows if row["SC22"]
        }  # fmt: skip
    return small_dataset(folder, scores, rubric="\n".join(rubric))


def test_the_same_code_under_another_name_is_no_joined_series(shared_data: Path, tmp_path: Path) -> None:
    names = [row["Variable_Name"] for row in rows_of(shared_data / "papi" / "codebook_subcriteria.csv")]
    assert list(NEW.values()) == names[4:8]
    data = papi(shared_data, tmp_path, joined=False)
    series = score_components(data).groupby(["year", "code"], observed=True)["series"].first()
    before, after = (set(series[year]) for year in (2017, 2018))
    assert (len(before), len(after)) == (3, 4)
    assert before.isdisjoint(after)
    breaks = rubric_breaks(data, 2017, 2018)
    assert breaks.loc[breaks["kind"] == "component", "code"].tolist() == ["1", "2", "3", "4"]


def test_same_as_joins_by_meaning_and_not_by_code(shared_data: Path, tmp_path: Path) -> None:
    data = papi(shared_data, tmp_path, joined=True)
    series = score_components(data).groupby(["year", "code"], observed=True)["series"].first()
    assert [series[2018, str(int(code) + 1)] == series[2017, code] for code in OLD] == [True] * 3
    assert series[2018, "1"] not in set(series[2017])
