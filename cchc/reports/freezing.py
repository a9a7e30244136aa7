"""`cchc freeze`: the figures of a period as an edition of what was announced, with everything that they were made from.

The table is written last: until it is there, the files before it are of no edition. Nothing is ever written over but
what such an interrupted run left.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import json
import os
import platform
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from cchc import archives, processed
from cchc.dataset import Dataset, Edition
from cchc.digests import sha256_of
from cchc.edition_files import (
    ARCHIVE,
    FOLDER,
    RECORD,
    TABLE,
    Record,
    check_decision,
    edition_name,
    write_record,
)
from cchc.editions import announcement
from cchc.names import normalise
from cchc.problems import InputError
from cchc.reports import publish
from cchc.reports.plan import NOTEBOOKS, VERSIONS, Job, plan, program_hash, reason, versions_hash
from cchc.reports.publish import Progress, locked
from cchc.reports.schemes import prepare
from cchc.reports.selection import check_selection, choose_schemes
from cchc.reports.sources import CallError, find_sources
from cchc.reports.summary import SchemeRun
from cchc.schema import parse_date


@dataclass(frozen=True)
class Frozen:
    """What came of it: the edition that holds now, and whether it is new; the command that renews the pages."""

    edition: int
    decision: str
    is_new: bool
    command: str


def freeze(
    raw: Path,
    out: Path,
    scheme: str,
    *,
    period: str,
    decision: str,
    day: str,
    notebooks: Path = NOTEBOOKS,
    progress: Progress = lambda done, total, text: None,
) -> Frozen:
    """Announce the figures of a period: write a new edition of it to the scheme's published/.

    A table that was typed and says just what the recomputation gives becomes the first edition as it stands, with a
    record and an archive. Where the latest frozen edition says so already, nothing changes.

    Parameters
    ----------
    raw, out : Path
        Where the schemes are, and where the pages are.
    scheme : str
    period : str
        ``"2024"`` or ``"2021-2025"``.
    decision, day : str
        Number of the decision and its date, ISO or dd/mm/yyyy.
    notebooks : Path
        Folder of the notebooks.
    progress : callable
        Told where another run is waited for.

    Raises
    ------
    CallError
        No such scheme or period; no decision or date; pages that are not built or not up to date; a period that cannot
        be announced yet.
    InputError
        An error of the input stops the period.
    """
    raw, out = raw.absolute(), out.absolute()
    name = choose_schemes(raw, [scheme])[0]
    decision = normalise(decision)
    date = _check_call(decision, day, period)
    with locked(out, name, "vi", progress):
        run = prepare(raw / name)
        jobs = _jobs(run, period, notebooks)
        data = processed.load(raw / name)
        try:
            table = announcement(data, period)
        except ValueError as error:
            raise CallError(f"{name}: chưa chốt được {period}: {error}") from None
        editions = data.editions_of(period)
        latest = editions[-1] if editions else None
        command = f"cchc report {name} --{jobs[0].per} {period}"
        if table is None and latest and latest.archive_sha256:
            return Frozen(latest.number, latest.decision, False, command)
        files = _archived(run, jobs, out / name, command)
        number = _write(data, latest, table, period, Record(0, decision, date, "", ""), files)
    return Frozen(number, decision, True, command)


def _check_call(decision: str, day: str, period: str) -> dt.date:
    """Return the date of the decision."""
    if fault := check_decision(decision):
        raise CallError(f"Số quyết định (--decision) không hợp lệ: {fault}")
    try:
        date = parse_date(day.strip())
    except ValueError:
        raise CallError(f"Ngày (--date) “{day}” không phải là ngày; ghi 2025-01-20 hoặc 20/01/2025") from None
    if date.year < int(period[-4:]):
        raise CallError(f"Ngày (--date) {date:%d/%m/%Y} trước năm {period[-4:]}")
    return date


def _jobs(run: SchemeRun, period: str, notebooks: Path) -> list[Job]:
    """Return the pages of the period; an error of their input stops here."""
    if run.scheme is None:
        raise InputError(run.problems)
    run.plan = plan(run.scheme, run.manifest, find_sources(notebooks), program_hash() + versions_hash())
    per = "stage" if "-" in period else "year"
    years, stages = ([], [period]) if per == "stage" else ([int(period)], [])
    check_selection([run], years, stages, is_named=True)
    # no names of persons in an archive that proves figures: what is proposed on them is no part of it
    jobs = [job for job in run.plan.jobs if (job.per, job.period) == (per, period) and not job.is_personal]
    used = {year for job in jobs for year in job.years}
    stopping = [item for item in run.problems if item.is_error and (used & set(item.years) or period in item.stages)]
    if stopping:
        raise InputError(stopping)
    return jobs


def _archived(run: SchemeRun, jobs: Sequence[Job], folder: Path, command: str) -> dict[str, bytes]:
    """Return the files of the archive by name: inputs, pages, workbooks, manifests, versions; each as it was used."""
    files: dict[str, bytes] = {}
    for job in jobs:
        built = publish.read_manifest(folder, job.page)
        why = reason(job, built)
        if not why and not publish.is_whole(folder, built):
            why = "tệp đã công bố không khớp bản kê"
        if why or built is None:
            raise CallError(f"Trang {job.page} chưa dùng để chốt được: {why}. Lập lại bằng: {command}")
        contents = {name: (folder / name).read_bytes() for name in built["files"]}
        contents[f"{job.page}.json"] = (folder / f"{job.page}.json").read_bytes()
        if any(hashlib.sha256(contents[name]).hexdigest() != sha256 for name, sha256 in built["files"].items()):
            raise CallError(f"Trang {job.page} vừa thay đổi; chạy lại lệnh này")
        files |= {f"pages/{name}": content for name, content in contents.items()}
        for name in built["inputs"]:
            content = (run.folder / name).read_bytes()
            if hashlib.sha256(content).hexdigest() != run.manifest["raw"].get(name):
                raise CallError(f"Tệp {name} vừa thay đổi; lập lại trang bằng: {command}")
            files[archives.INPUTS + name] = content
    versions = {"python": platform.python_version(), "cchc": version("cchc")}
    versions |= {name: version(name) for name in VERSIONS}
    versions["program_sha256"] = program_hash()
    files["versions.json"] = (json.dumps(versions, ensure_ascii=False, indent=1) + "\n").encode()
    return files


def _write(
    data: Dataset,
    latest: Edition | None,
    table: str | None,
    period: str,
    record: Record,
    files: dict[str, bytes],
) -> int:
    """Write an edition, the file that makes it one last; return its number."""
    folder = data.scheme.folder / FOLDER
    folder.mkdir(exist_ok=True)
    number = latest.number + (table is not None) if latest else 1
    names = {suffix: edition_name(period, number, suffix) for suffix in (ARCHIVE, RECORD, TABLE)}
    # Excel takes CSV without this mark for another encoding
    content = (folder / names[TABLE]).read_bytes() if table is None else table.encode("utf-8-sig")
    with _parts(folder, names) as parts:
        archives.pack(parts[ARCHIVE], {**files, names[TABLE]: content})
        parts[TABLE].write_bytes(content)
        hashes = hashlib.sha256(content).hexdigest(), sha256_of(parts[ARCHIVE])
        parts[RECORD].write_text(
            write_record(Record(number, record.decision, record.date, *hashes)), encoding="utf-8", newline="\n"
        )
        for suffix in (ARCHIVE, RECORD, TABLE) if table is not None else (ARCHIVE, RECORD):
            _flush(parts[suffix])
            publish.replace_file(parts[suffix], folder / names[suffix])
    return number


@contextlib.contextmanager
def _parts(folder: Path, names: dict[str, str]) -> Iterator[dict[str, Path]]:
    """Give hidden names in the same folder, which nothing reads; those of a killed run are cleared away too."""
    for stale in [path for name in names.values() for path in folder.glob(f".{name}.*.part")]:
        stale.unlink()
    parts = {suffix: folder / f".{name}.{os.getpid()}.part" for suffix, name in names.items()}
    try:
        yield parts
    finally:
        for part in parts.values():
            part.unlink(missing_ok=True)


def _flush(path: Path) -> None:
    """Have the system write a file to the disk, so that no later one is there before it."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())
