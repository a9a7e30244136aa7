"""Names that are formulas, markup or paths: text in every workbook and page, and no link leaves the folder."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from html import unescape
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from cchc import sentences, tables, workbook
from cchc.dataset import Dataset
from cchc.problems import InputError
from cchc.ranking import rank_year
from cchc.reading import read_dataset
from cchc.reports.checkup import find_problems, write_check
from cchc.reports.html import TEMPLATES, IndexEntry, IndexSection, check_page, failure_page, index_page
from tests.conftest import MakeScheme
from tests.inputs import SCHEME
from tests.inputs import workbook as wide

FORMULA = '=HYPERLINK("http://x","y")'
NAMES = (FORMULA, "+1", "@x", "-2+3", "<script>alert(1)</script>", "http://x", '"><img src=x onerror=alert(1)>')
RUBRIC = "year,code,name_vi,max_points\n2024,1,=1+1,60\n2024,2,<b>Hai</b>,40\n"


def quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def hostile(changes: Mapping[str, str | bytes] = {}) -> dict[str, str | bytes]:
    """Return a scheme whose titles, units, rubric and scores all hold hostile texts."""
    units = "".join(f"u{at},{quoted(name)},{quoted(name)},so\n" for at, name in enumerate(NAMES))
    scores = "".join(f"{quoted(name)},{code},{10 + at}\n" for at, name in enumerate(NAMES) for code in "12")
    return {
        "scheme.toml": SCHEME.replace('"Chỉ số"', "'=cmd()<script>'").replace("UBND tỉnh", "@UBND<i>"),
        "units.csv": f"unit_id,name_vi,short_vi,group\n{units}",
        "rubric.csv": RUBRIC,
        "scores/2024.csv": f"unit,code,appraised\n{scores}",
        **changes,
    }


class _Reader(HTMLParser):
    """Gathers the tags, addresses and text of a page."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.addresses: list[str] = []
        self.text = ""
        self.scripts: list[str] = []
        self.is_script = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.is_script = tag == "script"
        assert [name for name, _ in attrs if name.startswith("on")] == []
        self.addresses += [value or "" for name, value in attrs if name in ("href", "src")]

    def handle_endtag(self, tag: str) -> None:
        self.is_script = False

    def handle_data(self, data: str) -> None:
        if self.is_script:
            self.scripts.append(data)
        else:
            self.text += data


def assert_harmless(page: str) -> str:
    """Check a page: no markup of the data, no address outside; return its text."""
    reader = _Reader(page)
    assert reader.tags.isdisjoint({"img", "b", "i", "iframe"})
    assert {*reader.scripts} <= {path.read_text("utf-8") for path in TEMPLATES.glob("*.js")}
    for address in reader.addresses:
        assert address.startswith("#") or re.fullmatch(r"[\w.-]+", address), address
    return reader.text


def assert_lifeless(path: Path) -> set[str]:
    """Check a workbook: no formula, no link outside; return its texts."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name).decode("utf-8", "replace") for name in archive.namelist()}
    assert [name for name, part in parts.items() if name.startswith("xl/worksheets/sheet") and "<f" in part] == []
    assert [name for name, part in parts.items() if 'TargetMode="External"' in part] == []
    assert [name for name in parts if "externalLink" in name or "vba" in name] == []
    book = openpyxl.load_workbook(BytesIO(path.read_bytes()))
    cells: list[Any] = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    return {cell.value for cell in cells if isinstance(cell.value, str)}


@pytest.fixture
def data(make_scheme: MakeScheme) -> Dataset:
    return read_dataset(make_scheme(hostile()))


def test_the_hostile_names_are_read_as_they_are(data: Dataset) -> None:
    assert not [str(item) for item in data.problems if item.is_error]
    assert len(rank_year(data, 2024)) == len(NAMES)


def test_a_page_s_workbook(data: Dataset, tmp_path: Path) -> None:
    ranking = rank_year(data, 2024)
    shown = [tables.summary(data, ranking), tables.year_ranking(data, ranking, "so")]
    workbook.save(str(tmp_path), "annual-2024", data, shown, sentences.title(data, year=2024), year=2024)
    assert set(NAMES) <= assert_lifeless(tmp_path / "annual-2024.xlsx")


def test_tables_and_prose_of_a_page(data: Dataset) -> None:
    ranking = rank_year(data, 2024)
    table = tables.year_ranking(data, ranking, "so")
    assert table is not None
    text = assert_harmless(table.html)
    assert [name for name in NAMES if name not in text] == []
    assert "=cmd()<script>" in assert_harmless(str(sentences.title(data, year=2024).html))


def test_index_and_failure_pages() -> None:
    entries = tuple(IndexEntry("", name, name) for name in NAMES)
    group = IndexSection("<b>Nhóm</b>", entries)
    units = IndexSection("Từng đơn vị", (), "unit", (IndexSection(FORMULA, (), parts=(group,)),))
    sections = [IndexSection(FORMULA, entries, marks=NAMES), units]
    page = index_page("<script>1</script>", "vi", sections, marks=NAMES, above="index.html", languages=["en"])
    assert check_page(page) == []
    assert FORMULA in assert_harmless(page)
    page = failure_page("<script>", "</pre><script>", "x", {"<b>": "<img src=x>"}, "cchc report '<b>'", "vi")
    assert check_page(page) == []
    assert_harmless(page)


BAD_SCORES = "unit,code,appraised\n" + "".join(
    f"{quoted(name + 'zz')},{quoted(name)},{quoted(name)}\n" for name in NAMES
)


def test_check_page_and_table(make_scheme: MakeScheme, tmp_path: Path) -> None:
    folder = make_scheme(hostile({"scores/2024.csv": BAD_SCORES}))
    problems = find_problems(folder)
    assert FORMULA + "zz" in {item.value for item in problems}
    path = write_check(folder, tmp_path, problems)
    page = path.read_text("utf-8")
    assert check_page(page) == []
    assert FORMULA + "zz" in assert_harmless(page)
    texts = assert_lifeless(path.parent / "check.xlsx")
    assert FORMULA + "zz" in texts


def test_marked_copies(make_scheme: MakeScheme, tmp_path: Path) -> None:
    """The input's own formulas and links do not live on in the copy, nor do names that look like them."""
    heads = [("", "", "1", "2"), ("", "", "=Một", "+Hai"), ("", "", "thẩm định", "thẩm định"), ("", "", 60, 40)]
    book = openpyxl.load_workbook(BytesIO(wide(heads=heads)))
    sheet: Any = book.worksheets[0]
    for row, name in enumerate(NAMES, start=5):
        sheet.cell(row, 1, f"{name}zz").data_type = "s"
        sheet.cell(row, 2, name).data_type = "s"
        sheet.cell(row, 3, 999)
    sheet["D5"] = FORMULA
    sheet["D6"].hyperlink = "http://x"
    content = BytesIO()
    book.save(content)
    files = hostile({"scores/2024/=cmd <b>.xlsx": content.getvalue()})
    del files["scores/2024.csv"]
    folder = make_scheme(files)
    path = write_check(folder, tmp_path, find_problems(folder))
    (copy,) = path.parent.glob("check-*.xlsx")
    assert copy.name == "check-2024-cmd-b.xlsx"
    assert {FORMULA, f"{FORMULA}zz"} <= assert_lifeless(copy)
    page = path.read_text("utf-8")
    assert check_page(page) == []
    assert "=cmd <b>.xlsx" in assert_harmless(page)
    assert f'href="{copy.name}"' in page


@pytest.mark.parametrize("unit_id", ["../../x", "..", "a/../b", "/etc/passwd", "a\\b", "=1+1", "<script>", "C:x"])
def test_an_id_with_a_path_in_it_names_no_file(make_scheme: MakeScheme, tmp_path: Path, unit_id: str) -> None:
    folder = make_scheme(hostile({"units.csv": f"unit_id,name_vi,group\n{unit_id},A,so\n"}))
    with pytest.raises(InputError) as error:
        read_dataset(folder)
    assert "bad-id" in [item.code for item in error.value.problems]
    out = tmp_path / "out"
    path = write_check(folder, out, find_problems(folder))
    assert check_page(path.read_text("utf-8")) == []
    assert unit_id in assert_harmless(path.read_text("utf-8"))
    assert {item.relative_to(out).as_posix() for item in out.rglob("*") if item.is_file()} == {
        ".staging/thu.lock", "thu/check.html", "thu/check.xlsx",
    }  # fmt: skip


def test_a_group_with_a_path_in_it_is_no_group(make_scheme: MakeScheme) -> None:
    with pytest.raises(InputError):
        read_dataset(make_scheme(hostile({"scheme.toml": SCHEME.replace('id = "so"', 'id = "../so"')})))


def test_escapes_are_seen_by_these_tests() -> None:
    with pytest.raises(AssertionError):
        assert_harmless("<p><script>alert(1)</script></p>")
    with pytest.raises(AssertionError):
        assert_harmless('<a href="../x.html">x</a>')
    assert unescape("&lt;b&gt;") in assert_harmless("<p>&lt;b&gt;</p>")
