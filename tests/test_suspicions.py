"""Each suspicion on a made table that has it, and on its neighbour that has not; and the bundled data."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from cchc.problems import Problem
from cchc.reading import read_dataset
from cchc.suspicions import suspicions
from small import small_dataset
from tests.conftest import MakeScheme
from tests.inputs import FILES, save

RAW = Path(__file__).parents[1] / "data" / "raw"
THREE = "2000,,1,Một,40,both,,\n2000,,2,Hai,30,,,\n2000,,3,Ba,30,,,"
CLASSES = '[[classes]]\nname = "Tốt"\nfrom = 80\n[[classes]]\nname = "Khá"\nfrom = 50\n'


def found(folder: Path, scores: dict[int, Any], **options: Any) -> list[Problem]:
    return suspicions(small_dataset(folder, scores, **options))


def codes(problems: list[Problem]) -> list[str]:
    return [problem.code for problem in problems]


def unit(one: str, two: str, three: str, own: str = "") -> dict[str, str]:
    """Return points of the three leaves: "30.5+6" is appraised and survey; `own` are the self-assessed ones."""
    appraised, _, survey = one.partition("+")
    texts = {"1": f"appraised={appraised}" + (f" survey={survey}" if survey else "")}
    texts |= {"2": f"appraised={two}", "3": f"appraised={three}"}
    parts = own.split()
    return {code: f"{text} self={parts[at]}" if parts else text for at, (code, text) in enumerate(texts.items())}


ORDINARY = {
    "a": unit("20+10", "21", "24.5", "22 23 25"),
    "b": unit("22+12", "25", "20", "24 25 22"),
    "c": unit("18.5+8", "27", "22", "20 27 22"),
    "d": unit("25+9", "19", "27", "26 20 27"),
    "e": unit("21+11", "23.5", "26", "21 23.5 27"),
}


def test_an_ordinary_table_has_none(tmp_path: Path) -> None:
    assert found(tmp_path, {2024: ORDINARY}, rubric=THREE, tables=CLASSES) == []


def test_self_equals_appraised_everywhere(tmp_path: Path) -> None:
    scores = {2024: {**ORDINARY, "e": unit("21+11", "23.5", "26", "21 23.5 26")}}
    (problem,) = found(tmp_path, scores, rubric=THREE)
    assert (problem.code, problem.value, problem.place) == (
        "self-equals-appraised", "e", "2024.csv · dòng 14",
    )  # fmt: skip
    assert not problem.is_error
    assert problem.years == (2024,)


def test_a_unit_of_a_sheet_stands_at_its_first_points(make_scheme: MakeScheme) -> None:
    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.title = "Sở Nội vụ"
    sheet.append(("Nội dung", "Tiêu chí", "Tự chấm", "Thẩm định"))
    for code in "123":
        sheet.append((None, code, 5, 5))
    rubric = "year,code,name_vi,max_points\n2024,1,Một,40\n2024,2,Hai,30\n2024,3,Ba,30\n"
    files = {name: text for name, text in FILES.items() if not name.startswith(("scores", "published"))}
    data = read_dataset(make_scheme({**files, "rubric.csv": rubric, "scores/2024.xlsx": save(book)}))
    assert [item.place for item in suspicions(data)] == ["2024.xlsx · Sở Nội vụ · C2"]


def test_the_same_scores_under_two_units(tmp_path: Path) -> None:
    scores = {2024: {**ORDINARY, "f": unit("22+12", "25", "20", "25 26 21")}}
    (problem,) = found(tmp_path / "1", scores, rubric=THREE)
    assert (problem.code, problem.value, problem.details["other"]) == ("same-scores", "f", "b")
    # the same sums, other points; and two units with full points
    scores = {2024: {**ORDINARY, "f": unit("22+12", "20", "25")}}
    assert found(tmp_path / "2", scores, rubric=THREE) == []
    scores = {2024: {**ORDINARY, "f": unit("30+10", "30", "30"), "g": unit("30+10", "30", "30")}}
    assert found(tmp_path / "3", scores, rubric=THREE) == []


def test_a_maximum_of_its_own(tmp_path: Path) -> None:
    scores = {
        2024: {
            **ORDINARY,
            "b": {**ORDINARY["b"], "2": "appraised=25 max_points=29.5", "3": "appraised=20 max_points=30"},
        }
    }
    (problem,) = found(tmp_path, scores, rubric=THREE)
    assert (problem.code, problem.value, problem.cell) == ("maximum-differs", "29.5", "dòng 6, cột max_points")
    assert problem.details == {"code": "2", "maximum": "30"}


def test_survey_missing_for_one_unit_only(tmp_path: Path) -> None:
    scores: dict[int, Any] = {2024: {**ORDINARY, "b": unit("22", "25", "20")}}
    (problem,) = found(tmp_path / "1", scores, rubric=THREE)
    assert (problem.code, problem.value, problem.details["number"]) == ("survey-missing", "b", "4")
    scores = {2024: {**scores[2024], "c": unit("18.5", "27", "22")}}
    assert found(tmp_path / "2", scores, rubric=THREE) == []
    scores = {2024: {**ORDINARY, "b": {**ORDINARY["b"], "1": "appraised=KAD"}}}
    assert found(tmp_path / "3", scores, rubric=THREE) == []


@pytest.mark.parametrize(
    ("points", "is_flat"),
    [("7 7 7 7", True), ("7 7.5 7 7.5", True), ("7 7.5 8 7.5", False), ("7 7 7", False)],
)
def test_a_component_that_does_not_discriminate(tmp_path: Path, points: str, is_flat: bool) -> None:
    """Steps of a half: within one of them no unit is told from another."""
    two = {
        name: {"1": text, "2": f"{10 + 3 * at}"}
        for at, (name, text) in enumerate(zip("abcd", points.split(), strict=False))
    }
    problems = found(tmp_path, {2024: two}, rubric="2000,,1,Một,10,,,\n2000,,2,Hai,90,,,")
    assert codes(problems) == ["no-discrimination"] * is_flat
    if is_flat:
        assert (problems[0].value, problems[0].file) == ("1. Một", "scores/2024.csv")


def test_rounding_that_changes_a_class(tmp_path: Path) -> None:
    scores = {2024: {"a": {"1": "79.995"}, "b": {"1": "79.99"}}}
    (problem,) = found(tmp_path, scores, tables=CLASSES)
    assert (problem.code, problem.value, problem.details) == ("class-by-rounding", "a", {"grade": "Tốt"})


def yearly(**texts: str) -> dict[int, Any]:
    scores: dict[int, Any] = {}
    for name, text in texts.items():
        for year, value in enumerate(text.split(), start=2020):
            scores.setdefault(year, {})[name] = {"1": value}
    return scores


GROUP = {"a": "70 71", "b": "71 73", "c": "80 80", "d": "75 74", "e": "69 71"}


@pytest.mark.parametrize(
    ("own", "is_jump"),
    [("70 75.7", True), ("70 74.5", False), ("80 76.1", True), ("80 77", False)],
)
def test_a_jump_against_the_changes_of_the_group(tmp_path: Path, own: str, is_jump: bool) -> None:
    """The others' changes are 1, 2, 0, -1, 2: mean 0.8, deviation 1.30, so that -3.11 to 4.71 is ordinary."""
    problems = [item for item in found(tmp_path, yearly(**GROUP, f=own)) if item.code == "jump"]
    assert [(item.value, item.years) for item in problems] == [("f", (2021,))] * is_jump
    if own == "80 76.1":
        assert "\N{MINUS SIGN}3,90 điểm so với năm 2020" in problems[0].what()


def test_a_jump_needs_five_changes_to_compare_with(tmp_path: Path) -> None:
    few = {name: GROUP[name] for name in "abcd"}
    assert found(tmp_path, yearly(**few, f="60 90")) == []


def test_a_unit_with_a_history_of_leaps_does_not_jump(tmp_path: Path) -> None:
    calm = {
        name: " ".join([first, last] * 3 + [last]) for name, text in GROUP.items() for first, last in [text.split()]
    }
    wild = "60 70 60 70 60 70 80"
    problems = found(tmp_path / "1", yearly(**calm, f=wild))
    assert [item for item in problems if item.code == "jump" and item.years == (2026,)] == []
    steady = "60 61 60 61 60 61 71"
    problems = found(tmp_path / "2", yearly(**calm, f=steady))
    assert [(item.value, item.years) for item in problems if item.code == "jump"] == [("f", (2026,))]


def test_a_unit_alone_is_judged_by_its_history(tmp_path: Path) -> None:
    problems = found(tmp_path, yearly(f="60 61 60 61 60 61 90"))
    assert [(item.code, item.years) for item in problems] == [("jump", (2026,))]


def test_the_bundled_data_raise_few_and_plausible_ones() -> None:
    listed = [(item.code, item.years[0], item.value) for item in suspicions(read_dataset(RAW / "soc-trang"))]
    assert listed == [
        ("jump", 2022, "Sở Nội vụ"),
        ("jump", 2023, "Ban Dân tộc"),
        ("jump", 2025, "Trường Cao đẳng Cộng đồng Sóc Trăng"),
        ("survey-missing", 2025, "Trung tâm Khuyến nông tỉnh"),
    ]
    # three units have a maximum of 71.5 and four of 96.5, as the decision says
    assert codes(suspicions(read_dataset(RAW / "tay-ninh"))) == ["maximum-differs"] * 7


def test_no_scores_no_suspicion(tmp_path: Path) -> None:
    assert suspicions(small_dataset(tmp_path, {}, units="a,g,,", published={2024: "unit,rank\na,1"})) == []
