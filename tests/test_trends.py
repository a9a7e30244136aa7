"""Small multiples, and what the charts of a stage share."""

from types import SimpleNamespace
from xml.etree import ElementTree as ET

import pytest

from cchc.trends import history, line_names, runs, small_multiples
from chart_data import LONG, outside, overlaps, rubric_breaks, stage_data, texts


def test_runs_break_at_missing_years():
    assert runs([2021, 2022, 2024, 2025, 2027]) == [[2021, 2022], [2024, 2025], [2027]]
    assert runs([]) == []


def test_history_leaves_out_units_that_only_inherit(monkeypatch):
    lines = {"u0": {2021: (90, 1), 2022: 80.0}, "u1": {2021: 80.0}, "u2": {}}
    data, ranking, values = stage_data(monkeypatch, 3, lines)
    _ranking, found = history(data, ranking, values, "so")
    assert [(unit.unit_id, list(rows)) for unit, rows in found] == [("u0", [2021, 2022])]


def test_of_two_units_with_one_name_the_one_that_is_gone_says_so():
    new = SimpleNamespace(name_vi="Sở Tài chính", reason="")
    waiting = SimpleNamespace(name_vi="Sở Tài chính", reason="few_years")
    old = SimpleNamespace(name_vi="Sở Tài chính", reason="merged")
    other = SimpleNamespace(name_vi="Sở Ngoại vụ", reason="abolished")
    years = {2023: None, 2024: None}
    lines = [(new, {2025: None}), (waiting, {2025: None}), (old, years), (other, years)]
    assert line_names(lines, "vi") == ["Sở Tài chính", "Sở Tài chính", "Sở Tài chính (đến năm 2024)", "Sở Ngoại vụ"]


@pytest.mark.parametrize("n", [8, 130])
def test_small_multiples_have_a_panel_each_without_overlap(monkeypatch, n):
    chart = small_multiples(*stage_data(monkeypatch, n), "so")
    assert not overlaps(chart)
    assert not outside(chart)
    ET.fromstring(chart.svg)
    assert texts(chart).count("2021") == n
    assert "Sở Ữ Ỗ Ặ đ" in texts(chart)


def test_the_pale_lines_are_held_once(monkeypatch):
    sizes = [len(small_multiples(*stage_data(monkeypatch, n), "so").svg) for n in (40, 80)]
    assert sizes[1] < 2.5 * sizes[0]  # four times, if each panel held all lines


def test_small_multiples_say_who_rose_and_who_leads(monkeypatch):
    lines = {
        "u0": {2021: (90, 1), 2022: (90, 1), 2023: (92, 1)}, "u1": {2021: (80, 2), 2023: (79, 2)},
        "u2": {2021: 70.0, 2022: 70.0, 2023: (71, 3)},
    }  # fmt: skip
    chart = small_multiples(*stage_data(monkeypatch, 3, lines), "so")
    assert chart.title == "1/2 đơn vị nhóm Sở, ban, ngành có mặt cả năm 2021 và năm 2023 đã tăng chỉ số"
    assert f"Dẫn đầu giai đoạn 2021–2023: {LONG[0]}." in chart.alt
    assert "Chỉ số từ 71,00 đến 92,00." in chart.alt


def test_nothing_is_said_of_a_rise_that_nobody_can_have(monkeypatch):
    chart = small_multiples(*stage_data(monkeypatch, 1, {"u0": {2022: (90, 1), 2021: 80.0}}), "so")
    assert chart.title == "Chỉ số các đơn vị nhóm Sở, ban, ngành từ năm 2021 đến năm 2022"


def dots(chart, fill):
    """Return how many dots of one fill a chart has."""
    return sum(len(line.get_xdata()) for line in chart.figure.axes[0].lines if line.get_markerfacecolor() == fill)


def test_inherited_years_are_hollow_and_off_the_line(monkeypatch):
    own = {2021: (90, 1), 2022: (90, 1), 2023: (92, 1)}
    chart = small_multiples(
        *stage_data(monkeypatch, 2, {"u0": own, "u1": {2021: 80.0, 2022: 80.0, 2023: (80, 2)}}), "so"
    )
    assert (dots(chart, "#12436D"), dots(chart, "#FFFFFF")) == (4, 2 + 1)  # and one in the legend
    assert "kế thừa từ đơn vị tiền thân" in texts(chart)
    assert "80,00 kế thừa" in chart.table.html
    plain = small_multiples(*stage_data(monkeypatch, 1, {"u0": own}), "so")
    assert "kế thừa từ đơn vị tiền thân" not in texts(plain)


def test_a_new_rubric_is_marked(monkeypatch):
    stage = stage_data(monkeypatch, 4)
    assert "Bộ chỉ số thay đổi" not in small_multiples(*stage, "so").alt
    rubric_breaks(monkeypatch, 2023)
    chart = small_multiples(*stage, "so")
    assert "Bộ chỉ số thay đổi từ năm 2023." in chart.alt
    assert "bộ chỉ số thay đổi từ năm 2023" in texts(chart)


def test_small_multiples_are_none_with_fewer_than_two_years(monkeypatch):
    assert small_multiples(*stage_data(monkeypatch, 1, {"u0": {2023: (90, 1)}}), "so") is None
    assert small_multiples(*stage_data(monkeypatch, 1), "huyen") is None
