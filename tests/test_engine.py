"""papermill's contract: our engine does what the stock one does, output for output."""

from __future__ import annotations

import json
import multiprocessing
import os
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from cchc.reports.engine import ParameterError, check_injected, exited_at, tidy
from cchc.reports.sources import find_sources
from tests.pages import ROOT, notebook_of, program, script_environment

NOTEBOOKS = [source.path for source in find_sources(ROOT / "notebooks")]
PARAMETERS = {"scheme": "hand", "year": 2023, "first": 2021, "last": 2023, "unit_id": "noi-vu"}
"""What overrides the parameters of a notebook; a scheme of eight units, so that the stock engine is quick."""

AWARDED = {**PARAMETERS, "scheme": "soc-trang", "year": 2024, "last": 2025}
"""The same for the notebooks of awards, which that scheme gives none of."""

RAISES = "raises-exception"
ZOO: list[str | tuple[str, str]] = [
    'print("một"); print("hai")',
    'import sys; print("a", flush=True); print("b", file=sys.stderr, flush=True); print("c")',
    'import logging; logging.basicConfig(format="%(message)s"); logging.warning("đầu")',
    'logging.warning("sau")',
    'from IPython.display import *\ndisplay(HTML("<p>x"), {"a": 1}, "s", metadata={"m": 1})',
    'display(HTML("1"), display_id="k"); 7',
    'update_display(HTML("2"), display_id="k"); update_display(HTML("none"), display_id="unknown")',
    'display(HTML("3"), display_id="k")',
    "1 + 1",
    "_ + 1;",
    "Out, In[-2:]",
    "None",
    "   ",
    'print("x"); clear_output(); print("y")',
    'print("x"); clear_output(wait=True); print("y")',
    'print("x"); clear_output(wait=True)',
    'print("z")',
    'display({"image/png": b"abc", "text/plain": "t"}, raw=True)',
    'import pandas as pd; pd.DataFrame({"a": [1]})',
    "from matplotlib.figure import Figure\nfigure = Figure(); axes = figure.add_subplot(); figure",
    'import matplotlib.pyplot as plt; lines = plt.plot([1, 2]); print("drawn")',
    'fig, ax = plt.subplots(); ax.plot([1]); plt.show(); print("after")',
    "fig",
    "figure",
    "%matplotlib inline\nplt.plot([3, 1]);",
    'await __import__("asyncio").sleep(0, "awaited")',
    "import asyncio\nasync def later(): return 5\nawait later()",
    "!echo xin chào",
    '%%capture held\nprint("hidden")',
    "print(held.stdout)",
    'import warnings; warnings.warn("cảnh báo")',
    'Math("x^2")',
    'Markdown("# x")',
    "SVG(\"<svg xmlns='http://www.w3.org/2000/svg'/>\")",
    ("class R:\n    def _repr_html_(self): return 1 / 0\nR()", RAISES),
    "class L:\n    def _repr_mimebundle_(self, **_): return {'text/latex': 'l'}, {'text/latex': {'m': 1}}\nL()",
    'display(JSON({"a": 1}))',
    'import os; os.environ["MPLBACKEND"], __name__, get_ipython().execution_count',
    'sys.stdout.write("no line end")',
    'print("a\\rb")',
    ("1 / 0", RAISES),
    ("def f(:", RAISES),
    ('raise KeyError("x") from ValueError("y")', RAISES),
    ('def g():\n    raise RuntimeError("đ")\ng()', RAISES),
    'sys.exit("dừng")',
    'print("never")',
]
"""Cells with every kind of output. (Another place than the outputs has: page of ``len?``, what `input` asks.)"""


def _run_engine(engine: str, source: Any, parameters: Mapping[str, Any], environment: Any, target: Path) -> None:
    """Run a notebook by papermill and leave it in `target`; runs in a child."""
    import papermill

    os.environ.update(environment)
    os.chdir(target.parent)
    Path("made").mkdir()
    options = {"engine_name": engine, "progress_bar": False, "request_save_on_cell_execute": False}
    try:
        papermill.execute_notebook(source, str(target), parameters, **options)
    except papermill.PapermillExecutionError as error:
        target.with_suffix(".txt").write_text(f"{error.ename}: {error.evalue}", "utf-8")


def _outputs_by_both(tmp_path: Path, source: Any, parameters: Mapping[str, Any]) -> list[list[Any]]:
    """Return source, execution count and outputs of each code cell, as our engine and the stock one leave them."""
    context: Any = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["cchc.reports.preload"])
    targets = [tmp_path / engine / "out.ipynb" for engine in ("cchc", "nbclient")]
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw/hand").symlink_to(ROOT / "tests/hand")
    (tmp_path / "raw/soc-trang").symlink_to(ROOT / "data/raw/soc-trang")
    processes = []
    for target in targets:
        target.parent.mkdir()
        places = {"CCHC_PROCESSED": "processed", "IPYTHONDIR": "ipython"}
        environment = {name: str(target.parent / place) for name, place in places.items()}
        environment["CCHC_RAW"] = str(tmp_path / "raw")
        arguments = (target.parent.name, source, parameters, environment, target)
        processes.append(context.Process(target=_run_engine, args=arguments))
        processes[-1].start()
    for process in processes:
        process.join()
        assert process.exitcode == 0
    raised = [target.with_suffix(".txt") for target in targets]
    assert raised[0].exists() == raised[1].exists()
    if raised[0].exists():
        assert raised[0].read_text("utf-8") == raised[1].read_text("utf-8")
    notebooks = [tidy(nbformat.read(target, as_version=4)) for target in targets]
    return [
        [(cell.source, cell.execution_count, _plain(cell.outputs)) for cell in made.cells if cell.cell_type == "code"]
        for made in notebooks
    ]


def _plain(outputs: Any) -> list[Any]:
    """Return outputs without colours and names of cells' files, streams merged: a kernel flushes when it likes."""
    text = json.dumps(outputs, ensure_ascii=False)
    text = re.sub(r"\\u001b\[[0-9;]*m", "", text)
    text = re.sub(r"<ipython-input-\d+-\w+>|(/tmp/ipykernel_\d+/)?\d+\.py", "<cell>", text)
    merged: list[Any] = []
    for output in json.loads(text):
        if output["output_type"] == "error":
            output["traceback"] = [re.sub(r"(?m) +", " ", line) for line in output["traceback"]]
        if output["output_type"] == "stream" and merged and merged[-1].get("name") == output["name"]:
            merged[-1]["text"] += output["text"]
        else:
            merged.append(output)
    return [_without_address(output) for output in merged]


def _without_address(output: Any) -> Any:
    return json.loads(re.sub(r" at 0x[0-9a-f]+", "", json.dumps(output, ensure_ascii=False)))


@pytest.mark.slow
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_notebook_puts_out_what_the_stock_engine_does(tmp_path: Path, path: Path) -> None:
    source = nbformat.read(path, as_version=4)
    cell = next(cell for cell in source.cells if "parameters" in cell.metadata.get("tags", []))
    declared = {line.split(":")[0] for line in cell.source.splitlines()}
    given = AWARDED if "awards" in source.metadata["cchc"]["data"] else PARAMETERS
    parameters = {name: value for name, value in given.items() if name in declared}
    parameters["out"] = "made"  # in the working folder, which is another for each engine
    ours, stock = _outputs_by_both(tmp_path, source, parameters)
    assert sum(len(outputs) for _, _, outputs in ours) > 3
    assert ours == stock


@pytest.mark.slow
def test_every_kind_of_output_is_as_the_stock_engine_puts_it_out(tmp_path: Path) -> None:
    cells = [
        new_code_cell(item) if isinstance(item, str) else new_code_cell(item[0], metadata={"tags": [item[1]]})
        for item in ZOO
    ]
    ours, stock = _outputs_by_both(tmp_path, notebook_of(cells), {})
    assert [cell for cell, other in zip(ours, stock, strict=True) if cell != other] == []
    assert len(ours) == len(ZOO)
    assert {output["output_type"] for _, _, outputs in ours for output in outputs} == {
        "stream", "display_data", "execute_result", "error",
    }  # fmt: skip
    assert ours[-1][1:] == (None, []), "what comes after the end is not run"


# The plain command line


def _papermill(tmp_path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    # the hand-computed scheme in the place of the notebook's own: a large one takes many seconds
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw/soc-trang").symlink_to(ROOT / "tests/hand")
    environment = script_environment(
        CCHC_RAW=str(tmp_path / "raw"),
        CCHC_PROCESSED=str(tmp_path / "processed"),
        IPYTHONDIR=str(tmp_path / "ipython"),
    )
    notebook = str(ROOT / "notebooks/annual_ranking.ipynb")
    command = [program("papermill"), "--engine", "cchc", notebook, "out.ipynb", *arguments]
    return subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)


@pytest.mark.slow
def test_plain_papermill_runs_a_notebook_by_our_engine(tmp_path: Path) -> None:
    done = _papermill(tmp_path, "-p", "year", "2023")
    assert done.returncode == 0, done.stderr
    notebook = nbformat.read(tmp_path / "out.ipynb", as_version=4)
    assert "injected-parameters" in [tag for cell in notebook.cells for tag in cell.metadata.get("tags", [])]
    pages = [output.data.get("text/html", "") for cell in notebook.cells for output in cell.get("outputs", [])]
    assert any("<h1" in page and "2023" in page for page in pages)
    assert exited_at(notebook) is None
    n = len(notebook.cells)
    assert f"{n}/{n}" in done.stderr, "the progress bar: cells of text count too"


@pytest.mark.slow
def test_plain_papermill_refuses_a_number_for_a_name(tmp_path: Path) -> None:
    done = _papermill(tmp_path, "-p", "scheme", "01")
    assert done.returncode != 0
    assert "ParameterError: Tham số “scheme” phải là str, đang là 1; với lệnh papermill, -r scheme …" in done.stderr


# Parts


def _called(declared: str, injected: str) -> Any:
    cells = [
        new_code_cell(declared, metadata={"tags": ["parameters"]}),
        new_code_cell(injected, metadata={"tags": ["injected-parameters"]}),
    ]
    return new_notebook(cells=cells)


@pytest.mark.parametrize("injected", ["year = 2023", "# Parameters\nscheme = '01'\nyear = 1", "other = 1.5"])
def test_injected_parameters_of_the_declared_type(injected: str) -> None:
    check_injected(_called('scheme: str = "a"\nyear = 2024', injected))


@pytest.mark.parametrize(
    ("injected", "message"),
    [("scheme = 1", "scheme” phải là str, đang là 1"), ("year = '2024'", "year” phải là int"),
     ("year = True", "year” phải là int, đang là True"), ("year = 2024.0", "year” phải là int"),
     ("year = None", "year” phải là int, đang là None")],
)  # fmt: skip
def test_injected_parameters_of_another_type(injected: str, message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        check_injected(_called('scheme: str = "a"\nyear: int = 2024', injected))


def test_exit_is_seen_by_the_cells_that_did_not_run() -> None:
    # papermill takes sys.exit() for success and leaves the cells after it out
    cells = [
        new_code_cell("x: int = 1", execution_count=1, metadata={"tags": ["parameters"]}),
        new_code_cell("x = 2", execution_count=2, metadata={"tags": ["injected-parameters"]}),
        new_code_cell("import sys; sys.exit()", execution_count=3),
        new_code_cell("", execution_count=None),
        new_code_cell("save()", execution_count=None),
    ]
    assert exited_at(new_notebook(cells=cells)) == 2, "as the file counts, without the injected one"
    assert exited_at(new_notebook(cells=cells[:4])) is None


def test_tidy_drops_what_differs_between_equal_runs() -> None:
    rich = new_output("display_data", {"text/html": "<p>", "text/plain": "<Chart at 0x7f>"})
    plain = new_output("display_data", {"text/plain": "kept"})
    cell = new_code_cell("x = 1", outputs=[rich, plain], metadata={"tags": ["injected-parameters"], "papermill": {}})
    notebook = tidy(new_notebook(cells=[cell], metadata={"papermill": {"start_time": "now"}}))
    assert "papermill" not in notebook.metadata
    assert "papermill" not in notebook.cells[0].metadata
    assert notebook.cells[0].id == "injected-parameters"
    assert [sorted(output.data) for output in notebook.cells[0].outputs] == [["text/html"], ["text/plain"]]
