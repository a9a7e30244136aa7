"""What the benchmarks share: a copy of the program, invented schemes, processes found by a mark, their memory."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HERE = Path(__file__).resolve().parent
MARK = "CCHC_BENCHMARK"
"""Environment variable that every process of one run inherits, by which its orphans are found."""

COMPONENTS = 8
CRITERIA = 3


def copy_program(folder: Path) -> Path:
    """Copy the package and the notebooks: an edit of the checkout during a run would change every key."""
    program = folder / "program"
    for name in ("cchc", "notebooks"):
        shutil.copytree(ROOT / name, program / name, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    return program


def environment(program: Path, mark: str, **more: str) -> dict[str, str]:
    """Return the environment of a run of that copy, without what the caller's shell has set for cchc."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("CCHC_")}
    inherited.pop("PYTHONDONTWRITEBYTECODE", None)  # compiling anew in each process is nobody's use
    return {**inherited, "PYTHONPATH": str(program), "PYTHONUTF8": "1", MARK: mark, **more}


def tool(name: str) -> str:
    """Return the path of a console script of this Python's environment."""
    return str(Path(sys.executable).with_name(name))


def write_scheme(
    folder: Path,
    groups: Sequence[int],
    years: Sequence[int],
    seed: int = 1,
    shape: tuple[int, int] = (COMPONENTS, CRITERIA),
) -> None:
    """Write a scheme of invented points, marked illustrative.

    `groups` are their numbers of units, `shape` how many components there are and how many criteria each has.
    """
    points = random.Random(seed)
    components, criteria = shape
    heads = "".join(
        f'[[groups]]\nid = "nhom-{number}"\nshort = "Nhóm {number}"\nname = "Nhóm {number}"\n'
        for number in range(1, len(groups) + 1)
    )
    codes = [f"{part}.{item}" for part in range(1, components + 1) for item in range(1, criteria + 1)]
    units = [
        (f"don-vi-{group}-{number}", group) for group, size in enumerate(groups, 1) for number in range(1, size + 1)
    ]
    texts = {
        "scheme.toml": 'schema_version = 1\ntitle = "Chỉ số minh họa"\nissued_by = "Chương trình đo"\n'
        f'illustrative = "Điểm số minh họa do chương trình tạo ra"\n{heads}'
        f'[[stages]]\nfirst = {years[0]}\nlast = {years[-1]}\nlineage = "separate"\n'
        '[[classes]]\nname = "Tốt"\nfrom = 80\n[[classes]]\nname = "Khá"\nfrom = 0\n',
        "units.csv": "unit_id,name_vi,group,valid_from,valid_to\n"
        + "".join(f"{unit},Đơn vị {unit[7:]},nhom-{group},,\n" for unit, group in units),
        "rubric.csv": "year,group,code,name_vi,max_points\n"
        + "".join(
            f"{years[0]},,{part},Lĩnh vực {part},{4 * criteria}\n"
            + "".join(f"{years[0]},,{part}.{item},Tiêu chí {part}.{item},4\n" for item in range(1, criteria + 1))
            for part in range(1, components + 1)
        ),
    }
    for year in years:
        rows = [f"{unit},{code},{points.randint(8, 16) / 4:g}\n" for unit, _ in units for code in codes]
        texts[f"scores/{year}.csv"] = "unit,code,appraised\n" + "".join(rows)
    for name, text in texts.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")


def correct_score(folder: Path, year: int, unit: str, points: str = "0.25") -> None:
    """Change the first score of a unit in a scheme that `write_scheme` made."""
    path = folder / f"scores/{year}.csv"
    lines = path.read_text("utf-8").splitlines(keepends=True)
    number = next(number for number, line in enumerate(lines) if line.startswith(f"{unit},"))
    head, _, before = lines[number].rstrip().rpartition(",")
    if before == points:
        raise ValueError(f"{path}: {unit} has {points} already")
    lines[number] = f"{head},{points}\n"
    path.write_text("".join(lines), "utf-8")


def files_in(folder: Path, without: str = ".staging") -> dict[str, bytes]:
    """Return the content of every file of a folder, by its path inside."""
    paths = [path.relative_to(folder) for path in folder.rglob("*") if path.is_file()]
    return {path.as_posix(): (folder / path).read_bytes() for path in paths if without not in path.parts}


def processes(mark: str) -> list[int]:
    """Return the living processes that inherited a mark, this one left out."""
    wanted = f"{MARK}={mark}".encode()
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            if wanted in (path / "environ").read_bytes().split(b"\0") and int(path.name) != os.getpid():
                found.append(int(path.name))
        except OSError:  # gone meanwhile, or somebody else's
            continue
    return found


def wait_until_gone(mark: str, seconds: float) -> list[int]:
    """Wait for the processes of a mark to end; kill and return those that are still there after `seconds`."""
    end = time.monotonic() + seconds
    while (left := processes(mark)) and time.monotonic() < end:
        time.sleep(0.05)
    for process in left:
        kill(process)
    return left


def kill(process: int) -> bool:
    """Kill a process as ``kill -9`` does; return whether there was one."""
    try:
        os.kill(process, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True


def pss(process: int) -> float:
    """Return the memory of a process in MiB, what it shares with others divided among them; 0 where it is gone."""
    try:
        text = Path(f"/proc/{process}/smaps_rollup").read_text()
    except OSError:
        return 0.0
    return next(int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:")) / 1024


def run(command: Sequence[str], env: Mapping[str, str], cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run a command to its end and keep what it says; raise where it fails."""
    done = subprocess.run(command, env=env, cwd=cwd, capture_output=True, encoding="utf-8", check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}: exit {done.returncode}\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}")
    return done
