"""What is called before the fork: all that a page calls, so that no page pays for a first use."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from cchc import charts, tables, workbook
from cchc.reports.warming import warm


def test_every_chart_is_drawn_and_a_workbook_written(monkeypatch: pytest.MonkeyPatch) -> None:
    given: set[str] = set()

    def counted(name: str, original: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            result = original(*arguments, **named)
            if result is not None:
                given.add(name)
            return result

        return call

    for name in charts.__all__:
        monkeypatch.setattr(charts, name, counted(name, getattr(charts, name)))
    for name in ("summary", "year_ranking", "stage_ranking", "components"):
        monkeypatch.setattr(tables, name, counted(name, getattr(tables, name)))
    written = []
    save = workbook.save
    monkeypatch.setattr(workbook, "save", lambda *given, **named: written.append(save(*given, **named)))
    warm()
    assert given == {*charts.__all__, "summary", "year_ranking", "stage_ranking", "components"}
    assert len(written) == 1
