"""A wrong unit, group, year, stage, component or award is answered with what may be meant, everywhere."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import cchc
from cchc.names import nearest
from cchc.problems import InputError
from cchc.reading import read_dataset
from tests.test_examples import PUBLIC

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
    "code": "1.11",
    "field": "appraisd",
}
"""An unknown value of each parameter that names something."""
MEANT = {
    **dict.fromkeys(("unit", "unit_id", "other_id"), "so-noi-vu"),
    **dict.fromkeys(("year", "years"), "2024"),
    **dict.fromkeys(("first", "stage", "stages"), "2021-2025"),
    "group": "so-nganh",
    "code": "1.1",
    "field": "appraised",
}
"""What the answer must name."""
LABELLED = ("parts_tables.", "content_tables.", "robustness_words.", "workbook.", "dossier.", "award_")
ELSEWHERE = {
    ("content_profile", "first"): "the first year of a stage, which needs no figures; asked below",
    ("initiatives_of", "years"): "a year without initiatives is an empty list of them",
}
"""Parameters of which a wrong value is no error here, and why."""
PAGES = {"title", "method", "provenance", "since_announced", "award_section", "summary", "recognised", "not_counted"}
"""What writes a page's words of a period whose figures it was given: `rank_year` has refused an unknown one by then."""


@pytest.fixture(scope="module")
def names() -> dict[str, Any]:
    """Return good values of the parameters, most of them by the names of the package's docstring."""
    data = read_dataset(Path(__file__).parents[1] / "data" / "raw" / "soc-trang")
    ranking, components = cchc.rank_year(data, 2024), cchc.score_components(data, [2024])
    history = cchc.unit_history(cchc.unit_data(data, "so-noi-vu", 2024), "so-noi-vu")
    profile = cchc.component_profile(data, components, "so-noi-vu")
    indices, rules = cchc.component_indices(data, 2024), cchc.compare_rules(data, 2021, 2025)
    rng = np.random.default_rng(1)
    return {
        "data": data, "supposed": data, "ranking": ranking, "components": components, "history": history,
        "profile": profile, "values": cchc.stage_values(data, 2021, 2025), "rng": rng,
        "intervals": cchc.rank_intervals(data, 2021, 2025, rng=rng, n_draws=50),
        "ranges": cchc.weight_ranges(data, 2024, rng=rng, n_draws=50), "shifts": cchc.rank_shifts(data, 2024),
        "leaders": cchc.leaders_by_rule(rules), "agreement": cchc.rule_agreement(rules),
        "weights": cchc.component_weight(indices), "correlations": cchc.component_correlations(indices),
        "gaps": cchc.self_bias(cchc.self_gaps(data, 2024), "code"), "by": "code", "top": 3,
        "unit": "so-noi-vu", "unit_id": "so-noi-vu", "other_id": "so-tai-chinh", "group": "so-nganh", "year": 2024,
        "first": 2021, "last": 2025, "code": "1.1", "field": "appraised", "value": 1,
    }  # fmt: skip


def asked() -> Iterator[tuple[str, str]]:
    """Yield each parameter of what an analyst calls that names something of the data."""
    for label, function in PUBLIC.items():
        if inspect.isfunction(function) and label.rpartition(".")[2] not in PAGES:
            for key in inspect.signature(function).parameters:
                # of a table of a unit its name is a label
                if key in WRONG and (label, key) not in ELSEWHERE and not label.startswith(LABELLED):
                    yield label, key


@pytest.mark.parametrize(("label", "key"), list(asked()))
def test_what_is_unknown_is_answered_with_what_may_be_meant(label: str, key: str, names: dict[str, Any]) -> None:
    function = PUBLIC[label]
    parameters = inspect.signature(function).parameters.values()
    given = {item.name: names[item.name] for item in parameters if item.default is item.empty and item.name != key}
    with pytest.raises((LookupError, ValueError, InputError)) as caught:
        function(**given, **{key: WRONG[key]})
    assert type(caught.value) in (LookupError, ValueError, InputError)
    text = str(caught.value)
    assert any(f"{mark}: " in text for mark in ("đang có", "gần nhất", "Cho phép", "đã công bố", "các năm có điểm"))
    assert MEANT[key] in text


def test_a_name_is_answered_with_the_id() -> None:
    data = read_dataset(Path(__file__).parents[1] / "data" / "raw" / "soc-trang")
    with pytest.raises(LookupError, match=r"gần nhất: so-y-te \(Sở Y tế\)"):
        cchc.lost_criteria(data, "Sở Y Tế", 2024)
    with pytest.raises(LookupError, match="gần nhất: bang-khen-tap-the"):
        data.scheme.award("bang-khen-tapthe")
    with pytest.raises(ValueError, match="first = 2025 phải là năm 2024 hoặc trước đó"):
        cchc.content_profile(data, "so-y-te", 2024, first=2025)


def test_where_nothing_is_alike_what_there_is_is_listed() -> None:
    assert nearest("zzz", ["a", "b"]) == "đang có: a, b"
    assert nearest("zzz", map(str, range(20))) == "đang có: 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, …"
    assert nearest("zzz", []) == "đang có: —"
    assert nearest("so-nganhh", {"so-nganh": "Sở ngành", "su-nghiep": "Sự nghiệp"}) == "gần nhất: Sở ngành"
