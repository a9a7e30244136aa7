"""The house itself: files that must agree with one another, the floors, lint, types, and that CI skips nothing."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import bootstrap
import cchc

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
READMES = [ROOT / "README.md", ROOT / "README.vi.md"]
PLAIN = ["-q", "-rs", "-p", "no:cacheprovider", "-p", "no:xdist", "--rootdir=."]


def run(program: str, *arguments: str, cwd: Path = ROOT, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a program of the environment: ``run("ruff", "check")``; variables set to "" are taken away."""
    names = {name: value for name, value in {**os.environ, "PYTHONUTF8": "1", **variables}.items() if value}
    command = [str(Path(sys.executable).with_name(program)), *arguments]
    return subprocess.run(command, cwd=cwd, env=names, capture_output=True, encoding="utf-8", check=False)


def settings() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def requirements() -> list[Requirement]:
    groups = settings()["dependency-groups"]
    return [Requirement(text) for text in [*settings()["project"]["dependencies"], *groups["test"], *groups["build"]]]


# Lint, types, floors


@pytest.mark.parametrize(
    "command",
    [
        pytest.param(["ruff", "check", "--no-cache"], id="lint"),
        pytest.param(["ruff", "format", "--check", "--no-cache"], id="format"),
        pytest.param(["mypy"], id="types"),
        pytest.param(["lint-imports", "--no-cache"], id="floors"),
    ],
)
def test_house_is_clean(command: list[str]) -> None:
    result = run(*command)
    assert result.returncode == 0, result.stdout + result.stderr


# Notebooks


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_is_committed_clean(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell for cell in code if cell.outputs or cell.execution_count is not None] == []
    assert len([cell for cell in code if "parameters" in cell.metadata.get("tags", [])]) == 1
    # a notebook to work in publishes nothing
    if path.stem not in {"cookbook", "explore"}:
        assert {"page", "per", "data"} <= set(notebook.metadata["cchc"])
    assert notebook.metadata["kernelspec"]["name"] == "python3"


def test_there_are_notebooks() -> None:
    assert {path.stem for path in NOTEBOOKS} >= {
        "annual_ranking",
        "stage_ranking",
        "unit_scorecard",
        "cookbook",
        "explore",
    }


# Dependencies


def test_environment_yml_is_pyproject() -> None:
    text = (ROOT / "environment.yml").read_text(encoding="utf-8")
    assert text == bootstrap.environment_yml(ROOT), "run: make environment"
    names = [line for line in text.split("dependencies:\n")[1].splitlines() if line]
    # conda knows neither extras nor markers: they would be wrong there, in silence
    assert [line for line in names if not re.fullmatch(r"  - [a-z0-9-]+(>=[0-9.]+)?", line)] == []


def test_lock_pins_every_dependency_and_holds_no_address() -> None:
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert not re.search(r"://|^\s*-(?!-hash=sha256:[0-9a-f]{64})|@|file:", text, flags=re.MULTILINE)
    entries = re.split(r"\n(?=\S)", text.strip())
    pins: dict[str, list[str]] = {}
    for entry in entries:
        found = re.match(r"([A-Za-z0-9._-]+)==([^\s;\\]+)", entry)
        assert found, entry
        assert "--hash=sha256:" in entry
        pins.setdefault(canonicalize_name(found[1]), []).append(found[2])
    for requirement in requirements():
        versions = pins.get(canonicalize_name(requirement.name), [])
        assert versions, f"{requirement}: not in requirements.lock, run: make lock"
        assert all(requirement.specifier.contains(version) for version in versions), f"{requirement}: {versions}"


def test_build_backend_is_in_the_build_group() -> None:
    # the project is installed without build isolation, from what the lock holds
    assert settings()["build-system"]["requires"] == settings()["dependency-groups"]["build"]


# The surface


def test_import_is_light() -> None:
    script = "import sys, cchc; cchc.__version__; print(*{name.split('.')[0] for name in sys.modules})"
    result = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    heavy = {"pandas", "numpy", "matplotlib", "papermill", "nbconvert", "IPython", "pydantic"}
    assert not heavy & set(result.stdout.split())


def test_no_room_hides_a_public_name() -> None:
    """A room that is imported becomes an attribute of the package, whatever had its name before."""
    rooms = {path.stem for path in (ROOT / "cchc").iterdir()}
    assert not rooms & set(cchc._ROOMS)


@pytest.mark.parametrize("name", cchc.__all__)
def test_surface_gives_each_name(name: str) -> None:
    assert getattr(cchc, name) is not None
    assert name in dir(cchc)


def test_surface_refuses_what_it_does_not_have() -> None:
    with pytest.raises(AttributeError, match="'rank_yaer'"):
        cchc.rank_yaer  # type: ignore[attr-defined]  # noqa: B018


# READMEs


@pytest.mark.parametrize("path", READMES, ids=lambda path: path.name)
def test_first_screen_holds_the_two_commands(path: Path) -> None:
    top = path.read_text(encoding="utf-8").splitlines()[:25]
    assert {"make report", "make test"} <= {line.split("#")[0].strip() for line in top}


@cache
def help_of(command: str) -> subprocess.CompletedProcess[str]:
    """Return what a command says of itself: asked once, however often the documents name it."""
    return run("cchc", command, "--help", COLUMNS="200", NO_COLOR="1", TERM="dumb")


@pytest.mark.parametrize("path", [*READMES, *sorted((ROOT / "docs").glob("*.md"))], ids=lambda path: path.name)
def test_commands_that_a_readme_names_exist(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+(?: [a-z]+)*):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE))
    known = {word for target in targets for word in target.split()}
    assert set(re.findall(r"\bmake ([a-z]+)", text)) <= known
    assert set(re.findall(r"bootstrap\.py ([a-z]+)", text)) <= {*bootstrap.COMMANDS, "environment"}
    for command, rest in re.findall(r"(?<!from )\bcchc (new|check|report|verify|[a-z]+)\b([^\n`|]*)", text):
        offered = help_of(command)
        assert offered.returncode == 0, f"cchc {command}: {offered.stderr}"
        assert set(re.findall(r"--[a-z-]+", rest)) <= set(re.findall(r"--[a-z-]+", offered.stdout))


def test_both_readmes_name_the_same_commands() -> None:
    commands = [
        set(re.findall(r"\b(?:cchc [a-z]+|make [a-z]+|bootstrap\.py [a-z]+|CCHC_[A-Z]+)\b", path.read_text("utf-8")))
        for path in READMES
    ]
    assert commands[0] == commands[1]


# CI skips nothing


@pytest.mark.parametrize(
    ("body", "passes"),
    [
        ("def test_it(): pytest.skip('absent')", False),
        ("pytest.skip('absent', allow_module_level=True)", False),
        ("@pytest.mark.may_skip\ndef test_it(): pytest.skip('absent')", True),
        ("@pytest.mark.xfail\ndef test_it(): assert False", True),
    ],
    ids=["test", "file", "allowed", "expected-failure"],
)
def test_skip_fails_in_ci(tmp_path: Path, body: str, passes: bool) -> None:
    (tmp_path / "conftest.py").write_bytes((ROOT / "tests" / "conftest.py").read_bytes())
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers = may_skip\n")
    (tmp_path / "test_it.py").write_text(f"import pytest\n{body}\n")
    result = run("pytest", *PLAIN, cwd=tmp_path, CI="true")
    assert (result.returncode == 0) is passes, result.stdout


@pytest.mark.slow
def test_shared_data_is_skipped_where_absent_and_fails_in_ci(tmp_path: Path) -> None:
    tests = tmp_path / "checkout" / "tests"
    tests.mkdir(parents=True)
    (tests / "conftest.py").write_bytes((ROOT / "tests" / "conftest.py").read_bytes())
    (tests / "test_it.py").write_text("def test_it(shared_data): assert shared_data.name == 'data'\n")
    result = run("pytest", *PLAIN, cwd=tests, CI="")
    assert result.returncode == 0
    assert "real data absent" in result.stdout
    assert run("pytest", *PLAIN, cwd=tests, CI="true").returncode == 1
    (tmp_path / "shared" / "data").mkdir(parents=True)
    assert run("pytest", *PLAIN, cwd=tests, CI="true").returncode == 0
