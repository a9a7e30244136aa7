"""Pages: a finished notebook as one self-contained HTML file, the index pages, and the page of a failure."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from babel import Locale
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from cchc.locale import named, translator
from cchc.reports.fonts import font_face
from cchc.reports.inspection import check_page

if TYPE_CHECKING:
    from nbconvert.exporters import TemplateExporter
    from nbformat import NotebookNode

__all__ = ["IndexEntry", "IndexSection", "check_page", "check_result_page", "failure_page", "index_page", "make_page"]

TEMPLATES = Path(__file__).parent / "template"
# Bodies are our own markup with all data escaped, so no text can look like these tags.
SECTION_HEADING = re.compile(r"<h2(?P<attributes>[^>]*)>(?P<text>.*?)</h2>", re.DOTALL)
HEADING_ID = re.compile(r'\bid="([^"]*)"')
MARK = re.compile(r'<p class="mark (?:illustrative|draft|to-date)">(?P<text>.*?)</p>', re.DOTALL)
HEAD_END = "</header>"
DATA_TABLE = ' class="data">'
INDEX = "index"
TERMINAL_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True)
class IndexEntry:
    """One line of an index page: links to a page and its files, a remark, whether the page is older than its data.

    An empty `href` makes it a line of text: what has no page, and why. `period` is the year or stage of a page.
    """

    href: str
    label: str
    note: str = ""
    is_stale: bool = False
    workbook: str = ""
    period: str = ""
    document: str = ""


@dataclass(frozen=True)
class IndexSection:
    """A heading of an index page and the links under it.

    Attributes
    ----------
    heading : str
    entries : tuple of IndexEntry
    kind : str
        ``"year"``, ``"stage"`` or ``"unit"``: what its pages are of; "" for others.
    parts : tuple of IndexSection
        Of the pages of single units: the years, each in parts that are its groups.
    marks : tuple of str
        What must be known of all its pages.
    """

    heading: str
    entries: tuple[IndexEntry, ...]
    kind: str = ""
    parts: tuple[IndexSection, ...] = ()
    marks: tuple[str, ...] = ()


class Script(NamedTuple):
    """A script that a page carries, and its hash as the content security policy names it."""

    text: Markup
    sha256: str


def make_page(notebook: NotebookNode, title: str, lang: str = "vi") -> str:
    """Return a finished notebook as one HTML file that needs nothing outside itself.

    Code, streams, errors and the cells tagged "analyst" or "parameters" are left out. A table of contents made from
    the ``<h2>`` follows the page's head, and each printed page carries the head's marks in its margin.

    Parameters
    ----------
    notebook : NotebookNode
        With its outputs; it is not changed.
    title : str
        Of the browser's tab and the printed pages' foot.
    lang : str
        Language of the page; the sources of markdown cells are Vietnamese and translated to it.
    """
    body, _ = _exporter(lang).from_notebook_node(notebook)
    marks = [Markup(match["text"]).striptags() for match in MARK.finditer(body)]
    contents: list[tuple[str, str]] = []
    body = SECTION_HEADING.sub(lambda match: _anchored(match, contents), body)
    end = body.find(HEAD_END) + len(HEAD_END) if HEAD_END in body else 0
    return _render(
        "page.html.j2",
        lang,
        title=title,
        marks=" · ".join(marks),
        contents=contents,
        head=Markup(body[:end]),
        sections=Markup(body[end:]),
        faces=Markup("\n".join(font_face(weight) for weight in ("normal", "bold"))),
        script=_script("sort.js") if DATA_TABLE in body else None,
    )


def index_page(
    title: str,
    lang: str,
    sections: Sequence[IndexSection],
    *,
    marks: Sequence[str] = (),
    above: str = "",
    languages: Sequence[str] = (),
) -> str:
    """Return an index page: the scheme's pages, or all schemes.

    Parameters
    ----------
    title, lang : str
    sections : sequence of IndexSection
        Where one has parts, the page has a box that finds units by their names.
    marks : sequence of str
        What must stand on every page of the scheme.
    above : str
        Address of the index of all schemes, "" on that page itself.
    languages : sequence of str
        The other languages in which this index is there.
    """
    others = [(code, Locale(code).get_display_name(), f"{named(INDEX, code)}.html") for code in languages]
    has_units = any(section.parts for section in sections)
    return _render(
        "index.html.j2",
        lang,
        title=title,
        sections=sections,
        marks=marks,
        above=above,
        languages=others,
        script=_script("search.js") if has_units else None,
    )


def check_result_page(title: str, lang: str, **values: object) -> str:
    """Return the page of the problems of a scheme's input; `values` are those that ``check.html.j2`` names."""
    return _render("check.html.j2", lang, title=title, script=_script("sort.js"), **values)


def failure_page(
    title: str, cell: str, traceback: str, parameters: Mapping[str, object], command: str, lang: str
) -> str:
    """Return the page that stands for one that could not be made.

    Parameters
    ----------
    title : str
        Of the page that failed.
    cell, traceback : str
        Source of the cell that failed and what it said, as Python writes it (colours are taken out); "" for none.
    parameters : mapping
        What the notebook ran with.
    command : str
        The command that repeats the run.
    """
    return _render(
        "failure.html.j2",
        lang,
        title=title,
        cell=cell,
        traceback=TERMINAL_COLOUR.sub("", traceback),
        parameters=parameters,
        command=command,
        script=None,
    )


def _anchored(match: re.Match[str], contents: list[tuple[str, str]]) -> str:
    """Return a section heading with an id to link to, and note it in the table of contents."""
    given = HEADING_ID.search(match["attributes"])
    anchor = given[1] if given else f"phan-{len(contents) + 1}"
    contents.append((anchor, Markup(match["text"]).striptags()))
    return match[0] if given else f'<h2 id="{anchor}"{match["attributes"]}>{match["text"]}</h2>'


def _render(template: str, lang: str, **values: object) -> str:
    return _environment().get_template(template).render(lang=lang, _=translator(lang), **values)


@cache
def _script(name: str) -> Script:
    """Return one of the template's scripts; the page's policy lets run what has exactly this hash."""
    text = (TEMPLATES / name).read_text(encoding="utf-8")
    return Script(Markup(text), base64.b64encode(hashlib.sha256(text.encode()).digest()).decode())


def _css_string(text: str) -> Markup:
    """Quote `text` for a style sheet; letters that could end the string or the sheet become escapes."""
    return Markup('"' + re.sub(r'[\\"<>&\s]', lambda match: f"\\{ord(match[0]):x} ", text) + '"')


@cache
def _exporter(lang: str) -> TemplateExporter:
    # Imported here: nbconvert takes seconds to import, and index pages are written without it.
    from cchc.reports.exporter import body_exporter

    return body_exporter(TEMPLATES, lang)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["css_string"] = _css_string
    environment.globals["style"] = Markup((TEMPLATES / "page.css").read_text(encoding="utf-8"))
    return environment
