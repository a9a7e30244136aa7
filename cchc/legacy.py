"""Spreadsheets that are no .xlsx files: their cells, read in another process within bounds of time and memory."""

from __future__ import annotations

import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

from cchc import calamine
from cchc.opendocument import LockedError
from cchc.sheets import MOST_CELLS, Cell, TooBigError

SECONDS = 60


def read_legacy(path: Path) -> list[dict[str, Any]]:
    """Return title, cells, merged ranges of each sheet, and whether it is hidden.

    Raises
    ------
    LockedError
        The file can be opened with a password only.
    TooBigError
        A sheet has more cells than any form.
    ValueError
        The file cannot be read.
    """
    # -P: beside the program stand modules that are named like those of Python
    command = [sys.executable, "-P", calamine.__file__, str(path), str(MOST_CELLS)]
    pipes: dict[str, Any] = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    try:
        done = subprocess.run(command, timeout=SECONDS, check=False, **pipes)
    except subprocess.TimeoutExpired:
        raise ValueError(f"no end after {SECONDS} s") from None
    if done.returncode:
        raise ValueError(f"damaged ({done.returncode})")
    outcome, found = pickle.loads(done.stdout)
    if outcome == "too-big":
        raise TooBigError
    if outcome == "locked":
        raise LockedError
    if outcome != "read":
        raise ValueError(found)
    return [{**sheet, "cells": {place: Cell(value) for place, value in sheet["cells"].items()}} for sheet in found]
