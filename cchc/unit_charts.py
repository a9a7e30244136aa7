"""The charts of one unit's components: against the group's, and what is still to be won in each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from cchc.captions import component_notes, component_text, group_name, names, subtitle
from cchc.dataset import Dataset
from cchc.figures import (
    FOCUS,
    GREY,
    LEADING,
    PALE,
    RULE,
    SMALL,
    WHITE,
    Chart,
    Rows,
    Scale,
    Sheet,
    styled,
    widest,
    wrap,
)
from cchc.locale import is_missing, signed, translator
from cchc.table import Column, Table


@styled()
def profile(data: Dataset, profile: pd.DataFrame, history: pd.DataFrame, lang: str = "vi") -> Chart | None:
    """Draw each component index of a unit as a dot beside the median and the best of its group.

    Parameters
    ----------
    data : Dataset
    profile : DataFrame
        From `component_profile`.
    history : DataFrame
        From `unit_history`, of the same unit and year.
    lang : str

    Returns
    -------
    Chart or None
        None with fewer than two components, and where no other unit of the group has component figures.
    """
    if len(profile) < 2 or profile["n_units"].max() < 2:
        return None
    _ = translator(lang)
    d = data.scheme.decimals
    unit: Any = next(history.iloc[-1:].itertuples())
    rows: list[Any] = list(profile.itertuples())
    heads = [f"{row.code}. {name}" for row, name in zip(rows, names(rows, lang), strict=True)]
    title = _against_median(data, unit, rows, lang)
    text = _(
        "Chỉ số thành phần năm {year}, phần trăm điểm tối đa áp dụng; so với {n} đơn vị có số liệu của nhóm {group}"
    )
    counts = {"year": unit.year, "n": max(row.n_units for row in rows), "group": group_name(data, unit.group, lang)}
    below = subtitle(data, history.iloc[-1:], unit.group, text.format(**counts), lang)
    alt = [
        _("Biểu đồ chấm, {n} lĩnh vực.").format(n=len(rows)),
        f"{title}.",
        _("Chấm xanh là đơn vị, vạch đứng là trung vị của nhóm, chấm rỗng là đơn vị cao nhất nhóm."),
    ]
    table = Table(
        below,
        (Column(_("Lĩnh vực")), Column(_("Đơn vị"), "decimal", d), Column(_("Trung vị nhóm"), "decimal", d),
         Column(_("Cao nhất nhóm"), "decimal", d)),
        tuple((head, row.index_score, row.group_median, row.group_best) for head, row in zip(heads, rows, strict=True)),
        id="profile-figures",
        lang=lang,
    )  # fmt: skip
    return Chart(_profile(rows, heads, d, lang), title, below, " ".join(alt), table)


def _against_median(data: Dataset, unit: Any, rows: Sequence[Any], lang: str) -> str:
    """Say in how many components the unit is above the median, and where it is furthest below."""
    _ = translator(lang)
    gaps = [row.median_gap for row in rows if not is_missing(row.median_gap)]
    names_of = {"unit": getattr(unit, f"name_{lang}"), "n": sum(gap > 0 for gap in gaps), "m": len(gaps)}
    if not gaps:
        return _("Chưa có chỉ số thành phần nào của {unit}").format(**names_of)
    if min(gaps) >= 0:
        return _("{unit} cao hơn trung vị nhóm ở {n}/{m} lĩnh vực có số liệu").format(**names_of)
    lowest = [row for row in rows if row.median_gap == min(gaps)]
    text = _(
        "{unit} cao hơn trung vị nhóm ở {n}/{m} lĩnh vực có số liệu; kém trung vị nhiều nhất: {components} ({gap})"
    )
    gap = signed(min(gaps), data.scheme.decimals, lang)
    return text.format(components=", ".join(names(lowest, lang)), gap=gap, **names_of)


def _profile(rows: Sequence[Any], heads: Sequence[str], decimals: int, lang: str) -> Figure:
    _ = translator(lang)
    sheet = Sheet()
    values = [component_text(row, decimals, lang) for row in rows]
    gaps = ["" if is_missing(row.median_gap) else signed(row.median_gap, decimals, lang) for row in rows]
    columns = [wrap(text, 60, SMALL) for text in (_("đơn vị"), _("so với trung vị"))]
    legend: list[tuple[dict[str, Any], str]] = [
        ({"fill": FOCUS, "size": 10.0}, _("đơn vị")),
        ({"fill": GREY, "marker": "|", "size": 14.0}, _("trung vị nhóm")),
        ({"fill": WHITE, "edge": PALE}, _("cao nhất nhóm")),
        *component_notes(values, lang),
    ]
    top = sheet.legend(legend, 8) + 30
    labels = Rows([""] * len(rows), heads, [False] * len(rows), limit=300)
    middles, edges = labels.draw(sheet, top)
    last = sheet.width - max(widest(gaps), widest(columns[1], SMALL)) - 14
    scores = [score for row in rows for score in (row.index_score, row.group_median, row.group_best)]
    scale = Scale.over(
        [score for score in scores if not is_missing(score)],
        labels.right + 14,
        last - max(widest(values, weight="bold"), widest(columns[0], SMALL)) - 16,
    )
    sheet.axis(scale, top, edges[-1], lang)
    sheet.lines([[(scale.start, y), (scale.end, y)] for y in middles], RULE)
    marks: tuple[tuple[str, dict[str, Any]], ...] = (
        ("group_best", {"fill": WHITE, "edge": PALE}),
        ("group_median", {"fill": GREY, "marker": "|", "size": 14.0}),
        ("index_score", {"fill": FOCUS, "size": 10.0}),
    )
    for column, mark in marks:
        at = [(getattr(row, column), y) for row, y in zip(rows, middles, strict=True)]
        sheet.dots([(scale(score), y) for score, y in at if not is_missing(score)], **mark)
    for x, lines in zip((last, sheet.width), columns, strict=True):
        y = top - 4 - len(lines) * SMALL * LEADING / 2
        sheet.text(x, y, lines, size=SMALL, align="right", color=GREY)
    for y, value, gap in zip(middles, values, gaps, strict=True):
        sheet.text(last, y, value, align="right", weight="bold", color=FOCUS)
        sheet.text(sheet.width, y, gap, align="right")
    return sheet.finish(edges[-1] + 4)
