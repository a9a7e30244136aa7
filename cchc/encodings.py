"""Text files from Windows: decoded only where exactly one reading is Vietnamese."""

from __future__ import annotations

import re
import unicodedata

from cchc.names import TONES

_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_EIGHT_BIT = ("cp1258", "cp1252")
_WORD = re.compile(r"[^\W\d_]+")
_SYLLABLE = re.compile(
    r"(?:ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdđghklmnpqrstvx])?"
    r"(?:[aăâeêioôơuưy]|i[aê]|y[aê]|u[aâeêơoôy]|uyê|uya|ư[aơ]|o[aăeoi]|a[iouy]|â[uy]|eo|êu|iu|[ôơuư]i|ưu|i?êu|yêu|"
    r"oai|oay|oao|oeo|uây|uôi|ươi|ươu|uyu)"
    r"(?:ch|nh|ng|[cmnpt])?"
)


def decode(raw: bytes) -> tuple[str, str]:
    """Return a file's text, and its encoding where that was guessed ("" for UTF-8).

    Raises
    ------
    UnicodeDecodeError
        The text is not UTF-8, and not exactly one other encoding makes Vietnamese of it.
    """
    for mark, encoding in _BOMS:
        if raw.startswith(mark):
            return raw.decode(encoding), "" if encoding == "utf-8-sig" else "UTF-16"
    has_nulls = b"\0" in raw
    try:
        if not has_nulls:
            return raw.decode("utf-8"), ""
        failure = UnicodeDecodeError("utf-8", raw, raw.index(b"\0"), raw.index(b"\0") + 1, "null byte")
    except UnicodeDecodeError as error:
        failure = error
    readings: dict[str, str] = {}
    for encoding in ("utf-16-le", "utf-16-be") if has_nulls else _EIGHT_BIT:
        try:
            text = unicodedata.normalize("NFC", raw.decode(encoding))
        except UnicodeDecodeError:
            continue
        if _is_vietnamese(text):
            readings.setdefault(text, encoding)
    if len(readings) != 1:
        raise failure
    ((text, encoding),) = readings.items()
    return text, encoding.upper()


def _is_vietnamese(text: str) -> bool:
    """Whether each word with a letter that is not ASCII is a Vietnamese syllable, and nothing is a control character.

    cp1258 and cp1252 give letters to nearly all the same bytes: only the syllable tells "Nội" from "Nôòi".
    """
    categories = ("Cc", "Cn", "Co", "Mn")  # a mark that no letter takes, after composing
    if any(unicodedata.category(letter) in categories and letter not in "\r\n\t" for letter in set(text)):
        return False
    return all(word.isascii() or _is_syllable(word) for word in set(_WORD.findall(text)))


def _is_syllable(word: str) -> bool:
    if not (word.islower() or word.isupper() or word.istitle()):
        return False
    marks = unicodedata.normalize("NFD", word.lower())
    tones = [mark for mark in marks if mark in TONES]
    letters = unicodedata.normalize("NFC", "".join(mark for mark in marks if mark not in TONES))
    return len(tones) <= 1 and _SYLLABLE.fullmatch(letters) is not None
