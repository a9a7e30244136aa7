"""Who leads under which lineage policy, against every decision of the council: a policy, ties, earlier awards."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from types import SimpleNamespace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from cchc.allocation import Claim, Seats, fill
from cchc.candidates import Candidate
from cchc.leaders import leaders

FLAG: Any = SimpleNamespace(
    allocation="per_group", criteria=("index_score",), require=SimpleNamespace(min_coverage=None), to="collective"
)


def ranks_of(values: Sequence[int]) -> list[int]:
    return [1 + sum(other > value for other in values) for value in values]


def winners(places: Sequence[int], present: Sequence[int], seats: int) -> Iterator[set[int]]:
    """Yield every way to give the seats to those present, the best first, by the choice of the council where tied."""
    ways: list[set[int]] = [set()]
    for place in sorted({places[at] for at in present}):
        equal = [at for at in present if places[at] == place]
        ways = [
            way | set(chosen)
            for way in ways
            for chosen in itertools.combinations(equal, min(len(equal), seats - len(way)))
        ]
    yield from ways


@settings(max_examples=300)
@given(
    st.integers(2, 4).flatmap(
        lambda n: st.lists(st.tuples(*[st.integers(0, 3)] * 2, st.booleans()), min_size=n, max_size=n)
    ),
    st.integers(1, 2),
)
def test_whoever_may_get_a_seat_under_a_policy_is_told(units: list[tuple[int, int, bool]], number: int) -> None:
    """Two units that tie under one policy only were once proposed and below."""
    inherit, separate = (ranks_of([unit[at] for unit in units]) for at in (0, 1))
    claimed = [at for at, unit in enumerate(units) if unit[2]]
    pool = [
        Candidate((f"u{at}", "", ""), "g", True, {"n_years": 2}, (place,), place=place, n_places=len(units),
                  ranks={"inherit": place, "separate": separate[at]})
        for at, place in enumerate(inherit)
    ]  # fmt: skip
    seats, claims = Seats(number, number), {pool[at].key: [Claim(f"d{at}", 1)] for at in claimed}
    first = leaders("inherit", FLAG, pool, seats, claims)
    outcomes = first.told(
        fill(seats, [[item.key for item in members] for members in first.classes(pool)], claims, {}), claims
    )
    worlds = [
        way
        for size in range(len(claimed) + 1)
        for gone in itertools.combinations(claimed, size)
        for places in (inherit, separate)
        for way in winners(places, [at for at in range(len(units)) if at not in gone], number)
    ]
    for at, item in enumerate(pool):
        status = outcomes[item.key].status
        assert status != "proposed" or all(at in way for way in worlds)
        assert status != "below" or not any(at in way for way in worlds)
    assert sum(outcome.status == "proposed" for outcome in outcomes.values()) <= number
