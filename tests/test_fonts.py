"""Tests of `cchc.reports.fonts`: every Vietnamese letter is there, and the bytes are the same each time."""

from io import BytesIO

import pytest
from fontTools.ttLib import TTFont
from matplotlib.font_manager import findfont

from cchc.reports.fonts import font_face, woff

ALPHABET = "AÀẢÃÁẠĂẰẲẴẮẶÂẦẨẪẤẬBCDĐEÈẺẼÉẸÊỀỂỄẾỆFGHIÌỈĨÍỊJKLMNOÒỎÕÓỌÔỒỔỖỐỘƠỜỞỠỚỢPQRSTUÙỦŨÚỤƯỪỬỮỨỰVWXYỲỶỸÝỴZ"
SIGNS = "0123456789,.;:()/%+−–—“”▲▼●○≥≤×· "


@pytest.mark.parametrize("weight", ["normal", "bold"])
def test_every_letter_has_a_glyph(weight: str) -> None:
    with TTFont(BytesIO(woff(weight))) as font:
        letters = font.getBestCmap()
        assert [sign for sign in ALPHABET + ALPHABET.lower() + SIGNS if ord(sign) not in letters] == []
        assert font["name"].getDebugName(2) == {"normal": "Book", "bold": "Bold"}[weight]


def test_a_subset_is_small_and_has_the_same_bytes_each_time() -> None:
    first = woff()
    woff.cache_clear()
    assert woff() == first
    assert len(first) < 20_000
    with TTFont(BytesIO(first)) as subset, TTFont(findfont("DejaVu Sans")) as whole:
        assert subset["head"].modified == whole["head"].modified  # not the clock's: it changes only every second


def test_a_face_is_one_rule_without_an_address() -> None:
    assert font_face("bold").startswith(
        '@font-face { font-family: "DejaVu Sans"; font-weight: bold; src: url(data:font/woff;'
    )
