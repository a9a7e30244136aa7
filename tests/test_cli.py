"""The commands: options, exit codes, what goes to stdout and what to stderr."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from cchc import cli, processed
from cchc.console import difference_line
from cchc.problems import InputError, Problem
from cchc.reports import runner
from cchc.reports.child import Failure
from cchc.reports.cluster import ClusterError
from cchc.reports.sources import CallError
from cchc.reports.summary import Summary
from tests.pages import FakeEngine, write_notebooks

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def raw(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A raw folder with the bundled tay-ninh; processed and out beside it."""
    folder = tmp_path / "data/raw"
    shutil.copytree(ROOT / "data/raw/tay-ninh", folder / "tay-ninh")
    monkeypatch.setenv("CCHC_RAW", str(folder))
    # set although it is the default, so that what a command sets is taken back after the test
    monkeypatch.setenv("CCHC_PROCESSED", str(tmp_path / "data/processed"))
    monkeypatch.delenv("CCHC_OUT", raising=False)
    return folder


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeEngine:
    """An engine that makes files at once, and tiny notebooks."""
    made, report, notebooks = FakeEngine(), runner.report, write_notebooks(tmp_path / "notebooks")
    monkeypatch.setattr(runner, "run_notebook", made)
    monkeypatch.setattr(runner, "report", lambda *a, **k: report(*a, **k, notebooks=notebooks))
    return made


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(cli.app, [str(argument) for argument in arguments])


def _replace(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8-sig")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), "utf-8")


@pytest.mark.parametrize("command", ["", "new", "check", "report", "verify", "freeze", "why", "awards", "publish"])
def test_help_teaches(command: str) -> None:
    text = _run(*command.split(), "--help").output
    assert "Mã thoát (exit codes):" in text
    assert f"cchc {command}" in text


def test_verify_reproduces_the_bundled_decision(raw: Path) -> None:
    result = _run("verify", "tay-ninh")
    assert result.output == "2023: 25/25 đơn vị tái lập\n"
    assert result.exit_code == 0


def test_verify_names_a_difference_and_fails(raw: Path) -> None:
    path = raw / "tay-ninh/published/2023.csv"
    line = path.read_text("utf-8-sig").splitlines()[1]
    unit, index, *rest = line.split(",")
    changed = f"{float(index) - 0.5:.2f}"
    _replace(path, line, ",".join((unit, changed, *rest)))
    result = _run("verify", "tay-ninh", "--year", "2023")
    assert result.exit_code == 1
    assert "2023: 24/25 đơn vị tái lập" in result.output
    assert f"chỉ số công bố {changed.replace('.', ',')}" in result.output
    assert "(chênh −0,50)" in result.output
    assert "thứ hạng của năm" in result.output


def test_verify_without_anything_published(raw: Path) -> None:
    result = _run("verify", "tay-ninh", "--year", "2022")
    assert result.exit_code == 2
    assert result.stderr == "tay-ninh: chưa có bảng công bố năm 2022 để so; đã công bố: 2023\n"
    shutil.rmtree(raw / "tay-ninh/published")
    result = _run("verify", "tay-ninh")
    assert result.exit_code == 2
    assert result.stderr == "tay-ninh: chưa có bảng công bố để so; đã công bố: —\n"


def test_difference_line_shows_announced_decimals_and_what_moves() -> None:
    line: dict[Any, Any] = {
        "period": "2023", "name_vi": "Sở A", "status": "differs", "published_index_score": 85.125, "index_score": 85.12,
        "index_difference": 0.005, "published_rank": 3, "rank": 4, "published_grade": "Tốt", "grade": "Tốt",
        "changes_place": True, "changes_stage_place": False,
    }  # fmt: skip
    assert difference_line(line, "Sở ngành", 2) == (
        "2023 · Sở ngành · Sở A: chỉ số công bố 85,125, tính lại 85,120 (chênh +0,005); hạng công bố 3, tính lại 4; "
        "đổi thứ hạng của năm, không đổi thứ hạng của giai đoạn"
    )
    only_rank = {**line, "published_index_score": float("nan"), "index_difference": float("nan")}
    assert "Sở A: hạng công bố 3, tính lại 4; đổi" in difference_line(only_rank, "Sở ngành", 2)
    assert "không tính lại được" in difference_line({**line, "status": "not_scored"}, "Sở ngành", 2)
    assert "không có trong bảng công bố" in difference_line({**line, "status": "not_announced"}, "Sở ngành", 2)


def test_check_of_good_input(raw: Path) -> None:
    result = _run("check")
    assert result.exit_code == 0
    assert "tay-ninh: 0 lỗi" in result.output
    page = raw.parents[1] / "reports/tay-ninh/check.html"
    assert result.stderr == f"Trang kiểm tra: {page}\n"
    assert page.exists()


def test_check_writes_where_it_is_told_and_json_alone_to_stdout(raw: Path, tmp_path: Path) -> None:
    result = _run("check", "--json", "--out", str(tmp_path / "o"))
    assert "maximum-differs" in {item["code"] for item in json.loads(result.stdout)["tay-ninh"]}
    assert {path.name for path in (tmp_path / "o/tay-ninh").iterdir()} == {"check.html", "check.xlsx"}


def test_check_prints_even_where_its_page_cannot_be_written(raw: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    result = _run("check", "--out", str(tmp_path / "file"))
    assert result.exit_code == 1
    assert "tay-ninh: 0 lỗi" in result.stdout
    assert result.stderr.startswith("Không đọc hoặc ghi được:")


def test_check_prints_every_problem_of_every_scheme(raw: Path) -> None:
    shutil.copytree(raw / "tay-ninh", raw / "khac")
    _replace(raw / "khac/scheme.toml", "schema_version = 1", 'schema_version = 1\ntitel = "x"')
    scores = next((raw / "tay-ninh/scores").iterdir())
    lines = scores.read_text("utf-8-sig").splitlines()
    scores.write_text("\n".join([*lines, "khong-co" + "," * lines[0].count(","), lines[1]]) + "\n", "utf-8")
    result = _run("check")
    assert result.exit_code == 2
    assert f"tay-ninh · {scores.name} · " in result.output
    assert "LỖI [scheme-unknown-key] khac · scheme.toml · titel “titel”" in result.output
    assert "khac: 1 lỗi" in result.output
    found = json.loads(_run("check", "khac", "--json").stdout)
    assert found["khac"][0]["code"] == "scheme-unknown-key"
    assert found["khac"][0]["remedy"]


def test_check_prints_a_table_on_a_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    cli.print_problems({"thu": [Problem("scheme-missing", "scheme.toml", value="[bold]")]}, "vi")
    text = capsys.readouterr().out
    assert "Cách xử" in text
    assert "[bold]" in text


@pytest.mark.parametrize("command", ["check", "report", "verify"])
def test_unknown_scheme_is_named_with_the_nearest(raw: Path, command: str) -> None:
    result = _run(command, "tay-nin")
    assert result.exit_code == 2
    assert "“tay-nin”" in result.stderr
    assert "gần nhất: tay-ninh" in result.stderr


def test_new_writes_once(raw: Path) -> None:
    result = _run("new", "thi-diem")
    assert result.exit_code == 0
    assert (raw / "thi-diem/scheme.toml").exists()
    assert "cchc check thi-diem" in result.output
    again = _run("new", "thi-diem")
    assert again.exit_code == 2
    assert "giữ nguyên" in again.stderr
    assert _run("new", "Thí điểm").exit_code == 2


@pytest.mark.parametrize("arguments", [("--nonsense",), ("--year", "abc"), ("--jobs", "0")])
def test_wrong_call_is_exit_2(raw: Path, arguments: tuple[str, ...]) -> None:
    assert _run("report", *arguments).exit_code == 2


def test_unknown_engine_is_named_with_those_there_are(raw: Path) -> None:
    result = _run("report", "--engine", "quick")
    assert result.exit_code == 2
    assert result.stderr == "Không có engine “quick”; có: cchc, nbclient\n"


@pytest.mark.parametrize("error", [CallError("câu"), ClusterError("câu")])
def test_what_cannot_be_carried_out_is_a_sentence(raw: Path, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def report(*_: object, **__: object) -> Summary:
        raise error

    monkeypatch.setattr(runner, "report", report)
    result = _run("report")
    assert (result.exit_code, result.stderr) == (2, "câu\n")


@pytest.mark.parametrize("command", ["check", "report"])
def test_language_without_translation_is_refused(raw: Path, command: str) -> None:
    result = _run(command, "--lang", "fr")
    assert result.exit_code == 2
    assert result.stderr == "Chưa có bản dịch cho ngôn ngữ “fr”; đang có: vi, en\n"


def test_year_without_scores_is_exit_2(raw: Path, engine: FakeEngine) -> None:
    result = _run("report", "--year", "1999")
    assert result.exit_code == 2
    assert result.stderr == "Năm 1999 không có điểm (tay-ninh); đang có: 2023\n"


def test_report_speaks_while_it_works_and_is_silent_when_nothing_changed(raw: Path, engine: FakeEngine) -> None:
    result = _run("report")
    assert result.exit_code == 0
    out = raw.parents[1] / "reports"
    assert result.stdout == ""
    assert "tay-ninh/annual-2023: đã lập" in result.stderr
    assert result.stderr.endswith(f"Đã lập 1 báo cáo. Mục lục: {out / 'index.html'}\n")
    assert (out / "tay-ninh/annual-2023.html").exists()
    again = _run("report")
    assert (again.exit_code, again.output) == (0, "")


def test_report_dry_run_quiet_and_json(raw: Path, engine: FakeEngine, tmp_path: Path) -> None:
    other = str(tmp_path / "other")
    assert _run("report", "--dry-run", "--out", other).stdout == "tay-ninh/annual-2023: sẽ lập: chưa có báo cáo\n"
    result = _run("report", "-q", "--json", "--out", other)
    assert result.stderr == ""
    assert json.loads(result.stdout)["schemes"]["tay-ninh"]["pages"][0]["status"] == "built"
    assert (tmp_path / "other/tay-ninh/annual-2023.html").exists()
    assert _run("report", "--dry-run", "--out", other).stdout == "Không có gì phải lập.\n"
    assert "theo yêu cầu" in _run("report", "--dry-run", "--force", "--out", other).stdout


def test_failed_page_is_exit_1_and_loud_even_when_quiet(raw: Path, engine: FakeEngine) -> None:
    engine.failures = {"annual-2023": Failure("timeout", "900 s")}
    result = _run("report", "-q")
    assert result.exit_code == 1
    assert "tay-ninh/annual-2023: THẤT BẠI (0.1 s): Notebook chạy quá thời hạn: 900 s" in result.stderr


def test_stopped_scheme_is_exit_2_with_its_problems(raw: Path, engine: FakeEngine) -> None:
    _replace(raw / "tay-ninh/scheme.toml", "schema_version = 1", 'schema_version = 1\ntitel = "x"')
    result = _run("report", "-q")
    assert result.exit_code == 2
    assert "LỖI [scheme-unknown-key] tay-ninh · scheme.toml · titel" in result.stderr


def test_options_reach_the_runner(raw: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    called: dict[str, Any] = {}

    def report(raw: Path, out: Path, **options: Any) -> Summary:
        called.update(options, raw=raw, out=out)
        return Summary((), None)

    monkeypatch.setattr(runner, "report", report)
    arguments = "report a b --year 2023 --year 2024 --stage 2021-2025 --jobs 3 --force --dry-run --units"
    elsewhere = tmp_path / "elsewhere"
    arguments += " --engine nbclient --cluster tcp://host:8786"
    result = _run(*arguments.split(), "--raw", str(elsewhere), "--processed", str(tmp_path / "p"), "--out", "o")
    assert result.exit_code == 0
    del called["progress"]
    assert called == {
        "raw": elsewhere, "out": Path("o"), "schemes": ["a", "b"], "years": [2023, 2024], "stages": ["2021-2025"],
        "lang": "vi", "jobs": 3, "force": True, "dry_run": True, "units": True, "engine": "nbclient",
        "cluster_address": "tcp://host:8786",
    }  # fmt: skip
    assert os.environ["CCHC_RAW"] == str(elsewhere), "the notebooks' own processes read it"
    assert os.environ["CCHC_PROCESSED"] == str(tmp_path / "p")


def test_unwritable_place_is_a_sentence(raw: Path, engine: FakeEngine, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    result = _run("report", "--out", str(tmp_path / "file"))
    assert result.exit_code == 1
    assert result.stderr.startswith("Không đọc hoặc ghi được:")


def test_input_error_of_a_command_is_printed(raw: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def load(folder: Path) -> None:
        raise InputError([Problem("scheme-missing", "units.csv", value="x")])

    monkeypatch.setattr(processed, "load", load)
    result = _run("verify", "tay-ninh")
    assert result.exit_code == 2
    assert "LỖI [scheme-missing] units.csv “x”" in result.stderr


def test_module_speaks_utf_8_wherever_it_runs() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "cchc", "--help"], capture_output=True, env={**os.environ, "PYTHONIOENCODING": "ascii"}
    )
    assert done.returncode == 0
    assert "Xếp hạng chỉ số cải cách hành chính" in done.stdout.decode("utf-8")


def test_freeze_and_why(raw: Path, engine: FakeEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    from cchc.reports import freezing

    freeze = freezing.freeze
    notebooks = raw.parents[1] / "notebooks"
    monkeypatch.setattr(freezing, "freeze", lambda *a, **k: freeze(*a, **k, notebooks=notebooks))
    call = ("freeze", "tay-ninh", "--year", "2023", "--decision", "2729/QĐ-UBND", "--date", "25/12/2023")
    result = _run(*call)
    assert result.exit_code == 2
    assert result.stderr.endswith("Lập lại bằng: cchc report tay-ninh --year 2023\n")
    assert _run("report", "-q").exit_code == 0
    result = _run(*call)
    assert (result.exit_code, result.output) == (
        0,
        "Đã chốt 2023: công bố lần 1 (2729/QĐ-UBND). Lập lại trang bằng: cchc report tay-ninh --year 2023\n",
    )
    again = _run(*call)
    assert (again.exit_code, again.output.startswith("Không có gì thay đổi: 2023 đã chốt")) == (0, True)
    assert _run("verify", "tay-ninh").output == "2023: 25/25 đơn vị tái lập\n"
    for options in ((), ("--edition", "1")):
        result = _run("why", "tay-ninh", "thanh-tra-tinh", "--year", "2023", *options)
        assert result.exit_code == 0
        assert "Công bố lần 1 (2729/QĐ-UBND, ngày 25/12/2023): chỉ số 96,50, hạng 2" in result.output
    found = json.loads(_run("why", "tay-ninh", "Thanh tra tỉnh", "--year", "2023", "--json").stdout)
    assert (found["unit_id"], found["rank"]) == ("thanh-tra-tinh", 2)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("why tay-ninh thanh-tra-tinh", "--year"),
        ("why tay-ninh thanh-tra-tinh --year 2023 --stage 2021-2025", "--year"),
        ("why tay-ninh thanh-tra-tinh --stage 2021", "2021-2025"),
        ("why tay-ninh thanh-tra-tin --year 2023", "thanh-tra-tinh"),
        ("why tay-ninh thanh-tra-tinh --year 2022", "2023"),
        ("why tay-ninh thanh-tra-tinh --year 2023 --edition 2", "đang có: 1"),
        ("why tay-ninh thanh-tra-tinh --year 2023 --edition 1", "do người nhập"),
        ("freeze tay-ninh --year 2023 --date 25/12/2023", "--decision"),
        ("freeze tay-ninh --year 2023 --decision 1/QĐ", "--date"),
        ("freeze tay-ninh --decision 1/QĐ --date 25/12/2023", "--year"),
    ],
)
def test_wrong_calls_of_freeze_and_why_are_sentences(raw: Path, arguments: str, said: str) -> None:
    result = _run(*arguments.split())
    assert result.exit_code == 2
    assert said in result.stderr


def test_awards_prints_the_proposal(raw: Path) -> None:
    shutil.copytree(ROOT / "data/raw/so-gddt", raw / "so-gddt")
    result = _run("awards", "so-gddt", "--year", "2022")
    assert result.exit_code == 0
    assert result.output.startswith("Dự kiến đề nghị khen thưởng · ")
    assert "DỮ LIỆU MINH HỌA" in result.output
    assert "    - Chọn 1 trong 2: Người được đề nghị 10 (minh họa), Người được đề nghị 11 (minh họa) (" in result.output
    chain = _run("why", "so-gddt", "thpt-01", "--year", "2022").output
    assert "Khen thưởng:\n  Giấy khen của Giám đốc Sở cho tập thể: đề nghị (trong chỉ tiêu)." in chain
    assert "Người được đề nghị" not in chain
    found = json.loads(_run("why", "so-gddt", "thpt-01", "--year", "2022", "--json").stdout)
    assert [(item["award"], item["status"]) for item in found["awards"]] == [("giay-khen-tap-the", "proposed")]


@pytest.mark.parametrize(
    ("call", "said"),
    [("awards tay-ninh", "--year"), ("awards tay-ninh --year 2023", "tay-ninh không có khen thưởng nào cho kỳ 2023"),
     ("awards tay-ninh --stage 2021-2025", "2021-2025")],
)  # fmt: skip
def test_awards_that_cannot_be_proposed(raw: Path, call: str, said: str) -> None:
    result = _run(*call.split())
    assert result.exit_code == 2
    assert said in result.stderr
    assert result.stdout == ""


def test_nominations_in_error_stop_the_proposal_and_no_place(raw: Path) -> None:
    shutil.copytree(ROOT / "data/raw/so-gddt", raw / "so-gddt")
    _replace(raw / "so-gddt/nominations/2022.csv", "thpt-07,", "thpt-70,")
    result = _run("awards", "so-gddt", "--year", "2022")
    assert result.exit_code == 2
    assert "LỖI [unknown-unit] nominations/2022.csv · dòng 12, cột unit: Không có đơn vị “…”" in result.stderr
    chain = _run("why", "so-gddt", "thpt-01", "--year", "2022")
    assert chain.exit_code == 0
    assert "Hạng: 3/9" in chain.output
    assert "của kỳ này có lỗi; xem: cchc check" in chain.output


def test_publish(raw: Path, engine: FakeEngine, tmp_path: Path) -> None:
    target, out = tmp_path / "chung", raw.parents[1] / "reports"
    result = _run("publish", target)
    assert result.exit_code == 2
    assert "cchc report" in result.stderr
    assert _run("report", "-q").exit_code == 0
    result = _run("publish", target, "--dry-run")
    assert result.exit_code == 0
    assert "sẽ chép: tay-ninh/annual-2023.html\n" in result.stdout
    assert not target.exists()
    result = _run("publish", target)
    assert (result.exit_code, result.stdout) == (0, "")
    assert "tay-ninh/annual-2023.html: đã chép\n" in result.stderr
    assert result.stderr.endswith(f"Đã chép 5 tệp, xóa 0, giữ nguyên 0: {target}\n")
    assert (target / "index.html").exists()
    again = _run("publish", target, "tay-ninh")
    assert (again.exit_code, again.output) == (0, "")
    assert _run("publish", target, "--dry-run").stdout == "Không có gì phải chép.\n"
    assert _run("publish", target, "tay-nin").exit_code == 2
    assert _run("publish", out / "trong").exit_code == 2
    (tmp_path / "file").write_text("", "utf-8")
    result = _run("publish", tmp_path / "file/chung")
    assert result.exit_code == 1
    assert result.stderr.startswith(f"Không đọc hoặc ghi được: {tmp_path / 'file/chung'}")


def test_publish_copies_the_rest_where_a_set_is_torn_and_is_exit_1(
    raw: Path, engine: FakeEngine, tmp_path: Path
) -> None:
    shutil.copytree(raw / "tay-ninh", raw / "khac")
    target, out = tmp_path / "gui.zip", tmp_path / "reports"
    assert _run("report", "-q", "--out", out).exit_code == 0
    (out / "khac/annual-2023.xlsx").write_bytes(b"torn")
    result = _run("publish", target, "-q", "--out", out)
    assert result.exit_code == 1
    assert result.stderr.endswith(
        "khac/annual-2023: để lại, vì tệp không khớp bản kê; lập lại bằng: cchc report khac\n"
    )
    assert target.exists()


def test_options_reach_the_sharing(raw: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from cchc.reports import sharing
    from cchc.reports.targets import Changes

    called: dict[str, Any] = {}

    def share(out: Path, schemes: list[str], target: str, **options: Any) -> sharing.Shared:
        called.update(options, out=out, schemes=schemes, target=target)
        return sharing.Shared(Changes((), ("a.html",), 1, 2), (), 3)

    monkeypatch.setattr(sharing, "share", share)
    result = _run("publish", "s3://kho", "tay-ninh", "--personal", "--delete", "--dry-run", "--out", "o")
    del called["progress"]
    assert called == {
        "out": Path("o"), "schemes": ["tay-ninh"], "target": "s3://kho",
        "personal": True, "delete": True, "dry_run": True,
    }  # fmt: skip
    assert result.stdout == "sẽ xóa: a.html\n"
    assert "3 trang có tên cá nhân được để lại" in result.stderr
    assert "s3://kho còn 2 tệp" in result.stderr
