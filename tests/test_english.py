"""English pages: the reports of the scheme counted by hand and the check of bad input, with no Vietnamese of our own.

Names and texts of the data stay as they are: the scheme gives no English ones.
"""

from __future__ import annotations

import csv
import html
import json
import re
import shutil
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from typer.testing import CliRunner

from cchc import cli
from cchc.locale import translator
from cchc.problems import Problem
from cchc.reports import publish, runner
from cchc.reports.checkup import find_problems, write_check
from cchc.reports.html import check_page
from tests.conftest import MakeScheme
from tests.inputs import FILES, SCHEME, workbook
from tests.translations import VIETNAMESE

ROOT = Path(__file__).resolve().parents[1]
HAND = ROOT / "tests" / "hand"


def data_texts(folder: Path) -> list[str]:
    """Return every text of a scheme's settings and tables, the longest first."""
    found: set[str] = set()

    def gather(value: Any) -> None:
        if isinstance(value, str):
            found.add(" ".join(value.split()))
        elif isinstance(value, dict | list):
            for item in value.values() if isinstance(value, dict) else value:
                gather(item)

    gather(tomllib.loads((folder / "scheme.toml").read_text("utf-8")))
    for path in folder.rglob("*.csv"):
        with path.open(encoding="utf-8-sig", newline="") as file:
            gather([cell for row in csv.reader(file) for cell in row])
    return sorted(filter(VIETNAMESE.search, found), key=len, reverse=True)


def texts_of_page(path: Path) -> str:
    page = re.sub(r"<style>.*?</style>", " ", path.read_text("utf-8"), flags=re.DOTALL)
    page = re.sub(r'<a [^>]* lang="vi"[^>]*>.*?</a>', " ", page)  # the way to the Vietnamese page is told in Vietnamese
    return html.unescape(re.sub(r"<[^>]+>", " ", page))


def texts_of_book(path: Path) -> str:
    book = openpyxl.load_workbook(path)
    cells = (str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell)
    return " ".join([*book.sheetnames, *cells])


def vietnamese(text: str, data: list[str]) -> list[str]:
    """Return the words of a text with a Vietnamese letter that are no text of the data."""
    text = " ".join(text.split())
    for own in data:
        text = text.replace(own, " ")
    return [word for word in text.split() if VIETNAMESE.search(word)]


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The three notebooks' pages in both languages, of a year without an announcement and of a stage."""
    folder = tmp_path_factory.mktemp("english")
    shutil.copytree(HAND, folder / "raw" / "hand", ignore=shutil.ignore_patterns("README*"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CCHC_PROCESSED", str(folder / "processed"))
        for lang, units in (("vi", False), ("en", True)):
            options: Any = {"years": [2022], "stages": ["2021-2023"], "units": units, "lang": lang, "jobs": 2}
            summary = runner.report(folder / "raw", folder / "out", **options)
            failures = [result.failure for result in summary.schemes[0].results if result.failure]
            assert (summary.exit_code, failures) == (0, [])
        yield folder / "out"


@pytest.mark.slow
def test_each_page_stands_beside_the_vietnamese_one(out: Path) -> None:
    names = {path.relative_to(out).as_posix() for path in out.rglob("*.*") if ".staging" not in path.parts}
    english = {name for name in names if ".en." in name}
    assert {"hand/annual-2022.en.html", "hand/stage-2021-2023.en.xlsx", "hand/units/y-te-2022.en.json"} <= english
    assert {name.replace(".en.", ".") for name in english if "/units/" not in name} == names - english
    manifest = publish.read_manifest(out / "hand", "units/y-te-2022.en")
    assert manifest is not None
    assert (manifest["lang"], manifest["title"]) == ("en", "Sở Y tế: results of 2022")


@pytest.mark.slow
def test_english_pages_hold_no_vietnamese_but_the_data(out: Path) -> None:
    data = data_texts(HAND)
    pages = sorted(out.rglob("*.en.html"))
    assert len(pages) >= 10
    assert {path.name for path in pages} >= {"index.en.html", "annual-2022.en.html", "stage-2021-2023.en.html"}
    for path in pages:
        page = path.read_text("utf-8")
        assert check_page(page) == []
        assert '<html lang="en">' in page
        assert vietnamese(texts_of_page(path), data) == [], path.name


@pytest.mark.slow
def test_english_workbooks_hold_no_vietnamese_but_the_data(out: Path) -> None:
    data = data_texts(HAND)
    # a sheet is named for a group, or for what a caption says of it
    for path in sorted(out.rglob("*.en.xlsx")):
        assert vietnamese(texts_of_book(path), data) == [], path.name


@pytest.mark.slow
def test_the_search_would_find_vietnamese(out: Path) -> None:
    data = data_texts(HAND)
    words = vietnamese(texts_of_page(out / "hand" / "annual-2022.html"), data)
    assert {"Hạng", "điểm", "Tổng"} <= set(words)


@pytest.mark.slow
def test_numbers_and_index_are_english(out: Path) -> None:
    page = texts_of_page(out / "hand" / "annual-2022.en.html")
    assert "90.25" in page
    assert re.findall(r"[0-9],[0-9]", page) == []
    index = (out / "hand" / "index.en.html").read_text("utf-8")
    assert 'href="annual-2022.en.html"' in index
    assert 'href="annual-2022.html"' not in index
    assert 'href="hand/annual-2022.en.html"' in (out / "index.en.html").read_text("utf-8")
    index = (out / "hand" / "index.html").read_text("utf-8")
    assert re.findall(r'href="([^"]+\.en\.html)"', index) == ["index.en.html"]


# The check of the input

BAD_SETTINGS = """\
schema_version = 2
title = " "
issued_by = ["x"]
decimals = 16
bonus = { max = -1 }
mistyped = 1
[[groups]]
id = "Hoa"
short = "S"
name = "Tên"
complete = 5
[[years]]
year = 2024
as_of = 2026-01-01
[[years]]
year = 2024
as_of = "hôm qua"
decision = 5
[[stages]]
first = 2025
last = 2021
lineage = "inherit"
[[stages]]
first = 2021
last = 2025
min_years = 9
lineage = "inherits"
[[stages]]
first = "a"
last = 2025
"""


def test_explanations_of_settings_are_english(make_scheme: MakeScheme, tmp_path: Path) -> None:
    folder = make_scheme({**FILES, "scheme.toml": BAD_SETTINGS})
    problems = find_problems(folder)
    assert len(problems) >= 12
    path = write_check(folder, tmp_path / "out", problems, "en")
    assert vietnamese(texts_of_page(path), ["hôm qua", "Tên"]) == []
    twice = SCHEME + '[[classes]]\nname = "Tốt"\nfrom = 70\n'
    [problem] = find_problems(make_scheme({**FILES, "scheme.toml": twice}, name="twice"))
    assert "name is repeated: Tốt" in problem.what(translator("en"))


ROW = ("noi-vu", "Sở Nội vụ", 4, 3.5, 2, 3.25, 5, 1.5, None)
BAD_ROW = ("tu-phap", "Sở Tư pháp", 4, 4.5, 2, "x", 5, None, None)


@pytest.fixture
def raw(make_scheme: MakeScheme) -> Path:
    """A scheme with mistakes in a workbook and in CSV files, some of which name another place."""
    units = FILES["units.csv"] + "noi-vu,Sở Nội vụ khác,so,,\n"
    published = FILES["published/2024.csv"].replace("80,2", "x,2").replace("grade\n", "grade,đơn_vị\n")
    files = {**FILES, "published/2024.csv": published, "scores/2024/a.xlsx": workbook(ROW, BAD_ROW)}
    files["scores/2024/b.csv"] = FILES["scores/2024.csv"].replace("4,3.5", "4,3.75")
    files["scores/2023.csv"] = "unit;code;appraised\nnoi-vu;1.1;3\nnoi-vu;1.1;4\n"
    files.pop("scores/2024.csv")
    make_scheme({**files, "units.csv": units}, name="overlap")
    return make_scheme(files).parent


def test_check_speaks_english_everywhere(raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CCHC_RAW", str(raw))
    out = tmp_path / "out"
    run = CliRunner().invoke(cli.app, ["check", "--lang", "en", "--out", str(out)])
    assert run.exit_code == 2
    data = [*data_texts(raw / "thu"), *data_texts(raw / "overlap")]
    allowed = [*data, "tự chấm", "thẩm định", "điều tra"]
    assert vietnamese(run.output, allowed) == []
    assert "ERROR [above-maximum] thu · 2024/a.xlsx · Sở · D6: The points 4.5 are above the maximum 4." in run.output
    assert "published/2024.csv · row 3, column index_score: “x” is not a number." in run.output
    assert "(see row 2)" in run.output
    as_json = CliRunner().invoke(cli.app, ["check", "--lang", "en", "--json", "--out", str(out)])
    assert vietnamese(as_json.stdout, allowed) == []
    assert {"row 3, column unit"} <= {item["cell"] for item in json.loads(as_json.stdout)["thu"]}
    folder = out / "thu"
    assert {path.name for path in folder.iterdir()} == {"check.en.html", "check.en.xlsx", "check-2024-a.en.xlsx"}
    assert check_page((folder / "check.en.html").read_text("utf-8")) == []
    for path in folder.iterdir():
        texts = texts_of_page(path) if path.suffix == ".html" else texts_of_book(path)
        heads = ["Mã đơn vị", "Tên đơn vị", "điểm cộng", "điểm trừ"]
        assert vietnamese(texts, [*allowed, *heads]) == [], path.name
    comment = openpyxl.load_workbook(folder / "check-2024-a.en.xlsx")["Sở"]["D6"].comment.text
    assert comment.startswith("ERROR [above-maximum] The points 4.5 are above")


def test_a_wrong_call_is_told_in_english(raw: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CCHC_RAW", str(raw))
    run = CliRunner().invoke(cli.app, ["check", "thx", "--lang", "en"])
    assert (run.exit_code, run.stderr) == (2, f"There is no scheme “thx” in {raw}; nearest: thu\n")


def test_languages_leave_each_other_alone(raw: Path, tmp_path: Path) -> None:
    folder = raw / "thu"
    problems = find_problems(folder)
    for lang in ("vi", "en"):
        write_check(folder, tmp_path / "out", problems, lang)
    write_check(folder, tmp_path / "out", [], "en")
    names = {path.name for path in (tmp_path / "out" / "thu").iterdir()}
    assert names == {"check.html", "check.xlsx", "check-2024-a.xlsx", "check.en.html", "check.en.xlsx"}


def test_figures_of_problems_have_the_decimal_sign_of_the_language() -> None:
    details = {"code": "1", "maximum": "2,5"}
    problem = Problem("maximum-differs", "scores/2024.csv", value="3,5", years=(2024,), details=details)
    assert "(2,5)" in problem.what()
    assert "(2.5)" in problem.what(lambda text: "." if text == "," else text)
