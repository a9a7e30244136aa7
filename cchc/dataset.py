"""What `load` gives: a scheme's settings and its checked input tables.

Points are kept as integers of a decimal unit, ``10 ** -point_decimals`` of a point (columns that end in ``_units``):
sums of them are exact, which sums of floats are not (the same components added in another order give unequal floats
in nearly half of the cases, and a flag may hang on that).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, cast

from cchc.problems import InputError, Problem
from cchc.scheme import Scheme

if TYPE_CHECKING:
    import datetime as dt

    import numpy as np
    import pandas as pd

COLUMNS: Mapping[str, Mapping[str, str]] = {
    # table -> column -> dtype. Text is pandas' str, never missing ("" instead); Int64 has missing values.
    "units": {
        "unit_id": "str", "name_vi": "str", "name_en": "str", "short_vi": "str", "group": "str",
        "valid_from": "datetime64[us]", "valid_to": "datetime64[us]",
    },
    "lineage": {"predecessor": "str", "successor": "str", "date": "datetime64[us]", "kind": "str", "share": "object"},
    "rubric": {
        "year": "int64", "group": "str", "rubric_year": "int64", "code": "str", "parent": "str", "component": "str",
        "name_vi": "str", "name_en": "str", "max_units": "int64", "by": "str", "weight": "object", "same_as": "str",
        "lead_unit": "str", "basis": "str", "is_leaf": "bool",
    },
    "scores": {
        "year": "int64", "group": "category", "unit_id": "category", "code": "category", "self_units": "Int64",
        "appraised_units": "Int64", "survey_units": "Int64", "max_units": "int64", "is_applicable": "bool",
        "points_units": "Int64", "note": "str",
    },
    "adjustments": {
        "year": "int64", "group": "str", "unit_id": "str", "bonus_units": "int64", "penalty_units": "int64",
    },
    "cells": {
        "year": "int64", "unit_id": "category", "code": "category", "field": "category", "file": "category",
        "sheet": "category", "cell": "str", "text": "str",
    },
    "published": {
        "year": "int64", "group": "str", "unit_id": "str", "index_units": "Int64", "index_decimals": "int64",
        "rank": "Int64", "grade": "str", "cell": "str",
    },
    "editions": {
        "period": "str", "edition": "int64", "decision": "str", "date": "datetime64[us]", "file": "str",
        "archive_sha256": "str",
    },
    "announced": {
        "period": "str", "edition": "int64", "group": "str", "unit_id": "str", "index_units": "Int64",
        "index_decimals": "int64", "rank": "Int64", "grade": "str", "cell": "str",
    },
    "province": {
        "year": "int64", "code": "str", "index_score": "object", "rank": "Int64", "n": "Int64", "basis": "str",
    },
    "nominations": {
        "period": "str", "award": "str", "kind": "str", "name": "str", "unit_id": "str", "is_unit": "bool",
        "position": "str", "order": "Int64", "score": "object", "initiative_id": "str", "achievement": "str",
        "proposed_by": "str", "cell": "str",
    },
    "initiatives": {
        "year": "int64", "initiative_id": "str", "owner": "str", "unit_id": "str", "content": "str", "title": "str",
        "level": "str", "number": "str", "date": "datetime64[us]", "authority": "str", "cell": "str",
    },
    "tasks": {
        "year": "int64", "unit_id": "str", "content": "str", "task": "str", "due": "datetime64[us]",
        "done": "datetime64[us]", "evidence": "str", "cell": "str",
    },
}  # fmt: skip


class Late:
    """A table of `Dataset` that may be given as a function, which reads it when somebody asks for it."""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, owner: object | None, kind: type | None = None) -> pd.DataFrame:
        if owner is None:
            raise AttributeError(self.name)  # of the class: so that the field has no default
        table = vars(owner)[self.name]
        if callable(table):
            table = vars(owner)[self.name] = table()
        return cast("pd.DataFrame", table)

    def __set__(self, owner: object, table: pd.DataFrame | Callable[[], pd.DataFrame]) -> None:
        vars(owner)[self.name] = table


@dataclass(frozen=True)
class Edition:
    """One announcement of a period's figures; without decision and date where its table was typed, not frozen."""

    period: str
    number: int
    decision: str
    date: dt.date | None
    file: str
    archive_sha256: str


@dataclass(frozen=True, kw_only=True, repr=False)
class Dataset:
    """A scheme's checked input.

    Attributes
    ----------
    scheme : Scheme
        The settings (titles, groups, years, stages, classes, rules).
    units : DataFrame
        A row per unit and period of validity: `unit_id`, `name_vi`, `name_en` (falls back to Vietnamese), `short_vi`
        (falls back to the name), `group`, `valid_from`, `valid_to` (NaT: open).
    lineage : DataFrame
        `predecessor`, `successor` ("" for abolish), `date`, `kind` (merge, split, abolish), `share` (Fraction, or
        None: equal).
    rubric : DataFrame
        The rubric in force: a row per (scored year, group, code), already resolved to the latest earlier rubric:
        `rubric_year` says which. `parent` and `component` are codes ("" and itself for a component), `max_units` in
        point units, `weight` (Fraction or None), `same_as` an earlier code as ``"YYYY:code"`` or "", `is_leaf`.
    scores : DataFrame
        A row per (year, unit, leaf) that the files hold. `max_units` is the unit's own maximum (the rubric's unless
        overridden); `is_applicable` is False for KAD; `points_units` is the sum of the fields that the leaf's `by`
        names, missing where not all of them are filled, and where the leaf does not apply.
    adjustments : DataFrame
        Bonus and penalty of a unit's year; a row only where there is one.
    cells : DataFrame
        A row per filled cell of the score files, before any joining: `field` (self, appraised, survey, bonus,
        penalty, max_points), where it stands, and the text as it stands there.
    published : DataFrame
        The official figures of the announced years, each of its latest edition. `index_units` are integers of
        ``10 ** -index_decimals``; any of `index_units`, `rank`, `grade` may be missing (NA, NA, "").
    editions : DataFrame
        What was announced, a row per edition of a period ("2024", "2021-2025"): `decision` and `date` ("" and NaT where
        the table was typed and not frozen), `file`, `archive_sha256`.
    announced : DataFrame
        The figures of all editions; those of the latest edition of a year are `published`.
    province : DataFrame
        The province's own index by year and code ("" is the total).
    nominations : DataFrame
        Who was nominated for which award of which period, a row per candidate. `kind` is "collective" or "individual",
        "" where nobody knows. `is_unit`: a unit of units.csv, which `name` and `unit_id` name; else `unit_id` is the
        unit that the person or collective belongs to. `score` (Fraction or None) and `order` are the proposer's. Holds
        names of persons: for pages of awards only. Rows in error stay in it and in the two tables below; `require` says
        whether there are any.
    initiatives : DataFrame
        The initiatives of each year and what their recognition says: `level`, `number`, `date`, `authority` (blank or
        NaT where it is not said). `owner` is a person's name.
    tasks : DataFrame
        The tasks of each year's plan by unit, with the days on which they were `due` and `done` (NaT: not).
    point_decimals : int
        d: point units are ``10 ** -d`` of a point, the most decimals that occur in the scheme.
    problems : tuple of Problem
        Every finding, warnings too; years in error are left out of `scores` and `published`.

    Examples
    --------
    >>> data
    <Dataset soc-trang: 49 đơn vị, năm 2021, 2022, 2023, 2024, 2025>
    >>> data.units_of(2025)["group"].value_counts().to_dict()
    {'so-nganh': 14, 'su-nghiep': 8, 'trung-uong': 6}
    """

    scheme: Scheme
    units: pd.DataFrame
    lineage: pd.DataFrame
    rubric: pd.DataFrame
    scores: pd.DataFrame
    adjustments: pd.DataFrame
    cells: Late = Late()  # the largest table, which no page needs
    published: pd.DataFrame
    editions: pd.DataFrame
    announced: pd.DataFrame
    province: pd.DataFrame
    nominations: pd.DataFrame
    initiatives: pd.DataFrame
    tasks: pd.DataFrame
    point_decimals: int
    problems: tuple[Problem, ...] = ()

    @property
    def years(self) -> list[int]:
        """Years that have scores or an announced table and no error, in order."""
        return sorted(_years(self.scores) | _years(self.published))

    @property
    def scored_years(self) -> list[int]:
        """Years that have scores and no error, in order."""
        return sorted(_years(self.scores))

    @property
    def published_years(self) -> list[int]:
        """Years that have an announced table, in order."""
        return sorted(_years(self.published))

    @property
    def broken_years(self) -> list[int]:
        """Years that an error of the input stops, in order."""
        return sorted({year for problem in self.problems if problem.is_error for year in problem.years})

    @property
    def broken_stages(self) -> list[str]:
        """Stages whose announced table is in error, in order."""
        return sorted({stage for problem in self.problems if problem.is_error for stage in problem.stages})

    @property
    def broken_awards(self) -> list[str]:
        """Periods whose award proposals an error of the input stops, in order."""
        return sorted({period for problem in self.problems if problem.is_error for period in problem.awards})

    def editions_of(self, period: str) -> list[Edition]:
        """Return the editions of a period ("2024", "2021-2025"), the first one first."""
        rows = self.editions[self.editions["period"] == period].sort_values("edition")
        return [
            Edition(period, int(number), str(decision), date.date() if date == date else None, str(file), str(sha256))
            for number, decision, date, file, sha256 in rows.drop(columns="period").itertuples(index=False)
        ]

    def figures_of(self, edition: Edition) -> pd.DataFrame:
        """Return the rows of `announced` of one edition."""
        is_of = (self.announced["period"] == edition.period) & (self.announced["edition"] == edition.number)
        return self.announced[is_of].reset_index(drop=True)

    def require(self, *years: int, stages: Iterable[str] = (), awards: Iterable[str] = ()) -> None:
        """Raise InputError with the errors of `years`, of `stages`' announced tables, of `awards`' inputs, if any."""
        wanted = (("years", set(years)), ("stages", set(stages)), ("awards", set(awards)))
        errors = [item for item in self.problems if item.is_error]
        stopping = [item for item in errors if any(set(getattr(item, scope)) & names for scope, names in wanted)]
        if stopping:
            raise InputError(stopping)

    def units_on(self, day: dt.date) -> pd.DataFrame:
        """Return the rows of `units` valid on `day`: one per unit, in the group and under the name of that day."""
        moment = _moment(day)
        starts, ends = self.units["valid_from"].to_numpy(), self.units["valid_to"].to_numpy()
        # what is open on one side is NaT, which is neither before nor after anything
        return self.units[~(starts > moment) & ~(ends < moment)]

    def __repr__(self) -> str:
        return f"<Dataset {self.scheme.id}: {self.units['unit_id'].nunique()} đơn vị, năm {self._listed(self.years)}>"

    def _repr_html_(self) -> str:
        errors = sum(problem.is_error for problem in self.problems)
        found = f"{errors} lỗi, {len(self.problems) - errors} cảnh báo (xem .problems)"
        head = f"{self.scheme.title.vi} (bộ chỉ số {self.scheme.id})"
        mark = [("Lưu ý", self.scheme.illustrative.vi)] if self.scheme.illustrative else []
        announced = ", ".join(self.editions["period"].unique()) or "—"
        facts = [*mark, ("Năm có điểm", self._listed(self.scored_years)), ("Đã công bố", announced)]
        facts += [("Năm có lỗi", self._listed(self.broken_years))] if self.broken_years else []
        rows = [*facts, ("Giai đoạn", ", ".join(stage.id for stage in self.scheme.stages) or "—"), *self._groups()]
        cells = "".join(
            f'<tr><th style="text-align:left">{escape(name)}</th><td style="text-align:left">{escape(text)}</td></tr>'
            for name, text in [*rows, ("Kiểm tra số liệu", found)]
        )
        return f"<table><caption>{escape(head)}</caption>{cells}</table>"

    def _groups(self) -> list[tuple[str, str]]:
        """Return each group's name, and how many units it has by year."""
        of_years = {year: self.units_of(year)["group"].value_counts() for year in self.years}
        return [
            (
                f"Số đơn vị, {group.short}",
                "; ".join(f"{year}: {counts.get(group.id, 0)}" for year, counts in of_years.items()),
            )
            for group in self.scheme.groups
        ]

    @staticmethod
    def _listed(years: list[int]) -> str:
        return ", ".join(map(str, years)) or "—"

    def units_of(self, year: int) -> pd.DataFrame:
        """Return the units that are scored for `year`: those valid on its scoring day."""
        return self.units_on(self.scheme.as_of(year))


def _moment(day: dt.date) -> np.datetime64:
    import numpy as np  # here, as an unchanged run is answered without it

    return np.datetime64(day)


def _years(table: pd.DataFrame) -> set[int]:
    """Return the years of a table: of the first row of each run, as a table of millions has only a few runs."""
    years = table["year"].to_numpy()
    return {*years[:1].tolist(), *years[1:][years[1:] != years[:-1]].tolist()}
