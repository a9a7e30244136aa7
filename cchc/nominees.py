"""Who a nominee is: what tells nominees apart, and the form in which the names of persons are compared."""

from __future__ import annotations

import re
from typing import Any

from cchc.names import match_key

TITLES = (
    *("ông", "bà", "anh", "chị", "cô", "đồng chí", "đ/c"),
    *("giáo sư", "phó giáo sư", "tiến sĩ", "tiến sỹ", "thạc sĩ", "thạc sỹ", "bác sĩ", "bác sỹ", "dược sĩ", "dược sỹ"),
    *("kỹ sư", "kĩ sư", "kiến trúc sư", "cử nhân", "luật sư"),
)
"""Forms of address and degrees before a name, which may be syllables of a name, too."""

_TITLES = [f"{match_key(title)} " for title in TITLES]
# As `match_key` writes them. Without a vowel none of them is a syllable of a name.
_DEGREES = re.compile(r"(?:(?:p?gs|tskh|ts|th ?s|(?:bs|ds)? ?ck ?(?:ii?|[12])|bsnt|[bdkl]s|kts|cn|cvcc?) )+(?=\S)")
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_AFTER_DASH = re.compile(r"(?<=\S)\s+[-–—]\s.*", re.DOTALL)
_LABEL = re.compile(r"\b(?:nhóm|(?:đồng )?tác giả|chủ trì|chủ nhiệm|thành viên|cộng sự)[^:;,]{0,20}:", re.IGNORECASE)
_BETWEEN = re.compile(r"[;,&+]|(?<!\bđ)/|\bvà\b|\bcùng\b(?: với\b)?(?=\s+\S+\s+\S)", re.IGNORECASE)
"""What stands between the names of several authors; "Cùng" at the end of a name is a name."""


def person_key(name: str) -> str:
    """Return the form in which two spellings of a person's name are equal.

    It is `match_key` without degrees and forms of address before it, and without what stands in brackets or after a
    dash. A name is left at least two words: "Ông" is a family name, too.
    """
    return _without_titles(_AFTER_DASH.sub("", _BRACKETS.sub(" ", name)).strip()) or _without_titles(name)


def _without_titles(name: str) -> str:
    key, before = match_key(name) or name, ""
    while key != before:
        before = key
        key = _DEGREES.sub("", key, count=1) if _DEGREES.match(key) else key
        rests = (key.removeprefix(title) for title in _TITLES if key.startswith(title))
        key = next((rest for rest in rests if " " in rest), key)
    return key


def author_keys(owners: str) -> set[str]:
    """Return the authors that the owner of an initiative names, as `person_key` writes them.

    The whole is one, too: "và" stands in the names of collectives.
    """
    parts = _BETWEEN.split(_LABEL.sub(";", _BRACKETS.sub(" ", owners)))
    keys = {person_key(name.strip()) for name in (owners, *parts)}
    return {key for key in (*keys, _without_titles(owners.strip())) if key}


def claimant_key(row: Any) -> str:
    """Return the form in which a nominee is compared with `author_keys`.

    What stands in brackets tells two collectives apart. `row` has the columns of `Dataset.nominations`.
    """
    return person_key(row.name) if row.kind == "individual" else match_key(row.name) or str(row.name)


def may_be_author(key: str, owners: str) -> bool:
    """Whether a `claimant_key` stands in the owner of an initiative as whole words, or an author's whole name in it."""
    authors = (author for author in author_keys(owners) if " " in author)
    return is_part(key, match_key(owners)) or any(is_part(author, key) for author in authors)


def is_part(key: str, of: str) -> bool:
    """Whether the words of one key stand in another one, beside each other."""
    return f" {key} " in f" {of} "


def nominee_key(row: Any) -> tuple[str, str, str]:
    """Return what makes two rows of nominations, of one period, the same nominee: unit, name and position.

    A ranked unit is one by any of its names; the position tells two persons of one name apart, and means nothing of a
    collective. `row` has the columns of `Dataset.nominations`.
    """
    if row.is_unit:
        return row.unit_id, "", ""
    if row.kind == "individual":
        return row.unit_id, _without_titles(row.name), match_key(row.position)
    return row.unit_id, match_key(row.name) or row.name, ""
