"""The words that charts share: names, and under which marks the figures stand."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from cchc.dataset import Dataset
from cchc.facts import is_stage
from cchc.locale import translator


def names(rows: Iterable[Any], lang: str) -> list[str]:
    """Return the full names of rows (as `itertuples` gives them) of a ranking or of a table of components."""
    return [str(getattr(row, f"name_{lang}")) for row in rows]


def group_name(data: Dataset, group: str, lang: str) -> str:
    """Return the full name of a group."""
    return data.scheme.group(group).name.get(lang)


def subtitle(data: Dataset, ranking: pd.DataFrame, group: str, text: str, lang: str) -> str:
    """Return what a chart shows, followed by the marks that its figures stand under: a copied chart keeps them."""
    _ = translator(lang)
    is_draft = not is_stage(ranking) and not ranking["is_published"].all()
    marks = [
        *([_("Bản dự thảo")] if is_draft else []),
        *([] if data.scheme.group(group).complete else [_("Danh sách đơn vị chưa đầy đủ")]),
        *([_("Dữ liệu minh họa")] if data.scheme.illustrative else []),
    ]
    return ". ".join([text, *marks]) + "."
