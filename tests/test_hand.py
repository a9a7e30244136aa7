"""A scheme of eight units computed by hand (tests/hand/README.md shows the arithmetic): every rule of counting in it.

The tables below are figures, not results of the program. "-" is a missing value, "x" yes, "." no.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from cchc.dataset import Dataset
from cchc.ranking import rank_year
from cchc.reading import read_dataset
from cchc.scoring import score, score_components
from cchc.series import rubric_breaks
from cchc.stage import rank_stage, stage_values
from cchc.verification import verify
from small import as_lines, lines

FOLDER = Path(__file__).parent / "hand"


@pytest.fixture(scope="module")
def data() -> Dataset:
    dataset = read_dataset(FOLDER)
    assert [str(problem) for problem in dataset.problems if problem.is_error] == []
    return dataset


def test_points_and_indices(data: Dataset) -> None:
    """`by`, KAD, a unit's own maximum, weights, bonus, penalty, above 100, half up, not entered."""
    expected = """
    # year group unit     points  max  bonus pen.  index  exact         complete missing
    2021 so ke-hoach       84.4449 100  0  0      84.44  844449/10000   x -
    2021 so noi-vu         80.18    95  0  0      84.4   422/5          x -    # maximum of 2 is 25, not 30
    2021 so tai-chinh      86.125  100  0  0      86.13  689/8          x -    # half up
    2021 so thanh-tra      97.5    100  5  1     101.5   203/2          x -    # above 100, not clipped
    2021 so y-te           76       90  0  0      84.44  760/9          x -    # 3.1.1 does not apply
    2021 huyen do-thi      49       57  0  0      85.96  2407/28        x -    # weights 40, 30, 30
    2021 huyen huyen-a     44       57  1  0      76.93  1077/14        x -
    2021 huyen huyen-b     43       50  0  0.5    85.21  1193/14        x -    # weights 40, 30 of 70
    2022 so do-thi         90.25   100  0  0      90.25  361/4          x -
    2022 so ke-hoach       82.505  100  0  0      82.51  16501/200      x -
    2022 so noi-vu         -         -  0  0      -      -              . 1.2  # survey points not entered
    2022 so tai-chinh      90.2    100  0  0      90.2   451/5          x -
    2022 so thanh-tra      75      100  0  2.5    72.5   145/2          x -
    2022 so y-te           79.995  100  0  0      80     15999/200      x -
    2022 huyen huyen-a     49       57  0  0      85.71  600/7          x -
    2022 huyen huyen-b     43       50  0  0      85.71  600/7          x -
    2023 so do-thi         73.44    85  0  0      86.4   432/5          x -
    2023 so duoc-2023      70.5    100  0  0      70.5   141/2          x -
    2023 so noi-vu         85.3    100  0  0      85.3   853/10         x -
    2023 so tai-chinh-2023 91      100  0  0      91     91/1           x -
    2023 so y-te-2023      88.046  100  0  0      88.05  44023/500      x -
    """
    columns = ["year", "group", "unit_id", "points", "max_points", "bonus", "penalty", "index_score", "index_exact",
               "is_complete", "missing"]  # fmt: skip
    assert as_lines(score(data), columns) == lines(expected)


def test_parts_of_the_points(data: Dataset) -> None:
    """Self-assessed points stand beside; appraised and survey points add up to the points."""
    table = score(data).set_index(["year", "unit_id"]).loc[[(2021, "tai-chinh"), (2021, "y-te"), (2021, "huyen-a")]]
    expected = """
    94 55.125 31 86.125
    -  43     33 76      # self-assessment not given
    -  44     -  44      # no survey in this group
    """
    assert as_lines(table, ["self_points", "appraised_points", "survey_points", "points"]) == lines(expected)


def test_components(data: Dataset) -> None:
    """Component indices: without bonus and penalty; none where nothing applies; not known where not entered."""
    table = score_components(data)
    wanted = [(2021, "tai-chinh"), (2021, "y-te"), (2021, "noi-vu"), (2021, "thanh-tra"), (2021, "huyen-b"),
              (2022, "noi-vu"), (2023, "do-thi")]  # fmt: skip
    table = table.set_index(["year", "unit_id"], drop=False).loc[wanted]
    expected = """
    2021 tai-chinh 1 36.125 40 90.31  x x
    2021 tai-chinh 2 25     30 83.33  x x
    2021 tai-chinh 3 25     30 83.33  x x
    2021 y-te      1 34     40 85     x x
    2021 y-te      2 25     30 83.33  x x
    2021 y-te      3 17     20 85     x x
    2021 noi-vu    1 34.18  40 85.45  x x
    2021 noi-vu    2 21     25 84     x x
    2021 noi-vu    3 25     30 83.33  x x
    2021 thanh-tra 1 38.5   40 96.25  x x
    2021 thanh-tra 2 29.5   30 98.33  x x
    2021 thanh-tra 3 29.5   30 98.33  x x
    2021 huyen-b   1 27     30 90     x x
    2021 huyen-b   2 16     20 80     x x
    2021 huyen-b   3 -       - -      . x
    2022 noi-vu    1 -       - -      x .
    2022 noi-vu    2 25     30 83.33  x x
    2022 noi-vu    3 26     30 86.67  x x
    2023 do-thi    1 35.44  40 88.6   x x
    2023 do-thi    2 20     25 80     x x
    2023 do-thi    4 18     20 90     x x
    """
    columns = ["year", "unit_id", "code", "points", "max_points", "index_score", "is_applicable", "is_complete"]
    assert as_lines(table, columns) == lines(expected)


def test_components_across_years(data: Dataset) -> None:
    """1 keeps code and name, 4 is 2021's 3 by same_as, 2 keeps its code and means something else."""
    table = score_components(data).query("group == 'so'").drop_duplicates(["year", "code"])
    series = table.set_index(["year", "code"])["series"]
    assert series[2021, "1"] == series[2022, "1"] == series[2023, "1"]
    assert series[2021, "3"] == series[2023, "4"]
    assert series[2021, "2"] != series[2023, "2"]


def test_rubric_breaks(data: Dataset) -> None:
    breaks = rubric_breaks(data, 2021, 2023)
    assert set(as_lines(breaks, ["group", "year", "kind", "code"])) == {
        "so 2023 criteria 1",  # 1.2 became 1.2 and 1.3
        "so 2023 component 2",  # another component under the same code
        "so 2023 maximum 4",  # 30 became 35
        "so 2023 criteria 4",  # 3.1.1 and 3.1.2 became 4.1.1 and 4.1.2
    }


YEAR = ["group", "unit_id", "rank", "n_ranked", "is_tied", "is_near_tied", "index_score", "grade",
        "is_grade_by_rounding", "has_difference", "reason"]  # fmt: skip
CHANGE = ["unit_id", "previous_rank", "previous_n_ranked", "previous_index_score", "index_change", "rank_change",
          "rank_change_common"]  # fmt: skip


def test_rank_2021(data: Dataset) -> None:
    """An announced year: its own figures, with one that does not reproduce and so changes three places."""
    table = rank_year(data, 2021)
    expected = """
    so thanh-tra  1 5 . . 101.5  Xuất_sắc  . . -
    so tai-chinh  2 5 . . 86.13  Tốt       . . -
    so noi-vu     3 5 . . 84.6   Tốt       . x -   # recomputed 84.40, place 5
    so ke-hoach   4 5 x . 84.44  Tốt       . x -   # recomputed place 3
    so y-te       4 5 x . 84.44  Tốt       . x -
    huyen do-thi  1 3 . . 85.96  Tốt       . . -
    huyen huyen-b 2 3 . . 85.21  Tốt       . . -
    huyen huyen-a 3 3 . . 76.93  Khá       . . -
    """
    assert as_lines(table, YEAR) == lines(expected)
    assert table["is_published"].all()
    assert table["previous_rank"].isna().all()
    assert table["rank_change"].isna().all()


def test_rank_2022(data: Dataset) -> None:
    """A draft year: recomputed figures, a near tie, a tie, an incomplete unit, a unit that came from another group."""
    table = rank_year(data, 2022)
    expected = """
    so do-thi     1 5 . x 90.25  Xuất_sắc  . . -
    so tai-chinh  2 5 . x 90.2   Xuất_sắc  . . -
    so ke-hoach   3 5 . . 82.51  Tốt       . . -
    so y-te       4 5 . . 80     Tốt       x . -   # 79.995
    so thanh-tra  5 5 . . 72.5   Khá       . . -
    so noi-vu     - 5 . . -      -         . . incomplete
    huyen huyen-a 1 2 x . 85.71  Tốt       . . -
    huyen huyen-b 1 2 x . 85.71  Tốt       . . -
    """
    assert as_lines(table, YEAR) == lines(expected)
    assert not table["is_published"].any()
    changes = """
    # places of do-thi in two groups are not compared; the four that are ranked in both years were 1, 2, 3, 3
    tai-chinh  2 5 86.13   4.07   0  1
    ke-hoach   4 5 84.44  -1.93   1  1
    y-te       4 5 84.44  -4.44   0  0
    thanh-tra  1 5 101.5  -29    -4 -3
    noi-vu     3 5 84.6    -      -  -
    huyen-a    3 3 76.93   8.78   2  1
    huyen-b    2 3 85.21   0.5    1  0
    """
    assert as_lines(table[table["unit_id"] != "do-thi"], CHANGE) == lines(changes)
    moved = table.set_index("unit_id").loc["do-thi"]
    assert pd.isna(moved["rank_change"])
    assert pd.isna(moved["rank_change_common"])


def test_rank_2023(data: Dataset) -> None:
    """Announced with one decimal and no places: its indices, and places and classes from them; new units."""
    table = rank_year(data, 2023)
    expected = """
    so tai-chinh-2023 1 5 . . 91    Xuất_sắc  . . -
    so y-te-2023      2 5 . . 88    Tốt       . . -   # 88.046 is 88.0 at one decimal (88.05 would be 88.1)
    so do-thi         3 5 . . 86.4  Tốt       . . -
    so noi-vu         4 5 . . 85.3  Tốt       . . -
    so duoc-2023      5 5 . . 70.5  Khá       . . -
    """
    assert as_lines(table, YEAR) == lines(expected)
    changes = """
    tai-chinh-2023 - - -     -     - -
    y-te-2023      - - -     -     - -
    do-thi         1 5 90.25 -3.85 -2 0
    noi-vu         - 5 -     -     - -
    duoc-2023      - - -     -     - -
    """
    assert as_lines(table, CHANGE) == lines(changes)


def test_names_follow_the_year(data: Dataset) -> None:
    names = {year: rank_year(data, year).set_index("unit_id")["name_vi"] for year in (2021, 2022, 2023)}
    assert names[2021]["noi-vu"] == "Sở Nội vụ"
    assert names[2022]["noi-vu"] == "Sở Nội vụ và Lao động"
    assert names[2023]["tai-chinh-2023"] == names[2021]["tai-chinh"] == "Sở Tài chính"


STAGE = ["group", "unit_id", "rank", "n_ranked", "index_score", "grade", "n_years", "n_inherited", "n_years_expected",
         "adjusted_score", "is_group_dissolved", "reason"]  # fmt: skip


def test_stage_2021_2023(data: Dataset) -> None:
    """A finished stage under "inherit": merger by shares, split, abolition, coverage, adjusted mean, dissolved."""
    table = rank_stage(data, 2021, 2023)
    listed = """
    so tai-chinh-2023 1 5 88.33 Tốt 1 2 3 -     . -
    so do-thi         2 5 87.54 Tốt 3 0 3 -     . -
    so noi-vu         3 5 84.95 Tốt 2 0 3 84.98 . -
    so y-te-2023      4 5 84.15 Tốt 1 2 3 -     . -
    so duoc-2023      5 5 78.31 Khá 1 2 3 -     . -
    huyen huyen-b     1 2 85.46 Tốt 2 0 2 -     x -
    huyen huyen-a     2 2 81.32 Tốt 2 0 2 -     x -
    """
    assert as_lines(table[table["rank"].notna()], STAGE) == lines(listed)
    below = table[table["rank"].isna()].sort_values("unit_id")
    assert as_lines(below, ["group", "unit_id", "reason", "successors_vi"]) == lines("""
    so ke-hoach  merged     Sở_Tài_chính
    so tai-chinh merged     Sở_Tài_chính
    so thanh-tra abolished  -
    so y-te      split      Sở_Y_tế;_Sở_Dược
    """)
    assert not table["is_to_date"].any()
    assert set(table["stage"]) == {"2021-2023"}


def test_both_policies_name_different_leaders(data: Dataset) -> None:
    """Afresh, the merged department has one year of the two it needs, and another unit leads."""
    table = rank_stage(data, 2021, 2023).query("group == 'so' and rank.notna()")
    columns = ["unit_id", "rank_inherit", "index_inherit", "rank_separate", "index_separate"]
    ranked = table.assign(index_separate=table["index_separate"].where(table["rank_separate"].notna()))
    assert as_lines(ranked, columns) == lines("""
    tai-chinh-2023 1 88.33 - -
    do-thi         2 87.54 1 87.54
    noi-vu         3 84.95 2 84.95
    y-te-2023      4 84.15 - -
    duoc-2023      5 78.31 - -
    """)


def test_stage_to_date(data: Dataset) -> None:
    """2021-2025 has three years so far and needs min(3, 3) of them; under "separate" one unit has them."""
    table = rank_stage(data, 2021, 2025).query("group == 'so'")
    assert table["is_to_date"].all()
    valid = table[table["reason"].isin(["", "few_years"])]
    columns = ["unit_id", "rank", "n_ranked", "n_years", "n_inherited", "n_years_expected", "rank_inherit", "reason"]
    assert as_lines(valid.sort_values("unit_id"), columns) == lines("""
    do-thi         1 1 3 0 3 2 -
    duoc-2023      - 1 1 0 3 4 few_years
    noi-vu         - 1 2 0 3 - few_years
    tai-chinh-2023 - 1 1 0 3 1 few_years
    y-te-2023      - 1 1 0 3 3 few_years
    """)
    assert table.set_index("unit_id").loc["do-thi", "index_score"] == 87.54


def test_stage_values(data: Dataset) -> None:
    """What the mean is made of: official indices, inherited ones unrounded and without a place."""
    table = stage_values(data, 2021, 2023)
    units = ["tai-chinh-2023", "do-thi", "noi-vu", "duoc-2023", "huyen-a"]
    table = table[table["unit_id"].isin(units)].sort_values(["unit_id", "year"])
    assert as_lines(table, ["unit_id", "year", "kind", "index_score", "index_exact", "rank", "n_ranked"]) == lines("""
    do-thi         2021 own        85.96   2149/25    1 3   # in its group of then
    do-thi         2022 own        90.25   361/4      1 5
    do-thi         2023 own        86.4    432/5      3 5
    duoc-2023      2021 inherited  84.44   2111/25    - -
    duoc-2023      2022 inherited  80      80/1       - -
    duoc-2023      2023 own        70.5    141/2      5 5
    huyen-a        2021 own        76.93   7693/100   3 3
    huyen-a        2022 own        85.71   8571/100   1 2
    noi-vu         2021 own        84.6    423/5      3 5
    noi-vu         2022 incomplete -       -          - -
    noi-vu         2023 own        85.3    853/10     4 5
    tai-chinh-2023 2021 inherited  85.71   34283/400  - -
    tai-chinh-2023 2022 inherited  88.28   35311/400  - -
    tai-chinh-2023 2023 own        91      91/1       1 5
    """)


def test_verify_2021(data: Dataset) -> None:
    table = verify(data, 2021)
    table = table.assign(size=table["index_difference"].abs()).sort_values(["group", "unit_id"])
    columns = ["unit_id", "index_score", "published_index_score", "size", "rank", "published_rank", "grade",
               "published_grade", "status"]  # fmt: skip
    assert as_lines(table, columns) == lines("""
    do-thi    85.96 85.96 0   1 1 Tốt      Tốt      same
    huyen-a   76.93 76.93 0   3 3 Khá      Khá      same
    huyen-b   85.21 85.21 0   2 2 Tốt      Tốt      same
    ke-hoach  84.44 84.44 0   3 4 Tốt      Tốt      differs
    noi-vu    84.4  84.6  0.2 5 3 Tốt      Tốt      differs
    tai-chinh 86.13 86.13 0   2 2 Tốt      Tốt      same
    thanh-tra 101.5 101.5 0   1 1 Xuất_sắc Xuất_sắc same
    y-te      84.44 84.44 0   3 4 Tốt      Tốt      differs
    """)
    flags = table.set_index("unit_id")
    assert flags.loc["noi-vu", "changes_place"]
    assert not flags.loc[flags["status"] == "same", "changes_place"].any()
    assert not flags["changes_stage_place"].any()  # 84.85 instead of 84.95: still third


def test_verify_2022_and_2023(data: Dataset) -> None:
    with pytest.raises(LookupError):
        verify(data, 2022)
    table = verify(data, 2023)
    assert set(table["status"]) == {"same"}
    assert not table["changes_place"].any()
