"""Editions of what was announced: what a new one would say, and how each compares with the recomputation of today."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pandas as pd

from cchc.dataset import Dataset, Edition
from cchc.exact import round_fraction
from cchc.ranking import official
from cchc.schema import typed
from cchc.stage import official_stage
from cchc.verification import verify, verify_stage

AGREES = ("same", "not_scored")
"""Status of lines that the recomputation does not contradict."""


def years_of(period: str) -> tuple[int, int]:
    """Return the first and last year of a period, "2024" or "2021-2025"."""
    first, _, last = period.partition("-")
    return int(first), int(last or first)


def at_edition(data: Dataset, edition: Edition) -> Dataset:
    """Return `data` as it would be if `edition` were the latest one of its period."""
    is_later = {
        name: (table["period"] == edition.period) & (table["edition"] > edition.number)
        for name, table in (("editions", data.editions), ("announced", data.announced))
    }
    published = data.published
    if "-" not in edition.period:
        year = int(edition.period)
        figures = typed(data.figures_of(edition).assign(year=year), "published")
        published = pd.concat([published[published["year"] != year], figures], ignore_index=True)
    return replace(
        data,
        published=published,
        editions=data.editions[~is_later["editions"]],
        announced=data.announced[~is_later["announced"]],
    )


def compare(data: Dataset, edition: Edition, stages: Iterable[tuple[int, int]] | None = ()) -> pd.DataFrame:
    """Compare the figures of an edition with the recomputation, in the columns of `verify` or `verify_stage`.

    `stages` are those of `verify`: by default none is judged.
    """
    first, last = years_of(edition.period)
    data = at_edition(data, edition)
    return verify_stage(data, first, last) if "-" in edition.period else verify(data, last, stages)


def announcement(data: Dataset, period: str) -> str | None:
    """Return the table that a new edition of a period would announce; None where the latest one says just that.

    Its figures are the recomputed ones, of every unit that has a place by them: index, place and, where the scheme
    has classes, class.

    Returns
    -------
    str or None
        CSV, as `published/` has it; units by id, in the order of the ranking.

    Raises
    ------
    InputError
        An error of the input stops the period.
    LookupError
        The period has no figures.
    ValueError
        It cannot be announced: a stage before its years, units that were announced and have no index by their scores.
    """
    table = _recomputed(data, period)
    editions = data.editions_of(period)
    if editions:
        compared = compare(data, editions[-1])
        if compared["status"].isin(AGREES).all():
            return None
        lost = compared.loc[compared["status"] == "not_scored", "name_vi"].tolist()
        if lost:
            raise ValueError(f"đã công bố nhưng điểm hiện có không cho thứ hạng: {', '.join(lost)}")
    if table.empty:
        raise ValueError("chưa có đơn vị nào được xếp hạng")
    decimals = data.scheme.decimals
    columns: dict[str, list[str]] = {
        "unit": table["unit_id"].tolist(),
        "index_score": [_written(round_fraction(index, decimals), decimals) for index in table["index_unrounded"]],
        "rank": [str(rank) for rank in table["recomputed_rank"]],
    }
    if data.scheme.classes:
        columns["grade"] = table["recomputed_grade"].tolist()
    text: str = pd.DataFrame(columns).to_csv(index=False, lineterminator="\n")
    return text


def _recomputed(data: Dataset, period: str) -> pd.DataFrame:
    """Return the recomputed figures of the units that have a place by them, in order."""
    first, last = years_of(period)
    if "-" in period:
        stage = data.scheme.stage(first, last)
        table = official_stage(data, stage)
        drafts = [str(year) for year in data.years if year in stage.years and year not in data.published_years]
        if last not in data.published_years:
            drafts = [*dict.fromkeys([*drafts, str(last)])]
        if drafts:
            raise ValueError(f"chưa công bố năm {', '.join(drafts)} của giai đoạn; chốt các năm đó trước")
    else:
        data.require(last)
        table = official(data, [last])
    table = table[table["recomputed_rank"].notna()]
    return table.sort_values(["recomputed_rank"], kind="stable").sort_values(
        "group", kind="stable", key=lambda column: column.map([group.id for group in data.scheme.groups].index)
    )


def _written(units: int, decimals: int) -> str:
    """Return an integer of ``10 ** -decimals`` as a decimal number."""
    digits = str(abs(units)).zfill(decimals + 1)
    whole, part = digits[: len(digits) - decimals], digits[len(digits) - decimals :]
    return ("-" if units < 0 else "") + whole + (f".{part}" if decimals else "")
