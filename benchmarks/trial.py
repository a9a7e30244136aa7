"""One damaged scheme, read and judged; what the damage does not touch is read once for all of them."""

from __future__ import annotations

import pickle
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mutations import Case
from oracle import Check

from cchc import reading
from cchc.checks import most_decimals
from cchc.dataset import Dataset
from cchc.problems import KINDS, InputError, Problem, order


@dataclass
class Verdict:
    """What became of a case."""

    outcome: str
    found: list[str] = field(default_factory=list)
    seconds: float = 0.0
    steps: tuple[str, ...] = ()


class Memory:
    """Answers of steps that depend on nothing but their input, so that 20,000 cases take an hour and not three.

    Also the years in error are looked at: their numbers come out once the error is mended.
    """

    def __init__(self) -> None:
        self._answers: dict[Any, Any] = {}
        self._replaced = {
            name: getattr(reading, name)
            for name in ("_read_units", "_read_rubric", "_check_year", "read_entries", "_without_broken_years")
        }

    def __enter__(self) -> Memory:
        for name, key in (
            ("_read_units", self._units_key), ("_read_rubric", self._rubric_key), ("_check_year", self._year_key),
            ("read_entries", lambda path, file, year: (path.read_bytes(), file, year)),
        ):  # fmt: skip
            setattr(reading, name, self._remember(self._replaced[name], key))
        reading._without_broken_years = lambda data: data
        return self

    def __exit__(self, *error: object) -> None:
        for name, function in self._replaced.items():
            setattr(reading, name, function)

    def whole(self, data: Dataset) -> Dataset:
        """Leave the years in error out, as reading does."""
        left: Dataset = self._replaced["_without_broken_years"](data)
        return left

    def _remember(self, function: Callable[..., Any], key: Callable[..., Any]) -> Callable[..., Any]:
        def remembered(*parts: Any) -> Any:
            own: list[Problem] = []
            *rest, problems = parts
            known = function.__name__, key(*rest)
            if known not in self._answers:
                if len(self._answers) > 200:
                    self._answers.clear()
                try:
                    self._answers[known] = function(*rest, own), tuple(own)
                except InputError as error:
                    raise InputError([*problems, *own]) from error
            answer, found = self._answers[known]
            problems.extend(found)
            return answer

        return remembered

    @staticmethod
    def _units_key(folder: Path, scheme: Any, inventory: Any) -> Any:
        return (folder / "scheme.toml").read_bytes(), (folder / "units.csv").read_bytes(), inventory.tables

    @staticmethod
    def _rubric_key(folder: Path, data: Dataset, numbers: Any, years: list[int]) -> Any:
        most = most_decimals(numbers, data.scheme.point_decimals)
        return (folder / "rubric.csv").read_bytes(), most, tuple(years), pickle.dumps((data.scheme, data.units))

    @staticmethod
    def _year_key(data: Dataset, year: int, entries: Any, numbers: Any) -> Any:
        return year, data.point_decimals, pickle.dumps((entries, data.rubric, data.units))


def try_case(case: Case, folder: Path, memory: Memory) -> Verdict:
    """Read a case's files, and hold what comes out against what stands there."""
    start = time.monotonic()
    for name, content in case.files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    try:
        data = reading.read_dataset(folder)
        memory.whole(data)
        problems = list(data.problems)
        found = [*_problems(problems), *Check(case, folder, data).run()]
        outcome = "errors" if any(item.is_error for item in problems) else "warnings" if problems else "clean"
    except InputError as error:
        found, outcome = _problems(list(error.problems)), "whole scheme stopped"
        if case.target.startswith("scores/"):
            found.append(f"one file of scores stops the whole scheme: {error}")
    except Exception:
        found, outcome = [traceback.format_exc()], "exception"
    for name in case.files:
        (folder / name).unlink()
    return Verdict("failure" if found else outcome, found, time.monotonic() - start, tuple(case.steps))


def _problems(problems: list[Problem]) -> list[str]:
    """Every problem has a file and, where it is of a cell, that; its texts can be written and it can be listed."""
    found = []
    sorted(problems, key=order)
    for item in problems:
        text = str(item)
        if not item.file or not text or item.code not in KINDS:
            found.append(f"a problem without its place: {text}")
    return found
