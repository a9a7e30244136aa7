"""The floor: the code of notebooks as a plain script, one page after another in one warm process.

Reads a JSON list of ``{"notebook": path, "parameters": {...}}`` from stdin and writes for each the CPU seconds that its
second run took: what its data, charts, tables and workbook cost, without a notebook, an engine or a page.
"""

from __future__ import annotations

import os

# as in the program's fork server
os.environ["JE_ARROW_MALLOC_CONF"] = "background_thread:false"
os.environ["OPENBLAS_NUM_THREADS"] = "1"

import json
import sys
import time
from pathlib import Path
from typing import Any


def display(*objects: Any) -> None:
    """Render objects as Jupyter would."""
    for each in objects:
        if hasattr(each, "_repr_mimebundle_"):
            each._repr_mimebundle_()
        else:
            each._repr_html_()


def run(notebook: Path, parameters: dict[str, Any]) -> float:
    """Run the code cells of a notebook and return the CPU seconds."""
    cells = [cell for cell in json.loads(notebook.read_text("utf-8"))["cells"] if cell["cell_type"] == "code"]
    names: dict[str, Any] = {"display": display}
    start = time.process_time()
    for cell in cells:
        exec(compile("".join(cell["source"]), notebook.name, "exec"), names)
        if "parameters" in cell["metadata"].get("tags", []):
            names.update(parameters)
    return time.process_time() - start


if __name__ == "__main__":
    pages = [(Path(page["notebook"]), page["parameters"]) for page in json.load(sys.stdin)]
    for notebook, parameters in pages:
        run(notebook, parameters)
    json.dump([run(notebook, parameters) for notebook, parameters in pages], sys.stdout)
