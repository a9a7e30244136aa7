"""What a run is asked for: which schemes, which years and stages of them, which scorecards."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from cchc.names import closest
from cchc.phrases import Phrase, msgid
from cchc.reports import publish
from cchc.reports.plan import Job
from cchc.reports.sources import CallError
from cchc.reports.summary import SchemeRun
from cchc.scheme import find_schemes


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
            text = msgid("Không có bộ chỉ số “{name}” trong {raw}; gần nhất: {near}")
            raise CallError(Phrase(text, name=name, raw=str(raw), near=", ".join(near) or "—"))
    if not known:
        raise CallError(Phrase("Không có bộ chỉ số nào trong {raw}; tạo mới bằng: cchc new TÊN", raw=str(raw)))
    return sorted(set(names)) or known


def check_selection(runs: Sequence[SchemeRun], years: Sequence[int], stages: Sequence[str], is_named: bool) -> None:
    """Raise CallError for a year without scores or a stage that is not in the settings.

    Each scheme that was named must have them; where none was, one of all.
    """
    plans = [(run, run.plan) for run in runs if run.plan]
    for per, wanted in (("year", [str(year) for year in years]), ("stage", list(stages))):
        for period in wanted:
            lacking = [run.id for run, own in plans if period not in {job.period for job in own.jobs if job.per == per}]
            if lacking and (is_named or len(lacking) == len(plans)):
                known = sorted({job.period for _, own in plans for job in own.jobs if job.per == per})
                text = msgid("Năm {period} không có điểm ({schemes}); đang có: {known}")
                if per == "stage":
                    text = msgid(
                        "Giai đoạn {period} không có trong scheme.toml, hoặc chưa có điểm ({schemes}); đang có: {known}"
                    )
                there = ", ".join(known) or "—"
                raise CallError(Phrase(text, period=period, schemes=", ".join(lacking), known=there))


def unit_years(run: SchemeRun, out: Path, years: Sequence[int], lang: str) -> set[int]:
    """Return the years whose scorecards are planned: the latest, those asked for, and those that have been built."""
    pages = publish.pages_in(out / run.id, lang)
    built = {int(page.partition(".")[0][-4:]) for page in pages if page.startswith("units/")}
    return {year for year in (run.latest or 0, *years, *built) if str(year) in run.manifest["units"]}


def is_selected(run: SchemeRun, job: Job, years: Sequence[int], stages: Sequence[str], units: bool) -> bool:
    """Return whether a page is asked for: without years and stages all are, scorecards where `units` is set."""
    if job.per == "unit":
        return units and (job.parameters["year"] in years if years else job.parameters["year"] == run.latest)
    if not years and not stages:
        return True
    return job.period in ({str(year) for year in years} if job.per == "year" else set(stages))
