from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from cchc.problems import InputError, Problem
from cchc.scheme import Scheme, find_schemes, read_scheme
from cchc.settings import CONVENTION, iso_date
from tests.conftest import MakeScheme

HEAD = 'schema_version = 1\ntitle = { vi = "Chỉ số", en = "Index" }\nissued_by = "UBND tỉnh"\n'
GROUP = '[[groups]]\nid = "so-nganh"\nshort = "Sở ngành"\nname = { vi = "Sở, ban, ngành" }\n'


@pytest.fixture
def read(make_scheme: MakeScheme) -> object:
    return lambda text: read_scheme(make_scheme({"scheme.toml": text}))


def problems(read: object, text: str) -> tuple[Problem, ...]:
    with pytest.raises(InputError) as caught:
        read(text)  # type: ignore[operator]
    return caught.value.problems


def load(read: object, text: str) -> Scheme:
    scheme = read(text)  # type: ignore[operator]
    assert isinstance(scheme, Scheme)
    return scheme


def test_defaults(read: object) -> None:
    scheme = load(read, HEAD + GROUP)
    assert (scheme.id, scheme.decimals, scheme.rank_on, scheme.point_decimals) == ("thu", 2, "rounded", 6)
    assert scheme.bonus is scheme.penalty is scheme.near is None
    assert scheme.title.get("en") == "Index"
    assert scheme.issued_by.get("en") == "UBND tỉnh"  # falls back to Vietnamese
    assert scheme.as_of(2024) == dt.date(2024, 12, 31)


def test_everything_is_read(read: object) -> None:
    scheme = load(
        read,
        HEAD + "decimals = 3\nnear = 0.05\nbonus = { max = 3 }\n" + GROUP + "complete = false\n"
        '[[years]]\nyear = 2024\nas_of = "30/11/2024"\ndecision_date = 2025-01-20\n'
        '[[stages]]\nfirst = 2021\nlast = 2025\nmin_years = 3\nlineage = "inherit"\n'
        '[[classes]]\nname = "Khá"\nfrom = 65\n[[classes]]\nname = "Tốt"\nfrom = 80\n',
    )
    assert scheme.near == Decimal("0.05")  # exactly, not the float
    assert scheme.bonus is not None
    assert scheme.bonus.max == 3
    assert not scheme.group("so-nganh").complete
    assert scheme.as_of(2024) == dt.date(2024, 11, 30)
    assert scheme.year(2024).decision_date == dt.date(2025, 1, 20)
    assert scheme.stage(2021, 2025).id == "2021-2025"
    assert list(scheme.stage(2021, 2025).years) == [2021, 2022, 2023, 2024, 2025]
    assert scheme.stage(2021, 2025).basis == CONVENTION
    assert [grade.name.vi for grade in scheme.classes] == ["Tốt", "Khá"]
    with pytest.raises(ValueError, match="2021-2025"):
        scheme.stage(2021, 2030)


@pytest.mark.parametrize("text", ["2024-12-31", "31/12/2024"])
def test_dates_are_iso_or_day_first(text: str) -> None:
    assert iso_date(text) == "2024-12-31"


def test_byte_order_mark_is_no_syntax_error(make_scheme: MakeScheme) -> None:
    assert read_scheme(make_scheme({"scheme.toml": b"\xef\xbb\xbf" + (HEAD + GROUP).encode()})).id == "thu"


@pytest.mark.parametrize(
    ("text", "cell", "near"),
    [
        (HEAD + "decimal = 2\n" + GROUP, "decimal", "decimals"),
        (HEAD + GROUP + "complet = true\n", "groups[0].complet", "complete"),
        (HEAD + "bonus = { maximum = 3 }\n" + GROUP, "bonus.maximum", "max"),
        (HEAD + GROUP + '[[classes]]\nname = "Tốt"\nfrom = 80\nfrm = 1\n', "classes[0].frm", "from"),
        (HEAD + GROUP.replace("{ vi", '{ v = "x", vi'), "groups[0].name.v", "vi"),
    ],
)
def test_unknown_key_names_the_nearest(read: object, text: str, cell: str, near: str) -> None:
    problem = next(problem for problem in problems(read, text) if problem.code == "scheme-unknown-key")
    assert (problem.code, problem.file, problem.cell, problem.years) == ("scheme-unknown-key", "scheme.toml", cell, ())
    assert near in problem.details["allowed"].split(", ")


@pytest.mark.parametrize(
    ("text", "cell", "value", "allowed"),
    [
        (HEAD + "decimals = 99\n" + GROUP, "decimals", "99", "đến 15"),
        (HEAD + 'rank_on = "float"\n' + GROUP, "rank_on", "float", "'rounded' hoặc 'exact'"),
        (HEAD + GROUP.replace("so-nganh", "Sở"), "groups[0].id", "Sở", "khớp mẫu"),
        (HEAD + GROUP.replace("Sở ngành", "x" * 32), "groups[0].short", "x" * 32, "31 ký tự"),
        (HEAD + GROUP + "[[years]]\nyear = 2024\nas_of = '31/13/2024'\n", "years[0].as_of", "31/13/2024", "31/12/2024"),
        (HEAD + GROUP + '[[stages]]\nfirst = 2021\nlast = 2025\n', "stages[0].lineage", "(không có)", "một giá trị"),
        (HEAD, "groups", "(không có)", "một giá trị"),
        (HEAD + "groups = []\n", "groups", "[]", "ít nhất 1 mục"),
        (HEAD + "groups = 3\n", "groups", "3", "danh sách"),
        (HEAD + GROUP + 'complete = "nope"\n', "groups[0].complete", "nope", "true hoặc false"),
        # Python takes true for the number 1
        (HEAD + "decimals = true\n" + GROUP, "decimals", "True", "số nguyên"),
        (HEAD + "point_decimals = false\n" + GROUP, "point_decimals", "False", "số nguyên"),
        (HEAD.replace("= 1", "= true") + GROUP, "schema_version", "True", "1"),
        (HEAD + GROUP + "[[years]]\nyear = true\n", "years[0].year", "True", "số nguyên"),
        (HEAD + GROUP + '[[stages]]\nfirst = true\nlast = 1\nlineage = "inherit"\n', "stages[0].first", "True", "số"),
        (HEAD + GROUP + '[[stages]]\nfirst = 0\nlast = true\nlineage = "inherit"\n', "stages[0].last", "True", "số"),
        (HEAD + GROUP + '[[stages]]\nfirst = 1\nlast = 2\nmin_years = true\nlineage = "inherit"\n',
         "stages[0].min_years", "True", "số nguyên"),
        (HEAD + "near = true\n" + GROUP, "near", "True", "số"),
    ],
)  # fmt: skip
def test_wrong_value_names_key_value_and_what_is_allowed(
    read: object, text: str, cell: str, value: str, allowed: str
) -> None:
    (problem,) = problems(read, text)
    assert (problem.code, problem.cell) == ("scheme-key", cell)
    assert value in problem.value
    assert allowed in problem.details["allowed"]
    assert value in str(problem)


def test_all_problems_at_once(read: object) -> None:
    found = problems(read, HEAD + 'decimals = -1\nrank_onn = "exact"\n' + GROUP)
    assert {problem.cell for problem in found} == {"decimals", "rank_onn"}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (HEAD + GROUP + GROUP, "id bị lặp: so-nganh"),
        (HEAD + GROUP + "[[years]]\nyear = 2024\n[[years]]\nyear = 2024\n", "year bị lặp: 2024"),
        (HEAD + GROUP + '[[classes]]\nname = "A"\nfrom = 80\n[[classes]]\nname = "B"\nfrom = 80.0\n', "from bị lặp"),
        (HEAD + GROUP + '[[stages]]\nfirst = 2025\nlast = 2021\nlineage = "inherit"\n', "last phải"),
        (HEAD + GROUP + '[[stages]]\nfirst = 2021\nlast = 2022\nmin_years = 3\nlineage = "inherit"\n', "min_years"),
        (HEAD.replace("UBND tỉnh", " ") + GROUP, "để trống"),
        (HEAD + GROUP + "[[years]]\nyear = 2024\nas_of = 2023-12-31\n", "as_of 2023-12-31"),
        (HEAD + GROUP + "[[years]]\nyear = 2024\nas_of = 2026-01-01\n", "as_of 2026-01-01"),
    ],
)
def test_contradictions(read: object, text: str, reason: str) -> None:
    (problem,) = problems(read, text)
    assert reason in problem.details["reason"]


def test_syntax_and_missing_file(read: object, make_scheme: MakeScheme) -> None:
    (problem,) = problems(read, "title = \n")
    assert problem.code == "scheme-syntax"
    with pytest.raises(InputError) as caught:
        read_scheme(make_scheme({"units.csv": ""}, name="rong"))
    assert caught.value.problems[0].code == "scheme-missing"


def test_a_scoring_day_may_be_in_the_year_after(read: object) -> None:
    assert load(read, HEAD + GROUP + "[[years]]\nyear = 2024\nas_of = 2025-03-31\n").as_of(2024).year == 2025


def test_a_settings_file_that_cannot_be_read_is_a_problem(make_scheme: MakeScheme) -> None:
    folder = make_scheme({"scheme.toml/units.csv": ""})
    with pytest.raises(InputError) as caught:
        read_scheme(folder)
    assert [(item.code, item.file) for item in caught.value.problems] == [("file-unreadable", "scheme.toml")]


@pytest.mark.parametrize("name", ["Sóc Trăng", "so_nganh", ".an", "a.b"])
def test_a_folder_whose_name_is_no_id_is_a_problem(make_scheme: MakeScheme, name: str) -> None:
    with pytest.raises(InputError) as caught:
        read_scheme(make_scheme({"scheme.toml": HEAD + GROUP}, name=name))
    assert [(item.code, item.value) for item in caught.value.problems] == [("bad-id", name)]
    with pytest.raises(InputError) as caught:
        read_scheme(make_scheme({"scheme.toml": HEAD + "decimal = 2\n" + GROUP}, name=name))
    assert [item.code for item in caught.value.problems] == ["bad-id", "scheme-unknown-key"]


def test_a_folder_given_as_a_dot_has_its_own_name(make_scheme: MakeScheme, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(make_scheme({"scheme.toml": HEAD + GROUP}))
    assert read_scheme(Path()).id == "thu"


def test_find_schemes(make_scheme: MakeScheme) -> None:
    raw = make_scheme({"scheme.toml": ""}, name="b").parent
    make_scheme({"scheme.toml": ""}, name="a")
    make_scheme({"units.csv": ""}, name="c")
    make_scheme({"scheme.toml": ""}, name=".d")
    make_scheme({"scheme.toml": ""}, name="Sai tên")  # read_scheme says what is wrong with it
    assert find_schemes(raw) == ["Sai tên", "a", "b"]


def test_a_group_and_a_mark_are_named_in_the_language_of_the_page(read: object) -> None:
    group = '[[groups]]\nid = "xa"\nshort = "Xã"\nname = {name}\n'
    mark = 'illustrative = { vi = "minh họa", en = "made up" }\n'
    english = load(read, HEAD + mark + group.format(name='{ vi = "UBND xã", en = "Communes" }')).groups[0]
    assert (english.label("vi"), english.label("en")) == ("Xã", "Communes")
    scheme = load(read, HEAD + mark + group.format(name='"UBND xã"'))
    assert scheme.groups[0].label("en") == "Xã"
    assert scheme.illustrative is not None
    assert scheme.illustrative.get("en") == "made up"
