"""Vietnamese text: one spelling to compare by, one order to list by, the nearest of several names."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import chain, islice, product

TONES = "\u0300\u0309\u0303\u0301\u0323"
"""Combining marks in the order of Vietnamese dictionaries: huyền, hỏi, ngã, sắc, nặng (no mark comes first)."""
LETTERS = {letter: place for place, letter in enumerate("aăâbcdđeêfghijklmnoôơpqrstuưvwxyz")}

# Zero-width characters come along when text is pasted from a browser; they are not white space for str.split.
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff"))
# Old fonts and keyboards give Icelandic eth and African d for đ: they look the same.
_D_WITH_STROKE = str.maketrans("ðɖ", "đđ")
MOST_LISTED = 10
_WORD = re.compile(r"[^\W_]+")
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What no XML may hold, and so no file of Word or Excel: control characters, halves of characters, no characters."""
_TOKEN = re.compile(r"\d+|[^\W\d_]+")


def normalise(text: str) -> str:
    """Return `text` in NFC, white space collapsed and stripped."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text).translate(_INVISIBLE)
    return " ".join(text.split())


def printable(text: str) -> str:
    """Return `text` as a file of Word or Excel may hold it."""
    return UNPRINTABLE.sub("", text)


def match_key(text: str) -> str:
    """Return the form in which two spellings of one name are equal.

    Case, white space and punctuation do not count, "&" is "và", and the tone mark may stand on either vowel
    (Hòa, Hoà): it is moved to the end of its syllable. Letters and tones do count (Mỹ Tú is not Mỹ Tu).
    """
    words = _WORD.findall(normalise(text).casefold().replace("&", " và ").translate(_D_WITH_STROKE))
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


def nearest(text: str, known: Iterable[str] | Mapping[str, str]) -> str:
    """Return the end of a message that `text` is not known: those of `known` that are like it, else what there is.

    A mapping says how what may be written is listed: several spellings of one thing are listed once.
    """
    labels = known if isinstance(known, Mapping) else {item: item for item in known}
    near = dict.fromkeys(labels[item] for item in closest(text, labels))
    if near:
        return f"gần nhất: {', '.join(near)}"
    everything = list(dict.fromkeys(labels.values()))
    return f"đang có: {', '.join([*everything[:MOST_LISTED], *['…'] * (len(everything) > MOST_LISTED)]) or '—'}"


def unknown(what: str, text: str, scheme: str, known: Iterable[str]) -> LookupError:
    """Return the error that a scheme has no such "group" or "award"."""
    names = {"group": "nhóm", "award": "khen thưởng"}
    return LookupError(f"Không có {names[what]} “{text}” trong {scheme}; {nearest(text, known)}")


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


# -------------------------------------------------------------------------------------------------- names of units

ABBREVIATIONS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    # words before it ("" for any) -> short form -> what it stands for; compared without tones' places, "và", signs
    "sở phòng ban": {
        "CT": ("công thương",),
        "DT": ("dân tộc",),
        "DT&TG": ("dân tộc và tôn giáo",),
        "GD&ĐT": ("giáo dục và đào tạo",),
        "GTVT": ("giao thông vận tải",),
        "KH&CN": ("khoa học và công nghệ",),
        "KH&ĐT": ("kế hoạch và đầu tư",),
        "LĐ-TB&XH": ("lao động - thương binh và xã hội",),
        "NgV": ("ngoại vụ",),
        "NN&MT": ("nông nghiệp và môi trường",),
        "NN&PTNT": ("nông nghiệp và phát triển nông thôn",),
        "NV": ("nội vụ",),
        "TC": ("tài chính",),
        "TC-KH": ("tài chính - kế hoạch",),
        "TN&MT": ("tài nguyên và môi trường",),
        "TP": ("tư pháp",),
        "TT&TT": ("thông tin và truyền thông",),
        "VH&TT": ("văn hóa và thông tin", "văn hóa và thể thao"),
        "VHTT&DL": ("văn hóa, thể thao và du lịch",),
        "XD": ("xây dựng",),
        "YT": ("y tế",),
    },
    "": {
        "BHXH": ("bảo hiểm xã hội",),
        "BQL": ("ban quản lý",),
        "BV": ("bệnh viện",),
        "CĐ": ("cao đẳng",),
        "ĐH": ("đại học",),
        "ĐTXD": ("đầu tư xây dựng",),
        "H": ("huyện",),
        "HĐND": ("hội đồng nhân dân",),
        "KBNN": ("kho bạc nhà nước",),
        "KCN": ("khu công nghiệp",),
        "KKT": ("khu kinh tế",),
        "NHNN": ("ngân hàng nhà nước",),
        "P": ("phường", "phòng"),
        "PT-TH": ("phát thanh và truyền hình",),
        "Q": ("quận",),
        "QL": ("quản lý",),
        "QLDA": ("quản lý dự án",),
        "TP": ("thành phố",),
        "TT": ("thị trấn", "trung tâm"),
        "TTYT": ("trung tâm y tế",),
        "TX": ("thị xã",),
        "UBND": ("ủy ban nhân dân",),
        "VP": ("văn phòng",),
        "X": ("xã",),
    },
}
"""What short forms in names of units stand for. One with several meanings stands for each: never a guess."""

COMMITTEE = "ủy ban nhân dân"
LEVELS = ("tỉnh", "thành phố", "thị xã", "thị trấn", "huyện", "quận", "xã", "phường", "đặc khu")
ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV")


@lru_cache(maxsize=4096)
def unit_keys(text: str) -> tuple[str, ...]:
    """Return the forms in which two spellings of one unit's name are equal: one for each meaning that `text` has.

    Beyond `match_key`: "và" does not count, abbreviations are written out, a Roman number is an Arabic one
    ("Hòa Tú II", "Hòa Tú 2"), numbers have no zeros before them, and the committee of a level is that level
    ("UBND huyện Mỹ Tú", "Huyện Mỹ Tú"). Two names may be of one unit where they have a form in common.
    """
    words = _unit_words(text)
    last = len(words) - 1
    for at in range(1, len(words)):
        if at == last or words[at] != _COMMUNE:
            words[at] = _ARABIC.get(words[at], words[at])
    wholes = islice(product(*_meanings(words)), MOST_KEYS)
    return tuple(dict.fromkeys(" ".join(_without_committee([*chain(*parts)])) for parts in wholes))


def _unit_words(text: str) -> list[str]:
    """Return the words and numbers of a name as `match_key` writes them, without "và"."""
    words = (word for part in match_key(text).split() for word in _WORD_OR_NUMBER.findall(part))
    return [word.lstrip("0") or "0" if word.isdecimal() else word for word in words if word != _AND]


def _meanings(words: list[str]) -> list[tuple[list[str], ...]]:
    """Cut a name into short forms, the longest first, and other words; return what each of these may stand for."""
    found: list[tuple[list[str], ...]] = []
    at = 0
    while at < len(words):
        table = _LONG[at > 0 and words[at - 1] in _HEADS]
        for end in range(min(at + LONGEST_SHORT, len(words)), at, -1):
            # a letter at the end is the unit's own: it is no level of government without a name
            is_own = end == len(words) and end - at == 1 and len(words[at]) == 1
            if meanings := () if is_own else table.get("".join(words[at:end]), ()):
                break
        else:
            end, meanings = at + 1, ([words[at]],)
        found.append(meanings)
        at = end
    return found


def _without_committee(words: list[str]) -> list[str]:
    """Leave the committee out before a level that has a name."""
    rest = words[len(_COMMITTEE) :]
    is_of_level = words[: len(_COMMITTEE)] == _COMMITTEE and any(
        rest[: len(level)] == level and len(rest) > len(level) for level in _LEVELS
    )
    return rest if is_of_level else words


LONGEST_SHORT = 5
MOST_KEYS = 16
"""So many meanings of one name are told apart: a cell of short forms alone would have millions."""
_WORD_OR_NUMBER = re.compile(r"\d+|\D+")
_AND = match_key("và")
_HEADS = frozenset(match_key("sở phòng ban").split())
_COMMUNE = "x"  # ten at the end of a name, "xã" before another word
_COMMITTEE = _unit_words(COMMITTEE)
_LEVELS = [_unit_words(level) for level in LEVELS]
_ARABIC = {roman.casefold(): str(number) for number, roman in enumerate(ROMAN, start=1)}
_ANYWHERE, _AFTER_HEAD = (
    {
        "".join(_unit_words(short)): tuple(map(_unit_words, meanings))
        for short, meanings in ABBREVIATIONS[before].items()
    }
    for before in ("", "sở phòng ban")
)
_LONG = {False: _ANYWHERE, True: {**_ANYWHERE, **_AFTER_HEAD}}
