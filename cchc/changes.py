"""What has changed since a period was announced: every edition against the recomputation of today."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from cchc import cells
from cchc.dataset import Dataset, Edition
from cchc.editions import compare
from cchc.facts import edition_label
from cchc.locale import number, translator
from cchc.prose import Block, Prose
from cchc.table import Column, Table
from cchc.tables import difference_columns

CHANGED = ("differs", "not_announced", "not_scored")


def since_announced(
    data: Dataset, lang: str = "vi", *, year: int | None = None, stage: tuple[int, int] | None = None
) -> tuple[Prose | None, Table | None]:
    """Return what a page says of the editions of its period: a heading with a line an edition, and what differs.

    Parameters
    ----------
    data : Dataset
    lang : str
    year, stage
        One of them.

    Returns
    -------
    Prose or None, Table or None
        No prose where nothing was announced, no table where every edition agrees with the recomputation.

    Examples
    --------
    >>> prose, table = cchc.changes.since_announced(data, year=2024)
    >>> print(prose.blocks[1].lines[0])
    Số tính lại khớp với bản công bố lần 1 (QĐ … (minh họa), ngày 20/01/2025).
    """
    _ = translator(lang)
    period = f"{stage[0]}-{stage[1]}" if stage else str(year)
    editions = data.editions_of(period)
    if not editions:
        return None, None
    found = [(edition, _changed(data, edition)) for edition in editions]
    lines = [_line(data, edition, len(rows), edition == editions[-1], lang) for edition, rows in reversed(found)]
    heading = Block("h2", (_("Thay đổi so với bản đã công bố"),), id="changes")
    prose = Prose((heading, *(Block("p", (text,)) for text in lines)), "changes")
    return prose, _table(data, period, found, lang)


def _changed(data: Dataset, edition: Edition) -> pd.DataFrame:
    """Return the lines of an edition that the recomputation contradicts, or cannot give any more."""
    compared = compare(data, edition)
    if (compared["status"] == "not_scored").all():
        return compared.iloc[:0]  # known by its announced table alone
    return compared[compared["status"].isin(CHANGED)]


def _line(data: Dataset, edition: Edition, n: int, is_latest: bool, lang: str) -> str:
    _ = translator(lang)
    label = edition_label(data, edition, lang)
    if n == 0:
        return _("Số tính lại khớp với bản {label}.").format(label=label)
    text = _("Số tính lại khác bản {label} ở {n} dòng.").format(label=label, n=number(n, 0, lang))
    if is_latest:
        text += " " + _("Số chính thức vẫn là số đã công bố, cho đến lần công bố sau.")
    return text


def _table(data: Dataset, period: str, found: Sequence[tuple[Edition, pd.DataFrame]], lang: str) -> Table | None:
    _ = translator(lang)
    # the newest edition first: it is the official one
    parts = [rows.assign(edition=item.number, label=_decision(data, item)) for item, rows in reversed(found)]
    rows = pd.concat(parts, ignore_index=True)
    if rows.empty:
        return None
    columns = [
        *difference_columns(data, rows, lang, with_stage=False),
        (Column(_("Lần công bố"), "integer"), list(rows["edition"])),
        *cells.where_any(Column(_("Quyết định")), rows["label"]),
    ]
    caption = _("Thay đổi so với bản đã công bố, giai đoạn {period}") if "-" in period else ""
    caption = caption or _("Thay đổi so với bản đã công bố, năm {period}")
    return cells.make_table(
        columns,
        id=f"changes-{period}",
        caption=caption.format(period=period.replace("-", "–")),
        short=_("Thay đổi so với công bố"),
        lang=lang,
    )


def _decision(data: Dataset, edition: Edition) -> str:
    return edition.decision or ("" if "-" in edition.period else data.scheme.year(int(edition.period)).decision)
