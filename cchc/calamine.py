"""A program of its own: the cells of an .xls or .ods file as calamine reads them, pickled to its standard output.

On a damaged .xls file calamine panics, or asks for the memory of as many cells as the file claims to have, and ends its
process. It imports nothing of this package, so that it is there soon.
"""

from __future__ import annotations

import pickle
import sys
from pathlib import Path
from typing import Any

import python_calamine

MOST_MEMORY = 2**30

Answer = tuple[str, Any]
"""``"read"`` and the sheets, or ``"locked"``, ``"too-big"`` or ``"unreadable"`` and the reason."""


def main(path: Path, most_cells: int) -> Answer:
    """Read the sheets of a file, unless one of them has more than `most_cells`."""
    try:
        import resource
    except ImportError:  # Windows knows no such limits
        pass
    else:
        resource.setrlimit(resource.RLIMIT_DATA, (MOST_MEMORY, MOST_MEMORY))
    sheets = []
    try:
        # from a stream: of a path, calamine believes the ending
        with path.open("rb") as stream, python_calamine.load_workbook(stream) as book:
            for data in book.sheets_metadata:
                if data.typ == python_calamine.SheetTypeEnum.ChartSheet:
                    continue
                sheet = book.get_sheet_by_name(data.name)
                last_row, last_column = sheet.end or (0, 0)
                if (last_row + 1) * (last_column + 1) > most_cells:
                    return "too-big", data.name
                cells = {
                    (row, column): value
                    for row, values in enumerate(sheet.to_python(skip_empty_area=False), start=1)
                    for column, value in enumerate(values, start=1)
                    if not (isinstance(value, str) and not value.strip())
                }
                merged = [(left + 1, top + 1, right + 1, bottom + 1)
                          for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()]  # fmt: skip
                is_hidden = data.visible != python_calamine.SheetVisibleEnum.Visible
                sheets.append({"title": data.name, "cells": cells, "merged": merged, "is_hidden": is_hidden})
    except python_calamine.PasswordError as error:
        return "locked", str(error)
    except BaseException as error:  # its panics are no Exception
        return "unreadable", str(error) or type(error).__name__
    return ("read", sheets) if sheets else ("unreadable", "no sheet")


if __name__ == "__main__":
    sys.stdout.buffer.write(pickle.dumps(main(Path(sys.argv[1]), int(sys.argv[2]))))
