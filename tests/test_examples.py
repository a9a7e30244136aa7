"""The examples of the docstrings run: on the bundled soc-trang, loaded once as `data`."""

from __future__ import annotations

import doctest
import importlib
import inspect
from pathlib import Path

import pytest

import cchc
from cchc.dataset import Dataset
from cchc.reading import read_dataset

NAMED = [name for name in cchc.__all__ if inspect.isfunction(getattr(cchc, name))]
WITH_EXAMPLES = [name for name in NAMED if ">>>" in (getattr(cchc, name).__doc__ or "")]


@pytest.fixture(scope="module")
def soc_trang() -> Dataset:
    return read_dataset(Path(__file__).parents[1] / "data" / "raw" / "soc-trang")


@pytest.mark.parametrize("name", WITH_EXAMPLES)
def test_examples_give_what_they_say(name: str, soc_trang: Dataset) -> None:
    function = getattr(cchc, name)
    names = {"cchc": cchc, "data": soc_trang}
    room = importlib.import_module(function.__module__)
    (test,) = doctest.DocTestFinder(recurse=False).find(function, name, module=room, globs=names)
    report: list[str] = []
    result = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE).run(test, out=report.append)
    assert result.attempted > 0
    assert result.failed == 0, "".join(report)


def test_the_first_calls_of_an_analyst_have_examples() -> None:
    first = {"rank_year", "rank_stage", "verify", "drill", "with_score", "with_maximum"}
    assert first <= set(WITH_EXAMPLES)
    assert len(WITH_EXAMPLES) >= 17
