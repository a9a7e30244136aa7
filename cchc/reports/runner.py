"""A whole run: which schemes, what of them is out of date, built over the cores and published, and what came of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from cchc import processed
from cchc.locale import translator
from cchc.reports import publish, site
from cchc.reports.child import Failure, Outcome, Task, run_notebook
from cchc.reports.engine import EngineName
from cchc.reports.listing import listing
from cchc.reports.plan import NOTEBOOKS, PACKAGE, Job, plan, program_hash, reason, versions_hash
from cchc.reports.schemes import prepare
from cchc.reports.selection import check_selection, choose_schemes, is_selected, unit_years
from cchc.reports.sources import find_sources
from cchc.reports.summary import Result, SchemeRun, Summary, describe
from cchc.scheme import find_schemes


def report(
    raw: Path,
    out: Path,
    *,
    schemes: Sequence[str] = (),
    years: Sequence[int] = (),
    stages: Sequence[str] = (),
    lang: str = "vi",
    units: bool = False,
    jobs: int = 1,
    engine: EngineName = "cchc",
    cluster_address: str = "",
    force: bool = False,
    dry_run: bool = False,
    notebooks: Path = NOTEBOOKS,
    progress: publish.Progress = lambda done, total, text: None,
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
    units : bool
        The pages of single units too, of the latest year unless `years` names others.
    jobs : int
        Notebooks at a time.
    engine : str
        ``"cchc"``, or ``"nbclient"``: papermill's own, with a kernel a notebook.
    cluster_address : str
        Of a Dask scheduler whose workers make the pages; "" makes them here.
    force : bool
        Build what is up to date too.
    dry_run : bool
        Build nothing, say what would be built and why.
    notebooks : Path
        Folder of the notebooks.
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
                locks.enter_context(publish.locked(out, name, lang, progress))
        program = program_hash() + versions_hash()
        runs = [prepare(raw / name) for name in chosen]
        for run in runs:
            if run.scheme:
                planned = unit_years(run, out, years, lang)
                run.plan = plan(run.scheme, run.manifest, sources, program, lang, planned)
        check_selection(runs, years, stages, is_named=bool(schemes))
        todo = []
        for run in runs:
            todo += _judge_all(run, out, years, stages, units, force, dry_run)
        if dry_run:
            return Summary(tuple(runs), None, lang)
        if todo:
            with _runner(cluster_address, program) as run_task:
                _build_all(todo, raw, out, jobs, engine, run_task, progress)
        for run in runs:
            if run.plan:
                order = {job.page: number for number, job in enumerate(run.plan.jobs)}
                run.results.sort(key=lambda result: order[result.job.page])
                run.retired = publish.retire(out / run.id, [job.page for job in run.plan.jobs], lang)
            site.write_scheme_index(out, run.id, listing(run, out, lang), lang)
    with publish.locked(out, "_index", lang, progress):  # no scheme can have this name
        return Summary(tuple(runs), site.write_index(out, find_schemes(raw), lang), lang)


@contextmanager
def _runner(cluster_address: str, program: str) -> Iterator[Callable[[Task], Outcome]]:
    """Give the function that runs one task: here, or on a cluster."""
    if cluster_address:
        from cchc.reports.cluster import cluster

        with cluster(cluster_address, program) as run_task:
            yield run_task
    else:
        yield run_notebook


def _judge_all(
    run: SchemeRun, out: Path, years: Sequence[int], stages: Sequence[str], units: bool, force: bool, dry_run: bool
) -> list[tuple[SchemeRun, Job, str]]:
    """Return what has to be built of a scheme, and note what came of the rest."""
    todo = []
    for job in run.plan.jobs if run.plan else ():
        result = _judge(run, job, out / run.id, is_selected(run, job, years, stages, units), force)
        if result.status == "planned" and not dry_run:
            todo.append((run, job, result.reason))
        elif job.per != "unit" or result.status != "outdated" or publish.read_manifest(out / run.id, job.page):
            run.results.append(result)  # not the thousands of scorecards that nobody has asked for yet
    return todo


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
    if job.per == "stage" and job.period in run.manifest["broken_stages"]:
        return Result(job, "stopped", _("bảng công bố của giai đoạn có lỗi"))
    if "awards" in job.data and job.period in run.manifest["broken_awards"]:
        return Result(job, "stopped", _("đề nghị, sáng kiến hoặc nhiệm vụ có lỗi"))
    if force:
        why = why or _("theo yêu cầu (--force)")
    return Result(job, "planned", why) if why else Result(job, "unchanged")


def _build_all(
    todo: Sequence[tuple[SchemeRun, Job, str]],
    raw: Path,
    out: Path,
    jobs: int,
    engine: EngineName,
    run_task: Callable[[Task], Outcome],
    progress: publish.Progress,
) -> None:
    """Build pages, `jobs` at a time, publish each as it comes, and note the results in their runs."""
    commit = publish.commit_of(PACKAGE.parent)
    progress(0, len(todo), "")
    executor = ThreadPoolExecutor(jobs)
    try:
        started = {
            executor.submit(_build, run, job, raw, out, engine, run_task): (run, job, why) for run, job, why in todo
        }
        for done, future in enumerate(as_completed(started), start=1):
            run, job, why = started[future]
            failure, seconds = future.result()
            result = _finish(run, job, why, failure, seconds, out, commit)
            run.results.append(result)
            progress(done, len(todo), describe(result))
    finally:
        # also after an error: the lock may not be given back while a notebook still writes into the staging folder
        executor.shutdown(wait=True, cancel_futures=True)


def _build(
    run: SchemeRun, job: Job, raw: Path, out: Path, engine: EngineName, run_task: Callable[[Task], Outcome]
) -> tuple[Failure | None, float]:
    """Make a page in its staging folder; runs in a thread."""
    folder = publish.staging_folder(out, run.id) / job.page
    environment = {"CCHC_RAW": str(raw), "CCHC_PROCESSED": str(processed.processed_folder())}
    parameters = {**job.parameters, "out": str(folder)}
    try:
        folder.mkdir(parents=True)
        outcome = run_task(
            Task(
                job.notebook,
                parameters,
                job.page,
                job.title,
                job.lang,
                folder,
                environment,
                engine,
                job.limits,
                job.suffixes,
            )
        )
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
    # a full disk takes the failure page too; the other pages and the summary must still say so
    with suppress(OSError):
        publish.write_failure(job, failure, out / run.id, staging)
    return Result(job, "failed", why, failure, seconds)
