"""What there is to build, and why."""

from __future__ import annotations

import shutil
from collections.abc import Collection
from pathlib import Path
from typing import Any

import pytest

from cchc import processed
from cchc.reports.child import Limits
from cchc.reports.plan import NOTEBOOKS, Job, Plan, plan, program_hash, reason, versions_hash
from cchc.reports.sources import CallError, find_sources
from cchc.scheme import read_scheme
from tests.conftest import MakeScheme
from tests.pages import (
    ANNUAL,
    ANNUAL_PARAMETERS,
    ROOT,
    SCHEME,
    UNIT,
    UNIT_PARAMETERS,
    manifest,
    write_notebook,
    write_notebooks,
)


@pytest.fixture
def make_plan(tmp_path: Path, make_scheme: MakeScheme) -> Any:
    scheme = read_scheme(make_scheme({"scheme.toml": SCHEME}))
    notebooks = write_notebooks(tmp_path / "notebooks")

    def make(program: str = "p", unit_years: Collection[int] = (), lang: str = "vi", **changes: Any) -> Plan:
        return plan(scheme, manifest(**changes), find_sources(notebooks), program, lang, unit_years)

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


# Pages of single units


@pytest.fixture
def with_units(tmp_path: Path, make_plan: Any) -> Any:
    """`make_plan` with a notebook a unit besides."""
    write_notebook(tmp_path / "notebooks/unit.ipynb", {**UNIT, "seconds": 60, "memory": 512}, UNIT_PARAMETERS)
    return make_plan


def _units(*ids: str) -> dict[str, Any]:
    return {unit: {"group": "h" if unit == "c" else "g", "name": f"Sở {unit.upper()}"} for unit in ids}


def test_units_have_pages_for_the_years_asked_for(with_units: Any) -> None:
    units = {"2023": _units("a", "b"), "2024": _units("a", "c")}
    assert "units/a-2024" not in _jobs(with_units(units=units))
    found = _jobs(with_units(unit_years=[2024], units=units))
    assert list(found) == ["annual-2023", "annual-2024", "stage-2023-2025", "units/a-2024", "units/c-2024"]
    job = found["units/c-2024"]
    assert job.parameters == {"scheme": "thu", "unit_id": "c", "year": 2024, "lang": "vi"}
    assert job.title == "Sở C: kết quả năm 2024"
    assert job.command == "cchc report thu --units --year 2024 --force"
    assert job.years == (2023, 2024)
    assert job.limits == Limits(seconds=60, memory=512)
    assert found["annual-2024"].limits == Limits()


def test_jobs_of_another_language(with_units: Any) -> None:
    units = _units("a", "c")
    units["a"]["name_en"] = "Department A"
    jobs = _jobs(with_units(lang="en", unit_years=[2024], units={"2023": {}, "2024": units}))
    assert list(jobs)[-2:] == ["units/a-2024.en", "units/c-2024.en"]
    assert [jobs[page].title for page in list(jobs)[-2:]] == ["Department A: results of 2024", "Sở C: results of 2024"]
    job = jobs["annual-2024.en"]
    assert (job.title, job.period, job.lang) == ("Ranking of 2024", "2024", "en")
    assert job.parameters["lang"] == "en"
    assert job.command == "cchc report thu --year 2024 --lang en --force"
    assert jobs["units/a-2024.en"].command == "cchc report thu --units --year 2024 --lang en --force"
    assert job.key != _jobs(with_units())["annual-2024"].key


def test_key_of_a_scorecard_follows_its_group_up_to_its_year(with_units: Any) -> None:
    units = {"2023": _units("a", "c"), "2024": _units("a", "c")}
    slices = {f"{year}/{group}": "0" for year in (2023, 2024) for group in "gh"}

    def keys(**changed: str) -> dict[str, str]:
        made = with_units(unit_years=[2023, 2024], units=units, slices={**slices, **changed})
        return {page: job.key for page, job in _jobs(made).items()}

    def changed(**to: str) -> set[str]:
        return {page for page, key in keys(**to).items() if key != keys()[page] and page.startswith("units/")}

    assert changed(**{"2024/g": "x"}) == {"units/a-2024"}
    assert changed(**{"2024/h": "x"}) == {"units/c-2024"}
    assert changed(**{"2023/g": "x"}) == {"units/a-2023", "units/a-2024"}


def test_unit_named_like_a_number_stays_a_string(with_units: Any) -> None:
    jobs = _jobs(with_units(unit_years=[2024], units={"2024": _units("01")}))
    assert jobs["units/01-2024"].parameters["unit_id"] == "01"


def test_notebook_must_declare_what_it_is_called_with(tmp_path: Path, make_plan: Any) -> None:
    write_notebook(tmp_path / "notebooks/unit.ipynb", UNIT, UNIT_PARAMETERS.replace("unit_id", "units"))
    with pytest.raises(CallError, match=r"unit\.ipynb: không có tham số “unit_id”; gần nhất: units"):
        make_plan(unit_years=[2024])


@pytest.mark.slow
def test_corrected_score_changes_the_keys_of_what_depends_on_it_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # the real data and the real notebooks: a score of a department of 2022 is appraised anew
    folder = tmp_path / "raw/hand"
    shutil.copytree(ROOT / "tests/hand", folder)
    monkeypatch.setenv("CCHC_PROCESSED", str(tmp_path / "processed"))
    sources = find_sources(NOTEBOOKS)

    def jobs() -> dict[str, Job]:
        processed.load(folder)
        found = processed.manifest(folder)
        assert found is not None
        return _jobs(plan(read_scheme(folder), found, sources, "p", unit_years=found["years"]))

    before = jobs()
    scores = folder / "scores/2022.csv"
    text = scores.read_text("utf-8-sig")
    assert text.count("tai-chinh,1.1,,18.2,") == 1
    scores.write_text(text.replace("tai-chinh,1.1,,18.2,", "tai-chinh,1.1,,18.3,"), "utf-8")
    after = jobs()
    changed = {page for page in before if before[page].key != after[page].key}
    departments = {page for page in before if page.startswith("units/") and _is_department(before[page])}
    others = {page for page in before if page.startswith("units/")} - departments
    assert others, "there are scorecards of the other group"
    assert changed == {
        "annual-2022", "annual-2023", "stage-2021-2023", "stage-2021-2025",
        "robustness-2021-2023", "robustness-2021-2025",
        *(page for page in departments if page.endswith(("-2022", "-2023"))),
    }  # fmt: skip


def _is_department(job: Job) -> bool:
    return any(name.endswith("/so") for name in job.parts)
