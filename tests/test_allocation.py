"""Seats over groups and seats to candidates, by hand and against every decision that a council could take."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cchc.allocation import (
    Claim,
    Outcome,
    Seats,
    Unallocated,
    fill,
    least_given,
    share_by_size,
    share_equally,
)


def test_equal_shares() -> None:
    assert share_equally(4, ["a", "b", "c", "d"]) == dict.fromkeys("abcd", Seats(1, 1))
    assert share_equally(0, ["a"]) == {"a": Seats(0, 0)}


@pytest.mark.parametrize(
    ("seats", "sizes", "expected"),
    [
        # 10 x 19/44 = 4 rest 14, 8/44 = 1 rest 36, 11/44 = 2 rest 22, 6/44 = 1 rest 16: the two left to 36 and 22
        (10, (19, 8, 11, 6), [(4, 4), (2, 2), (3, 3), (1, 1)]),
        # 5 x 6/16 = 1 rest 14, 10/16 = 3 rest 2
        (5, (6, 10), [(2, 2), (3, 3)]),
        # halves: the one seat left may fall to either
        (5, (8, 8), [(2, 3), (2, 3)]),
        # 14/6 = 2 rest 2, twice; 7/6 = 1 rest 1, twice: one seat left to either of the first two
        (7, (2, 2, 1, 1), [(2, 3), (2, 3), (1, 1), (1, 1)]),
        (4, (1, 1, 0), [(2, 2), (2, 2), (0, 0)]),
        (3, (0, 0), [(0, 0), (0, 0)]),
        (0, (3, 1), [(0, 0), (0, 0)]),
    ],
)
def test_largest_remainder(seats: int, sizes: Sequence[int], expected: list[tuple[int, int]]) -> None:
    shares = share_by_size(seats, dict(zip("abcd", sizes, strict=False)))
    assert [(share.certain, share.most) for share in shares.values()] == expected


@given(st.integers(0, 30), st.lists(st.integers(0, 12), min_size=1, max_size=5))
def test_shares_add_up_and_follow_quota(seats: int, sizes: list[int]) -> None:
    shares = share_by_size(seats, dict(enumerate(sizes)))  # type: ignore[arg-type]
    total = sum(sizes)
    certain = sum(share.certain for share in shares.values())
    contenders = sum(share.most - share.certain for share in shares.values())
    if not total:
        assert certain == contenders == 0
        return
    assert certain + contenders > seats or certain == seats  # what is open is more wanted than there is
    for share, size in zip(shares.values(), sizes, strict=True):
        quota = Fraction(seats * size, total)
        assert abs(share.certain - quota) < 1
        assert abs(share.most - quota) < 1
    # a bigger group never has fewer, and equal groups have the same
    for (one, large), (two, small) in itertools.product(zip(shares.values(), sizes, strict=True), repeat=2):
        if large >= small:
            assert (one.certain, one.most) >= (two.certain, two.most)


Claims = Mapping[str, list[Claim]]


Doubts = Mapping[str, str]


def worlds(seats: Seats, classes: Sequence[Sequence[str]], claims: Claims, in_doubt: Doubts) -> Iterator[set[str]]:
    """Yield whoever would get a seat, for every decision about other awards, refused and open seats, and ties."""
    decisions = {claim for of_key in claims.values() for claim in of_key}
    for refused, taking in itertools.product(subsets({*in_doubt.values()}), subsets(claims)):
        gone = {*taking, *(key for key, decision in in_doubt.items() if decision in refused)}
        taken = [claims[key] for key in taking]
        numbers = {decision: sum(decision in of_key for of_key in taken) for decision in decisions}
        shared: Counter[Unallocated] = Counter()
        for decision, number in numbers.items():
            shared[decision.unallocated] += max(0, number - (decision.most - decision.more))
        if any(number > decision.most for decision, number in numbers.items()):
            continue
        if any(number > unallocated.seats for unallocated, number in shared.items()):
            continue
        for number in range(seats.certain, seats.most + 1):
            there = [[key for key in members if key not in gone] for members in classes]
            yield from choices(number, there)


def subsets(items: Iterable[str]) -> Iterator[tuple[str, ...]]:
    ordered = sorted(items)
    return itertools.chain.from_iterable(itertools.combinations(ordered, size) for size in range(len(ordered) + 1))


def choices(seats: int, classes: Sequence[Sequence[str]]) -> Iterator[set[str]]:
    if not classes:
        yield set()
        return
    first, *rest = classes
    for chosen in itertools.combinations(first, min(seats, len(first))):
        for others in choices(seats - len(chosen), rest):
            yield {*chosen, *others}


@st.composite
def lists(draw: st.DrawFn) -> tuple[Seats, list[list[str]], Claims, Doubts]:
    sizes = draw(st.lists(st.integers(1, 3), max_size=4))
    names = iter("abcdefghijkl")
    classes = [[next(names) for _ in range(size)] for size in sizes]
    seat = Unallocated("w", 1)  # one seat, wanted by two lists of the award w
    apart, shared = [Claim("x", 1), Claim("y", 2)], [Claim("u", 1, 1, seat), Claim("v", 2, 1, seat)]
    decisions = st.none() | st.sampled_from(draw(st.sampled_from([apart, shared, apart + shared])))
    drawn = {key: draw(decisions) for members in classes for key in members}
    certain = draw(st.integers(0, 5))
    in_doubt = {key: draw(st.sampled_from(["g", "h"])) for key in drawn if draw(st.integers(0, 2)) == 0}
    seats = Seats(certain, certain + draw(st.integers(0, 1)))
    return seats, classes, {k: [c] for k, c in drawn.items() if c}, in_doubt


@given(lists())
def test_outcomes_are_those_of_every_decision(
    case: tuple[Seats, list[list[str]], Claims, Doubts],
) -> None:
    """Proposed: gets a seat whatever is decided. Below: never. Everything else hangs on a decision, and says so."""
    seats, classes, claims, in_doubt = case
    outcomes = fill(seats, classes, claims, in_doubt)
    found = list(worlds(seats, classes, claims, in_doubt))
    for key in outcomes:
        surely, ever = all(key in world for world in found), any(key in world for world in found)
        status = outcomes[key].status
        assert (status == "proposed") == surely
        assert (status == "below") == (not ever)
        assert (status == "conditional" and outcomes[key].reason == "if_not_award") == (ever and key in claims)
    proposed = [key for key, outcome in outcomes.items() if outcome.status == "proposed"]
    assert len(proposed) <= seats.certain


def statuses(outcomes: Mapping[str, Outcome]) -> dict[str, str]:
    return {key: outcome.status for key, outcome in outcomes.items()}


def test_tie_at_the_last_seat_is_one_decision() -> None:
    outcomes = fill(Seats(3, 3), [["a"], ["b", "c", "d"], ["e"]], {}, {})
    assert statuses(outcomes) == {"a": "proposed", "b": "open", "c": "open", "d": "open", "e": "below"}
    assert outcomes["b"] == Outcome("open", "tie", 2, 2, 3)  # chọn 2 trong 3


def test_a_seat_that_a_leader_may_leave_is_a_condition() -> None:
    """One of a and b may get the flag, which leaves a seat to d; never two, so that e is below."""
    flag = [Claim("co", 1)]
    outcomes = fill(Seats(3, 3), [["a", "b"], ["c"], ["d"], ["e"]], {"a": flag, "b": flag}, {})
    assert {key: (item.status, item.reason) for key, item in outcomes.items()} == {
        "a": ("conditional", "if_not_award"), "b": ("conditional", "if_not_award"), "c": ("proposed", "within_seats"),
        "d": ("conditional", "if_seat_freed"), "e": ("below", "no_seat_left"),
    }  # fmt: skip


def test_an_unallocated_seat_is_open() -> None:
    outcomes = fill(Seats(1, 2), [["a"], ["b"], ["c"]], {}, {})
    assert outcomes["b"] == Outcome("open", "unallocated_seat", 0, 1, 1, n_unallocated=1)
    tied = fill(Seats(1, 2), [["a", "b", "c"]], {}, {})
    assert tied["a"] == Outcome("open", "tie", 1, 2, 3, n_unallocated=1)
    # b gets the certain seat if a leaves it, c nothing without the unallocated one
    freed = fill(Seats(1, 2), [["a"], ["b"], ["c"]], {"a": [Claim("co", 1)]}, {})
    assert [freed[key].n_unallocated for key in "abc"] == [0, 0, 1]


@pytest.mark.parametrize(
    ("lists", "unallocated", "given"),
    [
        ([(Seats(2, 2), 3), (Seats(2, 2), 1)], 0, 3),
        ([(Seats(0, 1), 2), (Seats(0, 1), 2)], 1, 1),  # whichever it falls to, it is given
        ([(Seats(0, 1), 2), (Seats(0, 1), 0)], 1, 0),  # nobody is there to take it in the second
        ([(Seats(1, 2), 2), (Seats(1, 2), 2), (Seats(1, 2), 1)], 2, 4),
        ([(Seats(0, 0), 0)], 3, 0),
    ],
)
def test_what_is_given_whatever_is_decided(lists: list[tuple[Seats, int]], unallocated: int, given: int) -> None:
    assert least_given(lists, unallocated) == given
