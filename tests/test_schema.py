"""Every rule about the input: one broken file each, and the one problem it makes."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import pytest

from cchc.problems import InputError, Problem
from cchc.reading import read_dataset
from cchc.schema import decimals_of, parse_date, parse_place, parse_share, parse_year, to_units
from tests.conftest import MakeScheme
from tests.inputs import FILES, LINEAGE, PROVINCE, PUBLISHED, RUBRIC, SCORES, UNITS


def test_cells_are_read_by_kind() -> None:
    assert parse_date("31/12/2024") == parse_date("2024-12-31") == dt.date(2024, 12, 31)
    assert parse_year("2024") == 2024
    assert parse_place("12") == 12
    assert parse_share("0,25") == parse_share("1/4") == Fraction(1, 4)


@pytest.mark.parametrize(
    ("read", "text"),
    [(parse_date, "31.12.2024"), (parse_year, "24"), (parse_place, "0"), (parse_place, "1.0"), (parse_place, "1/18"),
     (parse_share, "0"), (parse_share, "-1"), (parse_share, "1/0"), (parse_share, "50%")],
)  # fmt: skip
def test_other_texts_are_refused(read: object, text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        read(text)  # type: ignore[operator]


@pytest.mark.parametrize(
    ("text", "decimals"), [("12.50", 1), ("100", 0), ("0.00", 0), ("62.620000000000005", 15), ("-0.125", 3)]
)
def test_decimals_that_a_number_needs(text: str, decimals: int) -> None:
    assert decimals_of(Decimal(text)) == decimals


def test_units_fit_int64_or_are_none() -> None:
    assert to_units(Decimal("12.5"), 2) == 1250
    assert to_units(Decimal(9223), 15) == 9223 * 10**15
    assert to_units(Decimal(9224), 15) is None


def check(make_scheme: MakeScheme, changes: dict[str, str | bytes]) -> tuple[Problem, ...]:
    """Return every problem of the small scheme with some files changed, and see that each can be printed."""
    try:
        found = read_dataset(make_scheme({**FILES, **changes})).problems
    except InputError as error:
        found = error.problems
    assert all(problem.what() and problem.remedy() for problem in found)
    return found


def test_the_small_scheme_is_without_errors(make_scheme: MakeScheme) -> None:
    assert [problem.code for problem in check(make_scheme, {})] == ["incomplete", "incomplete"]


UNIT_CASES = [
    ("missing-column", UNITS.replace("group", "nhóm"), "dòng 1", "group"),
    ("unknown-column", UNITS.replace("valid_from", "valid_form"), "dòng 1, cột thứ 4", "valid_form"),
    ("column-twice", UNITS.replace("valid_from", "group"), "dòng 1, cột thứ 4", "group"),
    ("blank-cell", UNITS.replace("Sở Nội vụ", ""), "dòng 2, cột name_vi", ""),
    ("bad-id", UNITS.replace("tu-phap", "Tu_Phap"), "dòng 3, cột unit_id", "Tu_Phap"),
    ("unknown-group", UNITS.replace("Tú,huyen", "Tú,huyên"), "dòng 6, cột group", "huyên"),
    ("not-a-date", UNITS.replace("28/02", "30/02"), "dòng 4, cột valid_to", "30/02/2025"),
    ("validity-order", UNITS.replace("2025-03-01,", "2025-03-01,2025-02-01"), "dòng 5, cột valid_to", "2025-02-01"),
    ("unit-overlap", UNITS + "my-tu,Huyện Mỹ Tú,huyen,2024-01-01,\n", "dòng 7, cột unit_id", "my-tu"),
    ("name-overlap", UNITS.replace("28/02/2025", "01/03/2025"), "dòng 5, cột name_vi", "Sở Y tế"),
    ("name-overlap", UNITS + "tp,SỞ  Tư pháp,so,,\n", "dòng 7, cột name_vi", "SỞ Tư pháp"),
]
LINEAGE_CASES = [
    ("lineage-kind", LINEAGE.replace("merge", "join"), "dòng 2, cột kind", "join"),
    ("unknown-unit", LINEAGE.replace("y-te,", "y-tee,"), "dòng 2, cột predecessor", "y-tee"),
    ("unknown-unit", LINEAGE.replace("y-te-2025", "y-te-2026"), "dòng 2, cột successor", "y-te-2026"),
    ("lineage-no-successor", LINEAGE.replace("y-te-2025", ""), "dòng 2, cột successor", ""),
    ("abolished-successor", LINEAGE.replace("merge", "abolish"), "dòng 2, cột successor", "y-te-2025"),
    ("lineage-twice", LINEAGE + LINEAGE.splitlines()[1] + "\n", "dòng 3, cột successor", "y-te-2025"),
    ("not-a-share", LINEAGE.replace("merge,", "merge,một nửa"), "dòng 2, cột share", "một nửa"),
    ("not-a-date", LINEAGE.replace("2025-03-01", "tháng 3"), "dòng 2, cột date", "tháng 3"),
    ("predecessor-after", LINEAGE.replace("2025-03-01", "2025-01-01"), "dòng 2, cột predecessor", "y-te"),
    ("valid-together", LINEAGE.replace("2025-03-01", "28/02/2025"), "dòng 2, cột predecessor", "y-te"),
    ("successor-before", LINEAGE.replace("2025-03-01", "2025-04-01"), "dòng 2, cột successor", "y-te-2025"),
]


@pytest.mark.parametrize(("code", "text", "cell", "value"), UNIT_CASES)
def test_units(make_scheme: MakeScheme, code: str, text: str, cell: str, value: str) -> None:
    found = check(make_scheme, {"units.csv": text, "lineage.csv": "predecessor,successor,date,kind\n"})
    assert ("units.csv", code, cell, value, ()) in [(p.file, p.code, p.cell, p.value, p.years) for p in found]


def test_periods_that_follow_each_other_do_not_overlap(make_scheme: MakeScheme) -> None:
    units = UNITS + "a,Sở A,so,,2023-12-31\na,Sở B,so,2024-01-01,\nb,Sở A,so,2024-01-01,\n"
    assert not any(problem.is_error for problem in check(make_scheme, {"units.csv": units}))


@pytest.mark.parametrize(("code", "text", "cell", "value"), LINEAGE_CASES)
def test_lineage(make_scheme: MakeScheme, code: str, text: str, cell: str, value: str) -> None:
    # for the case of a day on which both are valid
    units = UNITS.replace("2025-03-01", "28/02/2025").replace("Sở Y tế,so,28", "Sở Y tế mới,so,28")
    files = {"lineage.csv": text, "units.csv": units if code == "valid-together" else UNITS}
    found = check(make_scheme, files)  # type: ignore[arg-type]
    assert ("lineage.csv", code, cell, value, ()) in [(p.file, p.code, p.cell, p.value, p.years) for p in found]


def test_mixed_shares(make_scheme: MakeScheme) -> None:
    units = UNITS + "duoc,Sở Dược,so,,2025-02-28\n"
    lineage = (
        "predecessor,successor,date,kind,share\ny-te,y-te-2025,2025-03-01,merge,1\nduoc,y-te-2025,2025-03-01,merge,\n"
    )
    errors = [p for p in check(make_scheme, {"units.csv": units, "lineage.csv": lineage}) if p.is_error]
    assert [(problem.code, problem.cell) for problem in errors] == [("mixed-shares", "dòng 3, cột share")]


def test_lineage_cycle_names_its_units(make_scheme: MakeScheme) -> None:
    found = check(make_scheme, {"lineage.csv": LINEAGE + "y-te-2025,y-te,2025-03-01,merge,\n"})
    (cycle,) = (problem for problem in found if problem.code == "lineage-cycle")
    assert set(cycle.details["cycle"].split(" → ")) == {"y-te", "y-te-2025"}


RUBRIC_CASES = [
    ("not-a-year", RUBRIC.replace("2023,,2,", "năm 2023,,2,"), "dòng 5, cột year", "năm 2023"),
    ("unknown-group", RUBRIC.replace("2023,,2,", "2023,xa,2,"), "dòng 5, cột group", "xa"),
    ("bad-code", RUBRIC.replace(",1.1,", ",1..1,"), "dòng 3, cột code", "1..1"),
    ("bad-maximum", RUBRIC.replace("5.5", "5.5 điểm"), "dòng 5, cột max_points", "5.5 điểm"),
    ("bad-maximum", RUBRIC.replace("5.5", "0"), "dòng 5, cột max_points", "0"),
    ("bad-maximum", RUBRIC.replace("5.5", "5.1234567"), "dòng 5, cột max_points", "5.1234567"),
    ("bad-maximum", RUBRIC.replace("5.5", str(10**13)), "dòng 5, cột max_points", str(10**13)),
    ("unknown-by", RUBRIC.replace("both", "hai"), "dòng 4, cột by", "hai"),
    ("code-twice", RUBRIC + "2023,so,2,Thể chế,5.5,survey,\n", "dòng 6, cột code", "2"),
    ("no-parent", RUBRIC + "2023,,3.1,Mồ côi,1,,\n", "dòng 6, cột code", "3.1"),
    ("sum-of-maxima", RUBRIC.replace("Kiểm tra,6", "Kiểm tra,5"), "dòng 2, cột max_points", "10"),
    ("weight-not-component", RUBRIC.replace("appraised,", "appraised,5"), "dòng 3, cột weight", "5"),
    ("bad-weight", RUBRIC.replace("survey,", "survey,-1"), "dòng 5, cột weight", "-1"),
    ("weight-missing", RUBRIC.replace("survey,", "survey,40"), "dòng 2, cột weight", ""),
    ("sum-of-weights", RUBRIC.replace("10,,", "10,,70").replace("survey,", "survey,20"), "dòng 2, cột weight", "70"),
    ("missing-column", RUBRIC.replace("max_points", "maximum"), "dòng 1", "max_points"),
]


@pytest.mark.parametrize(("code", "text", "cell", "value"), RUBRIC_CASES)
def test_rubric(make_scheme: MakeScheme, code: str, text: str, cell: str, value: str) -> None:
    found = check(make_scheme, {"rubric.csv": text})
    assert ("rubric.csv", code, cell, value, (2024,)) in [(p.file, p.code, p.cell, p.value, p.years) for p in found]


def test_a_rubric_error_stops_only_the_years_that_use_it(make_scheme: MakeScheme) -> None:
    later = "2025,so,1,Chỉ đạo,10,,60\n2025,so,2,Thể chế,5,,\n"
    files = {"rubric.csv": RUBRIC + later, "scores/2025.csv": "unit,code,appraised\nnoi-vu,1,5\n"}
    errors = [problem for problem in check(make_scheme, files) if problem.is_error]  # type: ignore[arg-type]
    assert [(problem.code, problem.years) for problem in errors] == [("weight-missing", (2025,))]


def test_a_rubric_that_no_scored_year_uses_stops_nothing(make_scheme: MakeScheme) -> None:
    later = "2025,so,1,,,,60\n2025,so,2..1,Thể chế,5,hai,\n2025,xa,3.1,Mồ côi,9999999999999,,\n2025,so,1,Lặp,1,,1\n"
    found = [item for item in check(make_scheme, {"rubric.csv": RUBRIC + later}) if item.code != "incomplete"]
    codes = {"blank-cell", "bad-code", "unknown-by", "unknown-group", "bad-maximum", "code-twice", "no-parent"}
    assert codes <= {problem.code for problem in found}
    assert not any(problem.is_error or problem.years for problem in found)
    # the same rows are errors, of this year only, once it has scores
    scores = {"scores/2025.csv": "unit,code,appraised\nnoi-vu,1,5\n"}
    found = [item for item in check(make_scheme, {"rubric.csv": RUBRIC + later, **scores}) if item.file == "rubric.csv"]  # type: ignore[dict-item]
    assert codes <= {problem.code for problem in found if problem.is_error and problem.years == (2025,)}


SERIES = "year,code,name_vi,max_points,same_as\n2023,1,A,10,\n2023,2,B,5,\n"


@pytest.mark.parametrize(
    ("rubric", "cell", "codes"),
    [
        (SERIES + "2024,3,C,10,1\n2024,4,D,5,2\n", None, None),
        (SERIES + "2024,1,A,10,\n2024,3,C,5,1\n", "dòng 5, cột same_as", {"1", "3"}),
        (SERIES + "2024,3,C,5,1\n2024,1,A,10,\n", "dòng 5, cột code", {"1", "3"}),
        (SERIES + "2024,3,C,10,1\n2024,4,D,5,1\n", "dòng 5, cột same_as", {"3", "4"}),
        # a renamed component takes the series of 1 along, and in the year after the old 1 comes back beside it
        (SERIES + "2023,9,X,1,\n2024,3,C,10,1\n2025,3,C,10,\n2025,1,A,5,\n", "dòng 7, cột code", {"1", "3"}),
    ],
)
def test_a_series_has_one_component_a_year(
    make_scheme: MakeScheme, rubric: str, cell: str | None, codes: set[str] | None
) -> None:
    scores = {f"scores/{year}.csv": "unit,code,appraised\nnoi-vu,3,1\n" for year in (2024, 2025)}
    found = check(make_scheme, {"rubric.csv": rubric, **scores})  # type: ignore[dict-item]
    twice = [problem for problem in found if problem.code == "series-twice" and problem.is_error]
    assert {problem.cell for problem in twice} == ({cell} if cell else set())
    if codes:
        assert {twice[0].details["code"], twice[0].details["other"]} == codes
        assert 2025 in twice[0].years


@pytest.mark.parametrize(
    ("same_as", "expected"),
    [("2", "2023:2"), ("2023:2", "2023:2"), ("2024:2", "2023:2"), ("9", None), ("2022:2", None), ("2025:2", None)],
)
def test_same_as_names_a_code_of_an_earlier_rubric(make_scheme: MakeScheme, same_as: str, expected: str | None) -> None:
    rubric = RUBRIC.replace("by,weight", "by,weight,same_as").replace(",\n", ",,\n")
    files = {
        **FILES,
        "rubric.csv": rubric + f"2025,so,3,Thể chế,5,,,{same_as}\n",
        "scores/2025.csv": "unit,code,appraised\nnoi-vu,3,5\n",
    }
    data = read_dataset(make_scheme(files))
    if expected is None:
        errors = [problem for problem in data.problems if problem.is_error]
        assert [(problem.code, problem.value) for problem in errors] == [("unknown-same-as", same_as)]
    else:
        assert data.rubric.query("year == 2025 and group == 'so'")["same_as"].tolist() == [expected]


def test_missing_rubric(make_scheme: MakeScheme) -> None:
    found = check(make_scheme, {"rubric.csv": RUBRIC.replace("2023,,", "2023,huyen,")})
    assert ("missing-rubric", "so", (2024,)) in [(problem.code, problem.value, problem.years) for problem in found]
    found = check(make_scheme, {"rubric.csv": RUBRIC.replace("2023,,", "2025,,")})
    assert [problem.code for problem in found if problem.is_error] == ["missing-rubric"]


SCORE_CASES = [
    ("unknown-unit", SCORES + "noi-vuu,1.1,,1,,,,,\n", "dòng 6, cột unit", "noi-vuu"),
    ("unit-not-valid", SCORES + "y-te-2025,1.1,,1,,,,,\n", "dòng 6, cột unit", "y-te-2025"),
    ("blank-unit", SCORES + ",1.1,,1,,,,,\n", "dòng 6, cột unit", ""),
    ("unknown-code", SCORES + "y-te,1.3,,1,,,,,\n", "dòng 6, cột code", "1.3"),
    ("not-a-leaf", SCORES + "y-te,1,,1,,,,,\n", "dòng 6, cột code", "1"),
    ("points-without-code", SCORES + "y-te,,,1,,,,,\n", "dòng 6, cột appraised", "1"),
    ("adjustment-with-code", SCORES + "y-te,1.1,,,,1,,,\n", "dòng 6, cột bonus", "1"),
    ("percent-cell", SCORES + "y-te,1.1,,\"85,19%\",,,,,\n", "dòng 6, cột appraised", "85,19%"),
    ("not-a-number", SCORES + "y-te,,,,,KAD,,,\n", "dòng 6, cột bonus", "KAD"),
    ("too-many-decimals", SCORES + "y-te,1.1,,1.1234567,,,,,\n", "dòng 6, cột appraised", "1.1234567"),
    ("number-too-big", SCORES + f"y-te,1.1,,{10**19},,,,,\n", "dòng 6, cột appraised", str(10**19)),
    ("above-maximum", SCORES + "y-te,1.1,,4.01,,,,,\n", "dòng 6, cột appraised", "4.01"),
    ("above-maximum", SCORES + "y-te,1.1,4.01,,,,,,\n", "dòng 6, cột self", "4.01"),
    ("above-maximum", SCORES + "y-te,1.1,,3,,,,2.5,\n", "dòng 6, cột appraised", "3"),
    ("above-maximum-together", SCORES + "y-te,1.2,,3,3.01,,,,\n", "dòng 6, cột survey", "3.01"),
    ("below-zero", SCORES + "y-te,1.1,,-1,,,,,\n", "dòng 6, cột appraised", "-1"),
    ("below-zero", SCORES + "y-te,1.1,-1,,,,,,\n", "dòng 6, cột self", "-1"),
    ("below-zero", SCORES + "y-te,,,,,-1,,,\n", "dòng 6, cột bonus", "-1"),
    ("bad-maximum", SCORES + "y-te,1.1,,0,,,,0,\n", "dòng 6, cột max_points", "0"),
    ("field-not-named", SCORES + "y-te,1.1,,,1,,,,\n", "dòng 6, cột survey", "1"),
    ("field-not-named", SCORES + "y-te,2,,1,,,,,\n", "dòng 6, cột appraised", "1"),
    ("field-not-named", SCORES + "y-te,1.1,,,KAD,,,,\n", "dòng 6, cột survey", "KAD"),
    ("field-not-named", SCORES + "y-te,1.1,,3,KAD,,,,\n", "dòng 6, cột survey", "KAD"),
    ("field-not-named", SCORES + "y-te,2,,KAD,3,,,,\n", "dòng 6, cột appraised", "KAD"),
    ("number-too-big", SCORES + f"y-te,1.1,,1,,,,{10**13},\n", "dòng 6, cột max_points", str(10**13)),
    ("unknown-unit", SCORES + "noi-vuu,1.1,,,,,,,\n", "dòng 6, cột unit", "noi-vuu"),
    ("unknown-unit", SCORES + "Tổng cộng,,,,,,,,\n", "dòng 6, cột unit", "Tổng cộng"),
    ("unknown-code", SCORES + "y-te,1.3,,,,,,,\n", "dòng 6, cột code", "1.3"),
    ("duplicate-row", SCORES + "Sở Nội vụ,1.1,,3.5,,,,,\n", "dòng 6, cột unit", "Sở Nội vụ"),
    ("kad-with-points", SCORES + "y-te,1.2,,KAD,1,,,,\n", "dòng 6, cột appraised", "KAD"),
    ("adjustment-above-maximum", SCORES + "y-te,,,,,3.01,,,\n", "dòng 6, cột bonus", "3.01"),
    ("adjustment-not-provided", SCORES + "y-te,,,,,,1,,\n", "dòng 6, cột penalty", "1"),
    ("missing-column", SCORES.replace("code", "mã"), "dòng 1", "code"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "text", "cell", "value"), SCORE_CASES)
def test_scores(make_scheme: MakeScheme, code: str, text: str, cell: str, value: str) -> None:
    errors = [problem for problem in check(make_scheme, {"scores/2024.csv": text}) if problem.is_error]
    assert ("scores/2024.csv", code, cell, value, (2024,)) in [
        (p.file, p.code, p.cell, p.value, p.years) for p in errors
    ]
    assert len(errors) == (2 if code == "missing-column" else 1)


PUBLISHED_CASES = [
    ("unknown-unit", PUBLISHED + "so-la,70,3,\n", "dòng 5, cột unit", "so-la"),
    ("unit-not-valid", PUBLISHED + "y-te-2025,70,3,\n", "dòng 5, cột unit", "y-te-2025"),
    ("published-twice", PUBLISHED + "tu-phap,70,3,\n", "dòng 5, cột unit", "tu-phap"),
    ("not-a-number", PUBLISHED + "y-te,cao,3,\n", "dòng 5, cột index_score", "cao"),
    ("not-a-place", PUBLISHED + "y-te,70,3/3,\n", "dòng 5, cột rank", "3/3"),
    ("unknown-class", PUBLISHED + "y-te,70,3,Giỏi\n", "dòng 5, cột grade", "Giỏi"),
    ("blank-cell", PUBLISHED + ",70,3,\n", "dòng 5, cột unit", ""),
    ("published-blank", PUBLISHED + "y-te,,,\n", "dòng 5, cột unit", "y-te"),
    ("published-nothing", "unit,index_score,rank,grade\n", "", ""),
    ("published-nothing", "unit\nnoi-vu\nmy-tu\n", "", ""),
    ("published-nothing", "unit,rank\nnoi-vu,\n", "", ""),
]


def test_rows_that_name_nothing_wrong_and_hold_no_points_are_no_problem(make_scheme: MakeScheme) -> None:
    rows = "y-te,1.1,,,,,,,\ny-te,,,,,,,,\n,1.2,,,,,,,\ny-te,1,,,,,,,\nmy-tu,2,,,,,,,\n"
    found = check(make_scheme, {"scores/2024.csv": SCORES + rows})
    assert [problem.code for problem in found] == ["incomplete", "incomplete"]


def test_the_old_name_of_a_renamed_unit_says_the_present_one(make_scheme: MakeScheme) -> None:
    units = UNITS.replace("noi-vu,Sở Nội vụ,so,,", "noi-vu,Sở Nội vụ,so,,2023-12-31\nnoi-vu,Sở NV và LĐ,so,2024-01-01,")
    published = PUBLISHED.replace("noi-vu", "SỞ Nội vụ")
    (problem,) = (
        item for item in check(make_scheme, {"units.csv": units, "published/2024.csv": published}) if item.is_error
    )
    assert (problem.code, problem.value, problem.cell) == ("renamed-unit", "SỞ Nội vụ", "dòng 2, cột unit")
    assert "noi-vu" in problem.what()
    assert "Sở NV và LĐ" in problem.what()


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        (PUBLISHED.replace("80,2,Tốt", "80,,Tốt"), "published-in-part", "Cột rank để trống ở: Sở Tư pháp"),
        (PUBLISHED.replace("my-tu,81", "my-tu,"), "published-in-part", "Cột index_score để trống ở: my-tu"),
        (PUBLISHED.replace("my-tu,81,1,Tốt\n", ""), "published-without-group", "Huyện"),
    ],
)
def test_an_announced_table_that_is_not_whole_is_a_warning(
    make_scheme: MakeScheme, text: str, code: str, words: str
) -> None:
    found = [item for item in check(make_scheme, {"published/2024.csv": text}) if item.code != "incomplete"]
    assert [(problem.code, problem.years, problem.is_error) for problem in found] == [(code, (2024,), False)]
    assert words in found[0].what()


@pytest.mark.parametrize(("code", "text", "cell", "value"), PUBLISHED_CASES)
def test_published(make_scheme: MakeScheme, code: str, text: str, cell: str, value: str) -> None:
    errors = [problem for problem in check(make_scheme, {"published/2024.csv": text}) if problem.is_error]
    assert [(p.file, p.code, p.cell, p.value, p.years) for p in errors] == [
        ("published/2024.csv", code, cell, value, (2024,))
    ]


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("not-a-number", PROVINCE.replace("86.5", "cao")),
        ("not-a-place", PROVINCE.replace(",10,", ",mười,")),
        ("not-a-year", PROVINCE.replace("2024", "năm")),
        ("published-twice", PROVINCE + "2024,,80,,,\n"),
        ("missing-column", PROVINCE.replace("index_score", "điểm")),
        ("file-empty", ""),
    ],
)
def test_province_never_stops_a_page(make_scheme: MakeScheme, code: str, text: str) -> None:
    found = check(make_scheme, {"province.csv": text})
    assert (code, ()) in [(problem.code, problem.years) for problem in found]
    assert not any(problem.is_error for problem in found)


def test_province_is_exact_and_takes_no_row_that_stands_twice(make_scheme: MakeScheme) -> None:
    data = read_dataset(make_scheme({**FILES, "province.csv": PROVINCE + "2023,,80,,,\n2023,,81,,,\n"}))
    assert data.province[["year", "index_score"]].to_numpy().tolist() == [[2024, Fraction(173, 2)]]
    assert isinstance(data.province["index_score"].iloc[0], Fraction)


def test_everything_wrong_is_said_at_once(make_scheme: MakeScheme) -> None:
    found = check(
        make_scheme,
        {
            "units.csv": UNITS.replace("tu-phap", "Tu-phap"),
            "lineage.csv": LINEAGE + "y-te-2025,y-te,2025-03-01,merge,\n",
            "rubric.csv": RUBRIC.replace("Kiểm tra,6", "Kiểm tra,5"),
            "scores/2024.csv": SCORES + "y-te,1.1,,9,,,,,\n",
            "published/2024.csv": PUBLISHED + "so-la,70,3,\n",
        },
    )
    expected = {"bad-id", "lineage-cycle", "sum-of-maxima", "above-maximum", "unknown-unit"}
    assert expected <= {problem.code for problem in found}
