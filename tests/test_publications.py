"""Editions read: the latest counts, a touched one stops its period only, an older one never stops anything."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from pathlib import Path

import pytest

from cchc.dataset import Dataset
from cchc.edition_files import Record, edition_name, write_record
from cchc.ranking import rank_year
from cchc.reading import read_dataset
from cchc.stage import rank_stage
from tests.small import as_lines, lines, small_dataset

STAGE = '[[stages]]\nfirst = 2023\nlast = 2024\nlineage = "inherit"\n'
SCORES = {2023: {"a": {"1": "80"}, "b": {"1": "70"}}, 2024: {"a": {"1": "90"}, "b": {"1": "85"}}}


def edition(folder: Path, period: str, number: int, table: str, **changes: str) -> None:
    """Write the files of an edition as `cchc freeze` does; `changes` touch them afterwards."""
    published = folder / "thu/published"
    published.mkdir(exist_ok=True, parents=True)
    paths = {suffix: published / edition_name(period, number, suffix) for suffix in (".csv", ".zip", ".toml")}
    paths[".csv"].write_text(table, "utf-8")
    paths[".zip"].write_bytes(b"zip")
    hashes = [hashlib.sha256(paths[suffix].read_bytes()).hexdigest() for suffix in (".csv", ".zip")]
    paths[".toml"].write_text(write_record(Record(number, f"{number}/QĐ", dt.date(2025, 1, number), *hashes)), "utf-8")
    for suffix, text in changes.items():
        paths[f".{suffix}"].write_text(text, "utf-8")


def dataset(folder: Path, rewritten: Mapping[str, str] = {}) -> Dataset:
    small_dataset(folder, SCORES, tables=STAGE, rewritten=rewritten)
    return read_dataset(folder / "thu")


def again(folder: Path) -> tuple[Dataset, list[tuple[str, str, bool]]]:
    data = read_dataset(folder / "thu")
    return data, [(item.code, item.file, item.is_error) for item in data.problems]


def test_the_latest_edition_is_official(tmp_path: Path) -> None:
    dataset(tmp_path)
    edition(tmp_path, "2024", 1, "unit,index_score,rank\na,90.00,1\nb,85.00,2\n")
    edition(tmp_path, "2024", 2, "unit,index_score,rank\na,84.00,2\nb,85.00,1\n")
    data, problems = again(tmp_path)
    assert problems == []
    assert as_lines(rank_year(data, 2024), ["unit_id", "rank", "index_score"]) == ["b 1 85", "a 2 84"]
    first, second = data.editions_of("2024")
    assert (second.number, second.decision, second.date) == (2, "2/QĐ", dt.date(2025, 1, 2))
    assert list(data.figures_of(first)["rank"]) == [1, 2]
    assert len(data.published) == 2


def test_a_typed_table_stays_the_first_edition(tmp_path: Path) -> None:
    data = dataset(tmp_path, {"published/2024.csv": "unit,rank\na,2\nb,1\n"})
    assert [(item.number, item.decision, item.date) for item in data.editions_of("2024")] == [(1, "", None)]
    assert as_lines(rank_year(data, 2024), ["unit_id", "rank"]) == ["b 1", "a 2"]


@pytest.mark.parametrize(
    ("changes", "code", "file", "is_error"),
    [
        ({"csv": "unit,rank\na,1\nb,1\n"}, "edition-changed", "published/2024.csv", True),
        ({"zip": "other"}, "edition-archive", "published/2024.zip", False),
        ({"toml": "edition = 1\n"}, "edition-record", "published/2024.toml", True),
    ],
)
def test_a_touched_edition_stops_its_year_only(
    tmp_path: Path, changes: dict[str, str], code: str, file: str, is_error: bool
) -> None:
    dataset(tmp_path)
    edition(tmp_path, "2024", 1, "unit,rank\na,1\nb,2\n", **changes)
    data, problems = again(tmp_path)
    assert problems == [(code, file, is_error)]
    assert data.broken_years == ([2024] if is_error else [])
    # with a second edition no figure comes from the first: what is wrong with it is only said
    edition(tmp_path, "2024", 2, "unit,rank\na,1\nb,2\n")
    data, problems = again(tmp_path)
    assert problems == [(code, file, False)]
    assert data.broken_years == []


def test_a_lost_archive_is_a_warning(tmp_path: Path) -> None:
    dataset(tmp_path)
    edition(tmp_path, "2024", 1, "unit,rank\na,1\nb,2\n")
    (tmp_path / "thu/published/2024.zip").unlink()
    assert again(tmp_path)[1] == [("edition-archive", "published/2024.zip", False)]


def test_an_announced_stage_is_official(tmp_path: Path) -> None:
    dataset(tmp_path)
    computed = rank_stage(read_dataset(tmp_path / "thu"), 2023, 2024)
    columns = ["unit_id", "rank", "n_ranked", "index_score", "is_published", "has_difference", "reason"]
    assert as_lines(computed, columns) == ["a 1 2 85 . . -", "b 2 2 77.5 . . -"]
    edition(tmp_path, "2023-2024", 1, "unit,index_score,rank\nb,86,1\na,85,2\n")
    data, problems = again(tmp_path)
    assert problems == []
    assert as_lines(rank_stage(data, 2023, 2024), columns) == ["b 1 2 86 x x -", "a 2 2 85 x x -"]


def test_an_announced_stage_by_index_and_a_unit_that_it_leaves_out(tmp_path: Path) -> None:
    data = dataset(tmp_path, {"published/2023-2024.csv": "unit,index_score\nb,86\n"})
    columns = ["unit_id", "rank", "n_ranked", "index_score", "reason"]
    assert as_lines(rank_stage(data, 2023, 2024), columns) == ["b 1 1 86 -", "a - 1 85 not_announced"]


def test_an_error_in_a_stages_table_stops_that_stage_only(tmp_path: Path) -> None:
    dataset(tmp_path)
    edition(tmp_path, "2023-2024", 1, "unit,rank\na,1\nb,2\nkhong-co,3\n")
    data, problems = again(tmp_path)
    assert problems == [("unknown-unit", "published/2023-2024.csv", True)]
    assert (data.broken_years, data.broken_stages) == ([], ["2023-2024"])
    assert as_lines(rank_year(data, 2024), ["unit_id", "rank"]) == ["a 1", "b 2"]
    with pytest.raises(Exception, match="khong-co"):
        rank_stage(data, 2023, 2024)


def test_a_stage_that_is_not_in_the_settings_is_not_read(tmp_path: Path) -> None:
    data = dataset(tmp_path, {"published/2021-2025.csv": "unit,rank\na,1\n"})
    assert [(item.code, item.details["allowed"]) for item in data.problems] == [
        ("file-unused", "published/2023-2024.csv")
    ]
    assert data.editions.empty


def test_a_name_that_a_new_unit_took_over_is_the_new_units(tmp_path: Path) -> None:
    units = "unit_id,group,valid_from,valid_to,name_vi\na,g,,2023-12-31,Sở A\na-2,g,2024-01-01,,Sở A\nb,g,,,Sở B\n"
    small_dataset(
        tmp_path,
        {2023: {"a": {"1": "80"}, "b": {"1": "70"}}, 2024: {"a-2": {"1": "90"}, "b": {"1": "85"}}},
        units="a,g,,\nb,g,,\na-2,g,,",
        lineage="a,a-2,2024-01-01,merge,",
        tables=STAGE,
        rewritten={"units.csv": units, "published/2023-2024.csv": "unit,rank\nSở A,2\nSở B,1\n"},
    )
    data = read_dataset(tmp_path / "thu")
    assert as_lines(data.announced, ["unit_id", "rank"]) == lines("""
    a-2 2
    b 1
    """)
