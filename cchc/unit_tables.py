"""The printed tables of a unit's page that go below its years and components."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from cchc import cells
from cchc.dataset import Dataset
from cchc.facts import names
from cchc.locale import number, translator
from cchc.table import Column, Table

MOST_CRITERIA = 10


def points_lost(data: Dataset, opened: pd.DataFrame, history: pd.DataFrame, lang: str = "vi") -> Table | None:
    """Return by component the points that a unit did not win and what they would add; None with fewer than two.

    Parameters
    ----------
    data : Dataset
    opened : DataFrame
        From `open_points`.
    history : DataFrame
        From `unit_history`.
    lang : str

    Examples
    --------
    >>> cchc.unit_tables.points_lost(data, cchc.open_points(data, parts), history).rows[0]
    ('1. Công tác chỉ đạo, điều hành cải cách hành chính', 10.75, 12.0, 1.25, 1.25)
    """
    if len(opened) < 2:
        return None
    _ = translator(lang)
    points = points_decimals(opened, ["points", "max_points", "open"])
    note = _("Chỉ số tăng thêm: nếu đơn vị đạt toàn bộ điểm còn mất của lĩnh vực đó.")
    columns = [
        (Column(_("Lĩnh vực")), heads(opened, lang)),
        (Column(_("Điểm"), "decimal", points), list(opened["points"])),
        (Column(_("Điểm tối đa áp dụng"), "decimal", points), list(opened["max_points"])),
        (Column(_("Điểm còn mất"), "decimal", points), list(opened["open"])),
        (Column(_("Chỉ số tăng thêm"), "signed", data.scheme.decimals), list(opened["gain"])),
    ]
    caption = _("Điểm còn mất của {unit} năm {year} theo lĩnh vực")
    return cells.make_table(
        columns, [note], id="points-lost", caption=titled(caption, history, lang), short=_("Điểm còn mất"), lang=lang
    )


def criteria_lost(lost: pd.DataFrame, history: pd.DataFrame, lang: str = "vi") -> Table | None:
    """Return the ten criteria where a unit lost most; None where it lost none, or the rubric stops at components.

    Parameters
    ----------
    lost : DataFrame
        From `lost_criteria`.
    history : DataFrame
        From `unit_history`.
    lang : str

    Examples
    --------
    >>> lost = cchc.lost_criteria(data, "so-noi-vu", 2024)
    >>> cchc.unit_tables.criteria_lost(lost, history).rows[0]
    ('5.5. Chấp hành kỷ luật, kỷ cương hành chính và văn hóa công vụ', 2.0, 2.0, 2.1, 4.1, 5.0, 0.9)
    """
    if (lost["code"] == lost["component"]).all():
        return None
    _ = translator(lang)
    rows = lost.head(MOST_CRITERIA)
    fields = ["self_points", "appraised_points", "survey_points", "points", "max_points", "lost"]
    points = points_decimals(rows, fields)
    columns = [
        (Column(_("Tiêu chí")), heads(rows, lang)),
        *cells.where_any(Column(_("Tự chấm"), "decimal", points), rows["self_points"]),
        *cells.where_any(Column(_("Thẩm định"), "decimal", points), rows["appraised_points"]),
        *cells.where_any(Column(_("Điều tra"), "decimal", points), rows["survey_points"]),
        (Column(_("Điểm"), "decimal", points), list(rows["points"])),
        (Column(_("Điểm tối đa"), "decimal", points), list(rows["max_points"])),
        (Column(_("Điểm còn mất"), "decimal", points), list(rows["lost"])),
    ]
    rest = len(lost) - len(rows)
    note = _("Còn {n} tiêu chí khác chưa đạt điểm tối đa.").format(n=number(rest, 0, lang))
    caption = _("Tiêu chí còn mất nhiều điểm nhất của {unit} năm {year}")
    return cells.make_table(
        columns,
        [note] if rest else [],
        id="criteria-lost",
        caption=titled(caption, history, lang),
        short=_("Tiêu chí mất điểm"),
        lang=lang,
    )


def self_assessed(
    compared: pd.DataFrame, profile: pd.DataFrame, history: pd.DataFrame, lang: str = "vi"
) -> Table | None:
    """Return self-assessed beside appraised points by component; None where no component has both.

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
    >>> cchc.unit_tables.self_assessed(compared, profile, history).rows[-1]
    ('Cộng', 81.75, 78.5, 3.25)
    """
    if compared.empty:
        return None
    _ = translator(lang)
    points = points_decimals(compared, ["self_points", "appraised_points", "gap"])
    titles = dict(zip(profile["code"], heads(profile, lang), strict=True))
    columns = [
        (Column(_("Lĩnh vực")), [titles.get(code, _("Cộng")) for code in compared["code"]]),
        (Column(_("Tự chấm"), "decimal", points), list(compared["self_points"])),
        (Column(_("Thẩm định"), "decimal", points), list(compared["appraised_points"])),
        (Column(_("Chênh lệch"), "signed", points), list(compared["gap"])),
    ]
    notes = [
        _("Chênh lệch: điểm tự chấm trừ điểm thẩm định."),
        _("Chỉ gồm các tiêu chí do cơ quan thẩm định chấm; không gồm điểm điều tra."),
    ]
    caption = _("Điểm tự chấm và điểm thẩm định của {unit} năm {year}")
    return cells.make_table(
        columns,
        notes,
        id="self-assessed",
        caption=titled(caption, history, lang),
        short=_("Tự chấm và thẩm định"),
        lang=lang,
    )


def neighbours(data: Dataset, near: pd.DataFrame, history: pd.DataFrame, lang: str = "vi") -> Table | None:
    """Return the units at the places next to a unit's own; None where it has no place or no neighbour.

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
    >>> table = cchc.unit_tables.neighbours(data, cchc.neighbours(ranking, "so-noi-vu"), history)
    >>> table.rows[0][1:]
    ('Sở Nông nghiệp và Phát triển nông thôn', 90.22, 'Xuất sắc', 1.71)
    """
    if len(near) < 2:
        return None
    _ = translator(lang)
    d = data.scheme.decimals
    own = history["unit_id"].iloc[-1]
    is_own = near["unit_id"] == own
    columns = [
        (Column(_("Hạng"), "place"), cells.places(near)),
        (Column(_("Đơn vị")), cells.marked(names(near, lang), is_own, _("(đơn vị này)"))),
        (Column(_("Chỉ số"), "decimal", d), list(near["index_score"])),
        *cells.where_any(cells.grade_column(data, _("Xếp loại"), lang), cells.grades(data, near["grade"], lang)),
        (Column(_("Cách đơn vị này"), "signed", d), list(near["gap"].mask(is_own))),
    ]
    caption = _("Các đơn vị liền kề của {unit} năm {year}")
    return cells.make_table(
        columns,
        cells.tie_notes(data, near, lang),
        id="neighbours",
        caption=titled(caption, history, lang),
        short=_("Đơn vị liền kề"),
        lang=lang,
    )


def heads(rows: pd.DataFrame, lang: str) -> list[str]:
    """Return code and name of components or criteria."""
    return [f"{code}. {name}" for code, name in zip(rows["code"], names(rows, lang), strict=True)]


def points_decimals(rows: pd.DataFrame, columns: Sequence[str]) -> int:
    """Return how many decimals it takes to print these columns of points, at most four."""
    needed = cells.decimals_of(value for name in columns for value in rows[name])
    return min(cells.MOST_DECIMALS, needed)


def titled(caption: str, history: pd.DataFrame, lang: str) -> str:
    """Fill the unit's name and the year into a caption."""
    unit = history.iloc[-1]
    return caption.format(unit=unit[f"name_{lang}"], year=unit["year"])
