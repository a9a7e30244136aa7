"""An IPython that keeps what cells put out, as a kernel would send it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from cchc.reports.shell import NotebookShell
from tests.pages import script_environment

Run = Callable[[str], list[dict[str, Any]]]


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch) -> Iterator[NotebookShell]:
    # IPython puts a module of its own in the place of __main__
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])
    monkeypatch.setenv("MPLBACKEND", "agg")
    yield NotebookShell.instance()
    NotebookShell.clear_instance()


@pytest.fixture
def run(shell: NotebookShell) -> Run:
    def outputs(source: str) -> list[dict[str, Any]]:
        shell.run(source)
        return [dict(output) for output in shell.outputs]

    return outputs


def _texts(outputs: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(output["name"], output["text"]) for output in outputs]


def _html(outputs: list[dict[str, Any]]) -> list[str]:
    return [output["data"]["text/html"] for output in outputs if "data" in output and "text/html" in output["data"]]


def test_streams_are_merged_and_keep_their_order(run: Run) -> None:
    outputs = run('import sys\nprint("a")\nprint("b")\nprint("lỗi", file=sys.stderr)\nprint("c", end="")\nprint("")')
    assert _texts(outputs) == [("stdout", "a\nb\n"), ("stderr", "lỗi\n"), ("stdout", "c\n")]
    assert run("sys.stdout.write('')")[0]["output_type"] == "execute_result"


def test_stream_interrupted_by_a_display(run: Run) -> None:
    outputs = run('from IPython.display import HTML, display\nprint("a"); display(HTML("<p>")); print("b")')
    assert [output["output_type"] for output in outputs] == ["stream", "display_data", "stream"]


def test_logger_of_an_earlier_cell_writes_to_the_cell_that_runs(run: Run) -> None:
    set_up = "import logging; log = logging.Logger('x'); log.addHandler(logging.StreamHandler()); log.error('một')"
    assert _texts(run(set_up)) == [("stderr", "một\n")]
    assert _texts(run("log.error('hai')")) == [("stderr", "hai\n")]


def test_bytes_are_no_text(run: Run) -> None:
    assert run("import sys; sys.stdout.write(b'x')")[0]["ename"] == "TypeError"


def test_display(run: Run) -> None:
    outputs = run('from IPython.display import HTML, display\ndisplay(HTML("<p>x"), metadata={"a": 1})')
    assert [(output["output_type"], output["metadata"]) for output in outputs] == [("display_data", {"a": 1})]
    assert _html(outputs) == ["<p>x"]


def test_bytes_of_an_image_become_base64(run: Run) -> None:
    outputs = run("from IPython.display import display\ndisplay({'image/png': b'abc'}, raw=True)")
    assert outputs[0]["data"] == {"image/png": "YWJj"}


def test_display_id_is_updated_wherever_it_stands(run: Run, shell: NotebookShell) -> None:
    run('from IPython.display import HTML, display, update_display\ndisplay(HTML("1"), display_id="k");')
    first = shell.outputs
    assert run('update_display(HTML("2"), display_id="k")') == []
    assert _html(first) == ["2"]
    # a second display under the same id adds one, and changes the first too
    assert _html(run('display(HTML("3"), display_id="k");')) == ["3"]
    assert _html(first) == ["3"]
    assert run('update_display(HTML("4"), display_id="unknown")') == []


def test_result_of_the_last_expression(run: Run) -> None:
    outputs = run("1 + 1")
    assert (outputs[0]["output_type"], outputs[0]["data"]) == ("execute_result", {"text/plain": "2"})
    assert outputs[0]["execution_count"] == 1
    assert run("_ + 1")[0]["execution_count"] == 2
    assert run("None") == []
    assert run("3;") == []
    assert run("x = 3") == []


def test_await(run: Run) -> None:
    assert run("import asyncio\nawait asyncio.sleep(0, 'xong')")[0]["data"] == {"text/plain": "'xong'"}


def test_error_comes_with_its_traceback_after_what_was_printed(run: Run, shell: NotebookShell) -> None:
    printed, error = run("print('a')\ndef f():\n    1 / 0\nf()")
    assert printed["text"] == "a\n"
    assert (error["output_type"], error["ename"], error["evalue"]) == ("error", "ZeroDivisionError", "division by zero")
    trace = "\n".join(error["traceback"])
    assert "----> 4 f()" in trace
    assert "ZeroDivisionError: division by zero" in trace
    assert "\x1b" not in trace
    assert shell.run("1") is True
    assert shell.run("1 / 0") is False


def test_syntax_error(run: Run, shell: NotebookShell) -> None:
    [error] = run("def f(:")
    assert error["ename"] == "SyntaxError"
    assert "def f(:" in "\n".join(error["traceback"])
    assert shell.run("def f(:") is False


@pytest.mark.parametrize(("call", "value"), [("sys.exit()", ""), ("sys.exit(0)", "0"), ("sys.exit('dừng')", "dừng")])
def test_exit_is_an_error_of_the_cell(run: Run, shell: NotebookShell, call: str, value: str) -> None:
    error = next(output for output in run(f"import sys; {call}") if output["output_type"] == "error")
    assert (error["ename"], error["evalue"]) == ("SystemExit", value)
    assert shell.run(call) is False


def test_clear_output(run: Run) -> None:
    run("from IPython.display import clear_output")
    assert _texts(run("print('a'); clear_output(); print('b')")) == [("stdout", "b\n")]
    assert run("print('a'); clear_output()") == []


def test_clear_output_waits_for_the_next_one(run: Run) -> None:
    run("from IPython.display import clear_output")
    assert _texts(run("print('a'); clear_output(wait=True); print('b')")) == [("stdout", "b\n")]
    assert _texts(run("print('a'); clear_output(wait=True)")) == [("stdout", "a\n")]
    assert _texts(run("print('c')\nprint('d')")) == [("stdout", "c\nd\n")]


def test_streams_are_given_back(shell: NotebookShell) -> None:
    before = sys.stdout, sys.stderr
    shell.run("1 / 0")
    assert (sys.stdout, sys.stderr) == before


SCRIPT = """
import json, os, sys
from pathlib import Path
from cchc.reports.shell import NotebookShell
shell = NotebookShell.instance()
shell.run("1 + 1")
threads = len(list(Path("/proc/self/task").iterdir()))
kinds = []
for source in sys.argv[1:]:
    shell.run(source)
    kinds.append([sorted(output.get("data", [output.output_type])) for output in shell.outputs])
print(json.dumps({"threads": threads, "kinds": kinds}))
"""


@pytest.mark.slow
def test_in_a_process_of_its_own_pyplot_draws_and_nothing_is_started(tmp_path: Path) -> None:
    cells = [
        "import matplotlib.pyplot as plt\nlines = plt.plot([1, 2])",
        "%matplotlib inline\nfigure, axes = plt.subplots()\naxes.plot([1])\nplt.show()",
    ]
    environment = script_environment(HOME=str(tmp_path), IPYTHONDIR=str(tmp_path / "ipython"))
    environment.pop("MPLBACKEND", None)
    command = [sys.executable, "-c", SCRIPT, *cells]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    figure = ["image/png", "text/plain"]
    assert json.loads(done.stdout) == {"threads": 1, "kinds": [[figure], [figure]]}
    assert list(tmp_path.rglob("*.sqlite")) == []
