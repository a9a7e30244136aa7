"""bootstrap.py: what it refuses, what it installs, and that it does nothing the second time."""

from __future__ import annotations

import ast
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

import bootstrap


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout of two small files, where commands are noted down instead of run."""
    (tmp_path / "requirements.lock").write_text("a==1 --hash=sha256:00\n")
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    return tmp_path


@pytest.fixture
def commands(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    run: list[list[str]] = []

    def note(command: list[str], **options: object) -> SimpleNamespace:
        run.append(command)
        if "venv" in command:
            python = bootstrap.venv_python(checkout)
            python.parent.mkdir(parents=True, exist_ok=True)
            python.touch()
        return SimpleNamespace(returncode=0)

    monkeypatch.setattr(subprocess, "run", note)
    return run


def steps(commands: list[list[str]]) -> list[str]:
    names = {"venv": "venv", "--require-hashes": "lock", "-e": "project"}
    return [name for command in commands for word, name in names.items() if word in command]


def test_file_is_read_by_old_pythons_and_imports_only_the_standard_library() -> None:
    tree = ast.parse(Path(bootstrap.__file__).read_text(encoding="utf-8"), feature_version=(3, 7))
    imported = {
        name.split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names])
    }
    assert imported <= sys.stdlib_module_names
    newer = {"tomllib"}  # only inside functions, after the version was checked
    assert not newer & {alias.name for node in tree.body if isinstance(node, ast.Import) for alias in node.names}


def test_too_old_python_is_told_which_one_is_needed() -> None:
    with pytest.raises(bootstrap.SetUpError, match=r"3\.11.*3\.10"):
        bootstrap.check_python((3, 10))
    bootstrap.check_python((3, 11))


def test_missing_ensurepip_is_told_which_package_to_install() -> None:
    with pytest.raises(bootstrap.SetUpError, match="apt install python3-venv"):
        bootstrap.check_python((3, 12), modules=("venv", "no_such_module"))


def test_second_set_up_does_nothing(checkout: Path, commands: list[list[str]]) -> None:
    bootstrap.set_up(checkout)
    assert steps(commands) == ["venv", "lock", "project"]
    commands.clear()
    bootstrap.set_up(checkout)
    assert commands == []


@pytest.mark.parametrize(
    ("file", "expected"),
    [("requirements.lock", ["venv", "lock", "project"]), ("pyproject.toml", ["project"])],
)
def test_changed_file_renews_what_depends_on_it(
    checkout: Path, commands: list[list[str]], file: str, expected: list[str]
) -> None:
    bootstrap.set_up(checkout)
    commands.clear()
    (checkout / file).write_text("# changed\n")
    bootstrap.set_up(checkout)
    assert steps(commands) == expected


def test_environment_of_another_folder_is_made_anew(checkout: Path, commands: list[list[str]]) -> None:
    bootstrap.set_up(checkout)
    stamp = checkout / ".venv" / "cchc-setup.json"
    copied = {**json.loads(stamp.read_text()), "environment": "made elsewhere"}
    stamp.write_text(json.dumps(copied))
    commands.clear()
    bootstrap.set_up(checkout)
    assert steps(commands) == ["venv", "lock", "project"]


def test_stamp_depends_on_folder(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "requirements.lock").touch()
        (tmp_path / name / "pyproject.toml").touch()
    one, two = bootstrap.stamp_of(tmp_path / "one"), bootstrap.stamp_of(tmp_path / "two")
    assert one["environment"] != two["environment"]
    assert one["project"] == two["project"]


@pytest.mark.parametrize("broken", ["lock", "project"])
def test_interrupted_set_up_is_repaired(
    checkout: Path, commands: list[list[str]], monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    note = subprocess.run

    def fail(command: list[str], **options: object) -> object:
        return SimpleNamespace(returncode=1) if steps([command]) == [broken] else note(command, **options)

    bootstrap.set_up(checkout)
    before = (checkout / "requirements.lock").read_text()
    (checkout / "requirements.lock").write_text("a==2 --hash=sha256:11\n")
    monkeypatch.setattr(subprocess, "run", fail)
    with pytest.raises(bootstrap.SetUpError, match="--wheels"):
        bootstrap.set_up(checkout)
    monkeypatch.setattr(subprocess, "run", note)
    commands.clear()
    (checkout / "requirements.lock").write_text(before)  # the stamp of before must not vouch for what is half made
    bootstrap.set_up(checkout)
    assert steps(commands) == ["venv", "lock", "project"]


def test_wheels_are_installed_without_an_index(checkout: Path, commands: list[list[str]]) -> None:
    bootstrap.set_up(checkout, wheels=checkout)
    installs = [command for command in commands if "install" in command]
    assert len(installs) == 2
    for command in installs:
        assert command[command.index("--no-index") : -1][:3] == ["--no-index", "--find-links", str(checkout)]


def test_no_command_names_an_index(checkout: Path, commands: list[list[str]]) -> None:
    bootstrap.set_up(checkout)
    assert not [word for command in commands for word in command if "index-url" in word or "://" in word]


def test_arguments_after_the_dashes_are_passed_on(checkout: Path, commands: list[list[str]]) -> None:
    assert bootstrap.main(["test", "--", "-k", "ties", "--", "x"]) == 0
    assert Path(commands[-1][0]).name == "pytest"
    assert commands[-1][-4:] == ["-k", "ties", "--", "x"]


def test_exit_code_of_the_command_is_passed_on(
    checkout: Path, commands: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    bootstrap.set_up(checkout)
    monkeypatch.setattr(subprocess, "run", lambda *args, **options: SimpleNamespace(returncode=5))
    assert bootstrap.main(["test"]) == 5


def test_report_says_where_the_index_page_is(
    checkout: Path, commands: list[list[str]], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("CCHC_RAW", raising=False)
    monkeypatch.setenv("CCHC_OUT", "elsewhere")
    index = checkout / "elsewhere" / "index.html"
    assert bootstrap.main(["report"]) == 0
    assert index.as_uri() not in capsys.readouterr().err
    index.parent.mkdir()
    index.touch()
    bootstrap.main(["report"])
    assert index.as_uri() in capsys.readouterr().err


@pytest.mark.may_skip
@pytest.mark.skipif(os.name == "nt", reason="Windows ends processes without a signal")
def test_what_it_started_ends_with_it(checkout: Path) -> None:
    shutil.copy(bootstrap.__file__, checkout)
    python = bootstrap.venv_python(checkout)
    python.parent.mkdir(parents=True)
    python.touch()
    program = python.with_name("pytest")
    program.write_text("#!/bin/sh\necho $$ > started\nexec sleep 60\n")
    program.chmod(0o755)
    (checkout / ".venv" / "cchc-setup.json").write_text(json.dumps(bootstrap.stamp_of(checkout)))
    started = checkout / "started"
    with subprocess.Popen([sys.executable, str(checkout / "bootstrap.py"), "test"], cwd=checkout) as process:
        wait_until(lambda: started.is_file() and started.read_text().strip() != "")
        process.terminate()
    assert process.returncode == 143
    with pytest.raises(ProcessLookupError):
        os.kill(int(started.read_text()), 0)


def wait_until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.02)


def test_missing_folder_of_wheels_is_refused(checkout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as refusal:
        bootstrap.main(["test", "--wheels", str(checkout / "nowhere")])
    assert refusal.value.code == 2
    assert "nowhere" in capsys.readouterr().err


def test_environment_follows_pyproject(checkout: Path) -> None:
    (checkout / "pyproject.toml").write_text(
        '[project]\nrequires-python = ">=3.11"\ndependencies = ["pandas>=3"]\n'
        '[project.optional-dependencies]\ncluster = ["dask"]\n'
        '[dependency-groups]\ntest = ["pytest"]\nbuild = ["setuptools"]\n'
    )
    assert bootstrap.main(["environment"]) == 0
    lines = (checkout / "environment.yml").read_text(encoding="utf-8").splitlines()
    assert [line.removeprefix("  - ") for line in lines[-6:]] == [
        "python>=3.11", "pip", "pandas>=3", "dask", "pytest", "setuptools",
    ]  # fmt: skip
