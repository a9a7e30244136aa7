"""The examples of deploy/: what can be tried is tried, the rest is held against what it names."""

from __future__ import annotations

import ast
import datetime as dt
import os
import re
import shutil
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

import pytest

from cchc.reports.sources import check_parameters, find_sources
from cchc.scaffold import new_scheme

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"
HOME = "/opt/cchc"
"""Where the examples say that the project is."""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder as the examples expect it: the commands under .venv, one scheme under data/raw."""
    commands = tmp_path / ".venv" / "bin"
    commands.mkdir(parents=True)
    script = commands / "cchc"
    script.write_text(f'#!/bin/sh\nPYTHONPATH={ROOT} exec {sys.executable} -m cchc "$@"\n')
    script.chmod(0o755)
    new_scheme(tmp_path / "data" / "raw", "thu")
    return tmp_path


def _schedule(home: Path, log: Path) -> str:
    """Return deploy/crontab for `home`, each minute instead of each working day."""
    text = (DEPLOY / "crontab").read_text(encoding="utf-8")
    text = text.replace(f"CCHC_HOME={HOME}", f"CCHC_HOME={home}")
    text = text.replace("CCHC_LOG=/var/log/cchc/report.log", f"CCHC_LOG={log}")
    assert text.count("15 5 * * 1-5") == 1
    return text.replace("15 5 * * 1-5", "* * * * *")


def _crontab(text: str) -> None:
    subprocess.run(["crontab", "-"], input=text, text=True, check=True)


@pytest.fixture
def cron() -> Iterator[None]:
    """A running cron daemon; the user's crontab is afterwards what it was."""
    if os.geteuid() or not shutil.which("cron"):
        pytest.skip("needs root and Debian's cron")
    before = subprocess.run(["crontab", "-l"], capture_output=True, text=True, check=False).stdout
    daemon = subprocess.Popen(["cron", "-f"], stderr=subprocess.DEVNULL)
    yield
    _crontab(before)
    daemon.kill()
    daemon.wait()


@pytest.mark.slow
def test_cron_builds_the_pages_and_the_log_has_times(cron: None, home: Path) -> None:
    log = home / "report.log"
    _crontab(_schedule(home, log))
    page = home / "reports" / "thu" / "index.html"
    until = time.monotonic() + 180
    while time.monotonic() < until and not (page.exists() and "Đã lập" in log.read_text("utf-8")):
        time.sleep(0.5)
    lines = log.read_text("utf-8").splitlines()
    assert page.exists(), lines
    assert list((home / "reports" / "thu" / "units").glob("*.html"))
    for line in lines:
        stamp = dt.datetime.fromisoformat(line.split(" ")[0])
        assert stamp.tzinfo is not None


@pytest.mark.slow
def test_a_scheduled_run_that_finds_nothing_to_do_logs_nothing(home: Path) -> None:
    command = [home / ".venv" / "bin" / "cchc", "report", "--units"]
    first = subprocess.run(command, cwd=home, capture_output=True, text=True, check=False)
    assert (first.returncode, first.stdout) == (0, "")
    assert re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d thu/", first.stderr)
    again = subprocess.run(command, cwd=home, capture_output=True, text=True, check=False)
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")


def test_systemd_accepts_service_and_timer(home: Path) -> None:
    if not shutil.which("systemd-analyze"):
        pytest.skip("needs systemd-analyze")
    units = []
    for name in ("cchc-report.service", "cchc-report.timer"):
        text = (DEPLOY / name).read_text(encoding="utf-8")
        unit = home / name
        unit.write_text(text.replace(HOME, str(home)), encoding="utf-8")
        units.append(unit)
    (home / "docs").mkdir()
    shutil.copy(ROOT / "docs" / "scheduling.md", home / "docs")
    checked = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stderr) == (0, "")
    when = re.search(r"OnCalendar=(.*)", units[1].read_text("utf-8"))
    assert when is not None
    subprocess.run(["systemd-analyze", "calendar", when[1]], check=True, capture_output=True)


def test_windows_task_runs_the_command_on_working_days() -> None:
    space = {"t": "http://schemas.microsoft.com/windows/2004/02/mit/task"}
    task = ET.parse(DEPLOY / "windows-task.xml").getroot()
    days = task.find(".//t:DaysOfWeek", space)
    assert days is not None
    assert [day.tag.rpartition("}")[2] for day in days] == ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"]
    assert "cchc.exe report --units" in task.findtext(".//t:Arguments", "", space)
    assert task.findtext(".//t:MultipleInstancesPolicy", "", space) == "IgnoreNew"
    start = dt.datetime.fromisoformat(task.findtext(".//t:StartBoundary", "", space))
    assert (start.hour, start.minute, start.utcoffset()) == (5, 15, dt.timedelta(hours=7))


def test_the_airflow_operator_passes_what_the_notebook_takes() -> None:
    tree = ast.parse((DEPLOY / "airflow_dag.py").read_text(encoding="utf-8"))
    (call,) = (
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "PapermillOperator"
    )
    given = {keyword.arg: keyword.value for keyword in call.keywords}
    assert set(given) == {"task_id", "input_nb", "output_nb", "parameters"}
    parameters = ast.literal_eval(given["parameters"])
    notebook = ast.unparse(given["input_nb"]).rpartition("/")[2].rstrip("'\"")
    (source,) = (source for source in find_sources(ROOT / "notebooks") if source.path.name == notebook)
    check_parameters(source, parameters)
    assert (ROOT / "data" / "raw" / parameters["scheme"] / "scores").exists()
