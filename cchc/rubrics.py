"""The rubric: rubric.csv checked, and resolved to the rubric in force for each scored (year, group)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd

from cchc.dataset import COLUMNS
from cchc.exact import parse_number
from cchc.names import match_key
from cchc.problems import Problem
from cchc.schema import Table, decimals_of, parse_year, to_units, typed
from cchc.scheme import Scheme

Scored = tuple[int, str]
"""A year and a group."""
Component = tuple[str, int, str, str, str]
"""Group, year of the rubric, code, name and `same_as` (``"YYYY:code"`` or "") of a component."""

CODE_PATTERN = r"[\w-]+(\.[\w-]+)*"
BY = ("appraised", "survey", "both")
MAXIMUM = "max_points"
_SAME_AS = re.compile(r"(?:([12][0-9]{3}):)?(" + CODE_PATTERN + ")")


@dataclass
class Rubric:
    """The rubric of one group from `year` on, until the next one, and the scored years that use it."""

    year: int
    group: str
    rows: pd.DataFrame
    """The rows of rubric.csv, indexed as there, with `max_points` a Decimal and `weight` a Fraction (or None)."""
    used_in: tuple[int, ...]

    @property
    def children(self) -> dict[str, list[int]]:
        """The rows directly under each code that has any."""
        children: dict[str, list[int]] = defaultdict(list)
        for row, code in self.rows["code"].items():
            if parent_of(code):
                children[parent_of(code)].append(int(str(row)))
        return children

    @property
    def components(self) -> pd.DataFrame:
        """The rows of the components; of a code that stands twice, the first."""
        rows = self.rows.drop_duplicates("code")
        return rows[(rows["code"] != "") & ~rows["code"].str.contains(".", regex=False)]


def parent_of(code: str) -> str:
    """Return the code that a dotted code stands under; "" for a component."""
    return code.rpartition(".")[0]


def check_rubric(
    table: Table, scheme: Scheme, scored: Iterable[Scored], decimals: int, problems: list[Problem]
) -> list[Rubric]:
    """Return every rubric of every group from rubric.csv; what is wrong is added to `problems`.

    Parameters
    ----------
    scored : iterable of (year, group)
        The groups that have units in a year with score files: an error stops the years that use the rubric, and
        nothing where none does.
    decimals : int
        The most decimals that points may have.
    """
    scored = set(scored)
    anywhere = tuple(sorted({year for year, _ in scored}))
    table = replace(table, years=lambda row: anywhere)
    frame = table.frame.copy()
    table.require(("year",), problems)
    years = table.parse("year", parse_year, "not-a-year", problems)
    frame["year"] = pd.array(years, dtype="Int64")
    rubrics = _split(frame[frame["year"].notna()], scheme, scored)

    def years_of(row: int) -> tuple[int, ...]:
        """Return the years that use a row; of a row that no group has, those that might."""
        holding = [rubric for rubric in rubrics if row in rubric.rows.index]
        used = {year for rubric in holding for year in rubric.used_in}
        return tuple(sorted(used)) if holding else tuple(year for year in anywhere if year >= (years[row] or 0))

    found: list[Problem] = []
    table = replace(table, years=years_of)
    table.require(("code", "name_vi", MAXIMUM), found)
    table.require_known("group", [group.id for group in scheme.groups], "unknown-group", found)
    _check_cells(table, frame, decimals, found)
    of_groups: list[Problem] = []
    for rubric in rubrics:
        rubric.rows = frame.loc[rubric.rows.index]
        _check_one(replace(table, years=lambda row, used=rubric.used_in: used), rubric, rubrics, of_groups)  # type: ignore[misc]
    _check_series(table, rubrics, of_groups)
    found += _joined(of_groups)
    problems.extend(item if item.years else replace(item, is_unused=True) for item in found)
    return rubrics


def follow_series(components: Iterable[Component]) -> Iterator[str]:
    """Say of components, by year of their rubric, which series each continues or begins, ``"code@first year"``.

    A component is the same when its code and normalised name are the same, or when `same_as` joins it to an earlier
    one; a code that keeps its number and changes its meaning begins a new series (PAPI's SC21 to SC23 did in 2018).
    """
    by_name: dict[tuple[str, str, str], str] = {}
    by_code: dict[tuple[str, int, str], str] = {}
    for group, year, code, name, same_as in components:
        identity = (group, code, match_key(name))
        earlier_year, _, earlier_code = same_as.partition(":")
        joined = by_code.get((group, int(earlier_year), earlier_code)) if earlier_code else None
        series = joined or by_name.get(identity) or f"{code}@{year}"
        by_name[identity] = by_code[group, year, code] = series
        yield series


def in_force(rubrics: Iterable[Rubric], year: int, group: str) -> Rubric | None:
    """Return the group's latest rubric of `year` or before; None where there is none."""
    candidates = [rubric for rubric in rubrics if rubric.group == group and rubric.year <= year]
    return max(candidates, key=lambda rubric: rubric.year, default=None)


def resolve(rubrics: list[Rubric], scored: Iterable[Scored], decimals: int) -> pd.DataFrame:
    """Return `Dataset.rubric`: the rubric in force for each scored (year, group), its maxima in ``10 ** -decimals``."""
    frames = []
    for year, group in sorted(scored):
        rubric = in_force(rubrics, year, group)
        if rubric is not None:
            frames.append(_resolved(rubric, decimals).assign(year=year, group=group))
    return typed(pd.concat(frames) if frames else pd.DataFrame(columns=list(COLUMNS["rubric"])), "rubric")


def maximum_decimals(rubrics: Iterable[Rubric]) -> int:
    """Return the most decimals that a maximum of the rubrics has."""
    maxima = (value for rubric in rubrics for value in rubric.rows[MAXIMUM] if value is not None)
    return max(map(decimals_of, maxima), default=0)


def _resolved(rubric: Rubric, decimals: int) -> pd.DataFrame:
    rows, children = rubric.rows, rubric.children
    codes = rows["code"]
    # a maximum that could not be read is a problem of every year that uses it, so that the 0 is never seen
    maxima = [to_units(value, decimals) or 0 if value is not None else 0 for value in rows[MAXIMUM]]
    return rows.assign(
        rubric_year=rubric.year,
        parent=codes.map(parent_of),
        component=codes.str.split(".").str[0],
        name_en=rows["name_en"].mask(rows["name_en"] == "", rows["name_vi"]),
        max_units=maxima,
        by=rows["by"].mask(rows["by"] == "", BY[0]),
        is_leaf=~codes.isin(list(children)),
    )


def _split(frame: pd.DataFrame, scheme: Scheme, scored: set[Scored]) -> list[Rubric]:
    """Split the rows by year and group (a row without group is of every group), and see which years use each."""
    rubrics = []
    for group in scheme.groups:
        rows = frame[frame["group"].isin(["", group.id])]
        rubrics += [Rubric(int(str(year)), group.id, part, ()) for year, part in rows.groupby("year")]
    for year, group_id in sorted(scored):
        rubric = in_force(rubrics, year, group_id)
        if rubric is not None:
            rubric.used_in = (*rubric.used_in, year)
    return rubrics


def _check_cells(table: Table, frame: pd.DataFrame, decimals: int, problems: list[Problem]) -> None:
    """Read maxima and weights into `frame`, and check codes and `by`."""

    def weight(text: str) -> Fraction:
        value = Fraction(parse_number(text))
        if value <= 0:
            raise ValueError(text)
        return value

    def maximum(text: str) -> Decimal:
        value = parse_number(text)
        if value <= 0 or decimals_of(value) > decimals or to_units(value, decimals) is None:
            raise ValueError(text)
        return value

    frame[MAXIMUM] = pd.Series(
        table.parse(MAXIMUM, maximum, "bad-maximum", problems), index=frame.index, dtype="object"
    )
    frame["weight"] = pd.Series(
        table.parse("weight", weight, "bad-weight", problems), index=frame.index, dtype="object"
    )
    table.require_known("by", BY, "unknown-by", problems)
    codes = frame["code"]
    is_bad = ~codes.str.fullmatch(CODE_PATTERN) & (codes != "")
    table.report("bad-code", np.flatnonzero(is_bad), "code", problems)


def _check_one(table: Table, rubric: Rubric, rubrics: list[Rubric], problems: list[Problem]) -> None:
    codes = rubric.rows["code"]
    twice = codes.index[codes.duplicated() & (codes != "")]
    table.report("code-twice", twice, "code", problems, group=rubric.group, year=str(rubric.year))
    for row, code in codes.items():
        if parent_of(code) and parent_of(code) not in set(codes):
            problems.append(table.problem("no-parent", int(str(row)), "code", parent=parent_of(code)))
    _check_maxima(table, rubric, problems)
    _check_weights(table, rubric, problems)
    given = rubric.rows["same_as"]
    earlier = given.map(lambda text: _earlier(text, rubric, rubrics))
    unknown = given.index[(given != "") & (earlier == "")]
    table.report("unknown-same-as", unknown, "same_as", problems, group=rubric.group)
    rubric.rows = rubric.rows.assign(same_as=earlier)


def _check_maxima(table: Table, rubric: Rubric, problems: list[Problem]) -> None:
    """The maxima of a code's children add up to its own."""
    rows = rubric.rows.drop_duplicates("code")
    own = dict(zip(rows["code"], rows[MAXIMUM], strict=True))
    where = dict(zip(rows["code"], rows.index, strict=True))
    for parent, children in rubric.children.items():
        maxima = rubric.rows.loc[children, MAXIMUM].tolist()
        if own.get(parent) is None or None in maxima or own[parent] == (total := sum(maxima)):
            continue
        problems.append(table.problem("sum-of-maxima", where[parent], MAXIMUM, code=parent, total=str(total)))


def _check_weights(table: Table, rubric: Rubric, problems: list[Problem]) -> None:
    """Weights stand with components only, with all of them or none, and add up to 100."""
    rows = rubric.rows
    is_component = ~rows["code"].str.contains(".", regex=False)
    misplaced = rows.index[rows["weight"].notna() & ~is_component]
    table.report("weight-not-component", misplaced, "weight", problems)
    weights = rows.loc[is_component, "weight"]
    if weights.notna().any():
        table.report("weight-missing", weights.index[weights.isna()], "weight", problems)
        total = sum(weights.dropna(), Fraction())
        if weights.notna().all() and total != 100:
            place = {"group": rubric.group, "year": str(rubric.year), "total": str(float(total))}
            problems.append(table.problem("sum-of-weights", weights.index[0], "weight", **place))


def _earlier(text: str, rubric: Rubric, rubrics: list[Rubric]) -> str:
    """Return `same_as` as ``"YYYY:code"`` of the group's earlier rubric; "" where that has no such code."""
    match = _SAME_AS.fullmatch(text)
    if match is None:
        return ""
    year = int(match[1]) if match[1] else rubric.year - 1
    earlier = in_force(rubrics, min(year, rubric.year - 1), rubric.group)
    if year >= rubric.year or earlier is None or match[2] not in set(earlier.rows["code"]):
        return ""
    return f"{earlier.year}:{match[2]}"


def _check_series(table: Table, rubrics: list[Rubric], problems: list[Problem]) -> None:
    """No two components of a rubric continue the same one: a series has one value a year."""
    rows, facts = [], []
    for rubric in sorted(rubrics, key=lambda rubric: rubric.year):
        components = rubric.components
        columns = (components[name] for name in ("code", "name_vi", "same_as"))
        rows += [(rubric, int(str(row))) for row in components.index]
        facts += [(rubric.group, rubric.year, *texts) for texts in zip(*columns, strict=True)]
    first: dict[tuple[str, int, str], str] = {}
    for (rubric, row), (group, year, code, *_), series in zip(rows, facts, follow_series(facts), strict=True):
        other = first.setdefault((group, year, series), code)
        if other != code:
            used = replace(table, years=lambda row, used=rubric.used_in: used)  # type: ignore[misc]
            column = "same_as" if table.frame.at[row, "same_as"] else "code"
            problems.append(used.problem("series-twice", row, column, code=code, other=other, group=group))


def _joined(problems: Iterable[Problem]) -> list[Problem]:
    """Join what was found of one row in several groups, whose years differ, into one problem."""
    joined: dict[tuple[object, ...], Problem] = {}
    for item in problems:
        key = (item.code, item.cell, tuple(sorted(item.details.items())))
        years = {*item.years, *joined.get(key, item).years}
        joined[key] = replace(item, years=tuple(sorted(years)))
    return list(joined.values())
