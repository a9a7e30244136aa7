"""What awards are given for, read and checked: nominations, initiatives and tasks, one file a period.

An error stops the award proposals of its period, and no ranking. No finding repeats the name of a person: it may stand
in any cell of nominations and initiatives, in the wrong column too, so that findings about these name the place alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from difflib import SequenceMatcher
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

from cchc.announced import Roster
from cchc.award_settings import Award
from cchc.dataset import Dataset
from cchc.exact import parse_number
from cchc.files import join, read_table
from cchc.inventory import AwardFile
from cchc.names import closest, match_key
from cchc.nominees import nominee_key
from cchc.problems import Problem
from cchc.publications import stage_units
from cchc.schema import Table, parse_date, parse_place, typed
from cchc.scheme import FILE

KINDS = {"tập thể": "collective", "cá nhân": "individual"}
PERSONAL = ("initiatives", "nominations")
"""Tables that name persons."""
WHOLE_CELLS = ("line-break", "line-break-in-text", "text-too-long")
"""Problems of a cell that may have swallowed others, those of another table too."""
KNOWN_VALUES = ("award-other-period", "encoding-guessed", "kind-mismatch", "missing-column", "wrong-delimiter")
"""Problems whose value is a word that is known, whoever typed it."""
ALIKE = 0.9
"""So like (`SequenceMatcher.ratio`) is a mistyped name to the right one."""
RECOGNITION = ("level", "number", "date", "authority")
"""What a recognised initiative has."""


def read_award_inputs(data: Dataset, files: Iterable[AwardFile], problems: list[Problem]) -> Dataset:
    """Return `data` with nominations, initiatives and tasks; what is wrong with them is added to `problems`."""
    _check_components(data, problems)
    checks = {"initiatives": _initiatives, "tasks": _tasks, "nominations": _nominations}
    for item in files:
        if "-" in item.period and item.period not in (known := [stage.id for stage in data.scheme.stages]):
            details = {"allowed": ", ".join(known) or "—"}
            problems.append(Problem("period-not-used", item.file, value=item.period, details=details))
            continue
        found: list[Problem] = []
        table = read_table(item.path, item.file, item.kind, (), found)
        if table is not None:
            frame = typed(checks[item.kind](data, item, table, found), item.kind)
            before: pd.DataFrame = getattr(data, item.kind)
            joined: dict[str, Any] = {item.kind: join([before, frame]) if len(before) else frame}
            data = replace(data, **joined)
        problems.extend(replace(_without_names(problem, item.kind), awards=_periods(data, item)) for problem in found)
    return data


def _without_names(problem: Problem, kind: str) -> Problem:
    """Leave out what stands in a cell where that may be the name of a person; the place says which cell it is."""
    is_hidden = problem.code not in KNOWN_VALUES if kind in PERSONAL else problem.code in WHOLE_CELLS
    return replace(problem, value="…") if problem.value and is_hidden else problem


def _check_components(data: Dataset, problems: list[Problem]) -> None:
    """The components of a content are those of a rubric in force."""
    known = sorted(data.rubric.loc[data.rubric["parent"] == "", "code"].unique())
    for place, content in enumerate(data.scheme.contents):
        for code in content.components:
            if known and code not in known:
                details = {"allowed": ", ".join(closest(code, known) or known)}
                cell = f"contents[{place}].components"
                problems.append(Problem("content-component", FILE, cell=cell, value=code, details=details))


def _periods(data: Dataset, item: AwardFile) -> tuple[str, ...]:
    """Return the periods whose awards hang on a file: nominations are of one, other years count in their stages too."""
    if item.kind == "nominations":
        return (item.period,)
    return (item.period, *(stage.id for stage in data.scheme.stages if int(item.period) in stage.years))


def _roster(data: Dataset, period: str) -> Roster:
    stage = next((item for item in data.scheme.stages if item.id == period), None)
    return Roster(data, int(period[-4:]), stage_units(data, stage) if stage else None)


def _places(table: Table, column: str, roster: Roster, problems: list[Problem]) -> pd.Series[int]:
    """Return the place in the roster of the unit that a column names; -1 where it is blank, or unknown: a problem."""
    texts = table.frame[column]
    places = texts.map(roster.find).astype("int64")
    for row in np.flatnonzero((places < 0) & (texts != "")):
        _report_unit(table, int(row), column, roster, problems)
    return places


def _report_unit(table: Table, row: int, column: str, roster: Roster, problems: list[Problem]) -> None:
    code, details = roster.problem(str(table.frame.at[row, column]))
    problems.append(table.problem(code, row, column, **details))


def _ids(roster: Roster, places: pd.Series[int]) -> Any:
    return roster.units["unit_id"].reindex(places.to_numpy()).fillna("").to_numpy()


def _rows(table: Table) -> list[str]:
    return [table.place(row) for row in range(len(table.frame))]


def _days(table: Table, column: str, problems: list[Problem]) -> pd.Series[Any]:
    days = table.parse(column, parse_date, "not-a-date", problems)
    return pd.Series(pd.to_datetime(days), index=table.frame.index).astype("datetime64[us]")


# ---------------------------------------------------------------------------------------------------- nominations


def _nominations(data: Dataset, item: AwardFile, table: Table, problems: list[Problem]) -> pd.DataFrame:
    frame = table.frame
    table.require(("award", "kind", "name"), problems)
    awards = _awards(data, item.period, table, problems)
    kinds = _kinds(table, awards, problems)
    roster = _roster(data, item.period)
    units, is_unit = _nominees(table, kinds, roster, problems)
    _check_initiatives(data, item.period, table, problems)
    scores = table.parse("score", lambda text: Fraction(parse_number(text)), "not-a-number", problems)
    nominations = frame.assign(
        period=item.period,
        kind=kinds,
        unit_id=_ids(roster, units),
        is_unit=is_unit,
        order=pd.array(table.parse("order", parse_place, "not-a-place", problems), dtype="Int64"),
        score=pd.Series(scores, dtype="object"),
        cell=_rows(table),
    )
    _check_nominated_once(table, nominations, problems)
    return nominations


def _awards(data: Dataset, period: str, table: Table, problems: list[Problem]) -> list[Award | None]:
    """Return the award of each row; None where it is not one of the period, which is a problem."""
    given = {award.id: award for award in data.scheme.awards_of(period)}
    known = [award.id for award in data.scheme.awards]
    table.require_known("award", known, "unknown-award", problems)
    elsewhere = table.frame["award"].isin(set(known) - set(given))
    allowed = ", ".join(given) or "—"
    table.report("award-other-period", np.flatnonzero(elsewhere), "award", problems, period=period, allowed=allowed)
    return [given.get(name) for name in table.frame["award"]]


def _kinds(table: Table, awards: list[Award | None], problems: list[Problem]) -> list[str]:
    """Return to whom each row would give its award, "" where nobody knows; it must be whom the award is for."""
    words = {match_key(text): kind for word, kind in KINDS.items() for text in (word, kind)}
    kinds = [words.get(match_key(text), "") for text in table.frame["kind"]]
    for row, (kind, award) in enumerate(zip(kinds, awards, strict=True)):
        if not kind and table.frame.at[row, "kind"]:
            problems.append(table.problem("unknown-kind", row, "kind", allowed=", ".join(KINDS)))
        elif kind and award and kind != award.to:
            problems.append(table.problem("kind-mismatch", row, "kind", award=award.id))
    return kinds


def _nominees(
    table: Table, kinds: list[str], roster: Roster, problems: list[Problem]
) -> tuple[pd.Series[int], list[bool]]:
    """Return the place of each candidate's unit, and whether the candidate is that unit.

    A person belongs to a unit. A collective is a unit, or belongs to one.
    """
    places = _places(table, "unit", roster, problems)
    named = roster.units["name_vi"].reindex(places).fillna("").tolist()
    is_unit = []
    for row, kind in enumerate(kinds):
        name, unit = (str(table.frame.at[row, column]) for column in ("name", "unit"))
        own = roster.find(name) if kind == "collective" and name else -1
        is_unit.append(own >= 0)
        if own >= 0 and unit and places.at[row] not in (own, -1):
            problems.append(table.problem("nominee-unit", row, "unit", unit=str(roster.units.at[own, "name_vi"])))
        elif own >= 0:
            places.at[row] = own
        elif not unit and kind == "collective" and name:
            _report_unit(table, row, "name", roster, problems)
        elif kind == "collective" and name and named[row]:
            _check_no_unit(table, row, named[row], roster, problems)
        elif not unit and kind == "individual":
            table.report("blank-cell", [row], "unit", problems, column="unit")
    return places, is_unit


def _check_no_unit(table: Table, row: int, unit: str, roster: Roster, problems: list[Problem]) -> None:
    """A collective of a unit is no unit by an old name, nor the unit itself by a mistyped one."""
    name = str(table.frame.at[row, "name"])
    if roster.problem(name)[0] != "unknown-unit":
        _report_unit(table, row, "name", roster, problems)
    elif SequenceMatcher(None, match_key(name), match_key(unit)).ratio() >= ALIKE:
        problems.append(table.problem("nominee-like-unit", row, "name", unit=unit))


def _check_nominated_once(table: Table, nominations: pd.DataFrame, problems: list[Problem]) -> None:
    seen: dict[tuple[str, ...], int] = {}
    row: Any  # pandas-stubs cannot know the columns
    for at, row in enumerate(nominations.itertuples(index=False)):
        first = seen.setdefault((row.award, *nominee_key(row)), at)
        if first != at and row.name:
            problems.append(table.problem("nominee-twice", at, "name", other=table.place(first)))


def _check_initiatives(data: Dataset, period: str, table: Table, problems: list[Problem]) -> None:
    years = range(int(period[:4]), int(period[-4:]) + 1)
    known = data.initiatives.loc[data.initiatives["year"].isin(years), "initiative_id"].tolist()
    is_unknown = ~table.frame["initiative_id"].isin([*known, ""])
    # without the nearest ids: a name may have been typed into that column, too
    table.report("unknown-initiative", np.flatnonzero(is_unknown), "initiative_id", problems)


# ------------------------------------------------------------------------------------------ initiatives and tasks


def _initiatives(data: Dataset, item: AwardFile, table: Table, problems: list[Problem]) -> pd.DataFrame:
    year = int(item.period)
    table.require(("id", "unit", "title"), problems)
    roster = _roster(data, item.period)
    units = _ids(roster, _places(table, "unit", roster, problems))
    _check_contents(data, table, problems)
    days = _days(table, "date", problems)
    _check_once(data, table, units, problems)
    for row, day in enumerate(days):
        missing = [column for column in RECOGNITION if not table.frame.at[row, column]]
        if missing:
            table.report("initiative-unrecognised", [row], "id", problems, missing=", ".join(missing))
        elif day == day and day.year != year:
            written = str(table.frame.at[row, "date"])
            table.report("initiative-other-year", [row], "id", problems, day=written, year=item.period)
    return table.frame.assign(year=year, initiative_id=table.frame["id"], unit_id=units, date=days, cell=_rows(table))


def _check_once(data: Dataset, table: Table, units: Any, problems: list[Problem]) -> None:
    """An initiative stands once, whatever the year: by its id, and by its title and unit."""
    seen: dict[tuple[str, ...], str] = {}
    for other in data.initiatives.itertuples():
        place = f"initiatives/{other.year}.csv · {other.cell}"
        seen[(str(other.initiative_id),)] = seen[(match_key(str(other.title)), str(other.unit_id))] = place
    for row, unit in enumerate(units):
        own, title = (str(table.frame.at[row, column]) for column in ("id", "title"))
        keys = [key for key in ((own,), (match_key(title), unit)) if all(key)]
        earlier = next((seen[key] for key in keys if key in seen), "")
        if earlier:
            problems.append(table.problem("initiative-twice", row, "id", other=earlier))
        for key in keys:
            seen.setdefault(key, table.place(row))


def _tasks(data: Dataset, item: AwardFile, table: Table, problems: list[Problem]) -> pd.DataFrame:
    table.require(("unit", "task"), problems)
    roster = _roster(data, item.period)
    units = _ids(roster, _places(table, "unit", roster, problems))
    _check_contents(data, table, problems)
    due, done = (_days(table, column, problems) for column in ("due", "done"))
    without = (table.frame["done"] != "") & (table.frame["evidence"] == "")
    table.report("task-without-evidence", np.flatnonzero(without), "task", problems)
    seen: dict[tuple[str, str, str], int] = {}
    for row, (unit, task, day) in enumerate(zip(units, table.frame["task"], table.frame["due"], strict=True)):
        first = seen.setdefault((unit, match_key(task), day), row)
        if first != row and unit and task:
            problems.append(table.problem("task-twice", row, "task", other=table.place(first)))
    return table.frame.assign(year=int(item.period), unit_id=units, due=due, done=done, cell=_rows(table))


def _check_contents(data: Dataset, table: Table, problems: list[Problem]) -> None:
    """A content that a row names is one of the plan's."""
    known = [content.id for content in data.scheme.contents]
    table.require_known("content", known, "unknown-content", problems)
