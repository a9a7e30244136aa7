"""The settings of a scheme: scheme.toml, checked, as frozen values."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal, Self, TypeVar

from pydantic import BeforeValidator, Field, ValidationError, field_validator, model_validator

from cchc.award_settings import Award, Content, check_awards, check_contents
from cchc.explanations import explain
from cchc.names import unknown
from cchc.phrases import Phrase, msgid
from cchc.problems import InputError, Problem, unreadable
from cchc.settings import (
    CONVENTION,
    ID_PATTERN,
    Id,
    Integer,
    NotBlank,
    Settings,
    Text,
    check_unique,
    iso_date,
    not_boolean,
)

FILE = "scheme.toml"


def _parse_date(value: object) -> object:
    """Read dd/mm/yyyy besides ISO and TOML dates."""
    return iso_date(value) if isinstance(value, str) else value


class Limit(Settings):
    """The most points that a bonus or a penalty may have."""

    max: Annotated[Decimal, Field(ge=0)]


class Group(Settings):
    """A group of units that are ranked together."""

    id: Id
    short: Annotated[NotBlank, Field(max_length=31)]
    name: Text
    complete: bool = True
    """False where the table is known to lack units: nothing is said about its last places."""

    def label(self, lang: str) -> str:
        """Return its short name; in another language than Vietnamese its name, where that is given."""
        return self.short if self.name.get(lang) == self.name.vi else self.name.get(lang)


class Year(Settings):
    """What is known of one year besides its scores."""

    year: Integer
    as_of: dt.date | None = None
    decision: str = ""
    decision_date: dt.date | None = None
    note: Text | None = None

    _dates = field_validator("as_of", "decision_date", mode="before")(_parse_date)

    @model_validator(mode="after")
    def _check(self) -> Self:
        # the scoring day of another year takes that year's units for this one's
        if self.as_of and self.as_of.year not in (self.year, self.year + 1):
            raise ValueError(
                Phrase("as_of {day} không thuộc năm {year} hoặc năm sau", day=str(self.as_of), year=str(self.year))
            )
        return self


class Stage(Settings):
    """A stage of years and the convention that it is ranked by."""

    first: Integer
    last: Integer
    rule: Literal["mean"] = "mean"
    min_years: Annotated[Integer, Field(ge=1)] = 1
    lineage: Literal["inherit", "separate"]
    basis: NotBlank = CONVENTION

    @property
    def id(self) -> str:
        """``2021-2025``."""
        return f"{self.first}-{self.last}"

    @property
    def years(self) -> range:
        """The years of the stage, first to last."""
        return range(self.first, self.last + 1)

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.last < self.first:
            raise ValueError(Phrase("last phải bằng hoặc sau first"))
        if self.min_years > len(self.years):
            raise ValueError(Phrase("min_years không được nhiều hơn số năm của giai đoạn"))
        return self


class Grade(Settings):
    """A class: every index from `from` up, to the next class."""

    name: Text
    from_: Annotated[Decimal, Field(alias="from")]


class Scheme(Settings):
    """One index: its titles, groups, years, stages, classes, awards and rules of counting.

    Attributes are the keys of scheme.toml; `folder` is where it was read from and `id` that folder's name.
    """

    folder: Path = Field(exclude=True)
    schema_version: Annotated[Literal[1], BeforeValidator(not_boolean)]
    title: Text
    issued_by: Text
    basis: tuple[str, ...] = ()
    illustrative: Text | None = None
    decimals: Annotated[Integer, Field(ge=0, le=15)] = 2
    rank_on: Literal["rounded", "exact"] = "rounded"
    near: Annotated[Decimal, Field(ge=0)] | None = None
    point_decimals: Annotated[Integer, Field(ge=0, le=15)] = 6
    bonus: Limit | None = None
    penalty: Limit | None = None
    groups: Annotated[tuple[Group, ...], Field(min_length=1)]
    years: tuple[Year, ...] = ()
    stages: tuple[Stage, ...] = ()
    classes: tuple[Grade, ...] = ()
    awards: tuple[Award, ...] = ()
    contents: tuple[Content, ...] = ()

    @property
    def id(self) -> str:
        """The scheme's name: its folder's."""
        return self.folder.name

    def group(self, group_id: str) -> Group:
        """Return one group by its id; LookupError names the closest where there is none."""
        return _of_id(self.id, "group", group_id, self.groups)

    def year(self, year: int) -> Year:
        """Return what scheme.toml says of `year`; defaults where it says nothing."""
        return next((item for item in self.years if item.year == year), Year(year=year))

    def as_of(self, year: int) -> dt.date:
        """Return the scoring day of `year`: its `as_of`, by default 31 December."""
        return self.year(year).as_of or dt.date(year, 12, 31)

    def stage(self, first: int, last: int) -> Stage:
        """Return one stage by its years."""
        found = next((stage for stage in self.stages if (stage.first, stage.last) == (first, last)), None)
        if found is None:
            known = ", ".join(stage.id for stage in self.stages) or "—"
            text = msgid("Giai đoạn {stage} không có trong {file}; đang có: {known}")
            raise ValueError(Phrase(text, stage=f"{first}-{last}", file=f"{self.id}/{FILE}", known=known))
        return found

    def award(self, award_id: str) -> Award:
        """Return one award by its id; LookupError names the closest where there is none."""
        return _of_id(self.id, "award", award_id, self.awards)

    def awards_of(self, period: str) -> list[Award]:
        """Return the awards that are given for a period, ``"2024"`` or ``"2021-2025"``, in the order of the file."""
        return [award for award in self.awards if award.is_for(period)]

    @field_validator("groups")
    @classmethod
    def _unique_groups(cls, groups: tuple[Group, ...]) -> tuple[Group, ...]:
        check_unique("id", [group.id for group in groups])
        check_unique("short", [group.short.casefold() for group in groups])
        return groups

    @field_validator("years")
    @classmethod
    def _unique_years(cls, years: tuple[Year, ...]) -> tuple[Year, ...]:
        check_unique("year", [str(year.year) for year in years])
        return years

    @field_validator("stages")
    @classmethod
    def _unique_stages(cls, stages: tuple[Stage, ...]) -> tuple[Stage, ...]:
        check_unique("first-last", [stage.id for stage in stages])
        return stages

    @field_validator("classes")
    @classmethod
    def _sorted_classes(cls, classes: tuple[Grade, ...]) -> tuple[Grade, ...]:
        check_unique("name", [grade.name.vi for grade in classes])
        check_unique("from", [str(grade.from_.normalize()) for grade in classes])
        return tuple(sorted(classes, key=lambda grade: grade.from_, reverse=True))


_Kind = TypeVar("_Kind", Group, Award)


def _of_id(scheme: str, what: str, text: str, items: tuple[_Kind, ...]) -> _Kind:
    found = next((item for item in items if item.id == text), None)
    if found is None:
        raise unknown(what, text, scheme, [item.id for item in items])
    return found


def find_schemes(raw: Path) -> list[str]:
    """Return the ids of the schemes under `raw`: its subfolders that hold a scheme.toml and are not hidden, sorted."""
    names = (path.parent.name for path in raw.glob(f"*/{FILE}"))
    return sorted(name for name in names if not name.startswith("."))


def check_id(name: str) -> list[Problem]:
    """Return the problem that `name` is no scheme's id, if it is none."""
    return [] if re.fullmatch(ID_PATTERN, name) else [Problem("bad-id", f"{name}/", value=name)]


def read_scheme(folder: Path) -> Scheme:
    """Read and check scheme.toml in `folder`.

    Raises
    ------
    InputError
        With every problem of the file: missing or unreadable file, a folder whose name is no id, TOML syntax, each
        wrong or unknown key.
    """
    folder = Path(folder).absolute()
    problems = check_id(folder.name)
    if (folder / FILE).exists() and not (folder / FILE).is_file():
        # a pipe would be waited for without end
        raise InputError([*problems, Problem("file-unreadable", FILE, details={"reason": Phrase("không phải là tệp")})])
    try:
        # utf-8-sig: Windows Notepad writes a byte-order mark, which tomllib refuses
        settings = tomllib.loads((folder / FILE).read_text(encoding="utf-8-sig"), parse_float=Decimal)
    except FileNotFoundError:
        raise InputError([*problems, Problem("scheme-missing", FILE, value=folder.name)]) from None
    except OSError as error:
        raise InputError([*problems, unreadable(FILE, error)]) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError([*problems, Problem("scheme-syntax", FILE, details={"reason": str(error)})]) from None
    try:
        scheme = Scheme.model_validate({**settings, "folder": folder})
    except ValidationError as error:
        raise InputError([*problems, *explain(FILE, Scheme, settings, error)]) from None
    problems += check_awards(
        scheme.awards, [item.id for item in scheme.groups], [item.id for item in scheme.stages], FILE
    )
    problems += check_contents(scheme.contents, FILE)
    if problems:
        raise InputError(problems)
    return scheme
