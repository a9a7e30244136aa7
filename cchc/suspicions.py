"""What is allowed and still suspicious: warnings for `cchc check`, each worth a look before a ranking is signed.

No page depends on them: an official figure is the same with and without. The statistics here are therefore floats.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from cchc.dataset import Dataset
from cchc.leaves import points_text
from cchc.names import sort_key
from cchc.problems import Problem
from cchc.ranking import official
from cchc.scoring import score, score_components

LEAST_LEAVES = 3
"""Fewer leaves than this may agree by chance."""
LEAST_UNITS = 4
"""Fewer units than this may come out equal by chance."""
DEVIATIONS = 3
LEAST_CHANGES = 5
"""A deviation estimated from fewer changes than this says nothing."""
_UNIT = ["year", "group", "unit_id"]


def suspicions(data: Dataset) -> list[Problem]:
    """Return the warnings about what is allowed but suspicious, in the order of the rules below.

    * ``self-equals-appraised``: a unit's self-assessed and appraised points are equal on each of its leaves that have
      both, at least three.
    * ``jump``: the change of a unit's recomputed index from the year before lies more than three standard deviations
      (of a sample) from the mean of the changes of the *other* units of its group in the same two years and, where
      the unit has five or more earlier changes from one year to the next, also from the mean of these. Where fewer
      than five other units have a change, its own earlier ones decide alone; where neither has five, nothing is
      said. The unit itself never counts among those that it is compared with: in a group of ten no value can lie
      three deviations from a mean that it is part of.
    * ``same-scores``: two units of a group have the same appraised and survey points on the same leaves, at least
      three, and these are not the full points.
    * ``maximum-differs``: a unit's own maximum of a leaf is not the rubric's.
    * ``survey-missing``: one unit of a group, and no other, has no survey points at all on the surveyed leaves that
      apply to it, and at least three others have some.
    * ``no-discrimination``: the component indices of the four or more complete units of a group are all equal, or
      lie within one scoring step: the greatest common divisor of the points given on the component's leaves, over
      the smallest maximum.
    * ``class-by-rounding``: the class would differ without rounding.

    Parameters
    ----------
    data : Dataset
        Years in error are not in its tables, so that nothing is said of them.
    """
    if data.scores.empty:
        return []
    places = _Places(data)
    rules = (_equal_self, _jumps, _same_scores, _own_maxima, _missing_surveys, _flat_components, _rounded_classes)
    return [problem for rule in rules for problem in rule(data, places)]


class _Places:
    """Where the units of a year stand in the files, and what they are called then."""

    def __init__(self, data: Dataset) -> None:
        cells = data.cells.drop_duplicates(["year", "unit_id"])
        self._first: dict[tuple[int, str], Any] = dict(
            zip(zip(cells["year"], cells["unit_id"], strict=True), cells.itertuples(), strict=True)
        )
        self._names: dict[tuple[int, str], str] = {
            (year, unit): name
            for year in data.years
            for unit, name in data.units_of(year)[["unit_id", "name_vi"]].to_numpy().tolist()
        }
        self.shorts = {group.id: group.short for group in data.scheme.groups}

    def name(self, year: int, unit: str) -> str:
        return self._names.get((year, unit), unit)

    def problem(self, code: str, year: int, unit: str, **details: str) -> Problem:
        """Return a problem of a whole unit, at the first cell or row that it has in the year."""
        first = self._first.get((year, unit))
        if first is None:  # of an announced year
            return Problem(code, f"published/{year}.csv", value=self.name(year, unit), years=(year,), details=details)
        cell = first.cell if first.sheet else first.cell.partition(",")[0]
        return Problem(code, first.file, first.sheet, cell, self.name(year, unit), (year,), details)

    def of_group(self, code: str, year: int, units: Iterable[str], value: str, **details: str) -> Problem:
        """Return a problem of the units of a group together, in the files that hold them."""
        rows = [self._first[(year, unit)] for unit in units if (year, unit) in self._first]
        files = " + ".join(dict.fromkeys(row.file for row in rows))
        sheets = {row.sheet for row in rows}
        return Problem(code, files, sheets.pop() if len(sheets) == 1 else "", "", value, (year,), details)


def _equal_self(data: Dataset, places: _Places) -> Iterator[Problem]:
    scores = data.scores
    both = scores[scores["self_units"].notna() & scores["appraised_units"].notna()]
    both = both.assign(is_equal=(both["self_units"] == both["appraised_units"]).astype(bool))
    rows = both.groupby(["year", "unit_id"], observed=True)["is_equal"].agg(["all", "size"])
    row: Any
    for row in rows.itertuples():
        (year, unit), is_equal, size = row
        if is_equal and size >= LEAST_LEAVES:
            yield places.problem("self-equals-appraised", year, unit, number=str(size))


def _jumps(data: Dataset, places: _Places) -> Iterator[Problem]:
    table = score(data)
    table = table[table["index_exact"].notna()]
    index: dict[tuple[str, int], tuple[str, float]] = {
        (unit, year): (group, float(value))
        for unit, year, group, value in table[["unit_id", "year", "group", "index_exact"]].to_numpy().tolist()
    }
    changes: dict[tuple[int, str], dict[str, float]] = {}
    own: dict[str, list[tuple[int, float]]] = {}
    for (unit, year), (group, value) in index.items():
        before_group, before = index.get((unit, year - 1), ("", 0.0))
        if before_group == group:
            changes.setdefault((year, group), {})[unit] = value - before
            own.setdefault(unit, []).append((year, value - before))
    for (year, _group), of_units in changes.items():
        for unit, change in of_units.items():
            others = [value for other, value in of_units.items() if other != unit]
            earlier = [value for past, value in own[unit] if past < year]
            samples = [sample for sample in (others, earlier) if len(sample) >= LEAST_CHANGES]
            if samples and all(_is_far(change, sample) for sample in samples):
                text = f"{change:+.2f}".replace(".", ",").replace("-", "\N{MINUS SIGN}")
                yield places.problem("jump", year, unit, change=text, previous=str(year - 1))


def _is_far(value: float, sample: Sequence[float]) -> bool:
    return abs(value - statistics.fmean(sample)) > DEVIATIONS * statistics.stdev(sample) + 1e-9


def _same_scores(data: Dataset, places: _Places) -> Iterator[Problem]:
    scores = data.scores
    given = scores[scores["appraised_units"].notna() | scores["survey_units"].notna()]
    given = given.assign(is_full=(given["points_units"] == given["max_units"]).fillna(False).astype(bool))
    # rows of few units are compared one by one: those that agree in number and sums
    sums = given.groupby(_UNIT, observed=True).agg(
        size=("code", "size"),
        appraised=("appraised_units", "sum"),
        survey=("survey_units", "sum"),
        full=("is_full", "all"),
    )
    sums = sums[(sums["size"] >= LEAST_LEAVES) & ~sums["full"]].reset_index()
    keys = ["year", "group", "size", "appraised", "survey"]
    alike = sums.loc[sums.duplicated(keys, keep=False), ["year", "unit_id"]]
    rows = given.merge(alike, on=["year", "unit_id"])
    owners: dict[tuple[Any, ...], list[str]] = {}
    key: Any
    for key, own in rows.groupby(_UNIT, observed=True):
        year, group, unit = key
        points = own[["code", "appraised_units", "survey_units"]].sort_values("code").fillna(-1)
        owners.setdefault((year, group, *points.itertuples(index=False, name=None)), []).append(str(unit))
    for (year, _group, *shared), found in owners.items():
        first, *others = sorted(found, key=lambda unit, year=year: sort_key(places.name(year, unit)))  # type: ignore[misc]
        for unit in others:
            yield places.problem("same-scores", year, unit, other=places.name(year, first), number=str(len(shared)))


def _own_maxima(data: Dataset, _: _Places) -> Iterator[Problem]:
    rubric = data.rubric.loc[data.rubric["is_leaf"], ["year", "group", "code", "max_units"]]
    given = data.cells.loc[
        data.cells["field"] == "max_points", ["year", "unit_id", "code", "file", "sheet", "cell", "text"]
    ]
    keys = ["year", "unit_id", "code"]
    own = data.scores[[*keys, "group", "max_units"]].astype({"unit_id": "str", "code": "str", "group": "str"})
    rows = given.astype({"unit_id": "str", "code": "str"}).merge(own, on=keys)
    rows = rows.merge(rubric, on=["year", "group", "code"], suffixes=("", "_of_rubric"))
    row: Any
    for row in rows[rows["max_units"] != rows["max_units_of_rubric"]].itertuples():
        maximum = points_text(row.max_units_of_rubric, data.point_decimals)
        details = {"code": row.code, "maximum": maximum}
        yield Problem("maximum-differs", row.file, row.sheet, row.cell, row.text, (row.year,), details)


def _missing_surveys(data: Dataset, places: _Places) -> Iterator[Problem]:
    rubric, scores = data.rubric, data.scores
    surveyed = rubric[rubric["is_leaf"] & rubric["by"].isin(["survey", "both"])]
    n_leaves = surveyed.groupby(["year", "group"]).size()
    keys = ["year", "group", "code"]
    rows = scores.astype(dict.fromkeys(("group", "code", "unit_id"), "str")).merge(
        surveyed[keys], on=keys, how="left", indicator=True
    )
    rows["is_surveyed"] = rows["_merge"] == "both"
    rows["n_given"] = (rows["is_surveyed"] & rows["survey_units"].notna()).astype("int64")
    rows["n_not_applicable"] = (rows["is_surveyed"] & ~rows["is_applicable"]).astype("int64")
    key: Any
    for key, of_group in rows.groupby(["year", "group"]):
        year, group = key
        units = of_group.groupby("unit_id")[["n_given", "n_not_applicable"]].sum()
        units = units[units["n_not_applicable"] < n_leaves.get(key, 0)]
        without, others = units.index[units["n_given"] == 0], int((units["n_given"] > 0).sum())
        if len(without) == 1 and others >= LEAST_UNITS - 1:
            details = {"number": str(others), "group": places.shorts[group]}
            yield places.problem("survey-missing", year, without[0], **details)


def _flat_components(data: Dataset, places: _Places) -> Iterator[Problem]:
    components = score_components(data)
    components = components[components["is_complete"] & components["is_applicable"]]
    scores = data.scores[data.scores["is_applicable"] & data.scores["points_units"].notna()]
    leaves = pd.DataFrame(
        {
            "year": scores["year"],
            "group": scores["group"].astype("str"),
            "code": scores["code"].astype("str").str.partition(".")[0],
            "points": scores["points_units"].astype("int64"),
        }
    )
    steps = leaves.groupby(["year", "group", "code"])["points"].agg(lambda points: np.gcd.reduce(points.to_numpy()))
    key: Any
    for key, rows in components.groupby(["year", "group", "code"], sort=False, observed=True):
        year, group, code = key
        if len(rows) < LEAST_UNITS:
            continue
        step = int(steps[key])
        shares = rows["points"] / rows["max_points"]
        within = step / 10**data.point_decimals / rows["max_points"].min()
        if shares.max() - shares.min() <= within + 1e-12:
            details = {
                "number": str(len(rows)),
                "group": places.shorts[group],
                "step": points_text(step, data.point_decimals),
            }
            name = f"{code}. {rows['name_vi'].iloc[0]}"
            yield places.of_group("no-discrimination", year, rows["unit_id"], name, **details)


def _rounded_classes(data: Dataset, places: _Places) -> Iterator[Problem]:
    table = official(data, data.years)
    row: Any
    for row in table[table["is_grade_by_rounding"]].itertuples():
        yield places.problem("class-by-rounding", row.year, row.unit_id, grade=row.grade)
