"""Findings about the input: each with its place, what is wrong and what to do."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from cchc import award_kinds, kinds, score_kinds, suspicion_kinds
from cchc.kinds import Kind, Severity
from cchc.phrases import Translate, as_plain, from_plain, msgid, place_in, translated

KINDS: Mapping[str, Kind] = {**kinds.KINDS, **score_kinds.KINDS, **suspicion_kinds.KINDS, **award_kinds.KINDS}
DECIMAL_SIGN = msgid(",")
FIGURES = frozenset({"change", "maximum", "step"})
"""Details that are figures of ours, written with a decimal comma; what stands in the files is quoted as it stands."""


@dataclass(frozen=True)
class Problem:
    """One finding about the input, with its place.

    Attributes
    ----------
    code : str
        A key of `KINDS`, e.g. ``"unknown-unit"``.
    file : str
        Path inside the scheme's folder, ``"scores/2024.xlsx"``.
    sheet, cell : str
        Sheet of a workbook, and the cell (``"D7"``), or line and column of a CSV (``"dòng 5, cột appraised"``), or
        the key of a TOML file (``"groups[1].id"``). Empty where the problem is of the whole file.
    value : str
        The text as it stands there.
    years : tuple of int
        The years whose pages it stops; empty means the whole scheme.
    details : mapping
        What the texts of the kind name besides `value`: data, or a `Phrase`.
    is_unused : bool
        Whether it is in a part of the input that no page uses: then it is a warning, whatever its kind.
    stages : tuple of str
        The stages whose pages it stops, ``"2021-2025"``; with it, empty `years` mean no year.
    awards : tuple of str
        The periods whose award proposals it stops, ``"2024"`` or ``"2021-2025"``, and nothing else.
    """

    code: str
    file: str
    sheet: str = ""
    cell: str = ""
    value: str = ""
    years: tuple[int, ...] = ()
    details: Mapping[str, str] = field(default_factory=dict)
    is_unused: bool = False
    stages: tuple[str, ...] = ()
    awards: tuple[str, ...] = ()

    def as_plain(self) -> dict[str, Any]:
        """Return the problem as JSON holds it; `of` reads it back."""
        details = {name: as_plain(detail) for name, detail in self.details.items()}
        return {**vars(self), "value": as_plain(self.value), "details": details}

    @classmethod
    def of(cls, item: Mapping[str, Any]) -> Problem:
        """Return a problem that was written as JSON."""
        details = {name: from_plain(detail) for name, detail in item["details"].items()}
        texts = {"value": from_plain(item["value"]), "details": details}
        scopes = {name: tuple(item[name]) for name in ("years", "stages", "awards")}
        return cls(**{**item, **texts, **scopes})

    @property
    def stops_scheme(self) -> bool:
        """Whether nothing of the scheme can be built."""
        return self.is_error and not (self.years or self.stages or self.awards)

    @property
    def severity(self) -> Severity:
        """``"error"`` or ``"warning"``."""
        return "warning" if self.is_unused else KINDS[self.code].severity

    @property
    def is_error(self) -> bool:
        """Whether it stops anything."""
        return self.severity == "error"

    @property
    def place(self) -> str:
        """Where it is, as one text: ``2024.xlsx · Sở ngành · D7``."""
        return place_text(self.file, self.sheet, self.cell)

    def what(self, translate: Translate = str) -> str:
        """What is wrong, as a sentence."""
        return self._filled(KINDS[self.code].what, translate)

    def remedy(self, translate: Translate = str) -> str:
        """What to do about it, as a sentence."""
        return self._filled(KINDS[self.code].remedy, translate)

    def _filled(self, text: str, translate: Translate) -> str:
        details = {name: translated(detail, translate) for name, detail in self.details.items()}
        if "other" in details:
            details["other"] = place_in(details["other"], translate)
        for name in FIGURES & details.keys():
            details[name] = details[name].replace(",", translate(DECIMAL_SIGN))
        return translate(text).format(value=translated(self.value, translate), **details)

    def in_words(self, translate: Translate) -> Problem:
        """The same problem with cell and value in another language, to be shown."""
        return replace(self, cell=place_in(self.cell, translate), value=translated(self.value, translate))

    def __str__(self) -> str:
        return f"{self.place}: {self.what()} {self.remedy()}"


def place_text(file: str, sheet: str, cell: str) -> str:
    """Return file, sheet and cell as one text: ``2024.xlsx · Sở ngành · D7``, scores/ being what people work in."""
    files = " + ".join(name.removeprefix("scores/") for name in file.split(" + "))
    return " · ".join(part for part in (files, sheet, cell) if part)


def order(problem: Problem) -> tuple[object, ...]:
    """Return the key to list problems by: errors first, then by file, sheet, row and column."""
    numbers = [int(number) for number in re.findall(r"[0-9]{1,9}", problem.cell)]
    column = problem.cell.rstrip("0123456789")
    return not problem.is_error, problem.file, problem.sheet, numbers, len(column), column, problem.code


class InputError(Exception):
    """The input is wrong; `problems` says where, all of it at once."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def unreadable(file: str, error: OSError, years: tuple[int, ...] = ()) -> Problem:
    """Return the problem that the system does not let `file` be read: a folder, no permission, a broken disk."""
    return Problem("file-unreadable", file, years=years, details={"reason": error.strerror or type(error).__name__})
