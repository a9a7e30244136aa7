"""What `cchc check` writes: the page, the table, the copies, and nothing into the input."""

from __future__ import annotations

import hashlib
import re
import threading
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from cchc.problems import Problem, order
from cchc.reports import publish, site
from cchc.reports.checkup import check_page_of, find_problems, write_check
from cchc.reports.html import IndexEntry, IndexSection, check_page
from tests.conftest import MakeScheme
from tests.inputs import FILES, SCHEME, workbook

ROW = ("noi-vu", "Sở Nội vụ", 4, 3.5, 2, 3.25, 5, 1.5, None)
BAD = ("tu-phap", "Sở Tư pháp", 4, 4.5, 2, "x", 5, None, None)


@pytest.fixture
def folder(make_scheme: MakeScheme) -> Path:
    files = {name: text for name, text in FILES.items() if name != "scores/2024.csv"}
    return make_scheme({**files, "scores/2024/một phần.xlsx": workbook(ROW, BAD)})


def hashes(folder: Path) -> dict[str, str]:
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.rglob("*") if path.is_file()}


def row_texts(page: str) -> list[list[str]]:
    body = page.rpartition("<tbody>")[2]
    return [re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row) for row in re.findall(r"<tr>(.*?)</tr>", body)]


def test_check_leaves_page_table_and_copy(folder: Path, tmp_path: Path) -> None:
    before = hashes(folder)
    problems = find_problems(folder)
    path = write_check(folder, tmp_path / "out", problems)
    assert hashes(folder) == before
    assert {item.name for item in path.parent.iterdir()} == {"check.html", "check.xlsx", "check-2024-một-phần.xlsx"}
    page = path.read_text("utf-8")
    assert check_page(page) == []
    assert 'href="check.xlsx"' in page
    assert 'href="check-2024-một-phần.xlsx"' in page
    rows = row_texts(page)
    assert rows[0][:3] == ["LỖI", "2024/một phần.xlsx · Sở · D6", "4.5"]
    assert [row[0] for row in rows] == sorted((row[0] for row in rows), key="LỖI Cảnh báo".index)
    assert len(rows) == len(problems)
    book = openpyxl.load_workbook(BytesIO((path.parent / "check.xlsx").read_bytes()))
    table = list(book.worksheets[2].iter_rows(min_row=4, values_only=True))
    assert table[0] == ("Mức", "Mã", "Tệp", "Trang tính", "Ô", "Giá trị", "Vấn đề", "Cách xử lý")
    assert [row[1] for row in table[1:]] == [item.code for item in problems]
    copy = openpyxl.load_workbook(BytesIO((path.parent / "check-2024-một-phần.xlsx").read_bytes()))
    assert "vượt điểm tối đa" in copy["Sở"]["D6"].comment.text


def test_a_copy_goes_when_its_problems_are_gone(folder: Path, tmp_path: Path) -> None:
    path = write_check(folder, tmp_path, find_problems(folder))
    write_check(folder, tmp_path, [])
    assert {item.name for item in path.parent.iterdir()} == {"check.html", "check.xlsx"}
    page = path.read_text("utf-8")
    assert check_page(page) == []
    assert "không có vấn đề nào" in page


def test_same_problems_same_bytes(folder: Path, tmp_path: Path) -> None:
    path = write_check(folder, tmp_path, find_problems(folder))
    before = {name: (path.parent / name).read_bytes() for name in ("check.html", "check.xlsx")}
    write_check(folder, tmp_path, find_problems(folder))
    assert {name: (path.parent / name).read_bytes() for name in before} == before


def test_suspicions_are_among_the_problems(make_scheme: MakeScheme) -> None:
    rubric = "year,code,name_vi,max_points\n2024,1,Một,50\n2024,2,Hai,30\n2024,3,Ba,20\n"
    rows = [
        f"{unit},{code},{points},{points}" for unit in ("noi-vu",) for code, points in (("1", 5), ("2", 6), ("3", 7))
    ]
    scores = "\n".join(["unit,code,self,appraised", *rows])
    folder = make_scheme(
        {"scheme.toml": SCHEME, "units.csv": FILES["units.csv"], "rubric.csv": rubric, "scores/2024.csv": scores}
    )
    assert "self-equals-appraised" in [item.code for item in find_problems(folder)]


def test_settings_in_error_keep_title_and_page(make_scheme: MakeScheme, tmp_path: Path) -> None:
    folder = make_scheme({**FILES, "scheme.toml": "x"})
    page = write_check(folder, tmp_path, find_problems(folder)).read_text("utf-8")
    assert check_page(page) == []
    assert "Kiểm tra dữ liệu: thu" in page


def test_the_illustrative_mark_stands_on_page_and_workbook(make_scheme: MakeScheme, tmp_path: Path) -> None:
    folder = make_scheme({**FILES, "scheme.toml": SCHEME.replace("bonus", 'illustrative = "minh họa"\nbonus')})
    path = write_check(folder, tmp_path, find_problems(folder))
    assert '<p class="mark illustrative">minh họa</p>' in path.read_text("utf-8")
    book = openpyxl.load_workbook(BytesIO((path.parent / "check.xlsx").read_bytes()))
    assert "minh họa" in [cell.value for cell in book.worksheets[0]["A"]]


def many(number: int, value: str = "x") -> list[Problem]:
    return [Problem("not-a-number", "scores/2024.csv", "", f"dòng {row}", value) for row in range(number)]


def test_more_than_two_hundred_of_a_kind_are_cut_with_a_note() -> None:
    few = [Problem("below-zero", "scores/2024.csv", value="-1")] * 3
    page = check_page_of("Thử", (), [*few, *many(1234)], (), "vi")
    assert check_page(page) == []
    assert len(row_texts(page)) == 203
    assert "bảng dưới có 200; còn 1034 nữa trong tệp Excel" in page
    assert "1237 lỗi" in page


def test_a_page_stays_as_small_as_a_page_may_be() -> None:
    kinds = (
        "not-a-number",
        "not-a-date",
        "not-a-year",
        "bad-id",
        "bad-code",
        "bad-weight",
        "not-a-share",
        "file-missing",
    )
    problems = [Problem(kind, "units.csv", value="ắ" * 5000) for kind in kinds for _ in range(200)]
    page = check_page_of("Thử", (), problems, (), "vi")
    assert check_page(page) == []
    assert "còn 190 nữa" in page


def test_order_is_by_gravity_file_sheet_row_and_column() -> None:
    problems = [
        Problem("file-unused", "a.csv"),
        Problem("error-cell", "b.xlsx", "S", "B10"),
        Problem("error-cell", "b.xlsx", "S", "AA9"),
        Problem("error-cell", "b.xlsx", "S", "C9"),
        Problem("blank-cell", "b.xlsx", "S"),
    ]
    assert [item.cell for item in sorted(problems, key=order)] == ["", "C9", "AA9", "B10", ""]


def test_two_sources_never_share_a_copy(make_scheme: MakeScheme, tmp_path: Path) -> None:
    content = workbook(BAD)
    files = {name: text for name, text in FILES.items() if name != "scores/2024.csv"}
    folder = make_scheme({**files, "scores/2024/a b.xlsx": content, "scores/2024/a+b.xlsx": content})
    path = write_check(folder, tmp_path, find_problems(folder))
    assert {item.name for item in path.parent.glob("check-*")} == {"check-2024-a-b.xlsx", "check-2024-a-b-2.xlsx"}


def index_links(path: Path) -> list[str]:
    return re.findall(r'href="([^"]+)"', path.read_text("utf-8"))


def test_the_index_links_the_page_once_and_only_where_there_is_an_index(folder: Path, tmp_path: Path) -> None:
    problems = find_problems(folder)
    write_check(folder, tmp_path, problems)
    assert not (tmp_path / "thu/index.html").exists()
    sections = (IndexSection("Hằng năm", (IndexEntry("annual-2024.html", "Năm 2024"),)),)
    site.write_scheme_index(tmp_path, "thu", site.Listing("Thử", (), sections), "vi")
    for _ in range(2):
        write_check(folder, tmp_path, problems)
        links = index_links(tmp_path / "thu/index.html")
        assert [link for link in links if not link.startswith("#")] == [
            "../index.html", "annual-2024.html", "check.html",
        ]  # fmt: skip


def test_a_check_waits_for_a_run_that_writes_there(folder: Path, tmp_path: Path) -> None:
    problems, seen = find_problems(folder), list[str]()
    with publish.locked(tmp_path, "thu", "vi", lambda done, total, text: None):
        thread = threading.Thread(
            target=write_check,
            args=(folder, tmp_path, problems),
            kwargs={"progress": lambda done, total, text: seen.append(text)},
        )
        thread.start()
        thread.join(1)
        assert thread.is_alive()
        assert not (tmp_path / "thu/check.html").exists()
    thread.join(60)
    assert (tmp_path / "thu/check.html").exists()
    assert seen == ["thu: đang chờ một lần chạy khác kết thúc"]
    assert list((tmp_path / publish.STAGING).iterdir()) == [tmp_path / publish.STAGING / "thu.lock"]
