"""The charts of one unit."""

from xml.etree import ElementTree as ET

from cchc.unit_charts import profile
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
