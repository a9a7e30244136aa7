"""A wrong unit, group, year, stage, component, award or language is answered with what may be meant, everywhere."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import cchc
from cchc.dataset import Dataset
from cchc.reading import read_dataset

WRONG = {
    "unit": "so-noi-vuu",
    "unit_id": "so-noi-vuu",
    "other_id": "so-noi-vuu",
    "group": "so-nganhh",
    "year": 2042,
    "years": [2042],
    "first": 2042,
    "stage": (2042, 2043),
    "stages": [(2042, 2043)],
    "period": "2042",
    "code": "1.99",
    "field": "appraisd",
    "lang": "xx",
}
"""An unknown value of each parameter that names something."""
OWN = {
    ("content_profile", "first"): "the first year of a stage, of which figures are not needed",
    ("drill", "code"): "asked below, as a code beside a good unit",
}
"""Parameters that a wrong value is no error of, and why."""


@pytest.fixture(scope="module")
def data() -> Dataset:
    return read_dataset(Path(__file__).parents[1] / "data" / "raw" / "soc-trang")


@pytest.fixture(scope="module")
def good(data: Dataset) -> dict[str, Any]:
    """Return a good value of each parameter, by its name."""
    ranking, components = cchc.rank_year(data, 2024), cchc.score_components(data, [2024])
    return {
        "data": data,
        "ranking": ranking,
        "components": components,
        "component_indices": cchc.component_indices(data, 2024),
        "unit": "so-noi-vu",
        "unit_id": "so-noi-vu",
        "other_id": "so-tai-chinh",
        "group": "so-nganh",
        "year": 2024,
        "first": 2021,
        "last": 2025,
        "code": "1.1",
        "field": "appraised",
        "value": 1,
        "supposed": data,
        "rng": np.random.default_rng(1),
        "gaps": cchc.self_gaps(data, 2024),
    }


def exported() -> Iterator[tuple[str, Callable[..., Any], str]]:
    """Yield each parameter of an exported function that names something, `cchc.charts.dot_plot` too."""
    for name in cchc.__all__:
        value = getattr(cchc, name)
        found = [(name, value)]
        if inspect.ismodule(value):
            found = [(f"{name}.{key}", item) for key, item in vars(value).items() if is_of(value, key, item)]
        for label, function in found:
            if inspect.isfunction(function):
                yield from ((label, function, key) for key in inspect.signature(function).parameters if key in WRONG)


def is_of(room: Any, name: str, value: object) -> bool:
    public = getattr(room, "__all__", None)
    return name in public if public else not name.startswith("_") and getattr(value, "__module__", "") == room.__name__
