"""A run of ``cchc report`` that is broken in a folder of its own, and what must be true after it and after the next."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import rig

SCHEME = "thu"
YEARS = (2022, 2023, 2024)
LIMIT = 180.0
"""Seconds after which a run counts as blocked."""
ORPHANS = 5.0
"""Seconds that the processes of a killed run have to end in: a stock kernel looks once a second for its parent."""

Fault = dict[str, Any]
Tree = dict[str, bytes]


@dataclass(frozen=True)
class States:
    """What every fault is tried on: a scheme before and after a change, and the pages of both.

    The change corrects a score and takes the first year away, so that pages are built and others retired.
    `updated` are the pages of a run on the old ones, `fresh` those of a run on none; `seconds` is what one takes.
    """

    folder: Path
    program: Path
    old: Tree
    updated: Tree
    fresh: Tree
    processed: Tree
    seconds: float


@dataclass
class Case:
    """A fault's own folder: the changed scheme, and the old pages and tables (or none of them)."""

    states: States
    folder: Path
    has_old: bool
    mark: str = field(default_factory=lambda: uuid.uuid4().hex)
    violations: list[str] = field(default_factory=list)
    mounts: list[Path] = field(default_factory=list)

    @property
    def out(self) -> Path:
        """Where the pages go; a disk of their own is mounted on the folder above."""
        return self.folder / "disk/reports"

    def start(self, *faults: Fault, options: Sequence[str] = ()) -> subprocess.Popen[str]:
        """Start a run with faults in it."""
        struck = str(self.folder / "struck")
        env = rig.environment(self.states.program, self.mark, CCHC_FAULTS=json.dumps(faults), CCHC_FAULT_FILE=struck)
        return subprocess.Popen(
            _command(self.states.folder / "new", self.folder / "processed", self.out, *options),
            env=env, cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8",
        )  # fmt: skip

    def run(self, *faults: Fault, options: Sequence[str] = ()) -> tuple[int, str, str]:
        """Run with faults in it to the end, whatever that is; say so where a fault has not happened."""
        answer = self.finish(self.start(*faults, options=options))
        for number, fault in enumerate(faults):
            if not (self.folder / f"struck.{number}").exists():
                self.violations.append(f"the fault did not happen: {fault}; {answer[2][-500:]}")
        return answer

    def finish(self, process: subprocess.Popen[str]) -> tuple[int, str, str]:
        """Wait for a run; a blocked one is a violation, and is killed."""
        try:
            stdout, stderr = process.communicate(timeout=LIMIT)
        except subprocess.TimeoutExpired:
            self.violations.append("blocked")
            process.kill()
            stdout, stderr = process.communicate()
        return process.returncode, stdout, stderr

    def expect(self, holds: bool, what: str) -> None:
        """Note what should hold and does not."""
        if not holds:
            self.violations.append(what)


@dataclass(frozen=True)
class Scenario:
    """One fault: its kind and name, and what is done until it is over."""

    kind: str
    name: str
    act: Callable[[Case], None]
    has_old: bool = True
    needs_mount: bool = False


def _command(raw: Path, processed: Path, out: Path, *options: str) -> list[str]:
    folders = ["--raw", str(raw), "--processed", str(processed), "--out", str(out)]
    return [sys.executable, str(rig.HERE / "faulty.py"), "report", "--units", "--jobs", "2", *folders, *options]


def prepare(folder: Path) -> States:
    """Write the scheme before and after its change, and build the pages of both without a fault."""
    program = rig.copy_program(folder)
    rig.write_scheme(folder / "old" / SCHEME, [2, 1], YEARS)
    shutil.copytree(folder / "old", folder / "new")
    (folder / "new" / SCHEME / f"scores/{YEARS[0]}.csv").unlink()
    rig.correct_score(folder / "new" / SCHEME, YEARS[-1], "don-vi-1-1")
    env = rig.environment(program, "prepare")

    def build(raw: str, processed: str, out: str) -> tuple[Tree, float]:
        start = time.monotonic()
        rig.run(_command(folder / raw, folder / processed, folder / out), env, folder)
        return rig.files_in(folder / out), time.monotonic() - start

    old, _ = build("old", "processed-old", "reports-old")  # this one compiles the program too
    shutil.copytree(folder / "reports-old", folder / "reports-updated")
    shutil.copytree(folder / "processed-old", folder / "processed-updated")
    updated, seconds = build("new", "processed-updated", "reports-updated")
    fresh, _ = build("new", "processed-fresh", "reports-fresh")
    processed = rig.files_in(folder / "processed-updated")
    if fresh != {name: content for name, content in updated.items() if ".old/" not in name}:
        raise RuntimeError("the pages of a run on old ones are not those of a run on none")
    return States(folder, program, old, updated, fresh, processed, seconds)


def try_fault(states: States, scenario: Scenario) -> list[str]:
    """Let a fault happen, run once more, and return what is wrong then."""
    folder = Path(tempfile.mkdtemp(prefix="case-", dir=states.folder))
    case = Case(states, folder, scenario.has_old)
    case.out.parent.mkdir()
    try:
        if scenario.has_old:
            shutil.copytree(states.folder / "reports-old", case.out)
            shutil.copytree(states.folder / "processed-old", folder / "processed")
        scenario.act(case)
        _check_after_fault(case)
        unmount(case)
        _check_after_next_run(case)
    finally:
        rig.wait_until_gone(case.mark, 0)
        unmount(case)
        shutil.rmtree(folder)
    return case.violations


def _check_after_fault(case: Case) -> None:
    """No process may be left, and each file must be whole: the old or the new one."""
    if left := rig.wait_until_gone(case.mark, ORPHANS):
        case.violations.append(f"{len(left)} processes left")
    states = case.states
    for name, content in rig.files_in(case.out).items():
        known = (states.old.get(name), states.updated.get(name), states.old.get(name.replace(".old/", "")))
        if content in known:
            continue
        # the index of a run that has failed pages says so, and failure pages are in no good run
        is_page = name.endswith(("index.html", ".failure.html"))
        is_list = name.endswith("index.json")
        is_whole = content.rstrip().endswith(b"</html>") if is_page else is_list and _is_json(content)
        case.expect(is_whole, f"after the fault: {name} is neither the old nor the new one")


def _check_after_next_run(case: Case) -> None:
    """The next run must not be held up and must leave exactly what a run without any fault leaves."""
    code, _, stderr = case.finish(case.start())
    case.expect(code == 0, f"next run: exit {code}: {stderr[-500:]}")
    case.expect("đang chờ" not in stderr, "next run: waited for a lock")
    for what, expected, found in (
        ("pages", case.states.updated if case.has_old else case.states.fresh, rig.files_in(case.out)),
        ("tables", case.states.processed, rig.files_in(case.folder / "processed")),
    ):
        differ = sorted(name for name in {*expected, *found} if expected.get(name) != found.get(name))
        case.expect(not differ, f"after the next run: {what} differ: {', '.join(differ[:6])}")
    left = [path for path in (case.out / ".staging").rglob("*") if path.suffix != ".lock"]
    case.expect(not left, f"after the next run: staging holds {', '.join(path.name for path in left[:6])}")
    case.expect(not rig.wait_until_gone(case.mark, ORPHANS), "after the next run: processes left")


def _is_json(content: bytes) -> bool:
    try:
        json.loads(content)
    except ValueError:
        return False
    return True


def mount(case: Case, *arguments: str) -> None:
    """Mount something on the folder above the pages."""
    subprocess.run(["mount", *arguments, str(case.out.parent)], check=True, capture_output=True)
    case.mounts.append(case.out.parent)


def unmount(case: Case) -> None:
    """Take away what this case has mounted; the pages that were on it are kept."""
    while case.mounts:
        disk = case.mounts.pop()
        kept = case.folder / "kept"
        shutil.copytree(disk, kept)
        subprocess.run(["umount", str(disk)], check=True, capture_output=True)
        shutil.rmtree(disk)
        kept.rename(disk)


def can_mount() -> bool:
    """Whether this process may mount."""
    with tempfile.TemporaryDirectory() as folder:
        if subprocess.run(["mount", "-t", "tmpfs", "tmpfs", folder], capture_output=True, check=False).returncode:
            return False
        subprocess.run(["umount", folder], check=True)
    return True
