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
from cchc.robustness_words import percent, unit_names
from cchc.table import Column, Table


@dataclass(frozen=True)
class _Span:
    """One unit's row of a chart: its place, name, between which places it moves, how often it is first."""

    rank: int
    n_ranked: int
    name: str
    low: int
    high: int
    first: float


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
    """
    rows = intervals[(intervals["group"] == group) & intervals["lower_rank"].notna()]
    if rows.empty:
        return None
    _ = translator(lang)
    spans = _spans(rows, ranking, ("lower_rank", "upper_rank", "first_probability"), lang)
    title = _title(data, spans, group, lang, _("{units} đứng thứ nhất trong {share} số lần mô phỏng, nhóm {group}"))
    text = _("Khoảng hạng {period}, từ 5 % đến 95 % số lần mô phỏng; số bên phải: tỷ lệ số lần đứng thứ nhất")
    of_group = ranking[ranking["group"] == group]
    below = subtitle(data, of_group, group, text.format(period=period(data, of_group, lang)), lang)
    heads = (_("Từ hạng"), _("Đến hạng"), _("Đứng thứ nhất, %"))
    return _chart(spans, title, below, heads, f"spans-{group}", lang)


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
    """
    rows = ranges[(ranges["group"] == group) & ranges["best_rank"].notna()]
    if rows.empty:
        return None
    _ = translator(lang)
    spans = _spans(rows, ranking, ("best_rank", "worst_rank", "first_share"), lang)
    title = _title(data, spans, group, lang, _("{units} đứng thứ nhất với {share} số bộ trọng số, nhóm {group}"))
    text = _("Phạm vi hạng {period} khi mỗi trọng số thay đổi trong khoảng 25 %; số bên phải: tỷ lệ đứng thứ nhất")
    of_group = ranking[ranking["group"] == group]
    below = subtitle(data, of_group, group, text.format(period=period(data, of_group, lang)), lang)
    heads = (_("Hạng tốt nhất"), _("Hạng kém nhất"), _("Đứng thứ nhất, %"))
    return _chart(spans, title, below, heads, f"weight-spans-{group}", lang)


def _spans(rows: pd.DataFrame, ranking: pd.DataFrame, columns: tuple[str, str, str], lang: str) -> list[_Span]:
    names = unit_names(ranking, rows["unit_id"], lang)
    values = zip(*(rows[column] for column in ("rank", "n_ranked", *columns)), strict=True)
    return [
        _Span(int(rank), int(n_ranked), name, int(low), int(high), float(first))
        for name, (rank, n_ranked, low, high, first) in zip(names, values, strict=True)
    ]


def _title(data: Dataset, spans: Sequence[_Span], group: str, lang: str, text: str) -> str:
    """Fill in the title: who leads officially, and in how many draws it does (the fewest, where a place is tied)."""
    leading = [span for span in spans if span.rank == 1]
    share = percent(min(span.first for span in leading), lang)
    units = joined([span.name for span in leading], lang)
    return text.format(units=units, share=share, group=group_name(data, group, lang))


def _chart(
    spans: Sequence[_Span], title: str, below: str, heads: tuple[str, str, str], table_id: str, lang: str
) -> Chart:
    _ = translator(lang)
    fixed = sum(span.low == span.high for span in spans)
    alt = " ".join(
        [
            _("Mỗi dòng một đơn vị, theo hạng chính thức: chấm là hạng chính thức, vạch là các hạng có thể có."),
            f"{title}.",
            _("{n}/{total} đơn vị chỉ có một hạng.").format(n=fixed, total=len(spans)),
        ]
    )
    low, high, first = heads
    columns = (
        Column(_("Hạng"), "place"),
        Column(_("Đơn vị")),
        Column(low, "integer"),
        Column(high, "integer"),
        Column(first, "decimal", 1),
    )
    cells = tuple(((span.rank, span.n_ranked), span.name, span.low, span.high, 100 * span.first) for span in spans)
    return Chart(_draw(spans, lang), title, below, alt, Table(below, columns, cells, id=table_id, lang=lang))


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
