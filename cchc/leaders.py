"""Who leads a group under which lineage policy: where the policies name others, no rule says who gets the flag."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from cchc.allocation import Seats
from cchc.award_settings import Award
from cchc.candidates import Candidate, CandidateKey

Keys = set[CandidateKey]


def leaders(
    lineage: str | None, award: Award, pool: Sequence[Candidate], seats: Seats
) -> tuple[Collection[CandidateKey], Collection[CandidateKey]]:
    """Return who is among the first of a group under both lineage policies, and who under one of them only.

    Nobody where the policies name the same, where `lineage`, the policy of the stage, is None (a year has none), and
    where the award does not go to the leaders by index. `pool` has also those whom the policy of the stage leaves
    without a place.
    """
    if award.allocation != "per_group" or award.criteria[0] != "index_score" or lineage is None:
        return (), ()
    both, one = _compared(lineage, award, pool, seats)
    return (both, one) if one else ((), ())


def with_rivals(lineage: str | None, award: Award, candidates: Sequence[Candidate]) -> list[Candidate]:
    """Return the candidates, those marked who lead their group under one of the lineage policies only."""
    if lineage is None or award.to != "collective":
        return list(candidates)
    marked: Keys = set()
    for group in {item.group for item in candidates}:
        pool = [item for item in candidates if item.group == group and item.is_unit]
        marked |= _compared(lineage, award, pool, Seats(1, 1))[1]
    return [replace(item, doubts=(*item.doubts, "other_leader")) if item.key in marked else item for item in candidates]


def _compared(lineage: str, award: Award, pool: Sequence[Candidate], seats: Seats) -> tuple[Keys, Keys]:
    chosen, other = ("inherit", "separate") if lineage == "inherit" else ("separate", "inherit")
    eligible = [item for item in pool if not item.not_eligible]
    official = _best(seats, {item.key: item.place for item in eligible})
    recomputed = _best(seats, {item.key: item.ranks[chosen] for item in eligible})
    rival = _best(seats, {item.key: item.ranks[other] for item in pool if item.may_lead(award, other)})
    # an announcement that differs from the recomputation is no matter of the policy
    if recomputed == rival or not official or not rival:
        return official, set()
    return official & rival, official ^ rival


def _best(seats: Seats, places: Mapping[CandidateKey, int | None]) -> Keys:
    """Return whom the seats would go to by some places; all of those tied at the last seat."""
    known = sorted(place for place in places.values() if place is not None)
    last = known[: seats.certain][-1:]
    return {key for key, place in places.items() if place is not None and last and place <= last[0]}


def classes_of(
    free: Sequence[Candidate], both: Collection[CandidateKey], rivals: Collection[CandidateKey]
) -> list[list[Candidate]]:
    """Return the candidates from the best place down, equal ones together.

    Those who lead under one lineage policy only are equal, after those who lead under both.
    """
    classes: dict[tuple[int, int], list[Candidate]] = {}
    for item in free:
        rank = (1, 0) if item.key in rivals else (0 if item.key in both else 2, item.place or 0)
        classes.setdefault(rank, []).append(item)
    return [classes[rank] for rank in sorted(classes)]
