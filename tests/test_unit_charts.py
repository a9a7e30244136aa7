"""The charts of one unit."""

from xml.etree import ElementTree as ET

import pytest
from matplotlib.colors import to_hex

from cchc.unit_charts import points_lost, profile
from chart_data import COMPONENTS, marks, outside, overlaps, texts
from chart_data import profile as components
from standins import dataset, unit_years

NAN = float("nan")
BELOW = {"index_score": 70.0, "median_gap": -8.0}
YEAR = {"year": 2024, "rank": 3, "index_score": 82.5}


def test_profile_has_every_component_unit_median_and_best_without_overlap():
    chart = profile(dataset(), components(*[{}] * 7), unit_years(YEAR))
    assert not overlaps(chart)
    assert not outside(chart)
    ET.fromstring(chart.svg)
    shown = " ".join(texts(chart))
    assert all(f"{code}. {name}" in shown for code, name in enumerate(COMPONENTS, start=1))
    assert texts(chart).count("80,00") == texts(chart).count("+2,00") == 7
    assert marks(chart) == {("#12436D", "o"): 8, ("#6F777B", "|"): 8, ("#FFFFFF", "o"): 8}
    assert chart.table.rows[0] == (f"1. {COMPONENTS[0]}", 80.0, 78.0, 90.0)


def test_profile_says_where_the_unit_is_furthest_below():
    rows = components({}, BELOW, {"index_score": 77.5, "median_gap": -0.5}, {"index_score": 78.0, "median_gap": 0.0})
    chart = profile(dataset(), rows, unit_years(YEAR))
    assert chart.title == (
        "Sở Nội vụ cao hơn trung vị nhóm ở 1/4 lĩnh vực có số liệu; kém trung vị nhiều nhất: Cải cách thể chế (−8,00)"
    )
    assert f"{chart.title}." in chart.alt
    above = profile(dataset(), components({}, {}), unit_years(YEAR))
    assert above.title == "Sở Nội vụ cao hơn trung vị nhóm ở 2/2 lĩnh vực có số liệu"


def test_profile_tells_incomplete_from_not_applicable():
    nothing = {"index_score": NAN, "median_gap": NAN}
    rows = components({}, {**nothing, "is_complete": False}, {**nothing, "is_applicable": False})
    shown = texts(profile(dataset(), rows, unit_years(YEAR)))
    assert {"…", "—", "… chưa đủ số liệu", "— không áp dụng"} <= set(shown)
    none = profile(dataset(), components(nothing, nothing), unit_years(YEAR))
    assert none.title == "Chưa có chỉ số thành phần nào của Sở Nội vụ"


def test_profile_carries_the_marks_of_its_year():
    draft = unit_years({**YEAR, "year": 2023}, {**YEAR, "is_published": False})
    chart = profile(dataset(illustrative="giả định"), components({}, {}), draft)
    assert chart.subtitle.endswith("so với 8 đơn vị có số liệu của nhóm Sở, ban, ngành. Bản dự thảo. Dữ liệu minh họa.")


def test_profile_is_none_with_one_component_or_no_other_unit():
    year = unit_years(YEAR)
    assert profile(dataset(), components({}), year) is None
    assert profile(dataset(), components({"n_units": 1}, {"n_units": 1}), year) is None
    assert profile(dataset(), components(), year) is None


OPEN = {"points": 9.9, "max_points": 30.0, "open_points": 20.1}
UNKNOWN = dict.fromkeys(("points", "max_points", "index_score", "open_points"), NAN)


def bars(chart):
    """Return left, right and fill of every bar."""
    return [
        (bar.get_x(), bar.get_x() + bar.get_width(), to_hex(bar.get_facecolor()))
        for bar in chart.figure.axes[0].patches
    ]


def test_points_lost_stand_in_the_order_of_what_is_open():
    chart = points_lost(dataset(), components({}, OPEN, {"points": 10.0, "open_points": 0.0}), unit_years(YEAR))
    assert chart.table.rows == (
        (f"2. {COMPONENTS[1]}", 9.9, 20.1, 30.0), (f"1. {COMPONENTS[0]}", 8.0, 2.0, 10.0),
        (f"3. {COMPONENTS[2]}", 10.0, 0.0, 10.0),
    )  # fmt: skip
    assert chart.title == "Sở Nội vụ còn 22,10/50,00 điểm chưa đạt, nhiều nhất ở Cải cách thể chế: 20,10 điểm"
    assert {"9,90", "20,10", "30,00"} <= set(texts(chart))


def test_bars_of_points_are_stacked_on_one_scale():
    chart = points_lost(dataset(), components({}, OPEN), unit_years(YEAR))
    (start, won, _fill), (onward, end, _white), (other, _won, _fill), (_onward, other_end, _white) = bars(chart)
    assert start == other
    assert won == pytest.approx(onward)
    assert (won - start) / (end - start) == pytest.approx(9.9 / 30)
    assert (other_end - other) / (end - start) == pytest.approx(10 / 30)
    assert [fill for _left, _right, fill in bars(chart)] == ["#12436d", "#ffffff"] * 2


def test_points_lost_of_components_that_share_the_most():
    chart = points_lost(dataset(), components({}, {}), unit_years(YEAR))
    assert chart.title.endswith(f"nhiều nhất ở {COMPONENTS[0]}, {COMPONENTS[1]}: 2,00 điểm")
    full = points_lost(dataset(), components(*[{"points": 10.0, "open_points": 0.0}] * 2), unit_years(YEAR))
    assert full.title == "Sở Nội vụ đạt 20,00/20,00 điểm ở các lĩnh vực có số liệu"


def test_points_lost_tells_incomplete_from_not_applicable():
    rows = components({**UNKNOWN, "is_complete": False}, {}, {**UNKNOWN, "is_applicable": False})
    chart = points_lost(dataset(), rows, unit_years(YEAR))
    assert texts(chart).count("…") == texts(chart).count("—") == 3
    assert {"… chưa đủ số liệu", "— không áp dụng"} <= set(texts(chart))
    assert len(bars(chart)) == 2
    assert chart.title.startswith("Ở các lĩnh vực đủ số liệu, Sở Nội vụ còn 2,00/10,00 điểm")
    without = points_lost(dataset(), rows.iloc[1:], unit_years(YEAR))
    assert without.title.startswith("Sở Nội vụ còn 2,00/10,00 điểm")


def test_points_lost_say_what_they_do_not_hold():
    weights = [{"year": 2024, "group": group, "code": "1", "weight": 40} for group in ("huyen", "so")]
    rows, plain = components({}, {}), unit_years(YEAR)
    assert points_lost(dataset(), rows, plain).subtitle == (
        "Điểm đạt và điểm chưa đạt trong điểm tối đa áp dụng của từng lĩnh vực, năm 2024."
    )
    assert "; điểm chưa nhân trọng số của lĩnh vực" in points_lost(dataset({"rubric": weights}), rows, plain).subtitle
    assert "trọng số" not in points_lost(dataset({"rubric": weights[:1]}), rows, plain).subtitle
    adjusted = unit_years({**YEAR, "penalty": 0.5})
    assert points_lost(dataset(), rows, adjusted).subtitle.endswith("; không gồm điểm cộng, điểm trừ.")


def test_points_lost_is_none_without_points():
    year = unit_years(YEAR)
    assert points_lost(dataset(), components({}), year) is None
    assert points_lost(dataset(), components(UNKNOWN, UNKNOWN), year) is None
    assert points_lost(dataset(), components(), year) is None
