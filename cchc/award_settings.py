"""The awards of a scheme as its settings say them, and the contents of its plan: [[awards]] and [[contents]]."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from cchc.phrases import Phrase, msgid
from cchc.problems import Problem
from cchc.settings import CONVENTION, Id, Integer, NotBlank, Settings, Text

Criterion = Literal["index_score", "tasks", "initiatives", "score", "nomination"]
OF_UNITS: tuple[Criterion, ...] = ("index_score", "tasks", "initiatives")
OF_PERSONS: tuple[Criterion, ...] = ("score", "initiatives", "nomination")
"""What candidates may be ordered by. A person is never ordered by the index of the unit."""


def _as_text(value: object) -> object:
    """A year may be written as a number."""
    return str(value) if type(value) is int else value


class Requirements(Settings):
    """What a candidate must have to be proposed."""

    min_coverage: Annotated[Integer, Field(ge=1)] | None = None
    """So many years of the stage, its own or inherited."""


class Award(Settings):
    """One award: for which periods it is given, to whom, how many, and how the candidates are ordered.

    Attributes
    ----------
    when : str
        ``"year"`` or ``"stage"``.
    periods : tuple of str
        The years or stages that it is given for; empty: all of them, years from `from_` on.
    seats : int
        How many are given in one period.
    seats_are : str
        ``"planned"``, or ``"ceiling"`` where the document says "at most".
    allocation : str
        How the seats are shared: ``"per_group"`` (equally many to each group), ``"proportional"`` (to the ranked units
        of each group), ``"place"`` (by place, all groups together), ``"none"`` (not shared: one list).
    order : tuple of str
        What candidates are ordered by, the first one first; by default the index, and for persons their nomination.
    not_with : tuple of str
        Awards that the same candidate cannot get for the same period; the one listed first in the file wins.
    basis, rule_basis : str
        The document of the award and its seats; that of allocation, order and `not_with`.
    """

    id: Id
    name: Text
    when: Literal["year", "stage"]
    periods: tuple[Annotated[str, BeforeValidator(_as_text)], ...] = ()
    from_: Annotated[Integer | None, Field(alias="from")] = None
    to: Literal["collective", "individual"]
    seats: Annotated[Integer, Field(ge=0)]
    seats_are: Literal["planned", "ceiling"]
    allocation: Literal["per_group", "proportional", "place", "none"] = "none"
    order: tuple[Criterion, ...] = ()
    require: Requirements = Requirements()
    not_with: tuple[str, ...] = ()
    basis: NotBlank = CONVENTION
    rule_basis: NotBlank = CONVENTION

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        """What candidates are ordered by."""
        return self.order or (("index_score",) if self.to == "collective" else ("nomination",))

    def is_for(self, period: str) -> bool:
        """Whether the award is given for ``"2024"`` or ``"2021-2025"``."""
        if ("-" in period) != (self.when == "stage") or (self.periods and period not in self.periods):
            return False
        return self.from_ is None or int(period) >= self.from_


class Content(Settings):
    """One content of the plan and its evidence.

    Attributes
    ----------
    components : tuple of str
        Codes of components whose indices are evidence, and whose changes are.
    evidence : tuple of str
        What else is: ``"tasks"``, ``"initiatives"`` (those that name this content), ``"province"`` (its own index).
    """

    id: Id
    name: Text
    components: tuple[str, ...] = ()
    evidence: tuple[Literal["tasks", "initiatives", "province"], ...] = ()


def check_awards(awards: Sequence[Award], groups: Sequence[str], stages: Sequence[str], file: str) -> list[Problem]:
    """Return what contradicts itself in [[awards]]: every problem, with its key and value."""
    problems = list(_twice("awards", [award.id for award in awards], file))
    for place, award in enumerate(awards):
        for key, value, reason, allowed in _contradictions(award, awards, groups, stages):
            details = {"reason": reason, "allowed": allowed}
            problems.append(Problem("scheme-key", file, cell=f"awards[{place}].{key}", value=value, details=details))
    return problems


def check_contents(contents: Sequence[Content], file: str) -> list[Problem]:
    """Return what contradicts itself in [[contents]]."""
    problems = list(_twice("contents", [content.id for content in contents], file))
    for place, content in enumerate(contents):
        for code in content.components:
            if "." in code:
                details = {"reason": Phrase("không phải lĩnh vực"), "allowed": Phrase("mã không có dấu chấm")}
                cell = f"contents[{place}].components"
                problems.append(Problem("scheme-key", file, cell=cell, value=code, details=details))
    return problems


def _twice(table: str, ids: list[str], file: str) -> Iterator[Problem]:
    for place, name in enumerate(ids):
        if name in ids[:place]:
            details = {"reason": Phrase("{key} bị lặp: {values}", key="id", values=name)}
            details["allowed"] = Phrase("một mã cho mỗi mục")
            yield Problem("scheme-key", file, cell=f"{table}[{place}].id", value=name, details=details)


Contradiction = tuple[str, str, str, str]
"""Key, value, what is wrong, what is allowed."""


def _contradictions(
    award: Award, awards: Sequence[Award], groups: Sequence[str], stages: Sequence[str]
) -> Iterator[Contradiction]:
    yield from _of_periods(award, stages)
    yield from _of_rules(award, groups)
    by_id = {other.id: other for other in reversed(awards)}
    known = ", ".join(name for name in by_id if name != award.id) or "—"
    checks: tuple[tuple[Callable[[Award], bool], str], ...] = (
        (lambda other: other.id == award.id, msgid("không thể loại trừ chính nó")),
        (lambda other: other.when != award.when, msgid("là khen thưởng của loại kỳ khác (when)")),
        (lambda other: other.to != award.to, msgid("là khen thưởng cho đối tượng khác (to)")),
    )
    for name in award.not_with:
        if name not in by_id:
            yield "not_with", name, Phrase("không có trong [[awards]]"), known
            continue
        for is_wrong, text in checks:
            if is_wrong(by_id[name]):
                yield "not_with", name, Phrase(text), known
                break


def _of_periods(award: Award, stages: Sequence[str]) -> Iterator[Contradiction]:
    if award.when == "stage":
        for period in award.periods:
            if period not in stages:
                yield "periods", period, Phrase("không phải giai đoạn trong [[stages]]"), ", ".join(stages) or "—"
        if award.from_ is not None:
            text = Phrase("chỉ dùng khi when là {value}", value="year")
            yield "from", str(award.from_), text, Phrase("bỏ khóa này, ghi giai đoạn ở periods")
        yield from _of_coverage(award, stages)
        return
    for period in award.periods:
        if not re.fullmatch(r"[12][0-9]{3}", period):
            yield "periods", period, Phrase("không phải là năm"), Phrase("năm bốn chữ số, ví dụ 2024")
    if award.require.min_coverage is not None:
        text = Phrase("chỉ dùng khi when là {value}", value="stage")
        yield "require.min_coverage", str(award.require.min_coverage), text, Phrase("bỏ khóa này")


def _of_coverage(award: Award, stages: Sequence[str]) -> Iterator[Contradiction]:
    """Find the stages of an award that have fewer years than it requires: nobody could ever get it there."""
    needed = award.require.min_coverage
    if needed is None:
        return
    for stage in stages:
        first, last = map(int, stage.split("-"))
        n_years = last - first + 1
        if stage in (award.periods or stages) and needed > n_years:
            text = Phrase("nhiều hơn số năm của giai đoạn {stage}", stage=stage)
            yield "require.min_coverage", str(needed), text, Phrase("từ 1 đến {number}", number=str(n_years))


def _of_rules(award: Award, groups: Sequence[str]) -> Iterator[Contradiction]:
    if award.to == "individual" and award.allocation != "none":
        reason = Phrase("cá nhân không xếp theo nhóm đơn vị")
        yield "allocation", award.allocation, reason, "none"
    elif award.allocation == "per_group" and award.seats % len(groups):
        reason = Phrase("không chia đều được cho {number} nhóm", number=str(len(groups)))
        yield "seats", str(award.seats), reason, Phrase("bội số của {number}", number=str(len(groups)))
    usable = OF_UNITS if award.to == "collective" else OF_PERSONS
    for place, name in enumerate(award.order):
        if name not in usable:
            yield "order", name, Phrase("không dùng được cho đối tượng này (to)"), ", ".join(usable)
        elif name in award.order[:place]:
            yield "order", name, Phrase("bị lặp"), ", ".join(usable)
