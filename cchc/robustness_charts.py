"""The charts of the page on robustness: between which places a unit moves, by chance or under other weights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from cchc.captions import group_name, subtitle
from cchc.dataset import Dataset
from cchc.facts import joined, period
from cchc.figures import FOCUS, GREY, INK, RULE, SMALL, Chart, Rows, Scale, Sheet, round_values, styled, widest
from cchc.locale import translator
from cchc.lookups import of_group
from cchc.robustness_words import limits, percent, unit_names
from cchc.table import Column, Table


@dataclass(frozen=True)
class _Span:
    """One unit's row of a chart: its place, name, between which places it moves, how often it is first."""

    group: str
    rank: int
    n_ranked: int
    name: str
    low: int
    high: int
    first: float


@dataclass(frozen=True)
class _Words:
    """What a chart says: its title, what it shows, and the heads of its two ends and of the share of first places."""

    title: str
    about: str
    heads: tuple[str, str, str]


@styled()
def rank_spans(
    data: Dataset, ranking: pd.DataFrame, intervals: pd.DataFrame, group: str, lang: str = "vi"
) -> Chart | None:
    """Draw between which places each unit of a group would be found if the years of a stage were repeated.

    Parameters
    ----------
    data : Dataset
    ranking : DataFrame
        From `rank_stage`.
    intervals : DataFrame
        From `rank_intervals`, of the same stage.
    group : str
    lang : str

    Returns
    -------
    Chart or None
        None where the group has no interval.

    Examples
    --------
    >>> print(cchc.robustness_charts.rank_spans(data, stage, intervals, "so-nganh").title)
    Sở Tài chính đứng thứ nhất trong 96,5 % số lần mô phỏng, nhóm Sở, ban, ngành tỉnh
    """
    _ = translator(lang)
    words = _Words(
        _("{units} đứng thứ nhất trong {share} số lần mô phỏng, nhóm {group}"),
        _("Khoảng hạng {period}, từ {low} % đến {high} % số lần mô phỏng; số bên phải: tỷ lệ số lần đứng thứ nhất"),
        (_("Từ hạng"), _("Đến hạng"), _("Đứng thứ nhất, %")),
    )
    columns = ("lower_rank", "upper_rank", "first_probability")
    return _chart(data, ranking, _spans(data, ranking, intervals, group, columns, lang), words, f"spans-{group}", lang)


@styled()
def weight_spans(
    data: Dataset, ranking: pd.DataFrame, ranges: pd.DataFrame, group: str, lang: str = "vi"
) -> Chart | None:
    """Draw between which places each unit of a group moves in one year when the weights vary.

    Parameters
    ----------
    data : Dataset
    ranking : DataFrame
        From `rank_year`.
    ranges : DataFrame
        From `weight_ranges`, of the same year.
    group : str
    lang : str

    Returns
    -------
    Chart or None
        None where the group has no component figures.

    Examples
    --------
    >>> print(cchc.robustness_charts.weight_spans(data, ranking, ranges, "so-nganh").title)
    Sở Tài chính đứng thứ nhất với 100,0 % số bộ trọng số, nhóm Sở, ban, ngành tỉnh
    """
    _ = translator(lang)
    words = _Words(
        _("{units} đứng thứ nhất với {share} số bộ trọng số, nhóm {group}"),
        _("Phạm vi hạng {period} khi mỗi trọng số thay đổi trong khoảng {spread} %; số bên phải: tỷ lệ đứng thứ nhất"),
        (_("Hạng tốt nhất"), _("Hạng kém nhất"), _("Đứng thứ nhất, %")),
    )
    columns = ("best_rank", "worst_rank", "first_share")
    return _chart(
        data, ranking, _spans(data, ranking, ranges, group, columns, lang), words, f"weight-spans-{group}", lang
    )


def _spans(
    data: Dataset, ranking: pd.DataFrame, table: pd.DataFrame, group: str, columns: tuple[str, str, str], lang: str
) -> list[_Span]:
    """Return one group's rows; `columns` are those of the two ends and of the share of first places."""
    rows = of_group(data, table[table[columns[0]].notna()], group)
    names = unit_names(ranking, rows["unit_id"], lang)
    values = zip(*(rows[column] for column in ("rank", "n_ranked", *columns)), strict=True)
    return [
        _Span(group, int(rank), int(n_ranked), name, int(low), int(high), float(first))
        for name, (rank, n_ranked, low, high, first) in zip(names, values, strict=True)
    ]


def _chart(
    data: Dataset, ranking: pd.DataFrame, spans: Sequence[_Span], words: _Words, table_id: str, lang: str
) -> Chart | None:
    if not spans:
        return None
    _ = translator(lang)
    group = spans[0].group
    leading = [span for span in spans if span.rank == 1]
    title = words.title.format(
        units=joined([span.name for span in leading], lang),
        share=percent(min(span.first for span in leading), lang),  # the least, where the place is tied
        group=group_name(data, group, lang),
    )
    listed = ranking[ranking["group"] == group]
    about = words.about.format(period=period(data, listed, lang), **limits(lang))
    below = subtitle(data, listed, group, about, lang)
    fixed = sum(span.low == span.high for span in spans)
    alt = [
        _("Mỗi dòng một đơn vị, theo hạng chính thức: chấm là hạng chính thức, vạch là các hạng có thể có."),
        f"{title}.",
        _("{n}/{total} đơn vị chỉ có một hạng.").format(n=fixed, total=len(spans)),
    ]
    low, high, first = words.heads
    columns = (
        Column(_("Hạng"), "place"),
        Column(_("Đơn vị")),
        Column(low, "integer"),
        Column(high, "integer"),
        Column(first, "decimal", 1),
    )
    cells = tuple(((span.rank, span.n_ranked), span.name, span.low, span.high, 100 * span.first) for span in spans)
    table = Table(below, columns, cells, id=table_id, lang=lang)
    return Chart(_draw(spans, lang), title, below, " ".join(alt), table)


def _draw(spans: Sequence[_Span], lang: str) -> Figure:
    _ = translator(lang)
    sheet = Sheet()
    legend: list[tuple[dict[str, Any], str]] = [
        ({"fill": FOCUS, "size": 9.0}, _("hạng chính thức")),
        ({"line": GREY, "width": 5.0}, _("các hạng có thể có")),
    ]
    top = sheet.legend(legend, 8) + 22
    leads = [span.rank == 1 for span in spans]
    rows = Rows([f"{span.rank}." for span in spans], [span.name for span in spans], leads)
    middles, edges = rows.draw(sheet, top)
    shares = [percent(span.first, lang) for span in spans]
    last = max(2, *(span.high for span in spans), *(span.rank for span in spans))
    scale = Scale(1, last, rows.right + 20, sheet.width - widest(shares, weight="bold") - 24)
    for tick in sorted({1, *(int(value) for value in round_values(1, last, 8) if 1 <= value <= last), last}):
        sheet.lines([[(scale(tick), top), (scale(tick), edges[-1])]], RULE, 0.8)
        sheet.text(scale(tick), top - 9, str(tick), size=SMALL, align="center", color=GREY)
    bars = [[(scale(span.low), y), (scale(span.high), y)] for span, y in zip(spans, middles, strict=True)]
    sheet.lines(bars, GREY, 5.0, capstyle="round")
    sheet.dots([(scale(span.rank), y) for span, y in zip(spans, middles, strict=True)], fill=FOCUS, size=9.0)
    for y, share, strong in zip(middles, shares, leads, strict=True):
        sheet.text(sheet.width, y, share, align="right", weight="bold" if strong else "normal",
                   color=FOCUS if strong else INK)  # fmt: skip
    return sheet.finish(edges[-1] + 4)
