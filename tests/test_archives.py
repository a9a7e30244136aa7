"""Archives: the same bytes for the same content, and nothing written outside the folder they are unpacked into."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from cchc.archives import pack, unpack_inputs
from cchc.digests import sha256_of


def test_the_same_content_is_the_same_bytes(tmp_path: Path) -> None:
    pack(tmp_path / "1.zip", {"b": b"1", "a": b"2"})
    pack(tmp_path / "2.zip", {"a": b"2", "b": b"1"})
    assert (tmp_path / "1.zip").read_bytes() == (tmp_path / "2.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "1.zip") as content:
        assert [(item.filename, item.date_time[0]) for item in content.infolist()] == [("a", 1980), ("b", 1980)]


def test_only_inputs_are_unpacked(tmp_path: Path) -> None:
    pack(tmp_path / "a.zip", {"inputs/scores/2024.csv": b"1", "pages/x.html": b"2", "versions.json": b"3"})
    unpack_inputs(tmp_path / "a.zip", sha256_of(tmp_path / "a.zip"), tmp_path / "to")
    assert [path.name for path in (tmp_path / "to").rglob("*") if path.is_file()] == ["2024.csv"]


@pytest.mark.parametrize(
    "name", ["inputs/../../out.txt", "inputs/a/../../../out.txt", "inputs/..\\..\\out.txt", "inputs/C:/out.txt"]
)
def test_a_name_that_leads_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as content:
        content.writestr("inputs/good.csv", b"1")
        content.writestr(name, b"2")
    with pytest.raises(ValueError, match="đường dẫn"):
        unpack_inputs(tmp_path / "a.zip", sha256_of(tmp_path / "a.zip"), tmp_path / "to")
    assert [path.name for path in tmp_path.rglob("*")] == ["a.zip"]


def test_an_absolute_name_stays_inside(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as content:
        content.writestr(f"inputs/{tmp_path}/out.txt", b"2")
    unpack_inputs(tmp_path / "a.zip", sha256_of(tmp_path / "a.zip"), tmp_path / "to")
    assert not (tmp_path / "out.txt").exists()
    assert len(list((tmp_path / "to").rglob("out.txt"))) == 1


def test_another_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(b"no zip")
    with pytest.raises(ValueError, match="mã băm"):
        unpack_inputs(tmp_path / "a.zip", "0" * 64, tmp_path / "to")
    with pytest.raises(ValueError, match="zip"):
        unpack_inputs(tmp_path / "a.zip", sha256_of(tmp_path / "a.zip"), tmp_path / "to")
