"""Excel out: a page's tables as a workbook, a real Excel table a sheet, numbers as numbers.

The sheets follow the habits of accessible spreadsheets (UK Government Analysis Function, "Releasing statistics in
spreadsheets"): cover, contents, a table a sheet that says at its top what it holds and where its notes are, notes; no
merged cell, no empty row or column within a table.
"""

from __future__ import annotations

import datetime as dt
import re
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from cchc.dataset import Dataset
from cchc.locale import is_missing, named, translator
from cchc.names import printable
from cchc.prose import Prose
from cchc.table import NUMBERS, Column, Marked, Table

NO_DATE = dt.date(2000, 1, 1)
"""Creation date of a workbook whose year has no date: a clock's would make two runs differ."""
LONGEST_NAME = 31
LONGEST_TEXT = 32767
FORBIDDEN = re.compile(r"[\[\]:*?/\\]")
FIRST_ROW = 3  # below the caption, what the sheet holds, and the way back
WIDEST = 80  # of a column, in characters: longer texts are wrapped
HEAD = 16  # of a column's head, in characters, unless its cells need more
LINE = 15.0  # height of a row of one line


def save(
    out: str,
    name: str,
    data: Dataset,
    tables: Sequence[Table | None],
    head: Prose,
    *,
    notes: Sequence[Prose] = (),
    year: int,
    lang: str = "vi",
) -> None:
    """Write ``<out>/<name>.xlsx``: a cover with title and marks, the contents, a sheet a table, the notes.

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
    notes : sequence of Prose
        The page's words on method, terms and provenance: from `sentences.method`, `glossary`, `provenance`.
    year : int
        The last year of the period: its decision's date is the workbook's.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> table, head = cchc.tables.summary(data, ranking), cchc.sentences.title(data, year=2024)
    >>> with TemporaryDirectory() as out:
    ...     cchc.workbook.save(out, "annual-2024", data, [table], head, year=2024)
    ...     [path.name for path in Path(out).iterdir()]
    ['annual-2024.xlsx']
    """
    if not out:
        return
    target = Path(out) / f"{named(name, lang)}.xlsx"
    target.parent.mkdir(exist_ok=True)  # not its parents: a mistyped `out` is an error
    settings = data.scheme.year(year)
    day = settings.decision_date or settings.as_of or NO_DATE
    author = data.scheme.issued_by.get(lang)
    save_tables(target, [*tables, _notes_table(notes, lang)], head, author=author, day=day, lang=lang)


def _notes_table(notes: Sequence[Prose], lang: str) -> Table:
    """Return what a page says of method, terms and provenance as a table, a row a sentence."""
    _ = translator(lang)
    subjects = {"method": _("Phương pháp"), "glossary": _("Giải thích từ ngữ"), "provenance": _("Nguồn gốc số liệu")}
    rows = [(subjects[prose.css], line) for prose in notes for block in prose.blocks for line in block.text.split("\n")]
    columns = (Column(_("Mục")), Column(_("Nội dung")))
    caption = _("Ghi chú về phương pháp, từ ngữ và nguồn gốc số liệu")
    return Table(caption, columns, tuple(rows), id="notes", short=_("Ghi chú"), lang=lang)


def save_tables(
    target: Path, tables: Sequence[Table | None], head: Prose, *, author: str = "", day: dt.date = NO_DATE, lang: str
) -> None:
    """Write the workbook `target` as `save` does, of the given author and day; tables without rows are left out."""
    shown = [_printable(table) for table in tables if table is not None and table.rows]
    head = _printable(head)
    part = target.with_name(f".{target.name}.part")
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    try:
        with xlsxwriter.Workbook(part, options) as book:
            book.set_properties(
                {
                    "title": next(block.text for block in head.blocks if block.tag == "h1"),
                    "author": printable(author),
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
        self.caption = book.add_format({"bold": True})
        self.wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        self.cell = book.add_format({"text_wrap": True, "valign": "top", "indent": 1})
        self.head = book.add_format({"text_wrap": True, "valign": "bottom", "bold": True})

    def write(self, head: Prose, tables: Sequence[Table]) -> None:
        _ = self.translate
        cover, contents, *names = sheet_names(
            [_("Bìa"), _("Mục lục"), *(table.short or table.caption for table in tables)]
        )
        self._cover(self.book.add_worksheet(cover), head, contents if tables else "")
        if tables:
            self._contents(self.book.add_worksheet(contents), list(zip(names, tables, strict=True)))
        for name, table in zip(names, tables, strict=True):
            self._sheet(self.book.add_worksheet(name), table, head, contents)

    def _cover(self, sheet: Worksheet, head: Prose, contents: str) -> None:
        _ = self.translate
        sheet.set_column(0, 0, WIDEST)
        sheet.hide_gridlines(2)
        for row, block in enumerate(head.blocks):
            is_title = block.tag == "h1"
            sheet.set_row(row, _height([block.text], 1.4 if is_title else 1.0))
            sheet.write_string(row, 0, block.text, self.title if is_title else self.wrapped)
        if contents:
            text = _("Mỗi trang tính có một bảng; danh sách bảng ở trang “{contents}”.")
            sheet.write_url(len(head.blocks), 0, _address(contents), string=text.format(contents=contents))
        self._on_paper(sheet)

    def _contents(self, sheet: Worksheet, tables: Sequence[tuple[str, Table]]) -> None:
        """List the tables, each name a link to its sheet."""
        _ = self.translate
        sheet.write_string(0, 0, _("Mục lục: {n} bảng").format(n=len(tables)), self.caption)
        labels = [_("Trang tính"), _("Nội dung"), _("Số dòng")]
        self._add_table(sheet, "T_contents", 1, len(tables), labels)
        for row, (name, table) in enumerate(tables, start=2):
            sheet.write_url(row, 0, _address(name), string=name)
            sheet.write_string(row, 1, table.caption, self.cell)
            sheet.set_row(row, _height([table.caption]))
            sheet.write_number(row, 2, len(table.rows))
        for at, width in enumerate((LONGEST_NAME + 2, WIDEST, 10)):
            sheet.set_column(at, at, width)
        self._on_paper(sheet)
        sheet.repeat_rows(1)

    def _sheet(self, sheet: Worksheet, table: Table, head: Prose, contents: str) -> None:
        """Write caption, what the sheet holds, the way back, table and notes; the marks stand in the printed footer."""
        _ = self.translate
        columns = [part for at, column in enumerate(table.columns) for part in self._parts(table, at, column)]
        last = FIRST_ROW + len(table.rows)
        sheet.write_string(0, 0, table.caption, self.caption)
        text = _("Trang tính này có một bảng, bắt đầu từ ô A{first}.")
        if table.notes:
            text = _("Trang tính này có một bảng, bắt đầu từ ô A{first}; chú thích ở dưới bảng, từ ô A{notes}.")
        sheet.write_string(1, 0, text.format(first=FIRST_ROW + 1, notes=last + 3))
        sheet.write_url(2, 0, _address(contents), string=_("Về trang “{contents}”").format(contents=contents))
        labels = unique([label for label, _format, _cells in columns])
        self._add_table(sheet, "T_" + re.sub(r"\W", "_", table.id), FIRST_ROW, len(table.rows), labels)
        for at, (_label, style, cells) in enumerate(columns):
            for row, cell in enumerate(cells, start=FIRST_ROW + 1):
                _write(sheet, row, at, cell, style or self.cell)
            sheet.set_column(at, at, _width(labels[at], cells))
        sheet.set_row(FIRST_ROW, LINE * max(_head_lines(label) for label in labels))
        for row, texts in enumerate(zip(*(cells for *_head, cells in columns), strict=True), start=FIRST_ROW + 1):
            sheet.set_row(row, _height(texts))
        for at, note in enumerate(table.notes, start=last + 2):
            sheet.write_string(at, 0, note)
        sheet.freeze_panes(FIRST_ROW + 1, table.header + 1)
        marks = [block.text for block in head.blocks if block.css.startswith("mark") and block.css != "mark note"]
        self._on_paper(sheet)
        sheet.repeat_rows(FIRST_ROW)
        sheet.set_footer("&L&8 " + "; ".join(marks).replace("&", "&&")[:240])

    def _add_table(self, sheet: Worksheet, name: str, first: int, n_rows: int, labels: Sequence[str]) -> None:
        columns = [{"header": label, "header_format": self.head} for label in labels]
        options = {"name": name, "style": "Table Style Light 1", "columns": columns}
        sheet.add_table(first, 0, first + n_rows, len(labels) - 1, options)

    def _on_paper(self, sheet: Worksheet) -> None:
        """Print on A4 across, as wide as the paper."""
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)

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


def _printable(item: Any) -> Any:
    """Return texts, and tables and prose with all their texts, as a workbook may hold them."""
    if isinstance(item, str):
        return printable(item)
    if isinstance(item, Marked):
        return Marked(*map(_printable, item))
    if isinstance(item, tuple):
        return tuple(map(_printable, item))
    if is_dataclass(item) and not isinstance(item, type):
        return replace(item, **{part.name: _printable(getattr(item, part.name)) for part in fields(item)})
    return item


def _write(sheet: Worksheet, row: int, column: int, cell: Any, style: Format | None) -> None:
    if is_missing(cell) or cell == "":
        return
    if isinstance(cell, str):
        sheet.write_string(row, column, cell[:LONGEST_TEXT], style)  # xlsxwriter leaves out a longer one, in silence
    else:
        sheet.write_number(row, column, float(cell), style)


def _address(sheet: str) -> str:
    """Return the address of a sheet of the same workbook."""
    return "internal:'" + sheet.replace("'", "''") + "'!A1"


def _width(label: str, cells: Iterable[Any]) -> int:
    """Return the width of a column: of its longest text, and of its wrapped head with room for its button."""
    longest = max((len(str(cell)) for cell in cells if not is_missing(cell)), default=0)
    return min(WIDEST, max(*(len(line) for line in textwrap.wrap(label, HEAD)), longest) + 4)


def _head_lines(label: str) -> int:
    return len(textwrap.wrap(label, HEAD))


def _height(cells: Iterable[Any], size: float = 1.0) -> float:
    """Return the height of a row with its longest text wrapped: LibreOffice does not find it when it opens a file."""
    lines = [len(textwrap.wrap(str(cell), int(WIDEST / size))) for cell in cells if isinstance(cell, str)]
    return LINE * size * max([1, *lines])


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
