"""The contents of a plan: what the components, tasks, initiatives and the province's own index say of each of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

import pandas as pd

from cchc.award_settings import Content
from cchc.dataset import Dataset
from cchc.evidence import broken_evidence, initiatives_of, task_counts
from cchc.lookups import check_order, check_unit, check_years
from cchc.scoring import score_components

_COLUMNS: Mapping[str, str] = {
    "content": "str", "name_vi": "str", "name_en": "str", "kind": "str", "code": "str", "component_vi": "str",
    "component_en": "str", "index_score": "float64", "index_change": "float64", "n_tasks": "Int64",
    "n_tasks_in_time": "Int64", "n_initiatives": "Int64", "n_initiatives_left_out": "Int64", "rank": "Int64",
    "n_ranked": "Int64",
}  # fmt: skip


def content_profile(data: Dataset, unit_id: str, year: int, first: int | None = None) -> pd.DataFrame:
    """Return what stands for one unit under each content of the plan ([[contents]] of scheme.toml).

    Which evidence belongs to which content is what scheme.toml says; a component may stand under several.

    Parameters
    ----------
    data : Dataset
    unit_id : str
    year : int
        Whose indices are shown, with their change since the year before.
    first : int, optional
        First year of a stage: tasks and initiatives are then those of all years from it to `year`, and changes are
        since `first`.

    Returns
    -------
    DataFrame
        A row per content and piece of evidence, in the order of scheme.toml; none where it has no contents. It holds no
        name of a person.

        content, name_vi, name_en : str
            Id and name of the content.
        kind : str
            "component", "tasks", "initiatives", "province".
        code, component_vi, component_en : str
            Of a component in the unit's rubric of `year`; "" for other kinds. A component that this rubric does not
            have has no row.
        index_score : float, 0 to 100
            Of the unit's component, or the province's own index; NaN where it has none.
        index_change : float, points of index
            The same minus that of the earlier year, both as printed; NaN where the component is another one (see
            `cchc.series`) or either has no value.
        n_tasks, n_tasks_in_time : Int64
            Tasks of the unit that name the content; NA where an error of the input stops them.
        n_initiatives, n_initiatives_left_out : Int64
            Initiatives of the unit that name the content: those that count and those that do not (see
            `cchc.evidence.initiatives_of`); NA where an error of the input stops them.
        rank, n_ranked : Int64
            Place of the province among provinces.

    Examples
    --------
    >>> contents = cchc.content_profile(data, "so-noi-vu", 2024)
    >>> contents[["content", "kind", "code", "index_score"]].head(2).values.tolist()
    [['lanh-dao', 'component', '1', 89.58], ['nhiem-vu', 'tasks', '', nan]]
    """
    check_years(data, year)
    check_unit(data, unit_id)
    check_order(first, year)
    years = range(year if first is None else first, year + 1)
    base = year - 1 if first is None or first == year else first
    components = _components(data, unit_id, year, base)
    is_broken = bool(broken_evidence(data) & set(years))
    rows = []
    for content in data.scheme.contents:
        head = {"content": content.id, "name_vi": content.name.vi, "name_en": content.name.get("en")}
        found = [components[code] for code in content.components if code in components]
        found += _others(data, unit_id, content, years, base, is_broken)
        rows += [{**head, **item} for item in found]
    table = pd.DataFrame(rows, columns=list(_COLUMNS))
    texts = {name: "" for name, dtype in _COLUMNS.items() if dtype == "str"}
    return table.fillna(texts).astype(_COLUMNS)


def _components(data: Dataset, unit_id: str, year: int, base: int) -> dict[str, dict[str, Any]]:
    """Return a unit's components of `year` by code, each with its change since `base`."""
    years = sorted({base, year} & set(data.scored_years))
    if year not in years:
        return {}
    table = score_components(data, years)
    own = table[table["unit_id"] == unit_id]
    before = own[own["year"] == base].set_index("series")["index_score"] if base != year else pd.Series(dtype=float)
    rows: list[Any] = list(own[own["year"] == year].itertuples())  # pandas-stubs cannot know the columns
    return {
        row.code: {
            "kind": "component",
            "code": row.code,
            "component_vi": row.name_vi,
            "component_en": row.name_en,
            "index_score": row.index_score,
            "index_change": _change(row.index_score, before.get(row.series)),
        }
        for row in rows
    }


def _others(
    data: Dataset, unit_id: str, content: Content, years: range, base: int, is_broken: bool
) -> Iterator[dict[str, Any]]:
    """Yield the evidence of a content that is no component."""
    for kind in content.evidence:
        if kind == "province":
            yield {"kind": kind, **_province(data, years[-1], base)}
        elif is_broken:
            yield {"kind": kind}
        elif kind == "tasks":
            in_time, number = task_counts(data, years, content.id).get(unit_id, (0, 0))
            yield {"kind": kind, "n_tasks": number, "n_tasks_in_time": in_time}
        else:
            table = initiatives_of(data, years)
            own = table[(table["unit_id"] == unit_id) & (table["content"] == content.id)]
            counted = int(own["is_recognised"].sum())
            yield {"kind": kind, "n_initiatives": counted, "n_initiatives_left_out": len(own) - counted}


def _province(data: Dataset, year: int, base: int) -> dict[str, Any]:
    """Return the province's own index of a year, as it was announced; nothing where province.csv has none."""
    rows: list[Any] = list(data.province[data.province["code"] == ""].itertuples())
    totals = {row.year: row for row in rows}
    if year not in totals:
        return {}
    row, index = totals[year], float(totals[year].index_score)
    before = float(totals[base].index_score) if base in totals else None
    return {"index_score": index, "index_change": _change(index, before), "rank": row.rank, "n_ranked": row.n}


def _change(index: float, before: Any) -> float:
    """Return the exact difference of two printed indices."""
    if before is None or index != index or before != before:
        return float("nan")
    return float(Fraction(repr(float(index))) - Fraction(repr(float(before))))
