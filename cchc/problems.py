"""Findings about the input: one type, one table of every kind, each saying what is wrong and what to do.

The texts are Vietnamese, which is the source language of every string that users see; they are message ids of
the gettext catalogue, so that the same problem can be printed in English by passing a translate function.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

Severity = Literal["error", "warning"]
Translate = Callable[[str], str]


@dataclass(frozen=True)
class Kind:
    """What one code of problem means: its severity, what is wrong and what to do (Vietnamese, ``str.format`` texts)."""

    severity: Severity
    what: str
    remedy: str


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
        What the texts of the kind name besides `value`.
    """

    code: str
    file: str
    sheet: str = ""
    cell: str = ""
    value: str = ""
    years: tuple[int, ...] = ()
    details: Mapping[str, str] = field(default_factory=dict)

    @property
    def severity(self) -> Severity:
        """``"error"`` or ``"warning"``."""
        return KINDS[self.code].severity

    @property
    def is_error(self) -> bool:
        """Whether it stops anything."""
        return self.severity == "error"

    @property
    def place(self) -> str:
        """Where it is, as one text: ``2024.xlsx · Sở ngành · D7``."""
        return " · ".join(part for part in (self.file, self.sheet, self.cell) if part)

    def what(self, translate: Translate = str) -> str:
        """What is wrong, as a sentence."""
        return translate(KINDS[self.code].what).format(value=self.value, **self.details)

    def remedy(self, translate: Translate = str) -> str:
        """What to do about it, as a sentence."""
        return translate(KINDS[self.code].remedy).format(value=self.value, **self.details)

    def __str__(self) -> str:
        return f"{self.place}: {self.what()} {self.remedy()}"


class InputError(Exception):
    """The input is wrong; `problems` says where, all of it at once."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


KINDS: dict[str, Kind] = {
    # scheme.toml
    "scheme-missing": Kind("error", "Không có thư mục hoặc tệp này.", "Kiểm tra tên bộ chỉ số, hoặc tạo mới bằng: cchc new {value}"),
    "scheme-syntax": Kind("error", "Tệp không đúng cú pháp TOML: {reason}.", "Sửa tại dòng được nêu."),
    "scheme-key": Kind("error", "Giá trị {value} không hợp lệ: {reason}.", "Cho phép: {allowed}."),
    "scheme-unknown-key": Kind("error", "Khóa này không có trong scheme.toml.", "Các khóa gần nhất: {allowed}."),
}
