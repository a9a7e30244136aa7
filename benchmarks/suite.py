"""What a suite of pages costs, as ratios measured in one run on the same cores.

``python benchmarks/suite.py [--only a,b,c,d,e] [--scorecards 1000]``:

a. all pages of ``soc-trang`` against the loop of the two stock command lines, one by one and one a core;
b. CPU of a page against the same notebook code as a plain script in one warm process;
c. a run where nothing has changed;
d. a run after the correction of one score;
e. many scorecards, and the memory they take.

Everything is done in a temporary folder, with a copy of the program; the targets are those of the issue that asked for
it. The scorecards are those of 2024, the latest year in which all four groups are scored.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import rig

SCHEME = "soc-trang"
YEAR = 2024
CORRECTED = 2021
SAMPLE = 6
"""How many scorecards the stock loop makes; its time for all is scaled from them."""
REPEATS = 5
KINDS = {"unit": "scorecards", "year": "annual pages", "stage": "stage pages"}
TARGETS = {"unit": (20, 10), "year": (6, 3), "stage": (None, None), "all": (12, 6)}
ABOVE_FLOOR = 0.12
UNCHANGED = 1.0
FLAT = 1.1
"""Memory is flat where it is at the end at most this many times what it is after a tenth of the pages."""
GROUP_SIZE = 50
JOBS = os.cpu_count() or 1


@dataclass
class Run:
    """One run of ``cchc report``: its wall seconds, what it printed, the figures of measured.py."""

    seconds: float
    summary: dict[str, Any]
    figures: dict[str, Any]
    pages: list[dict[str, Any]]

    @property
    def built(self) -> list[str]:
        """The pages that were built."""
        return [page["page"] for page in self.summary["pages"] if page["status"] == "built"]

    @property
    def until_first_page(self) -> float:
        """Seconds until the first page began: reading the input, start of the fork server."""
        return float(min(page["begun"] for page in self.pages) - self.figures["begun"]) if self.pages else 0.0


@dataclass
class Suite:
    """The temporary folder with its copy of the program and of the scheme, and what has been measured."""

    folder: Path
    program: Path
    runs: dict[str, Run] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)

    @property
    def raw(self) -> Path:
        """The copy of the scheme."""
        return self.folder / "raw"

    def environment(self, **more: str) -> dict[str, str]:
        """Return the environment of every command that is measured."""
        folders = {"CCHC_RAW": str(self.raw), "CCHC_PROCESSED": str(self.folder / "processed")}
        return rig.environment(self.program, str(self.folder), **{**folders, **more})

    def report(self, out: str, *options: str, scheme: str = SCHEME, **more: str) -> Run:
        """Run ``cchc report`` with the meter on it, by as many jobs as there are cores."""
        measure = self.folder / "measure"
        pages = Path(f"{measure}.pages")
        pages.unlink(missing_ok=True)
        command = [sys.executable, str(rig.HERE / "measured.py"), "report", scheme, "--out", str(self.folder / out),
                   "--jobs", str(JOBS), "--json", *options]  # fmt: skip
        start = time.monotonic()
        done = rig.run(command, self.environment(CCHC_MEASURE=str(measure), **more), self.folder)
        seconds = time.monotonic() - start
        lines = pages.read_text().splitlines() if pages.exists() else []
        summary = json.loads(done.stdout)["schemes"][scheme]
        return Run(seconds, summary, json.loads(measure.read_text()), [json.loads(line) for line in lines])

    def verdict(self, name: str, is_reached: bool) -> str:
        """Return whether a target was reached, and remember it where it was not."""
        if not is_reached:
            self.failed.append(name)
        return "reached" if is_reached else "NOT REACHED"


def prepare(folder: Path) -> Suite:
    """Copy program and scheme; one run compiles the program and leaves the processed tables as every run finds them."""
    suite = Suite(folder, rig.copy_program(folder))
    shutil.copytree(rig.ROOT / "data/raw" / SCHEME, suite.raw / SCHEME)
    suite.report("scratch", "--year", str(CORRECTED))
    return suite


def all_stages(suite: Suite) -> list[str]:
    """Return the options that select every stage that has data and no year."""
    plan = suite.report("scratch", "--dry-run").summary["pages"]
    stages = [page["page"].removeprefix("stage-") for page in plan if page["page"].startswith("stage-")]
    return [text for stage in stages for text in ("--stage", stage)]


def build_by_kind(suite: Suite) -> None:
    """Build the pages of each kind in a run of its own, for (a) and (b)."""
    years = json.loads((suite.folder / "processed" / SCHEME / "manifest.json").read_text("utf-8"))["years"]
    suite.runs["year"] = suite.report("kinds", *(text for year in years for text in ("--year", str(year))))
    suite.runs["stage"] = suite.report("kinds", *all_stages(suite))
    suite.runs["unit"] = suite.report("kinds", "--units", "--year", str(YEAR))


def made_by(suite: Suite, kind: str) -> list[dict[str, Any]]:
    """Return notebook and parameters of each page that the run of a kind built."""
    pages = []
    for page in suite.runs[kind].built:
        manifest = json.loads((suite.folder / "kinds" / SCHEME / f"{page}.json").read_text("utf-8"))
        notebook = str(suite.program / "notebooks" / manifest["notebook"])
        pages.append({"notebook": notebook, "parameters": manifest["parameters"]})
    return pages


def stock(suite: Suite, page: dict[str, Any], name: str) -> None:
    """Make a page by the two stock command lines, with the workbook that its notebook writes."""
    folder = suite.folder / "stock" / name
    folder.mkdir(parents=True)
    given = {**page["parameters"], "out": str(folder)}
    parameters = [text for key, value in given.items() for text in ("-p", key, str(value))]
    made = str(folder / "out.ipynb")
    env = suite.environment()
    rig.run([rig.tool("papermill"), page["notebook"], made, "--no-progress-bar", *parameters], env, folder)
    rig.run([rig.tool("jupyter"), "nbconvert", "--to", "html", made], env, folder)


def stock_loop(suite: Suite, pages: Sequence[dict[str, Any]], at_once: int, name: str) -> float:
    """Return the seconds that the stock command lines take for pages, `at_once` at a time."""
    start = time.monotonic()
    with ThreadPoolExecutor(at_once) as executor:
        numbered = enumerate(pages)
        list(executor.map(lambda item: stock(suite, item[1], f"{name}-{at_once}-{item[0]}"), numbered))
    return time.monotonic() - start


def measure_against_stock(suite: Suite) -> None:
    """Print (a)."""
    print(f"\n(a) all pages of {SCHEME} against papermill + jupyter nbconvert; {JOBS} cores; scorecards of {YEAR}")
    print(f"    {'':14}{'pages':>6}{'cchc':>9}{'stock':>9}{f'x{JOBS} at once':>12}   times faster than either")
    loops = {kind: [0.0, 0.0] for kind in KINDS}
    for kind in KINDS:
        pages = made_by(suite, kind)
        sample = pages[:: max(1, len(pages) // SAMPLE)][:SAMPLE] if kind == "unit" else pages
        for column, at_once in enumerate((1, JOBS)):
            seconds = stock_loop(suite, sample, at_once, kind)
            loops[kind][column] = seconds * len(pages) / len(sample)
        _print_ratios(suite, kind, len(pages), suite.runs[kind].seconds, loops[kind])
    first = suite.report("overall")
    second = suite.report("overall", "--units", "--year", str(YEAR))
    n_pages = len(first.built) + len(second.built)
    totals = [sum(loop[column] for loop in loops.values()) for column in (0, 1)]
    _print_ratios(suite, "all", n_pages, first.seconds + second.seconds, totals)
    starts = [run.until_first_page for run in (*suite.runs.values(), first, second)]
    print(f"    The stock loop made {SAMPLE} scorecards, evenly taken; its time for all is scaled from them.")
    print("    “all” is two commands: cchc report, then cchc report --units --year; the kinds are a command each.")
    print(f"    Until a command's first page begins {min(starts):.1f} to {max(starts):.1f} s pass (fork server).")


def _print_ratios(suite: Suite, kind: str, n_pages: int, own: float, loops: Sequence[float]) -> None:
    label = KINDS.get(kind, "all")
    ratios = []
    for name, seconds, target in zip(("one by one", "at once"), loops, TARGETS[kind], strict=True):
        text = f"{seconds / own:.1f}"
        if target:
            text += f" (target {target}: {suite.verdict(f'(a) {label}, {name}', seconds / own >= target)})"
        ratios.append(text)
    print(f"    {label:14}{n_pages:6}{own:8.1f}s{loops[0]:8.1f}s{loops[1]:11.1f}s   {' / '.join(ratios)}", flush=True)


def measure_against_floor(suite: Suite) -> None:
    """Print (b)."""
    print("\n(b) CPU seconds a page against the same code as a plain script in one warm process")
    columns = ("cchc", "floor", "above", "load", "notebook", "page", "check", "rest", "runner")
    print(f"    {'':14}" + "".join(f"{name:>10}" for name in columns))
    for kind, label in KINDS.items():
        run, pages = suite.runs[kind], made_by(suite, kind)
        sample = pages[:: max(1, len(pages) // SAMPLE)][:SAMPLE]
        for page in sample:
            page["parameters"]["out"] = tempfile.mkdtemp(dir=suite.folder)
        done = subprocess.run([sys.executable, str(rig.HERE / "plain.py")], input=json.dumps(sample), check=True,
                              env=suite.environment(), stdout=subprocess.PIPE, encoding="utf-8")  # fmt: skip
        floor = statistics.mean(json.loads(done.stdout))
        own = run.figures["children"] / len(run.pages)
        phases = {
            name: statistics.mean(page[name] for page in run.pages) for name in ("load", "notebook", "page", "check")
        }
        rest = own - phases["notebook"] - phases["page"] - phases["check"]
        inside = phases["notebook"] - phases["load"]
        runner = run.figures["runner"] / len(run.pages)
        values = (own, floor, own - floor, phases["load"], inside, phases["page"], phases["check"], rest, runner)
        verdict = suite.verdict(f"(b) {label}", own - floor <= ABOVE_FLOOR)
        print(f"    {label:14}" + "".join(f"{value:10.3f}" for value in values) + f"   target {ABOVE_FLOOR}: {verdict}")
    print("    cchc: the page's process from fork to exit; load to rest are its parts (notebook: without load);")
    print(
        f"    runner: besides, the runner's own CPU divided by its pages. Floor: mean of at most {SAMPLE} pages.",
        flush=True,
    )


def measure_unchanged(suite: Suite) -> None:
    """Print (c)."""
    print(f"\n(c) a run where nothing has changed, median of {REPEATS}")
    for options in ([], ["--units", "--year", str(YEAR)]):
        suite.report("unchanged", *options)
        runs = [suite.report("unchanged", *options) for _ in range(REPEATS)]
        if any(run.built for run in runs):
            raise RuntimeError("an unchanged run built something")
        seconds = statistics.median(run.seconds for run in runs)
        heavy = {"pandas", "papermill"} & set(runs[-1].figures["imported"])
        verdict = suite.verdict(f"(c) {' '.join(options)}", seconds < UNCHANGED and not heavy)
        imported = ", ".join(sorted(heavy)) or "neither pandas nor papermill"
        command = " ".join(["cchc report", SCHEME, *options])
        print(f"    {command:46}{seconds:6.2f} s, imports {imported}; target under {UNCHANGED:g} s, neither: {verdict}")


def correct(suite: Suite) -> tuple[str, str]:
    """Lower one unit's first points of the corrected year by a quarter, and return its group and the place."""
    path = suite.raw / SCHEME / f"scores/{CORRECTED}.csv"
    rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"))))
    manifest = json.loads((suite.folder / "processed" / SCHEME / "manifest.json").read_text("utf-8"))
    units = manifest["units"][str(CORRECTED)]
    row = next(row for row in rows if row["unit"] in units and row["code"] and float(row["appraised"] or 0) >= 1)
    row["appraised"] = f"{float(row['appraised']) - 0.25:g}"
    text = io.StringIO()
    writer = csv.DictWriter(text, rows[0].keys(), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    path.write_text(text.getvalue(), "utf-8")
    return units[row["unit"]]["group"], f"{CORRECTED}, {row['unit']}, {row['code']}"


def measure_corrected(suite: Suite) -> None:
    """Print (d); the scheme's copy is as it was afterwards."""
    for options in ([], ["--units", "--year", str(YEAR)]):
        suite.report("corrected", *options)
    shutil.copytree(suite.raw, suite.folder / "raw-before")
    group, place = correct(suite)
    runs = [suite.report("corrected", *options) for options in ([], ["--units", "--year", str(YEAR)])]
    manifest = json.loads((suite.folder / "processed" / SCHEME / "manifest.json").read_text("utf-8"))
    members = {unit for unit, own in manifest["units"][str(YEAR)].items() if own["group"] == group}
    built = [page for run in runs for page in run.built]
    pages = {page["page"] for run in runs for page in run.summary["pages"]}
    stages = {page for page in pages if page.startswith("stage-")}
    annual = {f"annual-{year}" for year in (CORRECTED, CORRECTED + 1)}
    expected = {*annual, *stages, *(f"units/{unit}-{YEAR}" for unit in members)}
    cards = [page for page in built if page.startswith("units/")]
    print(f"\n(d) one score corrected ({place}): {sum(run.seconds for run in runs):.1f} s in two commands")
    print(f"    rebuilt: {', '.join(page for page in built if page not in cards)}")
    print(
        f"    and {len(cards)} scorecards, of the {len(members)} units of group {group}; of {len(pages)} pages in all"
    )
    verdict = suite.verdict("(d)", sorted(built) == sorted(expected))
    print(f"    target: what depends on the score and nothing else: {verdict}", flush=True)
    shutil.rmtree(suite.raw)
    (suite.folder / "raw-before").rename(suite.raw)


class Sampler(threading.Thread):
    """Samples the memory of all processes of a run, with the number of pages that are there."""

    def __init__(self, mark: str, cards: Path) -> None:
        super().__init__(daemon=True)
        self.mark, self.cards = mark, cards
        self.ended = threading.Event()
        self.samples: list[tuple[int, float]] = []

    def run(self) -> None:
        """Sample until told to end."""
        while not self.ended.wait(0.3):
            memory = sum(map(rig.pss, rig.processes(self.mark)))
            self.samples.append((len(list(self.cards.glob("*.json"))), memory))


def measure_many(suite: Suite, n_cards: int) -> None:
    """Print (e)."""
    size = min(GROUP_SIZE, n_cards)
    groups = [size] * (n_cards // size) + ([n_cards % size] if n_cards % size else [])
    rig.write_scheme(suite.raw / "many", groups, (YEAR - 1, YEAR))
    notebooks = suite.folder / "notebooks"
    notebooks.mkdir()
    shutil.copy(suite.program / "notebooks/unit_scorecard.ipynb", notebooks)
    sampler = Sampler(str(suite.folder), suite.folder / "many/many/units")
    sampler.start()
    run = suite.report("many", "--units", scheme="many", CCHC_NOTEBOOKS=str(notebooks))  # the latest year
    sampler.ended.set()
    sampler.join()
    built = len(run.built)
    print(f"\n(e) {built} scorecards: {len(groups)} groups, {rig.COMPONENTS * rig.CRITERIA} criteria, 2 years")
    each = run.seconds / built, run.figures["children"] / built
    print(f"    {run.seconds:.0f} s in all, {each[0]:.2f} s each, of a child's CPU {each[1]:.2f} s each")
    at = {share: _memory_at(sampler.samples, share * built) for share in (0.1, 0.5, 1.0)}
    shown = ", ".join(f"at {share:.0%} {memory:.0f} MiB" for share, memory in at.items())
    peak = max(memory for _, memory in sampler.samples)
    print(f"    memory of runner, fork server and {JOBS} children (sum of PSS): {shown}; peak {peak:.0f} MiB")
    verdict = suite.verdict("(e)", built == n_cards and at[1.0] <= FLAT * at[0.1])
    print(f"    target: all built, flat (at the end at most {FLAT:g} times that at 10 %): {verdict}", flush=True)


def _memory_at(samples: Sequence[tuple[int, float]], n_pages: float) -> float:
    """Return the median of the ten samples nearest to a number of pages: a single one is of no typical moment."""
    nearest = sorted(samples, key=lambda sample: abs(sample[0] - n_pages))[:10]
    return statistics.median(memory for _, memory in nearest)


def main() -> int:
    """Measure what is asked for and return 1 where a target was not reached."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="a,b,c,d,e", help="which measurements, a,b,c,d,e")
    parser.add_argument("--scorecards", type=int, default=1000, help="how many in (e)")
    arguments = parser.parse_args()
    wanted = set(arguments.only.split(","))
    with tempfile.TemporaryDirectory(prefix="cchc-suite-") as folder:
        suite = prepare(Path(folder))
        print(
            f"{JOBS} cores, load {os.getloadavg()[0]:.1f} before the start, Python {sys.version.split()[0]}", flush=True
        )
        if wanted & {"a", "b"}:
            build_by_kind(suite)
        for letter, measure in (
            ("a", measure_against_stock),
            ("b", measure_against_floor),
            ("c", measure_unchanged),
            ("d", measure_corrected),
        ):
            if letter in wanted:
                measure(suite)
        if "e" in wanted:
            measure_many(suite, arguments.scorecards)
        print(f"\ntargets not reached: {'; '.join(suite.failed) or 'none'}")
    return int(bool(suite.failed))


if __name__ == "__main__":
    sys.exit(main())
