"""The process of a page: each way in which a run may end, and that nothing of it stays."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest

from cchc.reports import child, engine, html
from cchc.reports.child import Failure, Limits, attempt, run_notebook
from tests.pages import GOOD_CODE, ROOT, is_running, make_task, script_environment, wait_until

FAULTY = GOOD_CODE.replace("<h1>", "<p>").replace("</h1>", "</p>")
SLEEP = "import os, time\nfrom pathlib import Path\nPath(out, 'pid').write_text(f'{os.getpid()} {os.getppid()}')\n"
SLEEP += "time.sleep(600)"


def _failure(tmp_path: Path, *code: str, **changes: Any) -> Failure:
    failure = run_notebook(make_task(tmp_path, *code, **changes)).failure
    assert failure is not None
    return failure


def test_good_notebook_gives_page_and_workbook(tmp_path: Path) -> None:
    code = "import os; display(HTML(f\"<p>{scheme!r} {os.environ['CCHC_RAW']} {os.environ['IPYTHONDIR']}</p>\"))"
    task = make_task(tmp_path, GOOD_CODE, code)
    before = task.notebook.read_bytes()
    outcome = run_notebook(task)
    assert outcome.failure is None
    assert outcome.seconds > 0
    workbook, page = task.outputs
    assert workbook.read_bytes() == b"workbook"
    text = page.read_text("utf-8")
    assert "Xếp hạng năm 2023 của 01" in text
    assert f"'01' /nowhere {task.folder / 'ipython'}" in text, "01 stays a string"
    assert task.notebook.read_bytes() == before


def test_page_may_stand_in_a_subfolder(tmp_path: Path) -> None:
    code = "Path(out, 'units').mkdir(); Path(out, 'units/a-2023.xlsx').write_bytes(b'x')"
    task = replace(make_task(tmp_path, GOOD_CODE, code), page="units/a-2023")
    assert run_notebook(task).failure is None
    assert all(path.is_file() for path in task.outputs)


def test_failed_cell_is_named_as_the_file_counts(tmp_path: Path) -> None:
    failure = _failure(tmp_path, "1 + 1", "import os\nos.write(2, 'TIẾNG ỒN'.lower().encode())\n1 / 0")
    assert (failure.kind, failure.message) == ("cell", "ZeroDivisionError: division by zero")
    assert failure.cell == 4, "the text, the parameters, 1 + 1, and this"
    assert failure.source.endswith("1 / 0")
    assert "ZeroDivisionError" in failure.details
    assert "----> 3 1 / 0" in failure.details
    assert "\x1b" not in failure.details
    assert "tiếng ồn" in failure.details, "what was written to the descriptor, not to sys.stderr"


@pytest.mark.parametrize(
    ("code", "kind", "message"),
    [
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "killed", "exit -9"),
        ("import os; os._exit(3)", "crash", "exit 3"),
        ("import os; os._exit(0)", "crash", "exit 0"),
        ("import sys; sys.exit()", "cell", "SystemExit"),
        ("import sys; sys.exit('dừng')", "cell", "SystemExit: dừng"),
        ("held = bytearray(2**30)", "memory", "MemoryError: "),
        ("import numpy; held = numpy.ones(2**27)", "memory", "MemoryError: Unable to allocate"),
        ("def f(:", "cell", "SyntaxError: "),
    ],
)
def test_failure_has_its_kind_and_its_cell(tmp_path: Path, code: str, kind: str, message: str) -> None:
    failure = _failure(tmp_path, "1 + 1", code, "never", limits=Limits(memory=512))
    assert (failure.kind, failure.cell, failure.source) == (kind, 4, code)
    assert failure.message.startswith(message)


def test_memory_is_limited_beyond_what_the_process_begins_with(tmp_path: Path) -> None:
    code = "held = bytearray(2**27)"
    assert run_notebook(make_task(tmp_path, GOOD_CODE, code, limits=Limits(memory=256))).failure is None


def test_hung_notebook_is_ended_and_its_cell_named(tmp_path: Path) -> None:
    # this one may start the fork server, which its limit does not count
    task = make_task(tmp_path, "1 + 1", SLEEP, limits=Limits(seconds=3))
    outcome = run_notebook(task)
    assert outcome.failure is not None
    assert (outcome.failure.kind, outcome.failure.message) == ("timeout", "3 s")
    assert (outcome.failure.cell, outcome.failure.source) == (4, SLEEP)
    assert not is_running(int((task.folder / "pid").read_text().split()[0]))


def test_missing_workbook(tmp_path: Path) -> None:
    failure = _failure(tmp_path, GOOD_CODE.replace("annual-", "other-"))
    assert (failure.kind, failure.message) == ("missing", "annual-2023.xlsx")


def test_faulty_page_is_no_page(tmp_path: Path) -> None:
    task = make_task(tmp_path, FAULTY)
    failure = run_notebook(task).failure
    assert failure is not None
    assert failure.kind == "page"
    assert "0 <h1>, not one" in failure.details
    assert not task.outputs[1].exists()


def test_each_notebook_has_a_process_of_its_own_and_they_run_at_once(tmp_path: Path) -> None:
    # each waits for the other to have started
    code = GOOD_CODE + (
        "\nimport os, time\nPath(out, '../../pid-' + Path(out).parent.name).write_text(f'{os.getpid()} {os.getppid()}')"
        "\nwhile len(list(Path(out, '../..').glob('pid-*'))) < 2: time.sleep(0.02)"
        "\nx = globals().get('x', 0) + 1\nassert x == 1"
    )
    tasks = []
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        tasks.append(make_task(tmp_path / name, code, limits=Limits(seconds=60)))
    with ThreadPoolExecutor(2) as executor:
        outcomes = list(executor.map(run_notebook, tasks))
    assert [outcome.failure for outcome in outcomes] == [None, None]
    (first, server), (second, other) = (path.read_text().split() for path in tmp_path.glob("pid-*"))
    assert first != second
    assert server == other
    assert len(list(Path(f"/proc/{server}/task").iterdir())) == 1, "a fork of a process with threads may hang"


PARENT = """
import os, sys
from dataclasses import replace
from pathlib import Path
from cchc.reports.child import run_notebook, Limits
from tests.pages import make_task
if __name__ == "__main__":
    folder, engine, code = sys.argv[1:]
    outcome = run_notebook(make_task(Path(folder), code, engine=engine))
    print(outcome.failure)
"""


def _start(tmp_path: Path, code: str, engine: str = "cchc", **variables: str) -> subprocess.Popen[str]:
    script = tmp_path / "parent.py"
    script.write_text(PARENT, "utf-8")
    return subprocess.Popen([sys.executable, str(script), str(tmp_path), engine, code], text=True,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                            env=script_environment(**variables))  # fmt: skip


@pytest.mark.faults
def test_nothing_outlives_a_killed_runner(tmp_path: Path) -> None:
    with _start(tmp_path, SLEEP) as parent:
        pid = tmp_path / "staging/pid"
        wait_until(lambda: pid.exists() and len(pid.read_text().split()) == 2, 120)
        processes = [int(text) for text in pid.read_text().split()]
        assert all(is_running(process) for process in processes)
        parent.send_signal(signal.SIGKILL)
    wait_until(lambda: not any(is_running(process) for process in processes))


def _failure_of_parent(tmp_path: Path, **variables: str) -> str:
    with _start(tmp_path, GOOD_CODE, **variables) as parent:
        output, _ = parent.communicate(timeout=60)
    return output


@pytest.mark.slow
def test_preload_that_cannot_be_imported_is_loud(tmp_path: Path) -> None:
    # the fork server passes over an ImportError in silence: each page would import everything anew
    (tmp_path / "sitecustomize.py").write_text("import sys; sys.modules['cchc.reports.preload'] = None", "utf-8")
    found = _failure_of_parent(tmp_path, PYTHONPATH=f"{tmp_path}{os.pathsep}{ROOT}")
    assert found.startswith("Failure(kind='crash'")
    assert "the fork server could not import cchc.reports.preload" in found


@pytest.mark.slow
def test_dead_fork_server_is_a_failure_of_the_page(tmp_path: Path) -> None:
    # any other exception at its imports ends it
    found = _failure_of_parent(tmp_path, MPLBACKEND="nonsense")
    assert found.startswith("Failure(kind='crash'")
    assert "python -c 'import cchc.reports.preload'" in found


def test_preload_with_threads_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    class Preload:
        LOADED_BY, THREADS = os.getppid(), 1

    monkeypatch.setitem(sys.modules, child.PRELOAD, Preload)
    child._check_preloaded()
    monkeypatch.setattr(Preload, "THREADS", 2)
    with pytest.raises(RuntimeError, match="2 threads"):
        child._check_preloaded()
    monkeypatch.setattr(Preload, "THREADS", 1)
    monkeypatch.setattr(Preload, "LOADED_BY", os.getpid())
    with pytest.raises(RuntimeError, match="could not import"):
        child._check_preloaded()


# papermill's own engine


@pytest.mark.slow
def test_without_fork_papermills_own_engine_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "can_fork", lambda: False)
    task = make_task(tmp_path, GOOD_CODE, "import sys; display(HTML(f\"<p>kernel {'ipykernel' in sys.modules}</p>\"))")
    assert run_notebook(task).failure is None
    assert "kernel True" in task.outputs[1].read_text("utf-8")


@pytest.mark.parametrize(("methods", "platform", "expected"), [
    (["fork", "spawn", "forkserver"], "linux", True),
    (["fork", "spawn", "forkserver"], "darwin", False),
    (["spawn"], "win32", False),
])  # fmt: skip
def test_can_fork(monkeypatch: pytest.MonkeyPatch, methods: list[str], platform: str, expected: bool) -> None:
    monkeypatch.setattr(child.multiprocessing, "get_all_start_methods", lambda: methods)
    monkeypatch.setattr(child.sys, "platform", platform)
    assert child.can_fork() is expected


@pytest.mark.slow
def test_dead_kernel(tmp_path: Path) -> None:
    assert _failure(tmp_path, "import os\nos._exit(3)", engine="nbclient").kind == "kernel"


@pytest.mark.slow
def test_hung_notebook_is_ended_with_its_kernel(tmp_path: Path) -> None:
    for seconds in (6, 40, 200):  # a busy machine may not have started the kernel in the first
        folder = tmp_path / str(seconds)
        folder.mkdir()
        failure = _failure(folder, SLEEP, engine="nbclient", limits=Limits(seconds=seconds))
        assert (failure.kind, failure.message) == ("timeout", f"{seconds} s")
        if (folder / "staging/pid").exists():
            break
    kernel = int((folder / "staging/pid").read_text().split()[0])
    wait_until(lambda: not is_running(kernel))


# What decides


@pytest.mark.parametrize(
    ("exitcode", "outcome", "made", "kind"),
    [
        (None, None, True, "timeout"),
        (-9, None, True, "killed"),
        (-11, None, True, "crash"),
        (1, "null", True, "crash"),
        (0, json.dumps(asdict(Failure("page", "m"))), True, "page"),
        (0, None, True, "crash"),
        (0, "null", False, "missing"),
        (0, "null", True, None),
    ],
)
def test_exit_and_outputs_decide(
    tmp_path: Path, exitcode: int | None, outcome: str | None, made: bool, kind: str | None
) -> None:
    task = make_task(tmp_path)
    (task.folder / child.STDERR).write_text("noise", "utf-8")
    if outcome:
        (task.folder / child.OUTCOME).write_text(outcome, "utf-8")
    for path in task.outputs if made else task.outputs[1:]:
        path.write_text("x", "utf-8")
    failure = child._failure_of(task, exitcode)
    assert (failure.kind if failure else None) == kind
    if failure:
        assert failure.details == "noise"
        assert failure.cell is None
    if kind == "missing":
        assert failure is not None
        assert failure.message == "annual-2023.xlsx"


def test_what_cannot_be_made_a_page_is_a_crash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> str:
        raise ValueError("mẫu hỏng")

    monkeypatch.setattr(engine, "execute", lambda source, *_: source.update(cells=[]) or source)
    monkeypatch.setattr(html, "make_page", fail)
    failure = attempt(make_task(tmp_path))
    assert failure is not None
    assert (failure.kind, failure.message) == ("crash", "ValueError: mẫu hỏng")
    assert "Traceback" in failure.details
