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
    found = check(make_scheme, {"lineage.csv": text})
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
    ("not-a-number", SCORES + "y-te,1.1,,\"85,19%\",,,,,\n", "dòng 6, cột appraised", "85,19%"),
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
    ("unknown-unit", PUBLISHED + "so-la,70,3,\n", "dòng 4, cột unit", "so-la"),
    ("unit-not-valid", PUBLISHED + "y-te-2025,70,3,\n", "dòng 4, cột unit", "y-te-2025"),
    ("published-twice", PUBLISHED + "tu-phap,70,3,\n", "dòng 4, cột unit", "tu-phap"),
    ("not-a-number", PUBLISHED + "y-te,cao,3,\n", "dòng 4, cột index_score", "cao"),
    ("not-a-place", PUBLISHED + "y-te,70,3/3,\n", "dòng 4, cột rank", "3/3"),
    ("unknown-class", PUBLISHED + "y-te,70,3,Giỏi\n", "dòng 4, cột grade", "Giỏi"),
    ("blank-cell", PUBLISHED + ",70,3,\n", "dòng 4, cột unit", ""),
]


@pytest.mark.parametrize(("code", "text", "cell", "value"), PUBLISHED_CASES)
def test_published(make_scheme: MakeScheme, code: str, text: str, cell: str, value: str) -> None:
    errors = [problem for problem in check(make_scheme, {"published/2024.csv": text}) if problem.is_error]
    assert [(p.file, p.code, p.cell, p.value, p.years) for p in errors] == [
        ("published/2024.csv", code, cell, value, (2024,))
    ]


@pytest.mark.parametrize(
    ("code", "text", "years"),
    [
        ("not-a-number", PROVINCE.replace("86.5", "cao"), (2024,)),
        ("not-a-place", PROVINCE.replace(",10,", ",mười,"), (2024,)),
        ("not-a-year", PROVINCE.replace("2024", "năm"), (2024,)),
        ("published-twice", PROVINCE + "2024,,80,,,\n", (2024,)),
        ("missing-column", PROVINCE.replace("index_score", "điểm"), (2024,)),
    ],
)
def test_province(make_scheme: MakeScheme, code: str, text: str, years: tuple[int, ...]) -> None:
    errors = [problem for problem in check(make_scheme, {"province.csv": text}) if problem.is_error]
    assert (code, years) in [(problem.code, problem.years) for problem in errors]


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
