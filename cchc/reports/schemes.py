"""A scheme, read and checked before anything is made from it."""

from __future__ import annotations

from pathlib import Path

from cchc import processed
from cchc.problems import InputError, Problem
from cchc.reports.summary import SchemeRun
from cchc.scheme import read_scheme


def prepare(folder: Path) -> SchemeRun:
    """Read and check a scheme; its raw files only where the processed data do not match them."""
    run = SchemeRun(folder.name, folder)
    try:
        scheme = read_scheme(folder)
        if processed.manifest(folder) is None:
            processed.load(folder)
    except InputError as error:
        run.problems = error.problems
        return run
    manifest = processed.manifest(folder)
    if manifest is None:
        raise RuntimeError(f"{folder.name}: raw files changed while they were read")
    run.scheme, run.manifest = scheme, manifest
    run.latest = max(set(manifest["years"]) - set(manifest["broken_years"]), default=None)
    run.problems = tuple(Problem.of(item) for item in manifest["problems"])
    return run
