"""Damaged workbooks and CSV files: no number comes out that is not in its cell (more: benchmarks/fuzz.py)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import bases
import fuzz
import mutations
import pytest
import trial

from cchc import reading
from cchc.dataset import Dataset

pytestmark = pytest.mark.fuzz
CASES = 160


def test_damaged_files() -> None:
    found = {number: verdict for number, verdict, _ in fuzz.try_cases(2, range(CASES), jobs=2)}
    assert sorted(found) == list(range(CASES))
    assert {number: verdict.found for number, verdict in found.items() if verdict.found} == {}
    assert {verdict.outcome for verdict in found.values()} >= {"clean", "warnings", "errors"}


@pytest.mark.parametrize("name", bases.bases())
def test_what_is_damaged_is_valid(tmp_path: Path, name: str) -> None:
    base = bases.bases()[name]
    with trial.Memory() as memory:
        verdict = trial.try_case(mutations.Case(name, dict(base.files), base.target), tmp_path / "thu", memory)
    is_fixture = name in ("xls", "ods")  # made with an error cell, a percentage and hidden parts
    assert (verdict.found, is_fixture or verdict.outcome in ("clean", "warnings")) == ([], True)


def test_a_case_is_made_again() -> None:
    assert all(mutations.make_case(3, number) == mutations.make_case(3, number) for number in range(32))


@pytest.fixture(params=["wide", "form", "units", "long", "long-utf-16"])
def case(request: pytest.FixtureRequest) -> mutations.Case:
    base = bases.bases()[request.param]
    return mutations.Case(request.param, dict(base.files), base.target)


def tried(case: mutations.Case, folder: Path, spoil: object, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    read = reading.read_dataset
    monkeypatch.setattr(reading, "read_dataset", lambda path: spoil(read(path)))  # type: ignore[operator]
    with trial.Memory() as memory:
        return iter(trial.try_case(case, folder, memory).found)


def test_another_number_is_found(case: mutations.Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def spoil(data: Dataset) -> Dataset:
        scores = data.scores.copy()
        scores.loc[0, "appraised_units"] += 1
        return replace(data, scores=scores)

    (found,) = tried(case, tmp_path / "thu", spoil, monkeypatch)
    assert "and its cell" in found


def test_a_lost_number_is_found(case: mutations.Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def spoil(data: Dataset) -> Dataset:
        scores = data.scores.copy()
        scores.loc[0, "self_units"] = None
        return replace(data, scores=scores, cells=data.cells.iloc[1:])

    assert data_has_self_first(case, tmp_path)
    (found,) = tried(case, tmp_path / "thu", spoil, monkeypatch)
    assert found.startswith("lost in silence")


def data_has_self_first(case: mutations.Case, folder: Path) -> bool:
    for name, content in case.files.items():
        (folder / "first" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "first" / name).write_bytes(content)
    data = reading.read_dataset(folder / "first")
    row, cell = data.scores.iloc[0], data.cells.iloc[0]
    return bool((row["unit_id"], row["code"], "self") == (cell["unit_id"], cell["code"], cell["field"]))


@pytest.mark.parametrize("column", ["unit_id", "code"])
def test_points_under_another_head_are_found(
    case: mutations.Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, column: str
) -> None:
    def spoil(data: Dataset) -> Dataset:
        frames = {name: getattr(data, name).copy() for name in ("scores", "cells")}
        for frame in frames.values():
            one, other = frame[column].cat.categories[:2]
            frame[column] = frame[column].map({one: other, other: one}).fillna(frame[column])
        return replace(data, **frames)

    assert list(tried(case, tmp_path / "thu", spoil, monkeypatch))


def test_a_crash_and_a_hang_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(data: Dataset) -> Dataset:
        raise ZeroDivisionError

    base = bases.bases()["long"]
    case = mutations.Case("long", dict(base.files), base.target)
    (found,) = tried(case, tmp_path / "thu", crash, monkeypatch)
    assert "ZeroDivisionError" in found
    monkeypatch.setattr(fuzz, "LIMIT", 0.0)
    ((number, verdict, _),) = fuzz.try_cases(2, [5], jobs=1)
    assert (number, verdict.found) == (5, ["no end after 0 s"])
