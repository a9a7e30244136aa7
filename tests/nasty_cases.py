"""The base scheme of tests/nasty with one thing changed, and what reading it must give: problems and numbers.

A case's file takes the place of the base's file of the same name, whatever the ending: ``scores/2024/noi-vu.xlsx``
that of ``scores/2024/noi-vu.csv``.
"""

from __future__ import annotations

import csv
import shutil
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd

from cchc.dataset import Dataset
from cchc.problems import Problem

NASTY = Path(__file__).parent / "nasty"
BASE = NASTY / "base"
FIELDS = ("self", "appraised", "survey", "bonus", "penalty", "max_points")
Numbers = dict[str, str]
"""("2024 noi-vu 1.1 appraised") -> number, or KAD."""


def lay(folder: Path, files: Mapping[str, bytes]) -> Path:
    """Write the base with `files` in it to `folder`, and return the scheme's folder."""
    scheme = folder / "thu"
    shutil.copytree(BASE, scheme)
    for file in files:
        for old in (scheme / file).parent.glob(f"{Path(file).stem}.*"):
            old.unlink()
    for file, content in files.items():
        (scheme / file).parent.mkdir(parents=True, exist_ok=True)
        (scheme / file).write_bytes(content)
    return scheme


def text_case(name: str) -> dict[str, bytes]:
    """Return the files of a case that is checked in as text."""
    folder = NASTY / name
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def base_numbers() -> Numbers:
    """Return every number of the base, read here in the plainest way."""
    numbers = {}
    for path in sorted(BASE.glob("scores/**/*.csv")):
        year = path.relative_to(BASE / "scores").parts[0].removesuffix(".csv")
        with path.open(encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream):
                texts = {field: row[field] for field in FIELDS if row[field]}
                numbers |= {key(year, row["unit"], row["code"], field): plain(texts[field]) for field in texts}
    return numbers


def key(year: Any, unit: str, code: str, field: str) -> str:
    return " ".join(part for part in (str(year), unit, code, field) if part)


def plain(text: str) -> str:
    return format(Decimal(text).normalize(), "f")


def numbers_of(data: Dataset) -> Numbers:
    """Return every number that a dataset holds: its points, as the rules of counting take them."""
    numbers: Numbers = {}
    rubric = data.rubric.set_index(["year", "group", "code"])["max_units"]
    row: Any
    for row in data.scores.itertuples():
        name = key(row.year, row.unit_id, row.code, "")
        if not row.is_applicable:
            numbers[name] = "KAD"
        values = {field: getattr(row, f"{field}_units") for field in ("self", "appraised", "survey")}
        if row.max_units != rubric[row.year, row.group, row.code]:
            values["max_points"] = row.max_units
        numbers |= {f"{name} {field}": points(data, value) for field, value in values.items() if pd.notna(value)}
    for row in data.adjustments.itertuples():
        values = {"bonus": row.bonus_units, "penalty": row.penalty_units}
        numbers |= {
            key(row.year, row.unit_id, "", field): points(data, value) for field, value in values.items() if value
        }
    return numbers


def points(data: Dataset, units: Any) -> str:
    return format(Decimal(int(units)).scaleb(-data.point_decimals).normalize(), "f")


def told(problem: Problem) -> list[Any]:
    """Return a problem as expected.toml writes it."""
    value = problem.value if len(problem.value) <= 80 else f"{problem.value[:20]}… {len(problem.value)}"
    return [problem.severity, problem.code, problem.place, value, list(problem.years)]
