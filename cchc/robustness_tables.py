"""The printed tables of the page on robustness, one function a table."""

from __future__ import annotations

from typing import Any

import pandas as pd

from cchc import cells
from cchc.dataset import Dataset
from cchc.facts import period
from cchc.locale import is_missing, number, translator
from cchc.lookups import of_group
from cchc.robustness_words import limits, rule_name, unit_names
from cchc.table import Column, Table


def rank_spans(
    data: Dataset, ranking: pd.DataFrame, intervals: pd.DataFrame, group: str, top: int, lang: str = "vi"
) -> Table | None:
    """Return how sure each place of a group's stage is; None where the group has no place or no interval.

    Parameters
    ----------
    data : Dataset
    ranking : DataFrame
        From `rank_stage`.
    intervals : DataFrame
        From `rank_intervals`, with the same `top`.
    group : str
    top : int
    lang : str

    Examples
    --------
    >>> table = cchc.robustness_tables.rank_spans(data, stage, intervals, "so-nganh", 3)
    >>> [row[1] for row in table.rows[:3]]
    ['Sở Tài chính', 'Văn phòng UBND tỉnh', 'Sở Tư pháp']
    """
    rows = of_group(data, intervals[intervals["lower_rank"].notna()], group)
    if rows.empty:
        return None
    _ = translator(lang)
    columns = [
        *_placed(ranking, rows, lang),
        (Column(_("Số năm"), "integer"), list(rows["n_years"])),
        (Column(_("Từ hạng"), "integer"), list(rows["lower_rank"])),
        (Column(_("Đến hạng"), "integer"), list(rows["upper_rank"])),
        *_shares(rows["first_probability"], rows["top_probability"], top, lang),
    ]
    noise, df = float(rows["noise"].iloc[0]), int(rows["residual_df"].iloc[0])
    text = _(
        "Độ lệch chuẩn của một năm của một đơn vị: {noise} điểm chỉ số, ước lượng chung cho nhóm ({df} bậc tự do)."
    )
    note = text.format(noise=number(noise, data.scheme.decimals, lang), df=df)
    caption = _("Khoảng hạng từ {low} % đến {high} % số lần mô phỏng, {period}: {group}")
    return cells.make_table(
        columns, [note], **_texts(data, ranking, group, "intervals", caption, _("Khoảng hạng"), lang)
    )


def weight_spans(
    data: Dataset, ranking: pd.DataFrame, ranges: pd.DataFrame, group: str, top: int, lang: str = "vi"
) -> Table | None:
    """Return between which places each unit of a group moves under other weights; None without component figures.

    Parameters
    ----------
    data : Dataset
    ranking : DataFrame
        From `rank_year`.
    ranges : DataFrame
        From `weight_ranges`, with the same `top`.
    group : str
    top : int
    lang : str

    Examples
    --------
    >>> table = cchc.robustness_tables.weight_spans(data, ranking, ranges, "so-nganh", 3)
    >>> table.rows[1][:4]
    ((2, 19), 'Sở Kế hoạch và Đầu tư', 2, 2)
    """
    rows = of_group(data, ranges[ranges["best_rank"].notna()], group)
    if rows.empty:
        return None
    _ = translator(lang)
    columns = [
        *_placed(ranking, rows, lang),
        (Column(_("Hạng tốt nhất"), "integer"), list(rows["best_rank"])),
        (Column(_("Hạng kém nhất"), "integer"), list(rows["worst_rank"])),
        *_shares(rows["first_share"], rows["top_share"], top, lang),
        *cells.where_any(Column(_("Tốt nhất khi bỏ một lĩnh vực"), "integer"), rows["best_rank_without"]),
        *cells.where_any(Column(_("Kém nhất khi bỏ một lĩnh vực"), "integer"), rows["worst_rank_without"]),
    ]
    caption = _("Phạm vi hạng khi trọng số thay đổi trong khoảng {spread} %, {period}: {group}")
    return cells.make_table(columns, **_texts(data, ranking, group, "weights", caption, _("Theo trọng số"), lang))


def rules(data: Dataset, ranking: pd.DataFrame, leaders: pd.DataFrame, agreement: pd.DataFrame, group: str,
          top: int, lang: str = "vi") -> Table | None:  # fmt: skip
    """Return who would lead a group's stage and who would be among the first k under each rule; None without a place.

    Parameters
    ----------
    data : Dataset
    ranking : DataFrame
        From `rank_stage`.
    leaders : DataFrame
        From `leaders_by_rule`, with the same `top`.
    agreement : DataFrame
        From `rule_agreement`.
    group : str
    top : int
    lang : str

    Examples
    --------
    >>> leaders, agreement = cchc.leaders_by_rule(rules), cchc.rule_agreement(rules)
    >>> table = cchc.robustness_tables.rules(data, stage, leaders, agreement, "so-nganh", 3)
    >>> table.rows[0]
    ('chính thức', 14, 'Sở Tài chính', 'như chính thức', 'Sở Tài chính; Văn phòng UBND tỉnh; Sở Tư pháp', None)
    """
    rows: list[Any] = list(of_group(data, leaders, group).itertuples())
    if not rows:
        return None
    _ = translator(lang)
    with_official = agreement[(agreement["group"] == group) & (agreement["rule"] == "official")]
    taus = dict(zip(with_official["other_rule"], with_official["tau"], strict=True))
    same, other = _("như chính thức"), _("khác")
    columns = [
        (Column(_("Quy tắc")), [rule_name(row.rule, lang) for row in rows]),
        (Column(_("Số đơn vị"), "integer"), [row.n_ranked for row in rows]),
        (Column(_("Dẫn đầu")), ["; ".join(unit_names(ranking, row.leaders, lang)) for row in rows]),
        (Column(_("So với chính thức")), [same if row.is_official_leader else other for row in rows]),
        (Column(_("Trong {top} vị trí đầu").format(top=top)),
         ["; ".join(unit_names(ranking, row.top_units, lang)) for row in rows]),
        (Column(_("Kendall tau-b với chính thức"), "decimal", 2), [taus.get(row.rule) for row in rows]),
    ]  # fmt: skip
    note = _(
        "Kendall tau-b: 1 là cùng thứ tự, 0 là không liên quan, −1 là ngược lại; tính trên các đơn vị cùng có hạng."
    )
    caption = _("Đơn vị dẫn đầu theo từng quy tắc, {period}: {group}")
    return cells.make_table(columns, [note], **_texts(data, ranking, group, "rules", caption, _("Quy tắc"), lang))


def shifts(data: Dataset, ranking: pd.DataFrame, shifts: pd.DataFrame, group: str, lang: str = "vi") -> Table | None:
    """Return why the places of a group moved since the year before; None where no unit has a place in both years.

    Parameters
    ----------
    data : Dataset
    ranking : DataFrame
        From `rank_year`.
    shifts : DataFrame
        From `rank_shifts`, of the same year.
    group : str
    lang : str

    Examples
    --------
    >>> table = cchc.robustness_tables.shifts(data, ranking, cchc.rank_shifts(data, 2024), "so-nganh")
    >>> print(table.caption)
    Vì sao thứ hạng thay đổi, năm 2024: Sở, ban, ngành tỉnh
    """
    rows = of_group(data, shifts, group)
    if rows.empty:
        return None
    _ = translator(lang)
    columns = [
        *_placed(ranking, rows, lang),
        (Column(_("Hạng năm trước"), "place"), cells.pairs(rows["previous_rank"], rows["previous_n_ranked"])),
        (Column(_("Thay đổi"), "change"), list(rows["rank_change"])),
        (Column(_("Do đơn vị vào, ra"), "change"), list(rows["set_change"])),
        *cells.where_any(Column(_("Do bộ tiêu chí"), "change"), rows["rubric_change"]),
        *cells.where_any(Column(_("Do điểm số"), "change"), rows["performance_change"]),
    ]
    notes = [_("Ba phần cộng lại đúng bằng thay đổi.")]
    if not rows["is_separable"].all():
        notes = [
            _("Không tách được bộ tiêu chí và điểm số: hai năm không có lĩnh vực chung, hoặc không có điểm chi tiết.")
        ]
    caption = _("Vì sao thứ hạng thay đổi, {period}: {group}")
    return cells.make_table(columns, notes, **_texts(data, ranking, group, "shifts", caption, _("Thay đổi"), lang))


def component_weights(
    data: Dataset, ranking: pd.DataFrame, weights: pd.DataFrame, gaps: pd.DataFrame, group: str, lang: str = "vi"
) -> Table | None:
    """Return what each component of a group's index decides, and how units assess themselves in it.

    Parameters
    ----------
    data : Dataset
    ranking : DataFrame
        From `rank_year`.
    weights : DataFrame
        From `component_weight`.
    gaps : DataFrame
        From `self_bias`, by component.
    group : str
    lang : str

    Returns
    -------
    Table or None
        None where the group has no component figures.

    Examples
    --------
    >>> weights = cchc.component_weight(indices)
    >>> gaps = cchc.self_bias(cchc.self_gaps(data, 2024), "code")
    >>> table = cchc.robustness_tables.component_weights(data, ranking, weights, gaps, "so-nganh")
    >>> print(table.caption)
    Lĩnh vực nào quyết định thứ hạng, năm 2024: Sở, ban, ngành tỉnh
    """
    rows = of_group(data, weights, group)
    if rows.empty:
        return None
    _ = translator(lang)
    d = data.scheme.decimals
    bias = gaps[gaps["group"] == group].set_index("code").reindex(rows["code"])
    columns = [
        (Column(_("Lĩnh vực")), component_names(data, ranking, group, list(rows["code"]), lang)),
        (Column(_("Số đơn vị"), "integer"), list(rows["n"])),
        (Column(_("Trung bình"), "decimal", d), list(rows["mean"])),
        (Column(_("Độ lệch chuẩn"), "decimal", d), list(rows["spread"])),
        (Column(_("Đạt tối đa"), "integer"), list(rows["n_full"])),
        (Column(_("Trọng số, %"), "decimal", 1), list(100 * rows["weight"])),
        (Column(_("Trọng số thực tế, %"), "decimal", 1), list(100 * rows["effective_weight"])),
        *cells.where_any(Column(_("Đơn vị đổi hạng khi bỏ"), "integer"), rows["n_moved"]),
        *cells.where_any(Column(_("Tự chấm cao hơn thẩm định, % điểm tối đa"), "signed", d), bias["bias"]),
        *cells.where_any(Column(_("Độ lệch chuẩn của mức này"), "decimal", d), bias["spread"]),
    ]
    flat = rows[rows["n_values"] <= 1]
    notes = [_("Trọng số thực tế: phần của lĩnh vực trong chênh lệch giữa các đơn vị; cộng lại bằng 100 %.")]
    if len(flat):
        text = _("Không phân biệt được các đơn vị (mọi đơn vị như nhau): {names}.")
        notes.append(text.format(names="; ".join(component_names(data, ranking, group, list(flat["code"]), lang))))
    caption = _("Lĩnh vực nào quyết định thứ hạng, {period}: {group}")
    return cells.make_table(columns, notes, **_texts(data, ranking, group, "structure", caption, _("Cấu trúc"), lang))


def correlations(
    data: Dataset, ranking: pd.DataFrame, correlations: pd.DataFrame, group: str, lang: str = "vi"
) -> Table | None:
    """Return how the components of a group go together, each pair once; None with fewer than two components.

    Parameters
    ----------
    data : Dataset
    ranking : DataFrame
        From `rank_year`.
    correlations : DataFrame
        From `component_correlations`.
    group : str
    lang : str

    Examples
    --------
    >>> found = cchc.component_correlations(indices)
    >>> print(cchc.robustness_tables.correlations(data, ranking, found, "so-nganh").caption)
    Tương quan giữa các lĩnh vực (trong ngoặc: số đơn vị), năm 2024: Sở, ban, ngành tỉnh
    """
    rows = of_group(data, correlations, group)
    if rows.empty:
        return None
    _ = translator(lang)
    codes = list(dict.fromkeys([*rows["code"], *rows["other_code"]]))
    pairs: list[Any] = list(rows.itertuples())
    found = {(pair.code, pair.other_code): (pair.correlation, pair.n) for pair in pairs}
    names = component_names(data, ranking, group, codes, lang)
    columns: list[cells.Filled] = [(Column(_("Lĩnh vực")), names[1:])]
    for at, code in enumerate(codes[:-1]):
        below = [_pair(found[code, other], lang) for other in codes[at + 1 :]]
        columns.append((Column(code), [*([None] * at), *below]))
    caption = _("Tương quan giữa các lĩnh vực (trong ngoặc: số đơn vị), {period}: {group}")
    return cells.make_table(columns, **_texts(data, ranking, group, "pairs", caption, _("Tương quan"), lang))


def _placed(ranking: pd.DataFrame, rows: pd.DataFrame, lang: str) -> list[cells.Filled]:
    """Return the columns of place and unit."""
    _ = translator(lang)
    return [
        (Column(_("Hạng"), "place"), cells.pairs(rows["rank"], rows["n_ranked"])),
        (Column(_("Đơn vị")), unit_names(ranking, rows["unit_id"], lang)),
    ]


def _shares(first: pd.Series, within: pd.Series, top: int, lang: str) -> list[cells.Filled]:
    """Return how often a unit is first and among the first k, in percent."""
    _ = translator(lang)
    label = _("Trong {top} vị trí đầu, %").format(top=top)
    return [
        (Column(_("Đứng thứ nhất, %"), "decimal", 1), list(100 * first)),
        (Column(label, "decimal", 1), list(100 * within)),
    ]


def _pair(found: tuple[float, int], lang: str) -> str | None:
    value, n = found
    return None if is_missing(value) else f"{number(value, 2, lang)} ({n})"


def component_names(data: Dataset, ranking: pd.DataFrame, group: str, codes: list[str], lang: str) -> list[str]:
    """Return codes and names of components in the rubric of a ranking's year."""
    rubric = data.rubric[(data.rubric["year"] == int(ranking["year"].iloc[0])) & (data.rubric["group"] == group)]
    names = dict(zip(rubric["code"].astype(str), rubric[f"name_{lang}"].astype(str), strict=True))
    return [f"{code}. {names[code]}" for code in codes]


def _texts(
    data: Dataset, ranking: pd.DataFrame, group: str, name: str, caption: str, short: str, lang: str
) -> dict[str, str]:
    """Return id, caption and short name of a group's table."""
    settings = data.scheme.group(group)
    text = caption.format(period=period(data, ranking, lang), group=settings.name.get(lang), **limits(lang))
    return {"id": f"{name}-{group}", "caption": text, "short": f"{short} {settings.label(lang)}", "lang": lang}
