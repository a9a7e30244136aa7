"""docs/*.md and the READMEs: what they tell the reader to run runs, and prints what they say it prints.

A block marked ``sh`` is run; one marked ``text`` right after it holds lines that it prints ("…" stands for anything).
A paragraph that begins with "Tệp `path`" names the file that the next block holds, and a ``diff`` block changes the
file named last before it.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from cchc.scaffold import new_scheme
from tests.pages import ROOT, script_environment

DOCS = sorted((ROOT / "docs").glob("*.md"))
READMES = [ROOT / "README.md", ROOT / "README.vi.md"]
NOT_RUN: Mapping[str, str] = {
    # first line of a block -> why no test of this file runs it
    "git clone ĐỊA-CHỈ cchc": "the address is the reader's; CI runs the rest by `make report`, and test_bootstrap",
    "make report   # ": "CI itself begins with both (.ci/run)",
    "export AWS_ACCESS_KEY_ID=": "needs an S3 server; test_sharing runs the same against one",
}
REPLACED: Mapping[str, str] = {"/mnt/chung/cchc": "chung"}
"""What the reader has and a test has not, and what stands for it."""
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    """A fenced block of a document: its language, its text, and the file that the words above it name last."""

    lang: str
    text: str
    file: str
    is_file: bool
    """Whether those words say that the block is the whole file."""

    @property
    def why_not_run(self) -> str:
        return next((why for start, why in NOT_RUN.items() if self.text.startswith(start)), "")


def blocks(path: Path) -> Iterator[Block]:
    text, end, file = path.read_text("utf-8"), 0, ""
    for found in _FENCE.finditer(text):
        words = text[end : found.start()]
        end = found.end()
        named = re.findall(r"`((?:[\w.-]+/)+[\w-]+\.\w+)`", words)
        file = named[-1] if named else file
        last = words.strip().rpartition("\n\n")[2]
        is_file = re.match(r"Tệp `([^`]+)`", last)
        yield Block(found[1], found[2], is_file[1] if is_file else file, bool(is_file))


def run_document(path: Path, home: Path) -> None:
    """Do in the folder `home` what a document says, and hold what is printed against what it says is printed."""
    printed = None
    for block in blocks(path):
        if block.is_file:
            (home / block.file).parent.mkdir(parents=True, exist_ok=True)
            (home / block.file).write_text(block.text, "utf-8")
        elif block.lang == "diff":
            old, new = ("".join(re.findall(rf"^\{sign}(.*\n)", block.text, re.MULTILINE)) for sign in "-+")
            content = (home / block.file).read_text("utf-8")
            assert content.count(old) == 1, f"{path.name}: {block.file} does not hold once:\n{old}"
            (home / block.file).write_text(content.replace(old, new), "utf-8")
        elif block.lang == "sh" and not block.why_not_run:
            printed = run(block.text, home)
        elif block.lang == "text" and printed is not None:
            for line in block.text.splitlines():
                pattern = ".*".join(map(re.escape, line.split("…")))
                assert re.search(pattern, printed), f"{path.name}: not printed: {line}\n{printed}"


def run(script: str, home: Path) -> str:
    """Run a script as a reader would, with `cchc` on the path; return what it prints."""
    for theirs, ours in REPLACED.items():
        script = script.replace(theirs, ours)
    variables = script_environment(PYTHONPATH=str(home if (home / "cchc").is_dir() else ROOT))
    variables["PATH"] = f"{home / '.venv' / 'bin'}:{variables['PATH']}"
    command = ["bash", "-euo", "pipefail", "-c", script]
    result = subprocess.run(
        command, cwd=home, env=variables, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    assert result.returncode == 0, f"{script}\n{result.stdout}"
    return result.stdout


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder as the reader has it after the set-up: data/raw, and the commands in .venv."""
    commands = tmp_path / ".venv" / "bin"
    commands.mkdir(parents=True)
    (commands / "activate").touch()
    for name, words in {"cchc": "-m cchc", "python": "", "papermill": "-m papermill"}.items():
        (commands / name).write_text(f'#!/bin/sh\nexec {sys.executable} {words} "$@"\n')
        (commands / name).chmod(0o755)
    (tmp_path / "data" / "raw").mkdir(parents=True)
    return tmp_path


def test_blocks_that_are_not_run_are_few_and_there() -> None:
    texts = [block.text for path in [*READMES, *DOCS] for block in blocks(path) if block.lang == "sh"]
    assert [start for start in NOT_RUN if not any(text.startswith(start) for text in texts)] == []
    assert len(NOT_RUN) <= 4


@pytest.mark.slow
def test_the_first_ten_minutes(home: Path) -> None:
    run_document(ROOT / "docs" / "bat-dau.md", home)
    page = (home / "reports" / "tinh-toi" / "annual-2025.html").read_text("utf-8")
    assert "UBND tỉnh Ví dụ" in page
    assert "12/QĐ-UBND" in page
    assert len(list((home / "reports" / "tinh-toi" / "units").glob("*.html"))) == 3
