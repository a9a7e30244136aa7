"""CSV files as tables of text, and CSV score files as entries.

CSV is UTF-8 with or without byte-order mark (others: `encodings`), with commas or semicolons. Every cell is text:
pandas' own guesses would make a missing value of the code "NA" and 3.1 of the code 3.10.
"""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from pandas.api.types import union_categoricals

from cchc.encodings import decode
from cchc.entries import FIELDS, NOTE, Integers, Mask
from cchc.names import UNPRINTABLE, closest, normalise, printable
from cchc.problems import Problem, unreadable
from cchc.schema import INPUT, Table
from cchc.workbooks import MENTION, entry_frame

PROSE = ("note", "basis", "achievement", "title", "task", "evidence")
"""Columns of free text, where a line break may be meant."""

_DELIMITERS = {",": ",", ";": ";", "\t": "tab", "|": "|"}
_MOST_NAMED = 10
_MOST_COLUMNS = 1000
_MOST_SHOWN = 60
_LONGEST = 32_767
"""So many characters at most are in a cell of Excel."""


def read_table(path: Path, file: str, kind: str, years: tuple[int, ...], problems: list[Problem]) -> Table | None:
    """Read a CSV file as the table `kind` of `INPUT`; None where it cannot be read, which is a problem of `years`."""
    content = _read_columns(path, file, kind, years, problems)
    if content is None:
        return None
    frame, lines = content
    return Table(file, frame.astype("str"), lines, lambda row: years)


def read_entries(path: Path, file: str, year: int, problems: list[Problem]) -> pd.DataFrame:
    """Return the filled cells of a CSV score file, a row each with the fields of `Entry`; problems are added.

    A row that names a unit or a code and is blank otherwise is one entry of the field `MENTION`.
    """
    content = _read_columns(path, file, "scores", (year,), problems)
    if content is None:
        return join_entries([])
    frame, lines = content
    filled = {field: (frame[field] != "").to_numpy() for field in (*FIELDS, NOTE)}
    filled[MENTION] = ~np.logical_or.reduce(list(filled.values()))
    return join_entries(
        [_entries_of(field, frame, lines, file, filled[field]) for field in filled if filled[field].any()]
    )


def join_entries(frames: list[pd.DataFrame]) -> pd.DataFrame:
    """Join the entries of several files."""
    if any(len(frame) for frame in frames):
        return join(frames)
    return entry_frame([])


def join(frames: list[pd.DataFrame]) -> pd.DataFrame:
    """Join tables of the same columns; `pd.concat` would turn categories that differ into millions of texts."""
    filled = [frame for frame in frames if len(frame)] or frames[:1]  # the categories of no rows have another dtype
    columns: dict[str, Any] = {}
    for column in map(str, filled[0]):
        parts = [frame[column] for frame in filled]
        is_category = isinstance(parts[0].dtype, pd.CategoricalDtype)
        columns[column] = union_categoricals(parts) if is_category else pd.concat(parts, ignore_index=True)
    return pd.DataFrame(columns)


def _entries_of(field: str, frame: pd.DataFrame, lines: Integers, file: str, filled: Mask) -> pd.DataFrame:
    rows = lines[filled]
    columns = {
        "unit": frame["unit"].array[filled],
        "unit_name": _constant("", len(rows)),
        "code": frame["code"].array[filled],
        "field": _constant(field, len(rows)),
        "text": frame[field].array[filled] if field in frame else _constant("", len(rows)),
        "file": _constant(file, len(rows)),
        "sheet": _constant("", len(rows)),
        "row": rows,
        "cell": "dòng " + pd.Series(rows).astype("str") + f", cột {field}",
        **{name: _constant("", len(rows)) for name in ("code_value", "unit_cell", "name_cell", "code_cell")},
    }
    return pd.DataFrame(columns)


def _read_columns(
    path: Path, file: str, kind: str, years: tuple[int, ...], problems: list[Problem]
) -> tuple[pd.DataFrame, Integers] | None:
    """Return the columns of `INPUT` as categories, "" where a column is not there, and the line of each row."""
    try:
        text, encoding = decode(path.read_bytes())
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        if encoding:
            problems.append(Problem("encoding-guessed", file, value=encoding, years=years))
        delimiter = _sniff(text)
        if delimiter not in ",;":
            problems.append(Problem("wrong-delimiter", file, "", "dòng 1", _DELIMITERS[delimiter], years))
            return None
        frame = _parse(text, delimiter)
        if frame.shape[1] > _MOST_COLUMNS:
            details = {"number": str(frame.shape[1] - len(INPUT[kind][0]) - len(INPUT[kind][1]))}
            problems.append(Problem("unknown-columns", file, cell="dòng 1", years=years, details=details))
            return None
        widths = _widths(text, delimiter, frame)
    except FileNotFoundError:
        problems.append(Problem("file-missing", file, years=years))
        return None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        problems.append(Problem("not-utf-8", file, cell=f"dòng {line}", years=years))
        return None
    except OSError as error:
        problems.append(unreadable(file, error, years))
        return None
    except (ValueError, csv.Error) as error:  # pandas' parser and empty-data errors are ValueErrors
        problems.append(_fault(text, delimiter, error, Problem("csv-unreadable", file, years=years)))
        return None
    lines = _lines(text, frame)
    header = [normalise(str(name)).casefold() for name in frame.iloc[0]]
    # what the table does not have is counted, not named: its head may be a row of data
    heads = [name if name in (*INPUT[kind][0], *INPUT[kind][1]) else f"thứ {n}" for n, name in enumerate(header, 1)]
    if '"' in text:
        _report_line_breaks(frame, heads, delimiter, lines, Problem("line-break", file, years=years), problems)
    frame = pd.DataFrame({place: _tidy(frame[place].iloc[1:]) for place in frame.columns})
    _report_control_characters(frame, heads, lines, Problem("control-character", file, years=years), problems)
    if _report_long_texts(frame, header, heads, lines, Problem("text-too-long", file, years=years), problems):
        return None
    columns = _check_header(header, frame, file, kind, years, problems)
    if columns is None:
        return None
    filled = (columns != "").any(axis=1).to_numpy()
    named = max(place for place, name in enumerate(header, start=1) if name)
    _report_short_rows(lines[1:][filled & (widths[1:] < named)], file, years, problems)
    return columns[filled].reset_index(drop=True), lines[1:][filled]


def _sniff(text: str) -> str:
    """Return the delimiter, from the header alone: names hold none, while a decimal comma looks like one."""
    return max(_DELIMITERS, key=text.split("\n", 1)[0].count)


def _parse(text: str, delimiter: str) -> pd.DataFrame:
    # without the filter for missing values, which takes the text "NA" for one
    table = pd.read_csv(
        io.StringIO(text), sep=delimiter, header=None, dtype=str, na_filter=False, skip_blank_lines=False
    )
    return table.fillna("")


def _fault(text: str, delimiter: str, error: Exception, blank: Problem) -> Problem:
    """Return why pandas refuses a text, and where: it counts neither lines nor cells as people do."""
    if not text.strip():
        return replace(blank, code="file-empty")
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    most, before, start, row = 0, 0, 0, list[str]()
    try:
        for row in rows:
            most = most or len(row)
            if len(row) > most:
                details = {"number": str(len(row)), "most": str(most)}
                return replace(blank, code="long-row", cell=f"dòng {before + 1}", details=details)
            start, before = before, rows.line_num
    except csv.Error as found:  # a cell longer than 128 KB
        return replace(blank, cell=f"dòng {before + 1}", details={"reason": str(found)})
    if row and row[-1].endswith("\n"):  # the rest of the file: nothing closes it
        return replace(blank, code="open-quote", cell=f"dòng {start + 1}")
    return replace(blank, details={"reason": str(error).strip()})


def _report_long_texts(
    frame: pd.DataFrame,
    header: list[str],
    heads: list[str],
    lines: Integers,
    blank: Problem,
    problems: list[Problem],
) -> bool:
    """Report the first cell of each column that is longer than any of Excel; say whether there is one."""
    found = []
    for place, name in enumerate(header):
        texts = [name, *frame[place].cat.categories]
        longest = max(texts, key=len)
        if len(longest) > _LONGEST:
            row = 0 if longest == name else int(np.argmax((frame[place] == longest).to_numpy())) + 1
            cell = f"dòng {lines[row]}, cột {heads[place]}"
            found.append(replace(blank, cell=cell, value=longest[:_MOST_SHOWN], details={"most": str(_LONGEST)}))
    problems.extend(found)
    return bool(found)


def _lines(text: str, frame: pd.DataFrame) -> Integers:
    """Return the line that each row begins on; a quoted cell may hold line breaks."""
    rows = np.arange(1, len(frame) + 1)
    if '"' not in text:
        return rows
    breaks = sum((frame[column].str.count("\n").to_numpy() for column in frame), np.zeros(len(frame), np.int64))
    starts: Integers = rows + np.cumsum(breaks) - breaks
    return starts


def _widths(text: str, delimiter: str, frame: pd.DataFrame) -> Integers:
    """Return how many cells each row was written with: pandas fills a short one up in silence."""
    most = frame.shape[1]
    if '"' not in text and text.count(delimiter) == (most - 1) * len(frame):
        return np.full(len(frame), most)  # none has more, or pandas had refused it
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    return np.fromiter(map(len, rows), np.int64, len(frame))


def _report_line_breaks(
    frame: pd.DataFrame, heads: list[str], delimiter: str, lines: Integers, blank: Problem, problems: list[Problem]
) -> None:
    """Report cells that go over a line's end: a stray quote swallows the rows up to the next one, even in a note."""
    for place, name in enumerate(heads):
        for row in np.flatnonzero(frame[place].str.contains("\n", regex=False).to_numpy()[1:]) + 1:
            value = str(frame.at[row, place])
            is_row = any(line.count(delimiter) >= len(heads) - 1 for line in value.split("\n")[1:])
            code = "line-break-in-text" if name in PROSE and not is_row else "line-break"
            cell = f"dòng {lines[row]}, cột {name}"
            problems.append(replace(blank, code=code, cell=cell, value=normalise(value)[:_MOST_SHOWN]))


def _report_control_characters(
    frame: pd.DataFrame, heads: list[str], lines: Integers, blank: Problem, problems: list[Problem]
) -> None:
    """Report cells with characters that no file of Word or Excel may hold: they are left out there."""
    for place, name in enumerate(heads):
        found = [text for text in frame[place].cat.categories if UNPRINTABLE.search(text)]
        for row in np.flatnonzero(frame[place].isin(found)) if found else ():
            cell, value = f"dòng {lines[row + 1]}, cột {name}", printable(str(frame[place].iloc[row]))[:_MOST_SHOWN]
            problems.append(replace(blank, cell=cell, value=value))


def _report_short_rows(lines: Integers, file: str, years: tuple[int, ...], problems: list[Problem]) -> None:
    """Report the rows that end before the header does, all at once: Excel leaves blank cells at the end out."""
    if len(lines):
        named = ", ".join(map(str, lines[:_MOST_NAMED])) + (", …" if len(lines) > _MOST_NAMED else "")
        problems.append(Problem("short-row", file, "", f"dòng {named}", "", years, {"number": str(len(lines))}))


def _constant(text: str, number: int) -> Any:
    """Return a category column that holds `text` throughout."""
    return pd.Categorical([text]).take(np.zeros(number, np.int64))


def _tidy(column: pd.Series[str]) -> Any:
    """Return a column as categories, each distinct text normalised once."""
    codes, texts = pd.factorize(column)
    tidy_codes, tidy_texts = pd.factorize(np.array([normalise(text) for text in texts.tolist()], dtype=object))
    return pd.Categorical.from_codes(tidy_codes[codes], pd.Index(tidy_texts, dtype="str"))


def _check_header(
    header: list[str], frame: pd.DataFrame, file: str, kind: str, years: tuple[int, ...], problems: list[Problem]
) -> pd.DataFrame | None:
    """Return the columns that the table may have by their names; None where one that it must have is missing."""
    required, optional = INPUT[kind]
    wanted = [*required, *optional]
    columns: dict[str, Any] = {}
    n_unknown = 0
    for place, name in enumerate(header):
        if name in wanted and name not in columns:
            columns[name] = frame[place]
        elif name or (frame[place] != "").any():
            n_unknown += 1
            if n_unknown > _MOST_NAMED:
                continue
            code = "column-twice" if name in columns else "unknown-column"
            allowed = ", ".join(closest(name, wanted) or wanted)
            where = f"dòng 1, cột thứ {place + 1}"
            problems.append(Problem(code, file, cell=where, value=name, years=years, details={"allowed": allowed}))
    if n_unknown > _MOST_NAMED:
        number = str(n_unknown - _MOST_NAMED)
        problems.append(Problem("unknown-columns", file, cell="dòng 1", years=years, details={"number": number}))
    missing = [name for name in required if name not in columns]
    problems.extend(Problem("missing-column", file, cell="dòng 1", value=name, years=years) for name in missing)
    blank = _constant("", len(frame))
    return None if missing else pd.DataFrame({name: columns.get(name, blank) for name in wanted}, index=frame.index)
