"""What became of the candidates of a period, award after award: what an award leaves to those that exclude it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from cchc.allocation import Claim, Outcome, Unallocated
from cchc.award_settings import Award
from cchc.candidates import Candidate, CandidateKey, Period


@dataclass(frozen=True)
class Ruling:
    """What became of a candidate for one award.

    `decision` is the open decision that it hangs on, "" without one; `awards` exclude it, or it hangs on them.
    """

    status: str
    reason: str
    outcome: Outcome | None = None
    decision: str = ""
    awards: Sequence[str] = ()

    def claim(self, unallocated: Unallocated) -> Claim:
        """Return what it may take away from the awards that exclude this one."""
        if self.outcome is None:
            return Claim(self.decision, 1)
        return Claim(self.decision, self.outcome.choose_most or 1, self.outcome.n_unallocated, unallocated)


@dataclass
class Course:
    """The awards of a period, one after the other."""

    awards: Sequence[Award]
    period: Period
    groups: Sequence[str]
    nears: Mapping[str, Fraction]
    """How close is near-tied in each group; nothing where no award compares across groups."""
    rulings: dict[str, dict[CandidateKey, Ruling]] = field(default_factory=dict)
    unallocated: dict[str, Unallocated] = field(default_factory=dict)
    """The seats of each award ruled on that no rule shares out."""
    contested: set[str] = field(default_factory=set)
    """The awards with more nominees without a place than seats left: to choose one of these is to replace another."""

    def exclusive(self, award: Award) -> list[str]:
        """Return the awards listed before this one that the same candidate cannot get beside it."""
        earlier = self.awards[: self.awards.index(award)]
        return [other.id for other in earlier if other.id in award.not_with or award.id in other.not_with]

    def excluding(self, award: Award, key: CandidateKey, *statuses: str) -> list[str]:
        """Return those of them in which a candidate has one of `statuses`."""
        rulings = {name: self.rulings[name].get(key) for name in self.exclusive(award)}
        return [name for name, ruling in rulings.items() if ruling and ruling.status in statuses]

    def admit(
        self, award: Award, candidates: Sequence[Candidate]
    ) -> tuple[dict[CandidateKey, Ruling], dict[CandidateKey, list[Claim]]]:
        """Return who cannot be proposed, and whom a decision about an earlier award may still take away."""
        rulings: dict[CandidateKey, Ruling] = {}
        claims: dict[CandidateKey, list[Claim]] = {}
        for item in candidates:
            if item.not_eligible:
                rulings[item.key] = Ruling("not_eligible", item.not_eligible)
            elif held := self.excluding(award, item.key, "proposed"):
                rulings[item.key] = Ruling("excluded", "holds_award", awards=held)
            elif either := self._either(award, item.key):
                rulings[item.key] = Ruling("excluded", "holds_either", awards=either)
            elif unsure := self.excluding(award, item.key, "open", "conditional"):
                claims[item.key] = [self.rulings[name][item.key].claim(self.unallocated[name]) for name in unsure]
        return rulings, claims

    def _either(self, award: Award, key: CandidateKey) -> list[str]:
        """Return the excluding awards of which a candidate gets one whatever the council decides."""
        exclusive = self.exclusive(award)
        for name in exclusive:
            ruling = self.rulings[name].get(key)
            if ruling and ruling.outcome and ruling.outcome.is_sure and {*ruling.awards} <= {*exclusive}:
                return [other for other in exclusive if other == name or other in ruling.awards]
        return []

    def hinging(self, award: Award, item: Candidate, outcome: Outcome, better: Sequence[Candidate]) -> list[str]:
        """Return the earlier awards on which an outcome hangs: the candidate's own, or those of the better ones.

        None where one of the better ones may be refused the seat itself: then it may be free whoever gets what. Units
        of one group that is gone are refused together, so that none of them gains by it.
        """
        if outcome.reason == "if_not_award":
            return self.excluding(award, item.key, "open", "conditional")
        refusable = [other for other in better if "group_dissolved" in other.doubts]
        is_gone = "group_dissolved" in item.doubts
        if outcome.reason != "if_seat_freed" or any(not is_gone or other.group != item.group for other in refusable):
            return []
        found = {name for other in better for name in self.excluding(award, other.key, "open", "conditional")}
        return [name for name in self.exclusive(award) if name in found]
