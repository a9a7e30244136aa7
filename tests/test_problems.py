from __future__ import annotations

import ast
import re
import string
from pathlib import Path

import pytest

import cchc
from cchc.problems import KINDS, InputError, Problem

FOLDER = Path(cchc.__file__).parent


def test_place_names_file_sheet_and_cell() -> None:
    problem = Problem("error-cell", "scores/2024.xlsx", "Sở ngành", "D7", "#DIV/0!", (2024,))
    assert problem.place == "2024.xlsx · Sở ngành · D7"
    assert str(problem).startswith("2024.xlsx · Sở ngành · D7: Ô báo lỗi #DIV/0!.")


@pytest.mark.parametrize(
    ("file", "place"),
    [
        ("scores/2024.csv", "2024.csv"),
        ("scores/2024/a.xlsx + scores/2024/b.xlsx", "2024/a.xlsx + 2024/b.xlsx"),
        ("published/2024.csv", "published/2024.csv"),
        ("units.csv", "units.csv"),
    ],
)
def test_the_folder_that_people_work_in_is_not_named(file: str, place: str) -> None:
    assert Problem("file-missing", file).place == place


def test_texts_are_translated_before_they_are_filled_in() -> None:
    problem = Problem("missing-column", "units.csv", value="group")
    assert problem.what({"Thiếu cột {value}.": "Column {value} is missing."}.__getitem__) == "Column group is missing."


def test_warnings_are_no_errors() -> None:
    assert not Problem("file-unused", "scores/x.csv").is_error
    assert Problem("file-format", "scores/2024.ods").is_error
    assert not Problem("blank-cell", "rubric.csv", is_unused=True).is_error


def test_input_error_says_all_at_once() -> None:
    error = InputError([Problem("file-missing", "units.csv"), Problem("file-missing", "rubric.csv")])
    assert str(error).count("\n") == 1
    assert "units.csv" in str(error)
    assert "rubric.csv" in str(error)


@pytest.mark.parametrize("code", KINDS)
def test_kind_is_a_sentence_and_a_remedy_and_is_used(code: str) -> None:
    kind = KINDS[code]
    assert kind.what.rstrip().endswith((".", "!"))
    assert kind.remedy.strip()
    for text in (kind.what, kind.remedy):
        names = [name for _, name, _, _ in string.Formatter().parse(text) if name is not None]
        assert all(re.fullmatch(r"[a-z_]+", name) for name in names), "an unescaped brace"
    sources = [path for path in FOLDER.rglob("*.py") if not path.name.endswith("kinds.py")]
    assert any(f'"{code}"' in path.read_text(encoding="utf-8") for path in sources), "no rule reports it"


def test_every_reported_code_is_a_kind() -> None:
    for path in FOLDER.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Problem" and node.args:
                code = node.args[0]
                if isinstance(code, ast.Constant):
                    assert code.value in KINDS, f"{path.name}: {code.value}"
