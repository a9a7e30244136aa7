"""Every way to damage or restyle one of the files of a scheme at random.

A case is a number and a seed: the same two give the same files, so that each can be made again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random

from bases import bases
from cell_mutations import CELLS
from csv_mutations import CSV
from xml_mutations import RAW, ZIP


@dataclass
class Case:
    """One damaged scheme: its files, and what was done to one of them."""

    base: str
    files: dict[str, bytes]
    target: str
    steps: list[str] = field(default_factory=list)


def make_case(seed: int, number: int) -> Case:
    """Return the files of a case: a base chosen by its number, changed in one to three ways."""
    random = Random(f"{seed}:{number}")
    names = list(bases())
    base = bases()[names[number % len(names)]]
    case = Case(names[number % len(names)], dict(base.files), base.target)
    for _ in range(random.choice((1, 1, 1, 2, 2, 3))):
        choices = _mutations(case)
        name = random.choice(list(choices))
        try:
            case.files[case.target] = choices[name](case.files[case.target], random)
        except Exception:  # what an earlier step broke, this one may not be able to read
            continue
        case.steps.append(name)
    return case


def _mutations(case: Case) -> Mapping[str, Callable[[bytes, Random], bytes]]:
    if case.target.endswith(".csv"):
        return {**RAW, **CSV, **{f"{name} ": what for name, what in CSV.items()}}
    if case.target.endswith(".xlsx"):
        return {**ZIP, **CELLS, "raw bytes": lambda content, random: random.choice([*RAW.values()])(content, random)}
    return {**ZIP, **RAW} if case.target.endswith(".ods") else RAW
