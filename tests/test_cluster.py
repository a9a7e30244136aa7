"""The same jobs on a real scheduler and real workers, each a process of its own; one of them is killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from distributed import CancelledError, KilledWorker

from cchc.reports import cluster
from cchc.reports.child import Failure, Outcome
from tests.pages import (
    ANNUAL,
    ANNUAL_PARAMETERS,
    GOOD_CODE,
    ROOT,
    SCHEME,
    make_task,
    program,
    script_environment,
    wait_until,
    write_notebook,
)

YEARS = list(range(2011, 2021))
# each page leaves the numbers of its process and of those above it, when it starts
CHAIN = """
import os, time
from pathlib import Path
chain = [os.getpid()]
while chain[-1] > 1:
    chain.append(int(Path(f"/proc/{chain[-1]}/stat").read_text().rpartition(")")[2].split()[1]))
log = Path(os.environ["CCHC_RAW"]).parent / "log"
log.mkdir(exist_ok=True)
(log / f"{year}-{os.getpid()}").write_text(" ".join(map(str, chain)))
time.sleep(0.7)
"""
RUN = """
import json, sys
from pathlib import Path
from cchc import processed
from cchc.reports import runner
from tests.pages import manifest
if __name__ == "__main__":
    folder, address = Path(sys.argv[1]), sys.argv[2]
    years = json.loads(sys.argv[3])
    processed.manifest = lambda folder: manifest(years=years, published_years=[], slices={})
    lines = []
    summary = runner.report(folder / "raw", folder / "reports", notebooks=folder / "notebooks", jobs=8,
                            cluster_address=address, progress=lambda done, total, text: lines.append(text))
    print(json.dumps({"lines": lines, **summary.as_dict()}))
"""


class Cluster:
    """A scheduler and two workers on the loopback: one may have no children (Dask's default), one may."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self._folder, self._stack = folder, stack
        self._file = folder / "scheduler.json"
        self.scheduler = self._start("scheduler", "--port", "0")
        wait_until(self._file.exists, 60)
        self.address: str = json.loads(self._file.read_text())["address"]

    def add_workers(self) -> None:
        self.workers = [self._worker("true"), self._worker("false")]

    def _worker(self, daemon: str) -> subprocess.Popen[bytes]:
        place = self._folder / f"worker-{daemon}"
        arguments = ["--nthreads", "2", "--local-directory", str(place), "--worker-port", "0", "--nanny-port", "0"]
        return self._start("worker", *arguments, DASK_DISTRIBUTED__WORKER__DAEMON=daemon)

    def _start(self, kind: str, *arguments: str, **variables: str) -> subprocess.Popen[bytes]:
        command = [program("dask"), kind, "--scheduler-file", str(self._file), "--host", "127.0.0.1", "--no-dashboard"]
        log = self._stack.enter_context((self._folder / f"{kind}{len(list(self._folder.iterdir()))}.log").open("wb"))
        started = subprocess.Popen([*command, *arguments], env=script_environment(**variables), cwd=self._folder,
                                   stdout=log, stderr=log)  # fmt: skip
        self._stack.callback(started.wait)
        self._stack.callback(started.terminate)
        return started


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with ExitStack() as stack:
        yield Cluster(tmp_path_factory.mktemp("cluster"), stack)


@pytest.fixture(scope="module")
def started(bare: Cluster) -> Cluster:
    bare.add_workers()
    from distributed import Client

    with Client(bare.address, timeout=30) as client:
        client.wait_for_workers(2, timeout=60)
    return bare


def _house(folder: Path, code: str) -> None:
    (folder / "raw/thu").mkdir(parents=True)
    (folder / "raw/thu/scheme.toml").write_text(SCHEME, "utf-8")
    write_notebook(folder / "notebooks/annual.ipynb", ANNUAL, ANNUAL_PARAMETERS, CHAIN, code)


def _run(folder: Path, address: str, years: list[int]) -> subprocess.Popen[str]:
    script = folder / "run.py"
    script.write_text(RUN, "utf-8")
    command = [sys.executable, str(script), str(folder), address, json.dumps(years)]
    return subprocess.Popen(
        command, env=script_environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def _starts(folder: Path) -> list[Path]:
    return list((folder / "log").glob("*"))


@pytest.mark.slow
def test_cluster_without_workers_is_a_sentence(bare: Cluster) -> None:
    if not hasattr(bare, "workers"):
        with pytest.raises(cluster.ClusterError, match="Cụm máy chưa có máy nào"), cluster.cluster(bare.address, "p"):
            pytest.fail("connected")


@pytest.mark.slow
def test_killed_worker_costs_no_page(started: Cluster, tmp_path: Path) -> None:
    _house(tmp_path, GOOD_CODE)
    with _run(tmp_path, started.address, YEARS) as run:
        nannies = {worker.pid for worker in started.workers}

        def chains() -> dict[int, list[int]]:
            found = [[int(text) for text in path.read_text().split()] for path in _starts(tmp_path)]
            return {chain[0]: chain for chain in found if nannies & set(chain)}

        def with_children() -> list[list[int]]:
            return [chain for chain in chains().values() if started.workers[1].pid in chain]

        wait_until(with_children, 120)
        chain = with_children()[0]
        os.kill(chain[chain.index(started.workers[1].pid) - 1], signal.SIGKILL)
        output, errors = run.communicate(timeout=180)
    assert run.returncode == 0, errors
    summary = json.loads(output)
    pages = [f"annual-{year}" for year in YEARS]
    found = {page["page"]: page["status"] for page in summary["schemes"]["thu"]["pages"]}
    assert {page: found[page] for page in pages} == dict.fromkeys(pages, "built")
    built = [line.split(":")[0] for line in summary["lines"] if ": đã lập" in line]
    assert sorted(built) == sorted(f"thu/{page}" for page in pages), "each once"
    folder = tmp_path / "reports/thu"
    from cchc.reports import publish

    for year in YEARS:
        page = f"annual-{year}"
        assert publish.is_whole(folder, publish.read_manifest(folder, page)), page
        assert f"Xếp hạng năm {year} của thu" in (folder / f"{page}.html").read_text("utf-8")
    assert not (tmp_path / "reports/.staging/thu").exists()
    # what was killed and no more has been repeated, and both workers took part
    starts = [path.name.split("-")[0] for path in _starts(tmp_path)]
    assert len(YEARS) < len(starts) <= len(YEARS) + 2
    assert max(starts.count(str(year)) for year in YEARS) == 2
    assert all(any(worker.pid in chain for chain in chains().values()) for worker in started.workers)


@pytest.mark.slow
def test_failure_of_the_notebook_is_not_repeated(started: Cluster, tmp_path: Path) -> None:
    _house(tmp_path, "1 / 0")
    with _run(tmp_path, started.address, [2019, 2020]) as run:
        output, errors = run.communicate(timeout=120)
    assert run.returncode == 0, errors
    pages = json.loads(output)["schemes"]["thu"]["pages"]
    failure = {"kind": "cell", "message": "ZeroDivisionError: division by zero", "cell": 4}
    assert [page["failure"] for page in pages] == [failure, failure]
    assert sorted(path.name.split("-")[0] for path in _starts(tmp_path)) == ["2019", "2020"]


@pytest.mark.slow
def test_another_version_is_a_sentence(started: Cluster) -> None:
    message = r"Phiên bản cchc khác với máy này: tcp://127\.0\.0\.1:\d+, tcp://"
    with pytest.raises(cluster.ClusterError, match=message), cluster.cluster(started.address, "another"):
        pytest.fail("connected")


@pytest.mark.slow
def test_unknown_address_is_a_sentence_and_exit_2(tmp_path: Path) -> None:
    command = [program("cchc"), "report", "tay-ninh", "--raw", str(ROOT / "data/raw"), "--out", str(tmp_path / "o"),
               "--processed", str(tmp_path / "p"), "--cluster", "tcp://127.0.0.1:1"]  # fmt: skip
    done = subprocess.run(command, env=script_environment(), capture_output=True, text=True, timeout=120)
    assert done.returncode == 2, done.stderr
    assert "Không kết nối được với cụm máy tcp://127.0.0.1:1:" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "o/tay-ninh/annual-2023.html").exists()


# An attempt, without a cluster


def test_attempts_have_folders_of_their_own_and_an_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[Any] = []

    def run(task: Any) -> Outcome:
        ran.append(task)
        return Outcome(None, 1.0)

    monkeypatch.setattr(cluster, "_run", run)
    task = make_task(tmp_path)
    answers = [cluster.run_attempt(task) for _ in range(3)]
    folders = [str(task.folder / f"attempt-{number}") for number in (1, 2)]
    assert [folder for _, folder in answers] == [*folders, ""]
    assert [str(each.folder) for each in ran] == [each.parameters["out"] for each in ran] == folders
    assert [answer.failure for answer, _ in answers] == [None, None, Failure("killed", "2 lần")]


def test_what_an_attempt_made_is_moved_to_the_task(tmp_path: Path) -> None:
    task = replace(make_task(tmp_path), page="units/a-2023")

    class Client:
        def submit(self, function: Any, given: Any, **_: Any) -> Client:
            folder = given.folder / "attempt-1"
            (folder / "units").mkdir(parents=True)
            for made in given.outputs:
                (folder / made.relative_to(given.folder)).write_bytes(b"x")
            self.answer = Outcome(None, 1.0), str(folder)
            return self

        def result(self) -> Any:
            return self.answer

    assert cluster._submit(Client(), task) == Outcome(None, 1.0)
    assert all(made.read_bytes() == b"x" for made in task.outputs)


@pytest.mark.parametrize("error", [CancelledError("job"), KilledWorker("job", SimpleNamespace(address="tcp://a"), 3)])
def test_lost_cluster_is_a_failure_of_its_pages(tmp_path: Path, error: BaseException) -> None:
    class Client:
        def submit(self, *_: Any, **__: Any) -> Client:
            return self

        def result(self) -> Any:
            raise error

    failure = cluster._submit(Client(), make_task(tmp_path)).failure
    assert failure is not None
    assert failure.kind == "killed"


@pytest.mark.slow
def test_process_without_children_has_its_pages_made_by_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Daemon:
        daemon = True

    monkeypatch.setattr(cluster.multiprocessing, "current_process", Daemon)
    monkeypatch.setattr(cluster, "run_notebook", lambda task: pytest.fail("started a child"))
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    start = time.monotonic()
    outcome = cluster._run(make_task(tmp_path, GOOD_CODE))
    assert outcome.failure is None
    assert 0 < outcome.seconds <= time.monotonic() - start
