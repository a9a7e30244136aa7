"""The chart of a unit's years."""

from xml.etree import ElementTree as ET

import numpy as np
import pytest

from cchc.unit_years import unit_history
from chart_data import boxes, marks, outside, overlaps, rubric_breaks, texts
from standins import dataset, unit_years

YEARS = (
    {"year": 2021, "rank": 5, "index_score": 80.0},
    {"year": 2022, "rank": 7, "index_score": 79.5},
    {"year": 2023, "rank": 6, "index_score": 80.25},
    {"year": 2024, "rank": 3, "index_score": 82.5},
)


@pytest.fixture(autouse=True)
def no_breaks(monkeypatch):
    rubric_breaks(monkeypatch)


def history(*rows):
    return unit_history(dataset(), unit_years(*rows))


def test_history_prints_index_and_place_at_each_point():
    chart = history(*YEARS)
    assert not overlaps(chart)
    assert not outside(chart)
    ET.fromstring(chart.svg)
    assert {"80,00", "hạng 5/18", "79,50", "hạng 7/18", "82,50", "hạng 3/18", "2021", "2024"} <= set(texts(chart))
    assert chart.title == "Từ năm 2021 đến năm 2024, Sở Nội vụ tăng 2,50 điểm, từ hạng 5/18 thành 3/18"
    assert chart.subtitle == "Chỉ số từng năm (số đậm), thang điểm 100, và hạng trong nhóm Sở, ban, ngành."


@pytest.mark.parametrize(
    ("last", "said"),
    [
        ({"rank": 5, "index_score": 79.9}, "giảm 0,10 điểm, giữ hạng 5/18"),
        ({"rank": 6, "index_score": 80.0}, "giữ nguyên chỉ số, từ hạng 5/18 thành 6/18"),
    ],
)
def test_history_says_what_became_of_index_and_place(last, said):
    assert history(YEARS[0], {"year": 2022, **last}).title == f"Từ năm 2021 đến năm 2022, Sở Nội vụ {said}"


def crossed(chart):
    """Return the texts that the line of years runs through."""
    (line,) = [part for part in chart.figure.axes[0].collections if part.get_linewidth()[0] == 2.2]
    points = np.concatenate([np.linspace(*path.vertices[at : at + 2], 200) for path in line.get_paths()
                             for at in range(len(path.vertices) - 1)])  # fmt: skip
    return [
        text
        for left, top, right, bottom, text in boxes(chart)
        if any(left < x < right and top < y < bottom for x, y in points)
    ]


COURSES = [range(60, 90, 3), range(90, 60, -3), [80] * 10, [80, 81] * 5, [81, 80.2] * 5, [70, 71, 79, 71, 70, 70, 75]]


@pytest.mark.parametrize("scores", COURSES)
def test_labels_lie_beside_the_line_whatever_its_course(scores):
    rows = [{"year": 2015 + at, "rank": 100 + at, "index_score": float(score)} for at, score in enumerate(scores)]
    chart = unit_history(dataset(), unit_years(*rows).assign(n_ranked=130))
    assert not overlaps(chart)
    assert not outside(chart)
    assert not crossed(chart)


def drawn(chart):
    """Return how many years each part of the line has."""
    lines = [line for line in chart.figure.axes[0].collections if line.get_linewidth()[0] == 2.2]
    return [len(path.vertices) for line in lines for path in line.get_paths()]


def test_the_line_breaks_where_a_year_is_missing_or_without_place():
    unranked = {"year": 2022, "kind": "unranked", "reason": "no_scores"}
    assert drawn(history(*YEARS)) == [4]
    gap = history(YEARS[0], unranked, *YEARS[2:])
    assert drawn(gap) == [1, 2]
    assert "không xếp hạng" in texts(gap)
    absent = history(YEARS[0], *YEARS[2:])
    assert drawn(absent) == [1, 2]
    assert "không có số liệu" in texts(absent)


def test_a_place_without_index_is_still_told():
    announced = {"year": 2022, "rank": 7}  # of some years only the places were announced
    chart = history(YEARS[0], announced, *YEARS[2:])
    assert "hạng 7/18" in texts(chart)
    assert drawn(chart) == [1, 2]


def test_inherited_years_are_hollow_off_the_line_and_without_place():
    inherited = {"year": 2022, "kind": "inherited", "index_score": 79.5}
    chart = history({**inherited, "year": 2021}, inherited, *YEARS[2:])
    assert marks(chart) == {("#12436D", "o"): 3, ("#FFFFFF", "o"): 3}
    assert drawn(chart) == [2]
    assert texts(chart).count("kế thừa") == 2
    assert "79,50 kế thừa" in chart.table.html
    assert chart.title.startswith("Từ năm 2023 đến năm 2024")
    alone = history(inherited, YEARS[2])
    assert alone.title == "Chỉ số của Sở Nội vụ từ năm 2022 đến năm 2023"


def test_a_small_change_does_not_fill_the_chart():
    first, last = ({"year": year, "rank": 1, "index_score": score} for year, score in ((2023, 80.0), (2024, 80.25)))
    (line,) = [part for part in history(first, last).figure.axes[0].collections if part.get_linewidth()[0] == 2.2]
    heights = [y for _x, y in line.get_paths()[0].vertices]
    assert max(heights) - min(heights) == pytest.approx(110 * 0.25 / 5.5)


def test_a_new_rubric_is_marked(monkeypatch):
    assert "Bộ chỉ số thay đổi" not in history(*YEARS).alt
    rubric_breaks(monkeypatch, 2023)
    chart = history(*YEARS)
    assert "Bộ chỉ số thay đổi từ năm 2023." in chart.alt
    assert "bộ chỉ số thay đổi từ năm 2023" in texts(chart)


def test_history_is_none_with_fewer_than_two_indices():
    assert history(YEARS[3]) is None
    assert history({"year": 2023, "kind": "unranked", "reason": "incomplete"}, YEARS[3]) is None
