"""Runs that are killed, or denied a file or a disk: the next run puts all in order (more: benchmarks/faults.py)."""

from __future__ import annotations

from pathlib import Path

import aftermath
import faults
import pytest

pytestmark = pytest.mark.faults


@pytest.fixture(scope="module")
def states(tmp_path_factory: pytest.TempPathFactory) -> aftermath.States:
    return aftermath.prepare(tmp_path_factory.mktemp("faults"))


def _names(needs_mount: bool) -> list[str]:
    return [name for name, scenario in faults.SHORT.items() if scenario.needs_mount == needs_mount]


@pytest.mark.parametrize("name", _names(needs_mount=False))
def test_next_run_puts_all_in_order(states: aftermath.States, name: str) -> None:
    assert aftermath.try_fault(states, faults.SHORT[name]) == []


@pytest.mark.may_skip  # CI may be without the right to mount
@pytest.mark.parametrize("name", _names(needs_mount=True))
def test_next_run_puts_disk_in_order(states: aftermath.States, name: str) -> None:
    if not aftermath.can_mount():
        pytest.skip("needs root, for a disk of its own")
    assert aftermath.try_fault(states, faults.SHORT[name]) == []


def test_damage_is_found(states: aftermath.States) -> None:
    def spoil(case: aftermath.Case) -> None:
        path = Path(case.out, aftermath.SCHEME, f"{faults.PAGE}.html")
        path.write_bytes(path.read_bytes()[:-100])

    found = aftermath.try_fault(states, aftermath.Scenario("damage", "a torn page", spoil))
    assert [text for text in found if "neither the old nor the new" in text]
