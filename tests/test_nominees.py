"""In which form names of persons are compared."""

from __future__ import annotations

import pytest

from cchc.nominees import author_keys, person_key

A, B = "nguyễn văn an", "trần thị bê"


@pytest.mark.parametrize(
    "name",
    [
        *("TS. Nguyễn Văn An", "ThS Nguyễn Văn An", "Th.S Nguyễn Văn An", "PGS.TS. NGUYỄN VĂN AN", "GS Nguyễn Văn An"),
        *("BS.CKII Nguyễn Văn An", "BSCK II. Nguyễn Văn An", "KS Nguyễn Văn An", "CN. Nguyễn Văn An"),
        *("DS Nguyễn Văn An", "Đ/c TS Nguyễn Văn An", "Bà bác sĩ Nguyễn Văn An", "Anh Nguyễn Văn An"),
        *("Chị Nguyễn Văn An (Phó Giám đốc)", "Nguyễn Văn An - Giám đốc", "Ông: Nguyễn Văn An"),
    ],
)
def test_titles_are_no_part_of_a_name(name: str) -> None:
    assert person_key(name) == person_key(A)


@pytest.mark.parametrize("name", ["Ông Văn", "Anh Đức", "Bà Triệu", "Chi Bảo Vân", "Ánh Văn An", "Tsan Văn An", "(B)"])
def test_a_name_that_begins_like_a_title_stays_whole(name: str) -> None:
    assert person_key(name) == person_key(name.upper())
    assert len(person_key(name).split()) == len(name.split())


@pytest.mark.parametrize(
    "owners",
    [
        *("Nguyễn Văn An (chủ trì, 60%), Trần Thị Bê", "Nguyễn Văn An/Trần Thị Bê", "Nguyễn Văn An + Trần Thị Bê"),
        *("Nguyễn Văn An cùng Trần Thị Bê", "Nguyễn Văn An cùng với bà Trần Thị Bê", "Nguyễn Văn An VÀ Trần Thị Bê"),
        *("Nhóm tác giả: Nguyễn Văn An, Trần Thị Bê", "Chủ trì: TS. Nguyễn Văn An; thành viên: Trần Thị Bê"),
        *("Đ/c Nguyễn Văn An & đ/c Trần Thị Bê",),
    ],
)
def test_authors(owners: str) -> None:
    assert {person_key(A), person_key(B)} <= author_keys(owners)


def test_a_name_of_a_person_may_end_like_a_word_between_names() -> None:
    assert author_keys("Nguyễn Văn Cùng") == {person_key("Nguyễn Văn Cùng")}
