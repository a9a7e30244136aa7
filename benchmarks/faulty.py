"""``cchc`` with faults in it, for faults.py: the program itself has no hooks.

The environment variable CCHC_FAULTS holds a JSON list of faults; functions of the program are wrapped so that the
process dies, or is refused a file, at the named call. The fork server imports this file too (it is the main module),
so the children have the faults as well.
"""

from __future__ import annotations

import importlib
import json
import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

IS_RUNNER = __name__ == "__main__"


def _role() -> str:
    if IS_RUNNER:
        return "runner"
    return "server" if multiprocessing.parent_process() is None else "child"


def _strike(fault: Mapping[str, Any]) -> None:
    """Do what the fault says; a kill happens once, whichever child comes first."""
    try:
        os.close(os.open(f"{os.environ['CCHC_FAULT_FILE']}.{fault['number']}", os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        if fault.get("once", fault["action"] != "refuse"):
            return
    if fault["action"] == "refuse":
        raise PermissionError(13, "held open by another program")
    parent = multiprocessing.parent_process()
    runner = parent.pid if parent else None
    victims = {"self": os.getpid(), "runner": runner, "server": os.getppid()}
    os.kill(victims[fault["action"]] or os.getpid(), signal.SIGKILL)


def _faulty(original: Callable[..., Any], fault: Mapping[str, Any]) -> Callable[..., Any]:
    calls = 0

    def call(*arguments: Any, **named: Any) -> Any:
        nonlocal calls
        # of a path the end counts: "reports/index.html" is not "reports/thu/index.html"
        given = [str(argument) for argument in (*arguments, *named.values())]
        is_meant = _role() == fault["in"] and any(text.endswith(fault["argument"]) for text in given)
        calls += is_meant
        strikes = is_meant and fault["call"] <= calls < fault["call"] + fault.get("times", 1)
        if strikes and fault["when"] == "before":
            _strike(fault)
        answer = original(*arguments, **named)
        if strikes and fault["when"] == "after":
            _strike(fault)
        return answer

    return call


def _inject(fault: Mapping[str, Any]) -> None:
    module, _, name = fault["function"].partition(":")
    owner: Any = importlib.import_module(module)
    *classes, name = name.split(".")
    for each in classes:
        owner = getattr(owner, each)
    setattr(owner, name, _faulty(getattr(owner, name), fault))


for _number, _fault in enumerate(json.loads(os.environ.get("CCHC_FAULTS", "[]"))):
    _inject({**_fault, "number": _number})

if IS_RUNNER:
    # the copy of the program that PYTHONPATH names, not a file beside this one
    sys.path.remove(str(Path(__file__).resolve().parent))
    from cchc.cli import main

    main()
