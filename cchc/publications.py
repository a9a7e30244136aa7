"""What was announced, read edition by edition: only what a record vouches for, or the one table that was typed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace

import pandas as pd

from cchc.announced import Roster, check_published
from cchc.dataset import Dataset
from cchc.digests import sha256_of
from cchc.edition_files import FOLDER, RECORD, EditionFile, edition_name, read_record, scope
from cchc.files import join, read_table
from cchc.names import closest
from cchc.phrases import Phrase
from cchc.problems import Problem, unreadable
from cchc.schema import typed
from cchc.scheme import Stage


def read_editions(data: Dataset, files: Iterable[EditionFile], problems: list[Problem]) -> Dataset:
    """Return `data` with every edition of every period, the years first: a stage's units hang on its years' figures.

    What is wrong with an edition that is not the latest is a warning: no figure comes from it.
    """
    files = sorted(files, key=lambda item: ("-" in item.period, item.period, item.edition))
    latest = {item.period: item.edition for item in files}
    for item in files:
        found: list[Problem] = []
        data = _read_edition(data, item, found)
        is_unused = item.edition != latest[item.period]
        problems.extend(replace(problem, is_unused=problem.is_unused or is_unused) for problem in found)
    return data


def _read_edition(data: Dataset, item: EditionFile, problems: list[Problem]) -> Dataset:
    stages = {stage.id: stage for stage in data.scheme.stages}
    if "-" in item.period and item.period not in stages:
        known = [edition_name(stage, item.edition, ".csv") for stage in stages]
        near = closest(item.path.name, known) or known
        allowed = ", ".join(f"{FOLDER}/{name}" for name in near) or f"{FOLDER}/2024.csv"
        problems.append(Problem("file-unused", item.file, details={"allowed": allowed}))
        return data
    decision, day, archive = _check_record(item, problems)
    where = scope(item.period)
    found: list[Problem] = []
    table = read_table(item.path, item.file, "published", (), found)
    if table is not None:
        year = int(item.period[-4:])
        units = stage_units(data, stages[item.period]) if item.period in stages else None
        frame = check_published(data, Roster(data, year, units), table, found)
        frame = frame.assign(period=item.period, edition=item.edition)
        data = replace(data, announced=_with(data, "announced", frame))
        if item.period not in stages:
            kept = data.published[data.published["year"] != year]
            of_year = typed(frame.assign(year=year), "published")
            data = replace(data, published=join([kept, of_year]) if len(kept) else of_year)
    problems.extend(replace(problem, **where) for problem in found)
    row = {"period": [item.period], "edition": item.edition, "decision": decision, "date": pd.Timestamp(day or "NaT"),
           "file": item.file, "archive_sha256": archive}  # fmt: skip
    return replace(data, editions=_with(data, "editions", pd.DataFrame(row)))


def _with(data: Dataset, name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Return a table of `data` with rows added."""
    before: pd.DataFrame = getattr(data, name)
    return join([before, typed(frame, name)]) if len(before) else typed(frame, name)


def _check_record(item: EditionFile, problems: list[Problem]) -> tuple[str, dt.date | None, str]:
    """Return decision, date and hash of the archive, as the record says; the files must be those that it names."""
    if item.record is None:
        return "", None, ""
    file = f"{FOLDER}/{item.record.name}"
    where = scope(item.period)
    try:
        record = read_record(item.record.read_text(encoding="utf-8"))
        if record.edition != item.edition:
            raise ValueError(f"edition = {record.edition}")
        table = sha256_of(item.path)
        archive = sha256_of(item.archive) if item.archive else ""
    except OSError as error:
        problems.append(replace(unreadable(file, error), **where))
        return "", None, ""
    except ValueError as error:  # of TOML and of UTF-8 too
        problems.append(
            Problem(
                "edition-record",
                file,
                **where,
                details={"reason": error.args[0] if isinstance(error.args[0], Phrase) else str(error)},
            )
        )
        return "", None, ""
    if table != record.table_sha256:
        details = {"record": edition_name(item.period, item.edition, RECORD)}
        problems.append(Problem("edition-changed", item.file, **where, details=details))
    if archive != record.archive_sha256:
        file = f"{FOLDER}/{edition_name(item.period, item.edition, '.zip')}"
        problems.append(Problem("edition-archive", file, **where))
    return record.decision, record.date, record.archive_sha256


def stage_units(data: Dataset, stage: Stage) -> pd.DataFrame:
    """Return the units that a stage's announced table and nominations may name: of its last day, and with figures.

    Each as it was last, and those of the last day at the end: a name that a new unit took over is the new one's.
    """
    parts = []
    for year in stage.years:
        figures = (table.loc[table["year"] == year, "unit_id"] for table in (data.scores, data.published))
        known = {str(unit) for units in figures for unit in units.unique()}
        units = data.units_of(year)
        parts.append(units if year == stage.last else units[units["unit_id"].isin(known)])
    return pd.concat(parts).drop_duplicates("unit_id", keep="last").reset_index(drop=True)
