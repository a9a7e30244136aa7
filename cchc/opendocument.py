"""What an .ods file says of its cells and calamine does not: how many they are, formats, errors, what is hidden."""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from xml.parsers import expat

from cchc.sheets import MOST_CELLS, Place, Range, TooBigError

_ERROR = re.compile(r"#[A-Z][A-Z0-9/?!]*|Err:[0-9]+")
_EXTENSION = "calcext:1.0}value-type"
_LAST_COLUMN = 16_384


class LockedError(Exception):
    """A file can be opened with a password only."""


@dataclass
class Facts:
    """What stands in the XML of one sheet.

    Attributes
    ----------
    flaws : dict of (row, column) to (code, text)
        Cells whose value cannot be trusted: the code of the problem, and the text that is shown.
    merged : list of Range
    hidden_rows, hidden_columns : set of int
        Of the rows, those with a filled cell.
    """

    flaws: dict[Place, tuple[str, str]] = field(default_factory=dict)
    merged: list[Range] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)


def read_facts(path: Path) -> dict[str, Facts]:
    """Return what is known of each sheet, by its title.

    Raises
    ------
    TooBigError
        The filled cells span more than any form; repeated ones stand once in the XML, and may be millions.
    LockedError
        The content is encrypted.
    """
    reader = _Reader()
    with zipfile.ZipFile(path) as archive:
        if "META-INF/manifest.xml" in archive.namelist() and b"encryption" in archive.read("META-INF/manifest.xml"):
            raise LockedError
        with archive.open("content.xml") as stream:
            reader.parser.ParseFile(stream)
    return reader.sheets


class _Reader:
    def __init__(self) -> None:
        self.sheets: dict[str, Facts] = {}
        self.facts = Facts()
        self.first = self.row = self.column = self.width = self.columns = 0
        """First and last of the rows that an element stands for, and the last column."""
        self.is_hidden = self.is_text = self.is_error = False
        self.places: list[Place] = []
        """Of a cell whose text may say that it is an error."""
        self.text = ""
        self.parser = expat.ParserCreate(namespace_separator="}")
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition("}")[2]
        known = {key.rpartition("}")[2]: value for key, value in attributes.items() if not key.endswith(_EXTENSION)}
        is_hidden = known.get("visibility") in ("collapse", "filter")
        if tag == "table":
            self.facts = self.sheets[known.get("name", "")] = Facts()
            self.row = self.width = self.columns = 0
        elif tag == "table-column":
            before, self.columns = self.columns, self.columns + int(known.get("number-columns-repeated", 1))
            if is_hidden:
                self.facts.hidden_columns.update(range(before + 1, min(self.columns, _LAST_COLUMN) + 1))
        elif tag == "table-row":
            self.first, self.column, self.is_hidden = self.row + 1, 0, is_hidden
            self.row += int(known.get("number-rows-repeated", 1))
        elif tag in ("table-cell", "covered-table-cell"):
            self.is_error = any(key.endswith(_EXTENSION) and text == "error" for key, text in attributes.items())
            self._cell(known)
        elif tag == "p":
            self.is_text = True

    def _cell(self, known: dict[str, str]) -> None:
        left, self.places, self.text = self.column + 1, [], ""
        self.column += int(known.get("number-columns-repeated", 1))
        wide, high = (int(known.get(f"number-{name}-spanned", 1)) for name in ("columns", "rows"))
        if wide > 1 or high > 1:
            self.facts.merged.append((left, self.first, left + wide - 1, self.first + high - 1))
        kind = known.get("value-type")
        if kind is None and "formula" not in known:
            return
        self.width = max(self.width, self.column)
        if self.row * self.width > MOST_CELLS:
            raise TooBigError
        rows = range(self.first, self.row + 1)
        if self.is_hidden:
            self.facts.hidden_rows.update(rows)
        if kind is None or kind == "percentage":
            code = "formula-without-value" if kind is None else "percent-cell"
            self.facts.flaws.update((place, (code, "")) for place in product(rows, range(left, self.column + 1)))
        if self.is_error or kind not in (None, "string"):
            self.places = list(product(rows, range(left, self.column + 1)))

    def _end(self, name: str) -> None:
        tag = name.rpartition("}")[2]
        if tag == "p":
            self.is_text = False
        elif tag in ("table-cell", "covered-table-cell") and (self.is_error or _ERROR.fullmatch(self.text)):
            # some programs write 0 as the value of an error
            self.facts.flaws.update((place, ("error-cell", self.text)) for place in self.places)

    def _text(self, text: str) -> None:
        if self.is_text and self.places:
            self.text += text
