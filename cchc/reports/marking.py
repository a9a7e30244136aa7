"""Copies of input workbooks with the cells that have a problem marked and commented; the input is only read."""

from __future__ import annotations

import re
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.cell.cell import MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill

from cchc.books import check_whole
from cchc.locale import translator
from cchc.names import match_key, printable
from cchc.phrases import msgid
from cchc.problems import Problem
from cchc.workbook import sheet_names

MARKED = ".xlsx"
FILLS = {"error": PatternFill("solid", start_color="FFFFC7CE"), "warning": PatternFill("solid", start_color="FFFFEB9C")}
WORDS = {"error": msgid("LỖI"), "warning": msgid("Cảnh báo")}
LONGEST_TEXT = 1000
"""So much of a text is shown: a cell may hold a whole book by mistake."""

_CELL = re.compile(r"[A-Z]{1,3}[1-9][0-9]{0,6}")


def mark_workbook(source: Path, target: Path, problems: Sequence[Problem], lang: str) -> bool:
    """Write a copy of the workbook `source` to `target` with its `problems` marked; say whether there is one.

    There is none of a file that cannot be read, or that holds more than any form.

    A marked cell is filled (red for an error, yellow for a warning) and has a comment with the words; the first sheet
    lists every problem of the file, those of no cell too. The copy is to be looked at: it holds the values that Excel
    stored and no formula, no link and no macro, so that nothing that somebody typed into the input runs or leads
    anywhere from here. All texts are written as text.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # openpyxl warns of Excel extensions that it leaves out
            check_whole(source)
            book = openpyxl.load_workbook(source, data_only=True, keep_links=False)
    except Exception:  # a damaged file makes openpyxl raise nearly anything; that it is damaged is a problem already
        return False
    book.defined_names.clear()
    for sheet in book.worksheets:
        _disarm(sheet)
    titles = {match_key(sheet.title): sheet for sheet in book.worksheets}
    by_cell: dict[tuple[str, str], list[Problem]] = {}
    for problem in problems:
        if match_key(problem.sheet) in titles and _CELL.fullmatch(problem.cell):
            by_cell.setdefault((match_key(problem.sheet), problem.cell), []).append(problem)
    for (title, place), found in by_cell.items():
        _mark(titles[title], place, found, lang)
    _list(book, problems, lang)
    book.save(target)
    return True


def plain(text: str) -> str:
    """Return a text as a workbook may hold it, cut where it is too long."""
    tidy = printable(text)
    return tidy if len(tidy) <= LONGEST_TEXT else f"{tidy[:LONGEST_TEXT]}…"


def _disarm(sheet: Any) -> None:
    """Leave out links, and validations, which may hold formulas; text stays text as openpyxl reads it."""
    for cell in sheet._cells.values():  # not by rows: up to a stray cell in the last one there may be millions
        if not isinstance(cell, MergedCell):
            cell.hyperlink = None
    sheet.data_validations.dataValidation.clear()


def _mark(sheet: Any, place: str, problems: Sequence[Problem], lang: str) -> None:
    cell = sheet[place]
    if isinstance(cell, MergedCell):  # a merged range shows its first cell alone
        area = next(area for area in sheet.merged_cells.ranges if place in area)
        cell = sheet.cell(area.min_row, area.min_col)
    texts = [cell.comment.text] if cell.comment else []
    texts += [_sentence(problem, lang) for problem in problems]
    comment = Comment(plain("\n\n".join(texts)), "cchc")
    comment.width, comment.height = 360, 60 + 60 * len(texts)
    cell.comment = comment
    cell.fill = FILLS["error" if any(problem.is_error for problem in problems) else "warning"]


def _sentence(problem: Problem, lang: str) -> str:
    _ = translator(lang)
    return f"{_(WORDS[problem.severity])} [{problem.code}] {problem.what(_)} {problem.remedy(_)}"


def _list(book: Any, problems: Sequence[Problem], lang: str) -> None:
    """Put a sheet before the others that lists every problem of the file."""
    _ = translator(lang)
    *_others, title = sheet_names([*book.sheetnames, _("Vấn đề")])
    sheet = book.create_sheet(title, 0)
    head = [_("Mức"), _("Trang tính"), _("Ô"), _("Giá trị"), _("Vấn đề"), _("Cách xử lý")]
    rows = [
        [_(WORDS[item.severity]), item.sheet, shown.cell, shown.value, item.what(_), item.remedy(_)]
        for item, shown in ((item, item.in_words(_)) for item in problems)
    ]
    for at, row in enumerate([head, *rows], start=1):
        for column, text in enumerate(row, start=1):
            cell = sheet.cell(at, column)
            if text:
                cell.value, cell.data_type = plain(text), "s"
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if at == 1:
                cell.font = Font(bold=True)
            elif column == 1:
                cell.fill = FILLS[problems[at - 2].severity]
    for letter, width in zip("ABCDEF", (10, 16, 16, 24, 60, 50), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "A2"
    book.active = 0
