"""What is asked for by name: an unknown unit, group or year is answered with those that may be meant."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from cchc.dataset import Dataset
from cchc.names import nearest

if TYPE_CHECKING:
    import pandas as pd


def check_unit(data: Dataset, unit_id: str) -> None:
    """Raise LookupError unless `unit_id` is a unit of the scheme, of whatever year; it names the closest."""
    _check(data.units, unit_id, f"trong {data.scheme.id}")


def check_listed(table: pd.DataFrame, unit_id: str) -> None:
    """Raise LookupError unless `table`, a ranking, lists `unit_id`; it names the closest of those that it lists."""
    _check(table, unit_id, "trong bảng xếp hạng này")


def check_years(data: Dataset, *years: int) -> None:
    """Raise LookupError unless the scheme has figures of each of `years`, InputError where an error stops one."""
    for year in years:
        if year not in data.years:
            data.require(year)
            known = ", ".join(map(str, data.years)) or "—"
            raise LookupError(f"Không có số liệu năm {year} trong {data.scheme.id}; các năm đang có: {known}")


def check_any_year(data: Dataset, years: Iterable[int]) -> None:
    """Raise LookupError where the scheme has no figures of any of `years`, which are at least one."""
    wanted = list(years)
    if not set(wanted) & set(data.years):
        check_years(data, *wanted)


def check_order(first: int | None, last: int) -> None:
    """Raise ValueError where the first year of a period is after its last one."""
    if first is not None and first > last:
        raise ValueError(f"first = {first} phải là năm {last} hoặc trước đó")


def of_group(data: Dataset, table: pd.DataFrame, group: str) -> pd.DataFrame:
    """Return the rows of a group, none where the table has none of it; LookupError where the scheme has no such group.

    Without that, a misspelt group would look like one without figures.
    """
    return table[table["group"] == data.scheme.group(group).id]


def _check(units: pd.DataFrame, text: str, where: str) -> None:
    names = dict(zip(units["unit_id"], units["name_vi"], strict=True))
    if text in names:
        return
    listed = {unit: f"{unit} ({name})" for unit, name in names.items()}
    # an analyst often types the name where the id is asked for
    known = {**{names[unit]: label for unit, label in listed.items()}, **listed}
    raise LookupError(f"Không có đơn vị “{text}” {where}; {nearest(text, known)}")
