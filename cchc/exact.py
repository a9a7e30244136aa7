"""Exact decimals: the only place where a number is read from text and where an official figure is rounded.

Points are integers of a decimal unit and an index is a ratio of integers, so that equal is equal: with floats
``0.1 + 0.2 > 0.3`` and a tie at a first place would be decided by the order of the columns.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

INT64_LIMIT = 2**63
FLOAT_EXACT_LIMIT = 2**53

_PLAIN = re.compile(r"[+-]?(?:[0-9]+(?:[.,][0-9]*)?|[.,][0-9]+)")
_GROUPED = (
    # both separators occur: the last one is the decimal one
    (re.compile(r"[+-]?[0-9]{1,3}(?:\.[0-9]{3})+,[0-9]+"), "."),
    (re.compile(r"[+-]?[0-9]{1,3}(?:,[0-9]{3})+\.[0-9]+"), ","),
    # one separator repeats: it can only group
    (re.compile(r"[+-]?[0-9]{1,3}(?:\.[0-9]{3}){2,}"), "."),
    (re.compile(r"[+-]?[0-9]{1,3}(?:,[0-9]{3}){2,}"), ","),
)


def parse_number(text: str) -> Decimal:
    """Read a decimal number written with a comma or a point.

    A single separator is the decimal one (``"1.234"`` is one and a bit); grouping is recognised only where both
    separators occur (``"1.234,5"``) or one repeats (``"1.234.567"``).

    Raises
    ------
    ValueError
        Where `text` is not such a number: words, percent signs, exponents, blanks inside.
    """
    stripped = text.strip()
    if _PLAIN.fullmatch(stripped):
        return Decimal(stripped.replace(",", "."))
    for pattern, separator in _GROUPED:
        if pattern.fullmatch(stripped):
            return Decimal(stripped.replace(separator, "").replace(",", "."))
    raise ValueError(f"not a number: {text!r}")


def round_ratio(numerator: Any, denominator: Any, decimals: int) -> np.ndarray[Any, Any]:
    """Round ratios of integers half up (halves go away from zero), by integer arithmetic.

    Parameters
    ----------
    numerator, denominator : array-like of int
        Of equal length; denominators above zero. Either int64 or Python integers of any size (object).
    decimals : int
        Decimals to keep.

    Returns
    -------
    ndarray
        Integers of ``10 ** -decimals``: ``sign(N) * ((2 * 10**k * |N| + D) // (2 * D))``. int64 where every
        intermediate fits (beyond that int64 wraps in silence: 6.127855759870587 of 10 gave -329), else object.
    """
    numbers, divisors = np.asarray(numerator), np.asarray(denominator)
    scale = 10**decimals
    if 2 * scale * _largest(numbers) + _largest(divisors) < INT64_LIMIT and 2 * _largest(divisors) < INT64_LIMIT:
        numbers, divisors = numbers.astype(np.int64), divisors.astype(np.int64)
    else:
        numbers, divisors = numbers.astype(object), divisors.astype(object)
    rounded: np.ndarray[Any, Any] = np.sign(numbers) * ((2 * scale * np.abs(numbers) + divisors) // (2 * divisors))
    return rounded


def round_fraction(value: Fraction, decimals: int) -> int:
    """Round one exact value half up (halves away from zero) to an integer of ``10 ** -decimals``."""
    magnitude: int = (2 * 10**decimals * abs(value.numerator) + value.denominator) // (2 * value.denominator)
    return magnitude if value >= 0 else -magnitude


def rounded(value: Fraction, decimals: int) -> Fraction:
    """Round one exact value half up, as an exact value."""
    return Fraction(round_fraction(value, decimals), 10**decimals)


def as_float(units: Any, decimals: int) -> np.ndarray[Any, Any]:
    """Return the floats nearest to integers of ``10 ** -decimals``; for showing and drawing, never for comparing."""
    numbers = np.asarray(units)
    if _largest(numbers) < FLOAT_EXACT_LIMIT and decimals <= 22:
        return numbers.astype(np.float64) / 10.0**decimals
    return np.array([int(number) / 10**decimals for number in numbers], dtype=np.float64)


def sum_by(frame: pd.DataFrame, keys: Sequence[str], columns: Sequence[str]) -> pd.DataFrame:
    """Sum integer columns by key, exactly: on Python integers where int64 could wrap.

    Parameters
    ----------
    frame : DataFrame
        With `keys` and integer `columns` without missing values.
    keys, columns : sequence of str

    Returns
    -------
    DataFrame
        A row per key that occurs, in order of first appearance, with `keys` and the sums (int64 or object).
    """
    keys, columns = list(keys), list(columns)
    # files come by unit: summed within runs of equal keys first, millions of rows are a few thousand to be grouped
    starts = _starts_of_runs(frame, keys)
    runs = frame[keys].iloc[starts]
    numbers = _number(runs, keys)
    firsts = np.unique(numbers, return_index=True)[1]
    lengths = np.diff(starts, append=len(frame))
    largest_group = int(np.bincount(numbers, weights=lengths).max()) if len(frame) else 0
    sums = runs.iloc[firsts].reset_index(drop=True)
    for name in columns:
        values = frame[name].to_numpy()
        is_wide = _largest(values) * largest_group >= INT64_LIMIT
        values = values.astype(object if is_wide else np.int64, copy=False)
        totals = np.zeros(len(firsts), values.dtype)
        np.add.at(totals, numbers, np.add.reduceat(values, starts) if len(frame) else values)
        sums[name] = totals
    return sums


def _starts_of_runs(frame: pd.DataFrame, keys: Sequence[str]) -> np.ndarray[Any, Any]:
    """Return where rows begin whose key is not that of the row before."""
    begins = np.zeros(len(frame), bool)
    begins[:1] = True
    for name in keys:
        column = frame[name]
        is_category = isinstance(column.dtype, pd.CategoricalDtype)
        values = column.cat.codes.to_numpy() if is_category else column.to_numpy()
        begins[1:] |= values[1:] != values[:-1]
    return np.flatnonzero(begins)


def _number(frame: pd.DataFrame, keys: Sequence[str]) -> np.ndarray[Any, Any]:
    """Number the keys of rows from 0 up, in order of first appearance."""
    numbers: np.ndarray[Any, Any] = np.zeros(len(frame), np.int64)
    for name in keys:
        codes, distinct = pd.factorize(frame[name], use_na_sentinel=False)
        numbers = pd.factorize(numbers * len(distinct) + codes)[0]  # both below the number of rows: no overflow
    return numbers


def _largest(numbers: np.ndarray[Any, Any]) -> int:
    """Return the largest absolute value as a Python integer (np.abs wraps at the least int64)."""
    return max(abs(int(numbers.min())), abs(int(numbers.max()))) if numbers.size else 0
