"""docs/*.md and the READMEs: what they tell the reader to run runs, and prints what they say it prints.

A block marked ``sh`` is run; one marked ``text`` right after it holds lines that it prints ("…" stands for anything).
A paragraph that begins with "Tệp `path`" names the file that the next block holds; a ``diff`` block changes the file
named last before it; ``json``, ``markdown`` and ``python`` blocks after "Notebook `path`" are its metadata and cells.
"""

from __future__ import annotations

import doctest
import importlib.util
import json
import pkgutil
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell

from cchc import problems, suspicion_kinds, suspicions
from cchc.award_inputs import KINDS
from cchc.award_settings import Award, Content
from cchc.awards import propose_awards
from cchc.intervals import LEVELS
from cchc.reading import read_dataset
from cchc.reports import sources
from cchc.reports.child import Limits
from cchc.rubrics import BY
from cchc.scaffold import new_scheme
from cchc.schema import INPUT, LINEAGE_KINDS
from cchc.scheme import Grade, Group, Scheme, Stage, Year
from cchc.settings import Settings, Text
from cchc.stage import rank_stage
from cchc.weights import SPREAD
from tests.pages import ROOT, notebook_of, script_environment

DOCS = sorted((ROOT / "docs").glob("*.md"))
DATA, BUILT = ROOT / "docs" / "du-lieu.md", ROOT / "docs" / "cau-truc.md"
MODELS: Mapping[str, type[Settings]] = {
    # heading of the document -> what scheme.toml holds there
    "Chung": Scheme, "groups": Group, "years": Year, "stages": Stage, "classes": Grade, "awards": Award,
    "contents": Content,
}  # fmt: skip
READMES = [ROOT / "README.md", ROOT / "README.vi.md"]
NOT_RUN: Mapping[str, str] = {
    # first line of a block -> why no test of this file runs it
    "git clone ĐỊA-CHỈ cchc": "the address is the reader's; CI runs the rest by `make report`, and test_bootstrap",
    "make report   # ": "CI itself begins with both (.ci/run)",
    "export AWS_ACCESS_KEY_ID=": "needs an S3 server; test_sharing runs the same against one",
}
REPLACED: Mapping[str, str] = {"/mnt/chung/cchc": "chung"}
"""What the reader has and a test has not, and what stands for it."""
_FILE = re.compile(r"`((?:[\w.-]+/)*[\w-]+\.(?:csv|py|toml))`")
_NOTEBOOK = re.compile(r"[Nn]otebook `(notebooks/\w+\.ipynb)`[^`]*$")
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    """A fenced block of a document: its language, its text, and what the words above it name last.

    Attributes
    ----------
    file, notebook : str
    is_file : bool
        Whether those words say that the block is the whole file.
    """

    lang: str
    text: str
    file: str
    notebook: str
    is_file: bool

    @property
    def why_not_run(self) -> str:
        return next((why for start, why in NOT_RUN.items() if self.text.startswith(start)), "")


def blocks(path: Path) -> Iterator[Block]:
    text, end, file, notebook = path.read_text("utf-8"), 0, "", ""
    for found in _FENCE.finditer(text):
        words = text[end : found.start()]
        end = found.end()
        named, of_notebook = _FILE.findall(words), _NOTEBOOK.search(words.strip())
        file = named[-1] if named else file
        notebook = of_notebook[1] if of_notebook else notebook
        last = words.strip().rpartition("\n\n")[2]
        is_file = re.match(r"Tệp `([^`]+)`", last)
        yield Block(found[1], found[2], is_file[1] if is_file else file, notebook, bool(is_file))


def run_document(path: Path, home: Path) -> None:
    """Do in the folder `home` what a document says, and hold what is printed against what it says is printed."""
    printed = None
    for block in blocks(path):
        if block.is_file:
            (home / block.file).parent.mkdir(parents=True, exist_ok=True)
            (home / block.file).write_text(block.text, "utf-8")
        elif block.lang == "diff":
            old, new = ("".join(re.findall(rf"^[ {sign}](.*\n)", block.text, re.MULTILINE)) for sign in ("-", "+"))
            content = (home / block.file).read_text("utf-8")
            assert content.count(old) == 1, f"{path.name}: {block.file} does not hold once:\n{old}"
            (home / block.file).write_text(content.replace(old, new), "utf-8")
        elif block.notebook and block.lang in ("json", "markdown", "python") and ">>>" not in block.text:
            add_to_notebook(home / block.notebook, block)
        elif block.lang == "sh" and not block.why_not_run:
            printed = run(block.text, home)
        elif block.lang == "text" and printed is not None:
            for line in block.text.splitlines():
                pattern = ".*".join(map(re.escape, line.split("…")))
                assert re.search(pattern, printed), f"{path.name}: not printed: {line}\n{printed}"


def add_to_notebook(path: Path, block: Block) -> None:
    """Add a cell to a notebook, the first one of code with the parameters, or what it says of itself."""
    notebook = nbformat.read(path, as_version=4) if path.exists() else notebook_of([])
    if block.lang == "json":
        notebook.metadata.update(json.loads(block.text))
    elif block.lang == "markdown":
        notebook.cells.append(new_markdown_cell(block.text.strip()))
    else:
        is_first = not any(cell.cell_type == "code" for cell in notebook.cells)
        metadata = {"tags": ["parameters"]} if is_first else {}
        notebook.cells.append(new_code_cell(block.text.strip(), metadata=metadata))
    nbformat.write(notebook, path)


def run(script: str, home: Path) -> str:
    """Run a script as a reader would, the environment activated; return what it prints."""
    for theirs, ours in REPLACED.items():
        script = script.replace(theirs, ours)
    variables = script_environment(PYTHONPATH=str(home if (home / "cchc").is_dir() else ROOT))
    variables["PATH"] = f"{Path(sys.executable).parent}:{variables['PATH']}"
    command = ["bash", "-euo", "pipefail", "-c", script]
    result = subprocess.run(
        command, cwd=home, env=variables, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    assert result.returncode == 0, f"{script}\n{result.stdout}"
    return result.stdout


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder as the reader has it after the set-up: data/raw, and an environment to activate."""
    (tmp_path / "data" / "raw").mkdir(parents=True)
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "activate").touch()
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


@pytest.mark.slow
def test_pages_are_shared_as_told(home: Path) -> None:
    new_scheme(home / "data" / "raw", "soc-trang")
    run("cchc report -q", home)
    run_document(ROOT / "docs" / "sharing.md", home)
    assert (home / "chung" / "soc-trang" / "annual-2025.html").exists()


@pytest.mark.slow
@pytest.mark.parametrize("path", READMES, ids=lambda path: path.name)
def test_commands_and_lines_of_a_readme_run(path: Path, home: Path) -> None:
    shutil.copytree(ROOT / "data" / "raw" / "soc-trang", home / "data" / "raw" / "soc-trang")
    shutil.copytree(ROOT / "notebooks", home / "notebooks")
    run_document(path, home)
    assert nbformat.read(home / "out.ipynb", as_version=4).metadata["papermill"]["exception"] is None
    (lines,) = (block.text for block in blocks(path) if block.lang == "python")
    run(f"python -c '{lines}'", home)


def test_both_readmes_list_every_document() -> None:
    for path in READMES:
        linked = re.findall(r"^\| \[(docs/\S+\.md)\]\(\1\)", path.read_text("utf-8"), re.MULTILINE)
        assert sorted(linked) == [f"docs/{document.name}" for document in DOCS], path.name


@pytest.mark.parametrize("path", [*READMES, *DOCS], ids=lambda path: path.name)
def test_links_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)", path.read_text("utf-8")):
        file = path.parent / target[0] if target[0] else path
        assert file.exists(), target
        headings = re.findall(r"^#+ (.*)$", file.read_text("utf-8"), re.MULTILINE) if target[1] else []
        # as GitHub makes them: lower case, blanks to hyphens, other signs left out
        anchors = [re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings]
        assert not target[1] or target[1] in anchors, target


# Files, keys and columns


def section_tables(path: Path) -> dict[str, list[list[str]]]:
    """Return the rows of the tables under each heading, without their heads, a list of cells a row."""
    found: dict[str, list[list[str]]] = {}
    heading = ""
    for line in path.read_text("utf-8").splitlines():
        if line.startswith("#"):
            heading = line.lstrip("#").strip()
        elif line.startswith("| `"):
            found.setdefault(heading, []).append([cell.strip() for cell in line.strip("|").split("|")])
    return found


def choices(annotation: Any) -> set[str]:
    """Return the texts that the Literals within an annotation allow."""
    if get_origin(annotation) is Literal:
        return {value for value in get_args(annotation) if isinstance(value, str)}
    return set().union(*(choices(part) for part in get_args(annotation)))


def models_in(annotation: Any) -> list[type[Settings]]:
    """Return the settings within an annotation."""
    parts = [annotation, *get_args(annotation)]
    return [part for part in parts if isinstance(part, type) and issubclass(part, Settings) and part is not Text]


def key_of(name: str, model: type[Settings]) -> str:
    return model.model_fields[name].alias or name


@pytest.mark.parametrize("table", INPUT)
def test_every_column_is_told_and_none_that_is_not_there(table: str) -> None:
    rows = section_tables(DATA)[table]
    required, optional = INPUT[table]
    told = {row[0].strip("`"): row[1] for row in rows}
    assert told == {**dict.fromkeys(required, "có"), **dict.fromkeys(optional, "")}
    example = next(block for block in blocks(DATA) if block.is_file and re.search(rf"/{table}(/|\.csv$)", block.file))
    assert set(example.text.splitlines()[0].split(",")) == {*required, *optional}


@pytest.mark.parametrize(("heading", "model"), MODELS.items())
def test_every_key_is_told_with_what_it_may_hold(heading: str, model: type[Settings]) -> None:
    rows = {row[0].strip("`"): row for row in section_tables(DATA)[heading]}
    fields = {key_of(name, model): field for name, field in model.model_fields.items() if name != "folder"}
    assert {key: row[1] == "có" for key, row in rows.items()} == {
        key: field.is_required() for key, field in fields.items()
    }
    for key, field in fields.items():
        named = set(re.findall(r"`([^`]+)`", rows[key][2]))
        assert choices(field.annotation) <= named, key
        if type(field.default) is int:
            assert re.search(rf"\b{field.default}$", rows[key][2]), key
        for inner in {*models_in(field.annotation)} - {*MODELS.values()}:
            assert set(inner.model_fields) <= set(re.findall(r"\w+", rows[key][2])), key


def test_the_example_of_the_settings_has_every_key() -> None:
    text = next(block.text for block in blocks(DATA) if block.file.endswith("scheme.toml"))
    settings = tomllib.loads(text)
    for heading, model in MODELS.items():
        parts = [settings] if heading == "Chung" else settings[heading]
        assert {key for part in parts for key in part} == {key_of(name, model) for name in model.model_fields} - {
            "folder"
        }


def test_values_that_a_column_may_hold_are_told() -> None:
    rows = {table: {row[0].strip("`"): row[2] for row in found} for table, found in section_tables(DATA).items()}
    for table, column, values in (
        ("lineage", "kind", LINEAGE_KINDS),
        ("rubric", "by", BY),
        ("nominations", "kind", KINDS),
    ):
        assert set(re.findall(r"`([^`]+)`", rows[table][column])) == set(values)


def test_problems_that_are_named_are_there() -> None:
    examples = {"so-y-te"}
    named = set(re.findall(r"`([a-z]+(?:-[a-z0-9]+)+)`", DATA.read_text("utf-8")))
    assert named - examples <= set(problems.KINDS)
    assert len(named) > 60


def test_the_examples_of_every_file_are_read(tmp_path: Path) -> None:
    for block in blocks(DATA):
        if block.is_file:
            (tmp_path / block.file).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / block.file).write_text(block.text, "utf-8")
    data = read_dataset(tmp_path / "data" / "raw" / "vi-du")
    assert data.problems == ()
    assert propose_awards(data, year=2025)["status"].eq("proposed").sum() == 2
    assert rank_stage(data, 2021, 2025)["n_inherited"].tolist() == [0, 1, 0, 0]


@pytest.mark.slow
def test_the_examples_of_every_file_are_checked_as_told(home: Path) -> None:
    run_document(DATA, home)


# Rules


def test_each_rule_names_where_it_is_counted() -> None:
    rules = (ROOT / "docs" / "quy-tac.md").read_text("utf-8")
    rows = re.findall(r"^\|(?! quy tắc| câu hỏi| mã|-).*\|$", rules, re.MULTILINE)
    counted = [row for row in rows if "`cchc." in row]
    assert len(counted) > 50
    suspicious = [row for row in rows if row not in counted]
    assert {re.findall(r"`([^`]+)`", row)[0] for row in suspicious} == {*suspicion_kinds.KINDS}


def test_numbers_of_the_rules_are_those_of_the_program() -> None:
    rules = (ROOT / "docs" / "quy-tac.md").read_text("utf-8")
    low, high = (f"{100 * level:.0f} %" for level in LEVELS)
    for text in (
        f"{low} đến {high} số lần mô phỏng",
        f"ít nhất {high} số lần",
        f"trong khoảng {100 * SPREAD:.0f} % quanh",
        f"quá {suspicions.DEVIATIONS} độ lệch chuẩn",
        f"từ {suspicions.LEAST_CHANGES} thay đổi",
        f"từ {suspicions.LEAST_LEAVES} mã",
        f"từ {suspicions.LEAST_UNITS} đơn vị",
        f"từ {suspicions.LEAST_UNITS - 1} đơn vị khác có",
    ):
        assert text in rules


def is_there(name: str) -> bool:
    """Whether a room, or something in a room, has this name; a room is not imported (`preload` warms up all pages)."""
    try:
        return importlib.util.find_spec(name) is not None
    except ModuleNotFoundError:  # what is before the last dot is no package
        return pkgutil.resolve_name(name) is not None


@pytest.mark.parametrize("path", DOCS, ids=lambda path: path.stem)
def test_what_is_named_of_the_program_is_there(path: Path) -> None:
    drawings = [block.text for block in blocks(path) if block.lang == ""]
    named = re.findall(r"`(cchc(?:\.[A-Za-z_]\w*)+)`", path.read_text("utf-8"))
    for name in [*named, *re.findall(r"\bcchc(?:\.[A-Za-z_]\w*)+", "\n".join(drawings))]:
        assert is_there(name), name


# How it is built


def test_rooms_stand_in_the_order_that_the_drawing_says() -> None:
    settings = (ROOT / "pyproject.toml").read_text("utf-8")
    floors = {
        number: re.findall(r'"(\w+)"', rooms)[::-1]
        for number, rooms in re.findall(r"# floor (\d), from right to left\n((?:    \".*\n)+)", settings)
    }
    drawing = next(block.text for block in blocks(BUILT) if block.lang == "")
    told = re.findall(r"^ (\d)  (?:\S+ )+ +(.*)$", drawing, re.MULTILINE)
    assert [number for number, _ in told] == sorted(floors, reverse=True)
    for number, rooms in told:
        named = re.findall(r"\w+", re.split("/:|…", rooms)[0])
        assert named == [room for room in floors[number] if room in named], number
    for room in re.findall(r"\w+", told[1][1].partition("/:")[2]):
        assert importlib.util.find_spec(f"cchc.reports.{room}"), room


def test_marks_of_tests_are_those_of_the_settings() -> None:
    marks = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["pytest"]["markers"]
    told = [row[0].strip("`") for row in section_tables(BUILT)["Kiểm thử"]]
    assert sorted(told) == sorted(mark.partition(":")[0] for mark in marks)


@pytest.mark.parametrize("path", DOCS, ids=lambda path: path.stem)
def test_examples_in_python_give_what_they_say(path: Path) -> None:
    texts = [block.text for block in blocks(path) if block.lang == "python" and ">>>" in block.text]
    test = doctest.DocTestParser().get_doctest("\n".join(texts), {}, path.stem, str(path), 0)
    report: list[str] = []
    assert doctest.DocTestRunner().run(test, out=report.append).failed == 0, "".join(report)


# A notebook and a chart of the reader's own


def test_what_a_notebook_may_say_of_itself_is_told() -> None:
    rows = {row[0]: row[1] for row in section_tables(ROOT / "docs" / "mo-rong.md")["Thêm một trang"]}
    assert set(re.findall(r"`(\w+)`", rows["`data`"])) == set(sources.DATA)
    assert set(re.findall(r"`(\w+)`", rows["`per`"])) == set(sources.TITLES)
    assert ", ".join(f"`{field.name}`" for field in fields(Limits)) in rows


@pytest.mark.slow
def test_a_page_and_a_chart_are_added_as_told(home: Path) -> None:
    for name in ("benchmarks", "cchc", "notebooks", "tests"):
        shutil.copytree(ROOT / name, home / name, ignore=shutil.ignore_patterns("__pycache__"))
    if (ROOT / ".mypy_cache").exists():  # of the test of types: mypy then looks at what is new, a minute less
        shutil.copytree(ROOT / ".mypy_cache", home / ".mypy_cache")
    for name in ("bootstrap.py", "pyproject.toml"):
        shutil.copy(ROOT / name, home)
    run_document(ROOT / "docs" / "mo-rong.md", home)
    page = (home / "reports" / "tinh-toi" / "components-2025.html").read_text("utf-8")
    picture = re.search(r"<figure(?:(?!</figure>).)*?tự chấm cao hơn thẩm định nhiều nhất.*?</figure>", page, re.DOTALL)
    assert picture is not None
    assert "<svg" in picture[0]
    catalogue = (home / "cchc" / "locale" / "en" / "LC_MESSAGES" / "cchc.po").read_text("utf-8")
    assert "không tự chấm cao hơn thẩm định ở lĩnh vực nào" in catalogue
