"""Plain facts of a ranking in words."""

from fractions import Fraction

import pandas as pd
import pytest

from cchc.facts import decisions, joined, lead, leaders, mean, period, reason, rounded, total
from standins import STAGE, dataset, stage_ranking, year_ranking


def test_leaders_are_all_at_the_first_place():
    tied = year_ranking(
        {"unit_id": "a", "rank": 1}, {"unit_id": "b", "rank": 1}, {"unit_id": "c", "rank": 3}, {"unit_id": "d"}
    )
    assert list(leaders(tied)["unit_id"]) == ["a", "b"]
    assert leaders(tied.iloc[3:]).empty


def test_lead_is_exact_and_zero_for_a_tie():
    # as floats 80.3 - 80.2 is 0.09999999999999432
    apart = year_ranking(
        {"unit_id": "a", "rank": 1, "index_score": 80.3}, {"unit_id": "b", "rank": 2, "index_score": 80.2}
    )
    assert str(lead(dataset(), apart)) == "0.10"
    tied = apart.assign(rank=pd.array([1, 1], dtype="Int64"), index_exact=[Fraction(80), Fraction(80)])
    assert lead(dataset(), tied) == 0
    assert lead(dataset(), apart.iloc[:1]) is None


def test_a_mean_is_rounded_half_up_from_the_printed_figures():
    # the exact mean is 86.125; round() of the floats' mean gives 86.12
    value = mean([86.12, 86.13, float("nan")])
    assert value == Fraction("86.125")
    assert str(rounded(value, 2)) == "86.13"
    assert mean([float("nan")]) is None


def test_at_most_five_names():
    assert joined("abcde", "vi") == "a, b, c, d, e"
    assert joined("abcdefg", "vi") == "a, b, c, d, e và 2 đơn vị khác"


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"reason": "incomplete", "n_missing": 3, "missing": "3.1, 3.2, 4.1"}, "thiếu 3 tiêu chí: 3.1, 3.2, 4.1"),
        ({"reason": "no_scores"}, "không có số liệu"),
        ({"reason": "not_announced"}, "không có trong bảng công bố"),
        ({"reason": ""}, ""),
    ],
)
def test_reason_of_a_year(cells, words):
    row = next(year_ranking({"unit_id": "a", **cells}).itertuples())
    assert reason(dataset(), row, "vi") == words


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"reason": "few_years", "n_years": 1, "n_inherited": 1}, "chỉ có 2/3 năm cần thiết"),
        # to date: not more than the years so far are needed
        ({"reason": "few_years", "n_years": 1, "is_to_date": True, "n_years_expected": 2}, "chỉ có 1/2 năm cần thiết"),
        ({"reason": "merged", "successors_vi": "Sở Mới"}, "nhập vào Sở Mới"),
        ({"reason": "merged", "name_vi": "Sở Cũ", "successors_vi": "Sở Cũ"}, "nhập vào Sở Cũ mới"),
        ({"reason": "split", "successors_vi": "Sở A; Sở B"}, "chia tách thành Sở A; Sở B"),
        ({"reason": "abolished"}, "đã giải thể"),
    ],
)
def test_reason_of_a_stage(cells, words):
    row = next(stage_ranking({"unit_id": "a", **cells}).itertuples())
    assert reason(dataset(), row, "vi") == words


def test_a_tie_at_the_first_place_is_left_to_the_council():
    tied = [{"unit_id": unit, "rank": 1, "is_tied": True, "index_score": 80} for unit in "ab"]
    assert decisions(dataset(), year_ranking(*tied), "vi") == ["a, b đồng hạng nhất, cần Hội đồng quyết định"]


def test_a_tie_below_the_first_place_is_not():
    rows = [
        {"unit_id": "a", "rank": 1, "index_score": 81},
        *({"unit_id": unit, "rank": 2, "is_tied": True, "index_score": 80} for unit in "bc"),
    ]
    assert decisions(dataset(), year_ranking(*rows), "vi") == []


def test_a_near_tie_at_the_first_place_is_said_with_the_lead():
    rows = [
        {"unit_id": "a", "rank": 1, "index_score": 80.04, "is_near_tied": True},
        {"unit_id": "b", "rank": 2, "index_score": 80, "is_near_tied": True},
    ]
    assert decisions(dataset(), year_ranking(*rows), "vi") == ["a chỉ hơn đơn vị thứ hai 0,04 điểm"]


def test_other_leaders_under_the_other_lineage_policy_are_said():
    rows = [
        {"unit_id": "a", "rank": 1, "rank_inherit": 1, "rank_separate": 2, "index_score": 82},
        {"unit_id": "b", "rank": 2, "rank_inherit": 2, "rank_separate": 1, "index_score": 80},
    ]
    (sentence,) = decisions(dataset(), stage_ranking(*rows), "vi")
    assert "tính kế thừa là a, khi tính riêng là b" in sentence
    same = [{**row, "rank_separate": row["rank_inherit"]} for row in rows]
    assert decisions(dataset(), stage_ranking(*same), "vi") == []


def test_the_flag_of_a_dissolved_group_is_open():
    row = {"unit_id": "a", "rank": 1, "rank_inherit": 1, "rank_separate": 1, "is_group_dissolved": True}
    assert decisions(dataset(), stage_ranking(row), "vi") == ["nhóm đã giải thể, việc trao cờ còn để ngỏ"]


def test_period():
    data = dataset({"published": [{"year": year} for year in (2021, 2022)]}, stages=[STAGE])
    assert period(data, year_ranking({"unit_id": "a"}), "vi") == "năm 2024"
    assert period(data, stage_ranking({"unit_id": "a"}), "vi") == "giai đoạn 2021–2023"
    to_date = stage_ranking({"unit_id": "a", "is_to_date": True})
    assert period(data, to_date, "vi") == "giai đoạn 2021–2023, tính đến năm 2022"


def test_a_total_is_exact():
    assert sum([0.1] * 3) != 0.3
    assert total([0.1, 0.1, float("nan"), 0.1]) == Fraction("0.3")
    assert total([]) == 0
