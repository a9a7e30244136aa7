"""Dumbbells and bump charts."""

import re
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest

from cchc.movement import bump, dumbbell
from chart_data import LONG, boxes, outside, overlaps, ranking, rubric_breaks, stage_data, texts
from standins import dataset, stage_ranking


@pytest.mark.parametrize("n", [1, 8, 130])
def test_dumbbell_has_every_name_and_change_without_overlap(monkeypatch, n):
    rubric_breaks(monkeypatch)
    table = ranking(n)
    chart = dumbbell(dataset(), table, "so")
    assert not overlaps(chart)
    assert not outside(chart)
    ET.fromstring(chart.svg)
    shown = " ".join(texts(chart))
    assert all(name in shown for name in table["name_vi"])
    assert "▲ tăng 1,50" in texts(chart)


def test_dumbbell_goes_from_the_largest_rise_to_the_largest_fall(monkeypatch):
    rubric_breaks(monkeypatch)
    chart = dumbbell(dataset(), ranking(5), "so")
    changes = [row[3] for row in chart.table.rows]
    assert changes == sorted(changes, reverse=True) == [1.5, 0.5, -0.5, -1.5, -2.5]
    assert chart.title == "2/5 đơn vị nhóm Sở, ban, ngành tăng điểm so với năm 2023, 3 đơn vị giảm"
    assert f"{LONG[0]}: ▲ tăng 1,50." in chart.alt
    assert "▼ giảm 2,50." in chart.alt
    assert f"Dẫn đầu năm 2024: {LONG[0]}." in chart.alt


def test_dumbbell_of_no_change_and_no_fall(monkeypatch):
    rubric_breaks(monkeypatch)
    chart = dumbbell(dataset(), ranking(2, index_change=0.0), "so")
    assert "= giữ nguyên" in texts(chart)
    assert "giảm" not in chart.title


def test_dumbbell_warns_of_a_new_rubric(monkeypatch):
    rubric_breaks(monkeypatch, 2024)
    assert "bộ chỉ số năm 2024 có thay đổi" in dumbbell(dataset(), ranking(3), "so").subtitle
    rubric_breaks(monkeypatch)
    assert "thay đổi, so sánh" not in dumbbell(dataset(), ranking(3), "so").subtitle


def test_dumbbell_says_how_many_it_leaves_out(monkeypatch):
    rubric_breaks(monkeypatch)
    new = {"unit_id": "new", "name_vi": "Sở mới", "rank": 4, "index_score": 80}
    chart = dumbbell(dataset(), ranking(3, new, {"unit_id": "x", "reason": "no_scores"}), "so")
    assert "2 đơn vị không có chỉ số của cả hai năm" in chart.alt
    assert "Sở mới" not in texts(chart)


def test_dumbbell_is_none_without_a_year_before(monkeypatch):
    rubric_breaks(monkeypatch)
    assert dumbbell(dataset(), ranking(3).assign(index_change=float("nan")), "so") is None
    assert dumbbell(dataset(), ranking(3), "huyen") is None
    stage = stage_ranking({"unit_id": "a", "rank": 1, "index_score": 90})
    assert dumbbell(dataset(), stage, "so") is None


@pytest.mark.parametrize("n", [8, 130])
def test_bump_names_every_line_at_both_ends_without_overlap(monkeypatch, n):
    chart = bump(*stage_data(monkeypatch, n), "so")
    assert not overlaps(chart)
    assert not outside(chart)
    ET.fromstring(chart.svg)
    shown = texts(chart)
    assert shown.count("Thanh tra tỉnh") == 2
    assert shown.count("1") == shown.count(str(n)) == 3  # a place each year


def test_bump_says_who_was_first_how_often(monkeypatch):
    lines = {"u0": {2021: (90, 1), 2022: (90, 1), 2023: (89, 2)}, "u1": {2021: (80, 2), 2022: (80, 2), 2023: (90, 1)}}
    chart = bump(*stage_data(monkeypatch, 2, lines), "so")
    assert chart.title == f"{LONG[0]} đứng đầu 2/3 năm ở nhóm Sở, ban, ngành"
    assert f"Đứng đầu năm 2023: {LONG[1]}." in chart.alt


def test_bump_names_all_who_were_first_as_often(monkeypatch):
    lines = {"u0": {2021: (90, 1), 2022: (90, 1)}, "u1": {2021: (90, 1), 2022: (90, 1)}}
    chart = bump(*stage_data(monkeypatch, 2, lines), "so")
    assert chart.title.startswith(f"{LONG[0]}, {LONG[1]} cùng đứng đầu 2/2 năm")
    assert not overlaps(chart)  # they share a place, and stand below each other


def line_parts(chart):
    """Return the runs of points of all lines of a bump chart."""
    return [len(path.vertices) for lines in chart.figure.axes[0].collections for path in lines.get_paths()]


def test_bump_breaks_lines_where_a_year_is_missing_or_inherited(monkeypatch):
    whole = {2021: (90, 1), 2022: (90, 1), 2023: (90, 1)}
    assert line_parts(bump(*stage_data(monkeypatch, 1, {"u0": whole}), "so")) == [3]
    gap = {2021: (80, 2), 2023: (80, 2)}
    inherited = {2021: 70.0, 2022: (70, 3), 2023: (70, 3)}
    chart = bump(*stage_data(monkeypatch, 3, {"u0": whole, "u1": gap, "u2": inherited}), "so")
    assert sorted(line_parts(chart)) == [1, 1, 2, 3]
    assert chart.table.rows[2][1] is None  # an inherited index has no place


def test_bump_highlights_five_lines_at_most(monkeypatch):
    chart = bump(*stage_data(monkeypatch, 12), "so")
    names = [text for text in chart.figure.texts if text.get_fontweight() == "bold" and not text.get_text().isdigit()]
    bold = " ".join(text.get_text() for text in names)
    assert all(bold.count(name) == 2 for name in LONG[:5])
    assert LONG[7] not in bold


def test_bump_names_below_who_has_no_end(monkeypatch):
    chart = bump(*stage_data(monkeypatch, 8, {"u7": {2022: (70, 8)}}), "so")
    assert texts(chart)[-1] == "Không có mặt ở năm đầu và năm cuối: Thanh tra tỉnh (2022)"
    assert not overlaps(chart)
    assert not outside(chart)


def test_bump_of_ten_years_leaves_room_between_them(monkeypatch):
    chart = bump(*stage_data(monkeypatch, 130, years=range(2021, 2031)), "so")
    heads = [box for box in boxes(chart) if re.fullmatch(r"20\d\d", box[4])]
    assert len(heads) == 10
    assert all(after[0] - before[2] > 6 for before, after in pairwise(heads))
    assert texts(chart).count("đơn vị") == 10  # number above unit, where a year is narrow


def test_bump_is_none_with_fewer_than_two_years(monkeypatch):
    one = {"u0": {2022: 70.0, 2023: (90, 1)}}
    assert bump(*stage_data(monkeypatch, 1, one), "so") is None
    assert bump(*stage_data(monkeypatch, 1), "huyen") is None
