"""The prose of the award pages: head with its marks, an award's rule and open decisions, how candidates are judged."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from cchc import award_words
from cchc.award_settings import Award
from cchc.award_tables import NOMINATED, number_of, of_award
from cchc.content_tables import period_name
from cchc.dataset import Dataset
from cchc.locale import number, translator
from cchc.prose import Block, Prose
from cchc.sentences import decision, marks, years_of


def title(data: Dataset, period: str, lang: str = "vi") -> Prose:
    """Return the head of the page: title, issuer, decision of the ranking, and the marks; it is a draft proposal.

    Parameters
    ----------
    data : Dataset
    period : str
        ``"2024"`` or ``"2021-2025"``.
    lang : str

    Examples
    --------
    >>> print(cchc.award_prose.title(data, "2024").blocks[1].lines[0])
    Chỉ số cải cách hành chính tỉnh Sóc Trăng: dự kiến đề nghị khen thưởng năm 2024
    """
    _ = translator(lang)
    heading = _("{title}: dự kiến đề nghị khen thưởng {period}")
    first, last = int(period[:4]), int(period[-4:])
    stage = (first, last) if "-" in period else None
    blocks = [
        Block("p", (data.scheme.issued_by.get(lang),), "issuer"),
        Block("h1", (heading.format(title=data.scheme.title.get(lang), period=period_name(period, lang)),)),
        Block("p", (decision(data, years_of(data, last, stage), stage, lang),), "decision"),
        *(Block("p", (text,), f"mark {css}") for css, text in page_marks(data, period, lang)),
    ]
    return Prose(tuple(blocks), "page-head", "header")


def page_marks(data: Dataset, period: str, lang: str) -> list[tuple[str, str]]:
    """Return the marks of a proposal: those of its ranking, that it is a draft, and that it names persons."""
    _ = translator(lang)
    first, last = int(period[:4]), int(period[-4:])
    stage = (first, last) if "-" in period else None
    found = [("draft", _("DỰ THẢO ĐỀ XUẤT: lập theo quy tắc đã khai báo, chờ Hội đồng xem xét, quyết định"))]
    found += marks(data, years_of(data, last, stage), stage, lang)
    if any(award.to == "individual" for award in data.scheme.awards_of(period)):
        found.append(("note", _("Có họ tên cá nhân: chỉ dùng trong việc xét khen thưởng")))
    return found


def award_section(data: Dataset, proposal: pd.DataFrame, award: Award, period: str, lang: str = "vi") -> Prose:
    """Return the head of an award's section: its name, its rule, how far its number is used, what is to be decided.

    Parameters
    ----------
    data : Dataset
    proposal : DataFrame
        From `propose_awards`.
    award : Award
    period : str
    lang : str

    Examples
    --------
    >>> award = data.scheme.award("bang-khen-tap-the")
    >>> print(cchc.award_prose.award_section(data, proposal, award, "2024").blocks[0].lines[0])
    1. Bằng khen của Chủ tịch UBND tỉnh cho tập thể
    """
    _ = translator(lang)
    scheme = data.scheme
    rows = of_award(proposal, award)
    at = number_of(data, award, period)
    blocks = [Block("h2", (f"{at}. {award.name.get(lang)}",), id=f"award-{award.id}")]
    blocks.append(Block("ul", tuple(award_words.rules(scheme, award, lang)), "rules"))
    if rows.empty:
        blocks.append(Block("p", (_("Không có đối tượng nào: chưa có đề nghị cho kỳ này."),)))
        return Prose(tuple(blocks), "group-head")
    if points := award_words.open_points(scheme, rows, lang):
        blocks += [Block("h3", (_("Việc Hội đồng quyết định"),)), Block("ul", tuple(points))]
    blocks.append(Block("p", (" ".join(_counts(data, rows, award, lang)),)))
    return Prose(tuple(blocks), "group-head")


def _counts(data: Dataset, rows: pd.DataFrame, award: Award, lang: str) -> list[str]:
    """Say how many are proposed of how many seats, and how the seats are shared."""
    _ = translator(lang)
    n_proposed, n_open, n_conditional = (int((rows["status"] == status).sum()) for status in NOMINATED)
    counts = {"n": number(n_proposed, 0, lang), "seats": number(award.seats, 0, lang)}
    lines = [_("Đề nghị {n}/{seats}.").format(**counts)]
    if n_open:
        lines.append(_("{n} đối tượng chờ Hội đồng quyết định.").format(n=number(n_open, 0, lang)))
    if n_conditional:
        lines.append(_("{n} đối tượng có điều kiện.").format(n=number(n_conditional, 0, lang)))
    if by_group := award_words.seats(data.scheme, rows, lang):
        lines.append(_("Chỉ tiêu theo nhóm: {seats}.").format(seats=by_group))
    return lines


def initiatives(table: pd.DataFrame, lang: str = "vi") -> Prose:
    """Return how many initiatives of a period count, from `evidence.initiatives_of`.

    Examples
    --------
    >>> print(cchc.award_prose.initiatives(cchc.initiatives_of(data, [2024])).blocks[0].lines[0])
    2/3 sáng kiến được tính.
    """
    _ = translator(lang)
    text = _("Chưa có sáng kiến nào trong tệp của kỳ này.")
    if len(table):
        counts = {"n": number(int(table["is_recognised"].sum()), 0, lang), "total": number(len(table), 0, lang)}
        text = _("{n}/{total} sáng kiến được tính.").format(**counts)
    return Prose((Block("p", (text,)),), "movement")


def profiles(data: Dataset, units: Sequence[tuple[str, str]], lang: str = "vi") -> Prose:
    """Return what the profiles by content are of, or why there are none; `units` from `award_tables.profiled`.

    Examples
    --------
    >>> print(cchc.award_prose.profiles(data, cchc.award_tables.profiled(proposal, "vi")).blocks[0].lines[0])
    Mỗi đơn vị được đề nghị, hoặc tùy quyết định của Hội đồng, có một bảng.
    """
    _ = translator(lang)
    text = _("Mỗi đơn vị được đề nghị, hoặc tùy quyết định của Hội đồng, có một bảng.")
    if not data.scheme.contents:
        text = _("Chưa khai báo các nội dung của kế hoạch.")
    elif not units:
        text = _("Không có đơn vị nào được đề nghị.")
    return Prose((Block("p", (text,)),), "movement")


def method(data: Dataset, period: str, lang: str = "vi") -> Prose:
    """Return how candidates are judged whatever the award, and which of that no document says.

    Parameters
    ----------
    data : Dataset
    period : str
    lang : str

    Examples
    --------
    >>> print(cchc.award_prose.method(data, "2024").blocks[0].lines[0])
    Xét từ vị trí tốt nhất trở xuống; số được đề nghị ít hơn chỉ tiêu khi không đủ đối tượng đủ điều kiện.
    """
    _ = translator(lang)
    awards = data.scheme.awards_of(period)
    lines = [
        _("Xét từ vị trí tốt nhất trở xuống; số được đề nghị ít hơn chỉ tiêu khi không đủ đối tượng đủ điều kiện."),
        _("Các đối tượng bằng nhau ở chỉ tiêu cuối: không đề nghị ai trong số đó, Hội đồng chọn."),
    ]
    if any(award.allocation == "proportional" for award in awards):
        lines.append(
            _("Chia chỉ tiêu theo số dư lớn nhất; số dư bằng nhau thì để lại chỉ tiêu cho Hội đồng quyết định.")
        )
    if any(award.not_with for award in awards):
        lines.append(_("Đối tượng còn có thể nhận hình thức không được cùng nhận thì chỉ được đề nghị có điều kiện."))
    if any(award.to == "individual" for award in awards):
        lines.append(_("Cá nhân không xếp theo chỉ số của đơn vị mình."))
    lines += [
        _("Tập thể không phải đơn vị được xếp hạng: kiểm tra, liệt kê theo thứ tự đề nghị, không xếp hạng."),
        _(
            "Sáng kiến chỉ tính khi đã được công nhận (Luật Thi đua, khen thưởng 06/2022/QH15), có đủ cấp, số văn bản, "
            "ngày và cơ quan công nhận; tính một lần, trong năm được công nhận."
        ),
        _(
            "Sáng kiến ghi trong đề nghị chỉ tính khi tệp sáng kiến ghi đối tượng đó, ở đơn vị đó, là tác giả; các "
            "đồng tác giả cùng đề nghị một sáng kiến thì không tính cho ai."
        ),
        _("Nhiệm vụ đúng hạn: hoàn thành không sau ngày đến hạn; không ghi ngày đến hạn thì chỉ cần hoàn thành."),
        _("Nhiệm vụ, sáng kiến tính cho đơn vị ghi trong tệp; không cộng nhiệm vụ, sáng kiến của đơn vị tiền thân."),
        _("Các cách xét trên là quy ước tính toán, chưa có văn bản quy định, trừ nội dung có ghi văn bản."),
    ]
    return Prose((Block("ul", tuple(lines)),), "method")
