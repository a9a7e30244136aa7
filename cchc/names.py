"""Vietnamese text: one spelling to compare by, one order to list by, the nearest of several names."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable

TONES = "\u0300\u0309\u0303\u0301\u0323"
"""Combining marks in the order of Vietnamese dictionaries: huyền, hỏi, ngã, sắc, nặng (no mark comes first)."""
LETTERS = {letter: place for place, letter in enumerate("aăâbcdđeêfghijklmnoôơpqrstuưvwxyz")}

# Zero-width characters come along when text is pasted from a browser; they are not white space for str.split.
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff"))
_WORD = re.compile(r"[^\W_]+")
_TOKEN = re.compile(r"\d+|[^\W\d_]+")


def normalise(text: str) -> str:
    """Return `text` in NFC, white space collapsed and stripped."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text).translate(_INVISIBLE)
    return " ".join(text.split())


def match_key(text: str) -> str:
    """Return the form in which two spellings of one name are equal.

    Case, white space and punctuation do not count, "&" is "và", and the tone mark may stand on either vowel
    (Hòa, Hoà): it is moved to the end of its syllable. Letters and tones do count (Mỹ Tú is not Mỹ Tu).
    """
    words = _WORD.findall(normalise(text).casefold().replace("&", " và "))
    return " ".join("".join(_split_tone(word)) for word in words)


def sort_key(text: str) -> tuple[object, ...]:
    """Return the key of Vietnamese alphabetical order.

    Syllable by syllable, letters (a ă â b c d đ …) before tones (ngang, huyền, hỏi, ngã, sắc, nặng); numbers by value.
    """
    tidy = normalise(text)
    return (*map(_token_key, _TOKEN.findall(tidy.casefold())), (2, 0, (), tidy))


def closest(text: str, candidates: Iterable[str]) -> list[str]:
    """Return the (at most three) `candidates` that are most like `text`, best first; none where none is like it."""
    by_key = {match_key(candidate): candidate for candidate in candidates}
    return [by_key[key] for key in difflib.get_close_matches(match_key(text), list(by_key), n=3)]


def _split_tone(word: str) -> tuple[str, str]:
    """Return the letters of a syllable without its tone, and the tone mark."""
    marks = unicodedata.normalize("NFD", word)
    tone = "".join(mark for mark in marks if mark in TONES)
    return unicodedata.normalize("NFC", "".join(mark for mark in marks if mark not in TONES)), tone


def _token_key(token: str) -> tuple[int, int, tuple[int, ...], str]:
    if token.isdecimal():
        return 0, int(token), (), ""
    letters, tone = _split_tone(token)
    places = tuple(LETTERS.get(letter, len(LETTERS) + ord(letter)) for letter in letters)
    return 1, 0, places, "".join(str(TONES.index(mark)) for mark in tone)
