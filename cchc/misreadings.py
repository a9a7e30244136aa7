"""What a spreadsheet made of codes and points: read only where exactly one reading is possible, and then a warning."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

import numpy as np
import pandas as pd

from cchc.entries import POINT_FIELDS, Mask, ScoreYear
from cchc.names import match_key
from cchc.rubrics import MAXIMUM
from cchc.workbooks import MENTION

_ROMAN = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
Found = tuple[str, list[str]]
"""The code that is meant ("" where that is not sure), and the codes of the rubric that may be."""


def resolve_codes(step: ScoreYear) -> ScoreYear:
    """Give the entries whose code became a number or a date, or is Roman, the code of the rubric that was meant."""
    entries = step.entries
    doubtful = (entries["code_value"] != "").to_numpy()
    if not doubtful.any():
        return step
    groups = [group.id for group in step.data.scheme.groups]
    codes = entries["code"].astype(object).to_numpy(copy=True)
    keep = np.ones(len(codes), bool)
    group_places, values = entries["group_place"].to_numpy(np.int64), entries["code_value"].astype("str").to_numpy()
    for place, value in sorted(set(zip(group_places[doubtful].tolist(), values[doubtful].tolist(), strict=True))):
        mask = (group_places == place) & (values == value)
        code, possible = _meant(step, groups[place], value)
        if code:
            codes[mask] = code
        if value.startswith("roman"):
            continue
        if code:
            _report(step, mask, "code-read-as", code=code)
        else:
            keep[mask] = False
            _report(step, mask, "code-not-text", allowed=", ".join(possible) or "—")
    return step.keep(keep, code=pd.Categorical(codes))


def _report(step: ScoreYear, mask: Mask, problem: str, **details: str) -> None:
    step.report_head(mask, "code", lambda text: (problem, details))


def _meant(step: ScoreYear, group: str, code_value: str) -> Found:
    kind, value, name = code_value.split("\n")
    rubric = step.rubric[step.rubric["group"] == group]
    known = dict(zip(rubric["code"], rubric["name_vi"], strict=True))
    if kind == "roman":
        code = value if value in known else str(roman_number(value))
        return (code if code in known else ""), []
    possible = [code for code in known if code in set(_dates(value)) or (kind == "number" and _equals(code, value))]
    # the name beside it says which of 3.1 and 3.10 it was, and that a date is none of them
    meant = [code for code in possible if not name or match_key(known[code]) == match_key(name)]
    return (meant[0] if len(meant) == 1 else ""), possible


def _equals(code: str, value: str) -> bool:
    try:
        return re.fullmatch(r"[0-9]+(\.[0-9]+)?", code) is not None and Decimal(code) == Decimal(value)
    except InvalidOperation:
        return False


def _dates(value: str) -> Iterator[str]:
    """Return the codes that a spreadsheet may have taken for a date: day and month, with or without a year."""
    try:
        day = dt.datetime.fromisoformat(value).date()
    except ValueError:
        return
    for first, second in ((day.day, day.month), (day.month, day.day)):
        for left in {f"{first}", f"{first:02}"}:
            for right in {f"{second}", f"{second:02}"}:
                yield f"{left}.{right}"
                for year in (f"{day.year}", f"{day.year % 100}", f"{day.year % 100:02}"):
                    yield f"{left}.{right}.{year}"
                    yield f"{year}.{left}.{right}"


def roman_number(text: str) -> int:
    """Return the value of a Roman numeral; 0 where it is none."""
    if not re.fullmatch(r"(?=.)(XC|XL|L?X{0,3})(IX|IV|V?I{0,3})", text):
        return 0
    digits = [_ROMAN[letter] for letter in text]
    return sum(-now if now < after else now for now, after in zip(digits, [*digits[1:], 0], strict=True))


def check_percents(step: ScoreYear) -> ScoreYear:
    """Leave out the percentages, but those that can only mean the number that the cell holds.

    80 % of a maximum of 4 may be 0.8, 80 or 3.2 points; 350 % can only be 3.5, formatted by mistake.
    """
    entries = step.entries
    percent = entries["text"].isin([text for text in entries["text"].cat.categories if text.endswith("%")])
    is_percent = percent.to_numpy() & ~step.has_field("note", MENTION)
    if not is_percent.any():
        return step
    scale = Decimal(10) ** step.data.point_decimals
    override = entries[entries["field"] == MAXIMUM]
    own = set(zip(override["place"], override["leaf"], strict=True)) if len(override) else set()
    maxima = step.rubric["max_units"].tolist()
    sure = np.zeros(len(entries), bool)
    for place in np.flatnonzero(is_percent).tolist():
        entry = entries.iloc[place]
        try:
            shown = Decimal(str(entry["text"])[:-1].strip().replace(",", "."))
        except InvalidOperation:
            continue
        most = Decimal(-1)
        if entry["field"] in POINT_FIELDS and entry["leaf"] >= 0 and (entry["place"], entry["leaf"]) not in own:
            most = Decimal(maxima[int(entry["leaf"])]) / scale
        held = shown / 100
        sure[place] = shown == 0 or (0 <= held <= most < shown and (held * most > most or held * most == held))
    step.report(is_percent & ~sure, "percent-cell")
    step.report(sure, "percent-read", lambda entry: {"number": _held(entry.text)})
    return step.keep(~is_percent | sure)


def _held(percentage: str) -> str:
    """Return the number that a percentage is, as a message prints it: ``3,5`` for ``350%``."""
    return format(Decimal(percentage[:-1].strip().replace(",", ".")) / 100, "f").replace(".", ",")
