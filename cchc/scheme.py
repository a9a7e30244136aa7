"""The settings of a scheme: scheme.toml, checked, as frozen values."""

from __future__ import annotations

import datetime as dt
import difflib
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal, Self, get_args, get_origin

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from cchc.problems import InputError, Problem

FILE = "scheme.toml"
ID_PATTERN = r"^[a-z0-9][a-z0-9-]*$"
CONVENTION = "quy ước tính toán, chưa có văn bản quy định"


def iso_date(text: str) -> str:
    """Return a date written dd/mm/yyyy as yyyy-mm-dd; any other text as it is."""
    if text.count("/") == 2:
        day, month, year = text.split("/")
        return f"{year}-{month.zfill(2)}-{day.zfill(2)}"
    return text


def _parse_date(value: object) -> object:
    """Read dd/mm/yyyy besides ISO and TOML dates."""
    return iso_date(value) if isinstance(value, str) else value


def _not_blank(value: str) -> str:
    if not value.strip():
        raise ValueError("để trống")
    return value


Id = Annotated[str, Field(pattern=ID_PATTERN)]
NotBlank = Annotated[str, AfterValidator(_not_blank)]


class _Settings(BaseModel):
    """Frozen, and a key that is not known is an error: a typo must not become a default."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=False, coerce_numbers_to_str=False)


class Text(_Settings):
    """A text in Vietnamese, and in English where it was given."""

    vi: NotBlank
    en: str = ""

    @model_validator(mode="before")
    @classmethod
    def _from_string(cls, value: object) -> object:
        return {"vi": value} if isinstance(value, str) else value

    def get(self, lang: str) -> str:
        """Return the text in `lang`, falling back to Vietnamese."""
        return (self.en if lang == "en" else "") or self.vi


class Limit(_Settings):
    """The most points that a bonus or a penalty may have."""

    max: Annotated[Decimal, Field(ge=0)]


class Group(_Settings):
    """A group of units that are ranked together."""

    id: Id
    short: Annotated[NotBlank, Field(max_length=31)]
    name: Text
    complete: bool = True
    """False where the table is known to lack units: nothing is said about its last places."""


class Year(_Settings):
    """What is known of one year besides its scores."""

    year: int
    as_of: dt.date | None = None
    decision: str = ""
    decision_date: dt.date | None = None
    note: Text | None = None

    _dates = field_validator("as_of", "decision_date", mode="before")(_parse_date)


class Stage(_Settings):
    """A stage of years and the convention that it is ranked by."""

    first: int
    last: int
    rule: Literal["mean"] = "mean"
    min_years: Annotated[int, Field(ge=1)] = 1
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
            raise ValueError("last phải bằng hoặc sau first")
        if self.min_years > len(self.years):
            raise ValueError("min_years không được nhiều hơn số năm của giai đoạn")
        return self


class Grade(_Settings):
    """A class: every index from `from` up, to the next class."""

    name: Text
    from_: Annotated[Decimal, Field(alias="from")]


class Scheme(_Settings):
    """One index: its titles, groups, years, stages, classes and rules of counting.

    Attributes are the keys of scheme.toml; `folder` is where it was read from and `id` that folder's name.
    """

    folder: Path = Field(exclude=True)
    schema_version: Literal[1]
    title: Text
    issued_by: Text
    basis: tuple[str, ...] = ()
    illustrative: str = ""
    decimals: Annotated[int, Field(ge=0, le=15)] = 2
    rank_on: Literal["rounded", "exact"] = "rounded"
    near: Annotated[Decimal, Field(ge=0)] | None = None
    point_decimals: Annotated[int, Field(ge=0, le=15)] = 6
    bonus: Limit | None = None
    penalty: Limit | None = None
    groups: Annotated[tuple[Group, ...], Field(min_length=1)]
    years: tuple[Year, ...] = ()
    stages: tuple[Stage, ...] = ()
    classes: tuple[Grade, ...] = ()

    @property
    def id(self) -> str:
        """The scheme's name: its folder's."""
        return self.folder.name

    def group(self, group_id: str) -> Group:
        """Return one group by its id."""
        return next(group for group in self.groups if group.id == group_id)

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
            raise ValueError(f"Giai đoạn {first}-{last} không có trong {self.id}/{FILE}; đang có: {known}")
        return found

    @field_validator("groups")
    @classmethod
    def _unique_groups(cls, groups: tuple[Group, ...]) -> tuple[Group, ...]:
        _check_unique("id", [group.id for group in groups])
        _check_unique("short", [group.short.casefold() for group in groups])
        return groups

    @field_validator("years")
    @classmethod
    def _unique_years(cls, years: tuple[Year, ...]) -> tuple[Year, ...]:
        _check_unique("year", [str(year.year) for year in years])
        return years

    @field_validator("stages")
    @classmethod
    def _unique_stages(cls, stages: tuple[Stage, ...]) -> tuple[Stage, ...]:
        _check_unique("first-last", [stage.id for stage in stages])
        return stages

    @field_validator("classes")
    @classmethod
    def _sorted_classes(cls, classes: tuple[Grade, ...]) -> tuple[Grade, ...]:
        _check_unique("name", [grade.name.vi for grade in classes])
        _check_unique("from", [str(grade.from_.normalize()) for grade in classes])
        return tuple(sorted(classes, key=lambda grade: grade.from_, reverse=True))


def _check_unique(key: str, values: list[str]) -> None:
    twice = sorted({value for value in values if values.count(value) > 1})
    if twice:
        raise ValueError(f"{key} bị lặp: {', '.join(twice)}")


def find_schemes(raw: Path) -> list[str]:
    """Return the ids of the schemes under `raw`: its subfolders that hold a scheme.toml, sorted."""
    return sorted(path.parent.name for path in raw.glob(f"*/{FILE}"))


def read_scheme(folder: Path) -> Scheme:
    """Read and check scheme.toml in `folder`.

    Raises
    ------
    InputError
        With every problem of the file: missing file, TOML syntax, each wrong or unknown key.
    """
    path = Path(folder) / FILE
    try:
        # utf-8-sig: Windows Notepad writes a byte-order mark, which tomllib refuses
        settings = tomllib.loads(path.read_text(encoding="utf-8-sig"), parse_float=Decimal)
    except FileNotFoundError:
        raise InputError([Problem("scheme-missing", FILE, value=Path(folder).name)]) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError([Problem("scheme-syntax", FILE, details={"reason": str(error)})]) from None
    try:
        return Scheme.model_validate({**settings, "folder": Path(folder)})
    except ValidationError as error:
        # pydantic calls a list too short when its only item is wrong, which is said of the item already
        found = [item for item in error.errors() if not (item["type"] == "too_short" and item["input"])]
        raise InputError([_problem(settings, item) for item in found]) from None


def _problem(settings: dict[str, Any], item: Any) -> Problem:
    """Turn one of pydantic's errors into a problem that names key, value and what is allowed."""
    keys = tuple(key for key in item["loc"] if not (isinstance(key, str) and "-" in key and "[" in key))
    place = "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in keys).lstrip(".")
    if item["type"] == "extra_forbidden":
        known = _known_keys(keys[:-1])
        near = difflib.get_close_matches(str(keys[-1]), known, n=3, cutoff=0.5) or known
        return Problem(
            "scheme-unknown-key", FILE, cell=place, value=str(keys[-1]), details={"allowed": ", ".join(near)}
        )
    if item["type"] == "missing":
        value, reason = "(không có)", "bắt buộc phải có"
    else:
        value = str(_written(settings, keys, item["input"]))
        own = item["type"] == "value_error"
        reason = str(item["ctx"]["error"]) if own else "không đúng kiểu hoặc ngoài phạm vi cho phép"
    return Problem("scheme-key", FILE, cell=place, value=value, details={"reason": reason, "allowed": _allowed(item)})


def _written(settings: Any, keys: tuple[int | str, ...], otherwise: object) -> object:
    """Return the value as it stands in the file: what pydantic names may have been converted by then."""
    try:
        for key in keys:
            settings = settings[key]
    except (KeyError, IndexError, TypeError):  # a text given where a table with `vi` is meant
        return otherwise
    return settings


def _allowed(item: Any) -> str:
    """Say what a key may hold, from pydantic's own constraint."""
    context = item.get("ctx", {})
    for key, text in (("expected", "{}"), ("pattern", "khớp mẫu {}"), ("ge", "từ {} trở lên"), ("le", "đến {}"),
                      ("max_length", "nhiều nhất {} ký tự"), ("min_length", "ít nhất {} mục")):  # fmt: skip
        if key in context:
            return text.format(str(context[key]).replace(" or ", " hoặc "))
    kinds = {
        "missing": "một giá trị", "int": "số nguyên", "date": "ngày, dạng 2024-12-31 hoặc 31/12/2024", "string": "chữ",
        "bool": "true hoặc false", "decimal": "số", "tuple": "danh sách",
        "model": "bảng có các khóa như trong tài liệu",
    }  # fmt: skip
    return next((text for kind, text in kinds.items() if item["type"].startswith(kind)), "xem docs và mẫu của cchc new")


def _known_keys(keys: tuple[int | str, ...]) -> list[str]:
    """Return the keys that the table at `keys` may hold."""
    model: Any = Scheme
    for key in keys:
        if isinstance(key, str):
            field = next(item for name, item in model.model_fields.items() if (item.alias or name) == key)
            model = _model_of(field.annotation)
    return [item.alias or name for name, item in model.model_fields.items() if name != "folder"]


def _model_of(annotation: Any) -> Any:
    """Return the settings model inside an annotation such as ``tuple[Group, ...]`` or ``Limit | None``."""
    if get_origin(annotation) is None:
        return annotation
    inner = [_model_of(argument) for argument in get_args(annotation)]
    return next(item for item in inner if isinstance(item, type) and issubclass(item, _Settings))
