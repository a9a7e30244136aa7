"""The checks of score entries against the units and the rubric of their year, one rule after the other.

Scores arrive as *entries*, a row per filled cell of the year's files (`workbooks.Entry`). Each step reports
the entries that break its rule and goes on with the others. All of it works on whole columns: there may be millions.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from decimal import Decimal
from string import ascii_uppercase
from typing import Any

import numpy as np
import pandas as pd

from cchc.entries import FIELDS, NOTE, POINT_FIELDS, Integers, Mask, ScoreYear, distinct, head_cell, spread
from cchc.exact import parse_number
from cchc.misreadings import check_percents, resolve_codes
from cchc.names import closest
from cchc.problems import place_text
from cchc.schema import decimals_of, to_units
from cchc.workbooks import ADJUSTMENTS, HEAD_MAXIMUM, MENTION

NOT_APPLICABLE = "kad"
VERDICTS = ("", NOT_APPLICABLE, "not-a-number", "too-many-decimals", "number-too-big")

Numbers = Mapping[str, Decimal | None]
"""Every distinct text of the score files, read once; None where it is no number."""


def read_numbers(entries: list[pd.DataFrame]) -> dict[str, Decimal | None]:
    """Read every distinct text of the entries once; None where it is no number."""
    numbers: dict[str, Decimal | None] = {}
    for frame in entries:
        texts, _ = distinct(frame.loc[~frame["field"].isin([NOTE, MENTION]), "text"])
        for text in texts:
            try:
                # a percentage is the number that its cell holds; whether that may be meant, `misreadings` says
                numbers[text] = parse_number(text[:-1]).scaleb(-2) if text.endswith("%") else parse_number(text)
            except ValueError:
                numbers[text] = None
    return numbers


def most_decimals(numbers: Numbers, limit: int) -> int:
    """Return the most decimals that any number has; those with more than `limit` are a problem and do not count."""
    needed = {decimals_of(value) for value in numbers.values() if value is not None}
    return max((decimals for decimals in needed if decimals <= limit), default=0)


def check_entries(step: ScoreYear, numbers: Numbers) -> tuple[ScoreYear, pd.DataFrame]:
    """Return the entries that name a unit, a leaf and a value, without doubles; and apart from them the notes."""
    is_head = step.has_field(HEAD_MAXIMUM)
    _check_head_maxima(_with_values(check_percents(step.keep(is_head, leaf=-1)), numbers))
    step = check_percents(_with_leaves(resolve_codes(_with_units(step.keep(~is_head)))))
    notes = step.entries[step.has_field(NOTE)]
    step = _with_pairs(_with_values(step.keep(~step.has_field(NOTE, MENTION)), numbers))
    return _without_overlaps(_without_duplicate_rows(step)), notes


def _with_units(step: ScoreYear) -> ScoreYear:
    """Every entry names a unit of the year, by id or by name."""
    entries, roster = step.entries, step.roster
    by_id, by_name = spread(entries["unit"], roster.find), spread(entries["unit_name"], roster.find)
    has_id, has_name = (entries["unit"] != "").to_numpy(), (entries["unit_name"] != "").to_numpy()
    problem = functools.cache(roster.problem)
    step.report_head(~has_id & ~has_name & ~step.has_field(MENTION), "unit", lambda text: ("blank-unit", {}))
    step.report_head(has_id & (by_id < 0), "unit", problem)
    step.report_head(~has_id & has_name & (by_name < 0), "unit_name", problem)
    # a column pasted or sorted apart from its neighbour gives a unit another unit's points
    mismatch = (by_id >= 0) & (by_name >= 0) & (by_id != by_name)
    step.report_head(
        mismatch,
        "unit_name",
        lambda text: ("unit-mismatch", {"unit": str(roster.units.at[roster.find(text), "unit_id"])}),
    )
    place = np.where(has_id, by_id, by_name)
    ids = [group.id for group in step.data.scheme.groups]
    # -1: a group that scheme.toml does not have, which is a problem of units.csv
    group_of_unit = [ids.index(group) if group in ids else -1 for group in roster.units["group"]]
    group_place = np.array([*group_of_unit, -1])[place]
    keep = (place >= 0) & (group_place >= 0) & ~mismatch
    return _in_own_sheet(step.keep(keep, place=place, group_place=group_place))


def _in_own_sheet(step: ScoreYear) -> ScoreYear:
    """A unit stands in the sheet of its group."""
    shorts = [group.short for group in step.data.scheme.groups]
    sheet = spread(step.entries["sheet"], lambda title: shorts.index(title) if title in shorts else -1)
    elsewhere = (sheet >= 0) & (sheet != step.entries["group_place"].to_numpy())
    has_id = (step.entries["unit"] != "").to_numpy()
    for mask, column in ((has_id, "unit"), (~has_id, "unit_name")):
        step.report_head(elsewhere & mask, column, lambda text: ("unit-in-wrong-sheet", {}))
    return step.keep(~elsewhere)


def _with_leaves(step: ScoreYear) -> ScoreYear:
    """Points and maxima name a leaf of the group's rubric; bonus and penalty name no code.

    Notes, and rows without any value, need no code, but one that they name is known too.
    """
    entries, rubric = step.entries, step.rubric
    is_adjustment, is_mention = step.has_field(*ADJUSTMENTS), step.has_field(MENTION)
    is_aside = is_mention | step.has_field(NOTE)
    no_code = (entries["code"] == "").to_numpy()
    rows, has_rubric = _rubric_rows(step)
    leaf = rows[entries["group_place"].to_numpy(), entries["code"].cat.codes.to_numpy()]
    is_leaf = np.append(rubric["is_leaf"].to_numpy(bool), False)[leaf]
    known = has_rubric[entries["group_place"].to_numpy()]
    step.report(is_adjustment & ~no_code, "adjustment-with-code", lambda entry: {"code": entry.code})
    step.report(~is_adjustment & ~is_aside & no_code, "points-without-code")
    codes = rubric["code"].unique().tolist()
    unknown = ~is_adjustment & ~no_code & known & (leaf < 0)
    step.report_head(
        unknown, "code", lambda text: ("unknown-code", {"allowed": ", ".join(closest(text, codes)) or "—"})
    )
    # a form may list the codes above the leaves as headings
    has_children = ~is_adjustment & ~is_mention & (leaf >= 0) & ~is_leaf
    of_unit = ~entries["sheet"].isin(["", *(group.short for group in step.data.scheme.groups)]).to_numpy()
    step.report_head(has_children & ~of_unit, "code", lambda text: ("not-a-leaf", {}))
    _list_subtotals(step, has_children & of_unit)
    keep = np.where(is_adjustment, no_code, is_leaf | (is_aside & no_code))
    return step.keep(keep, leaf=leaf)


def _list_subtotals(step: ScoreYear, mask: Mask) -> None:
    """List the sums of a sheet in the form of one unit, once for each sheet."""
    for _, entries in step.entries[mask].groupby(["file", "sheet"], observed=True):
        entry: Any = next(entries.itertuples())
        step.add("subtotals-not-read", entry, "", ", ".join(dict.fromkeys(entries["code"])), {})


def _rubric_rows(step: ScoreYear) -> tuple[Integers, Mask]:
    """Return the rubric's row for each (group, category of code), -1 where there is none; and the groups that have any.

    A group that has scores and no rubric is one problem, not one for each entry.
    """
    groups = {group.id: place for place, group in enumerate(step.data.scheme.groups)}
    categories = pd.Index(step.entries["code"].cat.categories)
    rows = np.full((len(groups), len(categories)), -1, np.int64)
    group_place, code_place = step.rubric["group"].map(groups), categories.get_indexer(step.rubric["code"])
    used = code_place >= 0
    rows[group_place[used], code_place[used]] = step.rubric.index[used]
    has_rubric = np.isin(np.arange(len(groups)), group_place)
    filled = step.entries[~step.has_field(MENTION)]
    for place in set(filled["group_place"].unique()) - set(np.flatnonzero(has_rubric)):
        entry: Any = next(filled[filled["group_place"] == place].itertuples())
        step.add("missing-rubric", entry, "", step.data.scheme.groups[place].id, {"year": str(step.year)})
    return rows, has_rubric


def _with_values(step: ScoreYear, numbers: Numbers) -> ScoreYear:
    """Every entry is a number of points with few enough decimals, or says that the leaf does not apply."""
    most, decimals = step.data.scheme.point_decimals, step.data.point_decimals
    texts, places = distinct(step.entries["text"])
    read = np.array([_read(text, numbers[text], most, decimals) for text in texts], np.int64).reshape(-1, 2)
    values, verdicts = read[places, 0], read[places, 1]
    is_kad = (verdicts == 1) & step.has_field(*POINT_FIELDS)
    verdicts = np.where((verdicts == 1) & ~is_kad, VERDICTS.index("not-a-number"), verdicts)
    for verdict in range(2, len(VERDICTS)):
        step.report(verdicts == verdict, VERDICTS[verdict], lambda entry: {"most": str(most)})
    return step.keep(verdicts < 2, value=values, is_kad=is_kad)


def _read(text: str, number: Decimal | None, most: int, decimals: int) -> tuple[int, int]:
    """Return a text's value in point units, and the place in `VERDICTS` of what is to be said of it."""
    if number is None:
        return 0, VERDICTS.index(NOT_APPLICABLE if text.casefold() == NOT_APPLICABLE else "not-a-number")
    if decimals_of(number) > most:
        return 0, VERDICTS.index("too-many-decimals")
    # by the most decimals that the scheme allows: whether a number fits does not hang on what else the files hold
    units = None if to_units(number, most) is None else to_units(number, decimals)
    return (0, VERDICTS.index("number-too-big")) if units is None else (units, 0)


def _check_head_maxima(step: ScoreYear) -> None:
    """The maximum in a sheet's head is the rubric's; where it is not, the form may be of another year's rubric."""
    shorts = {group.id: group.short for group in step.data.scheme.groups}
    leaves = step.rubric[step.rubric["by"] != "both"]
    maxima = dict(zip(zip(leaves["group"].map(shorts), leaves["code"], strict=True), leaves["max_units"], strict=True))
    for place, entry in enumerate(step.entries.itertuples()):
        row: Any = entry
        group = step.roster.group_of(row.unit_name)
        if maxima.get((shorts.get(group, row.sheet), row.code), row.value) != row.value:
            mask = np.arange(len(step.entries)) == place
            step.report(mask, "head-maximum", lambda item: {"code": item.code})


# --------------------------------------------------------------------------------------------------------- doubles


def _with_pairs(step: ScoreYear) -> ScoreYear:
    keys = step.entries["place"].to_numpy() * (len(step.rubric) + 1) + step.entries["leaf"].to_numpy() + 1
    return step.keep(np.ones(len(keys), bool), pair=pd.factorize(keys)[0])


def _firsts(keys: Integers) -> Integers:
    """Return for each entry the place of the first entry with the same key (small integers)."""
    first = np.zeros(int(keys.max(initial=0)) + 1, np.int64)
    first[keys[::-1]] = np.arange(len(keys))[::-1]
    return first[keys]


def _without_duplicate_rows(step: ScoreYear) -> ScoreYear:
    """A file has one row for each unit and leaf."""
    entries = step.entries
    file, row = entries["file"].cat.codes.to_numpy().astype(np.int64), entries["row"].to_numpy()
    keys = entries["pair"].to_numpy() * len(entries["file"].cat.categories) + file
    firsts = _firsts(pd.factorize(keys)[0])
    duplicate = row != row[firsts]
    seen = set()
    for place in step.first(duplicate, "duplicate-row"):
        entry, first = _entry(entries, place), _entry(entries, firsts[place])
        if (entry.file, entry.sheet, entry.row) not in seen:
            seen.add((entry.file, entry.sheet, entry.row))
            details = {"other": _row_cell(first), "code": entry.code}
            step.add("duplicate-row", entry, _row_cell(entry), entry.unit or entry.unit_name, details)
    return step.keep(~duplicate)


def _row_cell(entry: Any) -> str:
    """Return the cell that names the unit, or the code where one cell names the unit of a whole sheet."""
    cell = head_cell(entry, "unit")
    return cell if not entry.sheet or cell.lstrip(ascii_uppercase) == str(entry.row) else head_cell(entry, "code")


def _without_overlaps(step: ScoreYear) -> ScoreYear:
    """Rows of several files join only where no two of them fill the same field."""
    entries = step.entries
    firsts = _firsts(entries["pair"].to_numpy() * len(FIELDS) + spread(entries["field"], FIELDS.index))
    overlap = firsts != np.arange(len(firsts))
    for place in step.first(overlap, "overlap"):
        entry, first = _entry(entries, place), _entry(entries, firsts[place])
        other = place_text(first.file, first.sheet, first.cell)
        step.add("overlap", entry, entry.cell, entry.text, {"other": other, "other_value": first.text})
    return step.keep(~overlap)


def _entry(entries: pd.DataFrame, place: Any) -> Any:
    return next(entries.iloc[[place]].itertuples())
