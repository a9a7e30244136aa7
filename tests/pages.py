"""Tiny notebooks and stand-ins for the data and the engine, for the tests of what builds and publishes pages."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from cchc.reports.child import Failure, Outcome, Task

ROOT = Path(__file__).resolve().parents[1]
ANNUAL: Mapping[str, Any] = {"page": "annual-{year}", "per": "year", "data": ["year", "previous_year"]}
STAGE: Mapping[str, Any] = {"page": "stage-{first}-{last}", "per": "stage", "data": ["stage_years"]}
UNIT: Mapping[str, Any] = {"page": "units/{unit_id}-{year}", "per": "unit", "data": ["group_to_year"]}
AWARDS: Mapping[str, Any] = {
    "page": "awards-{year}", "per": "year", "data": ["year", "awards"], "files": [".docx"], "personal": True,
}  # fmt: skip
ANNUAL_PARAMETERS = 'scheme: str = "thu"\nyear: int = 2024\nlang: str = "vi"\nout: str = ""'
STAGE_PARAMETERS = 'scheme: str = "thu"\nfirst: int = 2021\nlast: int = 2025\nlang: str = "vi"\nout: str = ""'
UNIT_PARAMETERS = 'scheme: str = "thu"\nunit_id: str = "a"\nyear: int = 2024\nlang: str = "vi"\nout: str = ""'
GOOD_CODE = """
from pathlib import Path
from IPython.display import HTML, display
display(HTML(f"<h1>Xếp hạng năm {year} của {scheme}</h1>"))
Path(out, f"annual-{year}.xlsx").write_bytes(b"workbook")
"""

SCHEME = """schema_version = 1
title = "Chỉ số thử"
issued_by = "Sở thử"
illustrative = "Số liệu minh họa"
[[groups]]
id = "g"
short = "G"
name = "Nhóm G"
[[stages]]
first = 2023
last = 2025
lineage = "inherit"
[[stages]]
first = 2031
last = 2035
lineage = "inherit"
"""


def notebook_of(cells: list[Any], **metadata: Any) -> Any:
    """Return a notebook for a Python kernel."""
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}, "language_info": {"name": "python"}}
    return new_notebook(cells=cells, metadata={**kernel, **metadata})


def write_notebook(path: Path, published: Mapping[str, Any] | None, parameters: str, *code: str) -> Path:
    """Write a notebook of a text, a parameters cell and cells of code (by default `GOOD_CODE`)."""
    parameters_cell = new_code_cell(parameters, metadata={"tags": ["parameters"]})
    cells = [new_markdown_cell("Ghi chú", metadata={"tags": ["analyst"]}), parameters_cell]
    cells += [new_code_cell(source) for source in code or (GOOD_CODE,)]
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook_of(cells, **({"cchc": published} if published else {})), path)
    return path


def make_task(folder: Path, *code: str, **changes: Any) -> Task:
    """Write an annual notebook and return the task of running it for the scheme "01", which looks like a number."""
    # braces: papermill would format a path with them
    notebook = write_notebook(folder / "sổ {năm}" / "annual.ipynb", ANNUAL, ANNUAL_PARAMETERS, *code)
    staging = folder / "staging"
    staging.mkdir()
    parameters = {"scheme": "01", "year": 2023, "lang": "vi", "out": str(staging)}
    settings = {"environment": {"CCHC_RAW": "/nowhere"}, **changes}
    return Task(notebook, parameters, "annual-2023", "Năm 2023", "vi", staging, **settings)


def is_running(process: int) -> bool:
    """Return whether a process is there and not only its entry (a zombie)."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2][:3].strip() != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def wait_until(condition: Any, seconds: float = 30) -> None:
    """Wait for something to become true; fail when it does not."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


def script_environment(**variables: str) -> dict[str, str]:
    """Return the environment of a process of its own that imports this checkout, tests included."""
    return {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", **variables}


def program(name: str) -> str:
    """Return the path of a program beside Python: ``papermill``, ``dask``."""
    return str(Path(sys.executable).with_name(name))


def write_notebooks(folder: Path) -> Path:
    """Write an annual and a stage notebook, and one that publishes nothing."""
    write_notebook(folder / "annual.ipynb", ANNUAL, ANNUAL_PARAMETERS)
    write_notebook(folder / "stage.ipynb", STAGE, STAGE_PARAMETERS)
    write_notebook(folder / "explore.ipynb", None, "x: int = 1")
    return folder


def manifest(**changes: Any) -> dict[str, Any]:
    """Return what the processed data say of a scheme with scores of 2023 and 2024."""
    found: dict[str, Any] = {
        "raw": {"scheme.toml": "0", "scores/2023.csv": "1", "scores/2024.csv": "2"},
        "years": [2023, 2024],
        "published_years": [2023],
        "broken_years": [],
        "broken_stages": [],
        "stage_slices": {},
        "broken_awards": [],
        "award_slices": {},
        "content_slices": {},
        "slices": {"2023/g": "a", "2024/g": "b"},
        "units": {"2023": {"a": {"group": "g", "name": "Sở A"}}, "2024": {"a": {"group": "g", "name": "Sở A"}}},
        "settings": "s",
        "problems": [],
    }
    return {**found, **changes}


class FakeEngine:
    """Stands in for `run_notebook`: writes the files at once, or fails for the pages named in `failures`."""

    def __init__(self) -> None:
        self.ran: list[str] = []
        self.failures: dict[str, Failure] = {}
        self.delays: dict[str, float] = {}
        self.text = "trang"

    def __call__(self, task: Task) -> Outcome:
        self.ran.append(task.page)
        time.sleep(self.delays.get(task.page, 0))
        if task.page in self.failures:
            return Outcome(self.failures[task.page], 0.1)
        *others, page = task.outputs
        page.parent.mkdir(parents=True, exist_ok=True)
        for path in others:
            path.write_bytes(b"workbook")
        page.write_text(f"{self.text} {task.page}", "utf-8")
        return Outcome(None, 0.1)
