"""The award proposal by hand: seats, ties, exclusions, stages under both lineage policies, nominees, evidence."""

from __future__ import annotations

import itertools
import tempfile
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from cchc import award_words
from cchc.awards import propose_awards
from cchc.dataset import Dataset
from cchc.problems import InputError
from cchc.reading import read_dataset
from cchc.sentences import fingerprint
from cchc.slices import award_slices_of
from tests.small import as_lines, lines, small_dataset
from tests.test_allocation import choices

STAGE = '[[stages]]\nfirst = 2023\nlast = 2024\nlineage = "{lineage}"\nmin_years = 1\n'
SHOWN = ("award", "unit_id", "place", "status", "reason")


def award(name: str, seats: int, allocation: str, **keys: str) -> str:
    given = {"when": '"year"', "to": '"collective"', "seats_are": '"planned"', **keys}
    rows = [f"{key} = {value}" for key, value in given.items()]
    head = f'[[awards]]\nid = "{name}"\nname = "{name}"\nseats = {seats}\nallocation = "{allocation}"\n'
    return head + "\n".join(rows) + "\n"


def scores(**points: str) -> dict[str, dict[str, str]]:
    """Return scores of units in one component: ``scores(a1="90")``; the letter is the group."""
    return {unit: {"1": text} for unit, text in points.items()}


def dataset(folder: Path, tables: str, year: dict[str, Any], **options: Any) -> Dataset:
    units = options.pop("units", "\n".join(f"{unit},{unit[0]},," for unit in year))
    return small_dataset(folder, {2024: year, **options.pop("more", {})}, units=units, tables=tables, **options)


def proposed(table: pd.DataFrame, *columns: str) -> list[str]:
    return as_lines(table, (*SHOWN, *columns))


# ---------------------------------------------------------------------------------------------------------- seats


def test_flags_and_certificates(tmp_path: Path) -> None:
    """Group a has a clear leader, b a tie: the certificates of b hang on who of b1, b2 gets the flag."""
    tables = award("co", 2, "per_group") + award("bk", 4, "proportional", not_with='["co"]')
    year = scores(a1="90", a2="80", a3="70", a4="60", b1="85", b2="85", b3="75", b4="65")
    table = propose_awards(dataset(tmp_path, tables, year), year=2024)
    assert proposed(table, "reason_awards", "choose", "choose_of", "doubts") == lines("""
        co a1 1 proposed within_seats - 0 0 -
        co a2 2 below no_seat_left - 0 0 -
        co a3 3 below no_seat_left - 0 0 -
        co a4 4 below no_seat_left - 0 0 -
        co b1 1 open tie - 1 2 tie
        co b2 1 open tie - 1 2 tie
        co b3 3 below no_seat_left - 0 0 -
        co b4 4 below no_seat_left - 0 0 -
        bk a1 1 excluded holds_award co 0 0 -
        bk a2 2 proposed within_seats - 0 0 -
        bk a3 3 proposed within_seats - 0 0 -
        bk a4 4 below no_seat_left - 0 0 -
        bk b1 1 conditional if_not_award co 0 0 tie
        bk b2 1 conditional if_not_award co 0 0 tie
        bk b3 3 conditional if_seat_freed co 0 0 -     # 2 seats: b1 or b2 leaves one, never both
        bk b4 4 below no_seat_left - 0 0 -
    """)
    assert set(table["seats"]) == {1, 2}
    assert table["decision"].unique().tolist() == ["", "co/b/0"]


def test_the_award_listed_first_wins_whoever_names_it(tmp_path: Path) -> None:
    tables = award("co", 1, "place", not_with='["bk"]') + award("bk", 1, "place")
    table = propose_awards(dataset(tmp_path, tables, scores(a1="90", a2="80")), year=2024)
    assert proposed(table) == lines("""
        co a1 1 proposed within_seats
        co a2 2 below no_seat_left
        bk a1 1 excluded holds_award
        bk a2 2 proposed within_seats
    """)


def test_a_chain_of_exclusions(tmp_path: Path) -> None:
    tables = award("x", 1, "place") + award("y", 1, "place", not_with='["x"]')
    tables += award("z", 1, "place", not_with='["x", "y"]')
    table = propose_awards(dataset(tmp_path, tables, scores(a1="90", a2="80", a3="70", a4="60")), year=2024)
    chosen = table[table["status"] == "proposed"]
    assert as_lines(chosen, ["award", "unit_id"]) == ["x a1", "y a2", "z a3"]
    excluded = table[table["status"] == "excluded"]
    assert as_lines(excluded, ["award", "unit_id", "reason_awards"]) == ["y a1 x", "z a1 x", "z a2 y"]
    # the first of them open: everything after it hangs on that
    table = propose_awards(dataset(tmp_path / "2", tables, scores(a1="90", a2="90", a3="70", a4="60")), year=2024)
    assert proposed(table[table["status"] != "below"], "reason_awards") == lines("""
        x a1 1 open tie -
        x a2 1 open tie -
        y a1 1 conditional if_not_award x
        y a2 1 conditional if_not_award x
        z a1 1 conditional if_not_award x_y
        z a2 1 conditional if_not_award x_y
        z a3 3 conditional if_seat_freed x_y
    """)


def test_who_gets_one_of_two_awards_in_any_case_is_no_candidate_for_a_third(tmp_path: Path) -> None:
    """Whoever of a1, a2 does not get x has a seat of y: z is for the others."""
    tables = award("x", 1, "place") + award("y", 3, "place", not_with='["x"]')
    tables += award("z", 1, "place", not_with='["x", "y"]')
    year = scores(a1="90", a2="90", a3="70", a4="60", a5="50")
    table = propose_awards(dataset(tmp_path, tables, year), year=2024)
    assert proposed(table[table["award"] != "x"], "reason_awards") == lines("""
        y a1 1 conditional if_not_award x
        y a2 1 conditional if_not_award x
        y a3 3 proposed within_seats -
        y a4 4 conditional if_seat_freed x
        y a5 5 below no_seat_left -
        z a1 1 excluded holds_either x_y
        z a2 1 excluded holds_either x_y
        z a3 3 excluded holds_award y
        z a4 4 conditional if_not_award y
        z a5 5 conditional if_seat_freed y
    """)
    # where z goes with x, whoever gets x may get z too
    table = propose_awards(dataset(tmp_path / "2", tables.replace('["x", "y"]', '["y"]'), year), year=2024)
    assert proposed(table[table["award"] == "z"].head(2), "reason_awards") == lines("""
        z a1 1 conditional if_not_award y
        z a2 1 conditional if_not_award y
    """)


def test_equal_remainders_leave_the_seat_open(tmp_path: Path) -> None:
    tables = award("bk", 3, "proportional")
    table = propose_awards(dataset(tmp_path, tables, scores(a1="90", a2="80", b1="85", b2="70")), year=2024)
    assert proposed(table, "seats", "seats_most", "choose", "choose_most", "choose_of") == lines("""
        bk a1 1 proposed within_seats 1 2 0 0 0
        bk a2 2 open unallocated_seat 1 2 0 1 1
        bk b1 1 proposed within_seats 1 2 0 0 0
        bk b2 2 open unallocated_seat 1 2 0 1 1
    """)


def test_an_unallocated_seat_is_one_seat_for_all_groups(tmp_path: Path) -> None:
    """The one seat of x goes to a1 or to b1, which leaves one seat of y: to a2, never to b2."""
    tables = award("x", 1, "proportional") + award("y", 2, "none", not_with='["x"]')
    table = propose_awards(dataset(tmp_path, tables, scores(a1="90", b1="85", a2="80", b2="70")), year=2024)
    assert proposed(table, "reason_awards", "seats", "seats_most") == lines("""
        x a1 1 open unallocated_seat - 0 1
        x a2 2 below no_seat_left - 0 1
        x b1 1 open unallocated_seat - 0 1
        x b2 2 below no_seat_left - 0 1
        y a1 1 conditional if_not_award x 2 2
        y b1 2 conditional if_not_award x 2 2
        y a2 3 conditional if_seat_freed x 2 2
        y b2 4 below no_seat_left - 2 2
    """)


def test_ties_of_several_groups_share_an_unallocated_seat(tmp_path: Path) -> None:
    """x has three seats: one of a1, a2, one of b1, b2, and one that a or b gets; one of the four is left for y."""
    tables = award("x", 3, "proportional") + award("y", 1, "none", not_with='["x"]')
    year = scores(a1="90", a2="90", a3="50", b1="85", b2="85", b3="40")
    table = propose_awards(dataset(tmp_path, tables, year), year=2024)
    first, second = (table[table["award"] == name].set_index("unit_id") for name in "xy")
    assert first.loc[["a1", "b2"], ["choose", "choose_most", "choose_of"]].to_numpy().tolist() == [[1, 2, 2]] * 2
    assert second["status"].to_dict() == {
        "a1": "conditional", "a2": "conditional", "b1": "conditional", "b2": "conditional", "a3": "below",
        "b3": "below",
    }  # fmt: skip


def test_by_place_over_all_groups_and_one_list(tmp_path: Path) -> None:
    year = scores(a1="90", a2="80", a3="70", b1="85", b2="84", b3="60")
    table = propose_awards(dataset(tmp_path, award("bk", 3, "place"), year), year=2024)
    assert proposed(table[table["status"] != "below"], "choose", "choose_of") == lines("""
        bk a1 1 proposed within_seats 0 0
        bk b1 1 proposed within_seats 0 0
        bk a2 2 open tie 1 2
        bk b2 2 open tie 1 2
    """)
    table = propose_awards(dataset(tmp_path / "2", award("bk", 3, "none"), year), year=2024)
    assert proposed(table[table["status"] == "proposed"]) == lines("""
        bk a1 1 proposed within_seats
        bk b1 2 proposed within_seats
        bk b2 3 proposed within_seats
    """)


def test_fewer_are_proposed_where_fewer_are_eligible(tmp_path: Path) -> None:
    year = scores(a1="90", a2="80", a3="")
    table = propose_awards(dataset(tmp_path, award("bk", 9, "place"), year), year=2024)
    assert proposed(table) == lines("""
        bk a1 1 proposed within_seats
        bk a2 2 proposed within_seats
        bk a3 - not_eligible no_scores
    """)


def test_which_awards_and_what_is_refused(tmp_path: Path) -> None:
    data = dataset(
        tmp_path, award("bk", 1, "place", **{"from": "2025"}) + STAGE.format(lineage="inherit"), scores(a1="9")
    )
    with pytest.raises(LookupError, match="2024"):
        propose_awards(data, year=2024)
    with pytest.raises(LookupError, match="2023-2024"):
        propose_awards(data, stage=(2023, 2024))
    with pytest.raises(ValueError, match="one of"):
        propose_awards(data)
    with pytest.raises(ValueError, match="2001-2002"):
        propose_awards(data, stage=(2001, 2002))


# --------------------------------------------------------------------------------------------------------- stages

FLAG = award("co", 1, "per_group", when='"stage"', require="{ min_coverage = 1 }")
MERGED = {
    "units": "a1,a,,2023-12-31\na2,a,,\na3,a,,\na4,a,2024-01-01,",
    "lineage": "a1,a4,2024-01-01,merge,",
    "more": {2023: scores(a1="60", a2="80", a3="50")},
}  # fmt: skip


@pytest.mark.parametrize("lineage", ["inherit", "separate"])
def test_another_leader_under_the_other_policy_is_open(tmp_path: Path, lineage: str) -> None:
    """a4 has 90 of its own (mean 75 with the 60 inherited); a2 has 80 and 78 (79)."""
    tables = STAGE.format(lineage=lineage) + FLAG
    table = propose_awards(dataset(tmp_path, tables, scores(a2="78", a3="50", a4="90"), **MERGED), stage=(2023, 2024))
    chosen = table[table["status"] != "not_eligible"]
    assert sorted(proposed(chosen.drop(columns="place").assign(place=0), "choose", "choose_of")) == lines("""
        co a2 0 open other_leader 1 2
        co a3 0 below no_seat_left 0 0
        co a4 0 open other_leader 1 2
    """)
    assert chosen.set_index("unit_id")["place"].to_dict() == (
        {"a2": 1, "a4": 2, "a3": 3} if lineage == "inherit" else {"a4": 1, "a2": 2, "a3": 3}
    )
    doubts = chosen.set_index("unit_id")["doubts"].to_dict()
    assert doubts["a2"] == "other_leader"
    assert doubts["a4"].split() == (["inheritance"] if lineage == "inherit" else ["coverage"]) + ["other_leader"]
    assert table.loc[table["unit_id"] == "a1", ["status", "reason"]].to_numpy().tolist() == [["not_eligible", "merged"]]


def test_same_leader_under_both_policies_is_proposed(tmp_path: Path) -> None:
    tables = STAGE.format(lineage="inherit") + FLAG
    table = propose_awards(dataset(tmp_path, tables, scores(a2="78", a3="50", a4="60"), **MERGED), stage=(2023, 2024))
    assert proposed(table[table["status"] == "proposed"], "doubts") == ["co a2 1 proposed within_seats -"]
    assert "other_leader" not in " ".join(table["doubts"])


def test_a_leader_of_the_other_policy_needs_its_years_too(tmp_path: Path) -> None:
    tables = STAGE.format(lineage="inherit") + FLAG.replace("min_coverage = 1", "min_coverage = 2")
    table = propose_awards(dataset(tmp_path, tables, scores(a2="78", a3="50", a4="90"), **MERGED), stage=(2023, 2024))
    assert proposed(table[table["status"] == "proposed"]) == ["co a2 1 proposed within_seats"]


@pytest.mark.parametrize("lineage", ["inherit", "separate"])
def test_what_predecessors_did_is_not_inherited_and_is_told(tmp_path: Path, lineage: str) -> None:
    """a3 follows a2, which followed a1; a5 comes from a4. Nobody says that a3 was given no task."""
    tables = STAGE.format(lineage=lineage) + award("bk", 9, "place", when='"stage"', order='["tasks", "initiatives"]')
    tables += award("ix", 9, "place", when='"stage"') + "[[years]]\nyear = 2023\nas_of = 2023-06-30\n"
    units = "a1,a,,2023-06-30\na2,a,2023-07-01,2023-12-31\na3,a,2024-01-01,\na4,a,,2023-06-30\n"
    data = dataset(
        tmp_path, tables, scores(a3="90", a5="70", a6="60"), more={2023: scores(a1="90", a4="75", a7="50")},
        units=f"{units}a5,a,2023-07-01,\na6,a,2024-01-01,\na7,a,,2023-12-31",
        lineage="a1,a2,2023-07-01,merge,\na2,a3,2024-01-01,merge,\na4,a5,2023-07-01,split,\na7,,2024-01-01,abolish,",
        rewritten={
            "tasks/2023.csv": "unit,task,due,done\na1,t1,,\na7,t1,,\n",
            "initiatives/2023.csv": "id,unit,title,level,number,date,authority\ns1,a1,Một,tỉnh,,2023-05-01,UBND\n"
            "s2,a4,Hai,tỉnh,2,2023-05-01,UBND\n",
        },
    )  # fmt: skip
    table = propose_awards(data, stage=(2023, 2024))
    doubts = table[table["award"] == "bk"].set_index("unit_id")["doubts"]
    evidence = ("predecessor_tasks", "predecessor_initiatives", "no_tasks")
    told = {unit: [name for name in evidence if name in text.split()] for unit, text in doubts.items() if unit > "a2"}
    assert told == {
        "a3": ["predecessor_tasks"],  # the initiative of a1 is not recognised
        "a4": [],
        "a5": ["predecessor_initiatives", "no_tasks"],
        "a6": ["no_tasks"],
        "a7": [],
    }
    assert not table.loc[table["award"] == "ix", "doubts"].str.contains("predecessor|no_tasks").any()
    a3 = next(row for row in table[table["award"] == "bk"].itertuples() if row.unit_id == "a3")
    words = award_words.doubts(a3, "vi")
    assert "đơn vị tiền thân có nhiệm vụ, không cộng vào đơn vị này" in words
    assert "không có nhiệm vụ nào được giao trong tệp" not in words


def test_coverage_is_required(tmp_path: Path) -> None:
    tables = STAGE.format(lineage="separate") + FLAG.replace("min_coverage = 1", "min_coverage = 2")
    table = propose_awards(dataset(tmp_path, tables, scores(a2="78", a3="50", a4="70"), **MERGED), stage=(2023, 2024))
    assert proposed(table[table["unit_id"] != "a1"]) == lines("""
        co a2 1 proposed within_seats
        co a4 2 not_eligible coverage
        co a3 3 below no_seat_left
    """)


def test_a_group_that_is_gone_leaves_its_flag_open(tmp_path: Path) -> None:
    tables = STAGE.format(lineage="inherit") + award("co", 2, "per_group", when='"stage"')
    tables += award("bk", 2, "proportional", when='"stage"', not_with='["co"]')
    data = dataset(
        tmp_path, tables, scores(a1="78", a2="50"), units="a1,a,,\na2,a,,\nb1,b,,2023-12-31\nb2,b,,2023-12-31",
        lineage="b1,,2024-01-01,abolish,\nb2,,2024-01-01,abolish,",
        more={2023: scores(a1="70", a2="60", b1="90", b2="80")},
    )  # fmt: skip
    table = propose_awards(data, stage=(2023, 2024))
    assert proposed(table, "reason_awards", "doubts") == lines("""
        co a1 1 proposed within_seats - -
        co a2 2 below no_seat_left - -
        co b1 1 open group_dissolved - group_dissolved
        co b2 2 below no_seat_left - group_dissolved     # what is refused to b1 is refused to b2
        bk a1 1 excluded holds_award co -
        bk a2 2 proposed within_seats - -
        bk b1 1 conditional if_not_award co group_dissolved
        bk b2 2 conditional if_seat_freed co group_dissolved
    """)


def test_who_is_behind_a_unit_of_a_group_that_is_gone_may_get_its_seat(tmp_path: Path) -> None:
    tables = STAGE.format(lineage="separate") + award("bk", 2, "none", when='"stage"')
    data = dataset(
        tmp_path, tables, scores(a1="90", a2="80", c1="75"), units="a1,a,,\na2,a,,\nb1,b,,2024-06-30\nc1,c,,",
        more={2023: scores(a1="90", a2="80", b1="95", c1="75")},
    )  # fmt: skip
    table = propose_awards(data, stage=(2023, 2024))
    assert proposed(table, "reason_awards") == lines("""
        bk b1 1 open group_dissolved -
        bk a1 2 proposed within_seats -
        bk a2 3 conditional if_seat_freed -
        bk c1 4 below no_seat_left -
    """)
    row = next(table[table["unit_id"] == "a2"].itertuples())
    assert award_words.reason(data.scheme, row, "vi") == "nếu bên xếp trên để lại chỉ tiêu"


def test_doubts_of_a_year(tmp_path: Path) -> None:
    """a1 and a2 lie within `near`, a3 was announced with another index."""
    published = "unit,index_score,rank\na1,90,1\na2,89.99,2\na3,71,4\na4,60,5"  # places as announced, a gap too
    data = dataset(
        tmp_path, award("bk", 2, "place"), scores(a1="90", a2="89.99", a3="70", a4="60"), published={2024: published},
        settings="near = 0.05",
    )  # fmt: skip
    table = propose_awards(data, year=2024)
    assert as_lines(table, ["unit_id", "place", "status", "doubts", "index_score"]) == lines("""
        a1 1 proposed near_tie 90
        a2 2 proposed near_tie 89.99
        a3 4 below difference 71
        a4 5 below difference 60
    """)


def test_near_ties_of_one_list_are_those_of_its_own_neighbours(tmp_path: Path) -> None:
    """In their groups nobody is near; in the list of all, b1 stands between a1 and a2. By place, groups are apart."""
    tables = award("nn", 1, "none") + award("pl", 1, "place") + award("tt", 1, "none", order='["tasks", "index_score"]')
    year = scores(a1="80", b1="79.96", a2="79.92", b2="70", a3="70")
    tasks = "unit,task,due,done\n" + "".join(f"{unit},t,,2024-01-01\n" for unit in ("a1", "b1", "b2", "a3"))
    data = dataset(tmp_path, tables, year, settings="near = 0.05", rewritten={"tasks/2024.csv": tasks})
    table = propose_awards(data, year=2024)
    doubts = table.set_index(["award", "unit_id"])["doubts"]
    assert doubts["nn"].to_dict() == {"a1": "near_tie", "b1": "near_tie", "a2": "near_tie", "b2": "tie", "a3": "tie"}
    assert not any("near_tie" in text for text in doubts["pl"])
    # a2 has no task and comes last of all: its index is compared with nobody's
    assert doubts["tt"].to_dict() == {"a1": "near_tie", "b1": "near_tie", "a2": "no_tasks", "b2": "tie", "a3": "tie"}


def test_near_in_one_list_is_as_near_as_the_coarser_rubric_says(tmp_path: Path) -> None:
    """A step of one point is 100/200 of the index of a, 100/100 of that of b; in the stage as in its years."""
    rubric = "2000,a,1,Một,200,,,\n2000,b,1,Một,100,,,"
    tables = STAGE.format(lineage="inherit") + award("nn", 1, "none") + award("st", 1, "none", when='"stage"')
    points = scores(a1="180", a2="178", b1="88", a3="166", a4="165")
    data = dataset(tmp_path, tables, points, more={2023: points}, rubric=rubric, settings="point_decimals = 0")
    for table in (propose_awards(data, year=2024), propose_awards(data, stage=(2023, 2024))):
        assert as_lines(table, ["unit_id", "index_score", "doubts"]) == lines("""
            a1 90 -
            a2 89 near_tie        # from a1 by 1, more than 0.5; from b1 by 1
            b1 88 near_tie
            a3 83 near_tie
            a4 82.5 near_tie
        """)


def test_an_announced_stage_that_differs_is_no_matter_of_the_policy(tmp_path: Path) -> None:
    tables = STAGE.format(lineage="inherit") + award("co", 1, "per_group", when='"stage"')
    points, published = scores(a1="80", a2="78"), "unit,index_score,rank\na1,80,2\na2,85,1\n"
    files = {"published/2023-2024.csv": published}
    table = propose_awards(
        dataset(tmp_path, tables, points, more={2023: points}, rewritten=files), stage=(2023, 2024)
    )  # fmt: skip
    assert proposed(table, "doubts") == lines("""
        co a2 1 proposed within_seats difference
        co a1 2 below no_seat_left difference
    """)


# -------------------------------------------------------------------------------------------- evidence and nominees

TASKS = """unit,task,due,done,evidence
a1,t1,2024-01-31,2024-01-31,x
a1,t2,2024-01-31,2024-02-01,x
a2,t1,2024-01-31,2024-01-30,x
a2,t2,,2024-12-30,x
a3,t1,2024-01-31,,
a3,t2,2024-01-31,2024-01-02,x
"""
INITIATIVES = """id,unit,owner,title,level,number,date,authority
s1,a3,P,Một,cơ sở,1,2024-05-01,UBND
s2,a3,P,Hai,cơ sở,,2024-05-01,UBND
s3,a1,P,Ba,cơ sở,3,2023-05-01,UBND
s4,a1,P,Bốn,cơ sở,4,2024-05-01,UBND
"""


def test_order_by_tasks_then_index_then_initiatives(tmp_path: Path) -> None:
    """In time: a1 1/2, a2 2/2, a3 1/2 and a4 nothing. a1 and a3 tie at index 90: one recognised initiative each."""
    tables = award("gk", 2, "proportional", order='["tasks", "index_score", "initiatives"]')
    data = dataset(
        tmp_path, tables, scores(a1="90", a2="70", a3="90", a4="99"),
        rewritten={"tasks/2024.csv": TASKS, "initiatives/2024.csv": INITIATIVES},
    )  # fmt: skip
    table = propose_awards(data, year=2024)
    columns = ("n_tasks_in_time", "n_tasks", "n_initiatives", "n_initiatives_left_out", "choose", "choose_of", "doubts")
    assert proposed(table, *columns) == lines("""
        gk a2 1 proposed within_seats 2 2 0 0 0 0 -
        gk a1 2 open tie 1 2 1 1 1 2 tie
        gk a3 2 open tie 1 2 1 1 1 2 tie
        gk a4 4 below no_seat_left 0 0 0 0 0 0 no_tasks
    """)
    assert table["rank"].tolist() == [4, 2, 2, 1]


def test_tasks_are_compared_by_share(tmp_path: Path) -> None:
    tasks = "unit,task,due,done\na1,t1,,2024-01-01\na1,t2,,2024-01-01\na1,t3,,\na2,t1,,2024-01-01\n"
    tables = award("gk", 1, "place", order='["tasks"]')
    data = dataset(tmp_path, tables, scores(a1="90", a2="70"), rewritten={"tasks/2024.csv": tasks})
    table = propose_awards(data, year=2024)
    assert proposed(table, "n_tasks_in_time", "n_tasks") == lines("""
        gk a2 1 proposed within_seats 1 1
        gk a1 2 below no_seat_left 2 3
    """)


def test_units_without_tasks_come_after_those_that_did_none_in_time(tmp_path: Path) -> None:
    tasks = "unit,task,due,done\na2,t1,2024-01-31,\n"
    tables = award("gk", 1, "place", order='["tasks"]')
    table = propose_awards(
        dataset(tmp_path, tables, scores(a1="90", a2="70"), rewritten={"tasks/2024.csv": tasks}), year=2024
    )
    assert proposed(table, "doubts") == lines("""
        gk a2 1 proposed within_seats -
        gk a1 2 below no_seat_left no_tasks
    """)


PERSONS = """award,kind,name,unit,position,order,score,initiative_id,achievement,proposed_by
cn,cá nhân,Người B,a1,,2,,s1,,
cn,cá nhân,Người A,a9,,1,,s2,Tốt,a9
cn,cá nhân,Người D,a1,,,,s4,,
cn,cá nhân,Người C,a1,,2,,s4,,
cn,cá nhân,Người E,a9,,3,,s3,,
"""


OWNED = """id,unit,owner,title,level,number,date,authority
s1,a1,Người B,Một,cơ sở,1,2024-05-01,UBND
s2,a9,Người A,Hai,cơ sở,,2024-05-01,UBND
s3,a9,Người E,Ba,cơ sở,3,2023-05-01,UBND
s4,a1,Người D; Người C,Bốn,cơ sở,4,2024-05-01,UBND
"""


def persons(folder: Path, tables: str, nominations: str = PERSONS, initiatives: str = OWNED) -> pd.DataFrame:
    data = dataset(
        folder, tables, scores(a1="90", a3="80", a9="10"),
        rewritten={"nominations/2024.csv": nominations, "initiatives/2024.csv": initiatives},
    )  # fmt: skip
    return propose_awards(data, year=2024)


def test_persons_are_listed_in_their_order_whatever_their_unit_has(tmp_path: Path) -> None:
    table = persons(tmp_path, award("cn", 2, "none", to='"individual"'))
    assert as_lines(
        table, ["name_vi", "unit_id", "place", "status", "reason", "choose", "choose_of", "doubts"]
    ) == lines("""
        Người_A a9 1 proposed within_seats 0 0 initiative_unrecognised
        Người_B a1 2 open tie 1 2 tie
        Người_C a1 2 open tie 1 2 tie_initiative_shared
        Người_E a9 4 below no_seat_left 0 0 initiative_other_year
        Người_D a1 5 below no_seat_left 0 0 initiative_shared
    """)
    assert table["n_initiatives"].tolist() == [0, 1, 0, 0, 0]
    assert table["rank"].isna().all()
    assert table["index_score"].isna().all()
    assert not table["is_unit"].any()


def test_persons_by_score_and_initiatives(tmp_path: Path) -> None:
    nominations = PERSONS.replace("a1,,2,,s1", 'a1,,2,"9,5",s1').replace("a9,,1,,s2", "a9,,1,9.50,s2")
    table = persons(tmp_path, award("cn", 1, "none", to='"individual"', order='["score", "initiatives"]'), nominations)
    assert as_lines(table.head(3), ["name_vi", "place", "status"]) == lines("""
        Người_B 1 proposed
        Người_A 2 below
        Người_C 3 below
    """)


def test_persons_without_a_score_come_after_those_with_the_least(tmp_path: Path) -> None:
    nominations = "award,kind,name,unit,score\ncn,cá nhân,Người A,a1,\ncn,cá nhân,Người B,a1,0\n"
    table = persons(tmp_path, award("cn", 1, "none", to='"individual"', order='["score"]'), nominations)
    assert as_lines(table, ["name_vi", "place"]) == ["Người_B 1", "Người_A 2"]


def test_a_person_gets_one_of_two_awards_that_exclude_each_other(tmp_path: Path) -> None:
    tables = award("cn", 1, "none", to='"individual"') + award("tt", 1, "none", to='"individual"', not_with='["cn"]')
    both = PERSONS + PERSONS.partition("\n")[2].replace("cn,", "tt,").replace("Người A,a9,,1", "NGƯỜI a,a9,,1")
    table = persons(tmp_path, tables, both)
    assert as_lines(table[table["place"] <= 1], ["award", "name_vi", "status"]) == lines("""
        cn Người_A proposed
        tt NGƯỜI_a excluded
    """)


@pytest.mark.parametrize(
    ("owner", "unit", "name", "doubt"),
    [
        ("Trần Văn Chủ", "a1", "Trần Văn Chủ", ""),
        ("Ông TRẦN văn chủ", "a1", "Trần Văn Chủ", ""),
        ("Trần Văn Chủ", "a1", "Đ/c Trần Văn Chủ", ""),
        ("Lê Thị Kẻ; Trần Văn Chủ", "a1", "Trần Văn Chủ", ""),
        ('"Lê Thị Kẻ, Trần Văn Chủ"', "a1", "Lê Thị Kẻ", ""),
        ("Lê Thị Kẻ và bà Trần Văn Chủ", "a1", "Trần Văn Chủ", ""),
        ("Nhóm tác giả: Lê Thị Kẻ + Trần Văn Chủ (60%)", "a1", "TS. Trần Văn Chủ", ""),
        ("Lê Thị Kẻ VÀ PGS.TS Trần Văn Chủ - Giám đốc", "a1", "Trần Văn Chủ", ""),
        ("Trần Văn Chủ", "a3", "Trần Văn Chủ", "initiative_other_unit"),
        ("Trần Văn Chủ", "a1", "Lê Thị Kẻ", "initiative_other_owner"),
        ("Trần Văn Chủ", "a1", "Văn Chủ", "initiative_author_unsure"),
        ("Trần Văn Chủ", "a1", "Đại úy Trần Văn Chủ", "initiative_author_unsure"),
        ("Trần Văn Vàng", "a1", "Trần Văn", "initiative_author_unsure"),
        ("", "a1", "Trần Văn Chủ", "initiative_other_owner"),
    ],
)
def test_an_initiative_counts_for_its_author(tmp_path: Path, owner: str, unit: str, name: str, doubt: str) -> None:
    head = OWNED.partition("\n")[0]
    nominations = f"award,kind,name,unit,order,initiative_id\ncn,cá nhân,{name},a1,2,s1\ncn,cá nhân,Phạm Thật,a3,1,\n"
    tables = award("cn", 1, "none", to='"individual"', order='["initiatives", "nomination"]')
    table = persons(tmp_path, tables, nominations, f"{head}\ns1,{unit},{owner},Một,cơ sở,1,2024-05-01,UBND\n")
    first = "Phạm Thật" if doubt else name
    assert table.loc[table["status"] == "proposed", "name_vi"].tolist() == [first]
    row = table[table["name_vi"] == name].iloc[0]
    assert (row["n_initiatives"], row["doubts"]) == (int(not doubt), doubt)


def test_an_initiative_of_a_collective_is_of_its_unit_or_of_its_name(tmp_path: Path) -> None:
    """A unit's initiatives are counted by their own file, whatever its nomination names."""
    nominations = """award,kind,name,unit,initiative_id
bk,tập thể,a1,,s2
bk,tập thể,a9,,s2
bk,tập thể,a3,,s5
bk,tập thể,Tổ và Nhóm,a3,s5
bk,tập thể,Tổ Hai,a1,s1
cn,cá nhân,Người B,a1,s1
"""
    initiatives = OWNED + "s5,a3,Tổ và nhóm,Năm,cơ sở,5,2024-05-01,UBND\n"
    tables = award("bk", 1, "place", order='["initiatives"]') + award("cn", 1, "none", to='"individual"')
    table = persons(tmp_path, tables, nominations, initiatives)
    ordered = table.sort_values(["award", "name_vi"])
    assert as_lines(ordered, ["award", "name_vi", "n_initiatives", "doubts"]) == lines("""
        bk Tổ_Hai 0 initiative_other_owner_seats_short
        bk Tổ_và_Nhóm 1 seats_short
        bk a1 2 initiative_other_owner
        bk a3 1 -
        bk a9 0 initiative_unrecognised
        cn Người_B 1 -
    """)


BOTH = award("cn", 1, "none", to='"individual"', order='["initiatives"]')
BOTH += award("gd", 1, "none", to='"individual"', order='["initiatives"]', when='"stage"')


@pytest.mark.parametrize(
    ("stage", "of_year", "of_stage"),
    [
        ("Người D,a1,Phó phòng", "", ""),  # the same person later, in another position
        ("Người C,a1,", "initiative_shared", "initiative_shared"),
        ("Người B,a1,", "", "initiative_other_owner"),  # who claims what is not his takes it from nobody
        ("Người D,a3,", "", "initiative_other_unit"),
        ("Người C,a3,", "initiative_shared", "initiative_other_unit"),  # an author is one in any unit
        ("Người,a1,", "", "initiative_author_unsure"),  # a part of his own name
    ],
)
def test_claims_of_a_year_and_of_a_stage_are_compared(tmp_path: Path, stage: str, of_year: str, of_stage: str) -> None:
    head = "award,kind,name,unit,position,initiative_id\n"
    points = scores(a1="90", a3="80")
    files = {
        "initiatives/2024.csv": OWNED.replace("a9", "a1"),
        "nominations/2024.csv": f"{head}cn,cá nhân,Người D,a1,Chuyên viên,s4\n",
        "nominations/2023-2024.csv": f"{head}gd,cá nhân,{stage},s4\n",
        "nominations/2023.csv": f"{head}cn,cá nhân,Người C,a1,Chuyên viên,\n",
    }
    tables = STAGE.format(lineage="inherit") + BOTH
    data = dataset(tmp_path, tables, points, more={2023: points}, rewritten=files)
    for table, doubt in (
        (propose_awards(data, year=2024), of_year), (propose_awards(data, stage=(2023, 2024)), of_stage)
    ):  # fmt: skip
        assert table[["doubts", "n_initiatives"]].to_numpy().tolist() == [[doubt, int(not doubt)]]


def test_a_file_in_error_claims_nothing_in_other_periods(tmp_path: Path) -> None:
    files = {
        "initiatives/2024.csv": OWNED.replace("a9", "a1"),
        "nominations/2024.csv": "award,kind,name,unit,initiative_id\ncn,cá nhân,Người D,a1,s4\n",
        "nominations/2023-2024.csv": "award,kind,name,unit,initiative_id\ngd,cá nhân,Người C,a1,s4\nxx,cá nhân,E,a1,\n",
    }
    points, tables = scores(a1="90"), STAGE.format(lineage="inherit") + BOTH
    with pytest.raises(AssertionError, match="nominations/2023-2024"):
        dataset(tmp_path, tables, points, more={2023: points}, rewritten=files)
    data = read_dataset(tmp_path / "thu")
    assert propose_awards(data, year=2024)["doubts"].tolist() == [""]


@pytest.mark.parametrize(
    ("of_year", "of_stage", "doubt"),
    [
        ("", "", ""),
        ("cn,cá nhân,Người A,p1,s1\n", "", ""),  # the same person, before the merger
        ("cn,cá nhân,Người B,p1,s1\n", "", "initiative_shared"),
        ("", "gd,cá nhân,Người B,a3,s1\n", "initiative_shared"),
    ],
)
def test_the_initiative_of_a_person_goes_along_into_the_merged_unit(
    tmp_path: Path, of_year: str, of_stage: str, doubt: str
) -> None:
    """Not so that of a collective, nor that of the unit."""
    head = "award,kind,name,unit,initiative_id\n"
    files = {
        "initiatives/2023.csv": OWNED.partition("\n")[0]
        + "\ns1,p1,Người A; Người B,Một,cơ sở,1,2023-05-01,UBND\ns2,p1,Tổ Hai,Hai,cơ sở,2,2023-05-01,UBND\n",
        "nominations/2023.csv": head + of_year,
        "nominations/2023-2024.csv": f"{head}gd,cá nhân,Người A,a1,s1\n{of_stage}bk,tập thể,Tổ Hai,a1,s2\n",
    }
    tables = STAGE.format(lineage="inherit") + BOTH + award("bk", 1, "none", when='"stage"')
    units = "p1,a,,2023-12-31\nm1,a,2024-01-01,2024-06-30\na1,a,2024-07-01,\na3,a,,"
    data = small_dataset(
        tmp_path, {2024: scores(a1="90", a3="80"), 2023: scores(p1="90", a3="80")}, units=units, tables=tables,
        lineage="p1,m1,2024-01-01,merge,\nm1,a1,2024-07-01,merge,", rewritten=files,
    )  # fmt: skip
    table = propose_awards(data, stage=(2023, 2024)).set_index("name_vi")
    person = table.loc["Người A"]
    assert (person["doubts"].removeprefix("tie "), person["n_initiatives"]) == (doubt, int(not doubt))
    assert "initiative_other_unit" in table.loc["Tổ Hai", "doubts"]


def test_one_name_in_two_positions_shares_a_claim(tmp_path: Path) -> None:
    nominations = "award,kind,name,unit,position,initiative_id\n" + "".join(
        f"cn,cá nhân,Người B,a1,{position},s1\n" for position in ("Giám đốc", "Chuyên viên")
    )
    tables = award("cn", 1, "none", to='"individual"', order='["initiatives"]')
    table = persons(tmp_path, tables, nominations)
    assert set(table["doubts"]) == {"tie same_name initiative_shared"}
    points = award_words.open_points(dataset(tmp_path / "2", tables, scores(a1="90")).scheme, table, "vi")
    assert points == [
        "Chọn 1 trong 2: Người B (Chuyên viên, a1), Người B (Giám đốc, a1) (bằng nhau ở chỉ tiêu cuối)."
    ]  # fmt: skip


def test_the_awards_of_a_year_rest_on_claims_of_its_stage(tmp_path: Path) -> None:
    """Slices and fingerprints know of them: a page of 2024 is made anew when the stage's file names an initiative."""
    points = scores(a1="90")
    tables = STAGE.format(lineage="inherit") + BOTH

    def rests(name: str, stage: str, year: str) -> dict[str, str]:
        head = "award,kind,name,unit,position,initiative_id\n"
        files = {
            "initiatives/2023.csv": OWNED.replace("a9", "a1").replace("2023", "2022").replace("2024", "2023"),
            "nominations/2023.csv": f"{head}cn,cá nhân,Người D,a1,{year}\n",
            "nominations/2023-2024.csv": f"{head}gd,cá nhân,Người C,a1,{stage}\n",
        }
        data = dataset(tmp_path / name, tables, points, more={2023: points}, rewritten=files)
        prints = {f"page of {year}": fingerprint(data, [year], "", ["nominations"]) for year in (2023, 2024)}
        return {
            **award_slices_of(data),
            **prints,
            "page": fingerprint(data, [2023, 2024], "2023-2024", ["nominations"]),
        }

    before = rests("before", ",", ",s4")
    of_2023, of_2024, of_stage = {"2023", "page of 2023"}, {"2024", "page of 2024"}, {"2023-2024", "page"}
    for name, after, expected in (
        ("position", rests("position", "Chánh VP,", ",s4"), of_stage),
        ("claim", rests("claim", ",s4", ",s4"), of_2023 | of_2024 | of_stage),
        ("claim of the year", rests("year", ",", ",s1"), of_2023 | of_stage),
        ("position of the year", rests("other", ",", "Chánh VP,"), of_2023 | of_stage),
    ):
        assert {key for key in before if before[key] != after[key]} == expected, name


def test_who_may_be_one_person_is_told(tmp_path: Path) -> None:
    """Equal unit, name and position are one person; an equal name alone may be, and is for the council to say."""
    tables = award("cn", 9, "none", to='"individual"') + award("tt", 9, "none", to='"individual"', not_with='["cn"]')
    nfd = unicodedata.normalize("NFD", "NGUYỄN văn A")
    nominations = f"""award,kind,name,unit,position,order
cn,cá nhân,Nguyễn Văn A,a1,Giám đốc,1
cn,cá nhân,Đồng chí Nguyễn Văn A,a1,Chuyên viên,2
cn,cá nhân,{nfd},a3,Giám đốc,3
cn,cá nhân,Trần Bà B,a1,,4
cn,cá nhân,Ông Văn,a1,,5
cn,cá nhân,Văn,a3,,6
tt,cá nhân,Ông Nguyễn Văn A,a1,giám đốc,1
tt,cá nhân,Bà Nguyễn Văn A,a9,Giám đốc,2
tt,cá nhân,TRẦN BÀ B,a1,,3
"""
    table = persons(tmp_path, tables, nominations)
    assert as_lines(table, ["award", "name_vi", "unit_id", "status", "doubts"]) == lines(f"""
        cn Nguyễn_Văn_A a1 proposed same_name
        cn Đồng_chí_Nguyễn_Văn_A a1 proposed same_name
        cn {unicodedata.normalize("NFC", "NGUYỄN_văn_A")} a3 proposed same_name
        cn Trần_Bà_B a1 proposed -
        cn Ông_Văn a1 proposed -
        cn Văn a3 proposed -
        tt Ông_Nguyễn_Văn_A a1 excluded same_name
        tt Bà_Nguyễn_Văn_A a9 proposed same_name
        tt TRẦN_BÀ_B a1 excluded -
    """)


def test_collectives_of_one_name_in_two_units_are_two(tmp_path: Path) -> None:
    nominations = "award,kind,name,unit\nbk,tập thể,Bộ phận Một cửa,a1\nbk,tập thể,Bộ phận Một cửa,a3\n"
    table = persons(tmp_path, award("bk", 9, "none"), nominations)
    assert table.loc[table["reason"] == "nominee_without_place", "doubts"].tolist() == ["", ""]


def test_a_collective_that_is_no_unit_has_no_place(tmp_path: Path) -> None:
    tables = award("co", 1, "place") + award("bk", 1, "place", not_with='["co"]')
    nominations = "award,kind,name,unit,order\n" + "".join(
        f"{name},tập thể,{nominee}\n"
        for name in ("co", "bk") for nominee in ("Tổ Một cửa,a1,2", "Phòng Z,a3,1", "a3,,")
    )  # fmt: skip
    table = persons(tmp_path, tables, nominations)
    assert proposed(table[table["is_nominated"]], "name_vi", "reason_awards") == lines("""
        co a3 2 below no_seat_left a3 -
        co a3 - open nominee_without_place Phòng_Z -
        co a1 - open nominee_without_place Tổ_Một_cửa -
        bk a3 2 proposed within_seats a3 -
        bk a3 - open nominee_without_place Phòng_Z co
        bk a1 - open nominee_without_place Tổ_Một_cửa co
    """)
    assert set(table.loc[table["reason"] == "nominee_without_place", "doubts"]) == {"seats_short"}


@pytest.mark.parametrize(
    ("seats", "status", "doubts"),
    [(0, "below", ""), (2, "open", "seats_short"), (3, "open", "seats_short"), (4, "open", "")],
)
def test_a_nominee_without_place_does_not_fit_beside_full_seats(
    tmp_path: Path, seats: int, status: str, doubts: str
) -> None:
    """Of three seats the third one goes to a3 or b2, which tie: no seat is left."""
    nominations = "award,kind,name,unit,order\nbk,tập thể,Tổ Một cửa,a1,1\n"
    year = scores(a1="90", a2="80", a3="70", a4="70") if seats == 3 else scores(a1="90", a2="80", a3="70")
    data = dataset(tmp_path, award("bk", seats, "none"), year, rewritten={"nominations/2024.csv": nominations})
    table = propose_awards(data, year=2024)
    nominee = table[~table["is_unit"]].iloc[0]
    assert (nominee["status"], nominee["doubts"]) == (status, doubts)
    points = " ".join(award_words.open_points(data.scheme, table, "vi"))
    assert ("Tổ Một cửa: không phải đơn vị" in points) == (status == "open")
    assert ("không còn chỉ tiêu" in points) == (doubts != "")


def test_whom_a_nominee_may_replace_is_told_where_it_would_stand_then(tmp_path: Path) -> None:
    """Phòng X may get the flag of a1, and a1 then the seat of a2; two nominees for one seat left are told so."""
    nominations = (
        "award,kind,name,unit,order\nco,tập thể,Phòng X,a1,1\nbx,tập thể,Phòng Y,a1,1\nbx,tập thể,Phòng Z,a1,1\n"
    )
    tables = award("co", 1, "place") + award("bk", 1, "none", not_with='["co"]') + award("bx", 3, "none")
    data = dataset(tmp_path, tables, scores(a1="99", a2="80"), rewritten={"nominations/2024.csv": nominations})
    table = propose_awards(data, year=2024)
    assert proposed(table, "doubts") == lines("""
        co a1 1 proposed within_seats -
        co a2 2 below no_seat_left -
        co a1 - open nominee_without_place seats_short
        bk a1 1 excluded holds_award may_be_replaced
        bk a2 2 proposed within_seats -
        bx a1 1 proposed within_seats -
        bx a2 2 proposed within_seats -
        bx a1 - open nominee_without_place seats_short
        bx a1 - open nominee_without_place seats_short
    """)
    points = award_words.open_points(data.scheme, table[table["award"] == "bk"], "vi")
    assert points == ["Nếu co trao cho đối tượng đề nghị khác, a1 có thể được xét ở đây, danh sách thay đổi theo."]


@pytest.mark.parametrize("lineage", ["inherit", "separate"])
def test_units_that_tie_under_one_policy_only_are_for_the_council(tmp_path: Path, lineage: str) -> None:
    """a1 inherits 70 and ties with a2 at 80; by its own year alone it leads with 90."""
    data = dataset(
        tmp_path, STAGE.format(lineage=lineage) + award("co", 1, "per_group", when='"stage"'),
        scores(a1="90", a2="80", a3="10"), more={2023: scores(p1="70", a2="80", a3="10")},
        units="p1,a,,2023-12-31\na1,a,2024-01-01,\na2,a,,\na3,a,,", lineage="p1,a1,2024-01-01,merge,",
    )  # fmt: skip
    table = propose_awards(data, stage=(2023, 2024))
    assert proposed(table[table["status"] == "open"], "choose", "choose_of") == lines(f"""
        co a1 1 open other_leader 1 2
        co a2 {1 if lineage == "inherit" else 2} open other_leader 1 2
    """)
    assert set(table[table["status"] != "open"]["status"]) == {"below", "not_eligible"}


def test_an_unallocated_seat_is_given_whichever_group_gets_it(tmp_path: Path) -> None:
    nominations = {"nominations/2024.csv": "award,kind,name,unit,order\nbk,tập thể,Tổ Một cửa,a1,1\n"}
    for at, (points, doubts) in enumerate([({"a2": "80", "b2": "70"}, "seats_short"), ({}, "")]):
        year = scores(a1="90", b1="85", **points)
        tables = award("bk", 1 if points else 3, "proportional")  # three seats for two: one is nobody's
        table = propose_awards(dataset(tmp_path / str(at), tables, year, rewritten=nominations), year=2024)
        assert table.loc[~table["is_unit"], "doubts"].tolist() == [doubts]


def test_an_open_point_gives_each_its_own_reason(tmp_path: Path) -> None:
    """b2 and a1 tie at the last seat of bk; a1 may get the flag, which b1 and a1 tie for."""
    tables = award("co", 1, "place") + award("bk", 2, "none", not_with='["co"]')
    data = dataset(tmp_path, tables, scores(a1="80", a2="60", b1="90", b2="80", b3="50"))
    table = propose_awards(data, year=2024)
    points = award_words.open_points(data.scheme, table[table["award"] == "bk"], "vi")
    assert points == ["Chọn 1 đến 2 trong 2, tùy quyết định về chỉ tiêu khác: a1 (nếu không nhận co), b2 "
                      "(bằng nhau ở chỉ tiêu cuối)."]  # fmt: skip


def test_an_error_of_the_nominations_stops_the_proposal(tmp_path: Path) -> None:
    dataset(tmp_path, award("bk", 1, "place"), scores(a1="90"))
    (tmp_path / "thu/nominations").mkdir()
    (tmp_path / "thu/nominations/2024.csv").write_text("award,kind,name\nbk,tập thể,x\n", encoding="utf-8")
    with pytest.raises(InputError, match="nominations/2024"):
        propose_awards(read_dataset(tmp_path / "thu"), year=2024)


# ------------------------------------------------------------------------------------------------------- properties

FEW = settings(max_examples=25, phases=(Phase.explicit, Phase.reuse, Phase.generate))
ALLOCATIONS = st.sampled_from(["per_group", "proportional", "place", "none"])
points = st.sampled_from(["90", "80", "80", "70", "60", ""])


@pytest.mark.slow
@given(
    year=st.fixed_dictionaries({f"{group}{number}": points for group in "ab" for number in range(4)}).filter(
        lambda year: any(year.values())  # a year without scores has no ranking
    ),
    allocations=st.tuples(ALLOCATIONS, ALLOCATIONS, ALLOCATIONS),
    seats=st.tuples(st.sampled_from([2, 4]), st.sampled_from([0, 2, 4]), st.sampled_from([2, 4, 6])),
    exclusions=st.tuples(st.booleans(), st.booleans(), st.booleans()),
    order=st.randoms(use_true_random=False),
)
@FEW
def test_whatever_the_scores(
    year: dict[str, str], allocations: tuple[str, ...], seats: tuple[int, ...], exclusions: tuple[bool, ...], order: Any
) -> None:
    pairs = {("y", "x"): exclusions[0], ("z", "x"): exclusions[1], ("z", "y"): exclusions[2]}
    tables = ""
    for name, number, allocation in zip("xyz", seats, allocations, strict=True):
        others = [first for (second, first), is_given in pairs.items() if is_given and second == name]
        tables += award(name, number, allocation, not_with=str(others).replace("'", '"'))
    cells = scores(**year)
    shuffled = list(cells)
    order.shuffle(shuffled)
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as two:
        units = "\n".join(f"{unit},{unit[0]},," for unit in sorted(cells))
        table = propose_awards(dataset(Path(one), tables, cells, units=units), year=2024)
        other = {unit: cells[unit] for unit in shuffled}
        again = propose_awards(
            dataset(Path(two), tables, other, units="\n".join(f"{unit},{unit[0]},," for unit in shuffled)), year=2024
        )
    keys = ["award", "unit_id"]
    one_order, other_order = (frame.sort_values(keys, ignore_index=True) for frame in (table, again))
    pd.testing.assert_frame_equal(one_order, other_order)
    if shuffled[0][0] == "a":  # the groups of scheme.toml, too, are in the same order
        pd.testing.assert_frame_equal(table, again)
    check(table, dict(zip("xyz", seats, strict=True)), [pair for pair, is_given in pairs.items() if is_given])


def check(table: pd.DataFrame, seats: dict[str, int], exclusive: list[tuple[str, str]]) -> None:
    holders = {name: set(rows.loc[rows["status"] == "proposed", "unit_id"]) for name, rows in table.groupby("award")}
    for name, number in seats.items():
        assert len(holders[name]) <= number
    for one, two in exclusive:
        assert not holders[one] & holders[two]
    assert table.loc[table["status"] == "proposed", "rank"].notna().all()  # never an ineligible one
    assert (table.loc[table["rank"].isna(), "status"] == "not_eligible").all()
    for _, rows in table[table["rank"].notna()].groupby(["award", "group"]):
        worst = rows.loc[rows["status"] == "proposed", "place"].max()
        passed_over = rows[(rows["place"] < worst) & (rows["status"] != "proposed")] if worst is not pd.NA else rows[:0]
        assert set(passed_over["status"]) <= {"open", "conditional", "excluded"}
    assert not ((table["status"] == "excluded") & (table["reason_awards"] == "")).any()


@pytest.mark.slow
@given(
    year=st.fixed_dictionaries({f"{group}{number}": points for group in "ab" for number in range(3)}).filter(
        lambda year: any(year.values())  # a year without scores has no ranking
    ),
    allocations=st.tuples(ALLOCATIONS, ALLOCATIONS),
    seats=st.tuples(st.sampled_from([2, 4]), st.sampled_from([2, 4])),
)
@FEW
def test_whatever_the_council_decides_about_the_first_award(
    year: dict[str, str], allocations: tuple[str, str], seats: tuple[int, int]
) -> None:
    """y excludes holders of x: every decision about x is tried, and y filled from whoever is left."""
    tables = award("x", seats[0], allocations[0]) + award("y", seats[1], allocations[1], not_with='["x"]')
    with tempfile.TemporaryDirectory() as folder:
        table = propose_awards(dataset(Path(folder), tables, scores(**year)), year=2024)
    first, second = (table[(table["award"] == name) & table["place"].notna()] for name in "xy")
    found = [world for holders in holders_of(first, seats[0]) for world in fillings(second, allocations[1], holders)]
    for row in second.itertuples():
        surely, ever = all(row.unit_id in world for world in found), any(row.unit_id in world for world in found)
        assert (row.status == "proposed") == surely
        assert (row.status in ("below", "excluded")) == (not ever)
        assert row.status != "not_eligible"


def holders_of(rows: pd.DataFrame, seats: int) -> Iterator[set[str]]:
    """Yield who may hold an award: whatever the council chooses in each of its decisions, or nobody of those."""
    surely = set(rows.loc[rows["status"] == "proposed", "unit_id"])
    left_open = rows[rows["status"] == "open"]
    names = left_open["decision"].where(left_open["decision"] != "", left_open["unit_id"])
    options = []
    for _, members in left_open.groupby(names):
        most = int(members["choose_most"].iloc[0])
        sizes = range(min(most, len(members)) + 1)
        options.append([set(some) for size in sizes for some in itertools.combinations(members["unit_id"], size)])
    for chosen in itertools.product(*options):
        holders = surely.union(*chosen)
        if len(holders) <= seats:
            yield holders


def fillings(rows: pd.DataFrame, allocation: str, holders: set[str]) -> Iterator[set[str]]:
    """Yield who may get the second award, without the holders of the first one."""
    by_group = allocation in ("per_group", "proportional")
    lists = [group for _, group in rows.groupby("group")] if by_group else [rows]
    options = []
    for members in lists:
        classes = [[unit for unit in equal["unit_id"] if unit not in holders] for _, equal in members.groupby("place")]
        numbers = range(int(members["seats"].iloc[0]), int(members["seats_most"].iloc[0]) + 1)
        options.append([world for number in numbers for world in choices(number, classes)])
    for worlds in itertools.product(*options):
        yield set().union(*worlds)
