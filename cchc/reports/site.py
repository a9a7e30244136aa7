"""The index pages: one a scheme with all its pages, one above them with the newest; and what they list, as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from cchc.locale import LANGUAGES, named, translator
from cchc.reports import html
from cchc.reports.html import INDEX, IndexEntry, IndexSection
from cchc.reports.publish import STAGING, as_json, staging_folder, write

CHECK = "check"
"""The page of what `cchc check` found; no notebook makes it, and it has no manifest."""
NEWEST = {"year": 1, "stage": 2}
"""Of how many periods the index of all schemes shows the pages: stages of five and of ten years run side by side."""


@dataclass(frozen=True)
class Listing:
    """What the index of a scheme shows.

    Attributes
    ----------
    title : str
        Of the scheme.
    marks : tuple of str
        What must stand on every page, such as that the data are illustrative.
    sections : tuple of IndexSection
        The pages, and what could not be built.
    """

    title: str
    marks: tuple[str, ...]
    sections: tuple[IndexSection, ...]


def write_scheme_index(out: Path, scheme: str, listing: Listing, lang: str) -> None:
    """Write a scheme's index page, and what it lists as JSON beside it, for the index of all schemes.

    The pages in other languages that are there are written again: each links the others.
    """
    folder, staging = out / scheme, staging_folder(out, scheme)
    folder.mkdir(parents=True, exist_ok=True)
    write(folder / f"{named(INDEX, lang)}.json", as_json(asdict(listing)), staging)
    listings = {code: found for code in LANGUAGES if (found := read_listing(out, scheme, code))}
    for code, found in listings.items():
        page = html.index_page(
            found.title,
            code,
            found.sections,
            marks=found.marks,
            above=f"../{named(INDEX, code)}.html",
            languages=[other for other in listings if other != code],
        )
        write(folder / f"{named(INDEX, code)}.html", page, staging)


def read_listing(out: Path, scheme: str, lang: str) -> Listing | None:
    """Return what the index page of a scheme lists now; None where it has none that can be read."""
    try:
        content = json.loads((out / scheme / f"{named(INDEX, lang)}.json").read_text("utf-8"))
        return Listing(content["title"], tuple(content["marks"]), tuple(map(_section, content["sections"])))
    except (OSError, ValueError, KeyError, TypeError):  # also one that an earlier version wrote
        return None


def _section(content: Mapping[str, Any]) -> IndexSection:
    return IndexSection(
        content["heading"],
        tuple(IndexEntry(**entry) for entry in content["entries"]),
        content["kind"],
        tuple(map(_section, content["parts"])),
        tuple(content["marks"]),
    )


def check_section(folder: Path, lang: str) -> IndexSection | None:
    """Return the section of a scheme's index that links the page of `cchc check`; None where there is none."""
    _ = translator(lang)
    page = f"{named(CHECK, lang)}.html"
    if not (folder / page).exists():
        return None
    return IndexSection(_("Kiểm tra dữ liệu"), (IndexEntry(page, _("Vấn đề của dữ liệu đầu vào")),))


def write_index(out: Path, schemes: Sequence[str], lang: str) -> Path:
    """Write the index of all schemes, from what their own indices list, and return its path.

    As `write_scheme_index` it writes the other languages' pages that are there again.
    """
    path = out / f"{named(INDEX, lang)}.html"
    there = [code for code in LANGUAGES if code == lang or (out / f"{named(INDEX, code)}.html").exists()]
    for code in there:
        _ = translator(code)
        listings = [(scheme, read_listing(out, scheme, code)) for scheme in schemes]
        page = html.index_page(
            _("Báo cáo chỉ số cải cách hành chính"),
            code,
            [_newest(scheme, listing, code) for scheme, listing in listings if listing],
            languages=[other for other in there if other != code],
        )
        write(out / f"{named(INDEX, code)}.html", page, out / STAGING)
    return path


def _newest(scheme: str, listing: Listing, lang: str) -> IndexSection:
    """Return the newest pages of a scheme, and where the others are."""
    _ = translator(lang)
    index = f"{scheme}/{named(INDEX, lang)}.html"
    pages = [
        replace(
            entry,
            href=f"{scheme}/{entry.href}",
            workbook=entry.workbook and f"{scheme}/{entry.workbook}",
            document=entry.document and f"{scheme}/{entry.document}",
        )
        for section in listing.sections
        for entry in section.entries
        if entry.period in _newest_periods(section)
    ]
    if any(section.parts for section in listing.sections):
        pages.append(IndexEntry(f"{index}#tim-don-vi", _("Phiếu kết quả từng đơn vị")))
    all_pages = IndexEntry(index, _("Tất cả các năm và giai đoạn"))
    return IndexSection(listing.title, (*pages, all_pages), marks=listing.marks)


def _newest_periods(section: IndexSection) -> list[str]:
    """Return the periods whose pages the index of all schemes shows; a section lists the newest first."""
    return [*dict.fromkeys(entry.period for entry in section.entries)][: NEWEST.get(section.kind, 0)]
