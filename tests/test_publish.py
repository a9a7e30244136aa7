"""How finished pages get to their place."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from cchc.reports import publish
from cchc.reports.child import Failure, Limits
from cchc.reports.plan import Job

JOB = Job(
    scheme="thu",
    page="annual-2024",
    per="year",
    title="Xếp hạng năm 2024",
    lang="vi",
    notebook=Path("annual.ipynb"),
    parameters={"scheme": "thu", "year": 2024, "lang": "vi"},
    years=(2023, 2024),
    parts={"notebook": "n"},
    limits=Limits(),
)
SCORECARD = replace(
    JOB, page="units/so-y-te-2024", per="unit", title="Sở Y tế: kết quả năm 2024", unit="Sở Y tế", group="Sở, ngành"
)
INPUTS = {"scheme.toml": "0", "scores/2022.csv": "1", "scores/2024.csv": "2", "published/2023.csv": "3"}


def _publish(tmp_path: Path, text: str = "trang", job: Job = JOB) -> Path:
    """Publish a set and return its scheme's folder."""
    staged = publish.staging_folder(tmp_path, job.scheme) / job.page
    staged.mkdir(parents=True, exist_ok=True)
    (staged / job.page).parent.mkdir(exist_ok=True)
    (staged / f"{job.page}.html").write_text(text, "utf-8")
    (staged / f"{job.page}.xlsx").write_bytes(b"workbook")
    publish.publish(job, staged, tmp_path / job.scheme, INPUTS, "c0ffee")
    return tmp_path / job.scheme


def test_set_is_moved_and_whole(tmp_path: Path) -> None:
    folder = _publish(tmp_path)
    manifest = publish.read_manifest(folder, JOB.page)
    assert manifest is not None
    assert publish.is_whole(folder, manifest)
    assert manifest["key"] == JOB.key
    assert manifest["commit"] == "c0ffee"
    assert (manifest["unit"], manifest["group"]) == ("", "")
    assert manifest["parameters"] == dict(JOB.parameters)
    assert sorted(path.name for path in folder.iterdir()) == [
        "annual-2024.html",
        "annual-2024.json",
        "annual-2024.xlsx",
    ]
    assert not list((tmp_path / ".staging/thu/annual-2024").iterdir())


def test_manifest_names_the_files_of_the_years_used(tmp_path: Path) -> None:
    manifest = publish.read_manifest(_publish(tmp_path), JOB.page)
    assert manifest is not None
    assert manifest["inputs"] == {"scheme.toml": "0", "scores/2024.csv": "2", "published/2023.csv": "3"}


@pytest.mark.parametrize(
    ("parameters", "per", "used"),
    [
        ({"year": 2024}, "year", ["2021-2025", "2024"]),
        ({"first": 2021, "last": 2025}, "stage", ["2021-2025", "2023", "2024"]),
        ({"first": 2016, "last": 2020}, "stage", []),
    ],
)
def test_an_award_page_rests_on_the_nominations_of_all_periods_with_its_years(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, parameters: dict[str, int], per: str, used: list[str]
) -> None:
    monkeypatch.setitem(INPUTS, "nominations/2015.csv", "4")
    for period in ("2021-2025", "2023", "2024"):
        monkeypatch.setitem(INPUTS, f"nominations/{period}.csv", "5")
    job = replace(JOB, page="awards", per=per, parameters={"scheme": "thu", **parameters, "lang": "vi"})
    for data, expected in ((("awards",), used), (("year",), [])):
        manifest = publish.read_manifest(_publish(tmp_path, job=replace(job, data=data)), job.page)
        assert manifest is not None
        found = [name for name in manifest["inputs"] if name.startswith("nominations")]
        assert sorted(found) == [f"nominations/{period}.csv" for period in expected]


@pytest.mark.parametrize("suffix", [".html", ".xlsx"])
def test_changed_or_missing_file_is_no_whole_set(tmp_path: Path, suffix: str) -> None:
    folder = _publish(tmp_path)
    manifest = publish.read_manifest(folder, JOB.page)
    path = folder / f"{JOB.page}{suffix}"
    path.write_bytes(path.read_bytes() + b" ")
    assert not publish.is_whole(folder, manifest)
    path.unlink()
    assert not publish.is_whole(folder, manifest)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"page": "another"}'])
def test_torn_manifest_is_none(tmp_path: Path, text: str) -> None:
    folder = _publish(tmp_path)
    (folder / "annual-2024.json").write_text(text, "utf-8")
    assert publish.read_manifest(folder, JOB.page) is None
    assert not publish.is_whole(folder, None)


def test_same_bytes_are_not_rewritten(tmp_path: Path) -> None:
    folder = _publish(tmp_path)
    before = {path.name: path.stat().st_ino for path in folder.iterdir()}
    _publish(tmp_path)
    assert {path.name: path.stat().st_ino for path in folder.iterdir()} == before
    _publish(tmp_path, "trang mới")
    after = {path.name: path.stat().st_ino for path in folder.iterdir()}
    assert {name for name in after if after[name] != before[name]} == {"annual-2024.html", "annual-2024.json"}


def test_held_workbook_keeps_the_whole_old_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = _publish(tmp_path)
    (folder / "annual-2024.xlsx").write_bytes(b"old")
    page = (folder / "annual-2024.html").read_bytes()
    tries = []

    def refuse(self: Path, target: Path) -> Path:
        tries.append(target.name)
        raise PermissionError(target)

    monkeypatch.setattr(Path, "replace", refuse)
    monkeypatch.setattr(publish.time, "sleep", lambda seconds: None)
    with pytest.raises(PermissionError):
        _publish(tmp_path, "trang mới")
    assert tries == ["annual-2024.xlsx"] * (publish.RETRIES + 1)
    assert (folder / "annual-2024.html").read_bytes() == page


def test_interrupted_between_files_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = _publish(tmp_path)
    monkeypatch.setattr(publish, "write", lambda path, text, staging: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        _publish(tmp_path, "trang mới")
    assert not publish.is_whole(folder, publish.read_manifest(folder, JOB.page))


def test_failure_page_says_cell_traceback_parameters_and_command(tmp_path: Path) -> None:
    folder = _publish(tmp_path)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    failure = Failure("cell", "ZeroDivisionError: division by zero", 3, "1 / 0", "Traceback <line>")
    publish.write_failure(JOB, failure, folder, tmp_path / ".staging/thu")
    text = (folder / "annual-2024.failure.html").read_text("utf-8")
    for part in (
        "Ô số 3 của annual.ipynb",
        "1 / 0",
        "Traceback &lt;line&gt;",
        "2024",
        JOB.command,
        "Một ô của notebook",
    ):
        assert part in text
    assert {name: (folder / name).read_bytes() for name in before} == before


def test_published_set_takes_its_failure_page_away(tmp_path: Path) -> None:
    folder = tmp_path / "thu"
    publish.write_failure(JOB, Failure("timeout", "900 s"), folder, tmp_path / ".staging/thu")
    assert (folder / "annual-2024.failure.html").exists()
    _publish(tmp_path)
    assert not (folder / "annual-2024.failure.html").exists()


def test_retire_moves_only_sets_no_longer_planned(tmp_path: Path) -> None:
    folder = _publish(tmp_path)
    (folder / "check.html").write_text("kept", "utf-8")
    (folder / "annual-1999.failure.html").write_text("old", "utf-8")
    assert publish.retire(folder, ["annual-2024"], "vi") == ["annual-1999"]
    assert publish.retire(folder, [], "vi") == ["annual-2024"]
    assert [path.name for path in folder.iterdir() if path.is_file()] == ["check.html"]
    assert sorted(path.name for path in (folder / ".old").iterdir()) == [
        "annual-1999.failure.html", "annual-2024.html", "annual-2024.json", "annual-2024.xlsx",
    ]  # fmt: skip


def test_retire_moves_the_files_of_a_page_whose_manifest_is_damaged(tmp_path: Path) -> None:
    folder = _publish(tmp_path)
    (folder / "annual-2024.json").write_text("{", "utf-8")
    for name in ("annual-2024.docx", "annual-2024.failure.html", "annual-2024.en.html", "annual-20240.xlsx"):
        (folder / name).write_text("x", "utf-8")
    assert publish.retire(folder, [], "vi") == ["annual-2024"]
    assert sorted(path.name for path in folder.iterdir() if path.is_file()) == [
        "annual-2024.en.html", "annual-20240.xlsx",
    ]  # fmt: skip


def test_page_in_a_subfolder(tmp_path: Path) -> None:
    _publish(tmp_path)
    folder = _publish(tmp_path, job=SCORECARD)
    assert publish.pages_in(folder, "vi") == ["annual-2024", "units/so-y-te-2024"]
    found = publish.read_manifest(folder, SCORECARD.page)
    assert found is not None
    assert publish.is_whole(folder, found)
    assert (found["unit"], found["group"]) == ("Sở Y tế", "Sở, ngành")
    failure = Failure("timeout", "900 s")
    publish.write_failure(SCORECARD, failure, folder, tmp_path / ".staging/thu")
    assert (folder / "units/so-y-te-2024.failure.html").exists()
    assert publish.retire(folder, ["annual-2024"], "vi") == ["units/so-y-te-2024"]
    assert [path.name for path in (folder / "units").iterdir()] == []
    assert (folder / ".old/units/so-y-te-2024.failure.html").exists()
    assert publish.pages_in(folder, "vi") == ["annual-2024"], "what was retired is no page"
    assert publish.retire(folder, ["annual-2024"], "vi") == []
