"""Checked score entries joined to rows, one for each unit and leaf, and the checks of a whole leaf's points."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from cchc.dataset import COLUMNS
from cchc.entries import FIELDS, POINT_FIELDS, Integers, Mask, ScoreYear
from cchc.problems import Problem
from cchc.workbooks import ADJUSTMENTS

NAMED_BY = {"appraised": ("appraised",), "survey": ("survey",), "both": ("appraised", "survey")}
"""The fields whose points a leaf takes, by its `by`."""
APPRAISALS = ("appraised", "survey")


class Leaves:
    """The rows of one year: a row for each unit and leaf (or, for bonus and penalty, each unit).

    Attributes
    ----------
    place, group_place, leaf : ndarray of int
        As in `ScoreYear.entries`.
    values, filled : dict of field to ndarray
        Point units, and whether the files give them.
    is_kad : ndarray of bool
        Whether the leaf does not apply to the unit: it is for the fields that `by` names to say so.
    maxima : ndarray of int
        The unit's own maximum, in point units.
    """

    def __init__(self, step: ScoreYear) -> None:
        entries = step.entries
        pair = entries["pair"].to_numpy()
        number = int(pair.max()) + 1 if len(pair) else 0
        self.place, self.group_place, self.leaf = (np.zeros(number, np.int64) for _ in range(3))
        for target, column in ((self.place, "place"), (self.group_place, "group_place"), (self.leaf, "leaf")):
            target[pair] = entries[column]
        self.by = np.append(step.rubric["by"].to_numpy(object), "")[self.leaf]
        is_kad = entries["is_kad"].to_numpy()
        self.is_kad = np.zeros(number, bool)
        self.is_kad[pair[is_kad & self.are_named(step)]] = True
        self.values: dict[str, Integers] = {}
        self.filled: dict[str, Mask] = {}
        for field in FIELDS:
            chosen = step.has_field(field) & ~is_kad
            self.values[field], self.filled[field] = np.zeros(number, np.int64), np.zeros(number, bool)
            self.values[field][pair[chosen]] = entries["value"].to_numpy()[chosen]
            self.filled[field][pair[chosen]] = True
        own = np.append(step.rubric["max_units"].to_numpy(np.int64), 0)[self.leaf]
        self.maxima = np.where(self.filled["max_points"], self.values["max_points"], own)

    def takes(self, field: str) -> Mask:
        """Return which leaves take the points of `field`."""
        mask: Mask = np.isin(self.by, [by for by, fields in NAMED_BY.items() if field in fields])
        return mask

    def are_named(self, step: ScoreYear) -> Mask:
        """Return which entries stand in a field that their leaf's `by` names."""
        pair = step.entries["pair"].to_numpy()
        named: Mask = np.logical_or.reduce([step.has_field(field) & self.takes(field)[pair] for field in APPRAISALS])
        return named

    @property
    def is_complete(self) -> Mask:
        """Whether exactly the fields that the leaf's `by` names are filled; also where the leaf does not apply."""
        complete = self.leaf >= 0
        for field in APPRAISALS:
            complete = complete & (self.filled[field] | ~self.takes(field))
        return self.is_kad | complete

    @property
    def points(self) -> Integers:
        """The sum of the fields that the leaf's `by` names."""
        return sum((self.values[field] * self.takes(field) for field in APPRAISALS), np.zeros_like(self.leaf))


def check_leaves(step: ScoreYear, leaves: Leaves) -> None:
    """Check the points of each leaf, and bonus and penalty."""
    entries = step.entries
    pair, value = entries["pair"].to_numpy(), entries["value"].to_numpy()
    is_point, is_kad = step.has_field(*POINT_FIELDS), entries["is_kad"].to_numpy()
    is_named, by = leaves.are_named(step), lambda entry: {"by": leaves.by[entry.pair]}
    has_points = np.logical_or.reduce([leaves.filled[field] & leaves.takes(field) for field in APPRAISALS])
    # beside a self-assessed value KAD is ordinary: it is the appraiser who says whether the leaf applies
    step.report(is_kad & is_named & has_points[pair], "kad-with-points")
    step.report(is_kad & step.has_field("self") & ~(has_points | leaves.is_kad)[pair], "kad-in-self", by)
    step.report(step.has_field("max_points") & (value <= 0), "bad-maximum")
    step.report((is_point | step.has_field(*ADJUSTMENTS)) & (value < 0), "below-zero")
    step.report(step.has_field(*APPRAISALS) & ~is_named, "field-not-named", by)
    _check_maxima(step, leaves)
    _check_adjustments(step)


def _check_maxima(step: ScoreYear, leaves: Leaves) -> None:
    """No field is above the leaf's maximum, nor are the two fields of `both` together."""

    def maximum(entry: Any) -> dict[str, str]:
        return {"maximum": points_text(int(leaves.maxima[entry.pair]), step.data.point_decimals)}

    pair = step.entries["pair"].to_numpy()
    above = step.has_field(*POINT_FIELDS) & (step.entries["value"].to_numpy() > leaves.maxima[pair])
    step.report(above, "above-maximum", maximum)
    # written as a difference: the sum of two int64 may wrap in silence
    together = (leaves.by == "both") & (leaves.values["appraised"] > leaves.maxima - leaves.values["survey"])
    together[pair[above]] = False
    step.report(step.has_field("survey") & together[pair], "above-maximum-together", maximum)


def _check_adjustments(step: ScoreYear) -> None:
    for field in ADJUSTMENTS:
        limit = getattr(step.data.scheme, field)
        value = step.entries["value"].to_numpy()
        most = 0 if limit is None else int(limit.max * 10**step.data.point_decimals)
        code = "adjustment-not-provided" if limit is None else "adjustment-above-maximum"
        details = {"key": field, "maximum": "" if limit is None else str(limit.max)}
        step.report(step.has_field(field) & (value > most), code, lambda entry, details=details: details)  # type: ignore[misc]


def points_text(units: int, decimals: int) -> str:
    """Return point units as points, as a message prints them: ``2,5``."""
    whole, part = divmod(units, 10**decimals)
    return f"{whole},{part:0{decimals}d}".rstrip("0").rstrip(",") if decimals else str(whole)


def warn_incomplete(step: ScoreYear, leaves: Leaves) -> None:
    """Warn of each unit that will not be ranked because leaves are not entered."""
    groups = [group.id for group in step.data.scheme.groups]
    expected = step.rubric[step.rubric["is_leaf"]].groupby("group").size()
    units = step.roster.units
    done = np.bincount(leaves.place[leaves.is_complete & (leaves.leaf >= 0)], minlength=len(units))
    total = units["group"].map(expected).fillna(0).to_numpy(np.int64)
    scored = units["group"].isin([groups[place] for place in np.unique(leaves.group_place)]).to_numpy()
    files = " + ".join(step.entries["file"].cat.remove_unused_categories().cat.categories)
    for place in np.flatnonzero(scored & (done < total)):
        details = {"missing": str(total[place] - done[place]), "total": str(total[place])}
        name = str(units.at[place, "name_vi"])
        step.problems.append(Problem("incomplete", files, value=name, years=(step.year,), details=details))


# ---------------------------------------------------------------------------------------------------------- tables


def score_table(step: ScoreYear, leaves: Leaves, notes: pd.DataFrame) -> pd.DataFrame:
    """Return the year's rows of `Dataset.scores`."""
    rows = leaves.leaf >= 0
    codes = _categories(step.data.rubric["code"])
    groups = pd.Index([group.id for group in step.data.scheme.groups])
    has_points = leaves.is_complete & ~leaves.is_kad
    columns: dict[str, Any] = {
        "year": np.full(len(rows), step.year),
        "group": pd.Categorical.from_codes(leaves.group_place, groups),
        "unit_id": _unit_categorical(step, leaves.place),
        "code": pd.Categorical.from_codes(
            np.append(codes.get_indexer(pd.Index(step.rubric["code"])), -1)[leaves.leaf], codes
        ),
        **{f"{field}_units": _nullable(leaves.values[field], leaves.filled[field]) for field in POINT_FIELDS},
        "max_units": leaves.maxima,
        "is_applicable": ~leaves.is_kad,
        "points_units": _nullable(leaves.points, has_points),
        "note": _notes(step, leaves, notes),
    }
    return pd.DataFrame(columns, columns=list(COLUMNS["scores"]))[rows]


def adjustment_table(step: ScoreYear, leaves: Leaves) -> pd.DataFrame:
    """Return the year's rows of `Dataset.adjustments`."""
    rows = leaves.leaf < 0
    place = leaves.place[rows]
    units = step.roster.units.iloc[place]
    columns = {"year": step.year, "group": units["group"].to_numpy(), "unit_id": units["unit_id"].to_numpy()}
    points = {f"{field}_units": leaves.values[field][rows] for field in ADJUSTMENTS}
    return pd.DataFrame({**columns, **points}, columns=list(COLUMNS["adjustments"]))


def cell_table(step: ScoreYear) -> pd.DataFrame:
    """Return the year's rows of `Dataset.cells`."""
    entries = step.entries
    columns = {
        "year": np.full(len(entries), step.year),
        "unit_id": _unit_categorical(step, entries["place"].to_numpy()),
        **{column: entries[column] for column in ("code", "field", "file", "sheet", "cell")},
        "text": entries["text"].astype("str"),
    }
    return pd.DataFrame(columns, columns=list(COLUMNS["cells"]))


def _unit_categorical(step: ScoreYear, place: Integers) -> pd.Categorical:
    ids = _categories(step.data.units["unit_id"])
    return pd.Categorical.from_codes(ids.get_indexer(pd.Index(step.roster.units["unit_id"]))[place], ids)


def _categories(column: pd.Series[Any]) -> pd.Index[Any]:
    """Return the distinct texts of a column: the same in every year, so that the years' tables join as they are."""
    categories: pd.Index[Any] = pd.Index(sorted(column.unique()))
    return categories


def _nullable(values: Integers, filled: Mask) -> pd.arrays.IntegerArray:
    return pd.arrays.IntegerArray(np.where(filled, values, 0), ~filled)


def _notes(step: ScoreYear, leaves: Leaves, notes: pd.DataFrame) -> pd.Series[str]:
    """Return the notes on each row, several joined by "; "."""
    width = len(step.rubric) + 1
    if notes.empty:
        return pd.Series("", index=range(len(leaves.leaf)), dtype="str")
    texts = notes["text"].astype("str").groupby(notes["place"] * width + notes["leaf"]).agg("; ".join)
    return pd.Series(leaves.place * width + leaves.leaf).map(texts).fillna("").astype("str")
