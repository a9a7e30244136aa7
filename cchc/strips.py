"""The chart of all groups: a strip each, a mark for every ranked unit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from cchc.captions import group_name, names, subtitle
from cchc.dataset import Dataset
from cchc.facts import is_stage, joined, leaders, period, period_years, rounded
from cchc.figures import (
    FOCUS,
    GREY,
    INK,
    LEADING,
    RULE,
    SIZE,
    SMALL,
    Chart,
    Scale,
    Sheet,
    styled,
    tick_texts,
    widest,
    wrap,
)  # fmt: skip
from cchc.locale import number, translator
from cchc.series import rubrics_differ
from cchc.spreads import group_spreads
from cchc.table import Column, Table

NAMES = 172.0  # width of the groups' names
APART = 11.0  # from mark to mark: the width of a leader's, the larger, and a hair
BETWEEN = 16.0  # from strip to strip


@dataclass(frozen=True)
class _Strip:
    """What one strip shows.

    Attributes
    ----------
    name, note, facts : list of str
        Lines at the left, in bold and plain, and at the right.
    leader : str
        Who leads, with the index.
    units : list of (float, bool)
        Index of each unit, and whether it leads.
    """

    name: list[str]
    note: list[str]
    facts: list[str]
    leader: str
    units: list[tuple[float, bool]]
    median: float


@styled()
def strip(data: Dataset, ranking: pd.DataFrame, lang: str = "vi") -> Chart | None:
    """Draw each group's ranked units as marks on one scale of indices, the leader named, the median marked.

    Marks that would touch stand above and below each other, so that none hides another.

    Parameters
    ----------
    data : Dataset
    ranking : DataFrame
        From `rank_year` or `rank_stage`.
    lang : str

    Returns
    -------
    Chart or None
        None where no group has a ranked unit with an index.

    Examples
    --------
    >>> print(cchc.charts.strip(data, ranking).title)
    Chênh lệch giữa đơn vị cao nhất và thấp nhất của từng nhóm năm 2024, điểm: Sở ngành 21,16; Sự nghiệp 20,11;
    Cấp huyện 19,47; Trung ương 12,25
    """
    spreads = group_spreads(data, ranking)
    if spreads.empty:
        return None
    _ = translator(lang)
    d = data.scheme.decimals
    known = ranking[ranking["rank"].notna() & ranking["index_score"].notna()]
    records: list[Any] = list(spreads.itertuples())
    groups = [(group, known[known["group"] == group.group]) for group in records]
    title, below, alt = _texts(data, ranking, groups, lang)
    cells = [
        ((row.rank, row.n_ranked), name, group_name(data, group.group, lang), row.index_score)
        for group, rows in groups
        for row, name in zip(rows.itertuples(), names(rows.itertuples(), lang), strict=True)
    ]
    columns = (Column(_("Hạng"), "place"), Column(_("Đơn vị")), Column(_("Nhóm")), Column(_("Chỉ số"), "decimal", d))
    table = Table(below, columns, tuple(cells), id="strip-figures", lang=lang)
    return Chart(_draw([_strip(data, *pair, lang) for pair in groups], lang), title, below, alt, table)


def _texts(
    data: Dataset, ranking: pd.DataFrame, groups: Sequence[tuple[Any, pd.DataFrame]], lang: str
) -> tuple[str, str, str]:
    """Return title, subtitle and text alternative."""
    _ = translator(lang)
    when = period(data, ranking, lang)
    drawn = [group.group for group, _rows in groups]
    text = _("Chỉ số {period}, thang điểm 100; mỗi chấm một đơn vị được xếp hạng").format(period=when)
    whole = [group for group, _rows in groups if group.is_complete and group.spread]
    title = _widest(data, whole, when, lang)
    if rubrics_differ(data, drawn, period_years(data, ranking)):
        text += _("; các nhóm không cùng bộ tiêu chí, không so sánh chỉ số giữa các nhóm")
        title = _each(data, whole, when, lang)
    alt = [_("Biểu đồ dải, {n} nhóm, mỗi chấm một đơn vị.").format(n=len(groups)), f"{title}."]
    for group, rows in groups:
        said = _("{group}: {n} đơn vị, chỉ số từ {low} đến {high}, trung vị {median}.")
        name = group_name(data, group.group, lang)
        alt.append(said.format(group=name, n=group.n_units, **_bounds(data, group, lang)))
        first = names(leaders(rows).itertuples(), lang)
        alt += [_("Dẫn đầu: {units}.").format(units=joined(first, lang))] if first else []
    return title, subtitle(data, ranking[ranking["group"].isin(drawn)], None, text, lang), " ".join(alt)


def _bounds(data: Dataset, group: Any, lang: str) -> dict[str, str]:
    values = {"low": group.lowest, "high": group.highest, "median": group.median}
    return {name: number(value, data.scheme.decimals, lang) for name, value in values.items()}


def _each(data: Dataset, whole: Sequence[Any], when: str, lang: str) -> str:
    """Say how far first and last are apart in each group, without comparing groups that stand on different rubrics."""
    _ = translator(lang)
    if len(whole) < 2:
        return _widest(data, whole, when, lang)
    d = data.scheme.decimals
    gaps = [f"{data.scheme.group(item.group).label(lang)} {number(rounded(item.spread, d), d, lang)}" for item in whole]
    text = _("Chênh lệch giữa đơn vị cao nhất và thấp nhất của từng nhóm {period}, điểm: {gaps}")
    return text.format(period=when, gaps="; ".join(gaps))


def _widest(data: Dataset, whole: Sequence[Any], when: str, lang: str) -> str:
    """Say in which group first and last are furthest apart; not of one whose list lacks units."""
    _ = translator(lang)
    if not whole:
        return _("Chỉ số của các đơn vị theo nhóm, {period}").format(period=when)
    most = max(group.spread for group in whole)
    text = _("Nhóm {groups} {period}: đơn vị cao nhất hơn đơn vị thấp nhất {gap} điểm")
    if len(whole) > 1:
        text = _("Nhóm {groups} chênh lệch nhiều nhất {period}: đơn vị cao nhất hơn đơn vị thấp nhất {gap} điểm")
    first = [group_name(data, group.group, lang) for group in whole if group.spread == most]
    gap = number(rounded(most, data.scheme.decimals), data.scheme.decimals, lang)
    return text.format(groups=joined(first, lang), period=when, gap=gap)


def _strip(data: Dataset, group: Any, rows: pd.DataFrame, lang: str) -> _Strip:
    _ = translator(lang)
    bounds = _bounds(data, group, lang)
    notes = [] if group.is_complete else [_("(danh sách đơn vị chưa đầy đủ)")]
    if is_stage(rows) and rows["is_group_dissolved"].any():
        notes.append(_("(đã giải thể)"))
    first = leaders(rows)
    units = [(float(score), place == 1) for score, place in zip(rows["index_score"], rows["rank"], strict=True)]
    best = [number(score, data.scheme.decimals, lang) for score in first["index_score"].iloc[:1]]
    return _Strip(
        name=wrap(group_name(data, group.group, lang), NAMES, weight="bold"),
        note=[line for note in notes for line in wrap(note, NAMES, SMALL)],
        facts=[
            _("{n} đơn vị").format(n=group.n_units),
            _("từ {low} đến {high}").format(**bounds),
            _("trung vị {median}").format(**bounds),
        ],
        leader=": ".join([joined(names(first.itertuples(), lang), lang), *best]),
        units=sorted(units, reverse=True),  # an announced place need not follow the index
        median=group.median,
    )


def _draw(strips: Sequence[_Strip], lang: str) -> Figure:
    _ = translator(lang)
    sheet = Sheet()
    right = sheet.width - widest((line for strip in strips for line in strip.facts), SMALL)
    scale = Scale.over([score for strip in strips for score, _leads in strip.units], NAMES + 14, right - 14)
    legend: list[tuple[dict[str, Any], str]] = [
        ({"fill": FOCUS, "size": 9.5}, _("đơn vị dẫn đầu")),
        ({"fill": GREY, "size": 7.5}, _("đơn vị khác")),
        ({"fill": INK, "marker": "|", "size": 14.0}, _("trung vị nhóm")),
    ]
    top = sheet.legend(legend, 8) + 22
    ticks = scale.ticks(5)
    for tick, text in zip(ticks, tick_texts(ticks, lang), strict=True):
        sheet.text(scale(tick), top - 9, text, size=SMALL, align="center", color=GREY)
    for part in strips:
        top = _draw_strip(sheet, scale, ticks, part, top) + BETWEEN
    return sheet.finish(top - BETWEEN + 4)


def _draw_strip(sheet: Sheet, scale: Scale, ticks: Sequence[float], part: _Strip, top: float) -> float:
    """Draw one group from `top` down, and return the y below it."""
    label = wrap(part.leader, scale.end - scale.start, SMALL, "bold")
    levels = _levels([scale(score) for score, _leads in part.units])
    upper = top + len(label) * SMALL * LEADING + 10  # of the marks' field
    middle = upper + (0.5 - min(levels)) * APART + 4
    lower = middle + (0.5 + max(levels)) * APART + 4
    sheet.lines([[(scale(tick), upper), (scale(tick), lower)] for tick in ticks], RULE, 0.8)
    sheet.lines([[(scale.start, middle), (scale.end, middle)]], RULE)
    places = [(scale(score), middle + level * APART) for (score, _leads), level in zip(part.units, levels, strict=True)]
    first = [place for place, (_score, leads) in zip(places, part.units, strict=True) if leads]
    x = scale(part.median)
    sheet.lines([[(at, upper - 8), (at, y)] for at, y in first[:1]], FOCUS)
    sheet.dots([place for place in places if place not in first], fill=GREY, size=7.5)
    sheet.dots(first, fill=FOCUS, size=9.5)
    sheet.lines([[(x, upper), (x, lower)]], INK, 1.6, zorder=4)
    room = widest(label, SMALL, "bold") / 2
    for at, _y in first[:1]:
        centre = min(max(at, scale.start + room), scale.end - room)
        sheet.text(centre, top + len(label) * SMALL * LEADING / 2, label, size=SMALL, weight="bold", align="center",
                   color=FOCUS)  # fmt: skip
    blocks = [(len(part.name) * SIZE + len(part.note) * SMALL) * LEADING, len(part.facts) * SMALL * LEADING]
    bottom = max(lower, top + max(blocks))
    y = (top + bottom - blocks[0]) / 2
    sheet.text(0, y + len(part.name) * SIZE * LEADING / 2, part.name, weight="bold")
    sheet.text(0, y + blocks[0] - len(part.note) * SMALL * LEADING / 2, part.note, size=SMALL, color=GREY)
    sheet.text(sheet.width, (top + bottom) / 2, part.facts, size=SMALL, align="right")
    return bottom


def _levels(places: Sequence[float]) -> list[int]:
    """Return on which level each mark stands: 0, 1, -1, 2, ... is the first where it touches none.

    The places go from right to left, so only the last mark of each level can be touched.
    """
    last: dict[int, float] = {}
    levels = []
    for x in places:
        turns = ((turn + 1) // 2 * (1 if turn % 2 else -1) for turn in range(len(places)))
        level = next(level for level in turns if level not in last or last[level] - x >= APART)
        last[level] = x
        levels.append(level)
    return levels
