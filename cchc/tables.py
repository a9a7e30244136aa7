"""The printed tables of the pages, one function a table. Raw figures go in; `cchc.table` prints them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pandas as pd

from cchc import cells
from cchc.dataset import Dataset
from cchc.facts import decisions, joined, lead, leaders, mean, names, period, rounded, stage_of
from cchc.locale import translator
from cchc.lookups import of_group
from cchc.names import sort_key
from cchc.table import Column, Marked, Table, change_text


def summary(data: Dataset, ranking: pd.DataFrame, lang: str = "vi") -> Table:
    """Return a row a group: leader, index, lead, mean, count by class, and what needs a decision.

    Parameters
    ----------
    data : Dataset
    ranking : DataFrame
        From `rank_year` or `rank_stage`.
    lang : str

    Examples
    --------
    >>> [row[:2] for row in cchc.tables.summary(data, ranking).rows[:2]]
    [('Sở, ban, ngành tỉnh', 'Sở Tài chính'), ('Đơn vị sự nghiệp công lập tỉnh', 'Đài Phát thanh và Truyền hình
    tỉnh')]
    """
    _ = translator(lang)
    d = data.scheme.decimals
    groups = [(group, ranking[ranking["group"] == group.id]) for group in data.scheme.groups]
    first = [leaders(rows) for _group, rows in groups]
    ranked = [rows[rows["rank"].notna()] for _group, rows in groups]
    columns: list[cells.Filled] = [
        (Column(_("Nhóm")), [group.name.get(lang) for group, _rows in groups]),
        (Column(_("Dẫn đầu")), ["; ".join(names(rows, lang)) for rows in first]),
        (Column(_("Chỉ số"), "decimal", d), [rows["index_score"].iloc[0] if len(rows) else None for rows in first]),
        (Column(_("Cách đơn vị thứ hai"), "decimal", d), [lead(data, rows) for rows in ranked]),
        (Column(_("Trung bình nhóm"), "decimal", d), [_mean(data, rows) for rows in ranked]),
        (Column(_("Số đơn vị xếp hạng"), "integer"), [len(rows) for rows in ranked]),
        *_class_counts(data, ranked, lang),
        (Column(_("Cần xem xét, quyết định")), ["; ".join(decisions(data, rows, lang)) for _group, rows in groups]),
    ]
    caption = _("Tổng hợp theo nhóm, {period}").format(period=period(data, ranking, lang))
    return cells.make_table(columns, id="summary", caption=caption, short=_("Tổng hợp"), lang=lang)


def _class_counts(data: Dataset, ranked: Sequence[pd.DataFrame], lang: str) -> list[cells.Filled]:
    """Return a column a class, and one for each that only an announced table names."""
    counts = [rows["grade"].value_counts() for rows in ranked]
    known = [grade.name.vi for grade in data.scheme.classes]
    others = sorted({str(name) for of_group in counts for name in of_group.index} - {*known, ""}, key=sort_key)
    return [
        (Column(cells.grade_name(data, name, lang), "integer"), [int(of_group.get(name, 0)) for of_group in counts])
        for name in [*known, *others]
    ]


def _mean(data: Dataset, ranked: pd.DataFrame) -> Decimal | None:
    value = mean(ranked["index_score"])
    return None if value is None else rounded(value, data.scheme.decimals)


def year_ranking(data: Dataset, ranking: pd.DataFrame, group: str, lang: str = "vi") -> Table | None:
    """Return one group's ranking of a year; None where no unit of the group is on the year's list.

    Parameters
    ----------
    data : Dataset
    ranking : DataFrame
        From `rank_year`.
    group : str
    lang : str

    Examples
    --------
    >>> table = cchc.tables.year_ranking(data, ranking, "so-nganh")
    >>> [(row[1], row[8], row[9]) for row in table.rows[:2]]
    [('Sở Tài chính', 93.88, 'Xuất sắc'), ('Sở Kế hoạch và Đầu tư', 90.71, 'Xuất sắc')]
    """
    _ = translator(lang)
    rows = of_group(data, ranking, group)
    if rows.empty:
        return None
    d, points = data.scheme.decimals, cells.point_decimals(rows)
    ranked = rows["rank"].notna()
    shown = {name: rows[name].where(ranked) for name in rows.columns}
    before = cells.pairs(rows["previous_rank"], rows["previous_n_ranked"])
    is_apart = cells.differs(rows["rank_change_common"], rows["rank_change"])
    classes = cells.marked(cells.grades(data, shown["grade"], lang), rows["is_grade_by_rounding"], "†")
    columns = [
        (Column(_("Hạng"), "place"), cells.places(rows)),
        (Column(_("Đơn vị")), cells.units(data, rows, lang)),
        *cells.where_any(Column(_("Thẩm định"), "decimal", points), shown["appraised_points"]),
        *cells.where_any(Column(_("Điều tra"), "decimal", points), shown["survey_points"]),
        *cells.where_any(Column(_("Điểm cộng"), "decimal", points), shown["bonus"], nothing=0),
        *cells.where_any(Column(_("Điểm trừ"), "decimal", points), shown["penalty"], nothing=0),
        *cells.where_any(Column(_("Tổng điểm"), "decimal", points), cells.totals(rows, points)),
        *cells.where_any(Column(_("Điểm tối đa áp dụng"), "decimal", points), shown["max_points"]),
        (Column(_("Chỉ số"), "decimal", d), cells.marked(shown["index_score"], rows["has_difference"], "*")),
        *cells.where_any(cells.grade_column(data, _("Xếp loại"), lang), classes),
        *cells.where_any(Column(_("Hạng năm trước"), "place"), before),
        *cells.where_any(Column(_("Thay đổi"), "change"), cells.marked(shown["rank_change"], is_apart, "‡")),
    ]
    notes = cells.tie_notes(data, rows, lang)
    if rows["has_difference"].any():
        notes.append(_("* Số đã công bố khác số tính lại từ điểm chi tiết."))
    if rows["is_grade_by_rounding"].any():
        notes.append(_("† Loại theo chỉ số đã làm tròn; theo chỉ số chưa làm tròn, đơn vị thuộc loại khác."))
    beyond = rows[(rows["index_score"] > 100) | (rows["index_score"] < 0)]
    if len(beyond):
        text = _("Chỉ số trên 100 hoặc dưới 0 do điểm cộng, điểm trừ, được giữ nguyên: {names}.")
        notes.append(text.format(names=joined(names(beyond, lang), lang)))
    if is_apart.any():
        changes = zip(names(rows[is_apart], lang), rows.loc[is_apart, "rank_change_common"], strict=True)
        items = "; ".join(f"{name}: {change_text(change, lang)}" for name, change in changes)
        notes.append(_("‡ Nếu chỉ xét các đơn vị có hạng trong cả hai năm: {items}.").format(items=items))
    return cells.make_table(columns, notes, **_ranking_texts(data, rows, lang))


def stage_ranking(
    data: Dataset, ranking: pd.DataFrame, values: pd.DataFrame, group: str, lang: str = "vi"
) -> Table | None:
    """Return one group's ranking of a stage; None where no unit of the group is on the stage's list.

    Parameters
    ----------
    data : Dataset
    ranking : DataFrame
        From `rank_stage`.
    values : DataFrame
        From `stage_values`, of the same stage.
    group : str
    lang : str

    Examples
    --------
    >>> table = cchc.tables.stage_ranking(data, stage, values, "so-nganh")
    >>> [(row[1], row[7]) for row in table.rows[:2]]
    [('Sở Tài chính', 90.74), ('Văn phòng UBND tỉnh', 88.73)]
    """
    _ = translator(lang)
    rows = of_group(data, ranking, group)
    if rows.empty:
        return None
    d = data.scheme.decimals
    first, last = stage_of(ranking)
    other = "separate" if data.scheme.stage(first, last).lineage == "inherit" else "inherit"
    label = {"separate": _("Hạng nếu tính riêng"), "inherit": _("Hạng nếu tính kế thừa")}[other]
    others = rows[f"rank_{other}"]
    shown = rows["index_score"].where(rows["rank"].notna())
    is_other = bool((others.fillna(0) != rows["rank"].fillna(0)).any())
    columns = [
        (Column(_("Hạng"), "place"), cells.places(rows)),
        (Column(_("Đơn vị")), cells.units(data, rows, lang)),
        *_year_columns(data, rows, values, lang),
        (Column(_("Chỉ số giai đoạn"), "decimal", d), cells.marked(shown, rows["has_difference"], "*")),
        (Column(_("Số năm có chỉ số")), [_coverage(row, lang) for row in rows.itertuples()]),
        *cells.where_any(cells.grade_column(data, _("Xếp loại"), lang), cells.grades(data, rows["grade"], lang)),
        *cells.where_any(Column(_("Trung bình điều chỉnh theo năm"), "decimal", d), rows["adjusted_score"]),
        *([(Column(label, "place"), cells.pairs(others, [int(others.notna().sum())] * len(rows)))] if is_other else []),
    ]
    notes = cells.tie_notes(data, rows, lang)
    if rows["has_difference"].any():
        notes.append(_("* Số đã công bố của giai đoạn khác số tính lại."))
    if rows["n_inherited"].any():
        notes.append(_("Kế thừa: chỉ số tính từ đơn vị tiền thân, không xếp hạng trong năm đó."))
    if rows["adjusted_score"].notna().any():
        notes.append(_("Trung bình điều chỉnh theo năm chỉ để tham khảo, cho đơn vị không đủ số năm."))
    return cells.make_table(columns, notes, **_ranking_texts(data, rows, lang))


def _ranking_texts(data: Dataset, rows: pd.DataFrame, lang: str) -> dict[str, str]:
    """Return id, caption and short name of one group's ranking."""
    _ = translator(lang)
    group = data.scheme.group(str(rows["group"].iloc[0]))
    caption = _("Xếp hạng {period}: {group}").format(period=period(data, rows, lang), group=group.name.get(lang))
    short = _("Xếp hạng {group}").format(group=group.label(lang))
    return {"id": f"ranking-{group.id}", "caption": caption, "short": short, "lang": lang}


def _year_columns(data: Dataset, rows: pd.DataFrame, values: pd.DataFrame, lang: str) -> list[cells.Filled]:
    """Return a column a year with each unit's index: its own, or inherited and marked so."""
    _ = translator(lang)
    marks = {"own": "", "inherited": _("kế thừa"), "incomplete": _("thiếu số liệu"), "missing": ""}
    columns: list[cells.Filled] = []
    for year, of_year in values.groupby("year"):
        scores = [Marked(*pair) for pair in zip(of_year["index_score"], of_year["kind"].map(marks), strict=True)]
        found = dict(zip(of_year["unit_id"], scores, strict=True))
        column = Column(str(year), "decimal", data.scheme.decimals)
        columns += cells.where_any(column, [found.get(unit) for unit in rows["unit_id"]])
    return columns


def _coverage(row: Any, lang: str) -> str:
    _ = translator(lang)
    text = _("{own} + {inherited} kế thừa / {expected}") if row.n_inherited else "{own}/{expected}"
    return text.format(own=row.n_years, inherited=row.n_inherited, expected=row.n_years_expected)


def components(data: Dataset, components: pd.DataFrame, group: str, lang: str = "vi") -> Table | None:
    """Return one group's component indices, units in order of names; None where there is at most one component.

    Parameters
    ----------
    data : Dataset
    components : DataFrame
        From `score_components`, of one year.
    group : str
    lang : str

    Examples
    --------
    >>> cchc.tables.components(data, components, "so-nganh").rows[0]
    ('Ban Dân tộc', 87.5, 82.5, nan, 85.0, 81.87, 85.0, 84.17)
    """
    _ = translator(lang)
    table = of_group(data, components, group)
    if table["code"].nunique() < 2:
        return None
    year = int(table["year"].iloc[0])
    titles = table.drop_duplicates("code").set_index("code")[f"name_{lang}"]
    scores = table.pivot(index="unit_id", columns="code", values="index_score")
    units = data.units_of(year)
    units = units[units["unit_id"].isin(scores.index)].sort_values("name_vi", key=lambda column: column.map(sort_key))
    columns: list[cells.Filled] = [(Column(_("Đơn vị")), names(units, lang))]
    columns += [
        (Column(f"{code}. {title}", "decimal", data.scheme.decimals), list(scores[code].reindex(units["unit_id"])))
        for code, title in titles.items()
    ]
    caption = _("Chỉ số thành phần năm {year}: {group} (phần trăm điểm tối đa áp dụng)")
    return cells.make_table(
        columns,
        id=f"components-{group}",
        caption=caption.format(year=year, group=data.scheme.group(group).name.get(lang)),
        short=_("Lĩnh vực {group}").format(group=data.scheme.group(group).label(lang)),
        lang=lang,
    )


def verification(data: Dataset, verification: pd.DataFrame, lang: str = "vi") -> Table | None:
    """Return the lines of a year that a stage rests on where announcement and recomputation differ; None without any.

    Parameters
    ----------
    data : Dataset
    verification : DataFrame
        From `verify`, of the stage.
    lang : str

    Examples
    --------
    >>> print(cchc.tables.verification(data, cchc.verify(data, 2024)))  # no difference, no table
    None
    """
    _ = translator(lang)
    rows = verification[verification["status"].isin(["differs", "not_announced"])]
    if rows.empty:
        return None
    year = int(rows["year"].iloc[0])
    columns = difference_columns(data, rows, lang, with_stage=True)
    note = _("Khác {n} trong {total} dòng đã đối chiếu.").format(n=len(rows), total=len(verification))
    return cells.make_table(
        columns,
        [note],
        id=f"verification-{year}",
        caption=_("Số đã công bố khác số tính lại, năm {year}").format(year=year),
        short=_("Đối chiếu {year}").format(year=year),
        lang=lang,
    )


def difference_columns(data: Dataset, rows: pd.DataFrame, lang: str, *, with_stage: bool) -> list[cells.Filled]:
    """Return the columns of lines of `verify` or `verify_stage` that differ: both sides, and what hangs on it.

    `with_stage` says whether a stage's place would change too: not on the page of a year, as that hangs on other years.
    """
    _ = translator(lang)
    decimals = [data.scheme.decimals, *data.announced["index_decimals"], *data.published["index_decimals"]]
    d = max(decimals)
    return [
        (Column(_("Đơn vị")), names(rows, lang)),
        *cells.where_any(Column(_("Chỉ số công bố"), "decimal", d), rows["published_index_score"]),
        (Column(_("Chỉ số tính lại"), "decimal", d), list(rows["index_score"])),
        *cells.where_any(Column(_("Chênh lệch"), "signed", d), rows["index_difference"]),
        *cells.where_any(Column(_("Hạng công bố"), "integer"), rows["published_rank"]),
        (Column(_("Hạng tính lại"), "integer"), list(rows["rank"])),
        *cells.where_any(
            cells.grade_column(data, _("Loại công bố"), lang), cells.grades(data, rows["published_grade"], lang)
        ),
        *cells.where_any(cells.grade_column(data, _("Loại tính lại"), lang), cells.grades(data, rows["grade"], lang)),
        (Column(_("Ảnh hưởng")), [_effect(row, lang, with_stage=with_stage) for row in rows.itertuples()]),
    ]


def _effect(row: Any, lang: str, *, with_stage: bool) -> str:
    _ = translator(lang)
    if row.status == "not_announced":
        return _("không có trong bảng công bố")
    if row.status == "not_scored":
        return _("không tính lại được")
    if "-" in row.period:
        return _("thay đổi thứ hạng của giai đoạn") if row.changes_place else _("không thay đổi thứ hạng của giai đoạn")
    if not with_stage:
        return _("thay đổi thứ hạng của năm") if row.changes_place else _("không thay đổi thứ hạng của năm")
    if row.changes_place and row.changes_stage_place:
        return _("thay đổi thứ hạng của năm và của giai đoạn")
    if row.changes_place:
        return _("thay đổi thứ hạng của năm, không thay đổi thứ hạng của giai đoạn")
    return _("thay đổi thứ hạng của giai đoạn") if row.changes_stage_place else _("không thay đổi thứ hạng")
