"""A stage through its years: who has which, and the chart of small multiples."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure
from matplotlib.path import Path
from matplotlib.transforms import Affine2D

from cchc.captions import group_name, names, subtitle
from cchc.dataset import Dataset
from cchc.facts import WANTING, joined, leaders, period
from cchc.figures import (
    FOCUS,
    GREY,
    LEADING,
    RULE,
    SMALL,
    WHITE,
    Align,
    Chart,
    Point,
    Scale,
    Sheet,
    styled,
    text_width,
    tick_texts,
    widest,
    wrap,
)
from cchc.locale import number, translator
from cchc.lookups import of_group
from cchc.series import rubric_breaks
from cchc.table import Column, Marked, Table

TINY = 8.5  # size of years and scales
ACROSS = 4  # panels side by side
GAP, PANEL = 14.0, 66.0  # between panels, height of one
CROWN, FOOT = 5.0, 10.0  # of a panel, above the highest point and below the lowest: for the value beside it

Line = tuple[Any, dict[int, Any]]
"""A unit's row of `rank_stage`, and its rows of `stage_values` by year."""


def history(data: Dataset, ranking: pd.DataFrame, values: pd.DataFrame, group: str) -> tuple[pd.DataFrame, list[Line]]:
    """Return one group's ranking of a stage, and in its order the units that have an index of their own."""
    ranking = of_group(data, ranking, group)
    by_unit: dict[str, dict[int, Any]] = {}
    known: list[Any] = list(values[(values["group"] == group) & values["index_score"].notna()].itertuples())
    for row in known:
        by_unit.setdefault(row.unit_id, {})[row.year] = row
    lines = [(unit, by_unit.get(str(unit.unit_id), {})) for unit in ranking.itertuples()]
    return ranking, [line for line in lines if any(row.kind == "own" for row in line[1].values())]


def line_names(lines: Sequence[Line], lang: str) -> list[str]:
    """Return the units' names; of two with the same name, the one that is gone says until when it was scored.

    On 01/03/2025 a new Sở Tài chính took the place of the old one: two units, two lines.
    """
    _ = translator(lang)
    plain = names((unit for unit, _rows in lines), lang)
    called = []
    for name, (unit, rows) in zip(plain, lines, strict=True):
        is_gone = unit.reason and unit.reason not in WANTING
        text = _("{name} (đến năm {year})") if is_gone and plain.count(name) > 1 else "{name}"
        called.append(text.format(name=name, year=max(rows)))
    return called


def runs(years: Sequence[int]) -> list[list[int]]:
    """Cut ascending years into runs without a gap: a line breaks where a year is missing."""
    found: list[list[int]] = []
    for year in years:
        if found and found[-1][-1] == year - 1:
            found[-1].append(year)
        else:
            found.append([year])
    return found


@styled()
def small_multiples(
    data: Dataset, ranking: pd.DataFrame, values: pd.DataFrame, group: str, lang: str = "vi"
) -> Chart | None:
    """Draw each unit's index by year in a panel of its own, all the others pale behind it.

    The line is of the unit's own years; what it inherits stands before it as hollow dots. A new rubric is marked.

    Parameters
    ----------
    data : Dataset
    ranking : DataFrame
        From `rank_stage`.
    values : DataFrame
        From `stage_values`, of the same stage.
    group : str
    lang : str

    Returns
    -------
    Chart or None
        None with fewer than two years that have indices.

    Examples
    --------
    >>> print(cchc.charts.small_multiples(data, stage, values, "so-nganh").title)
    9/9 đơn vị nhóm Sở, ban, ngành tỉnh có mặt cả năm 2021 và năm 2025 đã tăng chỉ số
    """
    ranking, lines = history(data, ranking, values, group)
    years = sorted({year for _unit, rows in lines for year in rows})
    if len(years) < 2:
        return None
    breaks = rubric_breaks(data, years[0], years[-1])
    broken = sorted(set(breaks.loc[breaks["group"] == group, "year"].tolist()))
    title, below, alt = _texts(data, ranking, lines, years, lang)
    _ = translator(lang)
    if broken:
        alt += " " + _("Bộ chỉ số thay đổi từ năm {years}.").format(years=", ".join(map(str, broken)))
    d = data.scheme.decimals
    units = line_names(lines, lang)
    marks = {"own": "", "inherited": _("kế thừa")}
    cells = [
        (name, *(Marked(rows[year].index_score, marks[rows[year].kind]) if year in rows else None for year in years))
        for name, (_unit, rows) in zip(units, lines, strict=True)
    ]
    columns = (Column(_("Đơn vị")), *(Column(str(year), "decimal", d) for year in years))
    table = Table(below, columns, tuple(cells), id=f"multiples-{group}", lang=lang)
    sheet = _Panels(units, lines, years)
    return Chart(sheet.draw(broken, d, lang), title, below, alt, table)


def _texts(
    data: Dataset, ranking: pd.DataFrame, lines: Sequence[Line], years: Sequence[int], lang: str
) -> tuple[str, str, str]:
    """Return title, subtitle and text alternative."""
    _ = translator(lang)
    group = str(ranking["group"].iloc[0])
    span = {"first": years[0], "last": years[-1], "group": group_name(data, group, lang)}
    own = [{year: row.index_score for year, row in rows.items() if row.kind == "own"} for _unit, rows in lines]
    ends = [(part[years[0]], part[years[-1]]) for part in own if years[0] in part and years[-1] in part]
    title = _("Chỉ số các đơn vị nhóm {group} từ năm {first} đến năm {last}").format(**span)
    if ends:
        text = _("{up}/{n} đơn vị nhóm {group} có mặt cả năm {first} và năm {last} đã tăng chỉ số")
        title = text.format(up=sum(after > before for before, after in ends), n=len(ends), **span)
    when = period(data, ranking, lang)
    text = _("Chỉ số từng năm, {period}, thang điểm 100; mỗi ô một đơn vị").format(period=when)
    scores = [number(score, data.scheme.decimals, lang) for score in _extremes(own)]
    alt = [
        _("{n} ô nhỏ, mỗi ô là chỉ số một đơn vị qua các năm; nét nhạt là các đơn vị khác.").format(n=len(lines)),
        f"{title}.",
        _("Chỉ số từ {low} đến {high}.").format(low=scores[0], high=scores[1]),
    ]
    first = names(leaders(ranking).itertuples(), lang)
    if first:
        alt.append(_("Dẫn đầu {period}: {units}.").format(period=when, units=joined(first, lang)))
    return title, subtitle(data, ranking, group, text, lang), " ".join(alt)


def _extremes(parts: Sequence[Mapping[int, float]]) -> tuple[float, float]:
    scores = [score for part in parts for score in part.values()]
    return min(scores), max(scores)


class _Panels:
    """The panels on one sheet: an Axes for each would cost more than all that is drawn in it."""

    def __init__(self, units: Sequence[str], lines: Sequence[Line], years: Sequence[int]) -> None:
        self.units, self.years = units, years
        self.own, self.inherited = (
            [{year: row.index_score for year, row in rows.items() if row.kind == kind} for _unit, rows in lines]
            for kind in ("own", "inherited")
        )
        self.up = Scale.over(_extremes([*self.own, *self.inherited]), PANEL - FOOT, CROWN)
        self.sheet = Sheet()

    def draw(self, broken: Sequence[int], decimals: int, lang: str) -> Figure:
        """Draw everything; `broken` are the years of a new rubric."""
        sheet, ticks = self.sheet, self.up.ticks(3)
        texts = tick_texts(ticks, lang)
        axis = widest(texts, TINY) + 6
        width = (sheet.width - axis - (ACROSS - 1) * GAP) / ACROSS
        self.across = Scale(self.years[0], self.years[-1], 4, width - 4)
        heads = [wrap(unit, width, SMALL, "bold") for unit in self.units]
        corners: list[Point] = []
        bottom = sheet.legend(self._legend(broken, lang), 8) + 6
        for start in range(0, len(heads), ACROSS):
            row = heads[start : start + ACROSS]
            top = bottom + max(map(len, row)) * SMALL * LEADING + 10
            corners += [(axis + at * (width + GAP), top) for at in range(len(row))]
            for tick, text in zip(ticks, texts, strict=True):
                sheet.text(axis - 5, top + self.up(tick), text, size=TINY, align="right", color=GREY)
            bottom = top + PANEL + 24
        sheet.lines(
            [[(x, y + self.up(tick)), (x + width, y + self.up(tick))] for x, y in corners for tick in ticks], RULE, 0.8
        )
        self._others(corners)
        for (x, y), head, own, inherited in zip(corners, heads, self.own, self.inherited, strict=True):
            self._head((x, y - 8), head)
            self._value((x, y), own, {**inherited, **own}, number(own[max(own)], decimals, lang))
            breaks = [x + self.across(year - 0.5) for year in broken]
            sheet.lines([[(at, y), (at, y + PANEL)] for at in breaks], GREY, 1.0, linestyles=":")
            sheet.lines([self._points((x, y), own, run) for run in runs(sorted(own))], FOCUS, 2.2)
            sheet.dots(self._points((x, y), own, own), fill=FOCUS, size=4.5)
            sheet.dots(self._points((x, y), inherited, inherited), fill=WHITE, edge=FOCUS, size=5.0)
        return sheet.finish(bottom)

    def _points(
        self, corner: Point, part: Mapping[int, float], years: Sequence[int] | Mapping[int, float]
    ) -> list[Point]:
        return [(corner[0] + self.across(year), corner[1] + self.up(part[year])) for year in years]

    def _legend(self, broken: Sequence[int], lang: str) -> list[tuple[dict[str, Any], str]]:
        _ = translator(lang)
        legend: list[tuple[dict[str, Any], str]] = [
            ({"line": FOCUS, "width": 2.2}, _("đơn vị ghi tên")),
            ({"line": RULE}, _("các đơn vị khác trong nhóm")),
        ]
        if any(self.inherited):
            legend.append(({"fill": WHITE, "edge": FOCUS, "size": 5.0}, _("kế thừa từ đơn vị tiền thân")))
        if broken:
            text = _("bộ chỉ số thay đổi từ năm {years}").format(years=", ".join(map(str, broken)))
            legend.append(({"line": GREY, "style": ":"}, text))
        return legend

    def _head(self, at: Point, head: Sequence[str]) -> None:
        """Write the name above a panel and the years below it."""
        x, y = at
        self.sheet.text(x, y - len(head) * SMALL * LEADING / 2, head, size=SMALL, weight="bold")
        ends: tuple[tuple[int, Align], ...] = ((self.years[0], "left"), (self.years[-1], "right"))
        for year, align in ends:
            self.sheet.text(x + self.across(year), y + PANEL + 16, str(year), size=TINY, align=align, color=GREY)

    def _value(self, corner: Point, own: Mapping[int, float], known: Mapping[int, float], score: str) -> None:
        """Write the latest value beside its dot, above or below all that the unit's line does behind the text."""
        latest = max(own)
        side: Align = "left" if latest == self.years[0] else "right"
        end, height = self.across(latest), self.up(own[latest])
        start = end - text_width(score, 9, "bold")
        x, y = (np.array(part) for part in zip(*self._points((0, 0), known, sorted(known)), strict=True))
        behind = [height, np.interp(start, x, y), *y[(x > start) & (x < end)]]
        upper, lower = min(behind), max(behind)
        place = upper - 9 if height - upper <= lower - height else lower + 9
        self.sheet.text(corner[0] + end, corner[1] + place, score, size=9, align=side, weight="bold", color=FOCUS)

    def _others(self, corners: Sequence[Point]) -> None:
        """Draw all lines behind every panel: one path that the SVG holds once and uses again (130 times 130 lines)."""
        parts = [self._points((0, 0), own, run) for own in self.own for run in runs(sorted(own))]
        path = Path(
            [(x, -y) for part in parts for x, y in part],  # offsets are in SVG units, the path itself points upwards
            [Path.LINETO if at else Path.MOVETO for part in parts for at in range(len(part))],
        )
        axes = self.sheet.axes
        collection = PathCollection(
            [path], offsets=corners, offset_transform=axes.transData, transform=Affine2D(),
            facecolors="none", edgecolors=RULE, linewidths=0.9, clip_on=False,
        )  # fmt: skip
        axes.add_collection(collection, autolim=False)
