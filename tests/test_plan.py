"""What there is to build, and why."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from cchc.reports.plan import (
    CallError,
    Job,
    Plan,
    check_parameters,
    find_sources,
    plan,
    program_hash,
    read_parameters,
    reason,
    versions_hash,
)
from cchc.scheme import read_scheme
from tests.conftest import MakeScheme
from tests.pages import ANNUAL, ANNUAL_PARAMETERS, SCHEME, manifest, write_notebook, write_notebooks


@pytest.fixture
def make_plan(tmp_path: Path, make_scheme: MakeScheme) -> Any:
    scheme = read_scheme(make_scheme({"scheme.toml": SCHEME}))
    notebooks = write_notebooks(tmp_path / "notebooks")

    def make(program: str = "p", **changes: Any) -> Plan:
        return plan(scheme, manifest(**changes), find_sources(notebooks), program)

    return make


def _jobs(made: Plan) -> dict[str, Job]:
    return {job.page: job for job in made.jobs}


def test_pages_are_the_years_with_data_and_the_stages_with_one(make_plan: Any) -> None:
    made = make_plan()
    assert list(_jobs(made)) == ["annual-2023", "annual-2024", "stage-2023-2025"]
    assert made.without_data == ("2031-2035",)


def test_broken_year_stays_planned(make_plan: Any) -> None:
    # else its last good page would be taken for one that is no longer wanted
    assert "annual-2024" in _jobs(make_plan(years=[2023], broken_years=[2024], slices={"2023/g": "a"}))


def test_job_says_parameters_title_period_and_command(make_plan: Any) -> None:
    jobs = _jobs(make_plan())
    assert jobs["annual-2024"].parameters == {"scheme": "thu", "year": 2024, "lang": "vi"}
    assert jobs["annual-2024"].title == "Xếp hạng năm 2024"
    assert jobs["annual-2024"].command == "cchc report thu --year 2024 --force"
    assert jobs["stage-2023-2025"].command == "cchc report thu --stage 2023-2025 --force"
    assert jobs["annual-2024"].years == (2023, 2024)
    assert jobs["stage-2023-2025"].years == (2023, 2024, 2025)


def test_notebook_may_name_its_own_title(tmp_path: Path, make_scheme: MakeScheme) -> None:
    write_notebook(tmp_path / "n/a.ipynb", {**ANNUAL, "title": "Phân tích {year}"}, ANNUAL_PARAMETERS)
    made = plan(read_scheme(make_scheme({"scheme.toml": SCHEME})), manifest(), find_sources(tmp_path / "n"), "p")
    assert made.jobs[0].title == "Phân tích 2023"


@pytest.mark.parametrize(
    ("slices", "changed"),
    [
        ({"2023/g": "x", "2024/g": "b"}, {"annual-2023", "annual-2024", "stage-2023-2025"}),
        ({"2023/g": "a", "2024/g": "x"}, {"annual-2024", "stage-2023-2025"}),
        ({"2023/g": "a", "2024/g": "b", "2025/g": "x"}, {"stage-2023-2025"}),
        ({"2022/g": "x", "2023/g": "a", "2024/g": "b"}, {"annual-2023"}),
    ],
)
def test_key_follows_the_slices_that_the_page_declares(make_plan: Any, slices: Any, changed: set[str]) -> None:
    before, after = _jobs(make_plan()), _jobs(make_plan(slices=slices))
    assert {page for page in before if before[page].key != after[page].key} == changed


def test_key_follows_program_settings_and_notebook(make_plan: Any, tmp_path: Path) -> None:
    before = _jobs(make_plan())["annual-2024"]
    assert _jobs(make_plan())["annual-2024"].key == before.key
    assert _jobs(make_plan(program="q"))["annual-2024"].key != before.key
    assert _jobs(make_plan(settings="t"))["annual-2024"].key != before.key
    write_notebook(tmp_path / "notebooks/annual.ipynb", ANNUAL, ANNUAL_PARAMETERS, "1 + 1")
    assert _jobs(make_plan())["annual-2024"].key != before.key


def test_reason_in_words(make_plan: Any) -> None:
    before = _jobs(make_plan())["annual-2024"]
    built = {"key": before.key, "parts": dict(before.parts)}
    assert reason(before, None) == "chưa có báo cáo"
    assert reason(before, built) == ""
    changed = _jobs(make_plan(program="q", slices={"2023/g": "a", "2024/g": "x", "2024/h": "y"}))["annual-2024"]
    assert reason(changed, built) == "dữ liệu đã thay đổi: 2024/g, 2024/h; chương trình đã thay đổi"


def test_program_hash_follows_every_file(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("1", "utf-8")
    (tmp_path / "template").mkdir()
    (tmp_path / "template/page.css").write_text("a", "utf-8")
    before = program_hash(tmp_path)
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__/a.pyc").write_bytes(b"1")
    assert program_hash(tmp_path) == before
    (tmp_path / "template/page.css").write_text("b", "utf-8")
    assert program_hash(tmp_path) != before


def test_versions_hash_follows_an_installed_version(monkeypatch: pytest.MonkeyPatch) -> None:
    before = versions_hash()
    monkeypatch.setattr("cchc.reports.plan.version", lambda name: "0")
    assert versions_hash() != before


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
