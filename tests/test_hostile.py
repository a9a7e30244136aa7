"""Files made to hurt, each read in a process of its own: within seconds, and within bounded memory."""

from __future__ import annotations

import json
import multiprocessing
import resource
import signal
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest

from tests.hostile_files import HOSTILE, LINKS
from tests.nasty_cases import lay, told
from tests.test_nasty import EXPECTED, expected_numbers, read

CPU_SECONDS, SECONDS = 20, 60
"""Of the processor, whatever else the machine does; and in all, for what waits without end."""
MEGABYTES = 300
"""So much more memory than before reading: the resident set at its highest."""
MOST_MEGABYTES = 1000
"""So much more address space the system gives: without it a bomb would take the machine along."""


def _read(scheme: Path, pipe: Connection) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    mapped = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (mapped + MOST_MEGABYTES * 2**20,) * 2)
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    signal.alarm(SECONDS)
    problems, numbers = read(scheme)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024
    pipe.send(json.dumps([[told(problem) for problem in problems], numbers, grown]))


def read_apart(scheme: Path) -> tuple[list[Any], dict[str, str], int]:
    """Read a scheme in a child; return problems, numbers, and by how many MB the child grew."""
    # not of the fork server: it is one a process, and pages of later tests need theirs
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    child = context.Process(target=_read, args=(scheme, theirs))
    child.start()
    theirs.close()
    try:
        found = json.loads(ours.recv())
    except EOFError:
        child.join()
        pytest.fail(f"the child ended with {child.exitcode}: a signal that a limit sends, or a crash")
    finally:
        ours.close()
        child.join()
        child.close()
    return found[0], found[1], found[2]


@pytest.mark.slow
@pytest.mark.parametrize("name", [*HOSTILE, *LINKS])
def test_within_seconds_and_bounded_memory(tmp_path: Path, name: str) -> None:
    scheme = lay(tmp_path, HOSTILE[name]() if name in HOSTILE else {})
    if name in LINKS:
        LINKS[name](scheme)
    problems, numbers, grown = read_apart(scheme)
    case = EXPECTED[name]
    assert sorted(problems)[: len(case["problems"])] == sorted(case["problems"])
    assert len(problems) == case.get("number", len(case["problems"]))
    assert numbers == expected_numbers(case)
    assert grown < MEGABYTES


@pytest.mark.slow
def test_the_limits_bite(tmp_path: Path) -> None:
    """The child is killed where reading takes the memory or the time that no file may take."""
    scheme = lay(tmp_path, {})
    context = multiprocessing.get_context("spawn")
    for target in (_take_memory, _take_time):
        child = context.Process(target=target, args=(scheme,))
        child.start()
        child.join()
        assert child.exitcode != 0
        child.close()


def _take_memory(scheme: Path) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEGABYTES * 2**20,) * 2)
    bytearray(MOST_MEGABYTES * 2**20)


def _take_time(scheme: Path) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (1, 1))
    while True:
        pass
