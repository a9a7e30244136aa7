"""The input tables: their columns, how a cell is read, and the checks of units, lineage and the province's index.

What a table says of another one is checked where the other one is at hand: the rubric in `rubrics`, scores and
announced results in `checks`.
"""

from __future__ import annotations

import datetime as dt
import graphlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from cchc.dataset import COLUMNS
from cchc.exact import INT64_LIMIT, parse_number
from cchc.names import closest, unit_keys
from cchc.problems import Problem
from cchc.scheme import Scheme
from cchc.settings import ID_PATTERN, iso_date

INPUT: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    # table -> required columns, optional columns
    "units": (("unit_id", "name_vi", "group"), ("name_en", "short_vi", "valid_from", "valid_to")),
    "lineage": (("predecessor", "successor", "date", "kind"), ("share",)),
    "rubric": (
        ("year", "code", "name_vi", "max_points"),
        ("group", "name_en", "by", "weight", "same_as", "lead_unit", "basis"),
    ),
    "scores": (("unit", "code"), ("self", "appraised", "survey", "bonus", "penalty", "max_points", "note")),
    "published": (("unit",), ("index_score", "rank", "grade")),
    "province": (("year", "index_score"), ("code", "rank", "n", "basis")),
    "nominations": (
        ("award", "kind", "name"),
        ("unit", "position", "order", "score", "initiative_id", "achievement", "proposed_by"),
    ),
    "initiatives": (("id", "unit", "title"), ("owner", "content", "level", "number", "date", "authority")),
    "tasks": (("unit", "task"), ("content", "due", "done", "evidence")),
}
ALWAYS = (pd.Timestamp("1000-01-01"), pd.Timestamp("9999-12-31"))
"""What a blank `valid_from` and a blank `valid_to` mean, to compare with."""
LINEAGE_KINDS = ("merge", "split", "abolish")


@dataclass(frozen=True)
class Table:
    """An input table as normalised text: every column of `INPUT` is there, "" where a cell is blank.

    Attributes
    ----------
    file : str
        Path inside the scheme's folder.
    frame : DataFrame
        The cells, index 0 up.
    lines : ndarray of int
        The line of the file that each row begins on.
    years : callable
        The years whose pages an error in a row stops; by default none, which means the whole scheme.
    """

    file: str
    frame: pd.DataFrame
    lines: np.ndarray[Any, np.dtype[np.int64]]
    years: Callable[[int], tuple[int, ...]] = field(default=lambda row: ())

    def place(self, row: int, column: str = "") -> str:
        """Return where a cell stands: ``dòng 5, cột share``."""
        return f"dòng {self.lines[row]}" + (f", cột {column}" if column else "")

    def problem(self, code: str, row: int, column: str, /, **details: str) -> Problem:
        """Return a problem of one cell."""
        value = str(self.frame.at[row, column])
        return Problem(
            code, self.file, cell=self.place(row, column), value=value, years=self.years(row), details=details
        )

    def report(self, code: str, rows: Iterable[Any], column: str, problems: list[Problem], /, **details: str) -> None:
        """Report the same problem of one column in several rows."""
        problems.extend(self.problem(code, int(row), column, **details) for row in rows)

    def parse(self, column: str, read: Callable[[str], Any], code: str, problems: list[Problem]) -> list[Any]:
        """Read the cells of a column: None where blank, and where `read` raises ValueError, which is a problem."""
        values = []
        for row, text in enumerate(self.frame[column]):
            try:
                values.append(read(text) if text else None)
            except ValueError:
                problems.append(self.problem(code, row, column))
                values.append(None)
        return values

    def require(self, columns: Iterable[str], problems: list[Problem]) -> None:
        """Report the blank cells of columns that must be filled."""
        for column in columns:
            self.report("blank-cell", np.flatnonzero(self.frame[column] == ""), column, problems, column=column)

    def require_known(self, column: str, known: Sequence[str], code: str, problems: list[Problem]) -> None:
        """Report the filled cells of a column that hold none of the `known` values, with the nearest of these."""
        texts = self.frame[column]
        for row in np.flatnonzero(~texts.isin([*known, ""])):
            near = closest(str(texts.at[row]), known) or list(known)[:10]
            problems.append(self.problem(code, int(row), column, allowed=", ".join(near) or "—"))


def typed(frame: pd.DataFrame, table: str) -> pd.DataFrame:
    """Return `frame` with the columns and dtypes that `Dataset` promises of `table`, index 0 up."""
    # column by column: half the time of pandas' reindex and astype, which a small year spends on little else
    blank = pd.Series(index=frame.index, dtype=object)
    return pd.DataFrame({name: frame.get(name, blank).array.astype(dtype) for name, dtype in COLUMNS[table].items()})


def empty(table: str) -> pd.DataFrame:
    """Return `table` without rows; made once a process, since thirteen of them cost as much as a small year."""
    return _empty(table).copy()


@cache
def _empty(table: str) -> pd.DataFrame:
    return typed(pd.DataFrame(columns=list(COLUMNS[table])), table)


def parse_date(text: str) -> dt.date:
    """Read a day, ISO or dd/mm/yyyy; ValueError where it is none."""
    return dt.date.fromisoformat(iso_date(text))


def parse_year(text: str) -> int:
    """Read a year of four digits; ValueError where it is none."""
    if not re.fullmatch(r"[12][0-9]{3}", text):
        raise ValueError(text)
    return int(text)


def parse_place(text: str) -> int:
    """Read a rank or a number of ranked units, from 1; ValueError where it is none."""
    if not re.fullmatch(r"[1-9][0-9]{0,8}", text):
        raise ValueError(text)
    return int(text)


def parse_share(text: str) -> Fraction:
    """Read a share above zero, ``0,25`` or ``1/3``; ValueError where it is none."""
    share = Fraction(text) if re.fullmatch(r"[0-9]+/0*[1-9][0-9]*", text) else Fraction(parse_number(text))
    if share <= 0:
        raise ValueError(text)
    return share


def decimals_of(value: Decimal) -> int:
    """Return how many decimals `value` needs; zeros at the end do not count."""
    return len(format(value, "f").rstrip("0").partition(".")[2])


def to_units(value: Decimal, decimals: int) -> int | None:
    """Return `value` in units of ``10 ** -decimals``; None where that does not fit int64."""
    if value.adjusted() > len(str(INT64_LIMIT)):
        return None  # before it is multiplied: a number of a million digits has no units that decimal could hold
    units = int(value * 10**decimals)
    return units if abs(units) < INT64_LIMIT else None


# ---------------------------------------------------------------------------------------------------------- units


def check_units(table: Table, scheme: Scheme, problems: list[Problem]) -> pd.DataFrame:
    """Return `Dataset.units` from units.csv; what is wrong is added to `problems`."""
    table.require(("unit_id", "name_vi", "group"), problems)
    table.require_known("group", [group.id for group in scheme.groups], "unknown-group", problems)
    _check_ids(table, problems)
    frame = table.frame.copy()
    for column in ("valid_from", "valid_to"):
        days = table.parse(column, parse_date, "not-a-date", problems)
        frame[column] = pd.Series(pd.to_datetime(days), index=frame.index).astype("datetime64[us]")
    for row in np.flatnonzero(frame["valid_to"] < frame["valid_from"]):
        table.report("validity-order", [row], "valid_to", problems, start=str(table.frame.at[row, "valid_from"]))
    _check_overlaps(table, frame, problems)
    for column in ("name_en", "short_vi"):
        frame[column] = frame[column].mask(frame[column] == "", frame["name_vi"])
    return typed(frame, "units")


def _check_ids(table: Table, problems: list[Problem]) -> None:
    ids = table.frame["unit_id"]
    is_bad = ~ids.str.fullmatch(ID_PATTERN.strip("^$")) & (ids != "")
    table.report("bad-id", np.flatnonzero(is_bad), "unit_id", problems)


def _check_overlaps(table: Table, frame: pd.DataFrame, problems: list[Problem]) -> None:
    """Report two rows of one id, and two units of one name, that are valid on the same day."""
    names = frame["name_vi"].map(lambda name: unit_keys(name)[0])
    for keys, code, column in ((frame["unit_id"], "unit-overlap", "unit_id"), (names, "name-overlap", "name_vi")):
        repeated = frame[keys.duplicated(keep=False) & (keys != "")]
        for _, rows in repeated.groupby(keys.loc[repeated.index], sort=False):
            for first, second in pairwise(rows.sort_values("valid_from", na_position="first").itertuples()):
                if code == "name-overlap" and str(first.unit_id) == str(second.unit_id):
                    continue
                if _overlap(first, second):
                    row, other = int(str(second.Index)), int(str(first.Index))
                    problems.append(table.problem(code, row, column, other=table.place(other)))


def _overlap(first: Any, second: Any) -> bool:
    """Whether two periods have a day in common; `second` does not begin before `first`."""
    return pd.isna(first.valid_to) or pd.isna(second.valid_from) or bool(second.valid_from <= first.valid_to)


# -------------------------------------------------------------------------------------------------------- lineage


def check_lineage(table: Table, units: pd.DataFrame, problems: list[Problem]) -> pd.DataFrame:
    """Return `Dataset.lineage` from lineage.csv; what is wrong is added to `problems`."""
    table.require(("predecessor", "date", "kind"), problems)
    table.require_known("kind", LINEAGE_KINDS, "lineage-kind", problems)
    known = units["unit_id"].unique().tolist()
    for column in ("predecessor", "successor"):
        table.require_known(column, known, "unknown-unit", problems)
    frame = table.frame.copy()
    days = table.parse("date", parse_date, "not-a-date", problems)
    frame["date"] = pd.Series(pd.to_datetime(days), index=frame.index).astype("datetime64[us]")
    frame["share"] = pd.Series(table.parse("share", parse_share, "not-a-share", problems), dtype="object")
    _check_successors(table, problems)
    _check_shares(table, problems)
    _check_lineage_dates(table, frame, units, problems)
    _check_cycle(table, problems)
    return typed(frame, "lineage")


def _check_successors(table: Table, problems: list[Problem]) -> None:
    frame = table.frame
    without = frame["kind"].isin(["merge", "split"]) & (frame["successor"] == "")
    unwanted = (frame["kind"] == "abolish") & (frame["successor"] != "")
    twice = frame.duplicated(["predecessor", "successor"])
    for mask, code in ((without, "lineage-no-successor"), (unwanted, "abolished-successor"), (twice, "lineage-twice")):
        table.report(code, np.flatnonzero(mask), "successor", problems)


def _check_shares(table: Table, problems: list[Problem]) -> None:
    """A successor's shares are all given or all blank: a blank among given ones would have to be guessed."""
    given = table.frame["share"] != ""
    for successor, rows in given[table.frame["successor"] != ""].groupby(table.frame["successor"]):
        if rows.any() and not rows.all():
            row = int(str(rows.index[~rows][0]))
            problems.append(table.problem("mixed-shares", row, "share", successor=str(successor)))


def _check_lineage_dates(table: Table, frame: pd.DataFrame, units: pd.DataFrame, problems: list[Problem]) -> None:
    """A predecessor ends by the day of the change and its successor begins with it, after the predecessor's last day.

    On a day on which both are valid the two would be scored at once.
    """
    periods = units.assign(
        start=units["valid_from"].fillna(ALWAYS[0]), end=units["valid_to"].fillna(ALWAYS[1])
    ).groupby("unit_id")
    ends, starts = frame["predecessor"].map(periods["end"].max()), frame["successor"].map(periods["start"].min())
    for mask, code, column in (
        (ends > frame["date"], "predecessor-after", "predecessor"),
        (starts < frame["date"], "successor-before", "successor"),
    ):
        for row in np.flatnonzero(mask):
            table.report(code, [row], column, problems, date=str(table.frame.at[row, "date"]))
    for row in np.flatnonzero((ends >= starts) & ~(ends > frame["date"]) & ~(starts < frame["date"])):
        successor = str(table.frame.at[row, "successor"])
        table.report("valid-together", [row], "predecessor", problems, successor=successor)


def _check_cycle(table: Table, problems: list[Problem]) -> None:
    graph: dict[str, set[str]] = {}
    for predecessor, successor in zip(table.frame["predecessor"], table.frame["successor"], strict=True):
        if successor:
            graph.setdefault(successor, set()).add(predecessor)
    try:
        graphlib.TopologicalSorter(graph).prepare()
    except graphlib.CycleError as error:
        cycle = list(error.args[1])
        rows = table.frame["predecessor"].isin(cycle) & table.frame["successor"].isin(cycle)
        row = int(np.flatnonzero(rows)[0])
        problems.append(table.problem("lineage-cycle", row, "successor", cycle=" → ".join(cycle)))


# ------------------------------------------------------------------------------------------------------- province


def check_province(table: Table, problems: list[Problem]) -> pd.DataFrame:
    """Return `Dataset.province` from province.csv; what is wrong is added to `problems`."""
    table.require(("year", "index_score"), problems)
    frame = table.frame.copy()
    frame["year"] = table.parse("year", parse_year, "not-a-year", problems)
    indices = table.parse("index_score", lambda text: Fraction(parse_number(text)), "not-a-number", problems)
    frame["index_score"] = pd.Series(indices, dtype="object")
    for column in ("rank", "n"):
        frame[column] = pd.array(table.parse(column, parse_place, "not-a-place", problems), dtype="Int64")
    table.report("published-twice", np.flatnonzero(table.frame.duplicated(["year", "code"])), "year", problems)
    # of two rows nobody could say which one is right
    is_once = ~table.frame.duplicated(["year", "code"], keep=False)
    return typed(frame[frame["year"].notna() & frame["index_score"].notna() & is_once], "province")
