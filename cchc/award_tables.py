"""The printed tables of the award pages, one function a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from cchc import award_words, cells
from cchc.award_lines import GONE, SHOWN_BELOW
from cchc.award_settings import Award
from cchc.content_tables import period_name
from cchc.dataset import Dataset
from cchc.locale import number, translator
from cchc.table import Column, Table

NOMINATED = ("proposed", "open", "conditional")
"""Who may get an award: by the rule, by the council's decision, or on a condition."""


def of_award(proposal: pd.DataFrame, award: Award, *statuses: str) -> pd.DataFrame:
    """Return the rows of one award, of some statuses or all, without units that are gone: they are no candidates."""
    rows = proposal[(proposal["award"] == award.id) & ~proposal["reason"].isin(GONE)]
    return rows[rows["status"].isin(statuses)] if statuses else rows


def seats_text(award: Award, lang: str) -> str:
    """Return the number of an award, and whether it is planned or a ceiling."""
    _ = translator(lang)
    text = _("tối đa {n}") if award.seats_are == "ceiling" else _("dự kiến {n}")
    return text.format(n=number(award.seats, 0, lang))


def number_of(data: Dataset, award: Award, period: str) -> int:
    """Return the number of an award on its page: its place among those of the period."""
    return 1 + data.scheme.awards_of(period).index(award)


def summary(data: Dataset, proposal: pd.DataFrame, period: str, lang: str = "vi") -> Table:
    """Return a row per award: its number and document, how many are proposed, what is open.

    Parameters
    ----------
    data : Dataset
    proposal : DataFrame
        From `propose_awards`.
    period : str
        ``"2024"`` or ``"2021-2025"``.
    lang : str

    Examples
    --------
    >>> print(cchc.award_tables.summary(data, proposal, "2024").caption)
    Tổng hợp dự kiến đề nghị khen thưởng, năm 2024
    """
    _ = translator(lang)
    scheme = data.scheme
    awards = scheme.awards_of(period)
    to = {"collective": _("tập thể"), "individual": _("cá nhân")}

    def counts(*statuses: str) -> list[Any]:
        return [len(of_award(proposal, award, *statuses)) for award in awards]

    decisions: list[Any] = [
        len(award_words.open_points(scheme, rows, lang)) if len(rows := of_award(proposal, award)) else 0
        for award in awards
    ]
    columns = [
        (Column(_("Hình thức khen thưởng")), [f"{at}. {award.name.get(lang)}" for at, award in enumerate(awards, 1)]),
        (Column(_("Đối tượng")), [to[award.to] for award in awards]),
        (Column(_("Chỉ tiêu")), [seats_text(award, lang) for award in awards]),
        (Column(_("Đề nghị"), "integer"), counts("proposed")),
        (Column(_("Đề nghị có điều kiện"), "integer"), counts("conditional")),
        (Column(_("Việc Hội đồng quyết định"), "integer"), decisions),
        (Column(_("Căn cứ")), [award_words.named_basis(award.basis, lang) for award in awards]),
    ]
    notes = [
        _("Đề nghị có điều kiện: tùy quyết định của Hội đồng về đối tượng khác hoặc hình thức khác."),
    ]
    return cells.make_table(
        columns,
        notes if (proposal["status"] == "conditional").any() else (),
        id="awards",
        caption=_("Tổng hợp dự kiến đề nghị khen thưởng, {period}").format(period=period_name(period, lang)),
        short=_("Tổng hợp"),
        lang=lang,
    )


def proposed(data: Dataset, proposal: pd.DataFrame, award: Award, lang: str = "vi") -> Table | None:
    """Return who may get an award, with place, figures, reason and doubts; None where nobody may.

    Parameters
    ----------
    data : Dataset
    proposal : DataFrame
        From `propose_awards`.
    award : Award
    lang : str
    """
    _ = translator(lang)
    rows = of_award(proposal, award, *NOMINATED)
    caption = _("{award}: danh sách xét đề nghị, {period}")
    return _candidates(data, rows, award, ("proposed", caption, _("Đề nghị")), lang)


def below(data: Dataset, proposal: pd.DataFrame, award: Award, lang: str = "vi") -> Table | None:
    """Return the eligible candidates next to the seats of an award, of each group a few; None where there are none."""
    _ = translator(lang)
    rows = of_award(proposal, award, "below")
    shown = rows.groupby("group", sort=False).head(SHOWN_BELOW)
    caption = _("{award}: ngoài chỉ tiêu, xếp liền sau, {period}")
    note = ""
    if len(rows) > len(shown):
        text = _("Mỗi nhóm tối đa {most} đối tượng; còn {n} đối tượng khác xếp sau.")
        note = text.format(most=number(SHOWN_BELOW, 0, lang), n=number(len(rows) - len(shown), 0, lang))
    return _candidates(data, shown, award, ("below", caption, _("Ngoài chỉ tiêu")), lang, note)


def left_out(data: Dataset, proposal: pd.DataFrame, award: Award, lang: str = "vi") -> Table | None:
    """Return who is excluded or not eligible for an award, and by which rule; None where nobody is."""
    _ = translator(lang)
    rows = of_award(proposal, award, "excluded", "not_eligible")
    caption = _("{award}: loại trừ và không đủ điều kiện, {period}")
    return _candidates(data, rows, award, ("left-out", caption, _("Không xét")), lang)


def _candidates(
    data: Dataset, rows: pd.DataFrame, award: Award, texts: tuple[str, str, str], lang: str, note: str = ""
) -> Table | None:
    """Return rows of a proposal as a table; `texts` are the beginning of its id, its caption and its short name."""
    if rows.empty:
        return None
    _ = translator(lang)
    scheme = data.scheme
    each: list[Any] = list(rows.itertuples())
    to = _("Tập thể") if award.to == "collective" else _("Họ và tên")
    is_below = bool((rows["status"] == "below").all())  # the caption says so of all
    groups = [scheme.group(row.group).label(lang) if row.group else "" for row in each]
    columns = [
        (Column(_("Thứ tự"), "place"), cells.pairs(rows["place"], rows["n_places"])),
        (Column(to), list(rows[f"name_{lang}"])),
        *cells.where_any(Column(_("Chức vụ")), list(rows["position"])),
        *cells.where_any(Column(_("Đơn vị")), ["" if row.is_unit else getattr(row, f"unit_{lang}") for row in each]),
        (Column(_("Nhóm")), groups),
        *cells.where_any(Column(_("Số liệu")), ["; ".join(award_words.figures(scheme, row, lang)) for row in each]),
        *cells.where_any(Column(_("Thành tích ghi trong đề nghị")), list(rows["achievement"])),
        *cells.where_any(Column(_("Nơi đề nghị")), list(rows["proposed_by"])),
        *(() if is_below else [(Column(_("Kết quả")), [award_words.status_name(row.status, lang) for row in each])]),
        (Column(_("Lý do")), [award_words.reason(scheme, row, lang) for row in each]),
        *cells.where_any(Column(_("Điểm cần lưu ý")), ["; ".join(award_words.doubts(row, lang)) for row in each]),
    ]
    start, caption, short = texts
    period = str(rows["period"].iloc[0])
    return cells.make_table(
        columns,
        [note] if note else (),
        id=f"{start}-{award.id}",
        caption=caption.format(award=award.name.get(lang), period=period_name(period, lang)),
        short=f"{number_of(data, award, period)}. {short}",
        lang=lang,
    )


# --------------------------------------------------------------------------------------------------- initiatives


def recognised(data: Dataset, initiatives: pd.DataFrame, period: str, lang: str = "vi") -> Table | None:
    """Return the recognised initiatives of a period, to be considered for spreading; None where there are none.

    Parameters
    ----------
    data : Dataset
    initiatives : DataFrame
        From `evidence.initiatives_of`.
    period : str
    lang : str

    Examples
    --------
    >>> print(cchc.award_tables.recognised(data, cchc.initiatives_of(data, [2024]), "2024").caption)
    Sáng kiến được công nhận, năm 2024
    """
    rows = initiatives[initiatives["is_recognised"]]
    if rows.empty:
        return None
    _ = translator(lang)
    columns = [
        *_initiative_columns(data, rows, lang),
        (Column(_("Cấp công nhận")), list(rows["level"])),
        (Column(_("Số văn bản")), list(rows["number"])),
        (Column(_("Ngày")), [award_words.day(value, lang) for value in rows["date"]]),
        (Column(_("Cơ quan công nhận")), list(rows["authority"])),
    ]
    caption = _("Sáng kiến được công nhận, {period}").format(period=period_name(period, lang))
    note = _("Nhân rộng sáng kiến nào là việc Hội đồng xem xét; bảng liệt kê đủ các sáng kiến được công nhận.")
    return cells.make_table(
        columns, [note], id="initiatives", caption=caption, short=_("Sáng kiến được công nhận"), lang=lang
    )


def not_counted(data: Dataset, initiatives: pd.DataFrame, period: str, lang: str = "vi") -> Table | None:
    """Return the initiatives that do not count, and why; None where all do. The arguments are as of `recognised`.

    Examples
    --------
    >>> print(cchc.award_tables.not_counted(data, cchc.initiatives_of(data, [2024]), "2024").caption)
    Sáng kiến không tính, năm 2024
    """
    rows = initiatives[~initiatives["is_recognised"]]
    if rows.empty:
        return None
    _ = translator(lang)
    columns = [
        *_initiative_columns(data, rows, lang),
        (Column(_("Lý do không tính")), [award_words.why_not_counted(row, lang) for row in rows.itertuples()]),
    ]
    caption = _("Sáng kiến không tính, {period}").format(period=period_name(period, lang))
    return cells.make_table(
        columns, id="initiatives-left-out", caption=caption, short=_("Sáng kiến không tính"), lang=lang
    )


def _initiative_columns(data: Dataset, rows: pd.DataFrame, lang: str) -> list[cells.Filled]:
    _ = translator(lang)
    names = data.units.drop_duplicates("unit_id", keep="last").set_index("unit_id")[f"name_{lang}"]
    contents = {content.id: content.name.get(lang) for content in data.scheme.contents}
    return [
        (Column(_("Sáng kiến")), list(rows["title"])),
        (Column(_("Mã")), list(rows["initiative_id"])),
        (Column(_("Tác giả")), list(rows["owner"])),
        (Column(_("Đơn vị")), [names.get(unit, unit) for unit in rows["unit_id"]]),
        *cells.where_any(Column(_("Nội dung")), [contents.get(name, "") for name in rows["content"]]),
    ]


def profiled(proposal: pd.DataFrame, lang: str) -> Sequence[tuple[str, str]]:
    """Return id and name of the units that may get an award themselves, each once.

    Examples
    --------
    >>> cchc.award_tables.profiled(proposal, "vi")[:2]
    [('so-tai-chinh', 'Sở Tài chính'), ('so-ke-hoach-va-dau-tu', 'Sở Kế hoạch và Đầu tư')]
    """
    rows = proposal[proposal["is_unit"] & proposal["status"].isin(NOMINATED)].drop_duplicates("unit_id")
    return list(zip(rows["unit_id"], rows[f"name_{lang}"], strict=True))
