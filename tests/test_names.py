from __future__ import annotations

import csv
import re
import unicodedata
from collections import Counter
from pathlib import Path

import pytest

from cchc.names import closest, match_key, normalise, sort_key, unit_keys


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


# names of units


def share_a_form(one: str, other: str) -> bool:
    return not set(unit_keys(one)).isdisjoint(unit_keys(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Sở GD&ĐT", "Sở Giáo dục và Đào tạo"),
        ("Sở GDĐT", "Sở Giáo dục - Đào tạo"),
        ("sở kh & cn", "Sở Khoa học và Công nghệ"),
        ("Sở TN&MT", "Sở Tài nguyên và Môi trường"),
        ("Sở NN&PTNT", "Sở Nông nghiệp và Phát triển nông thôn"),
        ("Sở LĐ-TB&XH", "Sở Lao động - Thương binh và Xã hội"),
        ("Sở LĐTBXH", "Sở Lao động, Thương binh và Xã hội"),
        ("Sở VHTT&DL", "Sở Văn hóa, Thể thao và Du lịch"),
        ("Sở VH, TT và DL", "Sở Văn hoá, Thể thao và Du lịch"),
        ("Sở KH&ĐT", "Sở Kế hoạch và Đầu tư"),
        ("Sở TT&TT", "Sở Thông tin và Truyền thông"),
        ("Sở TP", "Sở Tư pháp"),
        ("BQL các KCN tỉnh", "Ban Quản lý các khu công nghiệp tỉnh"),
        ("VP UBND tỉnh", "Văn phòng Uỷ ban nhân dân tỉnh"),
        ("UBND H. Mỹ Tú", "Huyện Mỹ Tú"),
        ("UBND huyện Mỹ Tú", "Ủy ban nhân dân huyện Mỹ Tú"),
        ("TP. Sóc Trăng", "UBND thành phố Sóc Trăng"),
        ("TX Ngã Năm", "UBND thị xã Ngã Năm"),
        ("TT. Long Phú", "Thị trấn Long Phú"),
        ("TT Khuyến nông tỉnh", "Trung tâm Khuyến nông tỉnh"),
        ("P.1", "Phường 01"),
        ("Phường X", "Phường 10"),
        ("Hòa Tú II", "hoà tú  2"),
        ("Ðài PT-TH tỉnh", "Đài Phát thanh và Truyền hình tỉnh"),
    ],
)
def test_unit_keys_fold_the_usual_short_forms_both_ways(one: str, other: str) -> None:
    assert share_a_form(one, other)
    assert share_a_form(unicodedata.normalize("NFD", other.upper()), one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Phường 1", "Phường 10"),
        ("Hòa Tú I", "Hòa Tú II"),
        ("Sở TP", "Thành phố"),
        ("Huyện Mỹ Xuyên", "TT. Mỹ Xuyên"),
        ("Sở Tài chính", "Phòng Tài chính"),
        ("UBND tỉnh", "Văn phòng UBND tỉnh"),
        ("Phường X", "Phường xã"),
    ],
)
def test_unit_keys_tell_units_apart(one: str, other: str) -> None:
    assert not share_a_form(one, other)


def test_a_short_form_of_two_meanings_has_both_and_their_number_is_bounded() -> None:
    assert len(unit_keys("TT Long Phú")) == 2
    assert len(unit_keys("TT " * 200 + "Long Phú")) <= 16


@pytest.fixture(scope="module")
def official_names(shared_data: Path) -> list[str]:
    """The 108 communes (with their district where the name repeats), 11 districts, departments before and after."""
    folder = shared_data / "soc-trang"
    old = rows(folder / "communes-old-to-new-2025.csv")
    repeated = Counter(row["ward"] for row in old)
    communes = [row["ward"] + (f", {row['district']}" if repeated[row["ward"]] > 1 else "") for row in old]
    districts = [f"UBND {name}" for name in dict.fromkeys(row["district"] for row in old)]
    departments = rows(folder / "departments-2025-03-01.csv")
    names = [row[column] for column in ("unit_before", "unit_after") for row in departments]
    return [*communes, *districts, *dict.fromkeys(names)]


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def test_every_official_name_of_soc_trang_is_itself_only(official_names: list[str]) -> None:
    assert len(official_names) == 108 + 11 + 20
    owners: dict[str, set[str]] = {}
    for name in official_names:
        for form in unit_keys(name):
            owners.setdefault(form, set()).add(name)
    assert {form: names for form, names in owners.items() if len(names) > 1} == {}


SHORTER = {
    "Phường": "P.", "Thị Trấn": "TT.", "Thị trấn": "TT", "Xã": "X.", "Thành Phố": "TP.", "Thị Xã": "TX. ",
    "Huyện": "H.", "UBND": "Ủy ban nhân dân", "Sở Giáo dục và Đào tạo": "Sở GD & ĐT", " và ": " & ",
    "Ban Quản lý": "BQL", "II": "2", " 1": " I",
}  # fmt: skip


def test_variants_of_the_official_names_are_that_unit(official_names: list[str]) -> None:
    """Letter case, NFD, blanks and the usual short forms: each reaches its own unit and no other."""
    forms = {name: set(unit_keys(name)) for name in official_names}
    for name in official_names:
        variants = {name.upper(), unicodedata.normalize("NFD", name), name.replace(" ", "  ")}
        variants |= {re.sub(rf"{long}(?=\W|$)", short, name) for long, short in SHORTER.items()}
        for variant in variants:
            found = [other for other in official_names if not forms[other].isdisjoint(unit_keys(variant))]
            assert found == [name], variant
