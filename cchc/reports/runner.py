"""A whole run: which schemes, what of them is out of date, built over the cores and published, and what came of it."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack
from pathlib import Path

from filelock import FileLock, Timeout

from cchc import processed
from cchc.locale import translator
from cchc.names import closest
from cchc.problems import InputError, Problem
from cchc.reports import publish
from cchc.reports.engine import LIMIT, Failure, Task, run_notebook
from cchc.reports.plan import (
    NOTEBOOKS,
    PACKAGE,
    CallError,
    Job,
    find_sources,
    plan,
    program_hash,
    reason,
    versions_hash,
)
from cchc.reports.summary import Result, SchemeRun, Summary, describe, listing
from cchc.scheme import find_schemes, read_scheme

Progress = Callable[[int, int, str], None]
"""Called with the number of pages done, of pages to do, and a line of text."""


def choose_schemes(raw: Path, names: Sequence[str]) -> list[str]:
    """Return the schemes named, all under `raw` where none is.

    Raises
    ------
    CallError
        A name is not a scheme, or there is none at all.
    """
    known = find_schemes(raw)
    for name in names:
        if name not in known:
            near = closest(name, known) or known
            raise CallError(f"Không có bộ chỉ số “{name}” trong {raw}; gần nhất: {', '.join(near) or '—'}")
    if not known:
        raise CallError(f"Không có bộ chỉ số nào trong {raw}; tạo mới bằng: cchc new TÊN")
    return sorted(set(names)) or known


def report(
    raw: Path,
    out: Path,
    *,
    schemes: Sequence[str] = (),
    years: Sequence[int] = (),
    stages: Sequence[str] = (),
    lang: str = "vi",
    jobs: int = 1,
    force: bool = False,
    dry_run: bool = False,
    notebooks: Path = NOTEBOOKS,
    limit: float = LIMIT,
    progress: Progress = lambda done, total, text: None,
) -> Summary:
    """Build and publish every selected page that is out of date.

    An error of a scheme stops that scheme only, an error of a year's files the pages that use the year; a failed page
    leaves its last good set as it is. The folder of processed data is the one that `cchc.processed` names.

    Parameters
    ----------
    raw, out : Path
        Where the schemes are, and where the pages go.
    schemes, years, stages : sequence
        What to build; empty: everything. Stages by id, ``"2021-2025"``. Years or stages alone select only these.
    lang : str
        Language of the pages.
    jobs : int
        Notebooks at a time.
    force : bool
        Build what is up to date too.
    dry_run : bool
        Build nothing, say what would be built and why.
    notebooks : Path
        Folder of the notebooks.
    limit : float
        Seconds that a notebook may take.
    progress : callable
        Called for each page.

    Raises
    ------
    CallError
        No such scheme, year or stage; a notebook that says wrongly what it publishes. Nothing has been started then.
    """
    raw, out = raw.absolute(), out.absolute()
    chosen = choose_schemes(raw, schemes)
    sources = find_sources(notebooks)
    with ExitStack() as locks:
        if not dry_run:
            for name in chosen:  # sorted, so that two runs cannot wait for each other
                locks.enter_context(_lock(out, name, lang, progress))
        program = program_hash() + versions_hash()
        runs = [_prepare(raw / name) for name in chosen]
        for run in runs:
            if run.scheme:
                run.plan = plan(run.scheme, run.manifest, sources, program, lang)
        _check_selection(runs, years, stages, is_named=bool(schemes))
        todo = []
        for run in runs:
            for job in run.plan.jobs if run.plan else ():
                result = _judge(run, job, out / run.id, _is_selected(job, years, stages), force)
                if result.status == "planned" and not dry_run:
                    todo.append((run, job, result.reason))
                else:
                    run.results.append(result)
        if dry_run:
            return Summary(tuple(runs), None)
        _build_all(todo, raw, out, jobs, limit, progress)
        for run in runs:
            if run.plan:
                order = {job.page: number for number, job in enumerate(run.plan.jobs)}
                run.results.sort(key=lambda result: order[result.job.page])
                run.retired = publish.retire(out / run.id, [job.page for job in run.plan.jobs])
            publish.write_scheme_index(out, run.id, listing(run, out, lang), lang)
    with _lock(out, "_index", lang, progress):  # no scheme can have this name
        return Summary(tuple(runs), publish.write_index(out, find_schemes(raw), lang))


def _lock(out: Path, name: str, lang: str, progress: Progress) -> FileLock:
    """Take a lock, of a scheme or of the index of all, waiting for another run that has it."""
    folder = out / publish.STAGING
    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / f"{name}.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        progress(0, 0, translator(lang)("{name}: đang chờ một lần chạy khác kết thúc").format(name=name))
        lock.acquire()
    return lock


def _prepare(folder: Path) -> SchemeRun:
    """Read and check a scheme; its raw files only where the processed data do not match them."""
    run = SchemeRun(folder.name, folder)
    try:
        scheme = read_scheme(folder)
        if processed.manifest(folder) is None:
            processed.load(folder)
    except InputError as error:
        run.problems = error.problems
        return run
    manifest = processed.manifest(folder)
    if manifest is None:
        raise RuntimeError(f"{folder.name}: raw files changed while they were read")
    run.scheme, run.manifest = scheme, manifest
    run.problems = tuple(Problem(**{**item, "years": tuple(item["years"])}) for item in manifest["problems"])
    return run


def _check_selection(runs: Sequence[SchemeRun], years: Sequence[int], stages: Sequence[str], is_named: bool) -> None:
    """Raise CallError for a year without scores or a stage that is not in the settings.

    Each scheme that was named must have them; where none was, one of all.
    """
    plans = [(run, run.plan) for run in runs if run.plan]
    for per, wanted in (("year", [str(year) for year in years]), ("stage", list(stages))):
        for period in wanted:
            lacking = [run.id for run, own in plans if period not in {job.period for job in own.jobs if job.per == per}]
            if lacking and (is_named or len(lacking) == len(plans)):
                known = sorted({job.period for _, own in plans for job in own.jobs if job.per == per})
                what = "Năm {} không có điểm"
                if per == "stage":
                    what = "Giai đoạn {} không có trong scheme.toml, hoặc chưa có điểm"
                raise CallError(f"{what.format(period)} ({', '.join(lacking)}); đang có: {', '.join(known) or '—'}")


def _is_selected(job: Job, years: Sequence[int], stages: Sequence[str]) -> bool:
    if not years and not stages:
        return True
    return job.period in ({str(year) for year in years} if job.per == "year" else set(stages))


def _judge(run: SchemeRun, job: Job, folder: Path, is_selected: bool, force: bool) -> Result:
    """Say what has to be done for a page."""
    _ = translator(job.lang)
    built = publish.read_manifest(folder, job.page)
    why = reason(job, built)
    if not why and not publish.is_whole(folder, built):
        why = _("tệp đã công bố không khớp bản kê")
    if not is_selected:
        return Result(job, "outdated", why) if why else Result(job, "unchanged")
    if broken := sorted(set(job.years) & set(run.manifest["broken_years"])):
        return Result(job, "stopped", _("dữ liệu có lỗi: năm {years}").format(years=", ".join(map(str, broken))))
    if force:
        why = why or _("theo yêu cầu (--force)")
    return Result(job, "planned", why) if why else Result(job, "unchanged")


def _build_all(
    todo: Sequence[tuple[SchemeRun, Job, str]], raw: Path, out: Path, jobs: int, limit: float, progress: Progress
) -> None:
    """Build pages, `jobs` at a time, publish each as it comes, and note the results in their runs."""
    if not todo:
        return
    commit = _commit()
    progress(0, len(todo), "")
    for run in {id(run): run for run, _, _ in todo}.values():
        # what a killed run left
        shutil.rmtree(publish.staging_folder(out, run.id), ignore_errors=True)
    executor = ThreadPoolExecutor(jobs)
    try:
        started = {executor.submit(_build, run, job, raw, out, limit): (run, job, why) for run, job, why in todo}
        for done, future in enumerate(as_completed(started), start=1):
            run, job, why = started[future]
            failure, seconds = future.result()
            result = _finish(run, job, why, failure, seconds, out, commit)
            run.results.append(result)
            progress(done, len(todo), describe(result))
    finally:
        executor.shutdown(wait=False, cancel_futures=True)
    for run, _, _ in todo:
        shutil.rmtree(publish.staging_folder(out, run.id), ignore_errors=True)


def _build(run: SchemeRun, job: Job, raw: Path, out: Path, limit: float) -> tuple[Failure | None, float]:
    """Make a page in its staging folder; runs in a thread."""
    folder = publish.staging_folder(out, run.id) / job.page
    environment = {"CCHC_RAW": str(raw), "CCHC_PROCESSED": str(processed.processed_folder())}
    parameters = {**job.parameters, "out": str(folder)}
    try:
        folder.mkdir(parents=True)
        task = Task(job.notebook, parameters, job.page, job.title, job.lang, folder, environment)
        outcome = run_notebook(task, limit)
    except OSError as error:
        return Failure("write", str(error)), 0.0
    return outcome.failure, outcome.seconds


def _finish(
    run: SchemeRun, job: Job, why: str, failure: Failure | None, seconds: float, out: Path, commit: str
) -> Result:
    """Publish a finished page, or its failure."""
    staging = publish.staging_folder(out, run.id)
    if failure is None:
        try:
            publish.publish(job, staging / job.page, out / run.id, run.manifest["raw"], commit)
        except OSError as error:
            failure = Failure("write", str(error))
    if failure is None:
        return Result(job, "built", why, seconds=seconds)
    publish.write_failure(job, failure, out / run.id, staging)
    return Result(job, "failed", why, failure, seconds)


def _commit() -> str:
    """Return the commit of the program, "" where it is not a checkout."""
    if not (PACKAGE.parent / ".git").exists():
        return ""
    answer = subprocess.run(["git", "rev-parse", "HEAD"], cwd=PACKAGE.parent, capture_output=True, text=True)
    return answer.stdout.strip()
