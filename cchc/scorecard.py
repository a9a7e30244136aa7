"""The words and tables of one unit's page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from cchc import cells
from cchc.dataset import Dataset
from cchc.facts import reason
from cchc.lineage import fates
from cchc.locale import date, is_missing, number, place, translator
from cchc.prose import Block, Prose
from cchc.prospects import Goal
from cchc.sentences import decision, marks
from cchc.table import Column, Marked, Table, change_text
from cchc.unit_goals import needs


def title(data: Dataset, history: pd.DataFrame, lang: str = "vi") -> Prose:
    """Return the head of a unit's page: its name of that year, group, period, decision, and the marks.

    Parameters
    ----------
    data : Dataset
        From `unit_data`.
    history : DataFrame
        From `unit_history`.
    lang : str

    Examples
    --------
    >>> print(cchc.scorecard.title(data, history).blocks[1].lines[0])
    Sở Nội vụ: kết quả năm 2024
    """
    _ = translator(lang)
    unit = _latest(history)
    group = data.scheme.group(unit.group)
    texts = {"unit": _name(unit, lang), "year": unit.year, "group": group.name.get(lang)}
    found = marks(data, history["year"].tolist(), None, lang)
    if not group.complete:
        found.append(
            ("note", _("Bảng số liệu của nhóm chưa đủ đơn vị: hạng và trung vị tính trong các đơn vị có số liệu"))
        )
    blocks = [
        Block("p", (data.scheme.issued_by.get(lang),), "issuer"),
        Block("h1", (_("{unit}: kết quả năm {year}").format(**texts),)),
        Block("p", (_("{title}. Nhóm: {group}").format(title=data.scheme.title.get(lang), **texts),), "decision"),
        Block("p", (decision(data, [unit.year], None, lang),), "decision"),
        *(Block("p", (text,), f"mark {css}") for css, text in found),
    ]
    return Prose(tuple(blocks), "page-head", "header")


def findings(
    data: Dataset, history: pd.DataFrame, profile: pd.DataFrame, goals: Sequence[Goal], lang: str = "vi"
) -> Prose:
    """Return in words: place, index, class, change; what more it would take; why the unit is not ranked; its lineage.

    Parameters
    ----------
    data : Dataset
        From `unit_data`.
    history : DataFrame
        From `unit_history`.
    profile : DataFrame
        From `component_profile`.
    goals : sequence of Goal
        From `goals`.
    lang : str

    Examples
    --------
    >>> goals = cchc.goals(data, parts, ranking)
    >>> print(cchc.scorecard.findings(data, history, profile, goals).blocks[0].lines[0])
    Hạng 4/19 trong nhóm năm 2024, chỉ số 88,51, xếp loại Tốt.
    """
    unit = _latest(history)
    lines = [_standing(data, unit, lang)] if unit.kind == "own" else [_unranked(data, unit, lang)]
    lines += [_change(data, unit, lang)] if unit.kind == "own" else []
    lines += [*needs(data, goals, profile, history, lang), *_inheritance(data, history, lang), *_fate(data, unit, lang)]
    return Prose((Block("ul", tuple(lines)),), "findings")


def _standing(data: Dataset, unit: Any, lang: str) -> str:
    _ = translator(lang)
    text = _("Đồng hạng {place} trong nhóm năm {year}") if unit.is_tied else _("Hạng {place} trong nhóm năm {year}")
    said = text.format(place=place(unit.rank, unit.n_ranked, lang), year=unit.year)
    if not is_missing(unit.index_score):  # of some years only the places were announced
        said += _(", chỉ số {score}").format(score=number(unit.index_score, data.scheme.decimals, lang))
    if unit.grade:
        said += _(", xếp loại {grade}").format(grade=cells.grade_name(data, unit.grade, lang))
    near = _(" Điểm sát với đơn vị liền kề.") if unit.is_near_tied else ""
    return f"{said}.{near}"


def _unranked(data: Dataset, unit: Any, lang: str) -> str:
    _ = translator(lang)
    return _("Không xếp hạng năm {year}: {reason}.").format(year=unit.year, reason=reason(data, unit, lang))


def _change(data: Dataset, unit: Any, lang: str) -> str:
    """Say how index and place moved since the year before."""
    _ = translator(lang)
    year = unit.year - 1
    if is_missing(unit.index_change) or is_missing(unit.rank_change):
        return _("Không có chỉ số và hạng năm {year} trong cùng nhóm để so sánh.").format(year=year)
    text = _("So với năm {year}: chỉ số không đổi; hạng {places}, năm trước hạng {before}.")
    if unit.index_change > 0:
        text = _("So với năm {year}: chỉ số tăng {score} điểm; hạng {places}, năm trước hạng {before}.")
    elif unit.index_change < 0:
        text = _("So với năm {year}: chỉ số giảm {score} điểm; hạng {places}, năm trước hạng {before}.")
    said = text.format(
        year=year,
        score=number(abs(unit.index_change), data.scheme.decimals, lang),
        places=_moved(unit.rank_change, lang),
        before=place(unit.previous_rank, unit.previous_n_ranked, lang),
    )
    if is_missing(unit.rank_change_common) or unit.rank_change_common == unit.rank_change:
        return said
    # the last of 14 had been the last of 19, and was said to have gained five places
    text = _("{said} Trong các đơn vị có hạng cả hai năm, hạng {places}.")
    return text.format(said=said, places=_moved(unit.rank_change_common, lang))


def _moved(change: int, lang: str) -> str:
    """Return a change of place in words alone: a sentence needs no sign."""
    return change_text(change, lang).lstrip("▲▼= ")


def _inheritance(data: Dataset, history: pd.DataFrame, lang: str) -> list[str]:
    """Say in which years the index is inherited, and from whom."""
    _ = translator(lang)
    years = history.loc[history["kind"] == "inherited", "year"]
    if years.empty:
        return []
    before = data.lineage.loc[data.lineage["successor"] == _latest(history).unit_id, "predecessor"]
    latest = data.units.sort_values("valid_from", na_position="first", kind="stable").drop_duplicates(
        "unit_id", keep="last"
    )
    names = latest.set_index("unit_id")[f"name_{lang}"]
    text = _("Chỉ số năm {years} là kế thừa từ {units}: không xếp hạng trong các năm đó.")
    return [text.format(years=", ".join(map(str, years)), units=", ".join(names[before]))]


def _fate(data: Dataset, unit: Any, lang: str) -> list[str]:
    """Say what became of a unit that is gone: ``Từ ngày 01/03/2025: nhập vào Sở Tài chính mới``."""
    _ = translator(lang)
    days = data.lineage.loc[data.lineage["predecessor"] == unit.unit_id, "date"]
    if days.empty:
        return []
    ended = fates(data).set_index("unit_id").loc[[unit.unit_id]].assign(name_vi=unit.name_vi, name_en=unit.name_en)
    words = reason(data, next(ended.itertuples()), lang)
    return [_("Từ ngày {day}: {what}.").format(day=date(days.max().date(), lang), what=words)]


def by_year(data: Dataset, history: pd.DataFrame, lang: str = "vi") -> Table:
    """Return a unit's years, the latest first: place, index, class and points.

    Parameters
    ----------
    data : Dataset
        From `unit_data`.
    history : DataFrame
        From `unit_history`.
    lang : str

    Examples
    --------
    >>> table = cchc.scorecard.by_year(data, history)
    >>> [(row[0], row[2], row[3]) for row in table.rows[-2:]]
    [('2022', 85.25, 'Tốt'), ('2021', 79.22, 'Khá')]
    """
    _ = translator(lang)
    rows = history.iloc[::-1]
    d, points = data.scheme.decimals, cells.point_decimals(rows)
    is_apart = cells.differs(rows["rank_change_common"], rows["rank_change"])
    classes = cells.marked(cells.grades(data, rows["grade"], lang), rows["is_grade_by_rounding"], "†")
    columns = [
        (Column(_("Năm")), [_year(data, row, lang) for row in rows.itertuples()]),
        (Column(_("Hạng"), "place"), cells.places(rows)),
        (Column(_("Chỉ số"), "decimal", d), cells.marked(rows["index_score"], rows["has_difference"], "*")),
        *cells.where_any(cells.grade_column(data, _("Xếp loại"), lang), classes),
        *cells.where_any(Column(_("Thay đổi chỉ số"), "signed", d), rows["index_change"]),
        *cells.where_any(Column(_("Thay đổi hạng"), "change"), cells.marked(rows["rank_change"], is_apart, "‡")),
        *cells.where_any(Column(_("Tự chấm"), "decimal", points), rows["self_points"]),
        *cells.where_any(Column(_("Thẩm định"), "decimal", points), rows["appraised_points"]),
        *cells.where_any(Column(_("Điều tra"), "decimal", points), rows["survey_points"]),
        *cells.where_any(Column(_("Điểm cộng"), "decimal", points), rows["bonus"], nothing=0),
        *cells.where_any(Column(_("Điểm trừ"), "decimal", points), rows["penalty"], nothing=0),
    ]
    notes = [note for at in range(len(rows)) for note in cells.tie_notes(data, rows.iloc[[at]], lang)]
    texts = {
        _("* Số đã công bố khác số tính lại từ điểm chi tiết."): rows["has_difference"],
        _("† Loại theo chỉ số đã làm tròn; theo chỉ số chưa làm tròn, đơn vị thuộc loại khác."): rows[
            "is_grade_by_rounding"
        ],
        _("‡ Trong các đơn vị có hạng cả hai năm, hạng thay đổi khác."): is_apart,
        _("Kế thừa: chỉ số tính từ đơn vị tiền thân, không xếp hạng trong năm đó."): rows["kind"] == "inherited",
    }
    notes += [text for text, flags in texts.items() if flags.any()]
    caption = _("Kết quả của {unit} theo năm").format(unit=_name(_latest(history), lang))
    return cells.make_table(
        columns, dict.fromkeys(notes), id="by-year", caption=caption, short=_("Theo năm"), lang=lang
    )


def _year(data: Dataset, row: Any, lang: str) -> Any:
    _ = translator(lang)
    if row.kind == "inherited":
        return Marked(str(row.year), _("(kế thừa)"))
    if row.reason:
        return Marked(str(row.year), _("(chưa xếp hạng: {reason})").format(reason=reason(data, row, lang)))
    return str(row.year)


def component_heading(profile: pd.DataFrame, lang: str = "vi") -> Prose:
    """Return the heading of the section on components, and where there are none, that there are none.

    Parameters
    ----------
    profile : DataFrame
        From `component_profile`.
    lang : str

    Examples
    --------
    >>> print(cchc.scorecard.component_heading(profile).blocks[0].lines[0])
    Theo lĩnh vực, so với nhóm
    """
    _ = translator(lang)
    heading = Block("h2", (_("Theo lĩnh vực, so với nhóm"),), id="components")
    nothing = Block("p", (_("Không có số liệu theo lĩnh vực của năm này."),))
    return Prose((heading,) if len(profile) > 1 else (heading, nothing), "group-head")


def by_component(data: Dataset, profile: pd.DataFrame, history: pd.DataFrame, lang: str = "vi") -> Table | None:
    """Return a unit's components beside its group's median and best; None with fewer than two components.

    Parameters
    ----------
    data : Dataset
        From `unit_data`.
    profile : DataFrame
        From `component_profile`.
    history : DataFrame
        From `unit_history`.
    lang : str

    Examples
    --------
    >>> cchc.scorecard.by_component(data, profile, history).rows[0]
    ('1. Công tác chỉ đạo, điều hành cải cách hành chính', 10.75, 12.0, 89.58, 81.25, 8.33, 95.83)
    """
    if len(profile) < 2:
        return None
    _ = translator(lang)
    d = data.scheme.decimals
    points = cells.point_decimals(profile)
    heads = [f"{code}. {name}" for code, name in zip(profile["code"], profile[f"name_{lang}"], strict=True)]
    known = zip(heads, profile["is_applicable"], profile["is_complete"], strict=True)
    states = [
        _("(không áp dụng)") if not applies else "" if done else _("(chưa đủ số liệu)")
        for _head, applies, done in known
    ]
    columns = [
        (Column(_("Lĩnh vực")), [Marked(*pair) if pair[1] else pair[0] for pair in zip(heads, states, strict=True)]),
        (Column(_("Điểm"), "decimal", points), list(profile["points"])),
        (Column(_("Điểm tối đa áp dụng"), "decimal", points), list(profile["max_points"])),
        (Column(_("Chỉ số"), "decimal", d), list(profile["index_score"])),
        (Column(_("Trung vị nhóm"), "decimal", d), list(profile["group_median"])),
        (Column(_("So với trung vị"), "signed", d), list(profile["median_gap"])),
        (Column(_("Cao nhất nhóm"), "decimal", d), list(profile["group_best"])),
    ]
    unit = _latest(history)
    caption = _("Chỉ số thành phần của {unit} năm {year} so với nhóm (phần trăm điểm tối đa áp dụng)")
    return cells.make_table(
        columns,
        [_("Trung vị: mức ở giữa khi xếp các đơn vị của nhóm theo chỉ số.")],
        id="by-component",
        caption=caption.format(unit=_name(unit, lang), year=unit.year),
        short=_("Theo lĩnh vực"),
        lang=lang,
    )


def _latest(history: pd.DataFrame) -> Any:
    """Return the row of the page's year."""
    return next(history.iloc[-1:].itertuples())


def _name(unit: Any, lang: str) -> str:
    return str(getattr(unit, f"name_{lang}"))
