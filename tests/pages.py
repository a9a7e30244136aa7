"""Tiny notebooks and stand-ins for the data and the engine, for the tests of what builds and publishes pages."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

from cchc.reports.engine import Failure, Outcome, Task

ANNUAL: Mapping[str, Any] = {"page": "annual-{year}", "per": "year", "data": ["year", "previous_year"]}
STAGE: Mapping[str, Any] = {"page": "stage-{first}-{last}", "per": "stage", "data": ["stage_years"]}
ANNUAL_PARAMETERS = 'scheme: str = "thu"\nyear: int = 2024\nlang: str = "vi"\nout: str = ""'
STAGE_PARAMETERS = 'scheme: str = "thu"\nfirst: int = 2021\nlast: int = 2025\nlang: str = "vi"\nout: str = ""'
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


def write_notebook(path: Path, published: Mapping[str, Any] | None, parameters: str, code: str = GOOD_CODE) -> Path:
    """Write a notebook of a parameters cell and one cell of code."""
    cells = [new_code_cell(parameters, metadata={"tags": ["parameters"]}), new_code_cell(code)]
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3"}, "language_info": {"name": "python"}}
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(new_notebook(cells=cells, metadata={**metadata, **({"cchc": published} if published else {})}), path)
    return path


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
        "slices": {"2023/g": "a", "2024/g": "b"},
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

    def __call__(self, task: Task, limit: float) -> Outcome:
        self.ran.append(task.page)
        time.sleep(self.delays.get(task.page, 0))
        if task.page in self.failures:
            return Outcome(self.failures[task.page], 0.1)
        workbook, page = task.outputs
        workbook.write_bytes(b"workbook")
        page.write_text(f"{self.text} {task.page}", "utf-8")
        return Outcome(None, 0.1)
