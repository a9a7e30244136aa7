from __future__ import annotations

import unicodedata

import pytest

from cchc.names import closest, match_key, normalise, sort_key


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (unicodedata.normalize("NFD", "Sở Nội vụ"), "Sở Nội vụ"),
        ("  Sở\u00a0 Nội\n vụ ", "Sở Nội vụ"),
        ("\ufeffSở\u200b Y tế", "Sở Y tế"),
        (" plain   ascii ", "plain ascii"),
    ],
)
def test_normalise_gives_one_spelling(text: str, expected: str) -> None:
    assert normalise(text) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hòa Tú", "Hoà Tú"),
        ("Thúy", "Thuý"),
        ("Khỏe", "Khoẻ"),
        ("Sở GD&ĐT", "Sở GD và ĐT"),
        ("SỞ Y TẾ", "sở y tế"),
        ("Sở, ban, ngành", "Sở ban  ngành"),
        ("Hòa Tú-II", unicodedata.normalize("NFD", "hòa tú II")),
    ],
)
def test_match_key_folds_spellings_of_one_name(one: str, other: str) -> None:
    assert match_key(one) == match_key(other)


@pytest.mark.parametrize(
    ("one", "other"), [("Mỹ Tú", "Mỹ Tu"), ("Đa", "Da"), ("Ân", "An"), ("Thạnh Phú", "Thanh Phú"), ("Sở Y", "Sở")]
)
def test_match_key_keeps_letters_and_tones(one: str, other: str) -> None:
    assert match_key(one) != match_key(other)


def test_sort_key_is_the_vietnamese_alphabet() -> None:
    letters = ["An", "Ăn", "Ân", "Bình", "Da", "Đa", "Em", "Ê", "Ích", "Ong", "Ông", "Ơn", "Ủ", "Ư", "Xa", "Yên"]
    tones = ["ma", "mà", "mả", "mã", "má", "mạ"]
    syllables = ["Hoa văn", "Hòa tan", "Hòa Tú 2", "Hòa Tú 10"]
    for expected in (letters, tones, syllables):
        assert sorted(sorted(expected, reverse=True), key=sort_key) == expected


def test_closest_finds_the_name_behind_a_typo() -> None:
    names = ["Sở Tài chính", "Sở Nội vụ", "Thanh tra tỉnh"]
    assert closest("So Tai chinh", names)[0] == "Sở Tài chính"
    assert closest("qqqq", names) == []
