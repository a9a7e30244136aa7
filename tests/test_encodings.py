"""Text from Windows: read only where exactly one encoding makes Vietnamese of it."""

from __future__ import annotations

import unicodedata

import pytest

from cchc.encodings import decode

TEXT = "unit,note\nSở Nội vụ,Đã thẩm định, UBND huyện Mỹ Tú\n"


def cp1258(text: str) -> bytes:
    """Write tones as marks of their own, as Windows does."""
    out = b""
    for letter in unicodedata.normalize("NFC", text):
        try:
            out += letter.encode("cp1258")
        except UnicodeEncodeError:
            marks = unicodedata.normalize("NFD", letter)
            tone = next(mark for mark in marks if mark in "\u0300\u0309\u0303\u0301\u0323")
            out += unicodedata.normalize("NFC", marks.replace(tone, "")).encode("cp1258") + tone.encode("cp1258")
    return out


@pytest.mark.parametrize(
    ("raw", "encoding"),
    [
        (TEXT.encode(), ""),
        (b"\xef\xbb\xbf" + TEXT.encode(), ""),
        (TEXT.encode("utf-16"), "UTF-16"),
        (TEXT.encode("utf-16-le"), "UTF-16-LE"),
        (TEXT.encode("utf-16-be"), "UTF-16-BE"),
        (cp1258(TEXT), "CP1258"),
        ("unit,code\nxa,1\n".encode("utf-16-le"), "UTF-16-LE"),
    ],
)
def test_one_reading(raw: bytes, encoding: str) -> None:
    text, found = decode(raw)
    assert found == encoding
    assert unicodedata.normalize("NFC", text) in (TEXT, "unit,code\nxa,1\n")


@pytest.mark.parametrize(
    "raw",
    [
        "xã".encode("cp1252"),  # or "xă"
        "Së Néi vô".encode("cp1252"),  # TCVN3, which Windows does not know
        b"unit\xff\xff",
        b"unit\0code",
        TEXT.encode("utf-16-le")[:-1],
    ],
)
def test_two_readings_or_none_are_an_error(raw: bytes) -> None:
    with pytest.raises(UnicodeDecodeError):
        decode(raw)
