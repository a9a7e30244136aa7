"""Excel out: a page's tables as a workbook, a real Excel table a sheet, numbers as numbers."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from cchc.dataset import Dataset
from cchc.locale import is_missing, named, translator
from cchc.prose import Prose
from cchc.table import NUMBERS, Column, Marked, Table

NO_DATE = dt.date(2000, 1, 1)
"""Creation date of a workbook whose year has no date: a clock's would make two runs differ."""
LONGEST_NAME = 31
LONGEST_TEXT = 32767
FORBIDDEN = re.compile(r"[\[\]:*?/\\]")
FIRST_ROW = 2
WIDEST = 60


def save(
    out: str, name: str, data: Dataset, tables: Sequence[Table | None], head: Prose, *, year: int, lang: str = "vi"
) -> None:
    """Write ``<out>/<name>.xlsx``: a cover with title, marks and contents, then a sheet a table.

    Nothing is written where `out` is empty (a notebook run by hand). The file is whole at any moment: it is written
    beside its place and moved there.

    Parameters
    ----------
    out : str
        Folder.
    name : str
        File name without suffix and language (``<name>.en.xlsx``); a subfolder in it (``units/so-noi-vu-2024``) is made
        where it is not there.
    data : Dataset
    tables : sequence of Table
        None among them is left out.
    head : Prose
        The head of the page: title, decision, marks.
    year : int
        The last year of the period: its decision's date is the workbook's.
    """
    if not out:
        return
    target = Path(out) / f"{named(name, lang)}.xlsx"
    target.parent.mkdir(exist_ok=True)  # not its parents: a mistyped `out` is an error
    settings = data.scheme.year(year)
    day = settings.decision_date or settings.as_of or NO_DATE
    save_tables(target, tables, head, author=data.scheme.issued_by.get(lang), day=day, lang=lang)


def save_tables(
    target: Path, tables: Sequence[Table | None], head: Prose, *, author: str = "", day: dt.date = NO_DATE, lang: str
) -> None:
    """Write the workbook `target` as `save` does, of the given author and day."""
    shown = [table for table in tables if table is not None and table.rows]
    part = target.with_name(f".{target.name}.part")
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    try:
        with xlsxwriter.Workbook(part, options) as book:
            book.set_properties(
                {
                    "title": next(block.text for block in head.blocks if block.tag == "h1"),
                    "author": author,
                    "created": dt.datetime.combine(day, dt.time()),
                }
            )
            _Writer(book, lang).write(head, shown)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


class _Writer:
    """The formats of one workbook and what is written with them."""

    def __init__(self, book: xlsxwriter.Workbook, lang: str) -> None:
        self.book = book
        self.translate = translator(lang)
        self.formats: dict[str, Format] = {}
        self.title = book.add_format({"bold": True, "font_size": 14, "text_wrap": True, "valign": "top"})
        self.wrapped = book.add_format({"text_wrap": True, "valign": "top"})

    def write(self, head: Prose, tables: Sequence[Table]) -> None:
        _ = self.translate
        names = sheet_names([_("Bìa"), *(table.short or table.caption for table in tables)])
        cover = self.book.add_worksheet(names[0])
        self._cover(cover, head, list(zip(names[1:], tables, strict=True)))
        for name, table in zip(names[1:], tables, strict=True):
            self._sheet(self.book.add_worksheet(name), table, head)

    def _cover(self, sheet: Worksheet, head: Prose, contents: Sequence[tuple[str, Table]]) -> None:
        _ = self.translate
        sheet.set_column(0, 0, 100)
        sheet.hide_gridlines(2)
        for row, block in enumerate(head.blocks):
            sheet.write_string(row, 0, block.text, self.title if block.tag == "h1" else self.wrapped)
        row = len(head.blocks) + 1
        sheet.write_string(row, 0, _("Nội dung"), self.title)
        for at, (name, table) in enumerate(contents, start=row + 1):
            quoted = name.replace("'", "''")
            sheet.write_url(at, 0, f"internal:'{quoted}'!A1", string=table.caption)

    def _sheet(self, sheet: Worksheet, table: Table, head: Prose) -> None:
        """Write caption, table and notes; the marks stand in the printed footer."""
        columns = [part for at, column in enumerate(table.columns) for part in self._parts(table, at, column)]
        sheet.write_string(0, 0, table.caption, self.book.add_format({"bold": True}))
        last = FIRST_ROW + len(table.rows)
        labels = unique([label for label, _format, _cells in columns])
        sheet.add_table(
            FIRST_ROW, 0, last, len(columns) - 1,
            {"name": "T_" + re.sub(r"\W", "_", table.id), "style": "Table Style Light 1",
             "columns": [{"header": label} for label in labels]},
        )  # fmt: skip
        for at, (_label, style, cells) in enumerate(columns):
            for row, cell in enumerate(cells, start=FIRST_ROW + 1):
                _write(sheet, row, at, cell, style)
            sheet.set_column(at, at, _width(labels[at], cells))
        for at, note in enumerate(table.notes, start=last + 2):
            sheet.write_string(at, 0, note)
        sheet.freeze_panes(FIRST_ROW + 1, table.header + 1)
        sheet.repeat_rows(FIRST_ROW)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        marks = [block.text for block in head.blocks if block.css.startswith("mark") and block.css != "mark note"]
        sheet.set_footer("&L&8 " + "; ".join(marks).replace("&", "&&")[:240])

    def _parts(self, table: Table, at: int, column: Column) -> Iterable[tuple[str, Format | None, list[Any]]]:
        """Return the Excel columns of one column: two for a place (rank, of how many), one more for marks."""
        _ = self.translate
        cells = [row[at] for row in table.rows]
        values = [cell.value if isinstance(cell, Marked) else cell for cell in cells]
        marks = [cell.mark if isinstance(cell, Marked) else "" for cell in cells]
        if column.kind == "place":
            style = self._format("0")
            for part, label in enumerate((column.label, _("{label}: trong số").format(label=column.label))):
                yield label, style, [None if value is None else value[part] for value in values]
        else:
            yield column.label, self._style(column), values
        if any(marks):
            yield _("{label}: ghi chú").format(label=column.label), None, marks

    def _style(self, column: Column) -> Format | None:
        digits = "0." + "0" * column.decimals if column.decimals else "0"
        if column.kind == "change":
            _ = self.translate
            words = (_("▲ tăng {n} bậc"), _("▼ giảm {n} bậc"), _("= giữ nguyên"))
            up, down, same = ('"' + text.replace("{n}", '"0"') + '"' for text in words)
            return self._format(f"{up};{down};{same}")
        if column.kind == "signed":
            return self._format(f"+{digits};-{digits};{digits}")
        return self._format(digits) if column.kind in NUMBERS else None

    def _format(self, pattern: str) -> Format:
        if pattern not in self.formats:
            self.formats[pattern] = self.book.add_format({"num_format": pattern})
        return self.formats[pattern]


def _write(sheet: Worksheet, row: int, column: int, cell: Any, style: Format | None) -> None:
    if is_missing(cell) or cell == "":
        return
    if isinstance(cell, str):
        sheet.write_string(row, column, cell[:LONGEST_TEXT])  # xlsxwriter leaves out a longer one, in silence
    else:
        sheet.write_number(row, column, float(cell), style)


def _width(label: str, cells: Iterable[Any]) -> int:
    lengths = [len(str(cell)) for cell in cells if not is_missing(cell)]
    return min(WIDEST, max([len(label) + 3, *lengths]) + 2)


def sheet_names(texts: Iterable[str]) -> list[str]:
    """Return valid sheet names, unique whatever their case: at most 31 characters, none that Excel forbids."""
    tidy = [FORBIDDEN.sub(" ", text).strip("' ")[:LONGEST_NAME].strip("' ") or "-" for text in texts]
    return unique(tidy, LONGEST_NAME)


def unique(texts: Iterable[str], longest: int = 255) -> list[str]:
    """Number repeated texts (Excel takes no two equal sheet names or column heads, whatever their case)."""
    found: list[str] = []
    for text in texts:
        name, count = text, 1
        while name.casefold() in {other.casefold() for other in found}:
            count += 1
            ending = f" ({count})"
            name = text[: longest - len(ending)] + ending
        found.append(name)
    return found
