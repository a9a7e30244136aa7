"""The award proposal as `cchc awards` prints it, award by award, and what `cchc why` says of one unit's awards."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from types import SimpleNamespace
from typing import Any

import pandas as pd

from cchc import award_words
from cchc.dataset import Dataset
from cchc.locale import NOTHING, SOURCE, is_missing, number, place
from cchc.scheme import Scheme

SHOWN_BELOW = 3
"""So many candidates without a seat are printed of each group: those just below."""
GONE = ("merged", "split", "abolished")
"""Units that are gone are no candidates: they are not printed."""


def award_lines(data: Dataset, proposal: pd.DataFrame, period: str) -> Iterator[str]:
    """Yield a proposal from `propose_awards` as lines of text."""
    scheme = data.scheme
    yield f"Dự kiến đề nghị khen thưởng · {scheme.title.vi} · {'giai đoạn' if '-' in period else 'năm'} {period}"
    if scheme.illustrative:
        yield f"DỮ LIỆU MINH HỌA: {scheme.illustrative.vi}"
    if not data.editions_of(period):
        yield "BẢN DỰ THẢO: kết quả của kỳ này chưa công bố."
    for award in scheme.awards_of(period):
        yield ""
        yield award.name.vi
        yield from (f"  {rule}" for rule in award_words.rules(scheme, award, SOURCE))
        rows = proposal[(proposal["award"] == award.id) & ~proposal["reason"].isin(GONE)]
        if rows.empty:
            yield "  Không có đối tượng nào: chưa có đề nghị cho kỳ này."
        else:
            yield from _award(scheme, award.seats, rows)


def _award(scheme: Scheme, seats: int, rows: pd.DataFrame) -> Iterator[str]:
    by_group = award_words.seats(scheme, rows, SOURCE)
    if by_group:
        yield f"  Chỉ tiêu theo nhóm: {by_group}."
    proposed, left_open, conditional = (
        number(int((rows["status"] == status).sum())) for status in ("proposed", "open", "conditional")
    )
    yield (
        f"  Đề nghị {proposed}/{number(seats)}; {left_open} đối tượng chờ Hội đồng quyết định; "
        f"{conditional} đối tượng có điều kiện."
    )
    for status in award_words.STATUSES:
        of_status = rows[rows["status"] == status]
        shown = of_status.groupby("group", sort=False).head(SHOWN_BELOW) if status == "below" else of_status
        if len(shown):
            head, more = award_words.status_name(status, SOURCE), len(of_status) - len(shown)
            yield f"  {head[:1].upper()}{head[1:]}" + (f" (và {number(more)} đối tượng khác):" if more else ":")
            yield from (f"    {_candidate(scheme, row)}" for row in shown.itertuples())
    points = award_words.open_points(scheme, rows, SOURCE)
    if points:
        yield "  Việc Hội đồng quyết định:"
        yield from (f"    - {point}" for point in points)


def _candidate(scheme: Scheme, row: Any) -> str:
    whose = [] if row.is_unit else [text for text in (row.position, row.unit_vi) if text]
    group = f" [{scheme.group(row.group).short}]" if row.group else ""
    reason = "" if row.status == "proposed" else award_words.reason(scheme, row, SOURCE)
    return f"{_place(row)} {', '.join([row.name_vi, *whose])}{group}: {_facts(scheme, row, reason)}"


def _place(row: Any) -> str:
    return NOTHING if is_missing(row.place) else place(row.place, row.n_places)


def _facts(scheme: Scheme, row: Any, *first: str) -> str:
    facts = [*first, *award_words.figures(scheme, row, SOURCE), *award_words.doubts(row, SOURCE)]
    return "; ".join(fact for fact in facts if fact)


def unit_award_lines(scheme: Scheme, items: Sequence[dict[str, Any]] | None) -> Iterator[str]:
    """Yield what a chain from `cchc.chain` says of the awards of its unit, as lines of text."""
    if items == []:
        return
    yield ""
    yield "Khen thưởng:"
    if items is None:
        yield "  Đề nghị, sáng kiến hoặc nhiệm vụ của kỳ này có lỗi; xem: cchc check"
        return
    for item in items:
        row: Any = SimpleNamespace(**item)
        award = scheme.award(row.award)
        reason = award_words.reason(scheme, row, SOURCE)
        own = f"thứ {_place(row)}" if not is_missing(row.place) else "không có thứ tự"
        seats = (
            number(row.seats) if row.seats == row.seats_most else f"{number(row.seats)} hoặc {number(row.seats_most)}"
        )
        yield f"  {award.name.vi}: {award_words.status_name(row.status, SOURCE)} ({reason})."
        yield f"    {_facts(scheme, row, own, f'chỉ tiêu {seats}')}."
        yield from (f"    {rule}" for rule in award_words.rules(scheme, award, SOURCE))
