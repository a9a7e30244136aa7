"""A whole run: what is built, what is left alone, what stops what."""

from __future__ import annotations

import json
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
from cchc.reports.engine import Failure
from cchc.reports.plan import CallError
from cchc.reports.summary import Summary, describe
from tests.pages import SCHEME, FakeEngine, manifest, write_notebooks

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
            "years": list(years), "details": {}}  # fmt: skip


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
    assert "scores/2023.csv" in index


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


def test_scheme_that_is_gone_leaves_the_index(house: House) -> None:
    house.add("khac")
    house.run()
    assert "khac/index.html" in (house.out / "index.html").read_text("utf-8")
    (house.raw / "khac/scheme.toml").unlink()
    house.run()
    assert "khac/index.html" not in (house.out / "index.html").read_text("utf-8")


def test_leftovers_of_a_killed_run_do_no_harm(house: House) -> None:
    left = house.out / ".staging/thu/annual-2024/annual-2024.html"
    left.parent.mkdir(parents=True)
    left.write_text("half", "utf-8")
    assert house.run().exit_code == 0
    assert not left.exists()


def test_second_run_waits_for_the_first(house: House) -> None:
    house.run()
    seen: list[str] = []
    lock = runner._lock(house.out, "thu", "vi", lambda done, total, text: None)
    thread = threading.Thread(target=house.run, kwargs={"progress": lambda done, total, text: seen.append(text)})
    thread.start()
    thread.join(0.5)
    assert thread.is_alive()
    lock.release()
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


def test_unchanged_run_imports_neither_pandas_nor_papermill(house: House) -> None:
    # the whole of it: schemes, plan, manifests, index
    house.run()
    code = """
import sys
from pathlib import Path
from cchc import processed
from cchc.reports import runner
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
