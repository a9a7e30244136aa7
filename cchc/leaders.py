"""Who leads a group under which lineage policy: where the policies name others, no rule says who gets the flag."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from cchc.allocation import Outcome, Seats
from cchc.award_settings import Award
from cchc.candidates import Candidate, CandidateKey

Keys = set[CandidateKey]


@dataclass(frozen=True)
class Leaders:
    """Who comes first in a group of an award to its leaders, whichever lineage policy counts.

    Attributes
    ----------
    sure, rivals : collections
        Those who get a seat under both policies, and the others who would get one, alone or in a tie, under one of
        them: these are equal for the award.
    followers : collection
        Those who would be among them if nobody whom another award may take away were there.
    """

    sure: Collection[CandidateKey] = ()
    rivals: Collection[CandidateKey] = ()
    followers: Collection[CandidateKey] = ()

    def classes(self, free: Sequence[Candidate]) -> list[list[Candidate]]:
        """Return the candidates from the best place down, equal ones together."""
        classes: dict[tuple[int, int], list[Candidate]] = {}
        for item in free:
            rank = (3, item.place or 0)
            for tier, keys in enumerate((self.sure, self.rivals, self.followers)):
                if item.key in keys:
                    rank = (tier, 0 if tier else item.place or 0)
                    break
            classes.setdefault(rank, []).append(item)
        return [classes[rank] for rank in sorted(classes)]

    def told(
        self, outcomes: Mapping[CandidateKey, Outcome], claimed: Collection[CandidateKey]
    ) -> dict[CandidateKey, Outcome]:
        """Return the outcomes of these classes; none of the followers is below.

        Where another award takes one of the rivals away, one policy may name a follower beside the rivals that stay.
        """
        told = dict(outcomes)
        for key in self.followers:
            if key in told and told[key].status == "below":
                told[key] = Outcome("conditional", "if_not_award" if key in claimed else "if_seat_freed")
        return told


def leaders(
    lineage: str | None, award: Award, pool: Sequence[Candidate], seats: Seats, claimed: Collection[CandidateKey]
) -> Leaders:
    """Return who leads a group where the lineage policies name others, with or without the `claimed` candidates.

    Nobody where the policies name the same, where `lineage`, the policy of the stage, is None (a year has none), and
    where the award does not go to the leaders by index. `pool` has also those whom the policy of the stage leaves
    without a place.
    """
    if award.allocation != "per_group" or award.criteria[0] != "index_score" or lineage is None:
        return Leaders()
    official, rival = _compared(lineage, award, pool, seats)
    reached = official.reached | rival.reached
    is_one = official == rival
    followers: Keys = set()
    for key in (None, *claimed):  # one that is claimed itself may stay while the others go
        staying = [item for item in pool if item.key == key or item.key not in claimed]
        next_official, next_rival = _compared(lineage, award, staying, seats)
        is_one &= next_official == next_rival
        followers |= (next_official.reached | next_rival.reached) - reached
    if is_one:
        return Leaders()
    sure = official.reached if official == rival else official.sure & rival.sure
    return Leaders(sure, reached - sure, followers)


def with_rivals(lineage: str | None, award: Award, candidates: Sequence[Candidate]) -> list[Candidate]:
    """Return the candidates, those marked who lead their group under one of the lineage policies only."""
    if lineage is None or award.to != "collective":
        return list(candidates)
    marked: Keys = set()
    for group in {item.group for item in candidates}:
        pool = [item for item in candidates if item.group == group and item.is_unit]
        official, rival = _compared(lineage, award, pool, Seats(1, 1))
        marked |= official.reached ^ rival.reached
    return [replace(item, doubts=(*item.doubts, "other_leader")) if item.key in marked else item for item in candidates]


def _compared(lineage: str, award: Award, pool: Sequence[Candidate], seats: Seats) -> tuple[_Best, _Best]:
    """Return whom the seats would go to under the policy of the stage and under the other, the same where it agrees."""
    chosen, other = ("inherit", "separate") if lineage == "inherit" else ("separate", "inherit")
    eligible = [item for item in pool if not item.not_eligible]
    official = _best(seats, {item.key: item.place for item in eligible})
    recomputed = _best(seats, {item.key: item.ranks[chosen] for item in eligible})
    rival = _best(seats, {item.key: item.ranks[other] for item in pool if item.may_lead(award, other)})
    # an announcement that differs from the recomputation is no matter of the policy
    if recomputed == rival or not official.reached or not rival.reached:
        return official, official
    return official, rival


class _Best(NamedTuple):
    sure: Keys
    reached: Keys
    """All of those tied at the last seat too."""


def _best(seats: Seats, places: Mapping[CandidateKey, int | None]) -> _Best:
    """Return whom the seats would go to by some places."""
    known = sorted(place for place in places.values() if place is not None)
    last = known[: seats.certain][-1:]
    reached = {key for key, place in places.items() if place is not None and last and place <= last[0]}
    # with more of them than seats those tied at the last one get it by nobody's rule
    tied = {key for key in reached if places[key] == last[0]} if len(reached) > seats.certain else set()
    return _Best(reached - tied, reached)
