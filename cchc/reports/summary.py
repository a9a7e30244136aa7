"""What came of a run, page by page: for the exit code, for a program that reads it, and for the index pages."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from cchc.locale import SOURCE, translator
from cchc.names import sort_key
from cchc.phrases import msgid, translated
from cchc.problems import Problem
from cchc.reports import publish
from cchc.reports.child import KINDS, Failure
from cchc.reports.html import IndexEntry, IndexSection
from cchc.reports.plan import Job, Plan
from cchc.scheme import Scheme

Status = Literal["built", "failed", "stopped", "unchanged", "outdated", "planned"]


@dataclass(frozen=True)
class Result:
    """What came of one page.

    Attributes
    ----------
    job : Job
        The page.
    status : str
        ``built``; ``failed`` (see `failure`); ``stopped`` by an error of the input; ``unchanged``; ``outdated``, but
        not selected by the call; ``planned`` in a dry run.
    reason : str
        Why it was, or would be, built; "" for an unchanged one.
    failure : Failure or None
        Of a failed one.
    seconds : float
        What it took.
    """

    job: Job
    status: Status
    reason: str = ""
    failure: Failure | None = None
    seconds: float = 0.0


@dataclass
class SchemeRun:
    """One scheme in a run: its settings and plan (None where the input stops it), its problems, what came of it.

    `latest` is its newest year without an error: the year of its scorecards.
    """

    id: str
    folder: Path
    scheme: Scheme | None = None
    manifest: Mapping[str, Any] = field(default_factory=dict)
    plan: Plan | None = None
    problems: tuple[Problem, ...] = ()
    latest: int | None = None
    results: list[Result] = field(default_factory=list)
    retired: list[str] = field(default_factory=list)

    @property
    def is_stopped(self) -> bool:
        """Whether an error of the input stopped the scheme or one of the selected pages."""
        return self.plan is None or any(result.status == "stopped" for result in self.results)


@dataclass(frozen=True)
class Summary:
    """What came of a run: the schemes, the index page (None in a dry run), and the language of the pages."""

    schemes: tuple[SchemeRun, ...]
    index: Path | None
    lang: str = SOURCE

    @property
    def exit_code(self) -> int:
        """0 done or nothing to do, 1 a report failed, 2 the input is wrong."""
        if any(run.is_stopped for run in self.schemes):
            return 2
        return int(any(result.status == "failed" for run in self.schemes for result in run.results))

    def as_dict(self) -> dict[str, Any]:
        """Return the summary as plain values, for ``--json``."""
        _ = translator(self.lang)
        return {
            "exit_code": self.exit_code,
            "index": str(self.index) if self.index else None,
            "schemes": {
                run.id: {
                    "pages": [_as_dict(result) for result in run.results],
                    "without_data": list(run.plan.without_data) if run.plan else [],
                    "retired": run.retired,
                    "problems": [
                        {
                            "severity": item.severity,
                            "code": item.code,
                            "place": item.in_words(_).place,
                            "what": item.what(_),
                        }
                        for item in run.problems
                    ],
                }
                for run in self.schemes
            },
        }


def _as_dict(result: Result) -> dict[str, Any]:
    failure = result.failure
    return {
        "page": result.job.page,
        "status": result.status,
        "reason": result.reason,
        "seconds": round(result.seconds, 1),
        "failure": {"kind": failure.kind, "message": failure.message, "cell": failure.cell} if failure else None,
    }


def describe(result: Result) -> str:
    """Return what came of a page as a line of text."""
    _ = translator(result.job.lang)
    words = {
        "built": _("đã lập"),
        "failed": _("THẤT BẠI"),
        "stopped": _("DỪNG"),
        "unchanged": _("không thay đổi"),
        "outdated": _("chưa cập nhật"),
        "planned": _("sẽ lập"),
    }
    text = f"{result.job.scheme}/{result.job.page}: {words[result.status]}"
    if result.seconds:
        text += f" ({result.seconds:.1f} s)"
    if result.failure:
        return f"{text}: {_(KINDS[result.failure.kind])}: {translated(result.failure.message, _)}"
    return f"{text}: {result.reason}" if result.reason else text


def listing(run: SchemeRun, out: Path, lang: str) -> publish.Listing:
    """Return what the index page of a scheme shows: its whole sets, what could not be built, and what stops it."""
    _ = translator(lang)
    folder = out / run.id
    results = {result.job.page: result for result in run.results}
    pages = list(results) if run.plan else publish.pages_in(folder, lang)
    found = [publish.read_manifest(folder, page) for page in pages]
    whole = sorted((item for item in found if item and publish.is_whole(folder, item)), key=_order)
    sections = [
        IndexSection(heading, tuple(_entry(run, item, results, lang) for item in whole if item["per"] == per))
        for per, heading in (("stage", _("Giai đoạn")), ("year", _("Hằng năm")), ("unit", _("Từng đơn vị")))
    ]
    others = {
        _("Bảng số liệu Excel"): [IndexEntry(f"{item['page']}.xlsx", item["title"]) for item in whole],
        _("Chưa lập được"): _not_built(run, folder, {item["page"] for item in whole}, lang),
        _("Lỗi của dữ liệu đầu vào"): [
            IndexEntry("", item.what(_), f"{item.in_words(_).place}. {item.remedy(_)}")
            for item in run.problems
            if item.is_error
        ],
    }
    sections += [IndexSection(heading, tuple(entries)) for heading, entries in others.items() if entries]
    if section := publish.check_section(folder, lang):
        sections.append(section)
    if run.scheme is None:  # its settings cannot be read now, but what was marked stays marked
        before = publish.read_listing(out, run.id, lang) or publish.Listing(run.id, (), ())
        return publish.Listing(before.title, before.marks, tuple(sections))
    marks = (run.scheme.illustrative.get(lang),) if run.scheme.illustrative else ()
    return publish.Listing(run.scheme.title.get(lang), marks, tuple(sections))


def _order(manifest: Mapping[str, Any]) -> tuple[object, ...]:
    """Return the key to list pages by: the newest period first, in it by title in Vietnamese order."""
    parameters = manifest["parameters"]
    return -parameters.get("year", parameters.get("last", 0)), -parameters.get("first", 0), sort_key(manifest["title"])


def _entry(run: SchemeRun, manifest: Mapping[str, Any], results: Mapping[str, Result], lang: str) -> IndexEntry:
    """Return the line of a page that is there."""
    _ = translator(lang)
    result = results.get(manifest["page"])
    notes = []
    year = manifest["parameters"].get("year")
    if year and run.plan and year not in run.manifest["published_years"]:
        notes.append(_("BẢN DỰ THẢO"))
    if result and result.status == "outdated":
        notes.append(_("chưa cập nhật: {reason}").format(reason=result.reason))
    is_stale = result is None or result.status in ("failed", "stopped")
    return IndexEntry(f"{manifest['page']}.html", manifest["title"], " · ".join(notes), is_stale)


def _not_built(run: SchemeRun, folder: Path, whole: Collection[str], lang: str) -> list[IndexEntry]:
    """Return a line for each failure page, each page that is not there, and each stage without data."""
    _ = translator(lang)
    entries = []
    for result in run.results:
        name = f"{result.job.page}{publish.FAILURE}"
        if (folder / name).exists():
            kind = KINDS[result.failure.kind] if result.failure else msgid("Lần lập gần nhất thất bại")
            entries.append(IndexEntry(name, result.job.title, _(kind)))
        elif result.job.page not in whole:
            entries.append(IndexEntry("", result.job.title, result.reason))
    for stage in run.plan.without_data if run.plan else ():
        label = _("Giai đoạn {stage}").format(stage=stage)
        entries.append(IndexEntry("", label, _("chưa có năm nào có điểm")))
    return entries
