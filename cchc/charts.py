"""The charts of the pages, one function a chart. What is drawn is passed in; nothing is counted here.

seaborn imports pyplot, whose state is global: it draws on Axes of ours only, so that no figure is pyplot's.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from cchc.captions import NOT_APPLICABLE, component_notes, component_text, group_name, names, subtitle
from cchc.dataset import Dataset
from cchc.facts import joined, leaders, mean, period, reason, rounded
from cchc.figures import (
    FOCUS,
    GREY,
    INK,
    LEADING,
    PALE,
    ROW,
    RULE,
    SIZE,
    SMALL,
    WHITE,
    WIDTH,
    Chart,
    Rows,
    Scale,
    Sheet,
    ink_on,
    round_values,
    sequential,
    styled,
    tick_texts,
    widest,
    wrap,
)  # fmt: skip
from cchc.locale import is_missing, number, translator
from cchc.lookups import of_group
from cchc.movement import bump, dumbbell
from cchc.strips import strip
from cchc.table import Column, Table
from cchc.trends import small_multiples
from cchc.unit_charts import points_lost, profile
from cchc.unit_years import unit_history

__all__ = [
    "Chart", "bump", "dot_plot", "dumbbell", "heat_map", "points_lost", "profile", "small_multiples", "strip",
    "unit_history",
]  # fmt: skip


@styled()
def dot_plot(data: Dataset, ranking: pd.DataFrame, group: str, lang: str = "vi") -> Chart | None:
    """Draw one group's indices as dots in the order of its ranking; units without a place stand below, with the reason.

    Parameters
    ----------
    data : Dataset
    ranking : DataFrame
        From `rank_year` (last year's index is then a pale dot) or `rank_stage`.
    group : str
    lang : str

    Returns
    -------
    Chart or None
        None where no ranked unit of the group has an index.

    Examples
    --------
    >>> print(cchc.charts.dot_plot(data, ranking, "so-nganh").title)
    Sở Tài chính dẫn đầu nhóm Sở, ban, ngành tỉnh năm 2024: 93,88 điểm
    """
    _ = translator(lang)
    d = data.scheme.decimals
    rows = of_group(data, ranking, group)
    ranked: list[Any] = list(rows[rows["rank"].notna()].itertuples())
    unranked: list[Any] = list(rows[rows["rank"].isna()].itertuples())
    scores = [float(row.index_score) for row in ranked if not is_missing(row.index_score)]
    if not scores:
        return None
    before = [getattr(row, "previous_index_score", None) for row in ranked]
    has_before = not all(map(is_missing, before))
    leads = [row.rank == 1 for row in ranked]
    reasons = [reason(data, row, lang) for row in unranked]

    when = period(data, rows, lang)
    text = _("{units} cùng dẫn đầu nhóm {group} {period}: {value} điểm") if sum(leads) > 1 else _(
        "{units} dẫn đầu nhóm {group} {period}: {value} điểm")  # fmt: skip
    title = text.format(units=joined(names(leaders(rows).itertuples(), lang), lang), period=when,
                        group=group_name(data, group, lang), value=number(ranked[0].index_score, d, lang))  # fmt: skip
    text = _("Chỉ số {period}, thang điểm 100; {n} đơn vị được xếp hạng").format(period=when, n=len(ranked))
    below = subtitle(data, rows, group, text, lang)
    alt = [
        _("Biểu đồ chấm, {n} đơn vị xếp theo thứ hạng từ trên xuống.").format(n=len(ranked)),
        f"{title}.",
        _("Chỉ số từ {low} đến {high}.").format(low=number(min(scores), d, lang), high=number(max(scores), d, lang)),
        _("Chấm to màu xanh là đơn vị dẫn đầu, chấm xám là đơn vị khác."),
        *([_("Chấm rỗng là chỉ số năm trước.")] if has_before else []),
        *([_("{n} đơn vị không xếp hạng, ghi ở cuối kèm lý do.").format(n=len(unranked))] if unranked else []),
    ]
    columns = [Column(_("Hạng"), "place"), Column(_("Đơn vị")), Column(_("Chỉ số"), "decimal", d)]
    columns += [Column(_("Chỉ số năm trước"), "decimal", d)] if has_before else []
    cells: list[tuple[Any, ...]] = [
        ((row.rank, row.n_ranked), name, row.index_score, past)
        for row, name, past in zip(ranked, names(ranked, lang), before, strict=True)
    ]
    cells += [(None, f"{name} ({why})", None, None) for name, why in zip(names(unranked, lang), reasons, strict=True)]
    table = Table(below, tuple(columns), tuple(cell[: len(columns)] for cell in cells), id=f"dots-{group}", lang=lang)

    sheet = Sheet()
    bottom = _dots(sheet, ranked, before, d, lang)
    bottom = _unranked(sheet, bottom, names(unranked, lang), reasons, lang)
    return Chart(sheet.finish(bottom), title, below, " ".join(alt), table)


def _dots(sheet: Sheet, ranked: Sequence[Any], before: Sequence[Any], decimals: int, lang: str) -> float:
    """Draw the rows of the ranked units, and return the y below them."""
    _ = translator(lang)
    leads = [row.rank == 1 for row in ranked]
    values = [number(row.index_score, decimals, lang) for row in ranked]
    signs = ["=" * bool(row.is_tied) + "≈" * bool(row.is_near_tied) for row in ranked]
    top = 22 + sheet.legend(
        [
            ({"fill": FOCUS, "size": 10.0}, _("đơn vị dẫn đầu")),
            *([({"fill": GREY}, _("đơn vị khác"))] if not all(leads) else []),
            *([({"fill": WHITE, "edge": PALE}, _("chỉ số năm trước"))] if not all(map(is_missing, before)) else []),
            *([({}, _("= đồng hạng"))] if any("=" in sign for sign in signs) else []),
            *([({}, _("≈ điểm sát nhau"))] if any("≈" in sign for sign in signs) else []),
        ],
        8,
    )
    rows = Rows([f"{row.rank}." for row in ranked], names(ranked, lang), leads)
    middles, edges = rows.draw(sheet, top)
    right = sheet.width - (widest(signs) + 6 if any(signs) else 0)
    shown = [float(value) for value in (*before, *(row.index_score for row in ranked)) if not is_missing(value)]
    scale = Scale.over(shown, rows.right + 14, right - widest(values, weight="bold") - 14)
    sheet.axis(scale, top, edges[-1], lang)
    sheet.lines([[(scale.start, y), (scale.end, y)] for y in middles], RULE)
    past = [(scale(value), y) for value, y in zip(before, middles, strict=True) if not is_missing(value)]
    sheet.dots(past, fill=WHITE, edge=PALE)
    now = [
        (row.rank == 1, scale(row.index_score), y)
        for row, y in zip(ranked, middles, strict=True)
        if not is_missing(row.index_score)
    ]
    sheet.dots([(x, y) for leads, x, y in now if not leads], fill=GREY)
    sheet.dots([(x, y) for leads, x, y in now if leads], fill=FOCUS, size=10.0)
    for y, value, sign, first in zip(middles, values, signs, leads, strict=True):
        sheet.text(right, y, value, align="right", weight="bold" if first else "normal", color=FOCUS if first else INK)
        sheet.text(sheet.width, y, sign, align="right")
    return edges[-1]


def _unranked(sheet: Sheet, top: float, units: Sequence[str], reasons: Sequence[str], lang: str) -> float:
    """List the units that have no place below a line, each with the reason, and return the y below them."""
    if not units:
        return top + 4
    _ = translator(lang)
    sheet.lines([[(0, top + 8), (sheet.width, top + 8)]], GREY)
    sheet.text(0, top + 20, _("Không xếp hạng"), size=SMALL, weight="bold", color=GREY)
    y = top + 30
    for unit, why in zip(units, reasons, strict=True):
        lines = wrap(f"{unit}: {why}", sheet.width)
        height = ROW + (len(lines) - 1) * SIZE * LEADING
        sheet.text(0, y + height / 2, lines)
        y += height
    return y + 4


@styled()
def heat_map(
    data: Dataset, components: pd.DataFrame, ranking: pd.DataFrame, group: str, lang: str = "vi"
) -> Chart | None:
    """Draw the component indices of one group's units, with their values, in the order of the ranking.

    Parameters
    ----------
    data : Dataset
    components : DataFrame
        From `score_components`; other years than the ranking's are left out.
    ranking : DataFrame
        From `rank_year`.
    group : str
    lang : str

    Returns
    -------
    Chart or None
        None where the rubric has one component, or the year has no component figures.

    Examples
    --------
    >>> print(cchc.charts.heat_map(data, components, ranking, "so-nganh").title)
    Cải cách tài chính công là lĩnh vực có chỉ số trung bình thấp nhất của nhóm Sở, ban, ngành tỉnh năm 2024:
    81,84
    """
    _ = translator(lang)
    d = data.scheme.decimals
    ranking = of_group(data, ranking, group)
    table = components[(components["group"] == group) & components["year"].isin(ranking["year"])]
    known = table[table["index_score"].notna()]
    if table["code"].nunique() < 2 or known.empty:
        return None
    heads = list(table.drop_duplicates("code").itertuples())
    head_names = [f"{head.code}. {name}" for head, name in zip(heads, names(heads, lang), strict=True)]
    found = {(row.unit_id, row.code): row for row in table.itertuples()}
    year = int(ranking["year"].iloc[0])
    ranking = ranking[ranking["unit_id"].isin(table["unit_id"])]
    units = list(ranking.itertuples())
    grid = [[found[unit.unit_id, head.code] for head in heads] for unit in units]

    title = _weakest(data, known, year, group, lang)
    text = _("Chỉ số thành phần năm {year}, phần trăm điểm tối đa áp dụng; {n} đơn vị theo thứ hạng, {m} lĩnh vực")
    below = subtitle(data, ranking, group, text.format(year=year, n=len(units), m=len(heads)), lang)
    text = _("Bảng màu {n} đơn vị theo {m} lĩnh vực; ô càng đậm chỉ số càng cao, giá trị ghi trong ô.")
    low, high = (number(value, d, lang) for value in (known["index_score"].min(), known["index_score"].max()))
    alt = [
        text.format(n=len(units), m=len(heads)),
        f"{title}.",
        _("Chỉ số từ {low} đến {high}.").format(low=low, high=high),
    ]
    first = names(leaders(ranking).itertuples(), lang)
    alt += [_("Dẫn đầu về chỉ số chung: {units}.").format(units=joined(first, lang))] if first else []
    columns = [Column(_("Hạng"), "place"), Column(_("Đơn vị")), *(Column(name, "decimal", d) for name in head_names)]
    cells = [
        (None if is_missing(unit.rank) else (unit.rank, unit.n_ranked), name, *(cell.index_score for cell in line))
        for unit, name, line in zip(units, names(units, lang), grid, strict=True)
    ]
    figures = Table(below, tuple(columns), tuple(cells), id=f"heat-{group}", lang=lang)

    places = [NOT_APPLICABLE if is_missing(unit.rank) else f"{unit.rank}." for unit in units]
    rows = Rows(places, names(units, lang), [place == "1." for place in places], limit=205)
    return Chart(_cells(rows, head_names, grid, d, lang), title, below, " ".join(alt), figures)


def _weakest(data: Dataset, known: pd.DataFrame, year: int, group: str, lang: str) -> str:
    """Say which component is weakest on average; not of a group whose table lacks units."""
    _ = translator(lang)
    d = data.scheme.decimals
    if not data.scheme.group(group).complete:
        return _("Chỉ số thành phần của nhóm {group} năm {year}").format(group=group_name(data, group, lang), year=year)
    means = known.groupby("code", sort=False)["index_score"].agg(mean)
    lowest = known[known["code"].isin(means.index[means == means.min()])].drop_duplicates("code")
    text = _("{components} là lĩnh vực có chỉ số trung bình thấp nhất của nhóm {group} năm {year}: {value}")
    value = number(rounded(means.min(), d), d, lang)
    components = ", ".join(names(lowest.itertuples(), lang))
    return text.format(components=components, group=group_name(data, group, lang), year=year, value=value)


def _cells(rows: Rows, heads: Sequence[str], grid: Sequence[Sequence[Any]], decimals: int, lang: str) -> Figure:
    """Draw the cells under the wrapped names of their components; columns are as wide as the longest word needs."""
    _ = translator(lang)
    texts = [[component_text(cell, decimals, lang) for cell in line] for line in grid]
    flat = [text for line in texts for text in line]
    left = rows.right + 12
    least = max(widest((word for head in heads for word in head.split()), SMALL) + 8, widest(flat) + 8)
    step = max((WIDTH - left) / len(heads), least)
    sheet = Sheet(left + step * len(heads))
    scores = np.array([[cell.index_score for cell in line] for line in grid], dtype=float)
    limits = round_values(np.nanmin(scores), np.nanmax(scores), 6)
    colours = sequential(len(limits) - 1)
    bounds = tick_texts(limits, lang)
    legend: list[tuple[dict[str, Any], str]] = [
        ({"fill": colour, "edge": GREY, "marker": "s", "size": 11.0}, f"{low}–{high}")
        for colour, low, high in zip(colours, bounds, bounds[1:], strict=False)
    ]
    legend += component_notes(flat, lang)
    lines = [wrap(head, step - 6, SMALL) for head in heads]
    top = sheet.legend(legend, 8) + max(map(len, lines)) * SMALL * LEADING + 8
    for at, head in enumerate(lines):
        sheet.text(
            left + step * (at + 0.5), top - 6 - len(head) * SMALL * LEADING / 2, head, size=SMALL, align="center"
        )
    middles, edges = rows.draw(sheet, top)
    bands = np.digitize(scores, limits[1:-1])
    for y, upper, lower, line, of_line, known in zip(
        middles, edges, edges[1:], texts, bands, ~np.isnan(scores), strict=False
    ):
        for at, text in enumerate(line):
            x = left + step * at
            if text == NOT_APPLICABLE:
                sides = (step - 2, lower - upper - 2)
                hatched = Rectangle((x + 1, upper + 1), *sides, fc="#F3F4F5", ec=PALE, lw=0, hatch="///", clip_on=False)
                sheet.axes.add_patch(hatched)
            sheet.text(x + step / 2, y, text, align="center", color=ink_on(colours[of_line[at]]) if known[at] else INK)
    height = edges[-1] + 2
    figure = sheet.finish(height)
    axes = figure.add_axes((left / sheet.width, 2 / height, 1 - left / sheet.width, (edges[-1] - top) / height))
    # seaborn's rows are equally high, ours as high as the names beside them
    counts = np.arange(len(edges))
    scale = (lambda row: np.interp(row, counts, edges), lambda y: np.interp(y, edges, counts))
    axes.set_yscale("function", functions=scale)
    sns.heatmap(
        bands, mask=np.isnan(scores), ax=axes, cbar=False, cmap=ListedColormap(colours), vmin=-0.5, clip_on=False,
        vmax=len(colours) - 0.5, linecolor=WHITE, linewidths=1.5, xticklabels=False, yticklabels=False,
    )  # fmt: skip
    axes.set_axis_off()
    return figure
