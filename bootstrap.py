"""Set cchc up and run it, with nothing but Python: ``python bootstrap.py report | test | lab``.

The environment is made in .venv from requirements.lock (exact pins with hashes). No index address stands here or
there: pip's own configuration decides where packages come from, or ``--wheels DIR`` in an office without internet.
Standard library only; parts that an old Python meets before its version is checked keep to what it can read.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import io
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
OLDEST = (3, 11)


class SetUpError(Exception):
    """The environment cannot be made; the message says what to do."""


def say(vietnamese: str, english: str) -> None:
    """Print one message in both languages, on stderr: stdout belongs to the command that runs."""
    print(f"{vietnamese}\n  ({english})", file=sys.stderr, flush=True)


def check_python(version: tuple[int, ...], modules: tuple[str, ...] = ("venv", "ensurepip")) -> None:
    """Raise SetUpError where this Python is too old, or lacks what Debian puts into a package of its own."""
    if version[:2] < OLDEST:
        raise SetUpError(
            f"Cần Python 3.11 trở lên, đang chạy bản {version[0]}.{version[1]}: hãy cài bản mới rồi chạy lại.\n"
            f"  (Python 3.11 or newer is needed, this is {version[0]}.{version[1]}: install a newer one and run again.)"
        )
    if any(importlib.util.find_spec(module) is None for module in modules):
        raise SetUpError(
            "Python này thiếu mô-đun venv. Trên Debian, Ubuntu: sudo apt install python3-venv, rồi chạy lại.\n"
            "  (This Python lacks venv. On Debian, Ubuntu: sudo apt install python3-venv, then run again.)"
        )


def venv_python(root: Path) -> Path:
    """Return the interpreter of the environment."""
    return root / ".venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def stamp_of(root: Path) -> dict[str, str]:
    """Return what the environment must have been made from; it is kept in .venv once everything is installed."""
    made_for = f"{sys.version_info[:2]} {root}"  # a copied .venv would run the code of the folder it comes from
    return {
        "environment": _hash((root / "requirements.lock").read_bytes(), made_for.encode()),
        "project": _hash((root / "pyproject.toml").read_bytes()),
    }


def _hash(*parts: bytes) -> str:
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def set_up(root: Path, wheels: Path | None = None) -> None:
    """Make .venv what requirements.lock says, anew where it differs or was left half made; quick where it agrees."""
    file, wanted = root / ".venv" / "cchc-setup.json", stamp_of(root)
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        found = {}
    if found == wanted and venv_python(root).exists():
        return
    file.unlink(missing_ok=True)  # an interrupted set-up must not look finished
    pip = [str(venv_python(root)), "-m", "pip", "install", "-qq", "--no-input", "--disable-pip-version-check"]
    if wheels is not None:
        pip += ["--no-index", "--find-links", str(wheels.resolve())]
    if found.get("environment") != wanted["environment"] or not venv_python(root).exists():
        say("[1/3] Tạo môi trường Python trong .venv…", "Making a Python environment in .venv")
        base = getattr(sys, "_base_executable", None) or sys.executable  # not .venv's own: it is cleared
        _run([base, "-m", "venv", "--clear", str(root / ".venv")], root)
        say(
            "[2/3] Cài các thư viện trong requirements.lock, chỉ lần đầu, mất vài phút…",
            "Installing the libraries of requirements.lock, the first time only, a few minutes",
        )
        _run([*pip, "--require-hashes", "-r", "requirements.lock"], root)
    say("[3/3] Cài chính dự án…", "Installing the project itself")
    _run([*pip, "--no-deps", "--no-build-isolation", "-e", "."], root)
    file.write_text(json.dumps(wanted), encoding="utf-8")


def _run(command: list[str], root: Path) -> None:
    """Run one step of the set-up; its own error text goes straight to stderr."""
    if subprocess.run(command, cwd=root, env=_variables(), stdout=sys.stderr, check=False).returncode:
        raise SetUpError(
            "Chưa cài đặt xong, lỗi ở trên. Kiểm tra mạng, hoặc dùng --wheels THƯ_MỤC, rồi chạy lại.\n"
            "  (The set-up failed, see above. Check the network, or use --wheels DIR, then run again.)"
        )


def _variables() -> dict[str, str]:
    return {**os.environ, "PYTHONUTF8": "1"}  # a Windows console's code page has no Vietnamese letters


def environment_yml(root: Path) -> str:
    """Return environment.yml, the same requirements for conda users, made from pyproject.toml."""
    import tomllib  # Python 3.11's

    settings = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    project, groups = settings["project"], settings["dependency-groups"]
    extras = [requirement for extra in project["optional-dependencies"].values() for requirement in extra]
    requirements = [*project["dependencies"], *extras, *groups["test"], *groups["build"]]
    head = ["# Made from pyproject.toml by: python bootstrap.py environment", "name: cchc", "channels:"]
    head += ["  - conda-forge", "  - nodefaults", "dependencies:"]
    python = "python" + project["requires-python"]
    return "\n".join([*head, *(f"  - {requirement}" for requirement in [python, "pip", *requirements])]) + "\n"


COMMANDS = {
    "report": ["cchc", "report", "--units"],
    "test": ["pytest", "-n", "logical", "--dist", "worksteal"],
    "lab": ["jupyter", "lab", "notebooks/explore.ipynb"],
}


def main(arguments: list[str]) -> int:
    """Run one command; what stands after ``--`` is passed on to it."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
    cut = arguments.index("--") if "--" in arguments else len(arguments)
    parser = argparse.ArgumentParser(description="Cài đặt và chạy cchc (set cchc up and run it).")
    parser.add_argument("command", choices=[*COMMANDS, "environment"])
    parser.add_argument(
        "--wheels", type=Path, metavar="DIR", help="cài từ thư mục này, không cần mạng (install from here, offline)"
    )
    options = parser.parse_args(arguments[:cut])
    if options.wheels is not None and not options.wheels.is_dir():
        parser.error(f"--wheels: không có thư mục (no such folder): {options.wheels}")
    try:
        check_python(sys.version_info[:2])
        if options.command == "environment":
            (ROOT / "environment.yml").write_text(environment_yml(ROOT), encoding="utf-8", newline="\n")
            return 0
        set_up(ROOT, options.wheels)
    except SetUpError as error:
        print(error, file=sys.stderr)
        return 2
    program, *words = COMMANDS[options.command]
    command = [str(venv_python(ROOT).with_name(program)), *words, *arguments[cut + 1 :]]
    code = subprocess.run(command, cwd=ROOT, env=_variables(), check=False).returncode
    index = ROOT / (os.environ.get("CCHC_OUT") or "reports") / "index.html"
    if options.command == "report" and "CCHC_RAW" not in os.environ and index.exists():
        say(f"Mở trang mục lục: {index.as_uri()}", "Open the index page")
    return code


if __name__ == "__main__":
    # Ended by a scheduler, it takes pip or the report along: a pip left alone would write into the next try's .venv.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
