"""A printed table as a value: raw cells, formatted when it is shown, rendered by one Jinja template."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from cchc.locale import NOTHING, is_missing, number, place, signed, translator

Kind = Literal["text", "integer", "decimal", "signed", "place", "change", "grade"]
NUMBERS = frozenset({"integer", "decimal", "signed", "place"})
STEPS = 5
"""How many colours the classes of a column are spread over."""


class Marked(NamedTuple):
    """A cell's value with a sign or word behind it that a note of the table explains: ``86,13 kế thừa``."""

    value: Any
    mark: str


@dataclass(frozen=True)
class Column:
    """A column: its head, what its cells hold, how many decimals they print, the classes of a "grade", best first."""

    label: str
    kind: Kind = "text"
    decimals: int = 0
    classes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """A printed table.

    Attributes
    ----------
    caption : str
        What the table shows, with its unit and period.
    columns : tuple of Column
        The first column of kind "text" heads its rows.
    rows : tuple of tuple
        Raw values, None where there is none: "place" is (rank, n_ranked), "change" a number of places (positive: moved
        up), text and grade str, the rest numbers. Any of them may stand in a `Marked`.
    notes : tuple of str
        Printed below the table.
    id : str
        Unique on a page.
    short : str
        Its name in a workbook's list of contents and on its sheet.
    """

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Any, ...], ...]
    notes: tuple[str, ...] = ()
    _: KW_ONLY
    id: str
    short: str = ""
    lang: str = "vi"

    @property
    def header(self) -> int:
        """Position of the column that heads the rows, -1 where no column is text."""
        return next((at for at, column in enumerate(self.columns) if column.kind == "text"), -1)

    def text(self, column: Column, cell: object) -> str:
        """Return a cell as it is printed."""
        if isinstance(cell, Marked):
            return f"{self.text(column, cell.value)} {cell.mark}".rstrip()
        if is_missing(cell) or cell == "":
            return NOTHING
        return _formatted(column, cell, self.lang)

    @property
    def html(self) -> str:
        """The table as HTML, everything escaped."""
        return _template().render(table=self, number_kinds=NUMBERS, css_class=_css_class, sort_value=_sort_value)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        lines = [[column.label for column in self.columns]]
        lines += [[self.text(*pair) for pair in zip(self.columns, row, strict=True)] for row in self.rows]
        plain = "\n".join([self.caption, *("\t".join(line) for line in lines), *self.notes])
        return {"text/html": self.html, "text/plain": plain}


def _formatted(column: Column, cell: Any, lang: str) -> str:
    if column.kind == "place":
        rank, n_ranked = cell
        return place(rank, n_ranked, lang)
    if column.kind == "change":
        return change_text(cell, lang)
    if column.kind == "signed":
        return signed(cell, column.decimals, lang)
    return number(cell, column.decimals, lang) if column.kind in NUMBERS else str(cell)


def change_text(change: int, lang: str) -> str:
    """Return a change of place as arrow and words: ``▲ tăng 2 bậc``."""
    _ = translator(lang)
    words = {1: _("▲ tăng {n} bậc"), -1: _("▼ giảm {n} bậc"), 0: _("= giữ nguyên")}
    return words[_sign(change)].format(n=number(abs(change), 0, lang))


def _sign(change: int) -> int:
    return int(change > 0) - int(change < 0)


def _css_class(column: Column, cell: Any) -> str:
    """Return a cell's classes for the page's style sheet: its kind, and where a change goes or a grade stands."""
    value = cell.value if isinstance(cell, Marked) else cell
    if column.kind == "change":
        direction = "none" if is_missing(value) else ("same", "up", "down")[_sign(value)]
        return f"change change-{direction}"
    if column.kind in NUMBERS:
        return f"{column.kind} number"
    if value in column.classes:
        # the best and the worst class have the first and the last colour, however many there are
        step = column.classes.index(value) * (STEPS - 1) // max(len(column.classes) - 1, 1)
        return f"{column.kind} step-{step + 1}"
    return column.kind


def _sort_value(column: Column, cell: Any) -> str:
    """Return the number that a cell is put in order by; "" where its text does that, or where nothing stands in it."""
    value = cell.value if isinstance(cell, Marked) else cell
    if is_missing(value) or value == "" or column.kind == "text":
        return ""
    if column.kind == "place":
        return "" if is_missing(value[0]) else str(value[0])
    if column.kind == "grade":
        return str([*column.classes, value].index(value))
    return str(value)


@cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("table.html.jinja")
