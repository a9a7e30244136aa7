"""What the settings files are made of: texts, ids, dates and numbers that pydantic checks."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from cchc.phrases import Phrase

ID_PATTERN = r"^[a-z0-9][a-z0-9-]*$"
CONVENTION = "quy ước tính toán, chưa có văn bản quy định"


def iso_date(text: str) -> str:
    """Return a date written dd/mm/yyyy as yyyy-mm-dd; any other text as it is."""
    if text.count("/") == 2:
        day, month, year = text.split("/")
        return f"{year}-{month.zfill(2)}-{day.zfill(2)}"
    return text


def _not_blank(value: str) -> str:
    if not value.strip():
        raise ValueError(Phrase("để trống"))
    return value


def not_boolean(value: object) -> object:
    """Python takes true for the number 1; a text is neither."""
    return str(value).lower() if isinstance(value, bool) else value


Id = Annotated[str, Field(pattern=ID_PATTERN)]
NotBlank = Annotated[str, AfterValidator(_not_blank)]
Integer = Annotated[int, BeforeValidator(not_boolean)]


class Settings(BaseModel):
    """Frozen, and a key that is not known is an error: a typo must not become a default."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=False, coerce_numbers_to_str=False)


class Text(Settings):
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


def check_unique(key: str, values: list[str]) -> None:
    """Raise ValueError where one of the values of a key stands twice."""
    twice = sorted({value for value in values if values.count(value) > 1})
    if twice:
        raise ValueError(Phrase("{key} bị lặp: {values}", key=key, values=", ".join(twice)))
