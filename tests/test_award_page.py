"""The page, workbook and Word document of award proposals, of small schemes whose proposals are known."""

from __future__ import annotations

import json
import shutil
import zipfile
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from docx import Document

import cchc
from cchc import award_prose, award_tables, content_tables, dossier, processed, workbook
from cchc.dataset import Dataset
from cchc.evidence import initiatives_of
from cchc.prose import Block, Prose
from cchc.reading import read_dataset
from cchc.reports import runner
from cchc.reports.child import Task, run_notebook
from cchc.reports.plan import NOTEBOOKS, Job, plan
from cchc.reports.sources import find_sources
from cchc.reports.summary import Summary, describe
from cchc.scheme import read_scheme
from cchc.table import Table
from small import small_dataset
from tests.pages import ROOT, FakeEngine
from tests.test_injection import FORMULA, NAMES, assert_harmless, assert_lifeless, quoted

PERIOD = "2024"
TABLES = """
[[awards]]
id = "bk"
name = "Bằng khen"
when = "year"
to = "collective"
seats = 2
seats_are = "ceiling"
allocation = "place"
basis = "KH 52"
[[awards]]
id = "cn"
name = "Bằng khen cá nhân"
when = "year"
to = "individual"
seats = 1
seats_are = "planned"
[[contents]]
id = "chi-dao"
name = "Chỉ đạo"
components = ["1", "2"]
evidence = ["tasks"]
[[contents]]
id = "sang-kien"
name = "Sáng kiến"
evidence = ["initiatives", "province"]
"""
POINTS = {2023: {"a": "40 40", "b": "30 40", "c": "30 40"}, 2024: {"a": "45 45", "b": "30 40", "c": "40 30"}}
FILES = {
    "nominations/2024.csv": "award,kind,name,unit,order,achievement\ncn,cá nhân,Nguyễn Văn A,a,1,Thành tích\n",
    "initiatives/2024.csv": "id,owner,unit,content,title,level,number,date,authority\n"
    "s1,Nguyễn Văn A,a,sang-kien,Một,cấp tỉnh,QĐ 1,2024-05-06,Hội đồng\n"
    "s2,Nguyễn Văn B,a,sang-kien,Hai,cấp tỉnh,,,\n"
    "s3,Nguyễn Văn B,b,sang-kien,Ba,cấp tỉnh,QĐ 3,2023-05-06,Hội đồng\n",
    "tasks/2024.csv": "unit,content,task,due,done,evidence\n"
    "a,chi-dao,Việc 1,2024-01-31,2024-01-31,VB\na,chi-dao,Việc 2,2024-01-31,2024-02-01,VB\n",
    "province.csv": "year,code,index_score,rank,n,basis\n2023,,85.5,12,63,QĐ\n2024,,86.75,10,63,QĐ\n",
}


def dataset(folder: Path, files: dict[str, str] = FILES, tables: str = TABLES) -> Dataset:
    cells = {
        year: {unit: {str(at): text for at, text in enumerate(line.split(), 1)} for unit, line in units.items()}
        for year, units in POINTS.items()
    }
    rubric = "2000,,1,Một,50,,,\n2000,,2,Hai,50,,,"
    return small_dataset(folder, cells, rubric=rubric, tables=tables, rewritten=files)


@pytest.fixture
def data(tmp_path: Path) -> Dataset:
    return dataset(tmp_path)


def texts(table: Table | None) -> list[list[str]]:
    assert table is not None
    return [[table.text(*pair) for pair in zip(table.columns, row, strict=True)] for row in table.rows]


def test_summary_counts_what_is_proposed_and_what_is_open(data: Dataset) -> None:
    """b and c tie at the second of two seats."""
    table = award_tables.summary(data, cchc.propose_awards(data, year=2024), PERIOD)
    assert texts(table) == [
        ["1. Bằng khen", "tập thể", "tối đa 2", "1", "0", "1", "KH 52"],
        ["2. Bằng khen cá nhân", "cá nhân", "dự kiến 1", "1", "0", "0", "quy ước, chưa có văn bản quy định"],
    ]


def test_candidates_with_place_figures_reason_and_doubts(data: Dataset) -> None:
    proposal = cchc.propose_awards(data, year=2024)
    bk, cn = data.scheme.awards
    tied = "bằng nhau ở chỉ tiêu cuối: chọn 1 trong 2"
    assert texts(award_tables.proposed(data, proposal, bk)) == [
        ["1/3", "a", "g", "chỉ số 90,00", "đề nghị", "trong chỉ tiêu"],
        ["2/3", "b", "g", "chỉ số 70,00", "Hội đồng quyết định", tied],
        ["2/3", "c", "g", "chỉ số 70,00", "Hội đồng quyết định", tied],
    ]
    assert award_tables.below(data, proposal, bk) is None
    assert award_tables.left_out(data, proposal, bk) is None
    person = texts(award_tables.proposed(data, proposal, cn))[0]
    assert person[:3] == ["1/1", "Nguyễn Văn A", "a"]


def test_candidates_below_and_left_out(tmp_path: Path) -> None:
    tables = TABLES.replace("seats = 2", "seats = 1") + (
        '[[awards]]\nid = "x"\nname = "X"\nwhen = "year"\nto = "collective"\nseats = 1\nseats_are = "planned"\n'
        'not_with = ["bk"]\n'
    )
    data = dataset(tmp_path, tables=tables)
    proposal = cchc.propose_awards(data, year=2024)
    bk, _cn, other = data.scheme.awards
    below = award_tables.below(data, proposal, bk)
    assert [row[1:] for row in texts(below)] == [
        [unit, "g", "chỉ số 70,00", "hết chỉ tiêu", "đồng hạng"] for unit in "bc"
    ]
    left = texts(award_tables.left_out(data, proposal, other))
    assert [(row[1], row[4], row[5]) for row in left] == [("a", "loại trừ", "đã được đề nghị Bằng khen")]


def test_section_of_an_award_has_its_rules_then_its_decisions(data: Dataset) -> None:
    proposal = cchc.propose_awards(data, year=2024)
    blocks = award_prose.award_section(data, proposal, data.scheme.awards[0], PERIOD).blocks
    assert [block.tag for block in blocks] == ["h2", "ul", "h3", "ul", "p"]
    assert blocks[1].lines[0] == "Tối đa 2 tập thể (KH 52)."
    assert "quy ước, chưa có văn bản quy định" in blocks[1].lines[1]
    assert blocks[3].lines == ("Chọn 1 trong 2: b, c (bằng nhau ở chỉ tiêu cuối).",)
    assert blocks[4].text == "Đề nghị 1/2. 2 đối tượng chờ Hội đồng quyết định."


def test_award_without_candidates_says_so(tmp_path: Path) -> None:
    files = {name: text for name, text in FILES.items() if not name.startswith("nominations")}
    data = dataset(tmp_path, files)
    proposal = cchc.propose_awards(data, year=2024)
    award = data.scheme.awards[1]
    assert award_tables.proposed(data, proposal, award) is None
    last = award_prose.award_section(data, proposal, award, PERIOD).blocks[-1]
    assert last.text == "Không có đối tượng nào: chưa có đề nghị cho kỳ này."


def test_head_says_that_it_is_a_draft(data: Dataset) -> None:
    marks = [block.text for block in award_prose.title(data, PERIOD).blocks if block.css.startswith("mark")]
    assert marks[0].startswith("DỰ THẢO ĐỀ XUẤT")
    assert marks[1].startswith("BẢN DỰ THẢO")
    assert marks[-1].startswith("Có họ tên cá nhân")


def test_initiatives_that_count_and_those_that_do_not(data: Dataset) -> None:
    initiatives = initiatives_of(data, [2024])
    recognised = texts(award_tables.recognised(data, initiatives, PERIOD))
    assert [row[:2] + row[5:] for row in recognised] == [["Một", "s1", "cấp tỉnh", "QĐ 1", "06/05/2024", "Hội đồng"]]
    left = texts(award_tables.not_counted(data, initiatives, PERIOD))
    assert [(row[1], row[-1]) for row in left] == [
        ("s2", "chưa được công nhận: không ghi số văn bản, ngày, cơ quan"),
        ("s3", "được công nhận ngày 06/05/2023, không thuộc năm 2024"),
    ]
    assert award_prose.initiatives(initiatives).blocks[0].text == "1/3 sáng kiến được tính."


# ------------------------------------------------------------------------------------------------------- contents


def test_profile_by_content(data: Dataset) -> None:
    profile = cchc.content_profile(data, "a", 2024)
    assert texts(content_tables.profile(data, profile, ("a", "Sở A"), PERIOD)) == [
        ["1. Chỉ đạo", "1. Một", "90,00", "+10,00", "—", "—", "—"],
        ["1.", "2. Hai", "90,00", "+10,00", "—", "—", "—"],
        ["1.", "Nhiệm vụ được giao", "—", "—", "1/2", "—", "—"],
        ["2. Sáng kiến", "Sáng kiến", "—", "—", "—", "1 (và 1 không tính)", "—"],
        ["2.", "Chỉ số cải cách hành chính của tỉnh", "86,75", "+1,25", "—", "—", "10/63"],
    ]


def test_profile_of_a_stage_counts_all_its_years(tmp_path: Path) -> None:
    files = {**FILES, "tasks/2023.csv": "unit,content,task,due,done,evidence\na,chi-dao,Cũ,,2023-01-01,VB\n"}
    data = dataset(tmp_path, files)
    of_stage = cchc.content_profile(data, "a", 2024, 2023)
    tasks = of_stage[of_stage["kind"] == "tasks"].iloc[0]
    assert (tasks["n_tasks_in_time"], tasks["n_tasks"]) == (2, 3)


def test_evidence_in_error_is_not_counted(data: Dataset) -> None:
    problem = next(item for item in data.problems if item.file.startswith("initiatives/"))
    broken = replace(data, problems=(replace(problem, code="unknown-content"),))
    assert broken.broken_awards == ["2024"]
    profile = cchc.content_profile(broken, "a", 2024)
    assert profile[["n_tasks", "n_initiatives"]].isna().all(axis=None)
    table = content_tables.profile(broken, profile, ("a", "A"), PERIOD)
    assert table is not None
    assert "Tệp nhiệm vụ hoặc sáng kiến của kỳ này có lỗi nên không tính." in table.notes


def test_without_contents_there_is_no_section(tmp_path: Path) -> None:
    files = {"nominations/2024.csv": FILES["nominations/2024.csv"]}
    data = dataset(tmp_path, files, tables=TABLES.partition("[[contents]]")[0])
    profile = cchc.content_profile(data, "a", 2024)
    assert profile.empty
    assert content_tables.profile(data, profile, ("a", "A"), PERIOD) is None
    assert content_tables.heading(profile) is None


def test_a_scorecard_knows_no_name_of_a_person(data: Dataset) -> None:
    own = cchc.unit_data(data, "a", 2024)
    assert set(own.initiatives["unit_id"]) == {"a"}
    assert not own.initiatives["owner"].any()
    assert own.nominations.empty
    pd_profile = cchc.content_profile(own, "a", 2024)
    assert pd_profile.equals(cchc.content_profile(data, "a", 2024))


# ------------------------------------------------------------------------------------------------------- document


def document_texts(path: Path) -> list[str]:
    paper = Document(str(path))
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    return [*(paragraph.text for paragraph in paper.paragraphs), *cells]


def test_document_has_the_form_of_an_appendix(data: Dataset, tmp_path: Path) -> None:
    proposal = cchc.propose_awards(data, year=2024)
    dossier.save(str(tmp_path), "awards-2024", data, proposal, PERIOD)
    paper = Document(str(tmp_path / "awards-2024.docx"))
    heading, bk, undecided, cn, signature = paper.tables
    assert heading.cell(0, 1).text.startswith("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc")
    assert [cell.text for cell in bk.rows[1].cells] == ["1", "a", "g", "1/3", "chỉ số 90,00", "trong chỉ tiêu"]
    assert [[row.cells[at].text for at in (0, 1)] for row in undecided.rows[1:]] == [["1", "b"], ["2", "c"]]
    assert cn.cell(1, 1).text == "Nguyễn Văn A"
    assert "NGƯỜI KÝ" in signature.cell(0, 1).text
    said = [paragraph.text for paragraph in paper.paragraphs]
    assert said[0] == "PHỤ LỤC"
    assert any(text.startswith("DỰ THẢO ĐỀ XUẤT") for text in said)
    assert "- Chọn 1 trong 2: b, c (bằng nhau ở chỉ tiêu cuối)." in said


def test_document_of_the_same_proposal_is_the_same_bytes(data: Dataset, tmp_path: Path) -> None:
    proposal = cchc.propose_awards(data, year=2024)
    for name in ("one", "two"):
        dossier.save(str(tmp_path), name, data, proposal, PERIOD)
    one, two = ((tmp_path / f"{name}.docx").read_bytes() for name in ("one", "two"))
    assert one == two
    with zipfile.ZipFile(tmp_path / "one.docx") as archive:
        assert {entry.date_time for entry in archive.infolist()} == {dossier.DATE}
        assert b"1980-01-01" in archive.read("docProps/core.xml")


def test_without_a_folder_nothing_is_written(data: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    before = sorted(tmp_path.rglob("*"))
    dossier.save("", "awards-2024", data, cchc.propose_awards(data, year=2024), PERIOD)
    assert sorted(tmp_path.rglob("*")) == before


def test_hostile_nominations_are_text_everywhere(tmp_path: Path) -> None:
    rows = "".join(f"cn,cá nhân,{quoted(name)},a,{at},{quoted(name)}\n" for at, name in enumerate(NAMES, 1))
    files = {**FILES, "nominations/2024.csv": f"award,kind,name,unit,order,achievement\n{rows}"}
    data = dataset(tmp_path, files, tables=TABLES.replace("seats = 1", "seats = 20"))
    proposal = cchc.propose_awards(data, year=2024)
    table = award_tables.proposed(data, proposal, data.scheme.awards[1])
    assert table is not None
    assert set(NAMES) <= {row[1] for row in texts(table)}
    assert "<script>alert(1)</script>" in assert_harmless(table.html)
    workbook.save(str(tmp_path), "a", data, [table], award_prose.title(data, PERIOD), year=2024)
    assert set(NAMES) <= assert_lifeless(tmp_path / "a.xlsx")
    dossier.save(str(tmp_path), "a", data, proposal, PERIOD)
    assert set(NAMES) <= set(document_texts(tmp_path / "a.docx"))
    with zipfile.ZipFile(tmp_path / "a.docx") as archive:
        parts = {name: archive.read(name).decode("utf-8", "replace") for name in archive.namelist()}
    assert "fldSimple" not in parts["word/document.xml"]
    assert "instrText" not in parts["word/document.xml"]
    assert "<script>" not in parts["word/document.xml"]
    assert FORMULA not in "".join(text for name, text in parts.items() if name.endswith(".rels"))


def test_what_no_file_of_office_holds_is_told_and_left_out(tmp_path: Path) -> None:
    """A character that Word refuses had failed the whole page; Excel refuses some that its writer writes."""
    odd = "\x01\x1b\ufffe\uffff"
    nominations = (
        f"award,kind,name,unit,position,order,achievement\ncn,cá nhân,Ng{odd}ười A,a,Chánh{odd} VP,1,Làm{odd}\n"
    )
    initiatives = f"id,unit,title,owner\ns1,a,Sáng{odd} kiến,x\n"
    files = {**FILES, "nominations/2024.csv": nominations, "initiatives/2024.csv": initiatives}
    tables = TABLES.replace('id = "cn"\nname = "', 'id = "cn"\nname = "\\u0001\\uffff')
    data = dataset(tmp_path, files, tables=tables)
    told = {(item.file, item.cell, item.is_error) for item in data.problems if item.code == "control-character"}
    assert told == {
        ("nominations/2024.csv", "dòng 2, cột name", False),
        ("nominations/2024.csv", "dòng 2, cột position", False),
        ("nominations/2024.csv", "dòng 2, cột achievement", False),
        ("initiatives/2024.csv", "dòng 2, cột title", False),
    }
    proposal = cchc.propose_awards(data, year=2024)
    assert odd in proposal["name_vi"].iloc[-1]
    award = data.scheme.awards[1]
    assert award.name.vi.startswith("\x01\uffff")
    dossier.save(str(tmp_path), "a", data, proposal, PERIOD)
    lists = [award_tables.proposed(data, proposal, award)]
    lists.append(award_tables.not_counted(data, cchc.initiatives_of(data, [2024]), PERIOD))
    head = Prose((Block("h1", (f"Tên{odd} trang",)), Block("p", (f"Dấu{odd}",), "mark")), "page-head")
    workbook.save(str(tmp_path), "a", data, lists, head, year=2024)
    for name, texts_ in (
        ("a.docx", ["Người A, Chánh VP", "Làm"]),
        ("a.xlsx", ["Người A", "Chánh VP", "Làm", "Sáng kiến", "Tên trang"]),
    ):
        with zipfile.ZipFile(tmp_path / name) as archive:
            parts = [archive.read(part).decode() for part in archive.namelist() if part.endswith((".xml", ".rels"))]
        whole = "".join(parts)
        for part in parts:
            ET.fromstring(part)
        assert not set(odd) & set(whole), name
        assert "_x0001_" not in whole, name
        assert all(text in whole for text in texts_), name


# ------------------------------------------------------------------------------------------------- plan, key, page


def jobs(folder: Path) -> dict[str, Job]:
    processed.load(folder)
    found = processed.manifest(folder)
    assert found is not None
    years = found["years"]
    return {job.page: job for job in plan(read_scheme(folder), found, find_sources(NOTEBOOKS), "p", "vi", years).jobs}


@pytest.fixture
def soc_trang(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CCHC_PROCESSED", str(tmp_path / "processed"))
    return Path(shutil.copytree(ROOT / "data/raw/soc-trang", tmp_path / "raw/soc-trang"))


def changed_by(folder: Path, path: str, old: str, new: str) -> set[str]:
    before = jobs(folder)
    text = (folder / path).read_text("utf-8-sig")
    assert old in text
    (folder / path).write_text(text.replace(old, new), "utf-8")
    after = jobs(folder)
    return {page for page in before if before[page].key != after[page].key}


@pytest.mark.slow
def test_pages_of_awards_stand_where_the_scheme_gives_one(soc_trang: Path) -> None:
    pages = jobs(soc_trang)
    awards = {page for page in pages if page.startswith("awards-")}
    assert awards == {f"awards-{period}" for period in ("2022", "2023", "2024", "2025", "2021-2025", "2021-2030")}
    assert all(pages[page].is_personal and pages[page].suffixes == (".docx",) for page in awards)
    assert not any(job.is_personal for page, job in pages.items() if page not in awards)


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of a small scheme whose pages of awards are of 2023 and 2024; pages are made at once."""
    monkeypatch.setenv("CCHC_PROCESSED", str(tmp_path / "processed"))
    monkeypatch.setattr(runner, "run_notebook", FakeEngine())
    dataset(tmp_path / "raw")
    return tmp_path / "raw/thu"


def report(folder: Path) -> Summary:
    return runner.report(folder.parent, folder.parents[1] / "reports", notebooks=NOTEBOOKS)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("*") if path.is_file())


@pytest.mark.slow
def test_pages_of_a_period_without_awards_move_aside_whole(office: Path) -> None:
    report(office)
    out = office.parents[1] / "reports/thu"
    of_2023 = [f"awards-2023.{suffix}" for suffix in ("docx", "html", "json", "xlsx")]
    assert set(of_2023) <= set(names(out))
    text = (office / "scheme.toml").read_text("utf-8")
    (office / "scheme.toml").write_text(text.replace('when = "year"\n', 'when = "year"\nfrom = 2024\n'), "utf-8")
    summary = report(office)
    assert (summary.exit_code, summary.schemes[0].retired) == (0, ["awards-2023"])
    assert names(out / ".old") == of_2023
    assert [name for name in names(out) if name.startswith("awards")] == [
        f"awards-2024.{suffix}" for suffix in ("docx", "html", "json", "xlsx")
    ]
    assert "awards-2023" not in (out / "index.html").read_text("utf-8")


@pytest.mark.slow
def test_a_wrong_nomination_stops_the_awards_of_its_period_alone(office: Path) -> None:
    report(office)
    out = office.parents[1] / "reports/thu"
    before = {name: (out / name).read_bytes() for name in names(out)}
    text = FILES["nominations/2024.csv"].replace("Nguyễn Văn A,a,1", "Nguyễn Văn A,khong-co,1")
    (office / "nominations/2024.csv").write_text(text, "utf-8")
    scheme = (office / "scheme.toml").read_text("utf-8")
    (office / "scheme.toml").write_text(scheme.replace('title = "Thử"', 'title = "Chỉ số"'), "utf-8")  # renews them all
    summary = report(office)
    assert summary.exit_code == 2
    results = {result.job.page: describe(result) for result in summary.schemes[0].results}
    assert results.pop("awards-2024") == "thu/awards-2024: DỪNG: đề nghị, sáng kiến hoặc nhiệm vụ có lỗi"
    assert {"awards-2023", "annual-2023", "annual-2024"} <= set(results)
    assert all("đã lập" in line for line in results.values()), results
    (problem,) = [item for item in summary.schemes[0].problems if item.is_error]
    assert (problem.file, problem.code, problem.value) == ("nominations/2024.csv", "unknown-unit", "…")
    assert "dòng 2" in str(problem)
    # the last good page stays, marked as old
    assert all((out / name).read_bytes() == content for name, content in before.items() if "awards-2024" in name)
    index = (out / "index.html").read_text("utf-8")
    assert index.count("Bản cũ") == 1
    assert "nominations/2024.csv" in index


@pytest.mark.slow
def test_a_changed_nomination_renews_the_awards_whose_claims_it_is_compared_with(soc_trang: Path) -> None:
    renewed = changed_by(soc_trang, "nominations/2024.csv", "Công chức (minh họa)", "Viên chức")
    assert renewed == {"awards-2024", "awards-2021-2025", "awards-2021-2030"}


@pytest.mark.slow
def test_a_changed_task_renews_awards_and_scorecards_of_its_group(soc_trang: Path) -> None:
    changed = changed_by(soc_trang, "tasks/2024.csv", "2024-02-15", "2024-01-15")
    awards = {page for page in changed if page.startswith("awards-")}
    assert awards == {"awards-2024", "awards-2021-2025", "awards-2021-2030"}
    others = changed - awards
    assert "units/so-y-te-2024" in others
    assert all(page.startswith("units/") and page.endswith("-2024") for page in others)
    assert "units/cuc-thue-2024" not in others


@pytest.mark.slow
def test_a_changed_score_renews_the_awards_that_rest_on_it(soc_trang: Path) -> None:
    rows = (soc_trang / "scores/2025.csv").read_text("utf-8-sig").splitlines()
    row = next(line for line in rows[1:] if line.split(",")[3])
    cells = row.split(",")
    cells[3] = "0"
    changed = changed_by(soc_trang, "scores/2025.csv", row + "\n", ",".join(cells) + "\n")
    assert {page for page in changed if page.startswith("awards-")} == {
        "awards-2025", "awards-2021-2025", "awards-2021-2030",
    }  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(("scheme", "year"), [("soc-trang", 2024), ("so-gddt", 2022)])
def test_bundled_page_passes_the_checks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, scheme: str, year: int
) -> None:
    monkeypatch.setenv("CCHC_PROCESSED", str(tmp_path / "processed"))
    monkeypatch.setenv("CCHC_RAW", str(ROOT / "data/raw"))
    data = read_dataset(ROOT / "data/raw" / scheme)
    parameters = {"scheme": scheme, "year": year, "lang": "vi", "out": str(tmp_path / "out")}
    (tmp_path / "out").mkdir()
    source = NOTEBOOKS / "awards_year.ipynb"
    task = Task(source, parameters, f"awards-{year}", "T", "vi", tmp_path / "out", {}, suffixes=(".docx",))
    outcome = run_notebook(task)
    assert outcome.failure is None, outcome.failure
    page = (tmp_path / f"out/awards-{year}.html").read_text("utf-8")
    assert "DỰ THẢO ĐỀ XUẤT" in page
    assert data.nominations["name"].iloc[-1] in page
    assert json.loads(source.read_text("utf-8"))["metadata"]["cchc"]["personal"] is True
