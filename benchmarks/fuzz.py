"""Read damaged workbooks and CSV files, and look whether any number that comes out is not the number in its cell.

``python benchmarks/fuzz.py [--cases 20000] [--seed 1] [--first 0] [--jobs 2]`` prints a table of mutations and
outcomes and leaves with 1 where anything was found: an exception, a case that does not end, a number that is not in
its cell or stands under another unit or code, a number that is in no row and named by no problem. Each such case is
kept as a folder under build/fuzz/, with what was found; ``--first N --cases 1`` tries case N of a seed again.
"""

from __future__ import annotations

import argparse
import csv
import io
import multiprocessing
import os
import pickle
import re
import resource
import sys
import tempfile
import time
import traceback
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

import pandas as pd
from mutations import LEAVES, Case, bases, make_case, variants
from rawcells import Raw, RawSheet, read_book, read_lines

from cchc import reading
from cchc.checks import most_decimals
from cchc.dataset import Dataset
from cchc.problems import KINDS, InputError, Problem, order

ROOT = Path(__file__).resolve().parents[1]
OUT = ROOT / "build" / "fuzz"
LIMIT = 60.0
"""Seconds after which a case counts as hanging; a machine that is busy takes one or two."""
MOST_MEMORY = 2 * 2**30
POINT_FIELDS = ("self", "appraised", "survey")
FIELDS = (*POINT_FIELDS, "bonus", "penalty", "max_points")
NAMED = {"appraised": ("appraised",), "survey": ("survey",), "both": ("appraised", "survey")}

WHOLE = frozenset({
    "workbook-unreadable", "workbook-too-big", "workbook-password", "file-unreadable", "file-format", "file-unused",
    "csv-unreadable", "wrong-delimiter", "missing-column", "unknown-sheet", "ambiguous-unit",
    "unknown-unit", "missing-rubric", "file-missing", "unit-not-valid", "renamed-unit", "line-break", "link-outside",
    "file-empty", "sheet-twice", *(BROKEN := ("not-utf-8", "long-row", "open-quote", "text-too-long")),
})  # fmt: skip
"""Problems that speak of all cells of a file or sheet, where they name no cell."""
OF_ROW = frozenset({
    "row-not-read", "unknown-unit", "blank-unit", "unit-mismatch", "ambiguous-unit", "renamed-unit", "unit-not-valid",
    "unit-in-wrong-sheet", "duplicate-row", "unknown-code", "code-not-text", "not-a-leaf", "points-without-code",
    "result-mismatch", "result-missing", "line-break",
})  # fmt: skip
OF_COLUMN = frozenset({
    "unknown-code", "code-not-text", "not-a-leaf", "head-without-code", "head-without-field", "unknown-field",
    "column-not-read", "unknown-column", "column-twice",
})  # fmt: skip


@dataclass
class Verdict:
    """What became of a case."""

    outcome: str
    found: list[str] = field(default_factory=list)
    seconds: float = 0.0
    steps: tuple[str, ...] = ()


# ---------------------------------------------------------------------------------------------------------- oracle


class Memory:
    """Answers of steps that depend on nothing but their input, so that 20,000 cases take an hour and not three.

    Also the years in error are looked at: their numbers come out once the error is mended.
    """

    def __init__(self) -> None:
        self._answers: dict[Any, Any] = {}
        self._replaced = {
            name: getattr(reading, name)
            for name in ("_read_units", "_read_rubric", "_check_year", "read_entries", "_without_broken_years")
        }

    def __enter__(self) -> Memory:
        for name, key in (
            ("_read_units", self._units_key), ("_read_rubric", self._rubric_key), ("_check_year", self._year_key),
            ("read_entries", lambda path, file, year: (path.read_bytes(), file, year)),
        ):  # fmt: skip
            setattr(reading, name, self._remember(self._replaced[name], key))
        reading._without_broken_years = lambda data: data
        return self

    def __exit__(self, *error: object) -> None:
        for name, function in self._replaced.items():
            setattr(reading, name, function)

    def whole(self, data: Dataset) -> Dataset:
        """Leave the years in error out, as reading does."""
        left: Dataset = self._replaced["_without_broken_years"](data)
        return left

    def _remember(self, function: Callable[..., Any], key: Callable[..., Any]) -> Callable[..., Any]:
        def remembered(*parts: Any) -> Any:
            own: list[Problem] = []
            *rest, problems = parts
            known = function.__name__, key(*rest)
            if known not in self._answers:
                if len(self._answers) > 200:
                    self._answers.clear()
                try:
                    self._answers[known] = function(*rest, own), tuple(own)
                except InputError as error:
                    raise InputError([*problems, *own]) from error
            answer, found = self._answers[known]
            problems.extend(found)
            return answer

        return remembered

    @staticmethod
    def _units_key(folder: Path, scheme: Any, inventory: Any) -> Any:
        return (folder / "scheme.toml").read_bytes(), (folder / "units.csv").read_bytes(), inventory.tables

    @staticmethod
    def _rubric_key(folder: Path, data: Dataset, numbers: Any, years: list[int]) -> Any:
        most = most_decimals(numbers, data.scheme.point_decimals)
        return (folder / "rubric.csv").read_bytes(), most, tuple(years), pickle.dumps((data.scheme, data.units))

    @staticmethod
    def _year_key(data: Dataset, year: int, entries: Any, numbers: Any) -> Any:
        return year, data.point_decimals, pickle.dumps((entries, data.rubric, data.units))


def try_case(case: Case, folder: Path, memory: Memory) -> Verdict:
    """Read a case's files, and hold what comes out against what stands there."""
    start = time.monotonic()
    for name, content in case.files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    try:
        data = reading.read_dataset(folder)
        memory.whole(data)
        problems = list(data.problems)
        found = [*_problems(problems), *Check(case, folder, data).run()]
        outcome = "errors" if any(item.is_error for item in problems) else "warnings" if problems else "clean"
    except InputError as error:
        found, outcome = _problems(list(error.problems)), "whole scheme stopped"
        if case.target.startswith("scores/"):
            found.append(f"one file of scores stops the whole scheme: {error}")
    except Exception:
        found, outcome = [traceback.format_exc()], "exception"
    for name in case.files:
        (folder / name).unlink()
    return Verdict("failure" if found else outcome, found, time.monotonic() - start, tuple(case.steps))


def _problems(problems: list[Problem]) -> list[str]:
    """Every problem has a file and, where it is of a cell, that; its texts can be written and it can be listed."""
    found = []
    sorted(problems, key=order)
    for item in problems:
        text = str(item)
        if not item.file or not text or item.code not in KINDS:
            found.append(f"a problem without its place: {text}")
    return found


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """Return letters and digits of a text without any mark."""
    text = unicodedata.normalize("NFKD", text.casefold()).replace("đ", "d").replace("ð", "d").replace("&", "va")
    return "".join(letter for letter in text if letter.isalnum())


class Check:
    """What a dataset says, held against the cells of its files."""

    def __init__(self, case: Case, folder: Path, data: Dataset) -> None:
        self.case, self.folder, self.data = case, folder, data
        self.codes = set(data.rubric["code"])
        units = bases()[case.base].files["units.csv"].decode()
        self.names: dict[str, str] = {}
        for row in csv.DictReader(io.StringIO(units)):
            self.names.update({fold(row["unit_id"]): row["unit_id"], fold(row["name_vi"]): row["unit_id"]})
        if "gddt" in self.names.values():
            self.names.update({fold(text): unit for text, unit in variants() if unit})
            self.names.update(dict.fromkeys((fold("UBND xã Hòa Tú 1"), fold("UBND xã Hòa Tú")), "?"))
        self.books: dict[str, list[RawSheet]] = {}
        self.lines: dict[str, tuple[list[str], dict[int, list[str]]]] = {}
        self.by_code = {item.code: item for item in data.problems}
        for name in case.files:
            if name.startswith("scores/"):
                self._open(name)

    def _open(self, name: str) -> None:
        try:
            if name.endswith(".csv"):
                guessed = [item.value for item in self.data.problems
                           if item.code == "encoding-guessed" and item.file == name]  # fmt: skip
                self.lines[name] = read_lines(self.folder / name, guessed[0] if guessed else "")
            else:
                self.books[name] = read_book(self.folder / name)
        except Exception as error:  # damaged for this reader too: then nothing may have come out of it
            self.books.pop(name, None)
            self.lines.pop(name, None)
            self.unread = error

    def run(self) -> Iterator[str]:
        """Return what is wrong."""
        yield from self._values()
        yield from self._associations()
        yield from self._losses()
        yield from self._originals()

    # every number that survives is the number in its cell

    def _values(self) -> Iterator[str]:
        cells = {(row.year, row.unit_id, row.code, row.field): row for row in self.data.cells.itertuples()}
        if len(cells) != len(self.data.cells):
            yield "two cells of one field"
        scale = Decimal(10) ** self.data.point_decimals
        for table, fields in ((self.data.scores, POINT_FIELDS), (self.data.adjustments, ("bonus", "penalty"))):
            for row in table.itertuples():
                for name in fields:
                    value = getattr(row, f"{name}_units")
                    key = row.year, row.unit_id, getattr(row, "code", ""), name
                    if pd.isna(value) or (table is self.data.adjustments and not value):
                        continue
                    value = int(value)
                    if key not in cells:
                        yield f"{key} is {value / scale} and has no cell"
                    elif value / scale not in (numbers := self._numbers(cells[key])):
                        yield f"{key} is {value / scale}, and its cell {cells[key].cell} holds {numbers}"

    def _raw(self, row: Any) -> list[Raw]:
        """Return what the cell of a row of `Dataset.cells` holds; several where sheets have one title."""
        if row.file in self.lines:
            heads, lines = self.lines[row.file]
            found = re.fullmatch(r"dòng (\d+), cột (\w+)", row.cell)
            if found is None or int(found[1]) not in lines:
                return []
            names = [fold(head) for head in heads]
            place = names.index(fold(found[2]))
            line = lines[int(found[1])]
            return [Raw(line[place])] if place < len(line) else []
        place = self._place(row.cell)
        return [sheet.cells[place] for sheet in self._sheets(row.file, row.sheet) if place in sheet.cells]

    def _numbers(self, row: Any) -> list[Decimal | None]:
        if row.file.endswith(".xls") and "," in row.text and row.text.encode() in self.case.files[row.file]:
            return [Raw(row.text).number]  # a text, which stands in a table of its own
        return [raw.number for raw in self._raw(row)]

    def _sheets(self, file: str, title: str) -> list[RawSheet]:
        return [sheet for sheet in self.books.get(file, []) if not sheet.title or fold(sheet.title) == fold(title)]

    @staticmethod
    def _place(cell: str) -> tuple[int, int]:
        letters, digits = re.fullmatch(r"([A-Z]+)(\d+)", cell).groups()  # type: ignore[union-attr]
        column = 0
        for letter in letters:
            column = 26 * column + ord(letter) - 64
        return int(digits), column

    # ... and stands under the unit and the code of its row and column

    def _associations(self) -> Iterator[str]:
        for row in self.data.cells.itertuples():
            if not str(row.file).endswith((".xlsx", ".ods", ".csv")):
                continue
            units, codes = self._labels(row)
            if units and row.unit_id not in units:
                yield f"{row.unit_id} {row.code} {row.cell}: the row is of {sorted(units)}"
            if codes and row.code and row.code not in codes:
                yield f"{row.unit_id} {row.code} {row.cell}: the codes there are {sorted(codes)}"

    def _labels(self, row: Any) -> tuple[set[str], set[str]]:
        if row.file in self.lines:
            heads, lines = self.lines[row.file]
            line = dict(zip(map(fold, heads), lines[int(re.findall(r"\d+", row.cell)[0])], strict=False))
            return self._units([line.get("unit", "")]), self._codes([line.get("code", "")])
        at, column = self._place(row.cell)
        units: set[str] = set()
        codes: set[str] = set()
        for sheet in self._sheets(row.file, row.sheet):
            texts = {place: cell.text for place, cell in sheet.cells.items() if not cell.is_number}
            if self._is_of_unit(sheet):
                above = [text.partition(":")[2] or text for (line, _), text in texts.items() if line < at]
                units |= self._units([*above, sheet.title])
                codes |= self._codes([text for (line, place), text in texts.items() if line == at])
            else:
                units |= self._units([text for (line, place), text in texts.items() if line == at])
                for place in range(column, 0, -1):
                    over = self._codes([text for (line, other), text in texts.items() if other == place and line < at])
                    if over:
                        codes |= over
                        break
        return units, set() if "code-read-as" in self.by_code else codes

    def _units(self, texts: list[str]) -> set[str]:
        return {self.names[fold(text)] for text in texts if fold(text) in self.names}

    def _codes(self, texts: list[str]) -> set[str]:
        roman = {"I": "1", "II": "2", "III": "3"}
        tidy = [text.strip().rstrip(".") for text in texts]
        return {roman.get(text, text) for text in tidy if roman.get(text, text) in self.codes}

    # a number in no row is named by a problem

    def _losses(self) -> Iterator[str]:
        read = {(row.file, fold(row.sheet), row.cell) for row in self.data.cells.itertuples()}
        for file, (heads, lines) in self.lines.items():
            for number, line in lines.items():
                for place, text in enumerate(line):
                    head = fold(heads[place]) if place < len(heads) else ""
                    if head in ("unit", "code", "note") or Raw(text).number is None:
                        continue
                    cell = f"dòng {number}, cột {'max_points' if head == 'maxpoints' else head}"
                    if (file, "", cell) not in read and not self._is_named_line(file, number, place, head):
                        yield f"lost in silence: {file} {cell} {text!r}"
        for file, sheets in self.books.items():
            for sheet in sheets:
                for (at, column), cell in self._points(sheet):
                    name = f"{_letters(column)}{at}"
                    known = (file, fold(sheet.title), name) in read or (not sheet.title and any(
                        one == file and other == name for one, _, other in read))  # fmt: skip
                    if not known and not self._is_named(file, sheet, at, column):
                        yield f"lost in silence: {file} {sheet.title} {name} {cell.text!r}"

    def _is_of_unit(self, sheet: RawSheet) -> bool:
        labels = {fold("Tiêu chí"), fold("Điểm tối đa"), fold("Thẩm định sau khi trừ")}
        return len(labels & {fold(cell.text) for cell in sheet.cells.values()}) > 1

    def _points(self, sheet: RawSheet) -> Iterator[tuple[tuple[int, int], Raw]]:
        """Return the cells of a sheet that hold a number below its head."""
        rows: dict[int, dict[int, Raw]] = {}
        for (at, column), cell in sorted(sheet.cells.items()):
            rows.setdefault(at, {})[column] = cell
        if fold(sheet.title) == fold("Hướng dẫn"):
            return
        if not sheet.title:  # the numbers of an .xls file, found by their bytes: those below the fixture's heads
            for at in range(6, 9):
                yield from (((at, column), cell) for column, cell in rows.get(at, {}).items()
                            if 3 <= column <= 9 and cell.number is not None)  # fmt: skip
            return
        marks = {fold(text) for text in ("tự chấm", "thẩm định", "điều tra")}
        heads = [(sum(fold(cell.text) in marks for cell in row.values()), -at) for at, row in rows.items() if at <= 40]
        count, top = max(heads, default=(0, 0))
        first, of_unit = -top if count else 3, self._is_of_unit(sheet)
        ignored = {column for at, row in rows.items() for column, cell in row.items()
                   if at <= first + 1 and fold(cell.text) in ("stt", "tt", "sott")}  # fmt: skip
        names = ("madonvi", "tendonvi", "unitid")
        ignored |= {column for at, row in rows.items() for column, cell in row.items()
                    if at <= first + 1 and fold(cell.text) in names}  # fmt: skip
        columns = {fold(cell.text): column for at in (first, first + 1) for column, cell in rows.get(at, {}).items()}
        for at, row in rows.items():
            if at <= (first if of_unit else first + 1):
                continue
            for column, cell in row.items():
                if cell.number is None or column in ignored:
                    continue
                if of_unit and self._is_beside(columns, row, column):
                    continue
                yield (at, column), cell

    @staticmethod
    def _is_beside(columns: dict[str, int], row: dict[int, Raw], column: int) -> bool:
        """Whether a cell of a unit's sheet is none of its points: the result alone is, where there is one."""
        result = columns.get(fold("Thẩm định sau khi trừ"), 0)
        taken = [columns.get(fold("Tự chấm"), 0), result if result in row else columns.get(fold("Thẩm định"), 0)]
        return column not in taken

    def _is_named(self, file: str, sheet: RawSheet, at: int, column: int) -> bool:
        for item in self.data.problems:
            if file not in item.file.split(" + "):
                continue
            if item.sheet and sheet.title and fold(item.sheet) != fold(sheet.title):
                continue
            if not item.cell:
                if item.code in WHOLE:
                    return True
                if item.code == "subtotals-not-read":
                    labels = {cell.text for (line, _), cell in sheet.cells.items() if line == at}
                    listed = item.value.split(", ")
                    if labels & {*listed, *("I" * int(code) for code in listed if code in "123")}:
                        return True
                continue
            found = re.fullmatch(r"([A-Z]+)(\d+)", item.cell)
            if found is None:
                continue
            line, place = self._place(item.cell)
            is_exact = (line, place) == (at, column)
            is_head = line < at and place <= column and item.code in OF_COLUMN
            is_over = place == column or not any((up, column) in sheet.cells for up in range(line, line + 1))
            is_of_sheet = line < at and item.code in OF_ROW and self._is_of_unit(sheet) and place < 3
            if is_exact or is_of_sheet or (line == at and item.code in OF_ROW) or (is_head and is_over):
                return True
        return False

    def _is_named_line(self, file: str, number: int, place: int, head: str) -> bool:
        for item in self.data.problems:
            if file not in item.file.split(" + "):
                continue
            is_of_file = not item.cell or item.cell.startswith("dòng 1") or item.code in BROKEN
            if is_of_file and item.code in WHOLE:
                return True
            found = re.fullmatch(r"dòng (\d+)(?:, cột (?:thứ (\d+)|(\w+)))?", item.cell)
            if found is None:
                continue
            if found[1] == "1" and item.code in OF_COLUMN and found[2] == str(place + 1):
                return True
            is_cell = found[1] == str(number) and found[3] and fold(found[3]) == head
            if is_cell or (found[1] == str(number) and item.code in OF_ROW):
                return True
        return False

    # what the damage took away altogether is missed at least

    def _originals(self) -> Iterator[str]:
        if "gddt" not in self.names.values() or any(item.is_error for item in self.data.problems):
            return
        have = {(row.unit_id, row.code) for row in self.data.scores.itertuples() if not row.is_applicable}
        cells = {(row.unit_id, row.code, row.field) for row in self.data.cells.itertuples()}
        # a group that has no scores at all may not be scored yet
        groups = set(self.data.scores["group"])
        units = set(self.data.units.loc[self.data.units["group"].isin(groups), "unit_id"])
        missing = [
            (unit, code, name)
            for unit in units for code, by in LEAVES.items() for name in NAMED[by]
            if (unit, code) not in have and (unit, code, name) not in cells and code in self.codes
        ]  # fmt: skip
        if missing and not self.data.problems:
            yield f"missed in silence: {missing[:5]}"


def _letters(column: int) -> str:
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


# ------------------------------------------------------------------------------------------------------------ pool


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
