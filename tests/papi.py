"""Real numbers for the tests: PAPI (63 provinces, 14 years, six and from 2018 eight dimensions) as a scheme.

The figures are read from the folder of shared data and never copied into the project. Each dimension is the sum of its
sub-dimensions; a dimension of which one is blank, that the year's own rubric has, is not entered. The files' codes are
positional and a column may be empty in a year, so a year's rubric is what any province has in that year.
"""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

YEARS = range(2011, 2025)
STAGES = ((2011, 2015), (2016, 2020), (2020, 2024), (2011, 2020), (2015, 2024))
MAXIMUM = 10
WEIGHTS = {2011: (25, 20, 20, 15, 10, 10), 2018: (20, 15, 15, 10, 10, 10, 10, 10)}
FIFTEEN = Decimal("0.999999")
"""Times this a number of nine decimals has fifteen; dimensions stay between 1 and 10, and in order."""

_REGIONS = {
    "mien-nui": (2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 15, 16),
    "song-hong": (1, 14, 17, 18, 19, 20, 21, 22, 23, 24, 25),
    "mien-trung": tuple(range(26, 40)),
    "tay-nguyen": tuple(range(40, 45)),
    "dong-nam-bo": tuple(range(45, 51)),
    "cuu-long": tuple(range(51, 64)),
}
REGION = {f"p{number:02d}": region for region, numbers in _REGIONS.items() for number in numbers}
"""The region of each province, by unit_id."""


def dimensions(source: Path, year: int) -> dict[str, dict[str, Decimal | None]]:
    """Return unit_id -> dimension ("1" to "8") -> its points, None where it is not entered."""
    with (source / "papi" / f"{year}.csv").open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))
    rubric: dict[str, list[str]] = {}
    for column in rows[0]:
        if column != "Province" and any(row[column] for row in rows):
            rubric.setdefault(column[2], []).append(column)
    return {
        row["Province"].lower(): {
            code: None if "" in (texts := [row[column] for column in columns]) else sum(map(Decimal, texts), Decimal(0))
            for code, columns in rubric.items()
        }
        for row in rows
    }


def write_papi(
    source: Path,
    folder: Path,
    *,
    regions: bool = False,
    weights: bool = False,
    decimals: int = 2,
    rank_on: str = "rounded",
    factor: Decimal = Decimal(1),
) -> Path:
    """Write the scheme into `folder`: one group, or six regions; `factor` multiplies every dimension."""
    groups = dict.fromkeys(REGION.values()) if regions else {"tinh": None}
    heads = "".join(f'[[groups]]\nid = "{group}"\nshort = "{group}"\nname = "Nhóm {group}"\n' for group in groups)
    stages = "".join(
        f'[[stages]]\nfirst = {first}\nlast = {last}\nmin_years = 3\nlineage = "separate"\n' for first, last in STAGES
    )
    settings = f'decimals = {decimals}\nrank_on = "{rank_on}"\npoint_decimals = 15\n'
    (folder / "scores").mkdir(parents=True)
    _write(folder / "scheme.toml", f'schema_version = 1\ntitle = "PAPI"\nissued_by = "Thử"\n{settings}{heads}{stages}')

    names = _codebook(source / "papi" / "codebook_provinces.csv")
    units = [f"{code.lower()},{name},{REGION[code.lower()] if regions else 'tinh'}" for code, name in names.items()]
    _write(folder / "units.csv", "\n".join(["unit_id,name_vi,group", *units]))

    rubric = ["year,group,code,name_vi,max_points,weight"]
    for year, shares in WEIGHTS.items():
        for (code, name), share in zip(
            _codebook(source / "papi" / "codebook_criteria.csv").items(), shares, strict=False
        ):
            rubric.append(f'{year},,{int(code[1:])},"{name}",{MAXIMUM},{share if weights else ""}')
    _write(folder / "rubric.csv", "\n".join(rubric))

    for year in YEARS:
        rows = [
            f"{unit},{code},{points * factor:f}"
            for unit, of_unit in dimensions(source, year).items()
            for code, points in of_unit.items()
            if points is not None
        ]
        _write(folder / "scores" / f"{year}.csv", "\n".join(["unit,code,appraised", *rows]))
    return folder


def _codebook(path: Path) -> dict[str, str]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return {row["Variable_Code"]: row["Variable_Name"] for row in csv.DictReader(lines)}


def _write(path: Path, text: str) -> None:
    path.write_text(f"{text}\n", encoding="utf-8")
