"""What the XML of an .xlsx sheet says and openpyxl, reading it row by row, does not."""

from __future__ import annotations

from xml.parsers import expat

from openpyxl.utils import coordinate_to_tuple, range_boundaries

from cchc.sheets import Place, Range, address

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_DEPTHS = {"si": 2, "row": 3, "c": 4, "v": 5, "is": 5}
"""How deep these elements stand; openpyxl loses or mixes up what stands in one another."""


class Nesting:
    """Refuses elements of a sheet, or of the table of its texts, that stand where they may not."""

    def __init__(self) -> None:
        self.depth = 0
        self.parser = expat.ParserCreate(namespace_separator="}")
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        space, _, tag = name.rpartition("}")
        depth = _DEPTHS.get(tag, 1 if self.depth == 1 else 0)
        # an element of these in another language is none to openpyxl, which would leave it out in silence
        if (space == _MAIN and depth not in (0, self.depth)) or (space != _MAIN and depth == self.depth):
            raise ValueError(f"element {tag} out of place")

    def _end(self, name: str) -> None:
        self.depth -= 1


class Scan(Nesting):
    """What openpyxl does not say of a sheet that it reads row by row."""

    def __init__(self) -> None:
        super().__init__()
        self.unfinished: set[Place] = set()
        """Where formulas stand that have no stored value: they look like empty cells."""
        self.hidden_rows: set[int] = set()
        self.hidden_columns: set[int] = set()
        self.merged: list[Range] = []
        self.row = self.column = self.n_cells = self.n_values = 0
        self._has_formula = self._has_value = self._in_value = self._in_number = False
        self._is_text = self._is_number = False
        self.parser.CharacterDataHandler = self._text

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        super()._start(name, attributes)
        tag = name.rpartition("}")[2]
        if tag == "c":
            self._start_cell(attributes)
        elif tag == "f":
            self._has_formula = True
        elif tag in ("v", "is"):
            self._in_number = tag == "v" and self._is_number
            self.n_values += 1
            if self.n_values > 1:
                raise ValueError(f"two values in {address(self.row, self.column)}")  # openpyxl would take either
            # the result of a formula may be an empty text, which is a value
            self._in_value, self._has_value = True, self._has_value or self._is_text
        elif tag == "row":
            before, self.row, self.column = self.row, int(attributes.get("r", self.row + 1)), 0
            if not before < self.row <= LAST_ROW:
                raise ValueError(f"row {self.row} after row {before}")  # openpyxl would leave it out in silence
            if attributes.get("hidden") in ("1", "true"):
                self.hidden_rows.add(self.row)
        elif tag == "col" and attributes.get("hidden") in ("1", "true"):
            first, last = int(attributes["min"]), int(attributes["max"])
            self.hidden_columns.update(range(first, min(last, LAST_COLUMN) + 1))
        elif tag == "mergeCell":
            self.merged.append(range_boundaries(attributes["ref"]))  # type: ignore[arg-type]

    def _start_cell(self, attributes: dict[str, str]) -> None:
        before, self._has_formula, self._has_value = self.column, False, False
        self.n_cells += 1
        self.n_values = 0
        kind = attributes.get("t", "n")
        self._in_value, self._is_text, self._is_number = False, kind == "str", kind in ("n", "s", "b")
        row, self.column = coordinate_to_tuple(attributes["r"]) if "r" in attributes else (self.row, before + 1)
        if row != self.row or not before < self.column <= LAST_COLUMN:
            raise ValueError(f"cell {attributes.get('r')} in row {self.row}")  # openpyxl would lose its neighbours

    def _end(self, name: str) -> None:
        super()._end(name)
        if self._has_formula and not self._has_value and name.rpartition("}")[2] == "c":
            self.unfinished.add((self.row, self.column))
        self._in_value = self._in_number = False

    def _text(self, text: str) -> None:
        if self._in_number and ("_" in text or not text.isascii()):
            raise ValueError(f"{text} in {address(self.row, self.column)}")  # which Python takes for a number
        self._has_value = self._has_value or self._in_value
