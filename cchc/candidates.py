"""Who stands for an award: ranked units and nominees, with their figures, places, and what is to be doubted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

import pandas as pd

from cchc.award_settings import Award
from cchc.claims import initiative_of, nominations_for
from cchc.dataset import Dataset
from cchc.evidence import initiatives_of, predecessor_evidence, predecessors_of, task_counts
from cchc.names import sort_key
from cchc.nominees import nominee_key, person_key
from cchc.ranking import official
from cchc.stage import rank_stage

CandidateKey = tuple[str, str, str]
"""Unit, name and position as they are compared, both of these "" where the candidate is the unit itself."""

_DOUBTS = {  # column of a ranking -> what is to be said beside a proposal
    "is_near_tied": "near_tie",
    "is_short": "coverage",
    "has_inherited": "inheritance",
    "has_difference": "difference",
    "is_group_dissolved": "group_dissolved",
}


@dataclass(frozen=True)
class Candidate:
    """One candidate for one award.

    Attributes
    ----------
    group : str
        Of its unit.
    figures : mapping
        Columns of the proposal: names, place of the ranking, tasks, initiatives, what the nomination says.
    merit : tuple or None
        What it is ordered by, the least first; None where nothing orders it.
    place : int or None
        By merit, in its list: ties share the better place.
    not_eligible : str
        Why it cannot be proposed; "" where it can.
    """

    key: CandidateKey
    group: str
    is_unit: bool
    figures: Mapping[str, Any]
    merit: tuple[Any, ...] | None
    not_eligible: str = ""
    doubts: tuple[str, ...] = ()
    place: int | None = None
    n_places: int = 0
    ranks: Mapping[str, int | None] = field(default_factory=dict)
    """Its place under either lineage policy of a stage."""

    def may_lead(self, award: Award, policy: str) -> bool:
        """Whether it could lead its group if the years were counted by `policy`."""
        needed = award.require.min_coverage
        if self.ranks[policy] is None or (needed is None and self.not_eligible not in ("", "few_years")):
            return False
        # under "inherit" the table has no other number of years: who is short of them by "separate" alone may lead
        return needed is None or policy == "inherit" or bool(self.figures["n_years"] >= needed)


@dataclass(frozen=True)
class Period:
    """What the candidates of one period are judged by."""

    id: str
    ranking: pd.DataFrame
    initiatives: pd.DataFrame
    tasks: Mapping[str, tuple[int, int]]
    before: Mapping[str, Collection[str]]
    """From `evidence.predecessor_evidence`."""
    predecessors: Mapping[str, Collection[str]]
    """From `evidence.predecessors_of`."""
    nominations: pd.DataFrame
    """Its own, and those of other periods that may name the same initiatives."""
    lineage: str | None
    """The lineage policy of a stage."""

    @classmethod
    def of(cls, data: Dataset, period: str) -> Period:
        """Read it from the data of ``"2024"`` or ``"2021-2025"``."""
        data.require(awards=[period])
        first, last = int(period[:4]), int(period[-4:])
        if "-" in period:
            ranking = rank_stage(data, first, last)
            ranking["is_short"] = ranking["n_years"] + ranking["n_inherited"] < ranking["n_years_expected"]
            ranking["has_inherited"] = ranking["n_inherited"] > 0
            lineage = data.scheme.stage(first, last).lineage
        else:
            lineage = None
            data.require(last)
            ranking = official(data, [last]).rename(columns={"official_rank": "rank"})
            ranking = ranking.assign(is_short=False, has_inherited=False, is_group_dissolved=False)
        years = range(first, last + 1)
        evidence = initiatives_of(data, years), task_counts(data, years), predecessor_evidence(data, years)
        return cls(period, ranking, *evidence, predecessors_of(data), nominations_for(data, period), lineage)

    @property
    def nominees(self) -> pd.DataFrame:
        """The nominations of this period."""
        return self.nominations[self.nominations["period"] == self.id]


def candidates_of(award: Award, period: Period) -> list[Candidate]:
    """Return everyone who stands for an award: ranked units for a collective one, and whoever was nominated."""
    nominations = period.nominees[period.nominees["award"] == award.id]
    if award.to == "individual":
        return _placed([_person(award, period, row) for row in _rows(nominations)], by_group=False)
    nominated = {row.unit_id: row for row in _rows(nominations) if row.is_unit}
    units = [_unit(award, period, row, nominated.get(row.unit_id)) for row in _rows(period.ranking)]
    others = [_nominee(row, period) for row in _rows(nominations) if not row.is_unit]
    placed = _placed(units, by_group=award.allocation != "none")
    if award.criteria == ("index_score",) and award.allocation != "none":  # the official place, as it was announced
        placed = [unit if unit.place is None else _officially_placed(unit) for unit in placed]
    return placed + sorted(others, key=_listing)


def _rows(table: pd.DataFrame) -> list[Any]:
    """Return the rows of a table; pandas-stubs cannot know their columns."""
    return list(table.itertuples())


def _listing(candidate: Candidate) -> tuple[Any, ...]:
    """Return the order of nominees: the proposer's, then that of names, which means nothing."""
    order = candidate.figures["order"]
    return order is pd.NA, 0 if order is pd.NA else order, sort_key(candidate.figures["name_vi"]), candidate.key


# ---------------------------------------------------------------------------------------------------------- units


def _unit(award: Award, period: Period, row: Any, nomination: Any) -> Candidate:
    in_time, n_tasks = period.tasks.get(row.unit_id, (0, 0))
    mine = period.initiatives[period.initiatives["unit_id"] == row.unit_id]
    n_initiatives = int(mine["is_recognised"].sum())
    merits: dict[str, Any] = {
        # places are of the group; one list of all groups has only the index
        "index_score": row.rank if award.allocation != "none" else _negative(row.index_exact),
        "tasks": (0, -Fraction(in_time, n_tasks)) if n_tasks else (1, 0),
        "initiatives": -n_initiatives,
    }
    missing = row.rank is pd.NA or (award.allocation == "none" and row.index_exact is None)
    doubts = () if missing else tuple(name for column, name in _DOUBTS.items() if getattr(row, column))
    if not missing:
        before = [name for name in award.criteria if name in period.before.get(row.unit_id, ())]
        doubts += tuple(f"predecessor_{name}" for name in before)
        doubts += ("no_tasks",) if "tasks" in award.criteria and not n_tasks and "tasks" not in before else ()
        doubts += _own_initiative(nomination, period) if nomination is not None else ()
    ranks = {policy: _integer(getattr(row, f"rank_{policy}", None)) for policy in ("inherit", "separate")}
    return Candidate(
        (row.unit_id, "", ""),
        row.group,
        True,
        {
            "name_vi": row.name_vi, "name_en": row.name_en, "unit_vi": row.name_vi, "unit_en": row.name_en,
            "rank": row.rank, "n_ranked": row.n_ranked, "index_score": row.index_score, "grade": row.grade,
            "n_years": getattr(row, "n_years", pd.NA), "n_inherited": getattr(row, "n_inherited", pd.NA),
            "n_years_expected": getattr(row, "n_years_expected", pd.NA),
            "n_tasks": n_tasks, "n_tasks_in_time": in_time, "n_initiatives": n_initiatives,
            "n_initiatives_left_out": len(mine) - n_initiatives, "is_nominated": nomination is not None,
            **(_nomination(nomination) if nomination is not None else {}),
        },
        None if missing else tuple(merits[name] for name in award.criteria),
        (row.reason or "no_index") if missing else _too_few_years(award, row),
        doubts,
        ranks=ranks,
    )  # fmt: skip


def _too_few_years(award: Award, row: Any) -> str:
    needed = award.require.min_coverage
    return "coverage" if needed is not None and row.n_years + row.n_inherited < needed else ""


def _negative(index: Fraction | None) -> Fraction | None:
    return None if index is None else -index


def _integer(value: Any) -> int | None:
    return None if value is None or value is pd.NA else int(value)


# -------------------------------------------------------------------------------------------------------- nominees


def _nomination(row: Any) -> dict[str, Any]:
    return {
        "position": row.position, "order": row.order, "score": row.score, "initiative_id": row.initiative_id,
        "achievement": row.achievement, "proposed_by": row.proposed_by, "cell": row.cell,
    }  # fmt: skip


def _nominee(row: Any, period: Period) -> Candidate:
    """Return a candidate who is no ranked unit: what the nomination says, never the index of the unit."""
    units = period.ranking[period.ranking["unit_id"] == row.unit_id]
    unit: Any = next(units.itertuples(), None)
    doubts = _own_initiative(row, period)
    figures = {
        "name_vi": row.name, "name_en": row.name, "unit_vi": unit.name_vi if unit else row.unit_id,
        "unit_en": unit.name_en if unit else row.unit_id, "is_nominated": True,
        "n_initiatives": int(row.initiative_id != "" and not doubts), **_nomination(row),
    }  # fmt: skip
    return Candidate(nominee_key(row), unit.group if unit else "", False, figures, None, "", doubts)


def _person(award: Award, period: Period, row: Any) -> Candidate:
    nominee = _nominee(row, period)
    if _has_namesake(row, period):
        nominee = replace(nominee, doubts=("same_name", *nominee.doubts))
    merits = {
        "score": (1, 0) if row.score is None else (0, -row.score),
        "initiatives": -nominee.figures["n_initiatives"],
        "nomination": (1, 0) if row.order is pd.NA else (0, row.order),
    }
    return replace(nominee, merit=tuple(merits[name] for name in award.criteria))


def _has_namesake(row: Any, period: Period) -> bool:
    """Whether the name of a person is nominated in another unit or position, too: it may be one person twice."""
    return any(
        person_key(other.name) == person_key(row.name) and nominee_key(other) != nominee_key(row)
        for other in _rows(period.nominees)
    )


def _own_initiative(row: Any, period: Period) -> tuple[str, ...]:
    """Return why the initiative that a nomination names does not count for the nominee, where it names one."""
    if not row.initiative_id:
        return ()
    reason = initiative_of(row, period.initiatives, period.nominations, period.predecessors)
    return (reason,) if reason else ()


# ---------------------------------------------------------------------------------------------------------- places


def _placed(candidates: Sequence[Candidate], *, by_group: bool) -> list[Candidate]:
    """Give each candidate its place by merit, in its group or in one list of all; equal ones are marked as tied."""
    merits: dict[str, list[tuple[Any, ...]]] = {}
    for candidate in candidates:
        if candidate.merit is not None:
            merits.setdefault(candidate.group if by_group else "", []).append(candidate.merit)
    places = {name: _places(of_list) for name, of_list in merits.items()}
    placed = []
    for candidate in candidates:
        if candidate.merit is None:
            placed.append(candidate)
            continue
        place, number, total = places[candidate.group if by_group else ""][candidate.merit]
        doubts = ("tie", *candidate.doubts) if number > 1 else candidate.doubts
        placed.append(replace(candidate, place=place, n_places=total, doubts=doubts))
    return placed


def _officially_placed(unit: Candidate) -> Candidate:
    return replace(unit, place=int(unit.figures["rank"]), n_places=int(unit.figures["n_ranked"]))


def _places(merits: list[tuple[Any, ...]]) -> dict[tuple[Any, ...], tuple[int, int, int]]:
    """Return for each merit its place (1, 2, 2, 4), how many have it, and how many there are."""
    places, place = {}, 1
    for merit, number in sorted(Counter(merits).items()):
        places[merit] = (place, number, len(merits))
        place += number
    return places
