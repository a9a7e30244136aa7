"""The words of the page on robustness: what may be said of each group, what each view assumes, names of the rules."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd

from cchc.dataset import Dataset
from cchc.facts import joined
from cchc.intervals import LEVELS
from cchc.locale import number, translator
from cchc.prose import Block, Prose
from cchc.robustness import CHANCE, SURE
from cchc.sentences import decision, marks, years_of
from cchc.weights import SPREAD


def title(data: Dataset, stage: tuple[int, int], lang: str = "vi") -> Prose:
    """Return the head of the page: what a stage's page has, and the mark that this one is no official result.

    Parameters
    ----------
    data : Dataset
    stage : tuple of int
        First and last year.
    lang : str

    Examples
    --------
    >>> print(cchc.robustness_words.title(data, (2021, 2025)).blocks[1].lines[0])
    Chỉ số cải cách hành chính tỉnh Sóc Trăng: độ vững của thứ hạng giai đoạn 2021–2025
    """
    _ = translator(lang)
    years = years_of(data, None, stage)
    heading = _("{title}: độ vững của thứ hạng giai đoạn {first}–{last}")
    found = [
        ("analysis", _("TRANG PHÂN TÍCH, KHÔNG PHẢI KẾT QUẢ CHÍNH THỨC: dành cho chuyên viên và thư ký Hội đồng")),
        *marks(data, years, stage, lang),
    ]
    blocks = [
        Block("p", (data.scheme.issued_by.get(lang),), "issuer"),
        Block("h1", (heading.format(title=data.scheme.title.get(lang), first=stage[0], last=stage[1]),)),
        Block("p", (decision(data, years, stage, lang),), "decision"),
        *(Block("p", (text,), f"mark {css}") for css, text in found),
    ]
    return Prose(tuple(blocks), "page-head", "header")


def limits(lang: str) -> dict[str, str]:
    """Return the limits that the rules draw by, in percent, for the texts of the page: low, high, within, spread."""
    low, high = LEVELS
    shares = {"low": low, "high": high, "within": high - low, "spread": SPREAD}
    return {name: number(100 * share, 0, lang) for name, share in shares.items()}


def rule_name(rule: str, lang: str) -> str:
    """Return the name of a rule of `compare_rules`."""
    _ = translator(lang)
    return {
        "official": _("chính thức"),
        "mean": _("trung bình cộng"),
        "geometric": _("trung bình nhân"),
        "median": _("trung vị các năm"),
        "latest": _("năm gần nhất"),
        "borda": _("Borda"),
        "copeland": _("Copeland"),
        "adjusted": _("trung bình điều chỉnh theo năm"),
        "inherit": _("tính kế thừa"),
        "separate": _("tính riêng"),
    }[rule]


def unit_names(ranking: pd.DataFrame, units: Iterable[str], lang: str) -> list[str]:
    """Return the names that a ranking gives to units."""
    names = dict(zip(ranking["unit_id"], ranking[f"name_{lang}"].astype(str), strict=True))
    return [names[unit] for unit in units]


def verdicts(
    data: Dataset, ranking: pd.DataFrame, certainty: pd.DataFrame, top: int, n_draws: int, lang: str = "vi"
) -> Prose:
    """Return one sentence a group: whether the leader would stay the leader, who else might lead, who is at the edge.

    Parameters
    ----------
    data : Dataset
    ranking : DataFrame
        From `rank_stage`.
    certainty : DataFrame
        From `leader_certainty`.
    top, n_draws : int
        As the intervals were made with.
    lang : str

    Examples
    --------
    >>> leaders = cchc.leaders_by_rule(rules)
    >>> certainty = cchc.leader_certainty(intervals, leaders)
    >>> print(cchc.robustness_words.verdicts(data, stage, certainty, 3, 200).blocks[0].lines[0])
    Mỗi nhóm một dòng, theo 200 lần mô phỏng; “chắc chắn” là từ 95 % số lần trở lên.
    """
    _ = translator(lang)
    rows: list[Any] = list(certainty.itertuples())
    lines = [f"{data.scheme.group(row.group).label(lang)}: {_verdict(ranking, row, top, lang)}" for row in rows]
    text = _("Mỗi nhóm một dòng, theo {n} lần mô phỏng; “chắc chắn” là từ {sure} % số lần trở lên.")
    about = text.format(n=number(n_draws, 0, lang), sure=number(100 * SURE, 0, lang))
    nothing = _("Chưa có đơn vị nào được xếp hạng.")
    blocks = (Block("p", (about,)), Block("ul", tuple(lines))) if lines else (Block("p", (nothing,)),)
    return Prose(blocks, "findings")


def _verdict(ranking: pd.DataFrame, row: Any, top: int, lang: str) -> str:
    _ = translator(lang)
    of_group = ranking[ranking["group"] == row.group]
    leaders = joined(unit_names(of_group, row.leaders, lang), lang)
    share = percent(row.first_probability, lang)
    texts = {"leaders": leaders, "share": share, "top": top}
    if not row.is_known:
        said = _("{leaders} dẫn đầu; chỉ có số liệu một năm hoặc quá ít, chưa nói được mức chắc chắn.")
    elif len(row.leaders) > 1:
        said = _("{leaders} đồng hạng nhất.")
    elif row.is_sure:
        said = _("{leaders} dẫn đầu chắc chắn: đứng thứ nhất trong {share} số lần.")
    else:
        said = _("{leaders} dẫn đầu nhưng chưa chắc chắn: đứng thứ nhất trong {share} số lần.")
    parts = [said.format(**texts)]
    if row.challengers:
        text = _("Cũng có thể đứng thứ nhất (từ {least} % số lần): {units}.")
        names = joined(unit_names(of_group, row.challengers, lang), lang)
        parts.append(text.format(least=number(100 * CHANCE, 0, lang), units=names))
    if row.edge:
        text = _("Ở ranh giới của {top} vị trí đầu: {units}.")
        parts.append(text.format(top=top, units=joined(unit_names(of_group, row.edge, lang), lang)))
    if row.other_rules:
        text = _("Đơn vị dẫn đầu khác đi nếu tính theo: {rules}.")
        parts.append(text.format(rules=", ".join(rule_name(rule, lang) for rule in row.other_rules)))
    return " ".join(parts)


def percent(share: float, lang: str) -> str:
    """Return a share of draws as text; one that is neither none nor all is never printed as 0 or 100 %."""
    _ = translator(lang)
    if 0 < share < 0.001:
        return _("dưới {value} %").format(value=number(0.1, 1, lang))
    if 0.999 < share < 1:
        return _("trên {value} %").format(value=number(99.9, 1, lang))
    return f"{number(100 * share, 1, lang)} %"


def on_stage(intervals: pd.DataFrame, lang: str = "vi") -> Prose:
    """Say how the intervals of a stage are to be read, or why there is none.

    Examples
    --------
    >>> print(cchc.robustness_words.on_stage(intervals).blocks[0].lines[0])
    Với mức dao động giữa các năm như đã thấy, hạng theo mức bình quân dài hạn của đơn vị nằm trong khoảng này ở
    90 % số lần mô phỏng.
    """
    _ = translator(lang)
    text = _(
        "Với mức dao động giữa các năm như đã thấy, hạng theo mức bình quân dài hạn của đơn vị nằm trong khoảng này "
        "ở {within} % số lần mô phỏng."
    ).format(**limits(lang))
    if intervals["lower_rank"].isna().all():
        text = _("Không có khoảng hạng: cần ít nhất hai năm có số liệu của cùng các đơn vị.")
    return Prose((Block("p", (text,)),), "about")


def on_rules(data: Dataset, concordance: pd.DataFrame, lang: str = "vi") -> Prose:
    """Say how far the rules agree in each group.

    Parameters
    ----------
    data : Dataset
    concordance : DataFrame
        From `concordance`.
    lang : str

    Examples
    --------
    >>> agreement = cchc.concordance(rules)
    >>> print(cchc.robustness_words.on_rules(data, agreement).blocks[0].lines[0])
    Sở ngành: hệ số đồng thuận Kendall W của 7 quy tắc là 0,95 (1 là hoàn toàn giống nhau; 14 đơn vị).
    """
    _ = translator(lang)
    text = _(
        "{group}: hệ số đồng thuận Kendall W của {n} quy tắc là {value} (1 là hoàn toàn giống nhau; {units} đơn vị)."
    )
    known: list[Any] = list(concordance[concordance["concordance"].notna()].itertuples())
    lines = [
        text.format(
            group=data.scheme.group(row.group).label(lang),
            n=row.n_rules,
            value=number(row.concordance, 2, lang),
            units=row.n,
        )
        for row in known
    ]
    return Prose((Block("ul", tuple(lines)),) if lines else (), "about")


def on_year(year: int, parts: pd.DataFrame, lang: str = "vi") -> Prose:
    """Say which year is looked at and of how many units the component figures are known.

    Parameters
    ----------
    year : int
    parts : DataFrame
        From `component_indices`.
    lang : str

    Examples
    --------
    >>> print(cchc.robustness_words.on_year(2024, indices).blocks[0].lines[0])
    Năm 2024: 44 đơn vị có hạng và đủ điểm thành phần.
    """
    _ = translator(lang)
    text = _("Năm {year}: {n} đơn vị có hạng và đủ điểm thành phần.")
    if parts.empty:
        text = _("Năm {year} chỉ có bảng công bố, không có điểm thành phần: không xem được theo trọng số và lĩnh vực.")
    return Prose((Block("p", (text.format(year=year, n=parts["unit_id"].nunique()),)),), "about")


def on_shifts(year: int, moves: Sequence[object], lang: str = "vi") -> Prose:
    """Say what the tables of moves compare, or that there is nothing to compare.

    Parameters
    ----------
    year : int
    moves : sequence of Table or None
        What `robustness_tables.shifts` returned.
    lang : str

    Examples
    --------
    >>> moves = [cchc.robustness_tables.shifts(data, ranking, cchc.rank_shifts(data, 2024), "so-nganh")]
    >>> print(cchc.robustness_words.on_shifts(2024, moves).blocks[0].lines[0])
    Từ năm 2023 đến năm 2024; chỉ các đơn vị có hạng trong cùng nhóm ở cả hai năm.
    """
    _ = translator(lang)
    text = _("Từ năm {before} đến năm {year}; chỉ các đơn vị có hạng trong cùng nhóm ở cả hai năm.")
    if not any(moves):
        text = _("Không có đơn vị nào có hạng trong cùng nhóm ở cả năm {before} và năm {year} của giai đoạn.")
    return Prose((Block("p", (text.format(before=year - 1, year=year),)),), "about")


def assumptions(lang: str = "vi") -> Prose:
    """Return what each view of the page assumes, and that none of them is official.

    Examples
    --------
    >>> print(cchc.robustness_words.assumptions().blocks[0].lines[0])
    Không chính thức
    """
    _ = translator(lang)
    terms = (
        _("Không chính thức"),
        _("Trang này để cân nhắc trước khi trình; thứ hạng chính thức chỉ ở trang xếp hạng năm và giai đoạn."),
        _("Khoảng hạng của giai đoạn"),
        _("Giả định các năm lặp lại nhau trong cùng điều kiện: chênh lệch của một đơn vị trong một năm, ngoài mức "
          "chung của đơn vị và của năm, là ngẫu nhiên, cùng độ lớn trong cả nhóm, không phụ thuộc nhau. Khoảng gồm các "
          "hạng từ {low} % đến {high} % số lần mô phỏng. Năm kế thừa được tính như năm có số liệu."),
        _("Phạm vi hạng theo trọng số"),
        _("Mỗi trọng số thay đổi độc lập, đều trong khoảng {spread} % quanh trọng số chính thức. Đây là phạm vi, không "
          "phải khoảng tin cậy: trọng số do văn bản quy định, không phải ngẫu nhiên."),
        _("Bỏ từng lĩnh vực"),
        _("Lần lượt bỏ một lĩnh vực, các lĩnh vực khác giữ trọng số, rồi xếp hạng lại."),
        _("Quy tắc khác"),
        _("Cùng chỉ số từng năm, tính giai đoạn theo quy tắc khác; chỉ để so sánh."),
        _("Vì sao thứ hạng thay đổi"),
        _("Ba lần xếp hạng lại: chỉ các đơn vị có hạng cả hai năm; điểm mới theo bộ tiêu chí cũ; điểm mới theo bộ tiêu "
          "chí mới. Thứ tự thay thế là quy ước tính toán."),
        _("Trọng số thực tế"),
        _("Phần của một lĩnh vực trong chênh lệch giữa các đơn vị: lĩnh vực mà mọi đơn vị đạt như nhau không quyết "
          "định thứ hạng nào, dù trọng số lớn."),
        _("Tương quan"),
        _("Hệ số Pearson giữa chỉ số của hai lĩnh vực; với n đơn vị nhỏ thì nói lên ít."),
    )  # fmt: skip
    return Prose((Block("dl", tuple(text.format(**limits(lang)) for text in terms)),), "method")
