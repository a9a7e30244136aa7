"""Seats: how they are shared over groups, and who gets them from the best place down.

Only integers are compared. What a document does not settle is left open: equal remainders, ties at the last seat, a
candidate who gets this award only if the council does not give it another one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeVar

Status = Literal["proposed", "open", "conditional", "below"]
Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class Seats:
    """The seats of one list: so many for certain, and `most` where seats that no rule shares out may fall to it."""

    certain: int
    most: int


@dataclass(frozen=True)
class Unallocated:
    """The seats of an award that no rule shares out: so many for all of its lists together."""

    award: str
    seats: int


@dataclass(frozen=True)
class Claim:
    """What may take a candidate away: a decision about another award, which takes at most `most` of its candidates.

    `more` of them only with one of the unallocated seats of that award, which all its decisions share.
    """

    decision: str
    most: int
    more: int = 0
    unallocated: Unallocated = Unallocated("", 0)


@dataclass(frozen=True)
class Outcome:
    """What becomes of one candidate.

    Attributes
    ----------
    status, reason : str
        "proposed": "within_seats". "open": "tie", "unallocated_seat", "in_doubt" (the council may refuse
        the seat). "conditional": "if_not_award" (this candidate may get another award), "if_seat_freed" (a better one
        may leave its seat). "below": "no_seat_left".
    choose, choose_most, choose_of : int
        Where the council has to choose: so many (to `choose_most`, where that hangs on another decision) of so many.
    n_unallocated : int
        How many of its class get a seat only if an unallocated one falls to its list.
    is_sure : bool
        It gets a seat whenever no other award takes it away.
    """

    status: Status
    reason: str
    choose: int = 0
    choose_most: int = 0
    choose_of: int = 0
    n_unallocated: int = 0
    is_sure: bool = False


def share_equally(seats: int, groups: Sequence[str]) -> dict[str, Seats]:
    """Share seats equally over groups; what is left over is given to none."""
    each = seats // len(groups)
    return {group: Seats(each, each) for group in groups}


def share_by_size(seats: int, sizes: Mapping[str, int]) -> dict[str, Seats]:
    """Share seats by the largest remainder of ``seats x size / total``, in integers.

    Where the last seats fall to equal remainders, each of these groups may get one: no rule says which.
    """
    total = sum(sizes.values())
    if not total:
        return dict.fromkeys(sizes, Seats(0, 0))
    whole = {group: seats * size // total for group, size in sizes.items()}
    rest = {group: seats * size % total for group, size in sizes.items()}
    left = seats - sum(whole.values())
    ordered = sorted(rest.values(), reverse=True)
    last, after = (ordered[left - 1], ordered[left]) if left else (total, total)
    shares = {}
    for group in sizes:
        is_open = last == after == rest[group]
        certain = whole[group] + (left > 0 and rest[group] >= last and not is_open)
        shares[group] = Seats(certain, certain + is_open)
    return shares


def fill(
    seats: Seats,
    classes: Sequence[Collection[Key]],
    claims: Mapping[Key, Collection[Claim]],
    in_doubt: Mapping[Key, str],
) -> dict[Key, Outcome]:
    """Give the seats of one list to its candidates.

    Parameters
    ----------
    seats : Seats
    classes : sequence of collections
        The candidates from the best place down; those of one class are equal.
    claims : mapping
        The candidates that a decision about another award may take away.
    in_doubt : mapping
        The candidates to whom the council may refuse the seat itself, and what it decides about: those of one
        decision (the units of a group that is gone) are refused all together, or none of them is.

    Returns
    -------
    dict
        An outcome for each candidate. Whatever the council decides, those proposed fit into the seats, and none of
        those below would get one: a seat that one with a claim or in doubt leaves is a condition, not a proposal.
    """
    outcomes: dict[Key, Outcome] = {}
    better: list[Key] = []
    for members in classes:
        # who is in doubt gains nothing from those who are refused with it
        freed = {key: most_gone(better, claims, _decided_apart(in_doubt, key)) for key in members}
        # with all of the better ones still there, and with as many of them gone as can be
        least = max(0, seats.certain - len(better))
        most = {key: max(0, seats.most + freed[key] - len(better)) for key in members}
        surely_most = max(0, seats.most - len(better))
        size = sum(number > 0 for number in most.values())
        certain_most = max(0, seats.certain + max(freed.values()) - len(better))
        n_unallocated = min(max(most.values()), size) - min(certain_most, size)
        for key in members:
            if most[key] == 0:
                outcomes[key] = Outcome("below", "no_seat_left")
                continue
            outcome = _outcome(size, least, max(most.values()), surely_most, key in claims)
            is_refusable = outcome.status == "proposed" and key in in_doubt
            outcome = Outcome("open", "in_doubt", 0, 1, 1) if is_refusable else outcome
            is_sure = least >= len(members) and key not in in_doubt
            outcomes[key] = replace(outcome, n_unallocated=n_unallocated, is_sure=is_sure)
        better += members
    return outcomes


def _decided_apart(in_doubt: Mapping[Key, str], key: Key) -> set[Key]:
    return {other for other, decision in in_doubt.items() if decision != in_doubt.get(key)}


def _outcome(size: int, least: int, most: int, surely_most: int, has_claim: bool) -> Outcome:
    choice = (least, min(most, size), size) if least < size and size > 1 else (0, 0, 0)
    if has_claim:
        return Outcome("conditional", "if_not_award", *choice)
    if least >= size:
        return Outcome("proposed", "within_seats")
    if surely_most == 0:
        return Outcome("conditional", "if_seat_freed", *choice)
    if size > 1:
        return Outcome("open", "tie", *choice)
    return Outcome("open", "unallocated_seat", 0, 1, 1)


def most_gone(keys: Iterable[Key], claims: Mapping[Key, Collection[Claim]], in_doubt: Collection[Key] = ()) -> int:
    """Return how many of some candidates may be refused or taken away by other decisions, all together."""
    keys = list(keys)
    claimed = [key for key in keys if key in claims and key not in in_doubt]
    return sum(key in in_doubt for key in keys) + _most_taken(claimed, claims)


def least_given(lists: Iterable[tuple[Seats, int]], unallocated: int) -> int:
    """Return how many seats go to somebody whatever is decided; of each list its seats and who surely stays in it."""
    given = n_idle = n_busy = 0
    for seats, staying in lists:
        given += min(seats.certain, staying)
        if seats.most > seats.certain:
            n_idle += staying < seats.most  # an unallocated seat that falls to it may be left over
            n_busy += staying >= seats.most
    return given + min(n_busy, max(0, unallocated - n_idle))


def _most_taken(keys: Sequence[Key], claims: Mapping[Key, Collection[Claim]]) -> int:
    """Return how many of some candidates the decisions may take away together."""
    members = Counter(claim for key in keys for claim in claims[key])
    taken = 0
    more: Counter[Unallocated] = Counter()
    for claim, number in members.items():
        least = min(claim.most - claim.more, number)
        taken += least
        more[claim.unallocated] += min(claim.most, number) - least
    return min(len(keys), taken + sum(min(seat.seats, number) for seat, number in more.items()))
