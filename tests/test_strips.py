"""The strips of all groups."""

from itertools import combinations
from math import dist

import pytest

from cchc import strips
from cchc.strips import strip
from chart_data import LONG, texts, units
from standins import GROUPS, dataset, stage_ranking, year_ranking

COMPLETE = [{**group, "complete": True} for group in GROUPS]


def row(unit, place, score, group="so", **cells):
    return {"unit_id": unit, "rank": place, "index_score": score, "group": group, "is_published": True, **cells}


TWO = (row("a", 1, 90.3), row("b", 2, 80.1), row("x", 1, 85.0, "huyen"), row("y", 2, 74.9, "huyen"))


def dots(chart, size):
    """Return where the dots of one size lie, but for the legend's at the left."""
    lines = [line for line in chart.figure.axes[0].lines if line.get_markersize() == size]
    return [tuple(point) for line in lines for point in line.get_xydata() if point[1] > 20]


def test_title_names_the_group_that_spreads_widest():
    chart = strip(dataset(groups=COMPLETE), year_ranking(*TWO))
    assert chart.title == (
        "Nhóm Sở, ban, ngành chênh lệch nhiều nhất năm 2024: đơn vị cao nhất hơn đơn vị thấp nhất 10,20 điểm"
    )
    both = strip(dataset(groups=COMPLETE), year_ranking(*TWO[:3], row("y", 2, 74.8, "huyen")))
    assert both.title.startswith("Nhóm Sở, ban, ngành, UBND huyện chênh lệch nhiều nhất năm 2024")


def test_nothing_is_said_of_the_spread_of_an_incomplete_group():
    wide = (*TWO[:3], row("y", 2, 4.9, "huyen"))
    chart = strip(dataset(), year_ranking(*wide))
    assert chart.title == "Nhóm Sở, ban, ngành năm 2024: đơn vị cao nhất hơn đơn vị thấp nhất 10,20 điểm"
    assert "(danh sách đơn vị chưa đầy đủ)" in " ".join(texts(chart))
    alone = strip(dataset(), year_ranking(*wide[2:]))
    assert alone.title == "Chỉ số của các đơn vị theo nhóm, năm 2024"


def test_equal_indices_have_no_spread_to_speak_of():
    chart = strip(dataset(), year_ranking(row("a", 1, 80.0), row("b", 1, 80.0)))
    assert chart.title == "Chỉ số của các đơn vị theo nhóm, năm 2024"


def test_every_group_has_leader_number_range_and_median():
    chart = strip(dataset(), year_ranking(*TWO))
    assert {"a: 90,30", "2 đơn vị", "từ 80,10 đến 90,30", "trung vị 85,20", "x: 85,00"} <= set(texts(chart))
    assert "Sở, ban, ngành: 2 đơn vị, chỉ số từ 80,10 đến 90,30, trung vị 85,20. Dẫn đầu: a." in chart.alt
    assert chart.table.rows[0] == ((1, 2), "a", "Sở, ban, ngành", 90.3)
    assert len(chart.table.rows) == 4


def test_the_median_is_marked_where_it_lies():
    chart = strip(dataset(), year_ranking(row("a", 1, 90.0), row("b", 2, 80.0), row("c", 3, 78.0), row("d", 4, 70.0)))
    (line,) = [part for part in chart.figure.axes[0].collections if part.get_linewidth()[0] == 1.6]
    (start, end) = line.get_paths()[0].vertices
    (first,) = dots(chart, 9.5)
    last = min(dots(chart, 7.5))
    assert start[0] == end[0] == pytest.approx(last[0] + (first[0] - last[0]) * 9 / 20)  # 79: between 80 and 78
    assert start[1] < first[1] < end[1]


def test_all_who_lead_are_named():
    tied = (row("a", 1, 90.0), row("b", 1, 90.0), row("c", 3, 80.0))
    chart = strip(dataset(), year_ranking(*tied))
    assert "a, b: 90,00" in texts(chart)
    assert len(dots(chart, 9.5)) == 2


def test_different_rubrics_are_not_to_be_compared(monkeypatch):
    note = "các nhóm không cùng bộ tiêu chí, không so sánh chỉ số giữa các nhóm"
    assert note not in strip(dataset(), year_ranking(*TWO)).subtitle
    asked = []
    monkeypatch.setattr(strips, "rubrics_differ", lambda _data, groups, years: asked.append((*groups, *years)) or True)
    assert note in strip(dataset(), year_ranking(*TWO)).subtitle
    assert asked == [("so", "huyen", 2024)]
    groups = [group.model_dump(by_alias=True) | {"complete": True} for group in dataset().scheme.groups]
    assert strip(dataset(groups=groups), year_ranking(*TWO)).title == (
        "Chênh lệch giữa đơn vị cao nhất và thấp nhất của từng nhóm năm 2024, điểm: Sở 10,20; Huyện 10,10"
    )


def test_marks_under_which_the_figures_stand():
    draft = year_ranking(*({**item, "is_published": False} for item in TWO))
    assert strip(dataset(illustrative="giả định"), draft).subtitle.endswith(
        "mỗi chấm một đơn vị được xếp hạng. Bản dự thảo. Dữ liệu minh họa."
    )


@pytest.mark.parametrize("apart", [0.0, 0.001, 0.2, 3.0])
@pytest.mark.parametrize("n", [8, 44, 130])
def test_no_mark_hides_another(n, apart):
    rows = [row(f"u{at}", at + 1, 90.0 - at * apart % 40) for at in range(n)]
    chart = strip(dataset(), year_ranking(*rows))
    placed = [(point, 3.75 + 0.65) for point in dots(chart, 7.5)] + [(point, 4.75 + 0.65) for point in dots(chart, 9.5)]
    assert len(placed) == n
    assert all(dist(one, other) >= half + rest for (one, half), (other, rest) in combinations(placed, 2))
    top, bottom = 22, chart.figure.get_figheight() * 72
    assert all(top < y - half and y + half < bottom for (_x, y), half in placed)


def test_an_announced_place_need_not_follow_the_index():
    chart = strip(dataset(), year_ranking(row("a", 1, 80.0), row("b", 2, 90.0), row("c", 3, 80.0)))
    assert "a: 80,00" in texts(chart)
    assert len(dots(chart, 9.5)) == 1
    upwards = strip(dataset(), year_ranking(row("a", 1, 70.0), row("b", 2, 80.0), row("c", 3, 90.0)))
    assert len({y for _x, y in dots(upwards, 7.5) + dots(upwards, 9.5)}) == 1  # far apart: on one level


def test_strips_of_a_stage():
    rows = [{key: item[key] for key in ("unit_id", "name_vi", "rank", "index_score")} for item in units(8)]
    chart = strip(dataset(), stage_ranking(*rows))
    assert chart.subtitle == "Chỉ số giai đoạn 2021–2023, thang điểm 100; mỗi chấm một đơn vị được xếp hạng."
    assert f"{LONG[0]}: 97,41" in texts(chart)
    assert "(đã giải thể)" not in texts(chart)
    gone = strip(dataset(), stage_ranking(*({**item, "is_group_dissolved": True} for item in rows)))
    assert "(đã giải thể)" in texts(gone)


def test_strip_is_none_without_indices():
    assert strip(dataset(), year_ranking({"unit_id": "a", "rank": 1})) is None
    assert strip(dataset(), year_ranking({"unit_id": "a", "index_score": 80.0, "reason": "incomplete"})) is None
