"""[[awards]] and [[contents]]: what they may say, and every contradiction with its key, value and what is allowed."""

from __future__ import annotations

import pytest

from cchc.problems import InputError, Problem
from cchc.scheme import Scheme, read_scheme
from cchc.settings import CONVENTION
from tests.conftest import MakeScheme

HEAD = 'schema_version = 1\ntitle = "Chỉ số"\nissued_by = "UBND tỉnh"\n'
GROUPS = "".join(f'[[groups]]\nid = "{name}"\nshort = "{name}"\nname = "{name}"\n' for name in ("so", "huyen"))
STAGE = '[[stages]]\nfirst = 2021\nlast = 2025\nlineage = "inherit"\n'
FLAG = (
    '[[awards]]\nid = "co"\nname = "Cờ"\nwhen = "stage"\nto = "collective"\nseats = 2\nseats_are = "planned"\n'
    'allocation = "per_group"\n'
)
YEARLY = (
    '[[awards]]\nid = "bk"\nname = "Bằng khen"\nwhen = "year"\nto = "collective"\nseats = 5\nseats_are = "ceiling"\n'
)
PERSON = YEARLY.replace('"bk"', '"cn"').replace('"collective"', '"individual"')


def read(make_scheme: MakeScheme, text: str) -> Scheme:
    return read_scheme(make_scheme({"scheme.toml": HEAD + GROUPS + STAGE + text}))


def found(make_scheme: MakeScheme, text: str) -> list[Problem]:
    with pytest.raises(InputError) as caught:
        read(make_scheme, text)
    return list(caught.value.problems)


def test_defaults_are_conventions(make_scheme: MakeScheme) -> None:
    flag, person = read(make_scheme, FLAG + PERSON).awards
    assert (flag.basis, flag.rule_basis, flag.require.min_coverage) == (CONVENTION, CONVENTION, None)
    assert (flag.criteria, person.criteria) == (("index_score",), ("nomination",))


def test_for_which_periods(make_scheme: MakeScheme) -> None:
    scheme = read(make_scheme, YEARLY + "from = 2022\n" + FLAG + PERSON + "periods = [2022]\n")
    given = {period: [award.id for award in scheme.awards_of(period)] for period in ("2021", "2022", "2023")}
    assert given == {"2021": [], "2022": ["bk", "cn"], "2023": ["bk"]}
    assert [award.id for award in scheme.awards_of("2021-2025")] == ["co"]
    chosen = read(make_scheme, FLAG + 'periods = ["2021-2025"]\n')
    assert chosen.awards_of("2021-2025") == [chosen.award("co")]
    assert chosen.awards_of("2021-2030") == []


def test_contents(make_scheme: MakeScheme) -> None:
    content = read(make_scheme, '[[contents]]\nid = "a"\nname = "A"\ncomponents = ["1"]\nevidence = ["tasks"]\n')
    assert content.contents[0].components == ("1",)
    problems = found(make_scheme, '[[contents]]\nid = "a"\nname = "A"\ncomponents = ["1.2"]\n' * 2)
    assert [(item.cell, item.value) for item in problems] == [
        ("contents[1].id", "a"), ("contents[0].components", "1.2"), ("contents[1].components", "1.2"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "cell", "value", "allowed"),
    [
        (FLAG.replace("seats = 2", "seats = -1"), "awards[0].seats", "-1", "từ 0 trở lên"),
        (FLAG.replace("seats = 2", "seats = true"), "awards[0].seats", "True", "số nguyên"),
        (FLAG.replace("seats = 2", "seats = 3"), "awards[0].seats", "3", "bội số của 2"),
        (FLAG.replace('"planned"', '"about"'), "awards[0].seats_are", "about", "'planned' hoặc 'ceiling'"),
        (FLAG.replace('id = "co"', 'id = "Cờ"'), "awards[0].id", "Cờ", "khớp mẫu"),
        (FLAG + FLAG, "awards[1].id", "co", "một mã"),
        (FLAG + 'periods = ["2021-2030"]\n', "awards[0].periods", "2021-2030", "2021-2025"),
        (FLAG + 'periods = [2021]\n', "awards[0].periods", "2021", "2021-2025"),
        (FLAG + "from = 2021\n", "awards[0].from", "2021", "periods"),
        (YEARLY + 'periods = ["2021-2025"]\n', "awards[0].periods", "2021-2025", "bốn chữ số"),
        (YEARLY + "require = { min_coverage = 3 }\n", "awards[0].require.min_coverage", "3", "bỏ khóa"),
        (FLAG + "require = { min_coverage = 0 }\n", "awards[0].require.min_coverage", "0", "từ 1 trở lên"),
        (FLAG + "require = { min_coverage = 6 }\n", "awards[0].require.min_coverage", "6", "từ 1 đến 5"),
        (FLAG + 'not_with = ["bk"]\n', "awards[0].not_with", "bk", "—"),
        (FLAG + 'not_with = ["co"]\n', "awards[0].not_with", "co", "—"),
        (FLAG + YEARLY + 'not_with = ["co"]\n', "awards[1].not_with", "co", "co"),
        (YEARLY + PERSON + 'not_with = ["bk"]\n', "awards[1].not_with", "bk", "bk"),
        (PERSON + 'allocation = "proportional"\n', "awards[0].allocation", "proportional", "none"),
        (PERSON + 'order = ["index_score"]\n', "awards[0].order", "index_score", "score, initiatives, nomination"),
        (YEARLY + 'order = ["nomination"]\n', "awards[0].order", "nomination", "index_score, tasks, initiatives"),
        (YEARLY + 'order = ["tasks", "tasks"]\n', "awards[0].order", "tasks", "index_score"),
        (YEARLY + 'order = ["points"]\n', "awards[0].order[0]", "points", "'tasks'"),
    ],
)  # fmt: skip
def test_contradictions(make_scheme: MakeScheme, text: str, cell: str, value: str, allowed: str) -> None:
    (problem,) = found(make_scheme, text)
    assert (problem.code, problem.cell, problem.value) == ("scheme-key", cell, value)
    assert allowed in problem.details["allowed"]
    assert value in str(problem)


def test_required_years_fit_into_every_stage_of_the_award(make_scheme: MakeScheme) -> None:
    stages = STAGE.replace("2025", "2030") + FLAG + "require = { min_coverage = 6 }\n"
    (problem,) = found(make_scheme, stages)  # of 2021-2025; 2021-2030 has ten years
    assert problem.details["reason"] == "nhiều hơn số năm của giai đoạn 2021-2025"
    assert read(make_scheme, stages + 'periods = ["2021-2030"]\n').award("co").require.min_coverage == 6
    assert read(make_scheme, FLAG + "require = { min_coverage = 5 }\n").award("co").require.min_coverage == 5


def test_all_at_once(make_scheme: MakeScheme) -> None:
    text = FLAG.replace("seats = 2", "seats = 3") + "from = 2021\nrequire = { min_coverage = 9 }\n"
    text += 'not_with = ["x", "y"]\n' + PERSON + 'order = ["tasks"]\n'
    assert [(item.cell, item.value) for item in found(make_scheme, text)] == [
        ("awards[0].from", "2021"), ("awards[0].require.min_coverage", "9"),
        ("awards[0].seats", "3"), ("awards[0].not_with", "x"), ("awards[0].not_with", "y"),
        ("awards[1].order", "tasks"),
    ]  # fmt: skip
