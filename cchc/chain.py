"""The chain from cell to place: what one unit's place in a year or a stage hangs on, as plain values.

Numbers are exact texts: decimals as they are, ratios as ``"8613/100"``. Nothing is counted here that `scoring`,
`ranking` and `stage` do not count; what stands beside their results is where these come from.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pandas as pd

from cchc.announced import Roster
from cchc.awards import award_chain
from cchc.dataset import Dataset
from cchc.editions import years_of
from cchc.exact import round_fraction
from cchc.lineage import Predecessors
from cchc.lookups import check_years
from cchc.problems import InputError, Problem
from cchc.ranking import official
from cchc.scoring import score_components
from cchc.settings import CONVENTION
from cchc.stage import official_stage, stage_values
from cchc.yearly import Officials, official_years

Chain = dict[str, Any]


def chain_of(data: Dataset, unit: str, period: str) -> Chain:
    """Return the chain of a unit's period, ``"2024"`` or ``"2021-2025"``; see `year_chain` and `stage_chain`."""
    first, last = years_of(period)
    return stage_chain(data, unit, first, last) if "-" in period else year_chain(data, unit, last)


def year_chain(data: Dataset, unit: str, year: int) -> Chain:
    """Return the chain of a unit's year: cells, points, component indices, index, place, the units beside it, awards.

    Parameters
    ----------
    data : Dataset
    unit : str
        Id or name.
    year : int

    Raises
    ------
    InputError
        An error of the input stops the year; no unit of the year is called so: the problem names the closest.
    LookupError
        The year has no figures.
    """
    data.require(year)
    table = official(data, [year])
    row = _row(table, unit, Roster(data, year))
    return {
        **_head(data, row, str(year)),
        "rubric": _rubric(data, str(row.group), str(row.unit_id), year),
        "adjustments": _adjustments(data, row),
        "is_weighted": bool(_own(data.rubric, row)["weight"].notna().any()),
        "points": _score(row.points),
        "max_points": _score(row.max_points),
        "bonus": _score(row.bonus),
        "penalty": _score(row.penalty),
        "index_exact": _ratio(row.index_unrounded),
        "n_missing": int(row.n_missing),
        "missing": str(row.missing),
        **_places(data, table.rename(columns={"official_rank": "rank"}), row.unit_id),
        "awards": award_chain(data, str(row.unit_id), str(year)),
    }


def rubric_chain(data: Dataset, unit: str, year: int) -> list[Chain]:
    """Return the part "rubric" of `year_chain` alone; parameters and errors are the same."""
    data.require(year)
    check_years(data, year)
    roster = Roster(data, year)
    row = _row(roster.units, unit, roster)
    return _rubric(data, str(row.group), str(row.unit_id), year)


def stage_chain(data: Dataset, unit: str, first: int, last: int) -> Chain:
    """Return the chain of a unit's stage: each year's index, own or inherited and from whom, mean and place.

    Parameters and errors are those of `year_chain`; ValueError where scheme.toml has no such stage.
    """
    stage = data.scheme.stage(first, last)
    table = official_stage(data, stage)
    known = table.drop_duplicates("unit_id")[::-1]  # who is on the list last: a name that passed on is theirs
    row = _row(table, unit, Roster(data, last, known))
    values = stage_values(data, first, last)
    tracer = _Tracer(data, values, official_years(data, stage))
    years = [tracer.year(str(row.unit_id), year) for unit, year in sorted(tracer.values) if unit == row.unit_id]
    counted = [item for item in years if item["index_exact"]]
    return {
        **_head(data, row, stage.id),
        "years": years,
        "n_years_counted": len(counted),
        "min_years": stage.min_years,
        "is_to_date": bool(row.is_to_date),
        "lineage": stage.lineage,
        "basis": "" if stage.basis == CONVENTION else stage.basis,
        "index_exact": _ratio(row.index_unrounded),
        **_places(data, table, row.unit_id),
        "awards": award_chain(data, str(row.unit_id), stage.id),
    }


def _row(table: pd.DataFrame, unit: str, roster: Roster) -> Any:
    place = roster.find(unit)
    if place < 0:
        code, details = roster.problem(unit)
        raise InputError([Problem(code, "units.csv", value=unit, details=details)])
    return next(table[table["unit_id"] == roster.units["unit_id"].iat[place]].itertuples())


def _head(data: Dataset, row: Any, period: str) -> Chain:
    editions = data.editions_of(period)
    latest = editions[-1] if editions else None
    announced = data.figures_of(latest) if latest else data.announced.iloc[:0]
    own: Any = next(announced[announced["unit_id"] == row.unit_id].itertuples(), None)
    figures: Chain = {}
    if own:
        index = None if own.index_units is pd.NA else _decimal(own.index_units, own.index_decimals)
        figures = {"index_score": index, "rank": _integer(own.rank), "grade": own.grade, "cell": own.cell}
    return {
        "scheme": data.scheme.id,
        "period": period,
        "unit_id": str(row.unit_id),
        "name": str(row.name_vi),
        "group": str(row.group),
        "group_name": data.scheme.group(str(row.group)).name.vi,
        "decimals": data.scheme.decimals,
        "rank_on": data.scheme.rank_on,
        "edition": latest.number if latest else None,
        "announced": {
            "edition": latest.number,
            "decision": latest.decision,
            "date": latest.date.isoformat() if latest.date else None,
            "file": latest.file,
            **(figures or {"index_score": None, "rank": None, "grade": "", "cell": ""}),
        }
        if latest
        else None,
    }


def _places(data: Dataset, table: pd.DataFrame, unit_id: str) -> Chain:
    """Return official index and place, what the scores give, and the units above and below."""
    group = table.loc[table["unit_id"] == unit_id, "group"].iloc[0]
    rows = table[table["group"] == group].reset_index(drop=True)
    at = int(rows.index[rows["unit_id"] == unit_id][0])
    own: Any = next(rows.iloc[[at]].itertuples())
    beside = [place for place in (at - 1, at + 1) if 0 <= place < len(rows) and own.rank is not pd.NA]
    d = data.scheme.decimals
    recomputed = None if own.index_unrounded is None else _decimal(round_fraction(own.index_unrounded, d), d)
    return {
        "index_recomputed": recomputed,
        "rank_recomputed": _integer(own.recomputed_rank),
        "index_score": _score(own.index_score),
        "rank": _integer(own.rank),
        "n_ranked": int(own.n_ranked),
        "grade": own.grade,
        "reason": own.reason,
        "is_tied": bool(own.is_tied),
        "is_near_tied": bool(own.is_near_tied),
        "is_published": bool(own.is_published),
        "has_difference": bool(own.has_difference),
        "neighbours": [
            {"unit_id": row.unit_id, "name": row.name_vi, "rank": _integer(row.rank),
             "index_score": _score(row.index_score), "is_above": row.Index < at}
            for row in _rows(rows.iloc[beside])
            if row.rank is not pd.NA
        ],
    }  # fmt: skip


def _rows(table: pd.DataFrame) -> list[Any]:
    """Return the rows of a table; pandas-stubs cannot know their columns."""
    return list(table.itertuples())


def _rubric(data: Dataset, group: str, unit: str, year: int) -> list[Chain]:
    """Return the rows of the rubric with the unit's points, and the cells of the leaves."""
    scores = data.scores[((data.scores["year"] == year) & (data.scores["unit_id"] == unit)).to_numpy()]
    if scores.empty:
        return []
    columns = (scores[name].tolist() for name in ("code", "is_applicable", "points_units", "max_units"))
    leaves = {str(code): leaf for code, *leaf in zip(*columns, strict=True)}
    cells = _cells(data, unit, year)
    indices = score_components(data, [year]).set_index(["unit_id", "code"])["index_score"].to_dict()
    rubric = data.rubric[(data.rubric["year"] == year) & (data.rubric["group"] == group)]
    expected = rubric.loc[rubric["is_leaf"], "code"].tolist()
    found = []
    for item in rubric.itertuples():
        code = str(item.code)
        below = [leaf for leaf in expected if f"{leaf}.".startswith(f"{code}.")]
        given = [leaves[leaf] for leaf in below if leaf in leaves]
        counted = [(points, most) for is_applicable, points, most in given if is_applicable]
        is_whole = len(given) == len(below) and all(points is not pd.NA for points, _most in counted)
        found.append(
            {
                "code": code,
                "name": str(item.name_vi),
                "is_leaf": bool(item.is_leaf),
                "by": str(item.by) if item.is_leaf else "",
                "weight": None if item.weight is None else str(item.weight),
                "is_applicable": not is_whole or bool(counted),
                "points": _points(data, sum(points for points, _most in counted)) if is_whole and counted else None,
                "max_points": _points(data, sum(most for _points, most in counted)) if is_whole else None,
                "index_score": _score(indices.get((unit, code))),
                "cells": cells.get(code, []) if item.is_leaf else [],
            }
        )
    return found


def _adjustments(data: Dataset, row: Any) -> list[Chain]:
    """Return bonus and penalty with their cells."""
    cells = _cells(data, str(row.unit_id), row.year).get("", [])
    rows = _own(data.adjustments, row, unit=True)
    return [
        {"field": field, "points": _points(data, rows[f"{field}_units"].iloc[0]),
         "cells": [cell for cell in cells if cell["field"] == field]}
        for field in ("bonus", "penalty")
        if len(rows) and rows[f"{field}_units"].iloc[0]
    ]  # fmt: skip


def _cells(data: Dataset, unit: str, year: int) -> dict[str, list[Chain]]:
    """Return the filled cells of a unit's year by code, "" for bonus and penalty."""
    cells = data.cells[(data.cells["year"] == year) & (data.cells["unit_id"] == unit)]
    found: dict[str, list[Chain]] = {}
    for item in cells.astype("str").itertuples():
        place = {"field": item.field, "file": item.file, "sheet": item.sheet, "cell": item.cell, "text": item.text}
        found.setdefault(str(item.code), []).append(place)
    return found


def _own(table: pd.DataFrame, row: Any, *, unit: bool = False) -> pd.DataFrame:
    """Return the rows of a table of one unit, or of its group, in its year."""
    is_own = (table["year"] == row.year) & (table["group"] == row.group)
    rows: pd.DataFrame = table[is_own & (table["unit_id"] == row.unit_id)] if unit else table[is_own]
    return rows.astype({"code": "str"}) if "code" in rows else rows


class _Tracer:
    """Where the yearly indices of a stage come from."""

    def __init__(self, data: Dataset, values: pd.DataFrame, officials: Officials) -> None:
        self.predecessors = Predecessors.of(data)
        # a unit brings its years in another group, which the table of its group's years has not
        brought = pd.concat(officials.values())
        brought = brought[(brought["reason"] == "") & brought["index_exact"].notna()].assign(kind="own")
        brought = brought.assign(rank=brought["official_rank"])
        rows: list[Any] = [*brought.itertuples(), *values.itertuples()]
        self.values: dict[tuple[str, int], Any] = {(row.unit_id, row.year): row for row in rows}
        self.names = dict(zip(data.units["unit_id"], data.units["name_vi"], strict=True))

    def year(self, unit: str, year: int) -> Chain:
        """Return one year of a unit, and below it those that it was inherited from."""
        row: Any = self.values.get((unit, year))
        kind = row.kind if row is not None else "missing"
        shares = self.predecessors.counted(unit, year) if kind == "inherited" else {}
        total = sum(shares.values(), Fraction(0))
        return {
            "year": year,
            "unit_id": unit,
            "name": self.names[unit],
            "kind": kind,
            "index_score": _score(row.index_score) if row is not None else None,
            "index_exact": _ratio(row.index_exact) if row is not None else None,
            "rank": _integer(row.rank) if row is not None else None,
            "n_ranked": _integer(row.n_ranked) if row is not None else None,
            "from": [{"share": str(share / total), **self.year(name, year)} for name, share in shares.items()],
        }


def _points(data: Dataset, units: Any) -> str:
    return _decimal(int(units), data.point_decimals)


def _decimal(units: Any, decimals: int) -> str:
    """Return an integer of ``10 ** -decimals`` as a decimal number without zeros at its end."""
    return f"{Decimal(int(units)).scaleb(-int(decimals)):f}"


def _ratio(value: Any) -> str | None:
    return str(value) if isinstance(value, Fraction) else None


def _score(value: Any) -> str | None:
    """Return a rounded figure as its shortest decimal text."""
    return None if value is None or value != value else f"{Decimal(repr(float(value))):f}"


def _integer(value: Any) -> int | None:
    return None if value is pd.NA or value is None else int(value)
