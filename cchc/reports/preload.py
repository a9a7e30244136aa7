"""What the process of every page begins with: imported once, by the fork server, and warmed up.

A process that will fork must have one thread: `import pandas` starts one of Arrow's unless jemalloc is told not to,
OpenBLAS starts one a core, and reading Parquet starts more, so nothing here reads any.
"""

from __future__ import annotations

import gc
import os
import threading
from pathlib import Path

os.environ["JE_ARROW_MALLOC_CONF"] = "background_thread:false"
os.environ["OPENBLAS_NUM_THREADS"] = "1"
# as in a kernel: what a notebook of somebody else's draws by pyplot becomes an output
os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")

import nbformat
import pyarrow.parquet  # noqa: F401  (imported by the first reading otherwise)
from nbformat.v4 import new_code_cell, new_notebook

import cchc
from cchc.reports import engine, html
from cchc.reports.warming import warm

LOADED_BY = os.getpid()
"""The process that imported this: a child must find its parent's number here, or it was not preloaded."""


def _threads() -> int:
    tasks = Path("/proc/self/task")
    return len(list(tasks.iterdir())) if tasks.exists() else threading.active_count()


def _warm() -> None:
    """Do once what every page does first: the templates, the schema of notebooks, tables and figures."""
    for name in cchc.__all__:
        getattr(cchc, name)
    parameters = new_code_cell('lang: str = "vi"', metadata={"tags": ["parameters"]})
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3"}, "language_info": {"name": "python"}}
    notebook = new_notebook(cells=[parameters, new_code_cell("lang")], metadata=metadata)
    nbformat.validate(notebook)
    html.make_page(engine.execute(notebook, {"lang": "vi"}, "cchc"), "", "vi")
    warm()


_warm()
gc.collect()
gc.freeze()  # the collector of a child would otherwise touch, and so copy, every page of this process
THREADS = _threads()
