"""The words of a page: its head with the marks, the findings, method, glossary and provenance."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from importlib.metadata import version
from typing import Any

import pandas as pd

from cchc import findings as rules
from cchc.claims import nominations_for
from cchc.dataset import Dataset
from cchc.facts import WANTING, edition_label, is_stage, leaders, names, period, period_years
from cchc.locale import date, number, translator
from cchc.lookups import of_group
from cchc.methods import method_notes
from cchc.prose import Block, Prose

Period = tuple[int, int]
END_OF_ROW = "\x1e"
"""Between hashed rows: a note may hold line ends."""


def title(data: Dataset, lang: str = "vi", *, year: int | None = None, stage: Period | None = None) -> Prose:
    """Return the head of a page: title, period, issuer, decision and its date, and the marks.

    Marks are said on every page: illustrative figures, "BẢN DỰ THẢO" until the last year is announced, "to date"
    until a stage is over, the edition of what was frozen. The date is the decision's, else the scoring day's, never
    the clock's.

    Examples
    --------
    >>> print(cchc.sentences.title(data, year=2024).blocks[1].lines[0])
    Chỉ số cải cách hành chính tỉnh Sóc Trăng: xếp hạng năm 2024
    """
    _ = translator(lang)
    scheme = data.scheme
    years = years_of(data, year, stage)
    if stage:
        heading = _("{title}: xếp hạng giai đoạn {first}–{last}").format(
            title=scheme.title.get(lang), first=stage[0], last=stage[1]
        )
    else:
        heading = _("{title}: xếp hạng năm {year}").format(title=scheme.title.get(lang), year=year)
    blocks = [
        Block("p", (scheme.issued_by.get(lang),), "issuer"),
        Block("h1", (heading,)),
        Block("p", (decision(data, years, stage, lang),), "decision"),
        *(Block("p", (text,), f"mark {css}") for css, text in marks(data, years, stage, lang)),
    ]
    return Prose(tuple(blocks), "page-head", "header")


def years_of(data: Dataset, year: int | None, stage: Period | None) -> list[int]:
    """Return the years with data of a page: its year, or those of its stage so far."""
    if stage is None:
        return [] if year is None else [year]
    return [item for item in data.years if item in data.scheme.stage(*stage).years]


def period_id(years: Sequence[int], stage: Period | None) -> str:
    """Return the period of a page as its editions name it: ``"2024"``, ``"2021-2025"``; "" without any year."""
    return f"{stage[0]}-{stage[1]}" if stage else str(years[-1]) if years else ""


def decision(data: Dataset, years: Sequence[int], stage: Period | None, lang: str) -> str:
    """Say which decision announced the figures and when; else of which day they are."""
    _ = translator(lang)
    editions = data.editions_of(period_id(years, stage))
    if editions and editions[-1].date:
        text = _("Quyết định: {decision}, ngày {day}")
        return text.format(decision=editions[-1].decision, day=date(editions[-1].date, lang))
    if stage and editions:
        return _("Số liệu các năm: {years}. Giai đoạn đã công bố.").format(years=", ".join(map(str, years)))
    if stage or not years:
        text = _("Số liệu các năm: {years}. Giai đoạn chưa có quyết định công bố.")
        return text.format(years=", ".join(map(str, years)) or "—")
    settings = data.scheme.year(years[-1])
    if settings.decision_date:
        text = _("Quyết định: {decision}, ngày {day}") if settings.decision else _("Công bố ngày {day}")
        return text.format(decision=settings.decision, day=date(settings.decision_date, lang))
    if settings.as_of:
        return _("Chưa công bố; số liệu đến ngày {day}").format(day=date(settings.as_of, lang))
    return _("Ngày công bố: chưa công bố")


def marks(data: Dataset, years: Sequence[int], stage: Period | None, lang: str) -> list[tuple[str, str]]:
    """Return the marks that a page and its workbook carry: class for the style sheet and text."""
    _ = translator(lang)
    found = []
    if data.scheme.illustrative:
        found.append(("illustrative", _("DỮ LIỆU MINH HỌA: {text}").format(text=data.scheme.illustrative.get(lang))))
    drafts = [str(year) for year in years if year not in data.published_years]
    if drafts:
        found.append(("draft", _("BẢN DỰ THẢO: chưa công bố số liệu năm {years}").format(years=", ".join(drafts))))
    if stage and years and stage[1] not in data.published_years:
        text = _("TÍNH ĐẾN NĂM {year}: chưa công bố năm cuối của giai đoạn ({last}), thứ hạng còn có thể thay đổi")
        found.append(("to-date", text.format(year=years[-1], last=stage[1])))
    editions = data.editions_of(period_id(years, stage))
    if editions and editions[-1].date:
        label = edition_label(data, editions[-1], lang)
        found.append(("edition", label[0].upper() + label[1:]))
    found += [("note", note.get(lang)) for year in years if (note := data.scheme.year(year).note)]
    return found


def findings(
    data: Dataset,
    ranking: pd.DataFrame,
    verifications: Sequence[pd.DataFrame],
    components: pd.DataFrame,
    lang: str = "vi",
    *,
    values: pd.DataFrame | None = None,
) -> Prose:
    """Return what a reader must know first, at most six sentences by rule.

    Parameters
    ----------
    data : Dataset
    ranking : DataFrame
        From `rank_year` or `rank_stage`.
    verifications : sequence of DataFrame
        From `verify`, one for each announced year of the period.
    components : DataFrame
        From `score_components`, of the period's last year.
    lang : str
    values : DataFrame, optional
        From `stage_values`: needed with a stage's ranking.

    Examples
    --------
    >>> found = cchc.sentences.findings(data, ranking, [cchc.verify(data, 2024)], components)
    >>> print(found.blocks[-1].lines[0])
    Cần xem xét, quyết định: Cấp huyện: UBND thành phố Sóc Trăng, UBND thị xã Ngã Năm đồng hạng nhất, cần Hội
    đồng quyết định.
    """
    _ = translator(lang)
    found = rules.findings(data, ranking, verifications, components, lang, values=values)
    nothing = _("Không có nội dung cần lưu ý: không đồng hạng ở vị trí thứ nhất, không thiếu số liệu, không sai lệch.")
    block = Block("ul", tuple(found)) if found else Block("p", (nothing,))
    return Prose((block,), "findings")


def group_heading(data: Dataset, ranking: pd.DataFrame, group: str, lang: str = "vi") -> Prose:
    """Return the heading of one group's section and a sentence on who is ranked and who leads.

    Parameters
    ----------
    data : Dataset
    ranking : DataFrame
        From `rank_year` or `rank_stage`.
    group : str
    lang : str

    Examples
    --------
    >>> print(cchc.sentences.group_heading(data, ranking, "so-nganh").blocks[0].lines[0])
    Sở, ban, ngành tỉnh
    """
    _ = translator(lang)
    rows = of_group(data, ranking, group)
    settings = data.scheme.group(group)
    heading = Block("h2", (settings.name.get(lang),), id=f"group-{group}")
    first = leaders(rows)
    if first.empty:
        text = _("Không có đơn vị nào của nhóm được xếp hạng {period}.").format(period=period(data, ranking, lang))
        return Prose((heading, Block("p", (text,))), "group-head")
    n_ranked = int(rows["rank"].notna().sum())
    n_listed = n_ranked + int(rows["reason"].isin(WANTING).sum())
    counts = {"n": number(n_ranked, 0, lang), "total": number(n_listed, 0, lang)}
    lines = [_("Xếp hạng {n}/{total} đơn vị.").format(**counts)]
    if not settings.complete:
        lines = [
            _("Bảng số liệu của nhóm chưa đủ đơn vị: xếp hạng trong {n}/{total} đơn vị có số liệu.").format(**counts)
        ]
    score = number(first["index_score"].iloc[0], data.scheme.decimals, lang)
    leading = (
        _("Dẫn đầu: {names}, chỉ số {score}.") if len(first) == 1 else _("Đồng hạng nhất: {names}, chỉ số {score}.")
    )
    lines.append(leading.format(names=", ".join(names(first, lang)), score=score))
    if is_stage(rows) and rows["is_group_dissolved"].any():
        lines.append(_("Nhóm đã giải thể: danh sách theo năm có số liệu cuối cùng."))
    return Prose((heading, Block("p", (" ".join(lines),))), "group-head")


def movement(data: Dataset, ranking: pd.DataFrame, lang: str = "vi", *, values: pd.DataFrame | None = None) -> Prose:
    """Return a paragraph on how many units moved up and down, or why that cannot be said.

    Parameters
    ----------
    data : Dataset
    ranking : DataFrame
        From `rank_year` or `rank_stage`.
    lang : str
    values : DataFrame, optional
        From `stage_values`: needed with a stage's ranking.

    Examples
    --------
    >>> print(cchc.sentences.movement(data, ranking).blocks[-1].lines[0])
    So với năm 2023, trong các đơn vị có hạng cả hai năm: 10 tăng hạng, 13 giảm hạng, 20 giữ nguyên.
    """
    _ = translator(lang)
    years = period_years(data, ranking)
    table = ranking if values is None else rules.stage_moves(ranking, values)
    changes = table["rank_change_common"].dropna()
    if changes.empty or (is_stage(ranking) and len(years) < 2):
        text = _("Chưa có hai năm có số liệu của cùng một nhóm để so sánh.")
    else:
        since_first = _("Từ năm đầu đến năm cuối có số liệu của nhóm")
        since = since_first if is_stage(ranking) else _("So với năm {year}").format(year=years[0] - 1)
        counts = {"up": sum(changes > 0), "down": sum(changes < 0), "same": sum(changes == 0)}
        text = _("{since}, trong các đơn vị có hạng cả hai năm: {up} tăng hạng, {down} giảm hạng, {same} giữ nguyên.")
        text = text.format(since=since, **{key: number(value, 0, lang) for key, value in counts.items()})
    return Prose((Block("p", (text,)),), "movement")


def method(data: Dataset, lang: str = "vi", *, year: int | None = None, stage: Period | None = None) -> Prose:
    """Return how the figures were counted, on which rubric, and which rules are conventions.

    Examples
    --------
    >>> print(cchc.sentences.method(data, year=2024).blocks[0].lines[0])
    Chỉ số = 100 × (tổng điểm + điểm cộng − điểm trừ) / tổng điểm tối đa áp dụng của đơn vị.
    """
    notes = method_notes(data, years_of(data, year, stage), stage, lang)
    return Prose((Block("ul", tuple(notes)),), "method")


def glossary(lang: str = "vi") -> Prose:
    """Return the words of the page and what they mean.

    Examples
    --------
    >>> print(cchc.sentences.glossary().blocks[0].lines[0])
    Chỉ số CCHC
    """
    _ = translator(lang)
    terms = (
        _("Chỉ số CCHC"), _("chỉ số cải cách hành chính: số điểm đạt được so với điểm tối đa áp dụng, từ 0 đến 100"),
        _("Chỉ số thành phần"), _("chỉ số của riêng một lĩnh vực"),
        _("Điểm tối đa áp dụng"), _("tổng điểm tối đa của các tiêu chí áp dụng cho đơn vị, không kể KAD"),
        _("KAD"), _("không áp dụng: tiêu chí không thuộc phạm vi của đơn vị"),
        _("Thẩm định"), _("điểm do cơ quan thẩm định chấm"),
        _("Điều tra"), _("điểm từ điều tra xã hội học"),
        _("Hạng 3/18"), _("hạng 3 trong 18 đơn vị được xếp hạng của nhóm"),
        _("Kế thừa"), _("chỉ số của năm trước khi đơn vị thành lập, tính từ các đơn vị tiền thân"),
    )  # fmt: skip
    return Prose((Block("dl", terms),), "glossary")


def provenance(
    data: Dataset,
    parameters: dict[str, object],
    lang: str = "vi",
    *,
    years: Sequence[int] | None = None,
    evidence: Sequence[str] = (),
) -> Prose:
    """Return what the page was made from: parameters, hash of the data rows used, versions.

    Nothing that changes from one machine or day to another: the same inputs give the same page.

    Parameters
    ----------
    data : Dataset
    parameters : dict
        Those of the notebook that say what it shows: `year`, or `first` and `last`.
    lang : str
    years : sequence of int, optional
        Whose rows were used; by default the year and the one before, or those of the stage.
    evidence : sequence of str
        Names of the tables that were used besides those of scores: "nominations", "initiatives", "tasks", "province".

    Examples
    --------
    >>> print(cchc.sentences.provenance(data, {"year": 2024}, years=[2024]).blocks[0].lines[0])
    Tham số: scheme = soc-trang; year = 2024; lang = vi
    """
    _ = translator(lang)
    shown = {"scheme": data.scheme.id, **parameters, "lang": lang}
    if years is None:
        numbers = [value for value in parameters.values() if isinstance(value, int)]
        years = [year for year in data.years if min(numbers) - (len(numbers) == 1) <= year <= max(numbers)]
    stage = "-".join(str(parameters[name]) for name in ("first", "last") if name in parameters)
    lines = (
        _("Tham số: {text}").format(text="; ".join(f"{key} = {value}" for key, value in shown.items())),
        _("Mã băm SHA-256 của các dòng số liệu đã dùng: {hash}").format(hash=fingerprint(data, years, stage, evidence)),
        _("Phiên bản: {text}").format(text=", ".join(f"{name} {version(name)}" for name in ("cchc", "pandas"))),
    )
    return Prose((Block("ul", lines),), "provenance")


def fingerprint(data: Dataset, years: Sequence[int], stage: str = "", evidence: Sequence[str] = ()) -> str:
    """Return the SHA-256 of the rows of `years` in the rubric, scores and adjustments, and what was announced of them.

    `stage` is that of the page, whose editions are used too; `evidence` names further tables.
    """
    digest = hashlib.sha256()
    tables: list[tuple[str, list[Any], pd.DataFrame]]
    tables = [("year", list(years), table) for table in (data.rubric, data.scores, data.adjustments, data.published)]
    tables += [("period", [*map(str, years), stage], table) for table in (data.editions, data.announced)]
    for name in evidence:
        if name == "nominations":
            table = nominations_for(data, stage or str(max(years)))
            tables.append(("period", list(table["period"]), table))
        else:
            tables.append(("year", list(years), getattr(data, name)))
    for column, of, frame in tables:
        rows = frame[frame[column].isin(of)]
        # sorted as lines: many times faster than by the keys of the rows, and as blind to their order
        lines = sorted(rows.to_csv(index=False, header=False, lineterminator=END_OF_ROW).split(END_OF_ROW))
        digest.update(END_OF_ROW.join([*rows.columns, *lines]).encode())
    return digest.hexdigest()
