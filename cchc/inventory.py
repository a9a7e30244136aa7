"""Which files of a scheme's folder are read, and which are not: a misspelt name must not look like absent data."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from cchc.edition_files import FOLDER, EditionFile, find_editions
from cchc.names import closest
from cchc.phrases import Phrase
from cchc.problems import Problem, unreadable

TABLES = ("scheme.toml", "units.csv", "lineage.csv", "rubric.csv", "province.csv")
AWARD_FOLDERS = ("initiatives", "tasks", "nominations")
"""In the order in which they are read: a nomination names an initiative."""
FOLDERS = ("scores", FOLDER, *AWARD_FOLDERS)
WORKBOOKS = (".xlsx", ".xls", ".ods")
SCORE_FILES = (".csv", *WORKBOOKS)

REFUSED = ("link-outside", "file-unreadable", "file-missing")
"""Codes of what stands in a place that is read, and is not opened."""

_YEAR = re.compile(r"[12][0-9]{3}")
_STAGE = re.compile(r"[12][0-9]{3}-[12][0-9]{3}")
_SPREADSHEETS = (*SCORE_FILES, ".tsv", ".xlsm", ".xlsb")


@dataclass(frozen=True)
class YearFile:
    """One file of a year."""

    path: Path
    file: str
    year: int


@dataclass(frozen=True)
class AwardFile:
    """One file of what awards are given for; `kind` is its folder's name, `period` a year, or a stage (nominations)."""

    path: Path
    file: str
    kind: str
    period: str


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
    awards : tuple of AwardFile
        initiatives/2024.csv, tasks/2024.csv, nominations/2024.csv and nominations/2021-2025.csv.
    """

    tables: tuple[str, ...]
    scores: tuple[YearFile, ...]
    published: tuple[EditionFile, ...]
    awards: tuple[AwardFile, ...]


def take_inventory(folder: Path, problems: list[Problem]) -> Inventory:
    """Find what is read in a scheme's folder; what is not read is added to `problems`."""
    found = {path.name: path for path in _entries(folder, "", problems)}
    known = {name for name in FOLDERS if name in found and found[name].is_dir()} | {*TABLES}
    for name in known & found.keys():
        _may_read(found[name], folder, (), problems)
    for path in (path for name, path in found.items() if name not in known):
        _report_unused(path, folder, [*TABLES, *(f"{name}/" for name in FOLDERS)], problems)
    scores = _scores(folder, problems) if "scores" in known else ()
    published = _published(folder, problems) if FOLDER in known else ()
    awards = [item for name in AWARD_FOLDERS if name in known for item in _award_files(folder, name, problems)]
    return Inventory(tuple(name for name in TABLES if name in found), tuple(scores), tuple(published), tuple(awards))


def _scores(folder: Path, problems: list[Problem]) -> Iterator[YearFile]:
    for path in _entries(folder / "scores", "scores/", problems):
        if path.is_dir() and _YEAR.fullmatch(path.name):
            if not _may_read(path, folder, (int(path.name),), problems):
                continue
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
        if _may_read(path, folder, (year,), problems):
            yield YearFile(path, file, year)
    else:
        problems.append(Problem("file-format", file, years=(year,)))


def _published(folder: Path, problems: list[Problem]) -> list[EditionFile]:
    paths = [
        path
        for path in _entries(folder / FOLDER, f"{FOLDER}/", problems)
        if path.is_dir() or _may_read(path, folder, _last_year(path), problems)
    ]
    editions, others = find_editions(paths, problems)
    for path in others:
        year = path.name.partition(".")[0]
        expected = f"{FOLDER}/{year if _YEAR.fullmatch(year) else 2024}.csv"
        _report_unused(path, folder, [expected], problems)
    return editions


def _award_files(folder: Path, kind: str, problems: list[Problem]) -> Iterator[AwardFile]:
    for path in _entries(folder / kind, f"{kind}/", problems):
        period = path.stem
        is_period = _YEAR.fullmatch(period) or (kind == "nominations" and _STAGE.fullmatch(period))
        if path.suffix != ".csv" or not is_period or path.is_dir():
            known = period if is_period else "2024"
            _report_unused(path, folder, [f"{kind}/{known}.csv"], problems)
            continue
        found: list[Problem] = []
        if _may_read(path, folder, (), found):
            yield AwardFile(path, path.relative_to(folder).as_posix(), kind, period)
        problems.extend(replace(item, awards=(period,)) for item in found)


def _last_year(path: Path) -> tuple[int, ...]:
    """Return the last year that the file of an edition is about; none where it is no such file."""
    year = path.name.partition(".")[0][-4:]
    return (int(year),) if _YEAR.fullmatch(year) else ()


def _entries(folder: Path, file: str, problems: list[Problem]) -> list[Path]:
    """Return what stands in a folder, sorted, but what is hidden and what explains (README)."""
    try:
        paths = sorted(folder.iterdir())
    except OSError as error:
        problems.append(unreadable(file, error))
        return []
    # Excel leaves "~$2024.xlsx" beside an open workbook, macOS "._2024.xlsx"
    return [path for path in paths if not path.name.startswith((".", "~$", "README"))]


def _may_read(path: Path, folder: Path, years: tuple[int, ...], problems: list[Problem]) -> bool:
    """Whether a path leads to a file or folder inside the scheme; a link out, a pipe or a device is never opened."""
    file = path.relative_to(folder).as_posix()
    try:
        target = path.resolve(strict=True)
    except FileNotFoundError:
        problems.append(Problem("file-missing", file, years=years))
        return False
    except OSError as error:
        problems.append(unreadable(file, error, years))
        return False
    except RuntimeError:  # what Python 3.11 and 3.12 say of a link to itself
        problems.append(Problem("file-unreadable", file, years=years, details={"reason": Phrase("liên kết vòng")}))
        return False
    if not target.is_relative_to(folder.resolve()):
        problems.append(Problem("link-outside", file, years=years))
    elif not (target.is_file() or target.is_dir()):
        problems.append(Problem("file-unreadable", file, years=years, details={"reason": Phrase("không phải là tệp")}))
    else:
        return True
    return False


def _report_unused(path: Path, folder: Path, known: list[str], problems: list[Problem]) -> None:
    file = path.relative_to(folder).as_posix() + ("/" if path.is_dir() else "")
    allowed = ", ".join(closest(file, known) or known)
    problems.append(Problem("file-unused", file, details={"allowed": allowed}))
