"""Dot plots and heat maps."""

import re
from xml.etree import ElementTree as ET

import numpy as np
import pandas as pd
import pytest
from matplotlib._pylab_helpers import Gcf

from cchc import charts
from cchc.charts import dot_plot, heat_map
from chart_data import LONG, boxes, components, ids, outside, overlaps, ranking, texts
from standins import GROUPS, dataset, stage_ranking, year_ranking

UNRANKED = (
    {"unit_id": "x", "name_vi": "Sở Ngoại vụ", "reason": "incomplete", "n_missing": 2, "missing": "3.1, 3.2"},
    {"unit_id": "y", "name_vi": "Ban Dân tộc", "reason": "no_scores"},
)
WIDE = [f"Lĩnh vực dài thứ {code} về nghiêngnghiêng" for code in range(1, 13)]


def test_every_chart_is_there():
    units = {"points_lost", "profile", "unit_history"}
    assert {"Chart", "bump", "dot_plot", "dumbbell", "heat_map", "small_multiples", "strip"} | units == set(
        charts.__all__
    )


@pytest.mark.parametrize("n", [1, 8, 130])
def test_dot_plot_has_every_name_and_value_without_overlap(n):
    data = dataset()
    table = ranking(n, *UNRANKED, is_tied=True, is_near_tied=True)
    chart = dot_plot(data, table, "so")
    assert not overlaps(chart)
    assert not outside(chart)
    ET.fromstring(chart.svg)
    shown = " ".join(texts(chart))
    for name in table["name_vi"]:
        assert name in shown
    assert {"97,41", "1.", f"{n}."} <= set(texts(chart)) or n == 1


def test_dot_plot_says_who_leads():
    chart = dot_plot(dataset(), ranking(8), "so")
    assert chart.title == f"{LONG[0]} dẫn đầu nhóm Sở, ban, ngành năm 2024: 97,41 điểm"
    assert chart.title in chart.alt
    assert "Chỉ số từ 94,47 đến 97,41." in chart.alt
    assert "8 đơn vị" in chart.alt
    assert chart.subtitle == "Chỉ số năm 2024, thang điểm 100; 8 đơn vị được xếp hạng."


def test_dot_plot_names_all_who_share_the_first_place():
    tied = year_ranking(
        {"unit_id": "a", "rank": 1, "index_score": 90, "is_tied": True},
        {"unit_id": "b", "rank": 1, "index_score": 90, "is_tied": True},
        {"unit_id": "c", "rank": 3, "index_score": 80},
    )
    chart = dot_plot(dataset(), tied, "so")
    assert chart.title == "a, b cùng dẫn đầu nhóm Sở, ban, ngành năm 2024: 90,00 điểm"
    assert texts(chart).count("=") == 2
    assert "= đồng hạng" in texts(chart)


def test_dot_plot_marks_near_ties_in_words_too():
    near = ranking(3, is_near_tied=True)
    assert "≈ điểm sát nhau" in texts(dot_plot(dataset(), near, "so"))
    assert "≈ điểm sát nhau" not in texts(dot_plot(dataset(), ranking(3), "so"))


def test_dot_plot_lists_unranked_units_with_the_reason():
    chart = dot_plot(dataset(), ranking(3, *UNRANKED), "so")
    assert texts(chart)[-2:] == ["Sở Ngoại vụ: thiếu 2 tiêu chí: 3.1, 3.2", "Ban Dân tộc: không có số liệu"]
    assert "2 đơn vị không xếp hạng" in chart.alt
    assert chart.table.rows[-1][0] is None


def test_dot_plot_carries_the_marks():
    draft = ranking(3, is_published=False)
    assert dot_plot(dataset(illustrative="giả định"), draft, "so").subtitle.endswith("Bản dự thảo. Dữ liệu minh họa.")
    incomplete = ranking(3).assign(group="huyen")
    assert "Danh sách đơn vị chưa đầy đủ" in dot_plot(dataset(), incomplete, "huyen").subtitle


def test_dot_plot_of_last_year_only_where_it_is_known():
    unknown = ranking(3).assign(previous_index_score=float("nan"))
    assert "chỉ số năm trước" in texts(dot_plot(dataset(), ranking(3), "so"))
    chart = dot_plot(dataset(), unknown, "so")
    assert "chỉ số năm trước" not in texts(chart)
    assert "năm trước" not in chart.alt
    assert len(chart.table.columns) == 3


def test_dot_plot_of_a_stage():
    rows = [{"unit_id": "a", "rank": 1, "index_score": 90}, {"unit_id": "b", "reason": "merged", "successors_vi": "a"}]
    chart = dot_plot(dataset(), stage_ranking(*rows), "so")
    assert chart.title == "a dẫn đầu nhóm Sở, ban, ngành giai đoạn 2021–2023: 90,00 điểm"
    assert "b: nhập vào a" in texts(chart)


def test_dot_plot_without_indices_is_none():
    places_only = year_ranking({"unit_id": "a", "rank": 1}, {"unit_id": "b", "rank": 2})
    assert dot_plot(dataset(), places_only, "so") is None
    assert dot_plot(dataset(), ranking(3), "huyen") is None


def test_a_ranked_unit_without_index_keeps_its_row():
    mixed = year_ranking({"unit_id": "a", "rank": 1, "index_score": 90}, {"unit_id": "b", "rank": 2})
    assert {"a", "b", "90,00", "—"} <= set(texts(dot_plot(dataset(), mixed, "so")))


@pytest.mark.slow
@pytest.mark.parametrize(("n", "names"), [(8, None), (130, None), (8, WIDE)])
def test_heat_map_has_every_value_without_overlap(n, names):
    table = components(n, names) if names else components(n)
    chart = heat_map(dataset(), table, ranking(n), "so")
    assert not overlaps(chart)
    assert not outside(chart)
    ET.fromstring(chart.svg)
    shown = texts(chart)
    for value in table["index_score"]:
        assert f"{value:.2f}".replace(".", ",") in shown
    for name in table["name_vi"].unique():
        assert all(word in " ".join(shown) for word in name.split())


def test_heat_map_says_the_weakest_component_and_the_leader():
    chart = heat_map(dataset(), components(8), ranking(8), "so")
    assert chart.title.startswith("Xây dựng và phát triển chính quyền điện tử, chính quyền số là lĩnh vực")
    assert f"Dẫn đầu về chỉ số chung: {LONG[0]}." in chart.alt
    assert "8 đơn vị theo 7 lĩnh vực" in chart.alt


def test_heat_map_says_no_weakest_component_of_an_incomplete_group():
    incomplete = dataset(groups=[{**GROUPS[0], "complete": False}])
    chart = heat_map(incomplete, components(4), ranking(4), "so")
    assert chart.title == "Chỉ số thành phần của nhóm Sở, ban, ngành năm 2024"


def test_heat_map_tells_not_applicable_from_incomplete():
    table = components(8)
    table.loc[0, ["index_score", "is_applicable"]] = [float("nan"), False]
    table.loc[1, ["index_score", "is_complete"]] = [float("nan"), False]
    chart = heat_map(dataset(), table, ranking(8), "so")
    assert texts(chart).count("—") == 1
    assert texts(chart).count("…") == 1
    assert {"— không áp dụng", "… chưa đủ số liệu"} <= set(texts(chart))
    assert "<pattern" in chart.svg  # hatched, not by colour alone
    assert "— không áp dụng" not in texts(heat_map(dataset(), components(8), ranking(8), "so"))


def test_heat_map_is_none_without_components():
    assert heat_map(dataset(), components(8, ["Tổng"]), ranking(8), "so") is None
    assert heat_map(dataset(), components(8).iloc[:0], ranking(8), "so") is None
    blank = components(8).assign(index_score=float("nan"))
    assert heat_map(dataset(), blank, ranking(8), "so") is None


def test_heat_map_of_equal_values():
    equal = components(3).assign(index_score=80.0)
    chart = heat_map(dataset(), equal, ranking(3), "so")
    assert texts(chart).count("80,00") == 21


def test_heat_map_is_of_the_rankings_year():
    earlier = components(8).assign(year=2023, index_score=11.11)
    chart = heat_map(dataset(), pd.concat([earlier, components(8)]), ranking(8), "so")
    assert "11,11" not in texts(chart)
    assert heat_map(dataset(), earlier, ranking(8), "so") is None


def test_heat_map_cells_lie_behind_their_values():
    chart = heat_map(dataset(), components(8), ranking(8), "so")
    (mesh,) = chart.figure.axes[1].collections
    corners = chart.figure.axes[1].transData.transform(mesh.get_coordinates().reshape(-1, 2)).reshape(9, 8, 2)
    height = chart.figure.get_figheight() * 72
    heights = -np.diff(corners[:, 0, 1])
    assert heights.max() > heights.min() + 10  # rows of names in two lines
    values = [box for box in boxes(chart) if re.fullmatch(r"\d\d,\d\d", box[4])]
    assert len(values) == 8 * 7
    for at, (left, upper, right, lower, _text) in enumerate(values):
        row, column = divmod(at, 7)
        (x0, y0), (x1, y1) = corners[row, column], corners[row + 1, column + 1]
        assert x0 < left < right < x1
        assert height - y0 < upper < lower < height - y1


def test_no_figure_is_pyplots():
    heat_map(dataset(), components(8), ranking(8), "so")
    assert not Gcf.figs


def test_ids_are_unique_on_a_page():
    table = components(8)
    table.loc[0, ["index_score", "is_applicable"]] = [float("nan"), False]
    data = dataset()
    other = dataset(groups=[{"id": "so", "short": "Sở", "name": {"vi": "Nhóm khác"}}])
    drawn = [dot_plot(data, ranking(8), "so"), dot_plot(other, ranking(8), "so"),
             heat_map(data, table, ranking(8), "so"), heat_map(other, table, ranking(8), "so")]  # fmt: skip
    found = [reference for chart in drawn for reference in ids(chart.svg)]
    assert len(found) == len(set(found)) > 4


def test_same_bytes_twice():
    assert dot_plot(dataset(), ranking(8), "so").svg == dot_plot(dataset(), ranking(8), "so").svg
    drawn = [heat_map(dataset(), components(8), ranking(8), "so") for _ in range(2)]
    assert drawn[0].svg == drawn[1].svg


def test_the_table_behind_has_the_drawn_figures():
    table = dot_plot(dataset(), ranking(8), "so").table
    assert [column.label for column in table.columns] == ["Hạng", "Đơn vị", "Chỉ số", "Chỉ số năm trước"]
    assert pd.Series([row[2] for row in table.rows]).is_monotonic_decreasing
    assert "97,41" in table.html
