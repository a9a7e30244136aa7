"""What if: the data with one score or one maximum changed, for the rules to be asked again.

No rule is written here a second time: what is supposed goes through the checks of the score files.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

from cchc.announced import Roster
from cchc.checks import NOT_APPLICABLE, check_entries, most_decimals, read_numbers
from cchc.dataset import Dataset
from cchc.editions import years_of
from cchc.entries import FIELDS, NOTE, POINT_FIELDS, ScoreYear
from cchc.exact import as_float, round_fraction
from cchc.leaves import APPRAISALS, NAMED_BY, Leaves, adjustment_table, check_leaves, points_text, score_table
from cchc.names import closest
from cchc.problems import InputError, Problem
from cchc.ranking import official
from cchc.schema import typed
from cchc.settings import Text
from cchc.workbooks import ADJUSTMENTS, Entry, entry_frame

Value = str | int | float | Decimal
MAXIMUM = "max_points"
FILE = "giả định"
"""Where a message says that a supposed value stands: beside the unit and the code that it is of."""
MARK = Text(vi="Số liệu giả định, không phải kết quả đã chấm", en="Supposed figures, not those that were scored")
_SCALED = {
    "rubric": ["max_units"],
    "scores": ["self_units", "appraised_units", "survey_units", "max_units", "points_units"],
    "adjustments": ["bonus_units", "penalty_units"],
}


def with_score(data: Dataset, unit: str, year: int, code: str, field: str, value: Value) -> Dataset:
    """Return the data as they would be with one score changed.

    Places are then those that the scores give: an announced table of the year, and of the stages that hold it, is set
    aside, as nothing was announced of what is supposed. `problems` say so, and the scheme's mark stands on every page.

    Parameters
    ----------
    data : Dataset
        Stays as it is.
    unit : str
        Id or name.
    year : int
    code : str
        A leaf of the rubric; "" for bonus and penalty.
    field : str
        "self", "appraised", "survey"; "bonus", "penalty".
    value : str, int, float or Decimal, points
        ``"2,5"`` or ``"2.5"``, up to the maximum, with no more decimals than the scheme allows; ``"KAD"``: does not
        apply, in whichever field the rubric names. A float counts as its 15 significant digits.

    Returns
    -------
    Dataset
        `cells` stay what the files hold.

    Raises
    ------
    InputError
        An error of the input stops the year; or what is supposed would be an error in a score file. Of an unknown
        unit, code or field the problem names the closest.
    LookupError
        The year has no scores.

    Examples
    --------
    >>> supposed = cchc.with_score(data, "so-noi-vu", 2024, "1.1", "appraised", 0)
    >>> places = cchc.supposed_places(data, supposed, 2024).set_index("unit_id")
    >>> places.loc["so-noi-vu", ["rank_before", "rank"]].tolist()
    [4, 6]
    """
    if field not in (*POINT_FIELDS, *ADJUSTMENTS):
        allowed = ", ".join(closest(field, FIELDS[:-1]) or FIELDS[:-1])
        raise InputError([Problem("unknown-field", FILE, value=field, years=(year,), details={"allowed": allowed})])
    return _supposed(data, unit, year, code, field, _text(value))


def with_maximum(data: Dataset, unit: str, year: int, code: str, value: Value) -> Dataset:
    """Return the data as they would be with one unit's own maximum of a leaf changed.

    Parameters
    ----------
    data, unit, year, code
        As in `with_score`; `code` is a leaf.
    value : str, int, float or Decimal, points
        Above zero, and no less than the points of the leaf.

    Returns
    -------
    Dataset
        As `with_score` gives it.

    Raises
    ------
    InputError, LookupError
        As in `with_score`.

    Examples
    --------
    >>> supposed = cchc.with_maximum(data, "so-noi-vu", 2024, "1.1", 10)
    >>> float(cchc.rank_year(supposed, 2024).set_index("unit_id").at["so-noi-vu", "max_points"])
    107.0
    """
    return _supposed(data, unit, year, code, MAXIMUM, _text(value))


def supposed_places(data: Dataset, supposed: Dataset, year: int) -> pd.DataFrame:
    """Compare the places that the scores of a year give with those that they would give.

    Both are recomputed: what was announced stands in `rank_year` of `data`.

    Parameters
    ----------
    data : Dataset
    supposed : Dataset
        From `with_score` or `with_maximum`, of the same scheme.
    year : int

    Returns
    -------
    DataFrame
        A row per unit that is scored for the year, in the order of the supposed places within the scheme's groups.

        group, unit_id, name_vi, name_en : str
        rank_before, rank : Int64
            NA where the unit has no place.
        rank_change : Int64
            Places gained (positive: up).
        index_before, index_score : float, 0 to 100
            Rounded by the scheme.
        index_change : float
            Of the rounded indices, computed exactly.

    Examples
    --------
    >>> supposed = cchc.with_score(data, "so-noi-vu", 2024, "1.1", "appraised", 0)
    >>> places = cchc.supposed_places(data, supposed, 2024)
    >>> places.loc[places["rank_change"] < 0, ["unit_id", "rank_change"]].values.tolist()
    [['so-noi-vu', -2]]
    """
    before, after = official(data, [year]), official(supposed, [year])
    at = pd.Index(before["unit_id"]).get_indexer(pd.Index(after["unit_id"]))
    ranks = before["recomputed_rank"].iloc[at].reset_index(drop=True)
    units = _rounded(before.iloc[at], data), _rounded(after, data)
    pairs = zip(*units, strict=True)
    changes = [None if old is None or new is None else new - old for old, new in pairs]
    names = after[["group", "unit_id", "name_vi", "name_en"]]
    shown = (_floats(column, data.scheme.decimals) for column in (*units, changes))
    return names.assign(
        rank_before=ranks,
        rank=after["recomputed_rank"],
        rank_change=ranks - after["recomputed_rank"],
        **dict(zip(("index_before", "index_score", "index_change"), shown, strict=True)),
    )


def _rounded(figures: pd.DataFrame, data: Dataset) -> list[int | None]:
    return [
        None if value is None else round_fraction(value, data.scheme.decimals) for value in figures["index_unrounded"]
    ]


def _floats(units: list[int | None], decimals: int) -> list[float]:
    return [np.nan if value is None else float(as_float([value], decimals)[0]) for value in units]


def _text(value: Value) -> str:
    """Return a value as a score file would hold it."""
    if isinstance(value, float):
        return f"{Decimal(f'{value:.15g}'):f}"
    return f"{value:f}" if isinstance(value, Decimal) else str(value).strip()


def _supposed(data: Dataset, unit: str, year: int, code: str, field: str, text: str) -> Dataset:
    data.require(year)
    if year not in data.scored_years:
        known = ", ".join(map(str, data.scored_years)) or "—"
        raise LookupError(f"Không có điểm năm {year} trong {data.scheme.id}; các năm có điểm: {known}")
    roster = Roster(data, year)
    place = roster.find(unit)
    if place < 0:
        kind, details = roster.problem(unit)
        raise InputError([Problem(kind, FILE, value=unit, years=(year,), details=details)])
    unit_id, name = (str(roster.units[column].iat[place]) for column in ("unit_id", "name_vi"))
    fields = _given(data, unit_id, year, code)
    if field in APPRAISALS:
        # a leaf has points or does not apply, never both
        is_kad = text.casefold() == NOT_APPLICABLE
        fields = {
            key: value
            for key, value in fields.items()
            if key not in APPRAISALS or not (is_kad or value == NOT_APPLICABLE)
        }
    fields[field] = text
    cell = " · ".join(part for part in (name, code) if part)
    entries = entry_frame(Entry(unit_id, "", code, key, value, FILE, "", 1, cell) for key, value in fields.items())
    numbers = read_numbers([entries])
    scaled = _in_units(data, max(data.point_decimals, most_decimals(numbers, data.scheme.point_decimals)))
    step, leaves, notes = _checked(scaled, roster, year, entries, numbers)
    tables: dict[str, Any] = {
        "scores": _with_rows(scaled, score_table(step, leaves, notes), "scores", year, unit_id, code),
        "adjustments": _with_rows(scaled, adjustment_table(step, leaves), "adjustments", year, unit_id, code),
    }
    said = Problem("supposed", FILE, cell=cell, value=f"{field} = {text}", years=(year,))
    return _without_announced(replace(scaled, **tables, problems=(*data.problems, *step.problems, said)), year)


def _given(data: Dataset, unit_id: str, year: int, code: str) -> dict[str, str]:
    """Return what the score files give of one unit's leaf, or as bonus and penalty, by field."""
    table = data.scores if code else data.adjustments
    rows = table[(table["year"] == year) & (table["unit_id"] == unit_id)]
    rows = rows[rows["code"] == code] if code else rows
    if rows.empty:
        return {}
    row = rows.iloc[0]
    names = (*POINT_FIELDS, MAXIMUM) if code else ADJUSTMENTS
    units = {name: row["max_units" if name == MAXIMUM else f"{name}_units"] for name in names}
    given = {name: points_text(int(value), data.point_decimals) for name, value in units.items() if pd.notna(value)}
    if code and not row["is_applicable"]:
        given |= dict.fromkeys(NAMED_BY[_by(data, year, str(row["group"]), code)], NOT_APPLICABLE)
    return given | ({NOTE: str(row["note"])} if code and row["note"] else {})


def _by(data: Dataset, year: int, group: str, code: str) -> str:
    rubric = data.rubric
    rows = rubric[(rubric["year"] == year) & (rubric["group"] == group) & (rubric["code"] == code)]
    return str(rows["by"].iloc[0])


def _checked(
    data: Dataset, roster: Roster, year: int, entries: pd.DataFrame, numbers: Mapping[str, Decimal | None]
) -> tuple[ScoreYear, Leaves, pd.DataFrame]:
    """Check entries as those of a score file; InputError with every error."""
    problems: list[Problem] = []
    rubric = data.rubric[data.rubric["year"] == year].reset_index(drop=True)
    step, notes = check_entries(ScoreYear(year, data, roster, rubric, entries, problems), numbers)
    leaves = Leaves(step)
    check_leaves(step, leaves)
    # a supposed value has no row and column of a file
    problems[:] = [replace(problem, cell=str(entries["cell"].iat[0])) for problem in problems]
    if errors := [problem for problem in problems if problem.is_error]:
        raise InputError(errors)
    return step, leaves, notes


def _with_rows(data: Dataset, rows: pd.DataFrame, name: str, year: int, unit_id: str, code: str) -> pd.DataFrame:
    """Put rows in the place of those of the unit and code; new ones behind the unit's others, else the year's."""
    table: pd.DataFrame = getattr(data, name)
    if rows.empty:
        return table
    of_year = (table["year"] == year).to_numpy()
    of_unit = of_year & (table["unit_id"] == unit_id).to_numpy()
    old = of_unit & (table["code"] == code).to_numpy() if "code" in table else of_unit
    last = next((np.flatnonzero(mask)[-1] + 1 for mask in (old, of_unit, of_year) if mask.any()), len(table))
    parts = [part for part in (table[:last][~old[:last]], rows, table[last:]) if len(part)]
    return typed(pd.concat(parts, ignore_index=True), name)


def _in_units(data: Dataset, decimals: int) -> Dataset:
    """Return the data with points as integers of a finer unit: a supposed score may have more decimals than any."""
    if decimals == data.point_decimals:
        return data
    times = 10 ** (decimals - data.point_decimals)
    tables: dict[str, Any] = {
        name: getattr(data, name).assign(**{column: getattr(data, name)[column] * times for column in columns})
        for name, columns in _SCALED.items()
    }
    return replace(data, **tables, cells=lambda: data.cells, point_decimals=decimals)


def _without_announced(data: Dataset, year: int) -> Dataset:
    """Set aside what was announced of the year, and of the stages that hold it, and mark the data."""
    periods = [period for period in data.editions["period"].unique() if _holds(str(period), year)]
    aside = sorted({*map(str, periods), *([str(year)] if year in data.published_years else [])})
    said = [Problem("announced-set-aside", FILE, value=", ".join(aside), years=(year,))] if aside else []
    return replace(
        data,
        scheme=data.scheme.model_copy(update={"illustrative": _mark(data.scheme.illustrative)}),
        published=data.published[data.published["year"] != year].reset_index(drop=True),
        editions=data.editions[~data.editions["period"].isin(aside)].reset_index(drop=True),
        announced=data.announced[~data.announced["period"].isin(aside)].reset_index(drop=True),
        cells=lambda: data.cells,
        problems=(*data.problems, *said),
    )


def _holds(period: str, year: int) -> bool:
    first, last = years_of(period)
    return first <= year <= last


def _mark(own: Text | None) -> Text:
    """Return the mark of supposed figures, behind that which the data have of their own."""
    if own is None or MARK.vi in own.vi:
        return own or MARK
    return Text(vi=f"{own.vi}; {MARK.vi}", en=f"{own.get('en')}; {MARK.en}")
