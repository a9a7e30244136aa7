"""A scheme's folder read: files to checked tables, every cell with its address.

This room knows in which order the files depend on each other. Which ones there are is found in `inventory`; a file
becomes a table in `files`, `workbooks` and `unit_sheets`; what it must hold is checked in `schema`, `rubrics`,
`checks`, `leaves`, `announced`, `publications` and `award_inputs`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from cchc.announced import Roster
from cchc.award_inputs import read_award_inputs
from cchc.books import open_sheets
from cchc.checks import Numbers, check_entries, most_decimals, read_numbers
from cchc.dataset import COLUMNS, Dataset
from cchc.entries import ScoreYear
from cchc.files import join, join_entries, read_entries, read_table
from cchc.inventory import REFUSED, WORKBOOKS, Inventory, YearFile, take_inventory
from cchc.leaves import Leaves, adjustment_table, cell_table, check_leaves, score_table, warn_incomplete
from cchc.names import closest, match_key
from cchc.problems import InputError, Problem
from cchc.publications import read_editions
from cchc.rubrics import check_rubric, maximum_decimals, resolve
from cchc.schema import check_lineage, check_province, check_units, empty, typed
from cchc.scheme import Scheme, read_scheme
from cchc.unit_sheets import is_unit_sheet, read_unit_sheet
from cchc.workbooks import GUIDE, Entry, entry_frame, read_wide

_SCORE_TABLES = ("scores", "adjustments", "cells")


def read_dataset(folder: Path) -> Dataset:
    """Read and check everything in a scheme's folder.

    Returns
    -------
    Dataset
        With every finding in `problems`; the years in error are left out of its tables.

    Raises
    ------
    InputError
        With every problem, where one of them stops the whole scheme: in scheme.toml, units.csv or lineage.csv.
    """
    folder = Path(folder)
    problems: list[Problem] = []
    scheme = read_scheme(folder)
    inventory = take_inventory(folder, problems)
    if any(item.code in REFUSED and item.stops_scheme for item in problems):
        raise InputError(problems)
    data = _read_units(folder, scheme, inventory, problems)
    data = _read_scores(folder, data, inventory.scores, problems)
    data = read_editions(data, inventory.published, problems)
    if "province.csv" in inventory.tables:
        data = _read_province(folder, data, problems)
    data = read_award_inputs(data, inventory.awards, problems)
    if any(item.stops_scheme for item in problems):
        raise InputError(problems)
    return _without_broken_years(replace(data, problems=tuple(problems)))


def _read_units(folder: Path, scheme: Scheme, inventory: Inventory, problems: list[Problem]) -> Dataset:
    """Begin a dataset with its units and lineage; without a readable units.csv nothing else can be checked."""
    table = read_table(folder / "units.csv", "units.csv", "units", (), problems)
    if table is None:
        raise InputError(problems)
    tables: dict[str, Any] = {name: empty(name) for name in COLUMNS}
    data = Dataset(scheme=scheme, point_decimals=0, **{**tables, "units": check_units(table, scheme, problems)})
    if "lineage.csv" in inventory.tables:
        table = read_table(folder / "lineage.csv", "lineage.csv", "lineage", (), problems)
        if table is not None:
            data = replace(data, lineage=check_lineage(table, data.units, problems))
    return data


def _read_scores(folder: Path, data: Dataset, sources: Iterable[YearFile], problems: list[Problem]) -> Dataset:
    entries = {year: _read_year(data, group, problems) for year, group in _by_year(sources)}
    numbers = read_numbers(list(entries.values()))
    data = _read_rubric(folder, data, numbers, list(entries), problems)
    tables = [_check_year(data, year, entries[year], numbers, problems) for year in entries]
    joined: dict[str, Any] = {
        name: typed(join([parts[name] for parts in tables]), name) for name in _SCORE_TABLES if tables
    }
    return replace(data, **joined)


def _by_year(sources: Iterable[YearFile]) -> Iterator[tuple[int, list[YearFile]]]:
    sources = list(sources)
    for year in sorted({source.year for source in sources}):
        yield year, [source for source in sources if source.year == year]


def _read_year(data: Dataset, sources: Iterable[YearFile], problems: list[Problem]) -> pd.DataFrame:
    frames = []
    for source in sources:
        if source.path.suffix.lower() in WORKBOOKS:
            frames.append(_read_workbook(source, data, problems))
        else:
            frames.append(read_entries(source.path, source.file, source.year, problems))
    return join_entries(frames)


def _read_workbook(source: YearFile, data: Dataset, problems: list[Problem]) -> pd.DataFrame:
    """Read each sheet in the form that it has: a sheet a group (wide), or a sheet a unit (as exported)."""
    titles = {match_key(group.short): group.short for group in data.scheme.groups}
    roster, entries, taken = Roster(data, source.year), list[Entry](), set[str]()
    for sheet in open_sheets(source.path, source.file, source.year, problems):
        key, is_of_unit = match_key(sheet.title), is_unit_sheet(sheet)
        if key in taken:
            # both would have the same place in every message
            sheet.report("sheet-twice", "", sheet.title, group=titles[key])
            continue
        if key in titles:
            sheet.title = titles[key]
            taken.add(key)
        if is_of_unit or key in titles:
            sheet.report_hidden()
            entries += read_unit_sheet(sheet, roster) if is_of_unit else read_wide(sheet)
        elif key != match_key(GUIDE):
            near = closest(sheet.title, titles.values()) or list(titles.values())
            sheet.report("unknown-sheet", "", sheet.title, allowed=", ".join(near))
    return entry_frame(entries)


def _read_rubric(folder: Path, data: Dataset, numbers: Numbers, years: list[int], problems: list[Problem]) -> Dataset:
    """Add the rubric in force for the groups that have units in the scored years, and the unit of points."""
    if not years:
        return data
    scored = {(year, group) for year in years for group in data.units_of(year)["group"].unique()}
    limit = data.scheme.point_decimals
    table = read_table(folder / "rubric.csv", "rubric.csv", "rubric", tuple(years), problems)
    rubrics = [] if table is None else check_rubric(table, data.scheme, scored, limit, problems)
    decimals = max(most_decimals(numbers, limit), maximum_decimals(rubrics))
    return replace(data, rubric=resolve(rubrics, scored, decimals), point_decimals=decimals)


def _check_year(
    data: Dataset, year: int, entries: pd.DataFrame, numbers: Numbers, problems: list[Problem]
) -> dict[str, pd.DataFrame]:
    """Check one year's entries, and return its rows of scores, adjustments and cells."""
    rubric = data.rubric[data.rubric["year"] == year].drop_duplicates(["group", "code"]).reset_index(drop=True)
    step, notes = check_entries(ScoreYear(year, data, Roster(data, year), rubric, entries, problems), numbers)
    leaves = Leaves(step)
    check_leaves(step, leaves)
    warn_incomplete(step, leaves)
    return {
        "scores": score_table(step, leaves, notes),
        "adjustments": adjustment_table(step, leaves),
        "cells": cell_table(step),
    }


def _read_province(folder: Path, data: Dataset, problems: list[Problem]) -> Dataset:
    """Add the province's own index. No unit is ranked by it, so that nothing wrong with it stops a page."""
    found: list[Problem] = []
    table = read_table(folder / "province.csv", "province.csv", "province", (), found)
    province = data.province if table is None else check_province(table, found)
    problems.extend(replace(item, is_unused=True) for item in found)
    return replace(data, province=province)


def _without_broken_years(data: Dataset) -> Dataset:
    """Leave the years and stages in error out of every table of scores and results."""
    broken = data.broken_years
    kept: dict[str, Any] = {}
    for name in ("rubric", "scores", "adjustments", "cells", "published"):
        frame = getattr(data, name)
        kept[name] = frame[~frame["year"].isin(broken)].reset_index(drop=True)
    periods = [*map(str, broken), *data.broken_stages]
    for name in ("editions", "announced"):
        frame = getattr(data, name)
        kept[name] = frame[~frame["period"].isin(periods)].reset_index(drop=True)
    return replace(data, **kept) if periods else data
