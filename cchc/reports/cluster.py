"""The same jobs on several machines: Dask distributed runs them, on folders that all machines share.

Only outcomes come back; pages and workbooks are written into the runner's staging folder by the worker that makes
them. A worker that dies has its job repeated once elsewhere; a failure of the notebook itself is not repeated.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cchc.phrases import Phrase
from cchc.reports.child import Failure, Outcome, Task, run_notebook

if TYPE_CHECKING:
    from distributed import Client

ATTEMPTS = 2
"""How often a job is tried whose worker dies."""


class ClusterError(Exception):
    """The cluster cannot be used; the message says why and what to do."""


@contextmanager
def cluster(address: str, program: str) -> Iterator[Callable[[Task], Outcome]]:
    """Connect to a scheduler and give a function that runs one task there, to be called from any thread.

    Parameters
    ----------
    address : str
        Of the scheduler, ``tcp://host:8786``.
    program : str
        Hash of the program: workers that have another version would make other pages.

    Raises
    ------
    ClusterError
        dask is not installed, nobody answers, or a worker has another version of the program.
    """
    try:
        from distributed import Client
    except ImportError:
        raise ClusterError(Phrase("--cluster cần gói dask: pip install 'cchc[cluster]'")) from None
    try:
        client = Client(address, timeout=10)
    except (OSError, ValueError) as error:
        raise ClusterError(
            Phrase("Không kết nối được với cụm máy {address}: {error}", address=address, error=str(error))
        ) from None
    with client:
        _check_workers(client, program)
        yield lambda task: _submit(client, task)


def _check_workers(client: Client, program: str) -> None:
    found: dict[str, str] = client.run(_program_hash)
    others = sorted(worker for worker, own in found.items() if own != program)
    if not found:
        raise ClusterError(Phrase("Cụm máy chưa có máy nào: hãy chạy dask worker trước"))
    if others:
        raise ClusterError(
            Phrase("Phiên bản cchc khác với máy này: {others}; hãy cập nhật và khởi động lại", others=", ".join(others))
        )


def _program_hash() -> str:
    # plan is on the worker too; imported there, so that a worker's own files are hashed
    from cchc.reports.plan import program_hash, versions_hash

    return program_hash() + versions_hash()


def _submit(client: Client, task: Task) -> Outcome:
    """Run a task on some worker and move what it made to the task's folder."""
    from distributed import CancelledError, KilledWorker

    future = client.submit(run_attempt, task, pure=False, retries=0)
    try:
        answer: tuple[Outcome, str] = future.result()
    except (KilledWorker, CancelledError) as error:  # cancelled: the scheduler is gone
        return Outcome(Failure("killed", str(error)), 0.0)
    outcome, folder = answer
    if outcome.failure is None:
        for made in task.outputs:
            made.parent.mkdir(parents=True, exist_ok=True)
            (Path(folder) / made.relative_to(task.folder)).replace(made)
    return outcome


def run_attempt(task: Task) -> tuple[Outcome, str]:
    """Run a task in a folder of this attempt's own, on a worker; return how it went and the folder.

    A worker that seems dead may still be writing: two attempts must not share a folder, or a page could be torn.
    """
    for number in range(1, ATTEMPTS + 1):
        folder = task.folder / f"attempt-{number}"
        try:
            folder.mkdir()
        except FileExistsError:
            continue
        parameters = {**task.parameters, "out": str(folder)}
        return _run(replace(task, folder=folder, parameters=parameters)), str(folder)
    return Outcome(Failure("killed", Phrase("{n} lần", n=str(ATTEMPTS))), 0.0), ""


def _run(task: Task) -> Outcome:
    """Run a task in this worker's fork server or, where the worker may have no children, in a process of its own.

    Workers under a nanny are daemonic, and a daemonic process may not have children; with the environment variable
    DASK_DISTRIBUTED__WORKER__DAEMON=false they are not, and a page costs seconds less.
    """
    if not multiprocessing.current_process().daemon:
        return run_notebook(task)
    command = [sys.executable, "-c", "from cchc.reports.cluster import serve; serve()"]
    result = subprocess.run(command, input=pickle.dumps(task), capture_output=True, check=False)
    if result.returncode:
        return Outcome(
            Failure("crash", f"exit {result.returncode}", details=result.stderr.decode(errors="replace")), 0.0
        )
    outcome: Outcome = pickle.loads(result.stdout)
    return outcome


def serve() -> None:
    """Run the task that stands on stdin and write its outcome to stdout, pickled: the process of `_run`."""
    worker = os.getppid()
    threading.Thread(target=_end_with, args=(worker,), daemon=True).start()
    task: Any = pickle.loads(sys.stdin.buffer.read())
    sys.stdout.buffer.write(pickle.dumps(run_notebook(task)))


def _end_with(worker: int) -> None:
    """End this process when its worker is gone, or it would go on with a job that is repeated elsewhere."""
    while os.getppid() == worker:
        time.sleep(1)
    os._exit(1)
