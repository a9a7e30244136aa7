"""The units of a year by id, official name, short name or abbreviation: one, none with the nearest, or several."""

from __future__ import annotations

import pytest

from cchc.announced import Roster
from cchc.problems import InputError
from cchc.reading import read_dataset
from tests.conftest import MakeScheme
from tests.inputs import FILES, SCHEME

UNITS = """\
unit_id,name_vi,short_vi,group,valid_from,valid_to
gddt,Sở Giáo dục và Đào tạo,Sở GD,so,,
p1-st,"Phường 1, thành phố Sóc Trăng",Phường 1,huyen,,
p1-nn,"Phường 1, thị xã Ngã Năm",Phường 1,huyen,,
p10,Phường 10,,huyen,,
hoa-tu-2,Xã Hòa Tú II,Hòa Tú II,huyen,,
tt-lp,Thị trấn Long Phú,,huyen,,
ttlp,Trung tâm Long Phú,,so,,
my-tu,UBND huyện Mỹ Tú,Mỹ Tú,huyen,,
my-tu-x,Xã Mỹ Tú,,huyen,,
cu,Sở Ngoại vụ,,so,,2020-12-31
"""
SMALL = {"scheme.toml": SCHEME, "units.csv": UNITS, "rubric.csv": FILES["rubric.csv"]}


@pytest.fixture
def roster(make_scheme: MakeScheme) -> Roster:
    return Roster(read_dataset(make_scheme(SMALL)), 2024)


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("gddt", "gddt"),
        ("sở GD", "gddt"),
        ("Sở GD-ĐT", "gddt"),
        ("P.10", "p10"),
        ("Hoà Tú 2", "hoa-tu-2"),
        ("X. Hòa Tú 2", "hoa-tu-2"),
        ("P.1, TX. Ngã Năm", "p1-nn"),
        ("Thị trấn Long Phú", "tt-lp"),
        ("H. Mỹ Tú", "my-tu"),
        ("mỹ tú", "my-tu"),
        ("xã Mỹ Tú", "my-tu-x"),
    ],
)
def test_one_unit(roster: Roster, text: str, unit: str) -> None:
    assert roster.units.at[roster.find(text), "unit_id"] == unit


@pytest.mark.parametrize(
    ("text", "code", "allowed"),
    [
        ("Phường 1", "ambiguous-unit", "Phường 1, thành phố Sóc Trăng (p1-st); Phường 1, thị xã Ngã Năm (p1-nn)"),
        ("TT. Long Phú", "ambiguous-unit", "Thị trấn Long Phú (tt-lp); Trung tâm Long Phú (ttlp)"),
        ("Long Phú", "ambiguous-unit", "Thị trấn Long Phú (tt-lp); Trung tâm Long Phú (ttlp)"),
        ("Hòa Tú III", "unknown-unit", "Xã Hòa Tú II, hoa-tu-2"),
        ("Giáo dục và Đào tạo", "unknown-unit", "Sở Giáo dục và Đào tạo"),
        ("Sở Giao dục & Đào tạo", "unknown-unit", "Sở Giáo dục và Đào tạo"),
    ],
)
def test_no_guess(roster: Roster, text: str, code: str, allowed: str) -> None:
    assert roster.find(text) == -1
    assert roster.problem(text) == (code, {"allowed": allowed})


def test_a_unit_of_another_time_in_any_spelling(roster: Roster) -> None:
    assert roster.problem("Sở NgV") == ("unit-not-valid", {})


def test_an_ambiguous_name_is_an_error_at_its_cell(make_scheme: MakeScheme) -> None:
    folder = make_scheme({**SMALL, "scores/2024.csv": "unit,code,appraised\nPhường 1,1.1,1\n"})
    (problem,) = [item for item in read_dataset(folder).problems if item.is_error]
    assert (problem.code, problem.cell, problem.value) == ("ambiguous-unit", "dòng 2, cột unit", "Phường 1")
    assert "(p1-st)" in problem.what()
    assert "(p1-nn)" in problem.what()


def test_two_spellings_of_one_name_are_two_units_of_one_name(make_scheme: MakeScheme) -> None:
    with pytest.raises(InputError) as error:
        read_dataset(make_scheme({**SMALL, "units.csv": UNITS + "ht2,X. Hoà Tú 2,,huyen,,\n"}))
    assert [item.code for item in error.value.problems if item.is_error] == ["name-overlap"]


def test_scores_where_units_csv_has_no_unit(make_scheme: MakeScheme) -> None:
    files = {"units.csv": "unit_id,name_vi,group\n", "scores/2024.csv": "unit,code,appraised\ngddt,1.1,3\n"}
    (problem,) = read_dataset(make_scheme({**SMALL, **files})).problems
    assert (problem.code, problem.cell, problem.value) == ("unknown-unit", "dòng 2, cột unit", "gddt")
