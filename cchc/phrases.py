"""Words of the program inside other values: message ids that are translated where they are shown.

The source language of every string that users see is Vietnamese, and the Vietnamese text is the message id. A text in
the code that is shown at once goes through ``_ = translator(lang)``; one that is kept for later (a problem's details,
a constant, the sentence of an error) is marked here, so that the catalogues know of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Self

Translate = Callable[[str], str]

# Places are built where files are read, "dòng 5, cột appraised"; this is their grammar.
_PLACE = re.compile(
    r"dòng (?P<row>[0-9]+(?:, (?:[0-9]+|…))*)(?:, cột (?:thứ (?P<number>[0-9]+)|(?P<column>.+)))?"
    r"|cột (?P<letter>[A-Z]+)"
)


def msgid(text: str) -> str:
    """Mark a constant text as a message id: whoever shows it translates it."""
    return text


class Phrase(str):
    """A text made of a message id and what it names: Vietnamese as it stands, and translatable.

    What `str` makes of it (concatenation, JSON) is Vietnamese text and no phrase any more.
    """

    template: str
    fields: dict[str, Any]

    def __new__(cls, template: str, /, **fields: Any) -> Self:
        """Fill `fields` into `template`, a message id and ``str.format`` text."""
        phrase = super().__new__(cls, template.format(**fields))
        phrase.template, phrase.fields = template, fields
        return phrase

    def __getnewargs_ex__(self) -> tuple[tuple[str], dict[str, Any]]:
        return (self.template,), self.fields


def translated(text: str, translate: Translate) -> str:
    """Return a phrase in another language, and what it names too; any other text is data, and stays."""
    if not isinstance(text, Phrase):
        return text
    fields = {name: translated(value, translate) for name, value in text.fields.items()}
    return translate(text.template).format(**fields)


def as_plain(text: Any) -> Any:
    """Return a text as JSON holds it: a phrase with its parts, so that it can still be translated when it is read."""
    if not isinstance(text, Phrase):
        return text
    return {"template": text.template, "fields": {name: as_plain(value) for name, value in text.fields.items()}}


def from_plain(content: Any) -> Any:
    """Return the text that `as_plain` gave."""
    if not isinstance(content, dict):
        return content
    template, fields = content["template"], content["fields"]
    return Phrase(template, **{name: from_plain(value) for name, value in fields.items()})


def place_in(place: str, translate: Translate) -> str:
    """Return a place in another language: ``dòng 5, cột appraised``, after a file's name too; ``D7`` stays."""
    *files, cell = place.split(" · ")
    found = _PLACE.fullmatch(cell)
    if found is None:
        return place
    row, number, column, letter = found["row"], found["number"], found["column"], found["letter"]
    if letter:
        cell = translate(msgid("cột {column}")).format(column=letter)
    elif number:
        cell = translate(msgid("dòng {row}, cột thứ {number}")).format(row=row, number=number)
    elif column:
        cell = translate(msgid("dòng {row}, cột {column}")).format(row=row, column=column)
    else:
        cell = translate(msgid("dòng {row}")).format(row=row)
    return " · ".join([*files, cell])
