"""How a notebook runs: in a process of its own, so that a dead kernel or a hung cell is one page's failure and no more.

What decides is the exit of that process and the presence of every expected output: after a dead kernel papermill's own
metadata still says "completed" of every cell.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import threading
import traceback
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from nbformat import NotebookNode

LIMIT = 900.0
"""Seconds that one notebook may take by default."""

STDERR = "stderr.txt"
OUTCOME = "outcome.json"

Parameter = str | int | float | bool
FailureKind = Literal["cell", "kernel", "timeout", "page", "missing", "crash", "write"]

KINDS: Mapping[FailureKind, str] = {
    "cell": "Một ô của notebook báo lỗi",
    "kernel": "Tiến trình chạy notebook đã chết giữa chừng",
    "timeout": "Notebook chạy quá thời hạn",
    "page": "Trang báo cáo không đạt kiểm tra",
    "missing": "Thiếu tệp kết quả",
    "crash": "Tiến trình lập báo cáo dừng bất thường",
    "write": "Không ghi được tệp kết quả (có thể tệp đang mở trong chương trình khác)",
}
"""What each kind of failure means, in words (gettext msgids)."""


@dataclass(frozen=True)
class Task:
    """One notebook to run, by absolute paths.

    Attributes
    ----------
    notebook : Path
        The notebook, which is only read.
    parameters : mapping
        What its parameters cell is overridden with.
    page : str
        Stem of the files that must come out: ``annual-2024`` gives ``annual-2024.html`` and ``annual-2024.xlsx``.
    title, lang : str
        Of the page.
    folder : Path
        An empty folder, which receives the files; nothing outside it is written.
    environment : mapping
        Environment variables of the notebook besides the inherited ones.
    """

    notebook: Path
    parameters: Mapping[str, Parameter]
    page: str
    title: str
    lang: str
    folder: Path
    environment: Mapping[str, str]

    @property
    def outputs(self) -> tuple[Path, ...]:
        """The files that must be there in the end: the workbook and the page."""
        return self.folder / f"{self.page}.xlsx", self.folder / f"{self.page}.html"


@dataclass(frozen=True)
class Failure:
    """Why a page was not made.

    Attributes
    ----------
    kind : str
        A key of `KINDS`.
    message : str
        What is known in one line: the exception, the missing files, the seconds.
    cell : int or None
        Number of the failed cell as the notebook's file counts them, from 1.
    source : str
        That cell's source.
    details : str
        Traceback and whatever the process wrote to stderr.
    """

    kind: FailureKind
    message: str
    cell: int | None = None
    source: str = ""
    details: str = ""


@dataclass(frozen=True)
class Outcome:
    """How a run ended: `failure` is None where every expected output is in the task's folder."""

    failure: Failure | None
    seconds: float


def run_notebook(task: Task, limit: float = LIMIT) -> Outcome:
    """Run a notebook and make its page, in a child process, and wait for it at most `limit` seconds."""
    start = monotonic()
    # spawn: the runner has threads, and a fork of a threaded process may deadlock
    process = multiprocessing.get_context("spawn").Process(target=_child, args=(task,), daemon=True)
    process.start()
    process.join(limit)
    is_late = process.exitcode is None
    if is_late:
        # the kernel follows: ipykernel ends itself when its parent is gone
        process.kill()
        process.join()
    seconds = monotonic() - start
    return Outcome(_failure_of(task, None if is_late else process.exitcode, limit), seconds)


def _failure_of(task: Task, exitcode: int | None, limit: float) -> Failure | None:
    """Judge a finished child by its exit, by what it wrote down and by its outputs."""
    stderr = task.folder / STDERR
    noise = stderr.read_text("utf-8", errors="replace") if stderr.exists() else ""
    if exitcode is None:
        return Failure("timeout", f"{limit:g} s", details=noise)
    if exitcode != 0:
        return Failure("crash", f"exit {exitcode}", details=noise)
    found = json.loads((task.folder / OUTCOME).read_text("utf-8"))
    if found is not None:
        return Failure(**{**found, "details": "\n".join(filter(None, (found["details"], noise)))})
    missing = [path.name for path in task.outputs if not path.exists()]
    return Failure("missing", ", ".join(missing), details=noise) if missing else None


def _child(task: Task) -> None:
    """Make every output of `task` and write down how that went. Runs in the child."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    # stdout too: the runner's own may be read by a program (--json)
    descriptor = os.open(task.folder / STDERR, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(descriptor, 1)
    os.dup2(descriptor, 2)
    # a user's IPython profile may hold start-up code and a locked history file
    os.environ.update({**task.environment, "IPYTHONDIR": str(task.folder / "ipython")})
    failure = _attempt(task)
    text = json.dumps(asdict(failure) if failure else None, ensure_ascii=False)
    (task.folder / OUTCOME).write_text(text, "utf-8")


def _end_with_parent() -> None:
    """End this process when the runner is gone: children outlive a killed runner otherwise."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _attempt(task: Task) -> Failure | None:
    # heavy, and the runner imports this module for an unchanged run as well
    import nbformat
    from nbclient.exceptions import DeadKernelError
    from papermill.exceptions import PapermillExecutionError, strip_color

    from cchc.reports import html

    source = nbformat.read(task.notebook, as_version=4)
    try:
        notebook = execute(source, task.parameters)
        if stopped_at := _exited_at(notebook):
            return Failure("cell", "SystemExit", stopped_at, source.cells[stopped_at - 1].source)
        page = html.make_page(notebook, task.title, task.lang)
    except PapermillExecutionError as error:
        trace = strip_color("\n".join(error.traceback))
        injected = 1 + next(index for index, cell in enumerate(source.cells) if _has_tag(cell, "parameters"))
        number = error.cell_index + 1 - (error.cell_index >= injected)
        return Failure("cell", f"{error.ename}: {error.evalue}", number, error.source, trace)
    except DeadKernelError as error:
        return Failure("kernel", str(error))
    except Exception as error:
        return Failure("crash", f"{type(error).__name__}: {error}", details=traceback.format_exc())
    if problems := html.check_page(page):
        return Failure("page", problems[0], details="\n".join(problems))
    (task.folder / f"{task.page}.html").write_text(page, "utf-8", newline="\n")
    return None


def execute(source: NotebookNode, parameters: Mapping[str, Parameter]) -> NotebookNode:
    """Run a notebook by papermill and return it with outputs that depend on its inputs alone.

    Raises
    ------
    PapermillExecutionError
        A cell raised.
    DeadKernelError
        The kernel died.
    """
    import papermill

    # A node, not its path: papermill formats paths, and one with braces in it would fail. No cwd: it would be changed
    # for the whole process.
    return tidy(papermill.execute_notebook(source, None, dict(parameters), progress_bar=False))


def _has_tag(cell: NotebookNode, tag: str) -> bool:
    return tag in cell.metadata.get("tags", [])


def _exited_at(notebook: NotebookNode) -> int | None:
    """Return the number of the cell that ended the run by sys.exit(), which papermill takes for success."""
    codes = [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()]
    if all(cell.execution_count is not None for cell in codes):
        return None
    last = [cell for cell in codes if cell.execution_count is not None][-1]
    in_file = [cell for cell in notebook.cells if not _has_tag(cell, "injected-parameters")]
    return in_file.index(last) + 1


def tidy(notebook: NotebookNode) -> NotebookNode:
    """Drop from an executed notebook what differs between two equal runs: times, random ids, addresses in reprs."""
    notebook.metadata.pop("papermill", None)
    for cell in notebook.cells:
        cell.metadata.pop("papermill", None)
        if _has_tag(cell, "injected-parameters"):
            cell.id = "injected-parameters"
        for output in cell.get("outputs", []):
            # "<cchc.charts.Chart at 0x7f…>" stands beside every figure
            if len(output.get("data", {})) > 1:
                output.data.pop("text/plain", None)
    return notebook
