"""A whole run: what is built, what is left alone, what stops what."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from cchc import processed
from cchc.problems import InputError, Problem
from cchc.reports import runner
from cchc.reports.child import Failure
from cchc.reports.sources import CallError
from cchc.reports.summary import Summary, describe
from tests.pages import (
    ROOT,
    SCHEME,
    UNIT,
    UNIT_PARAMETERS,
    FakeEngine,
    manifest,
    script_environment,
    write_notebook,
    write_notebooks,
)

ALL = {"annual-2023": "built", "annual-2024": "built", "stage-2023-2025": "built"}
FAILURE = Failure("cell", "ZeroDivisionError: division by zero", 2, "1 / 0", "Traceback")


class House:
    """Schemes whose data are stand-ins, tiny notebooks and an engine that makes files at once."""

    def __init__(self, folder: Path) -> None:
        self.raw, self.out = folder / "raw", folder / "reports"
        self.notebooks = write_notebooks(folder / "notebooks")
        self.manifests: dict[str, dict[str, Any]] = {}
        self.broken: dict[str, tuple[Problem, ...]] = {}
        self.engine = FakeEngine()
        self.add("thu")

    def add(self, name: str, **changes: Any) -> None:
        (self.raw / name).mkdir(parents=True, exist_ok=True)
        (self.raw / name / "scheme.toml").write_text(SCHEME, "utf-8")
        self.manifests[name] = manifest(**changes)

    def manifest(self, folder: Path) -> dict[str, Any] | None:
        return None if folder.name in self.broken else self.manifests[folder.name]

    def load(self, folder: Path) -> None:
        raise InputError(self.broken[folder.name])

    def run(self, **options: Any) -> Summary:
        self.engine.ran.clear()
        return runner.report(self.raw, self.out, notebooks=self.notebooks, **options)

    def files(self, scheme: str = "thu") -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in (self.out / scheme).iterdir() if path.is_file()}


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    made = House(tmp_path)
    monkeypatch.setattr(processed, "manifest", made.manifest)
    monkeypatch.setattr(processed, "load", made.load)
    monkeypatch.setattr(runner, "run_notebook", made.engine)
    return made


def _statuses(summary: Summary, scheme: str = "thu") -> dict[str, str]:
    run = next(run for run in summary.schemes if run.id == scheme)
    return {result.job.page: result.status for result in run.results}


def _problem(*years: int) -> dict[str, Any]:
    return {"code": "scheme-missing", "file": f"scores/{years[0]}.csv", "sheet": "", "cell": "", "value": "x",
            "years": list(years), "stages": [], "awards": [], "details": {}}  # fmt: skip


def test_first_run_builds_everything(house: House) -> None:
    summary = house.run()
    assert summary.exit_code == 0
    assert _statuses(summary) == ALL
    assert sorted(house.files()) == sorted(
        [f"{page}.{suffix}" for page in ALL for suffix in ("html", "xlsx", "json")] + ["index.html", "index.json"]
    )
    assert summary.index == house.out / "index.html"
    text = (house.out / "thu/index.html").read_text("utf-8")
    for part in ("Chỉ số thử", "Số liệu minh họa", 'href="annual-2024.html"', 'href="annual-2024.xlsx"', "BẢN DỰ THẢO"):
        assert part in text
    assert "Giai đoạn 2031-2035" in text
    assert not list((house.out / ".staging").glob("*/*"))


def test_unchanged_run_does_nothing(house: House) -> None:
    house.run()
    before = {path: path.stat().st_mtime_ns for path in house.out.rglob("*.*") if ".staging" not in path.parts}
    summary = house.run()
    assert house.engine.ran == []
    assert set(_statuses(summary).values()) == {"unchanged"}
    after = {path: path.stat().st_mtime_ns for path in house.out.rglob("*.*") if ".staging" not in path.parts}
    assert after == before


def test_change_rebuilds_what_depends_on_it(house: House) -> None:
    house.run()
    house.manifests["thu"]["slices"] = {"2023/g": "a", "2024/g": "corrected"}
    summary = house.run()
    assert sorted(house.engine.ran) == ["annual-2024", "stage-2023-2025"]
    assert _statuses(summary)["annual-2023"] == "unchanged"


def test_force_rebuilds_all_and_keeps_equal_files(house: House) -> None:
    house.run()
    before = {path: path.stat().st_ino for path in (house.out / "thu").glob("annual*")}
    summary = house.run(force=True)
    assert len(house.engine.ran) == 3
    assert summary.schemes[0].results[0].reason == "theo yêu cầu (--force)"
    assert {path: path.stat().st_ino for path in (house.out / "thu").glob("annual*")} == before


def test_dry_run_says_why_and_builds_nothing(house: House) -> None:
    summary = house.run(dry_run=True)
    assert not house.out.exists()
    assert describe(summary.schemes[0].results[0]) == "thu/annual-2023: sẽ lập: chưa có báo cáo"
    assert summary.index is None
    house.run()
    house.manifests["thu"]["settings"] = "changed"
    assert house.run(dry_run=True).schemes[0].results[0].reason == "thiết lập của bộ chỉ số đã thay đổi"
    assert house.engine.ran == []


def test_torn_set_is_built_again(house: House) -> None:
    house.run()
    (house.out / "thu/annual-2024.html").write_text("torn", "utf-8")
    summary = house.run()
    assert house.engine.ran == ["annual-2024"]
    result = next(result for result in summary.schemes[0].results if result.status == "built")
    assert result.reason == "tệp đã công bố không khớp bản kê"
    assert (house.out / "thu/annual-2024.html").read_text("utf-8") == "trang annual-2024"


def test_failed_notebook_keeps_the_last_good_page(house: House) -> None:
    house.run()
    before = house.files()
    house.manifests["thu"]["slices"] = {"2023/g": "a", "2024/g": "corrected"}
    house.engine.failures = {"annual-2024": FAILURE}
    house.engine.text = "mới"
    summary = house.run()
    assert summary.exit_code == 1
    assert _statuses(summary) == {**ALL, "annual-2023": "unchanged", "annual-2024": "failed"}
    after = house.files()
    for name in ("annual-2024.html", "annual-2024.xlsx", "annual-2024.json"):
        assert after[name] == before[name]
    assert after["stage-2023-2025.html"] != before["stage-2023-2025.html"]
    assert "cchc report thu --year 2024 --force" in after["annual-2024.failure.html"].decode()
    index = after["index.html"].decode()
    assert index.count("Bản cũ") == 1
    assert 'href="annual-2024.failure.html"' in index
    assert house.run().exit_code == 1, "a failure is loud until it is mended"
    house.engine.failures = {}
    assert house.run().exit_code == 0
    assert "annual-2024.failure.html" not in house.files()
    assert "Bản cũ" not in house.files()["index.html"].decode()


def test_file_that_cannot_be_written_is_a_failure_of_its_page(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    publish = runner.publish.publish

    def refuse(job: Any, *arguments: Any) -> None:
        if job.page == "annual-2023":
            raise PermissionError("annual-2023.xlsx")
        publish(job, *arguments)

    monkeypatch.setattr(runner.publish, "publish", refuse)
    summary = house.run()
    assert summary.exit_code == 1
    assert _statuses(summary) == {**ALL, "annual-2023": "failed"}


def test_error_of_a_year_stops_the_pages_that_use_it(house: House) -> None:
    house.add("thu", years=[2021, 2023, 2024], slices={"2021/g": "z", "2023/g": "a", "2024/g": "b"})
    house.run()
    before = house.files()
    house.add("thu", years=[2021, 2024], broken_years=[2023], slices={"2021/g": "y", "2024/g": "b"},
              problems=[_problem(2023)])  # fmt: skip
    house.engine.text = "mới"
    summary = house.run()
    assert summary.exit_code == 2
    assert _statuses(summary) == {
        "annual-2021": "built", "annual-2023": "stopped", "annual-2024": "stopped", "stage-2023-2025": "stopped",
    }  # fmt: skip
    after = house.files()
    assert {name for name in before if after[name] != before[name]} == {
        "annual-2021.html", "annual-2021.json", "index.html", "index.json",
    }  # fmt: skip
    index = after["index.html"].decode()
    assert index.count("Bản cũ") == 3
    assert "2023.csv" in index


def test_broken_year_does_not_matter_to_a_selection_without_it(house: House) -> None:
    house.add("thu", years=[2021, 2024], broken_years=[2023], slices={"2021/g": "y"}, problems=[_problem(2023)])
    summary = house.run(years=[2021])
    assert summary.exit_code == 0
    assert house.engine.ran == ["annual-2021"]


def test_error_of_a_scheme_stops_that_scheme_only(house: House) -> None:
    house.add("khac")
    house.run()
    before = house.files("khac")
    house.broken["khac"] = (Problem("scheme-missing", "units.csv", value="khac"),)
    house.manifests["thu"]["settings"] = "changed"
    summary = house.run()
    assert summary.exit_code == 2
    assert _statuses(summary) == ALL
    assert _statuses(summary, "khac") == {}
    after = house.files("khac")
    assert {name for name in before if after[name] != before[name]} == {"index.html", "index.json"}
    index = after["index.html"].decode()
    assert index.count("Bản cũ") == 3
    assert "Số liệu minh họa" in index, "what was marked stays marked"
    assert "units.csv" in index


def test_selection_leaves_other_pages_alone(house: House) -> None:
    assert _statuses(house.run(years=[2024])) == {
        "annual-2023": "outdated", "annual-2024": "built", "stage-2023-2025": "outdated",
    }  # fmt: skip
    assert house.run(stages=["2023-2025"]).exit_code == 0
    assert house.engine.ran == ["stage-2023-2025"]
    assert _statuses(house.run())["annual-2023"] == "built"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"schemes": ["thuu"]}, "Không có bộ chỉ số “thuu”.*gần nhất: thu"),
        ({"years": [1999]}, "Năm 1999 không có điểm .*đang có: 2023, 2024"),
        ({"stages": ["2021-2030"]}, "Giai đoạn 2021-2030 không có .*đang có: 2023-2025"),
        ({"stages": ["2031-2035"]}, "Giai đoạn 2031-2035 .*chưa có điểm"),
    ],
)
def test_wrong_call_starts_nothing(house: House, options: Mapping[str, Any], message: str) -> None:
    with pytest.raises(CallError, match=message):
        house.run(**options)
    assert house.engine.ran == []


def test_year_of_another_scheme(house: House) -> None:
    house.add("khac", years=[2020], slices={"2020/g": "q"})
    assert house.run(years=[2020]).exit_code == 0, "one of all schemes has it"
    assert house.engine.ran == ["annual-2020"]
    with pytest.raises(CallError, match=r"Năm 2020 không có điểm \(thu\)"):
        house.run(schemes=["khac", "thu"], years=[2020])


def test_page_no_longer_planned_moves_aside(house: House) -> None:
    house.run()
    house.add("thu", years=[2024], slices={"2024/g": "b"})
    summary = house.run()
    assert summary.schemes[0].retired == ["annual-2023"]
    assert (house.out / "thu/.old/annual-2023.html").exists()
    assert "annual-2023" not in house.files()["index.html"].decode()


def test_languages_stand_side_by_side(house: House) -> None:
    _with_units(house)
    house.run(units=True, years=[2023, 2024])
    before = house.files()
    summary = house.run(lang="en")
    assert summary.schemes[0].retired == []
    assert _statuses(summary) == {f"{page}.en": status for page, status in ALL.items()}
    assert describe(summary.schemes[0].results[0]) == "thu/annual-2023.en: built (0.1 s): there is no report yet"
    after = {name: content for name, content in house.files().items() if ".en." not in name}
    assert {name for name in before if after[name] != before[name]} == {"index.html"}, "it links the English one"
    assert "units/g-2023.en.html" not in house.files()["index.en.html"].decode()
    house.run(lang="en", units=True, years=[2023])
    assert "units/g-2023.en.html" in house.files()["index.en.html"].decode()
    del house.manifests["thu"]["units"]["2023"]["g"]
    assert house.run(lang="en").schemes[0].retired == ["units/g-2023.en"]
    assert (house.out / "thu/units/g-2023.html").exists()
    assert "units/g-2023" in house.run().schemes[0].retired
    house.engine.ran.clear()
    assert set(_statuses(house.run()).values()) == {"unchanged"}
    house.run(lang="en")
    assert house.engine.ran == []


def test_failure_and_problems_are_told_in_the_language_of_the_run(house: House) -> None:
    house.engine.failures["annual-2024.en"] = FAILURE
    house.add("thu", broken_years=[2023], problems=[_problem(2023)])
    summary = house.run(lang="en")
    assert summary.as_dict()["schemes"]["thu"]["problems"][0]["what"] == "There is no such folder or file."
    assert _statuses(summary)["annual-2024.en"] == "stopped", "it shows the year before too"
    house.add("thu")
    house.run(lang="en")
    page = (house.out / "thu/annual-2024.en.failure.html").read_text("utf-8")
    assert "The report could not be made: Ranking of 2024" in page
    assert 'href="annual-2024.en.failure.html"' in house.files()["index.en.html"].decode()


def test_scheme_that_is_gone_leaves_the_index(house: House) -> None:
    house.add("khac")
    house.run()
    assert "khac/index.html" in (house.out / "index.html").read_text("utf-8")
    (house.raw / "khac/scheme.toml").unlink()
    house.run()
    assert "khac/index.html" not in (house.out / "index.html").read_text("utf-8")


def test_the_index_lists_new_periods_first_and_units_in_vietnamese_order(house: House) -> None:
    names = {"a": "Sở Y tế", "b": "Đài Phát thanh", "c": "Ban Dân tộc", "d": "Sở Tư pháp", "e": "Sở Tài chính"}
    units = {unit: {"group": "g", "name": name} for unit, name in names.items()}
    write_notebook(house.notebooks / "unit.ipynb", UNIT, UNIT_PARAMETERS)
    house.add("thu", units={"2024": units})
    house.run()
    house.run(units=True)
    page = house.files()["index.html"].decode()
    pages = ["annual-2024", "annual-2023", *(f"units/{unit}-2024" for unit in "cbeda")]
    places = [page.index(f'href="{name}.html"') for name in pages]
    assert places == sorted(places)


def test_leftovers_of_a_killed_run_do_no_harm(house: House) -> None:
    left = house.out / ".staging/thu/annual-2024/annual-2024.html"
    left.parent.mkdir(parents=True)
    left.write_text("half", "utf-8")
    assert house.run().exit_code == 0
    assert not left.exists()


def test_the_index_links_the_check_only_while_it_is_there(house: House) -> None:
    house.run()
    assert "check.html" not in house.files()["index.html"].decode()
    page = house.out / "thu/check.html"
    page.write_text("kiểm tra", "utf-8")
    house.run()
    assert 'href="check.html"' in house.files()["index.html"].decode()
    assert page.exists(), "no plan has it, and it is kept"
    page.unlink()
    house.run()
    assert "check.html" not in house.files()["index.html"].decode()


def test_second_run_waits_for_the_first(house: House) -> None:
    house.run()
    seen: list[str] = []
    with runner.publish.locked(house.out, "thu", "vi", lambda done, total, text: None):
        thread = threading.Thread(target=house.run, kwargs={"progress": lambda done, total, text: seen.append(text)})
        thread.start()
        thread.join(0.5)
        assert thread.is_alive()
    thread.join(20)
    assert not thread.is_alive()
    assert seen[0] == "thu: đang chờ một lần chạy khác kết thúc"


def test_progress_and_summary(house: House) -> None:
    house.engine.failures = {"annual-2024": FAILURE}
    seen: list[tuple[int, int, str]] = []
    summary = house.run(progress=lambda *event: seen.append(event))
    assert [event[:2] for event in seen] == [(0, 3), (1, 3), (2, 3), (3, 3)]
    assert any("thu/annual-2023: đã lập (0.1 s): chưa có báo cáo" in text for _, _, text in seen)
    content = json.loads(json.dumps(summary.as_dict()))
    assert content["exit_code"] == 1
    pages = {page["page"]: page for page in content["schemes"]["thu"]["pages"]}
    assert pages["annual-2024"]["failure"] == {"kind": "cell", "message": FAILURE.message, "cell": 2}
    assert content["schemes"]["thu"]["without_data"] == ["2031-2035"]


def test_results_stand_in_the_order_of_the_plan_whatever_ends_first(house: House) -> None:
    house.engine.delays = {"annual-2023": 0.3}
    seen: list[str] = []
    summary = house.run(jobs=3, progress=lambda done, total, text: seen.append(text))
    assert "annual-2023" in seen[-1]
    assert list(_statuses(summary)) == list(ALL)


@pytest.mark.slow
def test_unchanged_run_imports_neither_pandas_nor_papermill(house: House) -> None:
    # the whole of it: schemes, plan, manifests, index
    house.run()
    code = """
import sys
from pathlib import Path
from cchc import processed
from cchc.reports import runner, schemes
from tests.pages import manifest
processed.manifest = lambda folder: manifest()
raw, out, notebooks = map(Path, sys.argv[1:])
summary = runner.report(raw, out, notebooks=notebooks)
assert {result.status for run in summary.schemes for result in run.results} == {"unchanged"}
assert not {"pandas", "papermill", "numpy", "nbconvert", "matplotlib"} & set(sys.modules), sorted(sys.modules)
"""
    command = [sys.executable, "-c", code, str(house.raw), str(house.out), str(house.notebooks)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=Path(__file__).parents[1])
    assert done.returncode == 0, done.stderr


# Pages of single units


def _with_units(house: House) -> None:
    write_notebook(house.notebooks / "unit.ipynb", UNIT, UNIT_PARAMETERS)
    found = {unit: {"group": unit, "name": f"Sở {unit.upper()}"} for unit in "gh"}
    slices = {f"{year}/{group}": "0" for year in (2023, 2024) for group in "gh"}
    house.add("thu", units={"2023": found, "2024": found}, slices=slices)


def test_scorecards_are_built_when_asked_for_and_of_the_latest_year(house: House) -> None:
    _with_units(house)
    summary = house.run()
    assert sorted(house.engine.ran) == list(ALL)
    assert _statuses(summary) == ALL, "nobody is told of the thousands that were not asked for"
    assert house.run(units=True).exit_code == 0
    assert sorted(house.engine.ran) == ["units/g-2024", "units/h-2024"]
    assert house.run(units=True, years=[2023]).exit_code == 0
    assert sorted(house.engine.ran) == ["units/g-2023", "units/h-2023"]


def test_latest_year_with_an_error_has_no_scorecards(house: House) -> None:
    _with_units(house)
    house.manifests["thu"]["broken_years"] = [2024]
    house.run(units=True)
    assert {page for page in house.engine.ran if page.startswith("units/")} == {"units/g-2023", "units/h-2023"}


def test_run_without_units_keeps_the_scorecards_and_lists_them(house: House) -> None:
    _with_units(house)
    house.run(units=True, years=[2023])
    house.run(units=True)
    slices = {**house.manifests["thu"]["slices"], "2024/g": "corrected"}
    house.manifests["thu"]["slices"] = slices
    summary = house.run()
    run = summary.schemes[0]
    assert run.retired == []
    assert sorted(house.engine.ran) == ["annual-2024", "stage-2023-2025"]
    statuses = _statuses(summary)
    assert statuses["units/g-2024"] == "outdated"
    assert statuses["units/h-2024"] == statuses["units/g-2023"] == "unchanged"
    text = (house.out / "thu/index.html").read_text("utf-8")
    for page in ("g-2024", "h-2024", "g-2023", "h-2023"):
        assert (house.out / f"thu/units/{page}.html").exists()
        assert f'href="units/{page}.html"' in text
    assert text.count("chưa cập nhật: dữ liệu đã thay đổi: 2024/g") == 1
    assert 'href="thu/index.html#tim-don-vi"' in (house.out / "index.html").read_text("utf-8")


def test_correction_rebuilds_no_other_groups_scorecard(house: House) -> None:
    _with_units(house)
    house.run(units=True)
    house.manifests["thu"]["slices"] = {**house.manifests["thu"]["slices"], "2023/g": "corrected"}
    house.run(units=True)
    assert sorted(house.engine.ran) == ["annual-2023", "annual-2024", "stage-2023-2025", "units/g-2024"]


def test_scorecard_of_a_unit_that_is_gone_moves_aside(house: House) -> None:
    _with_units(house)
    house.run(units=True)
    del house.manifests["thu"]["units"]["2024"]["h"]
    assert house.run().schemes[0].retired == ["units/h-2024"]
    assert (house.out / "thu/.old/units/h-2024.html").exists()


def test_tasks_carry_engine_limits_and_parameters(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    tasks = []

    def run_task(task: Any) -> Any:
        tasks.append(task)
        return house.engine(task)

    monkeypatch.setattr(runner, "run_notebook", run_task)
    (house.raw / "thu").rename(house.raw / "01")
    house.manifests["01"] = house.manifests["thu"]
    house.run(engine="nbclient", years=[2024])
    [task] = tasks
    assert task.engine == "nbclient"
    assert task.parameters == {"scheme": "01", "year": 2024, "lang": "vi", "out": str(task.folder)}
    assert task.folder == house.out / ".staging/01/annual-2024"
    assert task.environment["CCHC_RAW"] == str(house.raw)


# The whole of it, in processes of its own


@pytest.mark.slow
def test_same_inputs_same_bytes(tmp_path: Path) -> None:
    runs = []
    for name, seed, zone in (("a", "1", "Asia/Ho_Chi_Minh"), ("một chỗ khác", "2", "America/New_York")):
        raw = tmp_path / name / "data/raw"
        shutil.copytree(ROOT / "data/raw/tay-ninh", raw / "tay-ninh")
        environment = script_environment(PYTHONHASHSEED=seed, TZ=zone)
        for variable in ("CCHC_RAW", "CCHC_OUT", "CCHC_PROCESSED"):
            environment.pop(variable, None)
        command = [sys.executable, "-m", "cchc", "report", "tay-ninh", "--raw", str(raw), "-q"]
        if runs and shutil.which("faketime"):
            command = ["faketime", "+400 days", *command]
        runs.append(subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True))
        if len(runs) == 1:
            threading.Event().wait(1.1)  # another second on the clock
    for run in runs:
        _, errors = run.communicate(timeout=120)
        assert run.returncode == 0, errors
    first, second = (_files(tmp_path / name / "reports") for name in ("a", "một chỗ khác"))
    assert {"tay-ninh/annual-2023.html", "tay-ninh/annual-2023.xlsx", "tay-ninh/annual-2023.json"} <= set(first)
    assert sorted(first) == sorted(second)
    assert [name for name in first if first[name] != second[name]] == []


def _files(folder: Path) -> dict[str, bytes]:
    paths = [path for path in folder.rglob("*") if path.is_file() and ".staging" not in path.parts]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}
