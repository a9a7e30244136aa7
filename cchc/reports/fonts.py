"""The font that a page carries: its charts hold real text, set in matplotlib's own DejaVu Sans, which many lack."""

from __future__ import annotations

import base64
import unicodedata
from functools import cache
from io import BytesIO
from itertools import product
from string import ascii_letters, digits, punctuation

# Vietnamese letters are every vowel with every tone (none, grave, hook above, tilde, acute, dot below), and đ.
VOWELS = "aăâeêioôơuưy"
TONES = ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")
LOWER = "đ" + "".join(unicodedata.normalize("NFC", vowel + tone) for vowel, tone in product(VOWELS, TONES))
SIGNS = "\N{NO-BREAK SPACE}\N{MINUS SIGN}–—−×±≤≥≈·•…“”‘’«»°²§→←↑↓▲▼△▽◆●○"
LETTERS = "".join(sorted({*ascii_letters, *digits, *punctuation, " ", *LOWER, *LOWER.upper(), *SIGNS}))


@cache
def woff(weight: str = "normal") -> bytes:
    """Return DejaVu Sans with the letters of `LETTERS` only, as WOFF, the same bytes each time.

    Parameters
    ----------
    weight : str
        "normal" or "bold".
    """
    # Imported here: index pages are written by runs that otherwise need neither matplotlib nor fontTools.
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont
    from matplotlib import get_data_path

    # Hints only serve screens of old, and the time stamp would follow the clock.
    options = Options(hinting=False, layout_features=["kern"], name_IDs=[1, 2], notdef_outline=True)
    options.drop_tables += ["FFTM", "GDEF", "GSUB", "MATH"]
    suffix = "-Bold" if weight == "bold" else ""
    with TTFont(f"{get_data_path()}/fonts/ttf/DejaVuSans{suffix}.ttf", recalcTimestamp=False) as font:
        subsetter = Subsetter(options)
        subsetter.populate(text=LETTERS)
        subsetter.subset(font)
        font.flavor = "woff"
        buffer = BytesIO()
        font.save(buffer)
    return buffer.getvalue()


def font_face(weight: str = "normal") -> str:
    """Return the CSS rule that gives a page `woff(weight)` under the name that charts ask for."""
    address = f"data:font/woff;base64,{base64.b64encode(woff(weight)).decode('ascii')}"
    return f'@font-face {{ font-family: "DejaVu Sans"; font-weight: {weight}; src: url({address}) format("woff") }}'
