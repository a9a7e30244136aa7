"""What came of a run, page by page: for the exit code, and for a program that reads it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from cchc.locale import SOURCE, translator
from cchc.phrases import translated
from cchc.problems import Problem
from cchc.reports.child import KINDS, Failure
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
