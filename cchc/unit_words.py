"""The sentences of a unit's page: what each of its sections comes to, or why it has nothing to show."""

from __future__ import annotations

from typing import Any

import pandas as pd

from cchc.cells import decimals_of
from cchc.dataset import Dataset
from cchc.facts import joined, names, rounded
from cchc.locale import is_missing, number, signed, translator
from cchc.prose import Block, Prose


def lost(data: Dataset, profile: pd.DataFrame, opened: pd.DataFrame, history: pd.DataFrame, lang: str = "vi") -> Prose:
    """Say how many points a unit did not win, and in which component most of them.

    Parameters
    ----------
    data : Dataset
    profile : DataFrame
        From `component_profile`.
    opened : DataFrame
        From `open_points`.
    history : DataFrame
        From `unit_history`.
    lang : str

    Examples
    --------
    >>> print(cchc.unit_words.lost(data, profile, cchc.open_points(data, parts), history).blocks[-1].lines[0])
    Năm 2024 còn mất 11,49 điểm; nhiều nhất ở lĩnh vực Cải cách thủ tục hành chính: 2,80 điểm.
    """
    _ = translator(lang)
    year = int(history["year"].iloc[-1])
    if opened.empty:
        return paragraph(without_index(profile, year, lang))
    total = rounded(sum(opened["open_exact"]), data.point_decimals)
    most = opened[opened["open_exact"] == opened["open_exact"].max()]
    if not total:
        return paragraph(_("Năm {year} đơn vị đạt toàn bộ điểm tối đa áp dụng.").format(year=year))
    texts = {"year": year, "points": _points(total, lang), "components": ", ".join(names(most, lang))}
    if len(opened) < 2:
        text = _("Năm {year} còn mất {points} điểm.")
        return paragraph(f"{text.format(**texts)} {one_total(lang)}")
    text = _("Năm {year} còn mất {points} điểm; nhiều nhất ở lĩnh vực {components}: {most} điểm.")
    if len(most) > 1:
        text = _("Năm {year} còn mất {points} điểm; nhiều nhất ở các lĩnh vực {components}: mỗi lĩnh vực {most} điểm.")
    return paragraph(text.format(most=_points(most["open"].iloc[0], lang), **texts))


def without_index(profile: pd.DataFrame, year: int, lang: str) -> str:
    """Say why the scores give a unit no index."""
    _ = translator(lang)
    if profile.empty:
        return _("Năm {year} không có điểm chi tiết của đơn vị.").format(year=year)
    if not profile["is_applicable"].any():
        return _("Năm {year} không có tiêu chí nào áp dụng cho đơn vị.").format(year=year)
    return _("Điểm chi tiết năm {year} của đơn vị chưa đủ để tính chỉ số.").format(year=year)


def one_total(lang: str) -> str:
    """Say that a rubric has one component only."""
    _ = translator(lang)
    return _("Bộ tiêu chí chỉ có một tổng điểm: không có số liệu theo lĩnh vực.")


def assessment(compared: pd.DataFrame, profile: pd.DataFrame, history: pd.DataFrame, lang: str = "vi") -> Prose:
    """Say how much more or less a unit gave itself than it was given, and where the two are furthest apart.

    Parameters
    ----------
    compared : DataFrame
        From `self_against_appraised`.
    profile : DataFrame
        From `component_profile`.
    history : DataFrame
        From `unit_history`.
    lang : str

    Examples
    --------
    >>> compared = cchc.self_against_appraised(data, "so-noi-vu", 2024)
    >>> print(cchc.unit_words.assessment(compared, profile, history).blocks[-1].lines[0])
    Điểm tự chấm năm 2024 cao hơn điểm thẩm định 3,25 điểm. Chênh lệch nhiều nhất: Xây dựng và phát triển chính
    quyền điện tử, chính quyền số (+1,00).
    """
    _ = translator(lang)
    year = int(history["year"].iloc[-1])
    if compared.empty:
        return paragraph(_("Không có đủ điểm tự chấm năm {year} để đối chiếu với thẩm định.").format(year=year))
    rows, gap = compared.iloc[:-1], compared["gap"].iloc[-1]
    text = _("Điểm tự chấm năm {year} bằng điểm thẩm định.")
    if gap:
        higher = _("Điểm tự chấm năm {year} cao hơn điểm thẩm định {points} điểm.")
        text = higher if gap > 0 else _("Điểm tự chấm năm {year} thấp hơn điểm thẩm định {points} điểm.")
    said = [text.format(year=year, points=_points(abs(gap), lang))]
    widest = rows[rows["gap"].abs() == rows["gap"].abs().max()]
    if len(rows) > 1 and widest["gap"].any():
        titles = dict(zip(profile["code"], names(profile, lang), strict=True))
        items = [f"{titles[row.code]} ({signed(row.gap, decimals_of([row.gap]), lang)})" for row in widest.itertuples()]
        said.append(_("Chênh lệch nhiều nhất: {components}.").format(components=", ".join(items)))
    n_components = int(profile["is_applicable"].sum())
    if len(rows) < n_components:
        text = _("Chỉ gồm {n}/{total} lĩnh vực có đủ điểm tự chấm và thẩm định.")
        said.append(text.format(n=len(rows), total=n_components))
    return paragraph(" ".join(said))


def change(data: Dataset, parts: pd.DataFrame, history: pd.DataFrame, lang: str = "vi") -> Prose:
    """Say by which components an index rose and fell most since the year before.

    Parameters
    ----------
    data : Dataset
    parts : DataFrame
        From `index_change_parts`.
    history : DataFrame
        From `unit_history`.
    lang : str

    Examples
    --------
    >>> both = cchc.score_components(data, [2023, 2024])
    >>> change = cchc.index_change_parts(data, both, ranking, "so-noi-vu")
    >>> print(cchc.unit_words.change(data, change, history).blocks[-1].lines[0])
    So với năm 2023, chỉ số tăng 5,40 điểm. Lĩnh vực làm chỉ số tăng nhiều nhất: Cải cách thể chế (+1,00), Cải
    cách thủ tục hành chính (+1,00).
    """
    _ = translator(lang)
    unit = _latest(history)
    years = {"year": unit.year, "before": unit.year - 1}
    if is_missing(unit.index_score):
        return paragraph(_("Năm {year} đơn vị không có chỉ số chính thức.").format(**years))
    if is_missing(unit.index_change):
        return paragraph(_("Không có chỉ số năm {before} của chính đơn vị trong cùng nhóm để so sánh.").format(**years))
    if parts.empty:
        text = _("Không có đủ điểm chi tiết của hai năm {before} và {year} để tách thay đổi chỉ số theo lĩnh vực.")
        return paragraph(text.format(**years))
    components = parts[parts["kind"] == "component"]
    if len(components) < 2:
        return paragraph(one_total(lang))
    score = number(abs(unit.index_change), data.scheme.decimals, lang)
    text = _("So với năm {before}, chỉ số không đổi.")
    if unit.index_change:
        up = _("So với năm {before}, chỉ số tăng {score} điểm.")
        text = up if unit.index_change > 0 else _("So với năm {before}, chỉ số giảm {score} điểm.")
    said = [text.format(score=score, **years)]
    sides = (
        (components["part_exact"].max(), 1, _("Lĩnh vực làm chỉ số tăng nhiều nhất: {components}.")),
        (components["part_exact"].min(), -1, _("Lĩnh vực làm chỉ số giảm nhiều nhất: {components}.")),
    )
    for most, sign, words in sides:
        if most * sign > 0:
            rows = components[components["part_exact"] == most]
            shown = [signed(part, data.scheme.decimals, lang) for part in rows["part_rounded"]]
            items = [f"{name} ({part})" for name, part in zip(names(rows, lang), shown, strict=True)]
            said.append(words.format(components=", ".join(items)))
    return paragraph(" ".join(said))


def neighbours(data: Dataset, near: pd.DataFrame, history: pd.DataFrame, lang: str = "vi") -> Prose:
    """Say how far a unit is behind the next place above and ahead of the next one below.

    Parameters
    ----------
    data : Dataset
    near : DataFrame
        From `neighbours`.
    history : DataFrame
        From `unit_history`.
    lang : str

    Examples
    --------
    >>> near = cchc.neighbours(ranking, "so-noi-vu")
    >>> print(cchc.unit_words.neighbours(data, near, history).blocks[-1].lines[0])
    Kém Sở Nông nghiệp và Phát triển nông thôn (hạng liền trên) 1,71 điểm chỉ số. Hơn Văn phòng UBND tỉnh (hạng
    liền dưới) 0,98 điểm chỉ số.
    """
    _ = translator(lang)
    unit = _latest(history)
    if near.empty:
        return paragraph(_("Năm {year} đơn vị không được xếp hạng.").format(year=unit.year))
    if len(near) < 2:
        return paragraph(_("Nhóm chỉ có một đơn vị được xếp hạng."))
    # announced places may not follow the indices: nothing is then said of being ahead or behind
    texts = (
        ((near["rank"] < unit.rank) & near["gap"].gt(0), _("Kém {units} (hạng liền trên) {gap} điểm chỉ số.")),
        ((near["rank"] == unit.rank) & (near["unit_id"] != unit.unit_id), _("Đồng hạng với {units}.")),
        ((near["rank"] > unit.rank) & near["gap"].lt(0), _("Hơn {units} (hạng liền dưới) {gap} điểm chỉ số.")),
    )
    said = []
    for flags, text in texts:
        rows = near[flags]
        # units that share an announced place may have different indices, or none
        if len(rows) and (
            "{gap}" not in text or (rows["gap"].nunique(dropna=False) == 1 and rows["gap"].notna().all())
        ):
            gap = number(rows["gap"].abs().iloc[0], data.scheme.decimals, lang)
            said.append(text.format(units=joined(names(rows, lang), lang), gap=gap))
    without = _("Bảng công bố có hạng nhưng không có chỉ số để tính khoảng cách.")
    if near.loc[near["unit_id"] != unit.unit_id, "gap"].notna().any():
        without = _("Thứ hạng theo bảng công bố, không theo thứ tự của chỉ số.")
    return paragraph(" ".join(said) or without)


def paragraph(text: str) -> Prose:
    """Return one paragraph under the heading of a section."""
    return Prose((Block("p", (text,)),), "section-note")


def _points(value: Any, lang: str) -> str:
    return number(value, decimals_of([value]), lang)


def _latest(history: pd.DataFrame) -> Any:
    """Return the row of the page's year."""
    return next(history.iloc[-1:].itertuples())
