"""The notebooks to work in: every cell of the cookbook runs, and answers what the rules answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import nbformat
import pytest
from IPython.core.interactiveshell import InteractiveShell

from cchc.dataset import Dataset
from cchc.figures import Chart
from cchc.table import Table
from tests.pages import ROOT


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch) -> Iterator[InteractiveShell]:
    monkeypatch.chdir(ROOT / "notebooks")
    yield InteractiveShell.instance()
    InteractiveShell.clear_instance()


def answers(shell: InteractiveShell, name: str) -> list[Any]:
    """Run a notebook's cells one after the other, and return what each gives."""
    notebook = nbformat.read(ROOT / "notebooks" / f"{name}.ipynb", as_version=4)
    found = []
    for cell in notebook.cells:
        if cell.cell_type == "code":
            result = shell.run_cell(cell.source)
            result.raise_error()
            found.append(result.result)
    return found


@pytest.mark.slow
def test_twenty_questions_are_answered(shell: InteractiveShell) -> None:
    notebook = nbformat.read(ROOT / "notebooks" / "cookbook.ipynb", as_version=4)
    questions = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"][1:]
    assert [text.split()[1] for text in questions] == [f"{number}." for number in range(1, 21)]
    assert all(text.endswith("?") for text in questions)
    given = answers(shell, "cookbook")[2:]
    assert len(given) == 20
    assert [number for number, answer in enumerate(given, 1) if answer is None or len(_as_sized(answer)) == 0] == []
    assert isinstance(given[0], Dataset)
    assert isinstance(given[2], Table)
    assert isinstance(given[3], Chart)
    gain = given[4]
    assert gain.is_monotonic_decreasing
    assert gain.index.names == ["group", "unit_id"]


def _as_sized(answer: Any) -> Any:
    return answer if hasattr(answer, "__len__") else [answer]


def test_cells_are_a_few_lines() -> None:
    for name in ("cookbook", "explore"):
        notebook = nbformat.read(ROOT / "notebooks" / f"{name}.ipynb", as_version=4)
        assert max(len(cell.source.splitlines()) for cell in notebook.cells if cell.cell_type == "code") <= 6


@pytest.mark.slow
def test_explore_gives_a_bench_and_the_data(shell: InteractiveShell) -> None:
    _parameters, bench, data = answers(shell, "explore")
    assert "cchc-view" in bench.children[1].children[0].children[1].children[0].children[1].value
    assert isinstance(data, Dataset)
