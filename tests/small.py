"""Small schemes written in a few lines, and tables as lines of text, for the tests of the rules."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pandas as pd

from cchc.dataset import Dataset
from cchc.reading import read_dataset

Cells = Mapping[str, Mapping[str, str]]
"""unit -> code -> points as text: appraised ("50"), or the fields by name ("appraised=50 survey=20")."""

TITLE = 'schema_version = 1\ntitle = "Thử"\nissued_by = "Thử"\n'
ADJUSTMENTS = "bonus = { max = 5 }\npenalty = { max = 5 }\n"
SCORE_COLUMNS = ("unit", "code", "self", "appraised", "survey", "bonus", "penalty", "max_points", "note")


def small_dataset(
    folder: Path,
    scores: Mapping[int, Cells],
    *,
    rubric: str = "2000,,1,Một,100,,,",
    units: str = "",
    lineage: str = "",
    published: Mapping[int, str] | None = None,
    settings: str = "",
    tables: str = "",
    rewritten: Mapping[str, str] | None = None,
) -> Dataset:
    """Write a scheme "thu" inside `folder` and read it; an error in it fails the test.

    `rubric` holds lines of year, group, code, name_vi, max_points, by, weight, same_as; `units` lines of unit_id,
    group, valid_from, valid_to (default: all units of `scores`, always valid, in group "g"; a unit's name is its id);
    `lineage` lines of predecessor, successor, date, kind, share; `settings` and `tables` stand in scheme.toml, where
    groups are those of `units`; the empty code of `scores` is for bonus and penalty; `rewritten` replaces whole files.
    """
    names = dict.fromkeys(unit for cells in scores.values() for unit in cells)
    unit_rows = units or "\n".join(f"{name},g,," for name in names)
    groups = dict.fromkeys(row.split(",")[1] for row in unit_rows.split())
    heads = "".join(f'[[groups]]\nid = "{group}"\nshort = "{group}"\nname = "Nhóm {group}"\n' for group in groups)
    files = {
        "scheme.toml": f"{TITLE}{ADJUSTMENTS}{settings}\n{heads}{tables}",
        "units.csv": "unit_id,group,valid_from,valid_to,name_vi\n"
        + "".join(f"{row},{row.split(',')[0]}\n" for row in unit_rows.split()),
        "rubric.csv": "year,group,code,name_vi,max_points,by,weight,same_as\n" + _block(rubric),
        **{f"scores/{year}.csv": score_file(cells) for year, cells in scores.items()},
        **{f"published/{year}.csv": _block(text) for year, text in (published or {}).items()},
    }
    if lineage:
        files["lineage.csv"] = "predecessor,successor,date,kind,share\n" + _block(lineage)
    folder = folder / "thu"
    for path, text in {**files, **(rewritten or {})}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    data = read_dataset(folder)
    errors = [str(problem) for problem in data.problems if problem.is_error]
    assert not errors, "\n".join(errors)
    return data


def score_file(cells: Cells, *, columns: Sequence[str] = SCORE_COLUMNS, rows: Sequence[int] | None = None) -> str:
    """Return scores/<year>.csv; `columns` and `rows` (positions) can put both in another order."""
    records = []
    for unit, of_unit in cells.items():
        for code, text in of_unit.items():
            fields = dict(part.split("=") for part in text.split()) if "=" in text else {"appraised": text}
            records.append({"unit": unit, "code": code, **fields})
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(records if rows is None else [records[row] for row in rows])
    return out.getvalue()


def lines(text: str) -> list[str]:
    """Return an expected table's lines: one blank between cells, comments after # and empty lines left out."""
    stripped = (" ".join(line.partition("#")[0].split()) for line in text.splitlines())
    return [line for line in stripped if line]


def as_lines(frame: pd.DataFrame, columns: Iterable[str]) -> list[str]:
    """Return a table as such lines: a missing value and an empty text are "-", True is "x", False is "."."""
    return [" ".join(_cell(value) for value in row) for row in frame[list(columns)].itertuples(index=False)]


def _cell(value: Any) -> str:
    if value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value)):
        return "-"
    if isinstance(value, bool):
        return "x" if value else "."
    if isinstance(value, float):
        # repr is the shortest decimal that is this very float: 86.13 and 86.13000000000001 are two cells
        text = f"{Decimal(repr(float(value))):f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    if isinstance(value, Fraction):
        return f"{value.numerator}/{value.denominator}"
    return str(value).replace(" ", "_") or "-"


def _block(text: str) -> str:
    return "".join(f"{line.strip()}\n" for line in text.strip().splitlines())
