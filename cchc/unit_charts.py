"""The charts of one unit's components: against the group's, and what is still to be won in each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from cchc.captions import INCOMPLETE, NOT_APPLICABLE, component_notes, component_text, group_name, names, subtitle
from cchc.cells import point_decimals
from cchc.dataset import Dataset
from cchc.facts import joined, rounded, total
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
    Weight,
    styled,
    widest,
    wrap,
)
from cchc.locale import is_missing, number, signed, translator
from cchc.table import Column, Table

BAR = 11.0  # height of a bar of points


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

    Examples
    --------
    >>> print(cchc.charts.profile(data, profile, history).title)
    Sở Nội vụ cao hơn trung vị nhóm ở 7/7 lĩnh vực có số liệu
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
        ({"fill": GREY, "marker": "|", "size": 18.0}, _("trung vị nhóm")),
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
        ("group_median", {"fill": GREY, "marker": "|", "size": 18.0}),
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


@styled()
def points_lost(data: Dataset, profile: pd.DataFrame, history: pd.DataFrame, lang: str = "vi") -> Chart | None:
    """Draw the points of each component that a unit has, and those that it has not of its applicable maximum.

    The component with the most points to win comes first; those that do not apply or are incomplete have no bar.

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
        None with fewer than two components, and where the points of none are known.

    Examples
    --------
    >>> print(cchc.charts.points_lost(data, profile, history).title)
    Sở Nội vụ còn 11,49/100,00 điểm chưa đạt, nhiều nhất ở Cải cách thủ tục hành chính: 2,80 điểm
    """
    if len(profile) < 2 or profile["open_points"].isna().all():
        return None
    _ = translator(lang)
    d = point_decimals(profile)
    unit: Any = next(history.iloc[-1:].itertuples())
    ordered = profile.sort_values("open_points", ascending=False, kind="stable", na_position="last")
    rows: list[Any] = list(ordered.itertuples())
    heads = [f"{row.code}. {name}" for row, name in zip(rows, names(rows, lang), strict=True)]
    title = _most_open(unit, profile, d, lang)
    text = _("Điểm đạt và điểm chưa đạt trong điểm tối đa áp dụng của từng lĩnh vực, năm {year}").format(year=unit.year)
    is_own = (data.rubric["year"] == unit.year) & (data.rubric["group"] == unit.group)
    if data.rubric.loc[is_own, "weight"].notna().any():
        text += _("; điểm chưa nhân trọng số của lĩnh vực")
    if unit.bonus or unit.penalty:
        text += _("; không gồm điểm cộng, điểm trừ")
    below = subtitle(data, history.iloc[-1:], unit.group, text, lang)
    alt = [
        _("Biểu đồ thanh, {n} lĩnh vực, nhiều điểm chưa đạt nhất ở trên cùng.").format(n=len(rows)),
        f"{title}.",
        _("Phần đậm là điểm đạt, phần rỗng là điểm chưa đạt."),
    ]
    kinds = (_("Điểm đạt"), _("Điểm chưa đạt"), _("Điểm tối đa áp dụng"))
    columns = (Column(_("Lĩnh vực")), *(Column(kind, "decimal", d) for kind in kinds))
    cells = [(head, row.points, row.open_points, row.max_points) for head, row in zip(heads, rows, strict=True)]
    table = Table(below, columns, tuple(cells), id="open-figures", lang=lang)
    return Chart(_bars(rows, heads, d, lang), title, below, " ".join(alt), table)


def _most_open(unit: Any, profile: pd.DataFrame, decimals: int, lang: str) -> str:
    """Say how many points a unit has not, of how many, and in which components most."""
    _ = translator(lang)
    known = profile[profile["open_points"].notna()]
    most = known["open_points"].max()
    lost, of = (number(rounded(total(known[name]), decimals), decimals, lang) for name in ("open_points", "max_points"))
    text = _("{unit} còn {lost}/{of} điểm chưa đạt, nhiều nhất ở {components}: {points} điểm")
    if (profile["is_applicable"] & ~profile["is_complete"]).any():
        text = _(
            "Ở các lĩnh vực đủ số liệu, {unit} còn {lost}/{of} điểm chưa đạt, nhiều nhất ở {components}: {points} điểm"
        )
    if most == 0:
        text = _("{unit} đạt {of}/{of} điểm ở các lĩnh vực có số liệu")
    first = joined(names(known[known["open_points"] == most].itertuples(), lang), lang)
    points = number(most, decimals, lang)
    return text.format(unit=getattr(unit, f"name_{lang}"), lost=lost, of=of, components=first, points=points)


def _bars(rows: Sequence[Any], heads: Sequence[str], decimals: int, lang: str) -> Figure:
    _ = translator(lang)
    sheet = Sheet()
    signs = [
        (INCOMPLETE if row.is_applicable else NOT_APPLICABLE) if is_missing(row.open_points) else "" for row in rows
    ]
    columns = [
        [sign or number(getattr(row, name), decimals, lang) for row, sign in zip(rows, signs, strict=True)]
        for name in ("points", "open_points", "max_points")
    ]
    labels = [wrap(text, 50, SMALL) for text in (_("đạt"), _("chưa đạt"), _("tối đa"))]
    legend: list[tuple[dict[str, Any], str]] = [
        ({"fill": FOCUS, "marker": "s", "size": 11.0}, _("điểm đạt")),
        ({"fill": WHITE, "edge": FOCUS, "marker": "s", "size": 10.0}, _("điểm chưa đạt")),
        *component_notes(signs, lang),
    ]
    top = sheet.legend(legend, 8) + 26
    names_of = Rows([""] * len(rows), heads, [False] * len(rows), limit=270)
    middles, edges = names_of.draw(sheet, top)
    ends = [sheet.width]
    for column, label in zip(columns[:0:-1], labels[:0:-1], strict=True):
        ends.insert(0, ends[0] - max(widest(column, weight="bold"), widest(label, SMALL)) - 14)
    room = max(widest(columns[0], weight="bold"), widest(labels[0], SMALL))
    longest = max(row.max_points for row in rows if not is_missing(row.max_points))
    scale = Scale(0, longest, names_of.right + 14, ends[0] - room - 16)
    sheet.axis(scale, top, edges[-1], lang)
    for row, y in zip(rows, middles, strict=True):
        if not is_missing(row.open_points):
            for start, end, fill in ((0, row.points, FOCUS), (row.points, row.max_points, WHITE)):
                corner, width = (scale(start), y - BAR / 2), scale(end) - scale(start)
                sheet.axes.add_patch(Rectangle(corner, width, BAR, fc=fill, ec=FOCUS, lw=1.3, clip_on=False, zorder=3))
    weights: tuple[Weight, ...] = ("normal", "bold", "normal")
    for x, column, label, weight in zip(ends, columns, labels, weights, strict=True):
        sheet.text(x, top - 9, label, size=SMALL, align="right", color=GREY)
        for y, text in zip(middles, column, strict=True):
            sheet.text(x, y, text, align="right", weight=weight)
    return sheet.finish(edges[-1] + 4)
