"""Neighbours along an award's own list: one list of all groups by index has near-ties across groups too."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from cchc.award_settings import Award
from cchc.candidates import Candidate, CandidateKey
from cchc.dataset import Dataset
from cchc.places import near_ties
from cchc.ranking import near_of
from cchc.stage import nears_of
from cchc.yearly import official_years


def is_one_list_by_index(award: Award) -> bool:
    """Whether candidates of all groups stand in one list and are compared by their index."""
    return award.allocation == "none" and "index_score" in award.criteria


def nears_of_period(data: Dataset, period: str) -> dict[str, Fraction]:
    """Return how close is near-tied in each group, as in the ranking of ``"2024"`` or ``"2021-2025"``."""
    first, last = int(period[:4]), int(period[-4:])
    if "-" in period:
        return nears_of(data, official_years(data, data.scheme.stage(first, last)))
    return {group.id: near_of(data, last, group.id) for group in data.scheme.groups}


def with_near_ties(award: Award, candidates: Sequence[Candidate], nears: Mapping[str, Fraction]) -> list[Candidate]:
    """Return the candidates; near-tied are neighbours of an award's own list where that has all groups by index.

    Any other list keeps the near-ties of the ranking. Where something else orders before the index, it is compared
    among those that are equal in that. Between groups, the coarser one says how close is near.
    """
    if not is_one_list_by_index(award):
        return list(candidates)
    at = award.criteria.index("index_score")
    lists: dict[tuple[object, ...], dict[Fraction, list[Candidate]]] = {}
    for item in candidates:
        if item.merit is not None:
            lists.setdefault(item.merit[:at], {}).setdefault(-item.merit[at], []).append(item)
    marked: set[CandidateKey] = set()
    for by_index in lists.values():
        for above, below in itertools.pairwise(sorted(by_index, reverse=True)):
            members = by_index[above] + by_index[below]
            if any(near_ties([above, below], [1, 2], max(nears[item.group] for item in members))):
                marked |= {item.key for item in members}
    return [replace(item, doubts=_doubts(item, item.key in marked)) for item in candidates]


def _doubts(item: Candidate, is_near: bool) -> tuple[str, ...]:
    others = [doubt for doubt in item.doubts if doubt not in ("tie", "near_tie")]
    return (*(["tie"] if "tie" in item.doubts else []), *(["near_tie"] if is_near else []), *others)
