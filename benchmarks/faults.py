"""Break runs of ``cchc report`` in every way that happens, and look whether the next run puts all in order.

``python benchmarks/faults.py [--moments 30]`` prints a table of the faults tried and leaves with 1 where anything was
found afterwards that may not be: a set that is neither the old nor the new one, a process or a lock that stayed, files
left in the staging folder. Each fault has a folder of its own in a temporary one; full disks and read-only mounts need
root.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import rig
from aftermath import SCHEME, YEARS, Case, Fault, Scenario, States, can_mount, mount, prepare, try_fault

# Named steps

PAGE = f"annual-{YEARS[-1]}"
RETIRED = f"annual-{YEARS[0]}"
RUNNER_STEPS: tuple[tuple[str, str, str, int], ...] = (
    # step, function, end of one of its arguments, call
    ("staging emptied at the start", "shutil:rmtree", f".staging/{SCHEME}", 1),
    ("processed tables, first", "cchc.processed:_replace", "", 1),
    ("processed tables, tenth", "cchc.processed:_replace", "", 10),
    ("replace a processed table", "pathlib:Path.replace", f"processed/{SCHEME}/scores.parquet", 1),
    ("processed manifest", "cchc.processed:_replace", f"{SCHEME}/manifest.json", 1),
    ("staging of a page", "pathlib:Path.mkdir", f".staging/{SCHEME}/{PAGE}", 1),
    ("execution", "cchc.reports.runner:run_notebook", "", 1),
    ("execution of the last page", "cchc.reports.runner:run_notebook", "", 5),
    ("replace workbook", "cchc.reports.publish:replace_file", f"{PAGE}.xlsx", 1),
    ("replace page", "cchc.reports.publish:replace_file", f"{PAGE}.html", 1),
    ("replace manifest", "cchc.reports.publish:replace_file", f"{PAGE}.json", 1),
    ("replace workbook of a scorecard", "cchc.reports.publish:replace_file", f"don-vi-2-1-{YEARS[-1]}.xlsx", 1),
    ("replace manifest of a scorecard", "cchc.reports.publish:replace_file", f"don-vi-2-1-{YEARS[-1]}.json", 1),
    ("retire workbook", "pathlib:Path.replace", f".old/{RETIRED}.xlsx", 1),
    ("retire page", "pathlib:Path.replace", f".old/{RETIRED}.html", 1),
    ("retire manifest", "pathlib:Path.replace", f".old/{RETIRED}.json", 1),
    ("index of the scheme", "cchc.reports.publish:replace_file", f"{SCHEME}/index.html", 1),
    ("list of the scheme", "cchc.reports.publish:replace_file", f"{SCHEME}/index.json", 1),
    ("staging emptied at the end", "shutil:rmtree", f".staging/{SCHEME}", 2),
    ("index of all", "cchc.reports.publish:replace_file", "reports/index.html", 1),
)
LAST_STEPS = ("replace manifest", "retire manifest", "staging emptied at the end", "index of all")
CHILD_STEPS: tuple[tuple[str, str, str, int], ...] = (
    ("execution", "cchc.reports.engine:execute", "", 1),
    ("third cell", "pathlib:Path.write_text", "cell.txt", 3),
    ("workbook", "pathlib:Path.replace", ".xlsx", 1),
    ("check", "cchc.reports.html:check_page", "", 1),
    ("page", "pathlib:Path.write_text", ".html", 1),
    ("outcome", "pathlib:Path.write_text", "outcome.json", 1),
)


def kill_at(where: str, victim: str, step: tuple[str, str, str, int], when: str) -> Scenario:
    """Kill `victim` (``self``, ``runner``, ``server``) at a step of the runner or of a child."""
    name, function, argument, call = step
    fault = {
        "function": function, "argument": argument, "call": call, "when": when, "in": where, "action": victim
    }  # fmt: skip
    killed = {"self": where, "runner": "runner", "server": "fork server"}[victim]

    def act(case: Case) -> None:
        code, _, stderr = case.run(fault)
        wanted = -9 if killed == "runner" else 1
        case.expect(code == wanted, f"exit {code}, not {wanted}: {stderr[-500:]}")

    return Scenario(f"kill -9 of the {killed} at a step", f"{when} {name}, in the {where}", act)


def named_steps() -> Iterator[Scenario]:
    """Every step of the runner and of a child, killed right before it; and right after where no other step follows."""
    for step in RUNNER_STEPS:
        yield kill_at("runner", "self", step, "before")
        if step[0] in LAST_STEPS:
            yield kill_at("runner", "self", step, "after")
    for step in CHILD_STEPS:
        for victim in ("self", "runner"):
            yield kill_at("child", victim, step, "before")
    yield kill_at("child", "runner", CHILD_STEPS[-1], "after")
    yield kill_at("child", "server", CHILD_STEPS[0], "before")
    yield from failure_pages()
    for victim in ("self", "runner"):
        yield stock_engine(victim)


def failure_pages() -> Iterator[Scenario]:
    """Kill the runner around the failure page: as it is written, and as a good set takes its place."""
    child_dies = {
        "function": "cchc.reports.engine:execute", "argument": "", "call": 1, "when": "before", "in": "child",
        "action": "self", "once": False,
    }  # fmt: skip

    def runner_dies(function: str, argument: str, when: str) -> Fault:
        return {"function": function, "argument": argument, "call": 1, "when": when, "in": "runner", "action": "self"}

    def written(case: Case) -> None:
        case.run(child_dies, runner_dies("cchc.reports.publish:replace_file", f"{PAGE}.failure.html", "before"))

    def overcome(function: str, suffix: str, when: str) -> Callable[[Case], None]:
        def act(case: Case) -> None:
            case.run(child_dies)
            case.expect((case.out / SCHEME / f"{PAGE}.failure.html").exists(), "no failure page")
            (case.folder / "struck.0").unlink(missing_ok=True)
            case.run(runner_dies(function, f"{PAGE}{suffix}", when))

        return act

    kind = "kill -9 of the runner at a step"
    taken_away, manifest = ("pathlib:Path.unlink", ".failure.html"), ("cchc.reports.publish:replace_file", ".json")
    yield Scenario(kind, "before the failure page is written", written)
    yield Scenario(kind, "before the failure page is taken away", overcome(*taken_away, "before"))
    yield Scenario(kind, "before the manifest of a set that had a failure page", overcome(*manifest, "before"))
    yield Scenario(kind, "after the manifest of a set that had a failure page", overcome(*manifest, "after"))


def stock_engine(victim: str) -> Scenario:
    """Kill the runner or a child while papermill's own engine has a kernel running."""

    def act(case: Case) -> None:
        process = case.start(options=["--engine", "nbclient"])
        kernel = _wait_for(lambda: [pid for pid in rig.processes(case.mark) if _runs(pid, "ipykernel")])
        case.expect(bool(kernel), "no kernel was started")
        if victim == "runner":
            process.kill()
        else:
            for pid in rig.processes(case.mark):
                if _runs(pid, "multiprocessing") and not _runs(pid, "tracker"):
                    rig.kill(pid)
        case.finish(process)

    name = "runner" if victim == "runner" else "child"
    return Scenario(f"kill -9 of the {name} at a step", "with papermill's own engine, a kernel running", act)


def _wait_for(find: Callable[[], list[int]], seconds: float = 60.0) -> list[int]:
    end = time.monotonic() + seconds
    while not (found := find()) and time.monotonic() < end:
        time.sleep(0.05)
    return found


def _runs(process: int, text: str) -> bool:
    """Whether a process was started by a command with `text` in it."""
    try:
        return text.encode() in Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:
        return False


# Random moments, full disks, read-only mounts, two at once, held files


def random_moment(number: int, seconds: float, choice: random.Random) -> Scenario:
    """Kill the runner, or one of the processes that it has started, at a random moment of a run."""
    moment, victim, has_old = choice.uniform(0, seconds), ("runner", "other")[number % 2], number % 4 < 2
    seed = choice.random()

    def act(case: Case) -> None:
        process = case.start()
        time.sleep(moment)
        others = sorted({*rig.processes(case.mark)} - {process.pid})
        if victim == "other" and others:
            rig.kill(random.Random(seed).choice(others))
        elif victim == "runner":
            process.kill()
        case.finish(process)

    killed = "the runner" if victim == "runner" else "a process of it"
    return Scenario(f"kill -9 of {killed} at a random moment", f"after {moment:.2f} s", act, has_old)


def disk_full(room: int) -> Scenario:
    """Run with pages on a disk that has `room` KiB left."""

    def act(case: Case) -> None:
        shutil.move(case.out, case.folder / "aside")
        mount(case, "-t", "tmpfs", "-o", "size=64m", "tmpfs")
        shutil.move(case.folder / "aside", case.out)
        filler = case.out.parent / "filler"
        free = shutil.disk_usage(case.out).free
        filler.write_bytes(bytes(max(0, free - room * 1024)))
        code, _, stderr = case.finish(case.start())
        case.expect(code == 1, f"exit {code}, not 1: {stderr[-500:]}")
        case.expect("Traceback" not in stderr, f"a traceback instead of a sentence: {stderr[-800:]}")
        filler.unlink()

    return Scenario("disk full", f"{room} KiB left", act, needs_mount=True)


def read_only(has_old: bool) -> Scenario:
    """Run with pages on a read-only mount: nothing is changed, and a sentence says why."""

    def act(case: Case) -> None:
        before = rig.files_in(case.out)
        disk = str(case.out.parent)
        mount(case, "--bind", disk)
        subprocess.run(["mount", "-o", "remount,ro,bind", disk], check=True, capture_output=True)
        code, _, stderr = case.finish(case.start())
        case.expect(code == 1, f"exit {code}, not 1")
        case.expect(bool(stderr.strip()) and "Traceback" not in stderr, f"no sentence: {stderr[-800:]}")
        case.expect(rig.files_in(case.out) == before, "something changed on a read-only mount")

    return Scenario("read-only mount", "with old pages" if has_old else "without", act, has_old, needs_mount=True)


def at_once(n_runs: int, n_killed: int, has_old: bool = True) -> Scenario:
    """Start runs at the same time and kill some of them after a while; no page is built twice by the others."""

    def act(case: Case) -> None:
        processes = [case.start(options=["--json"]) for _ in range(n_runs)]
        if n_killed:
            time.sleep(case.states.seconds * 0.7)
        for process in processes[:n_killed]:
            process.kill()
        answers = [case.finish(process) for process in processes][n_killed:]
        case.expect(all(code == 0 for code, _, _ in answers), f"exits {[code for code, _, _ in answers]}")
        built = [
            page["page"]
            for code, stdout, _ in answers
            if code == 0
            for page in json.loads(stdout)["schemes"][SCHEME]["pages"]
            if page["status"] == "built"
        ]
        case.expect(len(built) == len(set(built)), f"built twice: {sorted(built)}")

    name = f"{n_runs} runs" + (f", {n_killed} of them killed" if n_killed else "")
    return Scenario("runs at once", name + (", on no pages" if not has_old else ""), act, has_old)


def held(page: str, times: int, wanted: int) -> Scenario:
    """Refuse the replacement of a workbook, as Windows does while Excel has it open."""
    fault = {
        "function": "pathlib:Path.replace", "argument": f"{SCHEME}/{page}.xlsx", "call": 1, "times": times,
        "when": "before", "in": "runner", "action": "refuse",
    }  # fmt: skip

    def act(case: Case) -> None:
        code, _, stderr = case.run(fault)
        case.expect(code == wanted, f"exit {code}, not {wanted}: {stderr[-500:]}")
        pages = {f"{SCHEME}/{page}{suffix}" for suffix in (".xlsx", ".html", ".json")}
        expected = case.states.old if times > 5 else case.states.updated
        found = rig.files_in(case.out)
        case.expect({name: found.get(name) for name in pages} == {name: expected[name] for name in pages}, "not kept")

    return Scenario("workbook held open", f"{page}, {'for good' if times > 5 else f'{times} s'}", act)


def scenarios(states: States, moments: int, seed: int) -> list[Scenario]:
    """Return every fault, `moments` of them at random moments."""
    choice = random.Random(seed)
    return [
        *named_steps(),
        *(random_moment(number, states.seconds, choice) for number in range(moments)),
        *(disk_full(room) for room in (0, 8, 32, 64, 96, 128)),
        read_only(has_old=True),
        read_only(has_old=False),
        at_once(2, 0),
        at_once(2, 0, has_old=False),
        at_once(3, 1),
        held(PAGE, 2, 0),
        held(PAGE, 99, 1),
        held(RETIRED, 99, 0),
    ]


SHORT = {
    f"{scenario.kind}, {scenario.name}": scenario
    for scenario in (
        kill_at("runner", "self", RUNNER_STEPS[8], "before"),
        kill_at("child", "runner", CHILD_STEPS[2], "before"),
        disk_full(128),
        held(PAGE, 99, 1),
    )
}
"""A few faults, for a test of a minute."""


def main() -> int:
    """Try every fault, print what came of them, and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--moments", type=int, default=30, help="how many random moments")
    parser.add_argument("--seed", type=int, default=1, help="of the random moments")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="cchc-faults-") as folder:
        states = prepare(Path(folder))
        print(f"one run without a fault: {states.seconds:.1f} s, {len(states.updated)} files", flush=True)
        tried = scenarios(states, arguments.moments, arguments.seed)
        if not can_mount():
            print(f"SKIPPED, needs root: {', '.join(each.name for each in tried if each.needs_mount)}")
            tried = [each for each in tried if not each.needs_mount]
        counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
        with ThreadPoolExecutor(os.cpu_count()) as executor:
            for scenario, violations in zip(
                tried, executor.map(lambda each: try_fault(states, each), tried), strict=True
            ):
                counts[scenario.kind][0] += 1
                counts[scenario.kind][1] += bool(violations)
                for violation in violations:
                    print(f"VIOLATION: {scenario.kind}, {scenario.name}: {violation}", flush=True)
    totals = [sum(column) for column in zip(*counts.values(), strict=True)]
    print(f"{'fault':60} {'tried':>6} {'with a violation':>17}")
    for kind, (n_tried, n_wrong) in {**counts, "all": totals}.items():
        print(f"{kind:60} {n_tried:6} {n_wrong:17}")
    return int(any(n_wrong for _, n_wrong in counts.values()))


if __name__ == "__main__":
    sys.exit(main())
