"""The printed tables: which columns, which marks, which notes."""

import pandas as pd
import pytest

from cchc import tables
from cchc.table import Marked
from standins import CLASSES, dataset, stage_ranking, year_ranking


def column(table, label):
    """Return the cells of one column as printed."""
    at = [item.label for item in table.columns].index(label)
    return [table.text(table.columns[at], row[at]) for row in table.rows]


def labels(table):
    return [item.label for item in table.columns]


FIRST = {
    "unit_id": "a", "rank": 1, "index_score": 86.13, "points": 86.13, "max_points": 100.0, "appraised_points": 86.13,
    "grade": "Tốt", "previous_rank": 2, "previous_n_ranked": 2, "rank_change": 1, "rank_change_common": 1,
}  # fmt: skip
SECOND = {
    "unit_id": "b", "rank": 2, "index_score": 70.5, "points": 70.5, "max_points": 100.0, "appraised_points": 70.5,
    "grade": "Khá", "previous_rank": 1, "previous_n_ranked": 2, "rank_change": -1, "rank_change_common": -1,
}  # fmt: skip
LAST = {"unit_id": "c", "reason": "incomplete", "n_missing": 2, "missing": "1.1, 1.2", "max_points": 100.0}


def test_a_year_prints_place_index_class_and_change():
    table = tables.year_ranking(dataset(), year_ranking(FIRST, SECOND), "so")
    assert labels(table) == [
        "Hạng", "Đơn vị", "Thẩm định", "Tổng điểm", "Điểm tối đa áp dụng", "Chỉ số", "Xếp loại", "Hạng năm trước",
        "Thay đổi",
    ]  # fmt: skip
    assert [table.text(*pair) for pair in zip(table.columns, table.rows[0], strict=True)] == [
        "1/2", "a", "86,13", "86,13", "100,00", "86,13", "Tốt", "2/2", "▲ tăng 1 bậc",
    ]  # fmt: skip
    assert column(table, "Thay đổi")[1] == "▼ giảm 1 bậc"
    assert table.notes == ()
    assert table.caption == "Xếp hạng năm 2024: Sở, ban, ngành"


def test_survey_bonus_and_penalty_stand_only_where_there_is_any():
    first = {**FIRST, "survey_points": 20.0, "bonus": 0.2, "penalty": 0.1}
    table = tables.year_ranking(dataset(), year_ranking(first, SECOND), "so")
    assert labels(table)[2:7] == ["Thẩm định", "Điều tra", "Điểm cộng", "Điểm trừ", "Tổng điểm"]
    assert column(table, "Điều tra") == ["20,00", "—"]
    assert column(table, "Điểm cộng") == ["0,20", "0,00"]
    assert column(table, "Tổng điểm") == ["86,23", "70,50"]


def test_an_unranked_unit_has_no_figures_and_the_reason_in_words():
    table = tables.year_ranking(dataset(), year_ranking(FIRST, {**LAST, "index_score": 40.0}), "so")
    last = [table.text(*pair) for pair in zip(table.columns, table.rows[1], strict=True)]
    assert last == ["—", "c (chưa xếp hạng: thiếu 2 tiêu chí: 1.1, 1.2)", *["—"] * 7]


def test_ties_and_near_ties_are_marked_and_explained():
    tied = [{**FIRST, "unit_id": unit, "is_tied": True} for unit in "ab"]
    table = tables.year_ranking(dataset(), year_ranking(*tied), "so")
    assert column(table, "Hạng") == ["1/2 =", "1/2 ="]
    assert len(table.notes) == 1
    assert table.notes[0].startswith("= Đồng hạng")
    near = [{**row, "is_near_tied": True} for row in (FIRST, SECOND)]
    table = tables.year_ranking(dataset(near="0.05"), year_ranking(*near), "so")
    assert column(table, "Hạng") == ["1/2 ≈", "2/2 ≈"]
    assert table.notes == ("≈ Gần bằng nhau: cách đơn vị liền kề không quá 0,05 điểm.",)


@pytest.mark.parametrize(
    ("cells", "label", "printed", "note"),
    [
        ({"has_difference": True}, "Chỉ số", "86,13 *", "* Số đã công bố khác số tính lại"),
        ({"is_grade_by_rounding": True}, "Xếp loại", "Tốt †", "† Loại theo chỉ số đã làm tròn"),
        ({"rank_change_common": 2}, "Thay đổi", "▲ tăng 1 bậc ‡", "‡ Nếu chỉ xét"),
    ],
)
def test_every_doubt_is_marked_and_explained(cells, label, printed, note):
    table = tables.year_ranking(dataset(), year_ranking({**FIRST, **cells}, SECOND), "so")
    assert column(table, label)[0] == printed
    assert len(table.notes) == 1
    assert table.notes[0].startswith(note)


def test_the_change_among_common_units_is_in_the_note():
    table = tables.year_ranking(dataset(), year_ranking({**FIRST, "rank_change_common": 0}), "so")
    assert table.notes[0].endswith("có hạng trong cả hai năm: a: = giữ nguyên.")


@pytest.mark.parametrize(("value", "printed"), [(86.0, "86,00"), (86.125, "86,125"), (8.123456789, "8,1235")])
def test_points_have_the_decimals_that_the_group_needs_two_to_four(value, printed):
    table = tables.year_ranking(dataset(), year_ranking({**FIRST, "appraised_points": value}, SECOND), "so")
    assert column(table, "Thẩm định")[0] == printed


def test_an_index_beyond_its_range_is_shown_with_a_warning():
    table = tables.year_ranking(dataset(), year_ranking({**FIRST, "index_score": 101.5}, SECOND), "so")
    assert column(table, "Chỉ số")[0] == "101,50"
    assert table.notes == ("Chỉ số trên 100 hoặc dưới 0 do điểm cộng, điểm trừ, được giữ nguyên: a.",)


def test_a_group_without_units_has_no_table():
    assert tables.year_ranking(dataset(), year_ranking(FIRST), "huyen") is None
    values = pd.DataFrame({"group": []})
    assert tables.stage_ranking(dataset(), stage_ranking({"unit_id": "a"}), values, "huyen") is None


def test_summary_has_a_row_a_group_with_leader_lead_mean_and_counts():
    ranking = year_ranking({**FIRST, "index_score": 86.13}, {**SECOND, "index_score": 86.12, "grade": "Tốt"}, LAST)
    table = tables.summary(dataset(), ranking)
    first = [table.text(*pair) for pair in zip(table.columns, table.rows[0], strict=True)]
    # the exact mean is 86.125, printed half up
    assert first == ["Sở, ban, ngành", "a", "86,13", "0,01", "86,13", "2", "2", "0", "—"]
    assert labels(table)[6:8] == [item["name"]["vi"] for item in CLASSES]
    assert [table.text(*pair) for pair in zip(table.columns, table.rows[1], strict=True)][1:6] == ["—"] * 4 + ["0"]


def test_summary_names_all_leaders_of_a_tie_and_what_is_to_be_decided():
    tied = [{**FIRST, "unit_id": unit, "is_tied": True} for unit in "ab"]
    table = tables.summary(dataset(), year_ranking(*tied))
    assert column(table, "Dẫn đầu")[0] == "a; b"
    assert column(table, "Cách đơn vị thứ hai")[0] == "0,00"
    assert "đồng hạng nhất" in column(table, "Cần xem xét, quyết định")[0]


def test_a_class_that_only_the_announced_table_names_has_a_column():
    table = tables.summary(dataset(), year_ranking({**FIRST, "grade": "Trung bình"}))
    assert labels(table)[6:9] == ["Tốt", "Khá", "Trung bình"]


STAGED = {"unit_id": "a", "rank": 1, "index_score": 81.0, "rank_inherit": 1, "rank_separate": 1, "grade": "Tốt"}
NEW = {
    "unit_id": "b", "rank": 2, "index_score": 80.0, "rank_inherit": 2, "rank_separate": 2, "n_years": 1,
    "n_inherited": 2,
}  # fmt: skip
VALUES = ["unit_id", "year", "index_score", "kind"]
GONE = {"unit_id": "c", "reason": "merged", "successors_vi": "b", "n_years": 2}


@pytest.fixture
def yearly():
    cells = [
        ("a", 2022, 80.0, "own"), ("a", 2023, 82.0, "own"), ("b", 2022, 79.5, "inherited"), ("b", 2023, 80.5, "own"),
        ("c", 2022, 79.5, "own"), ("c", 2023, float("nan"), "missing"),
    ]  # fmt: skip
    other = ("d", 2021, 80.0, "own", "huyen")
    return pd.DataFrame([*((*cell, "so") for cell in cells), other], columns=[*VALUES, "group"])


def test_a_stage_prints_years_coverage_and_inheritance(yearly):
    table = tables.stage_ranking(dataset(), stage_ranking(STAGED, NEW, GONE), yearly, "so")
    assert labels(table) == ["Hạng", "Đơn vị", "2022", "2023", "Chỉ số giai đoạn", "Số năm có chỉ số", "Xếp loại"]
    assert column(table, "2022") == ["80,00", "79,50 kế thừa", "79,50"]
    assert column(table, "2023") == ["82,00", "80,50", "—"]
    assert column(table, "Số năm có chỉ số") == ["3/3", "1 + 2 kế thừa / 3", "2/3"]
    assert column(table, "Đơn vị")[2] == "c (nhập vào b)"
    assert column(table, "Chỉ số giai đoạn")[2] == "—"
    assert any(note.startswith("Kế thừa") for note in table.notes)


def test_a_stage_prints_the_other_policy_only_where_it_differs(yearly):
    assert "Hạng nếu tính riêng" not in labels(
        tables.stage_ranking(dataset(), stage_ranking(STAGED, NEW), yearly, "so")
    )
    other = stage_ranking(STAGED, {**NEW, "rank_separate": pd.NA})
    assert column(tables.stage_ranking(dataset(), other, yearly, "so"), "Hạng nếu tính riêng") == ["1/1", "—"]


def test_a_stage_prints_the_adjusted_mean_beside_units_that_lack_years(yearly):
    few = {"unit_id": "b", "reason": "few_years", "n_years": 1, "adjusted_score": 79.9}
    table = tables.stage_ranking(dataset(), stage_ranking(STAGED, few), yearly, "so")
    assert column(table, "Trung bình điều chỉnh theo năm") == ["—", "79,90"]
    assert column(table, "Đơn vị")[1] == "b (chưa xếp hạng: chỉ có 1/3 năm cần thiết)"
    assert any("chỉ để tham khảo" in note for note in table.notes)


def test_components_are_units_by_components_in_order_of_names():
    scores = pd.DataFrame(
        [(2024, "so", unit, code, name, score) for unit in "ba" for code, name, score in
         [("1", "Thể chế", 80.0 if unit == "a" else float("nan")), ("2", "Tài chính", 70.5)]],
        columns=["year", "group", "unit_id", "code", "name_vi", "index_score"],
    )  # fmt: skip
    units = [{"unit_id": unit, "name_vi": unit.upper(), "group": "so"} for unit in "ba"]
    table = tables.components(dataset({"units": units}), scores, "so")
    assert labels(table) == ["Đơn vị", "1. Thể chế", "2. Tài chính"]
    assert table.rows[0] == ("A", 80.0, 70.5)
    assert column(table, "1. Thể chế") == ["80,00", "—"]
    assert tables.components(dataset({"units": units}), scores[scores["code"] == "1"], "so") is None


def verified(*rows):
    line = {
        "period": "2024", "year": 2024, "name_vi": "a", "index_score": 80.0,
        "published_index_score": 80.5, "index_difference": 0.5,
        "rank": 1, "published_rank": 1, "grade": "Tốt", "published_grade": "", "status": "differs",
        "changes_place": False, "changes_stage_place": False,
    }  # fmt: skip
    return pd.DataFrame([{**line, **row} for row in rows])


ANNOUNCED = {"published": [{"year": 2024, "unit_id": "a", "index_decimals": 1}]}


def test_verification_lists_the_lines_that_differ():
    table = tables.verification(dataset(ANNOUNCED), verified({}, {"name_vi": "b", "status": "same"}))
    assert column(table, "Đơn vị") == ["a"]
    assert column(table, "Chênh lệch") == ["+0,50"]
    assert "Loại công bố" not in labels(table)
    assert table.notes == ("Khác 1 trong 2 dòng đã đối chiếu.",)
    assert table.id == "verification-2024"
    assert tables.verification(dataset(ANNOUNCED), verified({"status": "same"})) is None


@pytest.mark.parametrize(
    ("cells", "of_year", "of_stage"),
    [
        ({}, "không thay đổi thứ hạng của năm", "không thay đổi thứ hạng"),
        ({"changes_place": True}, "thay đổi thứ hạng của năm",
         "thay đổi thứ hạng của năm, không thay đổi thứ hạng của giai đoạn"),
        ({"changes_stage_place": True}, "không thay đổi thứ hạng của năm", "thay đổi thứ hạng của giai đoạn"),
        ({"changes_place": True, "changes_stage_place": True}, "thay đổi thứ hạng của năm",
         "thay đổi thứ hạng của năm và của giai đoạn"),
        ({"status": "not_announced"}, "không có trong bảng công bố", "không có trong bảng công bố"),
    ],
)  # fmt: skip
def test_only_a_stage_speaks_of_the_stages_places(cells, of_year, of_stage):
    data = dataset(ANNOUNCED)
    columns = tables.difference_columns(data, verified(cells), "vi", with_stage=False)
    assert {known.label: values for known, values in columns}["Ảnh hưởng"] == [of_year]
    assert column(tables.verification(data, verified(cells)), "Ảnh hưởng") == [of_stage]


def test_marked_cells_keep_their_number():
    table = tables.year_ranking(dataset(), year_ranking({**FIRST, "has_difference": True}), "so")
    assert table.rows[0][labels(table).index("Chỉ số")] == Marked(86.13, "*")
