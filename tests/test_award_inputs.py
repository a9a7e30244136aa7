"""Nominations, initiatives and tasks: what is read, every rule with its file and row, and what an error stops."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pandas as pd
import pytest

from cchc import processed
from cchc.dataset import Dataset
from cchc.problems import InputError, Problem
from cchc.ranking import rank_year
from cchc.reading import read_dataset
from tests.conftest import MakeScheme
from tests.inputs import FILES, SCHEME

AWARDS = """\
[[stages]]
first = 2023
last = 2024
lineage = "inherit"
[[contents]]
id = "sang-kien"
name = "Sáng kiến"
[[awards]]
id = "giay-khen"
name = "Giấy khen"
when = "year"
to = "collective"
seats = 2
seats_are = "planned"
[[awards]]
id = "ca-nhan"
name = "Giấy khen cá nhân"
when = "year"
to = "individual"
seats = 2
seats_are = "planned"
[[awards]]
id = "co"
name = "Cờ"
when = "stage"
to = "collective"
seats = 2
seats_are = "planned"
"""
NOMINATIONS = """\
award,kind,name,unit,position,order,score,initiative_id,achievement,proposed_by
giay-khen,tập thể,Sở Nội Vụ,,,,,,,Sở Nội vụ
giay-khen,Tập thể,Phòng Một cửa (minh họa),noi-vu,,1,,SK2,,Sở Nội vụ
ca-nhan,cá nhân,Người 01 (minh họa),UBND huyện Mỹ Tú,Chuyên viên,2,"8,5",SK1,Tốt,UBND huyện Mỹ Tú
ca-nhan,individual,Người 02 (minh họa),noi-vu,,,,,,
"""
INITIATIVES = """\
id,owner,unit,content,title,level,number,date,authority
SK1,Người 01 (minh họa),my-tu,sang-kien,Một cửa lưu động,cơ sở,QĐ 01 (minh họa),05/06/2024,UBND huyện Mỹ Tú
SK2,,noi-vu,,Tra cứu hồ sơ,,,,
"""
TASKS = """\
unit,content,task,due,done,evidence
noi-vu,sang-kien,Ban hành kế hoạch,2024-01-31,30/01/2024,KH 01 (minh họa)
Sở Nội vụ,,Báo cáo quý I,2024-03-15,2024-03-20,BC 02 (minh họa)
my-tu,,Ban hành kế hoạch,2024-01-31,,
"""
ALL = {
    **FILES, "scheme.toml": SCHEME + AWARDS, "nominations/2024.csv": NOMINATIONS,
    "initiatives/2024.csv": INITIATIVES, "tasks/2024.csv": TASKS,
}  # fmt: skip
QUIET = {"initiative-unrecognised"}


def read(make_scheme: MakeScheme, changes: dict[str, str]) -> Dataset:
    return read_dataset(make_scheme({**ALL, **changes}))


def found(data: Dataset) -> list[Problem]:
    return [item for item in data.problems if item.file.startswith(("nominations", "initiatives", "tasks"))]


def test_tables(make_scheme: MakeScheme) -> None:
    data = read(make_scheme, {})
    assert [(item.code, item.is_error) for item in found(data)] == [("initiative-unrecognised", False)]
    rows = data.nominations[["period", "award", "unit_id", "is_unit", "cell"]].to_numpy().tolist()
    assert rows == [
        ["2024", "giay-khen", "noi-vu", True, "dòng 2"], ["2024", "giay-khen", "noi-vu", False, "dòng 3"],
        ["2024", "ca-nhan", "my-tu", False, "dòng 4"], ["2024", "ca-nhan", "noi-vu", False, "dòng 5"],
    ]  # fmt: skip
    assert data.nominations["score"].tolist() == [None, None, Fraction(17, 2), None]
    assert data.nominations["order"].tolist() == [pd.NA, 1, 2, pd.NA]
    assert data.initiatives["date"].tolist() == [pd.Timestamp("2024-06-05"), pd.NaT]
    assert data.tasks["unit_id"].tolist() == ["noi-vu", "noi-vu", "my-tu"]
    assert data.tasks["done"].isna().tolist() == [False, False, True]


@pytest.mark.parametrize(
    ("file", "old", "new", "code", "cell", "detail"),
    [
        ("nominations", "giay-khen,tập", "giay-khn,tập", "unknown-award", "dòng 2, cột award", "giay-khen"),
        ("nominations", "giay-khen,tập", "co,tập", "award-other-period", "dòng 2, cột award", "giay-khen, ca-nhan"),
        ("nominations", "giay-khen,tập", ",tập", "blank-cell", "dòng 2, cột award", "award"),
        ("nominations", "khen,tập thể", "khen,nhóm", "unknown-kind", "dòng 2, cột kind", "tập thể, cá nhân"),
        ("nominations", "khen,tập thể", "khen,cá nhân", "kind-mismatch", "dòng 2, cột kind", "giay-khen"),
        ("nominations", "Sở Nội Vụ,,", "Sở Nội Vụ,tu-phap,", "nominee-unit", "dòng 2, cột unit", "Sở Nội vụ"),
        ("nominations", "minh họa),noi-vu,,1", "minh họa),noi,,1", "unknown-unit", "dòng 3, cột unit", "noi-vu"),
        ("nominations", "minh họa),noi-vu,,1", "minh họa),,,1", "unknown-unit", "dòng 3, cột name", "—"),
        ("nominations", "họa),noi-vu,,,", "họa),,,,", "blank-cell", "dòng 5, cột unit", "unit"),
        ("nominations", '"8,5"', "tốt", "not-a-number", "dòng 4, cột score", None),
        ("nominations", "viên,2,", "viên,0,", "not-a-place", "dòng 4, cột order", None),
        ("nominations", "SK1", "SK3", "unknown-initiative", "dòng 4, cột initiative_id", None),
        ("nominations", "individual,Người 02 (minh họa),noi-vu,", "cá nhân,Bà người 01 minh họa,my-tu,chuyên VIÊN",
         "nominee-twice", "dòng 5, cột name", "dòng 4"),
        ("initiatives", "SK1,N", "SK2,N", "initiative-twice", "dòng 3, cột id", "dòng 2"),
        ("initiatives", "noi-vu,,Tra cứu hồ sơ", "my-tu,,một cửa lưu động.", "initiative-twice", "dòng 3, cột id",
         "dòng 2"),
        ("initiatives", "sang-kien", "sang-kin", "unknown-content", "dòng 2, cột content", "sang-kien"),
        ("initiatives", "05/06/2024", "05/13/2024", "not-a-date", "dòng 2, cột date", None),
        ("initiatives", "05/06/2024", "05/06/2023", "initiative-other-year", "dòng 2, cột id", "2024"),
        ("initiatives", "QĐ 01 (minh họa)", "", "initiative-unrecognised", "dòng 2, cột id", "number"),
        ("initiatives", "SK1,Người 01 (minh họa),my-tu", "SK1,,my-tú", "unknown-unit", "dòng 2, cột unit", "my-tu"),
        ("tasks", "2024-01-31,30", "31.01.2024,30", "not-a-date", "dòng 2, cột due", None),
        ("tasks", "KH 01 (minh họa)", "", "task-without-evidence", "dòng 2, cột task", None),
        ("tasks", "Báo cáo quý I,2024-03-15", "Ban hành KẾ HOẠCH,2024-01-31", "task-twice", "dòng 3, cột task",
         "dòng 2"),
        ("tasks", "my-tu", "my-tv", "unknown-unit", "dòng 4, cột unit", "my-tu"),
    ],
)  # fmt: skip
def test_rules(
    make_scheme: MakeScheme, file: str, old: str, new: str, code: str, cell: str, detail: str | None
) -> None:
    name = f"{file}/2024.csv"
    assert ALL[name].count(old) == 1
    data = read(make_scheme, {name: ALL[name].replace(old, new)})
    about_initiative = {} if code in QUIET else QUIET
    problems = [item for item in found(data) if item.code not in about_initiative and item.cell == cell]
    assert [(item.code, item.file, item.years, item.stages) for item in problems] == [(code, name, (), ())]
    assert detail is None or any(value.startswith(detail) for value in problems[0].details.values())
    periods = ("2024",) if file == "nominations" else ("2024", "2023-2024")
    assert problems[0].awards == periods
    assert str(problems[0])
    assert "Người" not in "\n".join(map(str, found(data)))  # names of persons stand in the pages of awards only


@pytest.mark.parametrize(
    "row",
    ["giay-khen,collective,Sở Nội vụ,noi-vu,,9", "giay-khen,tập thể,Sở Nội vụ,,,9", "giay-khen,tập thể,noi-vu,,x,9"],
)
def test_a_unit_is_nominated_once_by_any_of_its_names_in_any_order(make_scheme: MakeScheme, row: str) -> None:
    head, *rows = NOMINATIONS.splitlines()
    for order in ([*rows, f"{row},,,,"], [f"{row},,,,", *rows]):
        problems = found(read(make_scheme, {"nominations/2024.csv": "\n".join([head, *order]) + "\n"}))
        twice = [(item.cell, item.details["other"]) for item in problems if item.code == "nominee-twice"]
        last = 2 + max(order.index(rows[0]), order.index(f"{row},,,,"))
        assert twice == [(f"dòng {last}, cột name", "dòng 2")]


def test_two_persons_of_one_name_are_told_apart_by_their_positions(make_scheme: MakeScheme) -> None:
    other = NOMINATIONS.replace("individual,Người 02 (minh họa),noi-vu,", "cá nhân,Người 01 (minh họa),my-tu,Chánh VP")
    assert [item.code for item in found(read(make_scheme, {"nominations/2024.csv": other}))] == [*QUIET]
    # of a collective it means nothing
    collective = NOMINATIONS + "giay-khen,tập thể,Phòng một cửa minh họa,noi-vu,Trưởng phòng,,,,,\n"
    problems = found(read(make_scheme, {"nominations/2024.csv": collective}))
    assert [(item.code, item.cell) for item in problems if item.code not in QUIET] == [
        ("nominee-twice", "dòng 6, cột name")
    ]


def test_an_error_stops_the_awards_of_its_periods_and_no_ranking(make_scheme: MakeScheme) -> None:
    data = read(make_scheme, {"tasks/2024.csv": TASKS.replace("my-tu", "my-tv")})
    assert (data.broken_years, data.broken_stages, data.broken_awards) == ([], [], ["2023-2024", "2024"])
    assert len(rank_year(data, 2024)) > 0
    data.require(2024, stages=["2023-2024"])
    for period in ("2024", "2023-2024"):
        with pytest.raises(InputError, match="my-tv"):
            data.require(awards=[period])
    only = read(make_scheme, {"nominations/2024.csv": NOMINATIONS.replace("SK1", "SK3")})
    assert only.broken_awards == ["2024"]
    only.require(awards=["2023-2024"])


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("Sở Quản lý cán bộ", ["renamed-unit"]),
        ("Sở Nôi vụ", ["nominee-like-unit"]),
        ("Phòng Nội vụ", []),
        ("Phòng Một cửa Sở Nội vụ", []),
    ],
)
def test_a_collective_of_a_unit_is_not_the_unit_by_another_name(
    make_scheme: MakeScheme, name: str, codes: list[str]
) -> None:
    old = "noi-vu,Sở Quản lý cán bộ,so,,2001-12-31\nnoi-vu,Sở Nội vụ,so,2002-01-01,"
    units = FILES["units.csv"].replace("noi-vu,Sở Nội vụ,so,,", old)
    nominations = NOMINATIONS.replace("Phòng Một cửa (minh họa)", name)
    problems = found(read(make_scheme, {"units.csv": units, "nominations/2024.csv": nominations}))
    assert [item.code for item in problems if item.code not in QUIET] == codes
    assert all(item.cell == "dòng 3, cột name" and item.value == "…" for item in problems if item.code in codes)


def test_an_initiative_of_an_earlier_year_does_not_count_again(make_scheme: MakeScheme) -> None:
    data = read(make_scheme, {"initiatives/2023.csv": INITIATIVES.replace("2024", "2023")})
    problems = [item for item in found(data) if item.code == "initiative-twice"]
    assert [(item.file, item.details["other"]) for item in problems] == [
        ("initiatives/2024.csv", "initiatives/2023.csv · dòng 2"),
        ("initiatives/2024.csv", "initiatives/2023.csv · dòng 3"),
    ]  # fmt: skip


def test_a_stage_of_nominations(make_scheme: MakeScheme) -> None:
    nominations = "award,kind,name,initiative_id\nco,tập thể,my-tu,SK1\n"
    data = read(make_scheme, {"nominations/2023-2024.csv": nominations, "nominations/2021-2030.csv": nominations})
    assert data.nominations.loc[data.nominations["period"] == "2023-2024", "unit_id"].tolist() == ["my-tu"]
    problems = [item for item in found(data) if item.code == "period-not-used"]
    assert [(item.file, item.details["allowed"]) for item in problems] == [("nominations/2021-2030.csv", "2023-2024")]


def test_a_stray_quote_shows_no_name(make_scheme: MakeScheme) -> None:
    swallowed = NOMINATIONS.replace("tập thể,Sở Nội Vụ", 'tập thể,"Sở Nội Vụ').replace("Người 02", 'Người 02"')
    problems = found(read(make_scheme, {"nominations/2024.csv": swallowed}))
    assert [(item.code, item.value) for item in problems if item.awards == ("2024",)][:1] == [("line-break", "…")]
    assert "Người" not in "\n".join(map(str, problems))


BI = "Nguyễn Văn Bí"
HEAD = NOMINATIONS.partition("\n")[0]
OF_INITIATIVES = INITIATIVES.partition("\n")[0]


@pytest.mark.parametrize(
    ("file", "text", "found_at"),
    [
        ("nominations", f"{HEAD}\ngiay-khen,tập thể,{BI},,,1,,,,\n", "unknown-unit dòng 2, cột name"),
        ("nominations", f"{HEAD}\nca-nhan,cá nhân,x,{BI},,1,,,,\n", "unknown-unit dòng 2, cột unit"),
        ("nominations", f"{HEAD}\n{BI},cá nhân,x,noi-vu,,1,,,,\n", "unknown-award dòng 2, cột award"),
        ("nominations", f"{HEAD}\nca-nhan,{BI},x,noi-vu,,1,,,,\n", "unknown-kind dòng 2, cột kind"),
        ("nominations", f"{HEAD}\ngiay-khen,tập thể,noi-vu,{BI},,1,,,,\n", "unknown-unit dòng 2, cột unit"),
        ("nominations", f"{HEAD}\nca-nhan,cá nhân,x,noi-vu,,{BI},{BI},{BI},,\n",
         "not-a-number dòng 2, cột score; not-a-place dòng 2, cột order; unknown-initiative dòng 2, cột initiative_id"),
        ("nominations", f"award,kind,name,{BI}\n", "unknown-column dòng 1, cột thứ 4"),
        ("nominations", f"ca-nhan,cá nhân,{BI}\n",
         "missing-column dòng 1; missing-column dòng 1; missing-column dòng 1; unknown-column dòng 1, cột thứ 1; "
         "unknown-column dòng 1, cột thứ 2; unknown-column dòng 1, cột thứ 3"),
        ("nominations", f'award,kind,{BI},name\nca-nhan,cá nhân,"x\ny",z\n',
         "blank-cell dòng 2, cột unit; line-break dòng 2, cột thứ 3; unknown-column dòng 1, cột thứ 3"),
        ("nominations", f"award,kind,name,{BI}\nca-nhan,cá nhân,x,{'y' * 33_000}\n",
         "text-too-long dòng 2, cột thứ 4"),
        ("initiatives", f"{OF_INITIATIVES}\nS1,x,{BI},{BI},t,,,{BI},\n",
         "initiative-unrecognised dòng 2, cột id; not-a-date dòng 2, cột date; unknown-content dòng 2, cột content; "
         "unknown-unit dòng 2, cột unit"),
        ("initiatives", f"{OF_INITIATIVES}\n{BI},x,noi-vu,,t,,,,\n{BI},x,noi-vu,,u,a,b,2023-02-01,c\n",
         "initiative-other-year dòng 3, cột id; initiative-twice dòng 3, cột id; "
         "initiative-unrecognised dòng 2, cột id"),
    ],
)  # fmt: skip
def test_no_finding_repeats_a_name_whatever_the_column(
    make_scheme: MakeScheme, file: str, text: str, found_at: str
) -> None:
    others = {name: content for name, content in ALL.items() if not name.startswith(("nominations", "initiatives"))}
    data = read_dataset(make_scheme({**others, f"{file}/2024.csv": text}))
    problems = [item for item in found(data) if item.file == f"{file}/2024.csv"]
    assert "; ".join(sorted(f"{item.code} {item.cell}" for item in problems)) == found_at
    shown = "\n".join([*map(str, data.problems), *(str(item.as_plain()) for item in data.problems)])
    assert "bí" not in shown.casefold()


def test_a_finding_does_not_offer_what_stands_in_the_other_file(make_scheme: MakeScheme) -> None:
    changes = {
        "initiatives/2024.csv": INITIATIVES.replace("SK1,", f"{BI},"), "nominations/2024.csv":
        NOMINATIONS.replace("SK1", BI.upper()),
    }  # fmt: skip
    problems = found(read(make_scheme, changes))
    assert "unknown-initiative" in {item.code for item in problems}
    assert "bí" not in "\n".join(map(str, problems)).casefold()


def test_a_word_that_is_known_is_shown(make_scheme: MakeScheme) -> None:
    changes = {"nominations/2024.csv": NOMINATIONS.replace("giay-khen,tập", "co,tập").replace("ca-nhan,cá", "co,cá")}
    values = {(item.code, item.value) for item in found(read(make_scheme, changes)) if item.value != "…"}
    assert values == {("award-other-period", "co")}


def test_a_content_names_components_of_a_rubric(make_scheme: MakeScheme) -> None:
    settings = SCHEME + AWARDS.replace('name = "Sáng kiến"', 'name = "Sáng kiến"\ncomponents = ["1", "9"]')
    data = read(make_scheme, {"scheme.toml": settings})
    problems = [item for item in data.problems if item.file == "scheme.toml"]
    assert [(item.code, item.value, item.cell, item.is_error) for item in problems] == [
        ("content-component", "9", "contents[0].components", False)
    ]


@pytest.mark.parametrize(
    ("file", "near"),
    [("nominations/2024.xlsx", "nominations/2024.csv"), ("tasks/2023-2024.csv", "tasks/2024.csv"),
     ("initiatives/sk.csv", "initiatives/2024.csv")],
)  # fmt: skip
def test_other_files_are_named(make_scheme: MakeScheme, file: str, near: str) -> None:
    problems = [item for item in read(make_scheme, {file: "x"}).problems if item.file == file]
    assert [(item.code, item.details["allowed"]) for item in problems] == [("file-unused", near)]


def test_a_broken_file_is_told_of_its_period(make_scheme: MakeScheme) -> None:
    data = read(make_scheme, {"nominations/2024.csv": "award,kind\n"})
    (problem,) = [item for item in found(data) if item.is_error]
    assert (problem.code, problem.value, problem.awards) == ("missing-column", "name", ("2024",))


def test_kept_as_parquet_and_read_back(make_scheme: MakeScheme, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = make_scheme(ALL)
    monkeypatch.setenv("CCHC_PROCESSED", str(folder.parent / "processed"))
    fresh, again = processed.load(folder), processed.load(folder)
    for name in ("nominations", "initiatives", "tasks"):
        pd.testing.assert_frame_equal(getattr(fresh, name), getattr(again, name))
    assert again.problems == fresh.problems
    before = _slices(folder)
    (folder / "tasks/2024.csv").write_text(TASKS.replace("KH 01", "KH 02"), encoding="utf-8")
    processed.load(folder)
    after = _slices(folder)
    assert {name for name in before if before[name] != after[name]} == {"2024", "2023-2024"}
    assert set(before) == {"2024", "2023-2024"}


def _slices(folder: Path) -> dict[str, str]:
    return (processed.manifest(folder) or {})["award_slices"]
