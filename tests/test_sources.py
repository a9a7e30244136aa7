"""What the notebooks say of themselves."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from cchc.reports.child import Limits
from cchc.reports.sources import CallError, check_parameters, find_sources, read_parameters
from tests.pages import ANNUAL, ANNUAL_PARAMETERS, write_notebook, write_notebooks


def test_notebook_without_metadata_of_ours_publishes_nothing(tmp_path: Path) -> None:
    found = find_sources(write_notebooks(tmp_path))
    assert [source.path.name for source in found] == ["annual.ipynb", "stage.ipynb"]
    assert (found[0].page, found[0].per, found[0].data) == ("annual-{year}", "year", ("year", "previous_year"))
    assert found[0].title == "Xếp hạng năm {year}"


def test_limits_of_the_metadata_else_the_defaults(tmp_path: Path) -> None:
    write_notebook(tmp_path / "a.ipynb", ANNUAL, ANNUAL_PARAMETERS)
    write_notebook(tmp_path / "b.ipynb", {**ANNUAL, "seconds": 5, "memory": 100}, ANNUAL_PARAMETERS)
    assert [source.limits for source in find_sources(tmp_path)] == [Limits(), Limits(seconds=5, memory=100)]


def test_hash_follows_the_file(tmp_path: Path) -> None:
    write_notebook(tmp_path / "a.ipynb", ANNUAL, ANNUAL_PARAMETERS)
    before = find_sources(tmp_path)[0].sha256
    write_notebook(tmp_path / "a.ipynb", ANNUAL, ANNUAL_PARAMETERS, "1 + 1")
    assert find_sources(tmp_path)[0].sha256 != before


@pytest.mark.parametrize("number", [0, 2])
def test_there_is_one_parameters_cell(tmp_path: Path, number: int) -> None:
    path = write_notebook(tmp_path / "a.ipynb", ANNUAL, ANNUAL_PARAMETERS)
    content = json.loads(path.read_text("utf-8"))
    cell = next(cell for cell in content["cells"] if "parameters" in cell["metadata"].get("tags", []))
    content["cells"].remove(cell)
    content["cells"] += [cell] * number
    with pytest.raises(CallError, match=f"a.ipynb: cần đúng một ô gắn thẻ “parameters”, đang có {number}"):
        read_parameters(content, "a.ipynb")


def test_parameters_are_annotated_literals(tmp_path: Path) -> None:
    path = write_notebook(tmp_path / "a.ipynb", ANNUAL, ANNUAL_PARAMETERS)
    assert read_parameters(json.loads(path.read_text("utf-8")), "a.ipynb") == {
        "scheme": str, "year": int, "lang": str, "out": str,
    }  # fmt: skip


@pytest.mark.parametrize("line", ["year = 2024", "year: int = 2020 + 4", 'year: int = "2024"', "flag: int = True"])
def test_other_lines_in_the_parameters_cell_are_refused(tmp_path: Path, line: str) -> None:
    write_notebook(tmp_path / "a.ipynb", ANNUAL, line)
    with pytest.raises(CallError, match=re.escape("a.ipynb: ô tham số chỉ chứa các dòng dạng")):
        find_sources(tmp_path)


@pytest.mark.parametrize(
    "published", [{"per": "year", "data": []}, {**ANNUAL, "per": "month"}, {**ANNUAL, "data": ["years"]}]
)
def test_wrong_metadata_is_refused(tmp_path: Path, published: dict[str, Any]) -> None:
    write_notebook(tmp_path / "a.ipynb", published, ANNUAL_PARAMETERS)
    with pytest.raises(CallError, match=r"a\.ipynb: metadata “cchc” cần có"):
        find_sources(tmp_path)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"yaer": 2024}, "không có tham số “yaer”; gần nhất: year"),
        ({"year": "2024"}, "tham số “year” phải là int, đang là '2024'"),
        ({"year": True}, "tham số “year” phải là int, đang là True"),
        ({"scheme": 1}, "tham số “scheme” phải là str, đang là 1"),
    ],
)
def test_parameters_are_checked_by_name_and_type(tmp_path: Path, given: dict[str, Any], message: str) -> None:
    write_notebook(tmp_path / "a.ipynb", ANNUAL, ANNUAL_PARAMETERS)
    source = find_sources(tmp_path)[0]
    check_parameters(source, {"year": 2024, "scheme": "thu"})
    with pytest.raises(CallError, match=re.escape(message)):
        check_parameters(source, given)
