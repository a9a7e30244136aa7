"""`cchc freeze`: what it refuses, what it writes, and that whatever interrupts it leaves what was announced."""

from __future__ import annotations

import hashlib
import json
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from cchc import processed
from cchc.archives import load_edition
from cchc.changes import since_announced
from cchc.problems import InputError
from cchc.ranking import rank_year
from cchc.reading import read_dataset
from cchc.reports import freezing, publish, runner
from cchc.reports.freezing import Frozen, freeze
from cchc.reports.sources import CallError
from cchc.sentences import title
from cchc.verification import verify_stage
from cchc.workbook import save
from tests.pages import ANNUAL_PARAMETERS, AWARDS, FakeEngine, write_notebook, write_notebooks
from tests.small import as_lines, lines, score_file, small_dataset

STAGE = '[[stages]]\nfirst = 2023\nlast = 2024\nlineage = "inherit"\n'
CLASSES = '[[classes]]\nname = "Tốt"\nfrom = 80\n[[classes]]\nname = "Khá"\nfrom = 65\n'
SCORES = {2023: {"a": {"1": "80"}, "b": {"1": "70.125"}}, 2024: {"a": {"1": "90"}, "b": {"1": "85"}}}
OFFICIAL = ["unit_id", "rank", "index_score"]


class Office:
    """A scheme on disk, pages that are made at once, and the command."""

    def __init__(self, folder: Path) -> None:
        self.raw, self.out = folder / "data/raw", folder / "reports"
        self.folder, self.published = self.raw / "thu", self.raw / "thu/published"
        self.notebooks = write_notebooks(folder / "notebooks")
        small_dataset(self.raw, SCORES, tables=STAGE + CLASSES)

    def report(self) -> None:
        assert runner.report(self.raw, self.out, notebooks=self.notebooks).exit_code == 0

    def freeze(
        self, period: str, decision: str = "12/QĐ-UBND", day: str = "20/01/2025", *, build: bool = True
    ) -> Frozen:
        if build:
            self.report()
        options: dict[str, Any] = {"period": period, "decision": decision, "day": day, "notebooks": self.notebooks}
        return freeze(self.raw, self.out, "thu", **options)

    def score(self, year: int, **points: str) -> None:
        text = score_file({unit: {"1": text} for unit, text in points.items()})
        (self.folder / f"scores/{year}.csv").write_text(text, "utf-8")

    def files(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in sorted(self.published.glob("*"))}

    def ranking(self, year: int) -> list[str]:
        return as_lines(rank_year(read_dataset(self.folder), year), OFFICIAL)


pytestmark = pytest.mark.slow


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    monkeypatch.setenv("CCHC_PROCESSED", str(tmp_path / "data/processed"))
    monkeypatch.setattr(runner, "run_notebook", FakeEngine())
    return Office(tmp_path)


def test_a_year_is_announced_with_what_it_was_made_from(office: Office) -> None:
    frozen = office.freeze("2023")
    assert frozen == Frozen(1, "12/QĐ-UBND", True, "cchc report thu --year 2023")
    assert (office.published / "2023.csv").read_text("utf-8-sig") == (
        "unit,index_score,rank,grade\na,80.00,1,Tốt\nb,70.13,2,Khá\n"
    )
    data = read_dataset(office.folder)
    assert data.problems == ()
    edition = data.editions_of("2023")[0]
    archive = office.published / "2023.zip"
    assert hashlib.sha256(archive.read_bytes()).hexdigest() == edition.archive_sha256
    with zipfile.ZipFile(archive) as content:
        assert content.namelist() == [
            "2023.csv", "inputs/rubric.csv", "inputs/scheme.toml", "inputs/scores/2023.csv", "inputs/units.csv",
            "pages/annual-2023.html", "pages/annual-2023.json", "pages/annual-2023.xlsx", "versions.json",
        ]  # fmt: skip
        manifest = json.loads(content.read("pages/annual-2023.json"))
        for name, sha256 in manifest["files"].items():
            assert hashlib.sha256(content.read(f"pages/{name}")).hexdigest() == sha256
        for name, sha256 in manifest["inputs"].items():
            assert hashlib.sha256(content.read(f"inputs/{name}")).hexdigest() == sha256
        assert "pandas" in json.loads(content.read("versions.json"))


def test_what_names_persons_is_no_part_of_an_announcement(office: Office) -> None:
    """Neither the page of awards, its workbook and document, nor what was nominated."""
    write_notebook(office.notebooks / "awards.ipynb", AWARDS, ANNUAL_PARAMETERS)
    award = '[[awards]]\nid = "cn"\nname = "Giấy khen"\nwhen = "year"\nto = "individual"\nseats = 1\n'
    with (office.folder / "scheme.toml").open("a", encoding="utf-8") as file:
        file.write(award + 'seats_are = "planned"\n')
    (office.folder / "nominations").mkdir()
    nominations = office.folder / "nominations/2023.csv"
    nominations.write_text("award,kind,name,unit,order\ncn,cá nhân,Nguyễn Văn Bí,a,1\n", "utf-8")
    assert office.freeze("2023").is_new
    assert (office.out / "thu/awards-2023.docx").exists()
    with zipfile.ZipFile(office.published / "2023.zip") as content:
        names = content.namelist()
        assert "pages/annual-2023.html" in names
        assert not [name for name in names if "awards" in name or "nominations" in name]
        assert not [name for name in names if "Nguyễn Văn Bí".encode() in content.read(name)]
    # and a wrong nomination does not keep a year from being announced
    nominations.write_text("award,kind,name,unit,order\nkhong-co,cá nhân,Nguyễn Văn Bí,a,1\n", "utf-8")
    office.score(2023, a="81", b="70")
    assert runner.report(office.raw, office.out, notebooks=office.notebooks).exit_code == 2
    assert office.freeze("2023", "13/QĐ-UBND", build=False).edition == 2


def test_frozen_again_with_the_same_figures_nothing_changes(office: Office) -> None:
    office.freeze("2023")
    before = office.files()
    # the page is out of date by now, which does not matter: there is nothing to freeze
    again = office.freeze("2023", "99/QĐ", "01/02/2025", build=False)
    assert (again.edition, again.decision, again.is_new) == (1, "12/QĐ-UBND", False)
    assert office.files() == before


def test_the_same_input_gives_the_same_archive(office: Office) -> None:
    office.freeze("2023")
    before = office.files()
    for path in office.published.iterdir():
        path.unlink()
    office.freeze("2023")
    assert office.files() == before


def test_a_corrected_score_keeps_the_announced_place_until_a_new_edition(office: Office) -> None:
    office.freeze("2024")
    first = office.files()
    office.score(2024, a="84", b="85")
    assert office.ranking(2024) == ["a 1 90", "b 2 85"]
    data = read_dataset(office.folder)
    prose, table = since_announced(data, year=2024)
    assert prose is not None
    assert table is not None
    assert [[table.text(*pair) for pair in zip(table.columns, row, strict=True)] for row in table.rows] == [
        ["a", "90,00", "84,00", "+6,00", "1", "2", "Tốt", "Tốt", "thay đổi thứ hạng của năm", "1", "12/QĐ-UBND"],
        ["b", "85,00", "85,00", "0,00", "2", "1", "Tốt", "Tốt", "thay đổi thứ hạng của năm", "1", "12/QĐ-UBND"],
    ]
    assert "khác bản công bố lần 1 (12/QĐ-UBND, ngày 20/01/2025) ở 2 dòng" in prose.blocks[1].text
    assert "Số chính thức vẫn là số đã công bố" in prose.blocks[1].text

    assert office.freeze("2024", "34/QĐ-UBND", "2025-03-01").edition == 2
    assert office.ranking(2024) == ["b 1 85", "a 2 84"]
    assert {name: office.files()[name] for name in first} == first
    assert sorted(set(office.files()) - set(first)) == ["2024.2.csv", "2024.2.toml", "2024.2.zip"]
    prose, table = since_announced(read_dataset(office.folder), year=2024)
    assert prose is not None
    assert table is not None
    assert prose.blocks[1].text == "Số tính lại khớp với bản công bố lần 2 (34/QĐ-UBND, ngày 01/03/2025)."
    assert {row[-2:] for row in table.rows} == {(1, "12/QĐ-UBND")}, "what the first edition said is still listed"


def test_a_typed_table_that_reproduces_is_recorded_as_it_stands(office: Office) -> None:
    office.published.mkdir()
    typed = b"unit,rank\nb,2\na,1\n"
    (office.published / "2024.csv").write_bytes(typed)
    assert office.freeze("2024").edition == 1
    assert office.files()["2024.csv"] == typed
    assert read_dataset(office.folder).editions_of("2024")[0].decision == "12/QĐ-UBND"
    assert office.freeze("2024", build=False).is_new is False


def test_a_typed_table_that_does_not_reproduce_stays_the_first_edition(office: Office) -> None:
    office.published.mkdir()
    (office.published / "2024.csv").write_bytes(b"unit,rank\nb,1\na,2\n")
    assert office.freeze("2024").edition == 2
    assert office.files()["2024.csv"] == b"unit,rank\nb,1\na,2\n"
    assert office.ranking(2024) == ["a 1 90", "b 2 85"]


def test_a_stage_is_announced_after_its_years(office: Office) -> None:
    with pytest.raises(CallError, match="chưa công bố năm 2023, 2024"):
        office.freeze("2023-2024")
    office.freeze("2023")
    with pytest.raises(CallError, match="chưa công bố năm 2024"):
        office.freeze("2023-2024")
    office.freeze("2024")
    assert office.freeze("2023-2024").edition == 1
    assert (office.published / "2023-2024.csv").read_text("utf-8-sig").splitlines()[1:] == [
        "a,85.00,1,Tốt", "b,77.57,2,Khá",  # (70.13 + 85) / 2 = 77.565
    ]  # fmt: skip
    # the pages of the years do not hang on it, that of the stage does
    assert [job.page for job in _outdated(office)] == ["stage-2023-2024"]
    table = verify_stage(read_dataset(office.folder), 2023, 2024)
    assert as_lines(table, ["period", "unit_id", "status"]) == ["2023-2024 a same", "2023-2024 b same"]


def _outdated(office: Office) -> list[Any]:
    summary = runner.report(office.raw, office.out, notebooks=office.notebooks, dry_run=True)
    return [result.job for result in summary.schemes[0].results if result.status == "planned"]


def test_a_new_edition_of_a_year_shows_on_a_frozen_stage(office: Office) -> None:
    for period in ("2023", "2024", "2023-2024"):
        office.freeze(period)
    office.score(2024, a="50", b="85")
    office.freeze("2024", "34/QĐ")
    data = read_dataset(office.folder)
    prose, table = since_announced(data, stage=(2023, 2024))
    assert prose is not None
    assert table is not None
    # a leads by what was announced; by the years as they are now b does
    assert [(row[0], row[1], row[2], row[4], row[5], row[-3]) for row in table.rows] == [
        ("a", 85.0, 65.0, 1, 2, "thay đổi thứ hạng của giai đoạn"),
        ("b", 77.57, 77.57, 2, 1, "thay đổi thứ hạng của giai đoạn"),
    ]
    assert office.freeze("2023-2024", "56/QĐ").edition == 2


@pytest.mark.parametrize(
    ("decision", "day", "said"),
    [
        ("", "2025-01-20", "--decision"),
        (" \t", "2025-01-20", "--decision"),
        ("a\x1bb", "2025-01-20", "--decision"),
        ("1/QĐ", "", "--date"),
        ("1/QĐ", "31/02/2025", "--date"),
        ("1/QĐ", "hôm nay", "--date"),
        ("1/QĐ", "2022-12-31", "trước năm 2023"),
    ],
)
def test_a_decision_and_its_date_are_needed(office: Office, decision: str, day: str, said: str) -> None:
    office.report()
    with pytest.raises(CallError, match=said):
        office.freeze("2023", decision, day, build=False)
    assert office.files() == {}


def test_pages_must_be_there_and_be_those_of_the_data(office: Office) -> None:
    with pytest.raises(CallError, match=r"chưa có báo cáo\. Lập lại bằng: cchc report thu --year 2023"):
        office.freeze("2023", build=False)
    office.report()
    (office.out / "thu/annual-2023.xlsx").write_bytes(b"touched")
    with pytest.raises(CallError, match="không khớp bản kê"):
        office.freeze("2023", build=False)
    office.report()
    office.score(2023, a="81", b="70")
    with pytest.raises(CallError, match="dữ liệu đã thay đổi: 2023/g"):
        office.freeze("2023", build=False)
    assert office.files() == {}


def test_a_file_that_changes_meanwhile_is_noticed(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.report()
    load = processed.load

    def load_and_change(folder: Path) -> Any:
        data = load(folder)
        office.score(2023, a="81", b="70")
        return data

    monkeypatch.setattr(processed, "load", load_and_change)
    with pytest.raises(CallError, match=r"scores/2023\.csv vừa thay đổi"):
        office.freeze("2023", build=False)


def test_errors_of_the_input_stop_it(office: Office) -> None:
    office.report()
    office.score(2023, a="101", b="70")
    for period in ("2023", "2023-2024", "2024"):  # the page of 2024 shows 2023 beside it
        with pytest.raises(InputError, match="101"):
            office.freeze(period, build=False)
    for period in ("1999", "2001-2002"):
        with pytest.raises(CallError, match=period):
            office.freeze(period, build=False)


def test_an_announced_unit_cannot_be_lost(office: Office) -> None:
    office.freeze("2024")
    office.score(2024, b="80")
    with pytest.raises(CallError, match="không cho thứ hạng: a"):
        office.freeze("2024")
    assert sorted(office.files()) == ["2024.csv", "2024.toml", "2024.zip"]


@pytest.mark.parametrize("at", [0, 1, 2])
@pytest.mark.parametrize("is_second", [False, True])
def test_whatever_interrupts_it_leaves_what_was_announced(
    office: Office, monkeypatch: pytest.MonkeyPatch, at: int, is_second: bool
) -> None:
    if is_second:
        office.freeze("2024")
        office.score(2024, a="84", b="85")
    office.report()
    before, ranking = office.files(), office.ranking(2024)
    office.published.mkdir(exist_ok=True)
    (office.published / f".2024{'.2' * is_second}.zip.1.part").write_bytes(b"of a killed run")
    moved, replace_file = [], publish.replace_file

    def killed(source: Path, target: Path) -> None:
        if len(moved) == at:
            raise KeyboardInterrupt
        moved.append(target.name)
        replace_file(source, target)

    monkeypatch.setattr(freezing.publish, "replace_file", killed)
    with pytest.raises(KeyboardInterrupt):
        office.freeze("2024", "34/QĐ", build=False)
    monkeypatch.undo()
    monkeypatch.setenv("CCHC_PROCESSED", str(office.raw.parent / "processed"))
    monkeypatch.setattr(runner, "run_notebook", FakeEngine())
    data = read_dataset(office.folder)
    assert {name: office.files()[name] for name in before} == before
    assert (office.ranking(2024), data.published_years) == (ranking, [2024] if is_second else [])
    assert {item.code for item in data.problems} == ({"edition-unfinished"} if at else set())
    assert not list(office.published.glob(".*"))
    assert office.freeze("2024", "34/QĐ").edition == (2 if is_second else 1)
    assert read_dataset(office.folder).problems == ()


def test_an_edition_is_read_out_of_its_archive(office: Office) -> None:
    office.freeze("2024")
    office.score(2024, a="84", b="85")
    office.freeze("2024", "34/QĐ")
    data = processed.load(office.folder)
    old, new = load_edition(data, "2024", 1), load_edition(data, "2024", 2)
    assert as_lines(rank_year(old, 2024), OFFICIAL) == ["a 1 90", "b 2 85"]
    assert as_lines(old.cells, ["unit_id", "text"])[-2:] == ["a 90", "b 85"]
    assert as_lines(rank_year(new, 2024), OFFICIAL) == lines("""
    b 1 85
    a 2 84
    """)
    with pytest.raises(LookupError, match="đang có: 1, 2"):
        load_edition(data, "2024", 3)
    (office.published / "2024.zip").write_bytes(b"other")
    with pytest.raises(InputError, match="khác mã băm"):
        load_edition(data, "2024", 1)
    (office.published / "2024.zip").unlink()
    with pytest.raises(InputError, match=r"2024\.zip"):
        load_edition(data, "2024", 1)


def test_formulas_and_markup_stay_text(office: Office, tmp_path: Path) -> None:
    decision = '=HYPERLINK("http://x","y")<script>alert(1)</script>'
    office.freeze("2024", decision)
    assert read_dataset(office.folder).editions_of("2024")[0].decision == decision
    office.score(2024, a="84", b="85")
    prose, table = since_announced(read_dataset(office.folder), year=2024)
    assert prose is not None
    assert table is not None
    assert "<script>" not in prose.html + table.html
    assert "&lt;script&gt;" in table.html
    head = title(read_dataset(office.folder), year=2024)
    assert "<script>" not in head.html
    save(str(tmp_path), "annual-2024", read_dataset(office.folder), [table], head, year=2024)
    book = openpyxl.load_workbook(tmp_path / "annual-2024.xlsx")
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells if decision in str(cell.value)} == {"s"}
    assert not [cell for cell in cells if cell.data_type == "f"]
