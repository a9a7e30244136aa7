"""The printed tables of an index that is split into parts: from year to year, and between two units."""

from __future__ import annotations

from typing import Any

import pandas as pd

from cchc import cells
from cchc.dataset import Dataset
from cchc.facts import names
from cchc.locale import translator
from cchc.table import Column, Marked, Table
from cchc.unit_tables import heads, points_decimals, titled


def change_by_component(data: Dataset, parts: pd.DataFrame, history: pd.DataFrame, lang: str = "vi") -> Table | None:
    """Return what each component changed of a unit's index; None with fewer than two components.

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
    >>> cchc.parts_tables.change_by_component(data, change, history).rows[0][1:]
    (10.25, 12.0, 10.75, 12.0, 0.5)
    """
    if parts["kind"].eq("component").sum() < 2:
        return None
    _ = translator(lang)
    year = int(history["year"].iloc[-1])
    sides = _("năm {year}").format(year=year - 1), _("năm {year}").format(year=year)
    last = (_("Cộng: thay đổi chỉ số"), _("Thay đổi chỉ số"), history["index_change"].iloc[-1])
    columns, notes = _parts_columns(data, parts, sides, last, lang)
    caption = _("Thay đổi chỉ số của {unit} năm {year} so với năm trước, theo lĩnh vực (điểm chỉ số)")
    return cells.make_table(
        columns,
        [_("Các phần cộng lại đúng bằng thay đổi của chỉ số."), *notes],
        id="change-by-component",
        caption=titled(caption, history, lang),
        short=_("Thay đổi theo lĩnh vực"),
        lang=lang,
    )


def leader_gap(
    data: Dataset, parts: pd.DataFrame, ranking: pd.DataFrame, history: pd.DataFrame, lang: str = "vi"
) -> Table | None:
    """Return in which components a unit is behind the leader of its group; None where it leads or nothing can be split.

    Parameters
    ----------
    data : Dataset
    parts : DataFrame
        From `leader_gap_parts`.
    ranking : DataFrame
        From `rank_year`.
    history : DataFrame
        From `unit_history`.
    lang : str

    Examples
    --------
    >>> gap = cchc.leader_gap_parts(data, components, ranking, "so-noi-vu")
    >>> print(cchc.parts_tables.leader_gap(data, gap, ranking, history).caption)
    Sở Nội vụ so với Sở Tài chính (dẫn đầu nhóm) năm 2024: chênh lệch chỉ số theo lĩnh vực
    """
    if parts["kind"].eq("component").sum() < 2:
        return None
    _ = translator(lang)
    leader = names(ranking[ranking["unit_id"] == parts["other_id"].iloc[0]], lang)[0]
    other = _("{leader} (dẫn đầu nhóm)").format(leader=leader)
    unit = history.iloc[-1]
    return gap(data, parts, unit[f"name_{lang}"], other, int(unit["year"]), lang)


def gap(data: Dataset, parts: pd.DataFrame, unit: str, other: str, year: int, lang: str = "vi") -> Table | None:
    """Return by component what sets two units' indices apart; None where there is nothing to split.

    Parameters
    ----------
    data : Dataset
    parts : DataFrame
        From `gap_parts`.
    unit, other : str
        Their names.
    year : int
    lang : str

    Examples
    --------
    >>> gap = cchc.gap_parts(data, components, ranking, "so-noi-vu", "so-y-te")
    >>> print(cchc.parts_tables.gap(data, gap, "Sở Nội vụ", "Sở Y tế", 2024).caption)
    Sở Nội vụ so với Sở Y tế năm 2024: chênh lệch chỉ số theo lĩnh vực
    """
    if parts.empty:
        return None
    _ = translator(lang)
    last = (_("Cộng: chênh lệch chỉ số"), _("Chênh lệch chỉ số"), float(sum(parts["part_exact"])))
    columns, notes = _parts_columns(data, parts, (other, unit), last, lang)
    text = _("{unit} so với {other} năm {year}: chênh lệch chỉ số theo lĩnh vực")
    return cells.make_table(
        columns,
        [_("Các phần cộng lại đúng bằng chênh lệch chỉ số."), *notes],
        id="gap",
        caption=text.format(unit=unit, other=other, year=year),
        short=_("Chênh lệch"),
        lang=lang,
    )


def _parts_columns(
    data: Dataset, parts: pd.DataFrame, sides: tuple[str, str], last: tuple[str, str, Any], lang: str
) -> tuple[list[cells.Filled], list[str]]:
    """Return the columns of a split, of both sides and their difference, and the note that it needs.

    `last` is the label of the row that adds up, that of the difference, and the sum.
    """
    _ = translator(lang)
    is_empty = parts["kind"].isin(["bonus", "penalty"]) & parts["part_exact"].eq(0)
    is_empty |= parts["kind"].isin(["announced", "rounding"]) & parts["part_rounded"].eq(0)
    rows = parts[~is_empty]
    fields = ["base_points", "base_max", "points", "max_points"]
    points = points_decimals(rows, fields)
    others = {
        "bonus": _("Điểm cộng"),
        "penalty": _("Điểm trừ"),
        "announced": _("Chênh lệch giữa số công bố và số tính lại"),
        "rounding": _("Làm tròn"),
    }
    marks = {"new": _("(mới)"), "ended": _("(thôi dùng)"), "": ""}
    labels = [
        Marked(head, marks[status]) if kind == "component" else others[kind]
        for kind, head, status in zip(rows["kind"], heads(rows, lang), rows["status"], strict=True)
    ]
    base, own = sides
    points_labels = (
        _("Điểm {side}").format(side=base),
        _("Tối đa {side}").format(side=base),
        _("Điểm {side}").format(side=own),
        _("Tối đa {side}").format(side=own),
    )
    total, difference, value = last
    columns: list[cells.Filled] = [(Column(_("Lĩnh vực")), [*labels, total])]
    columns += [
        (Column(label, "decimal", points), [*rows[name], None])
        for label, name in zip(points_labels, fields, strict=True)
    ]
    columns.append((Column(difference, "signed", data.scheme.decimals), [*rows["part_rounded"], value]))
    has_rounding = (rows["kind"] == "rounding").any()
    note = _("Làm tròn: phần lẻ do làm tròn chỉ số và làm tròn từng phần.")
    return columns, [note] if has_rounding else []
