"""The words that charts share: names, and under which marks the figures stand."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from cchc.dataset import Dataset
from cchc.facts import is_stage
from cchc.locale import is_missing, number, translator

NOT_APPLICABLE, INCOMPLETE = "—", "…"


def names(rows: Iterable[Any], lang: str) -> list[str]:
    """Return the full names of rows (as `itertuples` gives them) of a ranking or of a table of components."""
    return [str(getattr(row, f"name_{lang}")) for row in rows]


def group_name(data: Dataset, group: str, lang: str) -> str:
    """Return the full name of a group."""
    return data.scheme.group(group).name.get(lang)


def subtitle(data: Dataset, ranking: pd.DataFrame, group: str | None, text: str, lang: str) -> str:
    """Return what a chart shows, followed by the marks that its figures stand under: a copied chart keeps them.

    A chart of all groups (None) says itself which one's list of units is not complete.
    """
    _ = translator(lang)
    is_draft = not is_stage(ranking) and not ranking["is_published"].all()
    marks = [
        *([_("Bản dự thảo")] if is_draft else []),
        *([] if group is None or data.scheme.group(group).complete else [_("Danh sách đơn vị chưa đầy đủ")]),
        *([_("Dữ liệu minh họa")] if data.scheme.illustrative else []),
    ]
    return ". ".join([text, *marks]) + "."


def component_text(row: Any, decimals: int, lang: str) -> str:
    """Return a component index as a chart prints it; two signs tell "does not apply" from "not all entered"."""
    if not row.is_applicable:
        return NOT_APPLICABLE
    return INCOMPLETE if is_missing(row.index_score) else number(row.index_score, decimals, lang)


def component_notes(texts: Iterable[str], lang: str) -> list[tuple[dict[str, Any], str]]:
    """Explain the two signs of `component_text`, as far as they occur, as entries of a legend."""
    _ = translator(lang)
    words = {NOT_APPLICABLE: _("— không áp dụng"), INCOMPLETE: _("… chưa đủ số liệu")}
    found = set(texts)
    return [({}, text) for sign, text in words.items() if sign in found]
