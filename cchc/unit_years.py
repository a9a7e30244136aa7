"""The chart of one unit's index by year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from cchc.captions import group_name, subtitle
from cchc.dataset import Dataset
from cchc.figures import (
    FOCUS,
    GREY,
    RULE,
    SMALL,
    WHITE,
    WIDTH,
    Align,
    Chart,
    Scale,
    Sheet,
    styled,
    tick_texts,
    widest,
)
from cchc.locale import is_missing, number, place, translator
from cchc.series import rubric_breaks
from cchc.table import Column, Marked, Table
from cchc.trends import runs

PLOT = 110.0  # height of the scale of indices by year
STEP = 96.0  # least width of a year
LEAST_SPAN = 5.0  # points of index that the scale of years spans at least


@styled()
def unit_history(data: Dataset, history: pd.DataFrame, lang: str = "vi") -> Chart | None:
    """Draw a unit's index by year, its place printed at each point; the line breaks where a year is missing.

    Parameters
    ----------
    data : Dataset
    history : DataFrame
        From `unit_history`.
    lang : str

    Returns
    -------
    Chart or None
        None with fewer than two years that have an index.

    Examples
    --------
    >>> print(cchc.charts.unit_history(data, history).title)
    Từ năm 2021 đến năm 2024, Sở Nội vụ tăng 9,29 điểm, từ hạng 9/19 thành 4/19
    """
    records: list[Any] = list(history.itertuples())
    rows: dict[int, Any] = {row.year: row for row in records}
    known = {year: row for year, row in rows.items() if not (row.kind == "unranked" or is_missing(row.index_score))}
    if len(known) < 2:
        return None
    _ = translator(lang)
    d = data.scheme.decimals
    unit = rows[max(rows)]
    breaks = rubric_breaks(data, min(rows), max(rows))
    broken = sorted(set(breaks.loc[breaks["group"] == unit.group, "year"].tolist()))
    title = _through_years(known, d, lang)
    text = _("Chỉ số từng năm (số đậm), thang điểm 100, và hạng trong nhóm {group}")
    text = text.format(group=group_name(data, unit.group, lang))
    below = subtitle(data, history, unit.group, text, lang)
    alt = [
        _("Biểu đồ đường, chỉ số từ năm {first} đến năm {last}.").format(first=min(rows), last=max(rows)),
        f"{title}.",
    ]
    if broken:
        alt.append(_("Bộ chỉ số thay đổi từ năm {years}.").format(years=", ".join(map(str, broken))))
    marks = {"own": "", "inherited": _("kế thừa"), "unranked": ""}
    places = [None if is_missing(row.rank) else (row.rank, row.n_ranked) for row in records]
    scores = [Marked(row.index_score if row.year in known else None, marks[row.kind]) for row in records]
    cells = tuple(zip(map(str, rows), places, scores, strict=True))
    columns = (Column(_("Năm")), Column(_("Hạng"), "place"), Column(_("Chỉ số"), "decimal", d))
    table = Table(below, columns, cells, id="history-figures", lang=lang)
    return Chart(_Years(rows, known, d, lang).draw(broken), title, below, " ".join(alt), table)


def _through_years(known: Mapping[int, Any], decimals: int, lang: str) -> str:
    """Say what became of index and place from the unit's first year of its own to the last."""
    _ = translator(lang)
    own = [row for row in known.values() if row.kind == "own"]
    if len(own) < 2:
        first, last = min(known), max(known)
        name = getattr(known[last], f"name_{lang}")
        return _("Chỉ số của {unit} từ năm {first} đến năm {last}").format(unit=name, first=first, last=last)
    before, after = own[0], own[-1]
    change = Fraction(repr(after.index_score)) - Fraction(repr(before.index_score))
    texts = {
        1: _("Từ năm {first} đến năm {last}, {unit} tăng {change} điểm, {places}"),
        -1: _("Từ năm {first} đến năm {last}, {unit} giảm {change} điểm, {places}"),
        0: _("Từ năm {first} đến năm {last}, {unit} giữ nguyên chỉ số, {places}"),
    }
    places = [place(row.rank, row.n_ranked, lang) for row in (before, after)]
    text = _("giữ hạng {after}") if places[0] == places[1] else _("từ hạng {before} thành {after}")
    return texts[(change > 0) - (change < 0)].format(
        first=before.year, last=after.year, unit=getattr(after, f"name_{lang}"),
        change=number(float(abs(change)), decimals, lang), places=text.format(before=places[0], after=places[1]),
    )  # fmt: skip


class _Years:
    """A unit's index by year on one sheet."""

    def __init__(self, rows: Mapping[int, Any], known: Mapping[int, Any], decimals: int, lang: str) -> None:
        self.rows, self.decimals, self.lang = rows, decimals, lang
        self.own, self.inherited = (
            {year: float(row.index_score) for year, row in known.items() if row.kind == kind}
            for kind in ("own", "inherited")
        )
        years = range(min(rows), max(rows) + 1)
        self.years = years
        scores = [*self.own.values(), *self.inherited.values()]
        middle = (min(scores) + max(scores)) / 2
        # a scale of its own would make a fall of a quarter of a point look like one of twenty
        self.up = Scale.over([*scores, middle - LEAST_SPAN / 2, middle + LEAST_SPAN / 2], PLOT, 0)
        self.ticks = self.up.ticks(3)
        texts = tick_texts(self.ticks, lang)
        axis = widest(texts, SMALL) + 8
        self.sheet = Sheet(max(WIDTH, axis + STEP * len(years)))
        self.across = Scale(years[0], years[-1], axis + STEP / 2, self.sheet.width - STEP / 2)
        self.tick_texts, self.axis = texts, axis

    def draw(self, broken: Sequence[int]) -> Figure:
        """Draw everything; `broken` are the years of a new rubric."""
        _ = translator(self.lang)
        sheet = self.sheet
        self.top = sheet.legend(self._legend(broken), 8) + 30
        for tick, text in zip(self.ticks, self.tick_texts, strict=True):
            y = self.top + self.up(tick)
            sheet.lines([[(self.axis, y), (sheet.width, y)]], RULE, 0.8)
            sheet.text(self.axis - 8, y, text, size=SMALL, align="right", color=GREY)
        bottom = self.top + PLOT + 34
        breaks = [self.across(year - 0.5) for year in broken]
        sheet.lines([[(x, self.top - 20), (x, bottom)] for x in breaks], GREY, 1.0, linestyles=":")
        sheet.lines([[self._at(year) for year in run] for run in runs(sorted(self.own))], FOCUS, 2.2)
        sheet.dots([self._at(year) for year in self.own], fill=FOCUS)
        sheet.dots([self._at(year) for year in self.inherited], fill=WHITE, edge=FOCUS)
        for year in self.years:
            sheet.text(self.across(year), bottom + 8, str(year), align="center")
            self._label(year)
        return sheet.finish(bottom + 18)

    def _legend(self, broken: Sequence[int]) -> list[tuple[dict[str, Any], str]]:
        _ = translator(self.lang)
        legend: list[tuple[dict[str, Any], str]] = [({"fill": FOCUS}, _("chỉ số năm và hạng trong nhóm"))]
        if self.inherited:
            legend.append(({"fill": WHITE, "edge": FOCUS}, _("kế thừa từ đơn vị tiền thân, không xếp hạng")))
        if broken:
            text = _("bộ chỉ số thay đổi từ năm {years}").format(years=", ".join(map(str, broken)))
            legend.append(({"line": GREY, "style": ":"}, text))
        return legend

    def _at(self, year: int) -> tuple[float, float]:
        score = self.own[year] if year in self.own else self.inherited[year]
        return self.across(year), self.top + self.up(score)

    def _label(self, year: int) -> None:
        """Write index and place beside a point, on the side that the line leaves free."""
        _ = translator(self.lang)
        row = self.rows.get(year)
        words = _("không có số liệu") if row is None else _("không xếp hạng")
        if row is not None and not is_missing(row.rank):
            words = _("hạng {place}").format(place=place(row.rank, row.n_ranked, self.lang))
        if row is None or year not in {*self.own, *self.inherited}:
            self.sheet.text(self.across(year), self.top + PLOT + 18, words, size=SMALL, align="center", color=GREY)
            return
        x, y = self._at(year)
        score = number(row.index_score, self.decimals, self.lang)
        dx, dy, align = self._side(year)
        self.sheet.text(x + dx, y + dy - 7, score, align=align, weight="bold", color=FOCUS)
        self.sheet.text(x + dx, y + dy + 7, _("kế thừa") if year in self.inherited else words, size=SMALL, align=align)

    def _side(self, year: int) -> tuple[float, float, Align]:
        """Return where a label stands from its point: above, beside a rising or falling line, below a valley."""
        here = self.own.get(year)
        before, after = (self.own.get(item, here) for item in (year - 1, year + 1))
        if here is None or before is None or after is None or (before <= here >= after):
            return 0, -20, "center"
        if before >= here <= after:
            return 0, 20, "center"
        return (6, -20, "right") if before < here else (-6, -20, "left")
