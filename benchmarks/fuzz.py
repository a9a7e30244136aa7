"""Read damaged workbooks and CSV files, and look whether any number that comes out is not the number in its cell.

``python benchmarks/fuzz.py [--cases 20000] [--seed 1] [--first 0] [--jobs 2]`` prints a table of mutations and
outcomes and leaves with 1 where anything was found: an exception, a case that does not end, a number that is not in
its cell or stands under another unit or code, a number that is in no row and named by no problem. Each such case is
kept as a folder under build/fuzz/, with what was found; ``--first N --cases 1`` tries case N of a seed again.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

from mutations import Case, make_case
from trial import Memory, Verdict, try_case

ROOT = Path(__file__).resolve().parents[1]
OUT = ROOT / "build" / "fuzz"
LIMIT = 60.0
"""Seconds after which a case counts as hanging; a machine that is busy takes one or two."""
MOST_MEMORY = 2 * 2**30


def _work(link: Connection, seed: int) -> None:
    """Try the cases that come along `link`, one at a time, in bounded memory."""
    resource.setrlimit(resource.RLIMIT_DATA, (MOST_MEMORY, MOST_MEMORY))
    with tempfile.TemporaryDirectory() as name, Memory() as memory:
        while (number := link.recv()) is not None:
            verdict = try_case(make_case(seed, number), Path(name, f"case-{number}"), memory)
            link.send((verdict, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss))


@dataclass
class Worker:
    """A process that tries cases, and what it is at."""

    process: Any
    link: Connection
    number: int = -1
    start: float = 0.0


def try_cases(seed: int, numbers: Sequence[int], jobs: int) -> Iterator[tuple[int, Verdict, int]]:
    """Try cases in processes of their own; one that does not end, or ends its process, is a failure."""
    context = multiprocessing.get_context("spawn")  # a fork of a process with threads may never end
    waiting, workers = list(reversed(numbers)), list[Worker]()

    def start() -> Worker:
        link, other = context.Pipe()
        process = context.Process(target=_work, args=(other, seed), daemon=True)
        process.start()
        other.close()
        return Worker(process, link)

    def give(worker: Worker) -> None:
        worker.number = waiting.pop() if waiting else -1
        worker.start = time.monotonic()
        worker.link.send(worker.number if worker.number >= 0 else None)

    for _ in range(jobs):
        workers.append(start())
        give(workers[-1])
    while any(worker.number >= 0 for worker in workers):
        busy = [worker for worker in workers if worker.number >= 0]
        ready = wait([worker.link for worker in busy], timeout=1.0)
        for worker in busy:
            number, is_late = worker.number, time.monotonic() - worker.start > LIMIT
            if worker.link in ready:
                try:
                    verdict, memory = worker.link.recv()
                    yield number, verdict, memory
                    give(worker)
                    continue
                except EOFError:
                    is_late = False
            elif not is_late:
                continue
            what = f"no end after {LIMIT:g} s" if is_late else "the process ended"
            worker.process.kill()
            worker.process.join()
            yield number, Verdict("failure", [what], time.monotonic() - worker.start), 0
            workers[workers.index(worker)] = fresh = start()
            give(fresh)
    for worker in workers:
        worker.process.join()


def keep(case: Case, seed: int, number: int, found: list[str]) -> None:
    """Keep the files of a case in which something was found."""
    folder = OUT / f"{seed}-{number}"
    for name, content in case.files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    text = f"seed {seed}, case {number}: {case.base}, {case.target}, {', '.join(case.steps)}\n\n"
    (folder / "found.txt").write_text(text + "\n".join(found) + "\n", "utf-8")


def main() -> int:
    """Try the cases that the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--cases", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    numbers = range(options.first, options.first + options.cases)
    table: Counter[tuple[str, str]] = Counter()
    failures, slowest, memory, start = 0, 0.0, 0, time.monotonic()
    for done, (number, verdict, used) in enumerate(try_cases(options.seed, numbers, options.jobs), start=1):
        for step in {step.strip() for step in verdict.steps} or {"nothing"}:
            table[step, verdict.outcome] += 1
        table["(all)", verdict.outcome] += 1
        slowest, memory = max(slowest, verdict.seconds), max(memory, used)
        if verdict.found:
            failures += 1
            case = make_case(options.seed, number)
            keep(case, options.seed, number, verdict.found)
            print(f"\n{number} {case.base} {case.steps}: {verdict.found[0].strip().splitlines()[-1][:200]}")
        if done % 100 == 0 or done == len(numbers):
            print(f"{done}/{len(numbers)}, {failures} found, {time.monotonic() - start:.0f} s", end="\r", flush=True)
    print()
    print_table(table)
    print(f"slowest {slowest:.1f} s, most memory {memory / 1024:.0f} MB; {failures} found (kept in {OUT})")
    return 1 if failures else 0


def print_table(table: Counter[tuple[str, str]]) -> None:
    """Print a row for each mutation and a column for each outcome."""
    outcomes = ["clean", "warnings", "errors", "whole scheme stopped", "failure"]
    print("| mutation | " + " | ".join(outcomes) + " |")
    print("|---|" + "---:|" * len(outcomes))
    for step in sorted({step for step, _ in table}, key=lambda step: (step == "(all)", step)):
        print(f"| {step} | " + " | ".join(str(table[step, outcome]) for outcome in outcomes) + " |")


if __name__ == "__main__":
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    sys.exit(main())
