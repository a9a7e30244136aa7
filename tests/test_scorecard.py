"""The words and tables of one unit's page."""

import datetime as dt

import pandas as pd
import pytest

from cchc import scorecard
from chart_data import COMPONENTS, profile
from standins import dataset, unit_years

NAN = float("nan")
RANKED = {"year": 2024, "rank": 3, "index_score": 86.13, "grade": "Tốt"}
MOVED = {"index_change": -0.5, "rank_change": 2, "previous_rank": 5, "previous_n_ranked": 17}
ANNOUNCED = {"published": [{"year": 2024, "unit_id": "a"}]}


def text(prose):
    return prose._repr_mimebundle_()["text/plain"]


def said(*rows, tables=None):
    return text(scorecard.findings(dataset(tables), unit_years(*rows), pd.DataFrame(), [])).splitlines()


def column(table, label):
    at = [item.label for item in table.columns].index(label)
    return [table.text(table.columns[at], row[at]) for row in table.rows]


def labels(table):
    return [item.label for item in table.columns]


# head


def test_the_head_has_unit_group_decision_and_marks():
    year = {"year": 2024, "decision": "QĐ 1", "decision_date": dt.date(2025, 1, 20)}
    data = dataset(ANNOUNCED, illustrative="không phải số thật", years=[year])
    head = scorecard.title(data, unit_years(RANKED))
    assert [block.text for block in head.blocks] == [
        "UBND tỉnh thử",
        "Sở Nội vụ: kết quả năm 2024",
        "Chỉ số thử. Nhóm: Sở, ban, ngành",
        "Quyết định: QĐ 1, ngày 20/01/2025",
        "DỮ LIỆU MINH HỌA: không phải số thật",
    ]
    assert head.tag == "header"


def test_a_year_that_is_not_announced_is_a_draft_an_earlier_one_too():
    assert "BẢN DỰ THẢO: chưa công bố số liệu năm 2024" in text(scorecard.title(dataset(), unit_years(RANKED)))
    both = unit_years({**RANKED, "year": 2023}, RANKED)
    assert "chưa công bố số liệu năm 2023" in text(scorecard.title(dataset(ANNOUNCED), both))


def test_a_group_that_lacks_units_says_so():
    history = unit_years(RANKED)
    assert "chưa đủ đơn vị" not in text(scorecard.title(dataset(), history))
    assert "chưa đủ đơn vị" in text(scorecard.title(dataset(), history.assign(group="huyen")))


# words


def test_place_index_class_and_change():
    assert said({**RANKED, **MOVED}) == [
        "Hạng 3/18 trong nhóm năm 2024, chỉ số 86,13, xếp loại Tốt.",
        "So với năm 2023: chỉ số giảm 0,50 điểm; hạng tăng 2 bậc, năm trước hạng 5/17.",
    ]
    assert (
        "chỉ số tăng 1,20 điểm; hạng giữ nguyên" in said({**RANKED, **MOVED, "index_change": 1.2, "rank_change": 0})[1]
    )
    assert "chỉ số không đổi" in said({**RANKED, **MOVED, "index_change": 0.0})[1]


def test_a_change_among_those_of_both_years_is_said_where_it_differs():
    """The last of 14 had been the last of 19: no five places were gained."""
    sentence = said({**RANKED, **MOVED, "rank_change": 5, "rank_change_common": 0})[1]
    assert sentence.endswith(
        "hạng tăng 5 bậc, năm trước hạng 5/17. Trong các đơn vị có hạng cả hai năm, hạng giữ nguyên."
    )
    assert "cả hai năm" not in said({**RANKED, **MOVED, "rank_change_common": MOVED["rank_change"]})[1]


def test_without_class_or_year_before():
    assert said({**RANKED, "grade": ""}) == [
        "Hạng 3/18 trong nhóm năm 2024, chỉ số 86,13.",
        "Không có chỉ số và hạng năm 2023 trong cùng nhóm để so sánh.",
    ]


def test_a_place_without_index_is_said():
    assert said({"year": 2024, "rank": 3})[0] == "Hạng 3/18 trong nhóm năm 2024."


def test_ties_and_near_ties_are_said():
    assert said({**RANKED, "is_tied": True})[0].startswith("Đồng hạng 3/18 trong nhóm")
    assert said({**RANKED, "is_near_tied": True})[0].endswith("xếp loại Tốt. Điểm sát với đơn vị liền kề.")


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        ({"reason": "incomplete", "n_missing": 2, "missing": "3.1, 3.2"}, "thiếu 2 tiêu chí: 3.1, 3.2"),
        ({"reason": "not_announced"}, "không có trong bảng công bố"),
    ],
)
def test_an_unranked_unit_has_the_reason_and_no_comparison(cells, why):
    assert said({"year": 2024, "kind": "unranked", **cells}) == [f"Không xếp hạng năm 2024: {why}."]


UNITS = [
    {"unit_id": "a", "name_vi": "Sở Nội vụ", "group": "so"},
    {"unit_id": "b", "name_vi": "Ban Dân tộc", "group": "so"},
    {"unit_id": "c", "name_vi": "Sở Nội vụ", "group": "so"},
    {"unit_id": "d", "name_vi": "Sở Khoa học", "group": "so"},
]
MERGER = [
    {"predecessor": old, "successor": "c", "date": dt.datetime(2025, 3, 1), "kind": "merge"}  # noqa: DTZ001
    for old in "ab"
]


def test_what_is_inherited_and_from_whom():
    inherited = {"unit_id": "c", "kind": "inherited", "index_score": 80.0}
    rows = [{**inherited, "year": 2023}, {**inherited, "year": 2024}, {**RANKED, "unit_id": "c", "year": 2025}]
    lines = said(*rows, tables={"units": UNITS, "lineage": MERGER})
    expected = "Chỉ số năm 2023, 2024 là kế thừa từ Sở Nội vụ, Ban Dân tộc: không xếp hạng trong các năm đó."
    assert lines[2:] == [expected]


def test_where_a_unit_went():
    tables = {"units": UNITS, "lineage": MERGER}
    assert said(RANKED, tables=tables)[2:] == ["Từ ngày 01/03/2025: nhập vào Sở Nội vụ mới."]
    other = {**RANKED, "unit_id": "b", "name_vi": "Ban Dân tộc"}
    assert said(other, tables=tables)[2:] == ["Từ ngày 01/03/2025: nhập vào Sở Nội vụ."]
    assert said({**RANKED, "unit_id": "d"}, tables=tables)[2:] == []


# tables


def test_years_stand_with_the_latest_first():
    before = {"year": 2023, "rank": 5, "index_score": 86.63, "grade": "Tốt", "self_points": 81.0}
    table = scorecard.by_year(dataset(), unit_years(before, {**RANKED, **MOVED, "self_points": 82.5}))
    assert labels(table) == ["Năm", "Hạng", "Chỉ số", "Xếp loại", "Thay đổi chỉ số", "Thay đổi hạng", "Tự chấm"]
    assert column(table, "Năm") == ["2024", "2023"]
    assert column(table, "Hạng") == ["3/18", "5/18"]
    assert column(table, "Thay đổi chỉ số") == ["−0,50", "—"]
    assert column(table, "Tự chấm") == ["82,50", "81,00"]
    assert table.notes == ()


def test_years_without_place_say_why():
    rows = [
        {"year": 2022, "kind": "inherited", "index_score": 80.0},
        {"year": 2023, "kind": "unranked", "reason": "no_scores"},
        RANKED,
    ]
    table = scorecard.by_year(dataset(), unit_years(*rows))
    assert column(table, "Năm") == ["2024", "2023 (chưa xếp hạng: không có số liệu)", "2022 (kế thừa)"]
    assert column(table, "Chỉ số") == ["86,13", "—", "80,00"]
    assert table.notes == ("Kế thừa: chỉ số tính từ đơn vị tiền thân, không xếp hạng trong năm đó.",)


def test_marks_of_a_year_are_explained_once():
    flags = {"is_near_tied": True, "has_difference": True, "is_grade_by_rounding": True}
    rows = [{**RANKED, **flags, "year": 2023}, {**RANKED, **flags, **MOVED, "rank_change_common": 1}]
    table = scorecard.by_year(dataset(), unit_years(*rows))
    assert column(table, "Hạng") == ["3/18 ≈", "3/18 ≈"]
    assert column(table, "Chỉ số") == ["86,13 *", "86,13 *"]
    assert column(table, "Xếp loại") == ["Tốt †", "Tốt †"]
    assert column(table, "Thay đổi hạng") == ["▲ tăng 2 bậc ‡", "—"]
    assert [note[0] for note in table.notes] == ["≈", "*", "†", "‡"]


def test_components_stand_beside_median_and_best():
    table = scorecard.by_component(
        dataset(), profile({}, {"index_score": 70.0, "median_gap": -8.0}), unit_years(RANKED)
    )
    assert labels(table)[2:] == ["Điểm tối đa áp dụng", "Chỉ số", "Trung vị nhóm", "So với trung vị", "Cao nhất nhóm"]
    assert column(table, "Lĩnh vực") == [f"1. {COMPONENTS[0]}", f"2. {COMPONENTS[1]}"]
    assert column(table, "So với trung vị") == ["+2,00", "−8,00"]
    assert "Sở Nội vụ năm 2024" in table.caption


def test_a_component_without_index_says_why():
    nothing = {"index_score": NAN, "median_gap": NAN}
    rows = profile({}, {**nothing, "is_complete": False}, {**nothing, "is_applicable": False})
    table = scorecard.by_component(dataset(), rows, unit_years(RANKED))
    assert [name.partition("(")[2] for name in column(table, "Lĩnh vực")] == ["", "chưa đủ số liệu)", "không áp dụng)"]


def test_one_total_has_no_components_and_the_page_says_so():
    assert scorecard.by_component(dataset(), profile({}), unit_years(RANKED)) is None
    assert scorecard.by_component(dataset(), pd.DataFrame(), unit_years(RANKED)) is None
    assert text(scorecard.component_heading(profile({}))).endswith("Không có số liệu theo lĩnh vực của năm này.")
    assert len(scorecard.component_heading(profile({}, {})).blocks) == 1
