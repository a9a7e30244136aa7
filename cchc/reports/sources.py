"""What the notebooks say of themselves: the page they publish, their parameters, the data and the limits they need.

A notebook's metadata say what it publishes, ``{"cchc": {"page": "annual-{year}", "per": "year", "data": ["year"]}}``,
and that is all that is read of it besides its parameters cell: a new page is a new notebook and nothing else.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cchc.digests import sha256_of
from cchc.names import closest
from cchc.phrases import msgid
from cchc.reports.child import Limits
from cchc.reports.engine import Parameter

TITLES = {
    "year": msgid("Xếp hạng năm {year}"),
    "stage": msgid("Xếp hạng giai đoạn {first}-{last}"),
    "unit": msgid("{unit_name}: kết quả năm {year}"),
}
DATA = ("year", "previous_year", "stage_years", "group_to_year", "awards", "contents")
"""Slices of the data. A page with "awards" is planned only for the periods that the settings give an award for."""
TYPES: Mapping[str, type] = {"str": str, "int": int, "float": float, "bool": bool}


class CallError(Exception):
    """The call cannot be carried out, whatever the data: one sentence for whoever called.

    A `Phrase` where it is for everybody; Vietnamese text where only whoever writes a notebook meets it.
    """


@dataclass(frozen=True)
class Source:
    """A notebook that publishes a page.

    Attributes
    ----------
    path : Path
        The notebook.
    page : str
        Stem of the page's files, with the names of parameters in braces: ``annual-{year}``.
    per : str
        ``"year"``, ``"stage"`` or ``"unit"``: there is a page for each.
    title : str
        Of the page, with parameters in braces.
    data : tuple of str
        The slices of the data that the page depends on, names of `DATA`.
    declared : mapping
        Name and type of each parameter of the parameters cell.
    limits : Limits
        What a run may take: `seconds` and `memory` (MiB) of the metadata, else the defaults.
    suffixes : tuple of str
        Of the files that the notebook makes besides page and workbook: ``".docx"``.
    is_personal : bool
        The page holds names of persons (`personal` of the metadata): it is not given to everybody.
    sha256 : str
        Of the file.
    """

    path: Path
    page: str
    per: str
    title: str
    data: tuple[str, ...]
    declared: Mapping[str, type]
    limits: Limits
    suffixes: tuple[str, ...]
    is_personal: bool
    sha256: str


def find_sources(notebooks: Path) -> list[Source]:
    """Return the notebooks that publish something, by name.

    Raises
    ------
    CallError
        A notebook's metadata or parameters cell is not as it must be.
    """
    found = []
    for path in sorted(notebooks.glob("*.ipynb")):
        content = json.loads(path.read_text("utf-8"))
        if published := content["metadata"].get("cchc"):
            found.append(_source(path, content, published))
    return found


def _source(path: Path, content: Mapping[str, Any], published: Mapping[str, Any]) -> Source:
    declared = read_parameters(content, path.name)
    per, data = published.get("per"), tuple(published.get("data", ()))
    if per not in TITLES or "page" not in published or not set(data) <= set(DATA):
        raise CallError(
            f"{path.name}: metadata “cchc” cần có “page”, “per” ({', '.join(TITLES)}) và “data” ({', '.join(DATA)})"
        )
    title = published.get("title", TITLES[per])
    limits = Limits(**{name: published[name] for name in ("seconds", "memory") if name in published})
    suffixes, is_personal = tuple(published.get("files", ())), bool(published.get("personal", False))
    return Source(path, published["page"], per, title, data, declared, limits, suffixes, is_personal, sha256_of(path))


def read_parameters(content: Mapping[str, Any], name: str) -> dict[str, type]:
    """Return name and type of each parameter that the parameters cell of a notebook declares: ``year: int = 2024``."""
    cells = [cell for cell in content["cells"] if "parameters" in cell["metadata"].get("tags", [])]
    if len(cells) != 1:
        raise CallError(f"{name}: cần đúng một ô gắn thẻ “parameters”, đang có {len(cells)}")
    declared = {}
    for line in ast.parse("".join(cells[0]["source"])).body:
        match line:
            case ast.AnnAssign(ast.Name(parameter), ast.Name(kind), ast.Constant(value)) if type(value) is TYPES.get(
                kind
            ):
                declared[parameter] = type(value)
            case _:
                text = ast.unparse(line)
                raise CallError(f"{name}: ô tham số chỉ chứa các dòng dạng “year: int = 2024”, không phải: {text}")
    return declared


def check_parameters(source: Source, given: Mapping[str, Parameter]) -> None:
    """Raise CallError where a parameter is not declared by the notebook, or is of another type (``"01"`` is no int)."""
    for name, value in given.items():
        if name not in source.declared:
            near = closest(name, list(source.declared)) or list(source.declared)
            raise CallError(f"{source.path.name}: không có tham số “{name}”; gần nhất: {', '.join(near)}")
        expected = source.declared[name]
        if type(value) is not expected:
            raise CallError(f"{source.path.name}: tham số “{name}” phải là {expected.__name__}, đang là {value!r}")
