"""Every chart with 8, 44 and 130 units: texts, marks and lines keep clear of one another, and colours can be told.

What is measured is what is drawn: texts by the font's own widths, marks by their sizes on the sheet.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from matplotlib.collections import LineCollection
from matplotlib.colors import to_hex

from cchc import charts
from cchc.figures import FALL, FOCUS, GREY, INK, LINES, PALE, WHITE, Chart, contrast, ink_on, sequential
from chart_data import (
    COMPONENTS,
    LONGEST,
    boxes,
    components,
    outside,
    overlaps,
    profile,
    ranking,
    rubric_breaks,
    stage_data,
    texts,
    units,
)
from standins import dataset, unit_years, year_ranking

Draw = Callable[[pytest.MonkeyPatch, int], Chart | None]
N_UNITS = (8, 44, 130)
DECADE = range(2021, 2031)
UNRANKED = (
    {"unit_id": "x", "name_vi": LONGEST, "reason": "no_scores"},
    {"unit_id": "y", "name_vi": "Sở Ngoại vụ", "reason": "incomplete", "n_missing": 9,
     "missing": ", ".join(f"{code}.{part}" for code in (1, 2, 3) for part in range(1, 9))},
)  # fmt: skip


def two_groups(n: int) -> tuple[dict[str, object], ...]:
    """Return `n` units in one group, and three that share one index in another."""
    others = [{"unit_id": f"h{at}", "group": "huyen", "rank": 1, "index_score": 90.0} for at in range(3)]
    return (*units(n), *others)


def years(monkeypatch: pytest.MonkeyPatch, n: int) -> Chart | None:
    rubric_breaks(monkeypatch, 2022)
    rows = [{"year": 2015 + at, "rank": n - at, "index_score": 80 + 2.0 * (-1) ** at} for at in range(8)]
    return charts.unit_history(dataset(), unit_years(*rows).assign(n_ranked=n))


def parts() -> list[dict[str, object]]:
    """Return seven components: all, some and no points won, one not complete, one that does not apply."""
    nothing = dict.fromkeys(("points", "max_points", "index_score", "median_gap", "open_points"), float("nan"))
    return [
        {"points": 10.0, "open_points": 0.0}, {}, {"points": 0.0, "open_points": 10.0, "index_score": 0.0},
        {"max_points": 30.5, "points": 4.125, "open_points": 26.375}, {}, {**nothing, "is_complete": False},
        {**nothing, "is_applicable": False},
    ]  # fmt: skip


def dumbbell(monkeypatch: pytest.MonkeyPatch, n: int) -> Chart | None:
    rubric_breaks(monkeypatch, 2024)
    return charts.dumbbell(dataset(), ranking(n), "so")


def decade(monkeypatch: pytest.MonkeyPatch, n: int) -> tuple[Any, ...]:
    """Return a stage of ten years: units that fall, rise, swing and come late, all at the ends of the list."""
    up = {year: (60 + 4.4 * at, max(1, n - at)) for at, year in enumerate(DECADE)}
    down = {year: (95 - 3.5 * at, at + 1) for at, year in enumerate(DECADE)}
    swing = {year: (62.0 + 30 * (at % 2), 1 + (n - 1) * (at % 2)) for at, year in enumerate(DECADE)}
    late = {**dict.fromkeys(DECADE[:5], 90.0), **dict.fromkeys(DECADE[5:], (61.0, n))}
    data, listed, values = stage_data(monkeypatch, n, {"u1": up, "u2": down, "u3": swing, "u4": late}, years=DECADE)
    names = listed["name_vi"].mask(listed["unit_id"] == "u1", "Sở Khoa học và Công nghệ")  # nearly as wide as its panel
    return data, listed.assign(name_vi=names), values


def small_multiples(monkeypatch: pytest.MonkeyPatch, n: int) -> Chart | None:
    stage = decade(monkeypatch, n)
    rubric_breaks(monkeypatch, 2022)
    return charts.small_multiples(*stage, "so")


def of_unit(n: int) -> dict[str, object]:
    return {"year": 2024, "rank": 3, "index_score": 82.5, "name_vi": str(units(8)[0]["name_vi"])}


CHARTS: dict[str, Draw] = {
    "bump": lambda monkeypatch, n: charts.bump(*decade(monkeypatch, n), "so"),
    "dot_plot": lambda _, n: charts.dot_plot(dataset(), ranking(n, *UNRANKED, is_tied=True, is_near_tied=True), "so"),
    "dumbbell": dumbbell,
    "heat_map": lambda _, n: charts.heat_map(dataset(), components(n), ranking(n), "so"),
    "points_lost": lambda _, n: charts.points_lost(dataset(), profile(*parts()), unit_years(of_unit(n))),
    "profile": lambda _, n: charts.profile(dataset(), profile(*parts()), unit_years(of_unit(n))),
    "small_multiples": small_multiples,
    "strip": lambda _, n: charts.strip(dataset(), year_ranking(*two_groups(n))),
    "unit_history": years,
}
"""How each chart is drawn of `n` units; those of one unit stand for what they say of the others."""

IN_MARKS = {"bump"}  # whose places stand in the marks
Box = tuple[float, float, float, float]


def marks(chart: Chart) -> Iterator[Box]:
    """Yield left, top, right and bottom of every mark that is drawn, those of the legend too."""
    for line in chart.figure.axes[0].lines:
        half = line.get_markersize() / 2
        wide, high = (0, half) if line.get_marker() == "|" else (half, half)
        edge = line.get_markeredgewidth() / 2
        for x, y in line.get_xydata():
            yield x - wide - edge, y - high - edge, x + wide + edge, y + high + edge


def strokes(chart: Chart) -> Iterator[tuple[float, float]]:
    """Yield points along every strong line: the pale ones, of scales and of other units, lie behind all else."""
    for part in chart.figure.axes[0].collections:
        if isinstance(part, LineCollection) and part.get_linewidth()[0] >= 1.6:
            for path in part.get_paths():
                for one, other in pairwise(path.vertices):
                    steps = max(2, int(np.hypot(*(other - one))))
                    yield from zip(*(np.linspace(one[axis], other[axis], steps) for axis in (0, 1)), strict=True)


def covered(chart: Chart, *, in_marks: bool) -> list[str]:
    """Return the texts that lie on a mark or on a strong line; `in_marks`: but for numbers in the middle of a mark."""
    spots = np.array([*marks(chart), *((x - 0.5, y - 0.5, x + 0.5, y + 0.5) for x, y in strokes(chart))])
    middles = (spots[:, :2] + spots[:, 2:]) / 2
    found = []
    for left, top, right, bottom, text in boxes(chart):
        is_on = (spots[:, 2] > left) & (spots[:, 0] < right) & (spots[:, 3] > top) & (spots[:, 1] < bottom)
        is_inside = np.hypot(middles[:, 0] - (left + right) / 2, middles[:, 1] - (top + bottom) / 2) < 2
        if is_on.any() and not (in_marks and text.isdigit() and is_inside.any()):
            found.append(text)
    return found


def test_every_chart_is_measured() -> None:
    assert set(CHARTS) == {*charts.__all__} - {"Chart"}


@pytest.mark.parametrize("n", N_UNITS)
@pytest.mark.parametrize("name", CHARTS)
def test_nothing_lies_on_anything_else(monkeypatch: pytest.MonkeyPatch, name: str, n: int) -> None:
    chart = CHARTS[name](monkeypatch, n)
    assert chart is not None
    assert overlaps(chart) == []
    assert outside(chart) == []
    assert covered(chart, in_marks=name in IN_MARKS) == []


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_says_what_it_shows(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    chart = CHARTS[name](monkeypatch, 8)
    assert chart is not None
    assert f"{chart.title}." in chart.alt
    assert chart.subtitle.endswith(".")
    assert chart.subtitle == chart.table.caption
    assert chart.table.rows


@pytest.mark.parametrize("name", CHARTS)
def test_diacritics_come_through_composed(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    chart = CHARTS[name](monkeypatch, 8)
    assert chart is not None
    assert unicodedata.is_normalized("NFC", chart.svg)
    if name not in {"points_lost", "profile", "strip", "unit_history"}:  # which do not name all units
        assert "Sở Ữ Ỗ Ặ đ" in " ".join(texts(chart))
        assert "Sở Ữ Ỗ Ặ đ" in chart.svg


@pytest.mark.parametrize("n_bands", range(1, 13))
def test_values_are_readable_on_every_colour_of_a_heat_map(n_bands: int) -> None:
    assert all(contrast(ink_on(colour), colour) >= 4.5 for colour in sequential(n_bands))


def test_values_of_a_heat_map_are_readable_as_drawn() -> None:
    table = components(44)
    table["index_score"] = np.linspace(3, 100, len(table)).round(2)
    chart = charts.heat_map(dataset(), table, ranking(44), "so")
    assert chart is not None
    (mesh,) = chart.figure.axes[1].collections
    chart.figure.draw_without_rendering()
    colours = [to_hex(colour) for colour in mesh.get_facecolor()]
    inks = [to_hex(text.get_color()) for text in chart.figure.texts if re.fullmatch(r"\d+,\d\d", text.get_text())]
    assert len(inks) == len(colours) == 44 * len(COMPONENTS)
    assert min(contrast(ink, colour) for ink, colour in zip(inks, colours, strict=True)) >= 4.5


@pytest.mark.parametrize("name", CHARTS)
def test_every_mark_stands_out_from_the_paper(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    chart = CHARTS[name](monkeypatch, 8)
    assert chart is not None
    drawn = [line for line in chart.figure.axes[0].lines if name != "heat_map"]  # whose cells have their values
    for line in drawn:
        strongest = max(contrast(colour, WHITE) for colour in (line.get_markerfacecolor(), line.get_markeredgecolor()))
        assert strongest >= 3, (line.get_marker(), line.get_markerfacecolor(), line.get_markeredgecolor())


@pytest.mark.parametrize("colour", sorted({INK, GREY, PALE, FOCUS, FALL, *LINES}))
def test_a_colour_with_a_meaning_stands_out(colour: str) -> None:
    assert contrast(colour, WHITE) >= 3


def test_no_line_of_a_bump_chart_strikes_through_a_place(monkeypatch: pytest.MonkeyPatch) -> None:
    chart = CHARTS["bump"](monkeypatch, 130)
    assert chart is not None
    axes = chart.figure.axes[0]
    assert max(part.get_zorder() for part in axes.collections) < min(line.get_zorder() for line in axes.lines)
