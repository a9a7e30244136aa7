"""The examples of the docstrings run, after the lines of the package's own docstring; what is public has one."""

from __future__ import annotations

import doctest
import importlib
import inspect
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import cchc

ROOT = Path(__file__).parents[1]


def public() -> dict[str, Any]:
    """Return what an analyst calls: functions and classes of the package, and of its rooms those that a notebook calls.

    Other functions of the rooms serve other rooms: seats_text of award_tables, say, writes a cell of dossier's.
    """
    sources = [json.loads(path.read_text())["cells"] for path in sorted((ROOT / "notebooks").glob("*.ipynb"))]
    code = "\n".join("".join(cell["source"]) for cells in sources for cell in cells if cell["cell_type"] == "code")
    called = set(re.findall(r"\b([a-z_]+)\.([a-z_]+)\(", code))
    found: dict[str, Any] = {}
    for name in cchc.__all__:
        value = getattr(cchc, name)
        if inspect.ismodule(value):
            # all charts are called by some notebook or may be by the analyst's own: the room says which they are
            names = getattr(value, "__all__", [function for room, function in sorted(called) if room == name])
            found |= {f"{name}.{key}": getattr(value, key) for key in names if inspect.isfunction(getattr(value, key))}
        elif callable(value):
            found[name] = value
    return found


PUBLIC = public()


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """Run the lines that the examples go on from; give the names that they define."""
    known: dict[str, Any] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CCHC_RAW", str(ROOT / "data" / "raw"))
        patch.setenv("CCHC_PROCESSED", str(tmp_path_factory.mktemp("processed")))
        test = doctest.DocTestParser().get_doctest(cchc.__doc__ or "", known, "cchc", None, None)
        run(test)
        yield test.globs


def run(test: doctest.DocTest) -> None:
    report: list[str] = []
    result = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE).run(
        test, out=report.append, clear_globs=False
    )
    assert result.attempted > 0, f"{test.name} has no example"
    assert result.failed == 0, "".join(report)


@pytest.mark.slow
@pytest.mark.parametrize("name", PUBLIC)
def test_examples_give_what_they_say(name: str, names: dict[str, Any]) -> None:
    value = inspect.unwrap(PUBLIC[name])
    room = importlib.import_module(value.__module__)
    finder = doctest.DocTestFinder(recurse=False, exclude_empty=False)
    (test,) = finder.find(value, name, module=room, globs=names)
    run(test)


def test_what_an_analyst_calls_is_looked_at() -> None:
    assert {"Dataset", "rank_year", "charts.bump", "tables.summary", "workbook.save", "load"} <= set(PUBLIC)
    assert not {"award_tables.seats_text", "award_prose.page_marks"} & set(PUBLIC)
