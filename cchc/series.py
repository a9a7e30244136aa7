"""Components through time: which are the same across years, and where a rubric breaks a series."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import Any

import pandas as pd

from cchc.dataset import Dataset
from cchc.names import match_key
from cchc.rubrics import follow_series


def component_series(data: Dataset) -> pd.DataFrame:
    """Say which components are the same across years.

    The rule is `rubrics.follow_series`.

    Returns
    -------
    DataFrame
        `year`, `group`, `code`, `series` (str, "code@first year": unique within the year and group).
    """
    components = data.rubric[data.rubric["parent"] == ""].sort_values("year", kind="stable")
    facts = components[["group", "rubric_year", "code", "name_vi", "same_as"]].itertuples(index=False, name=None)
    columns = components[["year", "group", "code"]].reset_index(drop=True)
    return columns.assign(series=pd.Series(list(follow_series(facts)), dtype="str"))


def rubric_breaks(data: Dataset, first: int, last: int) -> pd.DataFrame:
    """List what changed in the rubrics between consecutive scored years of `first` to `last`.

    Returns
    -------
    DataFrame
        `group`, `year` (the first year of the new rubric), `kind` ("component": it ends or begins, "maximum",
        "criteria"), `code`, `name_vi`, `name_en`. A component that is new under a used code is listed once.
    """
    rubric = data.rubric[data.rubric["year"].between(first, last)]
    columns = ["group", "year", "kind", "code", "name_vi", "name_en"]
    if rubric["rubric_year"].nunique() < 2:  # one rubric for all: every page asks, and most need not look further
        return pd.DataFrame(columns=columns)
    rubric = rubric.merge(
        component_series(data).rename(columns={"code": "component"}), on=["year", "group", "component"]
    )
    rows = []
    for group, of_group in rubric.groupby("group", sort=False):
        # a year without rows of its own has the rubric of an earlier one: only where that changes is there a break
        issues = sorted(of_group.drop_duplicates("rubric_year")["year"])
        if len(issues) < 2:
            continue
        outlines = [_outline(of_group[of_group["year"] == year]) for year in issues]
        for after, (old, new) in zip(issues[1:], pairwise(outlines), strict=True):
            rows += [(group, after, *change) for change in _changes(old, new)]
    return pd.DataFrame(rows, columns=columns)


def rubrics_differ(data: Dataset, groups: Iterable[str], years: Iterable[int]) -> bool:
    """Whether in any of `years` two of `groups` were scored by different rubrics.

    They differ in components, criteria, maxima, weights, or in which points they take. A group without a rubric of a
    year, known by its announced table only, is not compared in it.
    """
    rubric = data.rubric[data.rubric["group"].isin(list(groups)) & data.rubric["year"].isin(list(years))]
    outlines: dict[int, dict[str, set[Any]]] = {}
    columns = (rubric[name].tolist() for name in ("year", "group", "code", "name_vi", "max_units", "by", "weight"))
    for year, group, code, name, maximum, by, weight in zip(*columns, strict=True):
        of_group = outlines.setdefault(year, {}).setdefault(group, set())
        of_group.add((code, match_key(name), maximum, by, "" if pd.isna(weight) else weight))
    return any(outline != other for of_year in outlines.values() for outline, other in pairwise(of_year.values()))


def _outline(rubric: pd.DataFrame) -> dict[str, dict[str, Any]]:
    """Return code, names, maximum and set of criteria of each series of one rubric."""
    outline: dict[str, dict[str, Any]] = {}
    columns = (rubric[name] for name in ("series", "parent", "code", "name_vi", "name_en", "max_units"))
    for series, parent, code, name_vi, name_en, maximum in zip(*columns, strict=True):
        part = outline.setdefault(series, {"criteria": set()})
        if parent:
            part["criteria"].add((code, match_key(name_vi)))
        else:
            part |= {"head": (code, name_vi, name_en), "maximum": maximum}
    return outline


def _changes(old: dict[str, dict[str, Any]], new: dict[str, dict[str, Any]]) -> list[tuple[str, str, str, str]]:
    """Compare two outlines, a row per component that ended, began or changed."""
    replaced = {part["head"][0] for series, part in new.items() if series not in old}
    ended = [part["head"] for series, part in old.items() if series not in new and part["head"][0] not in replaced]
    rows = [("component", *head) for head in ended]
    for series, part in new.items():
        if series not in old:
            rows.append(("component", *part["head"]))
            continue
        rows += [(kind, *part["head"]) for kind in ("maximum", "criteria") if part[kind] != old[series][kind]]
    return rows
