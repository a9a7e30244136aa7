"""The files of what was announced: their names, and the record that stands beside the table of an edition.

An edition is three files that are never changed again: the table, the archive of what it was made from, and a record
(decision, date, hashes of the other two). The first is ``published/2024.csv``, ``.zip`` and ``.toml``, the second
``published/2024.2.csv`` and so on, a stage's ``published/2021-2025.csv``. A new edition is new files only: nothing that
was announced is written over, and whatever interrupts the writing leaves the earlier editions as they are. The first
table may stand alone: it was typed from what had been announced without this program.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cchc.phrases import Phrase
from cchc.problems import Problem

FOLDER = "published"
TABLE, ARCHIVE, RECORD = ".csv", ".zip", ".toml"
LONGEST_DECISION = 200

_NAME = re.compile(r"([12][0-9]{3}(?:-[12][0-9]{3})?)(?:\.([2-9]|[1-9][0-9]{1,3}))?(\.csv|\.zip|\.toml)")
_HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class EditionFile:
    """The files of one edition.

    Attributes
    ----------
    period : str
        ``"2024"`` or ``"2021-2025"``.
    edition : int
        From 1 up.
    path, file : Path and str
        The table, and its path inside the scheme's folder.
    record, archive : Path or None
        None where the file is not there: the first table may have been typed.
    """

    period: str
    edition: int
    path: Path
    file: str
    record: Path | None
    archive: Path | None


@dataclass(frozen=True)
class Record:
    """What stands in the record of an edition."""

    edition: int
    decision: str
    date: dt.date
    table_sha256: str
    archive_sha256: str


def edition_name(period: str, edition: int, suffix: str) -> str:
    """Return the name of a file of an edition: ``2024.csv``, ``2024.2.zip``."""
    return f"{period}{f'.{edition}' if edition > 1 else ''}{suffix}"


def find_editions(paths: Iterable[Path], problems: list[Problem]) -> tuple[list[EditionFile], list[Path]]:
    """Return the editions among the files of published/, and the paths that are of none.

    An edition that lacks its record or its table was not finished: it is not read, and reported. So is a number that
    is left out.
    """
    found: dict[tuple[str, int], dict[str, Path]] = {}
    others = []
    for path in paths:
        name = _NAME.fullmatch(path.name)
        if name and not path.is_dir():
            found.setdefault((name[1], int(name[2] or 1)), {})[name[3]] = path
        else:
            others.append(path)
    editions = list(_finished(found, problems))
    for period in dict.fromkeys(item.period for item in editions):
        numbers = {item.edition for item in editions if item.period == period}
        for missing in sorted(set(range(1, max(numbers))) - numbers):
            file = f"{FOLDER}/{edition_name(period, missing, TABLE)}"
            problems.append(Problem("edition-missing", file, **scope(period), details={"edition": str(missing)}))
    return editions, others


def _finished(found: dict[tuple[str, int], dict[str, Path]], problems: list[Problem]) -> Iterator[EditionFile]:
    for (period, edition), files in sorted(found.items()):
        is_typed = edition == 1 and TABLE in files and RECORD not in files
        wanted = {TABLE} if is_typed else {TABLE, RECORD}
        extra = [files[ARCHIVE]] if is_typed and ARCHIVE in files else []
        if wanted <= files.keys():
            path = files[TABLE]
            yield EditionFile(
                period, edition, path, f"{FOLDER}/{path.name}", files.get(RECORD), None if extra else files.get(ARCHIVE)
            )
        else:
            extra = list(files.values())
        missing = edition_name(period, edition, TABLE if TABLE not in files else RECORD)
        problems.extend(
            Problem("edition-unfinished", f"{FOLDER}/{path.name}", **scope(period), details={"missing": missing})
            for path in extra
        )


def scope(period: str) -> dict[str, Any]:
    """Return what a problem of a period's editions stops, as arguments of `Problem`: its year, or its stage."""
    return {"stages": (period,)} if "-" in period else {"years": (int(period),)}


def write_record(record: Record) -> str:
    """Return a record as the text of its file."""
    # a JSON string of printable characters is a TOML string too
    decision = json.dumps(record.decision, ensure_ascii=False)
    return (
        "# Do cchc freeze ghi; không sửa tay.\n"
        f"edition = {record.edition}\ndecision = {decision}\ndate = {record.date.isoformat()}\n"
        f'table_sha256 = "{record.table_sha256}"\narchive_sha256 = "{record.archive_sha256}"\n'
    )


def read_record(text: str) -> Record:
    """Read the text of a record.

    Raises
    ------
    ValueError
        It is none: what is wrong, in words.
    """
    content = tomllib.loads(text)
    wanted = {"edition": int, "decision": str, "date": dt.date, "table_sha256": str, "archive_sha256": str}
    for name, kind in wanted.items():
        if type(content.get(name)) is not kind:
            raise ValueError(Phrase("thiếu hoặc sai {name}", name=name))
    if unknown := sorted(content.keys() - wanted.keys()):
        raise ValueError(Phrase("không có khóa {name}", name=unknown[0]))
    for name in ("table_sha256", "archive_sha256"):
        if not _HASH.fullmatch(content[name]):
            raise ValueError(Phrase("thiếu hoặc sai {name}", name=name))
    if check_decision(content["decision"]):
        raise ValueError(Phrase("thiếu hoặc sai {name}", name="decision"))
    return Record(**content)


def check_decision(decision: str) -> str:
    """Return what is wrong with the number of a decision; "" where nothing is."""
    if not decision.strip():
        return "để trống"
    if len(decision) > LONGEST_DECISION:
        return f"dài hơn {LONGEST_DECISION} ký tự"
    return "" if decision.isprintable() else "có ký tự không in được"
