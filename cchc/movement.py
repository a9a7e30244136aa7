"""The charts of movement: indices from one year to the next, places through a stage."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from cchc.captions import group_name, names, subtitle
from cchc.dataset import Dataset
from cchc.facts import is_stage, joined, leaders, period
from cchc.figures import (
    FALL,
    FOCUS,
    GREY,
    INK,
    LEADING,
    LINES,
    PALE,
    RULE,
    SMALL,
    WHITE,
    WIDTH,
    Align,
    Chart,
    Rows,
    Scale,
    Sheet,
    ink_on,
    styled,
    widest,
    wrap,
)  # fmt: skip
from cchc.locale import number, translator
from cchc.lookups import of_group
from cchc.names import sort_key
from cchc.series import rubric_breaks
from cchc.table import Column, Table
from cchc.trends import TINY, Line, history, line_names, runs

MARKERS = ("o", "s", "h", "D", "p")
"""Of the highlighted lines of a bump chart: there are at most as many."""
SLOT = 23.0  # height of a place in it
HEAD = 24.0  # of the years above it
STEP = 42.0  # least width of a year


@styled()
def dumbbell(data: Dataset, ranking: pd.DataFrame, group: str, lang: str = "vi") -> Chart | None:
    """Draw each unit's index of the year before and of this year, from the largest rise to the largest fall.

    Parameters
    ----------
    data : Dataset
    ranking : DataFrame
        From `rank_year`.
    group : str
    lang : str

    Returns
    -------
    Chart or None
        None where no ranked unit of the group has an index of the year before, and for a stage.

    Examples
    --------
    >>> print(cchc.charts.dumbbell(data, ranking, "so-nganh").title)
    13/19 đơn vị nhóm Sở, ban, ngành tỉnh tăng điểm so với năm 2023, 6 đơn vị giảm
    """
    rows = of_group(data, ranking, group)
    if rows.empty or is_stage(rows):
        return None
    moved = rows[rows["index_change"].notna() & rows["rank"].notna()]
    if moved.empty:
        return None
    _ = translator(lang)
    d = data.scheme.decimals
    year = int(rows["year"].iloc[0])
    years = {"before": year - 1, "year": year}
    units: list[Any] = list(moved.sort_values("index_change", ascending=False, kind="stable").itertuples())
    n_up, n_down = sum(unit.index_change > 0 for unit in units), sum(unit.index_change < 0 for unit in units)

    text = _("{up}/{n} đơn vị nhóm {group} tăng điểm so với năm {before}")
    if n_down:
        text = _("{up}/{n} đơn vị nhóm {group} tăng điểm so với năm {before}, {down} đơn vị giảm")
    title = text.format(up=n_up, n=len(units), group=group_name(data, group, lang), down=n_down, **years)
    text = _("Chỉ số năm {before} và năm {year}, thang điểm 100, xếp theo mức thay đổi").format(**years)
    if group in set(rubric_breaks(data, year - 1, year)["group"]):
        text += _("; bộ chỉ số năm {year} có thay đổi, so sánh cần thận trọng").format(**years)
    below = subtitle(data, rows, group, text, lang)
    extremes = {unit.Index: unit for unit in (units[0], units[-1])}.values()
    alt = [
        _("Mỗi dòng một đơn vị: chấm rỗng là chỉ số năm {before}, mũi tên chỉ đến năm {year}.").format(**years),
        f"{title}.",
        *(f"{name}: {_change(unit, d, lang)}." for name, unit in zip(names(extremes, lang), extremes, strict=True)),
        _("Dẫn đầu năm {year}: {units}.").format(units=joined(names(leaders(rows).itertuples(), lang), lang), **years),
    ]
    if len(units) < len(rows):
        text = _("{n} đơn vị không có chỉ số của cả hai năm, không vẽ.")
        alt.append(text.format(n=len(rows) - len(units)))
    columns = [
        Column(_("Đơn vị")),
        *(Column(str(at), "decimal", d) for at in years.values()),
        Column(_("Thay đổi"), "signed", d),
    ]
    cells = [
        (name, unit.previous_index_score, unit.index_score, unit.index_change)
        for name, unit in zip(names(units, lang), units, strict=True)
    ]
    table = Table(below, tuple(columns), tuple(cells), id=f"dumbbell-{group}", lang=lang)
    return Chart(_dumbbells(units, years, d, lang), title, below, " ".join(alt), table)


def _change(unit: Any, decimals: int, lang: str) -> str:
    """Return a unit's change as arrow and words: ``▲ tăng 2,03``."""
    _ = translator(lang)
    text = _("▲ tăng {n}") if unit.index_change > 0 else _("▼ giảm {n}") if unit.index_change < 0 else _("= giữ nguyên")
    return text.format(n=number(abs(unit.index_change), decimals, lang))


def _dumbbells(units: Sequence[Any], years: Mapping[str, int], decimals: int, lang: str) -> Figure:
    _ = translator(lang)
    sheet = Sheet()
    styles = {
        1: (FOCUS, ">", _("năm {year}, tăng").format(**years)),
        -1: (FALL, "<", _("năm {year}, giảm").format(**years)),
        0: (GREY, "o", _("giữ nguyên")),
    }
    kinds = [(unit.index_change > 0) - (unit.index_change < 0) for unit in units]
    legend: list[tuple[dict[str, Any], str]] = [({"fill": WHITE, "edge": PALE}, _("năm {before}").format(**years))]
    legend += [({"fill": fill, "marker": mark}, text) for kind, (fill, mark, text) in styles.items() if kind in kinds]
    rows = Rows([""] * len(units), names(units, lang), [False] * len(units))
    middles, edges = rows.draw(sheet, sheet.legend(legend, 8) + 22)
    changes = [_change(unit, decimals, lang) for unit in units]
    values = [number(unit.index_score, decimals, lang) for unit in units]
    words = sheet.width - widest(changes)
    scores = [score for unit in units for score in (unit.index_score, unit.previous_index_score)]
    scale = Scale.over(scores, rows.right + 14, words - 12 - widest(values) - 14)
    sheet.axis(scale, edges[0], edges[-1], lang)
    sheet.lines([[(scale.start, y), (scale.end, y)] for y in middles], RULE)
    for kind, (colour, marker, _text) in styles.items():
        of_kind = [(unit, y) for unit, y, own in zip(units, middles, kinds, strict=True) if own == kind]
        ends = [((scale(unit.previous_index_score), y), (scale(unit.index_score), y)) for unit, y in of_kind]
        sheet.lines(ends, colour, 2.2)
        sheet.dots([before for before, _now in ends], fill=WHITE, edge=PALE)
        sheet.dots([now for _before, now in ends], fill=colour, marker=marker)
    for y, value, change, kind in zip(middles, values, changes, kinds, strict=True):
        sheet.text(words - 12, y, value, align="right")
        sheet.text(words, y, change, color=styles[kind][0])
    return sheet.finish(edges[-1] + 4)


@styled()
def bump(data: Dataset, ranking: pd.DataFrame, values: pd.DataFrame, group: str, lang: str = "vi") -> Chart | None:
    """Draw the places of one group's units by year; the first five of the stage are highlighted.

    An inherited index has no place, so a line begins with a unit's own first year; it breaks where a year is missing.

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
        None with fewer than two years that have places.

    Examples
    --------
    >>> print(cchc.charts.bump(data, stage, values, "so-nganh").title)
    Sở Tài chính (đến năm 2024) đứng đầu 3/5 năm ở nhóm Sở, ban, ngành tỉnh
    """
    ranking, lines = history(data, ranking, values, group)
    placed = [(unit, {year: row for year, row in rows.items() if not pd.isna(row.rank)}) for unit, rows in lines]
    placed = [line for line in placed if line[1]]
    years = sorted({year for _unit, rows in placed for year in rows})
    if len(years) < 2:
        return None
    title, below, alt = _bump_texts(data, ranking, placed, years, lang)
    _ = translator(lang)
    cells = [
        (name, *((rows[year].rank, rows[year].n_ranked) if year in rows else None for year in years))
        for name, (_unit, rows) in zip(line_names(placed, lang), placed, strict=True)
    ]
    columns = (Column(_("Đơn vị")), *(Column(str(year), "place") for year in years))
    table = Table(below, columns, tuple(cells), id=f"bump-{group}", lang=lang)
    return Chart(_Bump(placed, years, lang).draw(), title, below, alt, table)


def _bump_texts(
    data: Dataset, ranking: pd.DataFrame, placed: Sequence[Line], years: Sequence[int], lang: str
) -> tuple[str, str, str]:
    """Return title, subtitle and text alternative."""
    _ = translator(lang)
    group = str(ranking["group"].iloc[0])
    times = Counter({unit.unit_id: sum(row.rank == 1 for row in rows.values()) for unit, rows in placed})
    most = max(times.values())
    called = list(zip(line_names(placed, lang), placed, strict=True))
    first = [name for name, (unit, _rows) in called if times[unit.unit_id] == most]
    text = _("{units} đứng đầu {n}/{m} năm ở nhóm {group}")
    if len(first) > 1:
        text = _("{units} cùng đứng đầu {n}/{m} năm ở nhóm {group}")
    title = text.format(units=joined(first, lang), n=most, m=len(years), group=group_name(data, group, lang))
    text = _("Thứ hạng từng năm, {period}; tô màu các đơn vị đứng đầu giai đoạn")
    latest = [name for name, (_unit, rows) in called if years[-1] in rows and rows[years[-1]].rank == 1]
    alt = [
        _("Biểu đồ thứ hạng của {n} đơn vị từ năm {first} đến năm {last}, hạng nhất ở trên cùng.").format(
            n=len(placed), first=years[0], last=years[-1]
        ),
        f"{title}.",
        _("Đứng đầu năm {year}: {units}.").format(year=years[-1], units=joined(latest, lang)),
        _("Số trong ô là hạng; đường ngắt ở năm không xếp hạng và khi đơn vị sáp nhập, chia tách."),
    ]
    return title, subtitle(data, ranking, group, text.format(period=period(data, ranking, lang)), lang), " ".join(alt)


class _Bump:
    """Places by year; units that share one stand below each other, so that no mark and no name hides another."""

    def __init__(self, placed: Sequence[Line], years: Sequence[int], lang: str) -> None:
        self.placed, self.years, self.lang = placed, years, lang
        self.names = {unit.unit_id: name for name, (unit, _rows) in zip(line_names(placed, lang), placed, strict=True)}
        self.labels = {unit: wrap(name, 200, SMALL, "bold") for unit, name in self.names.items()}
        self.slots: dict[tuple[str, int], int] = {}
        self.counts: dict[int, int] = {}
        for year in years:
            listed = [
                (rows[year].rank, sort_key(str(unit.name_vi)), unit.unit_id) for unit, rows in placed if year in rows
            ]
            self.counts[year] = len(listed)
            self.slots |= {(unit, year): at for at, (_rank, _name, unit) in enumerate(sorted(listed))}
        margins = [18 + widest(self._labels_of(year), SMALL, "bold") for year in (years[0], years[-1])]
        self.sheet = Sheet(max(WIDTH, sum(margins) + STEP * (years[-1] - years[0])))
        self.scale = Scale(years[0], years[-1], margins[0], self.sheet.width - margins[1])
        step = (self.scale.end - self.scale.start) / (years[-1] - years[0])
        _ = translator(lang)
        texts = {year: _("{n} đơn vị").format(n=self.counts[year]) for year in years}
        # in two lines the number stands above its unit
        is_narrow = widest(texts.values(), TINY) > step - 6
        self.heads = {year: text.split(" ", 1) if is_narrow else [text] for year, text in texts.items()}
        self.top = HEAD + max(map(len, self.heads.values())) * TINY * LEADING
        self.height = max(SLOT, max(map(len, self.labels.values())) * SMALL * LEADING + 6)

    def _labels_of(self, year: int) -> list[str]:
        return [line for unit, rows in self.placed if year in rows for line in self.labels[unit.unit_id]]

    def _at(self, unit: Any, year: int) -> tuple[float, float]:
        return self.scale(year), self.top + (self.slots[unit.unit_id, year] + 0.5) * self.height

    def draw(self) -> Figure:
        """Draw everything; the highlighted lines lie above the others, and all marks above all lines."""
        for year in self.years:
            self.sheet.text(self.scale(year), 8, str(year), align="center", weight="bold")
            y = 17 + len(self.heads[year]) * TINY * LEADING / 2
            self.sheet.text(self.scale(year), y, self.heads[year], size=TINY, align="center", color=GREY)
        highlighted = [unit.unit_id for unit, _rows in self.placed if not pd.isna(unit.rank)][: len(MARKERS)]
        for line in self.placed:
            if line[0].unit_id in highlighted:
                at = highlighted.index(line[0].unit_id)
                self._line(line, LINES[at], LINES[at], MARKERS[at], strong=True)
            else:
                self._line(line, PALE, WHITE, "o", strong=False)
        bottom = self.top + max(self.counts.values()) * self.height
        return self.sheet.finish(self._unnamed(bottom) + 4)

    def _line(self, line: Line, colour: str, fill: str, marker: str, *, strong: bool) -> None:
        unit, rows = line
        sheet = self.sheet
        parts = [[self._at(unit, year) for year in run] for run in runs(sorted(rows))]
        sheet.lines(parts, colour, 2.6 if strong else 1.1, zorder=3.0 if strong else 2.0)
        size = 15.0 if marker == "D" else 17.0  # a diamond is measured by its side
        points = [self._at(unit, year) for year in rows]
        sheet.dots(points, fill=fill, edge=colour, size=size, marker=marker, layer=5.0 if strong else 4.0)
        ink = ink_on(fill) if strong else GREY
        for year, row in rows.items():
            sheet.text(
                *self._at(unit, year), str(row.rank), size=9 if row.rank < 100 else 7.5, align="center", color=ink
            )
        sides: tuple[tuple[int, float, Align], ...] = ((self.years[0], -14, "right"), (self.years[-1], 14, "left"))
        for year, side, align in sides:
            if year in rows:
                x, y = self._at(unit, year)
                sheet.text(x + side, y, self.labels[unit.unit_id], size=SMALL, align=align,
                           weight="bold" if strong else "normal", color=INK if strong else GREY)  # fmt: skip

    def _unnamed(self, bottom: float) -> float:
        """Name below the chart the units that have no end at either side, and return the y below."""
        inner = [(unit, rows) for unit, rows in self.placed if not {self.years[0], self.years[-1]} & set(rows)]
        if not inner:
            return bottom
        units = "; ".join(f"{self.names[unit.unit_id]} ({', '.join(map(str, sorted(rows)))})" for unit, rows in inner)
        _ = translator(self.lang)
        text = _("Không có mặt ở năm đầu và năm cuối: {units}").format(units=units)
        lines = wrap(text, self.sheet.width, SMALL)
        height = len(lines) * SMALL * LEADING
        self.sheet.text(0, bottom + 10 + height / 2, lines, size=SMALL)
        return bottom + 12 + height
