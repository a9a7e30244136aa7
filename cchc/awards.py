"""The award proposal of a year or a stage: who is proposed for what, by which rule, and what the council has to decide.

Awards are taken in the order of scheme.toml. What no document settles is never settled here: ties at the last seat,
equal remainders, another leader under the other lineage policy, units that are gone and nominees without a place are
open, and whoever may still get an award that excludes another one gets that other one on a condition.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pandas as pd

from cchc.allocation import Outcome, Seats, Unallocated, fill, least_given, most_gone, share_by_size, share_equally
from cchc.award_neighbours import is_one_list_by_index, nears_of_period, with_near_ties
from cchc.award_settings import Award
from cchc.candidates import Candidate, CandidateKey, Period, candidates_of
from cchc.dataset import Dataset
from cchc.leaders import leaders, with_rivals
from cchc.names import sort_key
from cchc.rulings import Course, Ruling

_ONE_LIST = ""

_FIGURES: Mapping[str, Any] = {
    "name_vi": "", "name_en": "", "unit_vi": "", "unit_en": "", "position": "", "is_nominated": False, "rank": pd.NA,
    "n_ranked": pd.NA, "index_score": float("nan"), "grade": "", "n_years": pd.NA, "n_inherited": pd.NA,
    "n_years_expected": pd.NA, "n_tasks": pd.NA, "n_tasks_in_time": pd.NA, "n_initiatives": 0,
    "n_initiatives_left_out": 0, "score": None, "order": pd.NA, "initiative_id": "", "achievement": "",
    "proposed_by": "", "cell": "",
}  # fmt: skip
_RULED = [
    "period", "award", "to", "group", "unit_id", "is_unit", "status", "reason", "reason_awards", "place", "n_places",
    "decision", "choose", "choose_most", "choose_of", "seats", "seats_most", "doubts",
]  # fmt: skip
_FREE_WORDS = ["position", "achievement", "proposed_by", "initiative_id"]
_INTEGERS = ["rank", "n_ranked", "n_years", "n_inherited", "n_years_expected", "n_tasks", "n_tasks_in_time", "order",
             "place", "n_places"]  # fmt: skip


def propose_awards(data: Dataset, year: int | None = None, stage: tuple[int, int] | None = None) -> pd.DataFrame:
    """Propose the awards of a year or a stage.

    Parameters
    ----------
    data : Dataset
    year : int, optional
    stage : (int, int), optional
        First and last year; exactly one of `year` and `stage`.

    Returns
    -------
    DataFrame
        A row per award and candidate: awards as in scheme.toml, groups too, then by place, those without one last. It
        holds names of persons.

        period, award, to : str
            `to` is "collective" or "individual".
        group, unit_id, name_vi, name_en, unit_vi, unit_en, position : str
            The group and the unit of the candidate; the names of both are equal where the candidate is the unit.
        is_unit, is_nominated : bool
            Is a ranked unit; stands in nominations/.
        status : str
            "proposed"; "open" (the council decides); "conditional" (on a decision about another candidate or award);
            "below" (eligible, no seat left); "excluded" (gets another award); "not_eligible".
        reason : str
            "within_seats"; "tie", "other_leader" (under the other lineage policy), "group_dissolved",
            "unallocated_seat" (equal remainders), "nominee_without_place"; "if_not_award", "if_seat_freed";
            "no_seat_left"; "holds_award", "holds_either" (one of several, whatever the council decides); "coverage"
            or a reason of the ranking ("incomplete", "few_years", ...).
        reason_awards : str
            Ids of the awards that exclude it or that it hangs on, blanks between.
        place, n_places : Int64
            By the award's own order, in the group or in one list of all; the official place where that is the order.
        decision : str
            The open decision that it belongs to, the same text for all candidates of that; "" without one.
        choose, choose_most, choose_of : int
            The council chooses so many (`choose_most`: where an unallocated seat or a condition adds one) of so many.
        seats, seats_most : int
            Of its list; `seats_most` is more where a seat may fall to it or to another group of equal remainder.
        doubts : str
            Facts beside the proposal, blanks between: "tie", "near_tie" (in the ranking; where the award is one list
            by index of all groups, in that list), "coverage" (years missing), "inheritance",
            "difference" (from the announced), "group_dissolved", "other_leader", "no_tasks", "initiative_shared",
            "initiative_unrecognised", "initiative_other_year", "seats_short" (more nominees than
            seats are left), "may_be_replaced" (by one of these, in the award that excludes it),
            "initiative_other_owner", "initiative_author_unsure" (the name in another form), "initiative_other_unit",
            "same_name" (of another nominee: it may be one person), "predecessor_tasks" and "predecessor_initiatives"
            (not counted for the unit).
        rank, n_ranked : Int64; index_score : float, 0 to 100; grade : str
            As in the ranking of the period; none for a candidate that is no ranked unit.
        n_years, n_inherited, n_years_expected : Int64
            Of a stage.
        n_tasks, n_tasks_in_time : Int64; n_initiatives, n_initiatives_left_out : int
            Tasks of the unit; its recognised initiatives (a nominee's own), and those that do not count.
        score : Fraction or None; order : Int64; initiative_id, achievement, proposed_by, cell : str
            As nominated.

    Raises
    ------
    InputError
        An error of the input stops the ranking of the period, or its nominations, initiatives or tasks.
    LookupError
        No award of scheme.toml is given for the period, or nothing is scored in it.
    ValueError
        Both or none of `year` and `stage` are given, or scheme.toml has no such stage.

    Examples
    --------
    >>> proposal = cchc.propose_awards(data, year=2024)
    >>> proposal.groupby("award")["status"].value_counts().to_dict()
    {('bang-khen-ca-nhan', 'proposed'): 3, ('bang-khen-tap-the', 'below'): 34, ('bang-khen-tap-the',
    'proposed'): 10, ('bang-khen-tap-the', 'open'): 1}
    """
    if (year is None) == (stage is None):
        raise ValueError("exactly one of year and stage")
    return propose_awards_of(data, str(year) if stage is None else data.scheme.stage(*stage).id)


def propose_awards_of(data: Dataset, period: str) -> pd.DataFrame:
    """Return what `propose_awards` returns, for ``"2024"`` or ``"2021-2025"``; the errors are the same."""
    awards = data.scheme.awards_of(period)
    if not awards:
        raise LookupError(f"scheme.toml của {data.scheme.id} không có khen thưởng nào cho kỳ {period}")
    groups = [group.id for group in data.scheme.groups]
    nears = nears_of_period(data, period) if any(map(is_one_list_by_index, awards)) else {}
    course = Course(awards, Period.of(data, period), groups, nears)
    rows = [row for award in awards for row in _rule(course, award)]
    return pd.DataFrame(rows, columns=[*_RULED, *_FIGURES]).astype(dict.fromkeys(_INTEGERS, "Int64"))


def seats_of(award: Award, groups: Sequence[str], ranking: pd.DataFrame) -> dict[str, Seats]:
    """Return the seats of each list of an award: by group, or "" for the one list of all.

    `ranking` is that of the period: seats are proportional to the units of a group that have a place in it.
    """
    if award.allocation == "per_group":
        return share_equally(award.seats, groups)
    if award.allocation == "proportional":
        ranked = Counter(ranking.loc[ranking["rank"].notna(), "group"])
        return share_by_size(award.seats, {group: ranked[group] for group in groups})
    return {_ONE_LIST: Seats(award.seats, award.seats)}


def _rule(course: Course, award: Award) -> list[dict[str, Any]]:
    """Rule on the candidates of one award, and return the rows of its proposal."""
    lineage = course.period.lineage
    candidates = with_near_ties(award, candidates_of(award, course.period), course.nears)
    candidates = with_rivals(lineage, award, candidates)
    rulings, claims = course.admit(award, candidates)
    lists = seats_of(award, course.groups, course.period.ranking)
    course.unallocated[award.id] = Unallocated(award.id, award.seats - sum(seats.certain for seats in lists.values()))
    staying = []
    for name, seats in lists.items():
        pool = [item for item in candidates if name in (_ONE_LIST, item.group)]
        present = [item for item in pool if item.key not in rulings or rulings[item.key].status == "not_eligible"]
        first = leaders(lineage, award, present, seats, claims)
        named = {*first.rivals, *first.followers}
        free = [item for item in pool if item.key in named or (item.key not in rulings and item.place is not None)]
        classes = first.classes(free)
        gone = {item.key: item.group for item in free if "group_dissolved" in item.doubts}
        outcomes = first.told(
            fill(seats, [[item.key for item in members] for members in classes], claims, gone), claims
        )
        staying.append((seats, len(free) - most_gone(outcomes, claims, gone)))
        better: list[Candidate] = []
        for at, members in enumerate(classes):
            for item in members:
                outcome = outcomes[item.key]
                decision = f"{award.id}/{name}/{at}" if outcome.choose_of > 1 else "/".join((award.id, *item.key))
                others = course.hinging(award, item, outcome, better)
                rulings[item.key] = _ruling(outcome, decision, item.key in first.rivals, others)
            better += members
    left = award.seats - least_given(staying, course.unallocated[award.id].seats)
    left -= sum(item.key not in rulings for item in candidates)  # the nominees whom nothing gives a place
    candidates = [_without_place(course, award, item, left, rulings) for item in candidates]
    candidates = [_replaceable(course, item, rulings[item.key]) for item in candidates]
    course.rulings[award.id] = rulings
    ordered = sorted(candidates, key=lambda item: _listing(course, award, item))
    return [_row(course, award, item, lists) for item in ordered]


def _without_place(
    course: Course, award: Award, item: Candidate, left: int, rulings: dict[CandidateKey, Ruling]
) -> Candidate:
    """Rule on a nominee whom nothing gives a place.

    `left` seats are left over when all of them get one, whatever else the council decides; below 0 somebody goes short.
    """
    if item.key in rulings:
        return item
    if award.seats == 0:
        rulings[item.key] = Ruling("below", "no_seat_left")
        return item
    unsure = course.excluding(award, item.key, "open", "conditional")
    rulings[item.key] = Ruling("open", "nominee_without_place", None, "/".join((award.id, *item.key)), unsure)
    if left >= 0:
        return item
    course.contested.add(award.id)
    return replace(item, doubts=(*item.doubts, "seats_short"))


def _replaceable(course: Course, item: Candidate, ruling: Ruling) -> Candidate:
    """Mark who is excluded for an award in which the council may prefer a nominee without a place."""
    is_marked = ruling.status == "excluded" and not course.contested.isdisjoint(ruling.awards)
    return replace(item, doubts=(*item.doubts, "may_be_replaced")) if is_marked else item


def _ruling(outcome: Outcome, decision: str, is_rival: bool, awards: Sequence[str]) -> Ruling:
    status, reason = outcome.status, outcome.reason
    if reason == "in_doubt":
        reason = "group_dissolved"
    elif status == "open" and is_rival:
        reason = "other_leader"
    return Ruling(status, reason, outcome, decision if status in ("open", "conditional") else "", awards)


def _listing(course: Course, award: Award, item: Candidate) -> tuple[Any, ...]:
    """Return the order of a proposal's rows: group, place and name; one list of all goes by place first."""
    group = course.groups.index(item.group) if item.group in course.groups else len(course.groups)
    order = item.figures.get("order", pd.NA)
    nominated = (order is pd.NA, 0 if order is pd.NA else order)
    is_aside = not item.is_unit and item.place is None
    place = (item.place is None, item.place or 0)
    by_group = award.allocation in ("per_group", "proportional")
    keys = (group, *place) if by_group else (*place, group)
    return is_aside, *keys, *nominated, sort_key(item.figures["name_vi"]), item.key


def _row(course: Course, award: Award, item: Candidate, lists: Mapping[str, Seats]) -> dict[str, Any]:
    ruling = course.rulings[award.id][item.key]
    seats = lists.get(item.group, lists.get(_ONE_LIST, Seats(0, 0)))
    outcome = ruling.outcome or Outcome("open", "")
    figures = {**_FIGURES, **item.figures}
    return {
        "period": course.period.id,
        "award": award.id,
        "to": award.to,
        "group": item.group,
        "unit_id": item.key[0],
        "is_unit": item.is_unit,
        "status": ruling.status,
        "reason": ruling.reason,
        "reason_awards": " ".join(ruling.awards),
        "place": pd.NA if item.place is None else item.place,
        "n_places": pd.NA if item.place is None else item.n_places,
        "decision": ruling.decision if outcome.choose_of > 1 else "",
        "choose": outcome.choose,
        "choose_most": outcome.choose_most,
        "choose_of": outcome.choose_of,
        "seats": seats.certain,
        "seats_most": seats.most,
        "doubts": " ".join(item.doubts),
        **figures,
    }


def award_chain(data: Dataset, unit_id: str, period: str) -> list[dict[str, Any]] | None:
    """Return what becomes of a unit in each award of a period: its rows of the proposal as plain values.

    A chain is printed and passed on: what the nomination says in free words, names of persons perhaps, is left out.

    None where an error of nominations, initiatives or tasks stops the proposal; nothing where no award is given.
    """
    if period in data.broken_awards:
        return None
    if not any(award.to == "collective" for award in data.scheme.awards_of(period)):
        return []
    proposal = propose_awards_of(data, period)
    own = proposal[proposal["is_unit"] & (proposal["unit_id"] == unit_id)].drop(columns=_FREE_WORDS)
    return [{str(name): _plain(value) for name, value in row.items()} for row in own.to_dict("records")]


def _plain(value: Any) -> Any:
    if value is pd.NA or value is None or value != value:
        return None
    if isinstance(value, Fraction):
        return str(value)
    return value.item() if hasattr(value, "item") else value
