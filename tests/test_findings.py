"""Each rule of the findings on a table made for it: it speaks where it must, and is silent where it must be."""

import math

import pandas as pd
import pytest

from cchc import findings as rules
from standins import GROUPS, dataset, stage_ranking, year_ranking

RANKED = {"rank": 1, "index_score": 80}
NO_COMPONENTS = pd.DataFrame(columns=["year", "group", "code", "name_vi", "index_score"])


def said(ranking, *verifications, components=NO_COMPONENTS, values=None):
    data = dataset({"published": [{"year": 2021}, {"year": 2023}]})
    return rules.findings(data, ranking, verifications, components, "vi", values=values)


@pytest.fixture(autouse=True)
def nothing_else(monkeypatch):
    """No rubric changes unless a test says so."""
    monkeypatch.setattr(rules, "rubric_breaks", lambda *_: pd.DataFrame(columns=["group", "year", "kind", "name_vi"]))


def test_a_quiet_year_has_no_findings():
    assert said(year_ranking({"unit_id": "a", **RANKED})) == []
    assert said(year_ranking({"unit_id": "a"}).iloc[:0], verified()) == []


def test_decisions_come_first_and_name_the_group():
    tied = [{"unit_id": unit, **RANKED, "is_tied": True} for unit in "ab"]
    found = said(year_ranking(*tied, {"unit_id": "c", "reason": "no_scores"}))
    assert found == [
        "Cần xem xét, quyết định: Sở: a, b đồng hạng nhất, cần Hội đồng quyết định.",
        "1 đơn vị chưa được xếp hạng do thiếu số liệu: c (không có số liệu).",
    ]


def test_units_that_are_gone_do_not_want_data():
    rows = [{"unit_id": "a", **RANKED}, {"unit_id": "b", "reason": "merged", "successors_vi": "a"}]
    assert rules.not_ranked(dataset(), stage_ranking(*rows), "vi") == ""


def verified(**cells):
    return pd.DataFrame(
        [{"period": "2024", "year": 2024, "name_vi": "a", "name_en": "a", "status": "differs", "changes_place": False,
          "changes_stage_place": True, **cells}]
    )  # fmt: skip


def test_differences_say_whether_a_place_hangs_on_them():
    ranking = year_ranking({"unit_id": "a", **RANKED})
    assert "ở 1 dòng: a (2024); 0 dòng trong đó" in rules.differences(ranking, [verified()], "vi")
    assert "; 1 dòng trong đó" in rules.differences(ranking, [verified(changes_place=True)], "vi")


def test_differences_of_a_stage_are_of_all_its_years_and_of_its_places():
    ranking = stage_ranking({"unit_id": "a", **RANKED})
    sentence = rules.differences(ranking, [verified(), verified(period="2023", changes_stage_place=False)], "vi")
    assert "ở 2 dòng: a (2024), a (2023); 1 dòng trong đó" in sentence


def test_a_year_that_reproduces_or_is_not_announced_has_no_differences():
    ranking = year_ranking({"unit_id": "a", **RANKED})
    assert rules.differences(ranking, [verified(status="same")], "vi") == ""
    assert rules.differences(ranking, [], "vi") == ""


def test_breaks_name_year_and_groups(monkeypatch):
    changed = pd.DataFrame({"group": ["so", "so"], "year": [2024, 2024], "kind": ["maximum", "criteria"]})
    monkeypatch.setattr(
        rules, "rubric_breaks", lambda _data, first, last: changed if (first, last) == (2023, 2024) else None
    )
    sentence = rules.breaks(dataset(), year_ranking({"unit_id": "a", **RANKED}), "vi")
    assert sentence == "So sánh giữa các năm cần thận trọng: bộ tiêu chí thay đổi từ năm 2024 (Sở)."


@pytest.mark.parametrize(("day", "is_said"), [("2024-03-01", True), ("2023-12-31", False), ("2025-03-01", False)])
def test_breaks_name_mergers_of_the_period_only(day, is_said):
    merger = [{"predecessor": unit, "successor": "c", "date": pd.Timestamp(day), "kind": "merge"} for unit in "ab"]
    sentence = rules.breaks(dataset({"lineage": merger}), year_ranking({"unit_id": "c", **RANKED}), "vi")
    assert bool(sentence) is is_said
    assert not is_said or "từ ngày 01/03/2024 (2 đơn vị thôi hoạt động)" in sentence


MOVED = {"previous_n_ranked": 3, "index_change": 1.0}


def moved(unit, change, before, after):
    places = {"rank": after, "previous_rank": before, "rank_change": change, "rank_change_common": change}
    return {"unit_id": unit, **places, **MOVED}


def test_moves_name_the_largest_with_both_places():
    ranking = year_ranking(moved("a", 2, 3, 1), moved("b", 1, 3, 2), moved("c", -2, 1, 3))
    assert rules.moves(dataset(), ranking, "vi") == (
        "Thay đổi thứ hạng so với năm trước: tăng nhiều nhất là a (2 bậc, từ 3/3 thành 1/3); "
        "giảm nhiều nhất là c (2 bậc, từ 1/3 thành 3/3)."
    )


def test_a_move_by_one_place_is_no_finding():
    assert rules.moves(dataset(), year_ranking(moved("a", 1, 2, 1), moved("b", -1, 1, 2)), "vi") == ""


def test_the_last_of_fewer_units_has_not_moved():
    last = {"unit_id": "a", "rank": 14, "previous_rank": 19, "previous_n_ranked": 19, "rank_change": 5}
    assert rules.moves(dataset(), year_ranking({**last, "rank_change_common": 0}), "vi") == ""
    two_up = rules.moves(dataset(), year_ranking({**last, "rank_change_common": 2}), "vi")
    assert "a (2 bậc trong các đơn vị có hạng cả hai năm, từ 19/19 thành 14/1)" in two_up


def test_a_lower_index_with_a_better_place_is_said():
    row = moved("a", 1, 2, 1)
    assert rules.moves(dataset(), year_ranking(row), "vi") == ""
    assert "điểm giảm nhưng hạng tăng: a" in rules.moves(dataset(), year_ranking({**row, "index_change": -0.5}), "vi")


def test_nothing_is_said_about_moves_of_a_group_that_lacks_units():
    row = moved("a", 2, 3, 1)
    assert rules.moves(dataset(), year_ranking(row), "vi")
    assert rules.moves(dataset(), year_ranking({**row, "group": "huyen"}), "vi") == ""


def test_stage_moves_go_from_the_first_to_the_last_ranked_year_of_the_group():
    values = pd.DataFrame(
        [("so", unit, year, score, rank, 2) for unit, years in {"a": (1, 2, 2), "b": (2, 1, 1)}.items()
         for year, rank, score in zip((2021, 2022, 2023), years, (80.0, 81.0, 82.0), strict=True)],
        columns=["group", "unit_id", "year", "index_score", "rank", "n_ranked"],
    )  # fmt: skip
    values = values.astype({"rank": "Int64", "n_ranked": "Int64"})
    table = rules.stage_moves(stage_ranking({"unit_id": "a", "rank": 1}, {"unit_id": "b", "rank": 2}), values)
    assert dict(zip(table["unit_id"], table["rank_change"], strict=True)) == {"a": -1, "b": 1}
    assert list(table["index_change"]) == [2.0, 2.0]


def test_stage_moves_among_the_units_of_both_years():
    cells = [("a", 2021, 1), ("b", 2021, 2), ("c", 2021, 3), ("c", 2023, 1)]
    values = pd.DataFrame(cells, columns=["unit_id", "year", "rank"]).assign(group="so", index_score=80.0, n_ranked=3)
    values = values.astype({"rank": "Int64", "n_ranked": "Int64"})
    (row,) = rules.stage_moves(stage_ranking({"unit_id": "c", "rank": 1}), values).itertuples()
    assert (row.rank_change, row.rank_change_common) == (2, 0)


def components(group="so"):
    return pd.DataFrame(
        [(2024, group, unit, code, name, name, score) for code, name, scores in
         [("1", "Thể chế", (70.0, 60.01)), ("2", "Tài chính công", (60.0, 60.01)), ("3", "Chỉ đạo", (99.0, math.nan))]
         for unit, score in zip("ab", scores, strict=True)],
        columns=["year", "group", "unit_id", "code", "name_vi", "name_en", "index_score"],
    )  # fmt: skip


def test_the_weakest_component_has_the_lowest_mean_and_names_who_leads_it():
    lead = {"year": 2024, "group": "so", "code": "2", "lead_unit": "stc"}
    assert rules.weakest_component(dataset({"rubric": [lead]}), components(), "vi") == (
        "Lĩnh vực có chỉ số trung bình thấp nhất năm 2024: Sở: Tài chính công (60,01; cơ quan chủ trì: stc)."
    )
    unit = {"unit_id": "stc", "name_vi": "Sở Tài chính", "group": "so"}
    assert "cơ quan chủ trì: Sở Tài chính)" in rules.weakest_component(
        dataset({"rubric": [lead], "units": [unit]}), components(), "vi"
    )


def test_the_weakest_component_is_of_the_last_year_given():
    earlier = components().assign(year=2023, index_score=[1.0, 1.0, 99.0, 99.0, 99.0, 99.0])
    sentence = rules.weakest_component(dataset(), pd.concat([components(), earlier]), "vi")
    assert "năm 2024: Sở: Tài chính công" in sentence


def test_no_weakest_component_of_one_or_of_a_group_that_lacks_units():
    assert rules.weakest_component(dataset(), NO_COMPONENTS, "vi") == ""
    assert rules.weakest_component(dataset(), components().query("code == '1'"), "vi") == ""
    assert rules.weakest_component(dataset(), components("huyen"), "vi") == ""
    everyone = [{**group, "complete": True} for group in GROUPS]
    assert rules.weakest_component(dataset(groups=everyone), components("huyen"), "vi")


def test_findings_are_said_of_the_frames_given():
    rows = [{"unit_id": unit, **RANKED, "rank": rank} for rank, unit in enumerate("abc", start=1)]
    cells = [(unit, year, rank if year == 2021 else 4 - rank) for rank, unit in enumerate("abc", start=1)
             for year in (2021, 2023)]  # fmt: skip
    values = pd.DataFrame(cells, columns=["unit_id", "year", "rank"]).assign(group="so", index_score=80.0, n_ranked=3)
    values = values.astype({"rank": "Int64", "n_ranked": "Int64"})
    found = said(stage_ranking(*rows), verified(), components=components(), values=values)
    heads = ("Số đã công bố khác", "Thay đổi thứ hạng từ năm đầu", "Lĩnh vực có chỉ số")
    assert [sentence.startswith(head) for sentence, head in zip(found, heads, strict=True)] == [True] * 3
