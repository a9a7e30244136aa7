"""A province at its largest, and four million score rows: time and memory, beside DuckDB.

``python benchmarks/scale.py`` writes invented schemes into a temporary folder and measures, each in a process of its
own (wall seconds, peak memory of the process):

* ``cchc check`` of 150 units x 100 criteria x 10 years as CSV and as wide workbooks, and of a quarter and half of it;
* 4 million score rows from CSV: `read_dataset` and ranks, beside DuckDB that reads and ranks the same files;
* 4 million score rows from tidy Parquet: `load` and the tables of every year, and `load`, `score` and places alone,
  beside DuckDB with the same number of threads. The places must be the same.

DuckDB is no dependency of cchc: ``pip install --target DIR duckdb``, then ``--duckdb DIR`` (or the dependency group
``bench``). `--quick` measures a tenth.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import rig

YEARS = range(2015, 2025)
SHAPE = (10, 10)
TARGET = 4
"""From tidy Parquet to ranks: at most this many times as long as DuckDB."""
SLACK = 1.25
"""Twice the rows may take this many times twice as long: what a shared machine adds."""
TOO_SHORT = 0.3
"""CPU seconds that the second quarter must take for its growth to be judged."""

SUMS = """
SELECT year, "group", unit_id, sum(points_units) FILTER (is_applicable) AS points,
    sum(max_units) FILTER (is_applicable) AS maximum, sum(self_units) FILTER (is_applicable) AS self,
    sum(appraised_units) FILTER (is_applicable) AS appraised, sum(survey_units) FILTER (is_applicable) AS survey,
    count(*) FILTER (points_units IS NOT NULL OR NOT is_applicable) AS n_done
FROM read_parquet('{processed}/scores.parquet') GROUP BY ALL"""
CSV_SUMS = """
SELECT year, "group", unit_id, sum((appraised * 100)::BIGINT) AS points, sum((max_points * 100)::BIGINT) AS maximum,
    count(appraised) AS n_done
FROM (SELECT regexp_extract(filename, '([0-9]+).csv', 1)::INT AS year, unit AS unit_id, code, appraised
      FROM read_csv('{raw}/scores/*.csv', filename = true, types = {{'code': 'VARCHAR', 'appraised': 'DECIMAL(18,2)'}}))
JOIN read_csv('{raw}/units.csv') USING (unit_id)
JOIN (SELECT code, max_points FROM read_csv('{raw}/rubric.csv', types = {{'code': 'VARCHAR'}})) USING (code)
GROUP BY ALL"""
RANKS = """
WITH sums AS ({sums}),
leaves AS (SELECT year, "group", count(*) AS n_leaves FROM read_parquet('{processed}/rubric.parquet')
           WHERE is_leaf GROUP BY ALL),
indices AS (SELECT year, "group", unit_id, (2 * 10000 * points + maximum) // (2 * maximum) AS hundredths
            FROM sums JOIN leaves USING (year, "group") WHERE n_done = n_leaves AND maximum > 0)
SELECT year, unit_id, rank() OVER (PARTITION BY year, "group" ORDER BY hundredths DESC) AS place FROM indices"""


@dataclass(frozen=True)
class Measured:
    """What one process took, and what it said."""

    seconds: float
    cpu: float
    peak: float
    said: str


def measure(command: Sequence[str], env: dict[str, str]) -> Measured:
    """Run a command to its end: wall and CPU seconds, and the most memory that it had, in MiB."""
    begun = time.perf_counter()
    with tempfile.TemporaryFile() as out:
        process = subprocess.Popen(command, env=env, stdout=out, cwd=rig.ROOT)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.perf_counter() - begun
        out.seek(0)
        said = out.read().decode()
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)}: exit {process.returncode}\n{said[-2000:]}")
    return Measured(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, said)


def write_workbooks(source: Path, folder: Path) -> None:
    """Write a scheme that `rig.write_scheme` made with its scores in the wide form."""
    import xlsxwriter

    folder.mkdir(parents=True)
    for name in ("scheme.toml", "units.csv", "rubric.csv"):
        (folder / name).write_bytes((source / name).read_bytes())
    (folder / "scores").mkdir()
    for path in sorted((source / "scores").glob("*.csv")):
        with xlsxwriter.Workbook(folder / f"scores/{path.stem}.xlsx") as book:
            sheets: dict[str, Any] = {}
            places: dict[str, int] = {}
            columns: dict[str, int] = {}
            for row in csv.DictReader(path.open(encoding="utf-8")):
                group = row["unit"].split("-")[2]
                sheet = sheets.get(group) or sheets.setdefault(group, book.add_worksheet(f"Nhóm {group}"))
                column = columns.setdefault(row["code"], 2 + len(columns))
                if row["unit"] not in places:
                    places[row["unit"]] = 4 + sum(unit.split("-")[2] == group for unit in places)
                    sheet.write_string(places[row["unit"]], 0, row["unit"])
                sheet.write_row(0, column, [row["code"]])
                sheet.write_column(0, column, [row["code"], row["code"], "thẩm định", 4])
                sheet.write_number(places[row["unit"]], column, float(row["appraised"]))


def checks(folder: Path, units: int, env: dict[str, str]) -> bool:
    """Print what `cchc check` takes at a quarter, at half and at the whole; return whether no step is over linear."""
    is_linear = True
    for form in ("csv", "xlsx"):
        took = []
        for part in (4, 2, 1):
            number = units // part
            source = folder / f"csv-{number}"
            if form == "csv":
                rig.write_scheme(source, [number // 5, number - number // 5], YEARS, shape=SHAPE)
            else:
                write_workbooks(source, folder / f"xlsx-{number}")
            command = [sys.executable, "-m", "cchc", "check", "--raw", str(folder), f"{form}-{number}"]
            found = min((measure(command, env) for _ in range(2)), key=lambda each: each.cpu)
            took.append(found.cpu)
            took_all = f"{found.seconds:6.2f} s, CPU {found.cpu:6.2f} s, {found.peak:5.0f} MiB"
            print(f"cchc check {form:4} {number:4} units: {took_all}", flush=True)
        is_linear &= grows_linearly(f"cchc check {form}", took)
    return is_linear


def grows_linearly(label: str, took: Sequence[float]) -> bool:
    """Judge CPU seconds at a quarter, half and the whole: by their differences, as a start costs the same for each."""
    if took[1] - took[0] < TOO_SHORT:
        print(f"{label}: too short to say how it grows")
        return True
    growth = (took[2] - took[1]) / (took[1] - took[0])
    print(f"{label}: the second half takes {growth:.2f} times the CPU seconds of the second quarter (linear: 2)")
    return growth <= 2 * SLACK


def child(work: str, raw: Path, processed: Path, target: Path, threads: int) -> None:
    """Do one piece of work in this process, write its places to `target` and print the seconds without imports."""
    if work.startswith("duckdb"):
        import duckdb

        begun = time.perf_counter()
        sums = (SUMS if work == "duckdb-parquet" else CSV_SUMS).format(processed=processed, raw=raw)
        database = duckdb.connect(config={"threads": threads})
        found = database.execute(RANKS.format(sums=sums, processed=processed)).fetchnumpy()
        seconds = time.perf_counter() - begun
        rows = sorted(zip(found["year"].tolist(), found["unit_id"].tolist(), found["place"].tolist(), strict=True))
    else:
        import pyarrow.parquet  # noqa: F401

        import cchc
        from cchc import ranking, reading, stage  # noqa: F401

        begun = time.perf_counter()
        data = reading.read_dataset(raw) if work == "cchc-csv" else cchc.load(raw)
        if work == "cchc-places":  # what DuckDB is asked for, and no more
            table = cchc.score(data)
            table["rank"] = table.groupby(["year", "group"])["index_score"].rank("min", ascending=False).astype("Int64")
        else:  # the tables of all years, with classes, ties, near-ties and changes: `rank_year` is a year of them
            table = ranking.compared(ranking.official(data, data.years))
        seconds = time.perf_counter() - begun
        ranked = table[table["rank"].notna()]
        rows = sorted(zip(ranked["year"].tolist(), ranked["unit_id"].tolist(), ranked["rank"].tolist(), strict=True))
    target.write_text(json.dumps(rows))
    print(seconds)


def ranks(folder: Path, units: int, env: dict[str, str], with_duckdb: bool) -> bool:
    """Print what reading to ranks takes from CSV and Parquet; return whether targets are met and places agree."""
    reached = True
    ours: dict[str, list[float]] = {"cchc-csv": [], "cchc-parquet": []}
    for part in (4, 2, 1):
        number = units // part
        raw, processed = folder / f"rows-{number}", folder / "processed" / f"rows-{number}"
        rig.write_scheme(raw, [number // 4] * 4, YEARS, shape=SHAPE)
        first = measure([sys.executable, "-c", f"import cchc; cchc.load({str(raw)!r})"], env)
        print(f"{number * 1000:,} score rows\n  first load, which writes processed: {first.seconds:.2f} s, "
              f"{first.peak:.0f} MiB", flush=True)  # fmt: skip
        places: dict[str, str] = {}
        best: dict[str, float] = {}
        works = [("cchc-csv", 1), ("cchc-parquet", 1), ("cchc-places", 1)]
        works += [(f"duckdb-{form}", n) for form in ("csv", "parquet") for n in (os.cpu_count() or 1, 1)] * with_duckdb
        for work, threads in works:
            target = folder / f"{work}-{threads}.json"
            command = [sys.executable, __file__, "--child", work, str(raw), str(processed), str(target), str(threads)]
            runs = [measure(command, env) for _ in range(1 if work == "cchc-csv" else 3)]
            label = f"{work} {threads} thr." if work.startswith("duckdb") else work
            best[label] = min(float(run.said) for run in runs)
            places[label] = target.read_text()
            print(f"  {label:22}: {best[label]:6.2f} s, {max(run.peak for run in runs):5.0f} MiB", flush=True)
            if work in ours:
                ours[work].append(min(run.cpu for run in runs))
        if len(set(places.values())) != 1:
            raise RuntimeError(f"the places differ: {sorted(places, key=lambda label: len(places[label]))}")
        for form in ("csv", "parquet") if with_duckdb else ():
            fastest = {label: best[f"cchc-{form}"] / took for label, took in best.items() if f"duckdb-{form}" in label}
            said = ", ".join(f"{ratio:.1f} times {label}" for label, ratio in fastest.items())
            print(f"  from {form} to ranks: {said}; the places are the same")
            if form == "parquet":
                only = ", ".join(f"{best['cchc-places'] / best[label]:.1f} times {label}" for label in fastest)
                print(f"  places alone, without classes, ties, near-ties and changes: {only}")
            if form == "parquet" and part == 1:
                reached &= max(fastest.values()) <= TARGET
    for work, took in ours.items():
        reached &= grows_linearly(work, took)
    return reached


def main() -> int:
    """Measure all, and return 1 where a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--duckdb", help="folder that DuckDB is installed in: pip install --target DIR duckdb")
    parser.add_argument("--quick", action="store_true", help="a tenth of the size")
    parser.add_argument("--child", nargs=5, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.child:
        work, raw, processed, target, threads = arguments.child
        child(work, Path(raw), Path(processed), Path(target), int(threads))
        return 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        more = {"CCHC_PROCESSED": str(folder / "processed"), "CCHC_OUT": str(folder / "reports")}
        env = rig.environment(rig.ROOT, "scale", **more)
        if arguments.duckdb:
            env["PYTHONPATH"] += os.pathsep + str(Path(arguments.duckdb).resolve())
        probe = [sys.executable, "-c", "import duckdb"]
        with_duckdb = subprocess.run(probe, env=env, capture_output=True, check=False).returncode == 0
        if not with_duckdb:
            print("DuckDB is not there: pip install --target DIR duckdb, then --duckdb DIR", file=sys.stderr)
        size = 10 if arguments.quick else 1
        is_linear = checks(folder / "province", 150 if size == 1 else 40, env)
        reached = ranks(folder, 4000 // size, env, with_duckdb)
    print(f"within {TARGET} times DuckDB, and no step worse than linear: {'yes' if is_linear and reached else 'NO'}")
    return 0 if is_linear and reached else 1


if __name__ == "__main__":
    raise SystemExit(main())
