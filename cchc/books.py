"""Spreadsheet files opened within bounds: every filled cell of every sheet.

Nothing in a file may cost more than it holds: a stray cell in the last row, a merged range over a whole sheet, a zip
bomb. So .xlsx is read row by row by openpyxl, after a scan of its XML has counted what there is; .xls and .ods are
read by calamine, which hides formats, formulas and errors (those of .ods are found in `opendocument`).
"""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.reader.excel import ExcelReader

from cchc.legacy import read_legacy
from cchc.opendocument import LockedError, read_facts
from cchc.problems import Problem, unreadable
from cchc.scan import LAST_ROW, Nesting, Scan
from cchc.sheets import MOST_CELLS, Cell, Place, Sheet, TooBigError

MOST_BYTES = 64 * 2**20
"""The most that a file may hold unpacked: the largest form (150 units, 100 criteria, 3 fields) takes 3 MB."""
MOST_TAGS = 2_000_000
"""The most XML elements of a file, a cell being at least two."""

_OLE, _ZIP = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04"
_CHUNK = 2**20


def open_sheets(path: Path, file: str, year: int, problems: list[Problem]) -> list[Sheet]:
    """Return the sheets of a .xlsx, .xls or .ods file that have a filled cell; none where it cannot be read.

    What the file is, its first bytes say: people rename files.
    """
    years = (year,)
    try:
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise TooBigError
        if not size and path.is_file():
            problems.append(Problem("file-empty", file, years=years))
            return []
        with path.open("rb") as stream:
            start = stream.read(8)
        if start.startswith(_ZIP):
            _check_size(path)
            with zipfile.ZipFile(path) as archive:
                is_ods = "content.xml" in archive.namelist()
            sheets = _read_ods(path) if is_ods else _read_xlsx(path)
        else:
            sheets = read_legacy(path)
    except TooBigError:
        problems.append(Problem("workbook-too-big", file, years=years))
        return []
    except LockedError:
        problems.append(Problem("workbook-password", file, years=years))
        return []
    except OSError as error:
        problems.append(unreadable(file, error, years))
        return []
    except Exception as error:  # a damaged file makes openpyxl raise nearly anything
        if start == _OLE and path.suffix.lower() == ".xlsx":
            # what Excel writes when it encrypts a workbook is no zip any more
            problems.append(Problem("workbook-password", file, years=years))
        else:
            cause = error.__cause__ or error  # openpyxl's own words name the file by its whole path
            reason = str(cause).strip() or type(cause).__name__
            problems.append(Problem("workbook-unreadable", file, years=years, details={"reason": reason}))
        return []
    if not start.startswith(_ZIP):
        problems.append(Problem("formats-unknown", file, years=years))
    return [Sheet(file, year=year, problems=problems, **parts) for parts in sheets if parts["cells"]]


def _check_size(path: Path) -> None:
    """Refuse a zip that holds more than any form, before anything is built from it."""
    with zipfile.ZipFile(path) as archive:
        parts = archive.infolist()  # all of them: a sheet may be called sheet1.jpg
        if any(part.flag_bits & 1 for part in parts):
            raise LockedError
        if sum(part.file_size for part in parts) > MOST_BYTES:
            raise TooBigError
        tags = 0
        for part in parts:
            with archive.open(part) as stream:
                while chunk := stream.read(_CHUNK):
                    tags += chunk.count(b"<")
            if tags > 2 * MOST_TAGS:  # an element has an end too
                raise TooBigError


# ------------------------------------------------------------------------------------------------------------ xlsx


def check_whole(path: Path) -> None:
    """Refuse a .xlsx file of which openpyxl, building it as a whole, makes more cells than any form has.

    It makes one of every cell of a merged range.

    Raises
    ------
    TooBigError
        There are too many; nothing has been built.
    """
    _check_size(path)
    with _opened(path) as (book, archive):
        scans = [_scan(archive, sheet) for sheet in book.worksheets]
    merged = [area for scan in scans for area in scan.merged]
    n_merged = sum((right - left + 1) * (bottom - top + 1) for left, top, right, bottom in merged)
    if n_merged + sum(scan.n_cells for scan in scans) > MOST_CELLS:
        raise TooBigError


def _scan(archive: zipfile.ZipFile, sheet: Any) -> Scan:
    scan = Scan()
    with archive.open(sheet._worksheet_path) as stream:
        scan.parser.ParseFile(stream)
    return scan


@contextmanager
def _opened(path: Path) -> Iterator[tuple[openpyxl.Workbook, zipfile.ZipFile]]:
    # from a stream: of a path, openpyxl believes the ending
    with warnings.catch_warnings(), path.open("rb") as stream, zipfile.ZipFile(path) as archive:
        warnings.simplefilter("ignore", UserWarning)  # openpyxl warns of Excel extensions that it leaves out
        reader = ExcelReader(stream, read_only=True, data_only=True, keep_links=False)
        reader.read()
        book = reader.wb
        try:
            _check_sheets(reader)
            yield book, archive
        finally:
            book.close()


def _check_sheets(reader: ExcelReader) -> None:
    """Refuse a workbook that lists a sheet and does not hold it, or the other way: openpyxl leaves both out."""
    listed = {sheet.id for sheet in reader.parser.sheets}
    links: Any = reader.parser.rels  # by their ids, whatever the stubs say
    for link in links.values():
        if link.Type.endswith("/worksheet") and link.Id not in listed:
            raise ValueError(f"sheet {link.target} is not listed")
    for sheet in reader.parser.sheets:
        if not sheet.id or links[sheet.id].target not in reader.valid_files:
            raise ValueError(f"sheet {sheet.name} is not in the file")


def _read_xlsx(path: Path) -> list[dict[str, Any]]:
    sheets, rows = [], 0
    with _opened(path) as (book, archive):
        for name in archive.namelist():
            if name.lower().endswith("/sharedstrings.xml"):
                with archive.open(name) as stream:
                    Nesting().parser.ParseFile(stream)
        for sheet in book.worksheets:
            scan = _scan(archive, sheet)
            rows += scan.row
            if rows > 4 * LAST_ROW:
                raise TooBigError
            sheets.append(
                {
                    "title": sheet.title,
                    "is_hidden": sheet.sheet_state != "visible",
                    "cells": _cells(sheet, scan.unfinished),
                    "merged": scan.merged,
                    "hidden_rows": scan.hidden_rows,
                    "hidden_columns": scan.hidden_columns,
                }
            )
    return sheets


def _cells(sheet: Any, unfinished: set[Place]) -> dict[Place, Cell]:
    sheet.reset_dimensions()  # what a file says of its size need not be true
    cells = {place: Cell(None, "formula-without-value") for place in unfinished}
    for row in sheet.iter_rows():
        for cell in row:
            if cell.value is None:
                continue
            value, flaw = cell.value, ""
            if cell.data_type == "e":
                flaw = "error-cell"
            elif isinstance(value, int | float) and not isinstance(value, bool) and "%" in cell.number_format:
                flaw = "percent-cell"
            if not (isinstance(value, str) and not value.strip()):
                cells[cell.row, cell.column] = Cell(value, flaw)
    return cells


# -------------------------------------------------------------------------------------------------------- xls, ods


def _read_ods(path: Path) -> list[dict[str, Any]]:
    facts, sheets = read_facts(path), read_legacy(path)
    for sheet in sheets:
        own = facts[sheet["title"]]
        for place, (code, text) in own.flaws.items():
            shown = sheet["cells"].get(place)
            sheet["cells"][place] = Cell(shown.value if code == "percent-cell" and shown else text, code)
        sheet.update(merged=own.merged, hidden_rows=own.hidden_rows, hidden_columns=own.hidden_columns)
    return sheets
