"""One scheme held by one run at a time, read and checked before anything is made from it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from cchc import processed
from cchc.locale import translator
from cchc.problems import InputError, Problem
from cchc.reports import publish
from cchc.reports.summary import SchemeRun
from cchc.scheme import read_scheme

Progress = Callable[[int, int, str], None]
"""Called with the number of pages done, of pages to do, and a line of text."""


@contextmanager
def locked(out: Path, name: str, lang: str, progress: Progress) -> Iterator[None]:
    """Hold a lock, of a scheme or of the index of all, and its staging folder, which is empty before and gone after.

    Another run that has the lock is waited for.
    """
    staging = publish.staging_folder(out, name)
    staging.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(staging.parent / f"{name}.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        progress(0, 0, translator(lang)("{name}: đang chờ một lần chạy khác kết thúc").format(name=name))
        lock.acquire()
    try:
        # what a killed run left, also where this one finds nothing to build
        shutil.rmtree(staging, ignore_errors=True)
        yield
    finally:
        shutil.rmtree(staging, ignore_errors=True)
        lock.release()


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
