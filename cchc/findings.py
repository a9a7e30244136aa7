"""What a reader must know first, by rule: each rule looks at the tables and says one sentence, or nothing.

Nothing is said that the data do not carry: no fall and no weakest component of a group whose table lacks units.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import pandas as pd

from cchc.dataset import Dataset
from cchc.facts import WANTING, decisions, is_stage, joined, mean, names, period_years, reason, rounded
from cchc.locale import date, number, place, translator
from cchc.series import rubric_breaks

MOVES_SHOWN = 2
LEAST_MOVE = 2
"""Places that a unit must have moved to be named: in most years half of them move by one."""


def findings(
    data: Dataset,
    ranking: pd.DataFrame,
    verifications: Sequence[pd.DataFrame],
    components: pd.DataFrame,
    lang: str,
    *,
    values: pd.DataFrame | None = None,
) -> list[str]:
    """Return what a reader must know first: at most six sentences, in the order of their weight.

    The parameters are those of `sentences.findings`.
    """
    if ranking.empty:
        return []
    found = (
        needs_decision(data, ranking, lang),
        not_ranked(data, ranking, lang),
        differences(ranking, verifications, lang),
        breaks(data, ranking, lang),
        moves(data, ranking, lang, values=values),
        weakest_component(data, components, lang),
    )
    return [sentence for sentence in found if sentence]


def needs_decision(data: Dataset, ranking: pd.DataFrame, lang: str) -> str:
    """Say which groups leave something to the council."""
    _ = translator(lang)
    parts = [
        f"{group.label(lang)}: {'; '.join(found)}"
        for group in data.scheme.groups
        if (found := decisions(data, _of(ranking, group.id), lang))
    ]
    return _("Cần xem xét, quyết định: {items}.").format(items="; ".join(parts)) if parts else ""


def not_ranked(data: Dataset, ranking: pd.DataFrame, lang: str) -> str:
    """Say which units are not ranked for want of data, and why."""
    _ = translator(lang)
    wanting = ranking[ranking["reason"].isin(WANTING)]
    if wanting.empty:
        return ""
    items = [f"{_name(row, lang)} ({reason(data, row, lang)})" for row in wanting.itertuples()]
    text = _("{n} đơn vị chưa được xếp hạng do thiếu số liệu: {items}.")
    return text.format(n=number(len(items), 0, lang), items=joined(items, lang))


def differences(ranking: pd.DataFrame, verifications: Sequence[pd.DataFrame], lang: str) -> str:
    """Say where what was announced is not what the points come to, and whether a place hangs on it."""
    _ = translator(lang)
    found = [table[table["status"].isin(["differs", "not_announced"])] for table in verifications]
    table = pd.concat(found) if found else pd.DataFrame()
    if table.empty:
        return ""
    changing = table["changes_stage_place" if is_stage(ranking) else "changes_place"].sum()
    items = [f"{_name(row, lang)} ({row.period})" for row in table.itertuples()]
    text = _("Số đã công bố khác số tính lại ở {n} dòng: {items}; {changing} dòng trong đó làm thay đổi thứ hạng.")
    return text.format(
        n=number(len(items), 0, lang), items=joined(items, lang), changing=number(int(changing), 0, lang)
    )


def breaks(data: Dataset, ranking: pd.DataFrame, lang: str) -> str:
    """Say which years of the period are not fully comparable: a new rubric, units merged or split."""
    _ = translator(lang)
    first, last = _span(data, ranking)
    changed = rubric_breaks(data, first, last)
    parts = []
    for year, rows in changed.groupby("year"):
        groups = ", ".join(group.label(lang) for group in data.scheme.groups if group.id in set(rows["group"]))
        parts.append(_("bộ tiêu chí thay đổi từ năm {year} ({groups})").format(year=year, groups=groups))
    days = data.lineage["date"]
    within = (days > pd.Timestamp(data.scheme.as_of(first))) & (days <= pd.Timestamp(data.scheme.as_of(last)))
    for day, rows in data.lineage[within].groupby("date"):
        text = _("tổ chức lại đơn vị từ ngày {day} ({n} đơn vị thôi hoạt động)")
        parts.append(text.format(day=date(pd.Timestamp(str(day)), lang), n=rows["predecessor"].nunique()))
    text = _("So sánh giữa các năm cần thận trọng: {items}.")
    return text.format(items="; ".join(parts)) if parts else ""


def moves(data: Dataset, ranking: pd.DataFrame, lang: str, *, values: pd.DataFrame | None = None) -> str:
    """Say who moved most, up and down, and whose place rose while the index fell.

    Places are compared among the units that have one in both years: after mergers the last of 19 was the last of 14,
    and a sentence praised it for five places gained.
    """
    _ = translator(lang)
    table = ranking if values is None else stage_moves(ranking, values)
    complete = [group.id for group in data.scheme.groups if group.complete]
    table = table[table["group"].isin(complete) & table["rank_change_common"].notna()]
    changes = table["rank_change_common"]
    parts: list[str] = []
    if changes.empty:
        return ""
    if changes.max() >= LEAST_MOVE:
        text = _("tăng nhiều nhất là {units}")
        parts.append(text.format(units=_moved(table[changes == changes.max()], lang)))
    if changes.min() <= -LEAST_MOVE:
        text = _("giảm nhiều nhất là {units}")
        parts.append(text.format(units=_moved(table[changes == changes.min()], lang)))
    against = table[(changes > 0) & (table["index_change"] < 0)]
    if len(against):
        text = _("điểm giảm nhưng hạng tăng: {names}")
        parts.append(text.format(names=joined(names(against, lang), lang)))
    since_first = _("Thay đổi thứ hạng từ năm đầu đến năm cuối có số liệu của nhóm: {items}.")
    text = since_first if is_stage(ranking) else _("Thay đổi thứ hạng so với năm trước: {items}.")
    return text.format(items="; ".join(parts)) if parts else ""


def stage_moves(ranking: pd.DataFrame, values: pd.DataFrame) -> pd.DataFrame:
    """Return a stage's moves from its group's first ranked year to the last, in the columns of `rank_year`.

    Parameters
    ----------
    ranking : DataFrame
        From `rank_stage`.
    values : DataFrame
        From `stage_values`, of the same stage.
    """
    values = values[values["rank"].notna()]
    span = values.groupby("group")["year"].agg(["min", "max"])
    keys = ["group", "unit_id"]
    sides = []
    for side in ("min", "max"):
        rows = values[values["year"] == values["group"].map(span[side])]
        sides.append(rows.set_index(keys)[["rank", "n_ranked", "index_score"]])
    before, after = sides
    table = after.join(before.add_prefix("previous_"), how="inner").reset_index()
    places = table.groupby("group")[["previous_rank", "rank"]].rank(method="min").astype("Int64")
    table["rank_change"] = table["previous_rank"] - table["rank"]
    table["rank_change_common"] = places["previous_rank"] - places["rank"]
    table["index_change"] = table["index_score"] - table["previous_index_score"]
    return table.merge(ranking[[*keys, "name_vi", "name_en"]], on=keys)


def _moved(rows: pd.DataFrame, lang: str) -> str:
    _ = translator(lang)
    same = _("{name} ({n} bậc, từ {before} thành {after})")
    common = _("{name} ({n} bậc trong các đơn vị có hạng cả hai năm, từ {before} thành {after})")
    records: list[Any] = list(rows.itertuples())
    items = [
        (same if row.rank_change == row.rank_change_common else common).format(
            name=_name(row, lang),
            n=number(abs(row.rank_change_common), 0, lang),
            before=place(row.previous_rank, row.previous_n_ranked, lang),
            after=place(row.rank, row.n_ranked, lang),
        )
        for row in records
    ]
    shown = ", ".join(items[:MOVES_SHOWN])
    rest = len(items) - MOVES_SHOWN
    return shown if rest <= 0 else _("{names} và {n} đơn vị khác").format(names=shown, n=rest)


def weakest_component(data: Dataset, components: pd.DataFrame, lang: str) -> str:
    """Say which component has the lowest mean index in each group, in the last year given, and who leads it."""
    _ = translator(lang)
    year = components["year"].max()
    table = components[components["index_score"].notna() & (components["year"] == year)]
    parts = []
    for group in data.scheme.groups:
        rows = table[table["group"] == group.id]
        if group.complete and rows["code"].nunique() > 1:
            parts.append(f"{group.label(lang)}: {_weakest(data, rows, lang)}")
    text = _("Lĩnh vực có chỉ số trung bình thấp nhất năm {year}: {items}.")
    return text.format(year=year, items="; ".join(parts)) if parts else ""


def _weakest(data: Dataset, rows: pd.DataFrame, lang: str) -> str:
    _ = translator(lang)
    means = {str(code): mean(cells["index_score"]) or Fraction(0) for code, cells in rows.groupby("code")}
    code = min(means, key=lambda item: (means[item], item))
    row: Any = next(rows[rows["code"] == code].itertuples())
    value = number(rounded(means[code], data.scheme.decimals), data.scheme.decimals, lang)
    rubric = data.rubric
    is_row = (rubric["year"] == row.year) & (rubric["group"] == row.group) & (rubric["code"] == code)
    unit = next(iter(rubric.loc[is_row, "lead_unit"]), "")
    if not unit:
        return _("{name} ({value})").format(name=_name(row, lang), value=value)
    return _("{name} ({value}; cơ quan chủ trì: {unit})").format(
        name=_name(row, lang), value=value, unit=_unit_name(data, unit, row.year, lang)
    )


def _unit_name(data: Dataset, unit: str, year: int, lang: str) -> str:
    """Return the name of a unit given by id or name, or the text itself: a rubric may name who is not ranked."""
    units = data.units_of(year)
    return next(iter(names(units[(units["unit_id"] == unit) | (units["name_vi"] == unit)], lang)), unit)


def _span(data: Dataset, ranking: pd.DataFrame) -> tuple[int, int]:
    years = period_years(data, ranking)
    return (years[0], years[-1]) if is_stage(ranking) else (years[0] - 1, years[0])


def _of(ranking: pd.DataFrame, group: str) -> pd.DataFrame:
    return ranking[ranking["group"] == group]


def _name(row: Any, lang: str) -> str:
    return str(getattr(row, f"name_{lang}"))
