"""Plain facts of a ranking, and how they are said: leaders, leads, means, reasons, what is left to the council."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pandas as pd

from cchc.dataset import Dataset, Edition
from cchc.exact import round_fraction
from cchc.locale import NOTHING, date, is_missing, number, translator

NAMES_SHOWN = 5
WANTING = ("incomplete", "no_scores", "not_applicable", "not_announced", "few_years")
"""Reasons of units that are not ranked for want of data; the others are gone."""


def is_stage(ranking: pd.DataFrame) -> bool:
    """Whether `ranking` comes from `rank_stage`."""
    return "stage" in ranking.columns


def stage_of(ranking: pd.DataFrame) -> tuple[int, int]:
    """Return the first and last year of a stage's ranking."""
    first, last = ranking["stage"].iloc[0].split("-")
    return int(first), int(last)


def period_years(data: Dataset, ranking: pd.DataFrame) -> list[int]:
    """Return the years with data that `ranking` stands on: its year, or the stage's years so far."""
    if ranking.empty:
        return []
    if not is_stage(ranking):
        return [int(ranking["year"].iloc[0])]
    first, last = stage_of(ranking)
    return [year for year in data.years if first <= year <= last]


def leaders(ranking: pd.DataFrame, column: str = "rank") -> pd.DataFrame:
    """Return the rows at the first place: more than one where it is tied, none where nobody is ranked."""
    return ranking[ranking[column].eq(1).fillna(False).astype(bool)]


def lead(data: Dataset, ranking: pd.DataFrame) -> Decimal | None:
    """Return how far one group's first unit is ahead of its second, in points of index; None with fewer than two."""
    ranked = ranking[ranking["rank"].notna() & ranking["index_exact"].notna()].sort_values("rank")
    indices = list(ranked["index_exact"].iloc[:2])
    return rounded(indices[0] - indices[1], data.scheme.decimals) if len(indices) > 1 else None


def mean(scores: Iterable[float]) -> Fraction | None:
    """Return the exact mean of rounded figures, a float standing for its shortest decimal text; NaN is left out."""
    known = [value for value in scores if not is_missing(value)]
    return total(known) / len(known) if known else None


def total(figures: Iterable[float]) -> Fraction:
    """Return the exact sum of decimal figures, a float standing for its shortest decimal text; NaN is left out."""
    return sum((Fraction(repr(float(value))) for value in figures if not is_missing(value)), Fraction(0))


def rounded(value: Fraction, decimals: int) -> Decimal:
    """Return an exact value rounded half up, once, as the decimal number to print."""
    return Decimal(round_fraction(value, decimals)).scaleb(-decimals)


def names(rows: pd.DataFrame, lang: str) -> list[str]:
    """Return the names of a table's units."""
    return rows[f"name_{lang}"].astype(str).tolist()


def joined(items: Iterable[Any], lang: str) -> str:
    """Return names as a list in words, at most five of them and how many more there are."""
    _ = translator(lang)
    texts = [str(item) for item in items]
    shown = ", ".join(texts[:NAMES_SHOWN])
    rest = len(texts) - NAMES_SHOWN
    return shown if rest <= 0 else _("{names} và {n} đơn vị khác").format(names=shown, n=rest)


def reason(data: Dataset, row: Any, lang: str) -> str:
    """Say why a row of a ranking is not ranked: ``thiếu 3 tiêu chí: 3.1, 3.2, 4.1``; "" where it is ranked."""
    _ = translator(lang)
    words = {
        "": "",
        "incomplete": _("thiếu {n} tiêu chí: {codes}"),
        "no_scores": _("không có số liệu"),
        "not_applicable": _("không có tiêu chí nào áp dụng"),
        "not_announced": _("không có trong bảng công bố"),
        "few_years": _("chỉ có {n}/{needed} năm cần thiết"),
        "merged": _("nhập vào {successors}"),
        "split": _("chia tách thành {successors}"),
        "abolished": _("đã giải thể"),
    }[row.reason]
    if row.reason == "incomplete":
        return words.format(n=row.n_missing, codes=row.missing)
    if row.reason == "few_years":
        return words.format(n=row.n_years + row.n_inherited, needed=_years_needed(data, row))
    return words.format(successors=_successors(row, lang))


def _successors(row: Any, lang: str) -> str:
    """Name where a unit went; a new unit may bear the name of the old one."""
    _ = translator(lang)
    own = getattr(row, f"name_{lang}")
    found = str(getattr(row, f"successors_{lang}", "")).split("; ")
    return "; ".join(_("{name} mới").format(name=name) if name == own else name for name in found)


def _years_needed(data: Dataset, row: Any) -> int:
    needed = next(stage.min_years for stage in data.scheme.stages if stage.id == row.stage)
    return min(needed, row.n_years_expected) if row.is_to_date else needed


def decisions(data: Dataset, ranking: pd.DataFrame, lang: str) -> list[str]:
    """Say what one group's ranking leaves to the council: ties and near-ties at the first place, open flags."""
    _ = translator(lang)
    found = []
    first = leaders(ranking)
    if len(first) > 1:
        text = _("{names} đồng hạng nhất, cần Hội đồng quyết định")
        found.append(text.format(names=joined(names(first, lang), lang)))
    elif len(first) and first["is_near_tied"].iloc[0]:
        ahead = number(lead(data, ranking), data.scheme.decimals, lang)
        text = _("{name} chỉ hơn đơn vị thứ hai {lead} điểm")
        found.append(text.format(name=names(first, lang)[0], lead=ahead))
    if is_stage(ranking) and len(ranking):
        found += _open_flags(ranking, lang)
    return found


def _open_flags(ranking: pd.DataFrame, lang: str) -> list[str]:
    _ = translator(lang)
    found = []
    inherit, separate = leaders(ranking, "rank_inherit"), leaders(ranking, "rank_separate")
    if set(inherit["unit_id"]) != set(separate["unit_id"]):
        text = _("dẫn đầu khi tính kế thừa là {inherit}, khi tính riêng là {separate}: cần Hội đồng quyết định")
        sides = [joined(names(rows, lang), lang) or NOTHING for rows in (inherit, separate)]
        found.append(text.format(inherit=sides[0], separate=sides[1]))
    if ranking["is_group_dissolved"].any():
        found.append(_("nhóm đã giải thể, việc trao cờ còn để ngỏ"))
    return found


def period(data: Dataset, ranking: pd.DataFrame, lang: str) -> str:
    """Name what a ranking covers: ``năm 2024``, ``giai đoạn 2021–2025, tính đến năm 2024``."""
    _ = translator(lang)
    if not is_stage(ranking):
        return _("năm {year}").format(year=period_years(data, ranking)[-1])
    first, last = ranking["stage"].iloc[0].split("-")
    if not ranking["is_to_date"].any():
        return _("giai đoạn {first}–{last}").format(first=first, last=last)
    year = period_years(data, ranking)[-1]
    return _("giai đoạn {first}–{last}, tính đến năm {year}").format(first=first, last=last, year=year)


def edition_label(data: Dataset, edition: Edition, lang: str) -> str:
    """Name an edition: ``công bố lần 2 (Quyết định 12/QĐ-UBND, ngày 20/01/2025)``."""
    _ = translator(lang)
    text = _("công bố lần {n}").format(n=edition.number)
    decision, day = edition.decision, edition.date
    if not decision and edition.number == 1 and "-" not in edition.period:
        settings = data.scheme.year(int(edition.period))
        decision, day = settings.decision, settings.decision_date
    parts = [decision, _("ngày {day}").format(day=date(day, lang)) if day else ""]
    details = ", ".join(part for part in parts if part)
    return f"{text} ({details})" if details else text
