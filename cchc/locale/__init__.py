"""Languages: translated strings, and numbers, dates and places as a language writes them.

The source strings are Vietnamese, so "vi" needs no catalogue. Another language is a folder here with
``LC_MESSAGES/cchc.po``, read as it is: nothing has to be compiled, and a clone is complete.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path
from typing import Any

from babel.dates import format_date
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

SOURCE = "vi"
CATALOGUES = {path.parents[1].name: path for path in sorted(Path(__file__).parent.glob("*/LC_MESSAGES/cchc.po"))}
LANGUAGES = (SOURCE, *CATALOGUES)
DATE_PATTERNS = {"vi": "dd/MM/yyyy", "en": "d MMMM yyyy"}
NOTHING = "—"
MINUS = "\N{MINUS SIGN}"


@cache
def translator(lang: str) -> Callable[[str], str]:
    """Return the function that translates the Vietnamese source strings to `lang`.

    Raises
    ------
    LookupError
        There is no catalogue of that language.
    """
    if lang == SOURCE:
        return str
    if lang not in CATALOGUES:
        raise LookupError(f"Chưa có bản dịch cho ngôn ngữ “{lang}”; đang có: {', '.join(LANGUAGES)}")
    with CATALOGUES[lang].open("rb") as file:
        catalogue = read_po(file, locale=lang)
    texts = {str(message.id): str(message.string) for message in catalogue if message.id and message.string}
    return lambda text: texts.get(text, text)


def named(stem: str, lang: str) -> str:
    """Return the stem of a file in `lang`, beside the Vietnamese one: ``annual-2024``, ``annual-2024.en``."""
    return stem if lang == SOURCE else f"{stem}.{lang}"


def language_of(stem: str) -> str:
    """Return the language that `named` wrote into a stem."""
    ending = stem.rpartition(".")[2]
    return ending if ending in CATALOGUES else SOURCE


def is_missing(value: object) -> bool:
    """Whether `value` is None, NaN, pandas' NA or NaT (told by their names: this room does not import pandas)."""
    return value is None or type(value).__name__ in {"NAType", "NaTType"} or bool(value != value)


def number(value: Any, decimals: int = 0, lang: str = SOURCE) -> str:
    """Return a number as `lang` writes it: ``86,13``, ``1.234,5``; "—" for a missing one.

    Parameters
    ----------
    value : float, int, Decimal, None
        A float stands for its shortest decimal text (86.13 is 86.13, not 86.1299999...).
    decimals : int
        Decimals to print. A value with more of them is rounded half up: Babel alone would round half to even.
    """
    if is_missing(value):
        return NOTHING
    exact = value if isinstance(value, Decimal) else Decimal(repr(value.item() if hasattr(value, "item") else value))
    rounded = exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP) + 0  # + 0: no negative zero
    pattern = "#,##0." + "0" * decimals if decimals else "#,##0"
    return format_decimal(rounded, pattern, locale=lang).replace("-", MINUS)


def signed(value: Any, decimals: int = 0, lang: str = SOURCE) -> str:
    """Return a change as `number` does, with a plus sign where it is above zero as printed: ``+1,20``, ``−0,35``."""
    text = number(value, decimals, lang)
    return f"+{text}" if any(digit in "123456789" for digit in text) and not text.startswith(MINUS) else text


def date(day: dt.date, lang: str = SOURCE) -> str:
    """Return a date as `lang` writes it: ``20/01/2025``."""
    return format_date(day, DATE_PATTERNS[lang], locale=lang)


def place(rank: Any, n_ranked: Any, lang: str = SOURCE) -> str:
    """Return a place among those ranked, ``3/18``; "—" for an unranked unit, ``3`` where the number is not known."""
    if is_missing(rank):
        return NOTHING
    return number(rank, 0, lang) if is_missing(n_ranked) else f"{number(rank, 0, lang)}/{number(n_ranked, 0, lang)}"
