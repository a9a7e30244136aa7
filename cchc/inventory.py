"""Which files of a scheme's folder are read, and which are not: a misspelt name must not look like absent data."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cchc.edition_files import FOLDER, EditionFile, find_editions
from cchc.names import closest
from cchc.problems import Problem, unreadable

TABLES = ("scheme.toml", "units.csv", "lineage.csv", "rubric.csv", "province.csv")
FOLDERS = ("scores", FOLDER, "nominations", "initiatives", "tasks")
WORKBOOKS = (".xlsx", ".xls", ".ods")
SCORE_FILES = (".csv", *WORKBOOKS)

_YEAR = re.compile(r"[12][0-9]{3}")
_SPREADSHEETS = (*SCORE_FILES, ".tsv", ".xlsm", ".xlsb")


@dataclass(frozen=True)
class YearFile:
    """One file of a year."""

    path: Path
    file: str
    year: int


@dataclass(frozen=True)
class Inventory:
    """The files of a scheme that are read.

    Attributes
    ----------
    tables : tuple of str
        Those of `TABLES` that are there.
    scores : tuple of YearFile
        scores/2024.csv, scores/2024.xlsx (.xls, .ods), and any of either form in scores/2024/; by path.
    published : tuple of EditionFile
        The editions of what was announced, published/2024.csv, published/2024.2.csv, published/2021-2025.csv; by
        period and number.
    """

    tables: tuple[str, ...]
    scores: tuple[YearFile, ...]
    published: tuple[EditionFile, ...]


def take_inventory(folder: Path, problems: list[Problem]) -> Inventory:
    """Find what is read in a scheme's folder; what is not read is added to `problems`."""
    found = {path.name: path for path in _entries(folder, "", problems)}
    known = {name for name in FOLDERS if name in found and found[name].is_dir()} | {*TABLES}
    for path in (path for name, path in found.items() if name not in known):
        _report_unused(path, folder, [*TABLES, *(f"{name}/" for name in FOLDERS)], problems)
    scores = _scores(folder, problems) if "scores" in known else ()
    published = _published(folder, problems) if FOLDER in known else ()
    return Inventory(tuple(name for name in TABLES if name in found), tuple(scores), tuple(published))


def _scores(folder: Path, problems: list[Problem]) -> Iterator[YearFile]:
    for path in _entries(folder / "scores", "scores/", problems):
        if path.is_dir() and _YEAR.fullmatch(path.name):
            for inner in _entries(path, f"scores/{path.name}/", problems):
                yield from _score_file(inner, folder, int(path.name), problems)
        else:
            year = path.name.partition(".")[0]
            yield from _score_file(path, folder, int(year) if _YEAR.fullmatch(year) else None, problems)


def _score_file(path: Path, folder: Path, year: int | None, problems: list[Problem]) -> Iterator[YearFile]:
    file, suffix = path.relative_to(folder).as_posix(), path.suffix.lower()
    if year is None or suffix not in _SPREADSHEETS or path.is_dir():
        name = str(year) if year else path.name.removesuffix(path.suffix)
        expected = [f"scores/{name if _YEAR.fullmatch(name) else 2024}{ending}" for ending in (".csv", ".xlsx", "/")]
        _report_unused(path, folder, expected, problems)
    elif suffix in SCORE_FILES:
        yield YearFile(path, file, year)
    else:
        problems.append(Problem("file-format", file, years=(year,)))


def _published(folder: Path, problems: list[Problem]) -> list[EditionFile]:
    editions, others = find_editions(_entries(folder / FOLDER, f"{FOLDER}/", problems), problems)
    for path in others:
        year = path.name.partition(".")[0]
        expected = f"{FOLDER}/{year if _YEAR.fullmatch(year) else 2024}.csv"
        _report_unused(path, folder, [expected], problems)
    return editions


def _entries(folder: Path, file: str, problems: list[Problem]) -> list[Path]:
    """Return what stands in a folder, sorted, but what is hidden and what explains (README)."""
    try:
        paths = sorted(folder.iterdir())
    except OSError as error:
        problems.append(unreadable(file, error))
        return []
    # Excel leaves "~$2024.xlsx" beside an open workbook, macOS "._2024.xlsx"
    return [path for path in paths if not path.name.startswith((".", "~$", "README"))]


def _report_unused(path: Path, folder: Path, known: list[str], problems: list[Problem]) -> None:
    file = path.relative_to(folder).as_posix() + ("/" if path.is_dir() else "")
    allowed = ", ".join(closest(file, known) or known)
    problems.append(Problem("file-unused", file, details={"allowed": allowed}))
