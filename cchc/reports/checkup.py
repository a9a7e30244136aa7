"""What `cchc check` leaves in the folder of reports: a page, a table, and copies of workbooks with the cells marked."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from cchc import problems as findings
from cchc.locale import SOURCE, language_of, named, translator
from cchc.problems import InputError, Problem
from cchc.prose import Block, Prose
from cchc.reading import read_dataset
from cchc.reports import html, publish, site
from cchc.reports.inspection import MOST_BYTES
from cchc.reports.marking import MARKED, WORDS, mark_workbook, plain
from cchc.scheme import read_scheme
from cchc.suspicions import suspicions
from cchc.table import Column, Table
from cchc.workbook import save_tables

PAGE = site.CHECK
MOST_OF_A_KIND = 200
"""So many problems of a kind stand on the page; all of them in the workbook."""
FEWER = (MOST_OF_A_KIND, 50, 10, 2)
MOST_ROWS = 1_000_000
"""Fewer than a sheet of Excel has."""


def find_problems(folder: Path) -> list[Problem]:
    """Return every problem of a scheme's folder and what is suspicious in it, errors first."""
    try:
        data = read_dataset(folder)
    except InputError as error:
        return sorted(error.problems, key=findings.order)
    return sorted([*data.problems, *suspicions(data)], key=findings.order)


def write_check(
    folder: Path,
    out: Path,
    problems: Sequence[Problem],
    lang: str = "vi",
    progress: publish.Progress = lambda done, total, text: None,
) -> Path:
    """Write ``check.html``, ``check.xlsx`` and the marked copies of a scheme's workbooks; return the page's path.

    Parameters
    ----------
    folder : Path
        The scheme's folder, which is only read.
    out : Path
        The folder of the reports; the files go to ``<out>/<scheme>/``. Marked copies of workbooks that have no
        problem any more are removed.
    problems : sequence of Problem
        As `find_problems` gives them.
    progress : callable
        Called where another run that writes into the folder is waited for.

    Raises
    ------
    OSError
        A file could not be written or replaced.
    """
    target, staging = out / folder.name, publish.staging_folder(out, folder.name)
    title, marks = _title(folder, out, lang)
    page = named(PAGE, lang)
    with publish.locked(out, folder.name, lang, progress):
        target.mkdir(parents=True, exist_ok=True)
        staging.mkdir()
        copies = _write_copies(folder, target, staging, problems, lang)
        old = {path for path in target.glob(f"{PAGE}-*.xlsx") if language_of(path.stem) == lang}
        for path in old - {target / name for name, _source in copies}:
            path.unlink()
        head = Prose((Block("h1", (title,)), *(Block("p", (mark,), css="mark") for mark in marks)), "head")
        save_tables(staging / f"{page}.xlsx", [problem_table(problems, lang)], head, lang=lang)
        publish.replace_file(staging / f"{page}.xlsx", target / f"{page}.xlsx")
        publish.write(target / f"{page}.html", check_page_of(title, marks, problems, copies, lang), staging)
        _link(out, folder.name, lang)
    return target / f"{page}.html"


def _link(out: Path, scheme: str, lang: str) -> None:
    """Add the page to the scheme's index where there is one that does not list it yet."""
    listing, section = site.read_listing(out, scheme, lang), site.check_section(out / scheme, lang)
    if listing and section and section not in listing.sections:
        site.write_scheme_index(out, scheme, replace(listing, sections=(*listing.sections, section)), lang)


def problem_table(problems: Sequence[Problem], lang: str) -> Table:
    """Return the problems as a table for a workbook: every cell is text."""
    _ = translator(lang)
    labels = (_("Mức"), _("Mã"), _("Tệp"), _("Trang tính"), _("Ô"), _("Giá trị"), _("Vấn đề"), _("Cách xử lý"))
    rows = []
    for item in problems[:MOST_ROWS]:
        shown = item.in_words(_)
        place = (item.file, item.sheet, shown.cell, shown.value)
        texts = (_(WORDS[item.severity]), item.code, *place, item.what(_), item.remedy(_))
        rows.append(tuple(map(plain, texts)))
    columns = tuple(map(Column, labels))
    return Table(_("Vấn đề của dữ liệu đầu vào"), columns, tuple(rows), id="problems", short=_("Vấn đề"), lang=lang)


def check_page_of(
    title: str, marks: Sequence[str], problems: Sequence[Problem], copies: Sequence[tuple[str, str]], lang: str
) -> str:
    """Return the page, with so few problems of each kind that it is no bigger than a page may be."""
    page, workbook = "", f"{named(PAGE, lang)}.xlsx"
    for most in FEWER:
        page = html.check_result_page(
            title, lang, marks=marks, copies=copies, workbook=workbook, **_values(problems, most, lang)
        )
        if len(page.encode()) < MOST_BYTES:
            break
    return page


def _values(problems: Sequence[Problem], most: int, lang: str) -> dict[str, Any]:
    """Return what the page's template shows of the problems, at most `most` of each kind."""
    _ = translator(lang)
    numbers = Counter((item.code, item.severity) for item in problems)
    seen: Counter[tuple[str, str]] = Counter()
    rows = []
    for item in problems:
        seen[(item.code, item.severity)] += 1
        if seen[(item.code, item.severity)] <= most:
            shown = item.in_words(_)
            texts = {"place": shown.place, "value": shown.value, "what": item.what(_), "remedy": item.remedy(_)}
            rows.append(
                {"severity": item.severity, "word": _(WORDS[item.severity])}
                | {name: plain(text) for name, text in texts.items()}
            )
    note = _("bảng dưới có {shown}; còn {n} nữa trong tệp Excel")
    counts = [
        {
            "code": code,
            "severity": severity,
            "word": _(WORDS[severity]),
            "number": number,
            "note": note.format(shown=most, n=number - most) if number > most else "",
        }
        for (code, severity), number in numbers.items()
    ]
    n_errors = sum(item.is_error for item in problems)
    return {"counts": counts, "rows": rows, "n_errors": n_errors, "n_warnings": len(problems) - n_errors}


def _title(folder: Path, out: Path, lang: str) -> tuple[str, tuple[str, ...]]:
    """Return the page's title and marks; where the settings cannot be read, what was marked stays marked."""
    _ = translator(lang)
    text = _("Kiểm tra dữ liệu: {title}")
    try:
        scheme = read_scheme(folder)
    except InputError:
        before = site.read_listing(out, folder.name, lang) or site.Listing(folder.name, (), ())
        return text.format(title=before.title), before.marks
    return text.format(title=scheme.title.get(lang)), (scheme.illustrative.get(lang),) if scheme.illustrative else ()


def _write_copies(
    folder: Path, target: Path, staging: Path, problems: Sequence[Problem], lang: str
) -> list[tuple[str, str]]:
    """Write a marked copy of each score workbook that has problems; return the copies' names and their sources."""
    by_file: dict[str, list[Problem]] = {}
    for item in problems:
        if item.file.startswith("scores/") and item.file.lower().endswith(MARKED):
            by_file.setdefault(item.file, []).append(item)
    copies: list[tuple[str, str]] = []
    for file, found in by_file.items():
        name = _copy_name(file, {name for name, _source in copies}, lang)
        if (folder / file).is_file() and mark_workbook(folder / file, staging / name, found, lang):
            publish.replace_file(staging / name, target / name)
            copies.append((name, file))
    return copies


def _copy_name(file: str, taken: set[str], lang: str) -> str:
    """Return a plain file name: ``check-2024.xlsx`` for ``scores/2024.xlsx``; no folder and no sign in it."""
    stem = re.sub(r"[^\w.-]+", "-", file.removeprefix("scores/").rpartition(".")[0]).strip("-.")
    if language_of(stem) != SOURCE:  # a file "2024.en.xlsx" is no English copy
        stem = stem.replace(".", "-")
    endings = ("", *(f"-{number}" for number in range(2, len(taken) + 3)))
    names = (f"{named(f'{PAGE}-{stem}{ending}', lang)}.xlsx" for ending in endings)
    return next(name for name in names if name not in taken)
