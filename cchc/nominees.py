"""Who a nominee is: what tells nominees apart, and the form in which the names of persons are compared."""

from __future__ import annotations

import re
from typing import Any

from cchc.names import match_key

TITLES = ("ông", "bà", "đồng chí", "đ/c")
"""Forms of address before a name."""

_BETWEEN = re.compile(r"[;,&]|\bvà\b")
"""What stands between the names of several authors."""
_TITLES = [f"{match_key(title)} " for title in TITLES]


def person_key(name: str) -> str:
    """Return the form in which two spellings of a person's name are equal: `match_key`, no form of address before it.

    A name is left at least two words: "Ông" is a family name, too.
    """
    key = match_key(name) or name
    rests = (key.removeprefix(title) for title in _TITLES if key.startswith(title))
    return next((rest for rest in rests if " " in rest), key)


def author_keys(owners: str) -> set[str]:
    """Return the authors that the owner of an initiative names, as `person_key` writes them.

    The whole is one, too: "và" stands in the names of collectives.
    """
    return {key for name in (owners, *_BETWEEN.split(owners)) if (key := person_key(name.strip()))}


def nominee_key(row: Any) -> tuple[str, str, str]:
    """Return what makes two rows of nominations, of one period, the same nominee: unit, name and position.

    A ranked unit is one by any of its names; the position tells two persons of one name apart, and means nothing of a
    collective. `row` has the columns of `Dataset.nominations`.
    """
    if row.is_unit:
        return row.unit_id, "", ""
    if row.kind == "individual":
        return row.unit_id, person_key(row.name), match_key(row.position)
    return row.unit_id, match_key(row.name) or row.name, ""
