"""data/processed: read back as it was, believed only while it matches, rewritten only when something changed."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import cchc
from cchc import processed
from cchc.dataset import COLUMNS
from cchc.locale import translator
from cchc.problems import InputError
from cchc.ranking import rank_year
from cchc.reading import read_dataset
from cchc.stage import rank_stage
from tests.conftest import MakeScheme
from tests.inputs import FILES

HAND = Path(__file__).parent / "hand"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The hand-computed scheme under a data folder of its own."""
    monkeypatch.delenv("CCHC_RAW", raising=False)
    monkeypatch.delenv("CCHC_PROCESSED", raising=False)
    target = tmp_path / "data" / "raw" / "hand"
    shutil.copytree(HAND, target)
    monkeypatch.chdir(tmp_path)
    return target


def test_read_back_as_it_was_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Table by table, dtype by dtype, exact shares and weights too; the second time without reading a raw file."""
    fresh = read_dataset(folder)
    cchc.load(folder)
    monkeypatch.setattr("cchc.reading.read_dataset", lambda path: pytest.fail("read the raw files again"))
    again = cchc.load("hand")
    for name in COLUMNS:
        pd.testing.assert_frame_equal(getattr(again, name), getattr(fresh, name), check_categorical=False)
    assert (again.scheme, again.point_decimals, again.problems) == (fresh.scheme, fresh.point_decimals, fresh.problems)
    for table in (lambda data: rank_year(data, 2022), lambda data: rank_stage(data, 2021, 2023)):
        pd.testing.assert_frame_equal(table(again), table(fresh))


def test_manifest(folder: Path) -> None:
    assert processed.manifest(folder) is None
    cchc.load(folder)
    found = processed.manifest(folder)
    assert found is not None
    assert (found["years"], found["published_years"], found["broken_years"]) == ([2021, 2022, 2023], [2021, 2023], [])
    assert {"scheme.toml", "units.csv", "scores/2021.csv", "published/2023.csv"} <= set(found["raw"])
    assert "README.md" not in found["raw"]
    assert {"2021/so", "2021/huyen", "2023/so"} <= set(found["slices"])


@pytest.mark.parametrize(
    "name", ["scheme.toml", "units.csv", "lineage.csv", "rubric.csv", "scores/2022.csv", "published/2021.csv"]
)
def test_any_changed_raw_file_is_noticed(folder: Path, name: str) -> None:
    cchc.load(folder)
    (folder / name).write_bytes((folder / name).read_bytes() + b"\n")
    assert processed.manifest(folder) is None


def test_new_and_lost_raw_files_are_noticed(folder: Path) -> None:
    cchc.load(folder)
    (folder / "scores" / "2024.csv").write_text("unit,code,appraised\nnoi-vu,1.1,17\n")
    assert processed.manifest(folder) is None
    cchc.load(folder)
    assert processed.manifest(folder) is not None
    (folder / "scores" / "2024.csv").unlink()
    assert processed.manifest(folder) is None


def test_changed_score_is_loaded(folder: Path) -> None:
    cchc.load(folder)
    file = folder / "scores" / "2022.csv"
    file.write_text(file.read_text().replace("do-thi,1.1,,18.25", "do-thi,1.1,,18.35"))
    assert rank_year(cchc.load(folder), 2022)["index_score"].iloc[0] == 90.35


def test_slices_change_only_where_the_data_did(folder: Path) -> None:
    cchc.load(folder)
    before = (processed.manifest(folder) or {})["slices"]
    file = folder / "scores" / "2022.csv"
    file.write_text(file.read_text().replace("huyen-a,1,,27", "huyen-a,1,,26"))
    cchc.load(folder)
    after = (processed.manifest(folder) or {})["slices"]
    assert [name for name in before if before[name] != after[name]] == ["2022/huyen"]


def test_written_only_when_it_changes(folder: Path) -> None:
    cchc.load(folder)
    target = processed.processed_folder() / "hand"
    assert target == folder.parents[1] / "processed" / "hand"
    for path in target.iterdir():
        os.utime(path, (1, 1))
    cchc.load(folder)
    assert {path.stat().st_mtime for path in target.iterdir()} == {1}

    file = folder / "scores" / "2022.csv"
    file.write_text(file.read_text().replace("huyen-a,1,,27", "huyen-a,1,,26"))
    cchc.load(folder)
    rewritten = {path.name for path in target.iterdir() if path.stat().st_mtime != 1}
    assert {"manifest.json", "scores.parquet", "scores.csv", "rankings.csv"} <= rewritten
    assert not {"units.parquet", "units.csv", "rubric.parquet", "published.csv"} & rewritten


@pytest.mark.slow
def test_lost_and_torn_tables_are_made_again(folder: Path) -> None:
    cchc.load(folder)
    target = processed.processed_folder() / "hand"
    (target / "scores.parquet").unlink()
    assert processed.manifest(folder) is None
    cchc.load(folder)
    assert (target / "scores.parquet").is_file()
    (target / "manifest.json").write_text('{"raw": {')
    assert processed.manifest(folder) is None
    cchc.load(folder)
    assert json.loads((target / "manifest.json").read_text())["years"] == [2021, 2022, 2023]


def test_tables_are_exact_and_tidy(folder: Path) -> None:
    cchc.load(folder)
    target = processed.processed_folder() / "hand"
    ranked = pd.read_csv(target / "rankings.csv", keep_default_na=False)
    row = ranked.query("year == 2021 and unit_id == 'noi-vu'").iloc[0]
    assert (row["index_score"], row["index_exact"], row["rank"]) == ("84.6", "423/5", "3")
    assert (target / "rankings.csv").read_bytes().startswith(b"\xef\xbb\xbf")  # Excel reads UTF-8 only with it
    for name in ("indices", "component_indices", "stage_rankings", "scores"):
        assert len(pd.read_parquet(target / f"{name}.parquet")) > 0


def test_folders_by_environment(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    assert processed.raw_folder() == folder.parent  # the nearest data/raw upwards
    elsewhere = tmp_path / "elsewhere"
    monkeypatch.setenv("CCHC_RAW", str(folder.parent))
    monkeypatch.setenv("CCHC_PROCESSED", str(elsewhere))
    monkeypatch.chdir("/")
    cchc.load("hand")
    assert (elsewhere / "hand" / "manifest.json").is_file()


def test_unknown_scheme_names_the_known_ones(folder: Path) -> None:
    with pytest.raises(InputError, match="hand"):
        cchc.load("khong-co")


def test_broken_year_stops_only_what_uses_it(folder: Path) -> None:
    """2022 in error: neither it nor 2023, which compares with it, nor the stage is ranked; 2021 is."""
    with (folder / "scores" / "2022.csv").open("a") as file:
        file.write("do-thi,9.9,,1,,,,,\n")
    data = cchc.load(folder)
    found = processed.manifest(folder)
    assert found is not None
    assert (found["years"], found["broken_years"]) == ([2021, 2023], [2022])
    assert data.problems[0].years == (2022,)
    assert len(rank_year(data, 2021)) == 8
    for year in (2022, 2023):
        with pytest.raises(InputError):
            rank_year(data, year)
    with pytest.raises(InputError):
        rank_stage(data, 2021, 2023)
    again = cchc.load(folder)
    assert again.problems == data.problems


def test_what_a_killed_run_left_is_taken_away(folder: Path) -> None:
    target = processed.processed_folder() / "hand"
    target.mkdir(parents=True)
    (target / ".scores.parquet.part").write_bytes(b"half")
    cchc.load(folder)
    assert [path.name for path in target.iterdir() if path.name.startswith(".")] == []


@pytest.mark.slow
def test_tables_of_two_runs_are_never_mixed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another run rewrites the tables while they are read: they are made from the raw files then."""
    cchc.load(folder)
    read = processed._read

    def overtaken(*arguments: Any) -> Any:
        (processed.processed_folder() / "hand" / processed.MANIFEST).unlink()
        return replace(read(*arguments), scores=pd.DataFrame())

    monkeypatch.setattr(processed, "_read", overtaken)
    assert len(cchc.load(folder).scores) > 0


def test_cells_are_read_late_and_only_those_of_the_tables_that_were_loaded(folder: Path, tmp_path: Path) -> None:
    fresh, read, late = (cchc.load(folder) for _ in range(3))
    pd.testing.assert_frame_equal(read.cells, fresh.cells, check_categorical=False)
    path = tmp_path / "data/processed/hand/cells.parquet"
    path.write_bytes(path.read_bytes() + b" ")
    assert len(read.cells) == len(fresh.cells)
    with pytest.raises(RuntimeError, match=r"cells\.parquet"):
        _ = late.cells


def test_manifest_names_units_in_both_languages(make_scheme: MakeScheme, monkeypatch: pytest.MonkeyPatch) -> None:
    units = "unit_id,name_vi,name_en,group\na,Sở A,Department A,so\nb,Sở B,,so\n"
    files = {**FILES, "units.csv": units, "scores/2024.csv": "unit,code,appraised\na,1.1,3\nb,1.1,3\n"}
    files = {name: text for name, text in files.items() if name not in ("lineage.csv", "published/2024.csv")}
    folder = make_scheme(files)
    monkeypatch.setenv("CCHC_PROCESSED", str(folder.parent / "processed"))
    processed.load(folder)
    found = processed.manifest(folder)
    assert found is not None
    named = {unit: (item["name"], item["name_en"]) for unit, item in found["units"]["2024"].items()}
    assert named == {"a": ("Sở A", "Department A"), "b": ("Sở B", "Sở B")}


def test_problems_can_still_be_translated_when_they_are_read_back(
    make_scheme: MakeScheme, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = make_scheme({**FILES, "published/2024.toml": "edition = 1\n"})
    monkeypatch.setenv("CCHC_PROCESSED", str(folder.parent / "processed"))
    english = translator("en")
    fresh, again = ([problem.what(english) for problem in processed.load(folder).problems] for _ in range(2))
    assert again == fresh
    assert "The record of the edition cannot be read: decision is missing or wrong." in again
