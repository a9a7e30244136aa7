"""Nasty files, as people and enemies make them: exactly the expected problems, and exactly the expected numbers.

tests/nasty/expected.toml lists the cases: `problems` (severity, code, place, value, years), `years` (those whose
numbers survive; all where it is not given) and `numbers` (those that differ from the base's; "" is none). What a case
is made of stands in tests/nasty/<case>/ as text, or in `nasty_books` and `hostile_files` as code.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from cchc.problems import InputError
from cchc.reading import read_dataset
from cchc.reports.checkup import write_check
from cchc.reports.html import check_page
from cchc.suspicions import suspicions
from tests.nasty_books import BOOKS
from tests.nasty_cases import NASTY, base_numbers, lay, numbers_of, text_case, told
from tests.test_injection import assert_harmless, assert_lifeless

EXPECTED: dict[str, Any] = tomllib.loads((NASTY / "expected.toml").read_text("utf-8"))
TEXTS = sorted(path.name for path in NASTY.iterdir() if path.is_dir() and path.name != "base")
LETHAL = "names-that-are-formulas", "units-named-like-formulas", "ids-that-are-paths", "dynamic-data-exchange"


def expected_numbers(case: dict[str, Any]) -> dict[str, str]:
    years = tuple(str(year) for year in case.get("years", (2023, 2024)))
    numbers = {key: text for key, text in base_numbers().items() if key.startswith(years)}
    return {key: text for key, text in {**numbers, **case.get("numbers", {})}.items() if text}


def read(scheme: Path) -> tuple[list[Any], dict[str, str]]:
    """Return the problems and suspicions of a scheme, and its numbers."""
    try:
        data = read_dataset(scheme)
    except InputError as error:
        return list(error.problems), {}
    return [*data.problems, *suspicions(data)], numbers_of(data)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["base", *TEXTS, *BOOKS])
def test_problems_and_numbers(tmp_path: Path, name: str) -> None:
    files = BOOKS[name]() if name in BOOKS else {} if name == "base" else text_case(name)
    scheme = lay(tmp_path, files)
    problems, numbers = read(scheme)
    case = EXPECTED[name]
    assert sorted(map(told, problems)) == sorted(case["problems"])
    assert numbers == expected_numbers(case)
    assert all(problem.what() and problem.remedy() for problem in problems)
    if name in LETHAL:
        page = write_check(scheme, tmp_path / "out", problems)
        assert check_page(page.read_text("utf-8")) == []
        assert_harmless(page.read_text("utf-8"))
        for book in page.parent.glob("*.xlsx"):
            assert_lifeless(book)
        written = {path.relative_to(tmp_path).parts[0] for path in tmp_path.rglob("*")}
        assert written == {"thu", "out"}


def test_every_file_is_a_case() -> None:
    from tests.hostile_files import HOSTILE, LINKS

    assert sorted(EXPECTED) == sorted(["base", *TEXTS, *BOOKS, *HOSTILE, *LINKS])
