"""How a notebook runs, and each way in which it may fail."""

from __future__ import annotations

import os
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from cchc.reports import engine, html
from cchc.reports.engine import Failure, Task, run_notebook, tidy
from tests.pages import ANNUAL, ANNUAL_PARAMETERS, GOOD_CODE, write_notebook


def _task(tmp_path: Path, code: str = GOOD_CODE) -> Task:
    # braces: papermill would format a path with them
    notebook = write_notebook(tmp_path / "sổ {năm}" / "annual.ipynb", ANNUAL, ANNUAL_PARAMETERS, code)
    folder = tmp_path / "staging"
    folder.mkdir()
    parameters = {"scheme": "thu", "year": 2023, "lang": "vi", "out": str(folder)}
    return Task(notebook, parameters, "annual-2023", "Năm 2023", "vi", folder, {"CCHC_RAW": "/nowhere"})


def test_good_notebook_gives_page_and_workbook(tmp_path: Path) -> None:
    code = GOOD_CODE + "import os; display(HTML(f\"<p>{os.environ['CCHC_RAW']} {os.environ['IPYTHONDIR']}</p>\"))"
    task = _task(tmp_path, code)
    before = task.notebook.read_bytes()
    outcome = run_notebook(task)
    assert outcome.failure is None
    assert outcome.seconds > 0
    workbook, page = task.outputs
    assert workbook.read_bytes() == b"workbook"
    text = page.read_text("utf-8")
    assert "Xếp hạng năm 2023 của thu" in text
    assert f"/nowhere {task.folder / 'ipython'}" in text
    assert task.notebook.read_bytes() == before


def test_failed_cell_is_named_as_the_file_counts(tmp_path: Path) -> None:
    outcome = run_notebook(_task(tmp_path, "import os\nos.write(2, 'tiếng ồn'.encode())\n1 / 0"))
    assert outcome.failure is not None
    assert outcome.failure.kind == "cell"
    assert outcome.failure.message == "ZeroDivisionError: division by zero"
    assert outcome.failure.cell == 2
    assert outcome.failure.source.endswith("1 / 0")
    assert "ZeroDivisionError" in outcome.failure.details
    assert "\x1b" not in outcome.failure.details
    assert "tiếng ồn" in outcome.failure.details


def test_dead_kernel(tmp_path: Path) -> None:
    outcome = run_notebook(_task(tmp_path, "import os\nos._exit(3)"))
    assert outcome.failure is not None
    assert outcome.failure.kind == "kernel"


def test_hung_notebook_is_ended_with_its_kernel(tmp_path: Path) -> None:
    code = "import os, time\nfrom pathlib import Path\nPath(out, 'pid').write_text(str(os.getpid()))\ntime.sleep(600)"
    task = _task(tmp_path, code)
    started = task.folder / "pid"
    for limit in (8, 40, 200):  # a busy machine may not have started the kernel in the first
        outcome = run_notebook(task, limit)
        assert outcome.failure is not None
        assert (outcome.failure.kind, outcome.failure.message) == ("timeout", f"{limit} s")
        if started.exists():
            break
    kernel = int(started.read_text())
    for _ in range(100):
        if not _is_running(kernel):
            return
        time.sleep(0.1)
    pytest.fail("the kernel outlived its notebook")


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return "Z" not in Path(f"/proc/{process}/stat").read_text().rpartition(")")[2][:3]


@pytest.mark.parametrize(
    ("exitcode", "outcome", "made", "kind"),
    [
        (None, None, True, "timeout"),
        (-9, None, True, "crash"),
        (0, '{"kind": "page", "message": "m", "cell": null, "source": "", "details": ""}', True, "page"),
        (0, "null", False, "missing"),
        (0, "null", True, None),
    ],
)
def test_exit_and_outputs_decide(
    tmp_path: Path, exitcode: int | None, outcome: str | None, made: bool, kind: str | None
) -> None:
    task = _task(tmp_path)
    (task.folder / engine.STDERR).write_text("noise", "utf-8")
    if outcome:
        (task.folder / engine.OUTCOME).write_text(outcome, "utf-8")
    for path in task.outputs if made else task.outputs[1:]:
        path.write_text("x", "utf-8")
    failure = engine._failure_of(task, exitcode, 5)
    assert (failure.kind if failure else None) == kind
    if failure:
        assert failure.details == "noise"
    if kind == "missing":
        assert failure is not None
        assert failure.message == "annual-2023.xlsx"


def test_faulty_page_is_no_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "execute", lambda source, parameters: source.update(cells=[]) or source)
    monkeypatch.setattr(html, "make_page", lambda notebook, title, lang: "<p>")
    task = _task(tmp_path)
    failure = engine._attempt(task)
    assert failure is not None
    assert failure.kind == "page"
    assert "0 <h1>, not one" in failure.details
    assert not task.outputs[1].exists()


def test_exit_in_a_cell_is_a_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # papermill takes sys.exit() for success and leaves the cells after it out

    def execute(source: SimpleNamespace, parameters: object) -> object:
        cells = [
            new_code_cell("x: int = 1", execution_count=1, metadata={"tags": ["parameters"]}),
            new_code_cell("x = 2", execution_count=2, metadata={"tags": ["injected-parameters"]}),
            new_code_cell("import sys; sys.exit()", execution_count=3),
            new_code_cell("save()", execution_count=None),
        ]
        source.cells = [cells[0], *cells[2:]]
        return new_notebook(cells=cells)

    monkeypatch.setattr(engine, "execute", execute)
    failure = engine._attempt(_task(tmp_path))
    assert failure == Failure("cell", "SystemExit", 2, "import sys; sys.exit()")


def test_tidy_drops_what_differs_between_equal_runs() -> None:
    rich = new_output("display_data", {"text/html": "<p>", "text/plain": "<Chart at 0x7f>"})
    plain = new_output("display_data", {"text/plain": "kept"})
    cell = new_code_cell("x = 1", outputs=[rich, plain], metadata={"tags": ["injected-parameters"], "papermill": {}})
    notebook = tidy(new_notebook(cells=[cell], metadata={"papermill": {"start_time": "now"}}))
    assert "papermill" not in notebook.metadata
    assert "papermill" not in notebook.cells[0].metadata
    assert notebook.cells[0].id == "injected-parameters"
    assert [sorted(output.data) for output in notebook.cells[0].outputs] == [["text/html"], ["text/plain"]]
