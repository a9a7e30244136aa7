"""``cchc`` with a meter on it, for suite.py: CPU seconds of each page by phase, of the runner, and what it imported.

The environment variable CCHC_MEASURE names the file that receives the figures as JSON; children append to the file
beside it. CCHC_NOTEBOOKS, where set, is the folder of the notebooks.
"""

from __future__ import annotations

import functools
import importlib
import json
import multiprocessing.forkserver
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

IS_RUNNER = __name__ == "__main__"
PHASES = {
    "cchc.processed:load": "load",
    "cchc.reports.engine:execute": "notebook",
    "cchc.reports.html:make_page": "page",
    "cchc.reports.html:check_page": "check",
}
spent: dict[str, float] = {}


def _metered(original: Callable[..., Any], phase: str) -> Callable[..., Any]:
    @functools.wraps(original)
    def call(*arguments: Any, **named: Any) -> Any:
        start = time.process_time()
        try:
            return original(*arguments, **named)
        finally:
            spent[phase] = spent.get(phase, 0.0) + time.process_time() - start

    return call


def _reporting(original: Callable[..., Any]) -> Callable[..., Any]:
    """Write down what the child that `original` is has spent; its first moment too."""

    @functools.wraps(original)
    def call(task: Any, is_forked: bool) -> None:
        spent.clear()  # what the fork server spent on warming up
        begun = time.time()
        original(task, is_forked)
        figures = {"page": task.page, "begun": begun, "total": time.process_time(), **spent}
        with Path(os.environ["CCHC_MEASURE"] + ".pages").open("a") as file:
            file.write(json.dumps(figures) + "\n")

    return call


for _name, _phase in PHASES.items():
    _module, _, _function = _name.partition(":")
    _owner = importlib.import_module(_module)
    setattr(_owner, _function, _metered(getattr(_owner, _function), _phase))
child: Any = importlib.import_module("cchc.reports.child")
child._child = _reporting(child._child)


def _cpu_of_children(process: int) -> float:
    """Return the CPU seconds of the ended children of a process."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[13]) + int(fields[14])) / os.sysconf("SC_CLK_TCK")


if IS_RUNNER:
    begun = time.time()
    # the copy of the program that PYTHONPATH names, not a file beside this one
    sys.path.remove(str(Path(__file__).resolve().parent))
    from cchc.cli import main
    from cchc.reports import runner

    if "CCHC_NOTEBOOKS" in os.environ:
        defaults: Any = runner.report.__kwdefaults__
        defaults["notebooks"] = Path(os.environ["CCHC_NOTEBOOKS"])
    try:
        main()
    finally:
        server = multiprocessing.forkserver._forkserver._forkserver_pid  # type: ignore[attr-defined]
        figures = {
            "begun": begun,
            "runner": time.process_time(),
            "children": _cpu_of_children(server) if server else 0.0,
            "imported": sorted({"pandas", "papermill", "matplotlib", "nbconvert"} & set(sys.modules)),
        }
        Path(os.environ["CCHC_MEASURE"]).write_text(json.dumps(figures))
