"""The tables of the analyst's bench: years, two units side by side, the way to the cells, supposed places."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd

from cchc import cells
from cchc.captions import group_name
from cchc.dataset import Dataset
from cchc.facts import names
from cchc.locale import translator
from cchc.lookups import of_group
from cchc.phrases import msgid, place_in
from cchc.problems import place_text
from cchc.table import Column, Table

FIELDS = {
    "self": msgid("Tự chấm"),
    "appraised": msgid("Thẩm định"),
    "survey": msgid("Điều tra"),
    "bonus": msgid("Điểm cộng"),
    "penalty": msgid("Điểm trừ"),
    "max_points": msgid("Điểm tối đa riêng"),
}
INDENT = "\N{NO-BREAK SPACE}" * 4


def by_year(data: Dataset, rankings: Iterable[pd.DataFrame], units: Sequence[str], lang: str = "vi") -> Table | None:
    """Return the official index and place of some units by year; None where no year has any of them.

    Parameters
    ----------
    data : Dataset
    rankings : iterable of DataFrame
        From `rank_year`, a year each, in order.
    units : sequence of str
        In the order of the rows.
    lang : str
    """
    years = [table[table["unit_id"].isin(units)] for table in rankings]
    years = [table for table in years if len(table)]
    if not years:
        return None
    _ = translator(lang)
    known = dict.fromkeys(unit for unit in units if any(unit in set(table["unit_id"]) for table in years))
    latest = pd.concat(years).drop_duplicates("unit_id", keep="last").set_index("unit_id").loc[list(known)]
    columns: list[cells.Filled] = [(Column(_("Đơn vị")), names(latest, lang))]
    for table in years:
        rows, year = table.set_index("unit_id").reindex(list(known)), int(table["year"].iloc[0])
        places = cells.pairs(rows["rank"], rows["n_ranked"].astype("Int64"))
        index = Column(_("Chỉ số {year}").format(year=year), "decimal", data.scheme.decimals)
        columns += [(index, list(rows["index_score"])), (Column(_("Hạng {year}").format(year=year), "place"), places)]
    return cells.make_table(columns, id="by-year", caption=_("Chỉ số và thứ hạng chính thức theo năm"), lang=lang)


def one_component(
    data: Dataset, components: pd.DataFrame, group: str, code: str, year: int, lang: str = "vi"
) -> Table | None:
    """Return one component's indices by year, the best of `year` first; None where the year has no such component.

    Parameters
    ----------
    data : Dataset
    components : DataFrame
        From `score_components`; the component is followed as far as its series goes.
    group, code : str
        `code` is that of `year`.
    year : int
    lang : str
    """
    rows = of_group(data, components, group)
    now = rows[(rows["year"] == year) & (rows["code"] == code)]
    if now.empty:
        return None
    _ = translator(lang)
    rows = rows[rows["series"] == now["series"].iloc[0]]
    wide = rows.pivot(index="unit_id", columns="year", values="index_score")
    now = now.sort_values(["index_score", "unit_id"], ascending=[False, True])
    labels = data.units_of(year).set_index("unit_id").loc[now["unit_id"]]
    columns = [
        (Column(_("Đơn vị")), names(labels, lang)),
        *((Column(str(each), "decimal", data.scheme.decimals), list(wide[each].reindex(now["unit_id"])))
          for each in wide.columns),
    ]  # fmt: skip
    text = _("Chỉ số thành phần theo năm: {code}. {name}")
    caption = text.format(code=code, name=now[f"name_{lang}"].iloc[0])
    return cells.make_table(columns, id="one-component", caption=caption, lang=lang)


def trail(rows: pd.DataFrame, unit: str, year: int, lang: str = "vi") -> Table | None:
    """Return a unit's points from component to cell; None where the year has no scores of it.

    Parameters
    ----------
    rows : DataFrame
        From `drill`.
    unit : str
        Its name.
    year : int
    lang : str
    """
    if rows.empty:
        return None
    _ = translator(lang)
    records = _records(rows)
    heads = [
        INDENT * row.level + f"{row.code}. {row.name_vi}" if not row.field
        else INDENT * (row.level + 1) + _(FIELDS[row.field])
        for row in records
    ]  # fmt: skip
    decimals = min(cells.MOST_DECIMALS, cells.decimals_of([*rows["points"], *rows["max_points"]]))
    marks = ["" if row.is_applicable or row.field else _("không áp dụng") for row in records]
    places = [place_in(place_text(row.file, row.sheet, row.cell), _) if row.field else "" for row in records]
    columns = [
        (Column(_("Lĩnh vực, tiêu chí, ô số liệu")), heads),
        (Column(_("Điểm"), "decimal", decimals), list(rows["points"])),
        (Column(_("Tối đa"), "decimal", decimals), list(rows["max_points"])),
        *cells.where_any(Column(_("Chỉ số"), "decimal", 2), list(rows["index_score"])),
        (Column(_("Trong ô ghi")), [text or mark for text, mark in zip(rows["text"], marks, strict=True)]),
        (Column(_("Tệp, trang tính, ô")), places),
    ]
    caption = _("{unit} năm {year}: từ lĩnh vực đến ô số liệu").format(unit=unit, year=year)
    return cells.make_table(columns, id="trail", caption=caption, lang=lang)


def moves(data: Dataset, places: pd.DataFrame, group: str, year: int, lang: str = "vi") -> Table | None:
    """Return the places of a group before and after what is supposed; None where the year has no unit of it.

    Parameters
    ----------
    data : Dataset
    places : DataFrame
        From `supposed_places`.
    group : str
    year : int
    lang : str
    """
    rows = of_group(data, places, group)
    if rows.empty:
        return None
    _ = translator(lang)
    d = data.scheme.decimals
    before, after = (int(rows[name].notna().sum()) for name in ("rank_before", "rank"))
    columns = [
        (Column(_("Hạng giả định"), "place"), cells.pairs(rows["rank"], [after] * len(rows))),
        (Column(_("Đơn vị")), names(rows, lang)),
        (Column(_("Hạng tính từ điểm"), "place"), cells.pairs(rows["rank_before"], [before] * len(rows))),
        (Column(_("Thay đổi"), "change"), list(rows["rank_change"])),
        (Column(_("Chỉ số giả định"), "decimal", d), list(rows["index_score"])),
        (Column(_("Chỉ số tính từ điểm"), "decimal", d), list(rows["index_before"])),
    ]
    notes = []
    if year in data.published_years:
        notes = [_("Hai cột hạng đều tính từ điểm; bảng đã công bố năm {year} được để riêng.").format(year=year)]
    caption = _("{group}, năm {year}: thứ hạng nếu như").format(group=group_name(data, group, lang), year=year)
    return cells.make_table(columns, notes, id="moves", caption=caption, lang=lang)


def _records(rows: pd.DataFrame) -> list[Any]:
    """Return the rows of a table; pandas-stubs cannot know their columns."""
    return list(rows.itertuples())
