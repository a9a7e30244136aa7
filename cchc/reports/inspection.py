"""The static contract of a page, checked on every page before it is published."""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser

MOST_BYTES = 1_500_000
MOST_BYTES_OF_MANY = 3_000_000
MANY_ROWS = 100
"""A page with a table of so many rows (the communes of a province) may have twice the size."""
# A policy forbids by default; styles stand in the page, images and fonts are data, a script runs by its hash only.
POLICY = re.compile(
    r"default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:"
    r"(?:; script-src(?: 'sha256-[\w+/]{43}=')+)?; base-uri 'none'; form-action 'none'"
)
VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})
# Elements that load, run or send something, whatever their attributes say.
FORBIDDEN = frozenset({"applet", "audio", "base", "embed", "form", "frame", "iframe", "link", "object", "video"})
ADDRESSES = frozenset(
    {"action", "background", "cite", "data", "formaction", "href", "ping", "poster", "src", "srcset", "xlink:href"}
)
REFERENCES = frozenset({"aria-controls", "aria-describedby", "aria-labelledby", "for", "headers"})
HEADINGS = {f"h{level}": level for level in range(1, 7)}
# A page may point at itself, at what it carries, and at the pages and workbooks of its own folders.
INNER_ADDRESS = re.compile(
    r"#[\w-]+|data:(?:image|font)/[^\s]*|(?:\.\./)*(?:[\w.-]+/)*[\w.-]+\.(?:html|xlsx|docx)(?:#[\w-]+)?"
)
OUTER_STYLE = re.compile(r"@import|url\(\s*[\"']?(?!#|data:)", re.IGNORECASE)
# What Python and pandas write for a value that is not there; a printed table writes a dash.
NO_VALUE = frozenset({"nan", "NaN", "None", "<NA>", "NaT", "inf", "-inf"})
CELLS = frozenset({"td", "th", "text"})


def check_page(html: str) -> list[str]:
    """Return what is wrong with a page, each with its line; an empty list for a page that may be published.

    It must be one HTML document of less than 1.5 MB (3 MB where one of its tables has at least 100 rows) with a
    language, a title, one ``<h1>``, one ``<main>`` and headings that skip no level; every image has a text alternative,
    ids are unique and references find them; nothing is loaded from outside (no address but the folder's own pages and
    workbooks, no script whose hash the content security policy does not name, no event handler); and no traceback or
    missing value of Python's stands where a figure is expected.
    """
    inspector = _Inspector()
    inspector.feed(html)
    inspector.close()
    return inspector.verdict(html)


class _Inspector(HTMLParser):
    """Reads a page once and gathers what `check_page` reports."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []
        self.open: list[tuple[str, str]] = []  # tag and id of the elements around the place being read
        self.counts: dict[str, int] = {}
        self.ids: set[str] = set()
        self.told: set[str] = set()  # ids of elements that hold some text
        self.references: list[tuple[int, str, str]] = []
        self.images: list[tuple[int, list[str]]] = []  # line of each svg and the ids that name it
        self.text: list[str] = []  # of the cell, script or title being read
        self.title = self.policy = ""
        self.rows = self.most_rows = 0  # of the table body being read, of the longest one
        self.heading = 0

    @property
    def line(self) -> int:
        return self.getpos()[0]

    def fault(self, text: str) -> None:
        self.faults.append(f"line {self.line}: {text}")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._count(tag)
        if tag in FORBIDDEN:
            self.fault(f"<{tag}> is not allowed")
        if tag == "html" and not given.get("lang"):
            self.fault("<html> has no lang")
        if tag == "img" and not given.get("alt"):
            self.fault("<img> without alt")
        if tag == "meta" and given.get("http-equiv", "").casefold() == "content-security-policy":
            self.policy = given.get("content", "")
        if tag == "svg":
            self._image(given)
        if tag in HEADINGS:
            if HEADINGS[tag] > self.heading + 1:
                self.fault(f"<{tag}> follows a heading of level {self.heading}")
            self.heading = HEADINGS[tag]
        for name, value in given.items():
            self._attribute(tag, name, value)
        if tag not in VOID:
            self.open.append((tag, given.get("id", "")))
        if tag in CELLS or tag in ("script", "title"):
            self.text = []

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open[-1][0] != tag:
            self.fault(f"</{tag}> closes <{self.open[-1][0] if self.open else ''}>")
            return
        self.open.pop()
        text = "".join(self.text)
        if tag in CELLS and text.strip() in NO_VALUE:
            self.fault(f"a cell says {text.strip()}")
        if tag == "script":
            digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
            if f"'sha256-{digest}'" not in self.policy:
                self.fault("<script> whose hash is not in the content security policy")
        if tag == "title" and not any(around == "svg" for around, _ in self.open):
            self.title = text.strip()

    def handle_data(self, data: str) -> None:
        self.text.append(data)
        if data.strip():
            self.told.update(name for _, name in self.open if name)
        if self.open and self.open[-1][0] == "style" and OUTER_STYLE.search(data):
            self.fault("a style sheet loads something from outside")

    def _count(self, tag: str) -> None:
        self.counts[tag] = self.counts.get(tag, 0) + 1
        if tag == "tbody":
            self.rows = 0
        if tag == "tr":
            self.rows += 1
            self.most_rows = max(self.most_rows, self.rows)

    def _image(self, given: dict[str, str]) -> None:
        if given.get("role") != "img":
            self.fault("<svg> without role=img")
        if not given.get("aria-label", "").strip():
            self.images.append((self.line, given.get("aria-labelledby", "").split()))

    def _attribute(self, tag: str, name: str, value: str) -> None:
        if name == "id":
            if value in self.ids:
                self.fault(f"id {value} is used twice")
            self.ids.add(value)
        elif name in REFERENCES:
            self.references += [(self.line, name, target) for target in value.split()]
        elif name in ADDRESSES:
            if not INNER_ADDRESS.fullmatch(value):
                self.fault(f"<{tag}> points outside: {name}={value[:80]}")
            elif value.startswith("#"):
                self.references.append((self.line, name, value[1:]))
        elif name.startswith("on"):
            self.fault(f"<{tag}> has an event handler: {name}")
        elif OUTER_STYLE.search(value):
            self.fault(f"<{tag}> loads something from outside: {name}={value[:80]}")

    def verdict(self, html: str) -> list[str]:
        """Return all faults: those met while reading, then those of the page as a whole."""
        faults = list(self.faults)
        missing = [reference for reference in self.references if reference[2] not in self.ids]
        faults += [f"line {line}: {name} names no element: {target}" for line, name, target in missing]
        mute = [line for line, names in self.images if not self.told & {*names}]
        faults += [f"line {line}: <svg> without a text alternative" for line in mute]
        if not html.lstrip().casefold().startswith("<!doctype html>"):
            faults.append("line 1: no <!DOCTYPE html>")
        for tag in ("html", "main", "h1"):
            if (count := self.counts.get(tag, 0)) != 1:
                faults.append(f"{count} <{tag}>, not one")
        faults += [f"<{tag}> is never closed" for tag, _ in self.open]
        if not self.title:
            faults.append("no title")
        if not POLICY.fullmatch(self.policy):
            faults.append("no content security policy that forbids by default")
        if "Traceback (most recent call last)" in html:
            faults.append("a traceback")
        most = MOST_BYTES_OF_MANY if self.most_rows >= MANY_ROWS else MOST_BYTES
        if (size := len(html.encode())) >= most:
            faults.append(f"{size} bytes, the most is {most}")
        return faults
