"""`cchc publish`: what is shared, and how it gets to a folder, a zip and an S3 server."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import fsspec
import pytest

from cchc.reports import publish, sharing, site, targets
from cchc.reports.html import IndexEntry, IndexSection
from cchc.reports.plan import Job
from cchc.reports.sharing import Shared
from cchc.reports.sources import CallError
from tests.pages import script_environment
from tests.test_publish import INPUTS, JOB

PAGES = {
    "annual-2024": "year",
    "annual-2023": "year",
    "awards-2024": "year",
    "units/a-2024": "unit",
    "units/b-2024": "unit",
}
PERSONAL = "awards-2024"


def build(out: Path, scheme: str, page: str, text: str = "trang") -> None:
    """Publish a set; the page of awards names persons."""
    lang = "en" if page.endswith(".en") else "vi"
    job = Job(**{**vars(JOB), "scheme": scheme, "page": page, "lang": lang})
    staged = publish.staging_folder(out, scheme) / "set"
    (staged / page).parent.mkdir(parents=True, exist_ok=True)
    (staged / f"{page}.html").write_text(f"{text} {scheme} {page}", "utf-8")
    (staged / f"{page}.xlsx").write_bytes(f"sổ tính {text} {page}".encode())
    publish.publish(job, staged, out / scheme, INPUTS, "c0ffee")
    if page == PERSONAL:
        path = out / scheme / f"{page}.json"
        path.write_text(publish.as_json({**json.loads(path.read_text("utf-8")), "personal": True}), "utf-8")


def entry(page: str) -> IndexEntry:
    return IndexEntry(f"{page}.html", f"Trang {page}", workbook=f"{page}.xlsx", period="2024")


def list_pages(out: Path, scheme: str, pages: list[str], lang: str = "vi") -> None:
    """Write the index of a scheme, with a failure, a check page and a page that is not built."""
    cards = tuple(entry(page) for page in pages if page.startswith("units/"))
    sections = (
        IndexSection("Hằng năm", tuple(entry(page) for page in pages if not page.startswith("units/")), "year"),
        IndexSection("Giai đoạn", (), "stage"),
        IndexSection("Từng đơn vị", (), "unit", (IndexSection("Năm 2024", (), parts=(IndexSection("Sở", cards),)),)),
        IndexSection("Chưa lập được", (IndexEntry("annual-2025.failure.html", "Năm 2025"),)),
        IndexSection("Kiểm tra dữ liệu", (IndexEntry("check.html", "Vấn đề"),)),
    )
    site.write_scheme_index(out, scheme, site.Listing(f"Chỉ số {scheme}", ("Số liệu minh họa",), sections), lang)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Reports of two schemes, one of them in English too, with what is never shared."""
    folder = tmp_path / "reports"
    for scheme, pages in (("thu", list(PAGES)), ("khac", ["annual-2024"])):
        for page in pages:
            build(folder, scheme, page)
        list_pages(folder, scheme, pages)
    build(folder, "thu", "annual-2024.en")
    list_pages(folder, "thu", ["annual-2024.en"], "en")
    for name in ("annual-2025.failure.html", "check.html", "check.xlsx", ".old/annual-2019.html", "notes.html"):
        (folder / "thu" / name).parent.mkdir(exist_ok=True)
        (folder / "thu" / name).write_text("x", "utf-8")
    return folder


def files_of(scheme: str, *pages: str) -> set[str]:
    return {f"{scheme}/{page}{suffix}" for page in pages for suffix in (".html", ".xlsx", ".json")}


PLAIN = [page for page in PAGES if page != PERSONAL]
INDICES = {"index.html", "index.en.html", "thu/index.html", "thu/index.en.html", "khac/index.html"}
EVERYTHING = files_of("thu", *PLAIN, "annual-2024.en") | files_of("khac", "annual-2024") | INDICES


class Log(list[str]):
    """Progress that is kept."""

    def __call__(self, done: int, total: int, text: str) -> None:
        if text:
            self.append(text.rpartition(":")[0])


def share(out: Path, target: Path | str, *schemes: str, log: Log | None = None, **options: bool) -> Shared:
    progress = Log() if log is None else log
    return sharing.share(out, schemes or ("khac", "thu"), str(target), progress=progress, **options)


def read(target: Path) -> dict[str, bytes]:
    """Return what a folder or a zip holds, without the manifest."""
    if target.suffix == ".zip":
        with zipfile.ZipFile(target) as archive:
            found = {name: archive.read(name) for name in archive.namelist()}
    else:
        found = {path.relative_to(target).as_posix(): path.read_bytes() for path in target.rglob("*") if path.is_file()}
    del found[targets.MANIFEST]
    return found


def check_links(found: dict[str, bytes]) -> None:
    """Every link of every index page leads to a file that is there."""
    for name in found:
        if name.rpartition("/")[2].startswith("index."):
            links = re.findall(r'href="([^"#]+)[^"]*"', found[name].decode())
            assert links
            assert {urljoin(name, link) for link in links} <= set(found), name


@pytest.fixture(params=["chung", "gui.zip"])
def target(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A folder and a zip, neither of which is there yet."""
    return tmp_path / "noi" / str(request.param)


# What is shared


def test_finished_sets_are_shared_with_indices_that_list_only_them(out: Path, target: Path) -> None:
    shared = share(out, target)
    found = read(target)
    assert set(found) == EVERYTHING
    for name in EVERYTHING - INDICES:
        assert found[name] == (out / name).read_bytes()
    check_links(found)
    text = found["thu/index.html"].decode()
    assert "Số liệu minh họa" in text
    for absent in ("awards", "check.html", "failure", "2025", "Chưa lập được", "Kiểm tra dữ liệu"):
        assert absent not in text
    assert (len(shared.changes.copy), shared.left_out, shared.n_personal) == (len(EVERYTHING), (), 1)


def test_pages_with_names_of_persons_only_where_told(out: Path, target: Path) -> None:
    share(out, target, personal=True)
    found = read(target)
    assert set(found) == EVERYTHING | files_of("thu", PERSONAL)
    assert b"awards-2024.html" in found["thu/index.html"]
    assert b"awards-2024.html" in found["index.html"]
    check_links(found)
    again = share(out, target)
    assert again.changes.lingering == 3
    assert b"awards-2024.html" not in read(target)["thu/index.html"]
    share(out, target, delete=True)
    assert set(read(target)) == EVERYTHING


@pytest.mark.parametrize("torn", ["units/b-2024.xlsx", "units/b-2024.html", "units/b-2024.json"])
def test_torn_set_is_left_out_and_said(out: Path, target: Path, torn: str) -> None:
    (out / "thu" / torn).write_bytes(b"torn")
    shared = share(out, target)
    assert shared.left_out == (
        "thu/units/b-2024: để lại, vì tệp không khớp bản kê; lập lại bằng: cchc report thu --units",
    )
    found = read(target)
    assert set(found) == EVERYTHING - files_of("thu", "units/b-2024")
    check_links(found)


def test_set_in_no_index_is_left_out_and_said(out: Path, target: Path) -> None:
    build(out, "thu", "annual-2022.en")
    shared = share(out, target)
    assert shared.left_out == (
        "thu/annual-2022.en: để lại, vì không có trong mục lục; lập lại bằng: cchc report thu --lang en",
    )
    assert set(read(target)) == EVERYTHING


def test_torn_set_that_was_shared_before_is_kept_there(out: Path, target: Path) -> None:
    share(out, target)
    before = read(target)
    (out / "thu/units/b-2024.xlsx").write_bytes(b"torn")
    share(out, target, delete=True)
    found = read(target)
    assert set(found) == EVERYTHING
    assert found["thu/units/b-2024.xlsx"] == before["thu/units/b-2024.xlsx"]
    assert b"units/b-2024" not in found["thu/index.html"]


def test_one_scheme(out: Path, target: Path) -> None:
    share(out, target, "khac")
    found = read(target)
    assert set(found) == files_of("khac", "annual-2024") | {"index.html", "khac/index.html"}
    check_links(found)


def test_nothing_finished_is_said(out: Path, tmp_path: Path) -> None:
    with pytest.raises(CallError, match="cchc report"):
        share(tmp_path / "nowhere", tmp_path / "chung")
    (out / "khac/annual-2024.html").write_bytes(b"torn")
    with pytest.raises(CallError, match="khac/annual-2024: để lại"):
        share(out, tmp_path / "chung", "khac")
    assert not (tmp_path / "chung").exists()


# Changed files only


def test_pages_come_before_the_indices_and_the_index_of_all_last(out: Path, tmp_path: Path) -> None:
    log = Log()
    share(out, tmp_path / "chung", log=log)
    assert set(log) == EVERYTHING
    assert set(log[-5:]) == INDICES
    assert log[-2:] == ["index.en.html", "index.html"]


def test_only_what_has_changed_is_copied(out: Path, target: Path) -> None:
    share(out, target)
    before = target.stat().st_ino
    unchanged = share(out, target)
    assert (unchanged.changes.copy, unchanged.changes.unchanged) == ((), len(EVERYTHING))
    assert target.stat().st_ino == before
    build(out, "thu", "annual-2024", "mới")
    changed = share(out, target)
    assert {item.path for item in changed.changes.copy} == files_of("thu", "annual-2024")
    assert read(target)["thu/annual-2024.html"] == "mới thu annual-2024".encode()


def test_unchanged_files_of_a_folder_are_not_touched(out: Path, tmp_path: Path) -> None:
    target = tmp_path / "chung"
    share(out, target)
    before = {path: path.stat().st_ino for path in target.rglob("*") if path.is_file()}
    build(out, "thu", "annual-2024", "mới")
    log = Log()
    share(out, target, log=log)
    after = {path: path.stat().st_ino for path in before}
    touched = {path.relative_to(target).as_posix() for path in before if after[path] != before[path]}
    assert touched - {targets.MANIFEST} == files_of("thu", "annual-2024")
    assert set(log) == files_of("thu", "annual-2024")


def test_same_content_is_the_same_zip(out: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "a.zip", tmp_path / "b.zip"
    share(out, first)
    build(out, "thu", "annual-2024", "mới")
    share(out, second)
    assert first.read_bytes() != second.read_bytes()
    share(out, first)
    assert first.read_bytes() == second.read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == ["a.zip", "b.zip"]


def test_dry_run_writes_nothing(out: Path, target: Path) -> None:
    would = share(out, target, dry_run=True)
    assert {item.path for item in would.changes.copy} == EVERYTHING
    assert not target.parent.exists()
    share(out, target)
    before = target.stat().st_mtime_ns, read(target)
    build(out, "thu", "annual-2024", "mới")
    list_pages(out, "thu", ["annual-2024"])
    would = share(out, target, dry_run=True, delete=True)
    assert files_of("thu", "annual-2024") <= {item.path for item in would.changes.copy}
    assert (target.stat().st_mtime_ns, read(target)) == before


# What others put there


def add(target: Path, name: str, content: bytes) -> None:
    """Put a file into a target, as somebody else would."""
    if target.suffix == ".zip":
        with zipfile.ZipFile(target, "a") as archive:
            archive.writestr(name, content)
    else:
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        (target / name).write_bytes(content)


def retire(out: Path, page: str) -> None:
    publish.retire(out / "thu", [other for other in PAGES if other != page], "vi")
    list_pages(out, "thu", [other for other in PAGES if other != page])


def test_delete_takes_only_what_was_shared_and_is_gone(out: Path, target: Path) -> None:
    share(out, target)
    add(target, "thu/của người khác.txt", b"mine")
    retire(out, "annual-2023")
    shared = share(out, target)
    assert (shared.changes.delete, shared.changes.lingering) == ((), 3)
    found = read(target)
    assert set(found) == EVERYTHING | {"thu/của người khác.txt"}
    assert b"annual-2023" not in found["thu/index.html"]
    shared = share(out, target, delete=True)
    assert set(shared.changes.delete) == files_of("thu", "annual-2023")
    found = read(target)
    assert set(found) == EVERYTHING - files_of("thu", "annual-2023") | {"thu/của người khác.txt"}
    assert found["thu/của người khác.txt"] == b"mine"
    check_links(found)
    assert share(out, target, delete=True).changes.delete == ()


def test_manifest_that_leads_elsewhere_deletes_nothing_there(out: Path, tmp_path: Path) -> None:
    target = tmp_path / "chung"
    share(out, target)
    precious = tmp_path / "precious.txt"
    precious.write_text("x", "utf-8")
    files = json.loads((target / targets.MANIFEST).read_text("utf-8"))["files"]
    bad = {"../precious.txt": "0", str(precious): "0", "thu/../../precious.txt": "0", "": "0", "..\\precious.txt": "0"}
    (target / targets.MANIFEST).write_text(json.dumps({"files": {**files, **bad}}), "utf-8")
    assert share(out, target, delete=True).changes.delete == ()
    assert precious.exists()


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"files": 3}'])
def test_torn_manifest_copies_all_again_and_deletes_nothing(out: Path, tmp_path: Path, text: str) -> None:
    target = tmp_path / "chung"
    share(out, target)
    (target / "other.txt").write_text("x", "utf-8")
    (target / targets.MANIFEST).write_text(text, "utf-8")
    assert len(share(out, target, delete=True).changes.copy) == len(EVERYTHING)
    assert set(read(target)) == EVERYTHING | {"other.txt"}


# Interrupted, damaged, refused


def test_interrupted_run_goes_on_where_it_was(out: Path, tmp_path: Path) -> None:
    target = tmp_path / "chung"

    class Stop(Log):
        def __call__(self, done: int, total: int, text: str) -> None:
            super().__call__(done, total, text)
            if done == 7:
                raise KeyboardInterrupt

    first, rest = Stop(), Log()
    with pytest.raises(KeyboardInterrupt):
        share(out, target, log=first)
    assert len(first) == 7
    assert not (target / "index.html").exists()
    share(out, target, log=rest)
    assert sorted(first + rest) == sorted(EVERYTHING)
    check_links(read(target))


KILLED = """
import sys, time
from pathlib import Path
from cchc.reports import sharing, targets
targets.SAVE_EVERY = 0
def progress(done, total, text):
    if text:
        print(text.rpartition(":")[0], flush=True)
    if done == 7:
        time.sleep(60)
sharing.share(Path(sys.argv[1]), ("khac", "thu"), sys.argv[2], progress=progress)
"""


def test_killed_run_goes_on_where_it_was(out: Path, tmp_path: Path) -> None:
    target = tmp_path / "chung"
    command = [sys.executable, "-c", KILLED, str(out), str(target)]
    with subprocess.Popen(command, env=script_environment(), stdout=subprocess.PIPE, encoding="utf-8") as process:
        assert process.stdout
        first = [process.stdout.readline().strip() for _ in range(7)]
        process.send_signal(signal.SIGKILL)
    rest = Log()
    share(out, target, log=rest)
    assert sorted([*first, *rest]) == sorted(EVERYTHING)
    assert set(read(target)) == EVERYTHING


def test_what_a_killed_run_wrote_and_did_not_note_is_written_again(out: Path, tmp_path: Path) -> None:
    target = tmp_path / "chung"
    share(out, target)
    old = (target / "thu/annual-2024.html").read_bytes()
    build(out, "thu", "annual-2024", "mới")
    saves = []

    def save_once(self: targets.Store, files: dict[str, str]) -> None:
        saves.append(files)
        if len(saves) > 1:
            raise SystemExit  # killed: nothing after the first note is written
        original(self, files)

    original = targets.Store._save
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(targets.Store, "_save", save_once)
        with pytest.raises(SystemExit):
            share(out, target)
    assert (target / "thu/annual-2024.html").read_bytes() != old
    build(out, "thu", "annual-2024")
    share(out, target)
    assert (target / "thu/annual-2024.html").read_bytes() == old


def test_zip_that_cannot_be_written_leaves_the_old_one(
    out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "gui.zip"
    share(out, target)
    before = target.read_bytes()
    build(out, "thu", "annual-2024", "mới")

    def pack(part: Path, content: object) -> None:
        part.write_bytes(b"PK")
        raise OSError("đầy đĩa")

    monkeypatch.setattr(targets, "pack", pack)
    with pytest.raises(OSError, match=r"gui\.zip: đầy đĩa"):
        share(out, target)
    assert target.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["gui.zip"]


def test_file_that_is_read_back_differently_is_named_and_the_old_one_stays(
    out: Path, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    share(out, target)
    before = read(target)
    build(out, "thu", "annual-2024", "mới")
    with monkeypatch.context() as patch:
        copy, pack = targets.shutil.copyfile, targets.pack

        def damage(source: Path, part: Path) -> None:
            copy(source, part)
            if Path(source).name == "annual-2024.html":
                part.write_bytes(b"damaged")

        patch.setattr(targets.shutil, "copyfile", damage)
        name = "thu/annual-2024.html"
        patch.setattr(targets, "pack", lambda part, content: pack(part, {**content, name: b"damaged"}))
        with pytest.raises(OSError, match=r"thu/annual-2024\.html: đọc lại khác tệp gốc"):
            share(out, target)
    assert read(target)["thu/annual-2024.html"] == before["thu/annual-2024.html"]
    share(out, target)
    assert read(target)["thu/annual-2024.html"] == "mới thu annual-2024".encode()
    assert not list(target.parent.rglob("*cchc-part"))


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("{out}", "nằm trong thư mục báo cáo"),
        ("{out}/chung", "nằm trong thư mục báo cáo"),
        ("file://{out}/chung", "nằm trong thư mục báo cáo"),
        ("{out}/gui.zip", "nằm trong thư mục báo cáo"),
        ("s3://kho/gui.zip", "tệp zip chỉ lập được trong một thư mục"),
        ("khong-co://kho", "không nhận ra địa chỉ"),
    ],
)
def test_wrong_targets_are_sentences(out: Path, address: str, said: str) -> None:
    with pytest.raises(CallError, match=said):
        share(out, address.format(out=out))


def test_missing_library_is_named(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "s3fs", None)
    monkeypatch.delitem(sys.modules["fsspec.registry"]._registry, "s3", raising=False)
    with pytest.raises(CallError, match=re.escape("pip install 'cchc[publish]'")):
        share(out, "s3://kho")


def test_file_that_is_no_zip_is_refused(out: Path, tmp_path: Path) -> None:
    (tmp_path / "gui.zip").write_bytes(b"precious")
    with pytest.raises(CallError, match="không phải là tệp zip"):
        share(out, tmp_path / "gui.zip")
    assert (tmp_path / "gui.zip").read_bytes() == b"precious"


def test_place_that_cannot_be_written_is_a_sentence(out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(OSError, match="file/chung"):
        share(out, tmp_path / "file/chung")

    def refuse(*_: object) -> None:
        raise PermissionError("denied")

    monkeypatch.setattr(targets.shutil, "copyfile", refuse)
    with pytest.raises(OSError, match="không có quyền"):
        share(out, tmp_path / "chung")


# S3

SERVER = """
import time
from moto.server import ThreadedMotoServer
server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
server.start()
print(server.get_host_and_port()[1], flush=True)
time.sleep(600)
"""


@pytest.fixture(scope="module")
def s3_address() -> Iterator[str]:
    """An S3 server of its own process, with an empty bucket."""
    keys = {"AWS_ACCESS_KEY_ID": "k", "AWS_SECRET_ACCESS_KEY": "s", "AWS_DEFAULT_REGION": "us-east-1"}
    with (
        subprocess.Popen(
            [sys.executable, "-c", SERVER], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, encoding="utf-8"
        ) as server,
        pytest.MonkeyPatch.context() as patch,
    ):
        assert server.stdout
        port = int(server.stdout.readline())
        for name, value in {**keys, "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}", "NO_PROXY": "127.0.0.1"}.items():
            patch.setenv(name, value)
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            fsspec.get_filesystem_class("s3").clear_instance_cache()
            server.kill()


@pytest.fixture
def bucket(s3_address: str) -> Any:
    """A file system of fsspec on that server, its bucket ``kho`` empty."""
    files = fsspec.filesystem("s3")  # the same object that the address of a target gives
    with suppress(FileNotFoundError):
        files.rm("kho", recursive=True)
    files.mkdir("kho")
    return files


def on_s3(files: Any) -> dict[str, bytes]:
    files.invalidate_cache()
    found = {path.removeprefix("kho/cchc/"): files.cat_file(path) for path in files.find("kho/cchc")}
    del found[targets.MANIFEST]
    return found


def test_s3_holds_what_a_folder_does(out: Path, tmp_path: Path, bucket: Any) -> None:
    share(out, tmp_path / "chung")
    log = Log()
    share(out, "s3://kho/cchc", log=log)
    found = on_s3(bucket)
    assert found == read(tmp_path / "chung")
    assert set(log[-5:]) == INDICES
    bucket.invalidate_cache()
    assert bucket.info("kho/cchc/index.html")["ContentType"] == "text/html"
    assert share(out, "s3://kho/cchc/").changes.copy == ()


def test_s3_changes_and_deletes_only_what_was_shared(out: Path, bucket: Any) -> None:
    share(out, "s3://kho/cchc")
    bucket.pipe_file("kho/cchc/thu/other.txt", b"mine")
    retire(out, "annual-2023")
    build(out, "thu", "annual-2024", "mới")
    log = Log()
    shared = share(out, "s3://kho/cchc", delete=True, log=log)
    indices = {"thu/index.html", "index.html"}
    assert set(log) == files_of("thu", "annual-2024", "annual-2023") | indices
    assert shared.changes.unchanged == len(EVERYTHING) - 3 - 3 - len(indices)
    found = on_s3(bucket)
    assert set(found) == EVERYTHING - files_of("thu", "annual-2023") | {"thu/other.txt"}
    check_links(found)


def test_s3_run_that_ends_halfway_goes_on(out: Path, bucket: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    put, written = bucket.put_file, []

    def fail(source: str, path: str, **options: Any) -> Any:
        if len(written) == 5 and not path.endswith(targets.MANIFEST):
            raise ConnectionError("đứt mạng")
        if not path.endswith(targets.MANIFEST):
            written.append(path.removeprefix("kho/cchc/"))
        return put(source, path, **options)

    log = Log()
    with monkeypatch.context() as patch:
        patch.setattr(bucket, "put_file", fail)
        with pytest.raises(OSError, match=r"s3://kho/cchc: thu/\S+: đứt mạng; kiểm tra .* đường truyền"):
            share(out, "s3://kho/cchc")
    share(out, "s3://kho/cchc", log=log)
    assert sorted(written + log) == sorted(EVERYTHING)


def test_s3_file_that_is_read_back_differently_is_copied_again(
    out: Path, bucket: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    put = bucket.put_file

    def damage(source: str, path: str, **options: Any) -> Any:
        done = put(source, path, **options)
        if path.endswith("thu/annual-2024.html"):
            bucket.pipe_file(path, b"damaged")
        return done

    with monkeypatch.context() as patch:
        patch.setattr(bucket, "put_file", damage)
        with pytest.raises(OSError, match=r"thu/annual-2024\.html: đọc lại khác tệp gốc"):
            share(out, "s3://kho/cchc")
    share(out, "s3://kho/cchc")
    assert on_s3(bucket)["thu/annual-2024.html"] == (out / "thu/annual-2024.html").read_bytes()


def test_bucket_that_is_not_there_is_a_sentence(out: Path, bucket: Any) -> None:
    with pytest.raises(OSError, match=r"s3://khong-co: .* nơi này chưa có; tạo .* bucket đó trước"):
        share(out, "s3://khong-co")
