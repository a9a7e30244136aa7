"""The process that a page is made in: of its own, so that whatever kills it is one page's failure and no more.

A fork server imports everything once and each page starts as a fork of it; where fork is not to be had, papermill's
own engine runs the notebook, in a process that imports everything anew. What decides is the exit of the process and
the presence of every expected output: after a dead kernel papermill's own metadata still says "completed" of every
cell.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import sys
import threading
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from multiprocessing.connection import wait
from pathlib import Path
from time import monotonic
from typing import Any, Literal

from cchc.phrases import msgid
from cchc.reports.engine import EngineName, Parameter, exited_at, has_tag

PRELOAD = "cchc.reports.preload"
STDERR = "stderr.txt"
OUTCOME = "outcome.json"
CELL = "cell.txt"

FailureKind = Literal["cell", "kernel", "timeout", "memory", "killed", "page", "missing", "crash", "write"]

KINDS: Mapping[FailureKind, str] = {
    "cell": msgid("Một ô của notebook báo lỗi"),
    "kernel": msgid("Tiến trình chạy notebook đã chết giữa chừng"),
    "timeout": msgid("Notebook chạy quá thời hạn"),
    "memory": msgid("Notebook dùng quá giới hạn bộ nhớ"),
    "killed": msgid("Tiến trình lập báo cáo bị hệ điều hành hoặc người khác dừng"),
    "page": msgid("Trang báo cáo không đạt kiểm tra"),
    "missing": msgid("Thiếu tệp kết quả"),
    "crash": msgid("Tiến trình lập báo cáo dừng bất thường"),
    "write": msgid("Không ghi được tệp kết quả (có thể tệp đang mở trong chương trình khác)"),
}
"""What each kind of failure means, in words (gettext msgids)."""


@dataclass(frozen=True)
class Limits:
    """What one notebook may take: `seconds` of wall time, and `memory` in MiB beyond what its process begins with."""

    seconds: float = 900.0
    memory: int = 4096


def files_of(page: str, suffixes: Sequence[str] = ()) -> tuple[str, ...]:
    """Return the files of a page, in the order in which they are published: the workbook first, the page last."""
    return tuple(f"{page}{suffix}" for suffix in (".xlsx", *suffixes, ".html"))


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
    engine : str
        ``"cchc"``, or ``"nbclient"``: papermill's own, with a kernel.
    limits : Limits
        What the notebook may take.
    suffixes : tuple of str
        Of the files that must come out besides those two.
    """

    notebook: Path
    parameters: Mapping[str, Parameter]
    page: str
    title: str
    lang: str
    folder: Path
    environment: Mapping[str, str]
    engine: EngineName = "cchc"
    limits: Limits = Limits()
    suffixes: tuple[str, ...] = ()

    @property
    def outputs(self) -> tuple[Path, ...]:
        """The files that must be there in the end: the workbook, others that the notebook names, and the page."""
        return tuple(self.folder / name for name in files_of(self.page, self.suffixes))


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


_PROCESSES = threading.Lock()
"""Held while a child is started or its exit is read: `Process.start` reads the exits of all others too, and of two
threads that read the same one the second takes it for a crash (exit 255: 14 of 3,000 good children, two at a time)."""


def can_fork() -> bool:
    """Return whether this system has fork servers (Linux; not Windows, and not safely macOS)."""
    return "forkserver" in multiprocessing.get_all_start_methods() and sys.platform != "darwin"


def run_notebook(task: Task) -> Outcome:
    """Run a notebook and make its page, in a child process, and wait for it as long as its limit allows."""
    start = monotonic()
    if not can_fork():
        task = replace(task, engine="nbclient")
    is_forked = task.engine == "cchc"
    context: Any = multiprocessing.get_context("forkserver" if is_forked else "spawn")
    if is_forked:
        # the main module first: each child would import it anew otherwise
        context.set_forkserver_preload(["__main__", PRELOAD])
    process = context.Process(target=_child, args=(task, is_forked), daemon=True)
    try:
        with _PROCESSES:
            process.start()
    except (EOFError, ConnectionError):  # the fork server died at its imports; what it printed stands on stderr
        return Outcome(Failure("crash", f"python -c 'import {PRELOAD}'"), monotonic() - start)
    is_late = not wait([process.sentinel], task.limits.seconds)
    if is_late:
        # a kernel follows: ipykernel ends itself when its parent is gone
        process.kill()
        wait([process.sentinel])
    with _PROCESSES:
        process.join()
    return Outcome(_failure_of(task, None if is_late else process.exitcode), monotonic() - start)


def _failure_of(task: Task, exitcode: int | None) -> Failure | None:
    """Judge a finished child by its exit, by what it wrote down and by its outputs."""
    stderr = task.folder / STDERR
    noise = stderr.read_text("utf-8", errors="replace") if stderr.exists() else ""
    if exitcode is None:
        return Failure("timeout", f"{task.limits.seconds:g} s", *_running_cell(task), details=noise)
    if exitcode != 0:
        kind: FailureKind = "killed" if exitcode == -9 else "crash"
        return Failure(kind, f"exit {exitcode}", *_running_cell(task), details=noise)
    if not (task.folder / OUTCOME).exists():  # os._exit(0) in a cell, or in a library
        return Failure("crash", f"exit {exitcode}", *_running_cell(task), details=noise)
    found = json.loads((task.folder / OUTCOME).read_text("utf-8"))
    if found is not None:
        return Failure(**{**found, "details": "\n".join(filter(None, (found["details"], noise)))})
    missing = [path.name for path in task.outputs if not path.exists()]
    return Failure("missing", ", ".join(missing), details=noise) if missing else None


def _running_cell(task: Task) -> tuple[int | None, str]:
    """Return number and source of the cell that a dead process was running, as far as it is known."""
    import nbformat

    text = (task.folder / CELL).read_text() if (task.folder / CELL).exists() else ""
    if not text:
        return None, ""
    source = nbformat.read(task.notebook, as_version=4)
    number = _number_in_file(source, int(text))
    return number, source.cells[number - 1].source


def _number_in_file(source: Any, number: int) -> int:
    """Return a cell's number without the cell that papermill injects after the parameters."""
    injected = 2 + next(index for index, cell in enumerate(source.cells) if has_tag(cell, "parameters"))
    return number - (number >= injected)


def _child(task: Task, is_forked: bool) -> None:
    """Make every output of `task` and write down how that went. Runs in the child."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    # stdout too: the runner's own may be read by a program (--json)
    descriptor = os.open(task.folder / STDERR, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(descriptor, 1)
    os.dup2(descriptor, 2)
    # a user's IPython profile may hold start-up code and a locked history file
    os.environ.update({**task.environment, "IPYTHONDIR": str(task.folder / "ipython")})
    if is_forked:
        _check_preloaded()
    _limit_memory(task.limits.memory)
    failure = attempt(task)
    text = json.dumps(asdict(failure) if failure else None, ensure_ascii=False)
    (task.folder / OUTCOME).write_text(text, "utf-8")


def _check_preloaded() -> None:
    """End this process where the fork server has not imported the preload module: it says nothing when that fails."""
    preload = sys.modules.get(PRELOAD)
    if preload is None or os.getppid() != preload.LOADED_BY:
        raise RuntimeError(f"the fork server could not import {PRELOAD}; python -c 'import {PRELOAD}' says why")
    if preload.THREADS != 1:
        raise RuntimeError(f"the fork server has {preload.THREADS} threads: a fork of it may hang")


def _limit_memory(mebibytes: int) -> None:
    """Bound what this process may allocate beyond what it has."""
    if sys.platform != "linux":
        return
    import resource

    statm = Path("/proc/self/statm").read_text().split()
    held = int(statm[5]) * resource.getpagesize()  # data and stack
    limit = held + mebibytes * 2**20
    resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))


def _end_with_parent() -> None:
    """End this process when the runner is gone: children outlive a killed runner otherwise."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def attempt(task: Task) -> Failure | None:
    """Run the notebook and write its page, in this process; return what failed."""
    # heavy, and the runner imports this module for an unchanged run as well
    import nbformat
    from nbclient.exceptions import DeadKernelError
    from papermill.exceptions import PapermillExecutionError, strip_color

    from cchc.reports import engine, html

    source = nbformat.read(task.notebook, as_version=4)
    try:
        notebook = engine.execute(source, task.parameters, task.engine, task.folder / CELL)
        if stopped_at := exited_at(notebook):
            return Failure("cell", "SystemExit", stopped_at, source.cells[stopped_at - 1].source)
        page = html.make_page(notebook, task.title, task.lang)
    except PapermillExecutionError as error:
        trace = strip_color("\n".join(error.traceback))
        kind: FailureKind = "memory" if error.ename.endswith("MemoryError") else "cell"
        number = _number_in_file(source, error.cell_index + 1)
        return Failure(kind, f"{error.ename}: {error.evalue}", number, error.source, trace)
    except DeadKernelError as error:
        return Failure("kernel", str(error))
    except MemoryError as error:
        return Failure("memory", str(error), details=traceback.format_exc())
    except Exception as error:
        return Failure("crash", f"{type(error).__name__}: {error}", details=traceback.format_exc())
    if problems := html.check_page(page):
        return Failure("page", problems[0], details="\n".join(problems))
    target = task.folder / f"{task.page}.html"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(page, "utf-8", newline="\n")
    return None
