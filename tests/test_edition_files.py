"""Names and records of editions: exactly these are read, anything else is reported."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from cchc.edition_files import Record, check_decision, edition_name, find_editions, read_record, write_record
from cchc.problems import Problem

RECORD = Record(2, "12/QĐ-UBND", dt.date(2025, 1, 20), "a" * 64, "b" * 64)


def found(folder: Path, *names: str) -> tuple[list[tuple[str, int, bool, bool]], list[str], list[tuple[str, str]]]:
    problems: list[Problem] = []
    for name in names:
        (folder / name).write_text("", "utf-8")
    editions, others = find_editions(sorted(folder.iterdir()), problems)
    listed = [(item.period, item.edition, bool(item.record), bool(item.archive)) for item in editions]
    return listed, [path.name for path in others], [(item.code, item.file) for item in problems]


def test_a_typed_table_and_its_editions(tmp_path: Path) -> None:
    names = ("2024.csv", "2024.2.csv", "2024.2.toml", "2024.2.zip", "2021-2025.csv", "2021-2025.toml", "2021-2025.zip")
    assert found(tmp_path, *names) == (
        [("2021-2025", 1, True, True), ("2024", 1, False, False), ("2024", 2, True, True)], [], []
    )  # fmt: skip


@pytest.mark.parametrize(
    "name", ["2024.1.csv", "2024.02.csv", "2024.v2.csv", "24.csv", "2024.csv.zip", "2024.CSV", "2024-25.csv"]
)
def test_other_names_are_none(tmp_path: Path, name: str) -> None:
    assert found(tmp_path, name) == ([], [name], [])


@pytest.mark.parametrize(
    ("names", "unfinished"),
    [
        (("2024.zip",), ["2024.zip"]),  # killed after the archive
        (("2024.zip", "2024.toml"), ["2024.zip", "2024.toml"]),  # and after the record: the table makes the edition
        (("2024.csv", "2024.zip"), ["2024.zip"]),  # a typed table that was being recorded
        (("2024.csv", "2024.2.zip", "2024.2.toml"), ["2024.2.zip", "2024.2.toml"]),
        (("2024.csv", "2024.2.csv"), ["2024.2.csv"]),  # only the first table may have been typed
    ],
)
def test_what_was_interrupted_is_no_edition(tmp_path: Path, names: tuple[str, ...], unfinished: list[str]) -> None:
    editions, others, problems = found(tmp_path, *names)
    assert editions == [("2024", 1, False, False)] * ("2024.csv" in names)
    assert others == []
    assert sorted(problems) == sorted(("edition-unfinished", f"published/{name}") for name in unfinished)


def test_a_lost_edition_is_named(tmp_path: Path) -> None:
    editions, _, problems = found(tmp_path, "2024.csv", "2024.3.csv", "2024.3.toml")
    assert [edition for _, edition, *_ in editions] == [1, 3]
    assert problems == [("edition-missing", "published/2024.2.csv")]


@pytest.mark.parametrize("decision", ["12/QĐ-UBND", '=HYPERLINK("http://x")', "<b>&\\'", '"""', "# a = 1"])
def test_a_record_reads_back_as_it_was(decision: str) -> None:
    record = Record(2, decision, dt.date(2025, 1, 20), "a" * 64, "b" * 64)
    assert read_record(write_record(record)) == record


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("edition = 2", ""), ("edition = 2", "edition = '2'"), ("2025-01-20", "'2025-01-20'"), ("a" * 64, "a" * 63),
        ("12/QĐ-UBND", ""), ("12/QĐ-UBND", "x\\n"), ("edition = 2", "edition = 2\nnote = 1"), ("edition", "[edition"),
    ],
)  # fmt: skip
def test_a_record_that_was_touched_is_refused(old: str, new: str) -> None:
    text = write_record(RECORD)
    assert old in text
    with pytest.raises(ValueError, match=r"."):
        read_record(text.replace(old, new, 1))


def test_decisions() -> None:
    assert check_decision("12/QĐ-UBND") == ""
    assert all(map(check_decision, ["", "  ", "x" * 201, "a\nb", "a\x1b[31m"]))
    assert edition_name("2024", 1, ".csv") == "2024.csv"
    assert edition_name("2021-2025", 12, ".zip") == "2021-2025.12.zip"
