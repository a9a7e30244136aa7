"""Numbers, dates and translations."""

import datetime as dt
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cchc import locale
from cchc.locale import LANGUAGES, date, number, place, signed, translator


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (86.13, 2, "86,13"),
        (86.125, 2, "86,13"),  # Babel alone rounds half to even: 86,12
        (2.675, 2, "2,68"),  # the float is 2.67499999...; its text is 2.675
        (84.4449, 2, "84,44"),
        (80, 2, "80,00"),
        (Decimal("6.127855759870587"), 15, "6,127855759870587"),
        (1234567.5, 1, "1.234.567,5"),
        (-0.35, 2, "−0,35"),
        (-0.001, 2, "0,00"),
        (np.float64(86.1), 1, "86,1"),
        (np.int64(1234), 0, "1.234"),
    ],
)
def test_number_is_printed_exactly_as_vietnamese_write_it(value, decimals, text):
    assert number(value, decimals) == text


@pytest.mark.parametrize("value", [None, float("nan"), pd.NA, pd.NaT])
def test_a_missing_number_is_a_dash(value):
    assert number(value, 2) == signed(value, 2) == place(value, 18) == "—"


@pytest.mark.parametrize(("value", "text"), [(1.2, "+1,20"), (-1.2, "−1,20"), (0, "0,00"), (0.001, "0,00")])
def test_signed_shows_a_plus_only_above_zero_as_printed(value, text):
    assert signed(value, 2) == text


def test_place_and_date():
    assert place(3, 18) == "3/18"
    assert place(3, pd.NA) == "3"
    assert date(dt.date(2025, 1, 5)) == "05/01/2025"


def test_vietnamese_is_the_source():
    assert translator("vi")("Xếp hạng") == "Xếp hạng"
    assert LANGUAGES[0] == "vi"


def test_a_language_without_catalogue_is_refused_with_those_there_are():
    with pytest.raises(LookupError, match=r"“xx”.*vi"):
        translator("xx")


def test_a_catalogue_is_read_as_po(tmp_path: Path, monkeypatch):
    path = tmp_path / "cchc.po"
    path.write_text('msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "Hạng"\nmsgstr "Rank"\n')
    monkeypatch.setitem(locale.CATALOGUES, "fr", path)
    translate = translator("fr")
    assert translate("Hạng") == "Rank"
    assert translate("Nhóm") == "Nhóm"
