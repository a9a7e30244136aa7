"""The cells of a file read by other means than the program's: plain XML, plain records, plain lines.

It knows nothing of forms. What it cannot read it leaves out: it is there to say what number a cell holds.
"""

from __future__ import annotations

import csv
import io
import posixpath
import re
import struct
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

Place = tuple[int, int]
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_PART = "[0-9]{3}"


@dataclass(frozen=True)
class Raw:
    """A filled cell: its text as it is stored, and whether the file says that it is a number."""

    text: str
    is_number: bool = False
    is_code: bool = False
    """Whether it says no value: an error, a date, a truth."""

    @property
    def number(self) -> Decimal | None:
        """The number that stands in the cell; None where it holds none."""
        if self.is_code:
            return None
        return number_of(self.text) if not self.is_number else _stored(self.text)


@dataclass
class RawSheet:
    """One sheet: its title and filled cells."""

    title: str
    cells: dict[Place, Raw]


def _stored(text: str) -> Decimal | None:
    if not _NUMBER.fullmatch(text.strip(" \t\r\n")) or abs(float(text)) == float("inf"):
        return None
    return Decimal(f"{float(text):.15g}")


def number_of(text: str) -> Decimal | None:
    """Return the number that a person reads in a text; None where there is none, or two may be meant."""
    text = "".join(letter for letter in text if letter not in "\u200b\u200c\u200d\u2060\ufeff").strip()
    if text.endswith("%"):
        shown = number_of(text[:-1])
        return None if shown is None else shown / 100
    sign = -1 if text.startswith("-") else 1
    text = text[1:] if text[:1] in ("+", "-") else text
    if re.fullmatch(r"[0-9]+[.,]?[0-9]*|[.,][0-9]+", text):
        return sign * Decimal(text.replace(",", "."))
    for one, other in (".,", ",."):
        one, other = re.escape(one), re.escape(other)
        if re.fullmatch(f"[0-9]{{1,3}}(?:{one}{_PART})+{other}[0-9]+|[0-9]{{1,3}}(?:{one}{_PART}){{2,}}", text):
            return sign * Decimal(re.sub(one, "", text).replace(",", "."))
    return None


# ------------------------------------------------------------------------------------------------------- workbooks


def read_book(path: Path) -> list[RawSheet]:
    """Return the sheets of a .xlsx, .ods or .xls file; of .xls all numbers, in nameless sheets."""
    content = path.read_bytes()
    if not content.startswith(b"PK"):
        sheets: list[RawSheet] = []
        for place, cell in _records(content):
            own = next((sheet for sheet in sheets if place not in sheet.cells), None)
            if own is None:
                sheets.append(own := RawSheet("", {}))
            own.cells[place] = cell
        return sheets
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if "content.xml" in archive.namelist():
            return list(_ods(ET.fromstring(archive.read("content.xml"))))
        return list(_xlsx(archive))


def _tag(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]


def _all(element: Any, tag: str) -> list[Any]:
    return [each for each in element.iter() if _tag(each) == tag]


def _attribute(element: Any, name: str) -> str | None:
    return next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == name), None)


def _xlsx(archive: zipfile.ZipFile) -> Iterator[RawSheet]:
    names = {name.lower(): name for name in archive.namelist()}

    def part(path: str) -> Any:
        return ET.fromstring(archive.read(names[path.lstrip("/").lower()]))

    # what the package says of its parts finds the workbook, as in openpyxl; _rels/.rels would too
    kinds = [(str(each.get("ContentType")), str(each.get("PartName")))
             for each in _all(part("[Content_Types].xml"), "Override")]  # fmt: skip
    office = next((name for kind, name in kinds if kind.endswith("sheet.main+xml")), "xl/workbook.xml").lstrip("/")
    shared = [name for kind, name in kinds if kind.endswith("sharedStrings+xml")][:1]
    folder, name = posixpath.split(office)
    links = {each.get("Id"): each for each in _all(part(f"{folder}/_rels/{name}.rels"), "Relationship")}

    def target(link: Any) -> str:
        return posixpath.normpath(posixpath.join("/" + folder, link.get("Target")))

    texts = [
        "".join(each.text or "" for each in _all_but_phonetic(item))
        for name in shared for item in part(name) if _tag(item) == "si"
    ]  # fmt: skip
    for sheet in _all(part(office), "sheet"):
        link = links.get(sheet.get("{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"))
        if link is None or str(link.get("Type")).endswith("/chartsheet"):
            continue
        yield RawSheet(sheet.get("name", ""), dict(_xlsx_cells(part(target(link)), texts)))


def _all_but_phonetic(item: Any) -> Iterator[Any]:
    for each in item:
        if _tag(each) == "t":
            yield each
        elif _tag(each) == "r":
            yield from (inner for inner in each if _tag(inner) == "t")


def _xlsx_cells(root: Any, texts: list[str]) -> Iterator[tuple[Place, Raw]]:
    row = 0
    data = [each for each in root if _tag(each) == "sheetData"]
    for element in (each for part in data for each in part if _tag(each) == "row"):
        row, column = int(element.get("r", row + 1)), 0
        for cell in (each for each in element if _tag(each) == "c"):
            column = _column(cell.get("r")) if cell.get("r") else column + 1
            kind = cell.get("t", "n")
            value = next((each.text or "" for each in reversed(list(cell)) if _tag(each) == "v"), "")
            if kind == "inlineStr":
                value = "".join(
                    each.text or "" for item in cell if _tag(item) == "is" for each in _all_but_phonetic(item)
                )
            elif kind == "s" and value:
                value = texts[int(value)]
            if value.strip():
                yield (row, column), Raw(value, kind == "n", kind in ("b", "e", "d"))


def _column(reference: str) -> int:
    number = 0
    for letter in re.match(r"[A-Z]*", reference)[0]:  # type: ignore[index]
        number = 26 * number + ord(letter) - 64
    return number


def _ods(root: Any) -> Iterator[RawSheet]:
    for table in _all(root, "table"):
        cells, bottom = {}, 0
        for row in _all(table, "table-row"):
            top, bottom = bottom + 1, bottom + int(_attribute(row, "number-rows-repeated") or 1)
            right = 0
            for cell in (each for each in row if _tag(each) in ("table-cell", "covered-table-cell")):
                left, right = right + 1, right + int(_attribute(cell, "number-columns-repeated") or 1)
                kind = next((value for key, value in cell.attrib.items()
                             if key.endswith("}value-type") and "calcext" not in key), None)  # fmt: skip
                if kind is None or (bottom - top) * (right - left) > 1000:
                    continue
                is_number = kind in ("float", "percentage", "currency")
                shown = "\n".join("".join(each.itertext()) for each in cell if _tag(each) == "p")
                text = (_attribute(cell, "value") or "") if is_number else shown
                for at in range(top, bottom + 1):
                    cells.update({(at, place): Raw(text, is_number, not is_number and kind != "string")
                                  for place in range(left, right + 1)})  # fmt: skip
        yield RawSheet(_attribute(table, "name") or "", {place: cell for place, cell in cells.items() if cell.text})


def _records(content: bytes) -> Iterator[tuple[Place, Raw]]:
    """Return every number of an .xls file, by its records' own bytes; of one place in two sheets, the last."""
    for found in re.finditer(rb"(?s)\x03\x02\x0e\x00(.{14})|\x06\x00..(.{14})", content):
        row, column, _, value = struct.unpack("<HHHd", found[1] or found[2])
        yield (row + 1, column + 1), Raw(repr(value), True)
    for found in re.finditer(rb"(?s)\x7e\x02\x0a\x00(.{10})", content):
        row, column, _, packed = struct.unpack("<HHHI", found[1])
        yield (row + 1, column + 1), Raw(_packed(packed), True)
    for found in re.finditer(rb"(?s)\xbd\x00(..)(....)", content):
        (size,), (row, column) = struct.unpack("<H", found[1]), struct.unpack("<HH", found[2])
        for at in range(max(0, (size - 6) // 6)):
            place = found.end() + 6 * at + 2
            if place + 4 <= len(content):
                yield (row + 1, column + at + 1), Raw(_packed(*struct.unpack_from("<I", content, place)), True)


def _packed(packed: int) -> str:
    if packed & 2:
        value: float = (packed >> 2) - (1 << 30 if packed >> 31 else 0)
    else:
        (value,) = struct.unpack("<d", struct.pack("<Q", (packed & 0xFFFFFFFC) << 32))
    return repr(value / 100 if packed & 1 else value)


# ------------------------------------------------------------------------------------------------------------- csv


def read_lines(path: Path, encoding: str) -> tuple[list[str], dict[int, list[str]]]:
    """Return the heads of a CSV file, and the cells of each row by the line that it begins on."""
    text = path.read_bytes().decode(encoding or "utf-8-sig")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    delimiter = max(",;", key=text.partition("\n")[0].count)
    rows, before = {}, 0
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    for row in reader:
        rows[before + 1], before = row, reader.line_num
    return rows.pop(1, []), rows
