"""The profile of a unit by content of the plan as a printed table, for scorecards and for what is proposed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from cchc import cells
from cchc.dataset import Dataset
from cchc.locale import is_missing, number, translator
from cchc.prose import Block, Prose
from cchc.table import Column, Marked, Table


def period_name(period: str, lang: str) -> str:
    """Return ``"2024"`` or ``"2021-2025"`` in words."""
    _ = translator(lang)
    if "-" in period:
        return _("giai đoạn {stage}").format(stage=period.replace("-", "–"))
    return _("năm {year}").format(year=period)


def profile(
    data: Dataset, contents: pd.DataFrame, unit: tuple[str, str], period: str, lang: str = "vi"
) -> Table | None:
    """Return what stands for a unit under each content of the plan; None where the scheme has no contents.

    Parameters
    ----------
    data : Dataset
    contents : DataFrame
        From `content_profile`.
    unit : (str, str)
        Its id and name.
    period : str
        ``"2024"`` or ``"2021-2025"``.
    lang : str

    Examples
    --------
    >>> contents = cchc.content_profile(data, "so-noi-vu", 2024)
    >>> table = cchc.content_tables.profile(data, contents, ("so-noi-vu", "Sở Nội vụ"), "2024")
    >>> print(table.caption)
    Sở Nội vụ: minh chứng theo nội dung, năm 2024
    """
    if contents.empty:
        return None
    _ = translator(lang)
    d = data.scheme.decimals
    unit_id, name = unit
    since = _("Thay đổi từ năm {year}") if "-" in period else _("Thay đổi so với năm {year}")
    base = int(period[:4]) - ("-" not in period)
    columns = [
        (Column(_("Nội dung")), _content_heads(contents, lang)),
        (Column(_("Minh chứng")), [_evidence(row, lang) for row in contents.itertuples()]),
        *cells.where_any(Column(_("Chỉ số"), "decimal", d), list(contents["index_score"])),
        *cells.where_any(Column(since.format(year=base), "signed", d), list(contents["index_change"])),
        *cells.where_any(Column(_("Nhiệm vụ đúng hạn"), "place"), _tasks(contents)),
        *cells.where_any(Column(_("Sáng kiến được tính"), "integer"), _initiatives(contents, lang)),
        *cells.where_any(Column(_("Hạng của tỉnh"), "place"), cells.pairs(contents["rank"], contents["n_ranked"])),
    ]
    caption = _("{unit}: minh chứng theo nội dung, {period}").format(unit=name, period=period_name(period, lang))
    return cells.make_table(
        columns,
        list(_profile_notes(contents, lang)),
        id=f"contents-{unit_id}",
        caption=caption,
        short=_("Nội dung: {unit}").format(unit=name),
        lang=lang,
    )


def heading(contents: pd.DataFrame, lang: str = "vi") -> Prose | None:
    """Return the heading of the section on contents; None where the scheme has none, or nothing stands for them.

    Examples
    --------
    >>> print(cchc.content_tables.heading(cchc.content_profile(data, "so-noi-vu", 2024)).blocks[0].lines[0])
    Theo nội dung của kế hoạch
    """
    _ = translator(lang)
    return (
        None
        if contents.empty
        else Prose((Block("h2", (_("Theo nội dung của kế hoạch"),), id="contents"),), "group-head")
    )


def _content_heads(contents: pd.DataFrame, lang: str) -> list[str]:
    """Return number and name of each content, in the rows after its first the number alone."""
    order = list(contents["content"].unique())
    numbers = [order.index(name) + 1 for name in contents["content"]]
    return [
        f"{at}." if is_again else f"{at}. {name}"
        for at, name, is_again in zip(numbers, contents[f"name_{lang}"], contents["content"].duplicated(), strict=True)
    ]


def _evidence(row: Any, lang: str) -> str:
    _ = translator(lang)
    if row.kind == "component":
        return f"{row.code}. {getattr(row, f'component_{lang}')}"
    return {
        "tasks": _("Nhiệm vụ được giao"),
        "initiatives": _("Sáng kiến"),
        "province": _("Chỉ số cải cách hành chính của tỉnh"),
    }[str(row.kind)]


def _tasks(contents: pd.DataFrame) -> list[Any]:
    pairs = zip(contents["n_tasks_in_time"], contents["n_tasks"], strict=True)
    return [None if is_missing(number) or not number else (in_time, number) for in_time, number in pairs]


def _initiatives(contents: pd.DataFrame, lang: str) -> list[Any]:
    _ = translator(lang)
    text = _("(và {n} không tính)")
    return [
        counted if is_missing(left) or not left else Marked(counted, text.format(n=number(left, 0, lang)))
        for counted, left in zip(contents["n_initiatives"], contents["n_initiatives_left_out"], strict=True)
    ]


def _profile_notes(contents: pd.DataFrame, lang: str) -> Iterable[str]:
    _ = translator(lang)
    yield _("Minh chứng của từng nội dung là quy ước tính toán, chưa có văn bản quy định.")
    tasks, initiatives = (contents[contents["kind"] == kind] for kind in ("tasks", "initiatives"))
    if tasks["n_tasks"].isna().any() or initiatives["n_initiatives"].isna().any():
        yield _("Tệp nhiệm vụ hoặc sáng kiến của kỳ này có lỗi nên không tính.")
    if tasks["n_tasks"].eq(0).any():
        yield _(
            "Nội dung có minh chứng là nhiệm vụ mà không có số: bảng nhiệm vụ của kỳ không có nhiệm vụ nào của đơn vị."
        )
    if contents.loc[contents["kind"] == "province", "index_score"].isna().any():
        yield _("Chưa có chỉ số của tỉnh.")
